"""Rows in files, sorted by DuckDB in bounded memory. Loaded where rows came out of order: DuckDB takes a moment."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pyarrow as pa

from cytovigil.readers.errors import telling_of_full_disk

_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "128MB",
    "threads": "1",  # each thread sorts in memory of its own, and reading is not faster with two
    "preserve_insertion_order": False,  # the order that counts is asked for
}


class Sorter:
    """A database in a folder, which takes Parquet files of patient_id, number and cells. Raises InputError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._clear_errors():
            self._base = duckdb.connect(folder / "rows.duckdb", config=_LIMITS | {"temp_directory": str(folder)})

    def close(self) -> None:
        """Let go of the database; it lies in the folder that was given."""
        self._base.close()

    def count_patients(self, path: Path) -> int:
        """How many patients have a row in a file."""
        with self._clear_errors():
            found = self._base.execute(f"SELECT count(DISTINCT patient_id) FROM {self._table(path)}").fetchone()
        return int(found[0]) if found else 0

    def cells(self, path: Path, at_once: int) -> Iterator[pa.RecordBatch]:
        """The cells of all rows of a file, by patient_id and number, so many at once."""
        with self._clear_errors():
            query = f"SELECT cells FROM {self._table(path)} ORDER BY patient_id, number"
            batches = self._base.cursor().sql(query).to_arrow_reader(at_once)
        while batch := self._next(batches):
            yield batch

    def _table(self, path: Path) -> str:
        """The table of a file, which is taken into the database once."""
        file = str(path).replace("'", "''")
        self._base.execute(f"CREATE TABLE IF NOT EXISTS {path.stem} AS SELECT * FROM read_parquet('{file}')")
        return path.stem

    def _next(self, batches: pa.RecordBatchReader) -> pa.RecordBatch | None:
        with self._clear_errors():
            return next(batches, None)

    def _clear_errors(self) -> AbstractContextManager[None]:
        return telling_of_full_disk(self._folder, duckdb.Error)
