"""Time: whole seconds UTC as integers; calendar days of the site; tolerant reading of charted times.

Sub-second parts are cut off at the door, so that every engine compares whole seconds.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cytovigil.model.told import Say, ToldValueError

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
BEGINNING, FOR_EVER = -(10**12), 10**12  # before and after every time that can be charted
NEVER = 1 << 60  # in columns of times: there is none
NOTHING = -(1 << 30)  # in columns of other whole numbers: there is none
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE | re.ASCII,
)
_DUTCH = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)


class ReadTime(NamedTuple):
    """A time as read. `notes` holds `time_assumed` (a date alone), `doubled_hour`, `missing_hour`."""

    seconds: int
    notes: frozenset[str] = frozenset()


@lru_cache(maxsize=8_192)
def parse_time(text: str, zone: ZoneInfo) -> ReadTime:
    """Read ISO 8601, or day-month-year as Dutch charts print it; a naive time is one of `zone`.

    Raises ValueError with a sentence that says what is wrong.
    """
    text = text.strip()
    if match := _ISO.fullmatch(text):
        year, month, day, hour, minute, second, offset = match.groups()
    elif match := _DUTCH.fullmatch(text):
        day, month, year, hour, minute, second = match.groups()
        offset = None
    else:
        raise ToldValueError("'{text}' is not a time: write 2026-03-02T08:00+01:00", text=text[:40])
    try:
        naive = datetime(int(year), int(month), int(day), int(hour or 12), int(minute or 0), int(second or 0))  # noqa: DTZ001
    except ValueError as error:
        raise ToldValueError("'{text}' is not a possible date or time", text=text[:40]) from error
    if hour is None:
        moment, notes = _in_zone(naive, zone)
        return _bounded(moment, notes | {"time_assumed"}, text)
    if offset:
        try:
            moment = datetime.fromisoformat(naive.isoformat() + _offset(offset))
        except ValueError as error:
            raise ToldValueError("'{text}' has an offset from UTC that is not possible", text=text[:40]) from error
        return _bounded(moment, frozenset(), text)
    return _bounded(*_in_zone(naive, zone), text)


def _offset(text: str) -> str:
    if text in "Zz":
        return "+00:00"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"


def _in_zone(naive: datetime, zone: ZoneInfo) -> tuple[datetime, frozenset[str]]:
    """The first of a doubled hour; a missing hour shifts forward; both are noted."""
    first, second = naive.replace(tzinfo=zone), naive.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first, frozenset()
    missing = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive
    return first, frozenset({"missing_hour" if missing else "doubled_hour"})


def _bounded(moment: datetime, notes: frozenset[str], text: str) -> ReadTime:
    if not EARLIEST <= moment <= LATEST:
        raise ToldValueError("'{text}' is outside the years 1900 to 2200", text=text[:40])
    return ReadTime(int(moment.timestamp() // 1), notes)


def day_of(seconds: int, zone: ZoneInfo) -> date:
    """The calendar day at the site."""
    return datetime.fromtimestamp(seconds, zone).date()


@lru_cache(maxsize=8_192)
def start_of_day(day: date, zone: ZoneInfo) -> int:
    """The first second of a calendar day at the site."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def start_of_day_after(seconds: int, days: int, zone: ZoneInfo) -> int:
    """The first second of the day that lies `days` calendar days after the day of `seconds`."""
    return start_of_day(day_of(seconds, zone) + timedelta(days=days), zone)


def format_time(seconds: int, zone: ZoneInfo) -> str:
    """ISO 8601 in the site's zone with offset, whole seconds."""
    return datetime.fromtimestamp(seconds, zone).isoformat(timespec="seconds")


def show_span(seconds: float, say: Say = str) -> str:
    """`40 min`, `5 h`, `3 d`."""
    minutes = round(seconds / MINUTE)
    if minutes < 120:
        return say("{minutes} min").format(minutes=minutes)
    if minutes < 4320:
        return say("{hours} h").format(hours=minutes // 60)
    return say("{days} d").format(days=minutes // 1440)
