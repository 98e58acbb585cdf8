"""T-ICAHT early and late, by the published table and by its authors' code (semantics 6)."""

import pytest

from cytovigil.logic.ladder import OUR_READING, SOURCE_READ
from cytovigil.rules import SCALES
from spec.charts import ADULT, at, grade
from spec.counts_kit import PLATELETS, at_times, counts, days_of, summary

EARLY, EARLY_CODE = "t-icaht-early-2025", "t-icaht-early-2025-authors"
LATE, LATE_CODE = "t-icaht-late-2025", "t-icaht-late-2025-authors"
WELL = "90"


def platelets(series: str, others: str = "", days: int = 38) -> str:
    return counts(series, others, days, PLATELETS)


@pytest.mark.parametrize(
    ("what", "series", "table", "code"),
    [
        ("T1 40 on 6 days", "5-10: 40", "1", "1"),
        ("T2 40 on 7 days", "5-11: 40", "2", "2"),
        ("T3 19 on one day", "9: 19", "3", "3"),
        ("15 on 13 days", "5-17: 15", "3", "3"),
        ("T4 15 on 14 days", "5-18: 15", "4", "4"),
        ("T5 50 on 10 days", "5-14: 50", "0", "2"),
        ("50.1", "5-14: 50.1", "0", "0"),
        ("20 on one day", "5: 20", "1", "3"),
        ("49.9 on one day", "5: 49.9", "1", "1"),
        ("T6 gaps of 4 days", "4-10: 12, 11-14: 30, 15-21: 12", "3", "4"),
        ("a gap of 2 days is joined", "4-6: 40, 9-10: 40", "2", "2"),
        ("of 3 days by the code alone", "4-6: 40, 10-12: 40", "1", "2"),
        ("of 6 days by the code", "4: 40, 11: 40", "1", "2"),
        ("of 7 days by none", "4-6: 40, 14-15: 40", "1", "1"),
        ("days 31 to 37", "31-37: 40", "0", "2"),
        ("day 38", "38: 15", "0", "0"),
        ("well", "", "0", "0"),
    ],
)
def test_early_daily_counts(what: str, series: str, table: str, code: str) -> None:
    chart = platelets(series, WELL)
    assert (summary(chart, EARLY), summary(chart, EARLY_CODE)) == (table, code), what


@pytest.mark.parametrize(
    ("what", "series", "table", "code"),
    [
        ("7 missing days, on the line or the mean", "0-3: 90, 4: 30, 12: 60, 13-37: 90", "1", "2"),
        ("8 missing days may be anything", "0-3: 90, 4: 30, 13: 60, 14-37: 90", "1..3", "2"),
        ("the mean is exactly 50", "0-3: 90, 4: 30, 12: 70, 13-37: 90", "1", "2"),
        ("the mean is above 50", "0-3: 90, 4: 30, 12: 70.1, 13-37: 90", "1", "1"),
        ("20 missing days at the end", "0-16: 90, 17: 40", "1..3", "2"),
        ("7 missing days before the first", "7: 40, 8-37: 90", "2", "2"),
        ("8 missing days before the first", "8: 40, 9-37: 90", "1..3", "2"),
    ],
)
def test_early_missing_days(what: str, series: str, table: str, code: str) -> None:
    chart = platelets(series) + "\nd40 09:00 | heart_rate | 80"
    assert (summary(chart, EARLY), summary(chart, EARLY_CODE)) == (table, code), what


@pytest.mark.parametrize(
    ("what", "ended", "table", "code"),
    [
        ("nothing", {}, "2", "2"),
        ("progression on day 10, the day included", {"progression_date": "d10 12:00"}, "1", "1"),
        ("on day 11", {"progression_date": "d11 08:00"}, "2", "2"),
        ("the next therapy on day 10 ends the table's window alone", {"next_therapy_date": "d10 12:00"}, "1", "2"),
        ("death on day 10", {"death_time": "d10 20:00"}, "1", "1"),
    ],
)
def test_early_is_censored(what: str, ended: dict[str, str], table: str, code: str) -> None:
    chart = platelets("5-11: 40", WELL)
    assert (summary(chart, EARLY, **ended), summary(chart, EARLY_CODE, **ended)) == (table, code), what


def test_early_is_provisional_until_its_window_closes() -> None:
    chart = platelets("5-10: 40", WELL) + "\nd45 09:00 | heart_rate | 80"
    times = ("d10 10:00", "d10 23:59", "d11 00:00", "d30 23:59", "d31 00:00", "d37 23:59", "d38 00:00")
    assert at_times(chart, EARLY, *times) == ["1..4?", "1..4?", "1..4?", "1..3?", "1", "1", "1"]
    assert at_times(chart, EARLY_CODE, *times)[3:] == ["1..3?", "1..3?", "1..3?", "1"]
    ended = at_times(chart, EARLY, *times[:3], progression_date="d10 12:00")
    assert ended == ["1..4?", "1..4?", "1"]


@pytest.mark.parametrize("ended", ["death_time", "last_followup"])
@pytest.mark.parametrize(("time", "grade_"), [("d10 18:00", "3"), ("d10 23:59", "3"), ("d11 00:00", "0")])
def test_early_counts_of_the_last_day_count_whole(ended: str, time: str, grade_: str) -> None:
    """Of a date alone noon is an assumption."""
    chart = f"{platelets('', WELL, days=10)}\nd10 09:00 | platelets | 90\n{time} | platelets | 15"
    assert [summary(chart, scale, **{ended: "d10 12:00"}) for scale in (EARLY, EARLY_CODE)] == [grade_] * 2


@pytest.mark.parametrize(("scale", "closed", "counted"), [(EARLY, "d31 00:00", 24), (EARLY_CODE, "d38 00:00", 31)])
def test_early_is_final_where_the_patient_is_followed_on_without_counts(scale: str, closed: str, counted: int) -> None:
    infused = ADULT._replace(last_followup=at("d60 12:00"))
    graded = grade(platelets("", WELL, days=counted), scale, infused)
    assert (graded.timeline[-1].start, graded.timeline[-1].end) == (at(closed), at("d60 12:00"))
    assert {row.provisional for row in graded.timeline if row.start >= at(closed)} == {False}
    assert {row.provisional for row in graded.timeline if row.start < at(closed)} == {True}
    assert graded.summaries[scale][:2] == (0, 0)


def test_what_the_rungs_rest_on() -> None:
    found = {name: {rung.status for one in SCALES[name].domains for rung in one.rungs} for name in (EARLY, EARLY_CODE)}
    assert found == {EARLY: {OUR_READING}, EARLY_CODE: {SOURCE_READ}}
    assert {name: SCALES[name].status for name in found} == {EARLY: OUR_READING, EARLY_CODE: SOURCE_READ}


@pytest.mark.parametrize(
    ("what", "series", "table", "code"),
    [
        ("no count", "", "-", "-"),
        ("one count", "40: 40", "2", "-"),
        ("one normal count", "40: 100", "0", "-"),
        ("two counts", "40: 99, 50: 99", "1", "1"),
        ("100", "40: 100, 50: 100", "0", "1"),
        ("100.1", "40: 100.1, 50: 100.1", "0", "0"),
        ("the second is normal", "40: 40, 50: 101", "0", "0"),
        ("the second is only below 100", "40: 40, 50: 99", "2", "1"),
        ("50", "40: 50, 50: 50", "1", "2"),
        ("49", "40: 49, 50: 49", "2", "2"),
        ("20", "40: 20, 50: 20", "2", "3"),
        ("19, far apart: the days between may be as low", "40: 19, 53: 19", "3..4", "4"),
        ("19, 12 days apart", "40: 19, 52: 19", "3", "3"),
        ("19 and 21", "40: 19, 41: 21", "3", "2"),
        ("19 weekly", "40: 19, 47: 19, 53: 19", "4", "4"),
        ("13 days", "40: 19, 47: 19, 52: 19", "3", "3"),
        ("a gap between a low and a normal count is not low", "40: 19, 53: 90, 55: 19", "3", "3"),
        ("day 31 and day 100", "31: 49, 100: 49", "2", "2"),
        ("day 31", "31: 49, 100: 99", "2", "1"),
        ("day 100", "31: 99, 100: 49", "2", "1"),
        ("day 30 and day 101", "30: 49, 101: 49", "-", "-"),
        ("the code joins runs 6 days apart", "40-46: 19, 47-52: 30, 53: 19", "3", "4"),
        ("not 7 days apart", "40-45: 19, 46-52: 30, 53: 19", "3", "3"),
        ("the mean of 10 and 30 is 20", "40: 10, 53: 30, 54: 30", "3", "2"),
        ("and lasts 14 days with one more", "40: 10, 54: 30, 55: 30", "3", "4"),
    ],
)
def test_late(what: str, series: str, table: str, code: str) -> None:
    chart = platelets(series) + "\nd0 09:00 | heart_rate | 80"
    assert (summary(chart, LATE), summary(chart, LATE_CODE)) == (table, code), what


def test_late_days_outside_the_counts_are_not_low() -> None:
    chart = platelets("40-50: 19") + "\nd90 09:00 | heart_rate | 80"
    assert [days_of(chart, scale, 20) for scale in (LATE, LATE_CODE)] == [("11", "11")] * 2


@pytest.mark.parametrize(("date", "table", "code"), [("progression_date", "1", "1"), ("next_therapy_date", "1", "2")])
def test_late_is_censored(date: str, table: str, code: str) -> None:
    chart = platelets("40: 90, 45: 90, 50: 40, 55: 40")
    assert [summary(chart, scale, **{date: "d49 12:00"}) for scale in (LATE, LATE_CODE)] == [table, code]


def test_late_with_too_few_counts_is_not_observed() -> None:
    (row,) = grade(platelets("40: 40"), LATE_CODE).timeline
    assert (row.low, row.flags, row.missing) == (None, ("not_observed",), ("platelets",))
    graded = grade(platelets("40: 40"), LATE_CODE, ADULT._replace(last_followup=at("d60 08:00")))
    assert (graded.cytopenia, graded.summaries[LATE_CODE].low) == ((), None)
