"""Rows on their way into order: written to disk as they come, read back sorted by DuckDB, in bounded memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil.readers.errors import InputError
from cytovigil.readers.raw import RawEvent, RawPatient
from cytovigil.scratch import scratch_folder

_BATCH = 16_384
_READ = 4_096
# A row is its patient, its place among all rows, and all its cells as one text: sorting eighteen columns of text takes
# memory that grows with the rows, sorting one does not.
_SCHEMA = pa.schema([("patient_id", pa.string()), ("number", pa.int64()), ("cells", pa.string())])
_BETWEEN = "\x1f"  # the unit separator of ASCII

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
        self._folder = folder
        self._base = duckdb.connect(folder / "rows.duckdb", config=_LIMITS | {"temp_directory": str(folder)})
        self._paths = {name: folder / f"{name}.parquet" for name in _FIELDS}
        self._files = {name: pq.ParquetWriter(path, _SCHEMA) for name, path in self._paths.items()}
        self._counts = dict.fromkeys(_FIELDS, 0)

    def close(self) -> None:
        """Let go of files and database; they lie in the folder that was given."""
        for file in self._files.values():
            with suppress(OSError):  # of a full disk: it goes in any case
                file.close()
            file.is_open = False  # else it tries again, and complains, when it is collected
        self._base.close()

    def write_patients(self, rows: Iterable[RawPatient]) -> Iterator[int]:
        """Append rows; yields how many were written, batch by batch."""
        return self._write("patients", rows)

    def write_events(self, rows: Iterable[RawEvent]) -> Iterator[int]:
        """Append rows; yields how many were written, batch by batch."""
        return self._write("events", rows)

    def patients(self) -> Iterator[RawPatient]:
        """All rows of the patients table in order; no patient can be written after that."""
        return (RawPatient(int(file), int(row), *rest) for file, row, *rest in self._sorted("patients"))

    def events(self) -> Iterator[RawEvent]:
        """All charted rows in order; no event can be written after that."""
        return (RawEvent(int(file), int(row), *rest) for file, row, *rest in self._sorted("events"))

    def count_patients(self) -> int:
        """How many patients have a row."""
        self._load("patients")
        found = self._base.execute("SELECT count(DISTINCT patient_id) FROM patients").fetchone()
        return int(found[0]) if found else 0

    @property
    def event_count(self) -> int:
        """How many charted rows there are."""
        return self._counts["events"]

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
        numbers = range(self._counts[name], self._counts[name] + len(batch))
        columns = [row.patient_id for row in batch], numbers, [_packed(row) for row in batch]
        with _clear_errors(self._folder):
            self._files[name].write_batch(pa.record_batch([pa.array(column) for column in columns], schema=_SCHEMA))
        self._counts[name] += len(batch)
        return len(batch)

    def _load(self, name: str) -> None:
        """End the file, and take it into the database once."""
        path = str(self._paths[name]).replace("'", "''")
        with _clear_errors(self._folder):
            self._files[name].close()
            self._base.execute(f"CREATE TABLE IF NOT EXISTS {name} AS SELECT * FROM read_parquet('{path}')")

    def _sorted(self, name: str) -> Iterator[list[str]]:
        self._load(name)
        query = f"SELECT cells FROM {name} ORDER BY patient_id, number"
        with _clear_errors(self._folder):
            batches = self._base.cursor().sql(query).to_arrow_reader(_READ)
        while batch := self._next(batches):
            yield from (cells.split(_BETWEEN) for cells in batch.column(0).to_pylist())

    def _next(self, batches: pa.RecordBatchReader) -> pa.RecordBatch | None:
        with _clear_errors(self._folder):
            return next(batches, None)


def _packed(row: RawEvent | RawPatient) -> str:
    """All cells of a row as one text; the separator means nothing in a chart."""
    cells = _BETWEEN.join(map(str, row))
    if cells.count(_BETWEEN) == len(row) - 1:
        return cells
    return _BETWEEN.join(str(cell).replace(_BETWEEN, " ") for cell in row)


@contextmanager
def open_spool() -> Iterator[Spool]:
    """A spool in a temporary folder, which goes at the end, whoever interrupts. Raises InputError where it is full."""
    with scratch_folder() as folder:
        with _clear_errors(folder):
            spool = Spool(folder)
        try:
            yield spool
        finally:
            spool.close()


@contextmanager
def _clear_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.Error) as error:
        sentence = "the temporary folder '{name}' is full, or cannot be written: free space, or set TMPDIR to another"
        raise InputError(sentence, name=folder.parent) from error
