"""What was charted of some patients, as columns: what a block is made of. Readers give it; or it is made of courses."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.engine.columnar.arrays import NEVER, Ints, Numbers, Truths
from cytovigil.engine.columnar.codes import Codes
from cytovigil.engine.record import ATTRIBUTION
from cytovigil.model.events import UNREADABLE, Course, Event, Patient
from cytovigil.model.vocabulary import signals


class Charted(NamedTuple):
    """Rows of whole patients, grouped by patient; times in seconds UTC.

    `infusions` of each patient, in order of time; `patient` is a place in it. `end` is NEVER where a row has none.
    `kind` is what a row says: a place in `kinds`, events whose patient and times do not count. `event` gives one row.
    `replaced` tells of each patient whether a row may take the place of another with its source id.
    """

    infusions: Sequence[tuple[Patient, ...]]
    patient: Ints
    time: Ints
    end: Ints
    known_at: Ints
    kind: Numbers
    kinds: Sequence[Event]
    event: Callable[[int], Event]
    replaced: Truths

    def course(self, place: int) -> Course:
        """Everything known of one patient."""
        first, after = np.searchsorted(self.patient, [place, place + 1])
        return Course(self.infusions[place], tuple(self.event(row) for row in range(first, after)))

    def alone(self, place: int) -> Course:
        """One patient without events."""
        return Course(self.infusions[place], ())

    def plain(self, kinds: "Kinds") -> Truths:
        """Patients whom columns can grade; False: several infusions, attributions, rows withdrawn or replaced."""
        found = np.array([len(infusions) == 1 for infusions in self.infusions], np.bool_) & ~self.replaced
        odd = kinds.said(self.kinds).odd
        if odd.any():
            found[self.patient[odd[self.kind]]] = False
        return found

    def of(self, chosen: Truths) -> "Charted":
        """These patients alone."""
        if chosen.all():
            return self
        rows = np.flatnonzero(chosen[self.patient])
        places = np.cumsum(chosen) - 1
        return Charted(
            [infusions for infusions, one in zip(self.infusions, chosen, strict=True) if one],
            places[self.patient[rows]], self.time[rows], self.end[rows], self.known_at[rows], self.kind[rows],
            self.kinds, lambda row: self.event(int(rows[row])), self.replaced[chosen],
        )  # fmt: skip


class Said(NamedTuple):
    """Of each kind of row its code in the run, its signal's place in `signals`, and whether columns cannot take it."""

    code: Ints
    signal: NDArray[np.int16]
    odd: Truths
    signals: list[str]


class Kinds(Codes[Event]):
    """Kinds of rows of a run, and what the lists of kinds that blocks bring are in it."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[int, tuple[Sequence[Event], Said]] = {}

    def said(self, kinds: Sequence[Event]) -> Said:
        """What each of `kinds` is here; of a list that has grown since the last block its new ones are asked."""
        none = np.zeros(0, np.int64)
        known = self._said.get(id(kinds), (kinds, Said(none, none.astype(np.int16), none.astype(np.bool_), [])))[1]
        if new := kinds[len(known.code) :]:
            names = list(dict.fromkeys([*known.signals, *(one.signal for one in new)]))
            known = Said(
                np.append(known.code, [self.code(one) for one in new]),
                np.append(known.signal, np.array([names.index(one.signal) for one in new], np.int16)),
                np.append(known.odd, np.array([_is_odd(one) for one in new], np.bool_)),
                names,
            )
            self._said[id(kinds)] = kinds, known  # the list too: while it lives no other has its id
        return known


def kind_of(row: Event) -> Event:
    """What a row says, and each row of a tie, whoever charted it and when."""
    return row._replace(
        patient_id="", time=0, end=None, recorded_at=None, source_id="", recorded_by="", text="", shown="",
        tied=tuple(map(kind_of, row.tied)),
    )  # fmt: skip


def charted_of(courses: Sequence[Course], kinds: Codes[Event]) -> Charted:
    """Courses as columns; `kinds` grows."""
    events = [event for course in courses for event in course.events]
    counts = [len(course.events) for course in courses]
    columns = np.array(
        [(e.time, NEVER if e.end is None else e.end, e.known_at, kinds.code(kind_of(e))) for e in events], np.int64
    ).reshape(-1, 4)
    ordered = [tuple(sorted(one.infusions, key=lambda p: (p.infusion_time, p.infusion))) for one in courses]
    patient = np.repeat(np.arange(len(courses), dtype=np.int64), counts)
    time, end, known_at, kind = columns.T
    replaced = np.array([*map(_replaces, courses)], np.bool_)
    return Charted(ordered, patient, time, end, known_at, kind, kinds.values, events.__getitem__, replaced)


def _replaces(course: Course) -> bool:
    sources = [event.source_id for event in course.events if event.source_id and event.recorded_at is not None]
    return len(set(sources)) < len(sources) or any(
        event.source_id in sources for event in course.events if event.source_id and event.recorded_at is None
    )


def _is_odd(kind: Event) -> bool:
    unread = kind.word == UNREADABLE and signals()[kind.signal].kind == "number"
    return kind.signal == ATTRIBUTION or kind.withdrawn or unread
