"""A control character that stands between cells on disk may stand in a cell: it becomes a space, nothing moves."""

from pathlib import Path

from cytovigil.readers.raw import RawEvent
from cytovigil.readers.spool import Spool


def test_the_separator_in_a_cell_moves_nothing(tmp_path: Path) -> None:
    row = RawEvent(0, 7, "P1", "2026-03-02T08:00", "temperature", "38.6", *[""] * 12)
    odd = row._replace(row=8, text="left\x1fright")
    spool = Spool(tmp_path)
    assert list(spool.write_events([odd, row])) == [2]
    assert list(spool.events()) == [odd._replace(text="left right"), row]
    spool.close()
