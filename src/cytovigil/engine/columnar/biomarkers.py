"""Biomarkers of all patients of a block, signal by signal: the rows of the reference engine as columns."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.engine.biomarkers import (
    AUC_DAYS,
    EXPANSION,
    INFLAMMATION,
    LOST,
    SHIFTED,
    TOCILIZUMAB,
    area_shown,
    biomarker,
    counts_as_dose,
    doubled_in,
    fold,
    in_days,
    shown,
    tocilizumab_s,
)
from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, first_of_runs, packed
from cytovigil.engine.columnar.biomarker_values import (
    OPEN,
    Areas,
    Peaks,
    Values,
    areas,
    feet,
    lasts,
    normal_again,
    peaks,
    values_of,
)
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.columns import Coded, Column, Table, of_rows, tabulated
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.glance import Glance
from cytovigil.engine.columnar.measures.baseline import baselines
from cytovigil.engine.columnar.measures.kinds import flags_of
from cytovigil.engine.columnar.newest import NO_ROW
from cytovigil.logic.facts import NO_FLAGS
from cytovigil.model.results import BiomarkerRow
from cytovigil.model.times import NOTHING
from cytovigil.model.vocabulary import signals


class Measured(NamedTuple):
    """The places of rows of one marker: all that count, and of them those that can be interpreted; the baseline."""

    every: Ints
    usable: Ints
    base: Ints


def biomarkers_tables(block: Block) -> Iterator[Table]:
    """Rows of the table `biomarkers`; their rank orders those of one patient."""
    for rank, signal in enumerate((*EXPANSION, *INFLAMMATION)):
        rows = block.rows(signal)
        inside = (rows.time >= block.start[rows.patient]) & (rows.time <= block.counts_until[rows.patient])
        if inside.any():
            values = values_of(block, rows)
            unfit = np.zeros(block.size, np.bool_)
            unfit[rows.patient[~values.fits]] = True
            yield from _by_reference(block, signal, rank, unfit)
            every = np.flatnonzero(inside & ~unfit[rows.patient])
            if len(every):
                yield _table(block, signal, rank, values, every)


def _by_reference(block: Block, signal: str, rank: int, chosen: Truths) -> Iterator[Table]:
    """Of patients who have a number too long for columns."""
    for place in np.flatnonzero(chosen).tolist():
        row = biomarker(Glance(block, place), signal)
        if row is not None:
            yield of_rows([row], [place], [rank], BiomarkerRow)


def _table(block: Block, signal: str, rank: int, values: Values, every: Ints) -> Table:
    patient, doses = values.rows.patient[every], _doses(block, signal, values.rows)
    first = np.flatnonzero(first_of_runs(patient))
    who, lost = patient[first], (doses != NEVER) & (signal in LOST)
    base = block.once(baselines, signal)
    base = np.where(np.append(lost, False)[base], NO_ROW, base)  # NO_ROW is the last place
    measured = Measured(every, every[~lost[every]], base)
    window = _before(values, measured.usable, block.days_after(block.settings.biomarker_days + 1))
    peak = peaks(block, values, window)
    infusion = np.array([one.infusion for one in block.infusions], np.int64)[who]
    columns: dict[str, Column] = {
        "patient_id": Coded(who, [one.patient_id for one in block.infusions]),
        "infusion": infusion, "signal": _same(who, signal), "unit": _same(who, signals()[signal].unit),
        "measurements": np.diff(np.append(first, len(every))),
        "flags": _flags(block, values.rows, measured, first),
        "doubling_days": _doubling(values, peak.place[who], feet(block, values, window, peak.place)[who]),
    }  # fmt: skip
    columns |= _heights(block, signal, values, measured, peak, who)
    columns |= _expansion(block, signal, values, measured, who)
    columns |= _inflammation(block, signal, values, measured, peak, who)
    columns |= _after(signal, doses[every], first)
    return Table(who, infusion, np.full(len(who), rank), columns)


def _heights(
    block: Block, signal: str, values: Values, measured: Measured, peak: Peaks, who: Ints
) -> dict[str, Column]:
    """Baseline, peak, what was between them, and the last."""
    low, high, parts = np.append(values.low, OPEN), np.append(values.high, OPEN), values.parts
    base, last = measured.base[who], lasts(block, values, measured.usable)[who]
    return {
        "baseline_low": _shown(signal, low[base], parts), "baseline_high": _shown(signal, high[base], parts),
        "baseline_time": _time(values, base),
        "peak_low": _shown(signal, peak.low[who], parts), "peak_high": _shown(signal, peak.high[who], parts),
        "peak_time": _time(values, peak.place[who]), "peak_day": _days(values, block.start[who], peak.place[who]),
        "fold_low": _fold(peak.low[who], high[base]), "fold_high": _fold(peak.high[who], low[base]),
        "last_low": _shown(signal, low[last], parts), "last_high": _shown(signal, high[last], parts),
        "last_time": _time(values, last),
    }  # fmt: skip


def _inflammation(
    block: Block, signal: str, values: Values, measured: Measured, peak: Peaks, who: Ints
) -> dict[str, Column]:
    back = np.full(block.size, NO_ROW, np.int64)
    if signal in INFLAMMATION:
        back = normal_again(block, values, measured.usable, peak.place)
    since = np.append(values.rows.time, NEVER)[peak.place]
    return {"normal_time": _time(values, back[who]), "days_to_normal": _days(values, since[who], back[who])}


def _after(signal: str, doses: Ints, first: Ints) -> dict[str, Column]:
    """The first dose of tocilizumab that a measurement is after, and how many are."""
    after = np.add.reduceat((doses != NEVER).astype(np.int64), first)
    return {
        "tocilizumab_time": np.minimum.reduceat(doses, first),
        "after_tocilizumab": after if signal in SHIFTED else np.full(len(first), NOTHING),
    }


def _expansion(block: Block, signal: str, values: Values, measured: Measured, who: Ints) -> dict[str, Column]:
    inside = _before(values, measured.usable, block.days_after(AUC_DAYS + 1))
    found = _areas(block, values, inside if signal in EXPANSION else inside[:0])
    return {
        "auc_0_28_low": _area(signal, found.low[who], values.parts),
        "auc_0_28_high": _area(signal, found.high[who], values.parts),
        "auc_from_day": _days(values, block.start[who], found.first[who]),
        "auc_to_day": _days(values, block.start[who], found.last[who]),
    }


def _areas(block: Block, values: Values, inside: Ints) -> Areas:
    """Areas of patients who have enough measurements, early and late enough."""
    settings, rows = block.settings, values.rows
    found = areas(block, values, inside)
    number = np.bincount(rows.patient[inside], minlength=block.size)
    time = np.append(rows.time, NEVER)
    few = number < max(settings.auc_measurements, 2)
    few |= time[found.first] >= block.days_after(settings.auc_first_day + 1)
    few |= time[found.last] < block.days_after(settings.auc_last_day)
    return Areas(*(np.where(few, OPEN, column) for column in found[:2]),
                 *(np.where(few, NO_ROW, column) for column in found[2:]))  # fmt: skip


def _before(values: Values, places: Ints, closes: Ints) -> Ints:
    rows = values.rows
    return places[rows.time[places] < closes[rows.patient[places]]]


def _doses(block: Block, signal: str, rows: Rows) -> Ints:
    """Of each row the first dose of tocilizumab that it is after; NEVER where it is after none."""
    given = block.rows(TOCILIZUMAB)
    found = np.full(len(rows.time), NEVER, np.int64)
    if signal not in SHIFTED or not len(given.time):
        return found
    given = given.at(block.kinds_of(given, counts_as_dose) > 0)
    keys, acts_s = packed(given.patient, given.time), tocilizumab_s(block.settings)
    first = np.searchsorted(keys, packed(rows.patient, rows.time - acts_s), side="right")
    after = first < np.searchsorted(keys, packed(rows.patient, rows.time), side="right")
    found[after] = given.time[first[after]]
    return found


def _flags(block: Block, rows: Rows, measured: Measured, first: Ints) -> Coded:
    """Those of all rows used, and of the patient."""
    codes = flags_of(block, rows.kind)
    said = block.known.flags.values
    names = sorted(NO_FLAGS.union(*said))
    bits = np.array([sum(1 << at for at, name in enumerate(names) if name in one) for one in said], np.int64)
    each, who = np.append(bits[codes], 0), rows.patient[measured.every[first]]
    found = np.bitwise_or.reduceat(each[measured.every], first)
    found |= each[measured.base[who]] | bits[block.flags[who]]
    return tabulated(lambda one: tuple(name for at, name in enumerate(names) if one >> at & 1), found)


def _doubling(values: Values, peak: Ints, foot: Ints) -> Coded:
    rises = foot != NO_ROW
    foot, peak = foot[rises], peak[rises]
    columns = values.rows.time[peak] - values.rows.time[foot], values.low[foot], values.low[peak]
    found = [doubled_in(*one) for one in zip(*(column.tolist() for column in columns), strict=True)]
    return _numbers(np.array(found, np.float64), rises)


def _shown(signal: str, value: Ints, parts: int) -> Coded:
    given = value != OPEN
    return _numbers(shown(signal, value[given], parts), given)


def _fold(peak: Ints, base: Ints) -> Coded:
    given = (peak != OPEN) & (base != OPEN) & (base != 0)
    return _numbers(fold(peak[given], base[given]), given)


def _area(signal: str, total: Ints, parts: int) -> Coded:
    given = total != OPEN
    found = [area_shown(signal, one, parts) for one in total[given].tolist()]  # too long for columns
    return _numbers(np.array(found, np.float64), given)


def _days(values: Values, since: Ints, places: Ints) -> Coded:
    given = places != NO_ROW
    return _numbers(in_days(values.rows.time[places[given]] - since[given]), given)


def _time(values: Values, places: Ints) -> Ints:
    return np.append(values.rows.time, NEVER)[places]  # NO_ROW is the last place


def _numbers(found: NDArray[np.float64], given: Truths) -> Coded:
    """A column of numbers where they are `given`, else of nulls."""
    return Coded(np.where(given, np.cumsum(given), 0), [None, *found.tolist()])


def _same(who: Ints, value: str) -> Coded:
    return Coded(np.zeros(len(who), np.int64), [value])
