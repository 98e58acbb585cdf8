"""Values by number, and functions of them that are asked once for each combination: the tables of this engine."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from math import prod
from typing import Generic, TypeVar

import numpy as np

from cytovigil.engine.columnar.arrays import Ints
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event

T = TypeVar("T", bound=Hashable)
CHARTED = Event("", 0, "")  # stands for the rows a fact rests on
_FEW = 32  # rows that are asked one by one
_DENSE, _SPARSE = 1 << 18, 8  # a table is made where it has no more places, nor so many for each row


class Codes(Generic[T]):
    """Each different value once; its place is its code."""

    def __init__(self) -> None:
        self.values: list[T] = []
        self._places: dict[T, int] = {}

    def code(self, value: T) -> int:
        """The code of a value."""
        place = self._places.setdefault(value, len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place


def told(fact: Fact) -> Fact:
    """A fact as courses ask for it: whether rows were charted, not which."""
    return fact._replace(because=(CHARTED,) if fact.because else ())


class Tabulated:
    """A function of several codes as a table, filled as combinations occur."""

    def __init__(self, function: Callable[..., int]) -> None:
        self._function = function
        self._known: dict[tuple[int, ...], int] = {}

    def __call__(self, columns: Sequence[Ints]) -> Ints:
        """The function of each row of the columns."""
        rows = len(columns[0])
        if rows <= _FEW:
            return self._each(columns)
        sizes = [int(column.max()) + 1 for column in columns]
        if prod(sizes) >= 1 << 62:
            found, places = np.unique(np.stack(columns), axis=1, return_inverse=True)
            return self._each(found)[places.ravel()]
        mixed = columns[0].astype(np.int64)
        for column, size in zip(columns[1:], sizes[1:], strict=True):
            mixed = mixed * size + column
        if prod(sizes) <= min(_DENSE, _SPARSE * rows):
            found = np.flatnonzero(np.bincount(mixed, minlength=prod(sizes)))
            table = np.zeros(prod(sizes), np.int64)
            table[found] = self._each(np.unravel_index(found, sizes))
            return table[mixed]
        found, places = np.unique(mixed, return_inverse=True)
        return self._each(np.unravel_index(found, sizes))[places]

    def of(self, *row: int) -> int:
        """The function of one row."""
        return self._of(row)

    def _each(self, columns: Iterable[Ints]) -> Ints:
        return np.array([self._of(row) for row in zip(*(c.tolist() for c in columns), strict=True)], np.int64)

    def _of(self, row: tuple[int, ...]) -> int:
        if row not in self._known:
            self._known[row] = self._function(*row)
        return self._known[row]
