"""Biomarkers in an explanation: as lines of text and as plain values."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from cytovigil.engine.biomarkers import biomarkers
from cytovigil.engine.record import Record
from cytovigil.logic.scale import EpisodicCourse, MomentCourse, Scale
from cytovigil.model.events import Event
from cytovigil.model.results import BiomarkerRow, show_values
from cytovigil.model.times import format_time
from cytovigil.model.told import Say, decimal


def biomarkers_until(record: Record, events: Iterable[Event], scale: Scale, when: int) -> tuple[BiomarkerRow, ...]:
    """What was known then, beside a grade of CRS or ICANS, or one that asks for ferritin; for other scales none."""
    if not isinstance(scale.course, EpisodicCourse | MomentCourse) and "ferritin" not in scale.signals:
        return ()
    known = Record(record.patient, events, record.settings, when, following=record.following)
    return tuple(biomarkers(known))


def biomarker_values(row: BiomarkerRow, zone: ZoneInfo) -> dict[str, Any]:
    """A row as plain values; times in the site's zone. Patient and infusion stand elsewhere."""
    values = row._asdict() | {"flags": list(row.flags)}
    times = {name: format_time(value, zone) for name, value in values.items() if name.endswith("_time") and value}
    return {name: times.get(name, value) for name, value in values.items() if name not in ("patient_id", "infusion")}


def biomarker_lines(rows: Sequence[BiomarkerRow], zone: ZoneInfo, say: Say = str) -> list[str]:
    """A section of text; empty where nothing was measured."""
    if not rows:
        return []
    lines = [f"  {row.signal}: {'; '.join(decimal(part, say) for part in _parts(row, zone, say))}" for row in rows]
    return ["", say("Biomarkers until then"), *lines]


def _parts(row: BiomarkerRow, zone: ZoneInfo, say: Say) -> Iterator[str]:
    if row.peak_low is not None:
        yield f"{say('peak')} {_value(row.peak_low, row.peak_high, row.unit, row.peak_time, zone, say)}"
    if row.peak_day is not None:
        yield f"{say('day')} {row.peak_day:g}"
    if row.baseline_time is not None:
        baseline = _value(row.baseline_low, row.baseline_high, row.unit, row.baseline_time, zone, say)
        yield f"{say('baseline')} {baseline}"
    if (fold := show_values(row.fold_low, row.fold_high)) != "-":
        yield f"{say('fold change')} {fold}"
    if row.doubling_days is not None:
        yield say("doubled in {days:g} days").format(days=row.doubling_days)
    if row.normal_time is not None:
        after = say("{days:g} days after the peak").format(days=row.days_to_normal)
        yield f"{_at(say('normal'), row.normal_time, zone, say)}, {after}"
    if row.auc_from_day is not None:
        area = show_values(row.auc_0_28_low, row.auc_0_28_high)
        days = say("measured from day {first:g} to {last:g}").format(first=row.auc_from_day, last=row.auc_to_day)
        yield f"AUC0-28 {area} {row.unit}*{say('day')}, {days}"
    if row.last_time is not None:
        yield f"{say('last')} {_value(row.last_low, row.last_high, row.unit, row.last_time, zone, say)}"
    if row.after_tocilizumab:
        counts = say("{some} of {all} measurements after tocilizumab")
        yield counts.format(some=row.after_tocilizumab, all=row.measurements)


def _value(low: float | None, high: float | None, unit: str, time: int | None, zone: ZoneInfo, say: Say) -> str:
    return _at(f"{show_values(low, high)} {unit}", time, zone, say)


def _at(value: str, time: int | None, zone: ZoneInfo, say: Say) -> str:
    return value if time is None else say("{value} at {time}").format(value=value, time=format_time(time, zone))
