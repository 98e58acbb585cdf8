"""Null is not 0: when a scale is observed (semantics 1)."""

import pytest

from spec.charts import grade, ranges, row_at

CRS, ICANS = "crs-astct-2019", "icans-astct-2019"
NOW = "d1 10:00"
LATER = "\nd5 09:00 | heart_rate | 90"


@pytest.mark.parametrize(
    ("what", "chart", "shown"),
    [
        ("nothing charted", "d1 09:00 | heart_rate | 90", "-"),
        ("temperature, pressure, saturation",
         "d1 09:00 | temperature | 37 \n d1 09:00 | systolic_bp | 120 \n d1 09:00 | spo2 | 97", "0"),
        ("pressure and saturation, fever unknown", "d1 09:00 | systolic_bp | 120 \n d1 09:00 | spo2 | 97", "-"),
        ("fever unknown, hypotension certain", "d1 09:00 | systolic_bp | 80 \n d1 09:00 | spo2 | 97", "0..2"),
        ("fever unknown, hypoxia certain",
         "d1 09:00 | oxygen_device | simple_mask \n d1 09:00 | systolic_bp | 120", "0..3"),
        ("only a vasopressor runs", "d1 09:00 | norepinephrine | 4/min", "0..4"),
        ("only a vasopressor runs, on room air",
         "d1 09:00 | norepinephrine | 4/min \n d1 09:00 | spo2 | 97", "0..3"),
        ("temperature before the infusion only", "d0 07:59 | temperature | 39 \n d0 07:59 | systolic_bp | 120", "-"),
    ],
)  # fmt: skip
def test_crs(what: str, chart: str, shown: str) -> None:
    assert ranges(chart + LATER, CRS, [NOW]) == {NOW: shown}, what


@pytest.mark.parametrize(
    ("what", "chart", "shown"),
    [
        ("nothing charted", "d1 09:00 | heart_rate | 90", "-"),
        ("ICE", "d1 09:00 | ice | 10", "0"),
        ("one item of ICE, 10 minutes ago", "d1 09:50 | ice_orientation | 4 \n d1 09:50 | avpu | A", "0..2"),
        ("CAPD", "d1 09:00 | capd | 0 \n d1 09:00 | avpu | A", "0"),
        ("awake alone is not a sign", "d1 09:00 | consciousness | awake", "-"),
        ("drowsy", "d1 09:00 | consciousness | drowsy", "1..4"),
        ("arousal unclear, worse than awake", "d1 09:00 | avpu | P", "3..4"),
        ("seizure", "d1 09:00 | seizure | resolved", "3..4"),
        ("mild weakness", "d1 09:00 | motor_weakness | mild", "0..4"),
        ("deep focal weakness", "d1 09:00 | motor_weakness | deep_focal", "4"),
        ("focal oedema", "d1 09:00 | raised_icp | focal_oedema", "3..4"),
        ("sedated", "d1 09:00 | sedation | sedated", "0..4"),
        ("ventilated", "d1 09:00 | oxygen_device | invasive_ventilation", "0..4"),
    ],
)  # fmt: skip
def test_icans(what: str, chart: str, shown: str) -> None:
    assert ranges(chart + LATER, ICANS, [NOW]) == {NOW: shown}, what


def test_nothing_valid_is_flagged_and_tells_what_to_chart() -> None:
    chart = "d1 09:00 | ice | 10 \n d1 09:00 | temperature | 37 \n d1 09:00 | systolic_bp | 120"
    for scale, late, missing in ((CRS, "d2 01:00", "temperature"), (ICANS, "d2 09:00", "ice")):
        row = row_at(grade(chart + LATER, scale), late)
        assert (row.low, row.high, row.charted_low, row.charted_high) == (None,) * 4
        assert row.flags == ("not_observed",)
        assert missing in row.missing


def test_other_instrument_gives_way_to_ice_without_a_gap() -> None:
    chart = "d1 08:00 | capd | 0 \n d1 09:00 | ice | 10 \n d1 08:00 | consciousness | awake"
    assert ranges(chart, ICANS, ["d1 08:30", "d1 09:00", "d1 12:00"]) == dict.fromkeys(
        ["d1 08:30", "d1 09:00", "d1 12:00"], "0"
    )


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("a fluid bolus, while it tells hypotension", "d1 10:00 | fluid_bolus | 500",
         {"d1 09:59": "-", "d1 10:00": "0..4", "d1 15:59": "0..4", "d1 16:00": "-"}),
        ("from its end", "d1 10:00 | fluid_bolus | 500 | d1 12:00", {"d1 17:59": "0..4", "d1 18:00": "-"}),
        ("a drug that stopped is not looking, though the fever counts",
         "d0 12:00 | norepinephrine | 4/min | d0 20:00 \n d0 13:00 | phenylephrine | 4/min"
         "\n d0 20:00 | phenylephrine | stopped \n d1 10:00 | temperature | 39", {"d2 01:59": "1..4", "d2 02:00": "-"}),
    ],
)  # fmt: skip
def test_drugs_as_looking(what: str, chart: str, expected: dict[str, str]) -> None:
    assert ranges(chart + LATER, CRS, list(expected)) == expected, what
