"""Why a grade is what it is: each condition with its value, truth, rows, source and assumptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from cytovigil.engine.biomarker_text import biomarker_values, biomarkers_until
from cytovigil.engine.record import Record
from cytovigil.engine.reference import fact_tracks, grade_scale, graded_until
from cytovigil.engine.risk import Applied, risk_facts, risk_values
from cytovigil.engine.verdicts import Facts, Verdict
from cytovigil.logic.combine import Required, Worst
from cytovigil.logic.conditions import Condition, Field, atoms, field_of, holds
from cytovigil.logic.facts import Fact
from cytovigil.logic.ladder import Ladder, Range, Rung
from cytovigil.logic.risk import RiskFact
from cytovigil.logic.scale import CumulativeCourse, Scale
from cytovigil.logic.text import UNCONFIRMED, assumptions, cite, in_words
from cytovigil.model.events import Course, Event
from cytovigil.model.flags import says_flag
from cytovigil.model.results import BiomarkerRow
from cytovigil.model.settings import Settings
from cytovigil.model.times import format_time
from cytovigil.model.told import ToldValueError

TRUTHS = YES, NO, UNKNOWN = "yes", "no", "unknown"
Grades = tuple[int | None, int | None]


@dataclass(frozen=True)
class FieldView:
    """One field: its possible values in words, the rows they rest on, the signals that would settle it."""

    name: str
    says: str
    values: tuple[str, ...]
    rows: tuple[Event, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class RungView:
    """One rung: its truth, and the fields that decide it."""

    domain: str
    grade: int
    says: str
    condition: str
    truth: str
    decides: bool
    source: str
    status: str
    note: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything that makes one grade at one time."""

    patient_id: str
    infusion: int
    scale: Scale
    at: int
    since: int
    low: int | None
    high: int | None
    charted: Grades  # without attributions
    states: tuple[str, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]
    fields: tuple[FieldView, ...]
    rungs: tuple[RungView, ...]
    settings: Settings
    biomarkers: tuple[BiomarkerRow, ...]
    published: tuple[Applied, ...]

    def to_json(self) -> dict[str, Any]:
        """The explanation as plain values; times in the site's zone."""
        zone = self.settings.zone
        return {
            "patient_id": self.patient_id,
            "infusion": self.infusion,
            "scale": self.scale.id,
            "version": self.scale.version,
            "source": cite(self.scale.source),
            "status": UNCONFIRMED,
            "at": format_time(self.at, zone),
            "since": format_time(self.since, zone),
            "low": self.low,
            "high": self.high,
            "charted_low": self.charted[0],
            "charted_high": self.charted[1],
            "states": list(self.states),
            "missing": list(self.missing),
            "flags": {flag: says_flag(flag, self.settings) for flag in self.flags},
            "fields": [self._field(view) for view in self.fields],
            "conditions": [vars(rung) | {"fields": list(rung.fields)} for rung in self.rungs],
            "assumptions": [
                {"name": name, "value": value, "says": says}
                for name, value, says in assumptions(self.scale, self.settings)
            ],
            "biomarkers": [biomarker_values(row, zone) for row in self.biomarkers],
            "published_facts": list(risk_values(self.published)),
        }

    def _field(self, view: FieldView) -> dict[str, Any]:
        zone = self.settings.zone
        rows = [
            {
                "source_id": row.source_id,
                "signal": row.signal,
                "value": row.shown or row.word,
                "time": format_time(row.time, zone),
                "recorded_by": row.recorded_by,
            }
            for row in view.rows
        ]
        return {"name": view.name, "says": view.says, "values": list(view.values), "rows": rows,
                "missing": list(view.missing), "flags": list(view.flags)}  # fmt: skip


def explain_course(
    course: Course,
    infusion: int | None,
    scale: Scale,
    settings: Settings,
    at: int | None = None,
    as_of: int | None = None,
    published: Sequence[RiskFact] = (),
) -> Explanation:
    """Explain the grade at a time, in seconds UTC; without one, at the worst moment of the last infusion.

    Without a time a scale that counts days is explained at its end. Of the `published` facts those are kept that
    concern the patient by then.

    Raises ValueError with a sentence where there is no such infusion, or no grade at that time.
    """
    patient, following = infusion_of(course, infusion, at)
    record = Record(patient, course.events, settings, as_of, fine=True, following=following)
    verdicts = grade_scale(record, scale)
    index, when = _moment(record, scale, verdicts, at)
    verdict = verdicts[index]
    facts = {name: track.at(when) for name, track in fact_tracks(record, scale).items()}
    return Explanation(
        patient.patient_id, patient.infusion, scale, when, _since(verdicts, index), verdict.low, verdict.high,
        _as_charted(course, record, scale, verdict, when),
        tuple(sorted(verdict.states)), tuple(sorted(verdict.missing)), tuple(sorted(verdict.flags)),
        tuple(field_view(field, facts[field.name]) for field in scale.fields),
        tuple(rung_view(scale, ladder, rung, facts, verdict) for ladder in scale.domains for rung in ladder.rungs),
        settings, biomarkers_until(record, course.events, scale, when),
        tuple(risk_facts(Record(patient, course.events, settings, when, following=following), published, when)),
    )  # fmt: skip


def _moment(record: Record, scale: Scale, verdicts: Sequence[Verdict], at: int | None) -> tuple[int, int]:
    """The index of a moment's verdict, and the moment: the one that the summary tells of, where none is given.

    Raises ValueError where there is no verdict.
    """
    patient_id, zone = record.patient.patient_id, record.settings.zone
    if not verdicts:
        raise _why_none(record, scale)
    moment = _told_moment(scale, verdicts) if at is None else at
    for index, verdict in enumerate(verdicts):
        if verdict.start <= moment < verdict.end or verdict.start == verdict.end == moment:
            return index, moment
    raise ToldValueError(
        "{patient} is not graded at {time}: choose a time from {first} to {last}",
        patient=patient_id, time=format_time(moment, zone), first=format_time(verdicts[0].start, zone),
        last=format_time(verdicts[-1].end, zone),
    )  # fmt: skip


def _why_none(record: Record, scale: Scale) -> ToldValueError:
    patient_id, end = record.patient.patient_id, graded_until(record, scale)
    if end <= record.start:
        return ToldValueError(
            "{patient}: nothing is charted after the infusion, so there is no grade to explain", patient=patient_id
        )
    assert isinstance(scale.course, CumulativeCourse)  # every other scale is graded from the infusion on
    return ToldValueError(
        "{patient} is graded until {end}, and {scale} counts from day {day} after infusion: "
        "there is no grade to explain",
        patient=patient_id, end=format_time(end, record.settings.zone), scale=scale.id,
        day=scale.course.window.first_day,
    )  # fmt: skip


def _as_charted(course: Course, record: Record, scale: Scale, verdict: Verdict, when: int) -> Grades:
    """The grade that the charting alone would give."""
    if not record.has_attributions():
        return verdict.low, verdict.high
    charted = Record(record.patient, course.events, record.settings, record.as_of, attributed=False, following=when + 1)
    verdicts = [one for one in grade_scale(charted, scale) if one.start <= when]
    return verdicts[-1].low, verdicts[-1].high


def infusion_of(course: Course, infusion: int | None, at: int | None) -> tuple[Any, int | None]:
    """The infusion asked for, else the one that the time belongs to, else the last; and when the next one begins."""
    ordered = sorted(course.infusions, key=lambda patient: (patient.infusion_time, patient.infusion))
    if infusion is not None:
        chosen = next((i for i, p in enumerate(ordered) if p.infusion == infusion), None)
        if chosen is None:
            known = ", ".join(str(p.infusion) for p in ordered)
            raise ToldValueError("there is no infusion {infusion}: known are {known}", infusion=infusion, known=known)
    else:
        before = [i for i, p in enumerate(ordered) if at is not None and p.infusion_time <= at]
        chosen = before[-1] if before else 0 if at is not None else len(ordered) - 1
    following = ordered[chosen + 1].infusion_time if chosen + 1 < len(ordered) else None
    return ordered[chosen], following


def _told_moment(scale: Scale, verdicts: Sequence[Verdict]) -> int:
    """The first moment of the highest low, then of the highest high; of a scale that counts days, the last."""
    if isinstance(scale.course, CumulativeCourse):
        return verdicts[-1].start
    graded = [v for v in verdicts if v.low is not None]
    return max(graded or verdicts, key=lambda v: (v.low or 0, v.high or 0, -v.start)).start


def _since(verdicts: Sequence[Verdict], index: int) -> int:
    """Since when the grade has been the same."""
    grades = verdicts[index].low, verdicts[index].high
    while index and (verdicts[index - 1].low, verdicts[index - 1].high) == grades:
        index -= 1
    return verdicts[index].start


def field_view(field: Field, fact: Fact) -> FieldView:
    """A fact in words, with the rows it rests on."""
    values = tuple(field.label(value) for value in field.domain if value in fact.values)
    return FieldView(
        field.name, field.says, values, fact.because, tuple(sorted(fact.missing)), tuple(sorted(fact.flags))
    )


def rung_view(scale: Scale, ladder: Ladder, rung: Rung, facts: Facts, verdict: Verdict) -> RungView:
    """A rung with its truth, and whether it gives an end of the grade."""
    sets = tuple(facts[name].values for name in ladder.names)
    low, high = ladder.range_of(sets)
    return RungView(
        ladder.title,
        rung.grade,
        rung.says,
        in_words(rung.when),
        _truth(rung.when, facts),
        _decides(scale, ladder, rung, (low, high), verdict),
        cite(ladder.source),
        rung.status,
        rung.note,
        tuple(dict.fromkeys(field_of(atom).name for atom in atoms(rung.when))),
    )


def _truth(condition: Condition, facts: Facts) -> str:
    names = list(dict.fromkeys(field_of(atom).name for atom in atoms(condition)))
    found = {
        holds(condition, dict(zip(names, values, strict=True))) for values in product(*(facts[n].values for n in names))
    }
    return UNKNOWN if len(found) > 1 else YES if True in found else NO


def _decides(scale: Scale, ladder: Ladder, rung: Rung, domain: Range, verdict: Verdict) -> bool:
    if isinstance(scale.combine, Required) and not scale.combine.counts(ladder.name):
        return False
    if not isinstance(scale.combine, Worst):
        return rung.grade in domain and verdict.high != 0
    return rung.grade in domain and rung.grade in (verdict.low, verdict.high)
