"""Temperature as a measurement: how high the newest valid reading is, and how long readings stayed high."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import NamedTuple

from cytovigil.engine.measures.fever import SIGNAL, Judged, judged_readings
from cytovigil.engine.measures.laboratory import cuts_passed
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.logic.laboratory import Cuts, Spell
from cytovigil.model.events import Event
from cytovigil.model.times import MINUTE

MISSING = frozenset({SIGNAL})


class Run(NamedTuple):
    """What the readings up to one tell: the values possible, and the rows that say so."""

    values: frozenset[int]
    rows: tuple[Event, ...]


def fact_of(run: Run) -> Fact:
    """The same as a fact."""
    return Fact(run.values, NO_FLAGS, MISSING if len(run.values) > 1 else NO_FLAGS, run.rows)


def temperature(record: Record, field: Field) -> Track[Fact]:
    """How many cuts the newest valid reading since the infusion has passed."""
    detail: Cuts = field.detail
    readings = record.once(judged_readings)
    return _track(record, field, [passing(detail, one) for one in readings])


def passing(detail: Cuts, reading: Judged) -> Run:
    """What one reading tells of the cuts it has passed."""
    return Run(frozenset({0}) if reading.other_cause else cuts_passed(detail, reading.row), reading.row.readings)


def temperature_spell(record: Record, field: Field) -> Track[Fact]:
    """Whether the newest valid reading belongs to a spell: long enough, or with one reading beyond the peak."""
    spell: Spell = field.detail
    readings = record.once(judged_readings)
    surely, perhaps = (_spells(readings, spell, end) for end in (min, max))
    runs = [in_spell(one.row, sure, maybe) for one, sure, maybe in zip(readings, surely, perhaps, strict=True)]
    return _track(record, field, runs)


def in_spell(row: Event, sure: tuple[Event, ...], maybe: tuple[Event, ...]) -> Run:
    """What a reading tells of a spell: the rows that make one for sure, and perhaps."""
    return Run(frozenset({bool(sure), bool(maybe)}), sure or maybe or (row,))


def _spells(readings: list[Judged], spell: Spell, end: Callable[[Iterable[int]], int]) -> list[tuple[Event, ...]]:
    """For each reading the rows that make its spell; none where there is no spell. `end`: of a bound, which counts."""
    found: list[tuple[Event, ...]] = []
    run: list[Event] = []
    peak: Event | None = None
    for row, other_cause in readings:
        if run and row.time > holds_until(run[-1]):
            run, peak = [], None
        if other_cause or not end(cuts_passed(spell.level, row)):
            run, peak = [], None
        else:
            run = [*run[:1], row]
            peak = row if spell.peak and end(cuts_passed(spell.peak, row)) else peak
        long = bool(run) and row.time - run[0].time > spell.over_min * MINUTE
        found.append((peak,) if peak else tuple(run) if long else ())
    return found


def _track(record: Record, field: Field, runs: list[Run]) -> Track[Fact]:
    """Each reading's run until the next reading, or until it is no longer valid; then unknown."""
    newest = [one.row for one in record.once(judged_readings)]
    times = [row.time for row in newest]

    def at(t: int) -> Fact:
        place = bisect_right(times, t) - 1
        if place < 0 or t >= holds_until(newest[place]):
            return fact_of(Run(field.unknown, ()))
        return fact_of(runs[place])

    return facts(record, (edge for row in newest for edge in (row.time, holds_until(row))), at)
