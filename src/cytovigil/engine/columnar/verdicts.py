"""Verdicts of all patients of a block as columns."""

from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints
from cytovigil.engine.columnar.codes import Codes
from cytovigil.engine.verdicts import Verdict


class Said(NamedTuple):
    """What a verdict says, whenever and of whom."""

    low: int | None
    high: int | None
    missing: frozenset[str]
    flags: frozenset[str]
    provisional: bool = False


class Verdicts(NamedTuple):
    """By patient and time. `said` and `states` are codes; `onset` is NEVER where no episode lasts."""

    patient: Ints
    start: Ints
    end: Ints
    said: Ints
    states: Ints
    onset: Ints


NO_STATES: frozenset[str] = frozenset()


def encoded(place: int, verdicts: list[Verdict], said: Codes[Said], states: Codes[frozenset[str]]) -> Verdicts:
    """Verdicts of one patient as columns."""
    rows = [
        (place, v.start, v.end, said.code(Said(*v[2:6], v.provisional)), states.code(v.states),
         NEVER if v.onset is None else v.onset)
        for v in verdicts
    ]  # fmt: skip
    return Verdicts(*np.array(rows, np.int64).reshape(-1, 6).T)


def decoded(rows: Verdicts, said: Codes[Said], states: Codes[frozenset[str]]) -> list[Verdict]:
    """The verdicts themselves, of one patient."""
    columns = (column.tolist() for column in rows)
    return [_verdict(start, end, said.values[code], states.values[state], onset)
            for _, start, end, code, state, onset in zip(*columns, strict=True)]  # fmt: skip


def _verdict(start: int, end: int, says: Said, states: frozenset[str], onset: int) -> Verdict:
    known = None if onset == NEVER else onset
    return Verdict(start, end, says.low, says.high, says.missing, says.flags, states, known, says.provisional)


def joined(parts: list[Verdicts]) -> Verdicts:
    """Verdicts of different patients together, in order of patient; those of one keep their order."""
    columns = Verdicts(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    order = np.argsort(columns.patient, kind="stable")
    return Verdicts(*(column[order] for column in columns))


def of_patients(rows: Verdicts, size: int) -> Ints:
    """Where the verdicts of each patient begin: `size` + 1 places."""
    return np.searchsorted(rows.patient, np.arange(size + 1))
