"""Facts of guidance at one moment that need the record alone: counts, how long they have lasted, doses, pressure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from cytovigil.engine.measures.circulation import EITHER, NO, YES, any_vasopressor, as_said, newest_pressure
from cytovigil.engine.measures.drugs import Runs, is_given
from cytovigil.engine.record import Record
from cytovigil.engine.scoring import score_rows
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.logic.score import PointScore
from cytovigil.model.events import Event
from cytovigil.model.times import DAY, HOUR, day_of
from cytovigil.model.vocabulary import drugs_of

FILLED_DAYS = 7  # as the program of ICAHT fills days without a count (Liang 2024)
ONE_DAY = timedelta(days=1)


def below(record: Record, at: int, field: Field) -> Fact:
    """Whether the newest valid value is below the limit of the field's detail, in steps of the signal."""
    signal, limit = field.detail
    row = record.valid(signal, at)
    if row is None:
        return _asked(signal)
    return _fact(signal, _low(row, limit), row)


def lasted_below(record: Record, at: int, field: Field) -> Fact:
    """Whether values have been below a limit on so many calendar days up to now, since the infusion.

    The field's detail: signal, limit in its steps, days. The days before the first low value may have been low since
    the last that was not; so may days between two low values more than FILLED_DAYS apart.
    """
    signal, limit, days = field.detail
    newest = record.valid(signal, at)
    if newest is None:
        return _asked(signal)
    today, begin = (day_of(moment, record.settings.zone) for moment in (at, record.start))
    rows = record.until(signal, at)
    low = [max(day_of(row.time, record.settings.zone), begin) for row in _run(rows, limit)]
    others = [day_of(row.time, record.settings.zone) + ONE_DAY for row in rows if _low(row, limit) == {False}]
    surely = (today - low[-1]).days + 1 if low else 0
    perhaps = (today - max([begin, *others[-1:]])).days + 1 if True in _low(newest, limit) else 0
    return _fact(signal, frozenset({surely >= days, max(surely, perhaps) >= days}), newest)


def _low(row: Event, limit: int) -> frozenset[bool]:
    assert row.low is not None and row.high is not None  # a number that cannot be read is not among the rows
    return frozenset({row.low < limit, row.high < limit})


def _run(rows: Sequence[Event], limit: int) -> Iterator[Event]:
    """The last rows that are all surely below, none of them long before the next; the newest first."""
    later = None
    for row in reversed(rows):
        if _low(row, limit) != {True} or (later is not None and later - row.time > FILLED_DAYS * DAY):
            return
        later = row.time
        yield row


def given_first(record: Record, at: int, field: Field) -> Fact:
    """Whether the first dose of a class since the infusion lies at least so many days, of 24 h, back."""
    drug_class, days = field.detail
    rows = [row for drug in drugs_of(drug_class) for row in record.between(drug, record.start, at) if is_given(row)]
    first = min(rows, key=lambda row: row.time, default=None)
    if first is None:
        return Fact(NO)
    return Fact(frozenset({first.time + days * DAY <= at}), because=(first,))


def low_after_fluids(record: Record, at: int, field: Field) -> Fact:
    """Whether the pressure is low after the last bolus of the hours in which boluses count together."""
    window = int(record.settings.fluid_boluses_h * HOUR)
    boluses = [row for row in record.until("fluid_bolus", at) if is_given(row) and at < row.time + window]
    if not boluses:
        return Fact(NO)
    runs, rows = any_vasopressor(record, at)
    if runs is Runs.YES:
        return Fact(YES, because=rows)
    pressure, below = newest_pressure(record, at)
    declared = record.valid("hypotension", at)
    said = [(row, truth) for row, truth in ((pressure, below), (declared, _declared(declared))) if row is not None]
    after = [(row, truth) for row, truth in said if row.time > boluses[-1].time]
    if not after:
        return Fact(EITHER, missing=frozenset(field.signals), because=(boluses[-1],))
    row, truth = max(after, key=lambda pair: pair[0].time)
    return Fact(truth, missing=frozenset({row.signal}) if len(truth) > 1 else NO_FLAGS, because=(row,))


def _declared(row: Event | None) -> frozenset[bool]:
    return EITHER if row is None else as_said(row)


def since_infusion(record: Record, at: int, field: Field) -> Fact:
    """Whether fewer than the days of the field's detail, of 24 h, have passed since the infusion."""
    return Fact(frozenset({at < record.start + field.detail * DAY}))


def score_band(record: Record, score: PointScore, field: Field) -> Fact:
    """The published class of a score at its last row; each class that a range touches.

    What it misses can no longer be charted once its window is over: the score itself is what is asked for.
    """
    row = next(reversed(score_rows(record.once(Record.as_charted), score)), None)
    labels = [band.label for band in score.bands]
    if row is None or row.low is None or row.high is None:
        return Fact(frozenset(labels), missing=frozenset({field.name}))
    first, last = (labels.index(score.band(int(end), int(end))) for end in (row.low, row.high))
    return Fact(frozenset(labels[first : last + 1]), missing=frozenset({field.name}) if first < last else NO_FLAGS)


def _asked(signal: str) -> Fact:
    return Fact(EITHER, missing=frozenset({signal}))


def _fact(signal: str, values: frozenset[bool], row: Event) -> Fact:
    return Fact(values, missing=frozenset({signal}) if len(values) > 1 else NO_FLAGS, because=(row,))


MOMENTARY: Mapping[str, Callable[[Record, int, Field], Fact]] = MappingProxyType(
    {
        "below": below,
        "lasted_below": lasted_below,
        "given_first": given_first,
        "low_after_fluids": low_after_fluids,
        "since_infusion": since_infusion,
    }
)
