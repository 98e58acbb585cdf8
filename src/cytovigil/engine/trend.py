"""What is measured and moves towards the next grade: readings with their times, and the rule's limit ahead of them."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cytovigil.engine.measures.circulation import newest_pressure, pressure_limits
from cytovigil.engine.record import Record
from cytovigil.engine.verdicts import Facts, Verdict
from cytovigil.logic.conditions import Field
from cytovigil.logic.ladder import Ladder
from cytovigil.logic.scale import EpisodicCourse, Scale
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import signals

EDGES = FROM, ABOVE, BELOW, DOWN_TO = "from {limit}", "above {limit}", "below {limit}", "{limit} or less"
RISING = (FROM, ABOVE)


class Limit(NamedTuple):
    """What lies ahead: the limit of a signal in its steps, and on which side of it the next class begins."""

    signal: str
    steps: int
    edge: str

    def passed(self, value: int) -> bool:
        """True for a value in the next class."""
        return {
            FROM: value >= self.steps, ABOVE: value > self.steps, BELOW: value < self.steps,
            DOWN_TO: value <= self.steps,
        }[self.edge]  # fmt: skip


class Trend(NamedTuple):
    """Readings of one signal, two or more, that went only one way; past the limit the scale's grade would be `grade`.

    `what` names the column of the scale, or the sign that it needs.
    """

    signal: str
    rows: tuple[Event, ...]
    limit: int
    edge: str
    scale: str
    grade: int
    what: str

    @property
    def rising(self) -> bool:
        """Up, or down."""
        return self.edge in RISING


def trends_of(record: Record, scale: Scale, facts: Facts, verdict: Verdict, at: int) -> Iterator[Trend]:
    """What moves towards a grade of this scale above the lowest that is possible now; none where it gives no grade."""
    if verdict.low is None:
        return
    for limit, grade, what in _ahead(record, scale, facts, at):
        rows = run_towards(record, limit, at) if grade > verdict.low else ()
        if rows:
            yield Trend(limit.signal, rows, limit.steps, limit.edge, scale.id, grade, what)


def run_towards(record: Record, limit: Limit, at: int) -> tuple[Event, ...]:
    """The last readings that went only towards the limit, and at least as far as a trend must; none that passed it."""
    settings, step = record.settings, 1 if limit.edge in RISING else -1
    rows = record.between(limit.signal, max(record.start, at - int(settings.trend_h * HOUR)), at)
    if not rows or record.valid(limit.signal, at) is not rows[-1]:
        return ()
    run = rows[-1:]
    for row in reversed(rows[:-1]):
        if row.low != row.high or (_value(run[0]) - _value(row)) * step < 0:
            break
        run = [row, *run]
    while len(run) > 1 and _value(run[0]) == _value(run[1]):
        run = run[1:]
    first, last = _value(run[0]), _value(run[-1])
    if run[-1].low != run[-1].high or limit.passed(last) or len(run) < 2:
        return ()
    covered, whole = (last - first) * step, (limit.steps - first) * step
    return tuple(run) if 100 * covered >= settings.trend_percent * whole else ()


def _value(row: Event) -> int:
    assert row.low is not None  # a number that cannot be read is not among the rows
    return row.low


def _ahead(record: Record, scale: Scale, facts: Facts, at: int) -> Iterator[tuple[Limit, int, str]]:
    """The next limit of each fact that is known, the grade past it, and what it is of."""
    course = scale.course
    if isinstance(course, EpisodicCourse) and facts[course.fever.name].certain(False):
        steps = round(record.settings.fever_cel / float(signals()["temperature"].step))
        yield Limit("temperature", steps, FROM), 1, course.fever.says
    for ladder in scale.domains:
        for place, field in enumerate(ladder.fields):
            fact = facts[field.name]
            worse = next_class(ladder, place, next(iter(fact.values))) if fact.known else None
            if worse is None or field.measure not in LIMITS:
                continue
            limit = LIMITS[field.measure](record, field, worse, at)
            if limit is not None:
                sets = [frozenset({worse}) if one is field else facts[one.name].values for one in ladder.fields]
                yield limit, ladder.range_of(tuple(sets))[0], ladder.title


def next_class(ladder: Ladder, place: int, value: Any) -> Any:
    """The nearest value at the worse side that the ladder's rungs tell apart from a value; None where there is none."""
    field, classes = ladder.fields[place], ladder.classes[place]
    order = field.domain if field.worse == "high" else field.domain[::-1]
    mine = next(members for members in classes if value in members)
    later = order[order.index(value) + 1 :]
    return next((one for one in later if one not in mine), None)


def _hypotension(record: Record, _field: Field, _worse: Any, at: int) -> Limit | None:
    row, _ = newest_pressure(record, at)
    if row is None:
        return None
    (*_, highest) = pressure_limits(row.signal, record.settings, record.patient.age_years)
    return Limit(row.signal, round(highest / float(signals()[row.signal].step)), BELOW)


def _oxygen(record: Record, field: Field, worse: Any, at: int) -> Limit | None:
    """Saturation without a device; with a cannula its flow, for scales that look at the class of the device."""
    device, settings = record.valid("oxygen_device", at), record.settings
    if worse == 1:
        return Limit("spo2", round(settings.spo2_percent / float(signals()["spo2"].step)), BELOW)
    if worse == 2 and field.detail == "class" and device is not None and device.word == "nasal_cannula":
        return Limit("oxygen_flow", round(settings.low_flow_l_min / float(signals()["oxygen_flow"].step)), ABOVE)
    return None


def _assessment(_record: Record, field: Field, worse: Any, _at: int) -> Limit:
    return Limit(field.name, worse, DOWN_TO if field.worse == "low" else FROM)


LIMITS: Mapping[str, Callable[[Record, Field, Any, int], Limit | None]] = MappingProxyType(
    {"hypotension": _hypotension, "oxygen": _oxygen, "assessment": _assessment}
)
