"""Penn, MSKCC, CARTOX and CTCAE on the same patient as ASTCT and Lee 2014, and each rung of them (semantics 4)."""

from dataclasses import replace

import pytest

from cytovigil.model.settings import Settings
from spec.charts import ADULT, SETTINGS, grade, row_at
from spec.febrile import CRS, ROOM_AIR, WITH_LABORATORY, at_once, over_time
from spec.reasons import Reasons, rests_on

PENN, MSKCC, CARTOX = "crs-penn-2014", "crs-mskcc-2018", "crs-cartox-2018"
V5, V6 = "crs-ctcae-v5", "crs-ctcae-v6"
OTHERS = (PENN, MSKCC, CARTOX, V5, V6)
NE = "d1 02:00 | norepinephrine | {}/min | d3 00:00"
PE = "d1 02:00 | phenylephrine | 5/min | d3 00:00"
VASOPRESSIN = "d1 02:00 | vasopressin | 0.03/min | d3 00:00"
LOW_DOSE = "d1 02:00 | vasopressor_high_dose | absent | d3 00:00"
HIGH_DOSE = "d1 02:00 | vasopressor_high_dose | present | d3 00:00"
HELD = "d1 02:30 | systolic_bp | 110 | d3 00:00"  # the pressure that the vasopressors keep
LOW = "d1 02:30 | systolic_bp | 80 | d3 00:00"
NOON = "d1 12:00"


def device(word: str, flow: str = "") -> str:
    row = f"d1 10:00 | oxygen_device | {word}"
    return f"{row}\nd1 10:00 | oxygen_flow | {flow}" if flow else row


def on_room_air(*rows: str) -> str:
    return "\n".join(rows if any("oxygen_device" in row for row in rows) else [ROOM_AIR, *rows])


def given(signal: str, time: str, amount: str = "500") -> str:
    return f"{time} | {signal} | {amount}"


@pytest.mark.parametrize(
    ("situation", "rows", "time", "expected"),
    [  # ASTCT; Penn, MSKCC, CARTOX; CTCAE v5, v6
        ("fever only", [], NOON, "1 111 11"),
        ("fluids only, one bolus", [given("fluid_bolus", "d1 10:00")], NOON, "2 212 22"),
        ("fluids only, several boluses",
         [given("fluid_bolus", "d1 08:00"), given("fluid_bolus", "d1 10:00")], NOON, "2 312 22"),
        ("noradrenaline 5, 10 h", [NE.format(5), LOW_DOSE, HELD], NOON, "3 322 33"),
        ("noradrenaline 5, 30 h", [NE.format(5), LOW_DOSE, HELD], "d2 08:00", "3 332 33"),
        ("noradrenaline 25, 4 h", [NE.format(25), HIGH_DOSE, HELD], "d1 06:00", "3 423 33"),
        ("noradrenaline and vasopressin, 10 h", [NE.format(8), VASOPRESSIN, LOW_DOSE, HELD], NOON, "3 323 33"),
        ("noradrenaline and vasopressin, 30 h", [NE.format(8), VASOPRESSIN, LOW_DOSE, HELD], "d2 08:00", "3 333 33"),
        ("noradrenaline and phenylephrine, 10 h", [NE.format(5), PE, LOW_DOSE, HELD], NOON, "4 323 44"),
        ("noradrenaline and phenylephrine, 30 h", [NE.format(5), PE, LOW_DOSE, HELD], "d2 08:00", "4 333 44"),
        ("cannula 3 L/min", [device("nasal_cannula", "3")], NOON, "2 322 22"),
        ("BiPAP for hypoxia", [device("bipap")], NOON, "4 333 34"),
        ("intubated for hypoxia", [device("invasive_ventilation")], NOON, "4 444 44"),
        ("creatinine grade 3", ["d1 10:00 | creatinine | 400 | d3 00:00 | ref_high=100"], NOON, "1 313 11"),
        ("continuous dialysis", ["d1 10:00 | dialysis | continuous | d3 00:00"], NOON, "1 314 11"),
    ],
)  # fmt: skip
def test_same_patient_on_each_scale(situation: str, rows: list[str], time: str, expected: str) -> None:
    found = [at_once(on_room_air(*rows), time, scale)[0] for scale in (CRS, *OTHERS)]
    assert found == list(expected.replace(" ", "")), situation


@pytest.mark.parametrize(
    ("device_", "flow", "expected"),
    [  # Penn, MSKCC, CARTOX; CTCAE v5, v6
        ("none", "", "1 1 1 1 1"),
        ("blow_by", "", "3 2..3 2..3 2..3 2"),
        ("nasal_cannula", "4", "3 2 2 2 2"),
        ("nasal_cannula", "6", "3 2..3 2..3 2..3 2"),
        ("nasal_cannula", "6.1", "3 2..3 2..3 2..3 3"),
        ("venturi_mask", "", "3 2..3 2..3 2..3 3"),
        ("non_rebreather", "", "3 3 3 3 3"),
        ("cpap", "", "3 3 3 3 4"),
    ],
)
def test_oxygen(device_: str, flow: str, expected: str) -> None:
    found = [at_once(device(device_, flow), scale=scale)[0] for scale in OTHERS]
    assert found == expected.split()


@pytest.mark.parametrize(
    ("percent", "expected"),
    [("39.9", "3 2 2 2 3"), ("40", "3 3 3 3 3")],
)
def test_inspired_oxygen(percent: str, expected: str) -> None:
    chart = f"{device('simple_mask')}\nd1 10:00 | fio2 | {percent}"
    assert [at_once(chart, scale=scale)[0] for scale in OTHERS] == expected.split()


@pytest.mark.parametrize(
    ("organ", "value", "expected"),
    [  # upper limit 100, normal before; Penn, CARTOX
        ("creatinine", "100", "1 1"), ("creatinine", "120", "1 1"),
        ("creatinine", "120.1", "2 2"), ("creatinine", "240", "2 2"),
        ("creatinine", "240.1", "3 3"), ("creatinine", "600", "3 3"), ("creatinine", "600.1", "3 4"),
        ("bilirubin", "150.1", "1 2"), ("bilirubin", "300", "1 2"), ("bilirubin", "300.1", "2 3"),
        ("bilirubin", "1000", "2 3"), ("bilirubin", "1000.1", "3 4"),
        ("ast", "300", "1 1"), ("ast", "300.1", "1 2"), ("ast", "500", "1 2"), ("ast", "500.1", "2 3"),
        ("ast", "2000", "2 3"), ("ast", "2000.1", "3 3"),
        ("alt", "300", "1 1"), ("alt", "300.1", "1 2"), ("alt", "500", "1 2"), ("alt", "500.1", "2 3"),
        ("alt", "2000", "2 3"), ("alt", "2000.1", "3 3"),
    ],
)  # fmt: skip
def test_organ_toxicity_on_both_sides_of_each_cut(organ: str, value: str, expected: str) -> None:
    chart = on_room_air(f"d1 10:00 | {organ} | {value} | d3 00:00 | ref_high=100")
    assert [at_once(chart, scale=scale)[0] for scale in (PENN, CARTOX)] == expected.split()
    assert {at_once(chart, scale=scale)[0] for scale in (MSKCC, V5, V6)} == {"1"}


@pytest.mark.parametrize("organ", ["creatinine", "bilirubin", "ast", "alt"])
def test_organ_toxicity_of_grade_1_is_grade_1_of_cartox_where_treated_fever_is_gone(organ: str) -> None:
    """Until no sign is left: a cannula, then nothing but the organ, of which the course is over."""
    rows = ["d1 10:00 | temperature | 39", "d1 11:00 | tocilizumab | 600", "d2 09:00 | temperature | 37"]
    rows += ["d1 10:00 | systolic_bp | 120 | d9 00:00", "d1 10:00 | oxygen_device | none | d9 00:00"]
    rows += ["d2 11:00 | systolic_bp | 120 | d2 13:00", "d2 11:00 | hypotension | present | d2 13:00"]
    rows += [f"d1 10:00 | {organ} | 140 | d9 00:00 | ref_high=100"]
    others = [name for name in ("creatinine", "bilirubin", "ast", "alt") if name != organ]
    rows += [f"{day} | {name} | 80 | d9 00:00 | ref_high=100" for name in others for day in ("d-1 07:00", "d0 09:00")]
    rows += [f"d-1 07:00 | {organ} | 80 | | ref_high=100"]
    attributed = "d2 10:00 | attribution | hypotension:infection | d2 14:00"
    graded = grade("\n".join(rows), CARTOX)
    assert [row_at(graded, time).low for time in ("d2 12:00", "d2 14:00")] == [2, 0]
    assert row_at(grade("\n".join([*rows, attributed]), CARTOX), "d2 12:00").low == 0


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("none", "1 1"), ("intermittent", "3 4"), ("continuous", "3 4")],
)
def test_new_dialysis_of_any_kind_counts(kind: str, expected: str) -> None:
    chart = on_room_air(f"d1 10:00 | dialysis | {kind} | d3 00:00")
    assert [at_once(chart, scale=scale)[0] for scale in (PENN, CARTOX)] == expected.split()


@pytest.mark.parametrize("scale", [PENN, CARTOX])
@pytest.mark.parametrize(
    "row",
    ["creatinine | 400 | d3 00:00 | ref_high=100", "bilirubin | 400 | d3 00:00 | ref_high=100",
     "dialysis | continuous | d3 00:00"],
)  # fmt: skip
def test_organ_toxicity_with_another_cause_does_not_count(scale: str, row: str) -> None:
    chart = on_room_air(f"d1 10:00 | {row}", "d1 11:00 | attribution | organ_toxicity:drug | d1 14:00")
    found = over_time(chart, ["d1 10:59", "d1 11:00", "d1 14:00"], scale)
    assert found["d1 10:59"] == found["d1 14:00"] != "1" == found["d1 11:00"]


@pytest.mark.parametrize(
    ("product", "amount"), [("fresh_plasma", "2"), ("cryoprecipitate", "1"), ("fibrinogen_concentrate", "4")]
)
def test_a_product_against_coagulopathy_is_penn_3_for_24_h(product: str, amount: str) -> None:
    chart = on_room_air(given(product, "d1 10:00", amount))
    expected = {"d1 09:59": "1", "d1 10:00": "3", "d2 09:59": "3", "d2 10:00": "1"}
    assert over_time(chart, list(expected), PENN) == expected
    assert {at_once(chart, scale=scale)[0] for scale in OTHERS if scale != PENN} == {"1"}
    cause = "d1 11:00 | attribution | organ_toxicity:bleeding | d1 13:00"
    assert over_time(f"{chart}\n{cause}", ["d1 10:59", NOON], PENN) == {"d1 10:59": "3", NOON: "1"}
    assert at_once(on_room_air(given(product, "d1 10:00", "0")), scale=PENN)[0] == "1"


BOLUS = given("fluid_bolus", "d1 10:00")


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("the second within 24 h", [BOLUS, given("fluid_bolus", "d2 09:59")],
         {"d1 10:00": "2", "d2 09:58": "1", "d2 09:59": "3", "d2 10:00": "2"}),
        ("the second after 24 h", [BOLUS, given("fluid_bolus", "d2 10:00")], {"d2 10:00": "2"}),
        ("three are no more than two", [BOLUS, given("fluid_bolus", "d1 10:30"), given("fluid_bolus", "d1 11:00")],
         {"d1 10:29": "2", "d1 10:30": "3", "d1 12:00": "3", "d1 16:59": "3", "d1 17:00": "1"}),
        ("one of 0 mL", [BOLUS, given("fluid_bolus", "d1 10:30", "0")], {"d1 12:00": "2"}),
        ("of an amount not charted", [BOLUS, given("fluid_bolus", "d1 10:30", "?")], {"d1 12:00": "3"}),
        ("no longer low", [BOLUS, given("fluid_bolus", "d1 10:30"), "d1 11:00 | hypotension | absent"],
         {"d1 10:59": "3", "d1 11:00": "1"}),
        ("with another cause",
         [BOLUS, given("fluid_bolus", "d1 10:30"), "d1 11:00 | attribution | hypotension:bleeding"],
         {"d1 10:59": "3", "d1 11:00": "1", "d1 16:29": "1"}),
    ],
)  # fmt: skip
def test_fluid_boluses_on_the_penn_scale(what: str, rows: list[str], expected: dict[str, str]) -> None:
    assert over_time(on_room_air(*rows), list(expected), PENN) == expected, what


def test_the_site_may_choose_the_windows() -> None:
    site = replace(SETTINGS, fluid_boluses_h=1, coagulation_product_h=2)
    chart = on_room_air(BOLUS, given("fluid_bolus", "d1 11:00"), given("fresh_plasma", "d2 10:00", "2"))
    expected = {NOON: "2", "d2 11:59": "3", "d2 12:00": "1"}
    assert over_time(chart, list(expected), PENN, settings=site) == expected


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [  # Penn, MSKCC, CARTOX; CTCAE v5, v6
        ("dose class not charted, pressure held", [NE.format(5), HELD], "3..4 2 2..3 3 3"),
        ("dose class not charted, pressure low", [NE.format(5), LOW], "3..4 2..4 2..4 3 3"),
        ("high dose, pressure low", [NE.format(25), HIGH_DOSE, LOW], "4 4 4 3 3"),
        ("high dose, pressure not charted since", [NE.format(25), HIGH_DOSE], "4 2..4 3..4 3 3"),
        ("low dose, pressure low", [NE.format(5), LOW_DOSE, LOW], "3 2 2 3 3"),
        ("low dose of two, pressure low", [NE.format(5), PE, LOW_DOSE, LOW], "3 2 4 4 4"),
        ("low dose with vasopressin, pressure low", [NE.format(5), VASOPRESSIN, LOW_DOSE, LOW], "3 2 4 3 3"),
        ("vasopressin alone", [VASOPRESSIN, LOW_DOSE, HELD], "3 2 2 3 3"),
        ("two vasopressins are none", [VASOPRESSIN, "d1 02:00 | milrinone | 1/h | d3 00:00", LOW_DOSE, HELD],
         "3 2 2 3 3"),
        ("low pressure, nothing given", ["d1 10:00 | systolic_bp | 80"], "2 1 2 2 2"),
        ("a dose class without a vasopressor", [HIGH_DOSE, "d1 10:00 | systolic_bp | 80"], "2 1 2 2 2"),
        ("with another cause", [NE.format(25), HIGH_DOSE, LOW, "d1 11:00 | attribution | hypotension:infection"],
         "1 1 1 1 1"),
    ],
)  # fmt: skip
def test_vasopressors(what: str, rows: list[str], expected: str) -> None:
    assert [at_once(on_room_air(*rows), scale=scale)[0] for scale in OTHERS] == expected.split(), what


def run(start: str, end: str = "", drug: str = "norepinephrine") -> str:
    return f"{start} | {drug} | 5/min | {end}"


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("24 h", [run("d1 02:00", "d3 00:00")], {"d2 01:59": "2", "d2 02:00": "3", "d2 23:59": "3", "d3 00:00": "1"}),
        ("one after another", [run("d1 02:00", "d1 20:00"), run("d1 20:00", "d3 00:00", "phenylephrine")],
         {"d2 01:59": "2", "d2 02:00": "3"}),
        ("vasopressin is a vasopressor", [run("d1 02:00", "d1 20:00"), run("d1 19:00", "d3 00:00", "vasopressin")],
         {"d2 01:59": "2", "d2 02:00": "3"}),
        ("a pause of 1 h", [run("d1 02:00", "d1 20:00"), run("d1 21:00", "d3 00:00")],
         {"d1 20:30": "1", "d2 01:59": "2", "d2 02:00": "3"}),
        ("a longer pause", [run("d1 02:00", "d1 20:00"), run("d1 21:01", "d3 00:00")],
         {"d2 02:00": "2", "d2 21:00": "2", "d2 21:01": "3"}),
        ("two pauses", [run("d1 02:00", "d1 10:00"), run("d1 11:00", "d1 12:00"), run("d1 13:00", "d3 00:00")],
         {"d2 01:59": "2", "d2 02:00": "3"}),
        ("a long run before a long pause does not count", [run("d0 12:00", "d1 20:00"), run("d2 00:00", "d3 00:00")],
         {"d1 19:00": "3", "d2 00:00": "2"}),
        ("without a stop: perhaps running, perhaps 24 h", [run("d1 02:00")],
         {"d1 13:59": "2", "d1 14:00": "1..2", "d2 01:59": "1..2", "d2 02:00": "1..3", "d3 01:59": "1..3",
          "d3 02:00": "1"}),
        ("started again after a perhaps", [run("d1 02:00"), run("d1 20:00", "d3 00:00")],
         {"d1 20:00": "2", "d2 01:59": "2", "d2 02:00": "2..3", "d2 19:59": "2..3", "d2 20:00": "3"}),
        ("one is certain, a second perhaps", [run("d1 02:00", "d3 00:00"), run("d1 02:00", "", "phenylephrine")],
         {"d2 01:59": "2", "d2 02:00": "3"}),
        ("a perhaps in a pause is none", [run("d0 10:00", "", "phenylephrine"), run("d0 10:00", "d1 20:00"),
                                          run("d1 21:00", "d3 00:00")],
         {"d1 19:59": "3", "d1 20:00": "1..3", "d1 21:00": "3"}),
    ],
)  # fmt: skip
def test_how_long_on_the_mskcc_scale(what: str, rows: list[str], expected: dict[str, str]) -> None:
    chart = on_room_air("d0 09:00 | vasopressor_high_dose | absent | d9 00:00", *rows)
    assert over_time(chart, list(expected), MSKCC) == expected, what


def test_the_site_may_choose_the_pause() -> None:
    chart = on_room_air(LOW_DOSE, run("d1 02:00", "d1 12:00"), run("d1 15:00", "d3 00:00"))
    found = [over_time(chart, ["d2 03:00"], MSKCC, settings=site)["d2 03:00"] for site in (pauses(2.9), pauses(3))]
    assert found == ["2", "3"]


def pauses(hours: float) -> Settings:
    return replace(SETTINGS, vasopressor_pause_h=hours)


REFRACTORY, LONG, ADDED = "refractory", "vasopressor_24_h", "vasopressin_added"
OPEN = run("d0 20:00")
NE_ROW, PE_ROW, V_ROW = "norepinephrine@d1 02:00", "phenylephrine@d1 02:00", "vasopressin@d1 02:00"


@pytest.mark.parametrize(
    ("what", "field", "scale", "rows", "expected"),
    [
        ("no vasopressor", REFRACTORY, MSKCC, [LOW], ("no", [], ())),
        ("not charted since", REFRACTORY, MSKCC, [NE.format(5), "d1 02:00 | systolic_bp | 80 | d3 00:00"],
         ("no or yes", [NE_ROW], ("systolic_bp",))),
        ("charted since", REFRACTORY, MSKCC, [NE.format(5), "d1 02:01 | systolic_bp | 80 | d3 00:00"],
         ("yes", ["systolic_bp@d1 02:01"], ())),
        ("a bound", REFRACTORY, MSKCC, [NE.format(5), "d1 11:00 | systolic_bp | 80..95"],
         ("no or yes", ["systolic_bp@d1 11:00"], ("systolic_bp",))),
        ("declared before", REFRACTORY, MSKCC, [NE.format(5), "d1 02:00 | hypotension | present"],
         ("no or yes", [NE_ROW], ("systolic_bp",))),
        ("declared since", REFRACTORY, MSKCC, [NE.format(5), "d1 03:00 | hypotension | present", HELD],
         ("yes", ["hypotension@d1 03:00"], ())),
        ("declared, then a pressure", REFRACTORY, MSKCC,
         [NE.format(5), "d1 03:00 | hypotension | present", "d1 04:00 | systolic_bp | 110"],
         ("no", ["systolic_bp@d1 04:00"], ())),
        ("declared with a pressure", REFRACTORY, MSKCC,
         [NE.format(5), "d1 04:00 | hypotension | absent", "d1 04:00 | systolic_bp | 80"],
         ("no", ["hypotension@d1 04:00"], ())),
        ("declared in a word nobody knows", REFRACTORY, MSKCC, [NE.format(5), "d1 04:00 | hypotension | ?"],
         ("no or yes", ["hypotension@d1 04:00"], ("hypotension",))),
        ("with another cause", REFRACTORY, MSKCC,
         [NE.format(5), LOW, "d1 11:00 | attribution | hypotension:infection"], ("no", ["attribution@d1 11:00"], ())),
        ("24 h, perhaps", LONG, MSKCC, [run("d0 11:00"), run("d1 10:00", "d3 00:00")],
         ("no or yes", ["norepinephrine@d1 10:00"], ("norepinephrine",))),
        ("24 h, certain", LONG, MSKCC, [run("d0 11:00", "d3 00:00")], ("yes", ["norepinephrine@d0 11:00"], ())),
        ("vasopressin added", ADDED, CARTOX, [NE.format(5), VASOPRESSIN], ("yes", [V_ROW, NE_ROW], ())),
        ("vasopressin alone", ADDED, CARTOX, [VASOPRESSIN], ("no", [], ())),
        ("no vasopressin", ADDED, CARTOX, [NE.format(5)], ("no", [], ())),
        ("vasopressin beside a perhaps", ADDED, CARTOX, [OPEN, VASOPRESSIN],
         ("no or yes", [V_ROW, "norepinephrine@d0 20:00"], ("norepinephrine",))),
        ("a perhaps beside one that runs", ADDED, CARTOX, [OPEN, PE, VASOPRESSIN], ("yes", [V_ROW, PE_ROW], ())),
        ("perhaps vasopressin", ADDED, CARTOX, [PE, run("d0 20:00", "", "vasopressin")],
         ("no or yes", ["vasopressin@d0 20:00", PE_ROW], ("vasopressin",))),
        ("boluses", "fluid_boluses", PENN, [BOLUS, given("fluid_bolus", "d1 11:00")],
         ("two or more", ["fluid_bolus@d1 10:00", "fluid_bolus@d1 11:00"], ())),
        ("products", "coagulation_product", PENN, [given("fresh_plasma", "d1 10:00", "2")],
         ("yes", ["fresh_plasma@d1 10:00"], ())),
    ],
)  # fmt: skip
def test_what_it_rests_on(what: str, field: str, scale: str, rows: list[str], expected: Reasons) -> None:
    assert rests_on("\n".join([WITH_LABORATORY, *rows]), field, NOON, scale) == expected, what


@pytest.mark.parametrize(
    ("scale", "rows", "missing"),
    [
        (PENN, [NE.format(5)], ("vasopressor_high_dose",)),
        (MSKCC, [NE.format(5), HIGH_DOSE], ("systolic_bp",)),
        (CARTOX, [NE.format(5), HIGH_DOSE], ("systolic_bp",)),
        (V5, [device("venturi_mask")], ("fio2",)),
        (V6, [device("nasal_cannula")], ("oxygen_flow",)),
    ],
)
def test_what_to_chart(scale: str, rows: list[str], missing: tuple[str, ...]) -> None:
    assert row_at(grade(f"{WITH_LABORATORY}\n{on_room_air(*rows)}", scale), NOON).missing == missing


def test_a_missing_stop_is_flagged_where_it_leaves_the_24_h_open() -> None:
    chart = on_room_air(LOW_DOSE, run("d1 02:00"), run("d1 20:00", "d3 00:00"))
    flagged = ["no_stop_charted" in at_once(chart, time, MSKCC)[1] for time in ("d2 01:00", "d2 02:00", "d2 20:00")]
    assert flagged == [False, True, False]


def test_facts_not_charted_leave_a_range() -> None:
    """Fever and nothing else: what no scale can exclude."""
    fever = "d1 09:00 | temperature | 39"
    found = {scale: row_at(grade(fever, scale), NOON)[5:7] for scale in OTHERS}
    assert found == {PENN: (1, 4), MSKCC: (1, 4), CARTOX: (1, 4), V5: (1, 4), V6: (1, 4)}


@pytest.mark.parametrize("scale", OTHERS)
def test_all_grade_inside_the_course_that_crs_scales_share(scale: str) -> None:
    chart = on_room_air("d1 08:00 | creatinine | 400 | d9 00:00 | ref_high=100")
    times = ["d1 09:00", "d8 21:00", "d9 21:00"]
    rows = f"{chart}\nd-1 09:00 | heart_rate | 80\nd12 00:00 | heart_rate | 80"
    assert over_time(rows, times[:2], scale) == dict.fromkeys(times[:2], "3" if scale in (PENN, CARTOX) else "1")
    death = grade(f"{WITH_LABORATORY}\n{rows}\nd8 22:00 | death | crs", scale)
    assert death.timeline[-1].low == 5 and {one.scale for one in death.episodes} == {scale}


def test_children_are_graded_by_the_limits_of_their_age() -> None:
    child = ADULT._replace(age_years=3)
    chart = on_room_air("d1 10:00 | systolic_bp | 80")
    assert at_once(chart, scale=CARTOX, patient=child)[0] == "1" != at_once(chart, scale=CARTOX)[0]


TREATED = """d1 10:00 | temperature | 39
d1 11:00 | tocilizumab | 600
d2 10:00 | temperature | 37
d0 08:00 | oxygen_device | none | d2 12:00
d0 08:00 | systolic_bp | 120 | d2 12:00"""
FINE = "\n".join(
    f"{time} | {name} | 80 | | ref_high=100"
    for name in ("creatinine", "bilirubin", "ast", "alt")
    for time in ("d-1 07:00", "d1 07:00", "d2 07:00")
)
NO_OXYGEN, NO_LOW_PRESSURE = "d2 12:00 | oxygen_device | none", "d2 12:00 | systolic_bp | 120"


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("low pressure", ["d2 12:00 | systolic_bp | 80", NO_OXYGEN], "2 1 2 2 2"),
        ("oxygen", [NO_LOW_PRESSURE, "d2 12:00 | oxygen_device | nasal_cannula", "d2 12:00 | oxygen_flow | 2"],
         "3 2 2 2 2"),
        ("nothing", [NO_LOW_PRESSURE, NO_OXYGEN], "0 0 0 0 0"),
    ],
)  # fmt: skip
def test_after_treatment_each_sign_alone_keeps_the_course(what: str, rows: list[str], expected: str) -> None:
    graded = [grade("\n".join([TREATED, FINE, *rows]), scale) for scale in OTHERS]
    found = [row_at(one, "d2 13:00") for one in graded]
    assert [(row.low, row.high) for row in found] == [(int(n), int(n)) for n in expected.split()], what
    lasts = [one.episodes[0].end is None or one.episodes[0].end > found[0].start for one in graded]
    assert lasts == [what != "nothing"] * len(OTHERS)
