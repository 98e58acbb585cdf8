"""Rows that change what is known: those that say what the row before them said, and still holds, are left out."""

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, first_of_runs, packed
from cytovigil.engine.columnar.counted import Rows

_NO_CUTS = np.zeros(0, np.int64)


def thinned(rows: Rows, *says: Ints, cuts: Ints = _NO_CUTS) -> tuple[Rows, Ints]:
    """One row for several in turn that say the same, each while the one before holds; and the place of the first.

    A row with an end stays alone. Between rows before and rows after one of the `cuts` (packed) nothing is left out.
    """
    begins = first_of_runs(rows.patient, *says)
    begins[1:] |= rows.until[:-1] < rows.time[1:]
    if rows.ended.any():
        begins |= rows.ended
        begins[1:] |= rows.ended[:-1]
    if len(cuts):
        after = np.searchsorted(packed(rows.patient, rows.time), cuts)
        begins[after[after < len(begins)]] = True
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(begins))[: len(first)] - 1
    return rows.at(first)._replace(until=rows.until[last]), first
