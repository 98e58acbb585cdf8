"""What a fault planted in the rules once slipped past: signals that count as looking, signs that hold an episode."""

import pytest

from cytovigil.logic.conditions import Field
from cytovigil.model.vocabulary import drugs_of
from cytovigil.model.vocabulary import signals as vocabulary
from cytovigil.rules import SCALES, fields
from spec.charts import ADULT, grade, row_at

PRESSORS = set(drugs_of("vasopressor", "vasopressin"))
FEVER_GONE = """
d1 10:00 | temperature | 39
d1 12:00 | tocilizumab | 560
d3 10:00 | temperature | 37
d3 10:00 | systolic_bp | 120
"""


@pytest.mark.parametrize("scale", ["crs-astct-2019", "crs-lee-2014", "crs-lee-2014-label"])
def test_low_oxygen_holds_a_treated_episode(scale: str) -> None:
    chart = FEVER_GONE + "d3 10:00 | oxygen_device | nasal_cannula\nd3 10:00 | oxygen_flow | 2"
    assert row_at(grade(chart, scale), "d3 12:00").low == 2


@pytest.mark.parametrize(
    "looked", ["spo2 | 97", "oxygen_flow | 0", "fio2 | 21", "systolic_bp | 120", "mean_bp | 80", "oxygen_device | none"]
)
@pytest.mark.parametrize("scale", ["crs-astct-2019", "crs-lee-2014-label"])
def test_any_signal_of_the_scale_is_looking_while_fever_still_counts(scale: str, looked: str) -> None:
    chart = f"d1 10:00 | temperature | 39\nd2 00:00 | {looked}"
    assert row_at(grade(chart, scale), "d2 05:00").low == 1


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        ("crs-astct-2019", ("grade 1 is fever alone", "organ toxicity does not change", "grade 5 is death due to CRS")),
        ("crs-lee-2014", ("grade 1 is symptoms", "does not ask for fever", "only if new or worse")),
        ("icans-astct-2019", ("tremor", "late and other neurotoxicity", "grade 5 is death due to ICANS")),
    ],
)
def test_notes_say_what_a_reader_must_know(scale: str, words: tuple[str, ...]) -> None:
    notes = SCALES[scale].notes
    assert [word in note for word, note in zip(words, notes, strict=True)] == [True] * len(words)


@pytest.mark.parametrize(
    ("field", "signals"),
    [
        (fields.OXYGEN, {"oxygen_device", "oxygen_flow", "fio2", "spo2"}),
        (fields.AROUSAL, {"consciousness", "avpu", "rass", "gcs_eye", "gcs"}),
        (fields.ICE, {name for name in vocabulary() if name == "ice" or name.startswith("ice_")}),
        (fields.CAPD, {name for name in vocabulary() if name == "capd" or name.startswith("capd_")}),
        (fields.SEDATION, {"sedation", *drugs_of("sedative")}),
        (fields.HYPOTENSION, {"hypotension", "systolic_bp", "mean_bp", "fluid_bolus", *PRESSORS}),
        (fields.VASOPRESSORS, PRESSORS),
        (fields.VASOPRESSOR_HIGH_DOSE, {"vasopressor_high_dose", *PRESSORS}),
    ],
)
def test_a_field_rests_on_every_signal_that_can_tell_it(field: Field, signals: set[str]) -> None:
    assert set(field.signals) == signals


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        (fields.OXYGEN, "spo2_percent low_flow_l_min sure_flow_l_min finding_unknown_h baseline_oxygen_days airway_window_h "
         "airway_spo2_percent extubation_h"),
        (fields.FEVER, "fever_cel fever_window_h"),
        (fields.HYPOTENSION, "systolic_adult_mmhg systolic_infant_mmhg systolic_per_year_mmhg adult_pressure_years "
         "mean_adult_mmhg fluid_bolus_h"),
        (fields.VASOPRESSORS, "infusion_valid_h infusion_unknown_h"),
        (fields.VASOPRESSOR_HIGH_DOSE, "infusion_valid_h infusion_unknown_h"),
        (fields.ICE, "assessment_min assessment_wait_min assessment_due_h capd_below_years"),
        (fields.CAPD, "assessment_min assessment_wait_min assessment_due_h capd_below_years"),
        (fields.SEDATION, "sedative_tail_h midazolam_tail_h sedation_hold_h sedation_last_value_h infusion_valid_h infusion_unknown_h"),
    ],
)  # fmt: skip
def test_every_setting_that_a_field_uses_is_printed_with_the_grade(field: Field, settings: str) -> None:
    assert field.assumptions == tuple(settings.split())


def test_treatments_listed_with_an_episode() -> None:
    given = "dexamethasone | 10", "tocilizumab | 560", "paracetamol | 1000", "levetiracetam | 500"
    doses = "\n".join(f"d1 11:00 | {dose}" for dose in given)
    runs = "d1 11:00 | norepinephrine | 4 | d1 13:00\nd1 11:00 | vasopressin | 0.03 | d1 13:00"
    chart = f"d1 10:00 | temperature | 39\nd1 10:00 | consciousness | voice\nd1 10:00 | ice | 5\n{doses}\n{runs}"
    crs = ("dexamethasone", "norepinephrine", "paracetamol", "tocilizumab", "vasopressin")
    for scale in ("crs-astct-2019", "crs-lee-2014", "crs-lee-2014-label"):
        assert [row.treatments for row in grade(chart, scale).episodes] == [crs], scale
    icans = ("dexamethasone", "levetiracetam", "tocilizumab")
    assert [row.treatments for row in grade(chart, "icans-astct-2019").episodes] == [icans]


def test_a_masking_drug_without_a_sign_raises_no_flag() -> None:
    chart = (
        "d1 10:00 | paracetamol | 1000\nd1 11:00 | temperature | 37\nd1 11:00 | systolic_bp | 120\n"
        "d1 11:00 | spo2 | 97\nd1 11:00 | oxygen_device | none"
    )
    assert row_at(grade(chart, "crs-astct-2019"), "d1 12:00")[5:] == (0, 0, 0, 0, (), False, ())


def test_capd_under_sedation_says_nothing() -> None:
    chart = "d1 08:00 | capd | 4\nd1 09:00 | propofol | 200/h | d1 20:00\nd1 10:00 | capd | 20"
    child = ADULT._replace(age_years=6)
    before, under = (row_at(grade(chart, "icans-astct-2019", child), time) for time in ("d1 08:30", "d1 12:00"))
    assert (before.low, under.low, under.high) == (1, 1, 4) and "held_under_sedation" in under.flags


def test_scores_end_where_they_end() -> None:
    assert (fields.ICE.domain[-1], fields.CAPD.domain[-1]) == (10, 32)
