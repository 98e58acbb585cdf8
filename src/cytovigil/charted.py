"""Charts as follow-up reads them: of each patient the rows as they count, by signal, from events or from columns.

Of columns a row becomes an event when it is looked at: most questions are answered by the newest of a signal.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.engine.record import Record
from cytovigil.followup.chart import Rows, RowsOnDemand
from cytovigil.followup.schedule import SIGNALS
from cytovigil.model.events import UNREADABLE, Course, Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.times import MINUTE, NEVER, start_of_day
from cytovigil.readers.event_columns import EventColumns

_NOBODY = Patient("", 0)  # rows count the same whoever's they are


class Charted(NamedTuple):
    """The infusions of one patient, in order of time, and the rows of all of them."""

    infusions: tuple[Patient, ...]
    rows: Rows


def charted(course: Course, on: date, settings: Settings, known_until: int | None = None) -> Charted:
    """What counts at the end of a day at the site; nothing that became known after `known_until`, in seconds UTC."""
    end = _end(on, settings) - 1
    as_of = end if known_until is None else min(end, known_until)
    looked = [one for one in course.events if one.signal in SIGNALS or one.withdrawn]
    return Charted(_in_order(course.infusions), as_they_count(looked, as_of, settings))


def charted_columns(columns: EventColumns, on: date, settings: Settings) -> Iterator[Charted]:
    """The same of each patient of columns."""
    end = _end(on, settings)
    looked = np.array([one.signal in SIGNALS or one.withdrawn for one in columns.kinds], np.bool_)
    rows = np.flatnonzero(looked[columns.kind] & (columns.time < end) & (columns.known_at < end))
    signals = sorted({one.signal for one in columns.kinds})
    codes = np.array([signals.index(one.signal) for one in columns.kinds], np.int64)
    group = columns.patient[rows] * len(signals) + codes[columns.kind[rows]]
    order = np.argsort(group, kind="stable")
    rows, group = rows[order], group[order]
    alone = _standing_alone(columns, rows, group, settings)
    by_signal = _by_signal(columns, rows, group, signals, alone)
    for infusions, as_it_is, found in zip(columns.infusions, alone, by_signal, strict=True):
        all_ = (row for mine in found.values() for row in mine)
        yield Charted(_in_order(infusions), found if as_it_is else as_they_count(all_, end - 1, settings))


def _standing_alone(
    columns: EventColumns, rows: NDArray[np.int64], group: NDArray[np.int64], settings: Settings
) -> list[bool]:
    """Of each patient whether no row can withdraw, replace or double another, and all can be read."""
    odd = np.array([not _can_be_read(one) for one in columns.kinds], np.bool_)[columns.kind[rows]]
    near_s = settings.same_dose_min * MINUTE
    near = (np.diff(group) == 0) & (np.diff(columns.time[rows]) <= near_s)
    found = ~columns.replaced
    found[columns.patient[rows[odd]]] = False
    found[columns.patient[rows[1:][near]]] = False
    alone: list[bool] = found.tolist()
    return alone


def _by_signal(
    columns: EventColumns, rows: NDArray[np.int64], group: NDArray[np.int64], signals: Sequence[str],
    alone: Sequence[bool],
) -> Iterator[dict[str, Sequence[Event]]]:  # fmt: skip
    """Of each patient its rows by signal; who charted them, and in which words, only where that counts."""
    short = _short_events(columns)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    patients, found = np.divmod(group[starts], len(signals))
    borders = np.searchsorted(patients, np.arange(len(columns.infusions) + 1)).tolist()
    edges = [*starts.tolist(), len(rows)]
    time, end = columns.time[rows], columns.end[rows]
    covered = np.maximum.reduceat(np.where(end == NEVER, time, np.maximum(time, end)), starts) if len(rows) else starts
    for (first, last), as_it_is in zip(pairwise(borders), alone, strict=True):
        make, names = short if as_it_is else columns.event, found[first:last].tolist()
        stretches = zip(names, pairwise(edges[first : last + 1]), covered[first:last].tolist(), strict=True)
        yield {
            signals[name]: RowsOnDemand(make, rows[begin:after].tolist(), until)
            for name, (begin, after), until in stretches
        }


def _short_events(columns: EventColumns) -> Callable[[int], Event]:
    def event(row: int) -> Event:
        said = columns.kinds[columns.kind[row]]
        if said.signal == "vaccine" or said.withdrawn:
            return columns.event(row)
        time, end, known = int(columns.time[row]), int(columns.end[row]), int(columns.known_at[row])
        until, recorded = None if end == NEVER else end, None if known == time else known
        return Event._make(("", time, *said[2:7], until, recorded, *said[9:]))

    return event


def as_they_count(events: Iterable[Event], as_of: int, settings: Settings) -> Rows:
    """Rows by signal, after withdrawals, ties and duplicates; of a chart that can have none of these as they are."""
    known = sorted((row for row in events if row.known_at <= as_of), key=_time)
    by_signal: dict[str, list[Event]] = {}
    for row in known:
        by_signal.setdefault(row.signal, []).append(row)
    near_s = settings.same_dose_min * MINUTE
    if all(row.recorded_at is None and _can_be_read(row) for row in known) and all(
        after.time - row.time > near_s for rows in by_signal.values() for row, after in pairwise(rows)
    ):
        return by_signal
    record = Record(_NOBODY, known, settings)
    return {name: record.rows(name) for name in by_signal}


def _time(row: Event) -> int:
    return row.time


def _can_be_read(row: Event) -> bool:
    """False for what could not be read, and for what says that another row is in error."""
    return not (row.withdrawn or row.word == UNREADABLE)


def _in_order(infusions: Iterable[Patient]) -> tuple[Patient, ...]:
    return tuple(sorted(infusions, key=lambda one: (one.infusion_time, one.infusion)))


def _end(on: date, settings: Settings) -> int:
    """The first second of the next day at the site."""
    return start_of_day(on + timedelta(days=1), settings.zone)
