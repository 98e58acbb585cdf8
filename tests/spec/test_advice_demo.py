"""Advice on every course of the demo: nothing recorded later counts, and the order of rows never matters."""

import pytest

from cytovigil.engine.advice import advise_patient, situation_of
from cytovigil.engine.advice_text import render_advice
from cytovigil.guidance import ICANS_SCALE, PROTOCOLS
from cytovigil.model.events import Course
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES
from cytovigil.rules.scores import SCORES
from report.test_catalogue import demo_courses

COURSES = {course.infusions[0].patient_id: course for course in demo_courses()}
CHOSEN = [one for one in PROTOCOLS.values() if one.recommendations]


def page(course: Course, at: int) -> str:
    situation = situation_of(course, SCALES, SCORES, Settings(), at)
    return render_advice(advise_patient(situation, CHOSEN, (ICANS_SCALE,)), SCALES)


@pytest.mark.parametrize("name", COURSES)
def test_advice_at_the_middle_of_a_course(name: str) -> None:
    course = COURSES[name]
    start = course.infusions[0].infusion_time
    times = sorted(event.time for event in course.events if event.time > start)
    at = times[len(times) // 3]
    known = tuple(event for event in reversed(course.events) if event.known_at <= at)
    found = page(course, at)
    assert found == page(course._replace(events=known), at)
    assert found.count("weakest evidence") == len(CHOSEN)
