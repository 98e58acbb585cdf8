"""The parts of the columnar engine by themselves: tables of combinations, a glance at a patient, patients alone."""

import gc
from weakref import ref

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.columnar.biomarkers import biomarkers_tables
from cytovigil.engine.columnar.block import Block, Known
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.codes import Tabulated
from cytovigil.engine.columnar.glance import Glance
from cytovigil.engine.columnar.grade import grade_scale
from cytovigil.engine.record import Record
from cytovigil.model.events import Course, Event
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES
from engines.columnar_kit import plain_courses

rows = st.lists(st.tuples(*(st.integers(0, most) for most in (3, 900, 900))), max_size=20)


@given(rows, st.sampled_from([1, 1 << 10, 1 << 40]), st.sampled_from([1, 60]))
def test_a_table_asks_once_for_each_combination(found: list[tuple[int, ...]], scale: int, times: int) -> None:
    """Few rows are asked one by one; of many few combinations lie in a dense table, more are looked for.

    Numbers too large for one are compared by rows.
    """
    asked: list[tuple[int, ...]] = []

    def function(*row: int) -> int:
        asked.append(row)
        return sum(row)

    columns = [np.array([row[at] * scale for row in found * times], np.int64) for at in range(3)]
    assert Tabulated(function)(columns).tolist() == [sum(row) * scale for row in found * times]
    assert sorted(asked) == sorted({tuple(one * scale for one in row) for row in found})


@given(plain_courses(), st.integers(-240, 960))
def test_a_glance_is_a_record(course: Course, half_hours: int) -> None:
    known = Known()
    (infusion,) = course.infusions
    block = Block(charted_of([course], known.kinds), Settings(), known)
    record, glance = Record(infusion, course.events, Settings()), Glance(block, 0)
    t = infusion.infusion_time + half_hours * 1800
    for signal in {event.signal for event in course.events} | {"temperature"}:
        assert alike(glance.rows(signal)) == alike(record.rows(signal))
        assert alike(glance.until(signal, t)) == alike(record.until(signal, t))
        assert alike(glance.between(signal, t - 7200, t)) == alike(record.between(signal, t - 7200, t))
        assert alike([glance.newest(signal, t)]) == alike([record.newest(signal, t)])
        assert alike([glance.valid(signal, t)]) == alike([record.valid(signal, t)])


def alike(found: list[Event | None] | list[Event]) -> list[tuple[object, ...] | None]:
    """What the reference's functions ask of rows."""
    return [None if row is None else (row.time, row.signal, row.low, row.high, row.word, row.end) for row in found]


def test_a_patient_alone_has_no_events() -> None:
    course = Course((), (Event("P1", 0, "spo2", 97, 97),))
    charted = charted_of([course], Known().kinds)
    assert (charted.alone(0).events, charted.course(0)) == ((), course)


@given(st.lists(plain_courses(), min_size=1, max_size=2))
def test_what_a_run_has_seen_keeps_no_block(found: list[Course]) -> None:
    """Else memory would grow with the patients of a run."""
    known = Known()
    block = Block(charted_of(found, known.kinds), Settings(), known)
    for scale in SCALES.values():
        grade_scale(block, scale)
    assert all(len(table.place) for table in biomarkers_tables(block))
    gone = ref(block)
    del block
    gc.collect()
    assert gone() is None
