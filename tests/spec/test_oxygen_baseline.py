"""Only support above that before the infusion counts (semantics 3). With fever: 1 none, 2 low, 3 high, 4 pressure."""

import pytest

from spec.charts import ADULT
from spec.febrile import LEE, at_once
from spec.test_oxygen_table import looked_up

HOME_2_L = "d-2 10:00 | oxygen_device | nasal_cannula \n d-2 10:00 | oxygen_flow | 2"
FLAG = ("baseline_device",)


def now(word: str, flow: str = "", spo2: str = "") -> str:
    rows = [f"d1 10:00 | oxygen_device | {word}"]
    rows += [f"d1 10:00 | oxygen_flow | {flow}"] if flow else []
    rows += [f"d1 10:00 | spo2 | {spo2}"] if spo2 else []
    return "\n".join(rows)


def before(word: str, flow: str = "", day: str = "d-2 10:00") -> str:
    return f"{day} | oxygen_device | {word}" + (f"\n{day} | oxygen_flow | {flow}" if flow else "")


@pytest.mark.parametrize(
    ("what", "baseline", "today", "expected"),
    [
        ("the same flow", HOME_2_L, now("nasal_cannula", "2"), ("1", FLAG)),
        ("a lower flow", HOME_2_L, now("nasal_cannula", "1"), ("1", FLAG)),
        ("a higher flow", HOME_2_L, now("nasal_cannula", "2.1"), ("2", ())),
        ("a flow that may be higher", HOME_2_L, now("nasal_cannula", "1..3"), ("1..2", FLAG)),
        ("a higher class", HOME_2_L, now("simple_mask", "2"), ("3", ())),
        ("a lower class, a lower flow", before("simple_mask", "7"), now("nasal_cannula", "6"), ("1", FLAG)),
        ("a lower class, a higher flow", before("simple_mask", "5"), now("nasal_cannula", "6"), ("2", ())),
        ("a lower class than CPAP at home", before("cpap"), now("nasal_cannula", "6"), ("1..2", FLAG)),
        ("saturation below 90 on it", HOME_2_L, now("nasal_cannula", "2", "89"), ("2", ())),
        ("saturation 90 on it", HOME_2_L, now("nasal_cannula", "2", "90"), ("1", FLAG)),
        ("saturation that may be below 90", HOME_2_L, now("nasal_cannula", "2", "<95"), ("1..2", FLAG)),
        ("today's flow not charted", HOME_2_L, now("nasal_cannula"), ("1..3", FLAG)),
        ("home CPAP", before("cpap"), now("cpap"), ("1", FLAG)),
        ("home CPAP, now BiPAP: the same class", before("cpap"), now("bipap"), ("1", FLAG)),
        ("home CPAP, now ventilated", before("cpap"), now("invasive_ventilation"), ("4", ())),
        ("ventilated before", before("invasive_ventilation"), now("invasive_ventilation"), ("1", FLAG)),
        ("room air before", before("none"), now("nasal_cannula", "2"), ("2", ())),
        ("nothing charted before", "", now("nasal_cannula", "2"), ("2", ())),
        ("a flow of 0 before, no device", "d-2 10:00 | oxygen_flow | 0", now("simple_mask"), ("3", ())),
        ("an unknown word before", before("?"), now("nasal_cannula", "2"), ("2", ())),
        ("a flow but no device before", "d-2 10:00 | oxygen_flow | 2", now("nasal_cannula", "2"), ("1", FLAG)),
        ("a high flow but no device before", "d-2 10:00 | oxygen_flow | 8", now("nasal_cannula", "8"), ("1", FLAG)),
        ("the smallest flow, after a flow of 0", before("nasal_cannula", "0"), now("nasal_cannula", "0.1"), ("2", ())),
        ("the smallest flow, after a flow of 0 but no device", "d-2 10:00 | oxygen_flow | 0",
         now("nasal_cannula", "0.1"), ("2", ())),
        ("a mask, after a cannula at 6 L/min: that is low flow", before("nasal_cannula", "6"), now("simple_mask", "5"),
         ("3", ())),
        ("a mask, after a cannula above 6 L/min", before("nasal_cannula", "6.1"), now("simple_mask", "5"), ("1", FLAG)),
        ("room air today", HOME_2_L, now("none"), ("1", ())),
    ],
)  # fmt: skip
def test_against_baseline(what: str, baseline: str, today: str, expected: tuple[str, tuple[str, ...]]) -> None:
    assert at_once(f"{baseline}\n{today}") == expected, what


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (now("nasal_cannula", "2"), "1..2"),
        (now("nasal_cannula", "8"), "1..3"),
        (now("simple_mask"), "1..3"),
        (now("cpap"), "4"),
    ],
)
def test_a_baseline_cannula_without_flow_may_or_may_not_count(today: str, expected: str) -> None:
    assert at_once(f"{before('nasal_cannula')}\n{today}")[0] == expected


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("8 days before", before("cpap", day="d-8 10:00"), "4"),
        ("7 days before", before("cpap", day="d-7 08:00"), "1"),
        ("since long before, still in use", "d-20 10:00 | oxygen_device | cpap | d-3 10:00", "1"),
        ("since long before, ended", "d-20 10:00 | oxygen_device | cpap | d-8 10:00", "4"),
        ("since long before, ended as the 7 days begin", "d-20 10:00 | oxygen_device | cpap | d-7 08:00", "4"),
        ("since long before, ended just after", "d-20 10:00 | oxygen_device | cpap | d-7 08:01", "1"),
        ("the highest of several", f"{before('cpap', day='d-4 10:00')}\n{HOME_2_L}", "1"),
        ("CPAP, and BiPAP at a flow of 0", f"{before('cpap', day='d-4 10:00')}\n{before('bipap', '0')}", "1"),
    ],
)
def test_the_7_days_before(what: str, rows: str, expected: str) -> None:
    assert at_once(f"{rows}\n{now('cpap')}")[0] == expected, what


def test_the_highest_flow_before() -> None:
    chart = f"{before('nasal_cannula', '4', 'd-4 10:00')}\n{HOME_2_L}\n{now('nasal_cannula', '3')}"
    assert at_once(chart) == ("1", FLAG)


def test_a_charted_flow_goes_before_one_not_charted() -> None:
    """Of one mask charted twice: the flow is known from one of the rows."""
    chart = f"{before('simple_mask', day='d-4 10:00')}\n{before('simple_mask', '0.1')}\n{now('simple_mask', '0.1')}"
    assert at_once(chart) == ("1", FLAG)


def test_a_tube_before_goes_before_other_positive_pressure() -> None:
    chart = f"{before('invasive_ventilation', day='d-4 10:00')}\n{before('cpap', '5')}\n{now('invasive_ventilation')}"
    assert at_once(chart) == ("1", FLAG)


@pytest.mark.parametrize(
    ("what", "today", "missing"),
    [
        ("a flow that may be higher", now("nasal_cannula", "1..3"), ("attribution",)),
        ("no flow, and so no class", now("nasal_cannula"), ("oxygen_flow",)),
        ("a higher flow", now("nasal_cannula", "3"), ()),
    ],
)
def test_what_would_settle_whether_it_counts(what: str, today: str, missing: tuple[str, ...]) -> None:
    assert looked_up(f"{HOME_2_L}\n{today}").missing == missing, what


@pytest.mark.parametrize(
    ("column", "today", "expected"),
    [
        ("nasal_cannula 2", now("nasal_cannula", "2"), "1"),
        ("nasal_cannula 2", now("nasal_cannula", "3"), "2"),
        ("nasal_cannula", now("nasal_cannula", "2"), "1..2"),
        ("cpap", now("cpap"), "1"),
        ("none", now("nasal_cannula", "2"), "2"),
    ],
)
def test_baseline_oxygen_of_the_patient(column: str, today: str, expected: str) -> None:
    assert at_once(today, patient=ADULT._replace(baseline_oxygen=column))[0] == expected


def test_lee_counts_above_the_same_baseline() -> None:
    assert at_once(f"{HOME_2_L}\n{now('nasal_cannula', '2')}", scale=LEE) == ("1", FLAG)
