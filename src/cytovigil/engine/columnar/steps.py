"""Step functions of all patients of a block side by side: codes that hold from a moment until the next."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths, first_of_runs, packed, patient_of
from cytovigil.model.times import BEGINNING


class Steps(NamedTuple):
    """`keys`: patient and time packed, rising; each patient has a step at BEGINNING. `codes`: what holds from there."""

    keys: Ints
    codes: Ints

    def at(self, keys: Ints) -> Ints:
        """The codes at these moments."""
        return self.codes[np.searchsorted(self.keys, keys, side="right") - 1]

    def compressed(self) -> "Steps":
        """Without steps that change nothing."""
        changes = first_of_runs(patient_of(self.keys), self.codes)
        return Steps(self.keys[changes], self.codes[changes])

    def replaced(self, chosen: Truths, others: "Steps") -> "Steps":
        """The steps of the `chosen` patients taken from `others`, which has no other patient's."""
        kept = ~chosen[patient_of(self.keys)]
        keys, codes = np.concatenate([self.keys[kept], others.keys]), np.concatenate([self.codes[kept], others.codes])
        order = np.argsort(keys, kind="stable")
        return Steps(keys[order], codes[order])


def beginnings(patients: int) -> Ints:
    """The keys of the first steps of a block of so many patients."""
    return packed(np.arange(patients, dtype=np.int64), np.full(patients, BEGINNING, np.int64))


def constant(patients: int, code: int) -> Steps:
    """One code for ever."""
    return Steps(beginnings(patients), np.full(patients, code, np.int64))


def moments(*keys: Ints) -> Ints:
    """All these moments, rising, each once."""
    found = np.sort(np.concatenate(keys), kind="stable")  # few rising runs, which this order merges
    return found[first_of_runs(found)]


def side_by_side(steps: Sequence[Steps], *others: Ints) -> tuple[Ints, list[Ints]]:
    """All moments at which one of them steps, and `others`, with the codes of each from there."""
    keys = moments(*(one.keys for one in steps), *others)
    return keys, [one.codes if len(one.keys) == len(keys) else one.at(keys) for one in steps]
