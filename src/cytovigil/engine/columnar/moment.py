"""The course of ICANS, of all patients of a block: each moment by its facts, its window, and what is held.

Sedations are followed segment by segment, of the few patients who have one.
"""

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, packed, patient_of, time_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.charting import reach
from cytovigil.engine.columnar.codes import Codes, Tabulated
from cytovigil.engine.columnar.gates import saying
from cytovigil.engine.columnar.measures import track
from cytovigil.engine.columnar.scaled import Segments, segments, tables_of
from cytovigil.engine.columnar.verdicts import NO_STATES, Said, Verdicts
from cytovigil.engine.moment import ASSESSING, Hold, judged, longest_s
from cytovigil.logic.scale import MomentCourse, Scale

NOTHING_HELD = 0


class _Tables:
    """What a run has seen of one scale: verdicts by combination of facts, patient's flags, window, and what is held."""

    def __init__(self, block: Block, scale: Scale, course: MomentCourse) -> None:
        self.scaled, self._course, self._flags = tables_of(block, scale), course, block.known.flags
        self.held: Codes[tuple[int, bool]] = Codes()  # a low, and whether nobody has looked since
        self.held.code((0, False))
        self.sedations: Codes[frozenset[bool]] = Codes()
        self.judged = Tabulated(self._judged)
        self.sedated = Tabulated(self._sedated)

    def _judged(self, combination: int, patient_flags: int, late: int, held: int) -> int:
        facts = self.scaled.facts(combination)
        says = judged(self.scaled.scale, self._course, facts, bool(late), *self.held.values[held])
        low, high, missing, flags = says
        return self.scaled.said.code(Said(low, high, missing, flags | self._flags.values[patient_flags]))

    def _sedated(self, combination: int) -> int:
        return self.sedations.code(self.scaled.facts(combination)[self._course.sedation.name].values)


def moment(block: Block, scale: Scale, end: Ints) -> Verdicts:
    """Verdicts of a moment scale from the infusion to `end`, by patient."""
    course = scale.course
    assert isinstance(course, MomentCourse)
    sedated = _ever_sedated(block, course)
    looked = _looked(block, sedated)
    closes = block.days_after(block.settings.icans_window_days + 1)
    rows = saying(block, course.recorded, lambda row: row.word != "0")
    cuts = [packed(block.patients, closes), packed(rows.patient, rows.time), packed(rows.patient, rows.until)]
    found = segments(block, scale, block.start, end, [*cuts, *_hold_cuts(block, course, sedated, looked)])
    recorded = reach(block.size, rows.patient, rows.time, rows.until)
    late = (found.start >= closes[found.patient]) & (recorded.at(found.keys) <= found.start)
    tables: _Tables = block.known.table((scale, "judged"), lambda: _Tables(block, scale, course))
    nothing = np.full(len(late), NOTHING_HELD, np.int64)
    columns = [found.facts, block.flags[found.patient], late.astype(np.int64), nothing]
    said = tables.judged(columns)
    for place in np.flatnonzero(sedated).tolist():
        first, after = np.searchsorted(found.patient, [place, place + 1])
        times = time_of(looked[slice(*np.searchsorted(patient_of(looked), [place, place + 1]))]).tolist()
        mine = Segments(*(column[first:after] for column in found))
        asked = [column[first:after].tolist() for column in columns[:-1]]
        said[first:after] = _held(Hold(block.settings, times), tables, mine, asked, said[first:after].tolist())
    states = np.full(len(said), tables.scaled.states.code(NO_STATES), np.int64)
    return Verdicts(found.patient, found.start, found.end, said, states, np.full(len(said), NEVER, np.int64))


def _ever_sedated(block: Block, course: MomentCourse) -> Truths:
    """Patients who may be sedated at some moment."""
    steps = track(block, course.sedation)
    facts = block.known.facts[course.sedation].values
    found = np.zeros(block.size, np.bool_)
    found[patient_of(steps.keys)[np.array([True in fact.values for fact in facts], np.bool_)[steps.codes]]] = True
    return found


def _looked(block: Block, chosen: Truths) -> Ints:
    """When somebody looked at the chosen patients: patient and time, packed, rising."""
    found = [np.zeros(0, np.int64)]
    for rows in map(block.rows, ASSESSING if chosen.any() else ()):
        which = chosen[rows.patient]
        found.append(packed(rows.patient[which], rows.time[which]))
    return np.sort(np.concatenate(found), kind="stable")


def _hold_cuts(block: Block, course: MomentCourse, sedated: Truths, looked: Ints) -> list[Ints]:
    """Moments at which a hold may begin or end."""
    changes = track(block, course.sedation).keys
    changes = changes[sedated[patient_of(changes)]]
    return [looked, packed(patient_of(changes), time_of(changes) + longest_s(block.settings))]


def _held(hold: Hold, tables: _Tables, found: Segments, asked: list[list[int]], said: list[int]) -> list[int]:
    """What the verdicts of one patient say, with what is held; `said` without."""
    says, starts, ends = tables.scaled.said.values, found.start.tolist(), found.end.tolist()
    sedated = [tables.sedations.values[code] for code in tables.sedated([found.facts]).tolist()]
    graded = 0  # until here the hold knows what was graded
    for place, (t, end) in enumerate(zip(starts, ends, strict=True)):
        if hold.is_over and True not in sedated[place]:
            continue
        for before in reversed(range(graded, place)):
            if says[said[before]].low is not None:
                hold.graded(says[said[before]].low, ends[before])
                break
        hold.turn(t, end, sedated[place])
        held = tables.held.code((hold.held, hold.unassessed(t)))
        said[place] = tables.judged.of(*(column[place] for column in asked), held)
        hold.graded(says[said[place]].low, end)
        graded = place + 1
    return said
