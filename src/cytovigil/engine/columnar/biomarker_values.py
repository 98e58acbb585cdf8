"""What the measurements of one marker come to, of all patients of a block: peak, foot of the rise, normal again, area.

Each by patient, as a place in the rows of the marker; NO_ROW where there is none.
"""

from math import lcm
from typing import NamedTuple

import numpy as np

from cytovigil.engine.biomarkers import is_normal, span
from cytovigil.engine.columnar.arrays import Ints, Truths, first_of_runs
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.measures.kinds import bare, by_kind, columns_by_kind
from cytovigil.engine.columnar.newest import NO_ROW
from cytovigil.model.events import Event

OPEN = 1 << 60
# Twice a value times the seconds of an area's days stays below 2 ** 63.
_MOST, _PARTS = 1 << 40, 1 << 17
_UNSURE, _ABOVE, _NORMAL = range(3)


class Values(NamedTuple):
    """The rows of one marker and what they can be, in `parts` of a step.

    `high` is OPEN where a value is only known to be above `low`. Not `fits`: too long for columns.
    """

    rows: Rows
    low: Ints
    high: Ints
    parts: int
    fits: Truths


class Peaks(NamedTuple):
    """The first row of the highest value, and that value; both ends are OPEN where nothing was measured."""

    place: Ints
    low: Ints
    high: Ints


class Areas(NamedTuple):
    """Sums of seconds times the two values at their ends, and the rows at both ends of all."""

    low: Ints
    high: Ints
    first: Ints
    last: Ints


def values_of(block: Block, rows: Rows) -> Values:
    """The rows as values, in parts of a step that are whole for all of them."""
    low, high, denominator, is_open, fits = columns_by_kind(block, rows.kind, "span of a kind", _of_row, 5)
    parts = lcm(*np.unique(denominator).tolist())
    parts = parts if parts <= _PARTS else 1
    whole = (parts % denominator == 0) & (high // denominator < _MOST // parts)
    scale = parts // denominator
    return Values(rows, low * scale, np.where(is_open, OPEN, high * scale), parts, fits.astype(np.bool_) & whole)


def _of_row(row: Event) -> tuple[int, int, int, bool, bool]:
    low, high = span(row)
    top = low if high is None else high
    fits = max(top.numerator, top.denominator) < _MOST
    return (low.numerator, top.numerator, top.denominator, high is None, True) if fits else (0, 0, 1, False, False)


def lasts(block: Block, values: Values, places: Ints) -> Ints:
    """The last of these rows."""
    return _by_patient(block, values, places[_last_of_runs(values.rows.patient[places])])


def peaks(block: Block, values: Values, places: Ints) -> Peaks:
    """The peak among these rows; no place where bounds leave open which it is."""
    patient, low, high = values.rows.patient[places], values.low[places], values.high[places]
    begins = first_of_runs(patient)
    first, run = np.flatnonzero(begins), np.cumsum(begins) - 1
    top = np.maximum.reduceat(low, first)
    reached = np.flatnonzero(low == top[run])
    at = reached[first_of_runs(run[reached])]  # every other row may be below this one
    order = np.arange(len(places))
    doubted = np.where(order < at[run], high >= top[run], (order > at[run]) & (high > top[run]))
    certain = np.bincount(run[doubted], minlength=len(first)) == 0
    heights = np.full((2, block.size), OPEN, np.int64)
    heights[:, patient[first]] = top, np.maximum.reduceat(high, first)
    return Peaks(_by_patient(block, values, places[at[certain]]), *heights)


def feet(block: Block, values: Values, places: Ints, peak: Ints) -> Ints:
    """The first of the rising exact measurements above 0, among these rows, that end in the peak; none of one alone."""
    patient, low, high = values.rows.patient[places], values.low[places], values.high[places]
    exact = low == high
    rises = (patient[1:] == patient[:-1]) & exact[1:] & exact[:-1] & (low[:-1] > 0) & (low[1:] > low[:-1])
    order = np.arange(len(places))
    foot = np.maximum.accumulate(np.where(np.append(False, rises)[: len(places)], 0, order))
    tops = peak[peak != NO_ROW]
    found = places[foot[np.searchsorted(places, tops)]]
    return _by_patient(block, values, found[found != tops])


def normal_again(block: Block, values: Values, places: Ints, peak: Ints) -> Ints:
    """The first normal value after a peak above normal, unless the next one is not; none where a limit is not known."""
    patient, says = values.rows.patient[places], _normal(block, values.rows.kind[places])
    settles = says == _NORMAL
    settles[:-1] &= (says[1:] == _NORMAL) | (patient[1:] != patient[:-1])
    stops = np.flatnonzero(settles | (says == _UNSURE))
    tops = np.searchsorted(places, peak[peak != NO_ROW])
    tops = tops[says[tops] == _ABOVE]
    following = np.searchsorted(stops, tops, side="right")
    tops, stop = tops[following < len(stops)], stops[following[following < len(stops)]]
    found = stop[(patient[stop] == patient[tops]) & (says[stop] == _NORMAL)]
    return _by_patient(block, values, places[found])


def _normal(block: Block, kind: Ints) -> Ints:
    record = bare(block)
    codes = {None: _UNSURE, False: _ABOVE, True: _NORMAL}
    return by_kind(block, kind, "normal of a kind", lambda row: codes[is_normal(record, row)])


def areas(block: Block, values: Values, places: Ints) -> Areas:
    """The area under these rows, from the first to the last, of each patient who has some."""
    patient, time = values.rows.patient[places], values.rows.time[places]
    begins, low, high = first_of_runs(patient), values.low[places], values.high[places]
    first, last = np.flatnonzero(begins), np.flatnonzero(_last_of_runs(patient))
    width = np.where(begins[1:], 0, np.diff(time))
    bounded = high != OPEN
    sums = np.full((2, block.size), OPEN, np.int64)
    for at, heights in enumerate((low, np.where(bounded, high, 0))):
        steps = np.append(width * (heights[1:] + heights[:-1]), 0)
        sums[at, patient[first]] = np.add.reduceat(steps, first)
    sums[1, patient[~bounded]] = OPEN
    ends = (_by_patient(block, values, places[at]) for at in (first, last))
    return Areas(*sums, *ends)


def _last_of_runs(patient: Ints) -> Truths:
    return np.append(first_of_runs(patient)[1:], True)[: len(patient)]


def _by_patient(block: Block, values: Values, places: Ints) -> Ints:
    """Rows, one of a patient at most, by patient."""
    found = np.full(block.size, NO_ROW, np.int64)
    found[values.rows.patient[places]] = places
    return found
