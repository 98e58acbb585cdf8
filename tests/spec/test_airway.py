"""Support that may protect the airway, or follow extubation: a range, until a person settles it (semantics 3)."""

import pytest

from spec.febrile import LEE, at_once, over_time
from spec.test_oxygen_table import looked_up

TUBE = "d1 12:00 | oxygen_device | invasive_ventilation | d1 20:00"
ROOM_AIR = "d1 08:00 | oxygen_device | none | d1 12:00 \n d1 08:00 | spo2 | 97"
COMA = "d1 11:00 | consciousness | unarousable"
FLAG = ("airway_or_hypoxia",)


@pytest.mark.parametrize(
    ("what", "reason", "expected"),
    [
        ("unarousable", COMA, "1..4"),
        ("only to touch", "d1 11:00 | consciousness | tactile", "1..4"),
        ("AVPU P", "d1 11:00 | avpu | P", "1..4"),
        ("to voice", "d1 11:00 | consciousness | voice", "4"),
        ("arousal no longer valid", "d0 19:59 | consciousness | unarousable", "4"),
        ("charted only later", "d1 12:01 | consciousness | unarousable", "4"),
        ("a seizure less than 6 h before", "d1 06:01 | seizure | resolved", "1..4"),
        ("a seizure 6 h before", "d1 06:00 | seizure | resolved", "4"),
        ("a seizure that ended less than 6 h before", "d1 05:00 | seizure | prolonged | d1 06:30", "1..4"),
        ("sedated", "d1 11:00 | sedation | sedated", "1..4"),
        ("not sedated", "d1 11:00 | sedation | none", "4"),
        ("no reason charted", "", "4"),
    ],
)
def test_reasons(what: str, reason: str, expected: str) -> None:
    flags = FLAG if expected == "1..4" else ()
    assert at_once(f"{ROOM_AIR}\n{reason}\n{TUBE}", "d1 13:00") == (expected, flags), what


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("saturation 92", "d1 10:00 | spo2 | 92", "1..4"),
        ("saturation below 92", "d1 10:00 | spo2 | 91.9", "4"),
        ("saturation below 92 as it starts", "d1 12:00 | spo2 | 91", "4"),
        ("saturation below 92, 6 h before", "d1 06:00 | spo2 | 91 \n d1 06:30 | spo2 | 97", "1..4"),
        ("low flow before", "d1 09:00 | oxygen_device | nasal_cannula | d1 12:00 \n d1 09:00 | oxygen_flow | 2", "2..4"),
        ("a mask before", "d1 09:00 | oxygen_device | simple_mask | d1 12:00", "4"),
        ("a mask that ended in the 6 h before",
         "d1 05:00 | oxygen_device | simple_mask | d1 06:30 \n d1 06:30 | oxygen_device | none | d1 12:00"
         "\n d1 06:30 | spo2 | 97", "4"),
        ("a mask that ended earlier",
         "d1 04:00 | oxygen_device | simple_mask | d1 06:00 \n d1 06:00 | oxygen_device | none | d1 12:00"
         "\n d1 06:00 | spo2 | 97", "1..4"),
    ],
)  # fmt: skip
def test_hypoxia_in_the_6_h_before_speaks_against_it(what: str, rows: str, expected: str) -> None:
    base = "" if "oxygen_device" in rows else ROOM_AIR
    assert at_once(f"{base}\n{rows}\n{COMA}\n{TUBE}", "d1 13:00")[0] == expected, what


@pytest.mark.parametrize(("word", "expected"), [("cpap", "1..4"), ("bipap", "1..4"), ("high_flow_nasal_cannula", "3")])
def test_any_positive_pressure_and_no_other_device(word: str, expected: str) -> None:
    assert at_once(f"{ROOM_AIR}\n{COMA}\nd1 12:00 | oxygen_device | {word}", "d1 13:00")[0] == expected


def test_the_doubt_lasts_as_long_as_the_positive_pressure() -> None:
    """BiPAP, then the tube: one stretch. A mask after it is a mask."""
    chart = f"""{ROOM_AIR}
        {COMA}
        d1 12:00 | oxygen_device | bipap                | d1 14:00
        d1 14:00 | oxygen_device | invasive_ventilation | d2 14:00
        d2 14:00 | oxygen_device | simple_mask          | d2 20:00"""
    expected = {"d1 11:59": "1", "d1 12:00": "1..4", "d1 14:00": "1..4", "d2 13:59": "1..4", "d2 14:00": "3"}
    assert over_time(chart, list(expected)) == expected


def test_a_tube_not_charted_again_for_a_while_is_the_same_stretch() -> None:
    chart = f"""{ROOM_AIR}
        {COMA}
        d1 12:00 | oxygen_device | invasive_ventilation
        d2 06:00 | oxygen_device | invasive_ventilation"""
    assert at_once(chart, "d2 07:00") == ("1..4", FLAG)


def test_every_kind_of_positive_pressure_is_one_stretch_until_extubation() -> None:
    """A tube not charted again for a while belongs to it; CPAP after the tube does not."""
    chart = f"""{ROOM_AIR}
        {COMA}
        d1 12:00 | oxygen_device | cpap                 | d1 13:00
        d1 13:00 | oxygen_device | bipap                | d1 14:00
        d1 14:00 | oxygen_device | invasive_ventilation
        d2 08:00 | oxygen_device | invasive_ventilation | d2 20:00
        d2 20:00 | oxygen_device | cpap"""
    expected = {"d1 12:30": "1..4", "d1 13:30": "1..4", "d1 15:00": "1..4", "d2 09:00": "1..4", "d2 21:00": "4"}
    assert over_time(chart, list(expected)) == expected


def test_cpap_after_a_tube_that_followed_bipap_is_not_in_doubt() -> None:
    chart = f"""{ROOM_AIR}
        {COMA}
        d1 12:00 | oxygen_device | bipap                | d1 14:00
        d1 14:00 | oxygen_device | invasive_ventilation | d1 20:00
        d1 20:00 | oxygen_device | cpap"""
    assert at_once(chart, "d1 21:00") == ("4", ())


def test_positive_pressure_before_the_infusion_does_not_settle_a_later_stretch() -> None:
    chart = f"d-2 10:00 | oxygen_device | bipap | d-2 12:00\n{ROOM_AIR}\n{COMA}\n{TUBE}"
    assert at_once(chart, "d1 13:00") == ("1..4", FLAG)


def test_a_tube_placed_at_the_moment_of_infusion_is_in_doubt_too() -> None:
    chart = """d0 07:00 | consciousness | unarousable
        d0 07:00 | oxygen_device | none | d0 08:00
        d0 08:00 | oxygen_device | invasive_ventilation | d2 00:00"""
    assert at_once(chart, "d1 13:00") == ("1..4", FLAG)


def test_ventilated_since_before_the_infusion_is_not_in_doubt() -> None:
    chart = "d-1 20:00 | consciousness | unarousable \n d-1 21:00 | oxygen_device | invasive_ventilation | d2 00:00"
    assert at_once(chart, "d1 13:00") == ("1", ("baseline_device",))


def test_lee_too() -> None:
    assert at_once(f"{ROOM_AIR}\n{COMA}\n{TUBE}", "d1 13:00", LEE) == ("1..4", FLAG)


@pytest.mark.parametrize(("cause", "expected"), [("airway_protection", "1"), ("seizure", "1"), ("crs", "4")])
def test_an_attribution_settles_it(cause: str, expected: str) -> None:
    chart = f"{ROOM_AIR}\n{COMA}\n{TUBE}\nd1 12:30 | attribution | hypoxia:{cause} | d1 20:00"
    assert at_once(chart, "d1 13:00") == (expected, ())


def test_only_an_attribution_would_settle_it() -> None:
    found = looked_up(f"{ROOM_AIR}\n{COMA}\n{TUBE}", "d1 13:00")
    assert (found.missing, found.flags) == (("attribution",), FLAG)


EXTUBATED = "d1 12:00 | oxygen_device | invasive_ventilation | d2 12:00 \n d1 08:00 | oxygen_device | {} | d1 12:00"


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("high flow at once", "d2 12:00 | oxygen_device | high_flow_nasal_cannula", "1..3"),
        ("BiPAP at once", "d2 12:00 | oxygen_device | bipap", "1..4"),
        ("CPAP", "d2 12:00 | oxygen_device | cpap", "4"),
        ("a mask", "d2 12:00 | oxygen_device | simple_mask", "3"),
        ("a tube again", "d2 13:00 | oxygen_device | invasive_ventilation", "4"),
        ("high flow less than 24 h after", "d3 11:59 | oxygen_device | high_flow_nasal_cannula", "1..3"),
        ("high flow 24 h after", "d3 12:00 | oxygen_device | high_flow_nasal_cannula", "3"),
        ("after a saturation below 92",
         "d2 13:00 | spo2 | 91 \n d2 14:00 | oxygen_device | high_flow_nasal_cannula", "3"),
        ("after a saturation of 92",
         "d2 13:00 | spo2 | 92 \n d2 14:00 | oxygen_device | high_flow_nasal_cannula", "1..3"),
        ("a cannula between", "d2 12:00 | oxygen_device | nasal_cannula | d2 14:00"
         "\n d2 14:00 | oxygen_device | high_flow_nasal_cannula", "1..3"),
    ],
)  # fmt: skip
def test_after_extubation(what: str, rows: str, expected: str) -> None:
    graded = at_once(f"{EXTUBATED.format('none')}\n{rows}", "d3 12:30" if "d3" in rows else "d2 15:00")
    assert graded == (expected, FLAG if ".." in expected else ()), what


def test_after_extubation_the_support_before_the_tube_is_the_other_end() -> None:
    chart = f"{EXTUBATED.format('simple_mask')}\nd2 12:00 | oxygen_device | bipap"
    assert at_once(chart, "d2 13:00") == ("3..4", FLAG)


def test_high_flow_then_bipap_after_extubation_both_may_be_routine() -> None:
    chart = f"""{EXTUBATED.format("none")}
        d2 12:00 | oxygen_device | high_flow_nasal_cannula | d2 16:00
        d2 16:00 | oxygen_device | bipap                   | d2 20:00"""
    expected = {"d2 13:00": "1..3", "d2 17:00": "1..4"}
    assert over_time(chart, list(expected)) == expected


def test_a_tube_after_routine_bipap_is_for_hypoxia() -> None:
    chart = f"""{EXTUBATED.format("none")}
        d2 12:00 | oxygen_device | bipap                | d2 16:00
        d2 16:00 | oxygen_device | invasive_ventilation | d2 20:00"""
    expected = {"d2 13:00": "1..4", "d2 17:00": "4"}
    assert over_time(chart, list(expected)) == expected


def test_high_flow_without_a_tube_before_counts() -> None:
    assert at_once(f"{ROOM_AIR}\nd1 12:00 | oxygen_device | high_flow_nasal_cannula", "d1 13:00") == ("3", ())
