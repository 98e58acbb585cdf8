"""The same bytes of output from both engines, on random courses in Parquet cut by row groups and by batches.

Patient ids are neither contiguous nor in the order of numbers; some patients are larger than what is read at once.
"""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cytovigil import grading
from cytovigil.app import grade
from cytovigil.model.events import UNREADABLE, Course, Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.times import format_time
from cytovigil.model.vocabulary import signals
from cytovigil.readers.tables import open_courses
from cytovigil.writers.canonical_csv import csv_line
from engines.strategies import START, UNITS, courses
from readers.test_typed_events import AT_ONCE, read_at_once

MOMENT = pa.timestamp("us", "UTC")
SCHEMA = pa.schema([
    ("patient_id", pa.string()), ("time", MOMENT), ("signal", pa.string()), ("value", pa.float64()),
    ("value_text", pa.string()), ("unit", pa.string()), ("end", MOMENT), ("source_id", pa.string()),
    ("recorded_at", MOMENT), ("status", pa.string()), ("route", pa.string()), ("ref_low", pa.float64()),
    ("ref_high", pa.float64()),
])  # fmt: skip
IDS = ("10", "9", "100", "P2", "P10", "p2", "é7", "a|b", "-1")  # by their bytes another order than by number
PATIENT = (
    "infusion", "infusion_time", "age_years", "sex", "baseline_ice", "baseline_capd", "baseline_oxygen",
    "lymphodepletion_start", "last_followup", "death_time", "death_cause", "progression_date", "next_therapy_date",
)  # fmt: skip
TIMES = {name for name in PATIENT if name.endswith(("_time", "_date", "_start")) or name == "last_followup"}
TABLES = ("timeline", "daily", "episodes", "summary", "concordance", "cytopenia", "biomarkers")


def said(row: Event) -> dict[str, Any]:
    """Value and unit of a row, as a chart has them; a bound is one of the two that can be written."""
    signal = signals()[row.signal]
    if signal.kind == "category":
        return {"value_text": "?!" if row.word == UNREADABLE else row.word}
    fits = signal.kind == "number" or signal.is_rate == row.rate
    unit = signal.unit if fits else ("ug/min" if row.rate else "mg")
    if row.low is None or row.high is None:
        return {"unit": unit}
    low, high = (float(value * signal.step) for value in (row.low, row.high))
    if row.signal == "temperature" and row.unit:
        low, high, unit = low * 1.8 + 32, high * 1.8 + 32, UNITS[row.signal]
    if low == high:
        return {"value": low, "unit": unit}
    return {"value_text": f"<{high:.4g}" if row.time % 7200 else f">{low:.4g}", "unit": unit}


def charted(patient_id: str, row: Event) -> dict[str, Any]:
    """A row of events; a limit that is none is left out."""
    step = float(signals()[row.signal].step)
    limits = {name: getattr(row, name) and getattr(row, name) * step for name in ("ref_low", "ref_high")}
    times = {name: getattr(row, name) for name in ("time", "end", "recorded_at")}
    return {
        "patient_id": patient_id, "signal": row.signal, "source_id": row.source_id or None, "route": row.route,
        "status": "entered_in_error" if row.withdrawn else "done", **said(row),
        **{name: value or None for name, value in limits.items()},
        **{name: None if t is None else datetime.fromtimestamp(t, UTC) for name, t in times.items()},
    }  # fmt: skip


def write(folder: Path, ids: Sequence[str], found: Sequence[Course], row_group: int, in_order: bool) -> None:
    """Tables of patients, and of their events; not in order of patient they are read as rows, not as columns."""
    named = sorted(zip(ids, found, strict=False), key=lambda one: one[0].encode())
    rows = [charted(patient_id, row) for patient_id, course in named for row in course.events]
    rows = rows if in_order else rows[::2] + rows[1::2]
    columns = {name: [row.get(name) for row in rows] for name in SCHEMA.names}
    pq.write_table(pa.table(columns, schema=SCHEMA), folder / "events.parquet", row_group_size=row_group)
    lines = [csv_line((patient_id, *map(str, cells(one)))) for patient_id, course in named for one in course.infusions]
    (folder / "patients.csv").write_text(csv_line(("patient_id", *PATIENT)) + "".join(lines), "utf-8")


def cells(patient: Patient) -> list[object]:
    zone = Settings().zone
    found = {name: getattr(patient, name) for name in PATIENT}
    shown = {name: format_time(t, zone) for name, t in found.items() if name in TIMES and t is not None}
    return ["" if value is None else value for value in (found | shown).values()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.permutations(IDS),
    st.lists(courses(), min_size=1, max_size=5),
    st.none() | st.integers(0, 40 * 24).map(lambda h: START + h * 3600),
    st.sampled_from([2, 7, 50]), AT_ONCE, st.sampled_from([1, 2, 400]),
    st.sampled_from([True, True, False]),
)  # fmt: skip
def test_both_engines_write_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ids: list[str], found: list[Course], as_of: int | None,
    row_group: int, at_once: tuple[int, int], block: int, in_order: bool,
) -> None:  # fmt: skip
    read_at_once(monkeypatch, *at_once)
    monkeypatch.setattr(grading, "BLOCK", block)
    monkeypatch.setattr(grading, "MANY", 1 << 40)  # in this process
    shutil.rmtree(tmp_path / "ward", ignore_errors=True)
    (tmp_path / "ward").mkdir()
    write(tmp_path / "ward", ids, found, row_group, in_order)
    with open_courses([tmp_path / "ward"], Settings(), typed_from=0) as source:
        assert source.is_typed or not in_order or not any(course.events for course in found)
    until = None if as_of is None else format_time(as_of, Settings().zone)
    written = {}
    for engine in ("reference", "columnar"):
        report = grade([tmp_path / "ward"], tmp_path / engine, scales="all", as_of=until, form="csv", engine=engine)
        written[engine] = {path.name: path.read_bytes() for path in (tmp_path / engine).iterdir()}
        assert report.patients == len(found)
    for name, text in written["reference"].items():
        assert written["columnar"][name] == text, name
    assert {f"{name}.csv" for name in TABLES} < written["columnar"].keys()
