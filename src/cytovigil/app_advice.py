"""The use case of guidance: what published protocols say of one patient at one moment, and what has been given."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cytovigil.app import Language, find_course, speaker
from cytovigil.engine.advice import PatientAdvice, situation_of
from cytovigil.engine.advice_text import render_advice
from cytovigil.engine.measures import MEASURES
from cytovigil.engine.momentary import MOMENTARY
from cytovigil.engine.situation import SITUATION, Situation
from cytovigil.engine.watch import Watch
from cytovigil.engine.watch_text import watch_lines
from cytovigil.guidance.dose_text import by_weight
from cytovigil.guidance.label_text import label_page
from cytovigil.guidance.ledger import Ledger
from cytovigil.guidance.ledger_text import ledger_lines, ledger_summary
from cytovigil.guidance.site import SiteProtocol
from cytovigil.guidance.site_text import remarks_of
from cytovigil.guiding import guide
from cytovigil.logic.driving import Events, neurology
from cytovigil.logic.guidance import Protocol
from cytovigil.model.events import Event
from cytovigil.model.times import day_of, format_time
from cytovigil.model.told import Say, ToldValueError
from cytovigil.rules import SCALES
from cytovigil.rules.scores import SCORES
from cytovigil.run import NOT_A_FAULT, UsageError, open_inputs, read_guidance, read_moment, read_site

MEASURED = frozenset({*SITUATION, *MOMENTARY, *MEASURES})
UNUSED = "Rows that cannot be used as they stand: {codes}; `cytovigil grade` lists them in problems.csv."
NOT_ASKED = "The site's protocol ({name}) is not asked here: it is for other products, or for another time."


@dataclass(frozen=True)
class AdvicePage:
    """What protocols say, what has been given until then, and what the grades hide."""

    advice: PatientAdvice
    ledger: Ledger
    watch: Watch
    events: Events  # neurological ones: no driving while they last
    site: SiteProtocol | None  # the site's own protocol, where it was asked for or no other was
    problems: Mapping[str, int]  # rows that cannot be used as they stand, by code


def advise(
    inputs: Sequence[Path], patient: str, at: str | None = None, protocol: str | None = None,
    mapping: Path | None = None, site: Path | None = None,
) -> AdvicePage:  # fmt: skip
    """What protocols say of a patient at a time; without one, at the last moment of the record.

    Without a protocol all that are for the product and hold on the day. Raises UsageError or InputError.
    """
    settings, guidance = read_site(site), read_guidance(site)
    moment = read_moment("--at", at, settings)
    with open_inputs(inputs, settings, mapping, None) as source:
        course = find_course(source, patient)
        problems = Counter(one.code for one in source.problems.rows() if one.patient_id in (patient, ""))
    faults = {code: count for code, count in sorted(problems.items()) if code not in NOT_A_FAULT}
    try:
        situation = situation_of(course, SCALES, SCORES, settings, moment)
        protocols = guidance.choose(protocol, situation.record.patient.product, situation.day)
        _check(protocols)
    except ValueError as error:
        raise UsageError("{why}", why=error) from error
    own = guidance.site if protocol is None or guidance.site_is_in(protocols) else None
    left_out = {own.protocol.id: own.left_out} if own and own.left_out else {}
    found = guide(situation, protocols, left_out)
    return AdvicePage(found.advice, found.ledger, found.watch, _events(situation), own, faults)


def _check(protocols: Sequence[Protocol]) -> None:
    """Refuse a protocol of a centre's own that asks for what nobody measures. Raises ValueError with a sentence."""
    for one in protocols:
        if one.scale not in SCALES:
            raise ToldValueError("protocol '{name}': unknown scale '{scale}'", name=one.id, scale=one.scale)
        for field in one.fields:
            if field.measure not in MEASURED:
                raise ToldValueError("protocol '{name}': nothing measures '{field}'", name=one.id, field=field.name)


def _events(situation: Situation) -> Events:
    record, t = situation.record, situation.at

    def rows(signal: str) -> list[Event]:
        return [row for row in record.until(signal, t) if row.time >= record.start]

    return neurology(record.patient, rows, t + 1, lambda seconds: day_of(seconds, record.settings.zone)).events


def _heading(found: AdvicePage, say: Say) -> Iterator[str]:
    """What the whole page lacks."""
    if found.problems:
        yield say(UNUSED).format(codes=", ".join(f"{code} {count}" for code, count in found.problems.items()))
    if found.site and all(one.protocol is not found.site.protocol for one in found.advice.advised):
        yield say(NOT_ASKED).format(name=found.site.protocol.id)


def _doses(found: AdvicePage, say: Say) -> Iterator[tuple[tuple[str, str], str]]:
    """Each dose by weight with its calculation, by the ids of its protocol and recommendation."""
    for one in (each for advised in found.advice.advised for each in (*advised.advice, *advised.left_out)):
        scheme = one.recommendation.scheme
        if scheme and (dose := by_weight(scheme, found.ledger.tocilizumab.weight, say)):
            yield (one.protocol.id, one.recommendation.id), dose


def _given(ledger: Ledger, say: Say) -> Iterator[str]:
    """What was given and what may come next, in short; all of it stands in the appendix."""
    yield say("Given, and what may come next")
    for heading, lines in ledger_summary(ledger, say, lambda seconds: format_time(seconds, ledger.settings.zone)):
        yield from (f"  {heading}", *(f"    {line}" for line in lines))


def advice_text(found: AdvicePage, language: Language = "en") -> str:
    """The advice as a page of text."""
    say = speaker(language)
    advice, site = found.advice, found.site
    watched = list(watch_lines(found.watch, SCALES, say))
    remarks = (remarks_of(site, say) if site else {}) | {("", ""): list(_heading(found, say))}
    for key, dose in _doses(found, say):
        remarks.setdefault(key, []).append(dose)
    patient, settings = advice.patient, advice.settings
    infused = day_of(patient.infusion_time, settings.zone)
    labels = label_page(patient.product, settings.jurisdiction, infused, found.events, say)
    page = render_advice(advice, SCALES, say, remarks, watched, list(_given(found.ledger, say)))
    return "\n".join([page, *ledger_lines(found.ledger, say), "", *labels]) + "\n"
