"""Spans of time of some patients as step functions."""

from collections.abc import Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths, packed
from cytovigil.engine.columnar.codes import Codes
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.steps import Steps, beginnings, constant, side_by_side

T = TypeVar("T", bound=Hashable)


class Spans(NamedTuple):
    """Patient, from when, and until when; those that are over before they begin are none."""

    patient: Ints
    start: Ints
    end: Ints

    def of(self, which: Truths) -> "Spans":
        """Some of them."""
        return Spans(self.patient[which], self.start[which], self.end[which])


def covered(size: int, spans: Spans) -> Steps:
    """1 while some span of the patient holds, else 0."""
    spans = spans.of(spans.end > spans.start)
    if not len(spans.start):
        return constant(size, 0)
    starts, ends = packed(spans.patient, spans.start), packed(spans.patient, spans.end)
    if not (starts[1:] >= starts[:-1]).all():
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
    longest = np.maximum.accumulate(ends)
    opens = np.ones(len(starts), np.bool_)
    opens[1:] = starts[1:] > longest[:-1]
    closes = np.append(opens[1:], True)
    keys = np.concatenate([beginnings(size), starts[opens], longest[closes]])
    codes = np.repeat(np.array([0, 1, 0], np.int64), [size, int(opens.sum()), int(closes.sum())])
    order = np.argsort(keys, kind="stable")
    return Steps(keys[order], codes[order])


def following(rows: Rows, otherwise: Ints) -> Ints:
    """The next time at which the patient has a row of the signal; where there is none `otherwise`."""
    keys = packed(rows.patient, rows.time)
    place = np.searchsorted(keys, keys, side="right")
    inside = np.minimum(place, len(keys) - 1)
    another = (place < len(keys)) & (rows.patient[inside] == rows.patient)
    return np.where(another, rows.time[inside], otherwise)


def valid_spans(rows: Rows) -> Spans:
    """When each row holds: one with an end until then, another until a newer one of its signal is charted."""
    until = np.where(rows.ended, rows.until, np.minimum(rows.until, following(rows, rows.until)))
    return Spans(rows.patient, rows.time, until)


def together(parts: Sequence[Rows]) -> Rows:
    """Rows of several signals by patient and time; at equal times in this order of the parts."""
    patient, time, until, kind = (
        np.concatenate(columns)
        for columns in zip(*((one.patient, one.time, one.until, one.kind) for one in parts), strict=True)
    )
    rows = Rows(patient, time, until, np.concatenate([one.ended for one in parts]), kind)
    return rows.at(np.argsort(packed(patient, time), kind="stable"))


class Sets(Generic[T]):
    """Which kinds of row hold at once, as codes of sets that the run knows."""

    def __init__(self) -> None:
        self.kinds: Codes[T] = Codes()
        self._sets: Codes[tuple[int, ...]] = Codes()

    def of(self, size: int, kind: Ints, spans: Spans) -> Steps:
        """The sets of kinds that hold over time; `kind` are codes of `kinds`."""
        found = np.flatnonzero(np.bincount(kind)).tolist()
        if not found:
            return constant(size, self._sets.code(()))
        keys, each = side_by_side([covered(size, spans.of(kind == one)) for one in found])
        bits = sum((codes << place for place, codes in enumerate(each)), np.zeros(len(keys), np.int64))
        said, places = np.unique(bits, return_inverse=True)
        sets = (tuple(one for place, one in enumerate(found) if bit >> place & 1) for bit in said.tolist())
        return Steps(keys, np.array([self._sets.code(one) for one in sets], np.int64)[places]).compressed()

    def held(self, code: int) -> list[T]:
        """The kinds in a set."""
        return [self.kinds.values[kind] for kind in self._sets.values[code]]
