"""Patients of the patients table and typed events side by side, as columns."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter

import numpy as np

from cytovigil.model.events import Patient
from cytovigil.model.problems import Problem
from cytovigil.readers.event_columns import EventColumns, joined
from cytovigil.readers.events import EventReader
from cytovigil.readers.patients import PatientReader
from cytovigil.readers.pieces import Piece, piece_of
from cytovigil.readers.raw import RawPatient
from cytovigil.readers.row_kinds import KindReader
from cytovigil.readers.typed_events import TypedEvents

Infusions = tuple[Patient, ...]
Stranger = Callable[[str, int, int, int], None]  # patient_id, file, first row, rows
_LAST = 2_000  # patients without events that make a piece


class TypedSource:
    """The only table of events of a run: file `number` of it."""

    def __init__(self, events: TypedEvents, number: int) -> None:
        self.events, self.number, self.rows = events, number, events.rows

    def columns(
        self, patients: Iterator[RawPatient], reader: PatientReader, events: EventReader, note: Stranger,
        kinds: KindReader, first: int = 0, stop: int | None = None,
    ) -> Iterator[EventColumns]:  # fmt: skip
        """These patients in order of their id, with the rows of events from `first` to before `stop`.

        `note` is told of rows whose patient has no infusion.
        """
        yield from joined(self._pieces(patients, reader, events, note, kinds, first, stop), kinds.templates)

    def _pieces(
        self, patients: Iterator[RawPatient], reader: PatientReader, events: EventReader, note: Stranger,
        kinds: KindReader, first: int, stop: int | None,
    ) -> Iterator[Piece]:  # fmt: skip
        left = _Patients(patients, reader)
        for batch in self.events.batches(first, stop):
            infusions, of_id = left.until(batch.patients)
            places = np.array([of_id.get(one, -1) for one in batch.patients], np.int64)
            for place in np.flatnonzero(places < 0).tolist():
                rows = np.flatnonzero(batch.patient == place)
                note(batch.patients[place], self.number, batch.first + int(rows[0]), len(rows))
            weights = [partial(_weight_of, one) for one in infusions]
            piece = piece_of(batch, self.number, infusions, places[batch.patient], kinds, events.read, weights)
            del batch
            yield piece
            del piece  # not kept while the next are read
        while infusions := left.rest(_LAST):
            yield _without_events(infusions)


class _Patients:
    """Infusions in order of patient_id, handed out as far as the events have come."""

    def __init__(self, rows: Iterator[RawPatient], reader: PatientReader) -> None:
        self._groups = groupby(rows, key=attrgetter("patient_id"))
        self._reader = reader
        self._next = next(self._groups, None)

    def until(self, ids: Sequence[str]) -> tuple[list[Infusions], dict[str, int]]:
        """All patients up to the last of these, and the places of those among them that have an infusion."""
        infusions: list[Infusions] = []
        places: dict[str, int] = {}
        while self._next is not None and self._next[0] <= ids[-1]:
            patient_id, found = self._read()
            if found:
                places[patient_id] = len(infusions)
                infusions.append(found)
        return infusions, places

    def rest(self, most: int) -> list[Infusions]:
        """The next patients, at most so many."""
        infusions: list[Infusions] = []
        while self._next is not None and len(infusions) < most:
            _, found = self._read()
            infusions += [found] if found else []
        return infusions

    def _read(self) -> tuple[str, Infusions]:
        assert self._next is not None
        patient_id, rows = self._next
        found = self._reader.read(rows)
        self._next = next(self._groups, None)
        return patient_id, found


def note_of_stranger(file: str, patient_id: str, row: int, rows: int) -> Problem:
    """What is said of so many rows, the first of them named, whose patient has no infusion."""
    sentence = f"{rows} rows of a patient without an infusion: add the patient to the patients table"
    return Problem(file, str(row), patient_id, "patient_id", patient_id, "unknown_patient", sentence, "no")


def weight_at(time: int, infusions: Infusions) -> float | None:
    """The weight charted with the infusion before this time, else with the first that has one."""
    known = [p for p in infusions if p.weight_kg is not None]
    before = [p for p in known if p.infusion_time <= time]
    return (before[-1] if before else known[0]).weight_kg if known else None


def _weight_of(infusions: Infusions, time: int) -> float | None:
    return weight_at(time, infusions)


def _without_events(infusions: list[Infusions]) -> Piece:
    none = np.zeros(0, np.int64)
    nobody = np.zeros(len(infusions), np.bool_)
    return Piece(infusions, none, none, none, none, none.astype(np.int32), {}, nobody)
