"""Charts written as small tables, for tests that are also the manual.

A row is `time | signal | value | end`; times are `d2 08:30`, calendar days since the infusion on day 0 at 08:00, in the
site's zone. Numbers are in the signal's canonical unit; `?` is a drug given or running at an unknown amount, or a count
that cannot be read; `<38` is a bound. A rate drug, or a value that ends in `/h` or `/min`, is an infusion. A fifth cell gives `name=value` pairs of the
event: recorded_at=d3 10:00, recorded_by=nurse, text=..., route=topical, source_id=x, ref_high=110.
"""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from cytovigil.engine.reference import grade_course
from cytovigil.model.events import UNREADABLE, Course, Event, Patient
from cytovigil.model.results import Graded, TimelineRow
from cytovigil.model.settings import Settings
from cytovigil.model.vocabulary import signals
from cytovigil.rules import SCALES

DAY_0 = dt.date(2026, 3, 2)
SETTINGS = Settings()
ADULT = Patient("P1", 0, age_years=50, sex="female")


def at(text: str) -> int:
    """`d2 08:30` as seconds UTC."""
    day, _, clock = text.strip().partition(" ")
    hour, _, minute = (clock or "12:00").partition(":")
    date = DAY_0 + dt.timedelta(days=int(day[1:]))
    return int(dt.datetime.combine(date, dt.time(int(hour), int(minute)), SETTINGS.zone).timestamp())


def events(table: str) -> list[Event]:
    """The events of a chart."""
    rows = (line.split("|") for line in table.strip().splitlines() if line.strip() and not line.strip().startswith("#"))
    return [_event([cell.strip() for cell in row]) for row in rows]


def _event(cells: list[str]) -> Event:
    time, name, value, end, extra = [*cells, "", "", ""][:5]
    signal = signals()[name]
    fields: dict[str, object] = {"end": at(end) if end else None, "source_id": f"{name}@{time}", "shown": value}
    if signal.kind == "category":
        fields["word"] = value
    elif value == "stopped":
        fields |= {"word": "stopped", "rate": signal.is_rate}
    else:
        number, rate = value.partition("/")[0], signal.is_rate or "/" in value
        low, high = _span(signal.name, number)
        fields |= {"low": low, "high": high, "rate": rate if signal.kind == "drug" else False}
        fields |= {"word": UNREADABLE} if low is None and signal.kind == "number" else {}
    for pair in (part for part in extra.split(";") if part.strip()):
        key, _, text = pair.strip().partition("=")
        if key == "recorded_at":
            fields[key] = at(text)
        elif key.startswith("ref_"):
            fields[key] = int(Decimal(text) / signal.step)
        else:
            fields[key] = frozenset({text}) if key == "flags" else text
    return Event("P1", at(time), name, **fields)  # type: ignore[arg-type]


def _span(name: str, text: str) -> tuple[int | None, int | None]:
    signal = signals()[name]
    if text == "?":
        return None, None
    if text[0] == "<":
        return signal.plausible_low, int(Decimal(text[1:]) / signal.step) - 1
    if text[0] == ">":
        return int(Decimal(text[1:]) / signal.step) + 1, signal.plausible_high
    if ".." in text:
        low, _, high = text.partition("..")
        return int(Decimal(low) / signal.step), int(Decimal(high) / signal.step)
    return (int(Decimal(text) / signal.step),) * 2


def grade(table: str, scale: str, patient: Patient = ADULT, as_of: str = "", settings: Settings = SETTINGS) -> Graded:
    """The patient of a chart, infused on day 0 at 08:00, graded on one scale by the reference engine."""
    infused = patient._replace(infusion_time=at("d0 08:00"))
    course = Course((infused,), tuple(events(table)))
    (graded,) = grade_course(course, [SCALES[scale]], settings, at(as_of) if as_of else None)
    return graded


def row_at(graded: Graded, time: str) -> TimelineRow:
    """The timeline row at a time."""
    return next(row for row in graded.timeline if row.start <= at(time) < row.end or row.start == row.end == at(time))


def shown(row: TimelineRow) -> str:
    """`3`, `0..4`, or `-` where no grade can be given."""
    if row.low is None:
        return "-"
    return str(row.low) if row.low == row.high else f"{row.low}..{row.high}"


def ranges(table: str, scale: str, times: list[str], patient: Patient = ADULT) -> dict[str, str]:
    """The grade at each time."""
    graded = grade(table, scale, patient)
    return {time: shown(row_at(graded, time)) for time in times}


@lru_cache
def well(days: int = 8, temperature: str = "37.0") -> str:
    """A well patient charted every 6 hours: temperature, pressure, saturation; ICE 10 and awake twice a day."""
    lines = []
    for day in range(days):
        for hour in (2, 9, 14, 20):
            time = f"d{day} {hour:02d}:00"
            lines += [f"{time} | temperature | {temperature}", f"{time} | systolic_bp | 120", f"{time} | spo2 | 97"]
            lines += [f"{time} | ice | 10", f"{time} | consciousness | awake"] if hour in (9, 20) else []
    return "\n".join(line for line in lines if not line.startswith("d0 02"))
