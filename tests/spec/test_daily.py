"""Days, the 1 h rule, and the summary (semantics 8)."""

from itertools import pairwise

import pytest

from cytovigil.model.settings import from_site
from spec.charts import ADULT, SETTINGS, at, grade, well

CRS, ICANS = "crs-astct-2019", "icans-astct-2019"


def days(chart: str, scale: str = CRS, **more: object) -> dict[int, tuple[int, int, float]]:
    rows = grade(chart, scale, **more).daily  # type: ignore[arg-type]
    return {row.day: (row.low, row.high, row.unobserved_h) for row in rows}


def test_worst_of_the_calendar_day() -> None:
    chart = f"{well(5)}\nd1 22:00 | temperature | 39\nd2 09:30 | systolic_bp | 80"
    assert days(chart, as_of="d4 00:00") == {0: (0, 0, 1.0), 1: (1, 1, 0.0), 2: (2, 2, 0.0), 3: (0, 0, 0.0)}


def test_dates_are_the_sites() -> None:
    graded = grade(well(3), CRS, as_of="d2 00:00")
    assert [(row.day, row.date) for row in graded.daily] == [(0, "2026-03-02"), (1, "2026-03-03")]
    abroad = grade(well(3), CRS, as_of="d2 00:00", settings=from_site({"zone_name": "America/New_York"}))
    assert [(row.day, row.date) for row in abroad.daily] == [(0, "2026-03-02"), (1, "2026-03-03")]


def test_only_days_with_a_grade() -> None:
    chart = (
        "d0 09:00 | temperature | 37 \n d0 09:00 | spo2 | 97 \n d0 09:00 | systolic_bp | 120 "
        "\n d3 09:00 | heart_rate | 90"
    )
    assert list(days(chart)) == [0, 1]
    assert days(chart)[1] == (0, 0, 23.0)
    assert grade(chart, CRS).summaries[CRS] == (0, 0, 1 + 23 + 24 + 25)


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("an uncertain stretch of 59 minutes does not count for high",
         "d1 10:00 | oxygen_device | nasal_cannula \n d1 10:59 | oxygen_device | none", (2, 2)),
        ("one of an hour does", "d1 10:00 | oxygen_device | nasal_cannula \n d1 11:00 | oxygen_device | none", (2, 3)),
        ("stretches that follow each other are one",
         ("d1 10:00 | oxygen_device | nasal_cannula \n d1 10:40 | oxygen_device | none"
         "\n d1 10:40 | oxygen_flow | 3 \n d1 11:20 | oxygen_flow | 0 \n d1 11:20 | oxygen_device | none"), (2, 3)),
        ("a certain one of minutes does", "d1 10:00 | oxygen_device | cpap \n d1 10:05 | oxygen_device | none", (4, 4)),
    ],
)  # fmt: skip
def test_rows_of_one_round_are_charted_minutes_apart(what: str, chart: str, expected: tuple[int, int]) -> None:
    graded = grade(f"{well(5)}\nd1 09:30 | temperature | 39\n{chart}", CRS)
    (day,) = [row for row in graded.daily if row.day == 1]
    (episode,) = graded.episodes
    summary = graded.summaries[CRS]
    assert (day.low, day.high) == (episode.peak_low, episode.peak_high) == (summary.low, summary.high) == expected, what


def test_a_stretch_over_midnight_counts_as_one() -> None:
    chart = (
        f"{well(5)}\nd1 09:30 | temperature | 39\nd1 23:30 | oxygen_device | nasal_cannula"
        "\nd2 00:45 | oxygen_device | none"
    )
    assert [days(chart)[day][:2] for day in (1, 2)] == [(2, 3), (2, 3)]


def test_all_that_is_known_of_a_day_is_a_short_stretch() -> None:
    """Then it counts."""
    chart = "d1 10:00 | ice | >7 \n d1 10:00 | avpu | A"
    assert days(chart, ICANS, as_of="d1 10:30") == {1: (0, 1, 10.0)}


def test_the_clock_change_day_has_23_hours() -> None:
    chart = "d26 20:00 | heart_rate | 90 \n d26 20:00 | ice | 10 \n d28 20:00 | ice | 10 \n d28 20:00 | avpu | A"
    assert days(chart, ICANS)[27][2] == 3.0  # 29 March: observed until 20:00 by a clock that lost an hour at 2:00


def test_nothing_graded() -> None:
    graded = grade("d-9 10:00 | ice | 10", ICANS)
    assert (graded.timeline, graded.daily, graded.episodes) == ((), (), ())
    assert graded.summaries[ICANS] == (None, None, 0)


def test_a_row_begins_when_a_column_changes() -> None:
    for scale in (CRS, ICANS):
        rows = grade(f"{well(6)}\nd1 10:00 | temperature | 39\nd2 10:00 | ice | 7", scale).timeline
        assert all(one.end == two.start for one, two in pairwise(rows))
        assert all(one[5:] != two[5:] for one, two in pairwise(rows))


def test_settings_change_the_rule() -> None:
    chart = (
        f"{well(5)}\nd1 09:30 | temperature | 39\nd1 10:00 | oxygen_device | nasal_cannula"
        "\nd1 10:59 | oxygen_device | none"
    )
    assert days(chart, settings=from_site({"short_stretch_h": 0.5}))[1][:2] == (2, 3)
    assert SETTINGS.short_stretch_h == 1
    assert at("d1 10:59") - at("d1 10:00") == 59 * 60


@pytest.mark.parametrize(
    ("zone", "onset_day", "days_graded"),
    [("Europe/Amsterdam", 1, [0, 1]), ("America/New_York", 0, [0, 1]), ("Pacific/Honolulu", 1, [0, 1, 2])],
)
def test_days_are_counted_in_the_sites_zone(zone: str, onset_day: int, days_graded: list[int]) -> None:
    """Infused 08:00, fever at 02:00 the next day in Amsterdam: in Honolulu that is 21:00, and 15:00 the next day."""
    site = from_site({"zone_name": zone})
    graded = grade(f"{well(2)}\nd1 02:00 | temperature | 39", CRS, as_of="d1 20:00", settings=site)
    assert graded.episodes[0].onset_day == onset_day
    assert [row.day for row in graded.daily] == days_graded


def test_hours_and_days_have_two_decimals() -> None:
    chart = """
        d0 08:10 | temperature | 39 \n d0 08:10 | spo2 | 97 \n d0 08:10 | systolic_bp | 120
        d0 14:00 | temperature | 37 \n d0 14:00 | spo2 | 97
        d0 20:00 | temperature | 37 \n d1 02:00 | temperature | 37
        d1 08:00 | temperature | 37 \n d1 08:00 | spo2 | 97 \n d1 08:00 | systolic_bp | 120"""
    graded = grade(chart, CRS, as_of="d1 09:20")
    assert (graded.daily[0].unobserved_h, graded.summaries[CRS].unobserved_h) == (0.17, 0.17)
    longer = f"{well(6)}\nd1 10:00 | temperature | 39\nd1 10:55 | temperature | 39"
    assert [one.duration_days for one in grade(longer, CRS).episodes] == [1.04]


def test_an_episode_tells_its_unobserved_hours_until_now() -> None:
    chart = "d1 10:00 | temperature | 39 \n d1 10:00 | spo2 | 97 \n d1 10:00 | systolic_bp | 120"
    first = grade(chart, CRS, as_of="d2 10:00").timeline[-1]
    assert first.low is None
    for minutes in (10, 300):
        followed = ADULT._replace(last_followup=first.start + minutes * 60)
        (one,) = grade(chart, CRS, followed, as_of="d2 10:00").episodes
        assert (one.ongoing, one.unobserved_h) == (True, round(minutes / 60, 2))
        assert one.flags == ("unobserved_in_episode",)


def test_an_episode_tells_its_peak_as_charted() -> None:
    chart = f"""{well(5)}
        d1 09:30 | temperature   | 39
        d1 10:00 | oxygen_device | nasal_cannula | d1 20:00
        d1 10:00 | attribution   | hypoxia:procedure | d1 20:00"""
    (one,) = grade(chart, CRS).episodes
    assert (one.peak_low, one.peak_high, one.charted_peak_low, one.charted_peak_high) == (1, 1, 2, 3)


@pytest.mark.parametrize(("time", "treatments"), [("d1 09:00", ("tocilizumab",)), ("d1 08:59", ())])
def test_a_treatment_from_1_h_before_the_onset_is_of_the_episode(time: str, treatments: tuple[str, ...]) -> None:
    (one,) = grade(f"{well(5)}\n{time} | tocilizumab | 560\nd1 10:00 | temperature | 39", CRS).episodes
    assert one.treatments == treatments


def test_a_short_uncertain_stretch_right_after_the_infusion_does_not_count_either() -> None:
    chart = "d0 08:00 | ice | >8 \n d0 08:00 | avpu | A \n d0 08:30 | ice | 10"
    graded = grade(chart, ICANS, as_of="d0 20:00")
    assert (graded.timeline[0].start, graded.timeline[0].high) == (at("d0 08:00"), 1)
    assert graded.summaries[ICANS] == (0, 0, 0.0)


def test_crs_and_icans_are_never_provisional() -> None:
    for scale in (CRS, ICANS):
        graded = grade(f"{well(3)}\nd1 10:00 | temperature | 39", scale)
        assert graded.patient_id == "P1"
        assert {row.provisional for row in graded.timeline} == {False}
