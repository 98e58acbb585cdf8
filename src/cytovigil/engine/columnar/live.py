"""A block of one patient to whom rows come: what rests on rows that did not change is not made again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints
from cytovigil.engine.columnar.block import Block, Known, Records
from cytovigil.engine.columnar.charted import Charted, charted_of, kind_of
from cytovigil.engine.columnar.counted import NO_ROWS, Kept, Rows, counted_rows
from cytovigil.engine.corrections import replaced, standing, withdrawals
from cytovigil.engine.record import Record
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.settings import Settings

T = TypeVar("T")

EVERY = ""  # stands for all signals, among those asked for


class LiveBlock(Block):
    """One patient, one infusion, without attributions and counts that cannot be read.

    Everything that is made `once` is a function of the settings, the patient, and the rows it asks for. While it is
    made the signals it asks for are noted, those of what it rests on too; it is forgotten when one of them has a new
    row, and only then. So what is kept is what would be made again, and no state of a course is carried on.
    """

    def __init__(self, patient: Patient, settings: Settings, known: Known) -> None:
        """Without rows."""
        super().__init__(charted_of([Course((patient,), ())], known.kinds), settings, known)
        self.records: Records = _Whole(self)
        self._charts: dict[str, _Chart] = {}
        self._withdrawn: dict[str, int] = {}
        self._asked: set[str] = set()
        self._rest_on: dict[tuple[Any, ...], set[str]] = {}

    def add(self, events: Iterable[Event]) -> None:
        """More rows, in any order."""
        by_signal: dict[str, list[Event]] = {}
        for event in events:
            by_signal.setdefault(event.signal, []).append(event)
        for signal, rows in by_signal.items():
            self._charts.setdefault(signal, _Chart(self)).add(rows)
        withdrawn = withdrawals(row for rows in by_signal.values() for row in rows)
        for source, known_at in withdrawn.items():
            self._withdrawn[source] = max(known_at, self._withdrawn.get(source, known_at))
        changed = {signal for signal, chart in self._charts.items() if chart.has_one_of(withdrawn)} | by_signal.keys()
        for signal in changed:
            self._charts[signal].count(self._withdrawn)
        self._forget(changed)

    def once(self, make: Callable[..., T], *of: Any) -> T:
        """What a function makes of this block, and of a signal for example: made again when rows it asks for change."""
        key = make, *of
        if key not in self._rest_on:
            asked, self._asked = self._asked, set()
            self._made[key] = make(self, *of)
            self._rest_on[key], self._asked = self._asked, asked
        self._asked |= self._rest_on[key]
        found: T = self._made[key]
        return found

    def rows(self, signal: str) -> Rows:
        """The rows of a signal, as they count."""
        self._asked.add(signal)
        if signal not in self._rows:
            chart = self._charts.get(signal)
            self._rows[signal] = chart.rows(signal) if chart else NO_ROWS
        return self._rows[signal]

    def record(self) -> Record:
        """The reference engine's record of the patient."""
        self._asked.add(EVERY)
        events = [event for chart in self._charts.values() for event in chart.events]
        return Record(self.infusions[0], events, self.settings)

    def _forget(self, changed: set[str]) -> None:
        gone = changed | {EVERY}
        for key in [key for key, signals in self._rest_on.items() if not gone.isdisjoint(signals)]:
            del self._rest_on[key], self._made[key]
        for signal in changed:
            self._rows.pop(signal, None)
        last = max((chart.last for chart in self._charts.values()), default=-NEVER)
        self.kept = self.kept._replace(last_event=np.array([last], np.int64))
        self.notes = [[]]


class _Whole(Records):
    """The one record of a live block."""

    def __init__(self, block: LiveBlock) -> None:
        self._block = block

    def __getitem__(self, place: int) -> Record:
        return self._block.once(LiveBlock.record)


class _Chart:
    """Rows of one signal, in the order in which they came, and the places of those that count, by time.

    `last` is the time of the last row that was not withdrawn.
    """

    def __init__(self, block: LiveBlock) -> None:
        self._block = block
        self.events: list[Event] = []
        self.last = -NEVER
        self._columns = np.zeros((4, 0), np.int64)  # time, end, known_at, kind
        self._sources: set[str] = set()
        self._corrects = False  # some row may take the place of another, or take it back
        self._places: Ints = np.zeros(0, np.int64)

    def add(self, rows: list[Event]) -> None:
        """More rows; they count only when `count` has been called."""
        kinds = self._block.known.kinds
        columns = [(e.time, NEVER if e.end is None else e.end, e.known_at, kinds.code(kind_of(e))) for e in rows]
        self._columns = np.concatenate([self._columns, np.array(columns, np.int64).T], axis=1)
        self.events += rows
        named = [row.source_id for row in rows if row.source_id]
        self._corrects |= len(set(named)) < len(named) or not self._sources.isdisjoint(named)
        self._corrects |= any(row.withdrawn for row in rows)
        self._sources.update(row.source_id for row in rows)

    def has_one_of(self, sources: Mapping[str, int]) -> bool:
        """True where some row has one of these source ids."""
        return not sources.keys().isdisjoint(self._sources)

    def count(self, withdrawn: Mapping[str, int]) -> None:
        """Say which rows count: those not withdrawn, nor replaced."""
        time = self._columns[0]
        if not self._corrects and not self.has_one_of(withdrawn):
            self._places, self.last = np.argsort(time, kind="stable"), int(time.max())
            return
        known = standing(self.events, withdrawn)
        stand = set(map(id, replaced(known)))
        places = np.flatnonzero([id(event) in stand for event in self.events])
        self._places = places[np.argsort(time[places], kind="stable")]
        self.last = max((event.time for event in known), default=-NEVER)

    def rows(self, signal: str) -> Rows:
        """The rows as they count after duplicates and ties."""
        time, end, known_at, kind = self._columns
        infusions, kinds = [(one,) for one in self._block.infusions], self._block.known.kinds.values
        each = np.arange(len(time))  # as if every row were a kind of its own
        columns = np.zeros(len(time), np.int64), time, end, known_at, each
        charted = Charted(infusions, *columns, kinds, self.events.__getitem__, np.zeros(1, np.bool_))
        return counted_rows(Kept(charted, kind, {}, time), signal, self._places, self._block)
