"""Fever (semantics 3). Calm patients: 1 is fever, 0 is none, `-` is unknown, as nothing else speaks for CRS."""

from dataclasses import replace

import pytest

from cytovigil.engine.measures.fever import fever
from cytovigil.engine.record import Record
from cytovigil.rules.fields import FEVER
from spec.charts import ADULT, SETTINGS, at, events, grade, row_at, shown
from spec.reasons import Reasons, rests_on

CRS = "crs-astct-2019"
CALM = "d0 08:00 | systolic_bp | 120 | d9 00:00 \n d0 08:00 | spo2 | 97 | d9 00:00 \n d9 00:00 | heart_rate | 90"


def seen(chart: str, *times: str) -> list[str]:
    graded = grade(f"{CALM}\n{chart}", CRS)
    return [shown(row_at(graded, time)) for time in times]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("38.0", "1"),
        ("37.99", "0"),
        (">37.99", "1"),
        (">37.9", "-"),
        ("<38", "0"),
        ("<38.01", "-"),
        ("37.5..38.5", "-"),
    ],
)
def test_from_38_0(value: str, expected: str) -> None:
    assert seen(f"d1 10:00 | temperature | {value}", "d1 10:00") == [expected]


def test_a_fever_counts_24_h_whatever_is_read_next() -> None:
    chart = "d1 10:00 | temperature | 38.5 \n d1 18:00 | temperature | 37.0 \n d2 06:00 | temperature | 37.0"
    assert seen(chart, "d1 10:00", "d1 19:00", "d2 09:59", "d2 10:00") == ["1", "1", "1", "0"]


def test_no_fever_holds_as_long_as_the_reading() -> None:
    assert seen("d1 10:00 | temperature | 37", "d1 09:59", "d1 10:00", "d2 01:59", "d2 02:00") == ["-", "0", "0", "-"]


def test_a_reading_with_an_end_holds_until_it() -> None:
    assert seen("d1 10:00 | temperature | 37 | d3 10:00", "d3 09:59", "d3 10:00") == ["0", "-"]


def test_after_the_24_h_the_latest_reading_is_no_longer_valid() -> None:
    assert seen("d1 10:00 | temperature | 38.5", "d2 09:59", "d2 10:00") == ["1", "-"]


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        ("d0 07:59 | temperature | 39", "-"),
        ("d0 07:59 | temperature | 37", "-"),
        ("d0 08:00 | temperature | 39", "1"),
        ("d0 07:59 | temperature | 39 \n d0 08:30 | temperature | 37", "0"),
    ],
)
def test_readings_before_the_infusion_say_nothing(chart: str, expected: str) -> None:
    assert seen(chart, "d0 09:00") == [expected]


@pytest.mark.parametrize(
    ("what", "second", "expected"),
    [
        ("a fever settles it", "d1 12:00 | temperature | 38.2", "1"),
        ("no fever does not: the first may have been one", "d1 12:00 | temperature | 37", "-"),
    ],
)
def test_after_a_reading_that_may_be_fever(what: str, second: str, expected: str) -> None:
    assert seen(f"d1 10:00 | temperature | <39 \n {second}", "d1 13:00") == [expected], what


def test_an_unknown_fever_asks_for_a_temperature() -> None:
    for chart in ("", "d1 10:00 | temperature | <39"):
        row = row_at(grade(f"{CALM}\n{chart}\nd1 10:00 | systolic_bp | 80", CRS), "d1 11:00")
        assert (shown(row), row.missing) == ("0..2", ("temperature",))


def test_the_site_may_set_limit_and_hours() -> None:
    site = replace(SETTINGS, fever_cel=38.3, fever_window_h=12)
    graded = grade(f"{CALM}\nd1 10:00 | temperature | 38.2\nd2 10:00 | temperature | 38.3", CRS, settings=site)
    times = ("d1 10:00", "d2 10:00", "d2 21:59", "d2 22:00")
    assert [shown(row_at(graded, time)) for time in times] == ["0", "1", "1", "0"]


@pytest.mark.parametrize(
    ("what", "readings", "expected"),
    [
        ("the highest fever of the 24 h", [("d1 09:00", "38.5"), ("d1 10:00", "39"), ("d1 11:00", "38.2")],
         ("yes", ["temperature@d1 10:00"], ())),
        ("the newest of equal ones", [("d1 09:00", "38.5"), ("d1 10:00", "38.5"), ("d1 11:00", "37")],
         ("yes", ["temperature@d1 10:00"], ())),
        ("the newest that may be fever", [("d1 09:00", "<39"), ("d1 10:00", "<39"), ("d1 11:00", "37")],
         ("no or yes", ["temperature@d1 10:00"], ("temperature",))),
        ("no fever: the newest reading", [("d1 09:00", "37"), ("d1 10:00", "37.5"), ("d1 11:00", "36.8")],
         ("no", ["temperature@d1 11:00"], ())),
        ("nothing", [], ("no or yes", [], ("temperature",))),
    ],
)  # fmt: skip
def test_what_it_rests_on(what: str, readings: list[tuple[str, str]], expected: Reasons) -> None:
    chart = "\n".join(f"{time} | temperature | {value}" for time, value in readings)
    assert rests_on(f"{CALM}\n{chart}", "fever") == expected, what


@pytest.mark.parametrize(
    ("fine", "times"),
    [
        (False, ["d1 10:00", "d1 20:00", "d2 21:00"]),
        (True, ["d1 10:00", "d1 16:00", "d1 20:00", "d1 21:00", "d2 21:00"]),
    ],
)
def test_rows_that_say_the_same_make_no_change_but_in_an_explanation(fine: bool, times: list[str]) -> None:
    readings = (("d1 10:00", "37"), ("d1 16:00", "37.1"), ("d1 20:00", "38"), ("d1 21:00", "38.5"), ("d2 20:00", "37"))
    rows = events("\n".join(f"{time} | temperature | {value} | d3 00:00" for time, value in readings))
    record = Record(ADULT._replace(infusion_time=at("d0 08:00")), rows, SETTINGS, fine=fine)
    found = fever(record, FEVER).times
    assert [time for time in found if at("d0 08:00") < time <= at("d2 21:00")] == [at(time) for time in times]
