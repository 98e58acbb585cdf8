"""What random courses reach, so that equality of engines on them says something: each measure, rung, state and flag."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping

from hypothesis import HealthCheck, Phase, given, seed, settings

from cytovigil.engine.episodes import find_episodes
from cytovigil.engine.measures import MEASURES
from cytovigil.engine.record import Record
from cytovigil.engine.reference import DEATH_GRADE, fact_tracks, grade_scale
from cytovigil.engine.rows import assemble_timeline, episode_rows
from cytovigil.engine.track import Track
from cytovigil.logic.facts import Fact
from cytovigil.logic.scale import EpisodicCourse, Scale
from cytovigil.model.events import Course
from cytovigil.model.flags import FLAGS
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES
from engines.strategies import courses

Reached = tuple[Hashable, ...]
Facts = Mapping[str, Track[Fact]]
FACT, FLAG, STATE, ALONE, RUNG, DEATH = "measure", "flag", "state", "state alone", "rung", "death"

# What no course can reach, and why. An entry that is reached all the same fails.
OUT_OF_REACH: dict[Reached, str] = {
    (FACT, "never_charted"): "the vocabulary has no signal for it: always unknown",
    (FACT, "window_value"): "of scores, which have one engine",
    (FACT, "highest_value"): "of scores, which have one engine",
    (FLAG, "on_cut_off"): "of scores, which have one engine",
    (RUNG, "cartox-hlh", "kidney", "high", 0): "oliguria is never charted, so that the kidney may always be ill",
}


def wanted() -> set[Reached]:
    """A measure: at least two different facts. A rung: as either end of what its ladder says where a grade is given."""
    found: set[Reached] = {(FACT, name) for name in MEASURES} | {(FLAG, name) for name in FLAGS}
    for scale in SCALES.values():
        grades = {ladder.name: [0, *(rung.grade for rung in ladder.rungs)] for ladder in scale.domains}
        found |= {(RUNG, scale.id, name, end, g) for name, of in grades.items() for g in of for end in ("low", "high")}
        if isinstance(scale.course, EpisodicCourse):
            found |= {(kind, scale.id, state) for state in scale.course.states for kind in (STATE, ALONE)}
        if scale.death_cause:
            found |= {(DEATH, scale.id, low) for low in (DEATH_GRADE - 1, DEATH_GRADE)}
    return found


def reached_by(course: Course) -> Iterator[tuple[Reached, Hashable]]:
    """What a course reaches; of a measure also the fact, as one alone tells nothing."""
    infusions = sorted(course.infusions, key=lambda one: one.infusion_time)
    for patient, following in zip(infusions, [*infusions[1:], None], strict=True):
        record = Record(patient, course.events, Settings(), following=following and following.infusion_time)
        for scale in SCALES.values():
            tracks = fact_tracks(record, scale)
            yield from _of_facts(scale, tracks)
            for reached in _of_verdicts(record, scale, tracks):
                yield reached, None


def _of_facts(scale: Scale, tracks: Facts) -> Iterator[tuple[Reached, Hashable]]:
    for field in scale.fields:
        yield from (((FACT, field.measure), values) for values in {fact.values for fact in tracks[field.name].values})


def _of_verdicts(record: Record, scale: Scale, tracks: Facts) -> Iterator[Reached]:
    verdicts = grade_scale(record, scale, dict(tracks))
    rows = assemble_timeline(record, scale, verdicts, verdicts)
    for row in (*rows, *episode_rows(record, scale, find_episodes(record, scale, verdicts), rows)):
        yield from ((FLAG, flag) for flag in row.flags)
    for verdict in verdicts:
        yield from ((STATE, scale.id, state) for state in verdict.states)
        yield from ((ALONE, scale.id, state) for state in verdict.states if len(verdict.states) == 1)
        if scale.death_cause and verdict.high == DEATH_GRADE:
            yield DEATH, scale.id, verdict.low
        elif verdict.low is not None:
            yield from _of_ladders(scale, tracks, verdict.start)


def _of_ladders(scale: Scale, tracks: Facts, t: int) -> Iterator[Reached]:
    for ladder in scale.domains:
        low, high = ladder.range_of(tuple(tracks[name].at(t).values for name in ladder.names))
        yield RUNG, scale.id, ladder.name, "low", low
        yield RUNG, scale.id, ladder.name, "high", high


def reached_within(runs: int, wanted: set[Reached]) -> set[Reached]:
    """What ten courses a run reach, of a measure at least two facts; no more runs than it takes to reach all wanted.

    Which courses are drawn depends on what else is loaded: Hypothesis takes numbers from modules of ours.
    """
    found: set[Reached] = set()
    facts: dict[Reached, set[Hashable]] = defaultdict(set)

    def look(course: Course) -> None:
        for reached, fact in reached_by(course):
            facts[reached].add(fact)
            if reached[0] != FACT or len(facts[reached]) > 1:
                found.add(reached)

    for number in range(runs):
        _ten(look, number)
        if wanted <= found:
            break
    return found


def _ten(look: Callable[[Course], None], number: int) -> None:
    """Ten courses: of more Hypothesis makes most by repeating parts of others."""

    def one(course: Course) -> None:
        look(course)

    few = settings(max_examples=10, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    seed(number)(few(given(courses())(one)))()


def test_random_courses_reach_all() -> None:
    found = reached_within(300, wanted() - OUT_OF_REACH.keys())
    assert sorted(map(str, wanted() - found - OUT_OF_REACH.keys())) == []
    assert sorted(map(str, OUT_OF_REACH.keys() - (wanted() - found))) == [], "reached, or no longer wanted"
