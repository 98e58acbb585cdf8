"""Exact fractions as columns, and how many cuts they pass: compared by multiplication crosswise, never by division."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.measures.kinds import columns_by_kind
from cytovigil.engine.measures.laboratory import End
from cytovigil.logic.laboratory import Cut
from cytovigil.model.events import Event

# Products of a value, the other's denominator and a number of a cut stay below 2 ** 63.
_NUMERATOR, _DENOMINATOR, _OF_CUT = 1 << 40, 1 << 17, 1 << 5
_COMPARE = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}


class Ratios(NamedTuple):
    """Fractions; not `reached`: as near to it as one likes."""

    numerator: Ints
    denominator: Ints
    reached: Truths

    def at(self, places: Ints | Truths) -> "Ratios":
        """Some of them."""
        return Ratios(self.numerator[places], self.denominator[places], self.reached[places])


class Spans(NamedTuple):
    """What numbers can be: from `low` to `high`, the same where they are known. Not `fits`: too long for columns."""

    low: Ratios
    high: Ratios
    fits: Truths

    @property
    def ends(self) -> tuple[Ratios, Ratios]:
        """Both ends."""
        return self.low, self.high

    @property
    def wide(self) -> Truths:
        """Where the ends differ."""
        different: Truths = self.low.numerator != self.high.numerator
        different |= self.low.denominator != self.high.denominator
        different |= self.low.reached != self.high.reached
        return different

    def at(self, places: Ints | Truths) -> "Spans":
        """Some of them."""
        return Spans(self.low.at(places), self.high.at(places), self.fits[places])


def spans_of(ends: Sequence[Sequence[End]]) -> Spans:
    """One or two ends of each number as columns."""
    rows = [(*_columns(one[0]), *_columns(one[-1])) for one in ends]
    table = np.array(rows, np.int64).reshape(-1, 8).T
    low, high = (Ratios(part[0], part[1], part[2].astype(np.bool_)) for part in (table[:4], table[4:]))
    return Spans(low, high, (table[3] & table[7]).astype(np.bool_))


def _columns(end: End) -> tuple[int, int, bool, bool]:
    numerator, denominator = end.at.as_integer_ratio()
    fits = numerator <= _NUMERATOR and denominator <= _DENOMINATOR
    return (numerator, denominator, end.reached, True) if fits else (0, 1, True, False)


def values_of(block: Block, kind: Ints) -> Spans:
    """The values of these kinds of rows, in steps."""
    low, high, denominator, fits = columns_by_kind(block, kind, "value", _of_row, 4)
    reached = np.ones(len(kind), np.bool_)
    return Spans(Ratios(low, denominator, reached), Ratios(high, denominator, reached), fits.astype(np.bool_))


def _of_row(row: Event) -> tuple[int, int, int, int]:
    low, high = row.ends[0], row.ends[-1]
    denominator = low.denominator * high.denominator
    found = int(low * denominator), int(high * denominator), denominator
    return (*found, 1) if max(found) <= _NUMERATOR and denominator <= _DENOMINATOR else (0, 0, 1, 0)


def joined(kept: Truths, one: Spans, other: Spans) -> Spans:
    """The first where `kept`, else the second, which has a number for each of the rest alone."""
    places = np.where(kept, np.cumsum(kept) - 1, int(kept.sum()) + np.cumsum(~kept) - 1)
    low, high = (
        Ratios(
            np.concatenate([mine.numerator[kept], theirs.numerator]),
            np.concatenate([mine.denominator[kept], theirs.denominator]),
            np.concatenate([mine.reached[kept], theirs.reached]),
        )
        for mine, theirs in zip(one.ends, other.ends, strict=True)
    )
    return Spans(low, high, np.concatenate([one.fits[kept], other.fits])).at(places)


def passed(cuts: Sequence[Cut], value: Ratios, of: Ratios) -> Ints:
    """How many cuts each value has passed."""
    found = np.zeros(len(value.numerator), np.int64)
    mine, other = value.numerator * of.denominator, of.numerator * value.denominator
    for cut in cuts:
        number, parts = _short(cut.number)
        left, right = mine * parts, other * number
        beyond = _COMPARE[cut.operator](left, right)
        found += beyond & (of.reached | (left != right))
    return found


def every_passed(cuts: Sequence[Cut], value: Spans, of: Spans, wide: Truths) -> list[Ints]:
    """The same of each end of the value with each of what it is compared with; they differ only where one is `wide`."""
    least = passed(cuts, value.low, of.low)
    if not wide.any():
        return [least] * 4
    found, ends_of_value, ends_of = [], value.at(wide).ends, of.at(wide).ends
    for one, other in product(ends_of_value, ends_of):
        column = least.copy()
        column[wide] = passed(cuts, one, other)
        found.append(column)
    return found


def _short(number: Fraction) -> tuple[int, int]:
    found = number.as_integer_ratio()
    assert max(found) <= _OF_CUT
    return found
