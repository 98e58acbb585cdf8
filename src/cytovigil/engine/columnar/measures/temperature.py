"""Temperature as a measurement, of all patients of a block."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Tabulated
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.measures.kinds import by_kind, coding, endless, flags_of, held_codes
from cytovigil.engine.columnar.steps import Steps
from cytovigil.engine.measures.fever import SIGNAL, Judged
from cytovigil.engine.measures.laboratory import cuts_passed
from cytovigil.engine.measures.temperature import Run, fact_of, in_spell, passing
from cytovigil.logic.conditions import Field
from cytovigil.logic.laboratory import Cuts, Spell
from cytovigil.model.events import Event
from cytovigil.model.times import MINUTE

NO_READING = -1


def temperature(block: Block, field: Field) -> Steps:
    """How many cuts the newest valid reading since the infusion has passed."""
    code, detail = coding(block, field), field.detail
    rows = block.rows(SIGNAL)
    says = by_kind(block, rows.kind, (field, "says"), lambda row: code(fact_of(passing(detail, Judged(row, False)))))
    unknown = code(fact_of(Run(field.unknown, ())))
    counted = rows.time >= block.start[rows.patient]
    return held_codes(block, endless(rows), np.where(counted, says, unknown), unknown)


class Found(NamedTuple):
    """Of each reading, whether it belongs to a spell, and the places of the first and the last row that make it."""

    spell: Truths
    first: Ints
    last: Ints


def temperature_spell(block: Block, field: Field) -> Steps:
    """Whether the newest valid reading belongs to a spell: long enough, or with one reading beyond the peak."""
    code, unknown = coding(block, field), coding(block, field)(fact_of(Run(field.unknown, ())))
    rows = block.rows(SIGNAL)
    sure, maybe = (_spells(block, field, rows, end) for end in (min, max))
    places = np.arange(len(rows.time))
    first, last = (
        np.where(sure.spell, of_sure, np.where(maybe.spell, of_maybe, places))
        for of_sure, of_maybe in ((sure.first, maybe.first), (sure.last, maybe.last))
    )
    said: Tabulated = block.known.table((field, "says"), lambda: Tabulated(_saying(block, code)))
    marks = flags_of(block, rows.kind)
    found = said([sure.spell.astype(np.int64), maybe.spell.astype(np.int64), marks[first], marks[last]])
    counted = rows.time >= block.start[rows.patient]
    return held_codes(block, endless(rows), np.where(counted, found, unknown), unknown)


def _saying(block: Block, code: Callable[..., int]) -> Callable[[int, int, int, int], int]:
    flags = block.known.flags

    def says(sure: int, maybe: int, first: int, last: int) -> int:
        rows = tuple(Event("", 0, SIGNAL, flags=flags.values[one]) for one in (first, last))
        return code(fact_of(in_spell(rows[0], rows if sure else (), rows if maybe else ())))

    return says


def _spells(block: Block, field: Field, rows: Rows, end: Callable[..., int]) -> Found:
    """Where a spell is; `end`: of a bound, which counts."""
    spell: Spell = field.detail
    places = np.arange(len(rows.time))
    high = _beyond(block, field, rows, end, spell.level) & (rows.time >= block.start[rows.patient])
    follows = np.zeros(len(places), np.bool_)
    follows[1:] = high[:-1] & (rows.patient[1:] == rows.patient[:-1]) & (rows.time[1:] <= rows.until[:-1])
    first = np.maximum.accumulate(np.where(high & follows, NO_READING, places))
    long = high & (rows.time - rows.time[first] > spell.over_min * MINUTE)
    if spell.peak is None:
        return Found(long, first, places)
    beyond = high & _beyond(block, field, rows, end, spell.peak)
    peak = np.maximum.accumulate(np.where(beyond, places, NO_READING))
    peaked = high & (peak >= first)
    return Found(peaked | long, np.where(peaked, peak, first), np.where(peaked, peak, places))


def _beyond(block: Block, field: Field, rows: Rows, end: Callable[..., int], cuts: Cuts) -> Truths:
    key = field, "passed", end, cuts is field.detail.peak
    return by_kind(block, rows.kind, key, lambda row: end(cuts_passed(cuts, row))) > 0
