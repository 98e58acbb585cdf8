"""What was given against low pressure, of all patients of a block: for how long, and whether it helped."""

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, patient_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.measures.pressure import (
    DRUGS,
    Stretches,
    answers,
    any_drug,
    any_vasopressor,
    declared,
    facts_of,
    possible,
    pressure,
    pressures,
    row_at,
    said,
    stretches,
)
from cytovigil.engine.columnar.steps import Steps, moments, side_by_side
from cytovigil.engine.measures.circulation import EITHER, SIGN
from cytovigil.engine.measures.drugs import Runs
from cytovigil.engine.measures.support import PAIR, in_spite, run_on, run_together
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import drugs_of


def vasopressor_long(block: Block, field: Field) -> Steps:
    """Whether vasopressors run, and have run for long."""
    needed_s, found, known = field.detail * HOUR, any_vasopressor(block), answers(block).values
    certain, perhaps = stretches(block, (Runs.YES,)), block.once(possible)
    keys = moments(found.keys, certain.start + needed_s, perhaps.start + needed_s)
    code = found.at(keys)
    runs = np.array([runs is not Runs.NO for runs, _ in known], np.bool_)[code]
    surely = np.array([runs is Runs.YES for runs, _ in known], np.bool_)[code]
    longest = perhaps.at(keys)
    open_ended = np.where(runs, perhaps.open_ended[longest], 0) if len(perhaps.start) else np.zeros_like(keys)
    columns = [code, surely & _lasted(certain, keys, needed_s), runs & _lasted(perhaps, keys, needed_s), open_ended]

    def fact(any_: int, surely: int, perhaps: int, bits: int) -> Fact:
        names = frozenset(name for place, name in enumerate(DRUGS) if bits >> place & 1)
        return run_on(known[any_], bool(surely), bool(perhaps), names)

    return facts_of(block, field, keys, [column.astype(np.int64) for column in columns], fact)


def _lasted(found: Stretches, keys: Ints, needed_s: int) -> Ints:
    """1 where the stretch that holds began so long ago."""
    if not len(found.start):
        return np.zeros_like(keys)
    return (keys >= found.start[found.at(keys)] + needed_s).astype(np.int64)


def vasopressin_added(block: Block, field: Field) -> Steps:
    """Whether vasopressin runs beside a vasopressor."""
    known = answers(block).values
    keys, columns = side_by_side([any_drug(block, drugs_of(name)) for name in PAIR])
    return facts_of(block, field, keys, columns, lambda *codes: run_together([known[code] for code in codes]))


def pressure_despite_vasopressor(block: Block, field: Field) -> Steps:
    """Low pressure, or a declared hypotension, charted while vasopressors ran."""
    runs, found, since = any_vasopressor(block), (declared(block, SIGN), block.once(pressure)), block.once(possible)
    ever = np.bincount(patient_of(since.start), minlength=block.size) > 0
    keys = moments(runs.keys, *(one.steps.keys[ever[patient_of(one.steps.keys)]] for one in found))
    known, rows, told = answers(block).values, said(block), pressures(block)
    code, ((said_, from_), (measured, taken)) = runs.at(keys), (one.at(keys) for one in found)
    began = since.start[since.at(keys)] if len(since.start) else keys
    running = np.array([runs is not Runs.NO for runs, _ in known], np.bool_)[code]
    said_, measured = (
        np.where(running & (begun > began), one, 0) for one, begun in ((said_, from_), (measured, taken))
    )
    columns = [code, said_, measured, (taken > from_).astype(np.int64)]

    def fact(any_: int, said_: int, measured: int, later: int) -> Fact:
        below = told.values[measured - 1][1] if measured else EITHER
        return in_spite(known[any_], 0, row_at(rows, said_, 1), row_at(told, measured, 1 + later), below)

    return facts_of(block, field, keys, columns, fact)
