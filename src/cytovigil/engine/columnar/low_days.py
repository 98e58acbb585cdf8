"""Low days of a window on a grid of days and lanes, missing days filled, runs joined (semantics 6)."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.engine.columnar.arrays import Ints, Truths, runs_of
from cytovigil.engine.columnar.counts import Counts, Limits, Tallies
from cytovigil.engine.measures.count_grid import BEST, WORST, is_filled, is_low
from cytovigil.logic.counts import Counting

NO_DAY = -10_000
Grid = NDArray[np.int16]


class Gaps(NamedTuple):
    """Missing days in a run: their lane, the first, how many, and the counts on both sides, by place.

    At an `edge` of the window both are the one count.
    """

    lane: Ints
    first: Ints
    missing: Ints
    before: Ints
    after: Ints
    edge: Truths


class Told(NamedTuple):
    """Of each tally, at one end and threshold: the longest run and all days of runs, and whether one lasts, since when.

    It lasts until the last day that can be told of; `begun` is without meaning where none does.
    """

    longest: Ints
    total: Ints
    lasts: Truths
    begun: Ints


class Lanes:
    """Counts laid on lanes: one of each patient, and one of each count that a later one of its day makes different.

    On the lane of a patient stands the last word on each day; what a count told on its day is there until that day.
    """

    def __init__(self, counting: Counting, counts: Counts, limits: Limits) -> None:
        self.counting, self.counts, self.limits = counting, counts, limits
        self.patients, self.days = len(limits.last), counting.window.last_day - counting.window.first_day + 1
        places = np.arange(len(counts.day))
        self.before = np.maximum(counts.first - 1, 0)
        self.has_before = (counts.first > 0) & (counts.patient[self.before] == counts.patient)
        self.day_before = np.where(self.has_before, counts.day[self.before], -1)
        self.missing = np.where(self.has_before | counting.carried, counts.day - self.day_before - 1, 0)
        self.last = counts.last == places
        self.apart = np.flatnonzero(~self.last & self._differs())
        self._runs: dict[tuple[int, int], Runs] = {}
        self.of = counts.patient.copy()
        self.of[self.apart] = self.patients + np.arange(len(self.apart))

    @cached_property
    def filled(self) -> Truths:
        """Whether runs of missing days are filled, by their length."""
        return np.array([is_filled(self.counting, missing) for missing in range(self.days + 1)], np.bool_)

    @cached_property
    def is_one(self) -> bool:
        """Whether both ends are one: no count is a bound, and no missing day stays open."""
        open_days = self.counting.unfilled != "never" and not self.filled[self._gaps.missing].all()
        return self.counts.best is self.counts.worst and not open_days

    def _low(self, threshold: int, counted: Ints, of: Ints | int = 1) -> Truths:
        return is_low(self.counting.thresholds[threshold], counted, of, self.counting.rounding)

    def _counts(self, end: int) -> Ints:
        return self.counts.best if end == BEST else self.counts.worst

    def _differs(self) -> Truths:
        """Counts whose days are not those that the last count of the day tells."""
        found = np.zeros(len(self.counts.day), np.bool_)
        for end in (BEST, WORST):
            values = self._counts(end)
            final = values[self.counts.last]
            found |= (self.missing > 0) & (values != final)
            for threshold in range(len(self.counting.thresholds)):
                found |= self._low(threshold, values) != self._low(threshold, final)
        return found

    @cached_property
    def _gaps(self) -> Gaps:
        """The missing days before each count that stands on a lane, and after the last."""
        counts = self.counts
        after = np.flatnonzero((self.missing > 0) & (self.last | (self.of >= self.patients)))
        edge = ~self.has_before[after]
        before = np.where(edge, after, self.before[after])
        inner = Gaps(self.of[after], self.day_before[after] + 1, self.missing[after], before, after, edge)
        if not self.counting.carried:
            return inner
        _, last = runs_of(counts.patient)
        missing = self.limits.last[counts.patient[last]] - counts.day[last]
        outer = Gaps(counts.patient[last], counts.day[last] + 1, missing, last, last, np.ones(len(last), np.bool_))
        return Gaps(*(np.concatenate(both) for both in zip(inner, outer, strict=True)))

    def low(self, end: int, threshold: int) -> Truths:
        """Low days, by day and lane, before runs are joined."""
        counts, apart = self.counts, self.apart
        found = np.zeros((self.days, self.patients + len(apart)), np.bool_)
        low = self._low(threshold, self._counts(end))
        found[counts.day[self.last], counts.patient[self.last]] = low[self.last]
        day, lane, filled = self._filled(end, threshold, low)
        ours = lane < self.patients
        found[day[ours], lane[ours]] = filled[ours]
        earlier = np.arange(self.days)[:, None] <= self.day_before[apart]
        found[:, self.patients :] = found[:, counts.patient[apart]] & earlier
        found[counts.day[apart], self.of[apart]] = low[apart]
        found[day[~ours], lane[~ours]] = filled[~ours]
        return found

    @cached_property
    def _missing_days(self) -> tuple[Ints, Ints]:
        """Of each missing day the place of its gap, and which day of the gap it is, counted from 1."""
        missing = self._gaps.missing
        gap = np.repeat(np.arange(len(missing)), missing)
        return gap, np.arange(len(gap)) - np.repeat(np.cumsum(missing) - missing, missing) + 1

    def _filled(self, end: int, threshold: int, low: Truths) -> tuple[Ints, Ints, Truths]:
        """Missing days: day, lane, and whether low."""
        counting, gaps, (gap, step) = self.counting, self._gaps, self._missing_days
        before, after = gaps.before[gap], gaps.after[gap]
        first, last = (self._counts(end)[places] for places in (before, after))
        if counting.filling == "line":
            of = gaps.missing[gap] + 1
            found = self._low(threshold, (of - step) * first + step * last, of)
        else:
            found = self._low(threshold, first + last, 2)
        possible = np.zeros(len(gap), np.bool_)
        if end == WORST and counting.unfilled == "any":
            possible[:] = True
        elif end == WORST and counting.unfilled == "between":
            possible = low[before] & low[after] & ~gaps.edge[gap]
        found = np.where(self.filled[gaps.missing[gap]], found, possible)
        return gaps.first[gap] + step - 1, gaps.lane[gap], found

    def runs(self, end: int, threshold: int) -> "Runs":
        """The runs of low days, by day and lane."""
        if (end, threshold) not in self._runs:
            self._runs[end, threshold] = Runs(self.low(end, threshold), self.counting.joined_days)
        return self._runs[end, threshold]

    def told(self, tallies: Tallies, end: int, threshold: int) -> Told:
        """What the days of each tally say, runs joined; at worst, before the end, all days from the newest count on."""
        joined_days, carried = self.counting.joined_days, self.counting.carried
        runs = self.runs(BEST if self.is_one else end, threshold)
        patient, final = self.counts.patient[tallies.place], tallies.final
        coming = ~final if carried and end == WORST else np.zeros(len(final), np.bool_)
        day = np.where(final, self.limits.last[patient], self.counts.day[tallies.place])
        lane = np.where(final, patient, self.of[tallies.place])
        place = day * len(runs.longest[0]) + lane
        columns = runs.newest, runs.start, runs.longest, runs.total
        newest, start, longest, total = (column.ravel()[place].astype(np.int64) for column in columns)
        until = np.where(coming, self.days - 1, day)
        at_end = joined_days if self.counting.end_joins else 0
        near = day - newest <= np.where(coming, joined_days + 1, np.where(final, at_end, 0))
        lasts = near | coming
        begun = np.where(near, start, day)
        more = until - np.where(near, newest, day - 1)
        longest = np.where(lasts, np.maximum(longest, until - begun + 1), longest)
        return Told(longest, total + np.where(lasts, more, 0), lasts, begun)


class Runs:
    """Runs of low days until each day, by day and lane, those at most `joined_days` apart joined.

    `newest` is the newest low day, or NO_DAY, `start` the first of its run; `longest` the longest of all runs and
    `total` all their days, days between that were joined among them.
    """

    def __init__(self, low: Truths, joined_days: int) -> None:
        days = np.arange(len(low), dtype=np.int16)[:, None]
        self.newest: Grid = np.maximum.accumulate(np.where(low, days, np.int16(NO_DAY)), axis=0)
        earlier = np.concatenate([np.full_like(self.newest[:1], NO_DAY), self.newest[:-1]])
        begins = low & (days - earlier > joined_days + 1)
        self.start: Grid = np.maximum.accumulate(np.where(begins, days, np.int16(NO_DAY)), axis=0)
        length = np.where(low, days - self.start + np.int16(1), np.int16(0))
        self.longest: Grid = np.maximum.accumulate(length, axis=0)
        more = np.where(low, np.where(begins, np.int16(1), days - earlier), np.int16(0))
        self.total: Grid = np.cumsum(more, axis=0, dtype=np.int16)
