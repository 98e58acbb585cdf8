"""Events in Parquet whose times are timestamps, sorted by patient: read as columns, without a text for each cell."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cytovigil.model.times import NEVER
from cytovigil.readers.columns import EVENT_COLUMNS, Layout
from cytovigil.readers.errors import InputError
from cytovigil.readers.fields import is_empty, is_formula
from cytovigil.readers.parquet_rows import clear_errors, texts
from cytovigil.readers.raw import RawEvent
from cytovigil.readers.row_kinds import Cells, Codes, Ints, coded, raw_event

ROWS = 3 << 15  # read at once
CUTS = 16  # of a row group into parts, at most: what lies before a part has to be read too
HELD = 1 << 22  # rows after which memory that is free goes back to the system, which takes a moment
TIMES = ("time", "end", "recorded_at")


class Batch(NamedTuple):
    """Rows of whole patients: of each row the place of its patient in `patients`; `first` is the first row's number."""

    cells: Cells
    first: int
    patients: list[str]
    patient: Ints

    def raw(self, place: int, file: int) -> RawEvent:
        """One row as texts."""
        return raw_event(
            {name: texts(column.slice(place, 1))[0] for name, column in self.cells.items()}, file, self.first + place
        )


class Cut(NamedTuple):
    """Where a part begins: the first row of a patient."""

    row: int
    patient_id: str


class Begins(NamedTuple):
    """The first row of each patient, in order, and his id."""

    rows: Ints
    ids: pa.ChunkedArray


class TypedEvents:
    """One file of this form. `of_layout` gives None for another."""

    def __init__(self, path: Path, names: dict[str, str], begins: "Begins", state: tuple[int, int]) -> None:
        """`names` are the file's, by those of the contract; `state` is its own when patients were looked for."""
        self._state = state
        self._begins: Begins | None = begins
        self._path, self._names = path.absolute(), names  # processes elsewhere have folders of their own
        self.rows: int = pq.read_metadata(path).num_rows
        schema = pq.read_schema(path)
        self._words = [name for name in names.values() if schema.field(name).type == pa.string()]

    @classmethod
    def of_layout(cls, path: Path, layout: Layout) -> "TypedEvents | None":
        """The file, where its times are timestamps with a zone, and its patients stand together in order."""
        with clear_errors(path):
            schema = pq.read_schema(path)
            places = dict(zip(EVENT_COLUMNS, layout.places, strict=True)) | {"value_text": layout.value_text}
            names = {name: schema.names[place] for name, place in places.items() if place >= 0}
            kinds = [schema.field(names[name]).type for name in TIMES if name in names]
            if not all(pa.types.is_timestamp(kind) and kind.tz is not None for kind in kinds):
                return None
            if schema.field(names["patient_id"]).type != pa.string():
                return None
            state = _state(path)
            begins = _begins(path, names["patient_id"])
            return None if begins is None else cls(path, names, begins, state)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_begins": None}  # who reads a part has no use for all patients

    def cuts(self, most: int) -> list[Cut]:
        """Where parts of about so many rows begin, the first at row 0: at patients, and at row groups where it goes.

        A patient cut by a row group belongs to the part in which the first row lies.
        """
        assert self._begins
        rows, ids = self._begins
        with clear_errors(self._path), self._open([]) as file:
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
        places = np.unique(np.searchsorted(rows, list(_borders(sizes, most)))).tolist()
        return [Cut(int(rows[place]), ids[place].as_py()) for place in places if place < len(rows)]

    def forget_patients(self) -> None:
        """Let go of where patients begin, which is much where they are many: no more cuts are asked for."""
        self._begins = None

    def batches(self, first: int = 0, stop: int | None = None) -> Iterator[Batch]:
        """Batches of whole patients, in order, of the rows between, of about `ROWS` rows.

        Raises InputError where the file is damaged.
        """
        columns, end = list(self._names.values()), self.rows if stop is None else stop
        row, waiting = first, list[pa.Table]()
        with clear_errors(self._path), self._open(self._words) as file:
            for piece in _giving_back(_pieces(file, columns, (first, end), ROWS)):
                waiting.append(pa.Table.from_batches([piece]))
                if sum(table.num_rows for table in waiting) < ROWS:
                    continue
                whole, waiting = whole_patients(pa.concat_tables(waiting), self._names["patient_id"])
                if whole.num_rows:
                    yield batch_of(whole, self._names, row)
                row += whole.num_rows
                del whole, piece  # not kept while the next are read
            if waiting:
                yield batch_of(pa.concat_tables(waiting), self._names, row)
        pa.default_memory_pool().release_unused()

    def _open(self, words: list[str]) -> pq.ParquetFile:
        """The file, not read ahead: it would stay in memory until it is closed. It is opened for each part anew."""
        if _state(self._path) != self._state:
            raise InputError(
                "'{name}' was changed while it was read: start again when nobody writes it", name=self._path.name
            )
        return pq.ParquetFile(self._path, pre_buffer=False, read_dictionary=words)


def batch_of(table: pa.Table, names: Mapping[str, str], row: int) -> Batch:
    """Rows of whole patients, the first of them number `row`; `names` are the table's, by those of the contract."""
    cells = {ours: _one(table.column(theirs)) for ours, theirs in names.items()}
    codes, words = coded(cells["patient_id"])
    starts = _starts(codes)
    return Batch(cells, row, [words[code] for code in codes[starts].tolist()], np.cumsum(starts) - 1)


def _borders(sizes: Sequence[int], most: int) -> Iterator[int]:
    """Rows at which parts should begin, of row groups of these sizes: small ones stay together, large ones are cut."""
    row, last = 0, -most
    for size in sizes:
        parts = min(max(round(size / most), 1), CUTS)
        for part in range(parts):
            border = row + size * part // parts
            if border - last >= most * 3 // 4:
                yield border
                last = border
        row += size


def _pieces(file: pq.ParquetFile, columns: list[str], rows: tuple[int, int], most: int) -> Iterator[pa.RecordBatch]:
    """The rows from the first to before the second number, row group by row group, at most so many at once."""
    (first, stop), border = rows, 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        begin, end = max(first - border, 0), min(stop - border, size)
        border += size
        if begin >= end:
            continue
        place = 0
        for batch in file.iter_batches(min(most, end), [group], columns):
            here, there = max(begin - place, 0), min(end - place, batch.num_rows)
            place += batch.num_rows
            if here < there:
                yield batch.slice(here, there - here)
            if place >= end:
                break


def _giving_back(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same; after `HELD` rows memory that is free goes back to the system."""
    held = 0
    for batch in batches:
        held += batch.num_rows
        yield batch
        del batch  # not kept while the next is read
        if held >= HELD:
            held = 0
            pa.default_memory_pool().release_unused()


def seconds(cells: dict[str, pa.Array], name: str, rows: int) -> Ints:
    """A column of times in seconds UTC; NEVER where there is none."""
    found = np.full(rows, NEVER, np.int64)
    if name in cells:
        column = cells[name]
        given = column.drop_null() if column.null_count else column
        times = given.cast(pa.timestamp("s", column.type.tz), safe=False).cast(pa.int64()).to_numpy()
        found[column.is_valid().to_numpy(zero_copy_only=False) if column.null_count else ...] = times
    return found


def _one(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    whole = column if column.num_chunks == 1 else column.unify_dictionaries().combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _starts(codes: Codes) -> NDArray[np.bool_]:
    """True where a row differs from the one before."""
    found = np.ones(len(codes), np.bool_)
    found[1:] = codes[1:] != codes[:-1]
    return found


def _state(path: Path) -> tuple[int, int]:
    """What changes when somebody writes the file."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _begins(path: Path, name: str) -> Begins | None:
    """Where patients begin; None unless each one's rows stand together, patients in order of their bytes, all named."""
    row, before = 0, ""
    rows, ids = list[Ints](), list[pa.Array]()
    with pq.ParquetFile(path, pre_buffer=False, read_dictionary=[name]) as file:
        for batch in _giving_back(file.iter_batches(batch_size=ROWS, columns=[name])):
            codes, words = coded(batch.column(0))
            starts = np.flatnonzero(_starts(codes))
            runs = [words[code] for code in codes[starts].tolist()]
            if any(is_empty(word) or is_formula(word) for word in runs):
                return None
            if any(one >= other for one, other in pairwise(runs)) or runs[0] < before:
                return None
            new = int(runs[0] == before)
            rows.append(starts[new:] + row)
            ids.append(pa.array(runs[new:], pa.string()))
            row, before = row + len(codes), runs[-1]
    pa.default_memory_pool().release_unused()
    return Begins(np.concatenate([np.zeros(0, np.int64), *rows]), pa.chunked_array(ids, pa.string()))


def whole_patients(table: pa.Table, name: str) -> tuple[pa.Table, list[pa.Table]]:
    """The rows before those of the last patient, and his."""
    column, last = table.column(name), None
    cut = len(column)
    for chunk in reversed(column.chunks):
        codes, words = coded(chunk)
        last = words[codes[-1]] if last is None else last
        others = np.flatnonzero(codes != words.index(last)) if last in words else np.arange(len(codes))
        cut -= len(codes) - (int(others[-1]) + 1 if len(others) else 0)
        if len(others):
            break
    return table.slice(0, cut), [table.slice(cut)]
