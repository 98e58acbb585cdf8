"""CTCAE with bounds, without limits or without a baseline: the range is what some completion reaches, no more, no less.

The oracle grades complete values only, from the texts, and tries every completion on a grid that lies on, just below
and just above each edge.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cytovigil.engine.reference import grade_course
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.vocabulary import signals
from cytovigil.rules import SCALES

START = 1_772_434_800
FAR = Fraction(10**9)
EPSILON = Fraction(1, 10**6)


class Complete(NamedTuple):
    """All that a grade needs, in steps. `own`: the limit of the baseline."""

    value: Fraction
    limit: Fraction
    base: Fraction
    own: Fraction
    treated: bool


Span = tuple[int, int]


class Chart(NamedTuple):
    """What was charted; None: not."""

    value: Span
    limit: int | None
    base: Span | None
    own: int | None  # the limit printed on the row of the baseline


def passed_above(value: Fraction, of: Fraction, *cuts: str) -> int:
    return sum(value > Fraction(cut) * of for cut in cuts)


def passed_below(value: Fraction, of: Fraction, *cuts: str) -> int:
    return sum(value < Fraction(cut) * of for cut in cuts)


def creatinine_5(c: Complete) -> int:
    by_base = passed_above(c.value, c.base, "1.5", "3")
    return max(passed_above(c.value, c.limit, "1", "1.5", "3", "6"), by_base and by_base + 1)


def enzyme_5(c: Complete) -> int:
    if c.base <= c.own:
        return passed_above(c.value, c.limit, "1", "3", "5", "20")
    return int(c.value >= c.base * 3 / 2) + passed_above(c.value, c.base, "3", "5", "20")


def enzyme_6(c: Complete) -> int:
    if c.base <= c.own:
        return passed_above(c.value, c.limit, "1", "3", "5", "20")
    return int(c.value >= c.base) + passed_above(c.value, c.base, "1.5", "2", "4")


def bilirubin_5(c: Complete) -> int:
    return passed_above(c.value, c.limit if c.base <= c.own else c.base, "1", "1.5", "3", "10")


def bilirubin_6(c: Complete) -> int:
    if c.base <= c.own:
        return passed_above(c.value, c.limit, "1", "1.5", "3", "10")
    return int(c.value >= c.base) + passed_above(c.value, c.base, "1.5", "2.5", "10")


def fibrinogen(c: Complete) -> int:
    if c.value < 50:
        return 4
    if c.base >= c.own:
        return passed_below(c.value, c.limit, "1", "0.75", "0.5", "0.25")
    return int(c.value < c.base) + sum(c.value <= c.base * Fraction(cut) for cut in ("0.75", "0.5", "0.25"))


def inr(c: Complete) -> int:
    by_base = passed_above(c.value, c.base, "1", "1.5", "2.5") if c.treated else 0
    return max(passed_above(c.value, Fraction(100), "1.2", "1.5", "2.5"), by_base)


def aptt(c: Complete) -> int:
    return passed_above(c.value, c.limit, "1", "1.5", "2.5")


def counted(*cuts: int) -> Callable[[Complete], int]:
    """Grade 1 below the limit, the others below numbers of steps."""

    def grade(c: Complete) -> int:
        passed = sum(c.value < cut for cut in cuts)
        return passed + 1 if passed else int(c.value < c.limit)

    return grade


def lymphocytes_6(c: Complete) -> int:
    return int(c.value < c.limit or c.value < 800)


class Rule(NamedTuple):
    """An oracle, which limit it asks for, and values near its numbers in steps."""

    grade: Callable[[Complete], int]
    lower: bool
    ratios: str  # multiples of limit or baseline that it prints
    near: tuple[int, ...]


ORACLES = {
    "ctcae-v5-creatinine": Rule(creatinine_5, False, "1 1.5 3 6", (300, 500, 900, 1000, 1500, 3000, 3001, 6001)),
    "ctcae-v5-alt": Rule(enzyme_5, False, "1 1.5 3 5 20", (200, 300, 400, 600, 601, 1000, 1200, 2001, 8001)),
    "ctcae-v5-bilirubin": Rule(bilirubin_5, False, "1 1.5 3 10", (100, 200, 210, 300, 301, 601, 2001)),
    "ctcae-v6-alt": Rule(enzyme_6, False, "1 1.5 2 3 4 5 20", (200, 300, 400, 600, 601, 1000, 1200, 2001, 2100, 4100, 8001)),
    "ctcae-v6-bilirubin": Rule(bilirubin_6, False, "1 1.5 2.5 3 10", (100, 200, 210, 300, 500, 501, 601, 2001)),
    "ctcae-v5-fibrinogen": Rule(fibrinogen, True, "0.25 0.5 0.75 1", (40, 49, 50, 75, 100, 112, 150, 200, 201, 300)),
    "ctcae-v6-fibrinogen": Rule(fibrinogen, True, "0.25 0.5 0.75 1", (49, 50, 75, 100, 150, 200)),
    "ctcae-v5-inr": Rule(inr, False, "1 1.5 2.5", (80, 100, 120, 121, 150, 151, 250, 251, 300)),
    "ctcae-v5-aptt": Rule(aptt, False, "1 1.5 2.5", (200, 400, 401, 600, 601, 1000, 1001)),
    "ctcae-v5-neutrophils": Rule(counted(1500, 1000, 500), True, "1", (0, 499, 500, 999, 1000, 1499, 1500, 1600, 2000)),
    "ctcae-v6-platelets": Rule(counted(750, 500, 100), True, "1", (0, 99, 100, 499, 500, 749, 750, 1000, 1500)),
    "ctcae-v6-lymphocytes": Rule(lymphocytes_6, True, "1", (0, 150, 200, 799, 800, 1000, 1500)),
    "ctcae-v5-cd4": Rule(counted(5000, 2000, 500), True, "1", (0, 499, 500, 1999, 2000, 4999, 5000, 6000)),
    "ctcae-v6-hemoglobin": Rule(counted(10000, 8000), True, "1", (7999, 8000, 9999, 10000, 12000)),
}  # fmt: skip


def creatinine_6(c: Complete, own_upper: Fraction) -> int:
    """By the upper limit; by the baseline only where it was below its own lower one."""
    by_base = passed_above(c.value, c.base, "1.5", "3") if c.base < c.own else 0
    return max(passed_above(c.value, own_upper, "1", "1.5", "3", "6"), by_base and by_base + 1)


@st.composite
def charts(draw: st.DrawFn, near: tuple[int, ...]) -> Chart:
    def one() -> int:
        return max(draw(st.sampled_from(near)) + draw(st.sampled_from((-1, 0, 0, 1))), 0)

    def span(least: int) -> Span:
        ends = (max(one(), least), max(one(), least) if draw(st.integers(0, 3)) == 0 else None)
        return min(ends[0], ends[1] or ends[0]), max(ends[0], ends[1] or ends[0])

    def maybe() -> bool:
        return draw(st.integers(0, 2)) > 0

    value = span(0)
    base = span(60) if maybe() else None
    return Chart(value, max(one(), 1) if maybe() else None, base, max(one(), 1) if base and maybe() else None)


def around(points: Iterable[Fraction], low: Fraction, high: Fraction) -> list[Fraction]:
    """The points, and just beside each, as far as they lie between the ends; and the ends."""
    beside = (point + shift for point in points for shift in (-EPSILON, Fraction(0), EPSILON))
    return sorted({low, high, *(point for point in beside if low <= point <= high)})


def completions(chart: Chart, plausible: Span, printed: str, treatable: bool = False) -> Iterator[Complete]:
    """Every completion of a chart on the grid; a limit that only one of the two rows gives is that of both."""
    given_limit, given_own = chart.limit or chart.own, chart.own or chart.limit
    ratios = [Fraction(ratio) for ratio in printed.split()]
    value_ends = [Fraction(end) for end in chart.value]
    given = [Fraction(one) for one in (chart.limit, chart.own, *(chart.base or ())) if one]
    edges = [ratio * one for ratio in ratios for one in given]
    for value in around(edges, *value_ends) if chart.value[0] < chart.value[1] else value_ends[:1]:
        limits = (
            [Fraction(given_limit)] if given_limit else around([*(value / r for r in ratios), *given], Fraction(1), FAR)
        )
        for limit in limits:
            low, high = (Fraction(end) for end in chart.base or plausible)
            own = Fraction(given_own) if given_own else limit
            bases = around([*(value / r for r in ratios), own], max(low, Fraction(1)), high)
            for base in bases if low < high else [low]:
                for treated in (False, True) if treatable else (False,):
                    yield Complete(value, limit, base, own, treated)


def graded(name: str, chart: Chart, lower: bool, upper: int | None = None) -> tuple[int | None, int | None]:
    signal = name.rsplit("-", 1)[1]
    limits = {"ref_low" if lower else "ref_high": chart.limit}
    rows = [Event("P1", START + 3600, signal, *chart.value, **limits, **({"ref_high": upper} if upper else {}))]  # type: ignore[arg-type]
    if chart.base:
        rows.append(Event("P1", START - 86400, signal, *chart.base, **{"ref_low" if lower else "ref_high": chart.own}))  # type: ignore[arg-type]
    rows.append(Event("P1", START + 4 * 3600, "heart_rate", 80, 80))
    (found,) = grade_course(Course((Patient("P1", START),), tuple(rows)), [SCALES[name]], Settings())
    moment = next(row for row in found.timeline if row.start <= START + 7200 < row.end)
    return moment.low, moment.high


@pytest.mark.parametrize("name", ORACLES)
@settings(max_examples=40)
@given(data=st.data())
def test_range_is_what_completions_reach(name: str, data: st.DataObject) -> None:
    rule = ORACLES[name]
    chart = data.draw(charts(rule.near))
    signal = signals()[name.rsplit("-", 1)[1]]
    assert signal.plausible_low is not None and signal.plausible_high is not None
    plausible = signal.plausible_low, signal.plausible_high
    grades = {rule.grade(one) for one in completions(chart, plausible, rule.ratios, rule.grade is inr)}
    assert graded(name, chart, rule.lower) == (min(grades), max(grades)), chart


@settings(max_examples=60)
@given(charts((200, 300, 400, 600, 601, 900, 1000, 1500, 3001, 6001)), st.sampled_from((700, 1000, 1100)))
def test_creatinine_of_v6_asks_for_both_limits(chart: Chart, upper: int) -> None:
    grades = {creatinine_6(one, Fraction(upper)) for one in completions(chart, (0, 30000), "1 1.5 3 6")}
    assert graded("ctcae-v6-creatinine", chart, True, upper) == (min(grades), max(grades)), chart
