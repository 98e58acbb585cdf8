"""The record of one infusion: events as they count after ties and duplicates, up to an as-of time."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from cytovigil.engine.corrections import replaced, standing, withdrawals
from cytovigil.model.events import UNREADABLE, Event, Patient
from cytovigil.model.problems import Problem
from cytovigil.model.settings import Settings
from cytovigil.model.times import FOR_EVER, HOUR, MINUTE, format_time, start_of_day_after
from cytovigil.model.vocabulary import Signal, signals

ATTRIBUTION = "attribution"
STOPPED = "stopped"
T = TypeVar("T")


class Record:
    """Events by signal in order of time. `attributed` tells whether attributions count or are left aside."""

    def __init__(
        self,
        patient: Patient,
        events: Iterable[Event],
        settings: Settings,
        as_of: int | None = None,
        attributed: bool = True,
        fine: bool = False,
        following: int | None = None,
    ) -> None:
        """Keep what was known at `as_of`; `following` is the next infusion.

        `fine` keeps facts apart whose rows differ, for explanations.
        """
        self.patient, self.settings, self.attributed, self.fine = patient, settings, attributed, fine
        known = [e for e in events if as_of is None or e.known_at <= as_of]
        known = standing(known, withdrawals(known))
        self.notes: list[Problem] = []
        self._made: dict[tuple[Any, ...], Any] = {}
        by_signal = sorted(_by_signal(known).items())
        unread = ((name, rows) for name, rows in by_signal if any(map(is_unread, rows)))
        self._unread = {name: [row for row in replaced(rows) if is_unread(row)] for name, rows in unread}
        read = ((name, [row for row in rows if not is_unread(row)]) for name, rows in by_signal)
        self._rows = {name: self._counted(signals()[name], rows) for name, rows in read}
        self._outlasting = {name: _outlasting(rows) for name, rows in self._rows.items()}
        self._times = {name: [row.time for row in rows] for name, rows in self._rows.items()}
        self.last_event = max((e.time for e in known), default=None)
        self.as_of, self.following = as_of, following
        self.moment: int | None = None  # the only one of which facts are made

    @property
    def start(self) -> int:
        """The infusion."""
        return self.patient.infusion_time

    @property
    def death(self) -> tuple[int | None, str]:
        """Time and cause of death: an event goes before the patient's column."""
        rows = self.rows("death")
        if rows:
            return rows[0].time, rows[0].word
        return self.patient.death_time, self.patient.death_cause

    @property
    def followed_until(self) -> int | None:
        """The earliest of death, the next infusion and the last follow-up; None where the patient is followed on."""
        limits = (self.death[0], self.following, self.patient.last_followup)
        return min((limit for limit in limits if limit is not None), default=None)

    @cached_property
    def attributions(self) -> dict[str, list[Event]]:
        """Attribution rows by sign; none where they are left aside."""
        found: dict[str, list[Event]] = {}
        for row in self.rows(ATTRIBUTION) if self.attributed else ():
            found.setdefault(row.word.partition(":")[0], []).append(row)
        return found

    def once(self, make: Callable[..., T], *of: Any) -> T:
        """What a function makes of this record, and of a field: made at the first call, for all scales that need it."""
        if (make, *of) not in self._made:
            self._made[make, *of] = make(self, *of)
        found: T = self._made[make, *of]
        return found

    def as_charted(self) -> "Record":
        """The same record with attributions left aside; itself, where there are none."""
        if not self.attributions:
            return self
        other = copy(self)
        other.attributed, other._made = False, {}
        other.__dict__.pop("attributions", None)
        return other

    def cut(self, as_of: int, keep: Callable[[tuple[Any, ...], Any], Any]) -> "Record":
        """The same rows until another as-of time, at which all were known.

        `keep` tells what stays of each thing that was made, by the function and what it was made of; None: nothing.
        """
        other = copy(self)
        kept = ((of, keep(of, made)) for of, made in self._made.items())
        other.as_of, other._made = as_of, {of: made for of, made in kept if made is not None}
        return other

    def only_at(self, t: int) -> "Record":
        """The same rows, of which facts are made for one moment alone."""
        other = copy(self)
        other.moment, other._made = t, dict(self._made)
        return other

    def has_attributions(self) -> bool:
        """True where a person attributed a sign."""
        return bool(self.rows(ATTRIBUTION))

    def rows(self, signal: str) -> list[Event]:
        """All rows of a signal, by time."""
        return self._rows.get(signal, [])

    def until(self, signal: str, t: int) -> list[Event]:
        """Rows of a signal at or before t, by time."""
        return self.rows(signal)[: bisect_right(self._times.get(signal, []), t)]

    def between(self, signal: str, start: int, t: int) -> list[Event]:
        """Rows of a signal from `start` until t, both included, by time."""
        times = self._times.get(signal, [])
        return self.rows(signal)[bisect_left(times, start) : bisect_right(times, t)]

    def unread(self, signal: str, start: int, t: int) -> list[Event]:
        """Counts from `start` until t, both included, that were charted and cannot be read: not among the `rows`."""
        return [row for row in self._unread.get(signal, []) if start <= row.time <= t]

    def newest(self, signal: str, t: int) -> Event | None:
        """The last row of a signal at or before t, valid or not."""
        index = bisect_right(self._times.get(signal, []), t)
        return self.rows(signal)[index - 1] if index else None

    def valid(self, signal: str, t: int) -> Event | None:
        """The last row of a signal at or before t that holds at t: one with an end does, whatever came after it."""
        row = self.newest(signal, t)
        if row is None or t < holds_until(row):
            return row
        return next((r for r in reversed(self._outlasting[signal]) if r.time <= t < holds_until(r)), None)

    def changes(self, *names: str) -> set[int]:
        """All moments at which a row of these signals begins or ceases to hold, or to be unknown."""
        unknown_s = int(self.settings.finding_unknown_h * HOUR)
        found = set()
        for row in (row for name in names for row in self.rows(name)):
            until = holds_until(row)
            found |= {row.time, until, until + unknown_s}
        return found

    def day_after(self, days: float) -> int:
        """The first second of the calendar day at the site that lies so many days after the infusion's."""
        return start_of_day_after(self.start, int(days), self.settings.zone)

    def _counted(self, signal: Signal, rows: list[Event]) -> list[Event]:
        found = counted(signal, replaced(rows))
        if signal.kind != "drug":
            return found
        once, notes = doses_once(found, self.settings)
        self.notes += notes
        return once


def counted(signal: Signal, rows: Iterable[Event]) -> list[Event]:
    """Rows of one signal as they count after duplicates and ties, by time; of a drug doses may be charted twice yet."""
    found = _once(sorted(rows, key=_order))
    return found if signal.kind == "drug" else _ties(signal, found)


def doses_once(rows: Iterable[Event], settings: Settings) -> tuple[list[Event], list[Problem]]:
    """Two rows of one drug with the same dose within some minutes are one dose; a note for each that was left out."""
    kept: list[Event] = []
    notes: list[Problem] = []
    near_s = settings.same_dose_min * MINUTE
    for row in rows:
        recent = (i for i, twin in enumerate(kept) if row.time - twin.time <= near_s and _same_dose(twin, row))
        place = next(recent, None)
        if place is None:
            kept.append(row)
        else:
            kept[place] = kept[place]._replace(end=_later(kept[place].end, row.end))
            notes.append(_counted_once(kept[place], row, settings))
    return kept, notes


def _counted_once(first: Event, second: Event, settings: Settings) -> Problem:
    """A note for the problem list: nothing is lost silently."""
    times = (format_time(row.time, settings.zone) for row in (first, second))
    sources = " and ".join(row.source_id or "no source id" for row in (first, second))
    sentence = f"the same dose at {' and '.join(times)} ({sources}): counted once"
    return Problem("", "", second.patient_id, second.signal, second.shown, "charted_twice", sentence, "yes")


def holds_until(row: Event) -> int:
    """When a row ceases to hold: its end, else its signal's validity; rows without either hold for ever."""
    if row.end is not None:
        return row.end
    valid_s = signals()[row.signal].valid_s
    return row.time + valid_s if valid_s is not None else FOR_EVER


def is_systemic(row: Event) -> bool:
    """True for a drug that acts on the whole body."""
    return row.route == "systemic"


def is_unread(row: Event) -> bool:
    """True for a number that was charted and cannot be read."""
    return row.word == UNREADABLE and signals()[row.signal].kind == "number"


def _by_signal(events: Iterable[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.signal, []).append(event)
    return found


def _order(row: Event) -> tuple[object, ...]:
    """An order that does not depend on the input's."""
    none_last = tuple((value is None, value or 0) for value in (row.low, row.high, row.end, row.ref_low, row.ref_high))
    said = row.source_id, row.recorded_by, row.text, row.shown, tuple(sorted(row.flags))
    return row.time, row.known_at, row.word, none_last, row.rate, row.route, said


def _once(rows: list[Event]) -> list[Event]:
    """The same value at the same time counts once, with the later end, as said last."""
    kept: dict[tuple[object, ...], Event] = {}
    for row in rows:
        key = (row.time, row.word, row.low, row.high, row.rate, row.route)
        twin = kept.setdefault(key, row)
        again = row.unit in {reading.unit for reading in twin.readings}
        tied = twin.tied if again else _tied(twin, row)
        kept[key] = twin._replace(end=_later(twin.end, row.end), recorded_at=row.recorded_at, tied=tied)
    return list(kept.values())


def _ties(signal: Signal, rows: list[Event]) -> list[Event]:
    """Of different values at one time the worse end counts, flagged; unordered categories keep all rows."""
    if signal.kind == "category" and not signal.worse:
        return rows
    kept: list[Event] = []
    for row in rows:
        if kept and kept[-1].time == row.time:
            kept[-1] = _worse(signal, kept[-1], row)
        else:
            kept.append(row)
    return kept


def _place(signal: Signal, word: str) -> int:
    """Where a category stands; one that nobody can read stands at the worse end."""
    if word == UNREADABLE:
        return len(signal.categories) if signal.worse == "last" else -1
    return signal.categories.index(word)


def _worse(signal: Signal, one: Event, other: Event) -> Event:
    flags = one.flags | other.flags | {"tie"}
    if signal.kind == "category":
        pick = max if signal.worse == "last" else min
        worse = pick(one, other, key=lambda row: _place(signal, row.word))
        return worse._replace(flags=flags)
    assert one.low is not None and one.high is not None and other.low is not None and other.high is not None
    if signal.worse == "high":
        low, high = max(one.low, other.low), max(one.high, other.high)
    elif signal.worse == "low":
        low, high = min(one.low, other.low), min(one.high, other.high)
    else:
        low, high = min(one.low, other.low), max(one.high, other.high)
    base = other if (other.low, other.high) == (low, high) else one
    exact = base.exact if (base.low, base.high) == (low, high) else None
    return base._replace(low=low, high=high, flags=flags, exact=exact, tied=_tied(one, other, flags))


def _tied(one: Event, other: Event, flags: frozenset[str] = frozenset()) -> tuple[Event, ...]:
    """The rows of one moment with their flags, where they were reported in several units."""
    rows = tuple(row._replace(flags=row.flags | flags) for row in (*one.readings, *other.readings))
    return rows if len({row.unit for row in rows}) > 1 else ()


def _same_dose(one: Event, other: Event) -> bool:
    return not one.rate and one[3:7] == other[3:7] and one.route == other.route  # low, high, word, rate


def _later(*ends: int | None) -> int | None:
    return max((end for end in ends if end is not None), default=None)


def _outlasting(rows: list[Event]) -> list[Event]:
    """Rows whose end lies after the time of the next row."""
    return [row for row, following in pairwise(rows) if row.end is not None and row.end > following.time]
