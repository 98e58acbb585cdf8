"""Typed events are read as columns, and say what the reader of rows says: events, problems, what nothing maps."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cytovigil.engine.columnar.charted import Charted
from cytovigil.model.events import Course
from cytovigil.model.settings import Settings
from cytovigil.readers import event_columns, typed_events
from cytovigil.readers.errors import InputError
from cytovigil.readers.row_kinds import coded
from cytovigil.readers.tables import CourseSource, open_courses
from cytovigil.readers.typed_events import whole_patients

START = 1_772_434_800
MOMENT = pa.timestamp("us", "UTC")
SCHEMA = pa.schema([
    ("patient_id", pa.string()), ("time", MOMENT), ("signal", pa.string()), ("value", pa.float64()),
    ("value_text", pa.string()), ("unit", pa.string()), ("end", MOMENT), ("source_id", pa.string()),
    ("recorded_at", MOMENT), ("recorded_by", pa.string()), ("status", pa.string()), ("route", pa.string()),
    ("text", pa.string()), ("ref_low", pa.float64()), ("ref_high", pa.float64()), ("system", pa.string()),
])  # fmt: skip
NO = st.none()
FAR = datetime(2300, 1, 1, tzinfo=UTC)  # later than what is read
MOMENTS = st.integers(-48, 96).map(lambda half: datetime.fromtimestamp(START + half * 1800, UTC))
SAID = st.sampled_from([
    ("temperature", 38.5, None, "Cel"), ("temperature", 101.3, None, "[degF]"), ("temperature", 38.5, None, "mg"),
    ("temperature", None, "feverish", "Cel"), ("temperature", None, None, "Cel"), ("temperature", 380.0, None, "Cel"),
    ("crp", None, "<0.1", "mg/dL"), ("crp", 12.0, None, "mg/L"), ("neutrophils", None, "haemolytic", "10*9/L"),
    ("neutrophils", 0.5, None, "10*9/L"), ("bilirubin", 1.8, None, "mg/dL"),
    ("oxygen_device", None, "nasal_cannula", None), ("oxygen_device", None, "a tent", None),
    ("norepinephrine", 0.1, None, "ug/kg/min"), ("norepinephrine", 4.0, None, "ug/min"),
    ("norepinephrine", None, "stopped", None), ("tocilizumab", 640.0, None, "mg"), ("tocilizumab", None, None, None),
    ("attribution", None, "fever:infection", None), ("horoscope", 7.0, None, None), (None, 7.0, None, None),
    ("ice", 7.0, None, None), ("death", None, "crs", None), ("recorded_crs_grade", 2.0, None, None),
])  # fmt: skip
ROWS = st.fixed_dictionaries({
    "patient_id": st.sampled_from(["P1", "P2", "P3", "stranger"]), "said": SAID,
    "time": MOMENTS | MOMENTS | MOMENTS | NO,
    "end": NO | NO | MOMENTS | st.just(FAR), "source_id": NO | st.sampled_from(["a", "b", "b ", "NA"]),
    "recorded_at": NO | NO | MOMENTS | st.just(FAR),
    "recorded_by": NO | st.just("nurse"),
    "status": NO | NO | st.sampled_from(["done", "planned", "odd", "entered_in_error"]),
    "route": NO | NO | st.sampled_from(["topical", "by owl"]), "text": NO | st.just("a note"),
    "ref_low": NO | st.sampled_from([0.0, 3.0]), "ref_high": NO | st.sampled_from([1.2, 5.0]),
    "system": NO | NO | NO | st.just("loinc"),
})  # fmt: skip
AT_ONCE = st.tuples(st.sampled_from([1, 2, 4, 1 << 20]), st.sampled_from([1, 5, 1 << 20]))


def read_at_once(monkeypatch: pytest.MonkeyPatch, rows: int, many: int) -> None:
    """So many rows are read at once, and so many are given."""
    monkeypatch.setattr(typed_events, "ROWS", rows)
    monkeypatch.setattr(event_columns, "MANY", many)


def write(folder: Path, rows: list[dict[str, Any]], row_group: int = 3) -> list[Path]:
    table = [row | dict(zip(("signal", "value", "value_text", "unit"), row["said"], strict=True)) for row in rows]
    table.sort(key=lambda row: row["patient_id"])
    columns = {name: [row[name] for row in table] for name in SCHEMA.names}
    pq.write_table(pa.table(columns, schema=SCHEMA), folder / "events.parquet", row_group_size=row_group)
    start = datetime.fromtimestamp(START, UTC).isoformat()
    patients = f"patient_id,infusion_time,weight_kg\nP1,{start},80\nP2,{start},\nP3,,\nP4,{start},\n"
    (folder / "patients.csv").write_text(patients, "utf-8")
    return [folder / "patients.csv", folder / "events.parquet"]


def by_columns(source: CourseSource) -> Iterator[Course]:
    for columns in source.columns():
        charted = Charted(*columns)
        assert list(columns.known_at) == [columns.event(row).known_at for row in range(len(columns.time))]
        yield from (charted.course(place) for place in range(len(columns.infusions)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=25), AT_ONCE)
def test_columns_say_what_rows_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]], at_once: tuple[int, int]
) -> None:
    read_at_once(monkeypatch, *at_once)
    paths = write(tmp_path, rows)
    with open_courses(paths, Settings()) as source:
        expected = list(source)
    with open_courses(paths, Settings(), typed_from=0) as typed:
        assert typed.is_typed
        found = list(by_columns(typed))
    assert found == expected
    assert typed.problems.rows() == source.problems.rows()
    assert (typed.unmapped, typed.inputs, typed.event_count) == (source.unmapped, source.inputs, source.event_count)


def row(patient: str = "P1", **cells: Any) -> dict[str, Any]:
    blank = dict.fromkeys(SCHEMA.names) | {"said": ("temperature", 38.5, None, "Cel")}
    return blank | {"patient_id": patient, "time": datetime.fromtimestamp(START + 60, UTC)} | cells


def test_two_rows_of_one_source_are_one_that_replaces_the_other(tmp_path: Path) -> None:
    late = datetime.fromtimestamp(START + 7200, UTC)
    rows = [
        row(source_id="a"),
        row(source_id="a", recorded_at=late),
        row("P2", source_id="a"),
        row("P2", source_id="b"),
        row("P4", source_id="a", recorded_at=late),
        row("P4", source_id=" a"),
    ]
    with open_courses(write(tmp_path, rows), Settings(), typed_from=0) as source:
        replaced = [one for columns in source.columns() for one in columns.replaced.tolist()]
    assert replaced == [True, False, True]


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("naive times", lambda table: table.set_column(1, "time", table["time"].cast(pa.timestamp("us")))),
        ("times as text", lambda table: table.set_column(1, "time", table["time"].cast(pa.string()))),
        ("patients in disorder", lambda table: table.take([1, 0])),
        ("a patient in two places", lambda table: table.take([0, 1, 0])),
        ("a row of nobody", lambda table: table.set_column(0, "patient_id", pa.array(["P1", None]))),
        ("numbers for names", lambda table: table.set_column(0, "patient_id", pa.array([1, 2]))),
    ],
)
def test_another_form_is_read_as_rows(tmp_path: Path, what: str, change: Any) -> None:
    paths = write(tmp_path, [row("P1"), row("P2")])
    pq.write_table(change(pq.read_table(paths[1])), paths[1])
    with open_courses(paths, Settings(), typed_from=0) as source:
        assert not source.is_typed, what
        assert len(list(source)) == 3


def test_few_rows_and_two_tables_of_events_are_read_as_rows(tmp_path: Path) -> None:
    paths = write(tmp_path, [row("P1")])
    with open_courses(paths, Settings(), typed_from=2) as source:
        assert not source.is_typed
    (tmp_path / "more.parquet").write_bytes(paths[1].read_bytes())
    with open_courses([*paths, tmp_path / "more.parquet"], Settings(), typed_from=0) as source:
        assert not source.is_typed


@pytest.mark.parametrize(("value", "kind"), [("NA", pa.string()), (float("nan"), pa.float64()), (None, pa.float64())])
def test_a_value_that_stands_for_none_is_told_as_it_stands(tmp_path: Path, value: Any, kind: pa.DataType) -> None:
    paths = write(tmp_path, [row("P1"), row("P2")])
    table = pq.read_table(paths[1]).drop_columns(["value_text"])
    pq.write_table(table.set_column(3, "value", pa.array([value, value], kind)), paths[1])
    with open_courses(paths, Settings()) as source:
        list(source)
    with open_courses(paths, Settings(), typed_from=0) as typed:
        list(typed.columns())
    assert typed.problems.rows() == source.problems.rows() != []


def test_codes_have_room_for_no_value() -> None:
    words = [f"w{number}" for number in range(128)]
    indices = pa.array([*range(128), None], pa.int8())
    codes, found = coded(pa.DictionaryArray.from_arrays(indices, pa.array(words)))
    assert (codes[-1], found) == (128, [*words, ""])


def test_the_last_patient_is_held_back_whatever_is_in_his_id() -> None:
    table = pa.table({"patient_id": ["P1", "P2\0x", "P2\0x"]})
    whole, rest = whole_patients(table, "patient_id")
    assert (whole.num_rows, [one.num_rows for one in rest]) == (1, [2])


def test_a_file_that_is_written_while_patients_are_looked_for_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, find = write(tmp_path, [row("P1"), row("P2")]), typed_events._begins

    def slowly(path: Path, name: str) -> Any:
        found = find(path, name)
        os.utime(path, (1, 1))
        return found

    monkeypatch.setattr(typed_events, "_begins", slowly)
    with (
        open_courses(paths, Settings(), typed_from=0) as source,
        pytest.raises(InputError, match=r"'events.parquet' was changed while it was read"),
    ):
        list(source.columns())


def test_a_block_has_not_too_many_patients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = write(tmp_path, [row("P1"), row("P2"), row("P4")])
    monkeypatch.setattr(typed_events, "ROWS", 1)
    monkeypatch.setattr(event_columns, "PATIENTS", 2)
    with open_courses(paths, Settings(), typed_from=0) as source:
        assert [len(one.infusions) for one in source.columns()] == [2, 1]
