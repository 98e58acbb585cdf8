"""Columns of integers and truths, and patient and time packed into one number that sorts by both."""

import numpy as np
from numpy.typing import NDArray

from cytovigil.model.times import BEGINNING, NEVER

__all__ = ["NEVER", "Ints", "Numbers", "Truths", "first_of_runs", "packed", "patient_of", "runs_of", "time_of"]

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32] | Ints  # small ones
Truths = NDArray[np.bool_]

_BITS = 41  # of a time: BEGINNING .. FOR_EVER, and some days more
_TIME = (1 << _BITS) - 1


def packed(patient: Ints, time: Ints) -> Ints:
    """One number for each patient, by place in the block, and time in seconds UTC."""
    return (patient << _BITS) + (time - BEGINNING)


def patient_of(keys: Ints) -> Ints:
    """The places of the patients."""
    return keys >> _BITS


def time_of(keys: Ints) -> Ints:
    """The times."""
    return (keys & _TIME) + BEGINNING


def first_of_runs(*columns: Ints | Truths) -> Truths:
    """True where a row differs from the one before in some column."""
    starts = np.ones(len(columns[0]), np.bool_)
    starts[1:] = False
    for column in columns:
        starts[1:] |= column[1:] != column[:-1]
    return starts


def runs_of(*columns: Ints | Truths) -> tuple[Ints, Ints]:
    """The first and the last place of each run of rows that are alike in all columns."""
    first = np.flatnonzero(first_of_runs(*columns))
    return first, np.append(first, len(columns[0]))[1:] - 1
