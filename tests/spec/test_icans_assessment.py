"""ICE and CAPD: one assessment, its items, its age, its baseline (semantics 5)."""

import pytest

from spec.charts import ADULT, grade, ranges, row_at, shown

ICANS = "icans-astct-2019"
AWAKE = "d1 00:00 | consciousness | awake | d9 00:00"
CHILD, OF_UNKNOWN_AGE = ADULT._replace(age_years=11), ADULT._replace(age_years=None)


def seen(chart: str, expected: dict[str, str], patient: object = ADULT) -> None:
    assert ranges(f"{AWAKE}\n{chart}\nd5 00:00 | heart_rate | 90", ICANS, list(expected), patient) == expected


@pytest.mark.parametrize(
    ("score", "expected"),
    [*((n, "3") for n in (0, 1, 2)), *((n, "2") for n in (3, 4, 5, 6)), (7, "1"), (8, "1"), (9, "1"), (10, "0")],
)
def test_ice(score: int, expected: str) -> None:
    seen(f"d1 09:00 | ice | {score}", {"d1 10:00": expected})


@pytest.mark.parametrize(("score", "expected"), [(0, "0"), (1, "1"), (8, "1"), (9, "3"), (32, "3")])
def test_capd_below_12_years(score: int, expected: str) -> None:
    seen(f"d1 09:00 | capd | {score}", {"d1 10:00": expected}, CHILD)


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("complete at once", "d1 09:00 | ice | 8", {"d1 08:59": "-", "d1 09:00": "1"}),
        ("a partial one counts 10 minutes after its first row",
         "d1 09:00 | ice_orientation | 4 \n d1 09:05 | ice_naming | 3",
         {"d1 09:09": "-", "d1 09:10": "0..1"}),
        ("items not charted are 0 to their most", "d1 09:00 | ice_orientation | 1", {"d1 09:10": "1..3"}),
        ("complete when the last item is charted",
         ("d1 09:00 | ice_orientation | 4 \n d1 09:01 | ice_naming | 3 \n d1 09:02 | ice_command | 1"
         "\n d1 09:03 | ice_writing | 0 \n d1 09:04 | ice_attention | 1"), {"d1 09:03": "-", "d1 09:04": "1"}),
        ("rows up to 30 minutes after the first belong to it",
         "d1 09:00 | ice_orientation | 0 \n d1 09:30 | ice_naming | 0",
         {"d1 09:29": "2..3", "d1 09:30": "2..3", "d1 09:41": "2..3"}),
        ("a later row is a new assessment: it replaces the whole one before",
         "d1 09:00 | ice_orientation | 0 \n d1 09:31 | ice_naming | 3",
         {"d1 09:40": "2..3", "d1 09:41": "0..2"}),
        ("a new total replaces items",
         "d1 09:00 | ice_orientation | 0 \n d1 12:00 | ice | 10", {"d1 11:59": "2..3", "d1 12:00": "0"}),
        ("new items replace a total", "d1 09:00 | ice | 10 \n d1 12:00 | ice_writing | 0",
         {"d1 12:09": "0", "d1 12:10": "1..3"}),
        ("total and items that contradict: both",
         "d1 09:00 | ice | 10 \n d1 09:00 | ice_orientation | 0", {"d1 09:00": "0..3"}),
        ("total and items that agree: the total",
         "d1 09:00 | ice | 6 \n d1 09:00 | ice_orientation | 0", {"d1 09:00": "2"}),
        ("a charted item corrected in the round",
         "d1 09:00 | ice | 6 \n d1 09:20 | ice | 8", {"d1 09:19": "2", "d1 09:20": "1"}),
        ("a bound", "d1 09:00 | ice | >7", {"d1 09:00": "0..1"}),
        ("valid 24 h", "d1 09:00 | ice | 8", {"d2 08:59": "1", "d2 09:00": "-"}),
        ("a partial one waits while the one before is valid",
         "d1 09:00 | ice | 8 \n d2 08:55 | ice_writing | 1", {"d2 08:59": "1", "d2 09:00": "-", "d2 09:05": "0..3"}),
    ],
)  # fmt: skip
def test_one_assessment(what: str, chart: str, expected: dict[str, str]) -> None:
    seen(chart, expected)


ITEMS = {"orientation": 4, "naming": 3, "command": 1, "writing": 0, "attention": 1}


@pytest.mark.parametrize("last", ITEMS)
def test_it_is_complete_with_its_last_item_whichever_that_is(last: str) -> None:
    before = "\n".join(f"d1 09:00 | ice_{item} | {score}" for item, score in ITEMS.items() if item != last)
    seen(f"{before}\nd1 09:04 | ice_{last} | {ITEMS[last]}", {"d1 09:03": "-", "d1 09:04": "1"})


@pytest.mark.parametrize(
    ("chart", "missing"),
    [
        (
            "d1 09:00 | ice_orientation | 4 \n d1 09:01 | ice_naming | 3",
            ("ice_attention", "ice_command", "ice_writing"),
        ),
        ("d1 09:00 | ice_orientation | 4", ("ice_attention", "ice_command", "ice_naming", "ice_writing")),
        ("d1 09:00 | ice_naming | 3", ("ice_attention", "ice_command", "ice_orientation", "ice_writing")),
        ("d1 09:00 | ice | >7", ("ice",)),
        ("d1 09:00 | ice | 10", ()),
    ],
)
def test_what_would_settle_the_score_is_named(chart: str, missing: tuple[str, ...]) -> None:
    assert row_at(grade(f"{AWAKE}\n{chart}", ICANS), "d1 10:00").missing == missing


def test_due_after_12_h() -> None:
    graded = grade(f"{AWAKE}\nd1 09:00 | ice | 10", ICANS)
    assert [row_at(graded, t).flags for t in ("d1 20:59", "d1 21:00")] == [(), ("ice_due",)]


@pytest.mark.parametrize(
    ("what", "patient", "chart", "expected", "flags"),
    [
        ("CAPD alone in an adult", ADULT, "d1 09:00 | capd | 9", "3", ("other_instrument",)),
        ("ICE alone in a child", CHILD, "d1 09:00 | ice | 5", "2", ("other_instrument",)),
        ("both in an adult: ICE", ADULT, "d1 09:00 | capd | 9 \n d1 09:00 | ice | 10", "0", ()),
        ("both in a child: CAPD", CHILD, "d1 09:00 | capd | 9 \n d1 09:00 | ice | 10", "3", ()),
        ("age unknown: ICE", OF_UNKNOWN_AGE, "d1 09:00 | ice | 5", "2", ()),
        ("age unknown: CAPD", OF_UNKNOWN_AGE, "d1 09:00 | capd | 9", "3", ()),
        ("age unknown: the worse of both", OF_UNKNOWN_AGE, "d1 09:00 | capd | 0 \n d1 09:00 | ice | 5", "2", ()),
        ("12 years: ICE", ADULT._replace(age_years=12), "d1 09:00 | capd | 9 \n d1 09:00 | ice | 10", "0", ()),
    ],
)
def test_instrument_by_age(what: str, patient: object, chart: str, expected: str, flags: tuple[str, ...]) -> None:
    row = row_at(grade(f"{AWAKE}\n{chart}", ICANS, patient), "d1 10:00")
    assert (shown(row), row.flags) == (expected, flags), what


def test_the_other_instrument_counts_once_the_own_has_lapsed() -> None:
    chart = f"{AWAKE}\nd1 09:00 | ice | 10\nd1 20:00 | capd | 9"
    assert ranges(chart, ICANS, ["d2 08:00", "d2 10:00"]) == {"d2 08:00": "0", "d2 10:00": "3"}


@pytest.mark.parametrize(
    ("what", "patient", "chart", "expected", "flagged"),
    [
        ("at baseline", {"baseline_ice": 9}, "d1 09:00 | ice | 9", "0..1", True),
        ("better than baseline", {"baseline_ice": 6}, "d1 09:00 | ice | 8", "0..1", True),
        ("full score", {"baseline_ice": 9}, "d1 09:00 | ice | 10", "0", False),
        ("worse than baseline", {"baseline_ice": 9}, "d1 09:00 | ice | 6", "2", False),
        ("partly at baseline", {"baseline_ice": 4}, "d1 09:00 | ice_orientation | 0", "0..3", True),
        ("charted before infusion", {}, "d0 06:00 | ice | 9 \n d1 09:00 | ice | 9", "0..1", True),
        ("the last one before infusion",
         {}, "d-1 06:00 | ice | 9 \n d0 06:00 | ice | 10 \n d1 09:00 | ice | 9", "1", False),
        ("charted at the infusion", {}, "d0 08:00 | ice | 9 \n d1 09:00 | ice | 9", "1", False),
        ("incomplete before infusion", {}, "d0 06:00 | ice_naming | 3 \n d1 09:00 | ice | 9", "1", False),
        ("CAPD of a child", {"age_years": 5, "baseline_capd": 10}, "d1 09:00 | capd | 10", "0..3", True),
        ("CAPD above it", {"age_years": 5, "baseline_capd": 10}, "d1 09:00 | capd | 11", "3", False),
        ("sixth of the score, other instrument", {"baseline_capd": 10}, "d1 09:00 | capd | 10", "0..3", True),
    ],
)  # fmt: skip
def test_baseline(what: str, patient: dict[str, int], chart: str, expected: str, flagged: bool) -> None:
    graded = grade(f"{AWAKE}\n{chart}", ICANS, ADULT._replace(**patient))
    row = row_at(graded, "d1 10:00")
    assert (shown(row), "at_baseline" in row.flags) == (expected, flagged), what
    assert bool(graded.episodes) == (expected[0] != "0")


def test_an_attribution_would_settle_a_score_at_baseline() -> None:
    row = row_at(grade(f"{AWAKE}\nd1 09:00 | ice | 9", ICANS, ADULT._replace(baseline_ice=9)), "d1 10:00")
    assert row.missing == ("attribution",)
