"""The row of a signal that holds at each moment."""

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths, packed
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.steps import Steps, beginnings

NO_ROW = -1


def newest_valid(block: Block, rows: Rows) -> Steps:
    """The newest row while it holds, else one with an end that still does; codes are places in `rows`, or NO_ROW."""
    if not len(rows.time):
        return Steps(beginnings(block.size), np.full(block.size, NO_ROW, np.int64))
    places = np.arange(len(rows.time), dtype=np.int64)
    following = np.empty_like(rows.time)
    following[:-1], following[-1] = rows.time[1:], rows.until[-1]
    last = np.ones(len(places), np.bool_)
    last[:-1] = rows.patient[1:] != rows.patient[:-1]
    lapses = last | (rows.until < following)
    keys = np.concatenate([
        beginnings(block.size), packed(rows.patient, rows.time), packed(rows.patient[lapses], rows.until[lapses])
    ])  # fmt: skip
    nobody = np.full(block.size, NO_ROW, np.int64)
    codes = np.concatenate([nobody, places, np.full(int(lapses.sum()), NO_ROW, np.int64)])
    order = np.lexsort((codes, keys))  # at one moment an expiry comes before a reading
    keys, codes = keys[order], codes[order]
    final = np.ones(len(keys), np.bool_)
    final[:-1] = keys[1:] != keys[:-1]
    found = Steps(keys[final], codes[final])
    outlasts = np.zeros(block.size, np.bool_)
    outlasts[rows.patient[rows.ended & ~last & (rows.until > following)]] = True
    return found.replaced(outlasts, _outlasting(rows, outlasts)) if outlasts.any() else found


def _outlasting(rows: Rows, chosen: Truths) -> Steps:
    """The same for patients in whom a row with an end holds longer than a newer one: moment by moment."""
    keys: list[Ints] = []
    codes: list[int] = []
    for patient in np.flatnonzero(chosen).tolist():
        first, after = np.searchsorted(rows.patient, [patient, patient + 1])
        times, untils, ended = (column[first:after].tolist() for column in (rows.time, rows.until, rows.ended))
        edges = sorted({*times, *untils})
        keys += [beginnings(patient + 1)[-1:], packed(np.full(len(edges), patient), np.array(edges, np.int64))]
        codes += [NO_ROW, *(_at(t, times, untils, ended, int(first)) for t in edges)]
    return Steps(np.concatenate(keys), np.array(codes, np.int64))


def _at(t: int, times: list[int], untils: list[int], ended: list[bool], first: int) -> int:
    begun = [place for place, time in enumerate(times) if time <= t]
    if t < untils[begun[-1]]:
        return first + begun[-1]
    held = [place for place in begun[:-1] if ended[place] and t < untils[place] and untils[place] > times[place + 1]]
    return first + held[-1] if held else NO_ROW
