"""Doses that treat, and may hide fever (semantics 4), of all patients of a block."""

from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths, packed
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.measures.drugs import TREATING_CLASSES, infusion_s, is_given, is_stop, mask_s
from cytovigil.engine.record import is_systemic
from cytovigil.model.settings import PREDNISOLONE_EQUIVALENT_MG
from cytovigil.model.times import DAY, HOUR
from cytovigil.model.vocabulary import drugs_of, signals

_EACH = {drug: Fraction(signals()[drug].step) / mg / HOUR for drug, mg in PREDNISOLONE_EQUIVALENT_MG.items()}
_PARTS = lcm(*(each.denominator for each in _EACH.values()))  # amounts are whole numbers of these parts of a mg
_HUGE = 10**12  # of an amount in steps: more is as much


class Doses(NamedTuple):
    """Treating doses: when given, and given last; until when they mask; whether it is certain that they treat."""

    patient: Ints
    time: Ints
    end: Ints
    masks_until: Ints
    certain: Truths


class _Given(NamedTuple):
    """Rows of one drug that were given, until when, and whether that is known."""

    rows: Rows
    until: Ints
    known: Truths


def treating(block: Block) -> Doses:
    """Doses and infusions of antipyretics, anticytokines and corticosteroids, systemic."""
    each = [_doses(block, drug) for drug in drugs_of(*TREATING_CLASSES)]
    return Doses(*(np.concatenate(columns) for columns in zip(*each, strict=True)))


def _doses(block: Block, drug: str) -> Doses:
    rows, until, _ = block.once(_given, drug)
    certain, acts = np.ones(len(until), np.bool_), np.ones(len(until), np.bool_)
    if drug in PREDNISOLONE_EQUIVALENT_MG and len(until):
        certain, acts = _acts(block, rows)
    masks_until = until + mask_s(drug, block.settings)
    return Doses(rows.patient[acts], rows.time[acts], until[acts], masks_until[acts], certain[acts])


def _given(block: Block, drug: str) -> _Given:
    """A dose at once; an infusion until its end, or without one for some hours at most; a stop ends both."""
    rows = block.rows(drug)
    if not len(rows.time):
        return _Given(rows, rows.time, rows.ended)
    systemic = block.kinds_of(rows, is_systemic) > 0
    stops = rows.at(systemic & (block.kinds_of(rows, is_stop) > 0))
    rows = rows.at(systemic & (block.kinds_of(rows, is_given) > 0))
    rate = block.kinds_of(rows, lambda kind: kind.rate) > 0
    until = np.where(rows.ended, rows.until, np.where(rate, rows.time + infusion_s(block.settings)[0], rows.time))
    place = np.searchsorted(packed(stops.patient, stops.time), packed(rows.patient, rows.time), side="right")
    stopped = np.zeros(len(until), np.bool_)
    inside = np.flatnonzero(place < len(stops.time))
    stopped[inside] = stops.patient[place[inside]] == rows.patient[inside]
    lasts = stopped & (rate | rows.ended)
    until[lasts] = np.minimum(until[lasts], stops.time[place[lasts]])
    return _Given(rows, until, ~rate | rows.ended | stopped)


class _Amounts(NamedTuple):
    """Corticosteroids given, packed, by time: sums until before each, of the least, the most, and those unknown."""

    keys: Ints
    low: Ints
    high: Ints
    unknown: Ints


def _acts(block: Block, rows: Rows) -> tuple[Truths, Truths]:
    """Whether rows treat for certain, and whether they may: by the prednisolone equivalents of 24 h, up to the row."""
    amounts, limit = block.once(_amounts), _limit(block)
    keys = packed(rows.patient, rows.time)
    before, after = (np.searchsorted(amounts.keys, at, side="right") for at in (keys - DAY, keys))
    low, high, unknown = (sums[after] - sums[before] for sums in amounts[1:])
    return low > limit, (high > limit) | (unknown > 0)


def _limit(block: Block) -> int:
    return int(Fraction(str(block.settings.low_dose_prednisolone_mg)) * _PARTS)


def _amounts(block: Block) -> _Amounts:
    most, found = _limit(block) + 1, []  # of one row more than the limit is as much as any
    for drug, each in _EACH.items():
        rows, until, known = block.once(_given, drug)
        rate = block.kinds_of(rows, lambda kind: kind.rate) > 0
        seconds = np.where(rate, np.where(known, np.minimum(until - rows.time, DAY), 0), HOUR)
        low = block.kinds_of(rows, lambda kind: min(kind.low or 0, _HUGE, most))
        high = block.kinds_of(rows, lambda kind: min(kind.high or 0, _HUGE, most))
        charted = block.kinds_of(rows, lambda kind: kind.high is not None) > 0
        parts = [np.minimum(amount * seconds * int(each * _PARTS), most) for amount in (low, high)]
        found.append([packed(rows.patient, rows.time), *parts, (~known | ~charted).astype(np.int64)])
    keys, *columns = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(keys, kind="stable")
    return _Amounts(keys[order], *(np.append(0, np.cumsum(column[order])) for column in columns))
