"""Reading times: ISO 8601, Dutch print, clock changes, days of the site."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.model.times import DAY, HOUR, day_of, format_time, parse_time, start_of_day, start_of_day_after

ZONE = ZoneInfo("Europe/Amsterdam")
EIGHT = 1772434800  # 2026-03-02T08:00+01:00


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T08:00+01:00",
        "2026-03-02 08:00",
        "2026-03-02T07:00Z",
        "20260302T0800",
        "02-03-2026 08:00",
        "2-3-2026 8:00",
        "2026-03-02T08:00:00.900",
        "2026-03-02T07:00:00z",
        "2026-03-02T08:00+01",
        " 2026-03-02T08:00 ",
    ],
)
def test_forms(text: str) -> None:
    assert parse_time(text, ZONE) == (EIGHT, frozenset())


def test_a_date_is_noon_at_the_site() -> None:
    assert parse_time("2026-03-02", ZONE) == (EIGHT + 4 * HOUR, {"time_assumed"})
    assert parse_time("02-03-2026", ZONE).notes == {"time_assumed"}


def test_the_first_of_a_doubled_hour() -> None:
    found = parse_time("2026-10-25T02:30", ZONE)
    assert found.notes == {"doubled_hour"}
    assert found.seconds == parse_time("2026-10-25T02:30+02:00", ZONE).seconds


def test_a_missing_hour_shifts_forward() -> None:
    found = parse_time("2026-03-29T02:30", ZONE)
    assert found.notes == {"missing_hour"}
    assert found.seconds == parse_time("2026-03-29T03:30+02:00", ZONE).seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13-01",
        "2026-02-30T08:00",
        "1776-07-04",
        "2300-01-01",
        "2026-03-02T25:00",
        "46000.5",
        "08:00",
        "02-03-26",
        "1772434800",
        "2026-03-02T08:00+01:00 x",
        "00-00-2026",
        "9999-12-31",
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a |outside the years"):
        parse_time(text, ZONE)


def test_an_impossible_offset_is_no_time() -> None:
    with pytest.raises(ValueError, match="offset"):
        parse_time("2026-03-02T08:00+99:00", ZONE)


@given(st.integers(0, 4_000_000_000))
def test_format_round_trip(seconds: int) -> None:
    assert parse_time(format_time(seconds, ZONE), ZONE).seconds == seconds


def test_days_of_the_site() -> None:
    assert day_of(EIGHT - 8 * HOUR, ZONE) == date(2026, 3, 2)
    assert day_of(EIGHT - 8 * HOUR - 1, ZONE) == date(2026, 3, 1)
    assert start_of_day(date(2026, 3, 2), ZONE) == EIGHT - 8 * HOUR
    assert start_of_day_after(EIGHT, 1, ZONE) == EIGHT - 8 * HOUR + DAY
    assert (
        start_of_day_after(parse_time("2026-03-28", ZONE).seconds, 2, ZONE)
        == parse_time("2026-03-30T00:00", ZONE).seconds
    )
