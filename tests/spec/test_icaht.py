"""ICAHT early and late, by the consensus and by its published program (semantics 6)."""

import pytest

from cytovigil.engine.explain import Explanation, explain_course
from cytovigil.engine.reference import grade_course
from cytovigil.model.events import Course
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, grade, row_at
from spec.counts_kit import at_times, counts, days_of, summary

EARLY, PROGRAM = "icaht-early-2023", "icaht-early-liang-2024"
LATE, LATE_PROGRAM = "icaht-late-2023", "icaht-late-liang-2024"
WELL = "2000"


@pytest.mark.parametrize(
    ("what", "series", "d500", "d100", "consensus", "program"),
    [
        ("V01 500 counts", "2-7: 500", "6", "0", "1", "1"),
        ("V02 501 rounds to 500", "2-21: 501", "0", "0", "0", "3"),
        ("505 rounds to 500, half to even", "2-21: 505", "0", "0", "0", "3"),
        ("506 does not", "2-21: 506", "0", "0", "0", "0"),
        ("V03 the 7th day", "3-9: 400", "7", "0", "2", "2"),
        ("6 days", "3-8: 400", "6", "0", "1", "1"),
        ("1 day", "9: 500", "1", "0", "1", "1"),
        ("V04 13 days", "4-16: 400", "13", "0", "2", "2"),
        ("V04 14 days", "4-17: 400", "14", "0", "3", "3"),
        ("V05 100 on 6 days", "4-9: 100", "6", "6", "1", "1"),
        ("V05 100 on 7 days", "4-10: 100", "7", "7", "3", "3"),
        ("V06 101 rounds to 100", "4-10: 101", "7", "0", "2", "3"),
        ("100 on 13 days", "4-16: 50", "13", "13", "3", "3"),
        ("V07 100 on 14 days", "4-17: 50", "14", "14", "4", "4"),
        ("V08 a recovery of 2 days is none", "3-7: 300, 8-9: 900, 10-14: 300", "12", "0", "2", "2"),
        ("V09 of 3 days it is", "3-7: 300, 8-10: 900, 11-15: 300", "5", "0", "1", "1"),
        ("V10 never above 500", "0-30: 300", "31", "0", "4", "4"),
        ("V11 from day 1 to the end", "0: 1500, 1-30: 300", "30", "0", "4", "4"),
        ("from day 3 to the end", "3-30: 300", "28", "0", "4", "4"),
        ("V12 from day 4", "4-30: 300", "27", "0", "3", "3"),
        ("V15 a peak of one day", "4-8: 200, 9: 2500, 10-14: 200", "11", "0", "2", "2"),
        ("V16 a peak of 3 days", "4-8: 200, 9-11: 2500, 12-16: 200", "5", "0", "1", "1"),
        ("V21 150 for a day is joined below 100", "4-7: 80, 8: 150, 9-12: 80, 13: 450", "10", "9", "3", "3"),
        ("all well", "", "0", "0", "0", "0"),
        ("recovered for the last day only", "3-29: 300", "27", "0", "3", "4"),
        ("for the last two days", "3-28: 300", "26", "0", "3", "4"),
        ("for the last three days", "3-27: 300", "25", "0", "3", "3"),
        ("two days of recovery at the end count, to 14", "17-28: 300", "12", "0", "2", "3"),
        ("three do not", "15-27: 300", "13", "0", "2", "2"),
    ],
)  # fmt: skip
def test_daily_counts(what: str, series: str, d500: str, d100: str, consensus: str, program: str) -> None:
    chart = counts(series, WELL)
    assert (summary(chart, EARLY), summary(chart, PROGRAM)) == (consensus, program), what
    assert (days_of(chart, EARLY, 0.5)[0], days_of(chart, EARLY, 0.1)[0]) == (d500, d100), what


@pytest.mark.parametrize(
    ("what", "series", "d500", "consensus", "program"),
    [
        ("V17 weekly", "0: 1800, 3: 450, 10: 420, 17: 380, 24: 700, 30: 1500", "17", "3", "3"),
        ("V18 a gap of 9 days is not filled",
         "0: 1800, 3: 450, 4: 400, 14: 450, 15: 900, 22: 1500, 30: 2000", "2..12", "1..3", "1"),
        ("7 missing days are filled", "0: 1800, 3: 450, 4: 400, 12: 450, 13: 900, 20: 1500, 28: 2000", "10", "2", "2"),
        ("8 are not", "0: 1800, 3: 450, 4: 400, 13: 450, 14: 900, 21: 1500, 29: 2000", "2..11", "1..3", "1"),
        ("on the line, exactly 500: 300, 500, 700", "0-4: 2000, 5: 300, 7: 700, 8-30: 2000", "2", "1", "1"),
        ("on the line, 500 1/3", "0-4: 2000, 5: 300, 8: 601, 9-30: 2000", "2", "1", "1"),
        ("on the line, 504 1/3 rounds", "0-4: 2000, 5: 300, 8: 613, 9-30: 2000", "2", "1", "1"),
        ("before the first count its value", "7: 400, 8: 600, 9-30: 2000", "8", "2", "2"),
        ("not over 8 days", "8: 400, 9: 600, 10-30: 2000", "1..9", "1..3", "1"),
        ("after the last count its value", "0-16: 2000, 17-23: 400", "14", "3", "3"),
        ("not over 8 days at the end", "0-15: 2000, 16-22: 400", "7..15", "2..3", "2"),
    ],
)  # fmt: skip
def test_missing_days(what: str, series: str, d500: str, consensus: str, program: str) -> None:
    chart = counts(series) + "\nd33 09:00 | heart_rate | 80"
    assert (summary(chart, EARLY), summary(chart, PROGRAM)) == (consensus, program), what
    assert days_of(chart, EARLY, 0.5)[0] == d500, what


def test_interpolated_counts_are_rounded_by_the_program_alone() -> None:
    chart = counts("0: 2000, 1: 2000, 2: 480, 4: 530, 5-30: 2000")  # 505 on day 3
    assert [days_of(chart, scale, 0.5)[0] for scale in (EARLY, PROGRAM)] == ["1", "2"]
    chart = counts("0: 2000, 1: 2000, 2: 480, 4: 532, 5-30: 2000")  # 506
    assert [days_of(chart, scale, 0.5)[0] for scale in (EARLY, PROGRAM)] == ["1", "1"]
    chart = counts("0: 2000, 1: 2000, 2: 480, 4: 531, 5-30: 2000")  # 505.5: to 510
    assert [days_of(chart, scale, 0.5)[0] for scale in (EARLY, PROGRAM)] == ["1", "1"]
    chart = counts("0-1: 2000, 2-3: 515, 4-30: 2000")  # 51.5 to even: 520
    assert [days_of(chart, scale, 0.5)[0] for scale in (EARLY, PROGRAM)] == ["0", "0"]


def test_the_lowest_count_of_a_day_is_kept() -> None:
    """V20: 700 and 480, 900 and 500."""
    chart = counts("5: 700, 6: 500", WELL) + "\nd5 15:00 | neutrophils | 0.48\nd6 20:00 | neutrophils | 0.9"
    assert (summary(chart, EARLY), days_of(chart, EARLY, 0.5)) == ("1", ("2", "2"))


@pytest.mark.parametrize(
    ("what", "series", "ended", "grade_"),
    [
        ("V13 dies on day 12, never recovered", "0: 1200, 1-12: 200", {"death_time": "d12 20:00"}, "4"),
        ("V14 from day 5", "0-4: 1200, 5-12: 200", {"death_time": "d12 20:00"}, "2"),
        ("lost on day 12", "0: 1200, 3-12: 200", {"last_followup": "d12 20:00"}, "4"),
        ("last seen on day 12, counts until day 10", "0: 1200, 1-10: 200", {"last_followup": "d12 20:00"}, "4"),
        ("recovered before death", "0: 1200, 1-9: 200, 10-12: 900", {"death_time": "d12 20:00"}, "2"),
        ("died on day 1, well", "0-1: 1200", {"death_time": "d1 20:00"}, "0"),
        ("progression ends nothing", "0: 1200, 1-12: 200, 13-30: 900", {"progression_date": "d5 12:00"}, "2"),
    ],
)
def test_early_death_and_loss(what: str, series: str, ended: dict[str, str], grade_: str) -> None:
    assert [summary(counts(series), scale, **ended) for scale in (EARLY, PROGRAM)] == [grade_] * 2, what


def test_a_second_infusion_ends_the_first_grade() -> None:
    first = ADULT._replace(infusion_time=at("d0 08:00"))
    second = first._replace(infusion=2, infusion_time=at("d12 20:00"))
    chart = events(counts("0: 1200, 1-12: 200, 13-35: 2000"))
    graded = grade_course(Course((first, second), tuple(chart)), [SCALES[EARLY]], SETTINGS)
    assert [one.summaries[EARLY][:2] for one in graded] == [(4, 4), (1, 3)]
    assert [one.timeline[-1].provisional for one in graded] == [False, True]


@pytest.mark.parametrize(
    ("infused", "expected"),
    [
        ("d12 09:01", [(1, 1), (1, 1)]),
        ("d12 09:00", [(0, 0), (1, 1)]),  # at that moment, and after it, a count is one of the second infusion
        ("d12 08:59", [(0, 0), (1, 1)]),
    ],
)
def test_counts_from_the_next_infusion_on_are_its_own(infused: str, expected: list[tuple[int, int]]) -> None:
    first = ADULT._replace(infusion_time=at("d0 08:00"))
    second = first._replace(infusion=2, infusion_time=at(infused), last_followup=at("d60 12:00"))
    chart = events(counts("12: 200", WELL, days=45))
    for scale in (EARLY, PROGRAM):
        graded = grade_course(Course((first, second), tuple(chart)), [SCALES[scale]], SETTINGS)
        assert [one.summaries[scale][:2] for one in graded] == expected, scale


@pytest.mark.parametrize("ended", ["death_time", "last_followup"])
@pytest.mark.parametrize(("time", "expected"), [("d12 18:00", "1"), ("d12 23:59", "1"), ("d13 00:00", "0")])
def test_early_counts_of_the_last_day_count_whole(ended: str, time: str, expected: str) -> None:
    """Of a date alone noon is an assumption."""
    chart = f"{counts('0-10: 2000, 12: 2000')}\n{time} | neutrophils | 0.4"
    found = [summary(chart, scale, **{ended: "d12 12:00"}) for scale in (EARLY, PROGRAM)]
    assert found == [expected] * 2


@pytest.mark.parametrize("ended", ["death_time", "last_followup"])
@pytest.mark.parametrize(
    ("time", "expected"), [("d45 12:00", "3"), ("d45 18:00", "3"), ("d45 23:59", "3"), ("d46 00:00", "-")]
)
def test_late_counts_of_the_last_day_count_whole(ended: str, time: str, expected: str) -> None:
    chart = f"{time} | neutrophils | 0.45"
    found = [summary(chart, scale, **{ended: "d45 12:00"}) for scale in (LATE, LATE_PROGRAM)]
    assert found == [expected] * 2


@pytest.mark.parametrize("ended", ["death_time", "last_followup"])
@pytest.mark.parametrize("scale", [EARLY, PROGRAM])
def test_final_where_the_patient_is_followed_on_without_counts(scale: str, ended: str) -> None:
    graded = grade(counts("0-24: 2000"), scale, ADULT._replace(**{ended: at("d60 12:00")}))
    assert (graded.timeline[-1].start, graded.timeline[-1].end) == (at("d31 00:00"), at("d60 12:00"))
    assert [row_at(graded, time).provisional for time in ("d24 10:00", "d30 23:59", "d31 00:00", "d59 00:00")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert graded.summaries[scale][:2] == (0, 0)
    before = grade(counts("0-24: 2000"), scale, ADULT._replace(**{ended: at("d60 12:00")}), as_of="d29 12:00")
    assert (before.timeline[-1].end, before.timeline[-1].provisional) == (at("d29 12:00"), True)


def test_final_where_the_next_infusion_comes_after_the_window() -> None:
    first = ADULT._replace(infusion_time=at("d0 08:00"))
    second = first._replace(infusion=2, infusion_time=at("d50 08:00"))
    chart = events(counts("0-24: 2000"))
    one, _ = grade_course(Course((first, second), tuple(chart)), [SCALES[EARLY]], SETTINGS)
    assert (one.timeline[-1].end, one.timeline[-1].provisional) == (at("d50 08:00"), False)
    assert one.summaries[EARLY][:2] == (0, 0)


@pytest.mark.parametrize(
    ("what", "series", "time", "expected"),
    [
        ("V19 on day 5", "0: 1800, 1: 900, 2: 450, 3: 300, 4: 200, 5: 150", "d5 10:00", "1..4?"),
        ("before the first count", "5: 150", "d4 10:00", "-?"),
        ("13 days, and what is left of this one", "0-17: 2000", "d17 10:00", "0..4?"),
        ("12 days and this one", "0-18: 2000", "d18 10:00", "0..3?"),
        ("6 days and this one", "0-24: 2000", "d24 10:00", "0..3?"),
        ("5 days and this one", "0-25: 2000", "d25 10:00", "0..1?"),
        ("a day is left", "0-29: 2000", "d29 10:00", "0..1?"),
        ("another, lower count may come on the last day", "0-30: 2000", "d30 10:00", "0..1?"),
        ("until it is over", "0-30: 2000", "d30 23:59", "0..1?"),
        ("from day 31 it is final", "0-30: 2000", "d31 00:00", "0"),
        ("what has happened stays", "0-9: 300, 10-25: 2000", "d25 10:00", "2?"),
        ("7 days below 100 are still possible", "0-9: 300, 10-24: 2000", "d24 10:00", "2..3?"),
        ("never recovered is still possible", "0-2: 2000, 3-24: 300", "d24 10:00", "3..4?"),
        ("and not when it began on day 4", "0-3: 2000, 4-24: 300", "d24 10:00", "3?"),
    ],
)
def test_before_day_31_the_grade_is_provisional(what: str, series: str, time: str, expected: str) -> None:
    chart = counts(series) + "\nd40 09:00 | heart_rate | 80"
    assert at_times(chart, EARLY, time) == [expected], what


def test_a_provisional_row_says_what_to_chart_and_a_final_one_is_not_provisional() -> None:
    graded = grade(counts("0-5: 300") + "\nd40 09:00 | heart_rate | 80", EARLY)
    row = row_at(graded, "d6 10:00")
    assert (row.missing, row.provisional) == (("neutrophils",), True)
    assert [row_at(graded, time).provisional for time in ("d30 23:59", "d31 00:00")] == [True, False]
    died = grade(counts("0-5: 300"), EARLY, ADULT._replace(death_time=at("d6 10:00")))
    assert [(row.low, row.high, row.provisional) for row in died.timeline[-2:]] == [(1, 4, True), (4, 4, False)]
    assert died.summaries[EARLY][:2] == (4, 4)


def test_the_window_is_calendar_days_at_the_site() -> None:
    """Day 0 from 00:00, also before the infusion; summer time begins on day 27."""
    inside = "d0 00:00 | neutrophils | 0.3\nd30 23:59 | neutrophils | 0.4"
    outside = "d-1 23:59 | neutrophils | 0.3\nd31 00:00 | neutrophils | 0.4"
    (row, _) = grade(inside, EARLY).cytopenia
    assert row.days_counted == 2
    assert summary(outside, EARLY) == "-"


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("a bound across 500", counts("5: <700", WELL), "0..1"),
        ("a bound below 500", counts("5: <501", WELL), "1"),
        ("a bound across 100", counts("5-11: <200", WELL), "2..3"),
        ("a count above the scale", counts("5: >400", WELL), "0..1"),
    ],
)
def test_bounded_counts(what: str, chart: str, expected: str) -> None:
    assert summary(chart, EARLY) == expected, what


@pytest.mark.parametrize(
    ("what", "series", "ended", "expected"),
    [
        ("L1", "40: 1500, 50: 1500", {}, "1"),
        ("L2 the second above 1500", "40: 1000, 50: 1501", {}, "0"),
        ("L3", "40: 1000, 50: 1400", {}, "2"),
        ("1001", "40: 1001, 50: 1400", {}, "1"),
        ("501", "40: 501, 50: 1200", {}, "2"),
        ("L4", "40: 500, 50: 1200", {}, "3"),
        ("101", "40: 101, 50: 1200", {}, "3"),
        ("L5", "40: 100, 50: 900", {}, "4"),
        ("L6 one count", "40: 450", {}, "3"),
        ("one count, normal", "40: 1501", {}, "0"),
        ("L7 none", "", {}, "-"),
        ("L8 after the window", "120: 80", {}, "-"),
        ("day 31", "31: 900, 100: 1500", {}, "2"),
        ("day 100", "31: 1500, 100: 900", {}, "2"),
        ("day 30 and day 101", "30: 100, 101: 100", {}, "-"),
        ("L9 both after progression", "45: 450, 60: 450", {"progression_date": "d40 12:00"}, "-"),
        ("on the day of progression", "40: 450, 60: 2000", {"progression_date": "d40 08:00"}, "3"),
        ("the day after", "41: 450", {"progression_date": "d40 08:00"}, "-"),
        ("after the next therapy", "45: 450, 60: 450", {"next_therapy_date": "d44 12:00"}, "-"),
        ("the earlier date ends it", "45: 450", {"next_therapy_date": "d50 12:00", "progression_date": "d44 12:00"}, "-"),
        ("the last follow-up", "45: 450, 60: 2000", {"last_followup": "d45 12:00"}, "3"),
        ("the two lowest of many", "40: 400, 45: 2000, 50: 1600, 55: 1500", {}, "3"),
        ("one low of many", "40: 400, 45: 2000, 50: 1600, 55: 1501", {}, "0"),
        ("two on one day are one", "40: 400", {}, "3"),
    ],
)  # fmt: skip
def test_late(what: str, series: str, ended: dict[str, str], expected: str) -> None:
    chart = "d0 12:00 | heart_rate | 80\n" + counts(series)
    assert [summary(chart, scale, **ended) for scale in (LATE, LATE_PROGRAM)] == [expected] * 2, what


def test_late_grades_follow_the_counts_and_are_never_provisional() -> None:
    chart = counts("10: 100, 40: 450, 50: 1600, 60: 1500")
    times = ("d31 00:00", "d40 08:59", "d40 09:00", "d50 09:00", "d60 09:00")
    assert at_times(chart, LATE, *times) == ["-", "-", "3", "0", "3"]
    assert grade(chart, LATE).timeline[0].start == at("d31 00:00")
    assert grade(chart, LATE, ADULT._replace(last_followup=at("d31 00:00"))).timeline == ()


def test_late_bounds() -> None:
    assert summary(counts("40: <700, 50: 1200"), LATE) == "2..4"
    assert summary(counts("40: 400, 50: >1200"), LATE) == "0..3"


ATTRIBUTED = "d5 08:00 | attribution | cytopenia:{} | {}"


@pytest.mark.parametrize(
    ("what", "row", "expected", "charted"),
    [
        ("another cause for three days", ATTRIBUTED.format("drug", "d8 08:00"), "1", "2"),
        ("for two days it joins", ATTRIBUTED.format("drug", "d7 08:00"), "2", "2"),
        ("confirmed", ATTRIBUTED.format("crs", "d8 08:00"), "2", "2"),
        ("without an end 72 h", ATTRIBUTED.format("drug", ""), "1", "2"),
        ("of another sign", "d5 08:00 | attribution | fever:drug | d8 08:00", "2", "2"),
    ],
)
def test_attribution(what: str, row: str, expected: str, charted: str) -> None:
    graded = grade(counts("2-9: 400", WELL) + "\n" + row, EARLY)
    last = graded.timeline[-1]
    assert (str(last.low), str(last.charted_low)) == (expected, charted), what


def test_an_attribution_without_end_ends_at_a_count_that_is_not_low() -> None:
    row = "d4 10:00 | attribution | cytopenia:drug"
    chart = counts("4-5: 400, 6: 2000, 7-20: 400", WELL) + "\n" + row
    assert days_of(chart, EARLY, 0.5)[0] == "17", "from day 7 again: what lies between is less than 3 days"
    none_yet = "d4 08:00 | attribution | cytopenia:drug\n" + counts("5: 400, 6-30: 2000")
    assert summary(none_yet, EARLY) == "0"


def test_attribution_late_counts_as_a_test() -> None:
    row = "d40 08:00 | attribution | cytopenia:infection | d41 08:00"
    assert summary(counts("40: 400, 50: 400") + "\n" + row, LATE) == "0"
    assert summary(counts("40: 400") + "\n" + row, LATE) == "0"
    assert summary(counts("40: 400, 50: 400, 60: 1500") + "\n" + row, LATE) == "3"


@pytest.mark.parametrize(
    ("patient", "series", "ended", "days", "early", "late"),
    [
        ("P4", "0: 2150, 2: 2280, 3: 460, 5: 250, 6: 2000, 20-21: 400, 35: 900", {}, ("3", "0"), "1", "2"),
        ("P5", "0: 20, 1-3: 10, 4: 20, 5: 630, 6-30: 2000, 40: 450, 50: 460", {}, ("5", "5"), "1", "3"),
        ("P6", "3-11: 300, 4-8: 90, 40: 760, 50: 800", {}, ("9", "5"), "2", "2"),
        ("P7", "0-17: 300, 2-10: 60", {}, ("18", "9"), "3", "-"),
        ("P8", "0-16: 300", {"death_time": "d16 20:00"}, ("17", "0"), "4", "-"),
        ("P9", "9: 460", {}, ("1", "0"), "1", "-"),
        ("P10", "3-9: 300", {}, ("7", "0"), "2", "-"),
        ("P1 to P3", "9: 600", {}, ("0", "0"), "0", "-"),
    ],
)  # fmt: skip
def test_published_patients(
    patient: str, series: str, ended: dict[str, str], days: tuple[str, str], early: str, late: str
) -> None:
    """Patients of the program's page, as far as it gives their numbers; other days well."""
    chart = counts(series, "" if ended else WELL)
    scales = (EARLY, PROGRAM, LATE, LATE_PROGRAM)
    assert [summary(chart, scale, **ended) for scale in scales] == [early, early, late, late], patient
    assert tuple(days_of(chart, PROGRAM, limit, **ended)[0] for limit in (0.5, 0.1)) == days, patient


def explained(chart: str, time: str = "", scale: str = EARLY, **patient: str) -> Explanation:
    infused = ADULT._replace(infusion_time=at("d0 08:00"), **{name: at(date) for name, date in patient.items()})
    return explain_course(
        Course((infused,), tuple(events(chart))), None, SCALES[scale], SETTINGS, at(time) if time else None
    )


def test_an_explanation_without_a_time_tells_of_the_end() -> None:
    chart = counts("0-9: 300, 10-30: 2000")
    told = explained(chart)
    assert (told.at, told.low, told.high) == (at("d31 00:00"), 2, 2)
    days = told.fields[0]
    assert (days.values, len(days.rows)) == (("10 days",), 31)
    died = explained(chart, death_time="d12 20:00")
    assert (died.at, died.low, died.high) == (at("d12 20:00"), 2, 2)


def test_an_explanation_of_a_provisional_grade_and_what_was_charted() -> None:
    chart = counts("0: 2000, 1-12: 300") + "\nd2 08:00 | attribution | cytopenia:drug | d6 08:00"
    told = explained(chart, "d6 10:00")
    assert (told.low, told.high, told.charted, told.missing) == (1, 4, (1, 4), ("neutrophils",))
    told = explained(chart, "d9 10:00")
    assert (told.low, told.high, told.charted) == (1, 4, (2, 4))
    assert any(row.signal == "attribution" for row in told.fields[0].rows)
    assert explained("d2 09:00 | neutrophils | 0.3", "d3 10:00").fields[0].rows[0].signal == "neutrophils"
