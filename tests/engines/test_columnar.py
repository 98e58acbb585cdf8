"""The columnar engine gives the rows of the reference engine, on random courses and on ward-like ones."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.columnar.block import Known
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.columns import cells
from cytovigil.engine.columnar.grade import grade_block
from cytovigil.engine.reference import grade_course
from cytovigil.model.events import Course
from cytovigil.model.results import Graded
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES
from cytovigil.writers.columns import table_rows
from engines.strategies import START, courses

ALL = tuple(SCALES.values())


def named(course: Course, number: int) -> Course:
    return Course(
        tuple(one._replace(patient_id=f"P{number}") for one in course.infusions),
        tuple(one._replace(patient_id=f"P{number}") for one in course.events),
    )


def tables_of(graded: Sequence[Graded]) -> dict[str, list[tuple[object, ...]]]:
    """The tables of one patient in the order of the contract, as plain rows."""
    rows = table_rows(graded, [])
    rows["summary"] = [
        (one.patient_id, one.infusion, scale, *summary)
        for one in sorted(graded, key=lambda one: one.infusion)
        for scale, summary in sorted(one.summaries.items())
    ]
    return {name: [tuple(row) for row in of] for name, of in rows.items()}


@given(st.lists(courses(), min_size=1, max_size=6), st.none() | st.integers(0, 40 * 24).map(lambda h: START + h * 3600))
def test_the_columnar_engine_gives_what_the_reference_gives(found: list[Course], as_of: int | None) -> None:
    block = [named(course, number) for number, course in enumerate(found)]
    known = Known()
    graded = grade_block(charted_of(block, known.kinds), ALL, Settings(), known, as_of)
    expected = [grade_course(course, ALL, Settings(), as_of) for course in block]
    for name, columns in graded.tables.items():
        mine = list(zip(*(cells(column) for column in columns.values()), strict=True))
        assert mine == [row for one in expected for row in tables_of(one)[name]], name
    assert graded.graded([course.infusions for course in block], ALL) == expected
