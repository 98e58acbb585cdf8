"""Rows on their way into order: written to disk as they come, read back sorted by DuckDB, in bounded memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil.readers.raw import RawEvent, RawPatient

_BATCH = 16_384
_READ = 4_096
_NUMBER = "number"  # of the row, in the order in which all rows came


_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "128MB",
    "threads": "1",  # each thread sorts in memory of its own, and reading is not faster with two
    "preserve_insertion_order": False,  # the order that counts is asked for
}
_FIELDS = {"patients": RawPatient._fields, "events": RawEvent._fields}


class Spool:
    """Two tables, `patients` and `events`. Order: patient_id by its bytes, then as they came.

    Rows go to Parquet first: DuckDB's memory grows with each batch inserted, and does not where it reads a file.
    """

    def __init__(self, folder: Path) -> None:
        self._base = duckdb.connect(folder / "rows.duckdb", config=_LIMITS | {"temp_directory": str(folder)})
        self._paths = {name: folder / f"{name}.parquet" for name in _FIELDS}
        schemas = {name: _schema(fields) for name, fields in _FIELDS.items()}
        self._files = {name: pq.ParquetWriter(self._paths[name], schema) for name, schema in schemas.items()}
        self._counts = dict.fromkeys(_FIELDS, 0)

    def close(self) -> None:
        """Let go of files and database; they lie in the folder that was given."""
        for file in self._files.values():
            file.close()
        self._base.close()

    def write_patients(self, rows: Iterable[RawPatient]) -> Iterator[int]:
        """Append rows; yields how many were written, batch by batch."""
        return self._write("patients", rows)

    def write_events(self, rows: Iterable[RawEvent]) -> Iterator[int]:
        """Append rows; yields how many were written, batch by batch."""
        return self._write("events", rows)

    def patients(self) -> Iterator[RawPatient]:
        """All rows of the patients table in order; no patient can be written after that."""
        return map(RawPatient._make, self._sorted("patients"))

    def events(self) -> Iterator[RawEvent]:
        """All charted rows in order; no event can be written after that."""
        return map(RawEvent._make, self._sorted("events"))

    def count_patients(self) -> int:
        """How many patients have a row."""
        self._load("patients")
        found = self._base.execute("SELECT count(DISTINCT patient_id) FROM patients").fetchone()
        return int(found[0]) if found else 0

    def _write(self, name: str, rows: Iterable[RawEvent | RawPatient]) -> Iterator[int]:
        batch: list[RawEvent | RawPatient] = []
        for row in rows:
            batch.append(row)
            if len(batch) >= _BATCH:
                yield self._append(name, batch)
                batch = []
        if batch:
            yield self._append(name, batch)

    def _append(self, name: str, batch: list[RawEvent | RawPatient]) -> int:
        schema = self._files[name].schema
        numbers = range(self._counts[name], self._counts[name] + len(batch))
        columns = [*zip(*batch, strict=True), numbers]
        cells = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        self._files[name].write_batch(pa.record_batch(cells, schema=schema))
        self._counts[name] += len(batch)
        return len(batch)

    def _load(self, name: str) -> None:
        """End the file, and take it into the database once."""
        self._files[name].close()
        path = str(self._paths[name]).replace("'", "''")
        self._base.execute(f"CREATE TABLE IF NOT EXISTS {name} AS SELECT * FROM read_parquet('{path}')")

    def _sorted(self, name: str) -> Iterator[tuple[object, ...]]:
        self._load(name)
        query = f'SELECT * EXCLUDE ("{_NUMBER}") FROM {name} ORDER BY patient_id, "{_NUMBER}"'
        for batch in self._base.cursor().sql(query).to_arrow_reader(_READ):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _schema(fields: tuple[str, ...]) -> pa.Schema:
    """File and row as numbers, texts, and the place of the row among all."""
    kinds = [pa.int32(), pa.int64(), *[pa.string()] * (len(fields) - 2), pa.int64()]
    return pa.schema(list(zip((*fields, _NUMBER), kinds, strict=True)))
