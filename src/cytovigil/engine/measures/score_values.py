"""What risk scores look at: the newest value inside the score's window, a highest value, a charted finding."""

from fractions import Fraction
from functools import cache, partial

from cytovigil.engine.baseline import lymphodepletion_of
from cytovigil.engine.measures.laboratory import cuts_passed
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.logic.score import AroundInfusion, HighestCuts, Window, WindowCuts
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.times import DAY, FOR_EVER, HOUR
from cytovigil.model.vocabulary import signals

ON_CUT_OFF = frozenset({"on_cut_off"})


def window_span(record: Record, window: Window) -> tuple[int, int]:
    """When a score's window opens, and when it is over."""
    if isinstance(window, AroundInfusion):
        before = _seconds(record, window.before_days) if window.before_days else 0
        after = record.day_after(getattr(record.settings, window.after_days) + 1) if window.after_days else FOR_EVER
        return record.start - before, after
    begin = lymphodepletion_of(record)
    if begin is None:
        return record.start - _seconds(record, window.infusion_days), record.start
    return begin - _seconds(record, window.days), begin + 1  # on a chart of dates only both are at noon


def window_value(record: Record, field: Field) -> Track[Fact]:
    """The class of the newest value inside the window; a value keeps until the window is over."""
    detail: WindowCuts = field.detail
    signal = detail.cuts.signal
    opens, closes = window_span(record, detail.window)

    def at(t: int) -> Fact:
        row = record.newest(signal, t)
        if row is None or not opens <= row.time < closes:
            return Fact(field.unknown, missing=frozenset({signal}))
        values = cuts_passed(detail.cuts, row)
        missing = frozenset({signal}) if len(values) > 1 else NO_FLAGS
        return Fact(values, ON_CUT_OFF if _lies_on(row, detail) else NO_FLAGS, missing, row.readings)

    return facts(record, {row.time for row in record.rows(signal)}, at)


def highest_value(record: Record, field: Field) -> Track[Fact]:
    """The class of the highest value taken in the last hours and not before the infusion; unknown without one."""
    detail: HighestCuts = field.detail
    signal, lasts_s = detail.cuts.signal, int(getattr(record.settings, detail.hours) * HOUR)
    judge = cache(partial(cuts_passed, detail.cuts))  # a row is in as many windows as others come and go meanwhile

    def at(t: int) -> Fact:
        rows = record.between(signal, max(t - lasts_s + 1, record.start), t)
        if not rows:
            return Fact(field.unknown, missing=frozenset({signal}))
        passed = [judge(row) for row in rows]
        values = frozenset(range(max(map(min, passed)), max(map(max, passed)) + 1))
        top = max(rows, key=lambda row: (row.ends[-1], row.time))
        return Fact(values, NO_FLAGS, frozenset({signal}) if len(values) > 1 else NO_FLAGS, top.readings)

    return facts(record, {edge for row in record.rows(signal) for edge in (row.time, row.time + lasts_s)}, at)


def finding(record: Record, field: Field) -> Track[Fact]:
    """Whether a finding is charted and valid; not charted is unknown, and so is a word that nobody knows."""
    (signal,) = field.signals

    def at(t: int) -> Fact:
        row = record.valid(signal, t)
        if row is None:
            return Fact(field.unknown, missing=frozenset({signal}))
        rows = tuple(twin for twin in record.until(signal, row.time) if twin.time == row.time)
        words = {twin.word for twin in rows}
        values = field.unknown if UNREADABLE in words else frozenset(word == field.detail for word in words)
        return Fact(values, NO_FLAGS, frozenset({signal}) if len(values) > 1 else NO_FLAGS, rows)

    return facts(record, record.changes(signal), at)


def _seconds(record: Record, days: str) -> int:
    return int(getattr(record.settings, days) * DAY)


def _lies_on(row: Event, detail: WindowCuts) -> bool:
    """True where the value is known and is one that the publication leaves open."""
    return len(row.ends) == 1 and row.ends[0] * Fraction(signals()[row.signal].step) in detail.undefined
