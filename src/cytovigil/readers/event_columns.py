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

MANY = 1 << 19  # rows of a block, at most: of fewer, what does not grow with them takes the longer
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
    waiting, rows, patients = list[Piece](), 0, 0
    for piece in pieces:
        rows, patients = rows + len(piece.time), patients + len(piece.infusions)
        if waiting and (rows > MANY or patients > PATIENTS):
            yield _joined(waiting, kinds)
            rows, patients = len(piece.time), len(piece.infusions)
        waiting.append(piece)
        del piece  # not kept while the next are read
    if waiting:
        yield _joined(waiting, kinds)


def _joined(pieces: list[Piece], kinds: Sequence[Event]) -> EventColumns:
    """These pieces as one; the list is emptied, that memory holds them once."""
    before = np.cumsum([0, *(len(one.infusions) for one in pieces[:-1])])
    infusions = [one for piece in pieces for one in piece.infusions]
    patient = np.concatenate([one.patient + more for one, more in zip(pieces, before, strict=True)])
    time, end, recorded, kind, replaced = (
        np.concatenate(columns)
        for columns in zip(*((one.time, one.end, one.recorded, one.kind, one.replaced) for one in pieces), strict=True)
    )
    texts_of = _Texts([(len(one.time), one.cells) for one in pieces])
    pieces.clear()
    late = bool((recorded != NEVER).any())
    known_at = np.where(recorded == NEVER, time, recorded) if late else time
    given = recorded if late else None

    def event(row: int) -> Event:
        source_id, recorded_by, text = texts_of.row(row)
        recorded_at = NEVER if given is None else int(given[row])
        template: Event = kinds[kind[row]]
        return template._replace(
            patient_id=infusions[patient[row]][0].patient_id, time=int(time[row]),
            end=None if end[row] == NEVER else int(end[row]),
            recorded_at=None if recorded_at == NEVER else recorded_at,
            source_id=source_id, recorded_by=recorded_by, text=text,
        )  # fmt: skip

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
