"""Vasopressors and hypotension (semantics 3), of all patients of a block."""

import numpy as np

from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.measures.pressure import (
    DRUGS,
    answers,
    any_vasopressor,
    boluses,
    declared,
    facts_of,
    lapsed,
    pressure,
    pressures,
    row_at,
    said,
)
from cytovigil.engine.columnar.running import combinations, together
from cytovigil.engine.columnar.steps import Steps, side_by_side
from cytovigil.engine.measures.circulation import EITHER, Seen, high_dose, hypotension_seen, number_running
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact


def vasopressors(block: Block, field: Field) -> Steps:
    """How many distinct vasopressors run."""
    found, known = together(block, DRUGS), combinations(block).values
    return facts_of(block, field, found.keys, [found.codes], lambda code: number_running(dict(known[code])))


def vasopressor_high_dose(block: Block, field: Field) -> Steps:
    """As charted, else by whether a vasopressor runs."""
    charted, known, rows = declared(block, "vasopressor_high_dose"), answers(block).values, said(block)
    keys, (runs, _) = side_by_side([any_vasopressor(block), charted.steps])
    columns = [runs, charted.at(keys)[0]]
    return facts_of(block, field, keys, columns, lambda any_, row: high_dose(known[any_], row_at(rows, row, 0)))


def hypotension(block: Block, field: Field) -> Steps:
    """By vasopressor, else a clinician's declaration, else a fluid bolus, else the pressure; else unknown."""
    found = declared(block, "hypotension"), lapsed(block), boluses(block), block.once(pressure)
    keys, (runs, *_) = side_by_side([any_vasopressor(block), *(one.steps for one in found)])
    (said_, since), (lapse, since_lapsed), (bolus, given), (measured, taken) = (one.at(keys) for one in found)
    against = np.where(said_ > 0, since, since_lapsed)
    columns = [
        runs, said_, np.where(said_ > 0, 0, lapse), bolus, (given > against).astype(np.int64),
        measured, np.sign(taken - against) + 1,
    ]  # fmt: skip
    known, rows, told = answers(block).values, said(block), pressures(block)

    def fact(any_: int, said_: int, lapse: int, bolus: int, later: int, measured: int, order: int) -> Fact:
        below = told.values[measured - 1][1] if measured else EITHER
        return hypotension_seen(
            Seen(
                known[any_], row_at(rows, said_, 1), row_at(rows, lapse, 1), row_at(rows, bolus, 1 + later),
                row_at(told, measured, order), below,
            )
        )  # fmt: skip

    return facts_of(block, field, keys, columns, fact)
