"""What rows say, asked once for each kind of row in a run; and what holds of it over time."""

from collections.abc import Callable, Hashable, Sequence
from math import prod

import numpy as np

from cytovigil.engine.columnar.arrays import Ints
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Codes, told
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.newest import newest_valid
from cytovigil.engine.columnar.steps import Steps
from cytovigil.engine.columnar.thinned import thinned
from cytovigil.engine.record import Record
from cytovigil.engine.track import flagged
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event

_UNASKED = -1


class ByKind:
    """Some codes, 0 or more, of each kind of row, asked once in a run."""

    def __init__(self, kinds: Codes[Event], codes: Callable[[Event], Sequence[int]], width: int) -> None:
        self._kinds, self._ask = kinds, codes
        self._codes = np.zeros((width, 0), np.int64)

    def __call__(self, kind: Ints) -> list[Ints]:
        """The codes of these kinds, each as a column."""
        width, known = self._codes.shape
        new = len(self._kinds.values) - known
        if new:
            self._codes = np.concatenate([self._codes, np.full((width, new), _UNASKED, np.int64)], axis=1)
        first = self._codes[0][kind]
        unasked = first == _UNASKED
        if unasked.any():
            for one in np.unique(kind[unasked]).tolist():
                self._codes[:, one] = self._ask(self._kinds.values[one])
            first = self._codes[0][kind]
        return [first, *(column[kind] for column in self._codes[1:])]


def columns_by_kind(
    block: Block, kind: Ints, key: Hashable, codes: Callable[[Event], Sequence[int]], width: int
) -> list[Ints]:
    """Columns of what rows of these kinds say, asked once for each kind in this run, and kept under the key."""
    made: ByKind = block.known.table(key, lambda: ByKind(block.known.kinds, codes, width))
    return made(kind)


def by_kind(block: Block, kind: Ints, key: Hashable, code: Callable[[Event], int]) -> Ints:
    """The same of one column."""
    return columns_by_kind(block, kind, key, lambda row: (code(row),), 1)[0]


def flags_of(block: Block, kind: Ints) -> Ints:
    """The flags of these kinds: codes of the run."""
    flags = block.known.flags
    return by_kind(block, kind, "flags of a kind", lambda row: flags.code(row.flags))


def coding(block: Block, field: Field) -> Callable[[Fact], int]:
    """Gives the code of a fact, with the flags of its rows."""
    codes = block.known.facts[field]
    return lambda fact: codes.code(told(flagged(fact)))


def bare(block: Block, place: int = 0) -> Record:
    """A record of a patient of whom nothing is charted: for functions that look at the settings and the patient."""
    return Record(block.infusions[place], (), block.settings)


class Represented:
    """A function of rows whose answer depends on some codes alone: asked of one row for each combination."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], int] = {}

    def __call__(self, columns: Sequence[Ints], ask: Callable[[int], int]) -> Ints:
        """The answer for each row of the columns; `ask` takes a place in them."""
        sizes = [int(column.max(initial=0)) + 1 for column in columns]
        assert prod(sizes) < 1 << 62
        mixed = np.zeros(len(columns[0]), np.int64)
        for column, size in zip(columns, sizes, strict=True):
            mixed = mixed * size + column
        _, first, places = np.unique(mixed, return_index=True, return_inverse=True)
        combinations = zip(first.tolist(), *(column[first].tolist() for column in columns), strict=True)
        return np.array([self._of(place, tuple(row), ask) for place, *row in combinations], np.int64)[places]

    def _of(self, place: int, row: tuple[int, ...], ask: Callable[[int], int]) -> int:
        if row not in self._known:
            self._known[row] = ask(place)
        return self._known[row]


def represented(block: Block, field: Field) -> Represented:
    """Facts of a field by what they depend on, kept in this run."""
    made: Represented = block.known.table((field, "represented"), Represented)
    return made


def endless(rows: Rows) -> Rows:
    """Rows each of which ceases to hold when the next begins, whatever its end."""
    return rows._replace(ended=np.zeros(len(rows.ended), np.bool_))


def held(block: Block, rows: Rows, codes: Ints, otherwise: int) -> Steps:
    """The code of the row that holds; `otherwise` while none does."""
    found = newest_valid(block, rows)
    return Steps(found.keys, np.append(codes, otherwise)[found.codes]).compressed()  # NO_ROW is the last place


def held_codes(block: Block, rows: Rows, codes: Ints, otherwise: int) -> Steps:
    """The same of rows many of which say what the one before said."""
    found, first = thinned(rows, codes)
    return held(block, found, codes[first], otherwise)
