"""Ladders: grades by condition. The range of a ladder on incomplete facts is decided here and nowhere else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from math import prod
from typing import Any

from cytovigil.logic.conditions import Condition, Field, atoms, field_of, holds

MAX_STATES = 50_000

SOURCE_READ = "source read"
SECONDARY = "secondary source"
OUR_READING = "our reading"
AWAITING_REVIEW = "awaiting review"
UNVERIFIED = "unverified"
STATUSES = (SOURCE_READ, SECONDARY, OUR_READING, AWAITING_REVIEW, UNVERIFIED)

Range = tuple[int, int]


@dataclass(frozen=True)
class Citation:
    """Where a criterion was published."""

    key: str
    text: str
    doi: str = ""
    where: str = ""


def weakest(statuses: Iterable[str]) -> str:
    """The weakest evidence of several."""
    return max(statuses, key=STATUSES.index)


@dataclass(frozen=True, eq=False)
class Rung:
    """One grade of a ladder: its condition, our paraphrase of the source, evidence status, and our reading."""

    grade: int
    when: Condition
    says: str
    status: str = SOURCE_READ
    note: str = ""


@dataclass(frozen=True, eq=False)
class Ladder:
    """One column of a published table. On complete values the grade is that of the highest rung that holds, else 0.

    Raises ValueError at import where the ladder has no source, an impossible rung, or too many states to tabulate.
    """

    name: str
    title: str
    source: Citation
    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        """Refuse a ladder that cannot be what was published."""
        grades = [rung.grade for rung in self.rungs]
        if not self.source.text or not grades:
            raise ValueError(f"ladder '{self.name}' has no citation or no rung")
        if grades != sorted(set(grades)):
            raise ValueError(f"ladder '{self.name}': grades must rise, each once")
        if unknown := [rung.status for rung in self.rungs if rung.status not in STATUSES]:
            raise ValueError(f"ladder '{self.name}': unknown status {unknown}")
        if self.states > MAX_STATES:
            raise ValueError(f"ladder '{self.name}' has {self.states} states: split the domain")
        reached = {self.grade(dict(zip(self.names, values, strict=True))) for values in self.representatives()}
        if impossible := set(grades) - reached:
            raise ValueError(f"ladder '{self.name}': no values reach grade {sorted(impossible)}")

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields it looks at, in order of appearance."""
        found = {field.name: field for rung in self.rungs for field in map(field_of, atoms(rung.when))}
        return tuple(found.values())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the fields."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def classes(self) -> tuple[tuple[tuple[Any, ...], ...], ...]:
        """For each field, its values grouped by what the rungs can tell apart."""
        tests = [atom for rung in self.rungs for atom in atoms(rung.when)]
        return tuple(_classes(field, [t for t in tests if field_of(t) is field]) for field in self.fields)

    @property
    def states(self) -> int:
        """Number of sets of classes that a table would need."""
        return prod(2 ** len(classes) - 1 for classes in self.classes)

    def representatives(self) -> list[tuple[Any, ...]]:
        """One tuple of field values for every combination of classes."""
        return list(product(*([members[0] for members in classes] for classes in self.classes)))

    def grade(self, values: Mapping[str, Any]) -> int:
        """The grade on complete values."""
        return max((rung.grade for rung in self.rungs if holds(rung.when, values)), default=0)

    def range_of(self, sets: tuple[frozenset[Any], ...]) -> Range:
        """The lowest and the highest grade over all completions of the fields' possible values."""
        return _range_of(self, sets)

    def settled(self, sets: tuple[frozenset[Any], ...]) -> tuple[tuple[str, frozenset[Range]], ...]:
        """For each field that is not known, the ranges that settling it alone on one of its values would leave."""
        return _settled(self, sets)


def _classes(field: Field, tests: Sequence[Condition]) -> tuple[tuple[Any, ...], ...]:
    groups: dict[tuple[bool, ...], list[Any]] = {}
    for value in field.domain:
        groups.setdefault(tuple(holds(test, {field.name: value}) for test in tests), []).append(value)
    return tuple(tuple(members) for members in groups.values())


@lru_cache(maxsize=4_096)
def _range_of(ladder: Ladder, sets: tuple[frozenset[Any], ...]) -> Range:
    kept = [
        [members[0] for members in classes if not possible.isdisjoint(members)]
        for classes, possible in zip(ladder.classes, sets, strict=True)
    ]
    grades = [ladder.grade(dict(zip(ladder.names, values, strict=True))) for values in product(*kept)]
    return min(grades), max(grades)


@lru_cache(maxsize=4_096)
def _settled(ladder: Ladder, sets: tuple[frozenset[Any], ...]) -> tuple[tuple[str, frozenset[Range]], ...]:
    found = []
    for index, (name, possible) in enumerate(zip(ladder.names, sets, strict=True)):
        if len(possible) > 1:
            ranges = (ladder.range_of((*sets[:index], frozenset({value}), *sets[index + 1 :])) for value in possible)
            found.append((name, frozenset(ranges)))
    return tuple(found)
