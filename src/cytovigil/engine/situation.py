"""A patient at one moment, for guidance: grades now and at each treatment, doses in this episode, what has changed.

Only what was known at the moment counts. A fact that is not known is all that is possible, with the signals that would
settle it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from cytovigil.engine.episodes import find_episodes
from cytovigil.engine.measured import measured_at
from cytovigil.engine.measures import MEASURES
from cytovigil.engine.measures.circulation import EITHER, NO, YES
from cytovigil.engine.measures.drugs import treating
from cytovigil.engine.momentary import MOMENTARY
from cytovigil.engine.momentary import score_band as band_of
from cytovigil.engine.record import Record
from cytovigil.engine.reference import fact_tracks, grade_scale
from cytovigil.engine.treated import (
    WORST,
    doses_in_episode,
    doses_within,
    ends,
    no_better,
    not_charted,
    steroid,
    worse,
)
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.logic.scale import EpisodicCourse, MeasuredCourse, MomentCourse, Scale
from cytovigil.logic.score import PointScore, Score
from cytovigil.model.events import Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR, day_of
from cytovigil.model.vocabulary import signals


class Dose(NamedTuple):
    """A treating dose; `certain` is false where it may be below the low dose."""

    row: Event
    end: int
    certain: bool


class Situation:
    """One infusion at one moment, in seconds UTC. `scales` and `scores` are those that fields may name, by id."""

    def __init__(
        self, patient: Patient, events: Iterable[Event], settings: Settings, scales: Mapping[str, Scale],
        scores: Mapping[str, Score], at: int, following: int | None = None, read: Record | None = None,
    ) -> None:  # fmt: skip
        """`following` is the next infusion. What was not known at the moment is left out.

        `read` is a fine record of the same infusion and events: facts made of it are kept where all was known.
        """
        whole = list(events)
        known = [event for event in whole if event.known_at <= at]
        # An as-of time itself is no longer graded: the second after it keeps the moment inside.
        if read is not None and len(known) == len(whole):
            self.record = read.cut(at + 1, lambda of, made: _kept(of, made, at))
        else:
            self.record = Record(patient, known, settings, as_of=at + 1, fine=True, following=following)
        self.at, self.scales, self.scores = at, scales, scores

    @property
    def day(self) -> date:
        """The calendar day of the moment at the site."""
        return day_of(self.at, self.record.settings.zone)

    def fact(self, field: Field) -> Fact:
        """What is known of a field at the moment."""
        if field.measure in SITUATION:
            return SITUATION[field.measure](self, field)
        record = self.record if field.attributed else self.record.once(Record.as_charted)
        if field.measure in MOMENTARY:
            return MOMENTARY[field.measure](record, self.at, field)
        return record.once(MEASURES[field.measure], field).at(self.at)

    def verdicts(self, scale: str) -> list[Verdict]:
        """The verdicts of a scale until the moment."""
        return self.record.once(grade_scale, self.scales[scale])

    def verdict(self, scale: str, t: int) -> Verdict:
        """The verdict that holds at t, from the infusion to the moment."""
        known = self.scales[scale]
        if isinstance(known.course, MeasuredCourse) and t == self.at and not self.record.has_attributions():
            return self.record.once(_measured_now, known, t)
        return next(one for one in reversed(self.verdicts(scale)) if one.start <= t)

    def episode(self, scale: str) -> int | None:
        """Since when the episode lasts that has not ended at the moment; None where there is none."""
        if isinstance(self.scales[scale].course, EpisodicCourse):
            return self.verdict(scale, self.at).onset
        found = find_episodes(self.record, self.scales[scale], self.verdicts(scale))
        return found[-1].onset if found and found[-1].ongoing else None

    def since(self, scale: str) -> int | None:
        """From when treatments belong to the episode that lasts."""
        onset = self.episode(scale)
        return None if onset is None else onset - int(self.record.settings.treated_before_onset_h * HOUR)

    @cached_property
    def doses(self) -> Sequence[Dose]:
        """Treating doses until the moment, by time."""
        given = (Dose(one.row, one.end, one.certain) for one in treating(self.record))
        return [one for one in given if one.row.time <= self.at]

    def doses_in(self, scale: str, drugs: Sequence[str]) -> list[Dose]:
        """Doses of drugs, or of classes, that were given in the episode that lasts."""
        since = self.since(scale)
        if since is None:
            return []
        return [one for one in self.doses if one.end >= since and not _names(one.row).isdisjoint(drugs)]


def _kept(of: tuple[Any, ...], made: Any, at: int) -> Any:
    """What stays of what was made of a record, where the record ends just after `at`: facts; verdicts until then."""
    if of[0] is grade_scale:
        if not made or made[-1].end <= at or not isinstance(of[1].course, EpisodicCourse | MomentCourse):
            return None
        *found, last = [one for one in made if one.start <= at]
        return [*found, last._replace(end=at + 1)]
    return None if isinstance(made, Record) else made


def _measured_now(record: Record, scale: Scale, t: int) -> Verdict:
    """The verdict of a scale without history, where nobody attributed a sign: an attribution has a history."""
    return measured_at(record, scale, t, fact_tracks(record.only_at(t), scale))


def _names(row: Event) -> frozenset[str]:
    return frozenset({row.signal, signals()[row.signal].drug_class})


def grade(situation: Situation, field: Field) -> Fact:
    """The grade by the scale of the field's detail; all grades where none can be given."""
    verdict, scale = situation.verdict(field.detail, situation.at), situation.scales[field.detail]
    if verdict.low is None:
        return Fact(field.unknown, verdict.flags, verdict.missing or frozenset({scale.course.recorded}))
    low, high = ends(verdict)
    return Fact(frozenset(range(low, high + 1)), verdict.flags, verdict.missing if low < high else NO_FLAGS)


def onset(situation: Situation, field: Field) -> Fact:
    """Whether the episode began, or may have begun, less than some hours after the infusion; at that hour it is late.

    The field's values are late, and early.
    """
    scale, hours = field.detail
    limit = situation.record.start + hours * HOUR
    late, soon = field.domain
    began = situation.episode(scale)
    possible = {situation.at, _in_doubt_since(situation, scale)} if began is None else {began}
    values = frozenset(soon if one < limit else late for one in possible)
    return Fact(values, missing=situation.verdict(scale, situation.at).missing if len(values) > 1 else NO_FLAGS)


def _in_doubt_since(situation: Situation, scale: str) -> int:
    """Since when, without a break, a grade of 1 or more has been possible."""
    since = situation.at
    for verdict in reversed(situation.verdicts(scale)):
        if verdict.high == 0:
            break
        since = verdict.start
    return since


def fever_days(situation: Situation, field: Field) -> Fact:
    """Whether fever has lasted for less than, exactly, or more than the hours of the field's detail."""
    track = situation.record.once(MEASURES["fever"], field)
    lasted = {"surely": 0, "perhaps": 0}
    until = situation.at + 1
    spans = [(start, fact) for start, fact in zip(track.times, track.values, strict=True) if start < until]
    for name, wanted in (("surely", lambda values: values == YES), ("perhaps", lambda values: True in values)):
        for start, fact in reversed(spans):
            if not wanted(fact.values):
                break
            lasted[name] = situation.at - max(start, situation.record.start)
    classes = [_class(lasted[name], field.detail * HOUR) for name in ("surely", "perhaps")]
    values = frozenset(range(classes[0], classes[1] + 1))
    return Fact(values, missing=frozenset(field.signals) if len(values) > 1 else NO_FLAGS)


def _class(seconds: int, limit: int) -> int:
    return (seconds >= limit) + (seconds > limit)


def product(situation: Situation, field: Field) -> Fact:
    """The product infused."""
    name = situation.record.patient.product
    return Fact(frozenset({name})) if name else Fact(field.unknown, missing=frozenset({"product"}))


def meets(situation: Situation, field: Field) -> Fact:
    """Whether the grade by a scale is at least that of the field's detail; either where none can be given.

    The field's own signals are asked for first: without them the others of the scale decide nothing.
    """
    scale, least = field.detail
    found = grade(situation, replace(field, domain=tuple(range(WORST + 1)), detail=scale))
    values = frozenset(value >= least for value in found.values)
    missing = found.missing.intersection(field.signals) or found.missing
    return Fact(values, found.flags, missing if len(values) > 1 else NO_FLAGS)


def has_been(situation: Situation, field: Field) -> Fact:
    """Whether the grade by a scale is, or was seen to be, so high since the infusion: both are the field's detail."""
    scale, least = field.detail
    verdicts = situation.verdicts(scale)
    if any(one.low is not None and one.low >= least for one in verdicts):
        return Fact(YES)
    now = situation.verdict(scale, situation.at)
    possible = [one for one in verdicts if (one is now if one.high is None else one.high >= least)]
    recorded = situation.scales[scale].course.recorded
    missing = frozenset(signal for one in possible for signal in one.missing or {recorded})
    return Fact(EITHER if possible else NO, missing=missing)


def score_band(situation: Situation, field: Field) -> Fact:
    """The published class of the score of the field's detail."""
    score = situation.scores[field.detail]
    assert isinstance(score, PointScore)  # an index has a cut-off, and no classes
    return band_of(situation.record, score, field)


SITUATION: Mapping[str, Callable[[Situation, Field], Fact]] = MappingProxyType(
    {
        "grade": grade,
        "onset": onset,
        "no_better": no_better,
        "worse": worse,
        "doses_in_episode": doses_in_episode,
        "doses_within": doses_within,
        "not_charted": not_charted,
        "steroid": steroid,
        "fever_days": fever_days,
        "meets": meets,
        "has_been": has_been,
        "score_band": score_band,
        "product": product,
    }
)
