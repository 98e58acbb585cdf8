"""A columnar measure beside the reference's, on random courses of one signal or several."""

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from cytovigil.engine.columnar.block import Block, Known, encoded
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.measures import track
from cytovigil.engine.measures import MEASURES
from cytovigil.engine.record import Record
from cytovigil.logic.conditions import Field
from cytovigil.model.events import Course, Event
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES
from engines.strategies import courses, patients, recorded

FIELDS = {field: None for scale in SCALES.values() for field in scale.fields}


def fields_of(measure: str) -> list[Field]:
    """All fields of all scales that a measure makes."""
    return [field for field in FIELDS if field.measure == measure]


def courses_of(events: st.SearchStrategy[Event], max_size: int = 25) -> st.SearchStrategy[Course]:
    """Courses of these events, one infusion each, some rows known only later."""
    return st.builds(
        lambda patient, rows: Course((patient,), tuple(rows)), patients(), st.lists(recorded(events), max_size=max_size)
    )


def plain_courses() -> st.SearchStrategy[Course]:
    """Random courses of every signal, without attributions or corrections, one infusion each."""
    return courses().map(lambda course: Course(course.infusions[:1], tuple(_plain(course.events))))


def _plain(rows: Sequence[Event]) -> Iterator[Event]:
    return (row._replace(source_id="", withdrawn=False) for row in rows if row.signal != "attribution")


def assert_same(found: Sequence[Course], fields: Sequence[Field], settings: Settings | None = None) -> None:
    """Each field has the same facts at the same moments in both engines, for each course as one patient of a block."""
    chosen = settings or Settings()
    records = [Record(course.infusions[0], course.events, chosen) for course in found]
    known = Known()
    block = Block(charted_of(found, known.kinds), chosen, known)
    for field in fields:
        mine = track(block, field)
        theirs = encoded(
            block.patients, [MEASURES[field.measure](one, field) for one in records], block.known.facts[field]
        )
        facts = block.known.facts[field].values
        shown = [
            [(key, facts[code]) for key, code in zip(s.keys.tolist(), s.codes.tolist(), strict=True)]
            for s in (mine, theirs)
        ]
        assert shown[0] == shown[1], field.name
