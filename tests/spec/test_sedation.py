"""Sedation hides the assessment; the grade before it is held (semantics 5)."""

import pytest

from spec.charts import grade, row_at, shown

ICANS = "icans-astct-2019"
ILL = "d1 08:00 | ice | 5 \n d1 08:00 | avpu | A"  # grade 2
LATER = "d9 00:00 | heart_rate | 90"


def seen(chart: str, *times: str) -> list[str]:
    return [shown(row_at(grade(f"{chart}\n{LATER}", ICANS), time)) for time in times]


@pytest.mark.parametrize(
    ("what", "sedated", "last", "over"),
    [
        ("declared, with an end", "d1 10:00 | sedation | sedated | d1 15:00", "d1 14:59", "d1 15:00"),
        ("declared, then none", "d1 10:00 | sedation | sedated \n d1 15:00 | sedation | none", "d1 14:59", "d1 15:00"),
        ("6 h after propofol", "d1 10:00 | propofol | 100/h | d1 11:00", "d1 16:59", "d1 17:00"),
        ("12 h after midazolam", "d1 10:00 | midazolam | 5/h | d1 11:00", "d1 22:59", "d1 23:00"),
        ("6 h after it was stopped",
         "d1 10:00 | propofol | 100/h \n d1 12:00 | propofol | stopped", "d1 17:59", "d1 18:00"),
        ("the longer of two", "d1 10:00 | midazolam | 5/h | d1 11:00 \n d1 10:00 | propofol | 99/h | d1 12:00",
         "d1 22:59", "d1 23:00"),
    ],
)  # fmt: skip
def test_how_long(what: str, sedated: str, last: str, over: str) -> None:
    chart = f"d1 08:00 | ice | 10 \n d1 08:00 | avpu | A \n {sedated}"
    assert seen(chart, "d1 09:59", "d1 10:00", last, over) == ["0", "0..4", "0..4", "0"], what


@pytest.mark.parametrize(
    "drug",
    [
        "d1 10:00 | propofol | 50",  # a dose is no infusion
        "d1 10:00 | propofol | 50 | d1 10:05",
        "d1 10:00 | levetiracetam | 100/h | d1 15:00",
        "d1 10:00 | fentanyl | 100/h | d1 15:00 | route=topical",
    ],
)
def test_what_is_no_sedation(drug: str) -> None:
    assert seen(f"d1 08:00 | ice | 10 \n d1 08:00 | avpu | A \n {drug}", "d1 10:01") == ["0"]


def test_an_infusion_without_a_stop() -> None:
    """Runs 12 h, with its tail 18 h; unknown until 48 h and its tail."""
    graded = grade(f"d1 08:00 | ice | 10 \n d1 10:00 | propofol | 100/h \n{LATER}", ICANS)
    flagged = ["no_stop_charted" in row_at(graded, t).flags for t in ("d2 03:59", "d2 04:00", "d3 15:59", "d3 16:00")]
    assert flagged == [False, True, True, False]


def test_perhaps_sedated_is_a_range_over_both() -> None:
    chart = "d1 10:00 | propofol | 100/h \n d2 05:00 | ice | 8 \n d2 05:00 | avpu | A"
    row = row_at(grade(chart, ICANS), "d2 06:00")
    assert (shown(row), "sedation" in row.missing) == ("0..4", True)


def test_declared_and_not_charted_again_is_unknown_for_48_h() -> None:
    chart = "d1 10:00 | sedation | sedated \n" + "\n".join(
        f"d{d} 09:00 | ice | 10 \n d{d} 09:00 | avpu | A" for d in range(1, 7)
    )
    assert seen(chart, "d2 09:59", "d2 10:00", "d4 09:59", "d4 10:00") == ["0..4", "0..4", "0..4", "0"]
    assert seen(f"{chart}\nd3 10:00 | spo2 | 97", "d3 12:00", "d4 10:00") == ["0..4", "0"]  # no word on sedation


@pytest.mark.parametrize(
    ("what", "charted", "expected"),
    [
        ("nothing charted", "", "0..4"),
        ("RASS charted", "d1 09:30 | rass | 0", "0"),
        ("no sedation, charted", "d1 09:30 | sedation | none", "0"),
    ],
)
def test_on_a_ventilator(what: str, charted: str, expected: str) -> None:
    chart = (
        f"d1 08:00 | ice | 10 \n d1 08:00 | avpu | A \n d1 10:00 | oxygen_device | invasive_ventilation \n {charted}"
    )
    assert seen(chart, "d1 10:00") == [expected], what


def test_on_a_ventilator_while_a_rass_is_valid() -> None:
    chart = """d1 08:00 | ice | 10 | \n d1 08:00 | avpu | A
        d1 10:00 | oxygen_device | invasive_ventilation | d3 10:00
        d1 12:00 | rass | 0 | d1 20:00"""
    assert seen(chart, "d1 11:59", "d1 12:00", "d1 19:59", "d1 20:00") == ["0..4", "0", "0", "0..4"]


class TestHold:
    def test_from_the_first_moment_until_assessed_without_it(self) -> None:
        chart = f"""{ILL}
            d1 10:00 | sedation | sedated | d2 10:00
            d1 14:00 | ice      | 10
            d1 20:00 | rass     | -5
            d2 12:00 | ice      | 10
            d2 12:00 | avpu     | A"""
        assert seen(chart, "d1 09:59", "d1 10:00", "d2 09:59", "d2 11:59", "d2 12:00") == [
            "2",
            "2..4",
            "2..4",
            "2..4",  # the RASS was charted under sedation: it says nothing later either
            "0",
        ]

    def test_flag(self) -> None:
        graded = grade(f"{ILL}\nd1 10:00 | sedation | sedated | d2 10:00\n{LATER}", ICANS)
        times = ("d1 09:59", "d1 10:00", "d2 09:59")
        assert ["held_under_sedation" in row_at(graded, t).flags for t in times] == [False, True, True]

    def test_nothing_to_hold(self) -> None:
        graded = grade("d1 08:00 | ice | 10 \n d1 10:00 | sedation | sedated | d2 10:00", ICANS)
        row = row_at(graded, "d1 12:00")
        assert (shown(row), row.flags) == ("0..4", ())
        assert {"ice", "consciousness", "motor_weakness"} <= set(row.missing)

    def test_after_sedation_until_assessed(self) -> None:
        """ICE of 5 lapses; awake is charted before the sedation only."""
        chart = (
            f"{ILL}\nd1 10:00 | sedation | sedated | d1 20:00\nd1 12:00 | sedation | sedated | d1 13:00"
            "\nd2 12:00 | seizure | resolved"
        )
        assert seen(chart, "d1 21:00", "d2 12:00") == ["2", "3..4"]

    def test_at_most_72_h(self) -> None:
        chart = f"{ILL}\nd1 10:00 | sedation | sedated | d8 10:00"
        assert seen(chart, "d4 09:59", "d4 10:00", "d7 00:00") == ["2..4", "0..4", "0..4"]

    def test_at_most_72_h_when_it_ended_and_nobody_looked(self) -> None:
        chart = (
            f"{ILL}\nd1 10:00 | sedation | sedated | d1 20:00\nd4 09:00 | raised_icp | none"
            "\nd4 09:00 | seizure | resolved | d6 00:00"
        )
        graded = grade(f"{chart}\n{LATER}", ICANS)
        assert ["held_under_sedation" in row_at(graded, t).flags for t in ("d4 09:59", "d4 10:00")] == [True, False]

    def test_a_second_sedation_holds_the_grade_before_the_first(self) -> None:
        chart = f"{ILL}\nd1 10:00 | sedation | sedated | d1 12:00\nd1 14:00 | sedation | sedated | d1 20:00"
        assert seen(chart, "d1 13:00", "d1 15:00") == ["2", "2..4"]

    def test_after_an_assessment_a_new_hold_begins(self) -> None:
        chart = f"""{ILL}
            d1 10:00 | sedation | sedated | d1 12:00
            d1 13:00 | ice      | 0
            d1 13:00 | avpu     | A
            d1 14:00 | sedation | sedated | d1 20:00"""
        assert seen(chart, "d1 13:30", "d1 15:00") == ["3", "3..4"]

    def test_perhaps_still_sedated(self) -> None:
        """Propofol without a stop: sedated 18 h, then perhaps; assessed well meanwhile."""
        chart = f"{ILL}\nd1 10:00 | propofol | 100/h\nd2 06:00 | ice | 10\nd2 06:00 | avpu | A"
        assert seen(chart, "d2 03:59", "d2 05:00", "d2 07:00", "d3 16:00") == ["2..4", "2..4", "0..4", "-"]

    def test_what_is_seen_under_sedation_still_counts(self) -> None:
        chart = (
            f"{ILL}\nd1 10:00 | sedation | sedated | d2 10:00\nd1 12:00 | seizure | resolved"
            "\nd1 13:00 | raised_icp | papilloedema"
        )
        assert seen(chart, "d1 12:30", "d1 14:00") == ["3..4", "4"]

    def test_a_sign_attributed_stays_so(self) -> None:
        chart = """d1 08:00 | ice | 10
            d1 10:00 | sedation    | sedated            | d2 10:00
            d1 11:00 | attribution | arousal:sedation   | d2 10:00 | source_id=a
            d1 11:00 | attribution | ice:sedation       | d2 10:00 | source_id=b
            d1 11:00 | attribution | motor_weakness:sedation | d2 10:00"""
        assert seen(chart, "d1 10:30", "d1 12:00") == ["0..4", "0"]


class TestHeldValue:
    def test_a_second_sedation_holds_the_grade_before_it(self) -> None:
        chart = f"""{ILL}
            d1 10:00 | sedation | sedated | d1 11:00
            d1 12:00 | seizure  | prolonged
            d1 13:00 | sedation | sedated | d2 20:00"""
        assert seen(chart, "d2 13:00", "d2 19:59") == ["4", "4"]

    def test_a_grade_of_days_ago_is_not_held(self) -> None:
        chart = f"{ILL}\nd5 10:00 | sedation | sedated | d6 10:00"
        assert seen(chart, "d5 12:00") == ["0..4"]

    def test_a_declared_interval_holds_behind_a_newer_row(self) -> None:
        chart = f"{ILL}\nd1 10:00 | sedation | sedated | d6 10:00\nd2 10:00 | sedation | sedated"
        assert seen(chart, "d5 12:00") == ["0..4"]

    def test_weakness_charted_under_sedation_says_nothing_later(self) -> None:
        chart = f"""{ILL}
            d1 10:00 | sedation       | sedated | d1 12:00
            d1 11:00 | motor_weakness | none
            d1 13:00 | ice            | 10
            d1 13:00 | consciousness  | awake"""
        row = row_at(grade(chart, ICANS), "d1 13:30")
        assert (shown(row), row.missing) == ("0..4", ("motor_weakness",))

    def test_an_ice_charted_under_sedation_says_nothing_later(self) -> None:
        chart = """d1 10:00 | sedation       | sedated | d1 11:00
            d1 10:30 | ice            | 0
            d1 12:00 | consciousness  | drowsy
            d1 12:00 | motor_weakness | none"""
        row = row_at(grade(f"{chart}\n{LATER}", ICANS), "d1 12:30")
        assert (shown(row), row.missing) == ("1..3", ("ice",))
