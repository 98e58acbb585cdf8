"""Events of whole patients as columns, with the infusions of the patients: what a columnar engine takes."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.model.events import Event, Patient
from cytovigil.model.times import EARLIEST, LATEST, NEVER
from cytovigil.readers.fields import filled
from cytovigil.readers.parquet_rows import texts
from cytovigil.readers.raw import RawEvent
from cytovigil.readers.row_kinds import Codes, Ints, KindReader, coded
from cytovigil.readers.typed_events import Batch, seconds

WeightAt = Callable[[int], float | None]
_FIRST, _LAST = int(EARLIEST.timestamp()), int(LATEST.timestamp())
Read = Callable[[RawEvent, WeightAt], Event | None]


class EventColumns(NamedTuple):
    """Rows grouped by patient, a place in `infusions`; times in seconds UTC, NEVER where there is none.

    `kind` is what a row says: a place in `kinds`, which grows, and whose patient and times mean nothing. `event` gives
    one row. `replaced` tells of each patient whether rows may take the place of others with their source id.
    """

    infusions: list[tuple[Patient, ...]]
    patient: Ints
    time: Ints
    end: Ints
    known_at: Ints
    kind: Codes
    kinds: Sequence[Event]
    event: Callable[[int], Event]
    replaced: NDArray[np.bool_]


def event_columns(
    batch: Batch, file: int, infusions: Sequence[tuple[Patient, ...]], patient: Ints, kinds: KindReader, read: Read,
    weights: Sequence[WeightAt],
) -> EventColumns:  # fmt: skip
    """The columns of a batch. `patient` is the place in `infusions` of each row, -1 where it has none.

    Rows that have to be read by themselves are given to `read`, with the weight of their patient.
    """
    rows, kind = len(patient), kinds.read(batch.cells, len(patient))
    times = _Times(*(seconds(batch.cells, name, rows) for name in ("time", "end", "recorded_at")))
    special = _special(times, kind)
    alone: dict[int, Event] = {}
    for place in np.flatnonzero(special & (patient >= 0)).tolist():
        one = read(batch.raw(place, file), weights[patient[place]])
        if one is not None:
            alone[place], kind[place] = one, kinds.place_of(one)
            times.take(place, one)
    special[list(alone)] = False
    kept = np.flatnonzero((patient >= 0) & ~special)

    def event(row: int) -> Event:
        place = int(kept[row])
        return alone[place] if place in alone else _event(batch, place, kinds.templates[kind[place]], times)

    replaced = _replaced(batch, patient, kept, times.recorded, len(infusions))
    columns = patient, times.time, times.end, times.known_at, kind
    if len(kept) < rows:
        columns = patient[kept], times.time[kept], times.end[kept], times.known_at[kept], kind[kept]
    return EventColumns(list(infusions), *columns, kinds.templates, event, replaced)


class _Times(NamedTuple):
    """Of each row; NEVER where there is none."""

    time: Ints
    end: Ints
    recorded: Ints

    @property
    def known_at(self) -> Ints:
        """When each row became known."""
        if (self.recorded == NEVER).all():
            return self.time
        return np.where(self.recorded == NEVER, self.time, self.recorded)

    def take(self, place: int, event: Event) -> None:
        """Those of a row that was read by itself."""
        self.time[place] = event.time
        self.end[place] = NEVER if event.end is None else event.end
        self.recorded[place] = NEVER if event.recorded_at is None else event.recorded_at


def _special(times: _Times, kind: Codes) -> NDArray[np.bool_]:
    """Rows that have to be read by themselves."""
    time, end, recorded = times
    found: NDArray[np.bool_] = (kind < 0) | (end <= time)
    if time.min(initial=_FIRST) < _FIRST or time.max(initial=_LAST) > _LAST:
        found |= (time < _FIRST) | (time > _LAST)
    if end.min(initial=NEVER) < NEVER:
        found |= (end > _LAST) & (end != NEVER)
    if recorded.min(initial=NEVER) < NEVER:
        found |= (recorded < _FIRST) | (recorded > _LAST) & (recorded != NEVER)
    return found


def _event(batch: Batch, place: int, template: Event, times: _Times) -> Event:
    source_id, recorded_by, text = (_said(batch, name, place) for name in ("source_id", "recorded_by", "text"))
    time, end, recorded_at = (None if (at := int(column[place])) == NEVER else at for column in times)
    assert time is not None
    return template._replace(
        patient_id=batch.patients[batch.patient[place]], time=time, end=end, recorded_at=recorded_at,
        source_id=source_id, recorded_by=recorded_by, text=text,
    )  # fmt: skip


def _said(batch: Batch, name: str, place: int) -> str:
    return filled(texts(batch.cells[name].slice(place, 1))[0]) if name in batch.cells else ""


def _replaced(batch: Batch, patient: Ints, kept: Ints, recorded: Ints, patients: int) -> NDArray[np.bool_]:
    """Patients of whom two rows have one source id, one of them with a time of recording."""
    found = np.zeros(patients, np.bool_)
    if "source_id" not in batch.cells or (recorded[kept] == NEVER).all():
        return found
    codes, words = coded(batch.cells["source_id"])
    ids = {"": 0}  # told apart by what is in them, not by the spaces around it
    source = np.array([ids.setdefault(filled(word), len(ids)) for word in words], np.int64)[codes[kept]]
    named = source > 0
    pairs = np.sort(patient[kept][named] * len(ids) + source[named])
    found[pairs[1:][pairs[1:] == pairs[:-1]] // len(ids)] = True
    return found
