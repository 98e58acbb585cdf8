"""The patient picture: all panels of one infusion over days since infusion, as one SVG."""

import math
from concurrent.futures import Future
from itertools import pairwise

from cytovigil.report.marks import GRADES, Mark, Panel, describe
from cytovigil.report.panels import TOP_GRADE, Drawing
from cytovigil.report.picture_parts import (
    INK,
    LANE,
    LARGE,
    PLOT,
    SMALL,
    TEXT,
    X2,
    Y2,
    extent,
    grade_labels,
    lane_axis,
    lane_labels,
    name_day_at,
    not_below,
    number,
    raw,
    word,
    y_axis,
)
from cytovigil.report.picture_svg import UNKNOWN, WIDTH, draw_picture, finish_svg, hatch
from cytovigil.report.vega import SCHEMA, Row, Vega

HEIGHTS = {"grade": 60, "temperature": 84, "pressure": 84, "spo2": 56, "ice": 50, "capd": 50, "inflammation": 96}
FLOOR = -0.5  # a known grade 0 is a low strip: nothing drawn would look like nothing known
PALE, QUIET, BEHIND = "#dde3e8", "#767676", "#f3f5f7"
SHAPES = ("circle", "diamond", "triangle-up")
TOP = {"value": 0}  # px from the top of a panel
_LETTERS = {"fontSize": SMALL, "aria": False}


def render_picture(drawing: Drawing, vega: Vega, prefix: str = "picture") -> Future[str]:
    """The picture of one infusion as SVG, 960 px wide, every mark described in `aria-label`; it is drawn meanwhile.

    `prefix` keeps ids apart in a page with more than one picture. The result raises WorkerError.
    """
    say, panels = drawing.days.say, drawing.panels
    name = f"{say('Course over time')}: {', '.join(panel.title for panel in panels)}"
    if not panels:
        empty = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="1"></svg>'
        return vega.ask(finish_svg, empty, name, prefix, [])
    numbers = {"decimal": say("."), "thousands": "", "grouping": [3], "currency": ["", ""]}
    return vega.ask(draw_picture, specify_picture(drawing, prefix), numbers, name, prefix, GRADES)


def specify_picture(drawing: Drawing, prefix: str) -> Row:
    """The picture as a Vega-Lite specification."""
    panels, frame = drawing.panels, _Frame(drawing, prefix)
    charts = [frame.chart(panel, index, len(panels)) for index, panel in enumerate(panels)]
    whole: Row = {"$schema": SCHEMA, "config": _config(), "datasets": frame.rows}
    return whole | {"vconcat": charts, "spacing": 13, "bounds": "flush"}


def _config() -> Row:
    axis = {
        "labelFontSize": SMALL,
        "titleFontSize": LARGE,
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#e4e4e4",
    }
    axis |= {"titleFontWeight": "normal", "domain": False, "tickColor": "#bbbbbb", "aria": False}
    return {"axis": axis, "view": {"stroke": "#cccccc"}, "font": "system-ui, sans-serif", "background": "#ffffff"}


def _layer(data: Row, mark: str, look: Row, **encoding: Row) -> Row:
    return {"data": data, "mark": {"type": mark, **look}, "encoding": encoding}


def _colour(grade: int) -> str:
    return GRADES[min(grade, TOP_GRADE)]


class _Frame:
    """What all panels of a picture share: the time axis and how marks become layers."""

    def __init__(self, drawing: Drawing, prefix: str) -> None:
        self.drawing, self.days, self.window, self.prefix = drawing, drawing.days, drawing.window, prefix
        self.domain = [self.days.x(self.window.start), self.days.x(self.window.end)]
        self.rows: dict[str, list[Row]] = {}

    def chart(self, panel: Panel, index: int, count: int) -> Row:
        """One panel; the first and the last carry the days."""
        labelled = "top" if index == 0 else "bottom" if index == count - 1 else ""
        x = number("x", title=None, scale={"domain": self.domain, "nice": False}, axis=self._axis(labelled))
        make = {"grade": self._grades, "lanes": self._lanes}.get(panel.kind, self._values)
        layers, height = make(panel, x)
        layers = [*self._behind(panel, x, height), *layers]
        layers += self._names(x) if index == 0 else []
        return {"layer": layers, "width": PLOT, "height": height}

    def _behind(self, panel: Panel, x: Row, height: int) -> list[Row]:
        """Episodes: in a strip of grades its own, elsewhere those of one scale; and the lines of infusion and now."""
        drawing, found = self.drawing, list[Row]()
        spans = drawing.episodes.get(panel.key if panel.kind == "grade" else drawing.behind, ())
        if spans:
            rows = [{"x": self.days.x(start), "x2": self.days.x(end)} for start, end in spans]
            look = {"color": BEHIND, "stroke": QUIET, "strokeWidth": 0.6, "strokeDash": [2, 3], "aria": False}
            found.append(_layer(self._of(rows), "rect", look, x=x, x2=X2, y=TOP, y2={"value": height}))
        lines: list[Row] = [{"x": 0, "width": 1}, *({"x": at, "width": 2.5} for at in self._now())]
        width = number("width", scale=None, legend=None)
        return [*found, _layer(self._of(lines), "rule", {"color": INK, "aria": False}, x=x, strokeWidth=width)]

    def _now(self) -> list[float]:
        return [] if self.drawing.now is None else [self.days.x(self.drawing.now)]

    def _of(self, rows: list[Row]) -> Row:
        """Rows by name: more than one layer may show them."""
        name = f"rows-{len(self.rows)}"
        self.rows[name] = rows
        return {"name": name}

    def _axis(self, labelled: str) -> Row:
        midnights = self.days.midnights(*self.window)
        every = max(1, math.ceil(len(midnights) * 86 / PLOT))
        shown = [one for one in midnights if one.day % every == 0]
        axis: Row = {"values": [one.x for one in shown], "grid": True}
        if not labelled:
            return axis | {"labels": False, "ticks": False}
        lookup = ", ".join(name_day_at(one) for one in shown)
        expression = f"({{{lookup}}})[round((datum.value + 100) * 1000)]"
        return axis | {"labelExpr": expression, "orient": labelled, "labelAlign": "left", "labelFlush": False}

    def _grades(self, panel: Panel, x: Row) -> tuple[list[Row], int]:
        top = max(
            [TOP_GRADE, *(int(mark.high) for mark in panel.marks if mark.high is not None)]
        )  # criteria met: up to 8
        y = y_axis(panel, (FLOOR, top + 1.2), values=list(range(top + 1)))
        rows = [row for mark in panel.marks for row in self._band(mark, top)]
        bands = self._bands(rows, 0.7, x, y)
        return [bands, *self._texts(grade_labels(panel.marks, self.px, self.days), x, y)], HEIGHTS["grade"]

    def _bands(self, rows: list[Row], width: float, x: Row, y: Row) -> Row:
        """Boxes from (x, y) to (x2, y2), each with its own fill and stroke."""
        shown = {"fill": raw("fill"), "stroke": raw("stroke"), "description": word("says")}
        return _layer(self._of(rows), "rect", {"strokeWidth": width}, x=x, x2=X2, y=y, y2=Y2, **shown)

    def _band(self, mark: Mark, top: int) -> list[Row]:
        row: Row = {**self._span(mark), "says": describe(mark, self.days), "stroke": QUIET}
        if mark.low is None or mark.high is None:
            return [row | {"y": FLOOR, "y2": top, "fill": hatch(self.prefix, UNKNOWN), "stroke": "#bbbbbb"}]
        low, high = int(mark.low), int(mark.high)
        found = [row | {"y": FLOOR, "y2": low, "fill": _colour(low), "stroke": _colour(low) if low else "#b5b5b5"}]
        if low < high:
            found.append(
                row
                | {"y": low, "y2": high, "fill": hatch(self.prefix, str(min(high, TOP_GRADE))), "stroke": _colour(high)}
            )
        return found

    def _lanes(self, panel: Panel, x: Row) -> tuple[list[Row], int]:
        count = len(panel.series)
        y = lane_axis(panel)
        lane = {name: index for index, name in enumerate(panel.series)}
        bands = [self._bar(mark, lane[mark.what]) for mark in panel.marks if mark.end is not None]
        doses = [self._dot(mark) | {"y": lane[mark.what] + 0.5} for mark in panel.marks if mark.end is None]
        layers = [self._bands(bands, 1, x, y), self._points(doses, "triangle-down", 46, x, y)]
        layers += self._texts(lane_labels(panel, lane, self.px, self.days), x, y)
        return layers, LANE * count

    def _points(self, rows: list[Row], shape: str, size: int, x: Row, y: Row) -> Row:
        look = {"shape": shape, "filled": True, "size": size, "color": INK, "opacity": 1}
        return _layer(self._of(rows), "point", look, x=x, y=y, description=word("says"))

    def _bar(self, mark: Mark, lane: int) -> Row:
        fill = "#ffffff" if mark.plain else PALE if mark.known else hatch(self.prefix, UNKNOWN)
        row = {"y": lane + 0.1, "y2": lane + 0.9, "fill": fill, "stroke": "#9aa4ad", "says": describe(mark, self.days)}
        return row | self._span(mark)

    def _span(self, mark: Mark) -> Row:
        """From start to end, inside the window."""
        start, end = max(mark.start, self.window.start), min(mark.end or mark.start, self.window.end)
        return {"x": self.days.x(start), "x2": self.days.x(end)}

    def _dot(self, mark: Mark) -> Row:
        return {"x": self.days.x(mark.start), "says": describe(mark, self.days)}

    def _values(self, panel: Panel, x: Row) -> tuple[list[Row], int]:
        low, high = extent(panel)
        y = y_axis(panel, (low, high), log=panel.log)
        layers = self._levels(panel, x, y)
        for index, name in enumerate(panel.series):
            marks = [mark for mark in panel.marks if mark.what == name]
            layers += self._joins(panel, marks, x, y)
            exact = [self._dot(m) | {"y": not_below(m.low, low)} for m in marks if m.low == m.high]
            bound = [
                self._dot(m) | {"y": not_below(m.low, low), "y2": not_below(m.high, low)}
                for m in marks
                if m.low != m.high
            ]
            layers.append(self._points(exact, SHAPES[index], 24, x, y))
            if bound:
                look = {"strokeWidth": 3, "color": INK}
                layers.append(_layer(self._of(bound), "rule", look, x=x, y=y, y2=Y2, description=word("says")))
        return layers, HEIGHTS.get(panel.key, 56)

    def _joins(self, panel: Panel, marks: list[Mark], x: Row, y: Row) -> list[Row]:
        """Lines between numbers while the earlier one holds; a score stays level until it expires."""
        if panel.kind == "steps":
            return [*self._boxes(marks, x, y), self._steps(marks, x, y)]
        rows, run = list[Row](), 0
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            if mark.low is None or mark.low != mark.high or mark.low <= 0 < panel.log:
                continue
            rows.append({"x": self.days.x(mark.start), "y": mark.low, "run": run})
            holds = mark.holds or mark.start
            run += not (following and following.start <= holds and following.low == following.high and following.low)
        look = {"color": QUIET, "strokeWidth": 0.8, "strokeJoin": "round", "aria": False}
        return [_layer(self._of(rows), "line", look, x=x, y=y, detail=number("run"))]

    def _steps(self, marks: list[Mark], x: Row, y: Row) -> Row:
        rows = []
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            if mark.low is not None and mark.low == mark.high:
                holds = mark.holds or mark.start
                end = min(holds, following.start) if following else holds
                rows.append({"x": self.days.x(mark.start), "x2": self.days.x(end), "y": mark.low, "y2": mark.low})
        look = {"color": QUIET, "strokeWidth": 2, "aria": False}
        return _layer(self._of(rows), "rule", look, x=x, x2=X2, y=y, y2=Y2)

    def _boxes(self, marks: list[Mark], x: Row, y: Row) -> list[Row]:
        """A score that may be one of several: hatched from the lowest to the highest while it holds."""
        rows = []
        for mark, following in pairwise([*marks, None]):
            if mark is not None and mark.low != mark.high:
                end = min(mark.holds or mark.start, following.start if following else mark.holds or mark.start)
                rows.append({"x": self.days.x(mark.start), "x2": self.days.x(end), "y": mark.low, "y2": mark.high})
        if not rows:
            return []
        look = {"fill": hatch(self.prefix, UNKNOWN), "stroke": QUIET, "strokeWidth": 0.6, "aria": False}
        return [_layer(self._of(rows), "rect", look, x=x, x2=X2, y=y, y2=Y2)]

    def _levels(self, panel: Panel, x: Row, y: Row) -> list[Row]:
        rows = [{"x": self.domain[0], "x2": self.domain[1], "y": line.value, "y2": line.value} for line in panel.lines]
        look = {"color": INK, "strokeDash": [5, 3], "strokeWidth": 1, "aria": False}
        rules = _layer(self._of(rows), "rule", look, x=x, x2=X2, y=y, y2=Y2)
        labels = [{"x": self.domain[1], "y": line.value, "text": line.label} for line in panel.lines]
        look = {**_LETTERS, "color": INK, "align": "left", "dx": 4, "clip": False}
        return [rules, _layer(self._of(labels), "text", look, x=x, y=y, text=TEXT)]

    def _texts(self, rows: list[Row], x: Row, y: Row) -> list[Row]:
        """Texts, each on a halo."""
        data, middle = self._of(rows), {**_LETTERS, "baseline": "middle"}
        looks = {**middle, "stroke": "#ffffff", "strokeWidth": 3}, {**middle, "color": INK}
        return [_layer(data, "text", look, x=x, y=y, text=TEXT) for look in looks]

    def _names(self, x: Row) -> list[Row]:
        """The names of the lines at the infusion and now, at the top."""
        rows = [
            {"x": 0, "text": self.days.say("infusion")},
            *({"x": x, "text": self.days.say("now")} for x in self._now()),
        ]
        look = {**_LETTERS, "color": INK, "align": "left", "baseline": "top", "dx": 4, "dy": 2, "clip": False}
        return [_layer(self._of(rows), "text", look, x=x, y=TOP, text=TEXT)]

    def px(self, seconds: float) -> float:
        """Width of a stretch of time in px."""
        return seconds / (self.window.end - self.window.start) * PLOT
