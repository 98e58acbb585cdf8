"""What guidance on cytopenia, fever and hyperinflammation asks: how low, for how long, the risk before, criteria met."""

import pytest

from cytovigil.guidance.fields import (
    CARTOX_HLH,
    CD4_BELOW_200,
    FEBRILE_NEUTROPENIA_CTCAE,
    FEVER,
    GCSF_5_DAYS,
    HAD_CRS,
    HAD_CRS_3,
    HEMATOTOX,
    HEMOGLOBIN_BELOW_7,
    IEC_HS,
    NCCN_FEVER,
    NEUTROPENIA,
    NEUTROPENIA_7_DAYS,
    NEUTROPHILS_AT_HALF,
    NEUTROPHILS_BELOW_1,
    PLATELETS_8_DAYS,
    PLATELETS_BELOW_10,
    first_days,
)
from cytovigil.logic.conditions import Field
from spec.charts import ADULT, at
from spec.test_situation import WELL_AIR, seen, values

YES, NO, EITHER = {True}, {False}, {True, False}


def daily(signal: str, value: str, first: int, last: int) -> str:
    return "\n".join(f"d{day} 08:00 | {signal} | {value}" for day in range(first, last + 1))


LOW = daily("neutrophils", "0.4", 3, 9)
NORMAL = "d2 08:00 | neutrophils | 2"


@pytest.mark.parametrize(
    ("what", "chart", "field", "time", "expected"),
    [
        ("seven days, the first and the last counted", f"{NORMAL}\n{LOW}", NEUTROPENIA_7_DAYS, "d9 09:00", YES),
        ("six", f"{NORMAL}\n{LOW}", NEUTROPENIA_7_DAYS, "d8 09:00", NO),
        ("not low now", f"{NORMAL}\n{LOW}\nd10 08:00 | neutrophils | 0.5", NEUTROPENIA_7_DAYS, "d10 09:00", NO),
        ("a day of recovery begins again", f"{LOW}\nd6 20:00 | neutrophils | 3", NEUTROPENIA_7_DAYS, "d9 09:00", NO),
        ("never counted", "", NEUTROPENIA_7_DAYS, "d9 09:00", EITHER),
        ("the count is no longer valid", LOW, NEUTROPENIA_7_DAYS, "d12 08:00", EITHER),
        ("low from the first count on: since the infusion, perhaps", daily("neutrophils", "0.4", 5, 9), NEUTROPENIA_7_DAYS, "d9 09:00", EITHER),
        ("low already before the infusion: days since it", daily("neutrophils", "0.4", -4, 5), NEUTROPENIA_7_DAYS, "d5 09:00", NO),
        ("the seventh day since it", daily("neutrophils", "0.4", -4, 6), NEUTROPENIA_7_DAYS, "d6 09:00", YES),
        ("7 days without a count are filled", f"{NORMAL}\nd3 08:00 | neutrophils | 0.4\nd10 08:00 | neutrophils | 0.4", NEUTROPENIA_7_DAYS, "d10 09:00", YES),
        ("more are not", f"{NORMAL}\nd3 08:00 | neutrophils | 0.4\nd11 08:00 | neutrophils | 0.4", NEUTROPENIA_7_DAYS, "d11 09:00", EITHER),
        ("a bound may be low", f"{NORMAL}\n{LOW}\nd9 20:00 | neutrophils | <0.6", NEUTROPENIA_7_DAYS, "d9 21:00", EITHER),
        ("more than 7 days: eight", daily("platelets", "24", 0, 7), PLATELETS_8_DAYS, "d7 09:00", YES),
        ("seven are not more than 7", daily("platelets", "24", 0, 6), PLATELETS_8_DAYS, "d6 09:00", NO),
        ("25 is not below 25", daily("platelets", "25", 0, 7), PLATELETS_8_DAYS, "d7 09:00", NO),
        ("0.5 is not below 0.5", "d3 08:00 | neutrophils | 0.5", NEUTROPENIA, "d3 09:00", NO),
        ("0.5 is 0.5 or less", "d3 08:00 | neutrophils | 0.5", NEUTROPHILS_AT_HALF, "d3 09:00", YES),
        ("0.51 is more", "d3 08:00 | neutrophils | 0.51", NEUTROPHILS_AT_HALF, "d3 09:00", NO),
        ("0.99 is below 1", "d3 08:00 | neutrophils | 0.99", NEUTROPHILS_BELOW_1, "d3 09:00", YES),
        ("9 platelets", "d3 08:00 | platelets | 9", PLATELETS_BELOW_10, "d3 09:00", YES),
        ("10 platelets", "d3 08:00 | platelets | 10", PLATELETS_BELOW_10, "d3 09:00", NO),
        ("haemoglobin 6.9", "d3 08:00 | hemoglobin | 6.9", HEMOGLOBIN_BELOW_7, "d3 09:00", YES),
        ("haemoglobin 7", "d3 08:00 | hemoglobin | 7", HEMOGLOBIN_BELOW_7, "d3 09:00", NO),
        ("CD4 200 is not above 200", "d30 08:00 | cd4 | 200", CD4_BELOW_200, "d31 09:00", YES),
        ("CD4 201", "d30 08:00 | cd4 | 201", CD4_BELOW_200, "d31 09:00", NO),
        ("G-CSF 5 days ago", "d3 08:00 | filgrastim | 300", GCSF_5_DAYS, "d8 08:00", YES),
        ("a minute less", "d3 08:00 | filgrastim | 300\nd7 08:00 | filgrastim | 300", GCSF_5_DAYS, "d8 07:59", NO),
        ("before the infusion it is none", "d-3 08:00 | filgrastim | 300", GCSF_5_DAYS, "d8 08:00", NO),
        ("pegfilgrastim too", "d2 08:00 | pegfilgrastim | 6", GCSF_5_DAYS, "d8 08:00", YES),
        ("the second day", "", first_days(2), "d2 07:59", YES),
        ("is over", "", first_days(2), "d2 08:00", NO),
        ("fever with another cause is fever", f"d1 08:00 | temperature | 39\nd1 07:00 | attribution | fever:infection | d3 00:00\n{WELL_AIR}", FEVER, "d1 09:00", YES),
        ("38.3 once, by NCCN", "d3 08:00 | temperature | 38.3", NCCN_FEVER, "d3 09:00", YES),
        ("38.2 once", "d3 08:00 | temperature | 38.2", NCCN_FEVER, "d3 08:30", NO),
        ("38.0 for 61 minutes", "d3 08:00 | temperature | 38\nd3 09:01 | temperature | 38", NCCN_FEVER, "d3 09:01", YES),
        ("38.3 once with 0.4 is none by CTCAE", "d3 08:00 | temperature | 38.3\nd3 08:00 | neutrophils | 0.4", FEBRILE_NEUTROPENIA_CTCAE, "d3 08:30", NO),
        ("38.4 with 0.8 is one", "d3 08:00 | temperature | 38.4\nd3 08:00 | neutrophils | 0.8", FEBRILE_NEUTROPENIA_CTCAE, "d3 08:30", YES),
    ],
)  # fmt: skip
def test_counts_and_fever(what: str, chart: str, field: Field, time: str, expected: set[object]) -> None:
    assert values(chart, field, time) == expected, what


BEFORE = "d-6 08:00 | platelets | {}\nd-6 08:00 | neutrophils | 2\nd-6 08:00 | hemoglobin | 11\nd-6 08:00 | crp | 5"
TREATED = ADULT._replace(lymphodepletion_start=at("d-5 08:00"))


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("all five", BEFORE.format(180) + "\nd-6 08:00 | ferritin | 300", {"low"}),
        ("2 points", BEFORE.format(60) + "\nd-6 08:00 | ferritin | 300", {"high"}),
        ("without ferritin 0 to 2", BEFORE.format(180), {"low", "high"}),
        ("without ferritin 2 to 4", BEFORE.format(60), {"high"}),
        ("nothing", "", {"low", "high"}),
        ("what came later is not of before", "d3 08:00 | ferritin | 9000\n" + BEFORE.format(180) + "\nd-6 08:00 | ferritin | 300", {"low"}),
    ],
)  # fmt: skip
def test_car_hematotox(what: str, chart: str, expected: set[object]) -> None:
    found, missing = seen(chart, HEMATOTOX, "d10 08:00", TREATED)
    assert found == expected, what
    assert missing == ({"car_hematotox"} if len(expected) > 1 else set())


def test_lymphodepletion_that_is_yet_to_come_leaves_the_risk_open() -> None:
    later = ADULT._replace(lymphodepletion_start=at("d90 08:00"))
    assert values("", HEMATOTOX, "d1 08:00", later) == {"low", "high"}


FERRITIN = "d3 08:00 | ferritin | {} | | ref_high=400"


@pytest.mark.parametrize(
    ("what", "chart", "field", "expected", "missing"),
    [
        ("above twice the limit", FERRITIN.format(801), IEC_HS, YES, set()),
        ("twice the limit", FERRITIN.format(800), IEC_HS, EITHER, {"ferritin"}),
        ("not charted: ferritin alone is asked", "", IEC_HS, EITHER, {"ferritin"}),
        ("ferritin is there: the others are asked", FERRITIN.format(20000), CARTOX_HLH, EITHER, {"haemophagocytosis"}),
        ("not so high", FERRITIN.format(9000), CARTOX_HLH, NO, set()),
    ],
)  # fmt: skip
def test_criteria_met(what: str, chart: str, field: Field, expected: set[object], missing: set[str]) -> None:
    found, asked = seen(chart, field, "d3 09:00")
    assert found == expected, what
    assert asked >= missing and (missing != {"ferritin"} or asked == missing)


def test_severe_crs_that_was_there() -> None:
    """It stays known once it is over, as the second dose of obe-cel asks; grade 1 is none, and the unseen is asked."""
    fever = f"d1 08:00 | temperature | 39\n{WELL_AIR}"
    well = "\n".join(f"d{day} 08:00 | temperature | 37\nd{day} 08:00 | systolic_bp | 120" for day in range(2, 9))
    pressor = "d1 09:00 | norepinephrine | 4/min | d1 20:00"
    assert values(f"{fever}\n{pressor}\n{well}", HAD_CRS_3, "d8 09:00") == YES
    assert values(f"{fever}\nd1 08:00 | systolic_bp | 120\n{well}", HAD_CRS_3, "d1 09:00") == NO
    assert values("", HAD_CRS_3, "d8 09:00") == EITHER


def test_crs_that_was_there() -> None:
    fever = f"d1 08:00 | temperature | 39\n{WELL_AIR}"
    well = "\n".join(f"d{day} 08:00 | temperature | 37" for day in range(2, 9))
    assert values(f"{fever}\n{well}", HAD_CRS, "d8 09:00") == YES
    assert values(f"d1 08:00 | temperature | 37\n{well}\n{WELL_AIR}", HAD_CRS, "d8 09:00") == NO
    assert seen("", HAD_CRS, "d8 09:00")[0] == EITHER
    pressor = "d1 08:00 | norepinephrine | 4/min | d1 20:00\nd1 08:00 | spo2 | 97"
    perhaps, asked = seen(f"{pressor}\n{well}\nd2 08:00 | systolic_bp | 120 | d9 00:00", HAD_CRS, "d8 09:00")
    assert perhaps == EITHER and "temperature" in asked
