"""Scales graded on measurements alone: the facts of each segment say everything."""

from collections.abc import Callable

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, packed
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Tabulated
from cytovigil.engine.columnar.measures import track
from cytovigil.engine.columnar.scaled import ScaleTables, Segments, segments, tables_of
from cytovigil.engine.columnar.verdicts import NO_STATES, Said, Verdicts
from cytovigil.engine.measured import judge
from cytovigil.logic.scale import CumulativeCourse, Scale


def measured(block: Block, scale: Scale, end: Ints) -> Verdicts:
    """Verdicts of a scale that grades each moment by its newest measurements."""
    found = segments(block, scale, block.start, end)
    return _verdicts(block, scale, found, np.zeros(len(found.start), np.bool_))


def cumulative(block: Block, scale: Scale, end: Ints) -> Verdicts:
    """Verdicts of a scale that counts days in a window, from its opening; a last one at the end of follow-up."""
    course = scale.course
    assert isinstance(course, CumulativeCourse)
    opens = np.maximum(block.days_after(course.window.first_day), block.start)
    closed = block.closes(course.window)
    found = segments(block, scale, opens, end, [packed(block.patients, closed)])
    last = (end == block.followed_until) & (opens < end)
    keys = packed(block.patients[last], end[last])
    codes = tables_of(block, scale).combined([track(block, field).at(keys) for field in scale.fields])
    ending = Segments(block.patients[last], end[last], end[last], codes)
    every = Segments(*(np.concatenate(both) for both in zip(found, ending, strict=True)))
    order = np.argsort(every.keys, kind="stable")
    every = Segments(*(column[order] for column in every))
    provisional = course.provisional & (every.start < closed[every.patient]) & (every.end > every.start)
    return _verdicts(block, scale, every, provisional)


def _verdicts(block: Block, scale: Scale, found: Segments, provisional: Truths) -> Verdicts:
    tables = tables_of(block, scale)
    judged: Tabulated = block.known.table((scale, "judged"), lambda: Tabulated(_judging(block, tables)))
    said = judged([found.facts, block.flags[found.patient], provisional.astype(np.int64)])
    states = np.full(len(said), tables.states.code(NO_STATES), np.int64)
    return Verdicts(found.patient, found.start, found.end, said, states, np.full(len(said), NEVER, np.int64))


def _judging(block: Block, tables: ScaleTables) -> Callable[[int, int, int], int]:
    flags = block.known.flags

    def judged(combination: int, patient_flags: int, provisional: int) -> int:
        facts = tables.facts(combination)
        observed = any(fact.because for fact in facts.values())
        says = judge(tables.scale, facts, flags.values[patient_flags], observed)
        return tables.said.code(Said(*says, bool(provisional)))

    return judged
