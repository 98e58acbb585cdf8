"""Episodes of ICANS: open at low 1, end when 0 is known for 24 h, reopen within 48 h (semantics 5)."""

import pytest

from spec.charts import at, grade

ICANS = "icans-astct-2019"
AWAKE = "d0 09:00 | consciousness | awake | d19 00:00"


def ices(*scores: tuple[str, int]) -> str:
    return AWAKE + "".join(f"\n{time} | ice | {score}" for time, score in scores)


def days(first: int, last: int, score: int = 10) -> list[tuple[str, int]]:
    return [(f"d{day} {hour}:00", score) for day in range(first, last + 1) for hour in ("08", "20")]


def spans(chart: str, as_of: str = "") -> list[tuple[int, int | None, int | None]]:
    return [(e.onset, e.end, e.confirmed) for e in grade(chart, ICANS, as_of=as_of).episodes]


def when(*times: str | None) -> tuple[int | None, ...]:
    return tuple(at(time) if time else None for time in times)


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("no low of 1, no episode", ices(*days(1, 4), ("d2 09:00", 10)) + "\nd2 12:00 | ice | >7", []),
        ("0 for 24 h ends it, 48 h confirm it", ices(("d1 08:00", 5), *days(2, 6)),
         [("d1 08:00", "d2 08:00", "d4 08:00")]),
        ("0 for less than 24 h does not", ices(("d1 08:00", 5), ("d1 20:00", 10), ("d2 19:00", 8), *days(3, 7)),
         [("d1 08:00", "d3 08:00", "d5 08:00")]),
        ("again within 48 h: the same episode", ices(("d1 08:00", 5), *days(2, 3), ("d4 07:59", 8), *days(5, 9)),
         [("d1 08:00", "d5 08:00", "d7 08:00")]),
        ("again at 48 h: a new one", ices(("d1 08:00", 5), *days(2, 3), ("d4 08:00", 8), *days(5, 9)),
         [("d1 08:00", "d2 08:00", "d4 08:00"), ("d4 08:00", "d5 08:00", "d7 08:00")]),
        ("unobserved is not 0", ices(("d1 20:00", 10), *days(4, 8)) + "\nd1 21:00 | seizure | resolved | d1 22:00",
         [("d1 21:00", "d4 08:00", "d6 08:00")]),
        ("a range is not 0",
         ices(("d1 08:00", 5), ("d1 20:00", 10)) + "\nd2 08:00 | ice | >7" + ices(*days(3, 7))[len(AWAKE):],
         [("d1 08:00", "d3 08:00", "d5 08:00")]),
    ],
)  # fmt: skip
def test_when(what: str, chart: str, expected: list[tuple[str | None, ...]]) -> None:
    assert spans(chart) == [when(*row) for row in expected], what


def test_ongoing_until_0_is_known_for_24_h() -> None:
    chart = ices(("d1 08:00", 5), *days(2, 6))
    (one,) = grade(chart, ICANS, as_of="d3 07:00").episodes
    assert (one.ongoing, one.end, one.duration_days) == (True, None, None)
    (one,) = grade(chart, ICANS, as_of="d3 09:00").episodes
    assert (one.ongoing, one.end, one.confirmed, one.duration_days) == (False, at("d2 08:00"), None, 1.0)


def test_what_an_episode_tells() -> None:
    chart = (
        ices(("d1 08:00", 8), ("d1 16:00", 5), *days(3, 7))
        + """
        d1 16:00 | dexamethasone | 10
        d1 17:00 | levetiracetam | 500
        d1 17:00 | paracetamol   | 1000
        d5 17:00 | methylprednisolone | 100"""
    )
    (one,) = grade(chart, ICANS).episodes
    assert (one.onset_day, one.duration_days, one.peak_time) == (1, 2.0, at("d1 16:00"))
    assert (one.peak_low, one.peak_high, one.charted_peak_low, one.charted_peak_high) == (2, 2, 2, 2)
    assert one.treatments == ("dexamethasone", "levetiracetam")
    assert one.unobserved_h == 16.0  # the ICE of d1 16:00 lapses d2 16:00
    assert one.flags == ("ice_due", "unobserved_in_episode")


def test_charted_peak_is_without_attributions() -> None:
    chart = (
        ices(("d1 08:00", 8), *days(2, 6))
        + """
        d1 12:00 | seizure     | resolved
        d1 12:00 | attribution | seizure:disease | d3 00:00"""
    )
    (one,) = grade(chart, ICANS).episodes
    assert (one.peak_low, one.peak_high, one.charted_peak_low, one.charted_peak_high) == (1, 1, 3, 3)


def test_held_grade_keeps_it_open() -> None:
    chart = ices(("d1 08:00", 5), *days(4, 8)) + "\nd1 20:00 | sedation | sedated | d3 12:00"
    (one,) = grade(chart, ICANS).episodes
    assert one.end == at("d4 08:00")
    assert "held_under_sedation" in one.flags
