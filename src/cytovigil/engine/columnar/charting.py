"""When signals are charted, of all patients of a block; and how far spans of time reach."""

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, packed, time_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.steps import Steps, beginnings
from cytovigil.engine.episodic import BOLUS
from cytovigil.engine.measures.drugs import is_given
from cytovigil.model.times import FOR_EVER, HOUR

Stretches = tuple[Ints, Ints]  # starts and ends, packed, by start


def reach(patients: int, patient: Ints, time: Ints, until: Ints) -> Steps:
    """Until when something that has begun lasts, at the latest: a code is a time; BEGINNING where nothing has."""
    nothing = beginnings(patients)
    keys = np.concatenate([nothing, packed(patient, time)])
    ends = np.concatenate([nothing, packed(patient, until)])
    order = np.argsort(keys, kind="stable")
    return Steps(keys[order], time_of(np.maximum.accumulate(ends[order])))


def merged(starts: Ints, ends: Ints) -> Stretches:
    """Spans that do not touch, of spans by start."""
    if not len(starts):
        return starts, ends
    longest = np.maximum.accumulate(ends)
    first = np.flatnonzero(np.append(True, starts[1:] > longest[:-1]))
    return starts[first], longest[np.append(first[1:], len(starts)) - 1]


def charting(block: Block, names: tuple[str, ...]) -> Stretches:
    """When some row of these signals holds; a fluid bolus, while it tells hypotension."""
    each = [*(block.once(_holding, name) for name in names), block.once(_boluses)]
    starts, ends = (np.concatenate(columns) for columns in zip(*each, strict=True))
    order = np.argsort(starts, kind="stable")
    return merged(starts[order], ends[order])


def given_last(rows: Rows) -> Ints:
    """When each row was given last: at its end, or where it has none at once."""
    return np.where(rows.ended, rows.until, rows.time)


def _holding(block: Block, name: str) -> Stretches:
    rows = block.rows(name)
    lapses = rows.until < FOR_EVER
    rows = rows if lapses.all() else rows.at(lapses)
    return merged(packed(rows.patient, rows.time), packed(rows.patient, rows.until))


def _boluses(block: Block) -> Stretches:
    rows = block.rows(BOLUS)
    rows = rows.at(block.kinds_of(rows, is_given) > 0)
    until = given_last(rows) + int(block.settings.fluid_bolus_h * HOUR)
    return merged(packed(rows.patient, rows.time), packed(rows.patient, until))
