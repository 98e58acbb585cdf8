"""The oxygen table (semantics 3), row by row. With fever: 1 none, 2 low, 3 high, 4 positive pressure."""

import pytest

from cytovigil.engine.explain import FieldView, explain_course
from cytovigil.model.events import Course, Patient
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, grade, row_at
from spec.febrile import CRS, FEBRILE, LEE, at_once, over_time

CANNULA = "d1 10:00 | oxygen_device | nasal_cannula"
NONE = "d1 10:00 | oxygen_device | none"
SAT = "d1 10:00 | spo2 | {}"
CONTRADICTION, NO_DEVICE, NOT_RECHARTED = "oxygen_contradiction", "hypoxia_without_device", "device_not_recharted"


def looked_up(
    chart: str, time: str = "d1 12:00", field: str = "oxygen", scale: str = CRS, patient: Patient = ADULT
) -> FieldView:
    """What an explanation of the febrile patient says of one field: values, rows, flags, signals to chart."""
    course = Course((patient._replace(infusion_time=at("d0 08:00")),), tuple(events(f"{FEBRILE}\n{chart}")))
    views = explain_course(course, None, SCALES[scale], SETTINGS, at(time)).fields
    return next(view for view in views if view.name == field)


def rows_of(view: FieldView) -> list[str]:
    """The rows of an explanation, as `signal@time`."""
    return [row.source_id for row in view.rows]


def device(word: str) -> str:
    return f"d1 10:00 | oxygen_device | {word}"


def flow(value: str, time: str = "d1 10:00") -> str:
    return f"{time} | oxygen_flow | {value}"


def fio2(value: str, time: str = "d1 10:00") -> str:
    return f"{time} | fio2 | {value}"


@pytest.mark.parametrize(
    ("what", "rows", "expected", "flag"),
    [
        ("cannula, 6 L/min", [CANNULA, flow("6")], "2", ""),
        ("cannula, above 6 L/min", [CANNULA, flow("6.1")], "3", ""),
        ("cannula, no flow", [CANNULA], "2..3", ""),
        ("cannula, a flow on both sides of the cut", [CANNULA, flow("5..7")], "2..3", ""),
        ("cannula, a flow below a bound", [CANNULA, flow("<5")], "2", ""),
        ("blow-by", [device("blow_by")], "2", ""),
        ("blow-by, whatever the flow", [device("blow_by"), flow("10")], "2", ""),
        ("high-flow cannula", [device("high_flow_nasal_cannula")], "3", ""),
        ("mask, 5 L/min", [device("simple_mask"), flow("5")], "3", ""),
        ("Venturi", [device("venturi_mask")], "3", ""),
        ("non-rebreather", [device("non_rebreather")], "3", ""),
        ("CPAP", [device("cpap")], "4", ""),
        ("BiPAP", [device("bipap")], "4", ""),
        ("ventilation", [device("invasive_ventilation")], "4", ""),
        ("a device in an unknown word", [device("?")], "1..4", ""),
        ("no device row, 6 L/min", [flow("6")], "2..3", ""),
        ("no device row, the smallest flow", [flow("0.1")], "2..3", ""),
        ("no device row, above 6 L/min", [flow("6.1")], "3", ""),
        ("no device row, on both sides of the cut", [flow("5..7")], "2..3", ""),
        ("no device row, a flow that may be 0", [flow("<2")], "1..4", ""),
        ("no device row, FiO2 above 21 %", [fio2("21.1")], "2..4", ""),
        ("no device row, FiO2 that may be room air", [fio2("<30")], "1..4", ""),
        ("no device row, FiO2 that may be room air, good saturation", [fio2("<30"), SAT.format(97)], "1..4", ""),
        ("no device row, FiO2 that may be room air, low saturation", [fio2("<30"), SAT.format(85)], "2..4", NO_DEVICE),
        ("room air, FiO2 that may be it, low saturation", [NONE, fio2("<30"), SAT.format(85)], "2..4",
         f"{NO_DEVICE}|{CONTRADICTION}"),
        ("a flow and an FiO2, both may be none, low saturation", [flow("<2"), fio2("<30"), SAT.format(85)], "2..4",
         NO_DEVICE),
        ("a flow and an FiO2, both may be none, good saturation", [flow("<2"), fio2("<30"), SAT.format(97)], "1..4", ""),
        ("room air, but a flow", [NONE, flow("3")], "2..3", CONTRADICTION),
        ("room air, but a flow above 6", [NONE, flow("8")], "2..3", CONTRADICTION),
        ("room air, but FiO2", [NONE, fio2("30")], "2..4", CONTRADICTION),
        ("room air, flow 0", [NONE, flow("0")], "1", ""),
        ("room air, FiO2 21 %", [NONE, fio2("21")], "1", ""),
        ("room air, no saturation", [NONE], "1", ""),
        ("room air, saturation 90", [NONE, SAT.format(90)], "1", ""),
        ("room air, saturation below 90", [NONE, SAT.format(89.9)], "2..4", NO_DEVICE),
        ("no device, saturation 90", [SAT.format(90)], "1", ""),
        ("no device, saturation below 90", [SAT.format(89.9)], "2..4", NO_DEVICE),
        ("no device, saturation that may be below 90", [SAT.format("<95")], "1..4", NO_DEVICE),
        ("no device, flow 0, no saturation", [flow("0")], "1..4", ""),
        ("nothing", [], "1..4", ""),
    ],
)  # fmt: skip
def test_each_row(what: str, rows: list[str], expected: str, flag: str) -> None:
    assert at_once("\n".join(rows)) == (expected, tuple(flag.split("|")) if flag else ()), what


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("device before saturation", [CANNULA, flow("2"), SAT.format(80)], "2"),
        ("device before FiO2", [CANNULA, flow("2"), fio2("60")], "2"),
        ("flow before FiO2", [flow("8"), fio2("60")], "3"),
        ("flow before saturation", [flow("8"), SAT.format(97)], "3"),
        ("FiO2 before saturation", [fio2("40"), SAT.format(97)], "2..4"),
        ("flow before FiO2, both against room air", [NONE, flow("3"), fio2("60")], "2..3"),
        ("room air with oxygen, before saturation", [NONE, flow("3"), SAT.format(80)], "2..3"),
    ],
)
def test_the_first_row_applies(what: str, rows: list[str], expected: str) -> None:
    assert at_once("\n".join(rows))[0] == expected, what


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("a flow of the device before", [flow("3", "d1 09:00"), NONE], "1"),
        ("a flow of the same device, charted again", ["d1 08:00 | oxygen_device | nasal_cannula", flow("3", "d1 09:00"),
         CANNULA], "2"),
        ("a flow of a cannula, a mask between",
         ["d1 07:00 | oxygen_device | nasal_cannula", flow("3", "d1 07:00"), "d1 09:00 | oxygen_device | simple_mask",
          CANNULA], "2..3"),
        ("FiO2 of the device before", [fio2("40", "d1 09:00"), NONE], "1"),
        ("a flow of the same device, taken off between",
         ["d1 07:00 | oxygen_device | nasal_cannula | d1 09:00", flow("3", "d1 07:00"), CANNULA], "2..3"),
        ("a flow of the same device, which follows itself at once",
         ["d1 07:00 | oxygen_device | nasal_cannula | d1 10:00", flow("3", "d1 07:00"), CANNULA], "2"),
        ("a flow at the very start", [CANNULA, flow("3")], "2"),
    ],
)  # fmt: skip
def test_flow_and_fio2_count_since_the_device_was_started(what: str, rows: list[str], expected: str) -> None:
    assert at_once("\n".join(rows))[0] == expected, what


def test_a_device_holds_16_h_and_is_then_unknown_for_48_h() -> None:
    """Then it is as if none had been charted: the saturation tells. An expired device is not a recovery."""
    chart = "d1 10:00 | oxygen_device | simple_mask \n d1 10:00 | spo2 | 97 | d9 00:00"
    expected = {"d2 01:59": "3", "d2 02:00": "1..4", "d4 01:59": "1..4", "d4 02:00": "1"}
    assert over_time(chart, list(expected)) == expected
    assert at_once(chart, "d2 02:00")[1] == (NOT_RECHARTED,)
    assert at_once(chart, "d4 02:00")[1] == ()


@pytest.mark.parametrize(
    ("saturation", "expected"), [("97", ("1", ())), ("85", ("2..4", (NO_DEVICE,))), ("", ("1..4", ()))]
)
def test_48_h_after_a_device_expired(saturation: str, expected: tuple[str, tuple[str, ...]]) -> None:
    charted = f"d4 01:00 | spo2 | {saturation}" if saturation else ""
    assert at_once(f"d1 10:00 | oxygen_device | simple_mask \n {charted}", "d4 02:00") == expected


@pytest.mark.parametrize("saturation", ["97", "80"])
def test_no_saturation_stands_in_for_a_device_not_recharted(saturation: str) -> None:
    chart = f"d1 10:00 | oxygen_device | simple_mask \n d2 01:00 | spo2 | {saturation}"
    assert at_once(chart, "d2 03:00") == ("1..4", (NOT_RECHARTED,))


@pytest.mark.parametrize(
    ("what", "new", "expected"),
    [
        ("a new row", "d2 05:00 | oxygen_device | none", "1"),
        ("a flow", "d2 05:00 | oxygen_flow | 8", "3"),
        ("FiO2", "d2 05:00 | fio2 | 40", "2..4"),
    ],
)
def test_what_ends_the_unknown_time(what: str, new: str, expected: str) -> None:
    assert at_once(f"d1 10:00 | oxygen_device | simple_mask \n {new}", "d2 06:00")[0] == expected, what


@pytest.mark.parametrize(
    ("what", "flows", "expected"),
    [
        ("one flow", [("3", "d2 00:00")], {"d2 15:59": "2", "d2 16:00": "1..4"}),
        ("a flow after a flow", [("3", "d2 00:00"), ("3", "d2 12:00")], {"d3 03:59": "2", "d3 04:00": "1..4"}),
        ("flow 0", [("0", "d2 00:00")], {"d2 01:59": "2", "d2 02:00": "1..4"}),
        ("flow 0 after a flow", [("3", "d1 20:00"), ("0", "d1 22:00")], {"d2 01:59": "2", "d2 02:00": "1..4"}),
        ("a flow once the device has expired: which device is not known", [("3", "d2 04:00")],
         {"d2 03:59": "1..4", "d2 04:00": "2..3", "d2 19:59": "2..3", "d2 20:00": "1..4"}),
    ],
)  # fmt: skip
def test_a_flow_keeps_the_device_valid(what: str, flows: list[tuple[str, str]], expected: dict[str, str]) -> None:
    chart = "\n".join([CANNULA, flow("3"), *(flow(value, time) for value, time in flows)])
    assert over_time(chart, list(expected)) == expected, what


def test_unknown_time_begins_where_the_flow_ceases_to_keep_the_device() -> None:
    chart = "\n".join([CANNULA, flow("3", "d2 00:00"), "d2 00:00 | spo2 | 97 | d9 00:00"])
    expected = {"d4 15:59": "1..4", "d4 16:00": "1"}
    assert over_time(chart, list(expected)) == expected


def test_a_flow_does_not_keep_room_air_valid() -> None:
    chart = "\n".join([NONE, flow("3", "d1 20:00"), "d2 03:00 | spo2 | 97"])
    assert at_once(chart, "d2 01:59") == ("2..3", (CONTRADICTION,))
    assert at_once(chart, "d2 03:00") == ("2..3", ())


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("saturation good", "d1 12:00 | spo2 | 97", "1"),
        ("saturation low", "d1 12:00 | spo2 | 85", "2..4"),
        ("no saturation", "", "1..4"),
        ("its flow says nothing any more", "d1 10:00 | oxygen_flow | 3 \n d1 12:00 | spo2 | 97", "1"),
        ("a flow charted since", "d1 12:00 | oxygen_flow | 3 \n d1 12:00 | spo2 | 97", "2..3"),
    ],
)
def test_a_device_that_has_ended(what: str, rows: str, expected: str) -> None:
    """It is absent, not unknown."""
    chart = f"d1 10:00 | oxygen_device | nasal_cannula | d1 12:00 \n {rows}"
    assert at_once(chart, "d1 12:30")[0] == expected, what


def test_a_device_with_an_end_holds_until_it() -> None:
    """Longer than 16 h, and behind a newer row: while both hold, both are possible."""
    chart = "d1 10:00 | oxygen_device | cpap | d3 10:00 \n d1 12:00 | oxygen_device | simple_mask"
    expected = {"d1 11:00": "4", "d1 12:00": "3..4", "d2 03:59": "3..4", "d2 04:00": "4", "d3 09:59": "4"}
    assert over_time(chart, list(expected)) == expected


@pytest.mark.parametrize(
    ("behind", "newer", "expected"),
    [
        ("blow_by", "none", "1..2"),
        ("nasal_cannula", "blow_by", "2..3"),
        ("high_flow_nasal_cannula", "blow_by", "2..3"),
        ("blow_by", "high_flow_nasal_cannula", "3"),
        ("simple_mask", "none", "1..3"),
        ("cpap", "none", "1..4"),
    ],
)
def test_a_stronger_device_with_an_end_behind_another(behind: str, newer: str, expected: str) -> None:
    """Room air is the weakest, then blow-by, a cannula, a mask, positive pressure."""
    chart = f"d1 09:00 | oxygen_device | {behind} | d3 10:00 \n d1 10:00 | oxygen_device | {newer}"
    assert at_once(chart)[0] == expected


def test_a_device_that_nobody_can_read_holds_until_its_end_too() -> None:
    """It may be anything, a weaker device charted after it or not."""
    chart = "d1 09:00 | oxygen_device | ? | d3 10:00 \n d3 08:00 | oxygen_device | none"
    expected = {"d3 08:00": "1..4", "d3 09:59": "1..4", "d3 10:00": "1"}
    assert over_time(chart, list(expected)) == expected


def test_a_weaker_device_with_an_end_behind_a_stronger_one_adds_nothing() -> None:
    chart = "d1 10:00 | oxygen_device | nasal_cannula | d3 10:00 \n d1 12:00 | oxygen_device | cpap"
    assert at_once(chart, "d1 12:30")[0] == "4"
    unreadable = chart.replace("cpap", "?")
    assert at_once(unreadable, "d1 12:30")[0] == "1..4"


def test_room_air_lapses_and_the_saturation_tells() -> None:
    chart = "\n".join([NONE, "d1 20:00 | spo2 | 97"])
    expected = {"d2 01:59": "1", "d2 02:00": "1", "d2 12:00": "1..4"}
    assert over_time(chart, list(expected)) == expected
    assert at_once(chart, "d2 12:00")[1] == ()


@pytest.mark.parametrize(
    ("what", "rows", "missing"),
    [
        ("the flow of a cannula", [CANNULA], ("oxygen_flow",)),
        ("the device of a flow", [flow("3")], ("oxygen_device",)),
        ("the device of an FiO2", [fio2("40")], ("oxygen_device",)),
        ("a device in an unknown word", [device("?")], ("oxygen_device",)),
        ("a device at low saturation", [SAT.format(80)], ("oxygen_device",)),
        ("anything", [], ("oxygen_device", "spo2")),
        ("nothing", [device("simple_mask")], ()),
    ],
)
def test_what_to_chart(what: str, rows: list[str], missing: tuple[str, ...]) -> None:
    assert row_at(grade("\n".join([FEBRILE, *rows]), CRS, ADULT), "d1 12:00").missing == missing, what


BEHIND = "d1 09:00 | oxygen_device | {} | d3 00:00"


@pytest.mark.parametrize(
    ("what", "rows", "used", "missing"),
    [
        ("a device with flow and FiO2", [CANNULA, flow("2"), fio2("30"), SAT.format(97)],
         ["oxygen_device@d1 10:00", "oxygen_flow@d1 10:00", "fio2@d1 10:00"], ()),
        ("a flow on both sides of the cut", [CANNULA, flow("5..7")],
         ["oxygen_device@d1 10:00", "oxygen_flow@d1 10:00"], ("oxygen_flow",)),
        ("no flow, but FiO2: not of use for the class", [CANNULA, fio2("30")],
         ["oxygen_device@d1 10:00", "fio2@d1 10:00"], ("oxygen_flow",)),
        ("a device in an unknown word", [device("?"), flow("2")],
         ["oxygen_device@d1 10:00", "oxygen_flow@d1 10:00"], ("oxygen_device",)),
        ("a flow and FiO2, no device", [flow("2"), fio2("30")],
         ["oxygen_flow@d1 10:00", "fio2@d1 10:00"], ("oxygen_device",)),
        ("room air, but a flow", [NONE, flow("2")],
         ["oxygen_device@d1 10:00", "oxygen_flow@d1 10:00"], ("oxygen_device",)),
        ("FiO2, no device", [fio2("30"), SAT.format(97)], ["fio2@d1 10:00"], ("oxygen_device",)),
        ("room air, but FiO2", [NONE, fio2("30")], ["oxygen_device@d1 10:00", "fio2@d1 10:00"], ("oxygen_device",)),
        ("room air", [NONE], ["oxygen_device@d1 10:00"], ()),
        ("room air and saturation", [NONE, SAT.format(97)], ["oxygen_device@d1 10:00", "spo2@d1 10:00"], ()),
        ("room air and low saturation", [NONE, SAT.format(85)],
         ["oxygen_device@d1 10:00", "spo2@d1 10:00"], ("oxygen_device",)),
        ("a flow that may be none, and saturation", [flow("<2"), SAT.format(97)],
         ["oxygen_flow@d1 10:00", "spo2@d1 10:00"], ("oxygen_device",)),
        ("a mask, and positive pressure that has not ended: FiO2 would not tell them apart",
         [BEHIND.format("cpap"), device("simple_mask")],
         ["oxygen_device@d1 10:00", "oxygen_device@d1 09:00"], ("oxygen_device",)),
        ("nothing", [], [], ("oxygen_device", "spo2")),
    ],
)  # fmt: skip
def test_the_rows_it_rests_on(what: str, rows: list[str], used: list[str], missing: tuple[str, ...]) -> None:
    found = looked_up("\n".join(rows))
    assert (rows_of(found), found.missing) == (used, missing), what


def test_a_device_not_recharted_is_the_row_it_rests_on() -> None:
    found = looked_up(f"{device('simple_mask')}\nd2 01:00 | spo2 | 97", "d2 03:00")
    assert (rows_of(found), found.flags) == (["oxygen_device@d1 10:00"], (NOT_RECHARTED,))


@pytest.mark.parametrize(
    ("what", "rows", "values", "missing"),
    [
        ("a mask", [device("simple_mask")], ("below 40 %", "40 % or more"), ("fio2",)),
        ("a cannula at 5 L/min", [CANNULA, flow("5")], ("below 40 %", "40 % or more"), ("fio2",)),
        ("a cannula without flow", [CANNULA], ("below 40 %", "40 % or more"), ("oxygen_flow",)),
        ("a cannula without flow, but FiO2", [CANNULA, fio2("30")], ("below 40 %",), ()),
        ("a mask with FiO2, and a tube that has not ended",
         [BEHIND.format("invasive_ventilation"), device("simple_mask"), fio2("50")],
         ("40 % or more", "ventilator"), ("oxygen_device",)),
    ],
)  # fmt: skip
def test_the_inspired_oxygen(what: str, rows: list[str], values: tuple[str, ...], missing: tuple[str, ...]) -> None:
    found = looked_up("\n".join(rows), field="oxygen_fraction", scale=LEE)
    assert (found.values, found.missing) == (values, missing), what


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("invasive_ventilation", (("yes",), ["oxygen_device@d1 10:00"])),
        ("bipap", (("no",), [])),
        ("?", (("no",), [])),
        ("", (("no",), [])),
    ],
)
def test_invasive_ventilation(word: str, expected: tuple[tuple[str, ...], list[str]]) -> None:
    found = looked_up(device(word) if word else "", field="ventilation", scale="icans-astct-2019")
    assert (found.values, rows_of(found)) == expected


def test_the_flag_of_a_row_that_says_the_same_is_kept() -> None:
    chart = "d1 10:00 | oxygen_device | simple_mask \n d1 12:00 | oxygen_device | simple_mask | | flags=tie"
    assert at_once(chart, "d1 11:00") == ("3", ())
    assert at_once(chart, "d1 13:00") == ("3", ("tie",))


def test_a_flow_of_0_ends_what_flows_kept_valid_and_48_h_later_the_device_is_forgotten() -> None:
    chart = "\n".join([CANNULA, flow("2", "d2 00:00"), flow("0", "d2 08:00"), "d4 04:00 | spo2 | 97"])
    assert at_once(chart, "d4 07:00") == ("1..4", (NOT_RECHARTED,))
    assert at_once(chart, "d4 09:00") == ("1", ())
