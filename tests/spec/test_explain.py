"""An explanation names the deciding facts with their rows, source and assumptions."""

import json

import pytest

from cytovigil.engine.explain import Explanation, explain_course, render_text
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
