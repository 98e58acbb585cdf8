"""What guidance asks of a patient at one moment: grades, onset, doses, improvement, fever, pressure, counts."""

import pytest

from cytovigil.engine.momentary import MOMENTARY
from cytovigil.engine.situation import SITUATION, Situation
from cytovigil.guidance.fields import (
    ASTCT,
    EARLY,
    FEVER_DAYS,
    FIRST_3_WEEKS,
    ICANS,
    ICANS_NO_BETTER_24_H,
    ICANS_ONSET,
    ICANS_WORSE,
    LATE,
    LEE_LABEL,
    LOW_AFTER_FLUIDS,
    NEUTROPENIA,
    NONCONVULSIVE,
    PRODUCT,
    SEIZURE,
    SILTUXIMAB_GIVEN,
    STEROID,
    TOCILIZUMAB_24_H,
    TOCILIZUMAB_DOSES,
    TOCILIZUMAB_RECENT,
    crs_by,
)
from cytovigil.logic.conditions import Field
from cytovigil.model.events import Patient
from cytovigil.rules import SCALES
from cytovigil.rules.scores import SCORES
from spec.charts import ADULT, SETTINGS, at, events
from spec.febrile import FEBRILE, ROOM_AIR

CRS = crs_by(ASTCT)
EITHER = {True, False}
FEVER_D1 = "d1 08:00 | temperature | 39"
WELL_AIR = f"d0 09:00 | systolic_bp | 120 | d9 00:00\n{ROOM_AIR}"
PRESSOR = "{} | norepinephrine | 4/min | {}"
AWAKE = "d0 09:00 | consciousness | awake | d9 00:00"
WELL_MIND = f"{AWAKE}\nd0 09:00 | ice | 10"


def seen(chart: str, field: Field, time: str, patient: Patient = ADULT) -> tuple[set[object], set[str]]:
    """Possible values, and what to chart."""
    infused = patient._replace(infusion_time=at("d0 08:00"))
    fact = Situation(infused, events(chart), SETTINGS, SCALES, SCORES, at(time)).fact(field)
    return set(fact.values), set(fact.missing)


def values(chart: str, field: Field, time: str, patient: Patient = ADULT) -> set[object]:
    return seen(chart, field, time, patient)[0]


@pytest.mark.parametrize(
    ("what", "chart", "field", "time", "expected", "missing"),
    [
        ("known", f"{FEVER_D1}\n{WELL_AIR}", CRS.grade, "d1 09:00", {1}, set()),
        ("a range", f"{FEVER_D1}\n{WELL_AIR}\nd1 08:30 | oxygen_device | nasal_cannula", CRS.grade, "d1 09:00", {2, 3}, {"oxygen_flow"}),
        ("not observed: anything", "", CRS.grade, "d1 09:00", {0, 1, 2, 3, 4}, {"temperature"}),
        ("after its window: anything", "d40 08:00 | temperature | 39\nd40 08:00 | systolic_bp | 120\nd40 08:00 | spo2 | 97", CRS.grade, "d40 09:00", {0, 1, 2, 3, 4}, {"recorded_crs_grade"}),
        ("ICE never done: anything", f"{FEVER_D1}", ICANS, "d1 09:00", {0, 1, 2, 3, 4}, {"ice"}),
        ("neurotoxicity", f"{AWAKE}\nd1 08:00 | ice | 5", ICANS, "d1 09:00", {2}, set()),
        ("a moment itself counts", FEBRILE + "\n" + ROOM_AIR, CRS.grade, "d0 09:00", {1}, set()),
    ],
)  # fmt: skip
def test_grades(what: str, chart: str, field: Field, time: str, expected: set[object], missing: set[str]) -> None:
    found, asked = seen(chart, field, time)
    assert (found, asked >= missing) == (expected, True), what


def test_nothing_recorded_later_counts() -> None:
    later = f"{FEVER_D1}\n{WELL_AIR}\nd1 08:30 | norepinephrine | 4/min | d2 00:00 | recorded_at=d1 10:00"
    assert values(later, CRS.grade, "d1 09:59") == {1}
    assert values(later, CRS.grade, "d1 10:00") == {3}


@pytest.mark.parametrize(
    ("what", "chart", "time", "expected"),
    [
        ("one second before 72 h", f"d3 07:59 | temperature | 39\n{WELL_AIR}", "d3 09:00", {EARLY}),
        ("exactly 72 h is late", f"d3 08:00 | temperature | 39\n{WELL_AIR}", "d3 09:00", {LATE}),
        ("its onset counts, not now", f"{FEBRILE}\n{ROOM_AIR}", "d6 09:00", {EARLY}),
        ("no CRS before 72 h: it would be early", f"d1 09:00 | temperature | 37\n{WELL_AIR}", "d1 10:00", {EARLY}),
        ("no CRS, later: it would be late", f"d5 09:00 | temperature | 37\n{WELL_AIR}", "d5 10:00", {LATE}),
        ("never looked: either", "", "d5 10:00", {EARLY, LATE}),
    ],
)  # fmt: skip
def test_crs_began_early(what: str, chart: str, time: str, expected: set[object]) -> None:
    assert values(chart, CRS.onset, time) == expected, what


def test_icans_began_early() -> None:
    chart = f"{AWAKE}\nd0 09:00 | ice | 10\n{{}} | ice | 7"
    assert values(chart.format("d3 07:00"), ICANS_ONSET, "d3 09:00") == {EARLY}
    assert values(chart.format("d3 08:00"), ICANS_ONSET, "d3 09:00") == {LATE}
    recovered = f"{chart.format('d1 08:00')}\n" + "\n".join(f"d{day} 09:00 | ice | 10" for day in range(2, 9))
    assert values(recovered, ICANS_ONSET, "d8 09:30") == {LATE}


RATES = "d1 08:00 | tocilizumab | 400/h\nd1 08:30 | tocilizumab | 800/h\nd1 09:00 | tocilizumab | stopped"
ENDED = "d1 08:00 | tocilizumab | 100/h | d1 15:00\nd1 14:00 | tocilizumab | 200/h | d1 15:00"
STOPPED = "d1 08:00 | tocilizumab | 640/h\nd1 09:00 | tocilizumab | stopped\nd1 10:00 | tocilizumab | 640/h"
LATER = "d1 08:00 | tocilizumab | 640/h\n{} | tocilizumab | 640/h"
FEVER_D2 = f"d2 08:00 | temperature | 39.1\n{WELL_AIR}"
BEFORE = "\n".join(f"{time} | tocilizumab | 640" for time in ("d1 06:00", "d1 14:00", "d1 22:00", "d2 06:00"))
WELL = "\n".join(f"d{day} {time} | temperature | 37" for day in range(2, 12) for time in ("04:00", "12:00", "20:00"))
AIR = "d0 09:00 | systolic_bp | 120 | d14 00:00\nd0 09:00 | spo2 | 97 | d14 00:00\nd0 09:00 | oxygen_device | none | d14 00:00"
EARLIER = (
    f"{FEVER_D1}\nd1 08:30 | tocilizumab | 640\n{WELL}\n{AIR}\n"
    "d12 08:00 | temperature | 39\nd12 08:30 | tocilizumab | 640"
)
DOSES = "\n".join(f"{time} | tocilizumab | 640" for time in ("d1 08:00", "d1 16:00", "d2 00:00"))


@pytest.mark.parametrize(
    ("what", "chart", "field", "time", "expected"),
    [
        ("none", FEBRILE, TOCILIZUMAB_DOSES, "d1 08:00", {0}),
        ("three", f"{FEBRILE}\n{DOSES}", TOCILIZUMAB_DOSES, "d2 04:00", {3}),
        ("from an hour before the first fever", f"d1 07:00 | tocilizumab | 640\n{FEVER_D1}", TOCILIZUMAB_DOSES, "d1 09:00", {1}),
        ("before the first charted fever: perhaps it is one of the episode's", f"d1 06:59 | tocilizumab | 640\n{FEVER_D1}", TOCILIZUMAB_DOSES, "d1 09:00", {0, 1}),
        ("four of them: none to four", f"{BEFORE}\n{FEVER_D2}", TOCILIZUMAB_DOSES, "d2 09:00", {0, 1, 2, 3, 4}),
        ("one before, one within", f"d1 06:59 | tocilizumab | 640\n{FEVER_D1}\nd1 08:30 | tocilizumab | 640", TOCILIZUMAB_DOSES, "d1 09:00", {1, 2}),
        ("before the infusion it is none", f"d0 06:00 | tocilizumab | 640\n{FEVER_D1}", TOCILIZUMAB_DOSES, "d1 09:00", {0}),
        ("of an earlier episode that is over it is none", EARLIER, TOCILIZUMAB_DOSES, "d12 09:00", {1}),
        ("but it counts in 24 h", f"d1 06:59 | tocilizumab | 640\n{FEVER_D1}", TOCILIZUMAB_24_H, "d1 09:00", {1}),
        ("without CRS perhaps of one that nobody saw", "d1 06:00 | tocilizumab | 640\nd1 05:00 | temperature | 37", TOCILIZUMAB_DOSES, "d1 09:00", {0, 1}),
        ("three in 24 h", f"{FEBRILE}\n{DOSES}", TOCILIZUMAB_24_H, "d2 04:00", {3}),
        ("a dose of 24 h ago no longer counts", f"{FEBRILE}\n{DOSES}", TOCILIZUMAB_24_H, "d2 08:00", {2}),
        ("a second earlier it does", f"{FEBRILE}\n{DOSES}", TOCILIZUMAB_24_H, "d2 07:59", {3}),
        ("less than 8 h ago", f"{FEBRILE}\n{DOSES}", TOCILIZUMAB_RECENT, "d2 07:59", {True}),
        ("8 h ago", f"{FEBRILE}\n{DOSES}", TOCILIZUMAB_RECENT, "d2 08:00", {False}),
        ("another rate is the same dose", f"{FEBRILE}\n{RATES}", TOCILIZUMAB_24_H, "d1 10:00", {1}),
        ("in an episode too", f"{FEBRILE}\n{RATES}", TOCILIZUMAB_DOSES, "d1 10:00", {1}),
        ("so is a rate while one with an end runs", f"{FEBRILE}\n{ENDED}", TOCILIZUMAB_24_H, "d1 16:00", {1}),
        ("a rate after a stop is another dose", f"{FEBRILE}\n{STOPPED}", TOCILIZUMAB_24_H, "d1 16:00", {2}),
        ("less than 4 h after a rate without an end it is the same", f"{FEBRILE}\n{LATER.format('d1 11:59')}", TOCILIZUMAB_24_H, "d1 16:00", {1}),
        ("from 4 h on it is another", f"{FEBRILE}\n{LATER.format('d1 12:00')}", TOCILIZUMAB_DOSES, "d1 16:00", {2}),
        ("not the dose itself, but one of nothing", f"{FEBRILE}\nd1 09:00 | tocilizumab | 0", TOCILIZUMAB_24_H, "d1 10:00", {0}),
    ],
)  # fmt: skip
def test_doses_of_tocilizumab(what: str, chart: str, field: Field, time: str, expected: set[object]) -> None:
    assert values(chart, field, time) == expected, what


TREATED = f"{FEBRILE}\n{ROOM_AIR}\nd1 08:00 | tocilizumab | 640"
AGAIN = f"{TREATED}\n{PRESSOR.format('d1 10:00', 'd4 00:00')}\nd1 11:00 | dexamethasone | 10"
PERHAPS_AGAIN = (
    f"{TREATED}\nd1 10:00 | oxygen_device | nasal_cannula | d3 00:00\nd1 07:30 | oxygen_device | nasal_cannula | d1 10:00\n"
    "d1 07:30 | oxygen_flow | 4 | d1 10:00\nd1 11:00 | dexamethasone | 10"
)
ON_PRESSOR = f"{TREATED}\n{PRESSOR.format('d1 06:00', 'd4 00:00')}"


@pytest.mark.parametrize(
    ("what", "chart", "field", "time", "expected"),
    [
        ("8 h have not passed", ON_PRESSOR, CRS.no_better_8_h, "d1 15:59", {False}),
        ("8 h, and the same", ON_PRESSOR, CRS.no_better_8_h, "d1 16:00", {True}),
        ("24 h, and the same", ON_PRESSOR, CRS.no_better_24_h, "d2 08:00", {True}),
        ("better", f"{TREATED}\n{PRESSOR.format('d1 06:00', 'd1 20:00')}", CRS.no_better_24_h, "d2 08:00", {False}),
        ("nobody looks any more: perhaps better", "d1 07:00 | temperature | 39\nd1 08:00 | tocilizumab | 640", CRS.no_better_24_h, "d3 08:00", {True, False}),
        ("never treated", f"{FEBRILE}\n{ROOM_AIR}", CRS.no_better_24_h, "d3 08:00", {False}),
        ("another drug", ON_PRESSOR, CRS.no_better_on_steroid, "d3 08:00", {False}),
        ("perhaps better: the flow is not charted",
         f"{TREATED}\nd1 06:00 | oxygen_device | high_flow_nasal_cannula | d1 20:00\nd1 20:00 | oxygen_device | nasal_cannula | d3 00:00",
         CRS.no_better_24_h, "d2 08:00", {True, False}),
        ("worse than at the dose", f"{TREATED}\n{PRESSOR.format('d1 10:00', 'd3 00:00')}", CRS.worse, "d1 12:00", {True}),
        ("the same is not worse", ON_PRESSOR, CRS.worse, "d1 12:00", {False}),
        ("worse than at the first of two doses, not than at the second", AGAIN, CRS.worse, "d1 20:00", {True}),
        ("a dose of 24 h ago counts no longer", AGAIN, CRS.worse, "d2 08:00", {False}),
        ("a second earlier it does", AGAIN, CRS.worse, "d2 07:59", {True}),
        ("perhaps worse than at the first", PERHAPS_AGAIN, CRS.worse, "d1 20:00", {True, False}),
        ("the dose of a steroid not charted: perhaps it treats",
         f"{FEBRILE}\n{ROOM_AIR}\nd1 08:00 | prednisolone | ?", CRS.no_better_on_steroid, "d2 09:00", {True, False}),
        ("a dose before the infusion", "d0 07:30 | dexamethasone | 10\nd0 08:10 | temperature | 39\n" + WELL_AIR,
         CRS.worse, "d0 09:00", {False}),
    ],
)  # fmt: skip
def test_improvement(what: str, chart: str, field: Field, time: str, expected: set[object]) -> None:
    assert values(chart, field, time) == expected, what


def test_what_would_tell_improvement() -> None:
    chart = f"{TREATED}\nd1 06:00 | oxygen_device | high_flow_nasal_cannula | d1 20:00\nd1 20:00 | oxygen_device | nasal_cannula | d3 00:00"
    assert seen(chart, CRS.no_better_24_h, "d2 08:00")[1] == {"oxygen_flow"}
    unsure = f"{FEBRILE}\n{ROOM_AIR}\nd1 08:00 | prednisolone | ?"
    assert seen(unsure, CRS.no_better_on_steroid, "d2 09:00")[1] == {"prednisolone"}


def test_icans_on_a_steroid() -> None:
    chart = f"{AWAKE}\nd1 08:00 | ice | 5\nd1 09:00 | dexamethasone | 10\nd2 08:00 | ice | {{}}\nd2 09:00 | ice | {{}}"
    assert values(chart.format(5, 5), ICANS_NO_BETTER_24_H, "d2 09:00") == {True}
    assert values(chart.format(5, 8), ICANS_NO_BETTER_24_H, "d2 09:00") == {False}
    assert values(chart.format(5, 2), ICANS_WORSE, "d2 09:00") == {True}


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("none", f"{FEBRILE}", {False}),
        ("in the episode of CRS", f"{FEBRILE}\nd1 08:00 | dexamethasone | 10", {True}),
        ("in that of ICANS", f"{AWAKE}\nd1 07:30 | ice | 5\nd1 08:00 | dexamethasone | 10", {True}),
        ("at a low dose it does not treat", f"{FEBRILE}\nd1 08:00 | prednisolone | 10", {False}),
        ("amount not charted", f"{FEBRILE}\nd1 08:00 | prednisolone | ?", {True, False}),
        ("for something else", f"{WELL_MIND}\nd0 09:00 | dexamethasone | 10", {False}),
    ],
)  # fmt: skip
def test_corticosteroid_given(what: str, chart: str, expected: set[object]) -> None:
    assert values(chart, STEROID, "d1 09:00") == expected, what


FEVERS = "d1 07:00 | temperature | 37\n" + "\n".join(
    f"{time} | temperature | 39" for time in ("d1 08:00", "d2 00:00", "d2 16:00", "d3 08:00", "d4 00:00")
)


@pytest.mark.parametrize(
    ("what", "chart", "time", "expected"),
    [
        ("no fever", "d1 08:00 | temperature | 37", "d1 09:00", {0}),
        ("less", FEVERS, "d4 07:59", {0}),
        ("3 days", FEVERS, "d4 08:00", {1}),
        ("more", FEVERS, "d4 08:01", {2}),
        ("gone", f"{FEVERS}\nd5 06:00 | temperature | 37", "d5 08:00", {0}),
        ("a day without a reading: perhaps it lasted", "d1 07:00 | temperature | 37\nd1 08:00 | temperature | 39\nd4 00:00 | temperature | 39", "d4 09:00", {0, 1, 2}),
        ("not measured before the first: perhaps it lasted", "d1 08:00 | temperature | 39", "d1 09:00", {0}),
        ("not measured before the first of day 3", "d3 08:00 | temperature | 39", "d3 09:00", {0, 1, 2}),
        ("never measured", "", "d4 09:00", {0, 1, 2}),
    ],
)  # fmt: skip
def test_how_long_fever_has_lasted(what: str, chart: str, time: str, expected: set[object]) -> None:
    found, missing = seen(chart, FEVER_DAYS, time)
    assert found == expected, what
    assert missing == ({"temperature"} if len(expected) > 1 else set())


@pytest.mark.parametrize(
    ("what", "chart", "expected", "missing"),
    [
        ("no bolus", "d1 08:00 | systolic_bp | 80", {False}, set()),
        ("low after it", "d1 08:00 | fluid_bolus | 500\nd1 08:30 | systolic_bp | 80", {True}, set()),
        ("better after it", "d1 08:00 | fluid_bolus | 500\nd1 08:30 | systolic_bp | 110", {False}, set()),
        ("no pressure since", "d1 07:30 | systolic_bp | 80\nd1 08:00 | fluid_bolus | 500", {True, False}, {"systolic_bp"}),
        ("a vasopressor runs", f"d1 08:00 | fluid_bolus | 500\n{PRESSOR.format('d1 08:30', 'd2 00:00')}", {True}, set()),
        ("declared since", "d1 08:00 | fluid_bolus | 500\nd1 08:10 | systolic_bp | 110\nd1 08:30 | hypotension | present", {True}, set()),
        ("a pressure that may be either", "d1 08:00 | fluid_bolus | 500\nd1 08:30 | systolic_bp | <95", {True, False}, {"systolic_bp"}),
        ("a day ago", "d0 08:30 | fluid_bolus | 500\nd1 08:45 | systolic_bp | 80", {False}, set()),
    ],
)  # fmt: skip
def test_pressure_after_fluids(what: str, chart: str, expected: set[object], missing: set[str]) -> None:
    assert seen(chart, LOW_AFTER_FLUIDS, "d1 09:00") == (expected, missing), what


@pytest.mark.parametrize(
    ("chart", "expected", "missing"),
    [
        ("d1 08:00 | neutrophils | 0.499", {True}, set()),
        ("d1 08:00 | neutrophils | 0.5", {False}, set()),
        ("d1 08:00 | neutrophils | <1", {True, False}, {"neutrophils"}),
        ("", {True, False}, {"neutrophils"}),
    ],
)
def test_neutropenia(chart: str, expected: set[object], missing: set[str]) -> None:
    assert seen(chart, NEUTROPENIA, "d1 09:00") == (expected, missing)


def test_product_days_and_what_rules_ask_too() -> None:
    assert values("", PRODUCT, "d1 09:00", ADULT._replace(product="tisa-cel")) == {"tisa-cel"}
    assert seen("", PRODUCT, "d1 09:00") == (set(PRODUCT.domain), {"product"})
    assert values("", FIRST_3_WEEKS, "d21 07:59") == {True}
    assert values("", FIRST_3_WEEKS, "d21 08:00") == {False}
    assert values("d1 08:00 | seizure | prolonged", SEIZURE, "d1 09:00") == {2}


@pytest.mark.parametrize("word", ["resolved", "nonconvulsive_resolved", "prolonged", "repetitive"])
def test_whether_a_seizure_is_convulsive_is_asked_never_known(word: str) -> None:
    assert seen(f"d1 08:00 | seizure | {word}", NONCONVULSIVE, "d1 09:00") == (EITHER, {NONCONVULSIVE.says})


def test_what_would_tell_to_which_episode_a_dose_belongs() -> None:
    assert seen(f"{BEFORE}\n{FEVER_D2}", TOCILIZUMAB_DOSES, "d2 09:00")[1] == {"what each dose was given for"}
    assert "temperature" in seen(BEFORE, TOCILIZUMAB_DOSES, "d2 09:00")[1]


def test_siltuximab_since_the_infusion() -> None:
    assert values("d0 07:00 | siltuximab | 880", SILTUXIMAB_GIVEN, "d9 09:00") == {False}
    assert values("d1 07:00 | siltuximab | 880", SILTUXIMAB_GIVEN, "d9 09:00") == {True}


def test_grade_5_is_no_grade_of_guidance() -> None:
    chart = f"{FEBRILE}\n{ROOM_AIR}\nd1 09:00 | death | crs"
    assert values(chart, crs_by(LEE_LABEL).grade, "d1 09:00") == {4}


def test_every_measure_is_asked_for() -> None:
    from spec.guidance_kit import FIELDS

    assert {field.measure for field in FIELDS.values()} >= {*SITUATION, *MOMENTARY}
