"""A patient at one moment, for guidance: grades now and at each treatment, doses in this episode, what has changed.

Only what was known at the moment counts. A fact that is not known is all that is possible, with the signals that would
settle it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from cytovigil.engine.episodes import find_episodes
from cytovigil.engine.measures import MEASURES
from cytovigil.engine.measures.circulation import EITHER, NO, YES, any_vasopressor, as_said, newest_pressure
from cytovigil.engine.measures.drugs import Runs, is_given, treating
from cytovigil.engine.record import Record, is_systemic
from cytovigil.engine.reference import grade_scale
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.logic.scale import EpisodicCourse, Scale
from cytovigil.model.events import Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY, HOUR, day_of
from cytovigil.model.vocabulary import signals

WORST = 4  # grade 5 is death
STEROIDS = "corticosteroid"


class Dose(NamedTuple):
    """A treating dose; `certain` is false where it may be below the low dose."""

    row: Event
    end: int
    certain: bool


class Situation:
    """One infusion at one moment, in seconds UTC. `scales` are those that fields may name, by id."""

    def __init__(
        self, patient: Patient, events: Iterable[Event], settings: Settings, scales: Mapping[str, Scale], at: int,
        following: int | None = None,
    ) -> None:  # fmt: skip
        """`following` is the next infusion. What was not known at the moment is left out."""
        known = [event for event in events if event.known_at <= at]
        # An as-of time itself is no longer graded: the second after it keeps the moment inside.
        self.record = Record(patient, known, settings, as_of=at + 1, fine=True, following=following)
        self.at, self.scales = at, scales

    @property
    def day(self) -> date:
        """The calendar day of the moment at the site."""
        return day_of(self.at, self.record.settings.zone)

    def fact(self, field: Field) -> Fact:
        """What is known of a field at the moment."""
        if field.measure in SITUATION:
            return SITUATION[field.measure](self, field)
        return self.record.once(MEASURES[field.measure], field).at(self.at)

    def verdicts(self, scale: str) -> list[Verdict]:
        """The verdicts of a scale until the moment."""
        return self.record.once(grade_scale, self.scales[scale])

    def verdict(self, scale: str, t: int) -> Verdict:
        """The verdict that holds at t, from the infusion to the moment."""
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


def _names(row: Event) -> frozenset[str]:
    return frozenset({row.signal, signals()[row.signal].drug_class})


def grade(situation: Situation, field: Field) -> Fact:
    """The grade by the scale of the field's detail; all grades where none can be given."""
    verdict, scale = situation.verdict(field.detail, situation.at), situation.scales[field.detail]
    if verdict.low is None:
        return Fact(field.unknown, verdict.flags, verdict.missing or frozenset({scale.course.recorded}))
    low, high = _ends(verdict)
    return Fact(frozenset(range(low, high + 1)), verdict.flags, verdict.missing if low < high else NO_FLAGS)


def _ends(verdict: Verdict) -> tuple[int, int]:
    if verdict.low is None or verdict.high is None:
        return 0, WORST
    return min(verdict.low, WORST), min(verdict.high, WORST)


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


def no_better(situation: Situation, field: Field) -> Fact:
    """Whether the grade is not below that at the last dose that lies at least so many hours back."""
    scale, drugs, hours = field.detail
    given = [one for one in situation.doses_in(scale, drugs) if one.row.time + hours * HOUR <= situation.at]
    return _compared(situation, scale, given, lambda before, now: now >= before)


def worse(situation: Situation, field: Field) -> Fact:
    """Whether the grade is above that at the last dose."""
    scale, drugs = field.detail
    return _compared(situation, scale, situation.doses_in(scale, drugs), lambda before, now: now > before)


def _compared(situation: Situation, scale: str, given: Sequence[Dose], holds: Callable[[int, int], bool]) -> Fact:
    if not given:
        return Fact(NO)
    dose, now = given[-1], situation.verdict(scale, situation.at)
    before = situation.verdict(scale, dose.row.time) if dose.row.time >= situation.record.start else now
    rows = (dose.row,)
    if before is now:  # nothing was charted in between that changes the grade
        values = frozenset({holds(0, 0)})
    else:
        values = frozenset(holds(b, n) for b in _grades(before) for n in _grades(now))
    if not dose.certain:
        values |= NO
    missing = now.missing | (frozenset() if dose.certain else {dose.row.signal})
    return Fact(values, missing=missing if len(values) > 1 else NO_FLAGS, because=rows)


def _grades(verdict: Verdict) -> range:
    low, high = _ends(verdict)
    return range(low, high + 1)


def doses_in_episode(situation: Situation, field: Field) -> Fact:
    """How many doses of the field's drug the episode has had; the last of its values is "or more"."""
    rows = tuple(one.row for one in situation.doses_in(field.detail, field.signals))
    return _count(field, rows)


def doses_within(situation: Situation, field: Field) -> Fact:
    """How many doses in the hours of the field's detail: at that hour a dose no longer counts."""
    (drug,) = field.signals
    begin = situation.at - field.detail * HOUR
    rows = (row for row in situation.record.until(drug, situation.at) if is_given(row) and is_systemic(row))
    return _count(field, tuple(row for row in rows if row.time > begin))


def _count(field: Field, rows: tuple[Event, ...]) -> Fact:
    return Fact(frozenset({field.domain[min(len(rows), len(field.domain) - 1)]}), because=rows)


def steroid(situation: Situation, field: Field) -> Fact:
    """Whether a corticosteroid that treats was given in an episode of one of the scales of the field's detail."""
    given = [one for scale in field.detail for one in situation.doses_in(scale, (STEROIDS,))]
    rows = tuple(dict.fromkeys(one.row for one in given))
    if not given or any(one.certain for one in given):
        return Fact(frozenset({bool(given)}), because=rows)
    return Fact(EITHER, missing=frozenset(row.signal for row in rows), because=rows)


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


def low_after_fluids(situation: Situation, field: Field) -> Fact:
    """Whether the pressure is low after the last bolus of the hours in which boluses count together."""
    record, t = situation.record, situation.at
    window = int(record.settings.fluid_boluses_h * HOUR)
    boluses = [row for row in record.until("fluid_bolus", t) if is_given(row) and t < row.time + window]
    if not boluses:
        return Fact(NO)
    runs, rows = any_vasopressor(record, t)
    if runs is Runs.YES:
        return Fact(YES, because=rows)
    pressure, below = newest_pressure(record, t)
    declared = record.valid("hypotension", t)
    said = [(row, truth) for row, truth in ((pressure, below), (declared, _declared(declared))) if row is not None]
    after = [(row, truth) for row, truth in said if row.time > boluses[-1].time]
    if not after:
        return Fact(EITHER, missing=frozenset(field.signals), because=(boluses[-1],))
    row, truth = max(after, key=lambda pair: pair[0].time)
    return Fact(truth, missing=frozenset({row.signal}) if len(truth) > 1 else NO_FLAGS, because=(row,))


def _declared(row: Event | None) -> frozenset[bool]:
    return EITHER if row is None else as_said(row)


def below(situation: Situation, field: Field) -> Fact:
    """Whether the newest valid value is below the limit of the field's detail, in steps of the signal."""
    signal, limit = field.detail
    row = situation.record.valid(signal, situation.at)
    if row is None or row.low is None or row.high is None:
        return Fact(EITHER, missing=frozenset({signal}))
    values = frozenset({row.low < limit, row.high < limit})
    return Fact(values, missing=frozenset({signal}) if len(values) > 1 else NO_FLAGS, because=(row,))


def product(situation: Situation, field: Field) -> Fact:
    """The product infused."""
    name = situation.record.patient.product
    return Fact(frozenset({name})) if name else Fact(field.unknown, missing=frozenset({"product"}))


def since_infusion(situation: Situation, field: Field) -> Fact:
    """Whether fewer than the days of the field's detail, of 24 h, have passed since the infusion."""
    return Fact(frozenset({situation.at < situation.record.start + field.detail * DAY}))


SITUATION: Mapping[str, Callable[[Situation, Field], Fact]] = MappingProxyType(
    {
        "grade": grade,
        "onset": onset,
        "no_better": no_better,
        "worse": worse,
        "doses_in_episode": doses_in_episode,
        "doses_within": doses_within,
        "steroid": steroid,
        "fever_days": fever_days,
        "low_after_fluids": low_after_fluids,
        "below": below,
        "product": product,
        "since_infusion": since_infusion,
    }
)
