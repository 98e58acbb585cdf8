"""Output tables as columns, put together from scales, and from patients whom the reference engine graded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.engine.columnar.arrays import Ints
from cytovigil.model.times import NEVER, NOTHING


class Coded(NamedTuple):
    """A column of few different values: of each row the place in `values`."""

    codes: Ints
    values: Sequence[Any]


# Whole numbers, times among them (seconds UTC), stand as they are; a null is NOTHING, of a time NEVER.
Column = Ints | Coded
TIMES = frozenset({
    "start", "end", "onset", "confirmed", "time", "peak_time", "baseline_time", "last_time", "normal_time",
    "tocilizumab_time",
})  # fmt: skip


class Table(NamedTuple):
    """Rows with what orders them: the place of the patient, the infusion, the scale's rank, then as they stand."""

    place: Ints
    infusion: Ints
    rank: Ints
    columns: Mapping[str, Column]


def coded(values: Iterable[Any]) -> Coded:
    """Values as codes."""
    found: dict[Any, int] = {}
    codes = [found.setdefault(value, len(found)) for value in values]
    return Coded(np.array(codes, np.int64), list(found))


def tabulated(function: Callable[[int], Any], numbers: Ints) -> Coded:
    """A function of whole numbers, asked once for each."""
    found, places = np.unique(numbers, return_inverse=True)
    return Coded(places.ravel(), [function(number) for number in found.tolist()])


def chosen(column: Column, places: NDArray[Any]) -> Column:
    """Some rows of a column."""
    return Coded(column.codes[places], column.values) if isinstance(column, Coded) else column[places]


def together(tables: Sequence[Table]) -> Mapping[str, Column]:
    """Rows of several tables of one kind, in the order of the contract."""
    place, infusion, rank = (np.concatenate(column) for column in list(zip(*tables, strict=True))[:3])
    order = np.lexsort((rank, infusion, place))
    names = tables[0].columns
    return {name: chosen(_joined([table.columns[name] for table in tables]), order) for name in names}


def of_rows(rows: Sequence[Any], places: Sequence[int], ranks: Sequence[int], kind: Any) -> Table:
    """Rows of one kind, named tuples, as columns; `places` and `ranks` are those of their patients and scales."""
    columns: dict[str, Column] = {}
    for at, (name, annotation) in enumerate(kind.__annotations__.items()):
        values = [row[at] for row in rows]
        if annotation in (int, int | None):
            null = NEVER if name in TIMES else NOTHING
            columns[name] = np.array([null if value is None else value for value in values], np.int64)
        else:
            columns[name] = coded(values)
    infusion = np.array([row.infusion for row in rows], np.int64)
    return Table(np.array(places, np.int64), infusion, np.array(ranks, np.int64), columns)


def _joined(parts: Sequence[Any]) -> Column:
    if not isinstance(parts[0], Coded):
        return np.concatenate(parts)
    values: list[Any] = []
    codes: list[Ints] = []
    for part in parts:
        codes.append(part.codes + len(values))
        values += part.values
    return Coded(np.concatenate(codes), values)


def cells(column: Column) -> list[Any]:
    """The values of a column, as the reference's rows hold them."""
    if isinstance(column, Coded):
        return [column.values[code] for code in column.codes.tolist()]
    return [None if one in (NEVER, NOTHING) else one for one in column.tolist()]
