"""Seizure, weakness, raised pressure, bleeding (semantics 5)."""

import pytest

from cytovigil.engine.explain import explain_course
from cytovigil.model.events import Course
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, grade, ranges, row_at, shown, well

ICANS = "icans-astct-2019"
WELL = """
    d1 00:00 | ice | 10
    d1 20:00 | ice | 10
    d2 18:00 | ice | 10
    d3 16:00 | ice | 10
    d4 14:00 | ice | 10
    d5 12:00 | ice | 10
    d6 10:00 | ice | 10"""


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("resolved",
         "d1 10:00 | seizure | resolved", {"d1 09:59": "0", "d1 10:00": "3", "d2 09:59": "3", "d2 10:00": "0"}),
        ("until 24 h after its end", "d1 10:00 | seizure | resolved | d1 11:00", {"d2 10:59": "3", "d2 11:00": "0"}),
        ("nonconvulsive", "d1 10:00 | seizure | nonconvulsive_resolved", {"d1 10:00": "3"}),
        ("prolonged", "d1 10:00 | seizure | prolonged", {"d1 10:00": "4", "d2 10:00": "0"}),
        ("repetitive", "d1 10:00 | seizure | repetitive", {"d1 10:00": "4"}),
        ("the worst of those that count", "d1 10:00 | seizure | prolonged \n d1 16:00 | seizure | resolved",
         {"d2 09:59": "4", "d2 10:00": "3", "d2 16:00": "0"}),
        ("deep focal weakness", "d1 10:00 | motor_weakness | deep_focal", {"d1 10:00": "4"}),
        ("mild weakness does not grade", "d1 10:00 | motor_weakness | mild", {"d1 10:00": "0"}),
        ("gone when charted so",
         "d1 10:00 | motor_weakness | deep_focal \n d1 18:00 | motor_weakness | none", {"d1 18:00": "0"}),
        ("with an end", "d1 10:00 | motor_weakness | deep_focal | d1 15:00", {"d1 14:59": "4", "d1 15:00": "0"}),
        ("expired after 24 h, unknown for 48 h", "d1 10:00 | motor_weakness | deep_focal",
         {"d2 09:59": "4", "d2 10:00": "0..4", "d4 09:59": "0..4", "d4 10:00": "0"}),
        ("focal oedema", "d1 10:00 | raised_icp | focal_oedema", {"d1 10:00": "3"}),
        *((sign, f"d1 10:00 | raised_icp | {sign}", {"d1 10:00": "4"})
          for sign in ("diffuse_oedema", "posturing", "sixth_nerve_palsy", "papilloedema", "cushing_triad")),
        ("the worse of two at one time",
         "d1 10:00 | raised_icp | posturing | | source_id=a \n d1 10:00 | raised_icp | focal_oedema",
         {"d1 10:00": "4"}),
        ("valid 72 h, then unknown for 48 h", "d1 10:00 | raised_icp | focal_oedema",
         {"d4 09:59": "3", "d4 10:00": "0..4", "d6 09:59": "0..4", "d6 10:00": "0"}),
        ("tremor never grades", "d1 10:00 | tremor | present", {"d1 10:00": "0"}),
        ("other neurotoxicity is no ICANS", "d1 10:00 | other_neurotoxicity | cranial_nerve_palsy", {"d1 10:00": "0"}),
    ],
)  # fmt: skip
def test_signs(what: str, chart: str, expected: dict[str, str]) -> None:
    assert ranges(f"{WELL}\n{chart}", ICANS, list(expected)) == expected, what


def test_not_charted_is_none_only_while_ice_or_capd_is_valid() -> None:
    chart = "d1 10:00 | seizure | resolved \n d1 11:00 | ice | 5 \n d1 11:00 | avpu | A"
    assert ranges(chart, ICANS, ["d1 10:30", "d1 11:00"]) == {"d1 10:30": "3..4", "d1 11:00": "3"}
    assert {"consciousness", "motor_weakness", "raised_icp"} <= set(row_at(grade(chart, ICANS), "d1 10:30").missing)


def test_a_lapsed_finding_is_named() -> None:
    row = row_at(grade(f"{WELL}\nd1 10:00 | motor_weakness | deep_focal", ICANS), "d2 12:00")
    assert row.missing == ("motor_weakness",)


@pytest.mark.parametrize(
    ("bleeding", "time", "expected", "flagged"),
    [
        ("present", "d1 12:00", "0", True),
        ("none", "d1 12:00", "4", False),
        ("present", "d1 10:30", "4", False),  # charted at 11:00
    ],
)
def test_bleeding_takes_raised_pressure_away(bleeding: str, time: str, expected: str, flagged: bool) -> None:
    chart = f"{WELL}\nd1 10:00 | raised_icp | papilloedema\nd1 11:00 | intracranial_bleeding | {bleeding}"
    assert ranges(chart, ICANS, [time]) == {time: expected}
    assert ("intracranial_bleeding" in row_at(grade(chart, ICANS), time).flags) == flagged


@pytest.mark.parametrize(("pressure", "flags"), [("focal_oedema", ("intracranial_bleeding",)), ("none", ())])
def test_bleeding_is_flagged_where_it_takes_something_away(pressure: str, flags: tuple[str, ...]) -> None:
    chart = f"{WELL}\nd1 10:00 | raised_icp | {pressure}\nd1 10:00 | intracranial_bleeding | present"
    row = row_at(grade(chart, ICANS), "d1 11:00")
    assert (shown(row), row.flags) == ("0", flags)


def test_bleeding_that_ended_does_not() -> None:
    chart = f"{WELL}\nd1 10:00 | raised_icp | papilloedema\nd1 09:00 | intracranial_bleeding | present | d1 18:00"
    assert ranges(chart, ICANS, ["d1 17:00", "d1 18:00"]) == {"d1 17:00": "0", "d1 18:00": "4"}


@pytest.mark.parametrize(
    ("signal", "worse", "milder"),
    [("raised_icp", "papilloedema", "focal_oedema"), ("motor_weakness", "deep_focal", "mild")],
)
def test_a_finding_with_an_end_holds_behind_a_newer_milder_row(signal: str, worse: str, milder: str) -> None:
    chart = f"{well()}\nd3 08:00 | {signal} | {worse} | d7 08:00\nd4 08:00 | {signal} | {milder}"
    assert ranges(chart, "icans-astct-2019", ["d4 09:00", "d5 21:00"]) == {"d4 09:00": "4", "d5 21:00": "4"}


@pytest.mark.parametrize(
    ("name", "chart", "values", "rows", "missing"),
    [
        ("arousal", "d1 10:00 | consciousness | voice", 1, ["consciousness"], []),
        ("arousal", "d1 10:00 | avpu | P", 2, ["avpu"], ["consciousness"]),
        ("arousal", "", 5, [], ["consciousness"]),
        ("arousal", "d1 10:00 | ice | 10", 1, ["ice"], []),
        ("arousal", "d1 10:00 | ice | 8", 4, ["ice"], ["consciousness"]),
        ("seizure", "", 1, [], []),
        ("seizure", "d1 10:00 | seizure | resolved", 1, ["seizure"], []),
        ("seizure", "d1 10:00 | seizure | ?", 3, ["seizure"], ["seizure"]),
        ("seizure", "d1 10:00 | seizure | ? \n d1 11:00 | seizure | resolved", 2, ["seizure", "seizure"], ["seizure"]),
        ("seizure", "d1 10:00 | seizure | ? \n d1 11:00 | seizure | prolonged", 1, ["seizure", "seizure"], []),
        ("motor_weakness", "d1 10:00 | motor_weakness | mild", 1, ["motor_weakness"], []),
        ("motor_weakness", "d1 10:00 | motor_weakness | ?", 3, ["motor_weakness"], ["motor_weakness"]),
        ("motor_weakness", "d0 10:00 | motor_weakness | mild", 3, ["motor_weakness"], ["motor_weakness"]),
        ("motor_weakness", "", 3, [], ["motor_weakness"]),
        ("motor_weakness", "d1 10:00 | ice | 8", 1, [], []),
        ("raised_icp", "d1 10:00 | raised_icp | posturing \n d1 10:00 | intracranial_bleeding | present",
         1, ["intracranial_bleeding"], []),
        ("sedation", "", 1, [], []),
        ("sedation", "d1 10:00 | sedation | sedated", 1, ["sedation"], []),
        ("sedation", "d0 10:00 | sedation | sedated", 2, ["sedation"], ["sedation"]),
        ("sedation", "d1 10:00 | sedation | ?", 2, ["sedation"], ["sedation"]),
        ("sedation", "d1 10:00 | propofol | 100/h", 1, ["propofol"], []),
        ("sedation", "d0 14:00 | propofol | 100/h", 2, ["propofol"], ["sedation"]),
        ("sedation", "d1 10:00 | oxygen_device | invasive_ventilation", 2, ["oxygen_device"], ["sedation"]),
    ],
)  # fmt: skip
def test_what_a_fact_rests_on(name: str, chart: str, values: int, rows: list[str], missing: list[str]) -> None:
    """How many values are possible at d1 12:00, the rows that say so, and what to chart to settle it."""
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), tuple(events(f"{chart}\nd3 00:00 | spo2 | 97")))
    explained = explain_course(course, None, SCALES[ICANS], SETTINGS, at("d1 12:00")).to_json()
    (field,) = (field for field in explained["fields"] if field["name"] == name)
    assert (len(field["values"]), [row["signal"] for row in field["rows"]], field["missing"]) == (values, rows, missing)
