"""How the domains of a scale become one grade. Each way rises with every domain, so both ends of a range are exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cytovigil.logic.ladder import Ladder, Range


class Table(Protocol):
    """Domains and the one way in which they become a number: a scale, or a score of points."""

    @property
    def domains(self) -> tuple[Ladder, ...]:
        """The columns."""

    def combined(self, ranges: Sequence[Range]) -> Range:
        """The range of the whole from the ranges of the domains, in their order."""


@dataclass(frozen=True)
class Worst:
    """The worst of the domains: highest low, highest high."""

    says: str = "The grade is the worst of the columns."

    def of(self, names: Sequence[str], ranges: Sequence[Range]) -> Range:
        """The range of the whole from the ranges of the domains, which share no field."""
        del names
        return max((low for low, _ in ranges), default=0), max((high for _, high in ranges), default=0)


@dataclass(frozen=True)
class Total:
    """The sum of the domains: points of a score, or how many criteria of a list are met."""

    says: str = "The number is the sum of the columns."

    def of(self, names: Sequence[str], ranges: Sequence[Range]) -> Range:
        """The lowest and the highest sum."""
        del names
        return sum(low for low, _ in ranges), sum(high for _, high in ranges)


@dataclass(frozen=True)
class Required:
    """1 where all `required` domains, and at least so many of the others, are met; else 0."""

    required: tuple[str, ...]
    at_least: int
    says: str

    def counts(self, name: str) -> bool:
        """False for a domain that only stands beside the required ones."""
        return name in self.required or self.at_least > 0

    def of(self, names: Sequence[str], ranges: Sequence[Range]) -> Range:
        """0, 1, or both possible."""
        low, high = (self._met({name: ends[end] for name, ends in zip(names, ranges, strict=True)}) for end in (0, 1))
        return int(low), int(high)

    def _met(self, grades: dict[str, int]) -> bool:
        others = sum(grade > 0 for name, grade in grades.items() if name not in self.required)
        return all(grades[name] > 0 for name in self.required) and others >= self.at_least


Combination = Worst | Total | Required
WORST, TOTAL = Worst(), Total()
