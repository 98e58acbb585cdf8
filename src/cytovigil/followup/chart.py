"""The chart of one infusion on a day: rows as they count, by signal, and the days that matter."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cytovigil.followup.items import DrivingRule
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event, Patient
from cytovigil.model.times import day_of, start_of_day

Rows = Mapping[str, Sequence[Event]]


def no_record(_product: str, _infused: date) -> DrivingRule | None:
    """Of driving nothing is known."""
    return None


class Place(NamedTuple):
    """The site: its time zone, the country whose rules are chosen, its dated records on driving by product and day."""

    zone: ZoneInfo
    nation: str = "NL"
    driving: Callable[[str, date], DrivingRule | None] = no_record


class Chart:
    """`rows` by signal in order of time, after ties, duplicates and withdrawals; those after `on` are left aside.

    `following` is the time of the next infusion, in seconds UTC.
    """

    def __init__(self, patient: Patient, rows: Rows, on: date, place: Place, following: int | None = None) -> None:
        """Only what lies before the end of the day `on` at the site counts."""
        self.patient, self.on, self.place = patient, on, place
        end = self._end = start_of_day(on + timedelta(days=1), place.zone)
        self._rows = {name: [row for row in found if row.time < end] for name, found in rows.items()}
        self.infused = self.day(patient.infusion_time)
        deaths = self.rows("death")
        self.died = self._reached(deaths[0].time if deaths else patient.death_time)
        self.followed_on = self._reached(following)
        self.ended = self._reached(patient.last_followup)
        self.heard: dict[Any, Any] = {}  # what sources say, as far as asked: see `hearing.hear`
        self.facts: dict[str, Fact] = {}  # by field, as far as asked for: see `facts.fact_of`

    def rows(self, signal: str) -> list[Event]:
        """All rows of a signal until `on`, by time."""
        return self._rows.get(signal, [])

    def after_infusion(self, *signals: str) -> list[Event]:
        """Rows of these signals at or after the infusion, by time."""
        start = self.patient.infusion_time
        found = [row for name in signals for row in self._rows.get(name, ()) if row.time >= start]
        return found if len(signals) == 1 else sorted(found, key=lambda row: row.time)

    def newest(self, signal: str) -> Event | None:
        """The last row of a signal at or after the infusion."""
        found = self._rows.get(signal)
        return found[-1] if found and found[-1].time >= self.patient.infusion_time else None

    def recent(self, signal: str, days: int) -> list[Event]:
        """Rows of a signal of so many days before the end of `on`, or that go on until then."""
        start = self._end - days * 86_400
        return [row for row in self.rows(signal) if row.time >= start or (row.end is not None and row.end >= start)]

    def day(self, seconds: int) -> date:
        """The calendar day at the site."""
        return day_of(seconds, self.place.zone)

    def _reached(self, seconds: int | None) -> date | None:
        return self.day(seconds) if seconds is not None and seconds < self._end else None
