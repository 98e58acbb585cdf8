"""Oxygen before the infusion (semantics 3): only what is above it counts. With fever: 1 none, 2 low, 3 high, 4 pressure."""

import pytest
from spec.charts import ADULT, grade, row_at
from spec.febrile import CRS, FEBRILE, LEE, at_once, over_time

BASELINE = ("baseline_device",)
GOOD = "d1 10:00 | spo2 | 95"
CANNULA_2 = "d-2 10:00 | oxygen_device | nasal_cannula \n d-2 10:00 | oxygen_flow | 2"
MASK, CPAP = ("d-2 10:00 | oxygen_device | " + word for word in ("venturi_mask", "cpap"))


def now(word: str, flow: str = "") -> str:
    return f"{GOOD}\nd1 10:00 | oxygen_device | {word}" + (f"\nd1 10:00 | oxygen_flow | {flow}" if flow else "")


@pytest.mark.parametrize(
    ("what", "before", "now", "expected"),
    [
        ("nothing before", "", now("nasal_cannula", "2"), ("2", ())),
        ("room air before", "d-2 10:00 | oxygen_device | none", now("nasal_cannula", "2"), ("2", ())),
        ("the same flow", CANNULA_2, now("nasal_cannula", "2"), ("1", BASELINE)),
        ("less", CANNULA_2, now("nasal_cannula", "1"), ("1", BASELINE)),
        ("more", CANNULA_2, now("nasal_cannula", "2.1"), ("2", ())),
        ("perhaps more", CANNULA_2, now("nasal_cannula", "1..3"), ("1..2", BASELINE)),
        ("a higher class", CANNULA_2, now("simple_mask", "2"), ("3", ())),
        ("a lower class", MASK, now("nasal_cannula", "2"), ("1", BASELINE)),
        ("the same class, higher flow", f"{MASK}\nd-2 10:00 | oxygen_flow | 5", now("high_flow_nasal_cannula", "40"),
         ("3", ())),
        ("the same class, flow not charted now", CANNULA_2, now("blow_by"), ("1..2", BASELINE)),
        ("the same class, flow not charted before", MASK, now("venturi_mask", "5"), ("1..3", BASELINE)),
        ("cannula without flow before: low or high", "d-2 10:00 | oxygen_device | nasal_cannula",
         now("nasal_cannula", "2"), ("1..2", BASELINE)),
        ("cannula without flow before, a mask now", "d-2 10:00 | oxygen_device | nasal_cannula",
         now("simple_mask", "5"), ("1..3", BASELINE)),
        ("CPAP at home", CPAP, now("cpap"), ("1", BASELINE)),
        ("CPAP at home, BiPAP now", CPAP, now("bipap"), ("1", BASELINE)),
        ("CPAP at home, ventilated now", CPAP, now("invasive_ventilation"), ("4", ())),
        ("ventilated before", f"{CPAP}\nd-1 10:00 | oxygen_device | invasive_ventilation",
         now("invasive_ventilation"), ("1", BASELINE)),
        ("a flow before, no device", "d-2 10:00 | oxygen_flow | 2", now("nasal_cannula", "2"), ("1", BASELINE)),
        ("a flow before, no device, and more now", "d-2 10:00 | oxygen_flow | 2", now("nasal_cannula", "3"),
         ("1..2", BASELINE)),
        ("a flow above 6 before, no device", "d-2 10:00 | oxygen_flow | 8", now("simple_mask", "5"), ("1", BASELINE)),
        ("a device in an unknown word before", "d-2 10:00 | oxygen_device | ?", now("nasal_cannula", "2"), ("2", ())),
    ],
)  # fmt: skip
def test_only_above_it(what: str, before: str, now: str, expected: tuple[str, tuple[str, ...]]) -> None:
    assert at_once(f"{before}\n{now}") == expected, what


@pytest.mark.parametrize(
    ("what", "saturation", "expected"),
    [("90", "90", ("1", BASELINE)), ("below 90", "89.9", ("2", ())), ("perhaps", "<95", ("1..2", BASELINE))],
)
def test_a_low_saturation_on_it_counts(what: str, saturation: str, expected: tuple[str, tuple[str, ...]]) -> None:
    chart = f"{CANNULA_2}\n{now('nasal_cannula', '2')}".replace("spo2 | 95", f"spo2 | {saturation}")
    assert at_once(chart) == expected, what


@pytest.mark.parametrize(
    ("what", "before", "expected"),
    [
        ("highest class in 7 days", f"{CANNULA_2}\nd-6 10:00 | oxygen_device | simple_mask", "1"),
        ("highest flow in 7 days", f"{CANNULA_2}\nd-6 09:00 | oxygen_device | nasal_cannula"
         "\nd-6 10:00 | oxygen_flow | 4", "1"),
        ("7 days before to the minute", "d-7 08:00 | oxygen_device | nasal_cannula \n d-7 08:00 | oxygen_flow | 4", "1"),
        ("earlier", "d-7 07:59 | oxygen_device | nasal_cannula \n d-7 07:59 | oxygen_flow | 4", "2"),
        ("earlier, but it held until then",
         "d-30 08:00 | oxygen_device | nasal_cannula | d-5 08:00 \n d-30 08:00 | oxygen_flow | 4 | d-5 08:00", "1"),
        ("a flow of another device is not its flow",
         f"{CANNULA_2}\nd-1 10:00 | oxygen_device | none \n d-1 11:00 | oxygen_flow | 5", "2"),
        ("at the infusion is not before it",
         "d0 08:00 | oxygen_device | nasal_cannula \n d0 08:00 | oxygen_flow | 4", "2"),
    ],
)  # fmt: skip
def test_what_is_the_baseline(what: str, before: str, expected: str) -> None:
    assert at_once(f"{before}\n{now('nasal_cannula', '4')}")[0] == expected, what


@pytest.mark.parametrize(
    ("given", "device", "flow", "expected"),
    [
        ("nasal_cannula 2", "nasal_cannula", "2", "1"),
        ("nasal_cannula 2", "nasal_cannula", "3", "2"),
        ("nasal_cannula", "nasal_cannula", "2", "1..2"),
        ("cpap", "cpap", "", "1"),
        ("none", "nasal_cannula", "2", "2"),
    ],
)
def test_baseline_oxygen_of_the_patient(given: str, device: str, flow: str, expected: str) -> None:
    patient = ADULT._replace(baseline_oxygen=given)
    assert at_once(now(device, flow), patient=patient)[0] == expected


def test_the_higher_of_both_counts() -> None:
    patient = ADULT._replace(baseline_oxygen="nasal_cannula 4")
    assert at_once(f"{CANNULA_2}\n{now('nasal_cannula', '4')}", patient=patient) == ("1", BASELINE)


def test_lee_counts_no_support_at_baseline_either() -> None:
    assert at_once(f"{CANNULA_2}\n{now('nasal_cannula', '2')}", scale=LEE)[0] == "1"


def test_an_unknown_device_is_not_flagged() -> None:
    chart = f"{CANNULA_2}\nd1 10:00 | oxygen_device | nasal_cannula \n d1 10:00 | oxygen_flow | 2"
    expected = {"d1 12:00": "1", "d2 02:00": "1..4"}
    assert over_time(chart, list(expected)) == expected
    assert at_once(chart, "d2 02:00")[1] == ("device_not_recharted",)


@pytest.mark.parametrize(
    ("what", "before", "now", "missing"),
    [
        ("the flow now", CANNULA_2, now("blow_by"), ("oxygen_flow",)),
        ("before: it is too late, a person must say", MASK, now("venturi_mask", "5"), ("attribution",)),
    ],
)
def test_what_to_chart(what: str, before: str, now: str, missing: tuple[str, ...]) -> None:
    assert row_at(grade(f"{FEBRILE}\n{before}\n{now}", CRS), "d1 12:00").missing == missing, what
