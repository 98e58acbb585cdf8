"""One infusion as plain values for its page: what holds now, since when, why, and what is not known."""

from collections.abc import Callable, Sequence
from typing import Any

from cytovigil.engine.changes import Change, changes
from cytovigil.engine.concordance import reason, row_at
from cytovigil.engine.record import Record
from cytovigil.logic.ladder import SOURCE_READ
from cytovigil.logic.scale import EpisodicCourse, Scale
from cytovigil.logic.text import assumptions, cite, number
from cytovigil.model.events import Event, Patient
from cytovigil.model.flags import says_flag
from cytovigil.model.results import BiomarkerRow, ConcordanceRow, EpisodeRow, Graded, show_grade, show_values
from cytovigil.model.settings import Settings
from cytovigil.model.times import show_span
from cytovigil.model.told import Say, decimal, show_unit
from cytovigil.report.days import Days
from cytovigil.report.marks import name_signal
from cytovigil.report.standing import Standing

DEATH = 5  # the grade of a death
Values = dict[str, Any]


class Words:
    """Times, grades and sentences as a page prints them, in its language."""

    def __init__(self, settings: Settings, say: Say, patient: Patient) -> None:
        """Days count from the infusion's calendar day at the site."""
        self.settings, self.say = settings, say
        self.time = Days(patient.infusion_time, settings.zone, say).text

    def flags(self, names: Sequence[str]) -> list[str]:
        """Flags as sentences."""
        return [self.flag(name) for name in names if name != "not_observed"]

    def flag(self, name: str) -> str:
        """A flag as a sentence."""
        return says_flag(name, self.settings, self.say)

    def signal(self, name: str) -> str:
        """A signal or a category as a person writes it."""
        return self.say(name.replace("_", " "))

    def row(self, event: Event) -> str:
        """`temperature 38.6 Cel, 2 Mar 08:00 (D+3), obs/1, nurse`."""
        value = ":".join(map(self.signal, event.word.split(":"))) if event.word else decimal(event.shown, self.say)
        parts = [f"{self.signal(event.signal)} {value}", self.time(event.time)]
        return ", ".join([*parts, *(part for part in (event.source_id, event.recorded_by) if part)])


def patient_page(standing: Standing, record: Record, graded: Graded, scales: Sequence[Scale], say: Say) -> Values:
    """Everything that one page shows, but its picture. `record` is fine, as `changes` needs it."""
    patient, words = standing.patient, Words(record.settings, say, standing.patient)
    views = []
    unseen = [words.say(one.title) for one in scales if graded.summaries[one.id].low is None]
    for scale, place in zip(scales, standing.scales, strict=True):
        if place.peak_low is None and len(scales) > len(unseen):
            continue
        found = list(changes(record, scale, graded.timeline))
        views.append(_scale_view(scale, place.since, found, graded, words, standing.until))
    return {
        "patient_id": patient.patient_id,
        "infusion": patient.infusion,
        "about": about(patient, say),
        "infused": words.time(patient.infusion_time),
        "until": words.time(standing.until),
        "unseen": show_span(standing.unseen_h * 3600),
        "scales": views,
        "not_graded": unseen,
        "biomarkers": [_biomarker_view(row, words) for row in graded.biomarkers],
    }


def about(patient: Patient, say: Say) -> str:
    """Product, disease, age and sex, as far as charted."""
    age = "" if patient.age_years is None else f"{patient.age_years} {say('y')}"
    sex = say(patient.sex) if patient.sex in ("female", "male") else ""
    return ", ".join(part for part in (patient.product, patient.disease, age, sex) if part)


def _scale_view(
    scale: Scale, since: int | None, found: list[Change], graded: Graded, words: Words, until: int
) -> Values:
    last = found[-1] if found and since is not None else None
    views = [_change_view(one, scale, words) for one in found]
    return {
        "id": scale.id,
        "title": words.say(scale.title),
        "version": scale.version,
        "source": cite(scale.source),
        "evidence": words.say(scale.status) if scale.status != SOURCE_READ else "",
        "grade": show_grade(last.low, last.high) if last else "-",
        "low": last.low if last else None,
        "high": last.high if last else None,
        "peak": show_grade(*graded.summaries[scale.id][:2]),
        "since": words.time(last.start) if last else "",
        "for": show_span(until - last.start) if last else "",
        "now": views[-1] if last else None,
        "changes": views,
        "episodes": [_episode_view(row, words) for row in graded.episodes if row.scale == scale.id],
        "recorded": [_recorded_view(row, graded, words) for row in graded.concordance if row.scale == scale.id],
        "assumptions": [
            (name, number(value, words.say), text)
            for name, value, text in assumptions(scale, words.settings, words.say)
        ],
    }


def _change_view(change: Change, scale: Scale, words: Words) -> Values:
    charted = change.charted_low, change.charted_high
    fever = scale.course.fever.name if isinstance(scale.course, EpisodicCourse) else ""
    reasons = [f"{words.say(rung.domain)} {rung.grade}: {words.say(rung.says)}" for rung in change.deciding]
    return {
        "start": words.time(change.start),
        "length": show_span(change.end - change.start),
        "grade": show_grade(change.low, change.high),
        "low": change.low,
        "high": change.high,
        "charted": show_grade(*charted) if charted != (change.low, change.high) else "",
        "reasons": reasons or _without_rung(change, fever, words.say),
        "rows": [words.row(row) for row in dict.fromkeys(row for view in change.facts for row in view.rows)],
        "missing": [words.signal(name) for name in change.missing] if change.low != change.high else [],
        "flags": words.flags(change.flags),
    }


def _without_rung(change: Change, fever: str, say: Callable[[str], str]) -> list[str]:
    """Words for a grade that no column of the table gives: nothing seen, none, or fever alone."""
    if change.low is None:
        unseen = "not_observed" in change.flags  # else the flags say why: outside the window
        return [say("nothing valid is charted that this scale looks at")] if unseen else []
    if change.low == DEATH or change.high == DEATH:
        return [say("death")]
    if change.high == 0:
        return [say("looked, and none")]
    return [say("fever alone")] if change.low == 1 and any(v.name == fever for v in change.facts) else []


def _episode_view(row: EpisodeRow, words: Words) -> Values:
    end = words.time(row.end) if row.end is not None and not row.ongoing else words.say("ongoing")
    return {
        "number": row.episode,
        "onset": words.time(row.onset),
        "end": end,
        "peak": show_grade(row.peak_low, row.peak_high),
        "charted_peak": show_grade(row.charted_peak_low, row.charted_peak_high),
        "days": "" if row.duration_days is None else decimal(f"{row.duration_days:g}", words.say),
        "treatments": [words.signal(name) for name in row.treatments],
        "flags": words.flags(row.flags),
    }


def _recorded_view(row: ConcordanceRow, graded: Graded, words: Words) -> Values:
    derived = row_at((one for one in graded.timeline if one.scale == row.scale), row.time)
    why = reason(derived, row.recorded, words.say, words.signal, words.flag) if derived else ""
    agrees = {True: "yes", False: "no", None: "not graded"}[row.agrees]
    grade = show_grade(row.low, row.high)
    return {"time": words.time(row.time), "recorded": row.recorded, "grade": grade, "agrees": words.say(agrees),
            "reason": why}  # fmt: skip


def _biomarker_view(row: BiomarkerRow, words: Words) -> Values:
    def values(low: float | None, high: float | None, time: int | None = None) -> str:
        text = decimal(show_values(low, high), words.say)
        return text if time is None else f"{text}, {words.time(time)}"

    def days(number: float | None) -> str:
        return "" if number is None else f"{decimal(f'{number:g}', words.say)} {words.say('days')}"

    tocilizumab = f"{words.say('after tocilizumab')}: {row.after_tocilizumab} / {row.measurements}"
    return {
        "name": name_signal(row.signal, words.say),
        "unit": show_unit(row.unit),
        "count": row.measurements,
        "baseline": values(row.baseline_low, row.baseline_high, row.baseline_time),
        "peak": values(row.peak_low, row.peak_high, row.peak_time),
        "fold": values(row.fold_low, row.fold_high),
        "doubling": days(row.doubling_days),
        "normal": "" if row.normal_time is None else words.time(row.normal_time),
        "area": values(row.auc_0_28_low, row.auc_0_28_high),
        "last": values(row.last_low, row.last_high, row.last_time),
        "remarks": [*([tocilizumab] if row.after_tocilizumab else []), *words.flags(row.flags)],
    }
