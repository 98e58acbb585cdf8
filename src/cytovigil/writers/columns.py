"""The output tables of the contract: their names, columns and kinds. Both forms are written from here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from cytovigil.model.results import (
    BiomarkerRow,
    ConcordanceRow,
    CytopeniaRow,
    DailyRow,
    EpisodeRow,
    Graded,
    Scored,
    ScoreRow,
    TimelineRow,
)

Kind = Literal["text", "integer", "grade", "number", "truth", "time", "date", "list"]
Cell = str | int | float | bool | tuple[str, ...] | None
Row = Sequence[Cell]
ResultRow = TimelineRow | DailyRow | EpisodeRow | ConcordanceRow | CytopeniaRow

_KINDS: dict[str, Kind] = {
    "patient_id": "text", "infusion": "integer", "scale": "text", "reason": "text",
    "start": "time", "end": "time", "onset": "time", "confirmed": "time", "peak_time": "time", "time": "time",
    "low": "grade", "high": "grade", "charted_low": "grade", "charted_high": "grade", "recorded": "grade",
    "peak_low": "grade", "peak_high": "grade", "charted_peak_low": "grade", "charted_peak_high": "grade",
    "missing": "list", "flags": "list", "treatments": "list",
    "provisional": "truth", "ongoing": "truth", "agrees": "truth",
    "day": "integer", "onset_day": "integer", "episode": "integer", "date": "date",
    "unobserved_h": "number", "duration_days": "number",
    "threshold": "number", "unit": "text", "longest_low": "integer", "longest_high": "integer",
    "cumulative_low": "integer", "cumulative_high": "integer", "days_counted": "integer", "days_imputed": "integer",
    "days_missing": "integer", "imputed_share": "number", "gcsf_days": "integer", "transfusion_days": "integer",
}  # fmt: skip
_BIOMARKER_KINDS: dict[str, Kind] = {
    "patient_id": "text", "infusion": "integer", "signal": "text", "unit": "text", "measurements": "integer",
    "baseline_low": "number", "baseline_high": "number", "baseline_time": "time",
    "peak_low": "number", "peak_high": "number", "peak_time": "time", "peak_day": "number",
    "fold_low": "number", "fold_high": "number", "doubling_days": "number",
    "last_low": "number", "last_high": "number", "last_time": "time",
    "normal_time": "time", "days_to_normal": "number",
    "auc_0_28_low": "number", "auc_0_28_high": "number", "auc_from_day": "number", "auc_to_day": "number",
    "tocilizumab_time": "time", "after_tocilizumab": "integer", "flags": "list",
}  # fmt: skip


_SCORE_KINDS: dict[str, Kind] = {
    "patient_id": "text", "infusion": "integer", "score": "text", "time": "time", "low": "number", "high": "number",
    "band": "text", "inputs": "list", "missing": "list", "flags": "list",
}  # fmt: skip
SCORES = "scores"


class Coded(Protocol):
    """A column of few different values: of each row the place in `values`."""

    @property
    def codes(self) -> Any:
        """Whole numbers."""

    @property
    def values(self) -> Sequence[Any]:
        """The values."""


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
        "cytopenia": _columns(CytopeniaRow._fields),
        "biomarkers": _columns(BiomarkerRow._fields, _BIOMARKER_KINDS),
    }


def table_rows(graded: Sequence[Graded], scale_ids: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of one patient, in the contract's order: infusion, scale, then time."""
    return {
        "timeline": _ordered(row for one in graded for row in one.timeline),
        "daily": _ordered(row for one in graded for row in one.daily),
        "episodes": _ordered(row for one in graded for row in one.episodes),
        "summary": [_summary(one, scale_ids) for one in sorted(graded, key=lambda one: one.infusion)],
        "concordance": _ordered(row for one in graded for row in one.concordance),
        "cytopenia": _ordered(row for one in graded for row in one.cytopenia),
        "biomarkers": [row for one in sorted(graded, key=lambda one: one.infusion) for row in one.biomarkers],
    }


def spread_summary(columns: Mapping[str, Any], scale_ids: Sequence[str]) -> dict[str, Any]:
    """Of `summary`, which has a row for each infusion and scale by id, a row an infusion with the columns of each."""
    number = len(scale_ids)
    found = {name: _every(columns[name], 0, number) for name in ("patient_id", "infusion")}
    places = {scale: place for place, scale in enumerate(sorted(scale_ids))}
    for scale in scale_ids:
        for name in ("low", "high", "unobserved_h"):
            found[f"{scale}.{name}"] = _every(columns[name], places[scale], number)
    return found


def _every(column: Any, first: int, step: int) -> Any:
    """Every so many-th row of a column."""
    return column._replace(codes=column.codes[first::step]) if hasattr(column, "codes") else column[first::step]


def score_columns() -> tuple[Column, ...]:
    """The columns of the table of scores."""
    return _columns(ScoreRow._fields, _SCORE_KINDS)


def score_rows(scored: Sequence[Scored]) -> list[Row]:
    """The rows of one patient, in the contract's order: infusion, score, then time."""
    return [row for one in sorted(scored, key=lambda one: one.infusion) for row in one.rows]


def _columns(names: Iterable[str], kinds: Mapping[str, Kind] = _KINDS) -> tuple[Column, ...]:
    return tuple(Column(name, kinds[name]) for name in names)


def _ordered(rows: Iterable[ResultRow]) -> list[Row]:
    ordered: list[ResultRow] = sorted(rows, key=_order)
    return [*ordered]


def _order(row: ResultRow) -> tuple[int, str, float]:
    """Infusion, scale, and the fourth column: start, day, episode, time, threshold. Equal ones keep their order."""
    return row.infusion, row.scale, row[3]


def _summary(graded: Graded, scale_ids: Sequence[str]) -> Row:
    cells: list[Cell] = [graded.patient_id, graded.infusion]
    for scale in scale_ids:
        cells += graded.summaries.get(scale, (None, None, None))
    return cells
