"""Writes the rulebook, docs/rulebook: one page a scale, from the rules; the grades of its examples are computed.

Run `python docs/generate.py`. A chart is lines of `time | signal | value | end`, times as `d2 08:30` since day 0.
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from cytovigil import SCALES, Course, Event, Patient, Settings, grade_course
from cytovigil.logic.scale import Scale
from cytovigil.logic.text import UNCONFIRMED, markdown_parts, markdown_table
from cytovigil.model.flags import says_flag
from cytovigil.model.results import TimelineRow, show_grade
from cytovigil.model.vocabulary import signals

FOLDER = Path(__file__).parent / "rulebook"
SETTINGS = Settings()
DAY_0 = dt.date(2026, 3, 2)
PRINTED_UNITS = {"Cel": "°C", "mm[Hg]": "mmHg", "ug/min": "µg/min", "umol/L": "µmol/L", "{score}": ""}
FOLLOWED = "d7 00:00"  # a last row, so that the record does not end while an example still looks


class Example(NamedTuple):
    """A small chart, and the moments at which the grade is asked. Its grades are never written by hand."""

    title: str
    says: str
    chart: str
    at: tuple[str, ...]


LOW_PRESSURE = """
d2 08:00 | temperature    | 38.6
d2 08:00 | systolic_bp    | 85
d2 08:00 | spo2           | 97
d2 08:00 | oxygen_device  | none"""
NORADRENALINE = """
d2 08:10 | norepinephrine | 4 | d2 20:00"""
TREATED = """
d2 08:00 | temperature    | 39.4
d2 08:00 | spo2           | 97
d2 08:00 | oxygen_device  | none
d2 08:30 | norepinephrine | 4 | d2 18:00
d2 10:00 | tocilizumab    | 640
d3 10:00 | temperature    | 36.9
d3 10:00 | systolic_bp    | 118
d3 10:00 | spo2           | 94
d3 10:00 | oxygen_device  | nasal_cannula
d3 10:00 | oxygen_flow    | 2"""
ORGANS = """
d-1 08:00 | creatinine    | 80 | | 100
d-1 08:00 | bilirubin     | 10 | | 100
d-1 08:00 | ast           | 20 | | 100
d-1 08:00 | alt           | 20 | | 100
d2 06:00 | bilirubin      | 10 | | 100
d2 06:00 | ast            | 20 | | 100
d2 06:00 | alt            | 20 | | 100"""
FEVER = """
d2 08:00 | temperature    | 38.6
d2 08:00 | systolic_bp    | 120
d2 08:00 | spo2           | 97
d2 08:00 | oxygen_device  | none"""

CRS_EXAMPLES = (
    Example(
        "Fever and one vasopressor",
        "Fever and low pressure; noradrenaline runs from 08:10 to 20:00. No later pressure is charted.",
        LOW_PRESSURE + NORADRENALINE,
        ("d2 08:05", "d2 12:00", "d2 21:00"),
    ),
    Example(
        "Oxygen was not charted",
        "Fever and a normal pressure. Saturation and device are missing: neither is taken as normal.",
        "d2 08:00 | temperature    | 39.0\nd2 08:00 | systolic_bp    | 120",
        ("d2 09:00",),
    ),
    Example(
        "No fever after tocilizumab",
        "Once treated, fever is no longer required: the next day a cannula at 2 L/min still counts.",
        TREATED,
        ("d2 12:00", "d3 11:00"),
    ),
    Example(
        "Low pressure without fever, untreated",
        "Fever on day 2; more than 24 h later it is gone, nothing was given, and the pressure is low.",
        LOW_PRESSURE.replace("systolic_bp    | 85", "systolic_bp    | 120")
        + "\nd3 10:00 | temperature    | 37.0\nd3 10:00 | systolic_bp    | 84\nd3 10:00 | spo2           | 97",
        ("d2 09:00", "d3 11:00"),
    ),
)
LEE_EXAMPLES = (
    Example(
        "A vasopressor whose dose class nobody charted",
        "Low or high dose decides between two grades. From 12:00 it is charted that the dose is high.",
        LOW_PRESSURE + ORGANS + "\nd2 06:00 | creatinine     | 80 | | 100" + NORADRENALINE
        + "\nd2 12:00 | vasopressor_high_dose | present | d2 20:00",
        ("d2 10:00", "d2 13:00"),
    ),
    Example(
        "Creatinine four times the upper limit",
        "Fever, pressure and oxygen as in grade 1. Creatinine was normal before: the rise is new.",
        FEVER + ORGANS + "\nd2 06:00 | creatinine     | 400 | | 100",
        ("d2 09:00",),
    ),
    Example(
        "Continuous dialysis",
        "Only the form that product labels print counts it.",
        FEVER + ORGANS + "\nd2 06:00 | creatinine     | 80 | | 100\nd2 08:00 | dialysis       | continuous | d3 00:00",
        ("d2 09:00",),
    ),
)  # fmt: skip
ICANS_EXAMPLES = (
    Example(
        "ICE 3 and a seizure",
        "The worst domain counts. The day after, the seizure is over and ICE is 8.",
        "d5 07:00 | seizure        | resolved\nd5 08:00 | consciousness  | awake\nd5 08:00 | ice            | 3\n"
        "d6 08:00 | consciousness  | awake\nd6 08:00 | ice            | 8",
        ("d5 09:00", "d6 09:00"),
    ),
    Example(
        "ICE 0: awake, or not arousable",
        "The same ICE. At 08:00 the patient is awake, at 14:00 cannot be aroused.",
        "d5 08:00 | consciousness  | awake\nd5 08:00 | ice            | 0\n"
        "d5 14:00 | consciousness  | unarousable\nd5 14:00 | ice            | 0",
        ("d5 09:00", "d5 15:00"),
    ),
    Example(
        "An ICE with a part left blank",
        "Writing was not tested: its point may be there or not. The rest adds up to 6 of 9.",
        "d5 08:00 | consciousness  | awake\nd5 08:00 | ice_orientation | 3\nd5 08:00 | ice_naming     | 2\n"
        "d5 08:00 | ice_command    | 1\nd5 08:00 | ice_attention  | 0",
        ("d5 09:00",),
    ),
    Example(
        "Propofol",
        "Under sedation an ICE of 0 says nothing: the grade before it is held as the least, the rest is open.",
        "d5 06:00 | consciousness  | awake\nd5 06:00 | ice            | 5\nd5 07:00 | propofol       | ? | d5 20:00\n"
        "d5 12:00 | ice            | 0",
        ("d5 06:30", "d5 13:00"),
    ),
)
EXAMPLES = {
    "crs-astct-2019": CRS_EXAMPLES,
    "crs-lee-2014": LEE_EXAMPLES,
    "crs-lee-2014-label": LEE_EXAMPLES,
    "icans-astct-2019": ICANS_EXAMPLES,
}


def pages() -> dict[str, str]:
    """All pages of the rulebook: text by file name."""
    found = {"README.md": _index()}
    for name, scale in sorted(SCALES.items()):
        rule, edges = markdown_parts(scale, SETTINGS)
        examples = "\n".join(_example(scale, one) for one in EXAMPLES[name])
        found[f"{name}.md"] = f"{rule}\n## Worked examples\n\n{_PATIENT}\n\n{examples}\n{edges}"
    return found


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
    return "\n".join([*lines, *markdown_table(["Scale", "Id", "Version", "Source"], rows)]) + "\n"


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


if __name__ == "__main__":
    main()
