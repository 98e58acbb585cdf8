"""Tracks: a fact over time, constant between its changes."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from cytovigil.engine.record import ATTRIBUTION, Record
from cytovigil.logic.facts import Fact
from cytovigil.model.times import BEGINNING

T = TypeVar("T")


class Track(Generic[T]):
    """Values from `times[i]` until `times[i + 1]`; the first time is the beginning of time."""

    __slots__ = ("times", "values")

    def __init__(self, times: list[int], values: list[T]) -> None:
        """Times rise and the first is BEGINNING."""
        self.times, self.values = times, values

    def at(self, t: int) -> T:
        """The value at t."""
        return self.values[bisect_right(self.times, t) - 1]


def assemble(changes: Iterable[int], at: Callable[[int], T], same: Callable[[T, T], bool] | None = None) -> Track[T]:
    """A track from a function of time and all moments at which it may change."""
    times, values = [BEGINNING], [at(BEGINNING)]
    for t in sorted(set(changes)):
        value = at(t)
        if not (same(value, values[-1]) if same else value == values[-1]):
            times.append(t)
            values.append(value)
    return Track(times, values)


def facts(record: Record, changes: Iterable[int], at: Callable[[int], Fact]) -> Track[Fact]:
    """A track of facts. Flags of the rows used are added; rows alone make no change, except in a fine record."""
    if record.moment is not None:
        changes = (record.moment,)
    return assemble(changes, lambda t: flagged(at(t)), None if record.fine else _alike)


def flagged(fact: Fact) -> Fact:
    """A fact with the flags of the rows it rests on."""
    extra = frozenset().union(*(row.flags for row in fact.because)) if fact.because else None
    return fact._replace(flags=fact.flags | extra) if extra else fact


def _alike(one: Fact, other: Fact) -> bool:
    return one[:3] == other[:3] and _said_by(one) == _said_by(other)


def _said_by(fact: Fact) -> set[bool]:
    """What courses ask of a fact besides its value: was anything charted, and did a person attribute it."""
    return {row.signal == ATTRIBUTION for row in fact.because}
