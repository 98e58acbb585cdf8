"""Values by number, and functions of them that are asked once for each combination: the tables of this engine."""

from collections.abc import Callable, Hashable, Sequence
from math import prod
from typing import Generic, TypeVar

import numpy as np

from cytovigil.engine.columnar.arrays import Ints
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event

T = TypeVar("T", bound=Hashable)
CHARTED = Event("", 0, "")  # stands for the rows a fact rests on
_DENSE = 1 << 18


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
        if not len(columns[0]):
            return np.zeros(0, np.int64)
        sizes = [int(column.max()) + 1 for column in columns]
        if prod(sizes) >= 1 << 62:
            return self._by_rows(columns)
        mixed = np.zeros(len(columns[0]), np.int64)
        for column, size in zip(columns, sizes, strict=True):
            mixed = mixed * size + column
        if prod(sizes) <= _DENSE:
            found = np.flatnonzero(np.bincount(mixed, minlength=prod(sizes)))
            table = np.zeros(prod(sizes), np.int64)
            table[found] = [self._of(one) for one in zip(*np.unravel_index(found, sizes), strict=True)]
            return table[mixed]
        found, places = np.unique(mixed, return_inverse=True)
        results = []
        for one in found.tolist():
            row = []
            for size in reversed(sizes):
                one, place = divmod(one, size)
                row.append(place)
            results.append(self._of(tuple(reversed(row))))
        return np.array(results, np.int64)[places]

    def _by_rows(self, columns: Sequence[Ints]) -> Ints:
        found, places = np.unique(np.stack(columns), axis=1, return_inverse=True)
        return np.array([self._of(tuple(one)) for one in found.T], np.int64)[places.ravel()]

    def of(self, *row: int) -> int:
        """The function of one row."""
        return self._of(row)

    def _of(self, row: tuple[int, ...]) -> int:
        row = tuple(map(int, row))
        if row not in self._known:
            self._known[row] = self._function(*row)
        return self._known[row]
