"""Counts of neutrophils and platelets as days (semantics 6): what ICAHT and T-ICAHT are graded on."""

from functools import cached_property

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import CHARTED, Tabulated
from cytovigil.engine.columnar.counts import counts_of, firsts, tallies_of
from cytovigil.engine.columnar.low_days import Lanes, Told
from cytovigil.engine.columnar.steps import Steps, beginnings
from cytovigil.engine.measures.count_grid import BEST, WORST, is_low
from cytovigil.engine.measures.counts import counted_fact, uncounted
from cytovigil.logic.conditions import Field
from cytovigil.logic.counts import Counting, CountOf


class Counted:
    """The counts of a block, counted in one way."""

    def __init__(self, block: Block, counting: Counting) -> None:
        self.counting = counting
        self.counts, self.limits = block.once(counts_of, counting.signal, counting.window)
        self.tallies = tallies_of(counting, self.counts, self.limits)
        self._told: dict[tuple[int, int], Told] = {}

    @cached_property
    def lanes(self) -> Lanes:
        """The days."""
        return Lanes(self.counting, self.counts, self.limits)

    def told(self, end: int, threshold: int) -> Told:
        """What the days of each tally say at an end, for a threshold."""
        if (end, threshold) not in self._told:
            self._told[end, threshold] = self.lanes.told(self.tallies, end, threshold)
        return self._told[end, threshold]

    def low_counts(self, end: int, threshold: int) -> Ints:
        """How many days have a low count, as it was measured, until each tally."""
        counts, limit = self.counts, self.counting.thresholds[threshold]
        low = is_low(limit, counts.best if end == BEST else counts.worst)
        earlier = np.zeros(len(low), np.bool_)
        earlier[1:] = low[:-1] & (counts.first[1:] == counts.first[:-1])
        number = np.cumsum(low & ~earlier)
        before = np.concatenate([[0], number])[firsts(counts.patient)]
        found: Ints = (number - before)[self.tallies.place]
        return found


def counted(block: Block, counting: Counting) -> Counted:
    """The counts of a block, counted in one way; made at the first call."""
    return block.once(Counted, counting)


def count_days(block: Block, field: Field) -> Steps:
    """The longest run of days below the threshold, runs joined."""
    of: CountOf = field.detail
    told = counted(block, of.counting)
    return _steps(block, field, *(told.told(end, of.threshold).longest for end in (BEST, WORST)))


def never_recovered(block: Block, field: Field) -> Steps:
    """Whether a run that began by some day lasts until the end of the window; possible only before that end."""
    of: CountOf = field.detail
    made = counted(block, of.counting)
    best, worst = (made.told(end, of.threshold) for end in (BEST, WORST))
    surely, perhaps = (told.lasts & (told.begun <= of.begun_by) for told in (best, worst))
    return _steps(block, field, surely & made.tallies.final, perhaps)


def lowest_count(block: Block, field: Field) -> Steps:
    """Where the lowest daily count lies between the thresholds."""
    return _lies(block, field, 0)


def second_lowest_count(block: Block, field: Field) -> Steps:
    """Where the second lowest daily count lies between the thresholds."""
    return _lies(block, field, 1)


def low_count_confirmed(block: Block, field: Field) -> Steps:
    """Whether two daily counts are below the mildest threshold; also where there is only one count in all."""
    made = counted(block, field.detail.counting)
    alone = made.counts.number[made.tallies.place] == 1
    return _steps(block, field, *(alone | (made.low_counts(end, 0) > 1) for end in (BEST, WORST)))


def _lies(block: Block, field: Field, place: int) -> Steps:
    """A daily count lies above each threshold that no more than `place` daily counts pass."""
    counting: Counting = field.detail.counting
    made = counted(block, counting)
    low, high = (
        sum((made.low_counts(end, at) <= place for at in range(len(counting.thresholds))), np.zeros(1, np.int64))
        for end in (WORST, BEST)
    )
    return _steps(block, field, low, high)


def _steps(block: Block, field: Field, low: Ints | Truths, high: Ints | Truths) -> Steps:
    """Facts from the places in the domain between which they lie at each tally."""
    made, codes, known = counted(block, field.detail.counting), block.known.facts[field], block.known.flags
    nothing = codes.code(uncounted(field))

    def fact(low: int, high: int, flags: int) -> int:
        return codes.code(counted_fact(field, (low, high), known.values[flags], (CHARTED,)))

    table: Tabulated = block.known.table((field, "places"), lambda: Tabulated(fact))
    told = table([low.astype(np.int64), high.astype(np.int64), made.counts.flags[made.tallies.place]])
    keys = np.concatenate([beginnings(block.size), made.tallies.keys])
    found = np.concatenate([np.full(block.size, nothing, np.int64), told])
    order = np.argsort(keys, kind="stable")
    return Steps(keys[order], found[order]).compressed()
