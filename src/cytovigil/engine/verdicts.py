"""A verdict: what one scale says over one stretch of time, before it becomes a row."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from cytovigil.logic.combine import Table
from cytovigil.logic.conditions import Condition, field_of, holds
from cytovigil.logic.facts import Fact
from cytovigil.logic.ladder import Range

Sets = Mapping[str, frozenset[Any]]
Facts = Mapping[str, Fact]
Judged = tuple[int | None, int | None, frozenset[str], frozenset[str]]  # low, high, missing, flags


class Verdict(NamedTuple):
    """Grades (null: none can be given), signals to chart, flags, states of the course.

    `onset`: the first fever of the episode that lasts, where the course has states. `provisional`: more can still come.
    """

    start: int
    end: int
    low: int | None
    high: int | None
    missing: frozenset[str]
    flags: frozenset[str]
    states: frozenset[str] = frozenset()
    onset: int | None = None
    provisional: bool = False


def sets_of(facts: Facts) -> dict[str, frozenset[Any]]:
    """The possible values of each field."""
    return {name: fact.values for name, fact in facts.items()}


def flags_of(facts: Facts) -> frozenset[str]:
    """All flags of the facts."""
    return frozenset().union(*(fact.flags for fact in facts.values()))


def range_of(scale: Table, sets: Sets) -> Range:
    """The scale's domains combined, on sets of possible values."""
    return scale.combined([ladder.range_of(tuple(sets[name] for name in ladder.names)) for ladder in scale.domains])


def to_chart(scale: Table, facts: Facts, sets: Sets) -> frozenset[str]:
    """Signals of the fields of which some value alone would narrow the range; where none does, of all open fields."""
    domains = [(ladder, tuple(sets[name] for name in ladder.names)) for ladder in scale.domains]
    ranges = [ladder.range_of(key) for ladder, key in domains]
    whole = scale.combined(ranges)
    found: set[str] = set()
    for index, (ladder, key) in enumerate(domains):
        before, after = ranges[:index], ranges[index + 1 :]
        for name, settled in ladder.settled(key):
            if any(scale.combined([*before, one, *after]) != whole for one in settled):
                found |= facts[name].missing
    return frozenset(found) or frozenset().union(
        *(facts[name].missing for name, values in sets.items() if len(values) > 1)
    )


def surely(condition: Condition, facts: Facts) -> bool:
    """True where a condition on one field holds for all its possible values."""
    name = field_of(condition).name
    return all(holds(condition, {name: value}) for value in facts[name].values)
