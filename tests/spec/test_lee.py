"""Lee 2014, its label form, and ASTCT on the same patient (semantics 4)."""

import pytest

from spec.charts import grade, ranges, row_at, well
from spec.febrile import CRS, LABEL, LEE, NORMAL, ROOM_AIR, WITH_LABORATORY, at_once, over_time

NE = "d1 02:00 | norepinephrine | {}/min | d3 00:00"
LOW_DOSE = "d1 02:00 | vasopressor_high_dose | absent | d3 00:00"
HIGH_DOSE = "d1 02:00 | vasopressor_high_dose | present | d3 00:00"
KIDNEY_3 = "d1 10:00 | creatinine | 400 | d3 00:00 | ref_high=100"


def device(word: str, flow: str = "") -> str:
    row = f"d1 10:00 | oxygen_device | {word}"
    return f"{row}\nd1 10:00 | oxygen_flow | {flow}" if flow else row


@pytest.mark.parametrize(
    ("situation", "rows", "astct", "lee", "label"),
    [
        ("fever only", [], "1", "1", "1"),
        ("fluids only", ["d1 10:00 | fluid_bolus | 500"], "2", "2", "2"),
        ("noradrenaline 5, low dose", [NE.format(5), LOW_DOSE], "3", "2", "2"),
        ("noradrenaline 25, high dose", [NE.format(25), HIGH_DOSE], "3", "3", "3"),
        ("noradrenaline, dose class not charted", [NE.format(25)], "3", "2..3", "2..3"),
        ("noradrenaline and vasopressin: vasopressin does not add",
         [NE.format(8), "d1 02:00 | vasopressin | 1.8/h | d3 00:00", LOW_DOSE], "3", "2", "2"),
        ("noradrenaline and milrinone: inotropes never count",
         [NE.format(5), "d1 02:00 | milrinone | 1/h | d3 00:00", LOW_DOSE], "3", "2", "2"),
        ("noradrenaline and phenylephrine, low dose",
         [NE.format(5), "d1 02:00 | phenylephrine | 5/min | d3 00:00", LOW_DOSE], "4", "3", "3"),
        ("cannula 3 L/min", [device("nasal_cannula", "3")], "2", "2", "2"),
        ("BiPAP for hypoxia", [device("bipap")], "4", "3", "3"),
        ("intubated for hypoxia", [device("invasive_ventilation")], "4", "4", "4"),
        ("creatinine grade 3", [KIDNEY_3], "1", "3", "3"),
        ("continuous dialysis", ["d1 10:00 | dialysis | continuous | d3 00:00"], "1", "1", "4"),
        ("intermittent dialysis", ["d1 10:00 | dialysis | intermittent | d3 00:00"], "1", "1", "1"),
    ],
)  # fmt: skip
def test_same_patient_on_each_scale(situation: str, rows: list[str], astct: str, lee: str, label: str) -> None:
    chart = "\n".join(rows if any("oxygen_device" in row for row in rows) else [ROOM_AIR, *rows])
    assert [at_once(chart, scale=scale)[0] for scale in (CRS, LEE, LABEL)] == [astct, lee, label], situation


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("cannula 4 L/min", [device("nasal_cannula", "4")], "2"),
        ("cannula 4.1 L/min", [device("nasal_cannula", "4.1")], "2..3"),
        ("cannula 6 L/min", [device("nasal_cannula", "6")], "2..3"),
        ("cannula, no flow", [device("nasal_cannula")], "2..3"),
        ("mask", [device("simple_mask")], "2..3"),
        ("Venturi", [device("venturi_mask")], "2..3"),
        ("high-flow cannula", [device("high_flow_nasal_cannula")], "2..3"),
        ("non-rebreather", [device("non_rebreather")], "3"),
        ("CPAP", [device("cpap")], "3"),
        ("ventilation", [device("invasive_ventilation")], "4"),
        ("mask, FiO2 39.9 %", [device("simple_mask"), "d1 10:00 | fio2 | 39.9"], "2"),
        ("mask, FiO2 40 %", [device("simple_mask"), "d1 10:00 | fio2 | 40"], "3"),
        ("mask, FiO2 on both sides", [device("simple_mask"), "d1 10:00 | fio2 | 30..50"], "2..3"),
        ("CPAP, FiO2 30 %", [device("cpap"), "d1 10:00 | fio2 | 30"], "2"),
        ("cannula, FiO2 50 %", [device("nasal_cannula", "3"), "d1 10:00 | fio2 | 50"], "3"),
        ("FiO2 of 30 % only: may be a ventilator's", ["d1 10:00 | fio2 | 30"], "2..4"),
        ("a flow only, FiO2 30 %", ["d1 10:00 | oxygen_flow | 3", "d1 10:00 | fio2 | 30"], "2"),
        ("a flow only", ["d1 10:00 | oxygen_flow | 3"], "2..3"),
        ("room air", [device("none")], "1"),
        ("saturation below 90, no device", ["d1 10:00 | spo2 | 85"], "2..4"),
    ],
)  # fmt: skip
def test_inspired_oxygen(what: str, rows: list[str], expected: str) -> None:
    assert at_once("\n".join(rows), scale=LEE)[0] == expected, what


def test_outside_the_course_organ_toxicity_is_0() -> None:
    chart = f"{well()}\n{NORMAL}\n{KIDNEY_3}\nd1 12:00 | temperature | 39\nd2 09:00 | temperature | 37"
    expected = {"d1 11:00": "0", "d1 12:30": "3", "d2 12:30": "0"}
    assert ranges(chart, LEE, list(expected)) == expected


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([device("venturi_mask")], ("fio2",)),
        ([device("nasal_cannula")], ("oxygen_flow",)),
        ([ROOM_AIR, NE.format(5)], ("vasopressor_high_dose",)),
    ],
)
def test_what_to_chart(rows: list[str], missing: tuple[str, ...]) -> None:
    assert row_at(grade("\n".join([WITH_LABORATORY, *rows]), LEE), "d1 12:00").missing == missing


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("a declaration holds 12 h", [NE.format(5), "d1 10:00 | vasopressor_high_dose | present"],
         {"d1 21:59": "3", "d1 22:00": "2..3"}),
        ("without a vasopressor it says nothing", [HIGH_DOSE], {"d1 12:00": "1"}),
        ("vasopressin alone", ["d1 10:00 | vasopressin | 0.03/min | d1 20:00"], {"d1 12:00": "2..3"}),
        ("perhaps running", ["d1 10:00 | norepinephrine | 5/min"], {"d1 12:00": "2..3", "d1 22:00": "1..3"}),
        ("attributed", [NE.format(5), HIGH_DOSE, "d1 11:00 | attribution | hypotension:sedation | d1 14:00"],
         {"d1 10:59": "3", "d1 11:00": "1", "d1 14:00": "3"}),
    ],
)  # fmt: skip
def test_dose_class_of_vasopressors(what: str, rows: list[str], expected: dict[str, str]) -> None:
    assert over_time("\n".join([ROOM_AIR, *rows]), list(expected), LEE) == expected, what
