"""Rows that change what is known: those that say what the row before them said, and still holds, are left out."""

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, packed
from cytovigil.engine.columnar.counted import Rows


def thinned(rows: Rows, says: Ints, cuts: Ints) -> Rows:
    """Rows by what they say, here their `kind`: where several in turn say the same, one from the first to the last.

    A row with an end stays alone. Between rows before and rows after one of the `cuts` (packed) nothing is left out.
    """
    if not len(says):
        return rows._replace(kind=says)
    begins = np.ones(len(says), np.bool_)
    begins[1:] = (says[1:] != says[:-1]) | (rows.patient[1:] != rows.patient[:-1])
    begins[1:] |= (rows.until[:-1] < rows.time[1:]) | rows.ended[1:] | rows.ended[:-1]
    if len(cuts):
        after = np.searchsorted(packed(rows.patient, rows.time), cuts)
        begins[after[after < len(says)]] = True
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(says)) - 1
    return Rows(rows.patient[first], rows.time[first], rows.until[last], rows.ended[first], says[first])
