"""What guidance asks of treatment at one moment: doses in the episode, doses in some hours, and whether they helped."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cytovigil.engine.doses import begun, counted
from cytovigil.engine.measures.circulation import EITHER, NO, YES
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.model.events import Event
from cytovigil.model.times import DAY, HOUR

if TYPE_CHECKING:
    from cytovigil.engine.situation import Dose, Situation

WORST = 4  # grade 5 is death
STEROIDS = "corticosteroid"
GIVEN_FOR = "what each dose was given for"  # no signal tells it


def ends(verdict: Verdict) -> tuple[int, int]:
    """The lowest and the highest grade that is possible, of those that guidance knows."""
    if verdict.low is None or verdict.high is None:
        return 0, WORST
    return min(verdict.low, WORST), min(verdict.high, WORST)


def no_better(situation: "Situation", field: Field) -> Fact:
    """Whether the grade is not below that at the last dose that lies at least so many hours back."""
    scale, drugs, hours = field.detail
    given = [one for one in situation.doses_in(scale, drugs) if one.row.time + hours * HOUR <= situation.at]
    return _compared(situation, scale, given, lambda before, now: now >= before)


def worse(situation: "Situation", field: Field) -> Fact:
    """Whether the grade is above that at a dose of the last 24 h, or at the last of all."""
    scale, drugs = field.detail
    given = situation.doses_in(scale, drugs)
    recent = [one for one in given[:-1] if one.row.time > situation.at - DAY]
    found = [_compared(situation, scale, [one], lambda before, now: now > before) for one in [*recent, *given[-1:]]]
    return _any_of(found)


def _compared(situation: "Situation", scale: str, given: "Sequence[Dose]", holds: Callable[[int, int], bool]) -> Fact:
    if not given:
        return Fact(NO)
    dose, now = given[-1], situation.verdict(scale, situation.at)
    before = situation.verdict(scale, dose.row.time) if dose.row.time >= situation.record.start else now
    rows = (dose.row,)
    if before is now:  # nothing was charted in between that changes the grade
        values = frozenset({holds(0, 0)})
    else:
        values = frozenset(holds(b, n) for b in _grades(before) for n in _grades(now))
    if not dose.certain:
        values |= NO
    missing = now.missing | (frozenset() if dose.certain else {dose.row.signal})
    return Fact(values, missing=missing if len(values) > 1 else NO_FLAGS, because=rows)


def _any_of(found: Sequence[Fact]) -> Fact:
    """Whether one of these holds."""
    rows = tuple(row for one in found for row in one.because)
    if any(one.values == YES for one in found):
        return Fact(YES, because=rows)
    values = NO.union(*(one.values for one in found))
    return Fact(values, missing=frozenset[str]().union(*(one.missing for one in found)), because=rows)


def _grades(verdict: Verdict) -> range:
    low, high = ends(verdict)
    return range(low, high + 1)


def doses_in_episode(situation: "Situation", field: Field) -> Fact:
    """How many doses of the field's drug the episode has had, or may have had, by the scales of the field's detail.

    The last of its values is "or more".
    """
    (drug,) = field.signals
    scales = [situation.scales[name] for name in field.detail]
    sure, perhaps = counted(situation.record, scales, drug, situation.at)
    most, rows = len(field.domain) - 1, (*sure, *perhaps)
    values = frozenset(field.domain[min(count, most)] for count in range(len(sure), len(rows) + 1))
    if len(values) == 1:
        return Fact(values, because=rows)
    missing = situation.verdict(field.detail[0], situation.at).missing or frozenset({GIVEN_FOR})
    return Fact(values, missing=missing, because=rows)


def doses_within(situation: "Situation", field: Field) -> Fact:
    """How many doses in the hours of the field's detail: at that hour a dose no longer counts; None: since infusion."""
    (drug,) = field.signals
    begin = situation.record.start - 1 if field.detail is None else situation.at - field.detail * HOUR
    rows = begun(situation.record, drug, situation.at)
    return _count(field, tuple(row for row in rows if row.time > begin))


def not_charted(_situation: "Situation", field: Field) -> Fact:
    """What no signal tells, and a person has to: never known."""
    return Fact(field.unknown, missing=frozenset({field.says}))


def _count(field: Field, rows: tuple[Event, ...]) -> Fact:
    return Fact(frozenset({field.domain[min(len(rows), len(field.domain) - 1)]}), because=rows)


def steroid(situation: "Situation", field: Field) -> Fact:
    """Whether a corticosteroid that treats was given in an episode of one of the scales of the field's detail."""
    given = [one for scale in field.detail for one in situation.doses_in(scale, (STEROIDS,))]
    rows = tuple(dict.fromkeys(one.row for one in given))
    if not given or any(one.certain for one in given):
        return Fact(frozenset({bool(given)}), because=rows)
    return Fact(EITHER, missing=frozenset(row.signal for row in rows), because=rows)
