"""A scale is a course and its domains, as in the published table: one column a domain, one row a grade."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cytovigil.logic.combine import WORST, Combination
from cytovigil.logic.conditions import Condition, Field, field_of
from cytovigil.logic.counts import Window
from cytovigil.logic.ladder import Citation, Ladder, Range, weakest


@dataclass(frozen=True, eq=False)
class Move:
    """A branch in state `start` goes to `to` where `when` holds; at one instant moves follow one another."""

    start: str
    when: Condition
    to: str
    says: str


@dataclass(frozen=True, eq=False)
class Expiry:
    """A branch in state `start` goes to `to` when `setting` (hours or days) is over since a sign was last present."""

    start: str
    setting: str
    to: str
    says: str


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a branch in one of `states` is graded where `when` holds; the first that applies.

    `grade`: null, zero, worst (of the domains), at_least_one (worst, not below 1), zero_or_worst (a range).
    """

    states: tuple[str, ...]
    when: Condition | None
    grade: str
    says: str
    flag: str = ""


@dataclass(frozen=True, eq=False)
class EpisodicCourse:
    """The course of CRS: states, moves and outcomes. `signs` are conditions on one field each, domains' fields."""

    states: tuple[str, ...]
    lasting: tuple[str, ...]
    active: tuple[str, ...]
    moves: tuple[Move, ...]
    expiries: tuple[Expiry, ...]
    outcomes: tuple[Outcome, ...]
    unobserved: tuple[tuple[str, str], ...]
    fever: Field
    signs: tuple[Condition, ...]
    recorded: str
    says: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """Fields that the course looks at itself."""
        return (self.fever, *map(field_of, self.signs))


@dataclass(frozen=True, eq=False)
class MomentCourse:
    """The course of ICANS: each moment is graded by itself, inside a window; under sedation the low is held."""

    recorded: str  # the signal with which a clinician charts this grade
    sedation: Field
    ventilation: Field
    assessments: tuple[Field, ...]
    hidden: tuple[Field, ...]  # fields that cannot be assessed under sedation
    signs: tuple[Condition, ...]
    says: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """Fields that the course looks at itself."""
        return (self.sedation, self.ventilation, *map(field_of, self.signs))


@dataclass(frozen=True, eq=False)
class MeasuredCourse:
    """Each moment by its newest valid measurements, without window or episodes; a summary counts each of them."""

    says: str = "each moment is graded by its newest valid measurements"
    recorded: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, eq=False)
class CumulativeCourse:
    """What has come about since the window opened, on calendar days after infusion; a summary is the value at the end.

    `provisional`: until the window closes, or the patient is no longer followed, the high is what can still come.
    """

    window: Window
    provisional: bool
    says: str
    recorded: str = ""
    fields: tuple[Field, ...] = ()


Course = EpisodicCourse | MomentCourse | MeasuredCourse | CumulativeCourse


@dataclass(frozen=True, eq=False)
class Scale:
    """A published scale. Raises ValueError at import where two domains share a field."""

    id: str
    version: str
    title: str
    source: Citation
    course: Course
    domains: tuple[Ladder, ...]
    death_cause: str = ""  # of grade 5; empty: the scale has none
    treatments: tuple[str, ...] = ()  # drug classes listed with an episode
    notes: tuple[str, ...] = ()
    combine: Combination = WORST

    def __post_init__(self) -> None:
        """Refuse domains that share a field: the worst of ranges would not be exact."""
        names = [field.name for ladder in self.domains for field in ladder.fields]
        if shared := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"scale '{self.id}': domains share {', '.join(shared)}")

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields: of the domains, and of the course."""
        found = {field.name: field for ladder in self.domains for field in ladder.fields}
        found |= {field.name: field for field in self.course.fields}
        return tuple(found.values())

    @property
    def status(self) -> str:
        """The weakest evidence of its conditions."""
        return weakest(rung.status for ladder in self.domains for rung in ladder.rungs)

    def combined(self, ranges: Sequence[Range]) -> Range:
        """The range of the scale from the ranges of its domains, in their order."""
        return self.combine.of([ladder.name for ladder in self.domains], ranges)

    @cached_property
    def signals(self) -> tuple[str, ...]:
        """Signals whose charting the scale rests on, sorted."""
        return tuple(sorted({signal for field in self.fields for signal in field.signals}))
