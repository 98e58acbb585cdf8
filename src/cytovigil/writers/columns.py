"""The output tables of the contract: their names, columns and kinds. Both forms are written from here."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from cytovigil.model.results import ConcordanceRow, DailyRow, EpisodeRow, Graded, TimelineRow

Kind = Literal["text", "integer", "grade", "number", "truth", "time", "date", "list"]
Cell = str | int | float | bool | tuple[str, ...] | None
Row = Sequence[Cell]
ResultRow = TimelineRow | DailyRow | EpisodeRow | ConcordanceRow

_KINDS: dict[str, Kind] = {
    "patient_id": "text", "infusion": "integer", "scale": "text", "reason": "text",
    "start": "time", "end": "time", "onset": "time", "confirmed": "time", "peak_time": "time", "time": "time",
    "low": "grade", "high": "grade", "charted_low": "grade", "charted_high": "grade", "recorded": "grade",
    "peak_low": "grade", "peak_high": "grade", "charted_peak_low": "grade", "charted_peak_high": "grade",
    "missing": "list", "flags": "list", "treatments": "list",
    "provisional": "truth", "ongoing": "truth", "agrees": "truth",
    "day": "integer", "onset_day": "integer", "episode": "integer", "date": "date",
    "unobserved_h": "number", "duration_days": "number",
}  # fmt: skip


class Column(NamedTuple):
    """One column of a table."""

    name: str
    kind: Kind


def table_columns(scale_ids: Sequence[str]) -> dict[str, tuple[Column, ...]]:
    """The columns of every table; `summary` has three a scale."""
    key = Column("patient_id", "text"), Column("infusion", "integer")
    per_scale = [Column(f"{one}.{name}", _KINDS[name]) for one in scale_ids for name in ("low", "high", "unobserved_h")]
    return {
        "timeline": _columns(TimelineRow._fields),
        "daily": _columns(DailyRow._fields),
        "episodes": _columns(EpisodeRow._fields),
        "summary": (*key, *per_scale),
        "concordance": _columns(ConcordanceRow._fields),
    }


def table_rows(graded: Sequence[Graded], scale_ids: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of one patient, in the contract's order: infusion, scale, then time."""
    return {
        "timeline": _ordered(row for one in graded for row in one.timeline),
        "daily": _ordered(row for one in graded for row in one.daily),
        "episodes": _ordered(row for one in graded for row in one.episodes),
        "summary": [_summary(one, scale_ids) for one in sorted(graded, key=lambda one: one.infusion)],
        "concordance": _ordered(row for one in graded for row in one.concordance),
    }


def _columns(names: Iterable[str]) -> tuple[Column, ...]:
    return tuple(Column(name, _KINDS[name]) for name in names)


def _ordered(rows: Iterable[ResultRow]) -> list[Row]:
    ordered: list[ResultRow] = sorted(rows, key=_order)
    return [*ordered]


def _order(row: ResultRow) -> tuple[int, str, int]:
    """Infusion, scale, and the fourth column: start, day, episode or time. Equal ones keep the engine's order."""
    return row.infusion, row.scale, row[3]


def _summary(graded: Graded, scale_ids: Sequence[str]) -> Row:
    cells: list[Cell] = [graded.patient_id, graded.infusion]
    for scale in scale_ids:
        cells += graded.summaries.get(scale, (None, None, None))
    return cells
