"""The axis of a patient: days since the infusion, with the calendar of the site beside them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cytovigil.model.times import DAY, day_of, start_of_day_after
from cytovigil.model.told import Say

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Midnight(NamedTuple):
    """The start of a calendar day at the site: its place in days since the infusion, `D+3` and `2 Mar`."""

    x: float
    day: int
    date: str


@dataclass(frozen=True, slots=True)
class Days:
    """Times of one infusion. `infusion` in seconds UTC; D0 is the calendar day of the infusion at the site."""

    infusion: int
    zone: ZoneInfo
    say: Say = str

    def x(self, seconds: int) -> float:
        """Decimal days since the infusion."""
        return round((seconds - self.infusion) / DAY, 4)

    def day(self, seconds: int) -> int:
        """Calendar days at the site since the day of the infusion."""
        return (day_of(seconds, self.zone) - day_of(self.infusion, self.zone)).days

    def text(self, seconds: int) -> str:
        """A time as the ward writes it: `2 Mar 14:05 (D+3)`."""
        moment = datetime.fromtimestamp(seconds, self.zone)
        return f"{self._date(moment)} {moment:%H:%M} ({name_day(self.day(seconds))})"

    def midnights(self, start: int, end: int) -> list[Midnight]:
        """The calendar days that begin from `start` to `end`, both in seconds UTC."""
        found = []
        for day in range(self.day(start), self.day(end) + 1):
            seconds = start_of_day_after(self.infusion, day, self.zone)
            if start <= seconds <= end:
                date = day_of(self.infusion, self.zone) + timedelta(days=day)
                found.append(Midnight(self.x(seconds), day, f"{date.day} {self.say(MONTHS[date.month - 1])}"))
        return found

    def _date(self, moment: datetime) -> str:
        return f"{moment.day} {self.say(MONTHS[moment.month - 1])}"


def name_day(day: int) -> str:
    """A day since the infusion as the ward says it: D-1, D0, D+3."""
    return f"D{day:+d}" if day else "D0"
