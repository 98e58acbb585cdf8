"""Follow-up is the same from rows and from columns, on one core and on several, with and without the short way."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil import app_followup
from cytovigil.app_followup import FollowReport, followup
from cytovigil.charted import as_they_count
from cytovigil.engine.record import Record
from cytovigil.model.events import UNREADABLE, Event, Patient
from cytovigil.model.settings import Settings

ON = dt.date(2027, 1, 20)
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
PRODUCTS = (("axi-cel", "LBCL"), ("tisa-cel", "B-ALL"), ("cilta-cel", "MM"))


def write(folder: Path, form: str) -> Path:
    """Forty patients: counts, doses with an end, findings, a vaccine by name, a correction, a row entered in error."""
    rows = []
    for number in range(40):
        name = f"F{number:03d}"
        for day in range(20 + number, 330, 45):
            rows.append((name, day, "neutrophils", "1.2", "10*9/L", None, f"a{day}", "", "done", None))
            rows.append((name, day, "igg", "3.8" if number % 2 else "<0.2", "g/L", None, f"b{day}", "", "done", None))
            rows.append((name, day, "cotrimoxazole", "480", "mg", day + 7, f"c{day}", "", "done", None))
            rows.append((name, day, "temperature", "37", "Cel", None, f"d{day}", "", "done", None))
        rows.append((name, 250, "vaccine", "1", "{dose}", None, "v1", "Influenza 2026", "done", None))
        if number % 3 == 0:
            rows.append((name, 320, "cd4", "150", "/uL", None, "x1", "", "done", 320))
            rows.append((name, 320, "cd4", "250", "/uL", None, "x1", "", "done", 321 + number))
        if number % 4 == 0:
            rows.append((name, 200, "other_neurotoxicity", "neuropathy", None, 260, "n1", "", "done", None))
            rows.append((name, 210, "infection", "bacterial", None, 220, "i1", "", "done", None))
            rows.append((name, 315, "platelets", "40", "10*9/L", None, "p1", "", "done", None))
            rows.append((name, 318, "prednisolone", "10", "mg", 321, "s1", "", "done", None))
        if number % 5 == 0:
            rows.append((name, 322, "b_cells", "130", "/uL", None, "y1", "", "done", None))
            rows.append((name, 322, "b_cells", "130", "/uL", None, "y1", "", "entered_in_error", 323))
    heads = ("patient_id", "time", "signal", "value", "unit", "end", "source_id", "text", "status", "recorded_at")
    columns = dict(zip(heads, map(list, zip(*rows, strict=True)), strict=True))
    for head in ("time", "end", "recorded_at"):
        times = [None if day is None else START + dt.timedelta(days=day) for day in columns[head]]
        columns[head] = pa.array(times, pa.timestamp("us", "UTC"))
    people = [(f"F{n:03d}", START + dt.timedelta(days=n), *PRODUCTS[n % 3], 20 + n) for n in range(41)]
    patients = dict(
        zip(
            ("patient_id", "infusion_time", "product", "disease", "age_years"),
            map(list, zip(*people, strict=True)),
            strict=True,
        )
    )
    folder.mkdir()
    for table, name in ((pa.table(columns), "events"), (pa.table(patients), "patients")):
        if form == "csv":
            pyarrow.csv.write_csv(table, folder / f"{name}.csv")
        else:
            pq.write_table(table, folder / f"{name}.parquet")
    return folder


def said(report: FollowReport) -> tuple[object, ...]:
    return report.patients, report.told, report.problems


@pytest.fixture
def expected(tmp_path: Path) -> FollowReport:
    return followup([write(tmp_path / "csv", "csv")], ON, calendar="nl")


def test_rows_and_columns(tmp_path: Path, expected: FollowReport, monkeypatch: pytest.MonkeyPatch) -> None:
    assert expected.patients == 41 and sum(len(one.open_) for one in expected.told) > 100
    monkeypatch.setattr(app_followup, "COLUMNAR_FROM", 1)
    found = followup([write(tmp_path / "parquet", "parquet")], ON, calendar="nl")
    assert said(found) == said(expected)


def test_one_core_and_several(tmp_path: Path, expected: FollowReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_followup, "COLUMNAR_FROM", 1)
    monkeypatch.setattr(app_followup, "MANY", 1)
    monkeypatch.setattr(app_followup, "cores", lambda: 2)
    told: list[tuple[str, int, int | None]] = []
    folder = write(tmp_path / "parquet", "parquet")
    found = followup([folder], ON, calendar="nl", progress=lambda *one: told.append(one))
    assert said(found) == said(expected)
    assert sum(count for stage, count, _ in told if stage == "patients followed") == 41


def test_a_row_entered_in_error_is_left_out_of_columns_without_times_of_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in ("csv", "parquet"):
        folder = write(tmp_path / form, "parquet")
        table = pq.read_table(folder / "events.parquet").drop_columns(["recorded_at"])
        pq.write_table(table, folder / "events.parquet")
        if form == "csv":
            pyarrow.csv.write_csv(table, folder / "events.csv")
            (folder / "events.parquet").unlink()
    expected = followup([tmp_path / "csv"], ON)
    monkeypatch.setattr(app_followup, "COLUMNAR_FROM", 1)
    assert said(followup([tmp_path / "parquet"], ON)) == said(expected)


@st.composite
def rows(draw: st.DrawFn) -> Event:
    name = draw(st.sampled_from(["igg", "cd4", "aciclovir", "vaccine"]))
    time, value = draw(st.integers(0, 40)) * 100, draw(st.integers(0, 3))
    source, recorded = draw(st.sampled_from(["", "a"])), draw(st.sampled_from([None, None, None, 4100, 4200]))
    word = UNREADABLE if name == "igg" and draw(st.integers(0, 9)) == 0 else ""
    withdrawn = draw(st.integers(0, 19)) == 0 and bool(source)
    return Event("P", time, name, value, value, word, source_id=source, recorded_at=recorded, withdrawn=withdrawn)


@given(st.lists(rows(), max_size=8))
def test_the_short_way_is_the_same(events: list[Event]) -> None:
    """Of rows apart in time that nothing replaces, those that count are all of them."""
    record = Record(Patient("P", 0), events, Settings(), 4150)
    found = as_they_count(events, 4150, Settings())
    kept = {name: found[name] for name in found if found[name]}
    assert kept == {name: record.rows(name) for name in sorted({row.signal for row in events}) if record.rows(name)}
