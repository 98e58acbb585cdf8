"""A row charted in a word that nobody knows: any category is possible, none is taken for normal."""

import pytest

from spec.charts import ranges, well

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
