"""Events in Parquet whose times are timestamps, sorted by patient: read as columns, without a text for each cell.

What a row says is read once for each different combination of cells, by the reader of rows; a row of which it has
something to complain is read by it alone.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cytovigil.model.events import Event
from cytovigil.model.times import NEVER
from cytovigil.readers.columns import EVENT_COLUMNS, Layout
from cytovigil.readers.fields import is_empty, is_formula
from cytovigil.readers.parquet_rows import clear_errors, texts
from cytovigil.readers.raw import RawEvent

Ints = NDArray[np.int64]
Cells = dict[str, pa.Array]  # columns by the contract's name, and `value_text`
ROWS = 1 << 18  # in memory at once
TIMES = ("time", "end", "recorded_at")
_SAYS = (
    "signal",
    "unit",
    "status",
    "route",
    "system",
    "value_text",
    "ref_low",
    "ref_high",
    "value",
)  # few values first
_DENSE = 1 << 24
_BLANK = dict.fromkeys(RawEvent._fields[2:], "")
_EPOCH = "1970-01-01T00:00:00Z"


class Batch(NamedTuple):
    """Rows of whole patients: of each row the place of its patient in `patients`; `first` is the first row's number."""

    cells: Cells
    first: int
    patients: list[str]
    patient: Ints

    def raw(self, place: int, file: int) -> RawEvent:
        """One row as texts."""
        return _raw(
            {name: texts(column.slice(place, 1))[0] for name, column in self.cells.items()}, file, self.first + place
        )


class TypedEvents:
    """One file of this form. `of_layout` gives None for another."""

    def __init__(self, path: Path, names: dict[str, str]) -> None:
        """`names` are the file's, by those of the contract."""
        self._path, self._names = path, names
        self.rows: int = pq.read_metadata(path).num_rows

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
            if schema.field(names["patient_id"]).type != pa.string() or not _in_order(path, names["patient_id"]):
                return None
        return cls(path, names)

    def batches(self) -> Iterator[Batch]:
        """Batches of whole patients, in order. Raises InputError where the file is damaged."""
        schema = pq.read_schema(self._path)
        words = [name for name in self._names.values() if schema.field(name).type == pa.string()]
        left: pa.Table | None = None
        row = 0
        with clear_errors(self._path), pq.ParquetFile(self._path, pre_buffer=False, read_dictionary=words) as file:
            for part in file.iter_batches(batch_size=ROWS, columns=list(self._names.values())):
                table = pa.Table.from_batches([part])
                table = table if left is None else pa.concat_tables([left, table])
                cut = _last_patient(table.column(self._names["patient_id"]))
                if cut:
                    yield self._batch(table.slice(0, cut), row)
                left, row = table.slice(cut), row + cut
            if left is not None:
                yield self._batch(left, row)

    def _batch(self, table: pa.Table, row: int) -> Batch:
        cells = {ours: _one(table.column(theirs)) for ours, theirs in self._names.items()}
        codes, words = coded(cells["patient_id"])
        starts = _starts(codes)
        return Batch(cells, row, [words[code] for code in codes[starts].tolist()], np.cumsum(starts) - 1)


class KindReader:
    """Reads what rows say, once for each different combination of cells."""

    def __init__(self, read: Callable[[RawEvent], Event | None]) -> None:
        """`read` gives the event of a row, None where there is something to say of it."""
        self._read = read
        self._known: dict[tuple[str, ...], int] = {}
        self.templates: list[Event] = []
        self._places: dict[Event, int] = {}

    def read(self, cells: dict[str, pa.Array], rows: int) -> Ints:
        """The place in `templates` of each row; -1 where the row has to be read by itself."""
        names = [name for name in _SAYS if name in cells]
        columns = [coded(cells[name]) for name in names]
        mixed, first = _combined([codes for codes, _ in columns], [len(words) for _, words in columns], rows)
        said = [
            self._place(dict(zip(names, (words[codes[place]] for codes, words in columns), strict=True)))
            for place in first.tolist()
        ]
        return np.array(said, np.int64)[mixed]

    def _place(self, cells: dict[str, str]) -> int:
        key = tuple(cells.get(name, "") for name in _SAYS)
        if key not in self._known:
            event = self._read(_raw(cells | {"time": _EPOCH}, 0, 0))
            self._known[key] = -1 if event is None or event.withdrawn else self.place_of(event)
        return self._known[key]

    def place_of(self, event: Event) -> int:
        """The place of what an event says, whoever charted it and when."""
        said = event._replace(
            patient_id="", time=0, end=None, recorded_at=None, source_id="", recorded_by="", text="",
        )  # fmt: skip
        place = self._places.setdefault(said, len(self.templates))
        if place == len(self.templates):
            self.templates.append(said)
        return place


def seconds(cells: dict[str, pa.Array], name: str, rows: int) -> Ints:
    """A column of times in seconds UTC; NEVER where there is none."""
    if name not in cells:
        return np.full(rows, NEVER, np.int64)
    column = cells[name].cast(pa.timestamp("s", cells[name].type.tz), safe=False).cast(pa.int64())
    return np.array(column.fill_null(NEVER), np.int64)


def _raw(cells: dict[str, str], file: int, row: int) -> RawEvent:
    """A row; of two columns of values the second counts where the first has none."""
    value, second = cells.get("value", ""), cells.get("value_text", "")
    said = {name: text for name, text in cells.items() if name != "value_text"}
    return RawEvent(file, row, **(_BLANK | said | {"value": second if is_empty(value) else value}))


def _combined(columns: Sequence[Ints], sizes: Sequence[int], rows: int) -> tuple[Ints, Ints]:
    """The number of each row's combination of codes, and a row that has it."""
    mixed, size = np.zeros(rows, np.int64), 1
    first = np.zeros(min(rows, 1), np.int64)
    for codes, number in zip(columns, sizes, strict=True):
        mixed, size = mixed * number + codes, size * number
        if size <= _DENSE:
            seen = np.full(size, -1, np.int64)
            seen[mixed] = np.arange(rows)
            first = seen[seen >= 0]
            mixed = (np.cumsum(seen >= 0) - 1)[mixed]
        else:
            _, first, mixed = np.unique(mixed, return_index=True, return_inverse=True)
        size = len(first)
    return mixed, first


def coded(column: pa.Array) -> tuple[Ints, list[str]]:
    """A column as codes of its different texts; no value has the last one, which is empty."""
    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [*texts(found.dictionary), ""]
    codes = found.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
    return codes.astype(np.int64), words


def _one(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    whole = column.unify_dictionaries().combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _starts(codes: Ints) -> NDArray[np.bool_]:
    """True where a row differs from the one before."""
    found = np.ones(len(codes), np.bool_)
    found[1:] = codes[1:] != codes[:-1]
    return found


def _in_order(path: Path, name: str) -> bool:
    """True where each patient's rows stand together, and patients in order of their bytes; all are named."""
    before = ""
    with pq.ParquetFile(path, pre_buffer=False, read_dictionary=[name]) as file:
        for batch in file.iter_batches(batch_size=ROWS, columns=[name]):
            codes, words = coded(batch.column(0))
            runs = [words[code] for code in codes[_starts(codes)].tolist()]
            if any(is_empty(word) or is_formula(word) for word in runs):
                return False
            if any(one >= other for one, other in pairwise(runs)) or runs[0] < before:
                return False
            before = runs[-1]
    return True


def _last_patient(column: pa.ChunkedArray) -> int:
    """Where the rows of the last patient begin."""
    last = column[-1].as_py()
    found: int = pc.index(column.cast(pa.string()), last).as_py()
    return found
