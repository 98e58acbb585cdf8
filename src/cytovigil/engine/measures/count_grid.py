"""Counts of a window laid on its calendar days: the lowest of a day, missing days filled, runs joined (semantics 6)."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, overload

from cytovigil.engine.measures.count_days import joined, joined_at_end, span
from cytovigil.logic.counts import Counting, Threshold

if TYPE_CHECKING:
    from cytovigil.engine.columnar.arrays import Ints, Truths

BEST, WORST = 0, 1  # the two ends of what is possible: the highest and the lowest counts
Days = tuple[tuple[int, ...], tuple[int, ...]]  # low days, by end and threshold


@overload
def is_low(threshold: Threshold, counted: int, of: int = 1, rounding: int | None = None) -> bool: ...
@overload
def is_low(threshold: Threshold, counted: "Ints", of: "Ints | int" = 1, rounding: int | None = None) -> "Truths": ...


def is_low(threshold: Threshold, counted: Any, of: Any = 1, rounding: int | None = None) -> Any:
    """Whether a count, in steps and as an exact fraction, is low; of columns of counts, each."""
    if rounding is not None:
        counted, of = _half_even(counted, of * rounding) * rounding, 1
    limit = threshold.steps * of
    return counted <= limit if threshold.inclusive else counted < limit


def is_filled(counting: Counting, missing: int) -> bool:
    """Whether so many missing days in a run are filled."""
    return counting.filled_days is None or missing <= counting.filled_days


def filled_days(counting: Counting, days: Sequence[int], last: int) -> int:
    """How many days until `last` are filled, where these have a count."""
    runs = [after - before - 1 for before, after in pairwise(days)]
    runs += [days[0], last - days[-1]] if counting.carried else []
    return sum(missing for missing in runs if is_filled(counting, missing))


def _half_even(counted: Any, of: Any) -> Any:
    whole, rest = divmod(counted, of)
    return whole + ((2 * rest > of) | ((2 * rest == of) & (whole % 2 == 1)))


class Grid:
    """Grows by counts in order of time. Days are counted from the first day of the window."""

    def __init__(self, counting: Counting) -> None:
        """An empty grid."""
        self.counting = counting
        self.days: list[int] = []  # with a count
        self.counts: list[tuple[int, int]] = []  # of each: the lowest at best, at worst
        self._are_low: list[tuple[tuple[bool, ...], tuple[bool, ...]]] = []  # of each: by end and threshold
        self._one = counting.unfilled == "never"  # both ends are one, as long as counts are no bounds
        self._before: Days = ((0,) * len(counting.thresholds),) * 2  # low days until the last but one
        self._low = self._before

    def add(self, day: int, best: int, worst: int) -> None:
        """One more count, as the highest and the lowest value that it may be."""
        if self.days and self.days[-1] == day:
            earlier = self.counts.pop()
            best, worst = min(best, earlier[BEST]), min(worst, earlier[WORST])
            self._are_low.pop()
        else:
            self._before = self._low
            self.days.append(day)
        self.counts.append((best, worst))
        self._one = self._one and best == worst
        low = self._passed(best)
        self._are_low.append((low, low if worst == best else self._passed(worst)))
        more = self._between if len(self.days) > 1 else self._leading
        self._low = self._with(self._before, lambda end, place: self._are_low[-1][end][place] << day | more(end, place))

    def so_far(self) -> Days:
        """Days low until the last count."""
        return self._joined(self._low)

    def to_come(self) -> Days:
        """The same; at worst the day of the last count, which another may follow, and all days after it are low."""
        window = self.counting.window
        rest = span(self.days[-1], window.last_day - window.first_day)
        return self._joined((self._low[BEST], tuple(days | rest for days in self._low[WORST])))

    def ended(self, last: int) -> Days:
        """The same where nothing comes after day `last`, to which the last count may be carried."""
        missing = last - self.days[-1]
        low = self._with(self._low, lambda end, place: self._edge(end, place, missing) << self.days[-1] + 1)
        if self.counting.end_joins:
            best, worst = (tuple(joined_at_end(d, last, self.counting.joined_days) for d in days) for days in low)
            low = best, worst
        return self._joined(low)

    def _passed(self, count: int) -> tuple[bool, ...]:
        rounding = self.counting.rounding
        return tuple(is_low(threshold, count, rounding=rounding) for threshold in self.counting.thresholds)

    def _joined(self, low: Days) -> Days:
        best, worst = (tuple(joined(one, self.counting.joined_days) for one in days) for days in low)
        return best, worst

    def _with(self, low: Days, more: Callable[[int, int], int]) -> Days:
        best = tuple([one | more(BEST, place) for place, one in enumerate(low[BEST])])
        if self._one:
            return best, best
        return best, tuple([one | more(WORST, place) for place, one in enumerate(low[WORST])])

    def _leading(self, end: int, place: int) -> int:
        """Low days before the first count, which is the newest."""
        return self._edge(end, place, self.days[-1]) if self.counting.carried else 0

    def _edge(self, end: int, place: int, missing: int) -> int:
        """Low days among so many missing ones, counted from 0, beside the newest count alone."""
        if is_filled(self.counting, missing):
            return span(0, missing - 1) if self._are_low[-1][end][place] else 0
        return span(0, missing - 1) if end == WORST and self.counting.unfilled == "any" else 0

    def _between(self, end: int, place: int) -> int:
        """Low days among the missing ones between the newest count and the one before."""
        counting, (before, day) = self.counting, self.days[-2:]
        first, last = self._are_low[-2][end][place], self._are_low[-1][end][place]
        if not is_filled(counting, day - before - 1):
            possible = counting.unfilled == "any" or (counting.unfilled == "between" and first and last)
            return span(before + 1, day - 1) if end == WORST and possible else 0
        if first == last:
            return span(before + 1, day - 1) if first else 0
        return self._filled(end, counting.thresholds[place])

    def _filled(self, end: int, threshold: Threshold) -> int:
        """Low days on the line between the two newest counts, or of their mean."""
        counting, (before, day) = self.counting, self.days[-2:]
        first, last = self.counts[-2][end], self.counts[-1][end]
        of, found = day - before, 0
        for step in range(1, of):
            on_line = ((of - step) * first + step * last, of)
            counted, parts = on_line if counting.filling == "line" else (first + last, 2)
            found |= is_low(threshold, counted, parts, counting.rounding) << before + step
        return found
