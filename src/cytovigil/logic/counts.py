"""How counts become days: what the measures of cytopenia need to know besides the counts themselves."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Window:
    """Calendar days after infusion, both included; a date of the patient in `ended_by` is its last day if earlier."""

    first_day: int
    last_day: int
    ended_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Threshold:
    """A limit in the signal's smallest steps. `inclusive`: a count at the limit is low."""

    steps: int
    inclusive: bool = True


@dataclass(frozen=True)
class Counting:
    """One way of turning the counts of a window into days, the lowest count of each day.

    Runs of low days are joined where at most `joined_days` days lie between them, which then count too; `end_joins`:
    as few days at the end of the window are joined as well. Missing days between two counts are filled on the `line`
    between them, or with their `mean`, where they are at most `filled_days` in a run (None: any number); `carried`:
    those before the first and after the last count take the nearest, once nothing more can come. A missing day that is
    not filled may be `any`thing, or `never` counts; `between`: it may be low only between two low counts.
    A count that was charted and cannot be read may be anything where `unread_open`, else it is none.
    `rounding`: counts are rounded to so many steps, half to even, after filling. `least_counts`: with counts on fewer
    days there is no grade.
    """

    signal: str
    window: Window
    thresholds: tuple[Threshold, ...]  # the mildest first
    joined_days: int = 2
    end_joins: bool = False
    filling: Literal["line", "mean"] = "line"
    filled_days: int | None = 7
    carried: bool = True
    unfilled: Literal["any", "never", "between"] = "any"
    unread_open: bool = False
    rounding: int | None = None
    least_counts: int = 1


@dataclass(frozen=True)
class CountOf:
    """What a field asks of the counts: which threshold, by its place; the first day by which a run must have begun."""

    counting: Counting
    threshold: int = 0
    begun_by: int = 0
