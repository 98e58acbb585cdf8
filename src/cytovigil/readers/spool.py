"""Rows on their way into order: written to a temporary DuckDB on disk, read back sorted, in bounded memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from cytovigil.readers.raw import RawEvent, RawPatient

_BATCH = 16_384
_READ = 4_096


class Spool:
    """Two tables, `patients` and `events`. Order: patient_id by its bytes, then file and row."""

    def __init__(self, folder: Path) -> None:
        limits: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": "128MB",
            "threads": "1",  # each thread sorts in memory of its own, and reading is not faster with two
            "preserve_insertion_order": False,  # the order that counts is asked for
            "temp_directory": str(folder),
        }
        self._base = duckdb.connect(folder / "rows.duckdb", config=limits)
        for name, kind in (("patients", RawPatient), ("events", RawEvent)):
            columns = ", ".join(f'"{field}" VARCHAR' for field in kind._fields[2:])
            self._base.execute(f'CREATE TABLE {name} ("file" INTEGER, "row" BIGINT, {columns})')

    def close(self) -> None:
        """Let go of the database; its files lie in the folder that was given."""
        self._base.close()

    def write_patients(self, rows: Iterable[RawPatient]) -> Iterator[int]:
        """Append rows; yields how many were written, batch by batch."""
        return self._write("patients", RawPatient._fields, rows)

    def write_events(self, rows: Iterable[RawEvent]) -> Iterator[int]:
        """Append rows; yields how many were written, batch by batch."""
        return self._write("events", RawEvent._fields, rows)

    def patients(self) -> Iterator[RawPatient]:
        """All rows of the patients table in order."""
        return map(RawPatient._make, self._sorted("patients"))

    def events(self) -> Iterator[RawEvent]:
        """All charted rows in order."""
        return map(RawEvent._make, self._sorted("events"))

    def count_patients(self) -> int:
        """How many patients have a row."""
        found = self._base.execute("SELECT count(DISTINCT patient_id) FROM patients").fetchone()
        return int(found[0]) if found else 0

    def _write(self, name: str, fields: tuple[str, ...], rows: Iterable[RawEvent | RawPatient]) -> Iterator[int]:
        batch: list[RawEvent | RawPatient] = []
        for row in rows:
            batch.append(row)
            if len(batch) >= _BATCH:
                yield self._append(name, fields, batch)
                batch = []
        if batch:
            yield self._append(name, fields, batch)

    def _append(self, name: str, fields: tuple[str, ...], batch: list[RawEvent | RawPatient]) -> int:
        types = [pa.int32(), pa.int64(), *[pa.string()] * (len(fields) - 2)]
        columns = [pa.array(cells, kind) for cells, kind in zip(zip(*batch, strict=True), types, strict=True)]
        self._base.register("batch", pa.table(columns, names=list(fields)))
        self._base.execute(f"INSERT INTO {name} SELECT * FROM batch")
        self._base.unregister("batch")
        return len(batch)

    def _sorted(self, name: str) -> Iterator[tuple[object, ...]]:
        query = f'SELECT * FROM {name} ORDER BY patient_id, "file", "row", rowid'
        for batch in self._base.cursor().sql(query).to_arrow_reader(_READ):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
