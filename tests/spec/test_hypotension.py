"""Hypotension (semantics 3), the first that applies. With fever: 1 is none, 2 is hypotension, 3 a vasopressor."""

from dataclasses import replace

import pytest

from cytovigil.model.events import Patient
from spec.charts import ADULT, SETTINGS, grade, row_at, shown
from spec.febrile import CRS, FEVER
from spec.reasons import Reasons, rests_on

BASE = f"{FEVER}\nd0 08:00 | spo2 | 97 | d9 00:00"
NORMAL = "d1 11:00 | systolic_bp | 120"
LOW = "d1 11:00 | systolic_bp | 80"
PRESENT, ABSENT = ("d1 11:00 | hypotension | " + word for word in ("present", "absent"))


def seen(chart: str, time: str = "d1 12:00", patient: Patient = ADULT) -> str:
    return shown(row_at(grade(f"{BASE}\n{chart}", CRS, patient), time))


def of_age(years: int | None) -> Patient:
    return ADULT._replace(age_years=years)


@pytest.mark.parametrize(
    ("age", "limit"),
    [(0, 70), (1, 72), (2, 74), (3, 76), (4, 78), (5, 80), (6, 82), (7, 84), (8, 86), (9, 88), (10, 90), (80, 90)],
)
def test_limit_by_age(age: int, limit: int) -> None:
    assert seen(f"d1 11:00 | systolic_bp | {limit}", patient=of_age(age)) == "1"
    assert seen(f"d1 11:00 | systolic_bp | {limit - 0.1:.1f}", patient=of_age(age)) == "2"


@pytest.mark.parametrize(("systolic", "expected"), [("69.9", "2"), ("70", "1..2"), ("89.9", "1..2"), ("90", "1")])
def test_age_unknown(systolic: str, expected: str) -> None:
    assert seen(f"d1 11:00 | systolic_bp | {systolic}", patient=of_age(None)) == expected


@pytest.mark.parametrize(
    ("what", "chart", "age", "expected"),
    [
        ("mean 65", "d1 11:00 | mean_bp | 65", 10, "1"),
        ("mean below 65", "d1 11:00 | mean_bp | 64.9", 10, "2"),
        ("mean of a child", "d1 11:00 | mean_bp | 40", 9, "1..2"),
        ("mean, age unknown", "d1 11:00 | mean_bp | 40", None, "1..2"),
        ("systolic goes before mean", f"{NORMAL} \n d1 11:30 | mean_bp | 50", 50, "1"),
        ("mean once the systolic has expired", "d0 19:00 | systolic_bp | 120 \n d1 11:30 | mean_bp | 50", 50, "2"),
        ("diastolic says nothing", "d1 11:00 | diastolic_bp | 30", 50, "1..2"),
        ("a bound below the limit", "d1 11:00 | systolic_bp | <90", 50, "2"),
        ("a bound across the limit", "d1 11:00 | systolic_bp | <95", 50, "1..2"),
        ("nothing charted", "", 50, "1..2"),
        ("expired", "d0 19:59 | systolic_bp | 120", 50, "1..2"),
    ],
)
def test_pressure(what: str, chart: str, age: int | None, expected: str) -> None:
    assert seen(chart, patient=of_age(age)) == expected, what


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("present, pressure normal before", ["d1 10:00 | systolic_bp | 120", PRESENT], "2"),
        ("absent, pressure low before: normal for this patient", ["d1 10:00 | systolic_bp | 80", ABSENT], "1"),
        ("absent, pressure low at the same time", [LOW, ABSENT], "1"),
        ("present, a newer pressure is normal", [PRESENT, "d1 11:30 | systolic_bp | 120"], "1..2"),
        ("absent, a newer pressure is low", [ABSENT, "d1 11:30 | systolic_bp | 80"], "1..2"),
        ("absent, a newer pressure agrees", [ABSENT, "d1 11:30 | systolic_bp | 120"], "1"),
        ("absent, a newer bolus", [ABSENT, "d1 11:30 | fluid_bolus | 500"], "1..2"),
        ("absent, a bolus before", [ABSENT, "d1 10:30 | fluid_bolus | 500"], "1"),
        ("present, a newer bolus agrees", [PRESENT, "d1 11:30 | fluid_bolus | 500"], "2"),
        ("absent, a vasopressor runs", [ABSENT, "d1 11:30 | norepinephrine | 4"], "3"),
        ("absent, vasopressin runs", [ABSENT, "d1 11:30 | vasopressin | 0.03"], "3"),
        ("absent, a vasopressor perhaps runs", ["d0 20:00 | norepinephrine | 4", ABSENT], "1..3"),
        ("in a word nobody knows", ["d1 10:00 | systolic_bp | 120", "d1 11:00 | hypotension | ?"], "1..2"),
        (
            "in a word nobody knows, a vasopressor runs",
            ["d1 11:00 | hypotension | ?", "d1 11:30 | norepinephrine | 4"],
            "3",
        ),
        ("both at one time: the worse", [PRESENT, f"{ABSENT} | | source_id=other"], "2"),
    ],
)
def test_declared(what: str, rows: list[str], expected: str) -> None:
    assert seen("\n".join(rows)) == expected, what


def test_a_declaration_holds_12_h_then_a_newer_pressure_counts() -> None:
    """An expired finding is not a recovery: an older pressure says nothing, for 48 h."""
    chart = f"{PRESENT} \n d1 10:00 | systolic_bp | 120 | d5 00:00"
    assert [seen(chart, time) for time in ("d1 22:59", "d1 23:00")] == ["2", "1..2"]
    newer = f"{chart} \n d1 23:30 | systolic_bp | 120"
    assert [seen(newer, time) for time in ("d1 23:29", "d1 23:30")] == ["1..2", "1"]


@pytest.mark.parametrize(
    ("what", "bolus", "expected"),
    [
        ("6 h", "d1 10:00 | fluid_bolus | 500", {"d1 09:59": "1", "d1 10:00": "2", "d1 15:59": "2", "d1 16:00": "1"}),
        ("6 h from its end", "d1 10:00 | fluid_bolus | 500 | d1 11:00", {"d1 16:59": "2", "d1 17:00": "1"}),
        ("amount unknown", "d1 10:00 | fluid_bolus | ?", {"d1 12:00": "2"}),
        ("charted as a rate", "d1 10:00 | fluid_bolus | 500/h | d1 11:00", {"d1 12:00": "2"}),
        ("not given", "d1 10:00 | fluid_bolus | 0", {"d1 12:00": "1"}),
        ("stopped", "d1 10:00 | fluid_bolus | stopped", {"d1 12:00": "1"}),
        ("the later of two", "d1 10:00 | fluid_bolus | 500 \n d1 12:00 | fluid_bolus | 500", {"d1 17:59": "2"}),
    ],
)
def test_fluid_bolus(what: str, bolus: str, expected: dict[str, str]) -> None:
    """The pressure is normal: it may be so because of the fluid."""
    chart = f"{bolus}\nd1 09:00 | systolic_bp | 120 | d5 00:00"
    assert {time: seen(chart, time) for time in expected} == expected, what


def test_a_bolus_after_which_the_pressure_is_not_known() -> None:
    chart = "d1 10:00 | fluid_bolus | 500"
    assert [seen(chart, time) for time in ("d1 15:59", "d1 16:00")] == ["2", "1..2"]


@pytest.mark.parametrize(
    ("what", "chart", "missing"),
    [
        ("nothing charted", "", ("systolic_bp",)),
        ("they disagree", f"{ABSENT}\nd1 11:30 | systolic_bp | 80", ("hypotension",)),
        ("perhaps a vasopressor, normal pressure", f"d0 20:00 | norepinephrine | 4\n{NORMAL}", ("norepinephrine",)),
        ("perhaps a vasopressor, no pressure", "d0 20:00 | norepinephrine | 4", ("norepinephrine", "systolic_bp")),
        ("perhaps a vasopressor, low pressure", f"d0 20:00 | norepinephrine | 4\n{LOW}", ("norepinephrine",)),
    ],
)
def test_what_to_chart(what: str, chart: str, missing: tuple[str, ...]) -> None:
    assert row_at(grade(f"{BASE}\n{chart}", CRS), "d1 12:00").missing == missing, what


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("a vasopressor", f"d1 11:30 | norepinephrine | 4\n{LOW}", ("yes", ["norepinephrine@d1 11:30"], ())),
        ("perhaps a vasopressor, and low pressure", f"d0 20:00 | norepinephrine | 4\n{LOW}",
         ("yes", ["norepinephrine@d0 20:00", "systolic_bp@d1 11:00"], ())),
        ("perhaps a vasopressor, and normal pressure", f"d0 20:00 | norepinephrine | 4\n{NORMAL}",
         ("no or yes", ["norepinephrine@d0 20:00", "systolic_bp@d1 11:00"], ("norepinephrine",))),
        ("a declaration", PRESENT, ("yes", ["hypotension@d1 11:00"], ())),
        ("a declaration and what disagrees", f"{PRESENT}\nd1 11:30 | systolic_bp | 120",
         ("no or yes", ["hypotension@d1 11:00", "systolic_bp@d1 11:30"], ("hypotension",))),
        ("a declaration that expired", "d0 10:00 | hypotension | present",
         ("no or yes", ["hypotension@d0 10:00"], ("hypotension", "systolic_bp"))),
        ("a bolus", "d1 11:00 | fluid_bolus | 500", ("yes", ["fluid_bolus@d1 11:00"], ())),
        ("a pressure", NORMAL, ("no", ["systolic_bp@d1 11:00"], ())),
        ("nothing", "", ("no or yes", [], ("systolic_bp",))),
    ],
)  # fmt: skip
def test_what_it_rests_on(what: str, chart: str, expected: Reasons) -> None:
    assert rests_on(chart, "hypotension") == expected, what


@pytest.mark.parametrize(
    ("what", "declared", "expected"),
    [
        ("present: unknown for 48 h after the 12 h, then the pressure counts", PRESENT,
         {"d1 22:59": "2", "d2 10:00": "1..2", "d3 22:59": "1..2", "d3 23:00": "1"}),
        ("present until an end: then it is absent", f"{PRESENT} | d1 15:00", {"d1 14:59": "2", "d1 15:00": "1"}),
        ("absent: not a finding that may last", ABSENT, {"d1 22:59": "1", "d1 23:00": "1"}),
    ],
)  # fmt: skip
def test_a_declaration_that_is_over(what: str, declared: str, expected: dict[str, str]) -> None:
    """The pressure was charted as normal before it, for days."""
    chart = f"d1 10:00 | systolic_bp | 120 | d5 00:00\nd2 09:00 | norepinephrine | stopped\n{declared}"
    assert {time: seen(chart, time) for time in expected} == expected, what


@pytest.mark.parametrize(("age", "limit"), [(7, 84), (8, 90), (9, 90)])
def test_the_site_may_set_the_age_from_which_the_limit_is_the_adult_one(age: int, limit: int) -> None:
    site = replace(SETTINGS, adult_pressure_years=8)
    charts = [f"{BASE}\nd1 11:00 | systolic_bp | {value:.1f}" for value in (limit - 0.1, limit)]
    graded = [grade(chart, CRS, of_age(age), settings=site) for chart in charts]
    assert [shown(row_at(one, "d1 12:00")) for one in graded] == ["2", "1"]
