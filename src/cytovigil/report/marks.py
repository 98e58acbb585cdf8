"""Marks and panels: the plain values that a picture and its table are made of, and how values are written."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from cytovigil.model.events import Event
from cytovigil.model.told import Say, decimal, show_unit
from cytovigil.model.vocabulary import signals
from cytovigil.report.days import Days

NAMES = {
    "temperature": "temperature", "systolic_bp": "systolic", "mean_bp": "mean", "spo2": "saturation", "ice": "ICE",
    "capd": "CAPD", "crp": "CRP", "il6": "IL-6", "norepinephrine": "noradrenaline", "epinephrine": "adrenaline",
    "angiotensin_ii": "angiotensin II", "alt": "ALT", "ast": "AST", "fio2": "inspired oxygen",
    "raised_icp": "raised intracranial pressure",
}  # fmt: skip
# One scale for grades, used for nothing else: 0 neutral, then light to dark, told apart without colour.
GRADES = ("#ececec", "#fbdcae", "#f2a65a", "#cf6420", "#86300c", "#3b1204")


Kind = Literal["grade", "values", "steps", "lanes"]


class Mark(NamedTuple):
    """One thing drawn. Times in seconds UTC; `low`..`high` in the canonical unit or as grades.

    `known` is false where nothing is known: it is drawn hatched. `holds`: until when a number is valid. `label` is
    printed beside the mark; `plain` bands are drawn without fill.
    """

    what: str
    value: str
    start: int
    end: int | None
    source: str
    low: float | None
    high: float | None
    known: bool = True
    holds: int | None = None
    label: str = ""
    note: str = ""
    plain: bool = False


class Line(NamedTuple):
    """A level worth comparing with, in the unit of the panel."""

    value: float
    label: str


class Panel(NamedTuple):
    """One strip of the picture. `series`: names of lines or lanes, in order; `units` beside them."""

    key: str
    kind: Kind
    title: str
    series: tuple[str, ...]
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...] = ()
    log: bool = False
    units: tuple[str, ...] = ()


def name_signal(name: str, say: Say) -> str:
    """A signal as the ward calls it."""
    return say(NAMES.get(name, name.replace("_", " ")))


def show_value(row: Event, say: Say) -> str:
    """Value and unit of a number or a dose in its canonical unit; where it is a bound, also as charted."""
    signal = signals()[row.signal]
    if row.low is None or row.high is None:
        return "?"
    low, high = (f"{(steps * signal.step).normalize():f}" for steps in (row.low, row.high))
    text = f"{low if low == high else f'{low}..{high}'} {show_unit(signal.unit)}".strip()
    return decimal(text if low == high or not row.shown else f"{text} ({row.shown})", say)


def source_of(rows: Sequence[Event]) -> str:
    """The source ids of rows, `-` where none was given."""
    return ", ".join(row.source_id or "-" for row in rows)


def describe(mark: Mark, days: Days) -> str:
    """One sentence for who hears the picture: what, value and unit, time, note and source."""
    time = days.text(mark.start)
    if mark.end is not None and mark.end > mark.start:
        time += f" – {days.text(mark.end)}"
    note = f", {mark.note}" if mark.note else ""
    return f"{mark.what} {mark.value}, {time}{note}, {days.say('source')} {mark.source}"
