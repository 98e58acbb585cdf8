"""An explanation as a page of text; `say` translates what is ours, and leaves ids and what was charted."""

from collections.abc import Iterator

from cytovigil.engine.biomarker_text import biomarker_lines
from cytovigil.engine.explain import TRUTHS, Explanation, FieldView, Grades
from cytovigil.engine.risk import risk_lines
from cytovigil.logic.conditions import say_label
from cytovigil.logic.text import UNCONFIRMED, assumptions, cite, either, in_words, number, state
from cytovigil.model.events import Event
from cytovigil.model.flags import says_flag
from cytovigil.model.results import show_grade
from cytovigil.model.settings import Settings
from cytovigil.model.times import format_time
from cytovigil.model.told import Say, decimal

FEW = 5  # possible values that are listed; of more the first and the last


def render_text(explanation: Explanation, settings: Settings, say: Say = str) -> str:
    """The explanation as a page of text."""
    one = explanation
    lines = [*_heading(one, settings, say), "", say("Facts"), *_facts(one, settings, say)]
    lines += ["", say("Conditions"), *_conditions(one, say)]
    lines += ["", say("Assumptions (our reading, changed by the site's file)")]
    lines += [f"  {name} = {number(value, say)}: {says}" for name, value, says in assumptions(one.scale, settings, say)]
    lines += biomarker_lines(one.biomarkers, settings.zone, say)
    lines += risk_lines(one.published, say)
    return "\n".join(lines) + "\n"


def _heading(one: Explanation, settings: Settings, say: Say) -> Iterator[str]:
    grade, charted = _grade((one.low, one.high), say), _grade(one.charted, say)
    yield say("{patient}, infusion {infusion}: {scale} = {grade} at {time}, the same since {since}").format(
        patient=one.patient_id, infusion=one.infusion, scale=say(one.scale.title), grade=grade,
        time=format_time(one.at, settings.zone), since=format_time(one.since, settings.zone),
    )  # fmt: skip
    rule = say("rule {id} version {version}").format(id=one.scale.id, version=one.scale.version)
    yield f"{say(UNCONFIRMED)}; {rule}; {cite(one.scale.source)}"
    if charted != grade:
        yield f"{say('as charted, without attributions')}: {charted}"
    if one.states:
        yield f"{say('course')}: {either((state(name, say) for name in one.states), say)}"
    if one.missing:
        yield f"{say('to narrow it, chart')}: {', '.join(one.missing)}"
    for flag in one.flags:
        yield f"{say('flag')} {flag}: {says_flag(flag, settings, say)}"


def _facts(one: Explanation, settings: Settings, say: Say) -> Iterator[str]:
    for view in one.fields:
        yield f"  {say(view.says)}: {_values(view, say)}"
        for row in view.rows:
            yield f"    {_row(row, settings, say)}"


def _conditions(one: Explanation, say: Say) -> Iterator[str]:
    width = max(len(say(truth)) for truth in TRUTHS)
    conditions = (rung.when for ladder in one.scale.domains for rung in ladder.rungs)
    for rung, condition in zip(one.rungs, conditions, strict=True):
        mark = "=>" if rung.decides else "  "
        yield f"{mark} [{say(rung.truth):^{width}}] {say(rung.domain)} {rung.grade}: {say(rung.says)}"
        when = say("when {condition}").format(condition=in_words(condition, say))
        yield f"     {when}  [{say(rung.status)}]" + (f"; {say(rung.note)}" if rung.note else "")


def _grade(grades: Grades, say: Say) -> str:
    return say("no grade") if grades[0] is None else show_grade(*grades)


def _values(view: FieldView, say: Say) -> str:
    words = [say_label(value, say) for value in view.values]
    if len(words) == 1:
        return words[0]
    if len(words) <= FEW:
        return f"{either(words, say)} ({say('not known')})"
    return f"{say('{first} to {last}').format(first=words[0], last=words[-1])} ({say('not known')})"


def _row(row: Event, settings: Settings, say: Say) -> str:
    said = f", {row.recorded_by}" if row.recorded_by else ""
    value = decimal(row.shown, say) or row.word
    return (
        say("{value} at {time}").format(value=f"{row.signal} {value}", time=format_time(row.time, settings.zone))
        + f" ({row.source_id or say('no source id')}{said})"
    )
