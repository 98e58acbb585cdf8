"""Timeline, days and summary of one scale, of all patients of a block (semantics 8)."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, first_of_runs, runs_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.scaled import ScaleTables
from cytovigil.engine.columnar.verdicts import Said, Verdicts
from cytovigil.engine.rows import unobserved
from cytovigil.logic.scale import CumulativeCourse, EpisodicCourse, MomentCourse, Scale
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR, day_of, start_of_day

NO_GRADE = -1  # sorts below all grades


class Timeline(NamedTuple):
    """By patient and time. `low` and `high` are NO_GRADE where none can be given; `said` is a code of the scale."""

    patient: Ints
    start: Ints
    end: Ints
    said: Ints
    low: Ints
    high: Ints
    unseen: Truths

    def at(self, places: Ints | Truths) -> "Timeline":
        """Some of the rows."""
        patient, start, end, said, low, high, unseen = self
        return Timeline(
            patient[places], start[places], end[places], said[places], low[places], high[places], unseen[places]
        )


class Worst(NamedTuple):
    """Of groups of rows: the worst grades, and for how many seconds nobody looked."""

    low: Ints
    high: Ints
    unseen_s: Ints


class Days(NamedTuple):
    """Days with graded time, by patient. `day` counts from the day of infusion, `ordinal` is that of `datetime`."""

    patient: Ints
    day: Ints
    ordinal: Ints
    worst: Worst


class Stretches(NamedTuple):
    """Rows of a timeline without their grades."""

    patient: Ints
    start: Ints
    end: Ints
    said: Ints


def stretches(verdicts: Verdicts) -> Stretches:
    """One row for each stretch in which nothing changes."""
    starts = first_of_runs(verdicts.patient, verdicts.said)
    starts[1:] |= verdicts.start[1:] != verdicts.end[:-1]
    first, last = runs_of(np.cumsum(starts))
    return Stretches(verdicts.patient[first], verdicts.start[first], verdicts.end[last], verdicts.said[first])


def timeline(tables: ScaleTables, verdicts: Verdicts) -> Timeline:
    """The rows of the timeline, with their grades."""
    rows = stretches(verdicts)
    low, high, unseen = _columns(tables.said.values)
    return Timeline(*rows, low[rows.said], high[rows.said], unseen[rows.said])


def _columns(said: list[Said]) -> tuple[Ints, Ints, Truths]:
    low = np.array([NO_GRADE if one.low is None else one.low for one in said], np.int64)
    high = np.array([NO_GRADE if one.high is None else one.high for one in said], np.int64)
    return low, high, np.array([unobserved(one.flags) for one in said], np.bool_)


def counting(scale: Scale, settings: Settings, group: Ints, rows: Timeline) -> Truths:
    """For each row whether its high counts: an uncertain stretch shorter than 1 h does not, inside one group."""
    counts = np.ones(len(group), np.bool_)
    if not isinstance(scale.course, EpisodicCourse | MomentCourse):
        return counts
    uncertain = (rows.low != NO_GRADE) & (rows.low != rows.high) & (rows.start < rows.end)
    stretch = np.cumsum(first_of_runs(group, uncertain)) - 1
    first, last = runs_of(stretch)
    short = rows.end[last] - rows.start[first] < int(settings.short_stretch_h * HOUR)
    counts &= ~(uncertain & short[stretch])
    return counts


def worst_of(group: Ints, rows: Timeline, counts: Truths, unseen_s: Ints) -> Worst:
    """The highest low, and the highest high of the rows that count, of each run of one group."""
    first, _ = runs_of(group)
    if not len(first):
        return Worst(*(np.zeros(0, np.int64),) * 3)
    low = np.maximum.reduceat(rows.low, first)
    counted = np.maximum.reduceat(np.where(counts, rows.high, NO_GRADE), first)
    every = np.maximum.reduceat(rows.high, first)
    high = np.maximum(low, np.where(counted == NO_GRADE, every, counted))
    return Worst(low, high, np.add.reduceat(unseen_s, first))


def summary(block: Block, scale: Scale, rows: Timeline) -> Worst:
    """Worst grades over the whole graded time of each patient; of a scale that counts days, those at its end."""
    unseen_s = np.where(rows.unseen, rows.end - rows.start, 0)
    considered = np.ones(len(rows.patient), np.bool_)
    if isinstance(scale.course, CumulativeCourse):
        considered[:-1] = rows.patient[1:] != rows.patient[:-1]
    chosen = rows.at(considered)
    counts = counting(scale, block.settings, chosen.patient, chosen)
    found = worst_of(chosen.patient, chosen, counts, unseen_s[considered])
    nobody = np.full(block.size, NO_GRADE, np.int64)
    every = Worst(nobody, nobody.copy(), np.zeros(block.size, np.int64))
    graded = chosen.patient[first_of_runs(chosen.patient)]
    every.low[graded], every.high[graded] = found.low, found.high
    np.add.at(every.unseen_s, rows.patient, unseen_s)
    return every


def days(block: Block, scale: Scale, rows: Timeline) -> Days:
    """Calendar days at the site, clipped to the graded time; only days with graded time."""
    calendar = Calendar(block.settings, rows, block.start)
    of_start, of_end = calendar.day(rows.start), calendar.day(np.maximum(rows.end - 1, rows.start))
    infused = calendar.day(block.start)
    if isinstance(scale.course, CumulativeCourse):
        of_end = np.minimum(of_end, infused[rows.patient] + scale.course.window.last_day + 1)
    lengths = np.maximum(of_end - of_start + 1, 0)
    place = np.repeat(np.arange(len(lengths)), lengths)
    day = of_start[place] + np.arange(len(place)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    counts = counting(scale, block.settings, rows.patient, rows)[place]
    inside = rows.at(place)
    begin, finish = calendar.starts[day], calendar.starts[day + 1]
    seen = np.minimum(inside.end, finish) - np.maximum(inside.start, begin)
    group = inside.patient * len(calendar.starts) + day
    worst = worst_of(group, inside, counts, np.where(inside.unseen, seen, 0))
    first = first_of_runs(group)
    graded = worst.low != NO_GRADE
    patient, day = inside.patient[first][graded], day[first][graded]
    kept = Worst(*(column[graded] for column in worst))
    return Days(patient, day - infused[patient], calendar.first.toordinal() + day, kept)


class Calendar:
    """The days at the site that rows touch, counted from the first."""

    def __init__(self, settings: Settings, rows: Timeline, start: Ints) -> None:
        zone = settings.zone
        earliest = int(min(start.min(), rows.start.min(initial=NEVER)))
        latest = int(max(start.max(), rows.end.max(initial=-NEVER)))
        self.first: date = day_of(earliest, zone)
        number = (day_of(latest, zone) - self.first).days + 2
        self.starts = np.array([start_of_day(self.first + timedelta(days=n), zone) for n in range(number)], np.int64)

    def day(self, time: Ints) -> Ints:
        """The day of each moment."""
        found: Ints = np.searchsorted(self.starts, time, side="right") - 1
        return found
