"""Risk scores: published cases, windows, what is missing, and what ends a score (docs/decisions/0014)."""

import csv
import json
from pathlib import Path

import pytest

from cytovigil.engine.measures import MEASURES
from cytovigil.engine.record import Record
from cytovigil.engine.scoring import score_course
from cytovigil.logic.ladder import weakest
from cytovigil.logic.score import PointScore
from cytovigil.model.events import Course, Event, Exact, Patient
from cytovigil.model.results import ScoreRow
from cytovigil.model.settings import Settings, from_site
from cytovigil.model.units import normalise_quantity
from cytovigil.model.vocabulary import signals
from cytovigil.rules.scores import SCORES
from spec.charts import ADULT, SETTINGS, at, events

CASES = Path(__file__).parents[1] / "rules" / "data" / "car_hematotox_cases.csv"
LYMPHODEPLETION = ADULT._replace(lymphodepletion_start=at("d-5 12:00"))
HT = "car-hematotox"


def reported(time: str, name: str, value: str, unit: str) -> Event:
    """A row as a laboratory printed it."""
    found = normalise_quantity(signals()[name], value, unit)
    exact = None if found.exact is None else Exact(found.exact, None, None)
    return Event("P1", at(time), name, found.low, found.high, shown=found.shown, unit=found.unit, exact=exact)


def rows_of(
    rows: list[Event], score: str, patient: Patient = ADULT, as_of: str = "", settings: Settings = SETTINGS
) -> list[ScoreRow]:
    infused = patient._replace(infusion_time=at("d0 08:00"))
    known = at(as_of) if as_of else None
    (found,) = score_course(Course((infused,), tuple(rows)), [SCORES[score]], settings, known)
    assert all(row[:3] == ("P1", 1, score) for row in found.rows)
    return list(found.rows)


def scored(chart: str, score: str, patient: Patient = ADULT, as_of: str = "") -> list[ScoreRow]:
    return rows_of(events(chart), score, patient, as_of)


def told(row: ScoreRow) -> str:
    """`5 high`, `1..2 low..high`, `-`, with `missing` in brackets."""
    ends = ["?" if end is None else f"{end:g}" for end in (row.low, row.high)]
    value = "-" if ends == ["?", "?"] else "..".join(dict.fromkeys(ends))
    missing = f" [{' '.join(row.missing)}]" if row.missing else ""
    return f"{value} {row.band}".strip() + missing


def blood(time: str, **values: str) -> str:
    return "\n".join(f"{time} | {name} | {value}" for name, value in values.items())


# CAR-HEMATOTOX. platelets 10*9/L, neutrophils /uL, haemoglobin g/dL, CRP mg/dL, ferritin ng/mL


def hematotox(plt: str, anc: str, hb: str, crp: str, ferritin: str) -> ScoreRow:
    printed = (
        ("platelets", plt, "10*9/L"), ("neutrophils", anc, "/uL"), ("hemoglobin", hb, "g/dL"), ("crp", crp, "mg/dL"),
        ("ferritin", ferritin, "ng/mL"),
    )  # fmt: skip
    (row,) = rows_of([reported("d-6 08:00", *cells) for cells in printed if cells[1]], HT, LYMPHODEPLETION)
    return row


@pytest.mark.parametrize(
    ("case", "values", "expected", "flags"),
    [
        ("B1", "220 3400 12.4 0.8 180", "0 low", ()),
        ("B2", "130 1800 10.5 1.4 320", "1 low", ()),
        ("B3", "110 950 10.1 4.2 540", "3 high", ()),
        ("B4", "60 700 8.5 2.4 1400", "5 high", ()),
        ("B5", "40 400 7.8 9.5 3200", "7 high", ()),
        ("B6: two values on a cut-off", "176 1200 9.0 2.99 649", "0 low", ("on_cut_off",)),
        ("B7: CRP on the cut-off", "175 1199 8.99 3.0 650", "5 high", ("on_cut_off",)),
        ("B7 with a CRP just below", "175 1199 8.99 2.9 650", "4 high", ()),
        ("B8", "75 1500 10 1 2000", "2 high", ()),
        ("B9", "74.9 1500 10 1 2001", "4 high", ()),
        ("only haemoglobin on its cut-off", "220 3400 9.0 1 180", "0 low", ("on_cut_off",)),
        ("only neutrophils on their cut-off", "220 1200 12 1 180", "0 low", ("on_cut_off",)),
        ("cut-offs that are defined", "175 3400 12 1 2000", "2 high", ()),
    ],
)  # fmt: skip
def test_car_hematotox(case: str, values: str, expected: str, flags: tuple[str, ...]) -> None:
    row = hematotox(*values.split())
    assert (told(row), row.flags) == (expected, flags), case


@pytest.mark.parametrize(
    "case", list(csv.DictReader(CASES.read_text("utf-8").splitlines())), ids=lambda case: case["case"]
)
def test_car_hematotox_as_a_second_source_works_it(case: dict[str, str]) -> None:
    row = hematotox(
        case["platelets_10e9_L"], case["anc_per_uL"], case["hemoglobin_g_dL"], case["crp_mg_dL"], case["ferritin_ng_mL"]
    )
    assert told(row) == f"{case['expected_total']} {case['expected_category'].removeprefix('HT-')}"


def test_what_the_scores_rest_on() -> None:
    """The weakest of points and bands, of formula and cut-off."""
    for score in SCORES.values():
        if isinstance(score, PointScore):
            found = {score.bands_status, *(rung.status for ladder in score.domains for rung in ladder.rungs)}
        else:
            found = {score.formula_status, *([score.cut_off_status] if score.cut_off else [])}
        assert score.status == weakest(found), score.id


def test_b10_units_of_a_dutch_laboratory() -> None:
    printed = (
        ("platelets", "150", "10*9/L"), ("hemoglobin", "5.5", "mmol/L"), ("crp", "28", "mg/L"),
        ("ferritin", "700", "ug/L"), ("neutrophils", "2.0", "10*9/L"),
    )  # fmt: skip
    (row,) = rows_of([reported("d-6 08:00", *cells) for cells in printed], HT, LYMPHODEPLETION)
    assert (told(row), row.flags) == ("3 high", ())
    wrong = [reported("d-6 08:00", name, value, "mg/dL" if name == "crp" else unit) for name, value, unit in printed]
    assert told(rows_of(wrong, HT, LYMPHODEPLETION)[0]) == "4 high"


def test_b11_a_missing_item_is_a_range_and_not_classifiable() -> None:
    row = hematotox("130", "", "10", "1", "300")
    assert told(row) == "1..2 low..high [neutrophils]"


def test_a_missing_item_that_cannot_change_the_band() -> None:
    assert told(hematotox("40", "", "10", "1", "300")) == "2..3 high [neutrophils]"
    assert told(hematotox("220", "3400", "", "1", "")) == "0..3 low..high [ferritin hemoglobin]"


def test_a_bound_that_crosses_a_cut_off_is_a_range() -> None:
    chart = blood("d-6 08:00", platelets="220", neutrophils="3", hemoglobin="12", crp="5", ferritin=">1650")
    assert told(scored(chart, HT, LYMPHODEPLETION)[0]) == "1..2 low..high [ferritin]"
    assert told(scored(chart.replace(">1650", ">2000"), HT, LYMPHODEPLETION)[0]) == "2 high"


def test_a_bound_on_a_cut_off_is_not_flagged() -> None:
    chart = blood("d-6 08:00", platelets="220", neutrophils="1.2..3", hemoglobin="12", crp="5", ferritin="100")
    assert scored(chart, HT, LYMPHODEPLETION)[0].flags == ()


WELL = blood("d-6 08:00", platelets="220", neutrophils="3", hemoglobin="12", crp="5", ferritin="100")


@pytest.mark.parametrize(
    ("when", "begin", "counts"),
    [
        ("d-5 11:59", "d-5 12:00", True),
        ("d-5 12:00", "d-5 12:00", True),  # with its start: of two dates alone the value counts as before
        ("d-5 12:01", "d-5 12:00", False),
        ("d-19 12:00", "d-5 12:00", True),
        ("d-19 11:59", "d-5 12:00", False),
        ("d-7 08:00", "", True),
        ("d-7 07:59", "", False),
        ("d0 07:59", "", True),
        ("d0 08:00", "", False),
        ("d-6 12:00", "d-7 08:00", False),  # the date is known: the week before the infusion is not asked
    ],
)
def test_car_hematotox_looks_only_at_its_window(when: str, begin: str, counts: bool) -> None:
    patient = ADULT._replace(lymphodepletion_start=at(begin) if begin else None)
    (row,) = scored(blood(when, platelets="40"), HT, patient)
    assert (row.low is not None) is counts
    if not counts:
        assert row == ScoreRow(
            "P1", 1, HT, row.time, None, None, "", (), ("crp", "ferritin", "hemoglobin", "neutrophils", "platelets"),
            ("not_observed",),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("when", "counts"), [("d-5 12:00", True), ("d-5 12:01", False), ("d-19 12:00", True), ("d-19 11:59", False)]
)
def test_car_hematotox_looks_before_the_first_charted_dose(when: str, counts: bool) -> None:
    chart = f"{blood(when, platelets='40')}\nd-5 12:00 | fludarabine | 50\nd-4 12:00 | cyclophosphamide | 500"
    (row,) = scored(chart, HT)
    assert (row.low is not None) is counts


def test_without_any_input_one_row_at_the_opening_says_so() -> None:
    (row,) = scored("d2 08:00 | platelets | 40", HT, LYMPHODEPLETION)
    assert (row.time, row.low, row.flags) == (at("d-19 12:00"), None, ("not_observed",))
    (row,) = scored("d2 08:00 | platelets | 40", HT)
    assert row.time == at("d-7 08:00")


def test_the_newest_value_counts_and_each_change_is_a_row() -> None:
    chart = f"{WELL}\nd-5 08:00 | platelets | 170\nd-5 09:00 | platelets | 160\nd-4 08:00 | platelets | 30"
    rows = scored(chart, HT, LYMPHODEPLETION)
    assert [(row.time, told(row)) for row in rows] == [
        (at("d-6 08:00"), "0 low"), (at("d-5 08:00"), "1 low"), (at("d-5 09:00"), "1 low"),
    ]  # fmt: skip
    assert rows[1].inputs == (
        "crp=5@2026-02-24T08:00:00+01:00", "ferritin=100@2026-02-24T08:00:00+01:00",
        "hemoglobin=12@2026-02-24T08:00:00+01:00", "neutrophils=3@2026-02-24T08:00:00+01:00",
        "platelets=170@2026-02-25T08:00:00+01:00",
    )  # fmt: skip


def test_values_keep_inside_the_window_longer_than_they_are_valid() -> None:
    chart = WELL.replace("d-6", "d-18")
    (row,) = scored(chart, HT, LYMPHODEPLETION)
    assert told(row) == "0 low"


def test_the_windows_are_settings() -> None:
    rows = events(WELL.replace("d-6", "d-10"))
    assert rows_of(rows, HT, LYMPHODEPLETION)[0].low == 0
    short = from_site({"hematotox_days": 4.5, "hematotox_infusion_days": 11})
    assert rows_of(rows, HT, LYMPHODEPLETION, settings=short)[0].low is None
    assert rows_of(rows, HT, ADULT, settings=short)[0].low == 0


# EASIX


@pytest.mark.parametrize(
    ("ldh", "creatinine", "platelets", "crp", "expected"),
    [
        ("450 U/L", "0.9 mg/dL", "60", "150 mg/L", ("6.75 >4.67", "7.5", "112.5")),
        ("450 U/L", "0.9 mg/dL", "60", "15 mg/dL", ("6.75 >4.67", "7.5", "112.5")),
        ("7.5 ukat/L", "0.9 mg/dL", "60", "15 mg/dL", ("6.75 >4.67", "7.5", "112.5")),
        ("240 U/L", "80 umol/L", "180", "5 mg/L", ("1.21 <=4.67", "1.33", "0.67")),
        ("467 U/L", "1 mg/dL", "100", "5 mg/L", ("4.67 <=4.67", "4.67", "2.34")),  # on the cut-off: not above it
        ("467.1 U/L", "1 mg/dL", "100", "5 mg/L", ("4.67 >4.67", "4.67", "2.34")),  # compared before rounding
    ],
)
def test_easix(ldh: str, creatinine: str, platelets: str, crp: str, expected: tuple[str, ...]) -> None:
    printed = {"ldh": ldh, "creatinine": creatinine, "platelets": f"{platelets} 10*9/L", "crp": crp}
    rows = [reported("d-6 08:00", name, *text.split()) for name, text in printed.items()]
    found = tuple(told(rows_of(rows, score, LYMPHODEPLETION)[0]) for score in ("easix", "s-easix", "m-easix"))
    assert found == expected


SICK = blood("d-6 08:00", ldh="450", creatinine="79.6", platelets="60", crp="150")


def test_rounding_is_half_to_even_at_the_end() -> None:
    half = blood("d1 08:00", ldh="100.5", platelets="100")
    assert [scored(half, "s-easix")[0].low, scored(half.replace("100.5", "101.5"), "s-easix")[0].low] == [1.0, 1.02]


def test_all_inputs_must_be_valid_at_the_same_time() -> None:
    chart = "d1 08:00 | ldh | 450\nd2 08:00 | platelets | 60\nd3 08:00 | platelets | 50"
    assert [(row.time, told(row), row.flags) for row in scored(chart, "s-easix")] == [
        (at("d1 08:00"), "- [platelets]", ()),
        (at("d2 08:00"), "7.5", ()),
        (at("d3 08:00"), "9", ()),
        (at("d4 08:00"), "- [ldh]", ()),
        (at("d6 08:00"), "- [ldh platelets]", ("not_observed",)),
    ]


@pytest.mark.parametrize(
    ("ldh", "platelets", "expected"),
    [
        ("450", "50..60", "7.5..9 [platelets]"),
        ("400..450", "50", "8..9 [ldh]"),
        (">399.9", "50", "8..? [ldh]"),
        ("450", ">45", "?..9.98 [platelets]"),
        ("450", "<45.1", "10..? [platelets]"),
        ("450", "0", "-"),
        (">399.9", "<45.1", "8.89..? [ldh platelets]"),
    ],
)
def test_a_bound_leaves_an_end_open(ldh: str, platelets: str, expected: str) -> None:
    assert told(scored(blood("d1 08:00", ldh=ldh, platelets=platelets), "s-easix")[0]) == expected


@pytest.mark.parametrize(
    ("ldh", "platelets", "band"),
    [
        ("450", "60..200", "<=4.67..>4.67"),
        ("450", "60..80", ">4.67"),
        (">399.9", "50", ">4.67"),
        (">99.9", "100", "<=4.67..>4.67"),
        ("100", ">45", "<=4.67"),
        ("900", ">45", "<=4.67..>4.67"),
        ("0", "0", ""),
    ],
)
def test_the_band_of_a_range(ldh: str, platelets: str, band: str) -> None:
    chart = blood("d-6 08:00", ldh=ldh, platelets=platelets, creatinine="88.4")
    assert scored(chart, "easix", LYMPHODEPLETION)[0].band == band


@pytest.mark.parametrize(
    ("when", "begin", "band"),
    [
        ("d-5 11:59", "d-5 12:00", ">4.67"),
        ("d-5 12:00", "d-5 12:00", ">4.67"),
        ("d-5 12:01", "d-5 12:00", ""),
        ("d0 07:59", "", ">4.67"),
        ("d0 08:00", "", ""),
    ],
)
def test_the_cut_off_is_for_values_before_treatment(when: str, begin: str, band: str) -> None:
    patient = ADULT._replace(lymphodepletion_start=at(begin) if begin else None)
    row = scored(SICK.replace("d-6 08:00", when), "easix", patient)[0]
    assert (row.low, row.band) == (6.75, band)


def test_one_later_value_is_no_longer_before_treatment() -> None:
    chart = SICK.replace("d-6 08:00", "d-5 11:00") + "\nd-5 13:00 | platelets | 60"
    assert [row.band for row in scored(chart, "easix", LYMPHODEPLETION)][:2] == [">4.67", ""]


@pytest.mark.parametrize(
    ("when", "known"),
    [("d-30 08:00", True), ("d-34 08:00", False), ("d28 23:59", True), ("d29 00:00", False)],
)
def test_easix_looks_only_at_its_window(when: str, known: bool) -> None:
    found = scored(blood(when, ldh="450", platelets="60"), "s-easix")
    assert any(row.low is not None for row in found) is known
    assert known or [(row.time, row.flags) for row in found] == [(at("d-30 08:00"), ("not_observed",))]


def test_a_value_from_before_the_window_still_valid_counts_at_its_opening() -> None:
    rows = scored(blood("d-31 08:00", ldh="450", platelets="60"), "s-easix")
    assert [(row.time, told(row)) for row in rows] == [
        (at("d-30 08:00"), "7.5"), (at("d-28 08:00"), "- [ldh platelets]"),
    ]  # fmt: skip


def test_m_easix_ends_with_tocilizumab() -> None:
    chart = blood("d1 08:00", ldh="450", platelets="60", crp="150") + "\nd2 08:00 | tocilizumab | 640 | | text=a"
    chart += "\n" + blood("d3 08:00", ldh="900", platelets="30", crp="10")
    rows = scored(chart, "m-easix")
    assert [told(row) for row in rows] == ["112.5", "-"]
    assert rows[1][3:] == (at("d2 08:00"), None, None, "", ("tocilizumab=640@2026-03-04T08:00:00+01:00",), (), ())
    assert [told(row) for row in scored(chart, "s-easix")][:2] == ["7.5", "30"]


@pytest.mark.parametrize(
    ("dose", "told_first"),
    [
        ("d-20 08:00 | tocilizumab | 640", "-"),
        ("d-28 08:00 | tocilizumab | 640", "-"),
        ("d-27 08:00 | tocilizumab | 640 | | route=topical", "112.5"),
        ("d-27 08:00 | tocilizumab | stopped", "112.5"),
        ("d0 08:00 | siltuximab | 640", "112.5"),
    ],
)
def test_what_dose_ends_m_easix(dose: str, told_first: str) -> None:
    chart = blood("d0 07:00", ldh="450", platelets="60", crp="150")
    rows = scored(f"{dose}\n{chart}", "m-easix")
    assert told(next(row for row in rows if row.time <= at("d0 07:00") < row.time + 10**7)) == told_first


def test_m_easix_begins_again_28_days_after_the_dose() -> None:
    chart = "d-25 08:00 | tocilizumab | 640\n" + blood("d2 08:00", ldh="450", platelets="60", crp="150")
    assert [(row.time, told(row)) for row in scored(chart, "m-easix")][:2] == [
        (at("d-25 08:00"), "-"), (at("d3 08:00"), "112.5"),
    ]  # fmt: skip


def test_the_newest_of_two_doses_is_named() -> None:
    chart = "d1 08:00 | tocilizumab | 640\nd2 08:00 | tocilizumab | 320"
    assert [row.inputs for row in scored(chart, "m-easix")] == [
        ("tocilizumab=640@2026-03-03T08:00:00+01:00",), ("tocilizumab=320@2026-03-04T08:00:00+01:00",),
    ]  # fmt: skip


# HScore


def hlh(
    immune: str, temperature: str, organs: str, lineages: int, ferritin: str, tg: str, fib: str, ast: str, marrow: str
) -> ScoreRow:
    """`organs`: spleen and liver, 0 or 1 each; a `?` leaves the item out."""
    low = ("9.2" if lineages > 0 else "9.3", "5" if lineages > 1 else "5.1", "110" if lineages > 2 else "111")
    words = {"0": "absent", "1": "present"}
    charted = {
        "immunosuppression": immune, "temperature": temperature, "splenomegaly": words.get(organs[0], "?"),
        "hepatomegaly": words.get(organs[1], "?"), "hemoglobin": low[0], "leukocytes": low[1], "platelets": low[2],
        "ferritin": ferritin, "triglycerides": tg, "fibrinogen": fib, "ast": ast, "haemophagocytosis": marrow,
    }  # fmt: skip
    return scored(blood("d5 08:00", **{name: value for name, value in charted.items() if value != "?"}), "hscore")[0]


@pytest.mark.parametrize(
    ("case", "row", "expected"),
    [
        ("H1", ("yes", "39.0", "00", 3, "12000", "3.2", "1.2", "180", "absent"), "228 96-98 %"),
        ("H1, no marrow", ("yes", "39.0", "00", 3, "12000", "3.2", "1.2", "180", "?"),
         "228..263 96-98 %..>99 % [haemophagocytosis]"),
        ("H2", ("no", "38.3", "00", 1, "1999", "1.4", "2.6", "29", "absent"), "0 <1 %"),
        ("H3", ("yes", "38.4", "10", 2, "2000", "1.5", "2.5", "30", "absent"), "226 96-98 %"),
        ("H3, liver", ("yes", "38.4", "01", 2, "2000", "1.5", "2.5", "30", "absent"), "226 96-98 %"),
        ("H4", ("yes", "39.5", "11", 3, "6001", "4.1", "2.5", "30", "present"), "337 >99 %"),
        ("H5", ("yes", "40.0", "00", 3, "900", "1.2", "4.0", "25", "absent"), "101 1-3 %"),
        ("H6", ("yes", "38.0", "00", 3, "25000", "3.5", "1.1", "400", "absent"), "195 80-88 %"),
        ("spleen not looked at", ("no", "38.0", "?0", 0, "100", "1", "3", "20", "absent"), "0..23 <1 % [splenomegaly]"),
        ("one organ, the other not looked at", ("no", "38.0", "?1", 0, "100", "1", "3", "20", "absent"),
         "23..38 <1 % [splenomegaly]"),
        ("immunosuppression not charted", ("?", "38.0", "00", 0, "100", "1", "3", "20", "absent"),
         "0..18 <1 % [immunosuppression]"),
    ],
)  # fmt: skip
def test_hscore(case: str, row: tuple[object, ...], expected: str) -> None:
    assert told(hlh(*row)) == expected, case  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "unit", "low"),
    [("5.71", "mmol/L", True), ("5.72", "mmol/L", False), ("9.2", "g/dL", True), ("92.1", "g/L", False)],
)
def test_haemoglobin_in_the_unit_reported(value: str, unit: str, low: bool) -> None:
    """With a second lineage low, two are 24 points."""
    rows = [
        reported("d1 08:00", "hemoglobin", value, unit),
        *events("d1 08:00 | leukocytes | 1\nd1 08:00 | platelets | 300"),
    ]
    assert rows_of(rows, "hscore")[0].low == (24 if low else 0)


@pytest.mark.parametrize(
    ("value", "unit", "points"),
    [
        ("132.7", "mg/dL", 44),
        ("132.6", "mg/dL", 0),
        ("354", "mg/dL", 44),
        ("354.1", "mg/dL", 64),
        ("4.01", "mmol/L", 64),
    ],
)
def test_triglycerides_in_the_unit_reported(value: str, unit: str, points: int) -> None:
    assert rows_of([reported("d1 08:00", "triglycerides", value, unit)], "hscore")[0].low == points


def test_the_highest_temperature_of_24_hours() -> None:
    chart = "d1 08:00 | temperature | 39.5\nd1 20:00 | temperature | 38.4\nd2 12:00 | temperature | 37"
    assert [(row.time, row.low, row.inputs[:1]) for row in scored(chart, "hscore")] == [
        (at("d1 08:00"), 49, ("temperature=39.5@2026-03-03T08:00:00+01:00",)),
        (at("d2 08:00"), 33, ("temperature=38.4@2026-03-03T20:00:00+01:00",)),
        (at("d2 20:00"), 0, ("temperature=37@2026-03-04T12:00:00+01:00",)),
        (at("d3 12:00"), None, ()),
    ]


def test_of_equal_temperatures_the_last_is_named() -> None:
    chart = "d1 08:00 | temperature | 39\nd1 20:00 | temperature | 39"
    assert [row.time for row in scored(chart, "hscore")] == [at("d1 08:00"), at("d1 20:00"), at("d2 20:00")]
    assert [row.inputs for row in scored(chart, "hscore")][:2] == [
        ("temperature=39@2026-03-03T08:00:00+01:00",), ("temperature=39@2026-03-03T20:00:00+01:00",),
    ]  # fmt: skip


def test_a_temperature_from_before_the_infusion_does_not_count() -> None:
    assert scored("d0 07:59 | temperature | 40", "hscore")[0].flags == ("not_observed",)
    assert scored("d0 08:00 | temperature | 40", "hscore")[0].low == 49


def test_a_temperature_bound_is_a_range_of_points() -> None:
    row = scored("d1 08:00 | temperature | 38.4..39.5", "hscore")[0]
    assert (row.low, row.high) == (33, 18 + 49 + 38 + 34 + 50 + 64 + 30 + 19 + 35)
    assert "temperature" in row.missing
    two = scored("d1 08:00 | temperature | 38..39\nd1 08:30 | temperature | 38.5", "hscore")
    assert [(one.low, "temperature" in one.missing) for one in two][:2] == [(0, True), (33, False)]


def test_the_reading_that_may_be_highest_is_named() -> None:
    chart = "d1 08:00 | temperature | 38..40\nd1 09:00 | temperature | 39"
    assert scored(chart, "hscore")[1].inputs == ("temperature=38..40@2026-03-03T08:00:00+01:00",)


def test_a_reading_counts_to_the_last_second_of_its_hours() -> None:
    first, last = at("d1 08:00"), at("d2 08:00") - 1
    rows = [Event("P1", first, "temperature", 3950, 3950), Event("P1", last, "temperature", 3700, 3700)]
    assert [(row.time - first, row.low) for row in rows_of(rows, "hscore")] == [
        (0, 49), (86_400, 0), (2 * 86_400 - 1, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("score", "field", "known", "unsure"),
    [
        (HT, "platelets", "d-6 08:00 | platelets | 60", "d-6 08:00 | platelets | 60..90"),
        ("hscore", "temperature", "d1 08:00 | temperature | 39", "d1 08:00 | temperature | 38..39"),
        ("hscore", "splenomegaly", "d1 08:00 | splenomegaly | present", "d1 08:00 | splenomegaly | ?"),
    ],
)
def test_only_what_is_not_known_is_to_be_charted(score: str, field: str, known: str, unsure: str) -> None:
    (look,) = (one for one in SCORES[score].fields if one.name == field)  # type: ignore[union-attr]
    for chart, missing in ((known, set()), (unsure, {field})):
        record = Record(LYMPHODEPLETION._replace(infusion_time=at("d0 08:00")), events(chart), SETTINGS)
        assert MEASURES[look.measure](record, look).at(at("d1 09:00")).missing == missing


def test_two_words_at_one_time_leave_both_possible() -> None:
    chart = "d1 08:00 | splenomegaly | absent\nd1 08:00 | splenomegaly | present\nd1 08:00 | hepatomegaly | absent"
    row = scored(chart, "hscore")[0]
    known = scored("d1 08:00 | splenomegaly | present\nd1 08:00 | hepatomegaly | absent", "hscore")[0]
    assert (row.low, row.high, "splenomegaly" in row.missing) == (0, known.high, True)
    assert (known.low, "splenomegaly" in known.missing) == (23, False)


def test_a_word_nobody_knows_is_unknown() -> None:
    row = scored("d1 08:00 | haemophagocytosis | ?", "hscore")[0]
    assert (row.low, row.high, "haemophagocytosis" in row.missing) == (0, 337, True)


def test_findings_of_before_the_infusion_count_while_valid() -> None:
    chart = "d-9 08:00 | immunosuppression | yes\nd-9 08:00 | splenomegaly | present\nd5 08:00 | ferritin | 100"
    rows = scored(chart, "hscore")
    assert [(row.time, row.low) for row in rows] == [
        (at("d0 08:00"), 41), (at("d5 08:00"), 41), (at("d8 08:00"), 41), (at("d21 08:00"), 18), (at("d356 08:00"), None),
    ]  # fmt: skip


# What all scores share


def test_a_tie_and_an_assumed_time_are_flagged() -> None:
    chart = "d1 08:00 | ldh | 450\nd1 08:00 | ldh | 400\nd1 08:00 | platelets | 60"
    patient = ADULT._replace(flags=frozenset({"time_assumed"}))
    row = scored(chart, "s-easix", patient)[0]
    assert (row.low, row.flags) == (7.5, ("tie", "time_assumed"))
    assert scored(chart, "hscore", patient)[0].flags == ("time_assumed",)


def test_attributions_do_not_count() -> None:
    chart = "d1 08:00 | leukocytes | 1\nd1 08:00 | platelets | 60"
    said = f"{chart}\nd1 08:00 | attribution | cytopenia:disease\nd1 08:00 | attribution | fever:infection"
    assert scored(said, "hscore") == scored(chart, "hscore")
    assert scored(chart, "hscore")[0].low == 24


def test_as_of_keeps_what_was_known() -> None:
    chart = "d1 08:00 | ldh | 450\nd1 08:00 | platelets | 60\nd2 08:00 | ldh | 900\nd1 09:00 | platelets | 30 | | recorded_at=d3 08:00"
    assert [told(row) for row in scored(chart, "s-easix", as_of="d2 08:00")] == ["7.5", "15"]
    assert [told(row) for row in scored(chart, "s-easix", as_of="d2 07:59")] == ["7.5"]
    assert scored(WELL, HT, LYMPHODEPLETION, as_of="d-20 08:00") == []
    assert [told(row) for row in scored(WELL, HT, LYMPHODEPLETION, as_of="d-6 08:00")] == ["0 low"]


def test_nothing_is_told_of_after_as_of() -> None:
    patient = ADULT._replace(infusion_time=at("d0 08:00"))
    course = Course((patient,), tuple(events("d1 08:00 | ldh | 450\nd1 08:00 | platelets | 60")))
    expiry = at("d4 08:00")
    for as_of, count in ((expiry - 1, 1), (expiry, 2)):
        (found,) = score_course(course, [SCORES["s-easix"]], SETTINGS, as_of)
        assert len(found.rows) == count


@pytest.mark.parametrize("end", ["death_time", "last_followup"])
def test_no_row_after_the_patient_is_followed_no_longer(end: str) -> None:
    chart = "d1 08:00 | ldh | 450\nd1 08:00 | platelets | 60\nd2 08:00 | ldh | 900"
    patient = ADULT._replace(**{end: at("d2 08:00")})
    assert [told(row) for row in scored(chart, "s-easix", patient)] == ["7.5"]


def test_two_infusions_have_their_own_rows_and_notes() -> None:
    first, second = (
        ADULT._replace(infusion=number, infusion_time=at(time)) for number, time in ((1, "d0 08:00"), (2, "d20 08:00"))
    )
    rows = events("d2 08:00 | ldh | 450\nd2 08:00 | platelets | 60\nd21 08:00 | ldh | 900\nd21 08:00 | platelets | 60"
                  "\nd2 08:00 | tocilizumab | 640\nd2 08:03 | tocilizumab | 640")  # fmt: skip
    found = score_course(Course((second, first), tuple(rows)), [SCORES["s-easix"]], SETTINGS)
    assert [(one.patient_id, one.infusion) for one in found] == [("P1", 1), ("P1", 2)]
    assert [told(row) for row in found[0].rows] == ["7.5", "- [ldh platelets]"]
    assert [told(row) for row in found[1].rows][:3] == ["7.5", "- [ldh platelets]", "15"]
    assert [note.code for note in found[0].notes] == ["charted_twice"]


def test_scores_come_by_id() -> None:
    patient = ADULT._replace(infusion_time=at("d0 08:00"))
    course = Course((patient,), tuple(events(SICK)))
    (found,) = score_course(course, list(SCORES.values())[::-1], SETTINGS)
    assert list(dict.fromkeys(row.score for row in found.rows)) == sorted(SCORES)
    assert json.dumps(found.rows)


def test_the_same_rows_in_another_order_give_the_same() -> None:
    rows = events(f"{WELL}\n{SICK}\nd1 08:00 | temperature | 39")
    for score in SCORES:
        assert rows_of(rows, score) == rows_of(rows[::-1], score)


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (Event("P1", 0, "platelets", 600, 600), "60 10*9/L"),
        (Event("P1", 0, "platelets", 600, 700), "60..70 10*9/L"),
        (Event("P1", 0, "temperature", 3850, 3850), "38.5 Cel"),
        (Event("P1", 0, "splenomegaly", word="present"), "present"),
        (Event("P1", 0, "tocilizumab"), "given"),
        (Event("P1", 0, "tocilizumab", 640_000, 640_000), "640 mg"),
        (Event("P1", 0, "tocilizumab", 640_000, 640_000, shown="8 mg/kg"), "8 mg/kg"),
    ],
)
def test_an_input_says_value_unit_and_time(event: Event, shown: str) -> None:
    score = {"tocilizumab": "m-easix", "platelets": "easix"}.get(event.signal, "hscore")
    (text,) = rows_of([event._replace(time=at("d1 08:00"))], score)[0].inputs
    assert text == f"{event.signal}={shown}@2026-03-03T08:00:00+01:00"
