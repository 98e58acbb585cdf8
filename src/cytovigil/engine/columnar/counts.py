"""The counts of a window of all patients of a block, and the tallies that are made of them (semantics 6)."""

from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, packed, runs_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Tabulated
from cytovigil.engine.columnar.counted import Rows
from cytovigil.logic.counts import Counting, Window
from cytovigil.model.events import Event
from cytovigil.model.times import day_of, start_of_day


class Counts(NamedTuple):
    """Counts in steps, by patient and time. `day` is counted from the first day of the window.

    `best` and `worst` are the lowest of the day until then; `number` is how many days have a count until then. `first`
    and `last` are the places of the first and the last count of the day, `flags` those of all counts until then.
    """

    patient: Ints
    time: Ints
    day: Ints
    best: Ints
    worst: Ints
    number: Ints
    first: Ints
    last: Ints
    flags: Ints


class Limits(NamedTuple):
    """Of each patient: the last day, counted from the first of the window, and when nothing more can come."""

    last: Ints
    end: Ints


class Tallies(NamedTuple):
    """Moments at which there is something to tell, by patient and time, each with the place of its newest count."""

    keys: Ints
    place: Ints
    final: Truths


class Calendar:
    """Days at the site, counted from a first; each is looked up once in a run."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._first = date.max.toordinal()
        self._starts: list[int] = []

    def starts(self, first: date, last: date) -> Ints:
        """The first second of each day from the first to the last."""
        since, until = first.toordinal(), last.toordinal() + 1
        if not self._starts:
            self._first = since
        known = range(self._first, self._first + len(self._starts))
        self._starts = [
            *(self._start(day) for day in range(since, known.start)),
            *self._starts,
            *(self._start(day) for day in range(known.stop, until)),
        ]
        self._first = min(self._first, since)
        return np.array(self._starts[since - self._first : until - self._first], np.int64)

    def _start(self, ordinal: int) -> int:
        return start_of_day(date.fromordinal(ordinal), self._zone)


class Days:
    """The calendar days of a block's windows. A moment before or after all of them has the day before or after."""

    def __init__(self, block: Block, length: int) -> None:
        zone = block.settings.zone
        calendar: Calendar = block.known.table(("calendar", zone), lambda: Calendar(zone))
        first, last = (day_of(int(time), zone) for time in (block.start.min(), block.start.max()))
        self._starts = calendar.starts(first, last + timedelta(days=length + 2))
        self._infused = np.searchsorted(self._starts, block.start, side="right") - 1

    def day(self, patient: Ints, time: Ints) -> Ints:
        """The day of each moment, counted from that of the patient's infusion."""
        found: Ints = np.searchsorted(self._starts, time, side="right") - 1 - self._infused[patient]
        return found

    def start(self, day: Ints) -> Ints:
        """When a day of each patient begins; of days that lie too far, of the nearest."""
        found: Ints = self._starts[np.clip(self._infused + day, 0, len(self._starts) - 1)]
        return found


def limits_of(block: Block, window: Window, days: Days) -> Limits:
    """Until when counts of a window tell anything: its last day, or an earlier date that ends it, or follow-up."""
    last = np.full(block.size, window.last_day, np.int64)
    for name in window.ended_by:
        dates = [getattr(one, name) for one in block.infusions]
        ended = np.array([NEVER if one is None else one for one in dates], np.int64)
        last = np.where(ended < NEVER, np.minimum(last, days.day(block.patients, ended)), last)
    end = days.start(last + 1)
    followed = block.followed_until
    short = followed < end
    last = np.where(short, np.minimum(last, days.day(block.patients, followed)), last)
    return Limits(last - window.first_day, np.where(short, followed, end))


def counts_of(block: Block, signal: str, window: Window) -> tuple[Counts, Limits]:
    """The counts of the window until its end, and that end; its last day counts whole."""
    days = Days(block, window.last_day)
    limits, rows = limits_of(block, window, days), block.rows(signal)
    day = days.day(rows.patient, rows.time) - window.first_day
    inside = (day >= 0) & (day <= limits.last[rows.patient])
    patient, time, day = rows.patient[inside], rows.time[inside], day[inside]
    rows = Rows(patient, time, rows.until[inside], rows.ended[inside], rows.kind[inside])
    first, last = runs_of(patient, day)
    group = np.repeat(np.arange(len(first)), last - first + 1)
    high, low = (block.kinds_of(rows, end) for end in (_high, _low))
    best = _lowest(group, high)
    worst = best if (high == low).all() else _lowest(group, low)
    number = group - group[firsts(patient)] + 1
    flags = _flags_until(block, rows)
    return Counts(patient, time, day, best, worst, number, first[group], last[group], flags), limits


def _high(row: Event) -> int:
    assert row.high is not None
    return row.high


def _low(row: Event) -> int:
    assert row.low is not None
    return row.low


def firsts(*columns: Ints) -> Ints:
    """Of each row the place of the first of its run: of its patient, for example."""
    first, last = runs_of(*columns)
    return np.repeat(first, last - first + 1)


def _lowest(group: Ints, values: Ints) -> Ints:
    """The lowest value of a group until each row; groups rise."""
    apart = group * (int(values.max(initial=0)) + 1)
    return np.minimum.accumulate(values - apart) + apart


def _flags_until(block: Block, rows: Rows) -> Ints:
    """The flags of all counts of a patient until each."""
    known = block.known.flags
    own = block.kinds_of(rows, lambda kind: known.code(kind.flags))
    names = sorted({name for code in np.unique(own).tolist() for name in known.values[code]})
    if not names:
        return own
    of_patient, places = firsts(rows.patient), np.arange(len(own))
    bits = np.zeros(len(own), np.int64)
    for at, name in enumerate(names):
        flagged = np.array([name in flags for flags in known.values], np.bool_)[own]
        bits |= (np.maximum.accumulate(np.where(flagged, places, -1)) >= of_patient).astype(np.int64) << at
    union = Tabulated(lambda one: known.code(frozenset(name for at, name in enumerate(names) if one >> at & 1)))
    return union([bits])


def tallies_of(counting: Counting, counts: Counts, limits: Limits) -> Tallies:
    """One at each count, and of counts that are carried one when nothing more can come."""
    enough = counts.number >= counting.least_counts
    end = limits.end[counts.patient]
    if not counting.carried:
        count = np.flatnonzero(enough)
        keys = packed(counts.patient[count], np.minimum(counts.time, end)[count])
        return Tallies(keys, count, np.zeros(len(count), np.bool_))
    count, last = np.flatnonzero(enough & (counts.time < end)), runs_of(counts.patient)[1]
    last = last[enough[last]]
    keys = np.concatenate([packed(counts.patient, counts.time)[count], packed(counts.patient, end)[last]])
    order = np.argsort(keys, kind="stable")
    final = np.repeat([False, True], [len(count), len(last)])
    return Tallies(keys[order], np.concatenate([count, last])[order], final[order])
