"""The reference engine: slow, in plain Python, and obviously right. Every faster engine is proven equal to it."""

from collections.abc import Callable, Iterator, Sequence

from cytovigil.engine.biomarkers import biomarkers
from cytovigil.engine.concordance import concordance
from cytovigil.engine.cytopenia import cytopenia_rows
from cytovigil.engine.episodes import Episode, find_episodes
from cytovigil.engine.episodic import episodic
from cytovigil.engine.measured import cumulative, measured
from cytovigil.engine.measures import MEASURES
from cytovigil.engine.moment import moment
from cytovigil.engine.record import Record
from cytovigil.engine.rows import assemble_timeline, daily_rows, episode_rows, summary
from cytovigil.engine.track import Track
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.facts import Fact
from cytovigil.logic.scale import Course, CumulativeCourse, EpisodicCourse, MeasuredCourse, MomentCourse, Scale
from cytovigil.model.events import Course as Charted
from cytovigil.model.events import Event, Patient
from cytovigil.model.results import Graded
from cytovigil.model.settings import Settings
from cytovigil.model.vocabulary import signals

_COURSES: dict[type[Course], Callable[[Record, Scale, dict[str, Track[Fact]], int], Iterator[Verdict]]] = {
    EpisodicCourse: episodic,
    MomentCourse: moment,
    MeasuredCourse: measured,
    CumulativeCourse: cumulative,
}
UNKNOWN_CAUSES = ("", "unknown")
DEATH_GRADE = 5


def grade_course(
    course: Charted, scales: Sequence[Scale], settings: Settings, as_of: int | None = None
) -> list[Graded]:
    """Grade one patient: one result an infusion. `as_of` is in seconds UTC; rows known later do not count."""
    infusions = sorted(course.infusions, key=lambda patient: (patient.infusion_time, patient.infusion))
    found = []
    for index, patient in enumerate(infusions):
        following = infusions[index + 1].infusion_time if index + 1 < len(infusions) else None
        found.append(_grade_infusion(patient, course.events, scales, settings, as_of, following))
    return found


def _grade_infusion(
    patient: Patient,
    events: Sequence[Event],
    scales: Sequence[Scale],
    settings: Settings,
    as_of: int | None,
    following: int | None,
) -> Graded:
    record = Record(patient, events, settings, as_of, following=following)
    charted = None
    if record.has_attributions():
        charted = Record(patient, events, settings, as_of, attributed=False, following=following)
    found = Graded(patient.patient_id, patient.infusion, (), (), (), {}, (), tuple(record.notes))
    found = found._replace(biomarkers=tuple(biomarkers(record)))
    for scale in scales:
        verdicts = grade_scale(record, scale)
        found = assemble(found, record, scale, verdicts, grade_scale(charted, scale) if charted else verdicts)
    return found


def assemble(found: Graded, record: Record, scale: Scale, verdicts: list[Verdict], as_charted: list[Verdict]) -> Graded:
    """What was found, and the rows of one more scale."""
    rows = assemble_timeline(record, scale, verdicts, as_charted)
    return found._replace(
        timeline=(*found.timeline, *rows),
        daily=(*found.daily, *daily_rows(record, scale, rows)),
        episodes=(*found.episodes, *episode_rows(record, scale, find_episodes(record, scale, verdicts), rows)),
        summaries={**found.summaries, scale.id: summary(record, scale, rows)},
        concordance=(*found.concordance, *concordance(record, scale, rows)),
        cytopenia=(*found.cytopenia, *cytopenia_rows(record, scale, rows)),
    )


def grade_scale(record: Record, scale: Scale, tracks: dict[str, Track[Fact]] | None = None) -> list[Verdict]:
    """Verdicts of one scale over the graded time, and at death its grade 5. `tracks`: its facts, where already made."""
    end = graded_until(record, scale)
    verdicts: list[Verdict] = []
    if end > record.start:
        found = fact_tracks(record, scale) if tracks is None else tracks
        verdicts = list(_COURSES[type(scale.course)](record, scale, found, end))
    return verdicts + death(record, scale, verdicts)


def fact_tracks(record: Record, scale: Scale) -> dict[str, Track[Fact]]:
    """The facts of a scale's fields over time."""
    charted = record.once(Record.as_charted)
    return {
        field.name: (record if field.attributed else charted).once(MEASURES[field.measure], field)
        for field in scale.fields
    }


def graded_until(record: Record, scale: Scale) -> int:
    """The earliest of death, as-of, the next infusion and the last follow-up; else what the last event still tells."""
    limits = [record.as_of, record.followed_until]
    if isinstance(scale.course, CumulativeCourse) and record.followed_until is not None:
        return min(limit for limit in limits if limit is not None)  # days without a count pass all the same
    longest = max(signals()[name].valid_s or 0 for name in scale.signals)
    if record.as_of is None:
        limits.append(record.start if record.last_event is None else record.last_event + longest)
    return min(limit for limit in limits if limit is not None)


def death(record: Record, scale: Scale, verdicts: list[Verdict]) -> list[Verdict]:
    """Grade 5 at the time of death, also where nothing was charted, or followed up, until then."""
    time, cause = record.death
    if (
        not scale.death_cause
        or time is None
        or not record.start <= time <= min(record.as_of or time, record.following or time)
    ):
        return []
    grades: tuple[int, int] | None = None
    if cause == scale.death_cause:
        grades = DEATH_GRADE, DEATH_GRADE
    elif cause in UNKNOWN_CAUSES and _severe(find_episodes(record, scale, verdicts)):
        grades = DEATH_GRADE - 1, DEATH_GRADE
    if grades is None:
        return []
    missing = frozenset({"death"}) if grades[0] < grades[1] else frozenset()
    flags = record.patient.flags
    last = verdicts[-1] if verdicts else Verdict(record.start, record.start, None, None, frozenset(), flags)
    unseen = last._replace(
        start=last.end, end=time, low=None, high=None, missing=frozenset(), flags=flags | {"not_observed"}
    )
    dead = Verdict(time, time, *grades, missing, flags, last.states, last.onset)
    return [unseen, dead] if last.end < time else [dead]


def _severe(episodes: list[Episode]) -> bool:
    return any(one.ongoing and any((v.low or 0) >= 3 for v in one.verdicts) for one in episodes)
