"""Fever (semantics 3)."""

from bisect import bisect_right
from typing import NamedTuple

from cytovigil.engine.measures.attribution import confirms, covering, spans
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.model.events import Event
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import signals

SIGN, SIGNAL = "fever", "temperature"
NO, YES, EITHER = frozenset({False}), frozenset({True}), frozenset({True, False})


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


def feverish(settings: Settings, row: Event) -> frozenset[bool]:
    """Whether a reading is fever, over every completion of a bound."""
    limit = round(settings.fever_cel / float(signals()[SIGNAL].step))
    assert row.low is not None and row.high is not None
    return frozenset({row.low >= limit, row.high >= limit})


def says(truth: frozenset[bool], *rows: Event) -> Fact:
    """What these rows say of fever."""
    return Fact(truth, missing=frozenset({SIGNAL}) if len(truth) > 1 else NO_FLAGS, because=rows)


def _track(record: Record, readings: list[Judged]) -> Track[Fact]:
    judged = [(one.row, NO if one.other_cause else feverish(record.settings, one.row)) for one in readings]
    window = int(record.settings.fever_window_h * HOUR)
    times = [row.time for row, _ in judged]

    def at(t: int) -> Fact:
        upto = bisect_right(times, t)
        recent = judged[bisect_right(times, t - window) : upto]
        certain = [row for row, truth in recent if truth == YES]
        if certain:
            return says(YES, max(certain, key=lambda row: (row.low or 0, row.time)))
        possible = [row for row, truth in recent if True in truth]
        if possible:
            return says(EITHER, possible[-1])
        if upto and t < holds_until(judged[upto - 1][0]):
            return says(NO, judged[upto - 1][0])
        return says(EITHER)

    edges = [edge for row, _ in judged for edge in (row.time, row.time + window, holds_until(row))]
    return facts(record, edges, at)
