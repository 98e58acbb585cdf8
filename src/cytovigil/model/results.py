"""What grading returns: rows of the output tables, in the columns and the order of the contract."""

from decimal import Decimal
from typing import NamedTuple

from cytovigil.model.problems import Problem

REPORT, REPORT_PAGES = "report.html", "report-patients"  # a file, and a folder where the file would be too large


def show_grade(low: int | None, high: int | None) -> str:
    """A grade as people read it: `3`, a range `2..4`, or `-` where there is none."""
    if low is None or high is None:
        return "-"
    return str(low) if low == high else f"{low}..{high}"


def show_values(low: float | None, high: float | None) -> str:
    """A number as people read it: `3.5`, a range `2..4`, an open one as `≥2` or `≤4`, `-` where nothing is known."""
    texts = ["" if one is None else f"{Decimal(repr(one)).normalize():f}" for one in (low, high)]
    if low == high or None not in (low, high):
        return "..".join(dict.fromkeys(texts)) or "-"
    return f"≤{texts[1]}" if low is None else f"≥{texts[0]}"


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


class SummaryRow(NamedTuple):
    """The summary of one scale, with whose it is: what `summary` spreads over its columns."""

    patient_id: str
    infusion: int
    scale: str
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


class BiomarkerRow(NamedTuple):
    """How one signal went after the infusion, in its unit; an end that is not known is null, as above `>1000`.

    Days count 24 h: `peak_day` and `auc_*_day` from the infusion, `days_to_normal` from the peak.
    """

    patient_id: str
    infusion: int
    signal: str
    unit: str
    measurements: int
    baseline_low: float | None
    baseline_high: float | None
    baseline_time: int | None
    peak_low: float | None
    peak_high: float | None
    peak_time: int | None
    peak_day: float | None
    fold_low: float | None
    fold_high: float | None
    doubling_days: float | None
    last_low: float | None
    last_high: float | None
    last_time: int | None
    normal_time: int | None = None
    days_to_normal: float | None = None
    auc_0_28_low: float | None = None
    auc_0_28_high: float | None = None
    auc_from_day: float | None = None
    auc_to_day: float | None = None
    tocilizumab_time: int | None = None
    after_tocilizumab: int | None = None
    flags: tuple[str, ...] = ()


class CytopeniaRow(NamedTuple):
    """Days below one threshold of a scale that counts days, beside its grade at the end; null where it counts none.

    `threshold` is in `unit`; `cumulative` adds up all runs of which `longest` is one, with unstable recovery inside.
    `imputed_share` is of the days that have a count or are imputed; `gcsf_days` and `transfusion_days` are days with a
    count taken within `support_h` after growth factor, or after a platelet transfusion.
    """

    patient_id: str
    infusion: int
    scale: str
    threshold: float
    unit: str
    longest_low: int | None
    longest_high: int | None
    cumulative_low: int | None
    cumulative_high: int | None
    days_counted: int
    days_imputed: int | None
    days_missing: int | None
    imputed_share: float | None
    gcsf_days: int
    transfusion_days: int
    low: int | None = None
    high: int | None = None


class ScoreRow(NamedTuple):
    """A risk score from the moment at which its inputs changed; an end that is not known is null.

    `band` is the published class, or the first and the last that are possible; `inputs` are the values used, as
    reported, with their times.
    """

    patient_id: str
    infusion: int
    score: str
    time: int
    low: float | None
    high: float | None
    band: str
    inputs: tuple[str, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]


class Scored(NamedTuple):
    """All scores of one infusion of one patient."""

    patient_id: str
    infusion: int
    rows: tuple[ScoreRow, ...]
    notes: tuple[Problem, ...] = ()


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
    biomarkers: tuple[BiomarkerRow, ...] = ()
    cytopenia: tuple[CytopeniaRow, ...] = ()
