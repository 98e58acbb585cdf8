"""The English of conditions, and a scale as a table that a haematologist could sign."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from cytovigil.logic.conditions import And, Compare, Condition, Field, Not, OneOf, Or
from cytovigil.logic.edges import edge_table
from cytovigil.logic.ladder import Citation, Ladder
from cytovigil.logic.scale import Course, CumulativeCourse, EpisodicCourse, MeasuredCourse, MomentCourse, Scale
from cytovigil.model.settings import Settings, says
from cytovigil.model.vocabulary import signals

Format = Literal["text", "markdown", "json"]
UNCONFIRMED = "machine grade, unconfirmed"


def english(condition: Condition) -> str:
    """A condition in words."""
    match condition:
        case Field(says=words):
            return words
        case Compare(field, operator, value):
            return _compared(field, operator, value)
        case OneOf(field, values):
            return f"{field.says}: {' or '.join(map(field.label, values))}"
        case Not(inner):
            return f"no {english(inner)}" if isinstance(inner, Field) else f"not ({english(inner)})"
        case And(left, right):
            return f"{_grouped(left)} and {_grouped(right)}"
        case Or(left, right):
            return f"{english(left)}, or {english(right)}"
    raise TypeError(f"{condition!r} is not a condition")


def _compared(field: Field, operator: str, value: Any) -> str:
    label = field.label(value)
    extreme = field.domain[-1] if operator == ">=" else field.domain[0]
    if value == extreme:
        return f"{field.says}: {label}"
    beyond = "or more" if operator == ">=" else "or less"
    told = label.endswith(beyond) or label.startswith("below" if operator == "<=" else ("<", ">"))
    return f"{field.says}: {label}" if told else f"{field.says}: {label} {beyond}"


def _grouped(condition: Condition) -> str:
    return f"({english(condition)})" if isinstance(condition, Or) else english(condition)


def cite(source: Citation) -> str:
    """A citation on one line."""
    parts = [source.text, f"doi {source.doi}" if source.doi else "", source.where]
    return "; ".join(part for part in parts if part)


def render_scale(scale: Scale, form: Format = "text", settings: Settings | None = None) -> str:
    """The scale as text, Markdown or JSON: domains by grade, notes, course, settings, edge tables."""
    if form == "json":
        return json.dumps(describe(scale, settings), indent=2, ensure_ascii=False) + "\n"
    return "\n".join(markdown_parts(scale, settings)) if form == "markdown" else _text(scale, settings)


def describe(scale: Scale, settings: Settings | None = None) -> dict[str, Any]:
    """The scale as plain values."""
    return {
        "id": scale.id,
        "version": scale.version,
        "title": scale.title,
        "source": cite(scale.source),
        "domains": [_domain(ladder) for ladder in scale.domains],
        "notes": list(scale.notes),
        "course": course_lines(scale),
        "settings": [
            {"name": name, "value": value, "says": words} for name, value, words in assumptions(scale, settings)
        ],
        "signals": list(scale.signals),
        "status": UNCONFIRMED,
    }


def _domain(ladder: Ladder) -> dict[str, Any]:
    rungs = [
        {"grade": r.grade, "says": r.says, "condition": english(r.when), "status": r.status, "note": r.note}
        for r in ladder.rungs
    ]
    return {"name": ladder.name, "title": ladder.title, "source": cite(ladder.source), "rungs": rungs}


def assumptions(scale: Scale, settings: Settings | None = None) -> list[tuple[str, float, str]]:
    """The settings that the scale rests on: name, value, sentence."""
    chosen = settings or Settings()
    names = [name for field in scale.fields for name in field.assumptions]
    names += COURSE_SETTINGS[type(scale.course)]
    if isinstance(scale.course, MeasuredCourse) and any(field.attributed for field in scale.fields):
        names.append("attribution_h")
    return [(name, getattr(chosen, name), says(name)) for name in dict.fromkeys(names)]


COURSE_SETTINGS: dict[type[Course], tuple[str, ...]] = {
    EpisodicCourse: (
        "crs_window_days", "crs_late_days", "crs_reopen_h", "treated_before_onset_h", "masked_after_episode_days",
        "mask_antipyretic_h", "mask_dexamethasone_h", "mask_corticosteroid_h", "mask_anticytokine_h", "mask_antibody_h",
        "low_dose_prednisolone_mg", "same_dose_min", "attribution_h", "short_stretch_h",
    ),
    MomentCourse: ("icans_window_days", "icans_end_h", "icans_reopen_h", "attribution_h", "short_stretch_h"),
    MeasuredCourse: (),
    CumulativeCourse: ("attribution_h", "support_h"),
}  # fmt: skip


def course_lines(scale: Scale) -> list[str]:
    """The course in sentences."""
    course = scale.course
    if isinstance(course, MeasuredCourse):
        return [course.says, f"hours that a value is valid: {_validity(scale)}"]
    if not isinstance(course, EpisodicCourse):
        return [course.says]
    lines = [course.says]
    lines += [f"{_state(m.start)} -> {_state(m.to)}: {m.says}" for m in course.moves]
    lines += [f"{_state(e.start)} -> {_state(e.to)}: {e.says}" for e in course.expiries]
    for outcome in course.outcomes:
        flag = f", flag {outcome.flag}" if outcome.flag else ""
        where = "any state" if set(outcome.states) == set(course.states) else " or ".join(map(_state, outcome.states))
        lines.append(f"graded in {where}: {outcome.says}: {_GRADES[outcome.grade]}{flag}")
    return lines


def _validity(scale: Scale) -> str:
    hours = {name: (signals()[name].valid_s or 0) // 3600 for name in scale.signals}
    return ", ".join(f"{name} {valid}" for name, valid in hours.items() if valid)


_GRADES = {
    "null": "no grade",
    "zero": "0",
    "worst": "the worst domain",
    "at_least_one": "the worst domain, at least 1",
    "zero_or_worst": "from 0 to the worst domain",
}


def _state(name: str) -> str:
    return name.replace("_", " ")


def _text(scale: Scale, settings: Settings | None) -> str:
    lines = [f"{scale.title}  ({scale.id}, version {scale.version}; {UNCONFIRMED})", f"Source: {cite(scale.source)}"]
    for ladder in scale.domains:
        lines += ["", ladder.title]
        for rung in ladder.rungs:
            lines.append(f"  {rung.grade}  {rung.says}  [{rung.status}]")
            lines.append(f"     when {english(rung.when)}")
            lines += [f"     note: {rung.note}"] if rung.note else []
    lines += ["", scale.combine.says]
    lines += [f"- {note}" for note in scale.notes]
    lines += ["", "Course", *(f"- {line}" for line in course_lines(scale))]
    readings = [f"- {name} = {value:g}: {words}" for name, value, words in assumptions(scale, settings)]
    lines += ["", "Our readings, changed by the site's file", *readings] if readings else []
    for ladder in scale.domains:
        lines += ["", f"Edges: {ladder.title}", *(f"  {line}" for line in edge_table(ladder))]
    return "\n".join(lines) + "\n"


def grade_rows(scale: Scale) -> list[tuple[int, list[str], bool]]:
    """The published table: grade, a cell a domain, and True where one cell spans all domains (fever alone, death)."""
    rows: dict[int, tuple[list[str], bool]] = {}
    if isinstance(scale.course, EpisodicCourse):
        rows[1] = [f"{scale.course.fever.says}, and none of the rows below"], True
    for grade in {rung.grade for ladder in scale.domains for rung in ladder.rungs}:
        cells = [next((rung.says for rung in ladder.rungs if rung.grade == grade), "-") for ladder in scale.domains]
        rows[grade] = cells, False
    if scale.death_cause:
        rows[5] = [f"death due to {scale.death_cause.upper()}"], True
    return [(grade, *rows[grade]) for grade in sorted(rows)]


def markdown_parts(scale: Scale, settings: Settings | None = None) -> tuple[str, str]:
    """The scale as Markdown: the rule itself, and its edge tables. The rulebook puts examples between them."""
    lines = [f"# {scale.title}", "", f"`{scale.id}`, version {scale.version}; {UNCONFIRMED}.", ""]
    lines += [f"Source: {cite(scale.source)}", ""]
    lines += markdown_table(["Grade", *(one.title for one in scale.domains)], _grade_cells(scale))
    lines += ["", scale.combine.says, "", "## Conditions"]
    for ladder in scale.domains:
        rows = [[str(r.grade), r.says, english(r.when), r.status, r.note] for r in ladder.rungs]
        lines += ["", f"### {ladder.title}", "", f"Source: {cite(ladder.source)}", ""]
        lines += markdown_table(["Grade", "The source, in our words", "Condition", "Evidence", "Note"], rows)
    settings_rows = [[f"`{name}`", f"{value:g}", words] for name, value, words in assumptions(scale, settings)]
    lines += ["", "## Notes", "", *(f"- {note}" for note in scale.notes), ""]
    lines += ["## Course", "", *(f"- {_marked(line)}" for line in course_lines(scale))]
    if settings_rows:
        lines += ["", "## Our readings", "", "Hours and limits of this reading, changed by the site's file.", ""]
        lines += markdown_table(["Setting", "Value", "Meaning"], settings_rows)
    edges = ["## Edges", "", "Each domain on both sides of every threshold, and with each field unknown."]
    for ladder in scale.domains:
        edges += ["", f"### Edges: {ladder.title}", "", "```text", *edge_table(ladder), "```"]
    return "\n".join(lines) + "\n", "\n".join(edges) + "\n"


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines]


def _grade_cells(scale: Scale) -> list[list[str]]:
    """Markdown has no cell that spans columns: what spans them is repeated."""
    return [
        [str(grade), *(cells * len(scale.domains) if whole else cells)] for grade, cells, whole in grade_rows(scale)
    ]


def _marked(line: str) -> str:
    """A line in which names of settings are code."""
    return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", r"`\g<0>`", line)
