"""A graded course as text that a person can review: days, episodes and concordance of each scale."""

from collections.abc import Iterator

from cytovigil.model.events import Patient
from cytovigil.model.results import DailyRow, EpisodeRow, Graded, TimelineRow
from cytovigil.model.settings import Settings
from cytovigil.model.times import format_time, start_of_day_after

ZONE = Settings().zone
SCALES = ("crs-astct-2019", "crs-lee-2014", "crs-lee-2014-label", "icans-astct-2019")


def grades(low: int | None, high: int | None) -> str:
    """`3`, `0..4`, or `-` where no grade can be given."""
    if low is None:
        return "-"
    return str(low) if low == high else f"{low}..{high}"


def render_course(infusions: list[tuple[Patient, Graded]], shows: str) -> str:
    """The whole text of one patient; scales that give the same are written once."""
    lines = [infusions[0][0].patient_id, shows]
    for patient, graded in infusions:
        about = f"{patient.product}, {patient.disease}, {patient.sex}, {patient.age_years} years"
        lines += ["", f"Infusion {patient.infusion}: {format_time(patient.infusion_time, ZONE)}, {about}"]
        alike: dict[tuple[str, ...], list[str]] = {}
        for scale in SCALES:
            alike.setdefault(tuple(_scale(patient, graded, scale)), []).append(scale)
        for (total, *body), scales in alike.items():
            lines += ["", f"{', '.join(scales)}: {total}", *body]
    return "\n".join(lines) + "\n"


def day_rows(patient: Patient, graded: Graded, scale: str, day: int) -> list[TimelineRow]:
    """The graded stretches of one calendar day."""
    begin = max(start_of_day_after(patient.infusion_time, day, ZONE), patient.infusion_time)
    finish = start_of_day_after(patient.infusion_time, day + 1, ZONE)
    rows = (row for row in graded.timeline if row.scale == scale and row.low is not None)
    return [row for row in rows if row.start < finish and row.end > begin]


def day_flags(patient: Patient, graded: Graded, scale: str, day: int) -> list[str]:
    """Flags of the graded stretches of one calendar day."""
    return sorted({flag for row in day_rows(patient, graded, scale, day) for flag in row.flags})


def _scale(patient: Patient, graded: Graded, scale: str) -> Iterator[str]:
    total = graded.summaries[scale]
    yield f"{grades(total.low, total.high)}, not observed {total.unobserved_h:g} h"
    previous = -1
    for row in graded.daily:
        if row.scale == scale:
            if row.day > previous + 1:
                yield "  ..."
            previous = row.day
            yield _day(row, day_flags(patient, graded, scale, row.day))
    yield from (_episode(one) for one in graded.episodes if one.scale == scale)
    for row in graded.concordance:
        if row.scale == scale:
            derived = grades(row.low, row.high)
            verdict = "agrees" if row.agrees else f"differs: {row.reason}"
            yield f"  recorded {row.recorded} at {format_time(row.time, ZONE)}, derived {derived}: {verdict}"


def _day(row: DailyRow, flags: list[str]) -> str:
    hours = f"  ({row.unobserved_h:g} h not observed)" if row.unobserved_h else ""
    return f"  {row.date}  day {row.day:>2}  {grades(row.low, row.high):<5} {' '.join(flags)}{hours}".rstrip()


def _episode(one: EpisodeRow) -> str:
    end = "ongoing" if one.end is None else f"to {format_time(one.end, ZONE)}, {one.duration_days:g} days"
    peak, charted = grades(one.peak_low, one.peak_high), grades(one.charted_peak_low, one.charted_peak_high)
    text = f"  episode {one.episode}: from {format_time(one.onset, ZONE)} (day {one.onset_day}) {end}; peak {peak}"
    text += f" (as charted {charted})" if charted != peak else ""
    text += f"; treated with {', '.join(one.treatments)}" if one.treatments else "; untreated"
    return text + (f"; {' '.join(one.flags)}" if one.flags else "")


def daily_grades(graded: Graded, scale: str) -> list[str]:
    """The grade of each day from day 0 on; `.` for a day without graded time."""
    found = {row.day: grades(row.low, row.high) for row in graded.daily if row.scale == scale}
    return [found.get(day, ".") for day in range(max(found, default=-1) + 1)]
