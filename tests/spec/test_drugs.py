"""Drugs that treat, and drugs that may hide fever (semantics 2 and 3).

A treated patient without fever and with low pressure is grade 2, an untreated one 0..2 (`untreated_no_fever`). Before
any fever, low pressure is 0..2 while a drug may hide the fever (`masked_fever`), else 0.
"""

from dataclasses import replace

import pytest

from spec.charts import SETTINGS, grade, row_at, shown

CRS = "crs-astct-2019"
CALM = "d0 08:00 | spo2 | 97 | d12 00:00 \n d12 00:00 | heart_rate | 90 \n" + "\n".join(
    f"d{day} {hour}:00 | temperature | 37" for day in range(12) for hour in ("08", "20")
)
FEVER = "d1 10:00 | temperature | 39"  # until d2 10:00
LOW = "d2 11:00 | systolic_bp | 80 | d2 15:00"
TREATED, UNTREATED = ("2", ()), ("0..2", ("untreated_no_fever",))
MASKED, NOTHING = ("0..2", ("masked_fever",)), ("0", ())


def after_fever(*drugs: str) -> tuple[str, tuple[str, ...]]:
    """Fever d1 10:00 to d2 10:00, low pressure at d2 11:00."""
    row = row_at(grade("\n".join([CALM, FEVER, LOW, *drugs]), CRS), "d2 12:00")
    return shown(row), row.flags


def before_fever(drugs: str, time: str = "d2 12:00", until: str = "d2 15:00") -> tuple[str, tuple[str, ...]]:
    """No fever; low pressure from d2 11:00 on."""
    row = row_at(grade(f"{CALM}\n{drugs}\nd2 11:00 | systolic_bp | 80 | {until}", CRS), time)
    return shown(row), row.flags


def given(drug: str, dose: str, time: str = "d1 12:00", end: str = "", extra: str = "") -> str:
    return f"{time} | {drug} | {dose} | {end} | {extra}"


@pytest.mark.parametrize(
    "drug",
    [
        "paracetamol", "ibuprofen", "metamizole", "naproxen", "diclofenac", "acetylsalicylic_acid",
        "tocilizumab", "siltuximab", "anakinra", "ruxolitinib", "emapalumab", "etanercept", "infliximab",
        "dexamethasone", "methylprednisolone", "prednisolone", "prednisone", "betamethasone", "hydrocortisone",
    ],
)  # fmt: skip
def test_drugs_that_treat(drug: str) -> None:
    assert after_fever(given(drug, "500")) == TREATED


@pytest.mark.parametrize("drug", ["levetiracetam", "propofol", "filgrastim", "cyclophosphamide", "norepinephrine"])
def test_drugs_that_do_not(drug: str) -> None:
    assert after_fever(given(drug, "500", end="d1 13:00")) == UNTREATED


@pytest.mark.parametrize(
    ("what", "row", "expected"),
    [
        ("amount unknown", given("paracetamol", "?"), TREATED),
        ("amount 0", given("paracetamol", "0"), UNTREATED),
        ("stopped", given("anakinra", "stopped"), UNTREATED),
        ("topical", given("hydrocortisone", "500", extra="route=topical"), UNTREATED),
        ("inhaled", given("dexamethasone", "500", extra="route=inhaled"), UNTREATED),
        ("intrathecal", given("methylprednisolone", "500", extra="route=intrathecal"), UNTREATED),
        ("given in the last hour before the fever", given("paracetamol", "500", "d1 09:00"), TREATED),
        ("given earlier", given("paracetamol", "500", "d1 08:59"), UNTREATED),
        ("given earlier until the last hour", given("paracetamol", "500", "d1 08:00", "d1 09:00"), TREATED),
        ("an infusion that still runs", given("anakinra", "10/h", "d1 06:00"), TREATED),
        ("an infusion of more than 12 h before", given("anakinra", "10/h", "d0 20:00"), UNTREATED),
        ("an infusion stopped earlier",
         given("anakinra", "10/h", "d1 06:00") + "\nd1 08:59 | anakinra | stopped", UNTREATED),
        ("an infusion stopped in the last hour",
         given("anakinra", "10/h", "d1 06:00") + "\nd1 09:00 | anakinra | stopped", TREATED),
    ],
)  # fmt: skip
def test_what_counts_as_given(what: str, row: str, expected: tuple[str, tuple[str, ...]]) -> None:
    assert after_fever(row) == expected, what


@pytest.mark.parametrize(
    ("drug", "at_10_mg", "above"),
    [
        ("prednisolone", "10", "10.001"),
        ("prednisone", "10", "10.001"),
        ("methylprednisolone", "8", "8.001"),
        ("dexamethasone", "1.5", "1.501"),
        ("betamethasone", "1.5", "1.501"),
        ("hydrocortisone", "40", "40.001"),
    ],
)
def test_a_low_dose_corticosteroid_neither_treats_nor_masks(drug: str, at_10_mg: str, above: str) -> None:
    assert after_fever(given(drug, at_10_mg)) == UNTREATED
    assert after_fever(given(drug, above)) == TREATED
    assert before_fever(given(drug, at_10_mg, "d2 09:00")) == NOTHING
    assert before_fever(given(drug, above, "d2 09:00")) == MASKED


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("three times 0.5 mg dexamethasone is 10 mg",
         [given("dexamethasone", "0.5", f"d1 {hour}:00") for hour in (12, 16, 20)], UNTREATED),
        ("twice 6 mg a day", [given("prednisolone", "6", "d1 12:00"), given("prednisolone", "6", "d1 20:00")], TREATED),
        ("of two drugs", [given("prednisolone", "6", "d1 12:00"), given("hydrocortisone", "20", "d1 20:00")], TREATED),
        ("6 mg and 6 mg 24 h later",
         [given("prednisolone", "6", "d1 09:30"), given("prednisolone", "6", "d2 09:30")], UNTREATED),
        ("systemic and topical", [given("prednisolone", "6", "d1 12:00"),
                                  given("hydrocortisone", "100", "d1 20:00", extra="route=topical")], UNTREATED),
        ("the same dose charted twice", [given("prednisolone", "6", "d1 12:00", extra="source_id=a"),
                                         given("prednisolone", "6", "d1 12:05", extra="source_id=b")], UNTREATED),
        ("two doses", [given("prednisolone", "6", "d1 12:00", extra="source_id=a"),
                       given("prednisolone", "6", "d1 12:06", extra="source_id=b")], TREATED),
        ("dose unknown", [given("prednisolone", "?")], UNTREATED),
        ("above 10 mg and a dose unknown", [given("prednisolone", "11"), given("prednisolone", "?", "d1 14:00")],
         TREATED),
        ("a dose below a bound", [given("prednisolone", "<5")], UNTREATED),
        ("between 5 and 20 mg", [given("prednisolone", "5..20")], UNTREATED),
        ("between 10 and 20 mg", [given("prednisolone", "10..20")], UNTREATED),
        ("10 mg and a dose unknown", [given("prednisolone", "10"), given("prednisolone", "?", "d1 14:00")], UNTREATED),
        ("a dose above a bound", [given("prednisolone", ">20")], TREATED),
        ("an infusion at an unknown rate", [given("hydrocortisone", "?/h", end="d1 14:00")], UNTREATED),
        ("an infusion that is not known to end", [given("hydrocortisone", "100/h")], UNTREATED),
        ("10 mg/h until 4 h later is 40 mg", [given("hydrocortisone", "10/h", end="d1 16:00")], UNTREATED),
        ("10 mg/h for longer", [given("hydrocortisone", "10/h", end="d1 16:01")], TREATED),
        ("10 mg/h until it was stopped", [given("hydrocortisone", "10/h"), given("hydrocortisone", "0/h", "d1 16:01")],
         TREATED),
        ("stopped before its end",
         [given("hydrocortisone", "10/h", end="d1 20:00"), given("hydrocortisone", "0/h", "d1 16:00")], UNTREATED),
        ("of several days, 24 h count", [given("hydrocortisone", "1.66/h", end="d9 12:00")], UNTREATED),
        ("an infusion and a dose",
         [given("hydrocortisone", "10/h", end="d1 14:00"), given("prednisolone", "6", "d1 15:00")], TREATED),
    ],
)  # fmt: skip
def test_doses_of_24_h_add_up(what: str, rows: list[str], expected: tuple[str, tuple[str, ...]]) -> None:
    assert after_fever(*rows) == expected, what


@pytest.mark.parametrize(
    "row",
    [
        given("prednisolone", "?"),
        given("prednisolone", "5..20"),
        given("hydrocortisone", "10/h"),
    ],
)
def test_perhaps_treated_follows_both_branches(row: str) -> None:
    """The pressure has been low since before the fever ended: only an untreated course can be 0."""
    chart = f"{CALM}\n{FEVER}\nd2 11:00 | systolic_bp | 80 | d5 00:00\n{row}"
    assert [shown(row_at(grade(chart, CRS), time)) for time in ("d2 12:00", "d4 12:00")] == ["0..2", "0..2"]
    treated = chart.replace(row, given("prednisolone", "100"))
    assert [shown(row_at(grade(treated, CRS), time)) for time in ("d2 12:00", "d4 12:00")] == ["2", "2"]


@pytest.mark.parametrize(
    ("drug", "hours"),
    [
        ("paracetamol", 8), ("ibuprofen", 8), ("metamizole", 8), ("naproxen", 8), ("diclofenac", 8),
        ("acetylsalicylic_acid", 8), ("dexamethasone", 48), ("methylprednisolone", 24), ("prednisolone", 24),
        ("prednisone", 24), ("betamethasone", 24), ("hydrocortisone", 24), ("anakinra", 24), ("ruxolitinib", 24),
        ("emapalumab", 24), ("etanercept", 24), ("infliximab", 24), ("tocilizumab", 168), ("siltuximab", 168),
    ],
)  # fmt: skip
def test_how_long_it_may_hide_fever(drug: str, hours: int) -> None:
    last = f"d{2 + (hours + 10) // 24} {(hours + 10) % 24:02d}:59"
    over = f"d{2 + (hours + 11) // 24} {(hours + 11) % 24:02d}:00"
    chart = given(drug, "500", "d2 11:00")
    assert [before_fever(chart, time, "d11 00:00") for time in (last, over)] == [MASKED, NOTHING]


def test_after_an_unknown_dose_a_low_one_of_the_same_24_h_may_mask() -> None:
    """The unknown dose itself masks until d2 10:30, half an hour before the pressure falls."""
    unknown, low = given("prednisolone", "?", "d1 10:30"), given("prednisolone", "5", "d2 09:00")
    assert [before_fever(rows) for rows in (unknown, low, f"{unknown}\n{low}")] == [NOTHING, NOTHING, MASKED]


def test_an_infusion_that_ended_as_it_began_gave_nothing() -> None:
    assert before_fever(given("hydrocortisone", "100/h", "d2 09:00", "d2 09:00")) == NOTHING


@pytest.mark.parametrize(
    ("what", "row", "last", "over"),
    [
        ("from its end", given("paracetamol", "500", "d2 11:00", "d2 12:00"), "d2 19:59", "d2 20:00"),
        (
            "an infusion, from when it was stopped",
            given("anakinra", "5/h", "d2 11:00") + "\nd2 15:00 | anakinra | stopped",
            "d3 14:59",
            "d3 15:00",
        ),
        (
            "an infusion stopped before its end",
            given("anakinra", "5/h", "d2 11:00", "d2 23:00") + "\nd2 15:00 | anakinra | 0/h",
            "d3 14:59",
            "d3 15:00",
        ),
        (
            "the stop of another route stops nothing",
            given("anakinra", "5/h", "d2 11:00", "d2 23:00") + "\nd2 15:00 | anakinra | 0/h | | route=topical",
            "d3 22:59",
            "d3 23:00",
        ),
        ("an infusion without a stop, from 12 h", given("anakinra", "5/h", "d2 11:00"), "d3 22:59", "d3 23:00"),
    ],
)
def test_masks_from(what: str, row: str, last: str, over: str) -> None:
    assert [before_fever(row, time, "d5 00:00") for time in (last, over)] == [MASKED, NOTHING], what


def test_the_site_may_set_the_low_dose() -> None:
    chart = "\n".join([CALM, FEVER, LOW, given("prednisolone", "7.5")])
    rows = [row_at(grade(chart, CRS, settings=replace(SETTINGS, low_dose_prednisolone_mg=mg)), "d2 12:00")
            for mg in (7.5, 7.4)]  # fmt: skip
    assert [shown(row) for row in rows] == ["0..2", "2"]
