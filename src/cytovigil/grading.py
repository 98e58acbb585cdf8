"""Which engine grades a run, where, and how its rows come into the tables. All give the same tables."""

import pickle
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from cytovigil.engine.reference import grade_course
from cytovigil.engine.tally import Tally
from cytovigil.logic.scale import Scale
from cytovigil.model.events import Course
from cytovigil.model.results import Graded
from cytovigil.run import Run, UsageError
from cytovigil.workers import cores, grade_in_processes
from cytovigil.writers.tables import Form, Tables

if TYPE_CHECKING:
    from cytovigil.engine.columnar.block import Known
    from cytovigil.engine.columnar.charted import Charted
    from cytovigil.readers.parts import Part

Engine = Literal["auto", "reference", "columnar", "spark"]
COLUMNAR_FROM = 5_000  # events: for fewer the columnar engine takes longer to load than the other to grade
MANY = 500_000  # events: for fewer other processes take longer to load than they save
BLOCK = 400  # patients whose columns are in memory at once
STAGE = "patients graded"
_PARTS = 4  # of each core: the last ones end at about the same time
_SMALLEST, _LARGEST = 1 << 17, 1 << 20  # events of a part


def grade_courses(
    run: Run, scales: Sequence[Scale], tables: Tables, engine: Engine, rows: bool
) -> Iterator[tuple[Course, list[Graded]]]:
    """Grade the patients of a run, one after another, into its tables.

    Without `rows` what is given back has summaries and notes alone; the tables are whole.
    """
    if engine == "reference" or (engine == "auto" and run.source.event_count < COLUMNAR_FROM):
        return _by_reference(run, scales, tables)
    return _by_columns(run, scales, tables, rows)


def is_parted(run: Run, engine: Engine, rows: bool) -> bool:
    """True where `grade_parts` grades a run: columns of a large file, of which nobody wants to see `rows`.

    Raises UsageError where Spark was asked for and cannot read the events.
    """
    if engine == "reference" or rows or not run.source.is_typed:
        if engine == "spark":
            sentence = (
                "Spark reads one Parquet file of events, its times timestamps with a zone, sorted by patient_id: "
            )
            raise UsageError(sentence + "write the events so, or leave --engine out")
        return False
    return engine == "spark" or (run.source.event_count >= MANY and cores() > 1)


def check_engine(engine: Engine, master: str, rows: bool) -> None:
    """Raises UsageError, before anything is read, where Spark was asked for and is not there, or gives no `rows`."""
    if engine != "spark":
        return
    if rows:
        raise UsageError("Spark writes tables alone: leave --report out, or write --report none")
    from cytovigil.spark import check_master  # Spark takes a moment to load

    check_master(master)


def grade_parts(
    run: Run, scales: Sequence[Scale], tables: Tables, form: Form, tally: Tally, master: str | None
) -> None:
    """Grade a run in parts into its tables, on all cores or on a cluster; infusions are counted in `tally`.

    `master` is a URL of Spark. Raises WorkerError, or UsageError where Spark fails.
    """
    from cytovigil.parts import Job  # columns take a moment to load

    place = run.folder.parent.resolve()
    with TemporaryDirectory(prefix="parts-", dir=place, ignore_cleanup_errors=True) as name:
        folder, count = Path(name), cores()
        most = min(max(run.source.event_count // (_PARTS * count), _SMALLEST), _LARGEST)

        def plan() -> tuple[bytes, list["Part"]]:
            charts, parts = run.source.parts(folder / "patients.parquet", most)
            return pickle.dumps(Job(charts, tuple(one.id for one in scales), run.known_until, form, folder)), parts

        if master is None:
            graded = grade_in_processes(plan, count)
        else:
            from cytovigil.spark import grade_on_spark  # as does Spark

            graded = grade_on_spark(*plan(), master)
        with closing(graded) as found:
            for done in found:
                tables.append_pieces(done.folder, done.rows)
                shutil.rmtree(done.folder)
                tally.merge(done.tally)
                run.take_part(done, STAGE)
        run.source.end_parts()


def typed_from(engine: Engine) -> int | None:
    """From how many rows on events are read as columns; None: never."""
    return {"auto": COLUMNAR_FROM, "columnar": 0, "reference": None, "spark": 0}[engine]


def _by_reference(run: Run, scales: Sequence[Scale], tables: Tables) -> Iterator[tuple[Course, list[Graded]]]:
    for course in run.courses(STAGE):
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
        del charted, block, graded  # not kept while the next are read


def _charted(run: Run, known: "Known") -> Iterator["Charted"]:
    from cytovigil.engine.columnar.charted import Charted, charted_of

    if run.source.is_typed:
        for columns in run.source.columns():
            patients = len(columns.infusions)
            yield Charted(*columns)
            del columns
            run.tell(STAGE, patients)
        return
    left = run.courses(STAGE)
    while courses := list(islice(left, BLOCK)):
        yield charted_of(courses, known.kinds)
        del courses
