"""Table cytopenia: days beside the grade, how much was imputed, growth factor and transfusion."""

import pytest

from cytovigil.model.settings import from_site
from spec.charts import ADULT, at, grade
from spec.counts_kit import PLATELETS, counts

EARLY = "icaht-early-2023"


def test_one_row_a_threshold() -> None:
    found = grade(counts("3-7: 300, 8-10: 900, 11-15: 300, 20: 90", "2000"), EARLY).cytopenia
    assert [(row[2], row[3], row[4]) for row in found] == [(EARLY, 0.5, "10*9/L"), (EARLY, 0.1, "10*9/L")]
    assert [row[5:9] for row in found] == [(5, 5, 11, 11), (1, 1, 1, 1)], "V09: longest 5, in all 10, and day 20"
    assert [row[9:13] for row in found] == [(31, 0, 0, 0.0)] * 2


def test_unstable_recovery_counts_in_both() -> None:
    assert grade(counts("3-7: 300, 8-9: 900, 10-14: 300", "2000"), EARLY).cytopenia[0][5:9] == (12, 12, 12, 12)


@pytest.mark.parametrize(
    ("what", "series", "expected"),
    [
        ("weekly", "0: 1800, 3: 450, 10: 420, 17: 380, 24: 700, 30: 1500", (6, 25, 0, 0.806)),
        ("9 days missing", "0: 1800, 3: 450, 4: 400, 14: 450, 15: 900, 22: 1500, 30: 2000", (7, 15, 9, 0.682)),
        ("ends carried", "2: 400, 3: 400, 4: 400, 10-28: 900", (22, 9, 0, 0.29)),
        ("ends too long", "8-22: 400", (15, 0, 16, 0.0)),
        ("two on one day", "0-30: 400", (31, 0, 0, 0.0)),
    ],
)
def test_days_counted_imputed_and_missing(what: str, series: str, expected: tuple[float, ...]) -> None:
    chart = counts(series) + "\nd33 09:00 | heart_rate | 80\nd30 15:00 | heart_rate | 80"
    assert grade(chart, EARLY).cytopenia[0][9:13] == expected, what


def test_before_the_end_days_to_come_are_not_missing() -> None:
    row = grade(counts("0: 1800, 1: 900, 5: 150"), EARLY).cytopenia[0]
    assert row[5:13] == (2, 27, 2, 27, 3, 3, 0, 0.5), "day 2 is 712.5, day 3 525"


def test_after_death_there_are_no_days() -> None:
    row = grade(counts("0: 1800, 1: 900, 5: 150"), EARLY, ADULT._replace(death_time=at("d7 20:00"))).cytopenia[0]
    assert row[5:13] == (4, 4, 4, 4, 3, 5, 0, 0.625)


def test_as_of_a_time() -> None:
    row = grade(counts("0-20: 300"), EARLY, as_of="d5 10:00").cytopenia[0]
    assert (row.days_counted, row.longest_low, row.low, row.high) == (6, 6, 1, 4)


def test_scales_that_do_not_count_days_leave_them_empty() -> None:
    found = grade(counts("40: 1500, 50: 900, 51: 800"), "icaht-late-2023").cytopenia
    assert [row.threshold for row in found] == [1.5, 1.0, 0.5, 0.1]
    assert {row[5:13] for row in found} == {(None, None, None, None, 3, None, None, None)}
    late = grade(counts("40: 15, 50: 15, 54: 30", "", 0, PLATELETS), "t-icaht-late-2025").cytopenia
    assert [row[3:9] for row in late] == [
        (100.0, "10*9/L", None, None, None, None),
        (50.0, "10*9/L", None, None, None, None),
        (20.0, "10*9/L", 2, 12, 3, 12),
    ]
    assert {row[9:13] for row in late} == {(3, 3, 9, 0.5)}, "from the first count to the last"


def test_no_row_without_a_grade_or_of_other_scales() -> None:
    assert grade("d1 09:00 | heart_rate | 80", EARLY).cytopenia == ()
    assert grade("d1 09:00 | temperature | 39", "crs-astct-2019").cytopenia == ()


@pytest.mark.parametrize(
    ("what", "row", "growth", "transfusion"),
    [
        ("nothing", "", 0, 0),
        ("filgrastim on day 5", "d5 10:00 | filgrastim | 300", 3, 0),
        ("at the time of a count", "d5 09:00 | filgrastim | 300", 3, 0),
        ("until it ends", "d5 10:00 | filgrastim | 300 | d7 08:00", 4, 0),
        ("pegfilgrastim", "d5 10:00 | pegfilgrastim | 6", 3, 0),
        ("amount unknown", "d5 10:00 | filgrastim | ?", 3, 0),
        ("none given", "d5 10:00 | filgrastim | 0", 0, 0),
        ("not to the whole body", "d5 10:00 | filgrastim | 300 | | route=topical", 0, 0),
        ("platelets", "d5 10:00 | platelet_transfusion | 1", 0, 3),
        ("red cells", "d5 10:00 | red_cells | 1", 0, 0),
        ("after the last count", "d30 10:00 | filgrastim | 300", 0, 0),
    ],
)
def test_growth_factor_and_transfusion_within_72_hours(what: str, row: str, growth: int, transfusion: int) -> None:
    chart = counts("2-9: 400", "2000") + f"\n{row}\nd7 20:00 | neutrophils | 0.4"
    found = grade(chart, EARLY).cytopenia
    assert {(one.gcsf_days, one.transfusion_days) for one in found} == {(growth, transfusion)}, what


def test_attributions_are_no_counts_and_the_hours_are_a_setting() -> None:
    rows = "\nd5 10:00 | filgrastim | 300\nd5 12:00 | attribution | cytopenia:drug | d6 20:00"
    chart = counts("5-6: 400, 20-30: 2000") + rows
    assert grade(chart, EARLY).cytopenia[0].gcsf_days == 1
    chart = counts("2-9: 400", "2000") + rows
    assert grade(chart, EARLY, settings=from_site({"support_h": 24})).cytopenia[0].gcsf_days == 1
