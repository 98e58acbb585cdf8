"""The drawn picture made fit for a page: hatching, a name, one font, and no more bytes than needed."""

import math
import re
from collections.abc import Sequence
from html import escape

from cytovigil.processes import serve
from cytovigil.report.vega import SCHEMA, Row, draw

WIDTH = 960  # px
UNKNOWN = "unknown"
STYLE = "font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-variant-numeric:tabular-nums"
_DROPPED = (
    re.compile(r'<path class="(?:background|foreground)" aria-hidden="true" d="(?:M0,0h0v0h0Z|M0,0h\d+v0h0Z)?"[^>]*/>'),
    re.compile(r' (?:pointer-events="none"|aria-roledescription="[^"]*"|opacity="1"|font-family="[^"]*")'),
    re.compile(r' xmlns:xlink="[^"]*"| version="1.1"| class="(?:background|foreground|mark-[^"]*)"'),
)
_EMPTY = re.compile(r'<g[^>]* role="graphics-symbol"[^>]*(?:/>|></g>)')
_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_GEOMETRY = re.compile(r' (?:d|transform|x2|y2|width|height)="[^"]*"')
_SIZE = re.compile(r' (width|height)="([\d.]+)"')
_PAPER = re.compile(r'<rect width="[\d.]+" height="[\d.]+"')
_OPEN = re.compile(r"<svg [^>]*>")


def hatch(prefix: str, name: str) -> str:
    """The fill of a range up to a grade, or of what is unknown."""
    return f"url(#{prefix}-hatch-{name})"


def serve_pictures() -> None:
    """What runs in the other process. A first drawing makes Vega load what it needs for others."""
    serve(lambda: draw({"$schema": SCHEMA, "data": {"values": [{}]}, "mark": "point"}))


def draw_picture(whole: Row, numbers: Row, name: str, prefix: str, grades: Sequence[str]) -> str:
    """A Vega-Lite specification as SVG that is fit for a page."""
    return finish_svg(draw(whole, numbers), name, prefix, grades)


def finish_svg(svg: str, name: str, prefix: str, grades: Sequence[str]) -> str:
    """Add the hatching of each grade and the name of the picture, and leave out what a page does not need."""
    for pattern in (*_DROPPED, _EMPTY):
        svg = pattern.sub("", svg)
    svg = _GEOMETRY.sub(lambda found: _NUMBER.sub(_round, found[0]), svg)
    opened = _OPEN.match(svg)
    assert opened is not None
    head = f'{_sized(opened[0])[:-1]} role="graphics-document" aria-label="{escape(name)}" style="{STYLE}">'
    drawing = _PAPER.sub('<rect width="100%" height="100%"', svg[opened.end() :], count=1)
    return head + f"<defs>{_patterns(prefix, grades)}</defs>" + drawing


def _sized(opening: str) -> str:
    """The same drawing, 960 px wide; a wider one is scaled down by its view box."""
    size = {name: math.ceil(float(value)) for name, value in _SIZE.findall(opening)}
    shown = max(WIDTH, size["width"])
    box = f'viewBox="0 0 {shown} {size["height"]}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" {box}>'


def _round(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0")


def _patterns(prefix: str, grades: Sequence[str]) -> str:
    hatched = [(str(grade), colour, 2.5) for grade, colour in enumerate(grades) if grade]
    return "".join(_pattern(prefix, *one) for one in [*hatched, (UNKNOWN, "#9a9a9a", 1.0)])


def _pattern(prefix: str, name: str, colour: str, width: float) -> str:
    """Slanted lines; those of what is unknown are thin and lean the other way."""
    slant = -45 if name == UNKNOWN else 45
    return (
        f'<pattern id="{prefix}-hatch-{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({slant})"><rect width="6" height="6" fill="#fff"/>'
        f'<path d="M0,0V6" stroke="{colour}" stroke-width="{2 * width:g}"/></pattern>'
    )
