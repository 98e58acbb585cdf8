"""Rows as they count after duplicates and ties: by columns; where two rows meet, by the reference's own functions."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, first_of_runs, packed
from cytovigil.engine.columnar.charted import Charted, Kinds, kind_of
from cytovigil.engine.record import counted, doses_once
from cytovigil.model.events import Event
from cytovigil.model.times import FOR_EVER, MINUTE
from cytovigil.model.vocabulary import signals

if TYPE_CHECKING:
    from cytovigil.engine.columnar.block import Block


class Rows(NamedTuple):
    """The rows of one signal, as they count, by patient and time.

    `patient` is the place in the block, `time` and `until` (when the row ceases to hold) seconds UTC, `ended` tells
    whether it has an end of its own, `kind` what it says: a place in the kinds of the run.
    """

    patient: Ints
    time: Ints
    until: Ints
    ended: Truths
    kind: Ints

    def at(self, places: Ints | Truths) -> "Rows":
        """Some of the rows."""
        patient, time, until, ended, kind = self
        return Rows(patient[places], time[places], until[places], ended[places], kind[places])


_NONE = np.zeros(0, np.int64)
NO_ROWS = Rows(_NONE, _NONE, _NONE, np.zeros(0, np.bool_), _NONE)


class Kept(NamedTuple):
    """Charted rows known by then: `kind` of each kind its code in the run, `of_signal` rows by patient and time."""

    charted: Charted
    kind: Ints
    of_signal: dict[str, Ints]
    last_event: Ints


def kept_rows(charted: Charted, kinds: Kinds, as_of: int | None) -> Kept:
    """The rows that were known, sorted into signals."""
    said = kinds.said(charted.kinds)
    patient, time, signal = charted.patient, charted.time, said.signal[charted.kind]
    known = None if as_of is None else np.flatnonzero(charted.known_at <= as_of)
    if known is not None:
        patient, time, signal = patient[known], time[known], signal[known]
    if (time[1:] >= time[:-1])[patient[1:] == patient[:-1]].all():
        order = np.argsort(signal, kind="stable")
    else:
        order = np.lexsort((time, patient, signal))
    places = order if known is None else known[order]
    edges = np.append(0, np.cumsum(np.bincount(signal, minlength=len(said.signals)))).tolist()
    of_signal = {name: places[edges[at] : edges[at + 1]] for at, name in enumerate(said.signals)}
    last = np.full(len(charted.infusions), -NEVER, np.int64)
    if len(time):
        first = np.flatnonzero(first_of_runs(patient))
        last[patient[first]] = np.maximum.reduceat(time, first)
    return Kept(charted, said.code, {name: found for name, found in of_signal.items() if len(found)}, last)


def counted_rows(kept: Kept, signal: str, places: Ints, block: "Block") -> Rows:
    """The rows of a signal; notes on doses left out go to the block."""
    charted = kept.charted
    patient, time = charted.patient[places], charted.time[places]
    meets = _meeting(patient, time, signal, block)
    end, kind = charted.end[places], kept.kind[charted.kind[places]]
    if not meets.any():
        return _rows(signal, patient, time, end, kind)
    alone = ~meets
    rows = _rows(signal, patient[alone], time[alone], end[alone], kind[alone])
    return _merged(rows, _settled(charted, signal, places[meets], block))


def _meeting(patient: Ints, time: Ints, signal: str, block: "Block") -> Truths:
    """Rows at one moment; of a drug all rows of a patient in whom two lie near each other."""
    drug = signals()[signal].kind == "drug"
    near_s = block.settings.same_dose_min * MINUTE if drug else 0
    close = (patient[1:] == patient[:-1]) & (time[1:] - time[:-1] <= near_s)
    meets = np.zeros(len(time), np.bool_)
    meets[1:] |= close
    meets[:-1] |= close
    if drug:
        chosen = np.zeros(block.size, np.bool_)
        chosen[patient[meets]] = True
        meets = chosen[patient]
    return meets


def _settled(charted: Charted, signal: str, places: Ints, block: "Block") -> Rows:
    """Rows that meet, as the reference counts them."""
    found: list[tuple[int, int, int, int]] = []
    patients, times = charted.patient[places].tolist(), charted.time[places].tolist()
    drug = signals()[signal].kind == "drug"
    groups: dict[tuple[int, int], list[Event]] = {}
    for place, patient, time in zip(places.tolist(), patients, times, strict=True):
        groups.setdefault((patient, 0 if drug else time), []).append(charted.event(place))
    for (patient, _), events in groups.items():
        rows = counted(signals()[signal], events)
        if drug:
            rows, notes = doses_once(rows, block.settings)
            block.notes[patient] += notes
        kinds = block.known.kinds
        found += [(patient, row.time, NEVER if row.end is None else row.end, kinds.code(kind_of(row))) for row in rows]
    patient_, time_, end, kind = np.array(found, np.int64).reshape(-1, 4).T
    return _rows(signal, patient_, time_, end, kind)


def _rows(signal: str, patient: Ints, time: Ints, end: Ints, kind: Ints) -> Rows:
    valid_s = signals()[signal].valid_s
    ended = end != NEVER
    lasting = FOR_EVER if valid_s is None else time + valid_s
    return Rows(patient, time, np.where(ended, end, lasting), ended, kind)


def _merged(one: Rows, other: Rows) -> Rows:
    patient, time, until, ended, kind = (np.concatenate(both) for both in zip(one, other, strict=True))
    every = Rows(patient, time, until, ended.astype(np.bool_), kind)
    return every.at(np.argsort(packed(patient, time), kind="stable"))
