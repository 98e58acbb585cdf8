"""The patient picture: all panels of one infusion over days since infusion, as one SVG."""

import math
from itertools import pairwise
from typing import Any

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode
from altair.vegalite.v6.schema import SCHEMA_URL

from cytovigil.report.marks import GRADES, Mark, Panel, describe
from cytovigil.report.panels import TOP_GRADE, Drawing
from cytovigil.report.picture_parts import (
    INK,
    LANE,
    LARGE,
    PLOT,
    SMALL,
    Layer,
    Row,
    extent,
    grade_labels,
    lane_axis,
    lane_labels,
    name_day_at,
    not_below,
    raw,
    y_axis,
)
from cytovigil.report.picture_svg import UNKNOWN, WIDTH, finish_svg, hatch

HEIGHTS = {"grade": 60, "temperature": 84, "pressure": 84, "spo2": 56, "ice": 50, "capd": 50, "inflammation": 96}
FLOOR = -0.5  # a known grade 0 is a low strip: nothing drawn would look like nothing known
PALE, QUIET, BEHIND = "#dde3e8", "#767676", "#f3f5f7"
TOP: Any = alt.YValue  # px from the top of a panel
FOOT: Any = alt.Y2Value
SHAPES = ("circle", "diamond", "triangle-up")


def render_picture(drawing: Drawing, prefix: str = "picture") -> str:
    """The picture of one infusion as SVG, 960 px wide, every mark described in `aria-label`.

    `prefix` keeps ids apart in a page with more than one picture.
    """
    say, panels, frame = drawing.days.say, drawing.panels, _Frame(drawing, prefix)
    name = f"{say('Course over time')}: {', '.join(panel.title for panel in panels)}"
    if not panels:
        return finish_svg(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="1"></svg>', name, prefix, []
        )
    with debug_mode(False):  # Altair would check each part against its schema, in ten times the time
        charts = [frame.chart(panel, index, len(panels)) for index, panel in enumerate(panels)]
    whole: Row = {"$schema": SCHEMA_URL, "config": _config(), "datasets": frame.rows}
    whole |= {"vconcat": charts, "spacing": 13, "bounds": "flush"}
    numbers = {"decimal": say("."), "thousands": "", "grouping": [3], "currency": ["", ""]}
    return finish_svg(vl_convert.vegalite_to_svg(whole, format_locale=numbers), name, prefix, GRADES)


def _config() -> dict[str, Any]:
    axis = {
        "labelFontSize": SMALL,
        "titleFontSize": LARGE,
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#e4e4e4",
    }
    axis |= {"titleFontWeight": "normal", "domain": False, "tickColor": "#bbbbbb", "aria": False}
    return {"axis": axis, "view": {"stroke": "#cccccc"}, "font": "system-ui, sans-serif", "background": "#ffffff"}


def _plain(layer: Layer) -> Row:
    """A layer as plain values: charts that hold charts copy them with each step that builds them."""
    found = layer.to_dict(validate=False)
    return {name: value for name, value in found.items() if name in ("data", "mark", "encoding")}


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
        labelled: Any = "top" if index == 0 else "bottom" if index == count - 1 else ""
        x = alt.X("x:Q", title=None, scale=alt.Scale(domain=self.domain, nice=False), axis=self._axis(labelled))
        make = {"grade": self._grades, "lanes": self._lanes}.get(panel.kind, self._values)
        layers, height = make(panel, x)
        layers = [*self._behind(panel, x, height), *layers]
        layers += self._names(x) if index == 0 else []
        return {"layer": [_plain(one) for one in layers], "width": PLOT, "height": height}

    def _behind(self, panel: Panel, x: Any, height: int) -> list[Layer]:
        """Episodes: in a strip of grades its own, elsewhere those of one scale; and the lines of infusion and now."""
        drawing, found = self.drawing, list[Layer]()
        spans = drawing.episodes.get(panel.key if panel.kind == "grade" else drawing.behind, ())
        if spans:
            rows = [{"x": self.days.x(start), "x2": self.days.x(end)} for start, end in spans]
            base = self._of(rows).mark_rect(color=BEHIND, stroke=QUIET, strokeWidth=0.6, strokeDash=[2, 3], aria=False)
            found.append(base.encode(x=x, x2=alt.X2("x2:Q"), y=TOP(0), y2=FOOT(height)))
        lines: list[Row] = [{"x": 0, "width": 1}, *({"x": at, "width": 2.5} for at in self._now())]
        width = alt.StrokeWidth("width:Q", scale=None, legend=None)
        return [*found, self._of(lines).mark_rule(color=INK, aria=False).encode(x=x, strokeWidth=width)]

    def _now(self) -> list[float]:
        return [] if self.drawing.now is None else [self.days.x(self.drawing.now)]

    def _of(self, rows: list[Row]) -> Layer:
        """A chart of rows by name: rows inside a chart would be copied with each step that builds it."""
        name = f"rows-{len(self.rows)}"
        self.rows[name] = rows
        return alt.Chart(alt.NamedData(name))

    def _axis(self, labelled: Any) -> Any:
        midnights = self.days.midnights(*self.window)
        every = max(1, math.ceil(len(midnights) * 86 / PLOT))
        shown = [one for one in midnights if one.day % every == 0]
        if not labelled:
            return alt.Axis(values=[one.x for one in shown], labels=False, ticks=False, grid=True)
        lookup = ", ".join(name_day_at(one) for one in shown)
        expression = f"({{{lookup}}})[round((datum.value + 100) * 1000)]"
        values = [one.x for one in shown]
        return alt.Axis(
            values=values, labelExpr=expression, orient=labelled, grid=True, labelAlign="left", labelFlush=False
        )

    def _grades(self, panel: Panel, x: Any) -> tuple[list[Layer], int]:
        top = max(
            [TOP_GRADE, *(int(mark.high) for mark in panel.marks if mark.high is not None)]
        )  # criteria met: up to 8
        y = y_axis(panel, (FLOOR, top + 1.2), values=list(range(top + 1)))
        rows = [row for mark in panel.marks for row in self._band(mark, top)]
        base = self._of(rows).encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"))
        bands = base.mark_rect(strokeWidth=0.7).encode(
            fill=raw("fill"), stroke=raw("stroke"), description=alt.Description("says:N")
        )
        return [bands, *self._texts(grade_labels(panel.marks, self.px, self.days), x, y)], HEIGHTS["grade"]

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

    def _lanes(self, panel: Panel, x: Any) -> tuple[list[Layer], int]:
        count = len(panel.series)
        y = lane_axis(panel)
        lane = {name: index for index, name in enumerate(panel.series)}
        bands = [self._bar(mark, lane[mark.what]) for mark in panel.marks if mark.end is not None]
        doses = [self._dot(mark) | {"y": lane[mark.what] + 0.5} for mark in panel.marks if mark.end is None]
        base = self._of(bands).mark_rect(strokeWidth=1).encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"))
        layers = [base.encode(fill=raw("fill"), stroke=raw("stroke"), description=alt.Description("says:N"))]
        points = self._of(doses).mark_point(shape="triangle-down", filled=True, size=46, color=INK, opacity=1)
        layers.append(points.encode(x=x, y=y, description=alt.Description("says:N")))
        layers += self._texts(lane_labels(panel, lane, self.px, self.days), x, y)
        return layers, LANE * count

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

    def _values(self, panel: Panel, x: Any) -> tuple[list[Layer], int]:
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
            point = self._of(exact).mark_point(shape=SHAPES[index], filled=True, size=24, color=INK, opacity=1)
            layers.append(point.encode(x=x, y=y, description=alt.Description("says:N")))
            if bound:
                bar = self._of(bound).mark_rule(strokeWidth=3, color=INK)
                layers.append(bar.encode(x=x, y=y, y2=alt.Y2("y2:Q"), description=alt.Description("says:N")))
        return layers, HEIGHTS.get(panel.key, 56)

    def _joins(self, panel: Panel, marks: list[Mark], x: Any, y: Any) -> list[Layer]:
        """Lines between numbers while the earlier one holds; a score stays level until it expires."""
        rows = []
        for mark, following in pairwise([*marks, None]):
            if mark is None or mark.low is None or mark.low != mark.high or mark.low <= 0 < panel.log:
                continue
            holds = mark.holds or mark.start
            if panel.kind == "steps":
                end = min(holds, following.start) if following else holds
                rows.append({"x": self.days.x(mark.start), "x2": self.days.x(end), "y": mark.low, "y2": mark.low})
            elif following and following.start <= holds and following.low == following.high and following.low:
                ends = self.days.x(mark.start), self.days.x(following.start)
                rows.append({"x": ends[0], "x2": ends[1], "y": mark.low, "y2": following.low})
        width = 2 if panel.kind == "steps" else 0.8
        boxes = self._boxes(marks, x, y) if panel.kind == "steps" else []
        line = self._of(rows).mark_rule(color=QUIET, strokeWidth=width, aria=False)
        return [*boxes, line.encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"))]

    def _boxes(self, marks: list[Mark], x: Any, y: Any) -> list[Layer]:
        """A score that may be one of several: hatched from the lowest to the highest while it holds."""
        rows = []
        for mark, following in pairwise([*marks, None]):
            if mark is not None and mark.low != mark.high:
                end = min(mark.holds or mark.start, following.start if following else mark.holds or mark.start)
                rows.append({"x": self.days.x(mark.start), "x2": self.days.x(end), "y": mark.low, "y2": mark.high})
        if not rows:
            return []
        box = self._of(rows).mark_rect(fill=hatch(self.prefix, UNKNOWN), stroke=QUIET, strokeWidth=0.6, aria=False)
        return [box.encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"))]

    def _levels(self, panel: Panel, x: Any, y: Any) -> list[Layer]:
        rows = [{"x": self.domain[0], "x2": self.domain[1], "y": line.value, "y2": line.value} for line in panel.lines]
        rule = self._of(rows).mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1, aria=False)
        labels = [{"x": self.domain[1], "y": line.value, "text": line.label} for line in panel.lines]
        text = self._of(labels).mark_text(align="left", dx=4, fontSize=SMALL, color=INK, aria=False, clip=False)
        return [
            rule.encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q")),
            text.encode(x=x, y=y, text=alt.Text("text:N")),
        ]

    def _texts(self, rows: list[Row], x: Any, y: Any) -> list[Layer]:
        text = self._of(rows).mark_text(fontSize=SMALL, color=INK, aria=False, baseline="middle")
        halo = text.mark_text(fontSize=SMALL, stroke="#ffffff", strokeWidth=3, aria=False, baseline="middle")
        return [one.encode(x=x, y=y, text=alt.Text("text:N")) for one in (halo, text)]

    def _names(self, x: Any) -> list[Layer]:
        """The names of the lines at the infusion and now, at the top."""
        rows = [
            {"x": 0, "text": self.days.say("infusion")},
            *({"x": x, "text": self.days.say("now")} for x in self._now()),
        ]
        text = self._of(rows).mark_text(
            align="left", baseline="top", dx=4, dy=2, fontSize=SMALL, color=INK, aria=False, clip=False
        )
        return [text.encode(x=x, y=TOP(0), text=alt.Text("text:N"))]

    def px(self, seconds: float) -> float:
        """Width of a stretch of time in px."""
        return seconds / (self.window.end - self.window.start) * PLOT
