"""One patient while the chart is being written: events in, changed grades out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER
from cytovigil.engine.columnar.block import Block, Known
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.glance import Glance
from cytovigil.engine.columnar.grade import grade_block, grade_scale, grade_until, graded_until
from cytovigil.engine.columnar.live import LiveBlock
from cytovigil.engine.columnar.scaled import tables_of
from cytovigil.engine.columnar.timeline import stretches
from cytovigil.engine.columnar.verdicts import Verdicts
from cytovigil.engine.record import ATTRIBUTION, is_unread
from cytovigil.engine.reference import grade_course
from cytovigil.engine.rows import timeline_row
from cytovigil.logic.scale import Scale
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.results import Graded, TimelineRow
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY
from cytovigil.model.vocabulary import signals

_STAGE_S = 7 * DAY
Timelines = dict[tuple[int, str], Sequence[TimelineRow]]  # by infusion and scale


class Changed(NamedTuple):
    """What new events changed on one scale in one infusion.

    `rows` of the timeline say something else than before about some moment, `before` are the rows that said it. Where
    rows were taken out, `rows` may hold the one that lasts on instead, or the last one, where nothing holds any more.
    """

    infusion: int
    scale: str
    rows: tuple[TimelineRow, ...]
    before: tuple[TimelineRow, ...]


class Session:
    """One patient, graded again with every event that comes: new or late, corrected or withdrawn, in any order.

    At each moment the grades are those of the whole record from its beginning, whatever the order in which it came.
    What is kept in between are rows, and what is made of rows of signals that got no new one. When the patient's own
    columns change (a death, a last follow-up), make another session of the same events.
    """

    def __init__(self, infusions: Sequence[Patient], scales: Sequence[Scale], settings: Settings) -> None:
        """Of all infusions of one patient, without events yet. Raises ValueError where they are not that."""
        if len({one.patient_id for one in infusions}) != 1:
            raise ValueError("a session is of one patient: give it that patient's infusions, one or more")
        if len({one.infusion for one in infusions}) < len(infusions):
            raise ValueError("two infusions with one number: count a patient's infusions 1, 2, ...")
        self.infusions, self.scales, self.settings = tuple(infusions), tuple(scales), settings
        self._events: list[Event] = []
        self._newest = -NEVER
        self._known = Known()
        self._block = LiveBlock(infusions[0], settings, self._known) if len(infusions) == 1 else None
        self._timelines = self._grade()

    @property
    def course(self) -> Course:
        """The patient with all events so far, for `explain_course` and `grade_course`."""
        return Course(self.infusions, tuple(self._events))

    def add(self, events: Iterable[Event]) -> list[Changed]:
        """Events that came; gives back the grades that changed, by infusion, scales in the session's order.

        Compared are all moments until the newest `time` or `recorded_at` of an event. What lies after it says how the
        grade would go on if nothing were charted any more: it moves with every event, and is no change; nor is a last
        row that lasts longer. Raises ValueError on an event of another patient, or of no signal, and then adds none.
        """
        added = list(events)
        if any(event.patient_id != self.infusions[0].patient_id for event in added):
            raise ValueError("an event of another patient: each has a session of their own")
        if unknown := [event.signal for event in added if event.signal not in signals()]:
            raise ValueError(f"'{unknown[0]}' is not a known signal: an event of it would tell nothing")
        self._events += added
        self._newest = max([self._newest, *(max(event.time, event.known_at) for event in added)])
        if self._block and any(event.signal == ATTRIBUTION or is_unread(event) for event in added):
            self._block = None
        if self._block:
            self._block.add(added)
        before, self._timelines = self._timelines, self._grade()
        found = (_changed(key, rows, before[key], self._newest) for key, rows in self._timelines.items())
        return [one for one in found if one]

    def at(self, time: int) -> list[TimelineRow]:
        """The rows that hold at a moment (seconds UTC), by infusion, scales in the session's order."""
        found = (_begun(rows, time) for rows in self._timelines.values())
        return [row for row in found if row and _holds(row, time)]

    def grades(self) -> list[Graded]:
        """All that the events so far give: what `grade_course` gives, one result an infusion."""
        charted = charted_of([self.course], self._known.kinds)
        (found,) = grade_block(charted, self.scales, self.settings, self._known).graded([self.infusions], self.scales)
        return found

    def _grade(self) -> Timelines:
        if self._block:
            number = self.infusions[0].infusion
            return {(number, scale.id): _timeline(self._block, scale) for scale in self.scales}
        return {
            (one.infusion, scale.id): [row for row in one.timeline if row.scale == scale.id]
            for one in grade_course(self.course, self.scales, self.settings)
            for scale in self.scales
        }


def _timeline(block: LiveBlock, scale: Scale) -> Sequence[TimelineRow]:
    """The rows of a scale until its graded end.

    This end moves with every event, while little before it changes: rows are made until the end of a stage, and cut.
    """
    if block.deaths[0] != NEVER:
        return _rows(block, scale, grade_scale(block, scale))
    start, end = block.infusions[0].infusion_time, int(graded_until(block, scale)[0])
    rows = block.once(_ahead, scale, start + ((end - start) // _STAGE_S + 1) * _STAGE_S)
    if not rows or rows[-1].end <= end:
        return rows
    begun = rows[: bisect_left(rows, end, key=_start)]
    return [*begun[:-1], begun[-1]._replace(end=min(begun[-1].end, end))] if begun else []


def _ahead(block: Block, scale: Scale, until: int) -> Sequence[TimelineRow]:
    """The rows until then, or the end of follow-up."""
    return _rows(block, scale, grade_until(block, scale, np.minimum(block.followed_until, until)))


def _rows(block: Block, scale: Scale, verdicts: Verdicts) -> Sequence[TimelineRow]:
    """The rows of the one patient."""
    whose, said, rows = Glance(block, 0), tables_of(block, scale).said.values, stretches(verdicts)
    columns = (column.tolist() for column in (rows.start, rows.end, rows.said))
    return [timeline_row(whose, scale, start, end, *said[code]) for start, end, code in zip(*columns, strict=True)]


def _changed(
    key: tuple[int, str], rows: Sequence[TimelineRow], before: Sequence[TimelineRow], until: int
) -> Changed | None:
    """The rows of two timelines that say different things about some moment until then; the last of each lasts on."""
    pairs = enumerate(zip(rows, before, strict=False))
    first = next((place for place, (one, other) in pairs if one != other), min(len(rows), len(before)))
    starts, ends = {row.start for row in (*rows[first:], *before[first:])}, {row.end for row in rows[first:]}
    both = [(t, _begun(rows, t), _begun(before, t)) for t in sorted(starts | ends) if t <= until]
    differ = [
        (one, other)
        for t, one, other in both
        if _says(one) != _says(other) or (_holds(other, t) and not _holds(one, t))
    ]
    if not differ:
        return None
    return Changed(*key, *(tuple(row for row in dict.fromkeys(of) if row) for of in zip(*differ, strict=True)))


def _begun(rows: Sequence[TimelineRow], t: int) -> TimelineRow | None:
    """The last row that has begun."""
    place = bisect_right(rows, t, key=_start)
    return rows[place - 1] if place else None


def _holds(row: TimelineRow | None, t: int) -> bool:
    return row is not None and (t < row.end or t == row.start)


def _says(row: TimelineRow | None) -> tuple[object, ...] | None:
    return row[5:] if row else None


def _start(row: TimelineRow) -> int:
    return row.start
