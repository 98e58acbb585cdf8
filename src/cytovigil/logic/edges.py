"""Edge tables: a ladder on both sides of every threshold, and with each field unknown, for sign-off."""

from typing import Any

from cytovigil.logic.conditions import Field
from cytovigil.logic.ladder import Ladder
from cytovigil.model.results import show_grade


def edge_table(ladder: Ladder) -> list[str]:
    """One line for every combination of classes; then one for each field unknown while the others are normal."""
    header = [*(field.says for field in ladder.fields), "grade"]
    rows = [
        [*map(_label, ladder.fields, ladder.classes, values), _grade(ladder, values)]
        for values in _combinations(ladder)
    ]
    rows += [_unknown_row(ladder, index) for index in range(len(ladder.fields))]
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    return [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *rows]
    ]


def _combinations(ladder: Ladder) -> list[tuple[Any, ...]]:
    """All combinations, or, where they are more than 200, those in which at most two fields are not normal."""
    rows = ladder.representatives()
    if len(rows) <= 200:
        return rows
    normal = tuple(field.normal for field in ladder.fields)
    return [row for row in rows if sum(a != b for a, b in zip(row, normal, strict=True)) <= 2]


def _label(field: Field, classes: tuple[tuple[Any, ...], ...], value: Any) -> str:
    members = next(members for members in classes if value in members)
    first, last = field.label(members[0]), field.label(members[-1])
    return first if first == last else f"{first} to {last}"


def _grade(ladder: Ladder, values: tuple[Any, ...]) -> str:
    return str(ladder.grade(dict(zip(ladder.names, values, strict=True))))


def _unknown_row(ladder: Ladder, index: int) -> list[str]:
    sets = [frozenset({field.normal}) for field in ladder.fields]
    sets[index] = ladder.fields[index].unknown
    cells = [_label(field, classes, field.normal) for field, classes in zip(ladder.fields, ladder.classes, strict=True)]
    cells[index] = "unknown"
    return [*cells, show_grade(*ladder.range_of(tuple(sets)))]
