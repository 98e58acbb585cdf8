"""Which engine grades a run, and how its rows come into the tables. Both engines give the same tables."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Literal

from cytovigil.engine.reference import grade_course
from cytovigil.logic.scale import Scale
from cytovigil.model.events import Course
from cytovigil.model.results import Graded
from cytovigil.run import Run, UsageError
from cytovigil.writers.tables import Tables

if TYPE_CHECKING:
    from cytovigil.engine.columnar.block import Known
    from cytovigil.engine.columnar.charted import Charted

Engine = Literal["auto", "reference", "columnar", "spark"]
COLUMNAR_FROM = 5_000  # events: for fewer the columnar engine takes longer to load than the other to grade
BLOCK = 400  # patients whose columns are in memory at once


def grade_courses(
    run: Run, scales: Sequence[Scale], tables: Tables, engine: Engine, rows: bool
) -> Iterator[tuple[Course, list[Graded]]]:
    """Grade the patients of a run, one after another, into its tables.

    Without `rows` what is given back has summaries and notes alone; the tables are whole.
    """
    if engine == "reference" or (engine == "auto" and run.source.event_count < COLUMNAR_FROM):
        return _by_reference(run, scales, tables)
    return _by_columns(run, scales, tables, rows)


def typed_from(engine: Engine) -> int | None:
    """From how many rows on events are read as columns; None: never. Raises UsageError."""
    if engine == "spark":
        sentence = "engine '{engine}' comes with a later version: leave --engine out, or write --engine columnar"
        raise UsageError(sentence, engine=engine)
    return {"auto": COLUMNAR_FROM, "columnar": 0, "reference": None}[engine]


def _by_reference(run: Run, scales: Sequence[Scale], tables: Tables) -> Iterator[tuple[Course, list[Graded]]]:
    for course in run.courses("patients graded"):
        graded = grade_course(course, scales, run.settings, run.known_until)
        tables.append(graded)
        yield course, graded


def _by_columns(run: Run, scales: Sequence[Scale], tables: Tables, rows: bool) -> Iterator[tuple[Course, list[Graded]]]:
    from cytovigil.engine.columnar.block import Known  # columns take a moment to load
    from cytovigil.engine.columnar.grade import grade_block

    known = Known()
    for charted in _charted(run, known):
        block = grade_block(charted, scales, run.settings, known, run.known_until)
        tables.append_columns(block.tables)
        graded = block.graded(charted.infusions, scales, rows)
        yield from ((charted.course(place) if rows else charted.alone(place), one) for place, one in enumerate(graded))


def _charted(run: Run, known: "Known") -> Iterator["Charted"]:
    from cytovigil.engine.columnar.charted import Charted, charted_of

    stage = "patients graded"
    if run.source.is_typed:
        for columns in run.source.columns():
            yield Charted(*columns)
            run.tell(stage, len(columns.infusions))
        return
    left = run.courses(stage)
    while courses := list(islice(left, BLOCK)):
        yield charted_of(courses, known.kinds)
