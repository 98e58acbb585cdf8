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


def biomarker_lines(rows: Sequence[BiomarkerRow], zone: ZoneInfo) -> list[str]:
    """A section of text; empty where nothing was measured."""
    if not rows:
        return []
    return ["", "Biomarkers until then", *(f"  {row.signal}: {'; '.join(_parts(row, zone))}" for row in rows)]


def _parts(row: BiomarkerRow, zone: ZoneInfo) -> Iterator[str]:
    if row.peak_low is not None:
        yield f"peak {show_values(row.peak_low, row.peak_high)} {row.unit}{_at(row.peak_time, zone)}"
    if row.peak_day is not None:
        yield f"day {row.peak_day:g}"
    if row.baseline_time is not None:
        yield f"baseline {show_values(row.baseline_low, row.baseline_high)} {row.unit}{_at(row.baseline_time, zone)}"
    if (fold := show_values(row.fold_low, row.fold_high)) != "-":
        yield f"fold change {fold}"
    if row.doubling_days is not None:
        yield f"doubled in {row.doubling_days:g} days"
    if row.normal_time is not None:
        yield f"normal{_at(row.normal_time, zone)}, {row.days_to_normal:g} days after the peak"
    if row.auc_from_day is not None:
        area = show_values(row.auc_0_28_low, row.auc_0_28_high)
        yield f"AUC0-28 {area} {row.unit}*day, measured from day {row.auc_from_day:g} to {row.auc_to_day:g}"
    if row.last_time is not None:
        yield f"last {show_values(row.last_low, row.last_high)} {row.unit}{_at(row.last_time, zone)}"
    if row.after_tocilizumab:
        yield f"{row.after_tocilizumab} of {row.measurements} measurements after tocilizumab"


def _at(time: int | None, zone: ZoneInfo) -> str:
    return "" if time is None else f" at {format_time(time, zone)}"
