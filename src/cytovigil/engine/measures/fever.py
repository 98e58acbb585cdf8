"""Fever (semantics 3)."""

from bisect import bisect_right
from typing import NamedTuple

from cytovigil.engine.measures.attribution import confirms, covering, spans
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import signals

SIGN, SIGNAL = "fever", "temperature"
NO, EITHER = frozenset({False}), frozenset({True, False})


class Judged(NamedTuple):
    """A reading, and whether a person attributed it to another cause."""

    row: Event
    other_cause: bool


def fever(record: Record, field: Field) -> Track[Fact]:
    """True for 24 h after a counted reading of 38.0 or more; else false while the latest reading is valid."""
    del field
    return _track(record, record.once(judged_readings))


def judged_readings(record: Record) -> list[Judged]:
    """The readings since the infusion, by time."""
    charted = [Judged(row, False) for row in record.rows(SIGNAL) if row.time >= record.start]
    if SIGN not in record.attributions:
        return charted
    held = spans(record, SIGN, _track(record, charted), False)
    causes = [(row, covering(held, row.time)) for row, _ in charted]
    return [Judged(row, cause is not None and not confirms(cause)) for row, cause in causes]


def _feverish(record: Record, reading: Judged) -> frozenset[bool]:
    row, other_cause = reading
    if other_cause:
        return NO
    limit = round(record.settings.fever_cel / float(signals()[SIGNAL].step))
    assert row.low is not None and row.high is not None
    return frozenset({row.low >= limit, row.high >= limit})


def _track(record: Record, readings: list[Judged]) -> Track[Fact]:
    judged = [(one.row, _feverish(record, one)) for one in readings]
    window = int(record.settings.fever_window_h * HOUR)
    times = [row.time for row, _ in judged]

    def at(t: int) -> Fact:
        upto = bisect_right(times, t)
        recent = judged[bisect_right(times, t - window) : upto]
        certain = [row for row, truth in recent if truth == {True}]
        if certain:
            return Fact(frozenset({True}), because=(max(certain, key=lambda row: (row.low or 0, row.time)),))
        possible = [row for row, truth in recent if True in truth]
        if possible:
            return Fact(EITHER, missing=frozenset({SIGNAL}), because=(possible[-1],))
        if upto and t < holds_until(judged[upto - 1][0]):
            return Fact(NO, because=(judged[upto - 1][0],))
        return Fact(EITHER, missing=frozenset({SIGNAL}))

    edges = [edge for row, _ in judged for edge in (row.time, row.time + window, holds_until(row))]
    return facts(record, edges, at)
