"""Scales graded on measurements alone: laboratory values at each moment, and counts of days in a window."""

from collections.abc import Iterator, Mapping

from cytovigil.engine.record import Record
from cytovigil.engine.segments import segments
from cytovigil.engine.track import Track
from cytovigil.engine.verdicts import Facts, Verdict, flags_of, range_of, sets_of, to_chart
from cytovigil.logic.facts import Fact
from cytovigil.logic.scale import CumulativeCourse, Scale

NOT_OBSERVED = "not_observed"


def measured(record: Record, scale: Scale, tracks: Mapping[str, Track[Fact]], end: int) -> Iterator[Verdict]:
    """Verdicts of a scale that grades each moment by its newest measurements; none while no row of theirs is valid."""
    for segment in segments(tracks, record.start, end, set()):
        yield _judge(record, scale, segment.start, segment.end, segment.facts)


def cumulative(record: Record, scale: Scale, tracks: Mapping[str, Track[Fact]], end: int) -> Iterator[Verdict]:
    """Verdicts of a scale that counts days in a window, from its opening; the last, without duration, is at the end.

    That last one stands only where the patient is no longer followed: nothing more can come then.
    """
    course = scale.course
    assert isinstance(course, CumulativeCourse)
    opens, closes = record.day_after(course.first_day), record.day_after(course.last_day + 1)
    opens = max(opens, record.start)
    if opens >= end:
        return
    for segment in segments(tracks, opens, end, {closes}):
        verdict = _judge(record, scale, segment.start, segment.end, segment.facts)
        yield verdict._replace(provisional=course.provisional and segment.start < closes)
    if end == record.followed_until:
        facts = {name: track.at(end) for name, track in tracks.items()}
        yield _judge(record, scale, end, end, facts)


def _judge(record: Record, scale: Scale, start: int, end: int, facts: Facts) -> Verdict:
    flags = flags_of(facts) | record.patient.flags
    if not any(fact.because for fact in facts.values()):
        missing = frozenset().union(*(fact.missing for fact in facts.values()))
        return Verdict(start, end, None, None, missing, flags | {NOT_OBSERVED})
    sets = sets_of(facts)
    low, high = range_of(scale, sets)
    missing = to_chart(scale, facts, sets) if low < high else frozenset()
    return Verdict(start, end, low, high, missing, flags)
