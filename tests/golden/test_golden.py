"""The bundled courses: the grades each must get, worked out by hand, and everything else as readable text.

The table says what the semantics demand, day by day from day 0; `expected/` keeps the full result for review.
"""

import csv
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import pytest

from cytovigil.engine.reference import grade_course
from cytovigil.model.events import Course, Patient
from cytovigil.model.problems import Problem
from cytovigil.model.results import Graded
from cytovigil.model.settings import Settings
from cytovigil.model.times import day_of
from cytovigil.model.vocabulary import drugs_of
from cytovigil.readers.tables import open_courses
from cytovigil.rules import SCALES as RULES
from golden.readable import SCALES, daily_grades, day_flags, day_rows, grades, render_course

DATA = Path(str(resources.files("cytovigil.demo").joinpath("data")))
EXPECTED = Path(__file__).parent / "expected"
NAMES = {
    "crs": SCALES[:3], "astct": SCALES[:1], "lee": SCALES[1:3], "lee-2014": SCALES[1:2], "label": SCALES[2:3],
    "icans": SCALES[3:],
}  # fmt: skip

# A day is its worst grade, or a range; `.` is a day without graded time; `0*5` is five days of 0.
GRADES = """
    D01   | crs      | 0 0 1 1 1 0*5
    D01   | icans    | 0*10
    D02   | astct    | 0 0 1 2 3 2 2 0*3
    D02   | lee      | 0 0 1 2 2..3 2 2 0*3
    D02   | icans    | 0*10
    D03   | astct    | 0 0 1 3 3 1 0*3
    D03   | lee      | 0 0 1 2 2 1 0*3
    D03   | icans    | 0*9
    D04   | astct    | 0 1 1 3 3 3 0*4
    D04   | lee      | 0 1 1 3 3 2 0*4
    D04   | icans    | 0*10
    D05   | astct    | 0 0 1 2 4 4 3 0*3
    D05   | lee      | 0 0 1 2 3 3 2..3 0*3
    D05   | icans    | 0*10
    D06   | astct    | 0 0 1 3 3 3 0*3
    D06   | lee      | 0 0 1 2..3 2..3 2..3 0*3
    D06   | icans    | 0*9
    D07   | astct    | 0 0 1 3 3 3 0*4
    D07   | lee      | 0 0 1 2 2 2 0*4
    D07   | icans    | 0*10
    D08   | crs      | 0 1 2 2 1 0*6
    D08   | icans    | 0*4 1 3 3 2 1 0 0
    D09   | crs      | 0 0 1 1 1 1..4 1..4 0..4 0*4
    D09   | icans    | 0*4 1 4 4 4 2 1 0 0
    D10   | crs      | 0 0 1 1 1 1 1 0*5
    D10   | icans    | 0*4 1 4 4 4 2 1 0 0
    D11   | crs      | 0 0 0 1 1 1 0*3
    D11   | icans    | 0*9
    D12   | crs      | 0*11
    D12   | icans    | 0*11
    D13   | crs      | 0 0 1 1 1 0*9
    D13   | icans    | 0*5 2 4 4 4 4 2..4 2 1 0
    D14   | crs      | 0 0 0 0..2 0..2 0..2 0*3
    D14   | icans    | 0*9
    D15   | crs      | 0 0 0 1 2 1 0*5
    D15   | icans    | 0*5 3 3 1 1 0 0
    D16   | crs      | 0 0 1 2 2..4 1..4 0*3
    D16   | icans    | 0*9
    D17   | crs      | 0 1 1 1 0*5
    D17   | icans    | 0*4 1..2 1 1 0 0
    D18   | crs      | 0 1 2 1 0*4 1 1 0*3
    D18   | icans    | 0*13
    D19   | crs      | 0*9 . . . 0 0 . . 1 2 2 0*3
    D19   | icans    | 0*10 . . 0 0 . . 0*6
    D20   | astct    | 0 0 1 1 1 1 1 1 0*3
    D20   | lee-2014 | 0 0 1 2 3 3 3 2 0*3
    D20   | label    | 0 0 1 2 4 4 4 4 0*3
    D20   | icans    | 0*11
    D21   | crs      | 0 0 1 2 2 0*4
    D21   | icans    | 0*10
    D21/2 | crs      | 0 1 1 1 0*5
    D21/2 | icans    | 0*4 1 1 0*3
    D22   | astct    | 0 0 1 3 3 1 0*3
    D22   | lee      | 0 0 1 2..3 2..3 1 0*3
    D22   | icans    | 0*4 1 1 0*3
    D23   | astct    | 0 0 1 3 3 0..3 0..3 0 0
    D23   | lee      | 0 0 1 2..3 2..3 0..3 0..3 0 0
    D23   | icans    | 0*9
    D24   | astct    | 0 1 1 3 4 4 5
    D24   | lee      | 0 1 1 2..3 4 4 5
    D24   | icans    | 0*4 1..4 1..4 1..4
    D25   | crs      | 0 0 0 1 1 0*4
    D25   | icans    | 0*9
    D26   | crs      | 0 0 1 2 2 2 0*3
    D26   | icans    | 0*9
    D27   | crs      | 0*9
    D27   | icans    | 0*9
    D28   | crs      | 0 0 0 2 2 0..2 0*3
    D28   | icans    | 0*9
"""
FLAGS = """
    D02 | astct | 3  | hypoxia_without_device
    D04 | astct | 5  | vasopressin_alone
    D09 | astct | 5  | airway_or_hypoxia
    D09 | astct | 7  | airway_or_hypoxia
    D09 | icans | 6  | held_under_sedation
    D11 | astct | 3  | baseline_device
    D12 | astct | 6  | positive_culture
    D13 | icans | 8  | held_under_sedation
    D14 | astct | 3  | masked_fever
    D16 | astct | 5  | device_not_recharted
    D19 | astct | 16 | late_onset
    D23 | astct | 4  | no_stop_charted
    D24 | icans | 5  | held_under_sedation
    D26 | astct | 1  | baseline_device
    D28 | astct | 5  | untreated_no_fever
"""
NOT_FLAGGED = """
    D10 | astct | 5  | airway_or_hypoxia
    D13 | icans | 10 | held_under_sedation
    D18 | astct | 8  | late_onset
    D01 | astct | 3  | device_not_recharted
"""
# Episodes: first and last moment of a sign, day and time at the site, and the worst grade.
EPISODES = """
    D01   | astct | 2 18:00  | 4 23:00  | 1
    D03   | astct | 2 18:00  | 5 06:00  | 3
    D04   | astct | 1 23:00  | 5 10:00  | 3
    D07   | astct | 2 12:00  | 5 12:00  | 3
    D09   | astct | 2 12:00  | 7 12:00  | 1..4
    D10   | astct | 2 12:00  | 6 06:00  | 1
    D18   | astct | 1 12:00  | 3 14:00  | 2
    D18   | astct | 8 06:00  | 9 23:00  | 1
    D19   | astct | 16 18:00 | 18 12:00 | 2
    D20   | label | 2 06:00  | 7 12:00  | 4
    D21/2 | icans | 4 09:00  | 5 09:00  | 1
"""
# The highest grade of a day on the ASTCT scale, as attributed and as charted without attributions.
ATTRIBUTED = """
    D08 | 5 | 0 | 3
    D10 | 5 | 1 | 4
    D10 | 7 | 0 | 4
    D12 | 5 | 0 | 2
    D13 | 8 | 0 | 4
"""
# What clinicians charted for D22: day and time, recorded, derived, whether they agree.
CONCORDANCE = """
    astct    | 2 14:00 | 1 | 1    | True
    astct    | 3 14:00 | 2 | 3    | False
    astct    | 4 14:00 | 3 | 3    | True
    lee-2014 | 2 14:00 | 1 | 1    | True
    label    | 2 14:00 | 1 | 1    | True
    icans    | 4 15:00 | 2 | 1    | False
    icans    | 4 21:30 | 1 | 1    | True
"""


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def days(text: str) -> list[str]:
    found: list[str] = []
    for word in text.split():
        grade, _, times = word.partition("*")
        found += [grade] * int(times or 1)
    return found


class Demo(NamedTuple):
    """The demo as read and graded once for all tests."""

    courses: dict[str, Course]
    graded: dict[str, list[tuple[Patient, Graded]]]
    problems: list[Problem]


@pytest.fixture(scope="module")
def demo() -> Demo:
    found = Demo({}, {}, [])
    scales = [RULES[name] for name in SCALES]
    with open_courses([DATA / "patients.csv", DATA / "events.csv"], Settings()) as source:
        for course in source:
            name = course.infusions[0].patient_id
            found.courses[name] = course
            found.graded[name] = list(zip(course.infusions, grade_course(course, scales, Settings()), strict=True))
        return found._replace(problems=source.problems.rows())


def of(demo: Demo, name: str) -> tuple[Patient, Graded]:
    patient_id, _, infusion = name.partition("/")
    return demo.graded[patient_id][int(infusion or 1) - 1]


def moment(patient: Patient, seconds: int | None) -> str:
    assert seconds is not None
    zone = Settings().zone
    day = (day_of(seconds, zone) - day_of(patient.infusion_time, zone)).days
    return f"{day} {datetime.fromtimestamp(seconds, zone):%H:%M}"


def shown() -> list[dict[str, str]]:
    with (DATA / "courses.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_row_of_the_demo_can_be_used(demo: Demo) -> None:
    assert demo.problems == []


@pytest.mark.parametrize(("name", "scale", "expected"), table(GRADES))
def test_grades_of_each_day(demo: Demo, name: str, scale: str, expected: str) -> None:
    _, graded = of(demo, name)
    assert {one: daily_grades(graded, one) for one in NAMES[scale]} == dict.fromkeys(NAMES[scale], days(expected))


@pytest.mark.parametrize(("name", "scale", "day", "flag"), table(FLAGS))
def test_flag_is_shown(demo: Demo, name: str, scale: str, day: str, flag: str) -> None:
    assert flag in day_flags(*of(demo, name), NAMES[scale][0], int(day))


@pytest.mark.parametrize(("name", "scale", "day", "flag"), table(NOT_FLAGGED))
def test_flag_is_not_shown(demo: Demo, name: str, scale: str, day: str, flag: str) -> None:
    assert flag not in day_flags(*of(demo, name), NAMES[scale][0], int(day))


@pytest.mark.parametrize("name", sorted({row[0] for row in table(EPISODES)}))
def test_episodes(demo: Demo, name: str) -> None:
    patient, graded = of(demo, name)
    for scale in sorted({row[1] for row in table(EPISODES) if row[0] == name}):
        found = [
            [moment(patient, e.onset), moment(patient, e.end), grades(e.peak_low, e.peak_high)]
            for e in graded.episodes
            if e.scale == NAMES[scale][0]
        ]
        assert found == [row[2:] for row in table(EPISODES) if row[:2] == [name, scale]]


@pytest.mark.parametrize(("name", "day", "attributed", "charted"), table(ATTRIBUTED))
def test_attributed_beside_as_charted(demo: Demo, name: str, day: str, attributed: str, charted: str) -> None:
    patient, graded = of(demo, name)
    rows = day_rows(patient, graded, SCALES[0], int(day))
    assert max(row.high or 0 for row in rows) == int(attributed)
    assert max(row.charted_high or 0 for row in rows) == int(charted)


def test_fever_of_an_infection_is_no_episode(demo: Demo) -> None:
    assert not of(demo, "D12")[1].episodes


def test_recorded_grades_beside_derived(demo: Demo) -> None:
    patient, graded = of(demo, "D22")
    short = {ids[0]: name for name, ids in NAMES.items() if len(ids) == 1}
    found = [
        [short[row.scale], moment(patient, row.time), str(row.recorded), grades(row.low, row.high), str(row.agrees)]
        for row in graded.concordance
    ]
    assert sorted(found) == sorted(table(CONCORDANCE))
    assert all(row.agrees or row.reason for row in graded.concordance)


def test_no_vasopressor_with_a_charted_end_is_shown_below_3(demo: Demo) -> None:
    looked_at = 0
    for name, course in demo.courses.items():
        rows = [row for _, graded in demo.graded[name] for row in graded.timeline if row.scale == SCALES[0]]
        for drug in (e for e in course.events if e.signal in drugs_of("vasopressor", "vasopressin") and e.end):
            below = [row for row in rows if row.start < (drug.end or 0) and row.end > drug.time and (row.low or 0) < 3]
            looked_at += 1
            assert not below, name
    assert looked_at >= 12


def test_each_course_says_what_it_shows_and_its_summary(demo: Demo) -> None:
    found = []
    for patient, graded in (pair for course in demo.graded.values() for pair in course):
        totals = {scale: grades(graded.summaries[scale].low, graded.summaries[scale].high) for scale in SCALES}
        found.append({"patient_id": patient.patient_id, "infusion": str(patient.infusion), **totals})
    assert [{key: cell for key, cell in row.items() if key != "shows"} for row in shown()] == found
    assert all(row["shows"] for row in shown())


@pytest.mark.parametrize("name", sorted({row["patient_id"] for row in shown()}))
def test_full_result_as_reviewed(demo: Demo, name: str, regenerate: bool) -> None:
    shows = next(row["shows"] for row in shown() if row["patient_id"] == name)
    text, file = render_course(demo.graded[name], shows), EXPECTED / f"{name}.txt"
    if regenerate:
        file.write_text(text, "utf-8")
    assert file.read_text("utf-8") == text, "review the change, then run pytest tests/golden --regenerate-golden"
