"""Death: where the timeline ends, and grade 5 (semantics 8)."""

import pytest

from spec.charts import ADULT, at, grade, row_at, shown, well

CRS, ICANS = "crs-astct-2019", "icans-astct-2019"
SICK = """
    d1 09:30 | temperature    | 39
    d1 10:00 | norepinephrine | 4/min | d2 06:00
    d1 10:00 | ice            | 0
    d1 10:00 | consciousness  | tactile"""
DIED = "d1 20:00"


def last(chart: str, scale: str, patient: object = ADULT) -> str:
    """The grade of the row at the moment of death; empty without one."""
    rows = [row for row in grade(f"{well()}\n{chart}", scale, patient).timeline if row.start == row.end]
    assert all(row.start == at(DIED) for row in rows)
    return shown(rows[0]) if rows else ""


@pytest.mark.parametrize(
    ("cause", "crs", "icans"),
    [("crs", "5", ""), ("icans", "", "5"), ("unknown", "4..5", "4..5"), ("infection", "", ""), ("progression", "", "")],
)
def test_cause(cause: str, crs: str, icans: str) -> None:
    chart = f"{SICK}\n{DIED} | death | {cause}"
    assert (last(chart, CRS), last(chart, ICANS)) == (crs, icans)


def test_cause_not_charted_in_the_column() -> None:
    patient = ADULT._replace(death_time=at(DIED))
    assert (last(SICK, CRS, patient), last(SICK, ICANS, patient)) == ("4..5", "4..5")
    row = grade(f"{well()}\n{SICK}", CRS, patient).timeline[-1]
    assert row.missing == ("death",)


@pytest.mark.parametrize(
    ("what", "chart"),
    [
        ("well", ""),
        ("only a fever", "d1 09:30 | temperature | 39"),
        ("grade 2", "d1 09:30 | temperature | 39 \n d1 15:00 | systolic_bp | 80"),
        ("perhaps grade 3", "d1 09:30 | temperature | 39 \n d1 15:00 | oxygen_device | nasal_cannula"),
    ],
)
def test_unknown_cause_without_a_grade_3(what: str, chart: str) -> None:
    assert last(f"{chart}\n{DIED} | death | unknown", CRS) == "", what


def test_unknown_cause_after_a_grade_3_that_is_open() -> None:
    """The vasopressor has stopped: still febrile, the episode is open."""
    chart = "d1 09:30 | temperature | 39 \n d1 10:00 | norepinephrine | 4/min | d1 12:00"
    assert last(f"{chart}\n{DIED} | death | unknown", CRS) == "4..5"


def test_unknown_cause_after_the_episode() -> None:
    chart = "d0 09:00 | temperature | 39 \n d0 09:00 | oxygen_device | simple_mask \n d0 12:00 | oxygen_device | none"
    assert last(f"{chart}\n{DIED} | death | unknown", CRS) == ""


def test_an_event_goes_before_the_column() -> None:
    patient = ADULT._replace(death_time=at("d3 20:00"), death_cause="infection")
    graded = grade(f"{well()}\n{SICK}\n{DIED} | death | crs", CRS, patient)
    assert graded.timeline[-1].end == at(DIED)
    assert graded.summaries[CRS].high == 5


def test_the_column_alone() -> None:
    patient = ADULT._replace(death_time=at(DIED), death_cause="crs")
    assert last(SICK, CRS, patient) == "5"


def test_the_timeline_ends_there() -> None:
    graded = grade(f"{well()}\n{DIED} | death | infection", CRS)
    assert graded.timeline[-1].end == at(DIED)


def test_the_day_the_episode_and_the_summary_have_it() -> None:
    graded = grade(f"{well()}\n{SICK}\n{DIED} | death | crs", CRS)
    assert [(row.day, row.low, row.high) for row in graded.daily] == [(0, 0, 0), (1, 5, 5)]
    (one,) = graded.episodes
    assert (one.ongoing, one.end, one.peak_low, one.peak_high, one.peak_time) == (True, None, 5, 5, at(DIED))
    assert graded.summaries[CRS] == (5, 5, 1.0)


def test_at_midnight_it_belongs_to_the_day_that_begins() -> None:
    graded = grade(f"{well()}\n{SICK}\nd2 00:00 | death | crs", CRS)
    assert [(row.day, row.low) for row in graded.daily] == [(0, 0), (1, 3), (2, 5)]


def test_before_it_is_known_it_is_not_told() -> None:
    chart = f"{well()}\n{SICK}\n{DIED} | death | crs | | recorded_at=d2 08:00"
    assert grade(chart, CRS, as_of="d1 23:00").summaries[CRS].high == 3
    assert grade(chart, CRS, as_of="d2 08:00").summaries[CRS].high == 5


def test_death_after_the_last_follow_up_is_graded_and_the_time_between_is_not() -> None:
    patient = ADULT._replace(last_followup=at("d1 12:00"))
    rows = grade(f"{well()}\n{SICK}\n{DIED} | death | crs", CRS, patient).timeline[-3:]
    assert [(row.low, row.high) for row in rows] == [(3, 3), (None, None), (5, 5)]
    assert (rows[0].end, rows[1].end) == (at("d1 12:00"), rows[2].start)


def test_death_long_after_the_last_row_is_graded() -> None:
    died = ADULT._replace(death_time=at("d20 12:00"), death_cause="crs")
    rows = grade(well(), CRS, died).timeline
    assert (rows[-1].start, rows[-1].low, rows[-2].flags) == (at("d20 12:00"), 5, ("not_observed",))
    assert grade("", CRS, died).summaries[CRS][:2] == (5, 5)


def test_death_not_yet_known_at_the_as_of_time_is_not_graded() -> None:
    died = ADULT._replace(death_time=at("d6 12:00"), death_cause="crs")
    assert grade(well(), CRS, died, as_of="d5 12:00").summaries[CRS].high == 0


def test_grade_5_without_an_episode() -> None:
    graded = grade(f"{well()}\n{DIED} | death | crs", CRS)
    assert (graded.episodes, graded.summaries[CRS][:2]) == ((), (5, 5))


def test_attributed_and_charted_death_are_one() -> None:
    chart = f"{well()}\n{SICK}\nd1 09:00 | attribution | hypoxia:procedure | d1 10:00\n{DIED} | death | crs"
    row = row_at(grade(chart, CRS), DIED)
    assert (row.low, row.high, row.charted_low, row.charted_high) == (5, 5, 5, 5)


def test_a_death_of_unknown_cause_counts_though_it_has_no_duration() -> None:
    graded = grade(f"{well()}\n{SICK}\n{DIED} | death | unknown", CRS)
    assert graded.summaries[CRS][:2] == (4, 5)
    assert (graded.daily[-1].low, graded.daily[-1].high) == (4, 5)


def test_death_at_the_moment_of_infusion() -> None:
    died = ADULT._replace(death_time=at("d0 08:00"), death_cause="crs", flags=frozenset({"time_assumed"}))
    (row,) = grade("", CRS, died).timeline
    assert (row.start, row.end, row.flags) == (at("d0 08:00"), at("d0 08:00"), ("time_assumed",))
    assert (row.low, row.high) == (5, 5)
