"""The course of ICANS: each moment by itself, inside a window; under sedation the grade before it is held."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from cytovigil.engine.measures.arousal import AROUSAL_SIGNALS
from cytovigil.engine.measures.assessment import ALL_NAMES
from cytovigil.engine.record import ATTRIBUTION, Record, holds_until
from cytovigil.engine.segments import segments
from cytovigil.engine.track import Track
from cytovigil.engine.verdicts import Facts, Judged, Verdict, flags_of, range_of, sets_of, surely, to_chart
from cytovigil.logic.facts import Fact
from cytovigil.logic.scale import MomentCourse, Scale
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR

# Whoever charts one of these has looked at the patient.
ASSESSING = (*ALL_NAMES, *AROUSAL_SIGNALS)


def moment(record: Record, scale: Scale, tracks: dict[str, Track[Fact]], end: int) -> Iterator[Verdict]:
    """Verdicts of a moment scale from the infusion to `end`."""
    course = scale.course
    assert isinstance(course, MomentCourse)
    sedation = tracks[course.sedation.name]
    hold = Hold(record.settings, sorted(row.time for name in ASSESSING for row in record.rows(name)))
    closes = record.day_after(record.settings.icans_window_days + 1)
    recorded = [row for row in record.rows(course.recorded) if row.word != "0"]
    cuts = {closes, *(row.time for row in recorded), *map(holds_until, recorded)}
    if any(True in fact.values for fact in sedation.values):
        cuts |= hold.cuts(sedation.times)
    for t, until, facts in segments(tracks, record.start, end, cuts):
        hold.turn(t, until, facts[course.sedation.name].values)
        late = t >= closes and not any(row.time <= t < holds_until(row) for row in recorded)
        low, high, missing, flags = judged(scale, course, facts, late, hold.held, hold.unassessed(t))
        hold.graded(low, until)
        yield Verdict(t, until, low, high, missing, flags | record.patient.flags)


class Hold:
    """The low that is held from the first moment of a sedation until the patient is assessed without it."""

    def __init__(self, settings: Settings, assessed: Sequence[int]) -> None:
        """`assessed`: when the patient was looked at, rising."""
        self._longest = longest_s(settings)
        self._gap_s = settings.sedation_last_value_h * HOUR
        self._assessed = assessed
        self.held = 0
        self._since: int | None = None  # first moment of the sedation whose grade is held
        self._sure_until: int | None = None  # last moment at which sedation was certain
        self._last_low = 0
        self._last_graded: int | None = None  # until when
        self._was_sedated = False

    @property
    def is_over(self) -> bool:
        """True where nothing is left of a sedation."""
        return self._since is None and self._sure_until is None and not self._was_sedated

    def cuts(self, changes: Sequence[int]) -> set[int]:
        """Moments at which a hold may begin or end; `changes` are those of sedation."""
        return {*self._assessed, *(t + self._longest for t in changes)}

    def turn(self, t: int, end: int, sedated: frozenset[bool]) -> None:
        """Begin, keep or end the hold, for the time from t to `end`."""
        too_long = self._since is not None and t >= self._since + self._longest
        if too_long or (sedated == {False} and not self.unassessed(t)):
            self.held = 0
            if sedated == {False}:
                self._since, self._sure_until = None, None
        if True in sedated and (self._since is None or not self._was_sedated):
            self._since, self.held = t, max(self.held, self._last_value(t))
        self._was_sedated = True in sedated
        if sedated == {True}:
            self._sure_until = end

    def graded(self, low: int | None, end: int) -> None:
        """Keep the low of a verdict, that may be held later."""
        if low is not None:
            self._last_low, self._last_graded = low, end

    def unassessed(self, t: int) -> bool:
        """True after certain sedation, until a row of assessment is charted without it."""
        if self._sure_until is None:
            return False
        first = bisect_left(self._assessed, self._sure_until)
        return first == len(self._assessed) or self._assessed[first] > t

    def _last_value(self, t: int) -> int:
        """The last low before; after a longer gap without a grade none is held."""
        return self._last_low if self._last_graded is not None and t - self._last_graded <= self._gap_s else 0


def longest_s(settings: Settings) -> int:
    """For how many seconds a grade is held at most."""
    return int(settings.sedation_hold_h * HOUR)


def judged(scale: Scale, course: MomentCourse, facts: Facts, late: bool, held: int, unassessed: bool) -> Judged:
    """Low, high, missing and flags of a moment. `late`: outside the window.

    `held` is the low before a sedation; `unassessed`: nobody has looked since.
    """
    sedated = facts[course.sedation.name].values
    flags, hidden = flags_of(facts), unassessable(course, facts) if True in sedated else facts
    # Also while a grade is held: it would else vanish when sedation ends and nobody has looked yet.
    if not observed(course, facts) and not (held > 0 and unassessed):
        return None, None, _to_assess(course, facts), flags | {"not_observed"}
    least = {truth: held if truth or unassessed else 0 for truth in sedated}
    ranges = {truth: range_of(scale, sets_of(hidden if truth else facts)) for truth in sedated}
    low = min(max(ranges[truth][0], least[truth]) for truth in sedated)
    high = max(max(ranges[truth][1], least[truth]) for truth in sedated)
    missing = to_chart(scale, hidden, sets_of(hidden)) if low < high else frozenset()
    if any(least.values()):
        flags |= {"held_under_sedation"}
    return (0, high, missing, flags | {"late"}) if late and high > 0 else (low, high, missing, flags)


def unassessable(course: MomentCourse, facts: Facts) -> dict[str, Fact]:
    """The facts of a sedated patient: what cannot be assessed is unknown; a sign attributed stays so."""
    found = dict(facts)
    for field in course.hidden:
        fact = facts[field.name]
        unused = field in course.assessments and not fact.because and not fact.missing
        if not unused and not any(row.signal == ATTRIBUTION for row in fact.because):
            missing = facts[course.sedation.name].missing | {field.signals[0]}
            found[field.name] = Fact(field.unknown, missing=missing)
    return found


def observed(course: MomentCourse, facts: Facts) -> bool:
    """True while an assessment is known, at least in part, a sign certain, or sedation or ventilation possible."""
    known = any(facts[field.name].because and facts[field.name].values != field.unknown for field in course.assessments)
    apparent = any(True in facts[field.name].values for field in (course.sedation, course.ventilation))
    return known or apparent or any(surely(sign, facts) for sign in course.signs)


def _to_assess(course: MomentCourse, facts: Facts) -> frozenset[str]:
    return frozenset().union(*(facts[field.name].missing for field in course.assessments))
