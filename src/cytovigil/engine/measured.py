"""Scales graded on measurements alone: laboratory values at each moment, and counts of days in a window."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from cytovigil.engine.measures.counts import closes
from cytovigil.engine.record import ATTRIBUTION, Record
from cytovigil.engine.segments import segments
from cytovigil.engine.track import Track
from cytovigil.engine.verdicts import Facts, Judged, Verdict, flags_of, range_of, sets_of, to_chart
from cytovigil.logic.facts import Fact
from cytovigil.logic.scale import CumulativeCourse, Scale

NOT_OBSERVED = "not_observed"
Known = tuple[tuple[str, frozenset[Any], frozenset[str]], ...]  # of each field: name, possible values, what is missing


def measured(record: Record, scale: Scale, tracks: Mapping[str, Track[Fact]], end: int) -> Iterator[Verdict]:
    """Verdicts of a scale that grades each moment by its newest measurements; none while no row of theirs is valid."""
    measurements = record.changes(*scale.signals) if record.attributions else set()
    for segment in segments(tracks, record.start, end, measurements):
        yield _judge(record, scale, segment.start, segment.end, segment.facts)


def measured_at(record: Record, scale: Scale, t: int, tracks: Mapping[str, Track[Fact]]) -> Verdict:
    """The verdict of such a scale at one moment."""
    return _judge(record, scale, t, t, {name: track.at(t) for name, track in tracks.items()})


def cumulative(record: Record, scale: Scale, tracks: Mapping[str, Track[Fact]], end: int) -> Iterator[Verdict]:
    """Verdicts of a scale that counts days in a window, from its opening; the last, without duration, is at the end.

    That last one stands only where the patient is no longer followed: nothing more can come then.
    """
    course = scale.course
    assert isinstance(course, CumulativeCourse)
    opens, closed = (
        max(record.day_after(course.window.first_day), record.start),
        closes(record.patient, course.window, record.settings.zone),
    )
    if opens >= end:
        return
    for segment in segments(tracks, opens, end, {closed}):
        verdict = _judge(record, scale, segment.start, segment.end, segment.facts)
        yield verdict._replace(provisional=course.provisional and segment.start < closed)
    if end == record.followed_until:
        facts = {name: track.at(end) for name, track in tracks.items()}
        yield _judge(record, scale, end, end, facts)


def _judge(record: Record, scale: Scale, start: int, end: int, facts: Facts) -> Verdict:
    observed = _observed(record, scale, start, facts)
    return Verdict(start, end, *judge(scale, facts, record.patient.flags, observed))


def judge(scale: Scale, facts: Facts, patient_flags: frozenset[str], observed: bool) -> Judged:
    """Low, high, missing and flags, of facts as they stand together."""
    flags = flags_of(facts) | patient_flags
    if not observed:
        return None, None, frozenset().union(*(fact.missing for fact in facts.values())), flags | {NOT_OBSERVED}
    known = tuple((name, fact.values, fact.missing) for name, fact in facts.items())
    return *_graded(scale, known), flags


def _observed(record: Record, scale: Scale, t: int, facts: Facts) -> bool:
    """True where a row was charted that a fact rests on; what a person attributed must have been measured too."""
    rows = [row for fact in facts.values() for row in fact.because]
    if any(row.signal != ATTRIBUTION for row in rows):
        return True
    return bool(rows) and any(record.valid(signal, t) for signal in scale.signals)


@lru_cache(maxsize=16_384)
def _graded(scale: Scale, known: Known) -> tuple[int, int, frozenset[str]]:
    """The range and the signals to chart. Kept: many patients have the same facts."""
    facts = {name: Fact(values, missing=missing) for name, values, missing in known}
    sets = sets_of(facts)
    low, high = range_of(scale, sets)
    if low == high:
        return low, high, frozenset()
    return low, high, to_chart(scale, facts, sets)
