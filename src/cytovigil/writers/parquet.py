"""Parquet: timestamp[us, UTC], int8 grades, list<string>, row groups of one size: the same rows give the same bytes."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil.model.times import NEVER, NOTHING
from cytovigil.writers.columns import Column, Kind, Row

ROW_GROUP = 65_536  # rows wait in memory until a group is full, whoever made them
_AT_ONCE = 4_096  # rows that wait as they came, before they are columns

TYPES: Mapping[Kind, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int32(),
    "grade": pa.int8(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "time": pa.timestamp("us", "UTC"),
    "date": pa.date32(),
    "list": pa.list_(pa.field("element", pa.string(), nullable=False)),
}


class ParquetTable:
    """A table that grows row by row; `notes` go into the file's metadata. Raises OSError where it cannot be written."""

    def __init__(self, folder: Path, name: str, columns: Sequence[Column], notes: Mapping[str, str]) -> None:
        self.path = folder / f"{name}.parquet"
        self._columns = columns
        self._schema = table_schema(columns).with_metadata(dict(notes))
        self._writer = pq.ParquetWriter(self.path, self._schema)
        self._rows: list[Row] = []
        self._tables: list[pa.Table] = []
        self._waiting = 0

    def append(self, rows: Iterable[Row]) -> None:
        """Append rows; a full row group is written."""
        self._rows += rows
        while len(self._rows) >= _AT_ONCE:
            self._take(self._of_rows(self._rows[:_AT_ONCE]))
            del self._rows[:_AT_ONCE]

    def append_columns(self, columns: Mapping[str, Any]) -> None:
        """Append rows given as columns: numbers, or codes of few values."""
        self._append_table(table_of(columns, self._columns))

    def append_piece(self, folder: Path) -> None:
        """Append the rows of this table that an `ArrowPiece` wrote into a folder."""
        with pa.OSFile(str(_piece(folder, self.path.stem))) as source, pa.ipc.open_stream(source) as piece:
            for batch in piece:
                self._append_table(pa.Table.from_batches([batch]))

    def close(self) -> None:
        """Write what is left and end the file."""
        self._settle_rows()
        if self._waiting:
            self._write(pa.concat_tables(self._tables))
            self._tables, self._waiting = [], 0
        self._writer.close()

    def _append_table(self, table: pa.Table) -> None:
        self._settle_rows()
        self._take(table)

    def _settle_rows(self) -> None:
        if self._rows:
            self._take(self._of_rows(self._rows))
            self._rows = []

    def _of_rows(self, rows: Sequence[Row]) -> pa.Table:
        columns = [
            _array(cells, column.kind) for cells, column in zip(zip(*rows, strict=True), self._columns, strict=True)
        ]
        return pa.table(columns, schema=self._schema)

    def _take(self, table: pa.Table) -> None:
        self._tables.append(table)
        self._waiting += table.num_rows
        while self._waiting >= ROW_GROUP:
            waiting = pa.concat_tables(self._tables)
            self._write(waiting.slice(0, ROW_GROUP))
            self._tables, self._waiting = [waiting.slice(ROW_GROUP)], self._waiting - ROW_GROUP

    def _write(self, group: pa.Table) -> None:
        """Write one row group; pages would show how its rows came, so they come in one piece."""
        self._writer.write_table(group.combine_chunks(), row_group_size=ROW_GROUP)


class ArrowPiece:
    """Some rows of a table in a file of their own, as another process or machine hands them over."""

    def __init__(self, folder: Path, name: str, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._file = pa.OSFile(str(_piece(folder, name)), "wb")
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer = pa.ipc.new_stream(self._file, table_schema(columns), options=options)

    def append_columns(self, columns: Mapping[str, Any]) -> None:
        """Append rows given as columns."""
        self._writer.write_table(table_of(columns, self._columns), ROW_GROUP)  # read back as little at once

    def close(self) -> None:
        """End the file."""
        self._writer.close()
        self._file.close()


def _piece(folder: Path, name: str) -> Path:
    return folder / f"{name}.arrow"


def table_schema(columns: Sequence[Column]) -> pa.Schema:
    """The columns of a table as Arrow has them."""
    return pa.schema([pa.field(column.name, TYPES[column.kind]) for column in columns])


def table_of(columns: Mapping[str, Any], kinds: Sequence[Column]) -> pa.Table:
    """Columns of numbers, or of codes of few values, as a table of Arrow."""
    return pa.table([_of_column(columns[one.name], one.kind) for one in kinds], schema=table_schema(kinds))


def _array(cells: Sequence[Any], kind: Kind) -> pa.Array:
    if kind == "time":
        cells = [None if cell is None else cell * 1_000_000 for cell in cells]
    elif kind == "date":
        cells = [None if cell is None else dt.date.fromisoformat(cell) for cell in cells]
    elif kind == "list":
        cells = [sorted(cell) for cell in cells]
    return pa.array(cells, TYPES[kind])


def _of_column(column: Any, kind: Kind) -> pa.Array:
    if hasattr(column, "codes"):
        return _array(column.values, kind).take(pa.array(column.codes))
    if kind == "time":
        return pa.array(column, mask=column == NEVER).cast(pa.timestamp("s", "UTC")).cast(TYPES[kind])
    return pa.array(column, mask=column == NOTHING).cast(TYPES[kind])
