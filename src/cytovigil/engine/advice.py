"""What protocols say for one patient at one moment, and what they would need to know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cytovigil.engine.explain import infusion_of
from cytovigil.engine.record import Record
from cytovigil.engine.situation import Situation
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.facts import Fact
from cytovigil.logic.guidance import Advice, Protocol, advise
from cytovigil.logic.scale import Scale
from cytovigil.logic.score import Score
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.times import FOR_EVER, format_time
from cytovigil.model.told import ToldValueError

DRUGS = ("tocilizumab", "corticosteroid", "other agents")  # topics that are said before all others
FIRST = ("treat", "escalate", "care", "avoid", "prevent", "monitor", "work_up")  # what is said first of a protocol
SHOWN = 2  # recommendations in the line of a protocol
_NOTHING: Mapping[str, Protocol] = MappingProxyType({})


@dataclass(frozen=True)
class Question:
    """A signal that would settle something, when it was charted last before the moment, and how much rests on it."""

    signal: str
    charted: int | None
    recommendations: int


@dataclass(frozen=True)
class Advised:
    """What one protocol says; `facts` are those that its conditions look at.

    `left_out` is what its published base says besides, and the site has left out.
    """

    protocol: Protocol
    fits: bool
    facts: Mapping[str, Fact]
    advice: tuple[Advice, ...]
    left_out: tuple[Advice, ...] = ()

    @property
    def is_silent(self) -> bool:
        """True where nothing applies or may apply, of what was left out neither."""
        return not (self.advice or self.left_out)

    @property
    def applies(self) -> list[Advice]:
        """What applies on everything that is possible."""
        return [one for one in self.advice if one.applies]

    @property
    def foremost(self) -> list[Advice]:
        """What applies, drugs of CRS and ICANS first."""
        return sorted(self.applies, key=_rank)

    @property
    def depends(self) -> list[Advice]:
        """What may apply, once it is known."""
        return [one for one in self.advice if not one.applies]


def _rank(one: Advice) -> tuple[bool, int]:
    kind, topic = one.recommendation.kind, one.recommendation.topic
    return topic not in DRUGS or kind in ("monitor", "prevent"), FIRST.index(kind)


@dataclass(frozen=True)
class PatientAdvice:
    """One patient at one moment, in seconds UTC. `grades` are those of all scales that the protocols use, by id."""

    patient: Patient
    at: int
    grades: Mapping[str, Verdict]
    advised: tuple[Advised, ...]
    questions: tuple[Question, ...]
    settings: Settings


def situation_of(
    course: Course, scales: Mapping[str, Scale], scores: Mapping[str, Score], settings: Settings, at: int | None
) -> Situation:  # fmt: skip
    """The patient at a time, in seconds UTC; without one at the last moment of the record.

    Raises ValueError with a sentence where there is no infusion yet, or the patient is no longer followed.
    """
    patient, following = infusion_of(course, None, at)
    until = Record(patient, course.events, settings, following=following).followed_until
    when, zone = last_moment(patient, course.events, until) if at is None else at, settings.zone
    if when < patient.infusion_time:
        raise ToldValueError(
            "{patient}: the infusion is at {time}: choose this time, or a later one", patient=patient.patient_id,
            time=format_time(patient.infusion_time, zone),
        )  # fmt: skip
    if until is not None and when >= until:
        raise ToldValueError(
            "{patient} is followed until {time}: choose a time before it", patient=patient.patient_id,
            time=format_time(until, zone),
        )  # fmt: skip
    return Situation(patient, course.events, settings, scales, scores, when, following)


def last_moment(patient: Patient, events: Iterable[Event], until: int | None, known_until: int | None = None) -> int:
    """The last moment of a record, in seconds UTC: the as-of time, else when something was charted or became known.

    A patient is no longer followed at `until`: what lies there or later is left out, as is an as-of time.
    """
    limit = FOR_EVER if until is None else until - 1
    if known_until is not None and known_until <= limit:
        return max(patient.infusion_time, known_until)
    moments = (moment for event in events for moment in (event.time, event.known_at) if moment <= limit)
    return max([patient.infusion_time, *moments])


def advise_patient(
    situation: Situation, protocols: Sequence[Protocol], always: Sequence[str] = (),
    left_out: Mapping[str, Protocol] = _NOTHING,
) -> PatientAdvice:  # fmt: skip
    """What the protocols say of a patient at a moment. `always`: scales whose grade is shown in any case.

    `left_out`: what a site has left out of its protocol, by the id of this one.
    """
    patient, settings, at = situation.record.patient, situation.record.settings, situation.at
    advised = [_advised(situation, one, left_out.get(one.id)) for one in protocols]
    names = dict.fromkeys([*(one.scale for one in protocols), *always])
    grades = {name: situation.verdict(name, at) for name in names}
    return PatientAdvice(patient, at, grades, tuple(advised), _questions(situation, advised), settings)


def _advised(situation: Situation, protocol: Protocol, left_out: Protocol | None) -> Advised:
    facts = _facts(situation, protocol)
    fits = protocol.fits(situation.record.patient.product, situation.day)
    besides = advise(left_out, _facts(situation, left_out)) if left_out else ()
    return Advised(protocol, fits, facts, tuple(advise(protocol, facts)), tuple(besides))


def _facts(situation: Situation, protocol: Protocol) -> dict[str, Fact]:
    return {field.name: situation.fact(field) for field in protocol.fields}


def _questions(situation: Situation, advised: Sequence[Advised]) -> tuple[Question, ...]:
    """Those on which most rests come first."""
    counts: dict[str, int] = {}
    for one in (each for found in advised for each in found.depends):
        for signal in one.asked:
            counts[signal] = counts.get(signal, 0) + 1
    found = (Question(name, _charted(situation, name), count) for name, count in counts.items())
    return tuple(sorted(found, key=lambda one: (-one.recommendations, one.signal)))


def _charted(situation: Situation, signal: str) -> int | None:
    row = situation.record.newest(signal, situation.at)
    return row.time if row else None
