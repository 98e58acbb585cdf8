"""Properties that hold for every course, on the reference engine."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.record import Record
from cytovigil.engine.reference import grade_course
from cytovigil.logic.scale import CumulativeCourse, MeasuredCourse
from cytovigil.model.events import Course
from cytovigil.model.flags import FLAGS
from cytovigil.model.results import Graded, TimelineRow
from cytovigil.model.settings import Settings
from cytovigil.model.vocabulary import signals
from cytovigil.rules import SCALES
from engines.strategies import HOUR, NEAR, START, courses

SETTINGS, ALL = Settings(), list(SCALES.values())


def grade(course: Course, as_of: int | None = None) -> list[Graded]:
    return grade_course(course, ALL, SETTINGS, as_of)


def highest(scale: str) -> int:
    """Grade 5, or of a list of criteria all of them."""
    tops = [ladder.rungs[-1].grade for ladder in SCALES[scale].domains]
    return max(5, SCALES[scale].combined([(top, top) for top in tops])[1])


def by_scale(graded: Graded) -> dict[str, list[TimelineRow]]:
    return {scale: [row for row in graded.timeline if row.scale == scale] for scale in SCALES}


@given(courses())
def test_rows_are_well_formed(course: Course) -> None:
    for graded in grade(course):
        for rows in by_scale(graded).values():
            assert all(one.end == two.start for one, two in pairwise(rows))
            assert all(one[5:] != two[5:] or two.start == two.end for one, two in pairwise(rows))
        for row in graded.timeline:
            assert (row.low is None) == (row.high is None)
            assert row.low is None or row.high is None or 0 <= row.low <= row.high <= highest(row.scale)
            assert (row.low is None) == bool({"not_observed", "after_window"} & set(row.flags))
            assert set(row.flags) <= set(FLAGS) and set(row.missing) <= set(signals())
            assert list(row.missing) == sorted(row.missing) and list(row.flags) == sorted(row.flags)
            assert row.low != row.high or not row.missing or row.low is None


@given(courses(), st.integers(0, 30 * 24).map(lambda h: START + h * HOUR))
def test_nothing_known_later_changes_an_earlier_result(course: Course, as_of: int) -> None:
    earlier = tuple(event for event in course.events if event.known_at <= as_of)
    assert grade(course, as_of) == grade(course._replace(events=earlier), as_of)


@given(courses(), st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(course: Course, random: object) -> None:
    shuffled = [*course.events, *course.events[:5]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = grade(course._replace(events=tuple(shuffled)))
    assert [g._replace(notes=()) for g in again] == [g._replace(notes=()) for g in grade(course)]


@given(courses())
def test_episodes_hold_what_the_timeline_says(course: Course) -> None:
    for graded in grade(course):
        for scale, rows in by_scale(graded).items():
            episodes = [one for one in graded.episodes if one.scale == scale]
            for one, two in pairwise(episodes):
                assert one.confirmed is not None and one.confirmed <= two.onset
            for one in episodes:
                assert one.end is None or one.onset <= one.end
                assert one.ongoing == (one.end is None)
            if isinstance(SCALES[scale].course, MeasuredCourse | CumulativeCourse):
                assert not episodes
                continue
            severe = [row for row in rows if row.low and row.start < row.end]
            for row in severe:
                assert any(one.onset <= row.start and (one.end is None or row.end <= one.end) for one in episodes)


@given(courses())
def test_summary_is_the_worst_day(course: Course) -> None:
    for graded in grade(course):
        for scale, summary in graded.summaries.items():
            days = [day for day in graded.daily if day.scale == scale]
            if isinstance(SCALES[scale].course, CumulativeCourse):
                ends = [row for row in graded.timeline if row.scale == scale][-1:]
                assert [(row.low, row.high) for row in ends] == [summary[:2]][: len(ends)]
                continue
            assert summary.low == max((day.low for day in days), default=None)


LABORATORY = [
    scale for scale in ALL
    if scale.id.startswith("ctcae-") and len(scale.signals) == 1 and "temperature" not in scale.signals
]  # fmt: skip


@given(courses())
def test_a_laboratory_grade_stands_just_while_a_value_is_valid(course: Course) -> None:
    """Neither an attribution nor a limit is a measurement."""
    for patient, graded in zip(course.infusions, grade(course), strict=True):
        record, rows_of = Record(patient, course.events, SETTINGS), by_scale(graded)
        for scale in LABORATORY:
            (signal,) = scale.signals
            for row in rows_of[scale.id]:
                moments = [row.start, *(t for t in record.changes(signal) if row.start < t < row.end)]
                assert {record.valid(signal, t) is not None for t in moments} == {row.low is not None}, row


@given(courses())
def test_a_grade_by_counts_is_final_where_its_window_is_over(course: Course) -> None:
    """A grade may only be provisional at the end where the patient is still followed."""
    for patient, graded in zip(course.infusions, grade(course), strict=True):
        later = [one.infusion_time for one in course.infusions if one.infusion > patient.infusion]
        record = Record(patient, course.events, SETTINGS, following=min(later, default=None))
        for scale, rows in by_scale(graded).items():
            if isinstance(SCALES[scale].course, CumulativeCourse) and rows and record.followed_until is not None:
                assert (rows[-1].end, rows[-1].provisional) == (record.followed_until, False)


SETTLED = ("systolic_bp", "mean_bp", "spo2", "oxygen_flow", "fio2", "gcs", "rass", "neutrophils", "platelets")


@given(courses(), st.data())
def test_settling_a_bound_stays_inside_the_range(course: Course, data: st.DataObject) -> None:
    """A bound such as <90 may be any value below: none of them may give a grade outside the range."""
    assert set(NEAR)
    events = list(course.events)
    for index, event in enumerate(events):
        if event.signal in SETTLED and event.low != event.high and event.low is not None and event.high is not None:
            value = data.draw(st.integers(event.low, event.high))
            events[index] = event._replace(low=value, high=value)
    settled = grade(course._replace(events=tuple(events)))
    for wide, narrow in zip(grade(course), settled, strict=True):
        for scale, rows in by_scale(narrow).items():
            wide_rows = by_scale(wide)[scale]
            for row in rows:
                for other in (w for w in wide_rows if w.start < row.end and row.start < w.end):
                    if None not in (row.low, row.high, other.low, other.high):
                        assert other.low <= row.low and row.high <= other.high, (row, other)  # type: ignore[operator]
