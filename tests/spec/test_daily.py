"""Days, the 1 h rule, and the summary (semantics 8)."""

from itertools import pairwise

import pytest

from cytovigil.model.settings import from_site
from spec.charts import SETTINGS, at, grade, well

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
