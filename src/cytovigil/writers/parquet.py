"""Parquet: timestamp[us, UTC], int8 grades, list<string>, row groups of bounded size."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil.model.times import NEVER, NOTHING
from cytovigil.writers.columns import Column, Kind, Row

ROW_GROUP = 4_096  # rows wait in memory until a group is full

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
        self._kinds = [column.kind for column in columns]
        fields = [pa.field(column.name, TYPES[column.kind]) for column in columns]
        self._schema = pa.schema(fields, metadata=dict(notes))
        self._writer = pq.ParquetWriter(self.path, self._schema)
        self._rows: list[Row] = []

    def append(self, rows: Iterable[Row]) -> None:
        """Append rows; a full row group is written."""
        self._rows += rows
        while len(self._rows) >= ROW_GROUP:
            self._write(self._rows[:ROW_GROUP])
            del self._rows[:ROW_GROUP]

    def append_columns(self, columns: Mapping[str, Any]) -> None:
        """Append rows given as columns (numbers, or codes of few values), as one row group."""
        arrays = [_of_column(columns[name], kind) for name, kind in zip(self._schema.names, self._kinds, strict=True)]
        self._writer.write_table(pa.table(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what is left and end the file."""
        if self._rows:
            self._write(self._rows)
            self._rows = []
        self._writer.close()

    def _write(self, rows: Sequence[Row]) -> None:
        columns = [_array(cells, kind) for cells, kind in zip(zip(*rows, strict=True), self._kinds, strict=True)]
        self._writer.write_table(pa.table(columns, schema=self._schema), row_group_size=ROW_GROUP)


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
