"""Writes the rulebook, docs/rulebook: one page a scale, from the rules; the grades of its examples are computed.

And docs/guidance.md: every recommendation of every protocol; docs/follow-up.md: every item of follow-up;
docs/monitoring.md: how often a patient is looked at.

Run `python docs/generate.py`. A chart is lines of `time | signal | value | end`, times as `d2 08:30` since day 0.
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from examples import EXAMPLES, SCORE_EXAMPLES, Example

from cytovigil import SCALES, Course, Event, Patient, Settings, grade_course
from cytovigil.engine.scoring import score_course
from cytovigil.followup.schedule import ITEMS
from cytovigil.followup.text import followup_markdown
from cytovigil.guidance import PROTOCOLS
from cytovigil.guidance.monitoring import all_intervals
from cytovigil.logic.guidance_text import guidance_markdown
from cytovigil.logic.scale import Scale
from cytovigil.logic.score import Score
from cytovigil.logic.score_text import score_markdown
from cytovigil.logic.text import UNCONFIRMED, markdown_parts, markdown_table
from cytovigil.logic.watch_text import intervals_markdown
from cytovigil.model.flags import says_flag
from cytovigil.model.results import ScoreRow, TimelineRow, show_grade, show_values
from cytovigil.model.vocabulary import signals
from cytovigil.rules.scores import SCORES, UNPUBLISHED

FOLDER = Path(__file__).parent / "rulebook"
GUIDANCE = Path(__file__).parent / "guidance.md"
MONITORING = Path(__file__).parent / "monitoring.md"
FOLLOW_UP = Path(__file__).parent / "follow-up.md"
SETTINGS = Settings()
DAY_0 = dt.date(2026, 3, 2)
PRINTED_UNITS = {
    "10*9/L": "10⁹/L",
    "1": "",
    "Cel": "°C",
    "mm[Hg]": "mmHg",
    "ug/min": "µg/min",
    "umol/L": "µmol/L",
    "{score}": "",
}
FOLLOWED = "d7 00:00"  # a last row, so that the record does not end while an example still looks


def pages() -> dict[str, str]:
    """All pages of the rulebook: text by file name."""
    found = {"README.md": _index()}
    for name, scale in sorted(SCALES.items()):
        rule, edges = markdown_parts(scale, SETTINGS)
        examples = "\n".join(_example(scale, one) for one in EXAMPLES[name])
        found[f"{name}.md"] = f"{rule}\n## Worked examples\n\n{_PATIENT}\n\n{examples}\n{edges}"
    return found | {f"{name}.md": _score_page(score) for name, score in SCORES.items()}


def guidance_page() -> str:
    """Every recommendation with its condition, strength, source and status; and what was not read."""
    return guidance_markdown(list(PROTOCOLS.values()))


def monitoring_page() -> str:
    """Every interval by which something is overdue, with its source."""
    return intervals_markdown(all_intervals())


def follow_up_page() -> str:
    """Every item of follow-up with window, stop, sources and status; and what was not read."""
    return followup_markdown(ITEMS)


_PATIENT = (
    "One adult each, infused on day 0 at 08:00, with nothing charted but what is shown. The grades below are computed "
    "by the reference engine when this page is made."
)


def _index() -> str:
    rows = [
        [f"[{scale.title}]({name}.md)", f"`{name}`", scale.version, scale.source.key]
        for name, scale in sorted(SCALES.items())
    ]
    lines = ["# Rulebook", "", f"Every scale as the program applies it; {UNCONFIRMED}. `cytovigil rules show` prints"]
    lines += ["the same. These pages are made from the rules by `make docs`: change the rules, not the pages.", ""]
    lines += markdown_table(["Scale", "Id", "Version", "Source"], rows)
    rows = [
        [f"[{score.title}]({name}.md)", f"`{name}`", score.version, score.source.key]
        for name, score in sorted(SCORES.items())
    ]
    lines += ["", "## Risk scores", "", *markdown_table(["Score", "Id", "Version", "Source"], rows)]
    rows = [[one.title, one.why, ", ".join(one.needs), one.source.key] for one in UNPUBLISHED]
    lines += ["", "## Scores that are not computed", ""]
    return "\n".join([*lines, *markdown_table(["Score", "Why", "What it needs", "Source"], rows)]) + "\n"


def _score_page(score: Score) -> str:
    rule, edges = score_markdown(score, SETTINGS)
    examples = "\n".join(_score_example(score, one) for one in SCORE_EXAMPLES[score.id])
    return f"{rule}\n## Worked examples\n\n{_SCORE_PATIENT}\n\n{examples}\n{edges}".rstrip() + "\n"


_SCORE_PATIENT = (
    "One adult each, lymphodepletion from day -5 at 12:00, infused on day 0 at 08:00, with nothing charted but what is "
    "shown. The scores below are computed when this page is made."
)


def _score_example(score: Score, example: Example) -> str:
    charted = sorted((_cells(line) for line in example.chart.strip().splitlines()), key=lambda cells: _time(cells[0]))
    lines = [f"### {example.title}", "", example.says, ""]
    lines += markdown_table(["Charted at", "Signal", "Value", "Until"], [_shown(cells) for cells in charted])
    patient = Patient("example", _time("d0 08:00"), age_years=50, lymphodepletion_start=_time("d-5 12:00"))
    (scored,) = score_course(Course((patient,), tuple(map(_event, charted))), [score], SETTINGS)
    asked = [_score_answer(time, scored.rows) for time in example.at]
    return "\n".join([*lines, "", *markdown_table(["At", "Score", "Band", "Missing", "Flags"], asked)]) + "\n"


def _score_answer(time: str, rows: tuple[ScoreRow, ...]) -> list[str]:
    row = [row for row in rows if row.time <= _time(time)][-1]
    flags = "; ".join(f"`{flag}`: {says_flag(flag, SETTINGS)}" for flag in row.flags)
    missing = ", ".join(f"`{name}`" for name in row.missing)
    return [_day(time), f"**{show_values(row.low, row.high)}**", row.band or "-", missing or "-", flags or "-"]


def _example(scale: Scale, example: Example) -> str:
    charted = sorted((_cells(line) for line in example.chart.strip().splitlines()), key=lambda cells: _time(cells[0]))
    lines = [f"### {example.title}", "", example.says, ""]
    lines += markdown_table(["Charted at", "Signal", "Value", "Until"], [_shown(cells) for cells in charted])
    events = [_event(cells) for cells in [*charted, _cells(f"{FOLLOWED} | heart_rate | 80")]]
    patient = Patient("example", _time("d0 08:00"), age_years=50, sex="female")
    (graded,) = grade_course(Course((patient,), tuple(events)), [scale], SETTINGS)
    asked = [_answer(time, graded.timeline) for time in example.at]
    return "\n".join([*lines, "", *markdown_table(["At", "Grade", "Missing", "Flags"], asked)]) + "\n"


def _answer(time: str, rows: tuple[TimelineRow, ...]) -> list[str]:
    row = next(row for row in rows if row.start <= _time(time) < row.end)
    flags = "; ".join(f"`{flag}`: {says_flag(flag, SETTINGS)}" for flag in row.flags)
    missing = ", ".join(f"`{name}`" for name in row.missing)
    return [_day(time), f"**{show_grade(row.low, row.high)}**", missing or "-", flags or "-"]


def _cells(line: str) -> list[str]:
    """Time, signal, value (`?`: an infusion whose rate is not charted), end, and the laboratory's upper limit."""
    return [*(cell.strip() for cell in line.split("|")), "", ""][:5]


def _shown(cells: list[str]) -> list[str]:
    time, name, value, end, limit = cells
    unit = signals()[name].unit
    words = [value.replace("_", " "), PRINTED_UNITS.get(unit, unit), f"(upper limit {limit})" if limit else ""]
    shown = "infusion, rate not charted" if value == "?" else " ".join(filter(None, words))
    return [_day(time), f"`{name}`", shown, _day(end) if end else ""]


def _event(cells: list[str]) -> Event:
    time, name, value, end, limit = cells
    signal = signals()[name]
    until = _time(end) if end else None
    if signal.kind == "category":
        return Event("example", _time(time), name, word=value, end=until)
    steps = None if value == "?" else _steps(value, signal.step)
    return Event(
        "example", _time(time), name, steps, steps, rate=signal.is_rate or value == "?", end=until,
        ref_high=_steps(limit, signal.step) if limit else None,
    )  # fmt: skip


def _steps(text: str, step: Decimal) -> int:
    return int(Decimal(text) / step)


def _time(text: str) -> int:
    """`d2 08:30` as seconds UTC."""
    day, clock = text.split(" ")
    date = DAY_0 + dt.timedelta(days=int(day[1:]))
    return int(dt.datetime.combine(date, dt.time.fromisoformat(clock), SETTINGS.zone).timestamp())


def _day(text: str) -> str:
    """`d2 08:30` as people read it: D+2 08:30."""
    day, clock = text.split(" ")
    return f"D{int(day[1:]):+d} {clock}"


def main() -> None:
    """Write the pages that changed; a page of a scale that is no more is removed."""
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, "utf-8")
    GUIDANCE.write_text(guidance_page(), "utf-8")
    MONITORING.write_text(monitoring_page(), "utf-8")
    FOLLOW_UP.write_text(follow_up_page(), "utf-8")


if __name__ == "__main__":
    main()
