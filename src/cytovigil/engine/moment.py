"""The course of ICANS: each moment by itself, inside a window; under sedation the grade before it is held."""

from bisect import bisect_left
from collections.abc import Iterator

from cytovigil.engine.measures.arousal import AROUSAL_SIGNALS
from cytovigil.engine.measures.assessment import ALL_NAMES
from cytovigil.engine.record import ATTRIBUTION, Record, holds_until
from cytovigil.engine.segments import Segment, segments
from cytovigil.engine.track import Track
from cytovigil.engine.verdicts import Facts, Verdict, flags_of, range_of, sets_of, surely, to_chart
from cytovigil.logic.facts import Fact
from cytovigil.logic.scale import MomentCourse, Scale
from cytovigil.model.times import HOUR


def moment(record: Record, scale: Scale, tracks: dict[str, Track[Fact]], end: int) -> Iterator[Verdict]:
    """Verdicts of a moment scale from the infusion to `end`."""
    course = scale.course
    assert isinstance(course, MomentCourse)
    hold = _Hold(record, scale, course, tracks[course.sedation.name])
    for segment in segments(tracks, record.start, end, hold.cuts()):
        yield hold.over(segment)


class _Hold:
    """The low that is held from the first moment of a sedation until the patient is assessed without it."""

    def __init__(self, record: Record, scale: Scale, course: MomentCourse, sedation: Track[Fact]) -> None:
        self.record, self.scale, self.course = record, scale, course
        self.longest = int(record.settings.sedation_hold_h * HOUR)
        self.assessed = sorted(row.time for name in (*ALL_NAMES, *AROUSAL_SIGNALS) for row in record.rows(name))
        self.closes = record.day_after(record.settings.icans_window_days + 1)
        self.recorded = [row for row in record.rows(course.recorded) if row.word != "0"]
        self.held = 0
        self.since: int | None = None  # first moment of the sedation whose grade is held
        self.sure_until: int | None = None  # last moment at which sedation was certain
        self.last_low = 0
        self.last_graded: int | None = None  # until when
        self.was_sedated = False
        self.sedation = sedation

    def cuts(self) -> set[int]:
        """Moments besides changes of facts at which a verdict may change."""
        sedation = self.sedation
        cuts = {self.closes}
        for row in self.recorded:
            cuts |= {row.time, holds_until(row)}
        if any(True in fact.values for fact in sedation.values):
            cuts |= set(self.assessed) | {t + self.longest for t in sedation.times}
        return cuts

    def over(self, segment: Segment) -> Verdict:
        """The verdict over one segment."""
        verdict = self._judge(segment.start, segment.end, segment.facts)
        if verdict.low is not None:
            self.last_low, self.last_graded = verdict.low, segment.end
        return verdict

    def _judge(self, t: int, end: int, facts: Facts) -> Verdict:
        sedated = facts[self.course.sedation.name].values
        self._turn(t, end, sedated)
        flags = flags_of(facts) | self.record.patient.flags
        hidden = self._hidden(facts) if True in sedated else facts
        if not self._observed(t, facts):
            missing = frozenset().union(*(facts[field.name].missing for field in self.course.assessments))
            return Verdict(t, end, None, None, missing, flags | {"not_observed"})
        low, high, holding = self._range(t, sedated, facts, hidden)
        missing = to_chart(self.scale, hidden, sets_of(hidden)) if low < high else frozenset()
        if holding:
            flags |= {"held_under_sedation"}
        if t >= self.closes and high > 0 and not any(row.time <= t < holds_until(row) for row in self.recorded):
            low, flags = 0, flags | {"late"}
        return Verdict(t, end, low, high, missing, flags)

    def _range(self, t: int, sedated: frozenset[bool], facts: Facts, hidden: Facts) -> tuple[int, int, bool]:
        """The range over the patient sedated, whose low is held, and not sedated."""
        ranges, held = [], []
        for truth in sedated:
            low, high = range_of(self.scale, sets_of(hidden if truth else facts))
            least = self.held if truth or self._unassessed(t) else 0
            ranges.append((max(low, least), max(high, least)))
            held.append(least)
        return min(r[0] for r in ranges), max(r[1] for r in ranges), any(held)

    def _turn(self, t: int, end: int, sedated: frozenset[bool]) -> None:
        """Begin, keep or end the hold."""
        too_long = self.since is not None and t >= self.since + self.longest
        if too_long or (sedated == {False} and not self._unassessed(t)):
            self.held = 0
            if sedated == {False}:
                self.since, self.sure_until = None, None
        if True in sedated and (self.since is None or not self.was_sedated):
            self.since, self.held = t, max(self.held, self._last_value(t))
        self.was_sedated = True in sedated
        if sedated == {True}:
            self.sure_until = end

    def _last_value(self, t: int) -> int:
        """The last low before; after a longer gap without a grade none is held."""
        gap_s = self.record.settings.sedation_last_value_h * HOUR
        return self.last_low if self.last_graded is not None and t - self.last_graded <= gap_s else 0

    def _unassessed(self, t: int) -> bool:
        """True after certain sedation, until a row of assessment is charted without it."""
        if self.sure_until is None:
            return False
        first = bisect_left(self.assessed, self.sure_until)
        return first == len(self.assessed) or self.assessed[first] > t

    def _hidden(self, facts: Facts) -> dict[str, Fact]:
        """The facts of a sedated patient: what cannot be assessed is unknown; a sign attributed stays so."""
        found = dict(facts)
        for field in self.course.hidden:
            fact = facts[field.name]
            unused = field in self.course.assessments and not fact.because and not fact.missing
            if not unused and not any(row.signal == ATTRIBUTION for row in fact.because):
                missing = facts[self.course.sedation.name].missing | {field.signals[0]}
                found[field.name] = Fact(field.unknown, missing=missing)
        return found

    def _observed(self, t: int, facts: Facts) -> bool:
        """Also while a grade is held: it would else vanish when sedation ends and nobody has looked yet."""
        known = any(
            facts[field.name].because and facts[field.name].values != field.unknown for field in self.course.assessments
        )
        apparent = any(True in facts[field.name].values for field in (self.course.sedation, self.course.ventilation))
        held = self.held > 0 and self._unassessed(t)
        return known or apparent or held or any(surely(sign, facts) for sign in self.course.signs)
