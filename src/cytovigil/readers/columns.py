"""Column names of the input tables, and what kind of table a header announces."""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

TableKind = Literal["patients", "events", "chart", "sheet"]

PATIENT_COLUMNS = (
    "patient_id", "infusion", "infusion_time", "product", "disease", "birth_date", "age_years", "sex", "weight_kg",
    "height_cm", "cell_dose", "lymphodepletion_start", "leukapheresis_date", "marrow_blasts_percent", "baseline_ice",
    "baseline_capd", "baseline_oxygen", "last_followup", "death_time", "death_cause", "progression_date",
    "next_therapy_date",
)  # fmt: skip
BOARD_COLUMNS = ("ward", "bed", "display_name")  # known, and never read here: they do not leave the board
EVENT_COLUMNS = (
    "patient_id", "time", "signal", "value", "unit", "end", "source_id", "recorded_at", "recorded_by", "status",
    "route", "text", "ref_low", "ref_high", "system",
)  # fmt: skip
CHART_COLUMNS = (
    "patient_id", "time", "end", "source_id", "recorded_at", "recorded_by", "status", "route", "text",
)  # fmt: skip
SHEET_COLUMNS = (
    "patient_id", "cart_date", "date", "anc", "progression_date", "subsequent_therapy_date", "last_fu_date",
    "platelets",
)  # fmt: skip
SHEET_DATES = frozenset({"cart_date", "date", "progression_date", "subsequent_therapy_date", "last_fu_date"})
TIME_COLUMNS = frozenset({
    "infusion_time", "birth_date", "lymphodepletion_start", "leukapheresis_date", "last_followup", "death_time",
    "progression_date", "next_therapy_date", "time", "end", "recorded_at",
})  # fmt: skip
_NUMBERS: dict[TableKind, frozenset[str]] = {
    "patients": frozenset({"weight_kg", "height_cm", "cell_dose", "marrow_blasts_percent"}),
    "events": frozenset({"value", "ref_low", "ref_high"}),
    "sheet": frozenset({"anc", "platelets"}),
}
_SYNONYMS = {"code": "signal", "plt": "platelets"}
_HEADER_UNIT = re.compile(r"(.*?)\s*(?:\[(.+)\]|\((.+)\))\s*", re.DOTALL)


_COLUMNS: dict[TableKind, tuple[str, ...]] = {
    "patients": PATIENT_COLUMNS, "events": EVENT_COLUMNS, "chart": CHART_COLUMNS, "sheet": SHEET_COLUMNS,
}  # fmt: skip


class Layout(NamedTuple):
    """What a header announces. `places` gives, for each contract column, its place in the row; -1 where absent.

    `value_text` is the place of the second value column of Parquet. `charted` are the signal columns of a wide chart:
    place, name, unit. `extra` and `doubled` are names that are not read.
    """

    kind: TableKind
    places: tuple[int, ...]
    value_text: int
    charted: tuple[tuple[int, str, str], ...]
    extra: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def one_line(self) -> frozenset[int]:
        """Places of the cells that are read and hold no line break: all but `text`."""
        wanted = _COLUMNS[self.kind]
        read = {place for name, place in zip(wanted, self.places, strict=True) if place >= 0 and name != "text"}
        return frozenset(read | {place for place, _, _ in self.charted})

    @property
    def dates(self) -> frozenset[int]:
        """Places of the dates of a laboratory sheet."""
        return self._places_of(SHEET_DATES)

    @property
    def numbers(self) -> frozenset[int]:
        """Places of the cells that may hold numbers with decimals."""
        others = {self.value_text, *(place for place, _, _ in self.charted)} - {-1}
        return self._places_of(_NUMBERS.get(self.kind, frozenset())) | others

    def _places_of(self, names: frozenset[str]) -> frozenset[int]:
        named = zip(_COLUMNS[self.kind], self.places, strict=True)
        return frozenset(place for name, place in named if place >= 0 and name in names)


def column_name(text: str) -> str:
    """A header cell in lower case with underscores."""
    name = re.sub(r"[\s\-]+", "_", text.strip().strip("\ufeff").strip().lower())
    return _SYNONYMS.get(name, name)


def header_unit(text: str) -> tuple[str, str]:
    """Name and unit of a wide chart's header cell: `temperature [Cel]`, `Temp (F)`, `spo2`."""
    match = _HEADER_UNIT.fullmatch(text)
    return (match[1], match[2] or match[3]) if match and match[1] else (text.strip(), "")


def read_layout(header: Sequence[str], knows_signal: Callable[[str], bool]) -> Layout | None:
    """What the header announces; None where it is no table of the contract."""
    names = [column_name(cell) for cell in header]
    found = set(names)
    if is_laboratory_sheet(header):
        return _layout("sheet", SHEET_COLUMNS, names, header, (), ())
    if {"patient_id", "infusion_time"} <= found:
        return _layout("patients", PATIENT_COLUMNS, names, header, (), BOARD_COLUMNS)
    if {"patient_id", "time", "signal"} <= found:
        return _layout("events", EVENT_COLUMNS, names, header, (), ("value_text",))
    if {"patient_id", "time"} <= found:
        charted = _charted(header, names, knows_signal)
        if charted:
            return _layout("chart", CHART_COLUMNS, names, header, charted, ())
    return None


def is_laboratory_sheet(header: Sequence[str]) -> bool:
    """True for the header of a sheet with one row a patient and date."""
    return {"patient_id", "cart_date", "date", "anc"} <= {column_name(cell) for cell in header}


def known_columns(header: Sequence[str], knows_signal: Callable[[str], bool]) -> int:
    """How many names of a header are known: tells the right delimiter from the wrong ones."""
    known = {*PATIENT_COLUMNS, *EVENT_COLUMNS, *BOARD_COLUMNS, *SHEET_COLUMNS}
    return sum(column_name(cell) in known or knows_signal(header_unit(cell)[0]) for cell in header)


def _charted(
    header: Sequence[str], names: list[str], knows_signal: Callable[[str], bool]
) -> tuple[tuple[int, str, str], ...]:
    split = [(place, *header_unit(cell)) for place, cell in enumerate(header) if names[place] not in CHART_COLUMNS]
    return tuple(
        (place, name, unit) for place, name, unit in split if knows_signal(name) and place == names.index(names[place])
    )


def _layout(
    kind: TableKind, wanted: Sequence[str], names: list[str], header: Sequence[str],
    charted: tuple[tuple[int, str, str], ...], tolerated: Sequence[str],
) -> Layout:  # fmt: skip
    places = tuple(names.index(name) if name in names else -1 for name in wanted)
    value_text = names.index("value_text") if kind == "events" and "value_text" in names else -1
    read = {*wanted, *tolerated}
    taken = {place for place, _, _ in charted}
    doubled = tuple(header[i] for i, name in enumerate(names) if name and name in names[:i])
    extra = tuple(
        header[i]
        for i, name in enumerate(names)
        if name not in read and i not in taken and name not in names[:i] and name
    )
    return Layout(kind, places, value_text, charted, extra, doubled)
