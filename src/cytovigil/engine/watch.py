"""What a grade hides at one moment: facts to ask for, what is overdue, what moves towards the next grade.

Nothing here predicts: a trend is readings that were charted, with their times, and the limit of a rule ahead of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from cytovigil.engine.moment import unassessable
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.reference import fact_tracks
from cytovigil.engine.situation import Situation
from cytovigil.engine.trend import Trend, trends_of
from cytovigil.engine.verdicts import Facts, Verdict
from cytovigil.logic.conditions import atoms, field_of, holds
from cytovigil.logic.facts import Fact
from cytovigil.logic.ladder import Ladder
from cytovigil.logic.scale import MomentCourse, Scale
from cytovigil.logic.watch import Interval
from cytovigil.model.events import Event
from cytovigil.model.settings import Settings
from cytovigil.model.times import BEGINNING, HOUR

Sets = tuple[frozenset[Any], ...]


class Unknown(NamedTuple):
    """A question: what to chart, the row charted last, whether that still holds, and the ids of the scales it is for.

    A row that holds and leaves the question open says too little: a cannula without its flow, a bound.
    """

    signal: str
    last: Event | None
    holds: bool
    scales: tuple[str, ...]


class Look(NamedTuple):
    """Something to be looked at, the row charted last, and when the next is due.

    By a published interval what was charted before the infusion does not count.
    """

    interval: Interval
    last: Event | None
    due: int


@dataclass(frozen=True)
class Watch:
    """One patient at one moment, in seconds UTC. `looks` are those in force, by interval.

    `last_look` is the newest row of all that any interval looks at, in force or not.
    """

    at: int
    infusion: int
    settings: Settings
    unknowns: tuple[Unknown, ...]
    looks: tuple[Look, ...]
    trends: tuple[Trend, ...]
    last_look: Event | None

    @property
    def overdue(self) -> tuple[Look, ...]:
        """What is due, and stands in no question already: the same is not asked twice by an interval of our own."""
        asked = {one.signal for one in self.unknowns}
        return tuple(
            one
            for one in self.looks
            if one.due <= self.at and (one.interval.every_h or asked.isdisjoint(one.interval.signals))
        )


def watch(situation: Situation, scales: Sequence[str], intervals: Sequence[Interval]) -> Watch:
    """What the grades of some scales of CRS and ICANS hide; of each question the scale named first comes first."""
    record, at = situation.record, situation.at
    asked: dict[str, list[str]] = {}
    trends: dict[tuple[str, int], Trend] = {}
    for scale in (situation.scales[name] for name in scales):
        facts = watched_facts(record, scale, at)
        verdict = situation.verdict(scale.id, at)
        for signal in sorted(to_ask(scale, facts, verdict) if _is_open(record, scale, verdict, at) else ()):
            asked.setdefault(signal, []).append(scale.id)
        for trend in trends_of(record, scale, facts, verdict, at):
            trends.setdefault((trend.signal, trend.limit), trend)
    unknowns = tuple(_unknown(record, signal, tuple(names), at) for signal, names in asked.items())
    looks = tuple(_look(record, one, at) for one in intervals if _in_force(situation, one))
    seen = _newest(record, {name: None for one in intervals for name in one.signals}, BEGINNING, at)
    last = max(seen, default=None, key=lambda row: row.time)
    return Watch(at, record.start, record.settings, unknowns, looks, tuple(trends.values()), last)


def watched_facts(record: Record, scale: Scale, at: int) -> dict[str, Fact]:
    """The facts as the scale judges them: what cannot be assessed under sedation is unknown."""
    facts = {name: track.at(at) for name, track in fact_tracks(record, scale).items()}
    course = scale.course
    sedated = isinstance(course, MomentCourse) and True in facts[course.sedation.name].values
    return unassessable(course, facts) if sedated and isinstance(course, MomentCourse) else facts


def _is_open(record: Record, scale: Scale, verdict: Verdict, at: int) -> bool:
    """False where the scale gives no grade because its window is over."""
    late = isinstance(scale.course, MomentCourse) and at >= record.day_after(record.settings.icans_window_days + 1)
    return verdict.low is not None or not late


def to_ask(scale: Scale, facts: Facts, verdict: Verdict) -> frozenset[str]:
    """Signals of all unknown facts that could change the grade, alone or together with others; none of a known grade.

    The scale takes the worst of its domains.
    """
    if verdict.low is None or verdict.low == verdict.high:
        return verdict.missing
    keys: list[Sets] = [tuple(facts[name].values for name in ladder.names) for ladder in scale.domains]
    lows = [ladder.range_of(key)[0] for ladder, key in zip(scale.domains, keys, strict=True)]
    found = set(verdict.missing)
    for place, (ladder, key) in enumerate(zip(scale.domains, keys, strict=True)):
        others = max((low for other, low in enumerate(lows) if other != place), default=0)
        for name, most in _swings(ladder, key).items():
            if most > others:
                found |= facts[name].missing or {name}
    return frozenset(found)


@lru_cache(maxsize=4_096)
def _swings(ladder: Ladder, sets: Sets) -> Mapping[str, int]:
    """Of each field on which the grade depends, for some values of the others, the highest grade it then decides."""
    kept = [
        [members[0] for members in classes if not possible.isdisjoint(members)]
        for classes, possible in zip(ladder.classes, sets, strict=True)
    ]
    grades = {values: ladder.grade(dict(zip(ladder.names, values, strict=True))) for values in product(*kept)}
    found: dict[str, int] = {}
    for place, name in enumerate(ladder.names):
        ends: dict[tuple[Any, ...], list[int]] = {}
        for values, grade in grades.items():
            ends.setdefault(values[:place] + values[place + 1 :], []).append(grade)
        swinging = [max(one) for one in ends.values() if min(one) < max(one)]
        if swinging:
            found[name] = max(swinging)
    return found


def _unknown(record: Record, signal: str, scales: tuple[str, ...], at: int) -> Unknown:
    return Unknown(signal, record.newest(signal, at), record.valid(signal, at) is not None, scales)


def _in_force(situation: Situation, interval: Interval) -> bool:
    """True where its condition holds, or may: not where nothing at all is known of a fact, which is a question."""
    settings, when = situation.record.settings, interval.when
    last = getattr(settings, interval.until) if interval.until else interval.days
    if last is not None and situation.at >= situation.record.day_after(last + 1):
        return False
    if when is None:
        return True
    fields = {field.name: field for field in map(field_of, atoms(when))}
    facts = {name: situation.fact(field) for name, field in fields.items()}
    sets = [sorted(fact.values, key=repr) for fact in facts.values()]
    truths = {holds(when, dict(zip(facts, values, strict=True))) for values in product(*sets)}
    some = all(facts[name].values != field.unknown for name, field in fields.items())
    return truths == {True} or (some and True in truths)


def _newest(record: Record, signals: Iterable[str], begin: int, at: int) -> list[Event]:
    return [row for name in signals for row in record.between(name, begin, at)[-1:]]


def _look(record: Record, interval: Interval, at: int) -> Look:
    begin = record.start if interval.every_h is not None else BEGINNING
    found = _newest(record, interval.signals, begin, at)
    last = max(found, default=None, key=lambda row: row.time)
    if interval.every_h is not None:
        return Look(interval, last, (last.time if last else record.start) + int(interval.every_h * HOUR))
    # Of several signals that say the same the one that holds longest counts.
    return Look(interval, last, max(map(holds_until, found), default=record.start))
