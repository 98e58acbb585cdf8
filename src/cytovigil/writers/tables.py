"""All tables of one run, written as the patients come."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa

from cytovigil.model.results import Graded
from cytovigil.writers.canonical_csv import CsvTable
from cytovigil.writers.columns import Column, Row, spread_summary, table_columns, table_rows
from cytovigil.writers.parquet import ArrowPiece, ParquetTable

Form = Literal["parquet", "csv"]


class Piece(Protocol):
    """Rows of a table, which grow."""

    def append_columns(self, columns: Mapping[str, Any]) -> None:
        """Append rows given as columns."""

    def close(self) -> None:
        """Write what is left and end the file."""


class Table(Piece, Protocol):
    """A table that grows."""

    def append(self, rows: Sequence[Row]) -> None:
        """Append rows."""

    def append_piece(self, folder: Path) -> None:
        """Append the rows of this table that were written into a folder."""


class Pieces:
    """Rows of all tables, to be handed over; `counts` holds how many each has."""

    def __init__(self, tables: Mapping[str, Piece], scale_ids: Sequence[str]) -> None:
        self.counts = dict.fromkeys(tables, 0)
        self._pieces = tables
        self._scale_ids = scale_ids

    def append_columns(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        """Append patients whose tables are columns; `summary` has a row for each infusion and scale."""
        for name, columns in tables.items():
            found = spread_summary(columns, self._scale_ids) if name == "summary" else columns
            self._pieces[name].append_columns(found)
            first = found["infusion"]
            self.counts[name] += len(first.codes if hasattr(first, "codes") else first)


class Tables(Pieces):
    """The tables of the contract; `counts` holds how many rows each has."""

    def __init__(self, tables: Mapping[str, Table], scale_ids: Sequence[str]) -> None:
        super().__init__(tables, scale_ids)
        self._tables = tables

    def append(self, graded: Sequence[Graded]) -> None:
        """Append one patient, all infusions. Patients come in the order of the output."""
        for name, rows in table_rows(graded, self._scale_ids).items():
            self._tables[name].append(rows)
            self.counts[name] += len(rows)

    def append_pieces(self, folder: Path, counts: Mapping[str, int]) -> None:
        """Append the rows that `open_pieces` wrote into a folder, so many of each table."""
        for name, table in self._tables.items():
            table.append_piece(folder)
            self.counts[name] += counts[name]
        pa.default_memory_pool().release_unused()  # else what is free stays with this process


@contextmanager
def open_tables(
    folder: Path, form: Form, scale_ids: Sequence[str], zone: ZoneInfo, notes: Mapping[str, str]
) -> Iterator[Tables]:
    """Open every table of the contract in a folder; all have their header even where they stay empty.

    `notes` go into the metadata of Parquet. Raises OSError where a table cannot be written.
    """
    with ExitStack() as stack:
        tables = {
            name: stack.enter_context(open_table(folder, form, name, columns, zone, notes))
            for name, columns in table_columns(scale_ids).items()
        }
        yield Tables(tables, scale_ids)


@contextmanager
def open_table(
    folder: Path, form: Form, name: str, columns: Sequence[Column], zone: ZoneInfo, notes: Mapping[str, str]
) -> Iterator[Table]:
    """Open one table in a folder. Raises OSError where it cannot be written."""
    is_csv = form == "csv"
    table = CsvTable(folder, name, columns, zone) if is_csv else ParquetTable(folder, name, columns, notes)
    try:
        yield table
    finally:
        table.close()


@contextmanager
def open_pieces(folder: Path, form: Form, scale_ids: Sequence[str], zone: ZoneInfo) -> Iterator[Pieces]:
    """Open a file for some rows of each table. Raises OSError where it cannot be written."""
    pieces: dict[str, Piece] = {}
    try:
        for name, columns in table_columns(scale_ids).items():
            is_csv = form == "csv"
            pieces[name] = CsvTable(folder, name, columns, zone, False) if is_csv else ArrowPiece(folder, name, columns)
        yield Pieces(pieces, scale_ids)
    finally:
        for piece in pieces.values():
            piece.close()
