"""Counts as days in both engines: facts of every field that counts days or counts, and the table of cytopenia."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.columnar.block import Block, Known
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.columns import cells
from cytovigil.engine.columnar.cytopenia import cytopenia_table
from cytovigil.engine.columnar.timeline import Timeline
from cytovigil.engine.cytopenia import cytopenia_rows
from cytovigil.engine.record import Record
from cytovigil.engine.reference import grade_course
from cytovigil.logic.conditions import Field
from cytovigil.logic.counts import Counting, CountOf, Threshold, Window
from cytovigil.logic.scale import CumulativeCourse
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.readers.tables import open_courses
from cytovigil.rules import SCALES
from cytovigil.rules.count_fields import class_field, confirmed_field, days_field
from cytovigil.synth.tables import write_tables
from cytovigil.synth.ward import make_patients
from engines.columnar_kit import assert_same, fields_of
from engines.strategies import HOUR, START

DAY = 24 * HOUR
MEASURES = ("count_days", "never_recovered", "lowest_count", "second_lowest_count", "low_count_confirmed")
FIELDS = [field for measure in MEASURES for field in fields_of(measure)]
COUNTING = tuple(scale for scale in SCALES.values() if isinstance(scale.course, CumulativeCourse))
# At, beside and far from the limits, in steps: also between 500 and 510, where rounding to 10 decides.
NEUTROPHILS = (0, 90, 100, 101, 400, 499, 500, 501, 504, 505, 506, 1000, 1001, 1500, 1501, 4000)
PLATELETS = (50, 199, 200, 201, 350, 499, 500, 501, 800, 999, 1000, 1001, 2500)
FLAGS = (frozenset[str](), frozenset[str](), frozenset({"time_assumed"}), frozenset({"doubled_hour"}))


@st.composite
def counts(draw: st.DrawFn, latest: int) -> list[Event]:
    """Counts of one signal from a day on, `latest` at most: daily or with gaps of some days, some twice a day."""
    name, near = draw(st.sampled_from([("neutrophils", NEUTROPHILS), ("platelets", PLATELETS)]))
    day, found = draw(st.integers(-2, latest)), []
    values = st.sampled_from(near[: draw(st.integers(3, len(near)))])
    most = draw(st.sampled_from([1, 2, 4, 10]))
    for _ in range(draw(st.integers(1, 14))):
        for hour in draw(st.lists(st.integers(-9, 20), min_size=1, max_size=3)):
            one = draw(values)
            other = draw(values) if draw(st.integers(0, 7)) == 0 else one
            flags = draw(st.sampled_from(FLAGS))
            time = START + day * DAY + hour * HOUR
            found.append(Event("P1", time, name, min(one, other), max(one, other), flags=flags))
        day += draw(st.integers(1, most))
    return found


@st.composite
def supports(draw: st.DrawFn) -> Event:
    """Growth factor, or platelets given."""
    time = START + draw(st.integers(-3 * 24, 104 * 24)) * HOUR
    end = draw(st.none() | st.integers(0, 72).map(lambda h: time + h * HOUR))
    drug, amount = draw(st.sampled_from(["filgrastim", "platelet_transfusion"])), draw(st.sampled_from([None, 0, 300]))
    word = draw(st.sampled_from(["", "", "", "stopped"]))
    route = draw(st.sampled_from(["systemic", "systemic", "topical"]))
    return Event("P1", time, drug, amount, amount, word=word, end=end, route=route)


@st.composite
def counted_courses(draw: st.DrawFn, latest: int = 104) -> Course:
    """One infusion, with dates that end the windows; each series of counts begins by a `latest` day."""
    dates = st.none() | st.integers(-5 * 24, 104 * 24).map(lambda h: START + h * HOUR)
    infused = START + draw(st.sampled_from([0, 0, 14 * HOUR, 200 * DAY]))
    last = draw(st.none() | dates)
    patient = Patient(
        "P1", infused, progression_date=draw(dates), next_therapy_date=draw(dates), last_followup=last,
        death_time=draw(st.none() | dates), flags=draw(st.sampled_from(FLAGS)),
    )  # fmt: skip
    rows = [event for part in draw(st.lists(counts(latest), max_size=4)) for event in part]
    moved = [event._replace(time=event.time + infused - START) for event in rows]
    if moved and draw(st.integers(0, 3)) == 0:
        patient = patient._replace(last_followup=draw(st.sampled_from(moved)).time)
    return Course((patient,), (*moved, *draw(st.lists(supports(), max_size=4))))


@given(st.lists(counted_courses(), min_size=1, max_size=4))
def test_counts_are_the_same_facts(found: list[Course]) -> None:
    assert_same(found, FIELDS)


@st.composite
def made_fields(draw: st.DrawFn) -> list[Field]:
    """Fields of a counting that no scale has: every way of filling, joining and carrying with every other."""
    name = draw(st.sampled_from(["neutrophils", "platelets"]))
    first = draw(st.integers(0, 5))
    counting = Counting(
        name,
        Window(first, first + draw(st.integers(5, 70)), draw(st.sampled_from([(), ("progression_date",)]))),
        tuple(Threshold(limit, draw(st.booleans())) for limit in (1000, 500, 100)),
        joined_days=draw(st.integers(0, 3)),
        end_joins=draw(st.booleans()),
        filling=draw(st.sampled_from(["line", "mean"])),
        filled_days=draw(st.sampled_from([None, 0, 1, 3, 7])),
        carried=draw(st.booleans()),
        unfilled=draw(st.sampled_from(["any", "never", "between"])),
        rounding=draw(st.sampled_from([None, 10, 100])),
        least_counts=draw(st.integers(2, 3)),
    )
    labels = ("100 or less", "500 or less", "1000 or less", "above")
    never = Field(
        "never", "never", (False, True), ("no", "yes"), "never_recovered", signals=(name,),
        detail=CountOf(counting, 1, begun_by=draw(st.integers(0, 4))),
    )  # fmt: skip
    return [
        *(days_field(f"days_{place}", "low", counting, place) for place in range(3)),
        *(
            class_field(measure, "count", counting, labels, measure)
            for measure in ("lowest_count", "second_lowest_count")
        ),
        confirmed_field("confirmed", counting),
        never,
    ]


@given(st.lists(counted_courses(latest=12), min_size=1, max_size=4), made_fields())
def test_every_way_of_counting_is_the_same(found: list[Course], fields: list[Field]) -> None:
    assert_same(found, fields)


@given(st.lists(counted_courses(), min_size=1, max_size=4))
def test_the_table_of_cytopenia_is_the_same(found: list[Course]) -> None:
    assert_same_tables(found)


def assert_same_tables(found: list[Course]) -> None:
    """The table made in columns from the timelines of the reference has the reference's rows."""
    chosen, known = Settings(), Known()
    block = Block(charted_of(found, known.kinds), chosen, known)
    for scale in COUNTING:
        graded = [grade_course(course, [scale], chosen)[0].timeline for course in found]
        rows = [(at, one.start, one.end, 0, -1 if one.low is None else one.low, -1 if one.high is None else one.high)
                for at, timeline in enumerate(graded) for one in timeline]  # fmt: skip
        columns = np.array(rows, np.int64).reshape(-1, 6).T
        table = cytopenia_table(block, scale, Timeline(*columns, np.zeros(len(rows), np.bool_)))
        records = [Record(course.infusions[0], course.events, chosen) for course in found]
        expected = [
            tuple(row)
            for record, timeline in zip(records, graded, strict=True)
            for row in cytopenia_rows(record, scale, timeline)
        ]
        mine = list(zip(*(cells(column) for column in table.columns.values()), strict=True))
        assert mine == expected, scale.id


def test_ward_patients_are_the_same(tmp_path: Path) -> None:
    write_tables(tmp_path, make_patients(30, 1), "csv")
    with open_courses([tmp_path], Settings()) as source:
        found = list(source)
    assert_same(found, FIELDS)
    assert_same_tables(found)
