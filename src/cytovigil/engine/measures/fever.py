"""Fever (semantics 3)."""

from bisect import bisect_right

from cytovigil.engine.measures.attribution import confirms, covering, spans
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import signals

SIGNAL = "temperature"


def fever(record: Record, field: Field) -> Track[Fact]:
    """True for 24 h after a counted reading of 38.0 or more; else false while the latest reading is valid."""
    charted = _track(record, field, [(row, _feverish(record, row)) for row in _readings(record)])
    held = spans(record, "fever", charted, False)
    if not held:
        return charted
    judged = []
    for row in _readings(record):
        other = covering(held, row.time)
        judged.append((row, frozenset({False}) if other and not confirms(other) else _feverish(record, row)))
    return _track(record, field, judged)


def _readings(record: Record) -> list[Event]:
    return [row for row in record.rows(SIGNAL) if row.time >= record.start]


def _feverish(record: Record, row: Event) -> frozenset[bool]:
    limit = round(record.settings.fever_cel / float(signals()[SIGNAL].step))
    assert row.low is not None and row.high is not None
    return frozenset({row.low >= limit, row.high >= limit})


def _track(record: Record, field: Field, judged: list[tuple[Event, frozenset[bool]]]) -> Track[Fact]:
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
            return Fact(frozenset({True, False}), missing=frozenset({SIGNAL}), because=(possible[-1],))
        if upto and t < holds_until(judged[upto - 1][0]):
            return Fact(frozenset({False}), because=(judged[upto - 1][0],))
        return Fact(field.unknown, missing=frozenset({SIGNAL}))

    edges = [edge for row, _ in judged for edge in (row.time, row.time + window, holds_until(row))]
    return facts(record, edges, at)
