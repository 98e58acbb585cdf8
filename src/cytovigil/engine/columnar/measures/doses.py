"""How often something was given, of all patients of a block."""

import numpy as np

from cytovigil.engine.columnar.arrays import packed
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.measures.kinds import coding
from cytovigil.engine.columnar.steps import Steps, beginnings, constant
from cytovigil.engine.measures.drugs import is_given
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR

NOT_GIVEN, GIVEN, FLAGGED = range(3)


def doses(block: Block, field: Field) -> Steps:
    """How many doses of the field's signals were given in a window: a place in its domain, whose last is "or more"."""
    window_s = int(getattr(block.settings, field.detail[0]) * HOUR)
    found, flagged = [np.zeros(0, np.int64)], np.zeros(block.size, np.bool_)
    for rows in (block.rows(name) for name in field.signals):
        if len(rows.time):
            says = block.kinds_of(rows, _says)
            found.append(packed(rows.patient, rows.time)[says != NOT_GIVEN])
            flagged[rows.patient[says == FLAGGED]] = True
    starts, code = np.concatenate(found), coding(block, field)
    counted = [
        code(Fact(frozenset({value}), because=(Event("", 0, ""),) if number else ()))
        for number, value in enumerate(field.domain)
    ]
    if not len(starts):
        return constant(block.size, counted[0])
    first = beginnings(block.size)
    edges = np.concatenate([first, starts, starts + window_s])
    order = np.argsort(edges, kind="stable")
    number = np.cumsum(np.repeat([0, 1, -1], [len(first), len(starts), len(starts)])[order])
    keys = edges[order]
    final = np.append(keys[1:] != keys[:-1], True)
    codes = np.array(counted, np.int64)[np.minimum(number[final], len(counted) - 1)]
    steps = Steps(keys[final], codes).compressed()
    return steps.replaced(flagged, block.by_reference(field, flagged)) if flagged.any() else steps


def _says(row: Event) -> int:
    return (FLAGGED if row.flags else GIVEN) if is_given(row) else NOT_GIVEN
