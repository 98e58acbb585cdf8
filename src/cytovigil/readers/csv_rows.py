"""CSV, read row by row with exact line numbers. A stray quote costs one row, never the rest of the file."""

import csv
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 1 << 20
MOST_LINES = 50  # of one quoted field


class Shape(NamedTuple):
    """How rows look: delimiter, number of cells, and the places of cells that hold no line break."""

    delimiter: str
    width: int
    one_line: frozenset[int]


Complain = Callable[[int, str, str], None]  # line, code, sentence; never the text, it may name the patient


def read_header(path: Path, encoding: str) -> str:
    """The first line that is not blank; empty if there is none."""
    with path.open(encoding=encoding, errors="replace", newline="") as handle:
        return next((text for _, text in _lines(handle) if text and text.strip()), "")


def split_header(line: str, delimiter: str) -> list[str]:
    """The cells of a header line."""
    return [cell.strip() for cell in _parse(line, delimiter) or []]


def read_csv_rows(path: Path, encoding: str, shape: Shape, complain: Complain) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header, each with the line it starts on (header = 1) and as many cells as the header."""
    with path.open(encoding=encoding, errors="replace", newline="") as handle:
        lines = _Lines(handle)
        while (line := lines.take()) and not (line[1] or "").strip():
            pass
        while line := lines.take():
            number, text = line
            if text is None:
                complain(number, "line_too_long", f"the line is longer than {LONGEST_LINE} characters: correct it")
            elif text.strip(" \t\r\n" + shape.delimiter):
                cells = _row(lines, number, text, shape, complain)
                if cells is not None:
                    yield number, cells


class _Lines:
    """Lines with their numbers, and the way back to lines that were read ahead."""

    def __init__(self, handle: TextIO) -> None:
        self._source = _lines(handle)
        self._back: deque[tuple[int, str | None]] = deque()

    def take(self) -> tuple[int, str | None] | None:
        return self._back.popleft() if self._back else next(self._source, None)

    def give_back(self, lines: list[tuple[int, str | None]]) -> None:
        self._back.extendleft(reversed(lines))


def _lines(handle: TextIO) -> Iterator[tuple[int, str | None]]:
    number = 0
    while text := handle.readline(LONGEST_LINE):
        number += 1
        if len(text) < LONGEST_LINE or text.endswith(("\n", "\r")):
            yield number, text
            continue
        while (text := handle.readline(LONGEST_LINE)) and not text.endswith(("\n", "\r")):
            pass
        yield number, None


def _row(lines: _Lines, number: int, text: str, shape: Shape, complain: Complain) -> list[str] | None:
    ahead: list[tuple[int, str | None]] = []
    if text.count('"') % 2:
        text = _joined(lines, text, ahead)
    if "\0" in text:
        lines.give_back(ahead)
        complain(number, "nul_byte", "the line holds NUL bytes: export the file again as UTF-8 text")
        return None
    cells = _parse(text, shape.delimiter)
    if cells is not None and len(cells) == shape.width and not (ahead and _broken(cells, shape.one_line)):
        return cells
    lines.give_back(ahead)
    if cells is None or ahead:
        complain(number, "broken_quotes", "quotes do not close on this line: correct it")
    else:
        cut = "" if len(cells) > shape.width or text.endswith(("\n", "\r")) else ", the file may be cut off here"
        complain(number, "wrong_field_count", f"{len(cells)} fields, the header has {shape.width}{cut}: correct it")
    return None


def _broken(cells: list[str], one_line: frozenset[int]) -> bool:
    return any("\n" in cells[place] or "\r" in cells[place] for place in one_line)


def _joined(lines: _Lines, text: str, ahead: list[tuple[int, str | None]]) -> str:
    """The text with the following lines up to the closing quote."""
    parts = [text]
    while len(ahead) < MOST_LINES and (line := lines.take()):
        ahead.append(line)
        parts.append(line[1] or "")
        if parts[-1].count('"') % 2:
            break
    return "".join(parts)


def _parse(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None
