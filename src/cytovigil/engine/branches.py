"""What one state of an episodic course becomes under facts, and how it is graded there: no time, no record."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from cytovigil.engine.verdicts import Facts, Judged, Sets, flags_of, range_of, surely, to_chart
from cytovigil.logic.conditions import field_of, holds
from cytovigil.logic.ladder import Range
from cytovigil.logic.scale import EpisodicCourse, Expiry, Scale
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY, HOUR

NULL_FLAG = "after_window"
RUNNING = "vasopressors"
# What is followed while nobody looks: a treatment, and nothing else.
UNOBSERVED = {"counted_fever": False, "fever": True, "sign": False, "masked": False, "may_begin": False}
Gate = dict[str, bool]


class Path(NamedTuple):
    """Where one completion of the facts leads a branch, and what it is graded there."""

    state: str
    fever: bool
    grades: Range | None
    flag: str


def follow(
    scale: Scale, course: EpisodicCourse, state: str, sets: Sets, treated: frozenset[bool], moment: Gate
) -> Iterator[Path]:
    """Every completion of fever, signs and treatment, followed from one state."""
    fevers = sets[course.fever.name]
    parts = [_parts(sign, sets) for sign in course.signs]
    for fever, treat, signs in product(fevers, treated, product(*parts)):
        gate = moment | {
            "counted_fever": fevers == {True},
            "fever": fever,
            "sign": any(truth for truth, _, _ in signs),
            "treating": treat,
        }
        reached = moved(course, state, gate)
        grades, flag = _outcome(scale, course, reached, gate, {**sets, **{name: kept for _, name, kept in signs}})
        yield Path(reached, fever, grades, flag)


def graded(scale: Scale, course: EpisodicCourse, facts: Facts, paths: Sequence[Path]) -> Judged:
    """Low, high, missing and flags over all paths."""
    ranges = [path.grades for path in paths if path.grades is not None]
    if not ranges:
        return None, None, frozenset(), flags_of(facts) | {NULL_FLAG}
    low, high = min(r[0] for r in ranges), max(r[1] for r in ranges)
    missing: frozenset[str] = frozenset()
    if low < high:
        missing = to_chart(scale, facts, {name: fact.values for name, fact in facts.items()})
        # Enough to look at fever: where it leaves the whole range, so does no fever.
        with_fever = [path.grades for path in paths if path.fever and path.grades is not None]
        if with_fever and (min(with_fever)[0], max(r[1] for r in with_fever)) != (low, high):
            missing |= facts[course.fever.name].missing
    flags = {path.flag for path in paths if path.flag and path.grades is not None}
    return low, high, missing, flags_of(facts) | flags


def sign_known(course: EpisodicCourse, facts: Facts) -> bool:
    """True where fever is known, or a sign certain: with charting, what makes a moment observed."""
    return facts[course.fever.name].known or any(surely(sign, facts) for sign in course.signs)


def surely_runs(facts: Facts) -> bool:
    """True while a vasopressor certainly runs, of a scale that looks at them."""
    return RUNNING in facts and min(facts[RUNNING].values) > 0


def unseen(course: EpisodicCourse, state: str, treat: bool) -> list[tuple[str, bool]]:
    """Where a state leads while nobody looks, and whether it is entered now: a sign may stay or go."""
    to = moved(course, state, UNOBSERVED | {"treating": treat})
    return [(to, False), *((away, True) for start, away in course.unobserved if start == to)]


def lasts_for(rule: Expiry, settings: Settings) -> int:
    """After how many seconds a timed state is left."""
    unit = DAY if rule.setting.endswith("_days") else HOUR
    return max(1, int(getattr(settings, rule.setting) * unit))


def moved(course: EpisodicCourse, state: str, gate: Gate) -> str:
    """Where the moves of a course lead from a state on complete facts."""
    while True:
        move = next((m for m in course.moves if m.start == state and holds(m.when, gate)), None)
        if move is None:
            return state
        state = move.to


def _outcome(scale: Scale, course: EpisodicCourse, state: str, gate: Gate, sets: Sets) -> tuple[Range | None, str]:
    rule = next(o for o in course.outcomes if state in o.states and (o.when is None or holds(o.when, gate)))
    low, high = range_of(scale, sets)
    grades: dict[str, Range | None] = {
        "null": None,
        "zero": (0, 0),
        "worst": (low, high),
        "at_least_one": (max(1, low), max(1, high)),
        "zero_or_worst": (0, high),
    }
    return grades[rule.grade], rule.flag


def _parts(sign: Any, sets: Sets) -> list[tuple[bool, str, frozenset[Any]]]:
    """The possible truths of a sign, each with its field's values that go with it."""
    name = field_of(sign).name
    true = frozenset(value for value in sets[name] if holds(sign, {name: value}))
    return [(truth, name, kept) for truth, kept in ((True, true), (False, sets[name] - true)) if kept]
