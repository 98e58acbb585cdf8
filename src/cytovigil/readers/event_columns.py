"""Events of whole patients as columns, with the infusions of the patients: what a columnar engine takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.model.events import Event, Patient
from cytovigil.model.times import EARLIEST, LATEST, NEVER
from cytovigil.readers.fields import filled
from cytovigil.readers.parquet_rows import texts
from cytovigil.readers.raw import RawEvent
from cytovigil.readers.row_kinds import Cells, Codes, Ints, KindReader, coded
from cytovigil.readers.typed_events import Batch, seconds

WeightAt = Callable[[int], float | None]
MANY = 1 << 19  # rows of a block: of fewer, what does not grow with them takes the longer
_SAID = "source_id", "recorded_by", "text"
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
    said = _Said({name: batch.cells[name] for name in _SAID if name in batch.cells}, batch.patients, batch.patient)

    def event(row: int) -> Event:
        place = int(kept[row])
        return alone[place] if place in alone else said.event(place, kinds.templates[kind[place]], times)

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


class _Said(NamedTuple):
    """What is kept of a batch to give one row of it: these cells, and whose it is."""

    cells: Cells
    patients: Sequence[str]
    patient: Ints

    def event(self, place: int, template: Event, times: _Times) -> Event:
        """One row, which says what the template says."""
        time, end, recorded_at = (None if (at := int(column[place])) == NEVER else at for column in times)
        assert time is not None
        source_id, recorded_by, text = (self._text(name, place) for name in _SAID)
        return template._replace(
            patient_id=self.patients[self.patient[place]], time=time, end=end, recorded_at=recorded_at,
            source_id=source_id, recorded_by=recorded_by, text=text,
        )  # fmt: skip

    def _text(self, name: str, place: int) -> str:
        return filled(texts(self.cells[name].slice(place, 1))[0]) if name in self.cells else ""


def joined(pieces: Iterable[EventColumns]) -> Iterator[EventColumns]:
    """The same patients, as many pieces at once as have `MANY` rows; all have the same `kinds`."""
    waiting = list[EventColumns]()
    for piece in pieces:
        waiting.append(piece)
        if sum(len(one.time) for one in waiting) >= MANY:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(pieces: Sequence[EventColumns]) -> EventColumns:
    if len(pieces) == 1:
        return pieces[0]
    ends = np.cumsum([len(one.time) for one in pieces])
    before = np.cumsum([0, *(len(one.infusions) for one in pieces[:-1])])
    of_pieces = [
        (one.patient + more, one.time, one.end, one.known_at, one.kind)
        for one, more in zip(pieces, before, strict=True)
    ]
    patient, time, end, known_at, kind = (np.concatenate(column) for column in zip(*of_pieces, strict=True))

    def event(row: int) -> Event:
        piece = int(np.searchsorted(ends, row, side="right"))
        return pieces[piece].event(row - int(ends[piece]) + len(pieces[piece].time))

    infusions = [one for piece in pieces for one in piece.infusions]
    replaced = np.concatenate([one.replaced for one in pieces])
    return EventColumns(infusions, patient, time, end, known_at, kind, pieces[0].kinds, event, replaced)


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
