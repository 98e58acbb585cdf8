"""The use case of guidance: what published protocols say of one patient at one moment, and what has been given."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cytovigil.app import Language, find_course, speaker
from cytovigil.engine.advice import PatientAdvice, advise_patient, situation_of
from cytovigil.engine.advice_text import render_advice
from cytovigil.engine.doses import doses_given, episode_spans, grade_at, weight_at
from cytovigil.engine.situation import Situation
from cytovigil.guidance import ICANS_SCALE, choose_protocols
from cytovigil.guidance.fields import ASTCT
from cytovigil.guidance.ledger import DRUGS, Ledger, keep_ledger
from cytovigil.guidance.ledger_text import ledger_lines
from cytovigil.guidance.tocilizumab import CrsEpisode
from cytovigil.rules import SCALES
from cytovigil.run import UsageError, open_inputs, read_moment, read_site


@dataclass(frozen=True)
class AdvicePage:
    """What protocols say, and what has been given until then."""

    advice: PatientAdvice
    ledger: Ledger


def advise(
    inputs: Sequence[Path], patient: str, at: str | None = None, protocol: str | None = None,
    mapping: Path | None = None, site: Path | None = None,
) -> AdvicePage:  # fmt: skip
    """What protocols say of a patient at a time; without one, at the last moment of the record.

    Without a protocol all that are for the product and hold on the day. Raises UsageError or InputError.
    """
    settings = read_site(site)
    moment = read_moment("--at", at, settings)
    with open_inputs(inputs, settings, mapping, None) as source:
        course = find_course(source, patient)
    try:
        situation = situation_of(course, SCALES, settings, moment)
        protocols = choose_protocols(protocol, situation.record.patient.product, situation.day)
    except ValueError as error:
        raise UsageError("{why}", why=error) from error
    return AdvicePage(advise_patient(situation, protocols, (ICANS_SCALE,)), _ledger(situation))


def _ledger(situation: Situation) -> Ledger:
    record, t = situation.record, situation.at
    episodes = [CrsEpisode(*span) for span in episode_spans(record, SCALES[ASTCT])]
    grades = {SCALES[name].title: partial(grade_at, record, SCALES[name]) for name in (ASTCT, ICANS_SCALE)}
    return keep_ledger(
        doses_given(record, DRUGS, t), partial(weight_at, record), record.settings, t, infusion=record.start,
        episodes=episodes, grades=grades,
    )  # fmt: skip


def advice_text(found: AdvicePage, language: Language = "en") -> str:
    """The advice as a page of text."""
    say = speaker(language)
    return "\n".join([render_advice(found.advice, SCALES, say), *ledger_lines(found.ledger, say)]) + "\n"
