"""Events of whole patients as columns, with the infusions of the patients: what a columnar engine takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.model.events import Event, Patient
from cytovigil.model.times import NEVER
from cytovigil.readers.fields import filled
from cytovigil.readers.parquet_rows import texts
from cytovigil.readers.pieces import SAID, Piece
from cytovigil.readers.row_kinds import Cells, Codes, Ints

MANY = 1 << 20  # rows of a block, at most: of fewer, what does not grow with them takes the longer
PATIENTS = 5_000  # of a block, at most


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


def joined(pieces: Iterable[Piece], kinds: Sequence[Event]) -> Iterator[EventColumns]:
    """The same rows, up to `MANY` at once where a piece has no more, of not too many patients.

    `kinds` are those of all pieces.
    """
    filling: _Filling | None = None
    for piece in pieces:
        if filling and not filling.has_room(piece):
            full, filling = filling.columns(kinds), None
            yield full
            del full  # not kept while the next are read
        filling = filling or _Filling(max(MANY, len(piece.time)))
        filling.add(piece)
        del piece  # nor this
    if filling:
        yield filling.columns(kinds)


class _Filling:
    """Columns for so many rows, filled piece by piece: a piece can go once it is in."""

    def __init__(self, rows: int) -> None:
        self._long = [np.empty(rows, np.int64) for _ in range(4)]  # patient, time, end, recorded
        self._kind = np.empty(rows, np.int32)
        self._rows = 0
        self._infusions: list[tuple[Patient, ...]] = []
        self._replaced: list[NDArray[np.bool_]] = []
        self._cells: list[tuple[int, Cells]] = []

    def has_room(self, piece: Piece) -> bool:
        patients = len(self._infusions) + len(piece.infusions)
        return self._rows + len(piece.time) <= len(self._kind) and patients <= PATIENTS

    def add(self, piece: Piece) -> None:
        rows = slice(self._rows, self._rows + len(piece.time))
        new = piece.patient + len(self._infusions), piece.time, piece.end, piece.recorded
        for column, values in zip(self._long, new, strict=True):
            column[rows] = values
        self._kind[rows] = piece.kind
        self._rows = rows.stop
        self._infusions += piece.infusions
        self._replaced.append(piece.replaced)
        self._cells.append((len(piece.time), piece.cells))

    def columns(self, kinds: Sequence[Event]) -> EventColumns:
        """All that came."""
        patient, time, end, recorded = (one[: self._rows] for one in self._long)
        kind = self._kind[: self._rows]
        late = recorded if (recorded != NEVER).any() else None
        texts_of, infusions = _Texts(self._cells), self._infusions

        def event(row: int) -> Event:
            source_id, recorded_by, text = texts_of.row(row)
            recorded_at = NEVER if late is None else int(late[row])
            template: Event = kinds[kind[row]]
            return template._replace(
                patient_id=infusions[patient[row]][0].patient_id, time=int(time[row]),
                end=None if end[row] == NEVER else int(end[row]),
                recorded_at=None if recorded_at == NEVER else recorded_at,
                source_id=source_id, recorded_by=recorded_by, text=text,
            )  # fmt: skip

        known_at = time if late is None else np.where(late == NEVER, time, late)
        replaced = np.concatenate(self._replaced)
        return EventColumns(infusions, patient, time, end, known_at, kind, kinds, event, replaced)


class _Texts:
    """Those cells of rows that are texts: of pieces of so many rows, one after the other."""

    def __init__(self, pieces: Sequence[tuple[int, Cells]]) -> None:
        self._ends = np.cumsum([rows for rows, _ in pieces])
        self._pieces = pieces

    def row(self, row: int) -> tuple[str, ...]:
        """The cells of one row, empty where it has none."""
        number = int(np.searchsorted(self._ends, row, side="right"))
        rows, cells = self._pieces[number]
        place = row - int(self._ends[number]) + rows
        return tuple(filled(texts(cells[name].slice(place, 1))[0]) if name in cells else "" for name in SAID)
