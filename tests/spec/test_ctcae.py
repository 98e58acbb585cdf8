"""CTCAE v5 and v6 on laboratory values: vignettes, the unit reported, limits, baselines, what is not known."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cytovigil.engine.explain import explain_course
from cytovigil.engine.measures import MEASURES
from cytovigil.engine.record import Record
from cytovigil.engine.reference import grade_course
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Course, Event
from cytovigil.model.settings import Settings
from cytovigil.readers.tables import open_courses
from cytovigil.rules import GROUPS, SCALES, scale_ids
from rules.ctcae_kit import PATIENT, START, Range, grade_of, graded, row
from spec.charts import ADULT, at, events, grade, ranges, row_at, shown

SIGNALS = (
    "neutrophils", "platelets", "hemoglobin", "leukocytes", "lymphocytes", "cd4", "fibrinogen", "inr", "aptt",
    "creatinine", "alt", "ast", "bilirubin", "temperature", "febrile-neutropenia",
)  # fmt: skip


def both(signal: str, value: str, unit: str, low: str = "", high: str = "", base: str = "") -> tuple[str, str]:
    """The grade of v5 and of v6."""
    found = (grade_of(f"ctcae-{one}-{signal}", signal, value, unit, low, high, base) for one in ("v5", "v6"))
    return tuple(map(words, found))  # type: ignore[return-value]


def words(found: Range) -> str:
    """`2`, `0..4`, `-`."""
    low, high = found
    return "-" if low is None else str(low) if low == high else f"{low}..{high}"


def test_every_term_is_a_scale_of_both_versions() -> None:
    for edition in ("v5", "v6"):
        ids = {f"ctcae-{edition}-{signal}" for signal in SIGNALS}
        assert ids == set(GROUPS[f"ctcae-{edition}"]) == set(scale_ids(f"ctcae-{edition}"))
        assert ids <= set(scale_ids("all"))
    assert all(SCALES[name].death_cause == "" for name in (*GROUPS["ctcae-v5"], *GROUPS["ctcae-v6"]))


@pytest.mark.parametrize(
    ("signal", "value", "unit", "v5", "v6"),
    [
        ("neutrophils", "0.50", "10*9/L", "3", "2"),
        ("neutrophils", "500", "/uL", "3", "2"),
        ("neutrophils", "0.499", "10*9/L", "4", "3"),
        ("neutrophils", "499", "/uL", "4", "3"),
        ("neutrophils", "0.10", "10*9/L", "4", "3"),
        ("neutrophils", "0.099", "10*9/L", "4", "4"),
        ("neutrophils", "<0.1", "10*9/L", "4", "4"),
        ("neutrophils", "<0.5", "10*9/L", "4", "3..4"),
        ("neutrophils", "<=0.5", "10*9/L", "3..4", "2..4"),
        ("neutrophils", "<1", "10*9/L", "3..4", "2..4"),
        ("neutrophils", ">1.5", "10*9/L", "0..1", "0"),
        ("platelets", "25", "10*9/L", "3", "3"),
        ("platelets", "24", "10*9/L", "4", "3"),
        ("platelets", "10", "10*9/L", "4", "3"),
        ("platelets", "9", "10*9/L", "4", "4"),
        ("platelets", "<10", "10*9/L", "4", "4"),
        ("hemoglobin", "8.0", "g/dL", "2", "2"),
        ("hemoglobin", "7.9", "g/dL", "3", "3"),
        ("hemoglobin", "80", "g/L", "2", "2"),
        ("hemoglobin", "79.9", "g/L", "3", "3"),
        ("hemoglobin", "4.9", "mmol/L", "2", "2"),
        ("hemoglobin", "4.89", "mmol/L", "3", "3"),
        ("hemoglobin", "7.90", "g/dL", "3", "3"),
        ("hemoglobin", "5.0", "mmol/L", "2", "2"),
        ("hemoglobin", "6.2", "mmol/L", "0..1", "0..1"),
        ("hemoglobin", "6.19", "mmol/L", "2", "2"),
        ("hemoglobin", "9.99", "g/dL", "2", "2"),
        ("hemoglobin", "<4.9", "mmol/L", "3", "3"),
        ("fibrinogen", "0.49", "g/L", "4", "4"),
        ("fibrinogen", "49", "mg/dL", "4", "4"),
        ("fibrinogen", "50", "mg/dL", "0..4", "0..4"),
        ("lymphocytes", "0.15", "10*9/L", "4", "1"),
        ("lymphocytes", "0.20", "10*9/L", "3", "1"),
        ("lymphocytes", "0.799", "10*9/L", "2", "1"),
        ("lymphocytes", "0.8", "10*9/L", "0..1", "0..1"),
        ("lymphocytes", "799", "/uL", "2", "1"),
        ("lymphocytes", "800", "/uL", "0..1", "0..1"),
        ("lymphocytes", "<0.8", "10*9/L", "2..4", "1"),
        ("lymphocytes", "<=0.8", "10*9/L", "0..4", "0..1"),
        ("lymphocytes", "0", "10*9/L", "4", "1"),
        ("cd4", "0.05", "10*9/L", "3", "3"),
        ("cd4", "0.049", "10*9/L", "4", "4"),
        ("cd4", "50", "/uL", "3", "3"),
        ("cd4", "49", "/uL", "4", "4"),
        ("inr", "2.6", "1", "3", "3"),
    ],
)
def test_values_without_limits(signal: str, value: str, unit: str, v5: str, v6: str) -> None:
    """Vignettes I4 and the values that follow from the confirmed texts: the number alone."""
    assert both(signal, value, unit) == (v5, v6)


@pytest.mark.parametrize(
    ("what", "signal", "value", "unit", "low", "high", "base", "v5", "v6"),
    [
        ("lymphopenia is present below the limit", "lymphocytes", "0.15", "10*9/L", "1.0", "", "", "4", "1"),
        ("and absent at it", "lymphocytes", "1.0", "10*9/L", "1.0", "", "", "0", "0"),
        ("present below 0.8 x 10*9/L, whatever the limit", "lymphocytes", "0.79", "10*9/L", "0.7", "", "", "2", "1"),
        ("which itself is not below it", "lymphocytes", "0.8", "10*9/L", "0.7", "", "", "0", "0"),
        ("a limit of 0 is none", "lymphocytes", "0.9", "10*9/L", "0", "", "", "0..1", "0..1"),
        ("an upper one neither", "alt", "121", "U/L", "", "0", "20", "0..3", "0..4"),
        ("v6 has dropped the limit", "neutrophils", "1.6", "10*9/L", "1.8", "", "", "1", "0"),
        ("a limit below the numbers changes nothing", "neutrophils", "1.4", "10*9/L", "1.3", "", "", "2", "1"),
        ("1.67 x baseline", "creatinine", "100", "umol/L", "45", "110", "60", "2", "0"),
        ("the same, from a baseline below the limit", "creatinine", "100", "umol/L", "61", "110", "60", "2", "2"),
        ("without the lower limit", "creatinine", "100", "umol/L", "", "110", "60", "2", "0..2"),
        ("without a baseline", "creatinine", "100", "umol/L", "45", "110", "", "0..3", "0..3"),
        ("exactly 1.5 x the limit in mg/dL", "creatinine", "1.8", "mg/dL", "0.5", "1.2", "1.2", "1", "1"),
        ("3.0 x is not above 3.0", "alt", "120", "U/L", "", "40", "30", "1", "1"),
        ("above 3", "alt", "121", "U/L", "", "40", "30", "2", "2"),
        ("above 5", "alt", "201", "U/L", "", "40", "30", "3", "3"),
        ("above 20", "alt", "801", "U/L", "", "40", "30", "4", "4"),
        ("a baseline at the limit is normal", "alt", "60", "U/L", "", "40", "40", "1", "1"),
        ("a baseline above it: v5 from 1.5 x, v6 from 1.0 x", "alt", "60", "U/L", "", "40", "50", "0", "1"),
        ("1.5 x", "alt", "75", "U/L", "", "40", "50", "1", "1"),
        ("no baseline, a value at the limit", "alt", "40", "U/L", "", "40", "", "0", "0"),
        ("no baseline", "alt", "81", "U/L", "", "40", "", "0..1", "0..3"),
        ("no limit, an enzyme below the baseline", "alt", "30", "U/L", "", "", "40", "0", "0"),
        ("no enzyme at all", "alt", "0", "U/L", "", "40", "", "0", "0"),
        ("nor a limit", "alt", "0", "U/L", "", "", "", "0", "0"),
        ("3 x a baseline of 5 x the limit", "ast", "600", "U/L", "", "40", "200", "1", "3"),
        ("3 x a higher baseline: the same", "ast", "603", "U/L", "", "40", "201", "1", "3"),
        ("2 x it", "ast", "402", "U/L", "", "40", "201", "1", "2"),
        ("above 2 x it", "ast", "402.1", "U/L", "", "40", "201", "1", "3"),
        ("4 x it", "ast", "804", "U/L", "", "40", "201", "2", "3"),
        ("above 4 x any abnormal baseline", "ast", "805", "U/L", "", "40", "201", "2", "4"),
        ("a baseline on both sides of 5 x", "ast", "603", "U/L", "", "40", "<=201", "1..3", "3..4"),
        ("a baseline from the limit upwards", "ast", "40", "U/L", "", "40", ">=40", "0", "0"),
        ("2.6 x an abnormal baseline", "bilirubin", "130", "umol/L", "", "21", "50", "2", "3"),
        ("1.0 x an abnormal baseline", "bilirubin", "50", "umol/L", "", "21", "50", "0", "1"),
        ("half the limit", "fibrinogen", "1.0", "g/L", "2.0", "", "3.0", "2", "2"),
        ("below half of it", "fibrinogen", "0.99", "g/L", "2.0", "", "3.0", "3", "3"),
        ("a low baseline: the fall counts", "fibrinogen", "1.4", "g/L", "2.0", "", "1.5", "1", "1"),
        ("a fall of just 25 %", "fibrinogen", "1.5", "g/L", "2.1", "", "2.0", "2", "2"),
        ("of 75 %", "fibrinogen", "0.5", "g/L", "2.1", "", "2.0", "4", "4"),
        ("no fall", "fibrinogen", "1.5", "g/L", "2.0", "", "1.5", "0", "0"),
        ("no limit", "fibrinogen", "1.2", "g/L", "", "", "2.0", "0..2", "0..2"),
        ("no baseline", "fibrinogen", "1.4", "g/L", "2.0", "", "", "0..2", "0..2"),
        ("three quarters: no low baseline is as high", "fibrinogen", "1.5", "g/L", "2.0", "", "", "0..1", "0..1"),
        ("mg/dL", "fibrinogen", "99", "mg/dL", "200", "", "300", "3", "3"),
        ("INR as at baseline", "inr", "1.1", "1", "", "", "1.1", "0", "0"),
        ("above it: grade 1 under anticoagulation", "inr", "1.2", "1", "", "", "1.1", "0..1", "0..1"),
        ("by number, whatever the baseline", "inr", "2.4", "1", "", "", "2.4", "2", "2"),
        ("2.6 x baseline under anticoagulation", "inr", "1.3", "1", "", "", "0.5", "1..3", "1..3"),
        ("INR without a baseline", "inr", "1.0", "1", "", "", "", "0..2", "0..2"),
        ("aPTT 1.5 x", "aptt", "60", "s", "", "40", "", "1", "1"),
        ("aPTT above 2.5 x", "aptt", "100.1", "s", "", "40", "", "3", "3"),
        ("aPTT without a limit", "aptt", "60", "s", "25", "", "", "0..3", "0..3"),
    ],
)  # fmt: skip
def test_limits_and_baselines(
    what: str, signal: str, value: str, unit: str, low: str, high: str, base: str, v5: str, v6: str
) -> None:
    assert both(signal, value, unit, low, high, base) == (v5, v6), what


def test_limits_of_the_site_where_the_row_has_none() -> None:
    site = replace(Settings(), upper_limits={"alt": 40}, lower_limits={"lymphocytes": 1.0, "neutrophils": 1.8})
    assert grade_of("ctcae-v6-lymphocytes", "lymphocytes", "0.9", "10*9/L", settings=site) == (1, 1)
    assert grade_of("ctcae-v5-neutrophils", "neutrophils", "1.8", "10*9/L", settings=site) == (0, 0)
    assert grade_of("ctcae-v5-alt", "alt", "121", "U/L", base="20", settings=site) == (2, 2)
    assert grade_of("ctcae-v5-alt", "alt", "121", "U/L", base="20") == (0, 3), "no default limits"


def test_a_baseline_with_a_limit_of_its_own() -> None:
    """Another laboratory's: abnormal there, whatever the limit of the value is."""
    value = row("alt", "90", "U/L", START + 3600, high="100")
    abnormal, normal = (row("alt", "50", "U/L", START - 86400, high=limit) for limit in ("40", "60"))
    assert graded("ctcae-v5-alt", value, abnormal) == (1, 1)
    assert graded("ctcae-v5-alt", value, normal) == (0, 0)


@pytest.mark.parametrize(
    ("what", "value_limit", "base_limit", "expected"),
    [
        ("the value's alone: the baseline is above it", "40", "", (2, 2)),
        ("the value's alone: both are within it", "100", "", (0, 0)),
        ("the baseline's alone: it was above it", "", "40", (2, 2)),
        ("the baseline's alone: it was within it", "", "60", (1, 1)),
        ("the baseline's alone: the value is within it too", "", "90", (0, 0)),
        ("a limit of 0 is none: the baseline's serves both", "0", "60", (1, 1)),
        ("a limit of 0 is none: the value's serves both", "40", "0", (2, 2)),
        ("neither", "", "", (0, 2)),
    ],
)
def test_a_limit_given_once_serves_value_and_baseline(
    what: str, value_limit: str, base_limit: str, expected: Range
) -> None:
    """90 is 1.8 x the baseline of 50: grade 2 of v6 where that was abnormal."""
    value = row("alt", "90", "U/L", START + 3600, high=value_limit)
    base = row("alt", "50", "U/L", START - 86400, high=base_limit)
    assert graded("ctcae-v6-alt", value, base) == expected, what


def test_the_limit_of_the_site_goes_before_that_of_the_other_row() -> None:
    site = replace(Settings(), upper_limits={"alt": 95})
    value, base = row("alt", "90", "U/L", START + 3600), row("alt", "50", "U/L", START - 86400, high="60")
    assert graded("ctcae-v6-alt", value, base, settings=site) == (0, 0)
    value, base = row("alt", "90", "U/L", START + 3600, high="40"), row("alt", "50", "U/L", START - 86400)
    assert graded("ctcae-v6-alt", value, base, settings=site) == (1, 1), "the baseline was normal"


def test_limits_of_0_in_steps_alone_are_none() -> None:
    event = Event("P1", START, "alt", 90, 90, ref_low=0, ref_high=0)
    assert event.limits == (None, None)
    assert event._replace(ref_low=1, ref_high=2).limits == (1, 2)


def test_what_to_chart() -> None:
    chart = "d1 08:00 | neutrophils | {}"
    found = row_at(grade(chart.format("1.6"), "ctcae-v5-neutrophils"), "d1 09:00")
    assert (shown(found), found.missing) == ("0..1", ("neutrophils",))
    found = row_at(grade(chart.format("0.4"), "ctcae-v5-neutrophils"), "d1 09:00")
    assert (shown(found), found.missing) == ("4", ())
    found = row_at(grade("d1 08:00 | fibrinogen | 1.8", "ctcae-v5-fibrinogen"), "d1 09:00")
    assert (shown(found), found.missing) == ("0..4", ("fibrinogen",)), "limit and baseline, neither alone tells"
    found = row_at(grade("d1 08:00 | inr | 1.0\nd-1 08:00 | inr | 0.9", "ctcae-v5-inr"), "d1 09:00")
    assert (shown(found), found.missing) == ("0..1", ()), "nothing that can be charted tells anticoagulation"


def test_graded_while_a_value_is_valid() -> None:
    """A baseline alone is not a measurement: 72 h after the last value there is no grade."""
    chart = "d-1 08:00 | alt | 20 | | ref_high=40\nd1 08:00 | alt | 121 | | ref_high=40\nd9 08:00 | heart_rate | 80"
    expected = {"d0 09:00": "0", "d1 08:00": "2", "d4 07:59": "2", "d4 08:00": "-"}
    assert ranges(chart, "ctcae-v5-alt", list(expected)) == expected
    assert "not_observed" in row_at(grade(chart, "ctcae-v5-alt"), "d4 09:00").flags


def test_the_summary_counts_each_measurement() -> None:
    chart = "\n".join(f"d{day} 08:00 | neutrophils | {value}" for day, value in ((1, "0.4"), (2, "1.6"), (3, "0.05")))
    assert grade(chart, "ctcae-v6-neutrophils").summaries["ctcae-v6-neutrophils"][:2] == (4, 4)


WORST = {
    "neutrophils": "0.4", "platelets": "20", "leukocytes": "0.9", "lymphocytes": "0.1", "cd4": "10",
    "creatinine": "900", "bilirubin": "1200", "ast": "2100", "alt": "2100",
}  # fmt: skip


@pytest.mark.parametrize("signal", [*WORST, "hemoglobin"])
def test_attributed_to_another_cause(signal: str) -> None:
    """Counts as cytopenia, organs as organ toxicity, while the attribution holds."""
    sign = "organ_toxicity" if signal in ("creatinine", "bilirubin", "ast", "alt") else "cytopenia"
    chart = f"""
        d-1 08:00 | {signal} | {"9" if signal == "hemoglobin" else "50"} | | ref_high=100
        d1 08:00 | {signal} | {WORST.get(signal, "7")} | | ref_high=100
        d1 10:00 | attribution | {sign}:disease | d1 12:00"""
    worst = "3" if signal == "hemoglobin" else "4"
    found = ranges(chart, f"ctcae-v5-{signal}", ["d1 09:00", "d1 10:00", "d1 12:00"])
    assert found == {"d1 09:00": worst, "d1 10:00": "0", "d1 12:00": worst}


def test_an_attribution_alone_is_no_measurement() -> None:
    """It may outlast what was measured; before a value and after its validity nothing was observed."""
    chart = """
        d1 06:00 | attribution | organ_toxicity:disease | d9 00:00
        d1 08:00 | alt | 2100 | | ref_high=40
        d9 08:00 | heart_rate | 80"""
    expected = {"d1 07:00": "-", "d1 08:00": "0", "d4 07:59": "0", "d4 08:00": "-"}
    assert ranges(chart, "ctcae-v5-alt", list(expected)) == expected
    for time in ("d1 07:00", "d4 08:00"):
        found = row_at(grade(chart, "ctcae-v5-alt"), time)
        assert (found.low, found.high, found.charted_low, found.charted_high) == (None,) * 4
        assert "not_observed" in found.flags, time


@pytest.mark.parametrize(
    ("chart", "field", "values", "missing", "rows"),
    [
        ("d1 08:00 | alt | 90 | | ref_high=40", "alt_per_upper_limit", {1}, (), ["alt@d1 08:00"]),
        ("d1 08:00 | alt | 90", "alt_per_upper_limit", {0, 1, 2, 3, 4}, ("alt",), ["alt@d1 08:00"]),
        ("d1 08:00 | alt | 90\nd-1 08:00 | alt | 50", "alt_per_baseline", {1}, (), ["alt@d1 08:00", "alt@d-1 08:00"]),
        ("d1 08:00 | alt | 90\nd-1 08:00 | alt | 50", "alt_baseline_abnormal", {False, True}, ("alt",), []),
        ("d1 08:00 | alt | 90 | | ref_high=40\nd-1 08:00 | alt | 50", "alt_baseline_abnormal", {True}, (),
         ["alt@d-1 08:00"]),
        ("d1 08:00 | alt | 90 | | ref_high=40\nd-1 08:00 | alt | 30..50", "alt_baseline_abnormal", {False, True},
         ("alt",), ["alt@d-1 08:00"]),
        ("d-1 08:00 | alt | 50 | | ref_high=40\nd9 08:00 | alt | 90", "alt_baseline_abnormal", {False, True}, ("alt",),
         []),
    ],
)  # fmt: skip
def test_facts(chart: str, field: str, values: set[object], missing: tuple[str, ...], rows: list[str]) -> None:
    """What is possible, what to chart, and the rows that say so."""
    fact = fact_at(chart, "ctcae-v5-alt", field, "d4 09:00" if "d9" in chart else "d1 09:00")
    assert (fact.values, tuple(fact.missing), [one.source_id for one in fact.because]) == (values, missing, rows)


def fact_at(chart: str, scale: str, name: str, time: str) -> Fact:
    record = Record(ADULT._replace(infusion_time=at("d0 08:00")), events(chart), Settings(), fine=True)
    field = next(one for one in SCALES[scale].fields if one.name == name)
    return MEASURES[field.measure](record, field).at(at(time))


def test_of_coagulation_nobody_attributes() -> None:
    chart = "d1 08:00 | inr | 2.6\nd1 08:00 | attribution | organ_toxicity:drug | d1 12:00"
    assert ranges(chart, "ctcae-v5-inr", ["d1 09:00"]) == {"d1 09:00": "3"}


def test_float32_columns_and_bounds_as_text(tmp_path: Path) -> None:
    """0.1 as float32 is 0.10000000149; it is 0.1 again before it is graded."""
    (tmp_path / "patients.csv").write_text("patient_id,infusion_time\nP1,2026-03-02T08:00+01:00\n")
    values = [("neutrophils", 0.1, "10*9/L"), ("hemoglobin", 4.9, "mmol/L"), ("platelets", 9.9, "10*9/L")]
    table = pa.table({
        "patient_id": ["P1"] * 4, "time": [f"2026-03-02T1{n}:00+01:00" for n in range(4)],
        "signal": [*(name for name, _, _ in values), "lymphocytes"],
        "value": pa.array([*(value for _, value, _ in values), None], pa.float32()),
        "value_text": [None, None, None, "<0.1"], "unit": [*(unit for _, _, unit in values), "10*9/L"],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "events.parquet")
    names = ["ctcae-v6-neutrophils", "ctcae-v5-hemoglobin", "ctcae-v6-platelets", "ctcae-v5-lymphocytes"]
    with open_courses([tmp_path / "patients.csv", tmp_path / "events.parquet"], Settings()) as source:
        (course,) = list(source)
    (found,) = grade_course(course, [SCALES[name] for name in names], Settings())
    assert [found.summaries[name][:2] for name in names] == [(3, 3), (2, 2), (4, 4), (4, 4)]


def test_a_row_of_steps_alone_has_the_canonical_unit() -> None:
    assert graded("ctcae-v5-hemoglobin", Event("P1", START, "hemoglobin", 7999, 7999)) == (3, 3)


@pytest.mark.parametrize(
    ("what", "first", "second", "expected"),
    [
        ("the milder one is the lower value", "4.9 mmol/L", "7.9 g/dL", "3"),
        ("three of them", "4.9 mmol/L", "7.9 g/dL and 80 g/L", "3"),
        ("the worse one is the lower value", "8.0 g/dL", "4.8 mmol/L", "3"),
        ("a bound may be worse, or not", "4.9 mmol/L", ">7.9 g/dL", "2..3"),
        ("a bound is not", "4.9 mmol/L", ">8.0 g/dL", "2"),
        ("the bound may be worse", "4.9 mmol/L", "<8.1 g/dL", "2..3"),
        ("the same number of steps", "4.9 mmol/L", "7.896 g/dL", "3"),
    ],
)
def test_of_a_tie_in_two_units_the_worse_grade_counts(what: str, first: str, second: str, expected: str) -> None:
    rows = [row("hemoglobin", *text.split(" "), START + 3600) for text in (first, *second.split(" and "))]
    for ordered in permutations(rows):
        assert words(graded("ctcae-v5-hemoglobin", *ordered)) == expected, what


def test_both_readings_of_a_tie_in_two_units_are_named() -> None:
    rows = [row("hemoglobin", *text.split(" "), START + 3600) for text in ("4.9 mmol/L", "7.9 g/dL", "4.9 mmol/L")]
    explained = explain_course(Course((PATIENT,), tuple(rows)), None, SCALES["ctcae-v5-hemoglobin"], Settings())
    value = next(view for view in explained.fields if len(view.rows) > 1)
    assert sorted(one.shown for one in value.rows) == ["4.9 mmol/L", "7.9 g/dL"]
    assert explained.flags == ("tie",)
