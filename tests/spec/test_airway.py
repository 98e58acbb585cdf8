"""Support that may protect the airway, or follow extubation (semantics 3). With fever: 1 none, 2 low, 3 high, 4 pressure."""

import pytest

from spec.charts import grade, row_at
from spec.febrile import CRS, FEBRILE, at_once, over_time

DOUBT = ("airway_or_hypoxia",)
ROOM_AIR = "d0 08:00 | oxygen_device | none | d1 10:00"
GOOD = "\n".join(f"d{day} {hour:02d}:30 | spo2 | 97" for day in (0, 1, 2) for hour in (9, 15, 21))
VENTILATED = "d1 10:00 | oxygen_device | invasive_ventilation | d2 00:00"
COMA = "d1 09:00 | consciousness | unarousable"


def intubated(reason: str, *more: str) -> str:
    return "\n".join([ROOM_AIR, GOOD, VENTILATED, reason, *more])


@pytest.mark.parametrize(
    ("what", "reason", "doubt"),
    [
        ("no reason", "", False),
        ("unarousable", COMA, True),
        ("awakens only to touch", "d1 09:00 | consciousness | tactile", True),
        ("awakens to voice", "d1 09:00 | consciousness | voice", False),
        ("AVPU P", "d1 09:00 | avpu | P", True),
        ("GCS 6", "d1 09:00 | gcs | 6", True),
        ("GCS 10", "d1 09:00 | gcs | 10", False),
        ("coma charted too long ago", "d0 17:59 | consciousness | unarousable", False),
        ("coma charted afterwards", "d1 10:01 | consciousness | unarousable", False),
        ("a seizure 6 h before", "d1 04:00 | seizure | resolved", False),
        ("a seizure less than 6 h before", "d1 04:01 | seizure | resolved", True),
        ("a seizure that ended less than 6 h before", "d1 03:00 | seizure | prolonged | d1 04:01", True),
        ("sedation", "d1 10:00 | sedation | sedated", True),
        ("no sedation", "d1 10:00 | sedation | none", False),
        ("sedation ended", "d1 05:00 | sedation | sedated | d1 10:00", False),
    ],
)
def test_a_reason_to_protect_the_airway(what: str, reason: str, doubt: bool) -> None:
    assert at_once(intubated(reason)) == (("1..4", DOUBT) if doubt else ("4", ())), what


@pytest.mark.parametrize(
    ("what", "more", "expected"),
    [
        ("saturation 92", "d1 09:00 | spo2 | 92", "1..4"),
        ("saturation below 92", "d1 09:00 | spo2 | 91.9", "4"),
        ("saturation below 92, 6 h before", "d1 04:00 | spo2 | 85", "1..4"),
        ("saturation below 92, less than 6 h before", "d1 04:01 | spo2 | 85", "4"),
        ("low flow before", "d1 08:00 | oxygen_device | nasal_cannula \n d1 08:00 | oxygen_flow | 3", "2..4"),
        ("cannula, flow unknown, before", "d1 08:00 | oxygen_device | nasal_cannula", "2..4"),
        ("a mask before", "d1 08:00 | oxygen_device | simple_mask", "4"),
        ("a mask, off again within the 6 h", "d1 05:00 | oxygen_device | simple_mask | d1 06:00", "4"),
        ("a mask 6 h before", "d1 02:00 | oxygen_device | simple_mask | d1 04:00", "1..4"),
    ],
)
def test_no_hypoxia_in_the_6_h_before(what: str, more: str, expected: str) -> None:
    room_air = "" if "oxygen_device" in more and "| d1" not in more else ROOM_AIR
    assert at_once("\n".join([room_air, GOOD, VENTILATED, COMA, more]))[0] == expected, what


@pytest.mark.parametrize("device", ["cpap", "bipap", "invasive_ventilation"])
def test_any_positive_pressure(device: str) -> None:
    assert at_once(intubated(COMA).replace("invasive_ventilation", device)) == ("1..4", DOUBT)


def test_it_asks_for_an_attribution() -> None:
    assert row_at(grade(f"{FEBRILE}\n{intubated(COMA)}", CRS), "d1 12:00").missing == ("attribution",)


@pytest.mark.parametrize(
    ("cause", "expected"), [("airway_protection", ("1", ())), ("procedure", ("1", ())), ("crs", ("4", ()))]
)
def test_an_attribution_settles_it(cause: str, expected: tuple[str, tuple[str, ...]]) -> None:
    assert at_once(intubated(COMA, f"d1 10:00 | attribution | hypoxia:{cause}")) == expected


def test_started_before_the_infusion_it_is_the_baseline() -> None:
    chart = f"{GOOD}\nd-1 10:00 | oxygen_device | invasive_ventilation | d2 00:00 \n d-1 09:00 | avpu | U"
    assert at_once(chart) == ("1", ("baseline_device",))


@pytest.mark.parametrize(
    ("what", "more", "expected"),
    [
        ("for as long as it lasts", "", {"d1 09:59": "1", "d1 10:00": "1..4", "d1 23:59": "1..4", "d2 00:00": "1"}),
        ("CPAP first, then ventilation", "d1 09:50 | oxygen_device | cpap | d1 10:00", {"d1 12:00": "1..4"}),
        ("ventilation charted again", "d1 20:00 | oxygen_device | invasive_ventilation | d2 06:00",
         {"d2 05:59": "1..4"}),
        ("a mask after it", "d2 00:00 | oxygen_device | simple_mask", {"d1 23:59": "1..4", "d2 00:00": "3"}),
    ],
)  # fmt: skip
def test_how_long(what: str, more: str, expected: dict[str, str]) -> None:
    assert over_time(intubated(COMA, more), list(expected)) == expected, what


def test_not_charted_again_for_a_while_it_has_not_started_anew() -> None:
    """Sedated later on, but at the start nothing spoke for the airway: for hypoxia then, and still."""
    chart = f"""{ROOM_AIR}
        {GOOD}
        d1 10:00 | oxygen_device | invasive_ventilation
        d2 06:00 | oxygen_device | invasive_ventilation
        d2 06:00 | sedation      | sedated"""
    expected = {"d1 12:00": "4", "d2 02:00": "1..4", "d2 06:00": "4"}
    assert over_time(chart, list(expected)) == expected


class TestAfterExtubation:
    """Ventilated for hypoxia d1 10:00 to d2 00:00: grade 4, and nothing before."""

    def then(self, *rows: str) -> str:
        return intubated("", *rows)

    @pytest.mark.parametrize(
        ("what", "rows", "expected"),
        [
            ("high flow at once", ["d2 00:00 | oxygen_device | high_flow_nasal_cannula"], ("1..3", DOUBT)),
            ("BiPAP at once", ["d2 00:00 | oxygen_device | bipap"], ("1..4", DOUBT)),
            ("BiPAP after high flow", ["d2 00:00 | oxygen_device | high_flow_nasal_cannula | d2 06:00",
                                       "d2 06:00 | oxygen_device | bipap"], ("1..4", DOUBT)),
            ("CPAP", ["d2 00:00 | oxygen_device | cpap"], ("4", ())),
            ("a mask", ["d2 00:00 | oxygen_device | simple_mask"], ("3", ())),
            ("a cannula", ["d2 00:00 | oxygen_device | nasal_cannula", "d2 00:00 | oxygen_flow | 3"], ("2", ())),
            ("hours later", ["d2 09:00 | oxygen_device | high_flow_nasal_cannula"], ("1..3", DOUBT)),
            ("low saturation in between", ["d2 02:00 | spo2 | 88", "d2 03:00 | oxygen_device | bipap"], ("4", ())),
            ("low saturation while ventilated", ["d1 22:00 | spo2 | 88", "d2 00:00 | oxygen_device | bipap",
                                                 "d2 00:30 | spo2 | 97"], ("1..4", DOUBT)),
            ("ventilated again", ["d2 00:00 | oxygen_device | bipap", "d2 09:00 | oxygen_device | invasive_ventilation"],
             ("4", ())),
            ("CPAP after BiPAP", ["d2 00:00 | oxygen_device | bipap", "d2 09:00 | oxygen_device | cpap"], ("4", ())),
        ],
    )  # fmt: skip
    def test_routine_support(self, what: str, rows: list[str], expected: tuple[str, tuple[str, ...]]) -> None:
        assert at_once(self.then(*rows), "d2 10:00") == expected, what

    def test_within_24_h(self) -> None:
        late = "d{} | oxygen_device | high_flow_nasal_cannula"
        assert at_once(self.then(late.format("2 23:59")), "d3 00:00") == ("1..3", DOUBT)
        assert at_once(self.then(late.format("3 00:00")), "d3 00:00") == ("3", ())

    def test_the_class_before_is_that_before_the_ventilation(self) -> None:
        before = "d1 08:00 | oxygen_device | nasal_cannula \n d1 08:00 | oxygen_flow | 3"
        assert at_once(self.then(before, "d2 00:00 | oxygen_device | bipap"), "d2 01:00") == ("2..4", DOUBT)

    def test_bipap_without_ventilation_before_is_for_hypoxia(self) -> None:
        assert at_once(f"{ROOM_AIR}\n{GOOD}\nd1 10:00 | oxygen_device | bipap") == ("4", ())
