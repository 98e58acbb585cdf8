"""Rows on disk: a file for each table, which is sorted where its rows did not come in order."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil.readers.errors import telling_of_full_disk

if TYPE_CHECKING:
    from cytovigil.readers.sorting import Sorter

_READ = 4_096
# A row is its patient, its place among all rows, and all its cells as one text: sorting eighteen columns of text takes
# memory that grows with the rows, sorting one does not.
_SCHEMA = pa.schema([("patient_id", pa.string()), ("number", pa.int64()), ("cells", pa.string())])

Packed = tuple[str, str]  # patient_id, all cells


class DiskSpool:
    """Tables of packed rows, by name. Order: patient_id by its bytes, then as they came. Raises InputError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, _File] = {}
        self._sorter: Sorter | None = None

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def close(self) -> None:
        """Let go of files and database; they lie in the folder that was given."""
        for file in self._files.values():
            file.let_go()
        if self._sorter:
            self._sorter.close()

    def append(self, name: str, rows: Sequence[Packed]) -> None:
        """Append rows to a table; after it was read no row can be."""
        with telling_of_full_disk(self._folder):
            if name not in self._files:
                self._files[name] = _File(self._folder / f"{name}.parquet")
            self._files[name].append(rows)

    def count_patients(self, name: str) -> int:
        """How many patients have a row in a table."""
        file = self._ended(name)
        return file.patients if file.in_order else self._sorting().count_patients(file.path)

    def cells(self, name: str) -> Iterator[str]:
        """The cells of all rows of a table, in order."""
        file = self._ended(name)
        batches = file.read() if file.in_order else self._sorting().cells(file.path, _READ)
        while batch := self._next(batches):
            yield from batch.column("cells").to_pylist()

    def _next(self, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
        with telling_of_full_disk(self._folder):
            return next(batches, None)

    def _ended(self, name: str) -> "_File":
        with telling_of_full_disk(self._folder):
            self._files[name].end()
        return self._files[name]

    def _sorting(self) -> "Sorter":
        if self._sorter is None:
            from cytovigil.readers.sorting import Sorter

            self._sorter = Sorter(self._folder)
        return self._sorter


class _File:
    """Rows of a table. `in_order`: none came behind one that goes before it; `patients` is right only then."""

    def __init__(self, path: Path) -> None:
        self.path, self.in_order, self.patients = path, True, 0
        self._writer = pq.ParquetWriter(path, _SCHEMA)
        self._rows, self._last = 0, ""

    def append(self, rows: Sequence[Packed]) -> None:
        patients, cells = zip(*rows, strict=True)
        self.in_order = self.in_order and all(one <= other for one, other in pairwise((self._last, *patients)))
        self.patients += sum(one != other for one, other in pairwise((self._last if self._rows else None, *patients)))
        columns = patients, range(self._rows, self._rows + len(rows)), cells
        self._writer.write_batch(pa.record_batch([pa.array(column) for column in columns], schema=_SCHEMA))
        self._rows, self._last = self._rows + len(rows), patients[-1]

    def end(self) -> None:
        self._writer.close()

    def read(self) -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(self.path, pre_buffer=False) as file:
            yield from file.iter_batches(_READ, columns=["cells"])

    def let_go(self) -> None:
        with suppress(OSError):  # of a full disk: it goes in any case
            self._writer.close()
        self._writer.is_open = False  # else it tries again, and complains, when it is collected
