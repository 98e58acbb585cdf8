"""Fever and febrile neutropenia of CTCAE: single readings, spells of readings, attribution, what is not known."""

import pytest

from cytovigil.engine.reference import grade_course
from cytovigil.logic.ladder import OUR_READING
from cytovigil.model.events import Course
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES
from rules.ctcae_kit import PATIENT, START, graded, row
from spec.charts import grade, ranges, row_at
from spec.test_ctcae import fact_at

FEVER, NEUTROPENIC = "ctcae-v5-temperature", "ctcae-v6-febrile-neutropenia"
LOW = "d1 06:00 | neutrophils | 0.9\n"


def readings(*pairs: tuple[str, str]) -> str:
    return "\n".join(f"{time} | temperature | {value}" for time, value in pairs)


@pytest.mark.parametrize("edition", ["v5", "v6"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [("37.99", "0"), ("38.0", "1"), ("39.0", "1"), ("39.01", "2"), ("40.0", "2"), ("40.01", "3")],
)
def test_fever(edition: str, value: str, expected: str) -> None:
    chart = readings(("d1 08:00", value))
    assert ranges(chart, f"ctcae-{edition}-temperature", ["d1 09:00"]) == {"d1 09:00": expected}


@pytest.mark.parametrize(
    ("value", "expected"), [("100.3", 0), ("100.4", 1), ("102.2", 1), ("102.3", 2), ("104.0", 2), ("104.1", 3)]
)
def test_fever_in_fahrenheit(value: str, expected: int) -> None:
    assert graded(FEVER, row("temperature", value, "[degF]", START + 3600)) == (expected, expected)


def test_a_day_above_104_fahrenheit_begins_above_it() -> None:
    """104.0 is not above 104: the spell begins with the reading after it."""
    for first, expected in (("104.0", 3), ("104.1", 4)):
        hours = zip((0, 12, 24, 24.1), (first, "104.1", "104.1", "104.1"), strict=True)
        rows = tuple(row("temperature", value, "[degF]", START + int(hour * 3600)) for hour, value in hours)
        (found,) = grade_course(Course((PATIENT,), rows), [SCALES[FEVER]], Settings())
        assert found.summaries[FEVER].high == expected


@pytest.mark.parametrize(
    ("what", "pairs", "time", "expected"),
    [
        ("just 24 h", (("d1 08:00", "40.1"), ("d1 20:00", "40.1"), ("d2 08:00", "40.1")), "d2 09:00", "3"),
        ("a minute more", (("d1 08:00", "40.1"), ("d1 20:00", "40.1"), ("d2 08:01", "40.1")), "d2 09:00", "4"),
        ("and nothing after it is assumed", (("d1 08:00", "40.1"), ("d1 20:00", "40.1")), "d2 11:59", "3"),
        ("40.0 between them", (("d1 08:00", "40.1"), ("d1 20:00", "40.0"), ("d2 08:01", "40.1")), "d2 09:00", "3"),
        ("16 h apart: the first is valid till then", (("d1 08:00", "41"), ("d2 00:00", "41"), ("d2 16:00", "41")),
         "d2 16:00", "4"),
        ("a minute longer: nobody knows", (("d1 08:00", "41"), ("d2 00:01", "41"), ("d2 16:00", "41")), "d2 16:00",
         "3"),
        ("a bound in between", (("d1 08:00", "41"), ("d1 20:00", "39.5..41"), ("d2 09:00", "41")), "d2 09:00", "3..4"),
        ("a bound at the end", (("d1 08:00", "41"), ("d1 20:00", "41"), ("d2 09:00", "39.5..41")), "d2 09:00", "2..4"),
    ],
)  # fmt: skip
def test_above_40_for_a_day(what: str, pairs: tuple[tuple[str, str], ...], time: str, expected: str) -> None:
    assert ranges(readings(*pairs), FEVER, [time]) == {time: expected}, what


@pytest.mark.parametrize("edition", ["v5", "v6"])
@pytest.mark.parametrize(
    ("what", "neutrophils", "pairs", "expected"),
    [
        ("38.3 once", "0.9", (("d1 08:00", "38.3"),), "0"),
        ("38.4 once", "0.9", (("d1 08:00", "38.4"),), "3"),
        ("38.31 once", "0.9", (("d1 08:00", "38.31"),), "3"),
        ("38.0 for 60 min", "0.9", (("d1 08:00", "38.0"), ("d1 09:00", "38.0")), "0"),
        ("38.0 for 61 min", "0.9", (("d1 08:00", "38.0"), ("d1 09:01", "38.0")), "3"),
        ("37.99 at the end", "0.9", (("d1 08:00", "38.0"), ("d1 09:01", "37.99")), "0"),
        ("37.99 between", "0.9", (("d1 08:00", "38.0"), ("d1 08:30", "37.9"), ("d1 09:01", "38")), "0"),
        ("counted from the first of three", "0.9", (("d1 08:00", "38"), ("d1 08:30", "38"), ("d1 09:01", "38")), "3"),
        ("38.4, then 38.0", "0.9", (("d1 08:00", "38.4"), ("d1 08:30", "38.0")), "3"),
        ("38.4, then 37.9, then 38.0", "0.9", (("d1 08:00", "38.4"), ("d1 08:30", "37.9"), ("d1 09:00", "38")), "0"),
        ("neutrophils of 1.0", "1.0", (("d1 08:00", "40"),), "0"),
        ("neutrophils of 0.999", "0.999", (("d1 08:00", "40"),), "3"),
        ("a bound of neutrophils", "0.5..1.5", (("d1 08:00", "40"),), "0..3"),
        ("a bound of temperature", "0.9", (("d1 08:00", ">38"),), "0..3"),
        ("a bound that only begins the hour", "0.9", (("d1 08:00", "37.5..38.2"), ("d1 09:01", "38.0")), "0..3"),
    ],
)
def test_febrile_neutropenia(
    edition: str, what: str, neutrophils: str, pairs: tuple[tuple[str, str], ...], expected: str
) -> None:
    chart = f"d1 06:00 | neutrophils | {neutrophils}\n{readings(*pairs)}"
    found = ranges(chart, f"ctcae-{edition}-febrile-neutropenia", ["d1 09:30"])
    assert found == {"d1 09:30": expected}, what


def test_the_limits_in_fahrenheit_are_those_printed() -> None:
    """101 degrees F are 38.33 Cel, but the text prints 101 for 38.3."""
    low = row("neutrophils", "0.4", "10*9/L", START)
    assert graded(NEUTROPENIC, low, row("temperature", "101.0", "[degF]", START + 3600)) == (0, 0)
    assert graded(NEUTROPENIC, low, row("temperature", "101.1", "[degF]", START + 3600)) == (3, 3)
    hot = [row("temperature", "100.4", "[degF]", START + minutes * 60) for minutes in (10, 71)]
    assert graded(NEUTROPENIC, low, *hot) == (3, 3)
    assert graded(NEUTROPENIC, low, row("temperature", "100.3", "[degF]", START + 600), hot[1]) == (0, 0)


def test_it_holds_until_a_lower_reading_or_the_end_of_its_validity() -> None:
    chart = LOW + readings(("d1 08:00", "38.4"), ("d1 20:00", "37.9"), ("d2 08:00", "39"))
    expected = {"d1 07:59": "0..3", "d1 08:00": "3", "d1 19:59": "3", "d1 20:00": "0", "d2 08:00": "3",
                "d2 23:59": "3", "d3 00:00": "0..3", "d4 06:00": "-"}  # fmt: skip
    assert ranges(f"{chart}\nd5 08:00 | heart_rate | 80", NEUTROPENIC, list(expected)) == expected


@pytest.mark.parametrize(
    ("what", "chart", "expected", "missing"),
    [
        ("no count", readings(("d1 08:00", "39")), "0..3", ("neutrophils",)),
        ("no reading", LOW, "0..3", ("temperature",)),
        ("no fever", readings(("d1 08:00", "37")), "0", ()),
        ("enough neutrophils", "d1 08:00 | neutrophils | 3", "0", ()),
        ("only a reading before the infusion", LOW + "d0 07:00 | temperature | 39 | d2 00:00", "0..3",
         ("temperature",)),
        ("a bound", LOW + readings(("d1 08:00", ">38")), "0..3", ("temperature",)),
    ],
)  # fmt: skip
def test_what_is_not_known(what: str, chart: str, expected: str, missing: tuple[str, ...]) -> None:
    graded_ = grade(chart, NEUTROPENIC)
    found = row_at(graded_, "d1 09:00")
    assert (ranges(chart, NEUTROPENIC, ["d1 09:00"])["d1 09:00"], found.missing) == (expected, missing), what


def test_fever_is_not_observed_without_a_valid_reading() -> None:
    chart = readings(("d0 07:00", "39"), ("d1 08:00", "39")) + "\nd3 08:00 | heart_rate | 80"
    expected = {"d0 09:00": "-", "d1 08:00": "1", "d1 23:59": "1", "d2 00:00": "-"}
    assert ranges(chart, FEVER, list(expected)) == expected


@pytest.mark.parametrize("edition", ["v5", "v6"])
@pytest.mark.parametrize("cause", ["infection", "crs", "other"])
def test_a_reading_counts_whatever_its_cause(edition: str, cause: str) -> None:
    chart = f"{LOW}{readings(('d1 08:00', '39.5'))}\nd1 07:00 | attribution | fever:{cause} | d1 12:00"
    for scale, expected in (("temperature", 2), ("febrile-neutropenia", 3)):
        found = row_at(grade(chart, f"ctcae-{edition}-{scale}"), "d1 09:00")
        assert (found.low, found.high, found.charted_low, found.charted_high) == (expected,) * 4, scale


def test_an_attributed_reading_stays_in_its_spell() -> None:
    pairs = readings(("d1 08:00", "38.0"), ("d1 08:30", "38.0"), ("d1 09:01", "38.0"))
    chart = f"{LOW}{pairs}\nd1 08:20 | attribution | fever:infection | d1 08:40"
    assert ranges(chart, NEUTROPENIC, ["d1 09:30"]) == {"d1 09:30": "3"}
    pairs = readings(("d1 08:00", "40.1"), ("d1 20:00", "40.1"), ("d2 08:01", "40.1"))
    chart = f"{pairs}\nd1 19:00 | attribution | fever:infection | d1 21:00"
    assert ranges(chart, FEVER, ["d2 09:00"]) == {"d2 09:00": "4"}


def test_an_attributed_cytopenia_counts_all_the_same() -> None:
    chart = f"{LOW}{readings(('d1 08:00', '39'))}\nd1 07:00 | attribution | cytopenia:disease | d1 12:00"
    found = ranges(chart, NEUTROPENIC, ["d1 09:00", "d1 12:00"])
    assert found == {"d1 09:00": "3", "d1 12:00": "3"}


@pytest.mark.parametrize("edition", ["v5", "v6"])
def test_what_febrile_neutropenia_rests_on(edition: str) -> None:
    (ladder,) = SCALES[f"ctcae-{edition}-febrile-neutropenia"].domains
    assert [(rung.grade, rung.status) for rung in ladder.rungs] == [(3, OUR_READING)]


def test_no_grade_5_without_a_cause_that_says_so() -> None:
    chart = f"{LOW}{readings(('d1 08:00', '41'))}\nd1 10:00 | death | infection"
    for scale in (FEVER, NEUTROPENIC):
        assert grade(chart, scale).summaries[scale][:2] == (3, 3)


def test_the_rows_that_say_so() -> None:
    """The peak, or the first and the newest of a spell; else the newest reading."""
    assert used("38.4", "38.0", "38.1") == ["38.4"]
    assert used("38.0", "38.2", "38.1") == ["38.0", "38.1"]
    assert used("38.0", "37.0", "38.1") == ["38.1"]
    assert used("38.0", "37.9..38.2", "38.1") == ["38.0", "38.1"]


def test_a_known_fact_misses_nothing() -> None:
    for value, missing in (("38.4", ()), ("38.2", ()), (">38", ("temperature",))):
        fact = fact_at(readings(("d1 08:00", value)), NEUTROPENIC, "febrile", "d1 09:00")
        assert tuple(fact.missing) == missing, value


def used(*values: str) -> list[str]:
    chart = readings(*zip(("d1 08:00", "d1 08:30", "d1 09:01"), values, strict=True))
    return [one.shown for one in fact_at(chart, NEUTROPENIC, "febrile", "d1 09:30").because]
