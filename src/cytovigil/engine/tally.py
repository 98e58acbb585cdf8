"""Counts over many infusions: worst grades of a scale, and how many patients move between two scales."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from cytovigil.logic.scale import EpisodicCourse, Scale
from cytovigil.model.results import Graded, ScaleSummary


@dataclass
class ScaleCount:
    """One scale over all infusions: how many by highest `low`, how many a range, how many not observed."""

    scale: str
    version: str
    by_low: Counter[int] = field(default_factory=Counter)
    ranges: int = 0
    not_observed: int = 0

    def add(self, summary: ScaleSummary) -> None:
        """Count one infusion."""
        if summary.low is None:
            self.not_observed += 1
            return
        self.by_low[summary.low] += 1
        self.ranges += summary.low != summary.high

    def merge(self, other: "ScaleCount") -> None:
        """Count the infusions of another count of this scale."""
        self.by_low.update(other.by_low)
        self.ranges += other.ranges
        self.not_observed += other.not_observed


@dataclass
class ScaleShift:
    """Two CRS scales over all infusions graded on both: the worst grade on `other` beside that on `one`.

    `unsure`: the ranges overlap and are not one and the same grade. Grades of two scales are never mixed in one figure.
    """

    one: str
    other: str
    same: int = 0
    higher: int = 0
    lower: int = 0
    unsure: int = 0

    def add(self, summaries: Mapping[str, ScaleSummary]) -> None:
        """Count one infusion; one that either scale does not grade is left out."""
        one, other = summaries[self.one], summaries[self.other]
        if one.low is None or one.high is None or other.low is None or other.high is None:
            return
        if other.low > one.high:
            self.higher += 1
        elif other.high < one.low:
            self.lower += 1
        elif one.low == one.high == other.low == other.high:
            self.same += 1
        else:
            self.unsure += 1

    def merge(self, other: "ScaleShift") -> None:
        """Count the infusions of another count of these scales."""
        self.same += other.same
        self.higher += other.higher
        self.lower += other.lower
        self.unsure += other.unsure


class Tally:
    """Infusions by their worst grades on some scales."""

    def __init__(self, scales: Sequence[Scale]) -> None:
        self.scales = [ScaleCount(one.id, one.version) for one in scales]
        self.shifts = shifts(scales)

    def add(self, graded: Sequence[Graded]) -> None:
        """Count one patient, all infusions."""
        for one in graded:
            for scale in self.scales:
                scale.add(one.summaries[scale.scale])
            for shift in self.shifts:
                shift.add(one.summaries)

    def merge(self, other: "Tally") -> None:
        """Count what another tally of these scales has counted."""
        for scale, more in zip(self.scales, other.scales, strict=True):
            scale.merge(more)
        for shift, moved in zip(self.shifts, other.shifts, strict=True):
            shift.merge(moved)


def shifts(scales: Sequence[Scale]) -> list[ScaleShift]:
    """A count for each two CRS scales, in their order."""
    crs = [scale.id for scale in scales if isinstance(scale.course, EpisodicCourse)]
    return [ScaleShift(one, other) for one, other in combinations(crs, 2)]
