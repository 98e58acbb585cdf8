"""A score as a page that a haematologist could sign: the same parts as text, Markdown, HTML and plain values.

`say` translates, plain values aside.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cytovigil.logic.edges import edge_rows
from cytovigil.logic.ladder import Ladder
from cytovigil.logic.score import IndexScore, PointScore, Score, Unpublished
from cytovigil.logic.text import (
    READINGS,
    RUNG_HEADS,
    SETTING_HEADS,
    UNCONFIRMED,
    cite,
    describe_rung,
    markdown_table,
    number,
    rung_rows,
)
from cytovigil.model.settings import Settings, says
from cytovigil.model.told import Say, decimal

Form = Literal["text", "markdown", "json"]
HEADS = ("Item", "Points", *RUNG_HEADS[1:])


@dataclass(frozen=True)
class Part:
    """A section of the page: sentences, and a table with its heads first."""

    title: str
    sentences: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


def render_score(
    score: Score | Unpublished, form: Form = "text", settings: Settings | None = None, say: Say = str
) -> str:
    """The score as text, Markdown or JSON."""
    if form == "json":
        return json.dumps(describe_score(score, settings), indent=2, ensure_ascii=False) + "\n"
    write = _markdown if form == "markdown" else _text
    return write(score, (*score_parts(score, settings, say), *edge_parts(score, say)), say)


def score_markdown(score: Score, settings: Settings | None = None) -> tuple[str, str]:
    """The score as Markdown: the rule itself, and its edges. The rulebook puts examples between them."""
    return _markdown(score, score_parts(score, settings), str), "\n".join(_sections(edge_parts(score))) + "\n"


def score_parts(score: Score | Unpublished, settings: Settings | None = None, say: Say = str) -> tuple[Part, ...]:
    """The sections of a score, edges aside."""
    if isinstance(score, Unpublished):
        needs = say("It would need: {needs}.").format(needs=", ".join(map(say, score.needs)))
        return (Part(say("Not computed"), (f"{say(score.why)}.", needs)),)
    found = score.evidence
    evidence = Part(say("Population and performance"), (say(found.population), *map(say, found.performance)))
    rule = _point_parts(score, say) if isinstance(score, PointScore) else _index_parts(score, say)
    when, notes = Part(say("When"), (say(score.window.says),)), Part(say("Notes"), tuple(map(say, score.notes)))
    return (*rule, when, evidence, notes, _readings(score, settings, say))


def edge_parts(score: Score | Unpublished, say: Say = str) -> tuple[Part, ...]:
    """Each item on both sides of every cut-off, and with each field unknown."""
    return tuple(_edges(ladder, say) for ladder in score.domains) if isinstance(score, PointScore) else ()


def describe_score(score: Score | Unpublished, settings: Settings | None = None) -> dict[str, Any]:
    """The score as plain values."""
    found: dict[str, Any] = {"id": score.id, "title": score.title, "source": cite(score.source)}
    if isinstance(score, Unpublished):
        return found | {"needs": list(score.needs), "status": score.why}
    found |= {"version": score.version, "population": score.evidence.population}
    if isinstance(score, PointScore):
        found["items"] = [
            {"item": ladder.title, "points": rung.grade} | describe_rung(rung)
            for ladder in score.domains
            for rung in ladder.rungs
        ]
        found["bands"] = [{"from": band.least, "band": band.label} for band in score.bands]
        found["bands_status"] = score.bands_status
    else:
        found |= {"formula": score.formula, "formula_status": score.formula_status}
        found |= {"bands": list(score.cut_off.labels), "bands_status": score.cut_off_status} if score.cut_off else {}
    return found | {
        "window": score.window.says,
        "performance": list(score.evidence.performance),
        "notes": list(score.notes),
        "settings": [
            {"name": name, "value": value, "says": words} for name, value, words in _setting_values(score, settings)
        ],
        "signals": list(score.signals),
        "status": UNCONFIRMED,
    }


def _point_parts(score: PointScore, say: Say) -> tuple[Part, ...]:
    most = sum(ladder.rungs[-1].grade for ladder in score.domains)
    ends = [*(str(band.least - 1) for band in score.bands[1:]), str(most)]
    bands = tuple((f"{band.least}-{end}", say(band.label)) for band, end in zip(score.bands, ends, strict=True))
    total = say("An item without a row that applies gives 0 points. The score is their sum, from 0 to {most}.")
    return (
        Part(say("Items"), (total.format(most=most),), (tuple(map(say, HEADS)), *_items(score, say))),
        Part(say("Bands"), (_evidence(score.bands_status, say),), ((say("Points"), say("Band")), *bands)),
    )


def _items(score: PointScore, say: Say) -> list[tuple[str, ...]]:
    return [(say(ladder.title), *row) for ladder in score.domains for row in rung_rows(ladder, say)]


def _index_parts(score: IndexScore, say: Say) -> tuple[Part, ...]:
    formula = Part(say("Formula"), (f"{score.formula}.", _evidence(score.formula_status, say)))
    if score.cut_off is None:
        return (formula,)
    labels = tuple((decimal(label, say),) for label in score.cut_off.labels)
    return formula, Part(say("Bands"), (_evidence(score.cut_off_status, say),), ((say("Band"),), *labels))


def _evidence(status: str, say: Say) -> str:
    return f"{say('Evidence')}: {say(status)}."


def _readings(score: Score, settings: Settings | None, say: Say) -> Part:
    values = _setting_values(score, settings)
    rows = tuple((name, number(value, say), say(words)) for name, value, words in values)
    heads = tuple(map(say, SETTING_HEADS))
    return Part(say("Our readings"), (say(READINGS),) if rows else (), (heads, *rows) if rows else ())


def _setting_values(score: Score, settings: Settings | None) -> list[tuple[str, float, str]]:
    chosen = settings or Settings()
    return [(name, getattr(chosen, name), says(name)) for name in dict.fromkeys(score.assumptions)]


def _edges(ladder: Ladder, say: Say) -> Part:
    heads, *rows = map(tuple, edge_rows(ladder, say))
    return Part(f"{say('Edges')}: {say(ladder.title)}", (), ((*heads[:-1], say("points")), *rows))


def heading(score: Score | Unpublished, say: Say = str) -> str:
    """Version and status, or why there is none."""
    if isinstance(score, Unpublished):
        return say(score.why)
    return f"{say('version')} {score.version}; {say(UNCONFIRMED)}"


def _text(score: Score | Unpublished, parts: Sequence[Part], say: Say) -> str:
    lines = [f"{say(score.title)}  ({score.id}, {heading(score, say)})", f"{say('Source')}: {cite(score.source)}"]
    for part in parts:
        lines += ["", part.title, *(f"- {sentence}" for sentence in part.sentences)]
        widths = [max(map(len, column)) for column in zip(*part.table, strict=True)]
        for row in part.table:
            lines.append("  " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return "\n".join(lines) + "\n"


def _markdown(score: Score | Unpublished, parts: Sequence[Part], say: Say) -> str:
    head = [f"# {say(score.title)}", "", f"`{score.id}`, {heading(score, say)}.", ""]
    head += [f"{say('Source')}: {cite(score.source)}", ""]
    return "\n".join([*head, *_sections(parts)]) + "\n"


def _sections(parts: Sequence[Part]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        lines += [f"## {part.title}", ""]
        lines += [*(f"- {sentence}" for sentence in part.sentences), ""] if part.sentences else []
        lines += [*markdown_table(part.table[0], part.table[1:]), ""] if part.table else []
    return lines[:-1]
