"""The course of CRS: a set of states over time. Where a fact is unknown every branch is followed (semantics 4)."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from cytovigil.engine.branches import (
    NULL_FLAG,
    Path,
    follow,
    graded,
    lasts_for,
    sign_known,
    surely_runs,
    unseen,
)  # fmt: skip
from cytovigil.engine.measures.drugs import given_last, is_given, treating
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.segments import Segment, segments
from cytovigil.engine.track import Track
from cytovigil.engine.verdicts import Facts, Verdict, flags_of, sets_of
from cytovigil.logic.facts import Fact
from cytovigil.logic.scale import EpisodicCourse, Scale
from cytovigil.model.times import FOR_EVER, HOUR

CULTURE, BOLUS = "culture", "fluid_bolus"
Branch = tuple[str, int]  # state, and when a sign last came or went


def episodic(record: Record, scale: Scale, tracks: dict[str, Track[Fact]], end: int) -> Iterator[Verdict]:
    """Verdicts of an episodic scale from the infusion to `end`."""
    course = scale.course
    assert isinstance(course, EpisodicCourse)
    walk = _Walk(record, scale, course)
    for segment in segments(tracks, record.start, end, walk.cuts()):
        yield from walk.through(segment)


class _Walk:
    """The set of branches, carried from segment to segment."""

    def __init__(self, record: Record, scale: Scale, course: EpisodicCourse) -> None:
        self.record, self.scale, self.course = record, scale, course
        self.branches: set[Branch] = {(course.states[0], record.start)}
        self.onset: int | None = None
        self.given = record.once(treating)
        self.closes = closes(record)
        days = record.settings.crs_late_days, record.settings.crs_window_days + 1
        self.late_from, self.late_until = map(record.day_after, days)
        self.recorded = [row for row in record.rows(course.recorded) if row.word != "0"]
        self.charting = charting(record, scale.signals)
        self.cultures = [row for row in record.rows(CULTURE) if row.word == "positive"]
        self.paths: dict[tuple[Any, ...], list[Path]] = {}

    def cuts(self) -> set[int]:
        """Moments besides changes of facts at which a verdict may change."""
        cuts = {self.closes} | {edge for span in self.charting for edge in span}
        for given in self.given:
            cuts |= {given.time, given.masks_until}
        for row in [*self.recorded, *self.cultures]:
            cuts |= {row.time, holds_until(row)}
        return cuts

    def through(self, segment: Segment) -> Iterator[Verdict]:
        """Verdicts of one segment, cut where a timed state expires."""
        start = segment.start
        while start < segment.end:
            self._expire(start)
            verdict = self._judge(start, segment.facts)
            end = min([segment.end, *map(self._expiry, self.branches)])
            yield verdict._replace(end=end)
            start = end

    def _expiry(self, branch: Branch) -> int:
        for rule in self.course.expiries:
            if rule.start == branch[0]:
                return branch[1] + lasts_for(rule, self.record.settings)
        return FOR_EVER

    def _expire(self, t: int) -> None:
        targets = {rule.start: rule.to for rule in self.course.expiries}
        while expired := {branch for branch in self.branches if self._expiry(branch) <= t}:
            self.branches = (self.branches - expired) | {(targets[state], entry) for state, entry in expired}
        if not self._lasts():
            self.onset = None

    def _lasts(self) -> bool:
        return any(state in self.course.lasting for state, _ in self.branches)

    def _judge(self, t: int, facts: Facts) -> Verdict:
        if self._observed(t, facts):
            paths = {branch: self._paths(branch[0], t, facts) for branch in self.branches}
            self.branches = _pruned({self._led(b, path.state, t) for b, found in paths.items() for path in found})
            every = [path for found in paths.values() for path in found]
            verdict = Verdict(t, t, *graded(self.scale, self.course, facts, every))
        else:
            self.branches = _pruned(self._unobserved(t))
            verdict = self._not_observed(t, facts)
        if self._lasts() and self.onset is None:
            self.onset = t
        flags = verdict.flags | self._moment_flags(t) | self.record.patient.flags
        states = frozenset(state for state, _ in self.branches)
        return verdict._replace(states=states, flags=flags, onset=self.onset)

    def _led(self, branch: Branch, state: str, t: int) -> Branch:
        """The branch in its new state, and when a sign last came or went."""
        active = {branch[0], state} & set(self.course.active)
        return state, t if active else branch[1]

    def _not_observed(self, t: int, facts: Facts) -> Verdict:
        flags = flags_of(facts) | {"not_observed"}
        if not self._may_begin(t) and not self._lasts():
            return Verdict(t, t, None, None, frozenset(), flags | {NULL_FLAG})
        missing = frozenset().union(*(fact.missing for fact in facts.values()))
        return Verdict(t, t, None, None, missing, flags)

    def _observed(self, t: int, facts: Facts) -> bool:
        charted = any(start <= t < end for start, end in self.charting) or surely_runs(facts)
        return charted and sign_known(self.course, facts)

    def _paths(self, state: str, t: int, facts: Facts) -> list[Path]:
        """Every completion of fever, signs and treatment, followed from one state."""
        treated = self._treating(t)
        masked, may_begin = self._masked(t), self._may_begin(t)
        sets = sets_of(facts)
        key = (state, treated, masked, may_begin, *sets.values())
        if key not in self.paths:
            moment = {"masked": masked, "may_begin": may_begin}
            self.paths[key] = list(follow(self.scale, self.course, state, sets, treated, moment))
        return self.paths[key]

    def _unobserved(self, t: int) -> set[Branch]:
        """No branch opens or reopens; an open one may stay or go. A treatment given is known all the same."""
        found = set()
        for (state, entry), treat in product(self.branches, self._treating(t)):
            found |= {(to, t if now else entry) for to, now in unseen(self.course, state, treat)}
        return found

    def _treating(self, t: int) -> frozenset[bool]:
        onset = t if self.onset is None else self.onset
        since = onset - int(self.record.settings.treated_before_onset_h * HOUR)
        found = [given for given in self.given if given.time <= t and given.end >= since]
        if any(given.certain for given in found):
            return frozenset({True})
        return frozenset({True, False}) if found else frozenset({False})

    def _masked(self, t: int) -> bool:
        return any(given.time <= t < given.masks_until for given in self.given)

    def _may_begin(self, t: int) -> bool:
        return t < self.closes or any(row.time <= t < holds_until(row) for row in self.recorded)

    def _moment_flags(self, t: int) -> frozenset[str]:
        late = self.onset is not None and self.late_from <= self.onset < self.late_until
        positive = any(row.time <= t < holds_until(row) for row in self.cultures)
        flags = {"late_onset": late, "positive_culture": positive}
        return frozenset(flag for flag, raised in flags.items() if raised)


def _pruned(branches: set[Branch]) -> set[Branch]:
    """Of branches in one state the earliest and the latest entry decide when some, and when none, is left."""
    kept = set()
    for state in {state for state, _ in branches}:
        entries = [entry for other, entry in branches if other == state]
        kept |= {(state, min(entries)), (state, max(entries))}
    return kept


def closes(record: Record) -> int:
    """When CRS can no longer begin: after day 30, or at the next anticancer therapy."""
    window = record.day_after(record.settings.crs_window_days + 1)
    therapy = record.patient.next_therapy_date
    return window if therapy is None else min(window, therapy)


def charting(record: Record, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """When some row of these signals holds, as spans that do not touch; a fluid bolus, while it tells hypotension."""
    rows = [row for name in names for row in record.rows(name) if holds_until(row) < FOR_EVER]
    bolus_s = int(record.settings.fluid_bolus_h * HOUR)
    boluses = ((row.time, given_last(row) + bolus_s) for row in record.rows(BOLUS) if is_given(row))
    held = sorted([*((row.time, holds_until(row)) for row in rows), *boluses])
    spans: list[tuple[int, int]] = []
    for start, end in held:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans
