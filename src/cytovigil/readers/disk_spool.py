"""Rows on disk, sorted by DuckDB in bounded memory. Loaded where rows are many: DuckDB takes a moment to load."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil.readers.errors import InputError

_READ = 4_096
# A row is its patient, its place among all rows, and all its cells as one text: sorting eighteen columns of text takes
# memory that grows with the rows, sorting one does not.
_SCHEMA = pa.schema([("patient_id", pa.string()), ("number", pa.int64()), ("cells", pa.string())])
_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "128MB",
    "threads": "1",  # each thread sorts in memory of its own, and reading is not faster with two
    "preserve_insertion_order": False,  # the order that counts is asked for
}

Packed = tuple[str, str]  # patient_id, all cells


class DiskSpool:
    """Tables of packed rows, by name. Order: patient_id by its bytes, then as they came. Raises InputError.

    Rows go to Parquet first: DuckDB's memory grows with each batch inserted, and does not where it reads a file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with _clear_errors(folder):
            self._base = duckdb.connect(folder / "rows.duckdb", config=_LIMITS | {"temp_directory": str(folder)})
        self._files: dict[str, pq.ParquetWriter] = {}
        self._counts: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def close(self) -> None:
        """Let go of files and database; they lie in the folder that was given."""
        for file in self._files.values():
            with suppress(OSError):  # of a full disk: it goes in any case
                file.close()
            file.is_open = False  # else it tries again, and complains, when it is collected
        self._base.close()

    def append(self, name: str, rows: Sequence[Packed]) -> None:
        """Append rows to a table; after it was read no row can be."""
        first = self._counts.get(name, 0)
        patients, cells = zip(*rows, strict=True)
        columns = patients, range(first, first + len(rows)), cells
        with _clear_errors(self._folder):
            if name not in self._files:
                self._files[name] = pq.ParquetWriter(self._folder / f"{name}.parquet", _SCHEMA)
            self._files[name].write_batch(pa.record_batch([pa.array(column) for column in columns], schema=_SCHEMA))
        self._counts[name] = first + len(rows)

    def count_patients(self, name: str) -> int:
        """How many patients have a row in a table."""
        self._load(name)
        found = self._base.execute(f"SELECT count(DISTINCT patient_id) FROM {name}").fetchone()
        return int(found[0]) if found else 0

    def cells(self, name: str) -> Iterator[str]:
        """The cells of all rows of a table, in order."""
        self._load(name)
        query = f"SELECT cells FROM {name} ORDER BY patient_id, number"
        with _clear_errors(self._folder):
            batches = self._base.cursor().sql(query).to_arrow_reader(_READ)
        while batch := self._next(batches):
            yield from batch.column(0).to_pylist()

    def _load(self, name: str) -> None:
        """End the file, and take it into the database once."""
        path = str(self._folder / f"{name}.parquet").replace("'", "''")
        with _clear_errors(self._folder):
            self._files[name].close()
            self._base.execute(f"CREATE TABLE IF NOT EXISTS {name} AS SELECT * FROM read_parquet('{path}')")

    def _next(self, batches: pa.RecordBatchReader) -> pa.RecordBatch | None:
        with _clear_errors(self._folder):
            return next(batches, None)


@contextmanager
def _clear_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.Error) as error:
        sentence = "the temporary folder '{name}' is full, or cannot be written: free space, or set TMPDIR to another"
        raise InputError(sentence, name=folder.parent) from error
