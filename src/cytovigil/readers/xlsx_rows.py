"""Excel workbooks (.xlsx, .xlsm), row by row; every cell becomes the text that a CSV would hold. Macros are left alone.

A workbook is a zip of XML, read as a stream with bounds: a few bytes may stand for gigabytes. A cell with a formula has
no value here: what a program stored with it, if it stored anything, may be out of date. A number in a column of dates,
or shown as a date, is a day.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import ZipFile

from cytovigil.readers.errors import InputError

MOST_BYTES = 256 << 20  # of a file, and of its parts together when unpacked: about a million rows
MOST_PARTS = 2_000
MOST_COLUMNS = 500  # cells to the right are not read
HEADER_WITHIN = 20  # rows: titles may stand above the header
_BLOCK = 1 << 16
_OLD_FORM = bytes.fromhex("d0cf11e0a1b11ae1")  # also the envelope of a workbook with a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_PARTS = (".xml", ".rels")
_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_DATE_FORMATS = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))  # built in
_DATE_SIGN = re.compile("[dmyhs]", re.IGNORECASE)
_NO_SIGN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # quoted text, signs taken literally, colours and places
_FORMULA = "=(formula)"
_DAYS = (1, 73_050)  # numbers of days up to the year 2100
_DAY_NOUGHT, _SHIFT_1904 = datetime(1899, 12, 30), 1_462  # noqa: DTZ001
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)

Rows = Iterator[tuple[int, list[str]]]


class Worksheet(NamedTuple):
    """One worksheet: its part of the file, its header and the row it stands in."""

    name: str
    part: str
    shared: "Shared"
    header: list[str]
    top: int


class Shared(NamedTuple):
    """What cells refer to: texts, the styles that show a number as a date, and what to add to a number of days."""

    strings: list[str]
    date_styles: frozenset[str]
    shift: int


def read_worksheets(path: Path, announces: Callable[[Sequence[str]], bool]) -> tuple[list[Worksheet], list[str]]:
    """Worksheets with a header that `announces` knows, and the names of all. Raises InputError."""
    found = []
    with _clear_errors(path):
        _check_form(path)
        with ZipFile(path) as archive:
            _check_size(path, archive)
            parts, shift = _parts(archive)
            shared = Shared(_strings(archive), _date_styles(archive), shift)
            for name, part in parts.items():
                rows = _rows(archive, part, shared, frozenset())
                for row, texts in takewhile(lambda one: one[0] <= HEADER_WITHIN, rows):
                    if announces(texts):
                        found.append(Worksheet(name, part, shared, texts, row))
                        break
    return found, list(parts)


def read_xlsx_rows(path: Path, sheet: Worksheet, dates: frozenset[int]) -> Rows:
    """Rows below the header that are not empty, numbered as Excel does, as wide as the header."""
    width = len(sheet.header)
    with _clear_errors(path), ZipFile(path) as archive:
        for row, texts in _rows(archive, sheet.part, sheet.shared, dates):
            if row > sheet.top and any(texts):
                yield row, (texts + [""] * width)[:width]


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # of zip, compression, XML, and of what they hold
        raise InputError(
            f"'{path.name}' is not a readable Excel workbook: it may be damaged; save it again as .xlsx, or as CSV"
        ) from error


def _check_form(path: Path) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise _too_large(path)
    content = path.read_bytes()
    if content.startswith(_OLD_FORM):
        if _LOCKED in content:
            raise InputError(f"'{path.name}' is protected by a password: save a copy without one")
        raise InputError(f"'{path.name}' is an Excel file of the old form (.xls): save it as .xlsx, or as CSV")
    if not content.startswith(b"PK"):
        raise InputError(f"'{path.name}' is not an Excel workbook (.xlsx): save it as .xlsx, or as CSV")


def _check_size(path: Path, archive: ZipFile) -> None:
    """What the directory of the zip promises is a bound: not more than that is unpacked of any part."""
    entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(_PARTS)]
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _too_large(path)


def _too_large(path: Path) -> InputError:
    return InputError(f"'{path.name}' is too large for a workbook: save its sheet as CSV")


def _parts(archive: ZipFile) -> tuple[dict[str, str], int]:
    """The part of each worksheet by its name, and what to add to a number of days."""
    with archive.open("xl/_rels/workbook.xml.rels") as handle:
        links = [one.attrib for one in ElementTree.parse(handle).getroot()]
    targets = {link["Id"]: link["Target"] for link in links if link["Type"].endswith("/worksheet")}
    parts, shift = {}, 0
    with archive.open("xl/workbook.xml") as handle:
        elements = list(ElementTree.parse(handle).getroot().iter())
    for one in elements:
        if _local(one.tag) == "sheet":
            mark = next(value for name, value in one.attrib.items() if name.startswith("{") and _local(name) == "id")
            if mark in targets:
                target = targets[mark]
                parts[one.attrib["name"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        elif _local(one.tag) == "workbookPr" and one.attrib.get("date1904") in ("1", "true"):
            shift = _SHIFT_1904
    return parts, shift


def _strings(archive: ZipFile) -> list[str]:
    """Texts that cells point to. Without hints at pronunciation."""
    if _STRINGS not in archive.namelist():
        return []
    found = []
    with archive.open(_STRINGS) as handle:
        for _, one in ElementTree.iterparse(handle):
            kind = _local(one.tag)
            if kind == "si":
                found.append("".join(part.text or "" for part in one.iter() if _local(part.tag) == "t"))
            if kind in ("si", "rPh"):
                one.clear()
    return found


def _date_styles(archive: ZipFile) -> frozenset[str]:
    """Numbers of the styles that show a number as a date or a time."""
    if _STYLES not in archive.namelist():
        return frozenset()
    with archive.open(_STYLES) as handle:
        elements = list(ElementTree.parse(handle).getroot().iter())
    codes = {one.attrib["numFmtId"]: one.attrib["formatCode"] for one in elements if _local(one.tag) == "numFmt"}
    dates = _DATE_FORMATS | {number for number, code in codes.items() if _DATE_SIGN.search(_NO_SIGN.sub("", code))}
    styles = [one for part in elements if _local(part.tag) == "cellXfs" for one in part]
    return frozenset(str(place) for place, one in enumerate(styles) if one.attrib.get("numFmtId") in dates)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _rows(archive: ZipFile, part: str, shared: Shared, dates: frozenset[int]) -> Rows:
    """All rows of a worksheet that have filled cells."""
    reader = _RowReader(shared, dates)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    with archive.open(part) as handle:
        while block := handle.read(_BLOCK):
            parser.Parse(block)
            yield from reader.take()
        parser.Parse(b"", True)
        yield from reader.take()


class _RowReader:
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

    def take(self) -> Rows:
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
