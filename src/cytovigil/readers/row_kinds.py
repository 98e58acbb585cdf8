"""What rows say, read once for each different combination of cells, by the reader of rows."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cytovigil.model.events import Event
from cytovigil.readers.fields import is_empty
from cytovigil.readers.parquet_rows import texts
from cytovigil.readers.raw import RawEvent

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Cells = dict[str, pa.Array]  # columns by the contract's name, and `value_text`
_FEW_FIRST = "signal", "unit", "status", "route", "system", "value_text", "ref_low", "ref_high", "value"
_DENSE = 1 << 22
_BLANK = dict.fromkeys(RawEvent._fields[2:], "")


class Numbered(dict[str, int]):
    """Words by number, as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def __missing__(self, word: str) -> int:
        self.words.append(word)
        return self.setdefault(word, len(self.words) - 1)


class KindReader:
    """Kinds of rows of one file, numbered as they come."""

    def __init__(self, read: Callable[[RawEvent], Event | None]) -> None:
        """`read` gives the event of a row, None where there is something to say of it."""
        self._read = read
        self._words: defaultdict[str, Numbered] = defaultdict(Numbered)  # by column
        self._known: dict[tuple[int, ...], int] = {}
        self.templates: list[Event] = []
        self._places: dict[Event, int] = {}

    def read(self, cells: Cells, rows: int) -> Codes:
        """The place in `templates` of each row; -1 where the row has to be read by itself."""
        names = [name for name in _FEW_FIRST if name in cells]
        columns = [coded(cells[name]) for name in names]
        mixed, first = combined(columns, rows)
        said = [
            np.array([self._words[name][word] for word in words])[codes[first]].tolist()
            for name, (codes, words) in zip(names, columns, strict=True)
        ]
        combinations = list(zip(*said, strict=True))
        for one in combinations:
            if one not in self._known:
                self._known[one] = self._place(names, one)
        return np.array([*map(self._known.__getitem__, combinations)], np.int32)[mixed]

    def _place(self, names: Sequence[str], said: tuple[int, ...]) -> int:
        words = {name: self._words[name].words[number] for name, number in zip(names, said, strict=True)}
        event = self._read(raw_event(words, 0, 0))
        return -1 if event is None else self.place_of(event)

    def place_of(self, event: Event) -> int:
        """The place of what an event says, whoever charted it and when."""
        said = event._replace(
            patient_id="", time=0, end=None, recorded_at=None, source_id="", recorded_by="", text="",
        )  # fmt: skip
        place = self._places.setdefault(said, len(self.templates))
        if place == len(self.templates):
            self.templates.append(said)
        return place


def raw_event(cells: dict[str, str], file: int, row: int) -> RawEvent:
    """A row; of two columns of values the second counts where the first has none."""
    said = _BLANK | {name: text for name, text in cells.items() if name != "value_text"}
    if "value_text" in cells and is_empty(said["value"]):
        said["value"] = cells["value_text"]
    return RawEvent(file, row, **said)


def coded(column: pa.Array) -> tuple[Codes, list[str]]:
    """A column as codes of its different texts; no value has the last one, which is empty."""
    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [*texts(found.dictionary), ""]
    codes = found.indices.cast(pa.int32())
    codes = codes.fill_null(len(words) - 1) if codes.null_count else codes
    return codes.to_numpy(zero_copy_only=False), words


def combined(columns: Sequence[tuple[Codes, Sequence[str]]], rows: int) -> tuple[Codes, Codes]:
    """The number of each row's combination of codes, and a row that has it."""
    mixed, first, size = np.zeros(rows, np.int32), np.zeros(min(rows, 1), np.int32), 1
    for codes, words in columns:
        if (codes == codes[:1]).all():
            continue
        if size * len(words) <= _DENSE:
            mixed *= len(words)
            mixed += codes
            seen = np.full(size * len(words), -1, np.int32)
            seen[mixed] = np.arange(rows, dtype=np.int32)
            found = seen >= 0
            first = seen[found]
            mixed = (np.cumsum(found, dtype=np.int32) - 1)[mixed]
        else:
            _, first, mixed = np.unique(mixed * np.int64(len(words)) + codes, return_index=True, return_inverse=True)
            first, mixed = first.astype(np.int32), mixed.astype(np.int32)
        size = len(first)
    return mixed, first
