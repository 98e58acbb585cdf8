"""A person says that a neurological sign has another cause (semantics 7)."""

import pytest

from spec.charts import ADULT, grade, ranges, row_at, shown

ICANS = "icans-astct-2019"
AWAKE = "d1 00:00 | consciousness | awake | d9 00:00"
WELL = f"{AWAKE}\n" + "\n".join(f"d{d} 08:00 | ice | 10 \n d{d} 20:00 | ice | 10" for d in range(1, 8))


@pytest.mark.parametrize(
    ("sign", "charted", "grade_charted"),
    [
        ("ice:disease", "d1 09:00 | ice | 5", 2),
        ("arousal:drug", "d1 09:00 | consciousness | voice | d1 19:00", 2),
        ("seizure:disease", "d1 09:00 | seizure | resolved", 3),
        ("motor_weakness:disease", "d1 09:00 | motor_weakness | deep_focal", 4),
        ("raised_icp:bleeding", "d1 09:00 | raised_icp | papilloedema", 4),
    ],
)
def test_each_sign(sign: str, charted: str, grade_charted: int) -> None:
    row = row_at(grade(f"{WELL}\n{charted}\nd1 10:00 | attribution | {sign} | d1 12:00", ICANS), "d1 11:00")
    assert (row.low, row.high, row.charted_low, row.charted_high) == (0, 0, grade_charted, grade_charted)


@pytest.mark.parametrize(
    ("what", "attribution", "expected"),
    [
        ("from its time, to its end", "d1 10:00 | attribution | ice:disease | d1 12:00",
         {"d1 09:59": "2", "d1 10:00": "0", "d1 11:59": "0", "d1 12:00": "2"}),
        ("without an end until the sign is known absent", "d1 10:00 | attribution | ice:disease",
         {"d1 19:59": "0", "d2 09:00": "2"}),
        ("of another sign", "d1 10:00 | attribution | arousal:disease | d1 12:00", {"d1 11:00": "2"}),
        ("confirmed", "d1 10:00 | attribution | ice:icans | d1 12:00", {"d1 11:00": "2"}),
        ("the one recorded last counts",
         ("d1 10:00 | attribution | ice:icans | d1 12:00 | recorded_at=d1 11:00;source_id=a"
         "\n d1 10:00 | attribution | ice:disease | d1 12:00 | recorded_at=d1 10:30"), {"d1 11:30": "2"}),
    ],
)  # fmt: skip
def test_how_long(what: str, attribution: str, expected: dict[str, str]) -> None:
    chart = f"{WELL}\nd1 09:00 | ice | 5\nd2 09:00 | ice | 5\n{attribution}"
    assert ranges(chart, ICANS, list(expected)) == expected, what


def test_without_an_end_at_most_72_h() -> None:
    chart = AWAKE + "".join(f"\nd{d} 08:00 | ice | 5" for d in range(1, 8)) + "\nd1 10:00 | attribution | ice:disease"
    expected = {"d1 10:00": "0", "d4 09:59": "0", "d4 10:00": "2"}
    assert ranges(chart, ICANS, list(expected)) == expected


@pytest.mark.parametrize(("cause", "expected"), [("baseline", "0"), ("icans", "1")])
def test_a_score_at_baseline_is_settled(cause: str, expected: str) -> None:
    chart = f"{AWAKE}\nd1 09:00 | ice | 9\nd1 09:30 | attribution | ice:{cause} | d1 20:00"
    row = row_at(grade(chart, ICANS, ADULT._replace(baseline_ice=9)), "d1 10:00")
    assert (shown(row), row.missing) == (expected, ())
    assert (row.charted_low, row.charted_high) == (0, 1)


def test_it_does_not_stand_in_for_an_assessment() -> None:
    """The ICE lapses after 24 h; the attribution goes on."""
    chart = f"{AWAKE}\nd1 09:00 | ice | 5\nd1 10:00 | attribution | ice:disease | d4 00:00\nd5 00:00 | heart_rate | 90"
    expected = {"d1 11:00": "0", "d2 08:59": "0", "d2 09:00": "-"}
    assert ranges(chart, ICANS, list(expected)) == expected


def test_a_culture_is_no_attribution() -> None:
    chart = f"{WELL}\nd1 09:00 | ice | 5\nd1 08:00 | culture | positive"
    assert ranges(chart, ICANS, ["d1 10:00"]) == {"d1 10:00": "2"}
