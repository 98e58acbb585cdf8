import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree

import altair as alt
import pytest
from jsonschema import ValidationError

from cytovigil import SCALES, Course, Event, Patient, Settings, grade_course
from cytovigil.engine.record import Record
from cytovigil.model.results import EpisodeRow, TimelineRow
from cytovigil.report.language import Say, speaker
from cytovigil.report.marks import Panel
from cytovigil.report.panels import Drawing, assemble_panels, panel_tables
from cytovigil.report.picture import render_picture, specify_picture
from cytovigil.report.vega import Vega
from cytovigil.rules import scale_ids

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


def drawing(
    events: Sequence[Event] = EVENTS,
    timeline: Sequence[TimelineRow] = TIMELINE,
    say: Say = str,
    episodes: Sequence[EpisodeRow] = (),
    as_of: int | None = None,
    titles: Mapping[str, str] = TITLES,
) -> Drawing:
    return assemble_panels(Record(PATIENT, events, SETTINGS, as_of), timeline, titles, say, episodes)


def panels(events: Sequence[Event] = EVENTS, as_of: int | None = None) -> tuple[Panel, ...]:
    return drawing(events, as_of=as_of).panels


VEGA: Vega


@pytest.fixture(scope="module", autouse=True)
def vega() -> Iterator[None]:
    global VEGA
    with Vega() as VEGA:
        yield


def rendered(found: Drawing, prefix: str = "picture") -> str:
    return render_picture(found, VEGA, prefix).result()


def picture(events: Sequence[Event] = EVENTS, timeline: Sequence[TimelineRow] = TIMELINE) -> str:
    return rendered(drawing(events, timeline))


def test_the_picture_is_good_vega_lite() -> None:
    ice = number(3, "ice", 7, 9)
    device = number(0, "oxygen_device", 0, word="nasal_cannula")._replace(low=None, high=None)
    stretches = [episode(24, 48), episode(60, None)]
    found = drawing([*EVENTS, ice, device], episodes=stretches, as_of=START + 50 * HOUR)
    whole = specify_picture(found, "picture")
    assert len(whole["vconcat"]) == len(found.panels) == 7
    assert {layer["mark"]["type"] for one in whole["vconcat"] for layer in one["layer"]} == {
        "rect", "rule", "line", "point", "text",
    }  # fmt: skip
    alt.VConcatChart.from_dict(whole)
    for part, wrong in (("mark", {"dashes": [5, 3]}), ("encoding", {"z": {"field": "x"}})):
        layer = whole["vconcat"][0]["layer"][0]
        with pytest.raises(ValidationError):
            alt.VConcatChart.from_dict(whole | {"vconcat": [{"layer": [layer | {part: layer[part] | wrong}]}]})


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
    svg = rendered(drawing(), prefix="p7")
    ids = set(re.findall(r' id="([^"]*)"', svg))
    assert ids and all(one.startswith("p7-") for one in ids)
    assert set(re.findall(r"url\(#([^)]*)\)", svg)) <= ids


def test_empty_panels_are_left_out() -> None:
    assert [one.key for one in panels()] == [SCALE, "temperature", "vasopressors", "ice", "doses", "neutrophils"]
    assert drawing([], []).panels == ()
    assert ElementTree.fromstring(picture([], [])).tag.endswith("svg")


def test_an_infusion_without_end_runs_as_long_as_the_settings_say_and_is_unknown_after() -> None:
    bars = panels()[2].marks
    assert [(one.start, one.end, one.known) for one in bars] == [
        (START + 4 * HOUR, START + 16 * HOUR, True),
        (START + 16 * HOUR, START + 52 * HOUR, False),
    ]
    stop = number(10, "norepinephrine", 0, word="stopped")._replace(low=None, high=None)
    bars = panels([*EVENTS, stop])[2].marks
    assert [one.end for one in bars] == [START + 10 * HOUR]
    ended = number(4, "norepinephrine", 4000, rate=True, end=START + 30 * HOUR)
    bars = panels([ended])[1].marks
    assert [one.end for one in bars] == [START + 30 * HOUR]


def test_an_oxygen_device_that_nobody_charted_again_is_not_known() -> None:
    device = number(0, "oxygen_device", 0, word="nasal_cannula")._replace(low=None, high=None)
    lane = panels([device])[1]
    assert [(one.value, one.known) for one in lane.marks] == [("nasal cannula", True), ("not known", False)]


def test_withdrawn_rows_and_rows_known_later_are_not_drawn() -> None:
    wrong = number(1, "temperature", 4200, source_id="t/1")
    taken_back = wrong._replace(withdrawn=True, recorded_at=START + 2 * HOUR)
    later = number(3, "temperature", 4100, recorded_at=START + 9 * HOUR)
    shown = panels([wrong, taken_back, later], as_of=START + 4 * HOUR)
    assert [one.key for one in shown] == [SCALE]


def test_every_visible_label_is_translated() -> None:
    asked: set[str] = set()

    def say(text: str) -> str:
        asked.add(text)
        return "x" + text

    svg = rendered(drawing(say=say, titles={SCALE: "xCRS"}))
    words = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert [one for one in words if re.search(r"[a-z]{4}", one) and "x" not in one] == []
    assert {"Temperature", "grade", "source", "infusion", "not observed", "baseline"} <= asked


def test_the_tables_say_what_the_picture_says() -> None:
    tables = {one.title: one for one in panel_tables(drawing())}
    assert [cells[2] for cells in tables["CRS, ASTCT 2019"].rows] == ["grade 0", "grade 2..4", "not observed"]
    assert tables["Temperature"].rows == (("D0", "2 Mar 11:00", "", "temperature", "38.9 °C", "", "temperature/1"),)
    assert all(len(cells) == len(one.header) for one in tables.values() for cells in one.rows)


@pytest.mark.parametrize("days", [1, 40])
def test_a_patient_graded_on_the_default_scales_stays_small(days: int) -> None:
    events = tuple(number(8 * n, "temperature", 3700 + n % 3 * 60) for n in range(3 * days))
    graded = grade_course(Course((PATIENT,), events), [SCALES[name] for name in scale_ids("default")], SETTINGS)[0]
    svg = picture(events, graded.timeline)
    assert len(svg.encode()) < 120_000


def episode(onset_h: float, end_h: float | None) -> EpisodeRow:
    start, end = START + int(onset_h * HOUR), None if end_h is None else START + int(end_h * HOUR)
    return EpisodeRow(
        "P1", 1, SCALE, 1, start, end, None, end is None, start, 2, 4, 2, 4, 1, None, (), 0, ()
    )  # fmt: skip


def test_episodes_lie_behind_the_panels_until_they_end_or_the_picture_does() -> None:
    found = drawing(episodes=[episode(24, 48), episode(60, None)])
    assert found.behind == SCALE
    assert found.episodes[SCALE] == ((START + DAY, START + 2 * DAY), (START + 60 * HOUR, found.window.end))
    bands = rendered(found).count('fill="#f3f5f7"')
    assert bands == 2 * len(found.panels)
    assert picture().count('fill="#f3f5f7"') == 0


def test_the_line_of_now_is_drawn_where_a_report_is_as_of_a_time() -> None:
    assert ">now</text>" not in picture()
    svg = rendered(drawing(as_of=START + 50 * HOUR))
    assert ">now</text>" in svg
    assert svg.count('stroke-width="2.5"') == len(panels())
    assert drawing(timeline=TIMELINE[:1], as_of=START + 9 * DAY).now is None


def test_ice_given_as_items_is_their_sum_a_range_where_one_was_not_asked() -> None:
    items = [number(3, f"ice_{name}", score) for name, score in (("orientation", 4), ("naming", 2), ("command", 1))]
    (mark,) = next(one for one in panels(items) if one.key == "ice").marks
    assert (mark.value, mark.low, mark.high, mark.holds) == ("7..9", 7, 9, START + 27 * HOUR)
    assert mark.note == "sum of the items; not known: ice writing, ice attention"
    assert mark.source == "ice_command/3, ice_naming/3, ice_orientation/3"
    whole = [*items, number(3, "ice_writing", 1), number(3.1, "ice_attention", 0)]
    (mark,) = next(one for one in panels(whole) if one.key == "ice").marks
    assert (mark.value, mark.note) == ("8", "sum of the items")
    assert 'fill="url(#picture-hatch-unknown)"' in picture(items, TIMELINE[:1])
    assert 'fill="url(#picture-hatch-unknown)"' not in picture(whole, TIMELINE[:1])


def test_dutch_numbers_have_a_comma() -> None:
    svg = rendered(drawing(say=speaker("nl")))
    assert "temperatuur 38,9 °C, 2 mrt 11:00 (D0), bron temperature/1" in labels(svg)
    words = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert "38,0 koorts" in words and "0,1" in words
    assert [one for one in words if re.search(r"\d\.\d", one)] == []


def test_criteria_met_beyond_five_are_drawn_to_their_height() -> None:
    svg = rendered(drawing(timeline=[row(0, 24, 3, 8)]))
    assert any("grade 3..8" in one for one in labels(svg))
    assert ">8</text>" in svg


def test_numbers_are_joined_while_the_earlier_one_holds() -> None:
    hours_and_values = [(0, 3700), (4, 3800), (8, 3900), (40, 3850), (44, 3750), (48, 3700), (50, 3800)]
    events = [number(hours, "temperature", value) for hours, value in hours_and_values]
    events[5] = events[5]._replace(high=3800)  # from 37 to 38: no number, so no line leads there
    whole = specify_picture(drawing(events), "picture")
    lines = [layer for one in whole["vconcat"] for layer in one["layer"] if layer["mark"]["type"] == "line"]
    runs: dict[int, list[float]] = {}
    for point in whole["datasets"][lines[0]["data"]["name"]]:
        runs.setdefault(point["run"], []).append(point["y"])
    assert list(runs.values()) == [[37.0, 38.0, 39.0], [38.5, 37.5], [38.0]]
    paths = re.findall(r' d="(M[^"]*)"', rendered(drawing(events)))
    assert {path.count("L") for path in paths if "Z" not in path} >= {1, 2}
