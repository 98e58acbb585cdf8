"""What a scale needs of a block: its facts side by side between the moments at which anything changes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, packed, patient_of, time_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Codes, Tabulated
from cytovigil.engine.columnar.measures import track
from cytovigil.engine.columnar.verdicts import Said
from cytovigil.engine.verdicts import Facts
from cytovigil.logic.scale import Scale
from cytovigil.model.vocabulary import signals


class ScaleTables:
    """Of one scale, what its combinations of facts are, by code; filled as they occur.

    `longest_s`: how long the last event tells something, by the longest validity of the scale's signals.
    """

    def __init__(self, scale: Scale, block: Block) -> None:
        self.scale = scale
        self.longest_s = max(signals()[name].valid_s or 0 for name in scale.signals)
        self.said: Codes[Said] = Codes()
        self.states: Codes[frozenset[str]] = Codes()
        self.combinations: Codes[tuple[int, ...]] = Codes()
        self.combined = Tabulated(lambda *codes: self.combinations.code(codes))
        self._books = [block.known.facts[field] for field in scale.fields]

    def facts(self, combination: int) -> Facts:
        """The facts of a combination, by field name."""
        codes = self.combinations.values[combination]
        return {
            field.name: book.values[code]
            for field, book, code in zip(self.scale.fields, self._books, codes, strict=True)
        }


class Segments(NamedTuple):
    """Between them no fact changes. By patient and time; `facts` are combinations of the scale's tables."""

    patient: Ints
    start: Ints
    end: Ints
    facts: Ints

    @property
    def keys(self) -> Ints:
        """Patient and start, packed."""
        return packed(self.patient, self.start)


def tables_of(block: Block, scale: Scale) -> ScaleTables:
    """The tables of a scale in this run."""
    made: ScaleTables = block.known.table(scale, lambda: ScaleTables(scale, block))
    return made


def segments(block: Block, scale: Scale, start: Ints, end: Ints, others: Sequence[Ints] = ()) -> Segments:
    """From each `start` until `end` (none where it is not later), cut where a fact changes, or at `others`."""
    steps = [track(block, field) for field in scale.fields]
    graded = end > start
    begin = packed(block.patients, start)
    keys = np.concatenate([begin[graded], *(one.keys for one in steps), *others])
    patient, time = patient_of(keys), time_of(keys)
    keys = np.unique(keys[graded[patient] & (time >= start[patient]) & (time < end[patient])])
    patient, time = patient_of(keys), time_of(keys)
    until = np.empty_like(time)
    until[:-1] = time[1:]
    last = np.ones(len(keys), np.bool_)
    last[:-1] = patient[1:] != patient[:-1]
    until[last] = end[patient[last]]
    combined = tables_of(block, scale).combined([one.at(keys) for one in steps])
    return Segments(patient, time, until, combined)
