import re
from xml.etree import ElementTree

import pytest

from cytovigil import SCALES, Course, Event, Patient, Settings, grade_course
from cytovigil.model.results import TimelineRow
from cytovigil.report.panels import assemble_panels, panel_tables
from cytovigil.report.picture import render_picture

HOUR, DAY = 3600, 86_400
START = 1_772_442_000  # 2 Mar 2026 10:00 in Amsterdam
PATIENT = Patient("P1", START, age_years=60, baseline_ice=10)
SETTINGS = Settings()
SCALE = "crs-astct-2019"
TITLES = {SCALE: "CRS, ASTCT 2019"}


def row(start_h: float, end_h: float, low: int | None, high: int | None, *flags: str) -> TimelineRow:
    start, end = START + int(start_h * HOUR), START + int(end_h * HOUR)
    return TimelineRow("P1", 1, SCALE, start, end, low, high, low, high, (), False, flags)


def number(hours: float, signal: str, low: int, high: int | None = None, **more: object) -> Event:
    time = START + int(hours * HOUR)
    source = f"{signal}/{hours:g}"
    return Event("P1", time, signal, low, low if high is None else high, source_id=source)._replace(**more)


TIMELINE = [row(0, 24, 0, 0), row(24, 48, 2, 4), row(48, 72, None, None, "not_observed")]
EVENTS = [
    number(1, "temperature", 3890),
    number(2, "neutrophils", 0, 99, shown="<0.1 10*9/L"),
    number(3, "ice", 9),
    number(4, "norepinephrine", 4000, rate=True),
    number(5, "tocilizumab", 640_000),
]


def labels(svg: str) -> list[str]:
    return re.findall(r'aria-label="([^"]*)"', svg)


def picture(events: list[Event] = EVENTS, timeline: list[TimelineRow] = TIMELINE) -> str:
    return render_picture(PATIENT, events, timeline, SETTINGS, TITLES)


def test_the_same_input_gives_the_same_bytes_of_good_xml() -> None:
    svg = picture()
    assert svg == picture(list(reversed(EVENTS)), TIMELINE)
    root = ElementTree.fromstring(svg)
    assert root.get("width") == "960" and root.get("role") == "graphics-document"


def test_a_mark_says_value_unit_time_and_source() -> None:
    said = labels(picture())
    assert "temperature 38.9 °C, 2 Mar 11:00 (D0), source temperature/1" in said
    assert "tocilizumab, mg 640 mg, 2 Mar 15:00 (D0), source tocilizumab/5" in said
    assert any("0..0.099 10⁹/L (&lt;0.1 10*9/L)" in one for one in said)


def test_a_range_and_the_unknown_are_hatched_and_a_known_grade_0_is_not() -> None:
    svg = picture()
    assert svg.count('fill="url(#picture-hatch-4)"') == 1
    assert svg.count('fill="url(#picture-hatch-unknown)"') == 2  # the grade, and the infusion that nobody charted again
    known = picture([], TIMELINE[:1])
    assert 'fill="url(' not in known
    assert any("grade 0" in one for one in labels(known))


def test_prefixes_keep_the_hatching_of_two_pictures_apart() -> None:
    svg = render_picture(PATIENT, EVENTS, TIMELINE, SETTINGS, TITLES, prefix="p7")
    ids = set(re.findall(r' id="([^"]*)"', svg))
    assert ids and all(one.startswith("p7-") for one in ids)
    assert set(re.findall(r"url\(#([^)]*)\)", svg)) <= ids


def test_empty_panels_are_left_out() -> None:
    panels = assemble_panels(PATIENT, EVENTS, TIMELINE, SETTINGS, TITLES)
    assert [one.key for one in panels] == [SCALE, "temperature", "vasopressors", "ice", "doses", "neutrophils"]
    assert assemble_panels(PATIENT, [], [], SETTINGS, TITLES) == []
    assert ElementTree.fromstring(picture([], [])).tag.endswith("svg")


def test_an_infusion_without_end_runs_as_long_as_the_settings_say_and_is_unknown_after() -> None:
    bars = assemble_panels(PATIENT, EVENTS, TIMELINE, SETTINGS, TITLES)[2].marks
    assert [(one.start, one.end, one.known) for one in bars] == [
        (START + 4 * HOUR, START + 16 * HOUR, True),
        (START + 16 * HOUR, START + 52 * HOUR, False),
    ]
    stop = number(10, "norepinephrine", 0, word="stopped")._replace(low=None, high=None)
    bars = assemble_panels(PATIENT, [*EVENTS, stop], TIMELINE, SETTINGS, TITLES)[2].marks
    assert [one.end for one in bars] == [START + 10 * HOUR]
    ended = number(4, "norepinephrine", 4000, rate=True, end=START + 30 * HOUR)
    bars = assemble_panels(PATIENT, [ended], TIMELINE, SETTINGS, TITLES)[1].marks
    assert [one.end for one in bars] == [START + 30 * HOUR]


def test_an_oxygen_device_that_nobody_charted_again_is_not_known() -> None:
    device = number(0, "oxygen_device", 0, word="nasal_cannula")._replace(low=None, high=None)
    panel = assemble_panels(PATIENT, [device], TIMELINE, SETTINGS, TITLES)[1]
    assert [(one.value, one.known) for one in panel.marks] == [("nasal cannula", True), ("not known", False)]


def test_withdrawn_rows_and_rows_known_later_are_not_drawn() -> None:
    wrong = number(1, "temperature", 4200, source_id="t/1")
    taken_back = wrong._replace(withdrawn=True, recorded_at=START + 2 * HOUR)
    later = number(3, "temperature", 4100, recorded_at=START + 9 * HOUR)
    shown = assemble_panels(PATIENT, [wrong, taken_back, later], TIMELINE, SETTINGS, TITLES, as_of=START + 4 * HOUR)
    assert [one.key for one in shown] == [SCALE]


def test_every_visible_label_is_translated() -> None:
    asked: set[str] = set()

    def say(text: str) -> str:
        asked.add(text)
        return "x" + text

    svg = render_picture(PATIENT, EVENTS, TIMELINE, SETTINGS, {SCALE: "xCRS"}, say)
    words = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert [one for one in words if re.search(r"[a-z]{4}", one) and "x" not in one] == []
    assert {"Temperature", "grade", "source", "infusion", "not observed", "baseline"} <= asked


def test_the_tables_say_what_the_picture_says() -> None:
    tables = {one.title: one for one in panel_tables(PATIENT, EVENTS, TIMELINE, SETTINGS, TITLES)}
    assert [cells[2] for cells in tables["CRS, ASTCT 2019"].rows] == ["grade 0", "grade 2..4", "not observed"]
    assert tables["Temperature"].rows == (("D0", "2 Mar 11:00", "", "temperature", "38.9 °C", "", "temperature/1"),)
    assert all(len(cells) == len(one.header) for one in tables.values() for cells in one.rows)


@pytest.mark.parametrize("days", [1, 40])
def test_a_graded_patient_stays_small(days: int) -> None:
    events = tuple(number(8 * n, "temperature", 3700 + n % 3 * 60) for n in range(3 * days))
    graded = grade_course(Course((PATIENT,), events), list(SCALES.values()), SETTINGS)[0]
    svg = render_picture(PATIENT, events, graded.timeline, SETTINGS, TITLES)
    assert len(svg.encode()) < 120_000
