"""Episodes of CRS (semantics 4 and 8)."""

import pytest

from cytovigil.engine.episodes import find_episodes
from cytovigil.engine.record import Record
from cytovigil.engine.reference import grade_scale
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, grade, row_at, well

CRS = "crs-astct-2019"
FEVER = "d1 10:00 | temperature | 39"  # counts until d2 10:00


def spans(chart: str, as_of: str = "") -> list[tuple[int, int | None, int | None]]:
    return [(e.onset, e.end, e.confirmed) for e in grade(chart, CRS, as_of=as_of).episodes]


def when(*times: str | None) -> tuple[int | None, ...]:
    return tuple(at(time) if time else None for time in times)


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("a fever, confirmed over after 48 h", "", [("d1 10:00", "d2 10:00", "d4 10:00")]),
        ("fever again within 48 h", "d4 09:59 | temperature | 38", [("d1 10:00", "d5 09:59", "d7 09:59")]),
        ("fever again at 48 h", "d4 10:00 | temperature | 38",
         [("d1 10:00", "d2 10:00", "d4 10:00"), ("d4 10:00", "d5 10:00", "d7 10:00")]),
        ("low pressure after treatment", "d1 11:00 | paracetamol | 1000 \n d2 09:30 | systolic_bp | 80",
         [("d1 10:00", "d2 14:00", "d4 14:00")]),
        ("untreated low pressure keeps it open: a sign", "d2 09:30 | systolic_bp | 80",
         [("d1 10:00", "d2 14:00", "d4 14:00")]),
        ("untreated low pressure in recovery does not reopen", "d3 10:00 | systolic_bp | 80",
         [("d1 10:00", "d2 10:00", "d4 10:00")]),
        ("treated low pressure in recovery does", "d1 11:00 | paracetamol | 1000 \n d3 10:00 | systolic_bp | 80",
         [("d1 10:00", "d3 14:00", "d5 14:00")]),
        ("a drug in recovery does not prolong it", "d4 09:00 | paracetamol | 1000",
         [("d1 10:00", "d2 10:00", "d4 10:00")]),
        ("hidden fever opens none",
         "d1 11:00 | paracetamol | 1000 \n d6 10:00 | systolic_bp | 80", [("d1 10:00", "d2 10:00", "d4 10:00")]),
    ],
)  # fmt: skip
def test_when(what: str, chart: str, expected: list[tuple[str, str, str]]) -> None:
    assert spans(f"{well(9)}\n{FEVER}\n{chart}") == [when(*row) for row in expected], what


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("d1 09:59", []),
        ("d1 12:00", [("d1 10:00", None, None)]),
        ("d2 12:00", [("d1 10:00", "d2 10:00", None)]),
        ("d4 10:01", [("d1 10:00", "d2 10:00", "d4 10:00")]),
    ],
)
def test_as_it_goes(as_of: str, expected: list[tuple[str | None, ...]]) -> None:
    found = grade(f"{well()}\n{FEVER}", CRS, as_of=as_of).episodes
    assert [(e.onset, e.end, e.confirmed) for e in found] == [when(*row) for row in expected]
    assert [e.ongoing for e in found] == [row[1] is None for row in expected]


def test_what_an_episode_tells() -> None:
    chart = f"""{well()}
        {FEVER}
        d1 12:00 | norepinephrine | 4/min         | d1 20:00
        d1 13:00 | oxygen_device  | nasal_cannula | d1 20:00
        d1 09:15 | paracetamol    | 1000
        d1 08:30 | ibuprofen      | 400
        d1 12:00 | tocilizumab    | 640
        d1 12:30 | dexamethasone  | 0             |          | source_id=zero
        d1 12:30 | dexamethasone  | 10            |          | route=intrathecal
        d1 02:00 | anakinra       | 4/h           | d1 09:30
        d1 02:00 | vasopressin    | stopped
        d5 12:00 | siltuximab     | 800"""
    (one,) = grade(chart, CRS).episodes
    assert (one.episode, one.onset_day, one.duration_days, one.peak_time) == (1, 1, 1.0, at("d1 12:00"))
    assert (one.peak_low, one.peak_high, one.charted_peak_low, one.charted_peak_high) == (3, 3, 3, 3)
    assert one.treatments == ("anakinra", "norepinephrine", "paracetamol", "tocilizumab")
    assert (one.unobserved_h, one.flags) == (0, ())


def test_a_vasopressor_that_runs_since_long_before_is_listed() -> None:
    chart = f"{well()}\n{FEVER}\nd1 02:00 | norepinephrine | 4/min\nd1 12:00 | norepinephrine | stopped"
    assert grade(chart, CRS).episodes[0].treatments == ("norepinephrine",)


def test_charted_peak_is_without_attributions() -> None:
    chart = f"""{well()}
        {FEVER}
        d1 12:00 | oxygen_device | cpap                 | d1 20:00
        d1 11:00 | attribution   | hypoxia:sleep_apnoea | d1 20:00"""
    (one,) = grade(chart, CRS).episodes
    assert (one.peak_low, one.peak_high, one.charted_peak_low, one.charted_peak_high) == (1, 1, 4, 4)


def test_unobserved_while_open() -> None:
    """Nothing is charted from d1 10:00 until d3 10:00: null from d2 02:00, and the end is the last it could be."""
    chart = (
        f"{FEVER}\nd1 10:00 | spo2 | 97\nd1 10:00 | systolic_bp | 120\nd3 10:00 | temperature | 37"
        "\nd3 10:00 | spo2 | 97\nd3 10:00 | systolic_bp | 120"
    )
    (one,) = grade(chart, CRS, as_of="d3 12:00").episodes
    assert (one.end, one.unobserved_h) == (at("d3 10:00"), 32.0)
    assert one.flags == ("unobserved_in_episode",)


@pytest.mark.parametrize(("day", "flags"), [(14, ()), (15, ("late_onset",)), (30, ("late_onset",))])
def test_late_onset(day: int, flags: tuple[str, ...]) -> None:
    (one,) = grade(f"{well(33)}\nd{day} 10:00 | temperature | 39", CRS).episodes
    assert (one.onset_day, one.flags) == (day, flags)


def test_a_positive_culture_is_flagged() -> None:
    (one,) = grade(f"{well()}\n{FEVER}\nd1 11:00 | culture | positive", CRS).episodes
    assert one.flags == ("positive_culture",)
    (one,) = grade(f"{well()}\n{FEVER}\nd1 11:00 | culture | negative", CRS).episodes
    assert one.flags == ()


@pytest.mark.parametrize(
    ("onset", "late"),
    [("d14 23:59", False), ("d15 00:00", True), ("d30 23:59", True)],
)
def test_late_onset_is_by_calendar_day(onset: str, late: bool) -> None:
    (one,) = grade(f"{well(33)}\n{onset} | temperature | 39", CRS).episodes
    assert ("late_onset" in one.flags) == late


def test_a_positive_culture_is_flagged_while_it_holds() -> None:
    graded = grade(f"{well()}\n{FEVER}\nd1 11:00 | culture | positive | d1 15:00", CRS)
    times = ("d1 10:59", "d1 11:00", "d1 14:59", "d1 15:00")
    assert ["positive_culture" in row_at(graded, time).flags for time in times] == [False, True, True, False]


def test_an_episode_holds_what_was_found_until_its_end() -> None:
    record = Record(ADULT._replace(infusion_time=at("d0 08:00")), events(f"{well()}\n{FEVER}"), SETTINGS)
    (one,) = find_episodes(record, SCALES[CRS], grade_scale(record, SCALES[CRS]))
    assert (one.verdicts[0].start, one.verdicts[-1].end) == (one.onset, one.end)
