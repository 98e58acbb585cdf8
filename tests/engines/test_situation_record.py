"""A situation made of a record that was read already is the same as one that reads its events anew."""

from hypothesis import HealthCheck, given, settings

from cytovigil.engine.doses import episode_spans
from cytovigil.engine.record import Record
from cytovigil.engine.reference import grade_scale
from cytovigil.engine.situation import Situation
from cytovigil.guidance import PROTOCOLS
from cytovigil.logic.scale import MeasuredCourse
from cytovigil.model.events import Course
from cytovigil.rules import SCALES
from cytovigil.rules.scores import SCORES
from engines.strategies import courses
from spec.charts import SETTINGS

FIELDS = [field for one in PROTOCOLS.values() for field in one.fields]
GRADED = ("crs-astct-2019", "crs-lee-2014-label", "crs-cartox-2018", "icans-astct-2019", "icaht-early-2023")
MEASURED = [name for name, scale in SCALES.items() if isinstance(scale.course, MeasuredCourse)]
SEEN = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SEEN
@given(courses())
def test_facts_verdicts_and_episodes_are_the_same(course: Course) -> None:
    patient = course.infusions[0]
    at = max([patient.infusion_time, *(one.known_at for one in course.events)])
    read = Record(patient, course.events, SETTINGS, fine=True)
    for name in GRADED:
        read.once(grade_scale, SCALES[name])
    anew = Situation(patient, course.events, SETTINGS, SCALES, SCORES, at)
    if (anew.record.followed_until or at + 1) <= at:
        return
    kept = Situation(patient, course.events, SETTINGS, SCALES, SCORES, at, read=read)
    for name in GRADED:
        assert kept.verdicts(name) == anew.verdicts(name)
    assert [kept.fact(field) for field in FIELDS] == [anew.fact(field) for field in FIELDS]
    assert episode_spans(kept.record, SCALES[GRADED[0]]) == episode_spans(anew.record, SCALES[GRADED[0]])


@SEEN
@given(courses())
def test_a_scale_without_history_is_judged_at_one_moment(course: Course) -> None:
    patient = course.infusions[0]
    at = max([patient.infusion_time, *(one.known_at for one in course.events)])
    here = Situation(patient, course.events, SETTINGS, SCALES, SCORES, at)
    if (here.record.followed_until or at + 1) <= at:
        return
    for name in MEASURED:
        whole = next(one for one in reversed(here.verdicts(name)) if one.start <= at)
        now = here.verdict(name, at)
        assert now._replace(start=0, end=0) == whole._replace(start=0, end=0)


def test_what_became_known_later_is_left_out() -> None:
    from spec.charts import ADULT, at, events

    patient = ADULT._replace(infusion_time=at("d0 08:00"))
    rows = events("d1 08:00 | temperature | 39\nd2 08:00 | temperature | 36")
    read = Record(patient, rows, SETTINGS, fine=True)
    read.once(grade_scale, SCALES["crs-astct-2019"])
    here = Situation(patient, rows, SETTINGS, SCALES, SCORES, at("d1 09:00"), read=read)
    assert here.record.last_event == at("d1 08:00")
