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
    rows = len(patient)
    time, end, recorded = (seconds(batch.cells, name, rows) for name in ("time", "end", "recorded_at"))
    kind = kinds.read(batch.cells, rows)
    special = _special(time, end, recorded, kind)
    alone: dict[int, Event] = {}
    for place in np.flatnonzero(special & (patient >= 0)).tolist():
        one = read(batch.raw(place, file), weights[patient[place]])
        if one is not None:
            alone[place] = one
            kind[place] = kinds.place_of(one)
            time[place], end[place] = one.time, NEVER if one.end is None else one.end
            recorded[place] = NEVER if one.recorded_at is None else one.recorded_at
    special[list(alone)] = False
    kept = np.flatnonzero((patient >= 0) & ~special)

    def event(row: int) -> Event:
        place = int(kept[row])
        return (
            alone[place] if place in alone else _event(batch, place, kinds.templates[kind[place]], time, end, recorded)
        )

    replaced = _replaced(batch, patient, kept, recorded, len(infusions))
    known_at = np.where(recorded == NEVER, time, recorded) if (recorded != NEVER).any() else time
    found = EventColumns(list(infusions), patient, time, end, known_at, kind, kinds.templates, event, replaced)
    if len(kept) == rows:
        return found
    return found._replace(
        patient=patient[kept], time=time[kept], end=end[kept], known_at=known_at[kept], kind=kind[kept]
    )


def _special(time: Ints, end: Ints, recorded: Ints, kind: Codes) -> NDArray[np.bool_]:
    """Rows that have to be read by themselves."""
    found: NDArray[np.bool_] = (kind < 0) | (end <= time)
    if time.min(initial=_FIRST) < _FIRST or time.max(initial=_LAST) > _LAST:
        found |= (time < _FIRST) | (time > _LAST)
    if recorded.min(initial=NEVER) < NEVER:
        found |= (recorded < _FIRST) | (recorded > _LAST) & (recorded != NEVER)
    return found


def _event(batch: Batch, place: int, template: Event, time: Ints, end: Ints, recorded: Ints) -> Event:
    source_id, recorded_by, text = (_said(batch, name, place) for name in ("source_id", "recorded_by", "text"))
    return template._replace(
        patient_id=batch.patients[batch.patient[place]], time=int(time[place]),
        end=None if end[place] == NEVER else int(end[place]),
        recorded_at=None if recorded[place] == NEVER else int(recorded[place]),
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
    source = codes[kept]
    named = np.array([bool(filled(word)) for word in words], np.bool_)[source]
    pairs = patient[kept][named] * (int(source.max(initial=0)) + 1) + source[named]
    order = np.sort(pairs)
    twice = np.unique(order[1:][order[1:] == order[:-1]])
    found[np.unique(patient[kept][named][np.isin(pairs, twice)])] = True
    return found
