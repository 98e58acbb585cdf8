"""Rows come back in the same order, whether they were kept or written to disk."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cytovigil.readers import spool as module
from cytovigil.readers.errors import InputError
from cytovigil.readers.raw import RawEvent, RawPatient
from cytovigil.readers.spool import Spool

IDS = ("P2", "p", "é", "P1", "\U0001f600", "\uff5e", "P1", "P10")
IN_ORDER = ("", "P1", "P1", "P10", "P2", "é", "é", "\uff5e", "\U0001f600")


def rows_of(folder: Path, ids: Sequence[str] = IDS) -> tuple[list[RawEvent], list[int]]:
    rows = [RawEvent(0, number, one, "", "ice", str(number), *[""] * 12) for number, one in enumerate(ids)]
    spool = Spool(folder)
    told = [*spool.write_events(rows[:5]), *spool.write_events(rows[5:])]
    assert spool.event_count == len(rows) == sum(told)
    found = list(spool.events())
    spool.close()
    return found, told


@pytest.mark.parametrize("batch", [1, 3, 8])
def test_order_does_not_depend_on_where_rows_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    kept, told = rows_of(tmp_path)
    assert told == [5, 3] and list(tmp_path.iterdir()) == []
    assert kept == sorted(kept, key=lambda row: (row.patient_id.encode(), row.row))
    monkeypatch.setattr(module, "_BATCH", batch)
    assert rows_of(tmp_path)[0] == kept
    assert (tmp_path / "events.parquet").exists()


@pytest.mark.parametrize("batch", [1, 3, 8])
def test_rows_in_order_are_not_sorted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(module, "_BATCH", batch)
    assert [row.row for row in rows_of(tmp_path, IN_ORDER)[0]] == [*range(len(IN_ORDER))]
    assert [path.name for path in tmp_path.iterdir()] == ["events.parquet"]


@pytest.mark.parametrize("batch", [1, 3, 8])
@pytest.mark.parametrize("ids", [IDS, IN_ORDER])
def test_patients_are_counted_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int, ids: tuple[str, ...]
) -> None:
    monkeypatch.setattr(module, "_BATCH", batch)
    spool = Spool(tmp_path)
    assert sum(spool.write_patients(RawPatient(0, row, one, *[""] * 21) for row, one in enumerate(ids))) == len(ids)
    assert spool.count_patients() == len(set(ids))
    assert [row.patient_id for row in spool.patients()] == sorted(ids)
    spool.close()


@pytest.mark.parametrize("ids", [IDS, IN_ORDER])
def test_a_file_that_goes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ids: tuple[str, ...]) -> None:
    monkeypatch.setattr(module, "_BATCH", 3)
    spool = Spool(tmp_path / "spool")
    (tmp_path / "spool").mkdir()
    assert sum(spool.write_events(RawEvent(0, row, one, *[""] * 15) for row, one in enumerate(ids))) == len(ids)
    (tmp_path / "spool" / "events.parquet").unlink()
    with pytest.raises(InputError, match="the temporary folder"):
        list(spool.events())
    spool.close()


def test_a_separator_in_an_id_is_a_space_in_order_too(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    rows = [RawEvent(0, number, one, "", "ice", "", *[""] * 12) for number, one in enumerate(["a\x1fb", "a!", "a b"])]
    assert sum(spool.write_events(rows)) == 3
    assert [row.patient_id for row in spool.events()] == ["a b", "a b", "a!"]
    spool.close()
