"""Plain-text tables for the terminal."""

from collections.abc import Iterable, Sequence


def render_table(header: Sequence[str], rows: Iterable[Sequence[object]], numbers: bool = False) -> str:
    """A table in aligned columns; with `numbers` every column but the first is aligned to the right."""
    lines = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    right = [numbers and place > 0 for place in range(len(header))]
    lines.insert(1, ["-" * width for width in widths])
    return "".join(_line(line, widths, right) for line in lines)


def render_grade(low: int | None, high: int | None) -> str:
    """A grade, a range as `2..4`, or `-` where nothing was observed."""
    if low is None or high is None:
        return "-"
    return str(low) if low == high else f"{low}..{high}"


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if side else cell.ljust(width) for cell, width, side in zip(cells, widths, right, strict=True)
    ]
    return "  ".join(padded).rstrip() + "\n"
