"""Conditions in words, and a scale as a table that a haematologist could sign. `say` translates, JSON aside."""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

from cytovigil.logic.conditions import And, Compare, Condition, Field, Named, Not, OneOf, Or
from cytovigil.logic.edges import edge_table
from cytovigil.logic.ladder import Citation, Ladder, Rung
from cytovigil.logic.scale import Course, CumulativeCourse, EpisodicCourse, MeasuredCourse, MomentCourse, Outcome, Scale
from cytovigil.model.settings import Settings, says
from cytovigil.model.told import Say, decimal
from cytovigil.model.vocabulary import signals

Format = Literal["text", "markdown", "json"]
UNCONFIRMED = "machine grade, unconfirmed"
NOT_FOR_TREATING = "not for decisions about a patient who is being treated now"
READINGS = "Hours and limits of this reading, changed by the site's file."
EDGES = "Each domain on both sides of every threshold, and with each field unknown."
RUNG_HEADS = ("Grade", "The source, in our words", "Condition", "Evidence", "Note")
SETTING_HEADS = ("Setting", "Value", "Meaning")


def in_words(condition: Condition, say: Say = str) -> str:
    """A condition in words."""
    match condition:
        case Field():
            return say(condition.says)
        case Compare(field, operator, value):
            return f"{say(field.says)}: {_compared(field, operator, value, say)}"
        case OneOf(field, values):
            return f"{say(field.says)}: {choice(field, values, say)}"
        case Not(Field(says_not=opposite)) if opposite:
            return say(opposite)
        case Not(inner):
            template = "no {sign}" if isinstance(inner, Field) else "not ({sign})"
            return say(template).format(sign=in_words(inner, say))
        case Named():
            return say(condition.says)
        case And(left, right):
            return say("{one} and {other}").format(one=_grouped(left, say), other=_grouped(right, say))
        case Or(left, right):
            return say("{one}, or {other}").format(one=in_words(left, say), other=in_words(right, say))
    raise TypeError(f"{condition!r} is not a condition")


def _compared(field: Field, operator: str, value: Any, say: Say) -> str:
    label, shown = field.label(value), field.label(value, say)
    extreme = field.domain[-1] if operator == ">=" else field.domain[0]
    if operator == ">=":
        told = label.endswith("or more") or label.startswith(("<", ">"))
        return shown if told or value == extreme else say("{value} or more").format(value=shown)
    told = label.endswith("or less") or label.startswith("below")
    return shown if told or value == extreme else say("{value} or less").format(value=shown)


def _grouped(condition: Condition, say: Say) -> str:
    return f"({in_words(condition, say)})" if isinstance(condition, Or) else in_words(condition, say)


def choice(field: Field, values: Collection[Any], say: Say = str) -> str:
    """`1 to 4` where three or more values of a scale follow each other, else `one or another`."""
    places = [place for place, value in enumerate(field.domain) if value in values]
    words = [field.label(field.domain[place], say) for place in places]
    if is_scale(field) and len(places) >= 3 and places[-1] - places[0] == len(places) - 1:
        return say("{first} to {last}").format(first=words[0], last=words[-1])
    return either(words, say)


def is_scale(field: Field) -> bool:
    """True where its values follow each other, and are more than yes and no."""
    return len(field.domain) > 2 and (field.ordered or all(label.isdecimal() for label in field.labels))


def either(words: Iterable[str], say: Say) -> str:
    """`one or another`."""
    return f" {say('or')} ".join(words)


def number(value: float, say: Say = str) -> str:
    """The value of a setting."""
    return decimal(f"{value:g}", say)


def cite(source: Citation) -> str:
    """A citation on one line."""
    parts = [source.text, f"doi {source.doi}" if source.doi else "", source.where]
    return "; ".join(part for part in parts if part)


def render_scale(scale: Scale, form: Format = "text", settings: Settings | None = None, say: Say = str) -> str:
    """The scale as text, Markdown or JSON: domains by grade, notes, course, settings, edge tables."""
    if form == "json":
        return json.dumps(describe(scale, settings), indent=2, ensure_ascii=False) + "\n"
    return "\n".join(markdown_parts(scale, settings, say)) if form == "markdown" else _text(scale, settings, say)


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
    rungs = [{"grade": rung.grade} | describe_rung(rung) for rung in ladder.rungs]
    return {"name": ladder.name, "title": ladder.title, "source": cite(ladder.source), "rungs": rungs}


def describe_rung(rung: Rung) -> dict[str, str]:
    """The texts of a rung as plain values."""
    return {"says": rung.says, "condition": in_words(rung.when), "status": rung.status, "note": rung.note}


def assumptions(scale: Scale, settings: Settings | None = None, say: Say = str) -> list[tuple[str, float, str]]:
    """The settings that the scale rests on: name, value, sentence."""
    chosen = settings or Settings()
    names = [name for field in scale.fields for name in field.assumptions]
    names += COURSE_SETTINGS[type(scale.course)]
    if isinstance(scale.course, MeasuredCourse) and any(field.attributed for field in scale.fields):
        names.append("attribution_h")
    return [(name, getattr(chosen, name), say(says(name))) for name in dict.fromkeys(names)]


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


def course_lines(scale: Scale, say: Say = str) -> list[str]:
    """The course in sentences."""
    course = scale.course
    if isinstance(course, MeasuredCourse):
        hours = say("hours that a value is valid: {hours}").format(hours=_validity(scale))
        return [say(course.says), hours]
    if not isinstance(course, EpisodicCourse):
        return [say(course.says)]
    lines = [say(course.says)]
    lines += [f"{state(one.start, say)} -> {state(one.to, say)}: {say(one.says)}" for one in course.moves]
    lines += [f"{state(one.start, say)} -> {state(one.to, say)}: {say(one.says)}" for one in course.expiries]
    return lines + [_outcome_line(course, one, say) for one in course.outcomes]


def _outcome_line(course: EpisodicCourse, outcome: Outcome, say: Say) -> str:
    every = set(outcome.states) == set(course.states)
    where = say("any state") if every else either((state(name, say) for name in outcome.states), say)
    line = say("graded in {states}: {why}: {grade}")
    line = line.format(states=where, why=say(outcome.says), grade=say(_GRADES[outcome.grade]))
    return f"{line}, {say('flag')} {outcome.flag}" if outcome.flag else line


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


def state(name: str, say: Say) -> str:
    """A state of a course in words."""
    return say(name.replace("_", " "))


def _text(scale: Scale, settings: Settings | None, say: Say) -> str:
    about = f"{scale.id}, {say('version')} {scale.version}; {say(UNCONFIRMED)}"
    lines = [f"{say(scale.title)}  ({about})", f"{say('Source')}: {cite(scale.source)}"]
    for ladder in scale.domains:
        lines += ["", say(ladder.title)]
        for rung in ladder.rungs:
            lines.append(f"  {rung.grade}  {say(rung.says)}  [{say(rung.status)}]")
            lines.append("     " + say("when {condition}").format(condition=in_words(rung.when, say)))
            lines += [f"     {say('note')}: {say(rung.note)}"] if rung.note else []
    lines += ["", say(scale.combine.says)]
    lines += [f"- {say(note)}" for note in scale.notes]
    lines += ["", say("Course"), *(f"- {line}" for line in course_lines(scale, say))]
    readings = [f"- {name} = {number(value, say)}: {words}" for name, value, words in assumptions(scale, settings, say)]
    lines += ["", say("Our readings, changed by the site's file"), *readings] if readings else []
    for ladder in scale.domains:
        lines += ["", f"{say('Edges')}: {say(ladder.title)}", *(f"  {line}" for line in edge_table(ladder, say))]
    return "\n".join(lines) + "\n"


def grade_rows(scale: Scale, say: Say = str) -> list[tuple[int, list[str], bool]]:
    """The published table: grade, a cell a domain, and True where one cell spans all domains (fever alone, death)."""
    rows: dict[int, tuple[list[str], bool]] = {}
    if isinstance(scale.course, EpisodicCourse):
        rows[1] = [say("{sign}, and none of the rows below").format(sign=say(scale.course.fever.says))], True
    for grade in {rung.grade for ladder in scale.domains for rung in ladder.rungs}:
        found = [next((rung.says for rung in ladder.rungs if rung.grade == grade), "-") for ladder in scale.domains]
        rows[grade] = [say(cell) for cell in found], False
    if scale.death_cause:
        rows[5] = [say("death due to {cause}").format(cause=scale.death_cause.upper())], True
    return [(grade, *rows[grade]) for grade in sorted(rows)]


def markdown_parts(scale: Scale, settings: Settings | None = None, say: Say = str) -> tuple[str, str]:
    """The scale as Markdown: the rule itself, and its edge tables. The rulebook puts examples between them."""
    about = f"`{scale.id}`, {say('version')} {scale.version}; {say(UNCONFIRMED)}."
    lines = [f"# {say(scale.title)}", "", about, "", f"{say('Source')}: {cite(scale.source)}", ""]
    lines += markdown_table([say("Grade"), *(say(one.title) for one in scale.domains)], _grade_cells(scale, say))
    lines += ["", say(scale.combine.says), "", f"## {say('Conditions')}"]
    for ladder in scale.domains:
        lines += ["", f"### {say(ladder.title)}", "", f"{say('Source')}: {cite(ladder.source)}", ""]
        lines += markdown_table([say(head) for head in RUNG_HEADS], rung_rows(ladder, say))
    lines += ["", f"## {say('Notes')}", "", *(f"- {say(note)}" for note in scale.notes), ""]
    lines += [f"## {say('Course')}", "", *(f"- {_marked(line)}" for line in course_lines(scale, say))]
    rows = [[f"`{name}`", number(value, say), words] for name, value, words in assumptions(scale, settings, say)]
    if rows:
        lines += ["", f"## {say('Our readings')}", "", say(READINGS), ""]
        lines += markdown_table([say(head) for head in SETTING_HEADS], rows)
    edges = [f"## {say('Edges')}", "", say(EDGES)]
    for ladder in scale.domains:
        edges += ["", f"### {say('Edges')}: {say(ladder.title)}", "", "```text", *edge_table(ladder, say), "```"]
    return "\n".join(lines) + "\n", "\n".join(edges) + "\n"


def rung_rows(ladder: Ladder, say: Say) -> list[list[str]]:
    """The rungs of a ladder, as RUNG_HEADS has them."""
    return [
        [str(rung.grade), say(rung.says), in_words(rung.when, say), say(rung.status), say(rung.note)]
        for rung in ladder.rungs
    ]


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines]


def _grade_cells(scale: Scale, say: Say) -> list[list[str]]:
    """Markdown has no cell that spans columns: what spans them is repeated."""
    return [
        [str(grade), *(cells * len(scale.domains) if whole else cells)]
        for grade, cells, whole in grade_rows(scale, say)
    ]


def _marked(line: str) -> str:
    """A line in which names of settings are code."""
    return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", r"`\g<0>`", line)
