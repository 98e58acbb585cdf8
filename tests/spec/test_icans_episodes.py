"""Episodes of ICANS: open at low 1, end when 0 is known for 24 h, reopen within 48 h (semantics 5)."""

import pytest

from cytovigil.engine.episodes import find_episodes
from cytovigil.engine.record import Record
from cytovigil.engine.reference import grade_scale
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, grade, row_at, shown

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


@pytest.mark.parametrize(
    ("as_of", "confirmed"), [("d4 08:00", None), ("d4 08:01", "d4 08:00"), ("d5 00:00", "d4 08:00")]
)
def test_confirmed_once_time_after_the_48_h_was_graded(as_of: str, confirmed: str | None) -> None:
    chart = ices(("d1 08:00", 5), *days(2, 6))
    assert spans(chart, as_of) == [when("d1 08:00", "d2 08:00", confirmed)]


def test_an_episode_holds_what_was_found_until_its_end() -> None:
    record = Record(ADULT._replace(infusion_time=at("d0 08:00")), events(ices(("d1 08:00", 5), *days(2, 6))), SETTINGS)
    (one,) = find_episodes(record, SCALES[ICANS], grade_scale(record, SCALES[ICANS]))
    assert (one.verdicts[0].start, one.verdicts[-1].end) == (one.onset, one.end)


@pytest.mark.parametrize("sedated", ["", "\nd1 09:00 | sedation | sedated | d1 10:00"])
def test_after_day_60_only_with_a_grade_charted(sedated: str) -> None:
    """Between the assessments nothing else changes at these moments."""
    chart = ices(("d60 15:00", 8), ("d61 12:00", 8), ("d62 12:00", 8), ("d63 12:00", 10)).replace("d19", "d70")
    chart += f"{sedated}\nd62 14:00 | recorded_icans_grade | 1 | d62 16:00\nd3 14:00 | recorded_icans_grade | 1"
    expected = {
        "d60 23:59": ("1", False),
        "d61 00:00": ("0..1", True),
        "d62 13:59": ("0..1", True),
        "d62 14:00": ("1", False),
        "d62 15:59": ("1", False),
        "d62 16:00": ("0..1", True),
        "d63 13:00": ("0", False),
    }
    graded = grade(chart, ICANS)
    found = {time: row_at(graded, time) for time in expected}
    assert {time: (shown(row), "late" in row.flags) for time, row in found.items()} == expected


ILL = "d1 08:00 | ice | 5 \n d1 08:00 | avpu | A \n d9 00:00 | heart_rate | 90"  # grade 2 until d2 08:00
SEDATED = "{} | sedation | sedated | {}"
HELD = "held_under_sedation"


@pytest.mark.parametrize(
    ("what", "chart", "time", "expected", "held"),
    [
        ("sedated since before the infusion: nothing to hold", SEDATED.format("d0 07:00", "d1 10:00"), "d0 09:00",
         "0..4", False),
        ("a grade of 1", "d1 08:00 | ice | 8 \n d1 08:00 | avpu | A \n" + SEDATED.format("d1 10:00", "d2 10:00"),
         "d1 12:00", "1..4", True),
        ("a grade whose validity was over for some hours", f"{ILL}\n" + SEDATED.format("d2 20:00", "d3 20:00"),
         "d2 21:00", "2..4", True),
        ("for 24 h", f"{ILL}\n" + SEDATED.format("d3 08:00", "d3 20:00"), "d3 09:00", "2..4", True),
        ("for more than 24 h", f"{ILL}\n" + SEDATED.format("d3 08:01", "d3 20:00"), "d3 09:00", "0..4", False),
        ("after sedation, nothing held and nothing assessed",
         "d1 08:00 | ice | 10 \n d1 08:00 | avpu | A \n" + SEDATED.format("d1 10:00", "d2 10:00"), "d2 11:00", "-", False),
        ("perhaps sedated, on a ventilator, and the assessment expired",
         f"{ILL}\nd1 20:00 | oxygen_device | invasive_ventilation", "d2 09:00", "0..4", True),
    ],
)  # fmt: skip
def test_what_is_held_under_sedation(what: str, chart: str, time: str, expected: str, held: bool) -> None:
    row = row_at(grade(f"{chart}\nd9 00:00 | heart_rate | 90", ICANS), time)
    assert (shown(row), HELD in row.flags) == (expected, held), what


def test_where_the_worst_is_held_nothing_is_to_chart() -> None:
    chart = "d1 08:00 | seizure | prolonged \n" + SEDATED.format("d1 10:00", "d3 10:00")
    row = row_at(grade(chart, ICANS), "d2 12:00")
    assert (shown(row), row.missing) == ("4", ())
