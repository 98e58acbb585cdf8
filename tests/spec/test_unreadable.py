"""A row charted in a word that nobody knows: any category is possible, none is taken for normal."""

import pytest

from spec.charts import grade, ranges, well
from spec.counts_kit import NEUTROPHILS, PLATELETS, counts, summary

READABLE = f"{well(4)}\nd1 10:00 | temperature | 38.5"


@pytest.mark.parametrize(
    ("signal", "scale", "expected"),
    [
        ("oxygen_device", "crs-astct-2019", "1..4"),
        ("seizure", "icans-astct-2019", "0..4"),
        ("motor_weakness", "icans-astct-2019", "0..4"),
        ("raised_icp", "icans-astct-2019", "0..4"),
        ("sedation", "icans-astct-2019", "0..4"),
    ],
)
def test_an_unreadable_finding_is_unknown(signal: str, scale: str, expected: str) -> None:
    assert ranges(f"{READABLE}\nd1 11:00 | {signal} | ?", scale, ["d1 11:30"]) == {"d1 11:30": expected}


def test_unreadable_dialysis_may_be_continuous() -> None:
    laboratory = "\n".join(
        f"d-1 07:00 | {n} | 20\nd1 07:00 | {n} | 20" for n in ("creatinine", "bilirubin", "ast", "alt")
    )
    chart = f"{READABLE}\n{laboratory}\nd1 11:00 | dialysis | ?"
    assert ranges(chart, "crs-lee-2014-label", ["d1 10:30", "d1 11:30"]) == {"d1 10:30": "1", "d1 11:30": "1..4"}


def test_an_unreadable_device_before_infusion_is_no_baseline() -> None:
    chart = f"{READABLE}\nd-1 10:00 | oxygen_device | ?\nd1 11:00 | oxygen_device | cpap"
    assert ranges(chart, "crs-astct-2019", ["d1 11:30"]) == {"d1 11:30": "4"}


@pytest.mark.parametrize(("words", "expected"), [(("?", "resolved"), "3..4"), (("?", "prolonged"), "4")])
def test_an_unreadable_seizure_beside_a_known_one(words: tuple[str, str], expected: str) -> None:
    rows = "\n".join(f"d1 1{n}:00 | seizure | {word}" for n, word in enumerate(words))
    assert ranges(f"{READABLE}\n{rows}", "icans-astct-2019", ["d1 11:30"]) == {"d1 11:30": expected}


@pytest.mark.parametrize("words", [("?", "none"), ("none", "?")])
def test_at_one_time_an_unreadable_word_is_the_worse(words: tuple[str, str]) -> None:
    rows = "\n".join(f"d1 11:00 | oxygen_device | {word} | | source_id={n}" for n, word in enumerate(words))
    assert ranges(f"{READABLE}\n{rows}", "crs-astct-2019", ["d1 11:30"]) == {"d1 11:30": "1..4"}


LATE = "31-60: 2000, 70-100: 2000"


@pytest.mark.parametrize(
    ("what", "scale", "series", "signal", "grade"),
    [
        ("between low days it may be high, or low", "icaht-early-2023", "0-1: 800, 2-7: 200, 8: ?, 9-30: 800", NEUTROPHILS, "1..2"),
        ("among high days", "icaht-early-2023", "0-9: 800, 10: ?, 11-30: 800", NEUTROPHILS, "0..1"),
        ("days beside it are filled towards either", "icaht-early-2023", "0-9: 800, 16: ?, 23-30: 800", NEUTROPHILS, "0..2"),
        ("its day, with another count", "icaht-early-2023", "0-9: 800, 10: ?, 11-30: 800", "both", "0..1"),
        ("the program has no such day", "icaht-early-liang-2024", "0-9: 800, 10: ?, 11-30: 800", NEUTROPHILS, "0"),
        ("the lowest and the second may be it", "icaht-late-2023", f"{LATE}, 65: ?, 66: 1400", NEUTROPHILS, "0..4"),
        ("of high counts one more is asked for", "icaht-late-2023", f"{LATE}, 65: ?", NEUTROPHILS, "0"),
        ("the program has none", "icaht-late-liang-2024", f"{LATE}, 65: ?, 66-67: 1400", NEUTROPHILS, "1"),
        ("nothing else was charted", "icaht-late-2023", "65: ?", NEUTROPHILS, "-"),
        ("platelets", "t-icaht-early-2025", "0-9: 80, 10: ?, 11-30: 80", PLATELETS, "0..3"),
        ("platelets, late", "t-icaht-late-2025", "31-60: 120, 65: ?, 66: 90", PLATELETS, "0..3"),
        ("the authors' code has no such day", "t-icaht-early-2025-authors", "0-9: 80, 10: ?, 11-37: 80", PLATELETS, "0"),
    ],
)  # fmt: skip
def test_a_count_that_cannot_be_read_leaves_its_day_open(
    what: str, scale: str, series: str, signal: str, grade: str
) -> None:
    others = "\nd10 15:00 | neutrophils | 0.8" if signal == "both" else ""
    chart = (
        counts(series, signal=NEUTROPHILS if signal == "both" else signal) + others + "\nd110 09:00 | heart_rate | 80"
    )
    assert summary(chart, scale) == grade, what


def test_beside_the_grade_its_day_is_one_without_a_count() -> None:
    chart = counts("0-9: 800, 10: ?, 12-30: 800") + "\nd9 09:00 | filgrastim | 300\nd33 09:00 | heart_rate | 80"
    row = grade(chart, "icaht-early-2023").cytopenia[0]
    assert (row.days_counted, row.days_imputed, row.days_missing, row.gcsf_days) == (29, 1, 1, 1)
    assert (row.longest_low, row.longest_high) == (0, 2)


def test_a_count_that_cannot_be_read_hides_no_other_and_ends_none() -> None:
    """It is a day of the grid and nothing else: CTCAE and the scores look at the newest count that can be read."""
    chart = "d1 09:00 | neutrophils | 0.4\nd2 09:00 | neutrophils | ?"
    assert ranges(chart, "ctcae-v5-neutrophils", ["d2 10:00"]) == {"d2 10:00": "4"}


def test_a_count_that_is_corrected_can_be_read() -> None:
    rows = [
        f"d10 09:00 | neutrophils | {value} | | source_id=a;recorded_at=d{day} 10:00"
        for value, day in (("?", 10), ("0.8", 11))
    ]
    chart = counts("0-9: 800, 11-30: 800") + "\nd33 09:00 | heart_rate | 80\n"
    assert [summary(chart + "\n".join(rows[:n]), "icaht-early-2023") for n in (1, 2)] == ["0..1", "0"]
    back = rows[0].replace("d10 10:00", "d12 10:00")
    assert summary(f"{chart}{rows[1]}\n{back}", "icaht-early-2023") == "0..1"
