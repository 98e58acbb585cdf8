"""The published tables as rows (`peers/`), each tried on both sides of its edges; and ranges over missing days."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cytovigil.engine.measures.count_days import joined, joined_at_end, lasts, longest, span
from cytovigil.engine.reference import grade_course
from cytovigil.logic.scale import CumulativeCourse
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES
from spec.counts_kit import NEUTROPHILS, PLATELETS, counts, summary

PEERS = Path(__file__).parent / "peers"
DAY = 86_400
START = 1_767_261_600  # 2026-01-01 11:00 in Amsterdam: no change of clocks in 100 days
GRADED = {
    ("n_icaht_rules", "early"): ("icaht-early-2023", "icaht-early-liang-2024"),
    ("n_icaht_rules", "late"): ("icaht-late-2023", "icaht-late-liang-2024"),
    ("t_icaht_rules", "early"): ("t-icaht-early-2025",),
    ("t_icaht_rules", "late"): ("t-icaht-late-2025",),
}


def rows() -> list[tuple[str, dict[str, str]]]:
    found = []
    for name in ("n_icaht_rules", "t_icaht_rules"):
        with (PEERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found += [(name, row) for row in csv.DictReader(file)]
    return found


def limit(name: str, row: dict[str, str]) -> float:
    return float(row["threshold_per_uL" if name == "n_icaht_rules" else "threshold_10e9_L"])


CASES = [(name, row) for name, row in rows() if row["days_min"]]


@pytest.mark.parametrize(("name", "row"), CASES, ids=[f"{n}-{'-'.join(r.values())}"[:60] for n, r in CASES])
def test_a_row_of_days_at_both_its_ends(name: str, row: dict[str, str]) -> None:
    neutrophils = name == "n_icaht_rules"
    just_low = limit(name, row) - (0 if row["operator"] == "<=" else 1)
    just_not = limit(name, row) + (1 if row["operator"] == "<=" else 0)
    first = 0 if row["days_min"] == "31" else (4 if row["phase"] == "early" else 40)
    longest_ = int(row["days_max"]) if row["days_max"] else int(row["days_min"])
    longest_ = min(longest_, 27)  # from day 4 no run is longer
    signal, well = (NEUTROPHILS, "3000") if neutrophils else (PLATELETS, "150")
    window = (0, 31) if row["phase"] == "early" else (31, 101)
    for days in {int(row["days_min"]), max(longest_, int(row["days_min"]))}:
        for scale in GRADED[name, row["phase"]]:
            chart = counts(f"{first}-{first + days - 1}: {just_low:g}", well, window[1], signal)
            if row["phase"] == "late" and days == 1:
                chart = counts(f"{first}: {just_low:g}, {first + 1}: {just_low:g}", "", window[1], signal)
            assert int(summary(chart, scale)) == int(row["grade"]), (scale, days)
            if not scale.endswith("liang-2024"):  # rounds
                above = counts(f"{first}-{first + max(days, 2) - 1}: {just_not:g}", well, window[1], signal)
                assert int(summary(above, scale)) < int(row["grade"]), (scale, days)


LATE = [row for name, row in rows() if name == "n_icaht_rules" and row["phase"] == "late"]


@pytest.mark.parametrize("row", LATE, ids=[row["threshold_per_uL"] for row in LATE])
@pytest.mark.parametrize("scale", ["icaht-late-2023", "icaht-late-liang-2024"])
def test_a_row_of_the_late_table(row: dict[str, str], scale: str) -> None:
    at_limit = row["threshold_per_uL"]
    assert summary(counts(f"40: {at_limit}, 50: {at_limit}"), scale) == row["grade"]
    assert summary(counts(f"40: {int(at_limit) + 1}, 50: 1500"), scale) == str(max(int(row["grade"]) - 1, 0) or
                                                                               int(int(at_limit) < 1500))  # fmt: skip


def test_all_rows_of_the_tables_are_tried() -> None:
    untried = [row for _, row in rows() if not row["days_min"] and row not in LATE]
    assert [row["note"] for row in untried] == ["run starts on day 0-3 and lasts to the last ANC (early death / lost)"]


def graded(found: dict[int, int], scale: str, signal: str = NEUTROPHILS, until: int = 40) -> tuple[int, int]:
    events = [Event("P1", START + day * DAY, signal, value, value) for day, value in found.items()]
    patient = Patient("P1", START, last_followup=START + until * DAY)
    (one,) = grade_course(Course((patient,), tuple(events)), [SCALES[scale]], Settings())
    low, high = one.summaries[scale][:2]
    assert low is not None and high is not None
    return low, high


values = st.sampled_from([20, 100, 101, 400, 500, 501, 505, 900, 2000])
sparse = st.dictionaries(st.integers(0, 30), values, min_size=1, max_size=9)


@settings(max_examples=60)
@given(sparse, st.data())
def test_the_range_holds_the_grade_of_every_completion(found: dict[int, int], data: st.DataObject) -> None:
    """Runs of more than 7 missing days may be anything: whatever is charted on all of them is inside the range."""
    low, high = graded(found, "icaht-early-2023")
    days = sorted(found)
    edges = [(-1, days[0]), *pairwise(days), (days[-1], 31)]
    missing = [day for first, last in edges if last - first > 8 for day in range(first + 1, last)]
    whole = found | {day: data.draw(values) for day in missing}
    one, other = graded(whole, "icaht-early-2023")
    assert one == other and low <= one <= high
    assert graded(found | dict.fromkeys(missing, 2000), "icaht-early-2023")[0] == low
    assert graded(found | dict.fromkeys(missing, 20), "icaht-early-2023")[1] == high


@settings(max_examples=60)
@given(sparse, st.dictionaries(st.integers(0, 30), values, max_size=12), st.integers(0, 45))
@pytest.mark.parametrize(
    "scale", ["icaht-early-2023", "icaht-early-liang-2024", "t-icaht-early-2025", "t-icaht-early-2025-authors"]
)
def test_a_provisional_range_holds_what_comes(
    scale: str, found: dict[int, int], more: dict[int, int], until: int
) -> None:
    """What is charted on later days, and death on any later day, leaves the grade inside the range."""
    last = max(found)
    signal = SCALES[scale].signals[0]
    events = [Event("P1", START + day * DAY, signal, value, value) for day, value in found.items()]
    (now,) = grade_course(
        Course((Patient("P1", START),), tuple(events)), [SCALES[scale]], Settings(), START + last * DAY + 1
    )
    row = now.timeline[-1]
    assert row.provisional
    later = found | {day: value for day, value in more.items() if day > last}
    low, high = graded(later, scale, signal, max(until, last + 1))
    assert row.low <= low and high <= row.high


days_ = st.integers(0, 2**31 - 1)


@given(days_, st.integers(0, 7))
def test_joined_runs_are_as_by_hand(mask: int, at_most: int) -> None:
    low = [day for day in range(31) if mask >> day & 1]
    expected = set(low)
    for one, other in pairwise(low):
        expected |= set(range(one, other)) if other - one - 1 <= at_most else set()
    assert joined(mask, at_most) == sum(1 << day for day in expected)


@given(days_)
def test_the_longest_run_is_as_by_hand(mask: int) -> None:
    assert longest(mask) == max(map(len, bin(mask)[2:].split("0")))


@pytest.mark.parametrize(
    ("days", "expected"), [("", ""), ("0-28", "0-30"), ("0-27", "0-27"), ("5-30", "5-30"), ("0-29", "0-30")]
)
def test_days_at_the_end_are_joined(days: str, expected: str) -> None:
    def mask(text: str) -> int:
        return span(*map(int, text.split("-"))) if text else 0

    assert joined_at_end(mask(days), 30, 2) == mask(expected)


@pytest.mark.parametrize(("first", "last", "expected"), [(0, 30, True), (3, 30, True), (4, 30, False), (0, 29, False)])
def test_a_run_that_lasts(first: int, last: int, expected: bool) -> None:
    assert lasts(span(first, last), 3, 30) is expected
    assert not lasts(0, 3, 2), "a short window without any"


def test_span_is_empty_where_the_last_day_is_before_the_first() -> None:
    assert (span(3, 2), span(3, 3), span(0, 2)) == (0, 8, 7)


BOTH = ("progression_date", "next_therapy_date")


@pytest.mark.parametrize(
    ("scale", "window", "ended_by", "provisional", "fields"),
    [
        ("icaht-early-2023", (0, 30), (), True, "days_500 never_recovered days_100"),
        ("icaht-early-liang-2024", (0, 30), (), True, "days_500 never_recovered days_100"),
        ("icaht-late-2023", (31, 100), BOTH, False, "lowest confirmed"),
        ("icaht-late-liang-2024", (31, 100), BOTH, False, "lowest confirmed"),
        ("t-icaht-early-2025", (0, 30), BOTH, True, "days_50 days_20"),
        ("t-icaht-early-2025-authors", (0, 37), BOTH[:1], True, "days_50 days_20"),
        ("t-icaht-late-2025", (31, 100), BOTH, False, "lowest confirmed days_20"),
        ("t-icaht-late-2025-authors", (31, 100), BOTH[:1], False, "second days_20"),
    ],
)
def test_windows_and_fields(
    scale: str, window: tuple[int, int], ended_by: tuple[str, ...], provisional: bool, fields: str
) -> None:
    rule = SCALES[scale]
    course = rule.course
    assert isinstance(course, CumulativeCourse)
    assert (course.window.first_day, course.window.last_day, course.provisional) == (*window, provisional)
    assert set(course.window.ended_by) == set(ended_by)
    assert [field.name for field in rule.fields] == fields.split()
    assert all(field.detail.counting.window == course.window for field in rule.fields)
    counting = rule.fields[0].detail.counting
    assert counting.carried == (window[0] == 0)
    labels = [field.labels[:3] for field in rule.fields if field.name.startswith("days")]
    assert set(labels) <= {("0 days", "1 day", "2 days")}
