"""Vasopressors that run (semantics 2 and 3). With fever: 1 is none, 3 is one, 4 is two or more."""

from dataclasses import replace

import pytest

from spec.charts import SETTINGS, grade, row_at
from spec.febrile import CRS, FEBRILE, LEE, WITH_LABORATORY, at_once, over_time
from spec.reasons import Reasons, rests_on

SATURATION = "d0 08:00 | spo2 | 97 | d9 00:00"
NO_STOP, ALONE = "no_stop_charted", "vasopressin_alone"


def run(drug: str, rate: str = "4", start: str = "d1 10:00", end: str = "d1 20:00", extra: str = "") -> str:
    return f"{start} | {drug} | {rate} | {end} | {extra}"


NORADRENALINE, VASOPRESSIN = run("norepinephrine"), run("vasopressin", "0.03")


@pytest.mark.parametrize("drug", ["norepinephrine", "epinephrine", "phenylephrine", "dopamine", "angiotensin_ii"])
def test_each_counts(drug: str) -> None:
    assert at_once(f"{SATURATION}\n{run(drug)}") == ("3", ())


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("none", [], ("1", ())),
        ("two", [NORADRENALINE, run("phenylephrine")], ("4", ())),
        ("three", [NORADRENALINE, run("phenylephrine"), run("epinephrine")], ("4", ())),
        ("one and vasopressin", [NORADRENALINE, VASOPRESSIN], ("3", ())),
        ("two and vasopressin", [NORADRENALINE, run("epinephrine"), VASOPRESSIN], ("4", ())),
        ("vasopressin alone", [VASOPRESSIN], ("3", (ALONE,))),
        ("one and an inotrope", [NORADRENALINE, run("milrinone")], ("3", ())),
        ("inotropes alone", [run("dobutamine"), run("levosimendan"), run("milrinone")], ("1", ())),
        ("terlipressin by infusion", [run("terlipressin", "0.1/h")], ("3", ())),
        ("terlipressin as a dose that acts until its end", [run("terlipressin", "1")], ("3", ())),
        ("a dose without end acts at its time only", [run("terlipressin", "1", end="")], ("1", ())),
        ("a dose of 0", [run("terlipressin", "0")], ("1", ())),
        ("at an unknown rate", [run("norepinephrine", "?")], ("3", ())),
        ("rate 0", [run("norepinephrine", "0")], ("1", ())),
        ("inhaled", [run("epinephrine", extra="route=inhaled")], ("1", ())),
    ],
)
def test_how_many(what: str, rows: list[str], expected: tuple[str, tuple[str, ...]]) -> None:
    assert at_once("\n".join([SATURATION, *rows])) == expected, what


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("until its end", [NORADRENALINE], {"d1 09:59": "1", "d1 10:00": "3", "d1 19:59": "3", "d1 20:00": "1"}),
        ("until it is stopped", [run("norepinephrine", end=""), run("norepinephrine", "stopped", "d1 15:00", "")],
         {"d1 14:59": "3", "d1 15:00": "1"}),
        ("until rate 0", [run("norepinephrine", end=""), run("norepinephrine", "0", "d1 15:00", "")],
         {"d1 14:59": "3", "d1 15:00": "1"}),
        ("rate 0 stops every bag", [NORADRENALINE, run("norepinephrine", "2", "d1 11:00", "d1 18:00"),
                                    run("norepinephrine", "0", "d1 15:00", "")], {"d1 14:59": "3", "d1 15:00": "1"}),
        ("a new bag as the old one is stopped",
         [NORADRENALINE, run("norepinephrine", "0", "d1 15:00", "", "source_id=old"),
          run("norepinephrine", "5", "d1 15:00", "d1 18:00", "source_id=new")], {"d1 15:00": "3", "d1 18:00": "1"}),
        ("two bags of one drug are one drug", [NORADRENALINE, run("norepinephrine", "8", "d1 12:00", "d1 14:00")],
         {"d1 13:00": "3", "d1 15:00": "3", "d1 20:00": "1"}),
        ("the newest of rows without end counts", [run("norepinephrine", end=""),
                                                  run("norepinephrine", "8", "d1 12:00", "d1 14:00")],
         {"d1 13:00": "3", "d1 14:00": "1"}),
        ("two rows at one time, one without end", [run("norepinephrine", end="d1 11:00", extra="source_id=a"),
                                                   run("norepinephrine", "8", end="", extra="source_id=b")],
         {"d1 12:00": "3"}),
    ],
)  # fmt: skip
def test_how_long(what: str, rows: list[str], expected: dict[str, str]) -> None:
    assert over_time("\n".join([SATURATION, *rows]), list(expected)) == expected, what


def test_without_a_stop_12_h_then_unknown_then_stopped() -> None:
    chart = f"{SATURATION}\n{run('norepinephrine', end='')}"
    expected = {"d1 21:59": "3", "d1 22:00": "1..3", "d3 09:59": "1..3", "d3 10:00": "1"}
    assert over_time(chart, list(expected)) == expected
    assert [NO_STOP in at_once(chart, time)[1] for time in expected] == [False, True, True, False]
    assert row_at(grade(f"{FEBRILE}\n{chart}", CRS), "d1 22:00").missing == ("norepinephrine",)


def test_a_row_again_begins_the_12_h_again() -> None:
    chart = "\n".join([SATURATION, run("norepinephrine", end=""), run("norepinephrine", "6", "d1 20:00", "")])
    assert over_time(chart, ["d2 07:59", "d2 08:00"]) == {"d2 07:59": "3", "d2 08:00": "1..3"}


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("beside one that runs", [run("phenylephrine", end="d2 12:00")], ("3..4", (NO_STOP,))),
        ("beside vasopressin that runs", [run("vasopressin", "0.03", end="d2 12:00")], ("3", (NO_STOP, ALONE))),
        ("beside two that run", [run("phenylephrine", end="d2 12:00"), run("epinephrine", end="d2 12:00")],
         ("4", (NO_STOP,))),
        ("beside low pressure", ["d1 23:00 | systolic_bp | 80"], ("2..3", (NO_STOP,))),
    ],
)  # fmt: skip
def test_perhaps_running(what: str, rows: list[str], expected: tuple[str, tuple[str, ...]]) -> None:
    chart = "\n".join([SATURATION, run("norepinephrine", end=""), *rows])
    assert at_once(chart, "d2 00:00") == expected, what


def test_vasopressin_perhaps_running() -> None:
    chart = f"{SATURATION}\n{run('vasopressin', '0.03', end='')}"
    assert at_once(chart, "d2 00:00") == ("1..3", (NO_STOP, ALONE))


def test_the_site_may_chart_rates_hourly() -> None:
    site = replace(SETTINGS, infusion_valid_h=4)
    chart = f"{SATURATION}\n{run('norepinephrine', end='')}"
    expected = {"d1 13:59": "3", "d1 14:00": "1..3"}
    assert over_time(chart, list(expected), settings=site) == expected


@pytest.mark.parametrize(
    ("what", "charted", "expected"),
    [
        ("not charted", "", "2..3"),
        ("high", "d1 10:00 | vasopressor_high_dose | present", "3"),
        ("low", "d1 10:00 | vasopressor_high_dose | absent", "2"),
        ("in a word nobody knows", "d1 10:00 | vasopressor_high_dose | ?", "2..3"),
    ],
)
def test_dose_class_of_one_vasopressor(what: str, charted: str, expected: str) -> None:
    """Lee 2014: 2 for one vasopressor in low dose, 3 for high dose."""
    assert at_once(f"{SATURATION}\n{NORADRENALINE}\n{charted}", scale=LEE)[0] == expected, what


def test_no_vasopressor_has_no_dose_class() -> None:
    assert at_once(f"{SATURATION}\nd1 10:00 | vasopressor_high_dose | present", scale=LEE)[0] == "1"


DOSE_CLASS = "vasopressor_high_dose"


@pytest.mark.parametrize(
    ("what", "field", "rows", "expected"),
    [
        ("two run: a third that perhaps runs is not asked for", "vasopressors",
         [run("norepinephrine", start="d0 20:00", end=""), run("epinephrine"), run("phenylephrine")],
         ("two or more", ["epinephrine@d1 10:00", "norepinephrine@d0 20:00", "phenylephrine@d1 10:00"], ())),
        ("dose class, high", DOSE_CLASS, [NORADRENALINE, f"d1 10:00 | {DOSE_CLASS} | present"],
         ("yes", [f"{DOSE_CLASS}@d1 10:00"], ())),
        ("dose class, in a word nobody knows", DOSE_CLASS, [NORADRENALINE, f"d1 10:00 | {DOSE_CLASS} | ?"],
         ("no or yes", [f"{DOSE_CLASS}@d1 10:00"], (DOSE_CLASS,))),
        ("dose class, not charted", DOSE_CLASS, [NORADRENALINE],
         ("no or yes", ["norepinephrine@d1 10:00"], (DOSE_CLASS,))),
        ("dose class, with another cause", DOSE_CLASS,
         [NORADRENALINE, f"d1 10:00 | {DOSE_CLASS} | present", "d1 11:00 | attribution | hypotension:infection"],
         ("no", ["attribution@d1 11:00"], ())),
    ],
)  # fmt: skip
def test_what_it_rests_on(what: str, field: str, rows: list[str], expected: Reasons) -> None:
    values, because, missing = rests_on("\n".join([SATURATION, *rows]), field, scale=LEE)
    assert (values, sorted(because), missing) == expected, what


def test_a_dose_class_that_nobody_can_read_is_asked_for() -> None:
    chart = "\n".join([WITH_LABORATORY, SATURATION, NORADRENALINE, f"d1 10:00 | {DOSE_CLASS} | ?"])
    assert row_at(grade(chart, LEE), "d1 12:00").missing == (DOSE_CLASS,)


def test_an_attribution_of_hypotension_covers_a_vasopressor_that_starts_later() -> None:
    """It lasts until the hypotension, not only the vasopressor, is known absent."""
    attributed = "d1 09:00 | systolic_bp | 80\nd1 09:30 | attribution | hypotension:infection"
    chart = f"{SATURATION}\n{attributed}\n{NORADRENALINE}"
    expected = {"d1 09:15": "2", "d1 09:45": "1", "d1 12:00": "1"}
    assert over_time(chart, list(expected)) == expected
    assert rests_on(chart, "vasopressors") == ("none", ["attribution@d1 09:30"], ())
