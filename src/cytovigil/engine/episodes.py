"""Episodes: from the verdicts of a scale (semantics 4 and 5)."""

from typing import NamedTuple

from cytovigil.engine.record import Record
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.scale import EpisodicCourse, Scale
from cytovigil.model.times import HOUR


class Episode(NamedTuple):
    """`end`: last moment a sign could be present; `confirmed`: when the episode could no longer reopen."""

    onset: int
    end: int | None
    confirmed: int | None
    verdicts: tuple[Verdict, ...]

    @property
    def ongoing(self) -> bool:
        """True where a sign could be present at the end of the graded time."""
        return self.end is None


def find_episodes(record: Record, scale: Scale, verdicts: list[Verdict]) -> list[Episode]:
    """Episodes in order of time."""
    if isinstance(scale.course, EpisodicCourse):
        return _by_states(scale.course, verdicts)
    return _by_grades(record, verdicts)


def _by_states(course: EpisodicCourse, verdicts: list[Verdict]) -> list[Episode]:
    found: list[Episode] = []
    run: list[Verdict] = []
    for verdict in verdicts:
        lasting = bool(verdict.states & set(course.lasting))
        if lasting and run and "open" in verdict.states and not run[-1].states & set(course.lasting):
            lasting = True
        if lasting:
            run.append(verdict)
        elif run:
            found.append(_episode(course, run, confirmed=verdict.start))
            run = []
    if run:
        found.append(_episode(course, run, confirmed=None))
    return found


def _episode(course: EpisodicCourse, run: list[Verdict], confirmed: int | None) -> Episode:
    last = max((i for i, v in enumerate(run) if v.states & set(course.active)), default=0)
    ended = confirmed is not None or last + 1 < len(run)
    present = run[: last + 1]
    return Episode(run[0].start, present[-1].end if ended else None, confirmed, tuple(present))


def _by_grades(record: Record, verdicts: list[Verdict]) -> list[Episode]:
    """Opens when low is 1 or more; ends when 0 is known for 24 h; reopens within 48 h of that end."""
    settled, reopens = (int(h * HOUR) for h in (record.settings.icans_end_h, record.settings.icans_reopen_h))
    found: list[Episode] = []
    run: list[Verdict] = []
    ended: int | None = None  # since when 0 is known, where that has lasted long enough
    zero_since: int | None = None
    for verdict in verdicts:
        ill = verdict.low is not None and verdict.low >= 1
        zero_since = None if verdict.high != 0 else verdict.start if zero_since is None else zero_since
        if run and ended is not None and verdict.end > ended + reopens and not (ill and verdict.start < ended + reopens):
            found.append(_closed(run, ended, ended + reopens))
            run, ended = [], None
        if ill:
            ended = None
        if run or ill:
            run.append(verdict)
        if run and ended is None and zero_since is not None and verdict.end >= zero_since + settled:
            ended = zero_since
            if verdict.end >= ended + reopens:
                found.append(_closed(run, ended, ended + reopens))
                run, ended = [], None
    if run:
        found.append(_closed(run, ended, None))
    return found


def _closed(run: list[Verdict], end: int | None, confirmed: int | None) -> Episode:
    inside = tuple(v for v in run if end is None or v.start < end)
    return Episode(run[0].start, end, confirmed, inside)
