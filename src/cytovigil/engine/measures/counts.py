"""Counts of neutrophils and platelets as days: what ICAHT and T-ICAHT are graded on (semantics 6)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cytovigil.engine.measures.attribution import Span, confirms, covering, spans
from cytovigil.engine.measures.count_days import lasts, longest
from cytovigil.engine.measures.count_grid import BEST, WORST, Days, Grid, is_low
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track
from cytovigil.logic.conditions import Field
from cytovigil.logic.counts import Counting, CountOf, Window
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event, Patient
from cytovigil.model.times import BEGINNING, day_of, start_of_day_after
from cytovigil.model.vocabulary import signals

SIGN = "cytopenia"
RECOVERED = 10**9  # a count, in steps, that another cause explains
Places = tuple[int, int]  # in the domain of a field: the first and the last that are possible


class Tally(NamedTuple):
    """What the counts until `time` say: low days at best and at worst, by threshold, counted from the window's first.

    `last`: the day until which they may reach; `known`: until which there are counts, or may be no more.
    `newest`: of `rows` the last, and attributions. `final`: nothing more can come.
    """

    time: int
    low: Days
    last: int
    known: int
    final: bool
    counted: tuple[int, ...]  # days with a count
    unread: int  # of these, days whose counts cannot be read
    counts: tuple[tuple[int, int], ...]  # of each the lowest, at best and at worst
    rows: tuple[Event, ...]
    newest: tuple[Event, ...]
    flags: frozenset[str]


def last_day(patient: Patient, window: Window, zone: ZoneInfo) -> int:
    """The last day of a window: its own, or that of the first date that ends it."""
    dates = [date for name in window.ended_by if (date := getattr(patient, name)) is not None]
    return min([window.last_day, *(_day(patient.infusion_time, date, zone) for date in dates)])


def closes(patient: Patient, window: Window, zone: ZoneInfo) -> int:
    """When a window is over: the first moment of the day after its last."""
    return start_of_day_after(patient.infusion_time, last_day(patient, window, zone) + 1, zone)


def _day(start: int, time: int, zone: ZoneInfo) -> int:
    """The calendar day of a time, counted from that of the infusion."""
    return (day_of(time, zone) - day_of(start, zone)).days


@dataclass(frozen=True)
class Tallies:
    """Makes the tallies of a record, by time: one at each count, and one when nothing more can come."""

    counting: Counting

    def __call__(self, record: Record) -> list[Tally]:
        """The tallies; none where too few days of the window have a count."""
        counting = self.counting
        window, least = counting.window, counting.least_counts
        zone = record.settings.zone
        last, end = last_day(record.patient, window, zone), closes(record.patient, window, zone)
        if record.followed_until is not None and record.followed_until < end:
            end, last = record.followed_until, min(last, _day(record.start, record.followed_until, zone))
        first, length = window.first_day, window.last_day - window.first_day
        builder, found = _Builder(counting), list[Tally]()
        for row, best, worst, cause in _judged(record, counting, last):
            builder.add(_day(record.start, row.time, zone) - first, row, best, worst, cause)
            grid = builder.grid
            if len(builder.read) < least:
                continue
            if not counting.carried:
                found.append(
                    builder.tally(min(row.time, end), grid.so_far(), grid.days[-1], grid.days[-1], final=False)
                )
            elif row.time < end:
                found.append(builder.tally(row.time, grid.to_come(), length, grid.days[-1], final=False))
        if counting.carried and len(builder.read) >= least:
            found.append(builder.tally(end, builder.grid.ended(last - first), last - first, last - first, final=True))
        return found


class _Builder:
    """The counts so far."""

    def __init__(self, counting: Counting) -> None:
        self.grid = Grid(counting)
        self.rows: list[Event] = []
        self.read: set[int] = set()  # days with a count that can be read
        self.causes: list[Event] = []
        self.flags = frozenset[str]()

    def add(self, day: int, row: Event, best: int, worst: int, cause: Event | None) -> None:
        self.grid.add(day, best, worst)
        self.rows.append(row)
        self.read |= {day} if row.low is not None else set()
        self.causes += [cause] if cause else []
        self.flags |= row.flags

    def tally(self, time: int, low: Days, last: int, known: int, final: bool) -> Tally:
        return Tally(
            time, low, last, known, final, tuple(self.grid.days), len(self.grid.days) - len(self.read),
            tuple(self.grid.counts), (*self.rows, *self.causes), (self.rows[-1], *self.causes), self.flags,
        )  # fmt: skip


def _judged(record: Record, counting: Counting, last: int) -> Iterator[tuple[Event, int, int, Event | None]]:
    """The counts of the window until its end, each at best and at worst, and the attribution that explains it."""
    held = _held(record, counting)
    # The last day counts whole: of a date alone noon is an assumption. What comes with the next infusion is its own.
    until = record.day_after(last + 1) - 1
    if record.following is not None:
        until = min(until, record.following - 1)
    since = record.day_after(counting.window.first_day)
    unread = record.unread(counting.signal, since, until) if counting.unread_open else []
    signal = signals()[counting.signal]
    for row in sorted([*record.between(counting.signal, since, until), *unread], key=lambda row: row.time):
        low, high = (signal.plausible_low, signal.plausible_high) if row.low is None else (row.low, row.high)
        assert low is not None and high is not None
        cause = covering(held, row.time)
        if cause and not confirms(cause):
            yield row, RECOVERED, RECOVERED, cause
        else:
            yield row, high, low, None


def _held(record: Record, counting: Counting) -> list[Span]:
    """When attributions of low counts hold: without an end, until a count that is not low."""
    if SIGN not in record.attributions:
        return []
    rows = record.rows(counting.signal)
    mildest = counting.thresholds[0]
    found = [Fact(frozenset({True, False}))]
    found += [Fact(frozenset(is_low(mildest, value) for value in (row.low or 0, row.high or 0))) for row in rows]
    return spans(record, SIGN, Track([BEGINNING, *(row.time for row in rows)], found), False)


def count_days(record: Record, field: Field) -> Track[Fact]:
    """The longest run of days below the threshold, runs joined."""

    def days(tally: Tally, of: CountOf) -> Places:
        low, high = (longest(tally.low[end][of.threshold]) for end in (BEST, WORST))
        return low, high

    return _track(record, field, days)


def never_recovered(record: Record, field: Field) -> Track[Fact]:
    """Whether a run that began by some day lasts until the end of the window; possible only before that end."""

    def lasting(tally: Tally, of: CountOf) -> Places:
        best, worst = (lasts(tally.low[end][of.threshold], of.begun_by, tally.last) for end in (BEST, WORST))
        return best and tally.final, worst

    return _track(record, field, lasting)


def lowest_count(record: Record, field: Field) -> Track[Fact]:
    """Where the lowest daily count lies between the thresholds."""
    return _track(record, field, lambda tally, of: _lies(of.counting, tally, 0))


def second_lowest_count(record: Record, field: Field) -> Track[Fact]:
    """Where the second lowest daily count lies between the thresholds."""
    return _track(record, field, lambda tally, of: _lies(of.counting, tally, 1))


def low_count_confirmed(record: Record, field: Field) -> Track[Fact]:
    """Whether two daily counts are below the mildest threshold; also where there is only one count in all."""

    def confirmed(tally: Tally, of: CountOf) -> Places:
        if len(tally.counts) == 1:
            return True, True
        best, worst = (is_low(of.counting.thresholds[0], count) for count in _lowest(tally, 1))
        return best, worst

    return _track(record, field, confirmed)


def _lowest(tally: Tally, place: int) -> tuple[int, int]:
    """The lowest daily count, or the one behind it, at best and at worst."""
    best, worst = (sorted(count[end] for count in tally.counts)[place] for end in (BEST, WORST))
    return best, worst


def _lies(counting: Counting, tally: Tally, place: int) -> Places:
    high, low = (sum(not is_low(one, count) for one in counting.thresholds) for count in _lowest(tally, place))
    return low, high


def uncounted(field: Field) -> Fact:
    """What is known before there are counts: nothing."""
    return Fact(field.unknown, missing=frozenset({field.detail.counting.signal}))


def counted_fact(field: Field, places: Places, flags: frozenset[str], because: tuple[Event, ...]) -> Fact:
    """A value of the field's domain between two places, both included."""
    low, high = places
    missing = frozenset({field.detail.counting.signal}) if low < high else frozenset[str]()
    return Fact(frozenset(field.domain[low : high + 1]), flags, missing, because)


def _track(record: Record, field: Field, places: Callable[[Tally, CountOf], Places]) -> Track[Fact]:
    """A fact at each tally; unknown while there is none. Rows alone make no change, except in a fine record."""
    of: CountOf = field.detail
    times, found = [BEGINNING], [uncounted(field)]
    for tally in record.once(Tallies(of.counting)):
        fact = counted_fact(field, places(tally, of), tally.flags, tally.rows if record.fine else tally.newest)
        if record.fine or fact[:3] != found[-1][:3] or len(fact.because) != len(found[-1].because):
            times.append(tally.time)
            found.append(fact)
    return Track(times, found)
