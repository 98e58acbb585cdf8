"""ICANS of CTCAE v6: ICE alone, CAPD together with arousal; grade 4 as we read it. Same course as ASTCT."""

import pytest

from cytovigil.logic.ladder import OUR_READING, SOURCE_READ
from cytovigil.model.events import Patient
from cytovigil.rules import SCALES
from spec.charts import ADULT, grade, ranges, row_at

V6, ASTCT = "icans-ctcae-v6", "icans-astct-2019"
CHILD, OF_UNKNOWN_AGE = ADULT._replace(age_years=7), ADULT._replace(age_years=None)
LAST = "d9 00:00 | heart_rate | 90"


def graded(chart: str, expected: dict[str, str], patient: Patient = ADULT, scale: str = V6) -> None:
    assert ranges(f"{chart}\n{LAST}", scale, list(expected), patient) == expected


def seen(arousal: str, **scores: int) -> str:
    rows = [f"d1 09:00 | {name} | {score}" for name, score in scores.items()]
    return "\n".join([*rows, f"d1 09:00 | consciousness | {arousal} | d3 00:00"])


@pytest.mark.parametrize(("score", "expected"), [(10, "0"), (9, "1"), (7, "1"), (6, "2"), (3, "2"), (2, "3"), (0, "3")])
@pytest.mark.parametrize("arousal", ["awake", "drowsy", "voice", "tactile"])
def test_ice_decides_alone(score: int, arousal: str, expected: str) -> None:
    graded(seen(arousal, ice=score), {"d1 10:00": expected})


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0, {"awake": "0", "drowsy": "0", "voice": "0", "tactile": "0", "unarousable": "4"}),
        (1, {"awake": "1", "drowsy": "1", "voice": "2", "tactile": "2", "unarousable": "4"}),
        (8, {"awake": "1", "drowsy": "1", "voice": "2", "tactile": "2", "unarousable": "4"}),
        (9, {"awake": "1", "drowsy": "1", "voice": "2", "tactile": "3", "unarousable": "4"}),
        (32, {"awake": "1", "drowsy": "1", "voice": "2", "tactile": "3", "unarousable": "4"}),
    ],
)
def test_capd_counts_together_with_arousal(score: int, expected: dict[str, str]) -> None:
    for arousal, one in expected.items():
        graded(seen(arousal, capd=score), {"d1 10:00": one}, CHILD)


def test_a_child_with_capd_11_awake_to_voice_differs_from_astct() -> None:
    chart = seen("voice", capd=11)
    graded(chart, {"d1 10:00": "2"}, CHILD)
    graded(chart, {"d1 10:00": "3"}, CHILD, ASTCT)


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("a seizure that resolved", ["d1 09:30 | seizure | resolved"], "1"),
        ("a prolonged one", ["d1 09:30 | seizure | prolonged"], "4"),
        ("focal oedema", ["d1 09:30 | raised_icp | focal_oedema"], "1"),
        ("diffuse oedema", ["d1 09:30 | raised_icp | diffuse_oedema"], "4"),
        ("hemiparesis", ["d1 09:30 | motor_weakness | deep_focal"], "1"),
    ],
)
def test_only_what_threatens_life_counts_besides(what: str, rows: list[str], expected: str) -> None:
    graded("\n".join([seen("awake", ice=8), *rows]), {"d1 10:00": expected})


@pytest.mark.parametrize(
    ("what", "chart", "patient", "expected"),
    [
        ("no ICE, awake to voice", seen("voice"), ADULT, "0..4"),
        ("no ICE, unarousable", seen("unarousable"), ADULT, "4"),
        ("no arousal, CAPD 5", "d1 09:00 | capd | 5", CHILD, "1..4"),
        ("a bound", seen("awake", ice=8).replace("ice | 8", "ice | >6"), ADULT, "0..1"),
        ("age unknown", seen("voice", ice=8), OF_UNKNOWN_AGE, "1"),
    ],
)
def test_missing_facts_leave_a_range(what: str, chart: str, patient: Patient, expected: str) -> None:
    graded(chart, {"d1 10:00": expected}, patient)


def test_what_to_chart() -> None:
    assert row_at(grade(f"{seen('voice')}\n{LAST}", V6), "d1 10:00").missing == ("ice", "raised_icp")
    chart = f"d1 09:00 | capd | 5\n{LAST}"
    assert row_at(grade(chart, V6, CHILD), "d1 10:00").missing == ("consciousness",)


def test_under_sedation_the_grade_before_is_held() -> None:
    chart = f"{seen('awake', ice=5)}\nd1 12:00 | propofol | 10/h | d1 20:00\nd1 14:00 | ice | 0"
    graded(chart, {"d1 11:59": "2", "d1 15:00": "2..4"})
    assert "held_under_sedation" in row_at(grade(f"{chart}\n{LAST}", V6), "d1 15:00").flags


def test_an_episode_and_its_death() -> None:
    chart = f"{seen('awake', ice=5)}\nd1 20:00 | death | icans"
    found = grade(chart, V6)
    assert found.timeline[-1].low == 5
    assert [one.peak_low for one in found.episodes] == [5]


def test_what_the_rungs_of_the_assessment_rest_on() -> None:
    """Grade 3 alone is a number of the text; at grades 1, 2 and 4 it leaves combinations, or all, to the clinician."""
    (rungs,) = (ladder.rungs for ladder in SCALES["icans-ctcae-v6"].domains if ladder.name == "assessment")
    assert [(rung.grade, rung.status) for rung in rungs] == [
        (1, OUR_READING), (2, OUR_READING), (3, SOURCE_READ), (4, OUR_READING),
    ]  # fmt: skip
