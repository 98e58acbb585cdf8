"""A score as a page that a haematologist could sign: the same parts as text, Markdown, HTML and plain values."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cytovigil.logic.edges import edge_table
from cytovigil.logic.ladder import Ladder
from cytovigil.logic.score import IndexScore, PointScore, Score, Unpublished
from cytovigil.logic.text import UNCONFIRMED, cite, english, markdown_table
from cytovigil.model.settings import Settings, says

Form = Literal["text", "markdown", "json"]
HEADS = ("Item", "Points", "The source, in our words", "Condition", "Evidence", "Note")


@dataclass(frozen=True)
class Part:
    """A section of the page: sentences, and a table with its heads first."""

    title: str
    sentences: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


def render_score(score: Score | Unpublished, form: Form = "text", settings: Settings | None = None) -> str:
    """The score as text, Markdown or JSON."""
    if form == "json":
        return json.dumps(describe_score(score, settings), indent=2, ensure_ascii=False) + "\n"
    write = _markdown if form == "markdown" else _text
    return write(score, (*score_parts(score, settings), *edge_parts(score)))


def score_markdown(score: Score, settings: Settings | None = None) -> tuple[str, str]:
    """The score as Markdown: the rule itself, and its edges. The rulebook puts examples between them."""
    return _markdown(score, score_parts(score, settings)), "\n".join(_sections(edge_parts(score))) + "\n"


def score_parts(score: Score | Unpublished, settings: Settings | None = None) -> tuple[Part, ...]:
    """The sections of a score, edges aside."""
    if isinstance(score, Unpublished):
        return (Part("Not computed", (f"{score.why}.", f"It would need: {', '.join(score.needs)}.")),)
    evidence = Part("Population and performance", (score.evidence.population, *score.evidence.performance))
    rule = _point_parts(score) if isinstance(score, PointScore) else _index_parts(score)
    when = Part("When", (score.window.says,))
    return (*rule, when, evidence, Part("Notes", score.notes), _readings(score, settings))


def edge_parts(score: Score | Unpublished) -> tuple[Part, ...]:
    """Each item on both sides of every cut-off, and with each field unknown."""
    return tuple(_edges(ladder) for ladder in score.domains) if isinstance(score, PointScore) else ()


def describe_score(score: Score | Unpublished, settings: Settings | None = None) -> dict[str, Any]:
    """The score as plain values."""
    found: dict[str, Any] = {"id": score.id, "title": score.title, "source": cite(score.source)}
    if isinstance(score, Unpublished):
        return found | {"needs": list(score.needs), "status": score.why}
    found |= {"version": score.version, "population": score.evidence.population}
    if isinstance(score, PointScore):
        names = ("item", "points", "says", "condition", "status", "note")
        found["items"] = [dict(zip(names, row, strict=True)) for row in _items(score)]
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
            {"name": name, "value": value, "says": words} for name, value, words in _setting_rows(score, settings)
        ],
        "signals": list(score.signals),
        "status": UNCONFIRMED,
    }


def _point_parts(score: PointScore) -> tuple[Part, ...]:
    rows = tuple(tuple(map(str, row)) for row in _items(score))
    most = sum(ladder.rungs[-1].grade for ladder in score.domains)
    ends = [*(str(band.least - 1) for band in score.bands[1:]), str(most)]
    bands = tuple((f"{band.least}-{end}", band.label) for band, end in zip(score.bands, ends, strict=True))
    total = f"An item without a row that applies gives 0 points. The score is their sum, from 0 to {most}."
    return (
        Part("Items", (total,), (HEADS, *rows)),
        Part("Bands", (f"Evidence: {score.bands_status}.",), (("Points", "Band"), *bands)),
    )


def _items(score: PointScore) -> list[tuple[str, int, str, str, str, str]]:
    return [
        (ladder.title, rung.grade, rung.says, english(rung.when), rung.status, rung.note)
        for ladder in score.domains
        for rung in ladder.rungs
    ]


def _index_parts(score: IndexScore) -> tuple[Part, ...]:
    formula = Part("Formula", (f"{score.formula}.", f"Evidence: {score.formula_status}."))
    if score.cut_off is None:
        return (formula,)
    labels = tuple((label,) for label in score.cut_off.labels)
    return formula, Part("Bands", (f"Evidence: {score.cut_off_status}.",), (("Band",), *labels))


def _readings(score: Score, settings: Settings | None) -> Part:
    rows = tuple((name, f"{value:g}", words) for name, value, words in _setting_rows(score, settings))
    sentence = "Hours and limits of this reading, changed by the site's file."
    return Part("Our readings", (sentence,) if rows else (), (("Setting", "Value", "Meaning"), *rows) if rows else ())


def _setting_rows(score: Score, settings: Settings | None) -> list[tuple[str, float, str]]:
    chosen = settings or Settings()
    return [(name, getattr(chosen, name), says(name)) for name in dict.fromkeys(score.assumptions)]


def _edges(ladder: Ladder) -> Part:
    rows = [tuple(cell.strip() for cell in line.split(" | ")) for line in edge_table(ladder)]
    return Part(f"Edges: {ladder.title}", (), ((*rows[0][:-1], "points"), *rows[1:]))


def heading(score: Score | Unpublished) -> str:
    """Version and status, or why there is none."""
    return score.why if isinstance(score, Unpublished) else f"version {score.version}; {UNCONFIRMED}"


def _text(score: Score | Unpublished, parts: Sequence[Part]) -> str:
    lines = [f"{score.title}  ({score.id}, {heading(score)})", f"Source: {cite(score.source)}"]
    for part in parts:
        lines += ["", part.title, *(f"- {sentence}" for sentence in part.sentences)]
        widths = [max(map(len, column)) for column in zip(*part.table, strict=True)]
        for row in part.table:
            lines.append("  " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return "\n".join(lines) + "\n"


def _markdown(score: Score | Unpublished, parts: Sequence[Part]) -> str:
    head = [f"# {score.title}", "", f"`{score.id}`, {heading(score)}.", "", f"Source: {cite(score.source)}", ""]
    return "\n".join([*head, *_sections(parts)]) + "\n"


def _sections(parts: Sequence[Part]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        lines += [f"## {part.title}", ""]
        lines += [*(f"- {sentence}" for sentence in part.sentences), ""] if part.sentences else []
        lines += [*markdown_table(part.table[0], part.table[1:]), ""] if part.table else []
    return lines[:-1]
