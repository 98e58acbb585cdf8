"""Where a patient stands: the grade now, the worst of the last day, when somebody looked last; worst first."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from cytovigil.engine.record import Record
from cytovigil.model.events import Patient
from cytovigil.model.results import Graded, TimelineRow
from cytovigil.model.times import DAY, HOUR
from cytovigil.model.vocabulary import signals

UNSEEN_RANK = 1.5


class ScaleStanding(NamedTuple):
    """One scale: the last row of the timeline, since when its grade is the same, and the worst of the whole course."""

    scale: str
    now: TimelineRow | None
    since: int | None
    peak_low: int | None
    peak_high: int | None


class Standing(NamedTuple):
    """An infusion at the end of what is graded (`until`, seconds UTC). `rank`: low, high, hours unseen."""

    patient: Patient
    until: int
    unseen_h: float
    scales: tuple[ScaleStanding, ...]
    rank: tuple[float, int, float]


class Quality(NamedTuple):
    """Hours over all scales: graded, observed, known (one grade); and what would have narrowed ranges, in hours."""

    graded_h: float
    observed_h: float
    known_h: float
    to_chart: dict[str, float]


def standing(record: Record, graded: Graded, acute: Collection[str]) -> Standing:
    """Where an infusion stands at the end of its graded time; rows withdrawn, or known after its as-of, are no look.

    Scales are not mixed: of those graded only the `acute` ones, CRS and ICANS, rank a patient and tell when the record
    ends, where there are any.
    """
    patient, settings = record.patient, record.settings
    timeline = [row for row in graded.timeline if row.scale in acute] or graded.timeline
    until = max((row.end for row in timeline), default=patient.infusion_time)
    looks = [row.time for name in signals() for row in record.between(name, patient.infusion_time, until)]
    unseen_h = (until - max(looks, default=patient.infusion_time)) / HOUR
    scales = tuple(_scale(graded, name, until) for name in sorted(graded.summaries))
    recent = [row for row in timeline if until - DAY < row.end and row.start <= until]
    low = max((row.low for row in recent if row.low is not None), default=-1)
    high = max((row.high for row in recent if row.high is not None), default=-1)
    unseen = not looks or unseen_h > settings.unseen_h  # whom nobody ever assessed never looks calm
    return Standing(patient, until, unseen_h, scales, (max(low, UNSEEN_RANK) if unseen else low, high, unseen_h))


def quality(timeline: Sequence[TimelineRow]) -> Quality:
    """How much of the graded time was observed and known, and what to chart."""
    total = observed = known = 0.0
    to_chart: dict[str, float] = {}
    for row in timeline:
        hours = (row.end - row.start) / HOUR
        total += hours
        observed += hours if row.low is not None else 0
        known += hours if row.low is not None and row.low == row.high else 0
        for name in row.missing if row.low != row.high else ():
            to_chart[name] = to_chart.get(name, 0) + hours
    return Quality(total, observed, known, to_chart)


def _scale(graded: Graded, name: str, until: int) -> ScaleStanding:
    rows = [row for row in graded.timeline if row.scale == name and row.start <= until]
    last = rows[-1] if rows and rows[-1].end >= until - DAY else None
    summary = graded.summaries[name]
    return ScaleStanding(name, last, _since(rows) if last else None, summary.low, summary.high)


def _since(rows: Sequence[TimelineRow]) -> int:
    index = len(rows) - 1
    while index and (rows[index - 1].low, rows[index - 1].high) == (rows[index].low, rows[index].high):
        index -= 1
    return rows[index].start
