"""One infusion at one moment: what protocols say, what has been given, what the grades hide."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from cytovigil.engine.advice import PatientAdvice, advise_patient, last_moment
from cytovigil.engine.doses import doses_given, episode_spans, grade_at, weight_at
from cytovigil.engine.record import Record
from cytovigil.engine.situation import Situation
from cytovigil.engine.watch import watch
from cytovigil.guidance import ICANS_SCALE
from cytovigil.guidance.chosen import Guidance
from cytovigil.guidance.fields import ASTCT
from cytovigil.guidance.ledger import DRUGS, Ledger, keep_ledger
from cytovigil.guidance.monitoring import intervals_for
from cytovigil.guidance.tocilizumab import CrsEpisode
from cytovigil.logic.guidance import Protocol
from cytovigil.model.events import Course
from cytovigil.model.times import FOR_EVER, day_of
from cytovigil.report.now import Guided
from cytovigil.rules import SCALES
from cytovigil.rules.scores import SCORES

NOTHING: Mapping[str, Protocol] = MappingProxyType({})


def guide(
    situation: Situation, protocols: Sequence[Protocol], left_out: Mapping[str, Protocol] = NOTHING
) -> Guided:  # fmt: skip
    """Everything that guidance has to say of a patient at a moment, by these protocols; `left_out` as in advice."""
    record, settings = situation.record, situation.record.settings
    advice = advise_patient(situation, protocols, (ASTCT, ICANS_SCALE), left_out)
    infused = day_of(record.start, settings.zone)
    intervals = intervals_for(record.patient.product, settings.jurisdiction, infused)
    return Guided(advice, _ledger(situation, advice), watch(situation, list(advice.grades), intervals), SCALES)


def guide_course(guidance: Guidance, course: Course, record: Record) -> Guided | None:
    """An infusion of a patient at the last moment of its record, a fine one, or at its as-of time.

    None where no moment is graded: not followed beyond the infusion, or the as-of time is before it.
    """
    patient, settings, until = record.patient, record.settings, record.followed_until
    if min(FOR_EVER if one is None else one for one in (until, record.as_of)) <= record.start:
        return None
    at = last_moment(patient, course.events, until, record.as_of)
    situation = Situation(patient, course.events, settings, SCALES, SCORES, at, record.following, record)
    found = guide(situation, guidance.choose(None, patient.product, situation.day))
    ended = until if until is not None and (record.as_of is None or until <= record.as_of) else None
    return found._replace(ended=ended, died=ended is not None and ended == record.death[0])


def _ledger(situation: Situation, advice: PatientAdvice) -> Ledger:
    record, t = situation.record, situation.at
    episodes = [CrsEpisode(*span) for span in episode_spans(record, SCALES[ASTCT])]
    grades = {SCALES[name].title: partial(grade_at, record, SCALES[name]) for name in (ASTCT, ICANS_SCALE)}
    return keep_ledger(
        doses_given(record, DRUGS, t), partial(weight_at, record), record.settings, t, infusion=record.start,
        episodes=episodes, grades=grades,
        no_crs=all(one.high == 0 for name, one in advice.grades.items() if name != ICANS_SCALE),
    )  # fmt: skip
