"""The canonical form, cell by cell, and that large tables are written in bounded row groups."""

import csv
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.model.results import show_grade
from cytovigil.terminal import render_table
from cytovigil.writers.canonical_csv import csv_cell, csv_line, plain_number
from cytovigil.writers.columns import Cell, Column, Kind
from cytovigil.writers.parquet import ROW_GROUP, ParquetTable

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        (None, "grade", ""),
        (0, "grade", "0"),
        (True, "truth", "true"),
        (False, "truth", "false"),
        ((), "list", ""),
        (("spo2", "ice"), "list", "ice|spo2"),
        (1_772_438_400, "time", "2026-03-02T09:00:00+01:00"),
        (1_782_000_000, "time", "2026-06-21T02:00:00+02:00"),
        (2.50, "number", "2.5"),
        (24.0, "number", "24"),
        (-0.0, "number", "0"),
        (1e-7, "number", "0.0000001"),
        (1e22, "number", "10000000000000000000000"),
        ("=1+1", "text", "=1+1"),
        ("2026-03-02", "date", "2026-03-02"),
    ],
)
def test_a_cell(cell: Cell, kind: Kind, text: str) -> None:
    assert csv_cell(cell, kind, ZONE) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value(number: float) -> None:
    text = plain_number(number)
    assert float(text) == number
    assert "e" not in text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2))
def test_any_text_comes_back_unchanged(cells: list[str]) -> None:
    assert next(csv.reader(StringIO(csv_line(cells), newline=""))) == cells


def test_row_groups_are_bounded(tmp_path: Path) -> None:
    table = ParquetTable(tmp_path, "many", [Column("patient_id", "text"), Column("missing", "list")], {})
    for _ in range(3):
        table.append([("P1", ("spo2", "ice"))] * ROW_GROUP)
    table.append([("P2", ())])
    table.close()
    found = pq.ParquetFile(tmp_path / "many.parquet")
    assert [found.metadata.row_group(i).num_rows for i in range(found.num_row_groups)] == [ROW_GROUP] * 3 + [1]
    assert found.read_row_group(3).column("missing").to_pylist() == [[]]
    assert found.read_row_group(0).column("missing")[0].as_py() == ["ice", "spo2"]
    found.close()


def test_tables_of_the_terminal() -> None:
    assert render_table(("a", "n"), [("x", 10), ("yy", 2)], numbers=True) == "a    n\n--  --\nx   10\nyy   2\n"
    assert [show_grade(1, 1), show_grade(2, 4), show_grade(None, None)] == ["1", "2..4", "-"]
