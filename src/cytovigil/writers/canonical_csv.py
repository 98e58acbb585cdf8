"""Canonical CSV: the form on which identity between engines and runs is defined.

UTF-8, LF; times in the site's zone with offset; numbers without trailing zeros; lists sorted and joined by `|`.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cytovigil.model.times import NEVER, NOTHING, format_time
from cytovigil.writers.columns import Cell, Column, Kind, Row

_QUOTED = frozenset(',"\r\n')


class CsvTable:
    """A table that grows row by row. Raises OSError where it cannot be written."""

    def __init__(self, folder: Path, name: str, columns: Sequence[Column], zone: ZoneInfo, header: bool = True) -> None:
        self.path = folder / f"{name}.csv"
        self._names = [column.name for column in columns]
        self._kinds = [column.kind for column in columns]
        self._zone = zone
        self._file = self.path.open("w", encoding="utf-8", newline="")
        if header:
            self._file.write(csv_line(self._names))

    def append(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        for row in rows:
            cells = [csv_cell(cell, kind, self._zone) for cell, kind in zip(row, self._kinds, strict=True)]
            self._file.write(csv_line(cells))

    def append_columns(self, columns: Mapping[str, Any]) -> None:
        """Append rows given as columns: numbers, or codes of few values."""
        texts = [_texts(columns[name], kind, self._zone) for name, kind in zip(self._names, self._kinds, strict=True)]
        self._file.writelines(csv_line(cells) for cells in zip(*texts, strict=True))

    def append_piece(self, folder: Path) -> None:
        """Append the lines of a file of this name in a folder, written without header."""
        self._file.flush()
        with (folder / self.path.name).open("rb") as piece:
            shutil.copyfileobj(piece, self._file.buffer)

    def close(self) -> None:
        """End the file."""
        self._file.close()


def _texts(column: Any, kind: Kind, zone: ZoneInfo) -> list[str]:
    """The cells of a column; what comes often is written once."""
    if hasattr(column, "codes"):
        texts = [csv_cell(value, kind, zone) for value in column.values]
        return [texts[code] for code in column.codes.tolist()]
    null = NEVER if kind == "time" else NOTHING
    return ["" if number == null else csv_cell(number, kind, zone) for number in column.tolist()]


def csv_cell(cell: Cell, kind: Kind, zone: ZoneInfo) -> str:
    """One cell as text; null is empty."""
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return "|".join(sorted(cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if kind == "time":
        return format_time(int(cell), zone)
    return cell if isinstance(cell, str) else plain_number(cell)


def plain_number(number: float) -> str:
    """A number without trailing zeros or exponent."""
    text = format(Decimal(repr(number)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def csv_line(cells: Iterable[str]) -> str:
    """One line. Only what would break the form is quoted; nothing is changed, also not a leading = + - or @."""
    return ",".join(_quoted(cell) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.intersection(cell) else cell
