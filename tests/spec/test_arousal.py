"""Arousal: five ways to chart it (semantics 5)."""

import pytest

from spec.charts import grade, ranges, row_at

ICANS = "icans-astct-2019"


def shown_at(chart: str, time: str = "d1 10:00") -> str:
    """ICE does not count here: charted before, it is attributed away. What is left is arousal."""
    away = "d1 00:00 | attribution | ice:disease | d9 00:00 \n d1 00:00 | ice | 5"
    return ranges(f"{away}\n{chart}\nd5 00:00 | heart_rate | 90", ICANS, [time])[time]


@pytest.mark.parametrize(
    ("signal", "values"),
    [
        ("consciousness", {"awake": "0", "drowsy": "1", "voice": "2", "tactile": "3", "unarousable": "4"}),
        ("avpu", {"A": "0", "C": "0", "V": "2", "P": "3..4", "U": "4"}),
        ("rass", {"4": "0", "0": "0", "-1": "2", "-3": "2", "-4": "3", "-5": "4", "<-3": "3..4"}),
        ("gcs_eye", {"4": "0", "3": "2", "2": "3..4", "1": "4"}),
        ("gcs", {"15": "0", "14": "0..4", "9": "0..4", "8": "3..4", "3": "3..4"}),
    ],
)
def test_meaning(signal: str, values: dict[str, str]) -> None:
    assert {value: shown_at(f"d1 09:00 | {signal} | {value}") for value in values} == values


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("the newest counts", "d1 08:00 | consciousness | voice \n d1 09:00 | rass | 0", "0"),
        ("whatever its kind", "d1 08:00 | rass | 0 \n d1 09:00 | gcs_eye | 3", "2"),
        ("at one time consciousness first", "d1 09:00 | consciousness | tactile \n d1 09:00 | avpu | A", "3"),
        ("then AVPU", "d1 09:00 | avpu | V \n d1 09:00 | rass | -5", "2"),
        ("then RASS", "d1 09:00 | rass | -4 \n d1 09:00 | gcs_eye | 4", "3"),
        ("GCS total only alone, even when newer", "d1 08:00 | avpu | V \n d1 09:00 | gcs | 15", "2"),
        ("GCS total when the others are over", "d0 17:00 | avpu | V \n d1 09:00 | gcs | 15", "0"),
        ("valid 16 h", "d0 18:01 | consciousness | voice", "2"),
        ("and no longer: an ICE of 5 excludes unarousable", "d0 18:00 | consciousness | voice", "0..3"),
    ],
)
def test_order(what: str, chart: str, expected: str) -> None:
    assert shown_at(chart) == expected, what


@pytest.mark.parametrize(
    ("what", "ice", "expected"),
    [
        ("ICE 10 is awake", "d1 09:00 | ice | 10", "0"),
        ("1 or more excludes unarousable", "d1 09:00 | ice | 8", "1..3"),
        ("exactly 1 as well", "d1 09:00 | ice | 1", "3"),
        ("0 leaves it open", "d1 09:00 | ice | 0", "3..4"),
        ("perhaps 0", "d1 09:00 | ice | <3", "3..4"),
    ],
)
def test_without_a_row_ice_speaks(what: str, ice: str, expected: str) -> None:
    assert ranges(ice, ICANS, ["d1 10:00"]) == {"d1 10:00": expected}, what


def test_missing_arousal_is_named() -> None:
    assert row_at(grade("d1 09:00 | ice | 8", ICANS), "d1 10:00").missing == ("consciousness",)
    assert row_at(grade("d1 09:00 | ice | 8 \n d1 09:00 | avpu | P", ICANS), "d1 10:00").missing == ("consciousness",)


@pytest.mark.parametrize(
    ("newer", "expected"),
    [("consciousness | unarousable", "0..4"), ("avpu | U", "0..4"), ("rass | -5", "0..4"), ("gcs | 3", "0..4"),
     ("consciousness | awake", "0"),
     # at one time consciousness goes before RASS
     ("consciousness | awake \n d3 10:00 | rass | -3", "0"), ("consciousness | voice \n d3 10:00 | rass | 0", "0..4")],
)  # fmt: skip
def test_an_older_ice_does_not_wake_a_patient_charted_not_awake_since(newer: str, expected: str) -> None:
    chart = f"d3 08:00 | ice | 10\nd3 10:00 | {newer}"
    assert ranges(chart, "icans-astct-2019", ["d4 03:00"]) == {"d4 03:00": expected}
