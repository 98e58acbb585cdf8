"""The language of follow-up: what is asked, of whom, from when, how often, until which result, by which source.

An item is one readable value. How it is judged is its `how`: repeated until a result, asked about at time points,
in force until a day, or decided by sources that stand side by side.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from cytovigil.logic.conditions import Condition, Field, atoms, field_of
from cytovigil.logic.ladder import SOURCE_READ, STATUSES, Citation

Group = Literal[
    "blood", "antibodies", "cells", "prophylaxis", "transfusion", "vaccination", "late", "daily", "registry"
]
GROUPS: Mapping[str, str] = {
    "blood": "blood counts", "antibodies": "antibodies", "cells": "B and T cells", "prophylaxis": "prophylaxis",
    "transfusion": "transfusion", "vaccination": "vaccination", "late": "late effects", "daily": "daily life",
    "registry": "registry",
}  # fmt: skip
Verdict = Literal["give", "consider", "continue", "weigh", "may_stop", "act", "observe", "wait", "refer", "not"]
VERDICTS: Mapping[str, str] = {
    "give": "give", "consider": "consider", "continue": "continue", "weigh": "weigh stopping", "may_stop": "may stop",
    "act": "act", "observe": "observe", "wait": "wait", "refer": "refers to guidelines", "not": "not",
}  # fmt: skip


class Span(NamedTuple):
    """A stretch of calendar months, or of days, as the source prints it."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The day that lies so far after another; the last of its month where that is shorter."""
        return _after(self.months, self.days, day) if self.months or self.days else day


@lru_cache(maxsize=1 << 17)  # of many patients the same days come again and again
def _after(months: int, days: int, day: date) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=days)


FIVE_WEEKS = Span(days=35)  # a dose of so long ago still counts: our reading


class Phase(NamedTuple):
    """From so long after the infusion: so often."""

    since: Span
    every: Span


@dataclass(frozen=True, eq=False)
class Repeat:
    """Measured again and again, from the first phase on, until the newest result certainly meets `stop`.

    Rows of all these signals make it done, or of one of them with `any_of`. `grace` after the due day it is overdue.
    """

    phases: tuple[Phase, ...]
    rows: tuple[str, ...]
    grace: Span
    any_of: bool = False
    stop: Condition | None = None


@dataclass(frozen=True)
class Ask:
    """Asked at time points after infusion; no signal of the record can show that it was done."""

    at: tuple[Span, ...]


Anchor = Literal["infusion", "fludarabine"]


class Bound(NamedTuple):
    """Until when a source has a precaution: so long after the infusion or the last fludarabine; None is for life.

    `nation` is empty where the source is of no one country.
    """

    source: Citation
    anchor: Anchor
    span: Span | None
    says: str
    status: str = SOURCE_READ
    nation: str = ""


@dataclass(frozen=True)
class Until:
    """A precaution in force until the last day that applies of several sources."""

    bounds: tuple[Bound, ...]


@dataclass(frozen=True, eq=False)
class Opinion:
    """What one source says of one question: the first verdict whose condition holds, else `otherwise`."""

    source: Citation
    says: str
    verdicts: tuple[tuple[Verdict, Condition], ...]
    otherwise: Verdict
    status: str = SOURCE_READ
    note: str = ""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields its conditions look at, each once, in order of appearance."""
        found = [field_of(atom) for _, condition in self.verdicts for atom in atoms(condition)]
        return tuple({field.name: field for field in found}.values())


class Named(NamedTuple):
    """Texts of which some word begins with one of `words`; none with one of `never`, or also one with one of `sure`."""

    words: tuple[str, ...]
    never: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()

    def knows(self, text: str) -> bool:
        """Whether a text names it, in capitals or not; signs part words as spaces do."""
        flat = f" {text.lower().translate(_SIGNS)}"
        return _begins(self.words, flat) and (not _begins(self.never, flat) or _begins(self.sure, flat))


def _begins(words: tuple[str, ...], flat: str) -> bool:
    return any(f" {word}" in flat for word in words)


_SIGNS = dict.fromkeys(map(ord, "()[]/,;:+-_"), " ")


@dataclass(frozen=True, eq=False)
class Decide:
    """Decided by sources side by side, from `start` on: asked for where one of them says one of `wants`.

    Done while a row of these signals is no older than `fresh`, or once so many `doses` are charted, of which `named`
    knows the text. With `cautious` it is asked for until every source certainly does not want it any more. With
    `after_finding` only a row after the finding makes it done.
    `season_from` is the month in which it becomes due each year.
    """

    start: Span
    opinions: tuple[Opinion, ...]
    wants: tuple[Verdict, ...]
    grace: Span
    rows: tuple[str, ...] = ()
    fresh: Span = FIVE_WEEKS
    doses: int = 0
    named: Named | None = None
    cautious: bool = False
    after_finding: bool = False
    season_from: int = 0


class DrivingRule(NamedTuple):
    """No driving so long after the infusion, and longer while neurological events last, by a dated record."""

    weeks: int
    source: Citation
    status: str = SOURCE_READ


@dataclass(frozen=True)
class Drive:
    """Driving: by the dated record for product, place and infusion date."""


How = Repeat | Ask | Until | Decide | Drive


@dataclass(frozen=True, eq=False)
class Item:
    """One thing that follow-up asks. `when` is window and interval as the source prints them, `to` whom it concerns.

    Raises ValueError at import where it has no source, or an unknown status.
    """

    id: str
    group: Group
    what: str
    when: str
    source: Citation
    how: How
    to: Condition | None = None
    status: str = SOURCE_READ
    note: str = ""
    open_question: str = ""

    def __post_init__(self) -> None:
        """Refuse what nobody published, or whose evidence has no name."""
        opinions = self.how.opinions if isinstance(self.how, Decide) else ()
        bounds = self.how.bounds if isinstance(self.how, Until) else ()
        statuses = {self.status, *(one.status for one in opinions), *(one.status for one in bounds)}
        if not self.source.text or not statuses <= set(STATUSES):
            raise ValueError(f"item '{self.id}' has no source, or an unknown status")
        if isinstance(self.how, Decide) and not self.how.opinions:
            raise ValueError(f"item '{self.id}' has no opinion to decide by")
