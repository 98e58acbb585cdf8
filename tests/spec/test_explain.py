"""An explanation names the deciding facts with their rows, source and assumptions."""

import json
import re

import pytest

from cytovigil.engine.explain import Explanation, explain_course
from cytovigil.engine.explain_text import render_text
from cytovigil.model.events import Course
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, well

CHART = f"""{well(6)}
d1 10:00 | temperature    | 39.0 |          | recorded_by=nurse A
d1 11:00 | norepinephrine | 4    | d1 20:00 | source_id=mar/7
d1 12:00 | paracetamol    | 1000
d3 10:00 | oxygen_device  | nasal_cannula"""


def explained(
    time: str = "", chart: str = CHART, scale: str = "crs-astct-2019", infusion: int | None = None
) -> Explanation:
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), tuple(events(chart)))
    return explain_course(course, infusion, SCALES[scale], SETTINGS, at(time) if time else None)


def test_deciding_facts_with_event_source_and_assumption() -> None:
    text = render_text(explained("d1 13:00"), SETTINGS)
    assert "CRS, ASTCT consensus 2019 = 3 at" in text
    assert "norepinephrine 4 at 2026-03-03T11:00:00+01:00 (mar/7)" in text
    assert "temperature 39.0 at 2026-03-03T10:00:00+01:00 (temperature@d1 10:00, nurse A)" in text
    assert "=> [  yes  ] Hypotension 3" in text
    assert "doi 10.1016/j.bbmt.2018.12.758" in text
    assert "infusion_valid_h = 12" in text
    assert "course: treated" in text
    assert "machine grade, unconfirmed" in text


def test_what_is_not_known_is_asked() -> None:
    text = render_text(explained("d3 11:00"), SETTINGS)
    assert "oxygen support above baseline: low flow or high flow or mask (not known)" in text


def test_no_grade_is_said() -> None:
    text = render_text(explained("d0 08:30"), SETTINGS)
    assert "= no grade at" in text and "flag not_observed" in text


def test_a_long_list_of_values_is_shortened() -> None:
    text = render_text(explained("d0 08:30", scale="icans-astct-2019"), SETTINGS)
    assert "ICE score: 0 to 10 (not known)" in text


def test_without_a_time_the_worst_moment() -> None:
    assert explained().at == at("d1 11:00")
    assert explained().since == at("d1 11:00")
    assert explained("d1 19:00").since == at("d1 11:00")


def test_as_json() -> None:
    found = explained("d1 13:00").to_json()
    assert json.loads(json.dumps(found)) == found
    assert (found["low"], found["high"], found["scale"]) == (3, 3, "crs-astct-2019")
    rows = [row for view in found["fields"] if view["name"] == "vasopressors" for row in view["rows"]]
    assert rows[0]["source_id"] == "mar/7"
    assert any(rung["decides"] and rung["grade"] == 3 for rung in found["conditions"])


def test_of_two_infusions_the_one_of_the_time() -> None:
    first = ADULT._replace(infusion_time=at("d0 08:00"))
    second = first._replace(infusion=2, infusion_time=at("d3 08:00"))
    course = Course((second, first), tuple(events(CHART)))
    scale = SCALES["crs-astct-2019"]

    def infusion(number: int | None, time: str) -> int:
        return explain_course(course, number, scale, SETTINGS, at(time) if time else None).infusion

    assert [infusion(None, "d1 13:00"), infusion(None, "d3 13:00"), infusion(None, ""), infusion(1, "d1 13:00")] == [
        1,
        2,
        2,
        1,
    ]
    with pytest.raises(ValueError, match="not graded at"):
        infusion(None, "d-1 13:00")
    with pytest.raises(ValueError, match="there is no infusion 3: known are 1, 2"):
        infusion(3, "")


def test_a_time_that_is_not_graded_is_refused() -> None:
    with pytest.raises(ValueError, match="is not graded at"):
        explained("d30 12:00")
    with pytest.raises(ValueError, match="nothing is charted after the infusion"):
        explained(chart="d-3 10:00 | temperature | 37.0")


def test_what_an_attribution_changes_is_said() -> None:
    found = explained("d1 13:00", CHART + "\nd1 10:30 | attribution | hypotension:infection | d1 20:00")
    assert (found.low, found.charted) == (1, (3, 3))
    text = render_text(found, SETTINGS)
    assert "as charted, without attributions: 3" in text
    assert "attribution hypotension:infection at" in text


def test_death_is_explained() -> None:
    found = explained("d2 12:00", CHART + "\nd2 12:00 | death | crs")
    assert (found.low, found.high) == (5, 5)


SCALE = SCALES["crs-astct-2019"]
INFUSED = ("d0 08:00", "d3 08:00", "d5 08:00")  # numbered 3, 2, 1: time orders them, not the number
THREE = [ADULT._replace(infusion=3 - n, infusion_time=at(time)) for n, time in enumerate(INFUSED)]


@pytest.mark.parametrize(
    ("what", "infusion", "time", "span"),
    [
        ("before all: the first", None, "d-1 13:00", "2026-03-02T08:00:00+01:00 to 2026-03-05T08:00:00+01:00"),
        ("an infusion ends where the next one begins", 3, "d3 08:00",
         "2026-03-02T08:00:00+01:00 to 2026-03-05T08:00:00+01:00"),
        ("so does the second", 2, "d5 08:00", "2026-03-05T08:00:00+01:00 to 2026-03-07T08:00:00+01:00"),
        ("the last ends with what is charted", None, "d9 08:00",
         "2026-03-07T08:00:00+01:00 to 2026-03-08T12:00:00+01:00"),
    ],
)  # fmt: skip
def test_the_times_to_choose_from(what: str, infusion: int | None, time: str, span: str) -> None:
    course = Course(tuple(reversed(THREE)), tuple(events(CHART)))
    with pytest.raises(ValueError, match="is not graded at") as caught:
        explain_course(course, infusion, SCALE, SETTINGS, at(time))
    assert str(caught.value).endswith(f": choose a time from {span}"), what


def test_nothing_charted_is_said_also_where_a_time_is_asked() -> None:
    with pytest.raises(ValueError, match="P1: nothing is charted after the infusion, so there is no grade to explain"):
        explained("d1 12:00", chart="d-3 10:00 | temperature | 37.0")


def test_a_late_scale_has_no_grade_before_its_window() -> None:
    sentence = "P1 is graded until 2026-03-10T08:00:00+01:00, and icaht-late-2023 counts from day 31 after infusion"
    with pytest.raises(ValueError, match=re.escape(f"{sentence}: there is no grade to explain")):
        explained("", "d5 08:00 | neutrophils | 0.4", "icaht-late-2023")
    with pytest.raises(ValueError, match=re.escape("choose a time from 2026-04-02T00:00:00+02:00 to 2026-04-14T")):
        explained("d5 12:00", "d40 08:00 | neutrophils | 0.4", "icaht-late-2023")


@pytest.mark.parametrize(
    ("what", "chart", "scale", "time"),
    [
        ("not before it is graded", well(3), "crs-astct-2019", "d0 09:00"),
        ("the first of equals", f"{well(3)}\nd1 10:00 | temperature | 39 \n d2 10:00 | temperature | 39",
         "crs-astct-2019", "d1 10:00"),
        ("of equal lows the highest high", f"{well(3)}\nd1 20:30 | ice | >8", "icans-astct-2019", "d1 20:30"),
        ("where nothing is graded, the beginning", "d0 10:00 | heart_rate | 90", "crs-astct-2019", "d0 08:00"),
    ],
)  # fmt: skip
def test_the_worst_moment(what: str, chart: str, scale: str, time: str) -> None:
    assert explained("", chart, scale).at == at(time), what


def test_the_same_since_however_often_it_was_charted() -> None:
    found = explained("d3 08:00", well(6))
    assert (found.low, found.high, found.since) == (0, 0, at("d0 09:00"))


def test_a_fact_rests_on_the_rows_of_that_time() -> None:
    """Also where a newer row says the same."""
    for time, row in (("d1 09:30", "systolic_bp@d1 09:00"), ("d1 14:30", "systolic_bp@d1 14:00")):
        (pressure,) = [view for view in explained(time, well(3)).fields if view.name == "hypotension"]
        assert row in [one.source_id for one in pressure.rows]


def test_what_was_recorded_later_is_not_explained() -> None:
    chart = f"""{well(6)}
    d1 10:00 | temperature    | 39
    d1 10:30 | attribution    | hypotension:infection | d1 20:00
    d1 11:00 | norepinephrine | 4 | d1 20:00 | recorded_at=d1 18:00
    d1 11:00 | oxygen_device  | simple_mask | | recorded_at=d1 18:00"""
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), tuple(events(chart)))
    found = {
        known: explain_course(course, None, SCALE, SETTINGS, at("d1 12:00"), at(known))
        for known in ("d1 17:00", "d1 18:01")
    }
    assert [(one.low, one.high, one.charted) for one in found.values()] == [(1, 1, (1, 1)), (3, 3, (3, 3))]


def test_as_charted_is_of_that_second() -> None:
    chart = CHART + "\nd1 10:30 | attribution | hypotension:infection | d1 20:00"
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), tuple(events(chart)))
    for second, charted in ((-1, (1, 1)), (0, (3, 3))):
        assert explain_course(course, None, SCALE, SETTINGS, at("d1 11:00") + second).charted == charted


def test_a_course_that_is_not_known_names_its_states() -> None:
    chart = "d1 09:00 | temperature | 39 \n d1 10:00 | tocilizumab | 560 \n d3 09:00 | heart_rate | 90"
    assert "course: recent treated or treated\n" in render_text(explained("d2 10:00", chart), SETTINGS)


@pytest.mark.parametrize(("ice", "words"), [("3..7", "3 or 4 or 5 or 6 or 7"), ("3..8", "3 to 8")])
def test_up_to_five_values_are_told(ice: str, words: str) -> None:
    text = render_text(explained("d1 10:00", f"d1 09:00 | ice | {ice}", "icans-astct-2019"), SETTINGS)
    assert f"ICE score: {words} (not known)" in text
