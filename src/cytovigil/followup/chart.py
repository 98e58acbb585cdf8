"""The chart of one infusion on a day: rows as they count, by signal, and the days that matter."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, overload
from zoneinfo import ZoneInfo

from cytovigil.followup.items import DrivingRule
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event, Patient
from cytovigil.model.times import DAY, day_of, start_of_day

Rows = Mapping[str, Sequence[Event]]


class RowsOnDemand(Sequence[Event]):
    """Rows of one signal by time, each made of its place elsewhere when it is looked at.

    `covered_until` is the last moment of any of them, in seconds UTC.
    """

    def __init__(self, make: Callable[[int], Event], places: Sequence[int], covered_until: int) -> None:
        """`places` are in order of time."""
        self._make, self._places, self.covered_until = make, places, covered_until
        self._made = dict[int, Event]()

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, which: int) -> Event: ...
    @overload
    def __getitem__(self, which: slice) -> list[Event]: ...
    def __getitem__(self, which: int | slice) -> Event | list[Event]:
        if isinstance(which, slice):
            return [self._event(place) for place in self._places[which]]
        return self._event(self._places[which])

    def __iter__(self) -> Iterator[Event]:
        return map(self._event, self._places)

    def __reversed__(self) -> Iterator[Event]:
        return map(self._event, reversed(self._places))

    def _event(self, place: int) -> Event:
        found = self._made.get(place)
        if found is None:
            found = self._made[place] = self._make(place)
        return found


def covered_until(rows: Sequence[Event]) -> int:
    """The last moment of any of some rows: its time, or its end where it has one."""
    return rows.covered_until if isinstance(rows, RowsOnDemand) else max(last_moment(row) for row in rows)


def last_moment(row: Event) -> int:
    """The end of a row, else its time."""
    return row.time if row.end is None else max(row.time, row.end)


def no_record(_product: str, _infused: date) -> DrivingRule | None:
    """Of driving nothing is known."""
    return None


class Place(NamedTuple):
    """The site: its time zone, the country whose rules are chosen, its dated records on driving by product and day.

    A drug of so many days before the infusion is lymphodepletion, where no day is given on which that began.
    """

    zone: ZoneInfo
    nation: str = "NL"
    lymphodepletion_days: float = 14
    driving: Callable[[str, date], DrivingRule | None] = no_record


class Chart:
    """`rows` by signal in order of time, after ties, duplicates and withdrawals; those after `on` are left aside.

    `following` is the time of the next infusion, in seconds UTC.
    """

    def __init__(self, patient: Patient, rows: Rows, on: date, place: Place, following: int | None = None) -> None:
        """Only what lies before the end of the day `on` at the site counts."""
        self.patient, self.on, self.place = patient, on, place
        end = self.end = start_of_day(on + timedelta(days=1), place.zone)
        self._rows = {name: _before(found, end) for name, found in rows.items()}
        self._start, self._days = patient.infusion_time, dict[int, date]()
        self.infused = self.day(self._start)
        deaths = self.rows("death")
        self.died = self._reached(deaths[0].time if deaths else patient.death_time)
        self.followed_on = self._reached(following)
        self.ended = self._reached(patient.last_followup)
        self.heard: dict[Any, Any] = {}  # what sources say, as far as asked: see `hearing.hear`
        self.facts: dict[str, Fact] = {}  # by field, as far as asked for: see `facts.fact_of`

    def rows(self, signal: str) -> Sequence[Event]:
        """All rows of a signal until `on`, by time."""
        return self._rows.get(signal, ())

    def after_infusion(self, *signals: str) -> Sequence[Event]:
        """Rows of these signals at or after the infusion, by time."""
        found = [rows for name in signals if (rows := self._rows.get(name)) and rows[-1].time >= self._start]
        if len(found) < 2 and not (found and found[0][0].time < self._start):
            return found[0] if found else ()
        return sorted((row for rows in found for row in rows if row.time >= self._start), key=_time)

    def newest(self, signal: str) -> Event | None:
        """The last row of a signal at or after the infusion."""
        found = self._rows.get(signal)
        return found[-1] if found and found[-1].time >= self._start else None

    def recent(self, signal: str, days: int) -> list[Event]:
        """Rows of a signal of so many days before the end of `on`, or that go on until then."""
        rows, start = self.rows(signal), self.end - days * DAY
        return [row for row in rows if last_moment(row) >= start] if rows and covered_until(rows) >= start else []

    def day(self, seconds: int) -> date:
        """The calendar day at the site."""
        found = self._days.get(seconds)
        if found is None:
            found = self._days[seconds] = day_of(seconds, self.place.zone)
        return found

    def _reached(self, seconds: int | None) -> date | None:
        return self.day(seconds) if seconds is not None and seconds < self.end else None


def _before(rows: Sequence[Event], end: int) -> Sequence[Event]:
    return rows if not rows or rows[-1].time < end else [row for row in rows if row.time < end]


def _time(row: Event) -> int:
    return row.time
