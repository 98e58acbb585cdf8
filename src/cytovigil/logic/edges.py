"""Edge tables: a ladder on both sides of every threshold, and with each field unknown, for sign-off."""

from typing import Any

from cytovigil.logic.conditions import Field
from cytovigil.logic.ladder import Ladder
from cytovigil.model.results import show_grade
from cytovigil.model.told import Say

UNKNOWN = "unknown"


def edge_rows(ladder: Ladder, say: Say = str) -> list[list[str]]:
    """Heads; a row for every combination of classes; then one for each field unknown while the others are normal."""
    rows = [[*_labels(ladder, values, say), _grade(ladder, values)] for values in _combinations(ladder)]
    rows += [_unknown_row(ladder, index, say) for index in range(len(ladder.fields))]
    return [[*(say(field.says) for field in ladder.fields), say("grade")], *rows]


def edge_table(ladder: Ladder, say: Say = str) -> list[str]:
    """The same as lines of text."""
    rows = edge_rows(ladder, say)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _combinations(ladder: Ladder) -> list[tuple[Any, ...]]:
    """All combinations, or, where they are more than 200, those in which at most two fields are not normal."""
    rows = ladder.representatives()
    if len(rows) <= 200:
        return rows
    normal = tuple(field.normal for field in ladder.fields)
    return [row for row in rows if sum(a != b for a, b in zip(row, normal, strict=True)) <= 2]


def _labels(ladder: Ladder, values: tuple[Any, ...], say: Say) -> list[str]:
    return [
        _class(field, next(members for members in classes if value in members), say)
        for field, classes, value in zip(ladder.fields, ladder.classes, values, strict=True)
    ]


def _class(field: Field, members: tuple[Any, ...], say: Say) -> str:
    first, last = field.label(members[0], say), field.label(members[-1], say)
    return first if first == last else say("{first} to {last}").format(first=first, last=last)


def _grade(ladder: Ladder, values: tuple[Any, ...]) -> str:
    return str(ladder.grade(dict(zip(ladder.names, values, strict=True))))


def _unknown_row(ladder: Ladder, index: int, say: Say) -> list[str]:
    normal = tuple(field.normal for field in ladder.fields)
    sets = [frozenset({value}) for value in normal]
    sets[index] = ladder.fields[index].unknown
    cells = _labels(ladder, normal, say)
    cells[index] = say(UNKNOWN)
    return [*cells, show_grade(*ladder.range_of(tuple(sets)))]
