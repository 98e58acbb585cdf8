"""What grading returns: rows of the output tables, in the columns and the order of the contract."""

from typing import NamedTuple

from cytovigil.model.problems import Problem

REPORT, REPORT_PAGES = "report.html", "report-patients"  # a file, and a folder where the file would be too large


def show_grade(low: int | None, high: int | None) -> str:
    """A grade as people read it: `3`, a range `2..4`, or `-` where there is none."""
    if low is None or high is None:
        return "-"
    return str(low) if low == high else f"{low}..{high}"


class TimelineRow(NamedTuple):
    """A stretch of time in which nothing changes. Null grades: not observed, or outside the scale's window."""

    patient_id: str
    infusion: int
    scale: str
    start: int
    end: int
    low: int | None
    high: int | None
    charted_low: int | None
    charted_high: int | None
    missing: tuple[str, ...]
    provisional: bool
    flags: tuple[str, ...]


class DailyRow(NamedTuple):
    """Worst grades of one calendar day at the site. `day` counts from the day of infusion (0); `date` is ISO."""

    patient_id: str
    infusion: int
    scale: str
    day: int
    date: str
    low: int
    high: int
    unobserved_h: float


class EpisodeRow(NamedTuple):
    """One episode. `end`: last moment a sign could be present; `confirmed`: when it could no longer reopen."""

    patient_id: str
    infusion: int
    scale: str
    episode: int
    onset: int
    end: int | None
    confirmed: int | None
    ongoing: bool
    peak_time: int | None
    peak_low: int | None
    peak_high: int | None
    charted_peak_low: int | None
    charted_peak_high: int | None
    onset_day: int
    duration_days: float | None
    treatments: tuple[str, ...]
    unobserved_h: float
    flags: tuple[str, ...]


class ScaleSummary(NamedTuple):
    """Worst grades of one scale over the whole graded time."""

    low: int | None
    high: int | None
    unobserved_h: float


class ConcordanceRow(NamedTuple):
    """A grade that a clinician charted beside the derived range at that time."""

    patient_id: str
    infusion: int
    scale: str
    time: int
    recorded: int
    low: int | None
    high: int | None
    agrees: bool | None
    reason: str


class Graded(NamedTuple):
    """All output of one infusion of one patient. `summaries` maps scale id to its summary."""

    patient_id: str
    infusion: int
    timeline: tuple[TimelineRow, ...]
    daily: tuple[DailyRow, ...]
    episodes: tuple[EpisodeRow, ...]
    summaries: dict[str, ScaleSummary]
    concordance: tuple[ConcordanceRow, ...]
    notes: tuple[Problem, ...] = ()
