"""A batch of rows as columns: what each says is a kind, which is read once."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.model.events import Event, Patient
from cytovigil.model.times import EARLIEST, LATEST, NEVER
from cytovigil.readers.fields import filled
from cytovigil.readers.raw import RawEvent
from cytovigil.readers.row_kinds import Cells, Codes, Ints, KindReader, coded
from cytovigil.readers.typed_events import Batch, seconds

WeightAt = Callable[[int], float | None]
Read = Callable[[RawEvent, WeightAt], Event | None]
SAID = "source_id", "recorded_by", "text"  # what no kind of row has
_FIRST, _LAST = int(EARLIEST.timestamp()), int(LATEST.timestamp())


class Piece(NamedTuple):
    """Rows grouped by patient, a place in `infusions`; times in seconds UTC, NEVER where there is none.

    `kind` is a place in the templates of a `KindReader`; `cells` are those of `SAID`. `replaced` tells of each patient
    whether rows may take the place of others with their source id.
    """

    infusions: list[tuple[Patient, ...]]
    patient: Ints
    time: Ints
    end: Ints
    recorded: Ints
    kind: Codes
    cells: Cells
    replaced: NDArray[np.bool_]


def piece_of(
    batch: Batch, file: int, infusions: list[tuple[Patient, ...]], patient: Ints, kinds: KindReader, read: Read,
    weights: Sequence[WeightAt],
) -> Piece:  # fmt: skip
    """The columns of a batch. `patient` is the place in `infusions` of each row, -1 where it has none.

    Rows that have to be read by themselves are given to `read`, with the weight of their patient.
    """
    rows, kind = len(patient), kinds.read(batch.cells, len(patient))
    time, end, recorded = (seconds(batch.cells, name, rows) for name in ("time", "end", "recorded_at"))
    left_out = _special(time, end, recorded, kind)
    for place in np.flatnonzero(left_out & (patient >= 0)).tolist():
        one = read(batch.raw(place, file), weights[patient[place]])
        if one is not None:
            left_out[place], kind[place], time[place] = False, kinds.place_of(one), one.time
            end[place] = NEVER if one.end is None else one.end
            recorded[place] = NEVER if one.recorded_at is None else one.recorded_at
    left_out |= patient < 0
    cells = {name: batch.cells[name] for name in SAID if name in batch.cells}
    if left_out.any():
        kept = np.flatnonzero(~left_out)
        patient, time, end, recorded = (column[kept] for column in (patient, time, end, recorded))
        kind = kind[kept]
        cells = {name: column.take(kept) for name, column in cells.items()}
    replaced = _replaced(cells, patient, recorded, len(infusions))
    return Piece(infusions, patient, time, end, recorded, kind, cells, replaced)


def _special(time: Ints, end: Ints, recorded: Ints, kind: Codes) -> NDArray[np.bool_]:
    """Rows that have to be read by themselves."""
    found: NDArray[np.bool_] = (kind < 0) | (end <= time)
    if time.min(initial=_FIRST) < _FIRST or time.max(initial=_LAST) > _LAST:
        found |= (time < _FIRST) | (time > _LAST)
    if end.min(initial=NEVER) < NEVER:
        found |= (end > _LAST) & (end != NEVER)
    if recorded.min(initial=NEVER) < NEVER:
        found |= (recorded < _FIRST) | (recorded > _LAST) & (recorded != NEVER)
    return found


def _replaced(cells: Cells, patient: Ints, recorded: Ints, patients: int) -> NDArray[np.bool_]:
    """Patients of whom two rows have one source id, one of them with a time of recording."""
    found = np.zeros(patients, np.bool_)
    if "source_id" not in cells or (recorded == NEVER).all():
        return found
    codes, words = coded(cells["source_id"])
    ids = {"": 0}  # told apart by what is in them, not by the spaces around it
    source = np.array([ids.setdefault(filled(word), len(ids)) for word in words], np.int64)[codes]
    named = source > 0
    pairs = np.sort(patient[named] * len(ids) + source[named])
    found[pairs[1:][pairs[1:] == pairs[:-1]] // len(ids)] = True
    return found
