"""Days of cytopenia beside the grade, of all patients of a block: the table `cytopenia` as columns."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths, first_of_runs, packed, runs_of, time_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.charting import given_last, reach
from cytovigil.engine.columnar.columns import Coded, Column, Table, tabulated
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.measures.counts import Counted, counted
from cytovigil.engine.columnar.timeline import NO_GRADE, Timeline
from cytovigil.engine.cytopenia import GROWTH_FACTORS, PLATELETS, asked, imputed_share, is_supporting, limit
from cytovigil.engine.measures.count_grid import BEST, WORST
from cytovigil.logic.scale import Scale
from cytovigil.model.times import HOUR, NOTHING

_DAYS = "longest_low", "longest_high", "cumulative_low", "cumulative_high"


class Ends(NamedTuple):
    """Patients with a grade at the end of the graded time, that grade, and the tally that it rests on, by place."""

    patient: Ints
    low: Ints
    high: Ints
    tally: Ints


class Imputed(NamedTuple):
    """Days with a count, without one but filled, and those that stay missing."""

    counted: Ints
    filled: Ints
    missing: Ints


def cytopenia_table(block: Block, scale: Scale, rows: Timeline) -> Table:
    """One row for each threshold of a scale that counts days, as they stand at the end; none without a grade."""
    counting, by_days = asked(scale)
    made = counted(block, counting)
    ends = _ends(made, rows)
    imputed = _imputed(made, ends)
    supported = [_days_after(block, made, ends, drugs) for drugs in (GROWTH_FACTORS, PLATELETS)]
    places = range(len(counting.thresholds))
    days = [_days(made, ends, place, place in by_days) for place in places]
    size, number = len(ends.patient), len(places)
    limits = [limit(counting, place) for place in places]

    def spread(column: Ints) -> Ints:
        return np.repeat(column, number)

    place = np.tile(np.arange(number), size)
    filled, missing, share = _shares(imputed, bool(by_days))
    return _table(block, scale, spread(ends.patient), {
        "threshold": Coded(place, [value for value, _ in limits]), "unit": Coded(place, [unit for _, unit in limits]),
        **{name: np.stack([one[at] for one in days], axis=1).ravel() for at, name in enumerate(_DAYS)},
        "days_counted": spread(imputed.counted), "days_imputed": spread(filled), "days_missing": spread(missing),
        "imputed_share": Coded(spread(share.codes), share.values),
        "gcsf_days": spread(supported[0]), "transfusion_days": spread(supported[1]),
        "low": spread(ends.low), "high": spread(ends.high),
    })  # fmt: skip


def _ends(made: Counted, rows: Timeline) -> Ends:
    """The last row of each timeline, and the last tally that it has seen."""
    _, last = runs_of(rows.patient)
    last = last[rows.low[last] != NO_GRADE]
    seen = np.searchsorted(made.tallies.keys, packed(rows.patient[last], rows.end[last]), side="right") - 1
    return Ends(rows.patient[last], rows.low[last], rows.high[last], seen)


def _days(made: Counted, ends: Ends, place: int, by_days: bool) -> tuple[Ints, Ints, Ints, Ints]:
    """The longest run and all days, each at best and at worst."""
    if not by_days:
        nothing = np.full(len(ends.tally), NOTHING, np.int64)
        return nothing, nothing, nothing, nothing
    best, worst = (made.told(end, place) for end in (BEST, WORST))
    longest, total = (best.longest, worst.longest), (best.total, worst.total)
    low, high, all_low, all_high = (column[ends.tally] for column in (*longest, *total))
    return low, high, all_low, all_high


def _imputed(made: Counted, ends: Ends) -> Imputed:
    """Days of each tally that ends something."""
    counts, lanes, carried = made.counts, made.lanes, made.counting.carried
    count, final = made.tallies.place[ends.tally], made.tallies.final[ends.tally]
    by_count = np.where(first_of_runs(counts.first) & lanes.filled[lanes.missing], lanes.missing, 0)
    filled = _until(counts.patient, by_count, count)
    first = counts.day[np.searchsorted(counts.patient, counts.patient[count])]
    known = np.where(final, made.limits.last[counts.patient[count]], counts.day[count])
    behind = known - counts.day[count]
    filled = filled + np.where(lanes.filled[behind], behind, 0)
    number = counts.number[count]
    begun = np.zeros_like(first) if carried else first
    return Imputed(number, filled, known + 1 - begun - number - filled)


def _until(patient: Ints, values: Ints, place: Ints) -> Ints:
    """The sum of the values of a patient until the row at each place, it included."""
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
    found: Ints = sums[place + 1] - sums[np.searchsorted(patient, patient[place])]
    return found


def _shares(imputed: Imputed, by_days: bool) -> tuple[Ints, Ints, Coded]:
    size = len(imputed.counted)
    if not by_days:
        nothing = np.full(size, NOTHING, np.int64)
        return nothing, nothing, Coded(np.zeros(size, np.int64), [None])
    most = int(imputed.filled.max(initial=0)) + 1
    share = tabulated(lambda both: imputed_share(*divmod(both, most)), imputed.counted * most + imputed.filled)
    return imputed.filled, imputed.missing, share


def _days_after(block: Block, made: Counted, ends: Ends, drugs: Sequence[str]) -> Ints:
    """Days with a count taken within `support_h` after one of these drugs."""
    counts, count = made.counts, made.tallies.place[ends.tally]
    near_s = int(block.settings.support_h * HOUR)
    given = [rows.at(_given(block, drug)) for drug in drugs if len((rows := block.rows(drug)).time)]
    if not given:
        return np.zeros(len(count), np.int64)
    rows = Rows(*(np.concatenate(columns) for columns in zip(*given, strict=True)))
    keys = packed(counts.patient, counts.time)
    until = np.maximum(given_last(rows), rows.time) + near_s
    near = reach(block.size, rows.patient, rows.time, until).at(keys) > time_of(keys)
    places = np.arange(len(near))
    newest = np.maximum.accumulate(np.where(near, places, -1))
    earlier = np.concatenate([[-1], newest[:-1]]) >= counts.first
    return _until(counts.patient, (near & ~earlier).astype(np.int64), count)


def _given(block: Block, drug: str) -> Truths:
    return block.kinds_of(block.rows(drug), is_supporting).astype(np.bool_)


def _table(block: Block, scale: Scale, patient: Ints, columns: dict[str, Column]) -> Table:
    ids = Coded(patient, [one.patient_id for one in block.infusions])
    infusion = np.array([one.infusion for one in block.infusions], np.int64)[patient]
    nought = np.zeros(len(patient), np.int64)
    key: dict[str, Column] = {"patient_id": ids, "infusion": infusion, "scale": Coded(nought, [scale.id])}
    return Table(patient, infusion, nought, key | columns)
