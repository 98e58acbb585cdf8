"""Parts of the patient picture: axes, extents, and labels that are printed only where they do not cover others."""

import math
from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import Any

from cytovigil.report.days import Days, Midnight, name_day
from cytovigil.report.marks import Mark, Panel
from cytovigil.report.vega import Row

LEFT, PLOT = 168, 670  # px: of the names at the left, of the time axis
SMALL, LARGE = 12, 13  # px, the type sizes of the picture
LANE, LETTER = 19, 6.8  # px: height of a lane, width of a letter of the small size
INK = "#222222"
GLYPHS = ("●", "◆", "▲")
RANGES = {
    "temperature": (36.0, 40.0),
    "pressure": (80.0, 140.0),
    "spo2": (88.0, 100.0),
    "ice": (0, 10),
    "capd": (0, 32),
}

TICKS = {"ice": [0, 5, 10], "capd": [0, 8, 16, 24, 32]}
NAMED = ("pressure", "inflammation")  # panels that hold more than one signal

Px = Callable[[float], float]


def number(field: str, **more: Any) -> Row:
    """A channel of numbers."""
    return {"field": field, "type": "quantitative", **more}


def word(field: str) -> Row:
    """A channel of texts."""
    return {"field": field, "type": "nominal"}


def raw(field: str) -> Row:
    """A channel of colours, taken from the data as they stand."""
    return {**word(field), "scale": None, "legend": None}


X2, Y2, TEXT = {"field": "x2"}, {"field": "y2"}, word("text")


def name_day_at(one: Midnight) -> str:
    """The label of a day, `D+3, 2 Mar`, as an entry of a look-up by place."""
    return f"'{round((one.x + 100) * 1000)}': '{name_day(one.day)}, {one.date}'"


def not_below(value: float | None, floor: float) -> float:
    """A number on the axis: what lies below a log axis is drawn at its foot."""
    return floor if value is None else max(value, floor)


def extent(panel: Panel) -> tuple[float, float]:
    """The axis of a panel: its usual range, widened to what was charted; whole decades on a log axis."""
    values = [value for mark in panel.marks for value in (mark.low, mark.high) if value is not None]
    values += [line.value for line in panel.lines]
    if panel.log:
        above = [value for value in values if value > 0] or [1.0]
        low, high = math.floor(math.log10(min(above))), math.ceil(math.log10(max(above)))
        return 10.0**low, 10.0 ** max(high, low + 1)
    usual = RANGES.get(panel.key, (min(values), max(values)))
    return min(usual[0], *values), max(usual[1], *values)


def y_axis(panel: Panel, domain: tuple[float, float], log: bool = False, values: list[int] | None = None) -> Row:
    """The vertical axis with the name of the panel at its left, and the sign and unit of each series."""
    if log:
        low, high = (round(math.log10(end)) for end in domain)
        ticks: list[float] | None = [10.0**power for power in range(low, high + 1)]
    else:
        ticks = list(values or TICKS.get(panel.key, [])) or None
    scale = {"domain": list(domain), "type": "log" if log else "linear", "nice": False, "zero": False}
    given: Row = {"values": ticks} if ticks else {"tickCount": 4}
    return number("y", scale=scale, axis={"title": _names(panel), "grid": False, "format": ".3~f", **_left(), **given})


def lane_axis(panel: Panel) -> Row:
    """The axis of lanes: their names, from the top."""
    count = len(panel.series)
    lookup = ", ".join(f"'{index}': '{name}'" for index, name in enumerate(panel.series))
    names = {
        "title": None, "grid": False, "values": [index + 0.5 for index in range(count)], "ticks": False,
        "minExtent": LEFT, "maxExtent": LEFT, "labelExpr": f"({{{lookup}}})[floor(datum.value)]",
        "labelLimit": LEFT - 4,
    }  # fmt: skip
    return number("y", scale={"domain": [count, 0], "nice": False}, axis=names)


def _left() -> Row:
    return {
        "minExtent": LEFT, "maxExtent": LEFT, "titleAngle": 0, "titleAlign": "left", "titleX": -LEFT, "titleY": 0,
        "titleBaseline": "top",
    }  # fmt: skip


def _names(panel: Panel) -> list[str]:
    if panel.kind == "grade":
        return wrap(panel.title, 18)
    if panel.key not in NAMED:
        unit = panel.units[0] if panel.units else ""
        return wrap(panel.title, 18) + ([unit] if unit else [])
    pairs = zip(GLYPHS, panel.series, panel.units, strict=False)
    return [panel.title] + [f"{glyph} {name}, {unit}" for glyph, name, unit in pairs]


def grade_labels(marks: tuple[Mark, ...], px: Px, days: Days) -> list[Row]:
    """The grade above each band, highest first, where it covers no other."""
    found: list[Row] = []
    taken: list[tuple[float, float]] = []
    for mark in sorted(marks, key=lambda mark: (-(mark.high if mark.high is not None else -1), mark.start)):
        end = mark.end or mark.start
        text = mark.value if not mark.known else mark.value.split()[-1].replace("..", "–")
        middle, half = px((mark.start + end) / 2), (len(text) * LETTER + 2) / 2
        fits = 2 * half <= px(end - mark.start)
        free = all(middle + half <= left or right <= middle - half for left, right in taken)
        if fits or (free and mark.known and mark.high):
            taken.append((middle - half, middle + half))
            level = (mark.high + 0.75) if mark.high is not None else 2
            found.append({"x": round(days.x(round((mark.start + end) / 2)), 4), "y": level, "text": text})
    return found


def lane_labels(panel: Panel, lane: Mapping[str, int], px: Px, days: Days) -> list[Row]:
    """The word inside a bar, and the amount right of a dose, from the left, where there is room."""
    found: list[Row] = []
    free_from = dict.fromkeys(lane, -math.inf)
    for mark in sorted(panel.marks, key=lambda mark: mark.start):
        width, at = len(mark.label) * LETTER + 4, px(mark.start)
        if mark.end is not None:
            text = mark.label or mark.value
            width, room = len(text) * LETTER + 4, px(mark.end - mark.start)
            centre, fits = days.x((mark.start + mark.end) // 2), width <= room
        else:
            text = mark.label
            centre, fits = days.x(round(mark.start + (6 + width / 2) / px(1))), at >= free_from[mark.what]
        if fits and text:
            free_from[mark.what] = at + width + 10
            found.append({"x": centre, "y": lane[mark.what] + 0.5, "text": text})
    return found
