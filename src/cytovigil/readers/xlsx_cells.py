"""Cells of a worksheet: every cell becomes the text that a CSV would hold.

A cell with a formula has no value here: what a program stored with it, if it stored anything, may be out of date. A
number in a column of dates, or shown as a date, is a day.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

MOST_COLUMNS = 500  # cells to the right are not read
_FORMULA = "=(formula)"
_DAYS = (1, 73_050)  # numbers of days up to the year 2100
_DAY_NOUGHT = datetime(1899, 12, 30)  # noqa: DTZ001
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)


class Shared(NamedTuple):
    """What cells refer to: texts, the styles that show a number as a date, and what to add to a number of days."""

    strings: list[str]
    date_styles: frozenset[str]
    shift: int


class RowReader:
    """Goes over the elements of a worksheet, and makes its rows."""

    __slots__ = (
        "_cells", "_column", "_columns", "_dates", "_digits", "_done", "_is_date", "_kept", "_kinds", "_row", "_shared",
        "_texts", "_type",
    )  # fmt: skip

    def __init__(self, shared: Shared, dates: frozenset[int]) -> None:
        self._shared, self._dates = shared, dates
        self._kinds, self._columns = _Kinds(), _Columns()
        self._done: list[tuple[int, dict[int, str]]] = []
        self._cells: dict[int, str] = {}  # of this row, by column from 1
        self._row = self._column = 0
        self._digits = "0"  # of the row, behind the letters of its cells
        self._type, self._is_date = "", False  # of this cell
        self._texts: list[str] = []
        self._kept = False

    def take(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are complete."""
        done, self._done = self._done, []
        for row, cells in done:
            yield row, [cells.get(column, "") for column in range(1, max(cells) + 1)]

    def start(self, tag: str, about: dict[str, str]) -> None:
        """An element begins."""
        kind = self._kinds[tag]
        if kind == "c":
            self._move(about.get("r", ""))
            self._type = about.get("t", "n")
            self._is_date = self._column - 1 in self._dates or about.get("s") in self._shared.date_styles
            self._texts.clear()
        elif kind in ("v", "t"):
            self._kept = True
        elif kind == "row":
            self._row, self._column = int(about.get("r", self._row + 1)), 0
            self._digits = str(self._row)
        elif kind == "f":
            self._type = "f"

    def characters(self, text: str) -> None:
        """Text inside an element."""
        if self._kept:
            self._texts.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        kind = self._kinds[tag]
        if kind in ("v", "t"):
            self._kept = False
        elif kind == "c":
            text = self._cell()
            if text and self._column <= MOST_COLUMNS:
                self._cells[self._column] = text
        elif kind == "row" and self._cells:
            self._done.append((self._row, self._cells))
            self._cells = {}

    def _move(self, place: str) -> None:
        letters = place.removesuffix(self._digits)
        if letters in self._columns:
            self._column = self._columns[letters]
        elif match := _PLACE.fullmatch(place):
            self._column = self._columns[match[1]]
        else:
            self._column += 1

    def _cell(self) -> str:
        text = "".join(self._texts)
        if self._type == "n":
            return _number(text, self._shared.shift if self._is_date else None) if text else ""
        if self._type == "s":
            return _plain(self._shared.strings[_index(text)])
        if self._type == "f":
            return _FORMULA
        return {"0": "FALSE", "1": "TRUE"}.get(text, text) if self._type == "b" else _plain(text)


class _Kinds(dict[str, str]):
    """Names of elements without their prefix."""

    def __missing__(self, tag: str) -> str:
        return self.setdefault(tag, tag.rpartition(":")[2])


class _Columns(dict[str, int]):
    """Numbers of columns by their letters, A = 1."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = 26 * number + ord(letter) - ord("A") + 1
        return self.setdefault(letters, number)


def _index(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("no place of a text")
    return int(text)


def _plain(text: str) -> str:
    return text.strip().replace("\0", " ")


@lru_cache(maxsize=8_192)
def _number(text: str, shift: int | None) -> str:
    """A number as text; where `shift` is given and it can be a day, as a date, to the second."""
    try:
        number = float(text)
    except ValueError:
        return text
    if shift is None or not _DAYS[0] <= number + shift <= _DAYS[1]:
        return format(number, ".15g")
    moment = _DAY_NOUGHT + timedelta(seconds=round((number + shift) * 86_400))
    return moment.isoformat() if moment.time() != time() else moment.date().isoformat()
