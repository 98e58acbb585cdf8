"""Excel workbooks (.xlsx, .xlsm), row by row; every cell becomes the text that a CSV would hold. Macros are left alone.

A workbook is a zip of XML, read as a stream with bounds: a few bytes may stand for gigabytes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import ZipFile

from cytovigil.readers.errors import InputError
from cytovigil.readers.xlsx_cells import RowReader, Shared

MOST_BYTES = 256 << 20  # of a file, and of its parts together when unpacked: about a million rows
MOST_PARTS = 2_000
HEADER_WITHIN = 20  # rows: titles may stand above the header
_BLOCK = 1 << 16
_OLD_FORM = bytes.fromhex("d0cf11e0a1b11ae1")  # also the envelope of a workbook with a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_PARTS = (".xml", ".rels")
_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_DATE_FORMATS = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))  # built in
_DATE_SIGN = re.compile("[dmyhs]", re.IGNORECASE)
_NO_SIGN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # quoted text, signs taken literally, colours and places
_SHIFT_1904 = 1_462  # days from 1900 to 1904, as Excel counts them

Rows = Iterator[tuple[int, list[str]]]


class Worksheet(NamedTuple):
    """One worksheet: its part of the file, its header and the row it stands in."""

    name: str
    part: str
    shared: Shared
    header: list[str]
    top: int


def read_worksheets(path: Path, announces: Callable[[Sequence[str]], bool]) -> tuple[list[Worksheet], dict[str, bool]]:
    """Worksheets with a header that `announces` knows, and of all by name if they hold anything. Raises InputError."""
    found, filled = [], {}
    with _clear_errors(path):
        _check_form(path)
        with ZipFile(path) as archive:
            _check_size(path, archive)
            parts, shift = _parts(archive)
            shared = Shared(_strings(archive), _date_styles(archive), shift)
            for name, part in parts.items():
                filled[name] = False
                for row, texts in _rows(archive, part, shared, frozenset()):
                    filled[name] = True
                    if row > HEADER_WITHIN:
                        break
                    if announces(texts):
                        found.append(Worksheet(name, part, shared, texts, row))
                        break
    return found, filled


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
            "'{name}' is not a readable Excel workbook: it may be damaged; save it again as .xlsx, or as CSV",
            name=path.name,
        ) from error


def _check_form(path: Path) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise _too_large(path)
    with path.open("rb") as handle:
        start = handle.read(len(_OLD_FORM))
        locked = start == _OLD_FORM and _LOCKED in handle.read()
    if locked:
        raise InputError("'{name}' is protected by a password: save a copy without one", name=path.name)
    if start == _OLD_FORM:
        raise InputError(
            "'{name}' is an Excel file of the old form (.xls): save it as .xlsx, or as CSV", name=path.name
        )
    if not start.startswith(b"PK"):
        raise InputError("'{name}' is not an Excel workbook (.xlsx): save it as .xlsx, or as CSV", name=path.name)


def _check_size(path: Path, archive: ZipFile) -> None:
    """What the directory of the zip promises is a bound: not more than that is unpacked of any part."""
    entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(_PARTS)]
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _too_large(path)


def _too_large(path: Path) -> InputError:
    return InputError("'{name}' is too large for a workbook: save its sheet as CSV", name=path.name)


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
    reader = RowReader(shared, dates)
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
