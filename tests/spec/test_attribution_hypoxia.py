"""A person says that oxygen, or organ toxicity, has another cause (semantics 7)."""

import pytest

from spec.charts import grade, row_at
from spec.febrile import FEBRILE, LABEL, LEE, ROOM_AIR, WITH_LABORATORY, at_once, over_time

CANNULA = "d1 10:00 | oxygen_device | nasal_cannula | {} \n d1 10:00 | oxygen_flow | 2 | {}"
MASK = "d1 10:00 | oxygen_device | simple_mask | d8 00:00 \n d1 10:00 | spo2 | 97 | d8 00:00"


@pytest.mark.parametrize(
    ("sign", "expected"),
    [("hypoxia:comfort", "1"), ("hypoxia:sleep_apnoea", "1"), ("hypoxia:crs", "3"), ("hypotension:infection", "3")],
)
def test_which_sign(sign: str, expected: str) -> None:
    assert at_once(f"{MASK}\nd1 11:00 | attribution | {sign} | d1 13:00")[0] == expected


def test_from_its_time_to_its_end() -> None:
    chart = f"{MASK}\nd1 11:00 | attribution | hypoxia:comfort | d1 13:00"
    expected = {"d1 10:59": "3", "d1 11:00": "1", "d1 12:59": "1", "d1 13:00": "3"}
    assert over_time(chart, list(expected)) == expected


def test_without_an_end_at_most_72_h() -> None:
    expected = {"d1 11:00": "1", "d4 10:59": "1", "d4 11:00": "3"}
    assert over_time(f"{MASK}\nd1 11:00 | attribution | hypoxia:comfort", list(expected)) == expected


def test_without_an_end_until_hypoxia_is_known_absent() -> None:
    """Support that begins again has to be attributed again."""
    chart = """d1 10:00 | oxygen_device | simple_mask | d1 14:00
        d1 11:00 | attribution   | hypoxia:comfort
        d1 14:00 | oxygen_device | none        | d1 16:00
        d1 16:00 | oxygen_device | simple_mask"""
    expected = {"d1 13:00": "1", "d1 15:00": "1", "d1 17:00": "3"}
    assert over_time(chart, list(expected)) == expected


@pytest.mark.parametrize(
    "chart",
    [
        MASK,
        "d1 10:00 | oxygen_flow | 8",
        "d1 10:00 | spo2 | 80",
        "d1 10:00 | oxygen_device | bipap",
    ],
)
def test_it_covers_device_flow_and_saturation(chart: str) -> None:
    row = row_at(
        grade(f"{FEBRILE}\n{chart}\nd1 11:00 | attribution | hypoxia:disease | d1 20:00", "crs-astct-2019"), "d1 12:00"
    )
    assert (row.low, row.high) == (1, 1)
    assert row.charted_high is not None and row.charted_high > 1


def test_confirmed_support_counts_though_it_is_not_above_the_baseline() -> None:
    chart = "d-2 10:00 | oxygen_device | cpap \n d1 10:00 | oxygen_device | cpap"
    assert at_once(chart) == ("1", ("baseline_device",))
    assert at_once(f"{chart}\nd1 11:00 | attribution | hypoxia:crs | d1 20:00") == ("4", ())


RAISED = "d1 10:00 | {} | 2000 | d5 00:00 | ref_high=100"


@pytest.mark.parametrize(("organ", "charted"), [("creatinine", 4), ("bilirubin", 4), ("ast", 3), ("alt", 3)])
def test_organ_toxicity(organ: str, charted: int) -> None:
    chart = f"{WITH_LABORATORY}\n{ROOM_AIR}\n{RAISED.format(organ)}"
    attributed = f"{chart}\nd1 11:00 | attribution | organ_toxicity:drug | d1 13:00"
    row = row_at(grade(attributed, LEE), "d1 12:00")
    assert (row.low, row.high, row.charted_low, row.charted_high) == (1, 1, charted, charted)
    assert row_at(grade(attributed, LEE), "d1 13:00").low == charted
    confirmed = f"{chart}\nd1 11:00 | attribution | organ_toxicity:crs | d1 13:00"
    assert row_at(grade(confirmed, LEE), "d1 12:00").low == charted


def test_dialysis_is_organ_toxicity() -> None:
    chart = f"""{ROOM_AIR}
        d1 10:00 | dialysis    | continuous             | d5 00:00
        d1 11:00 | attribution | organ_toxicity:disease | d1 13:00"""
    assert over_time(chart, ["d1 10:30", "d1 12:00", "d1 13:00"], LABEL) == {
        "d1 10:30": "4", "d1 12:00": "1", "d1 13:00": "4",
    }  # fmt: skip
