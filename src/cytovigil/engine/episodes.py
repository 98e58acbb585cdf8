"""Episodes: from the verdicts of a scale (semantics 4 and 5)."""

from itertools import groupby
from typing import NamedTuple

from cytovigil.engine.record import Record
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.scale import EpisodicCourse, MomentCourse, Scale
from cytovigil.model.settings import Settings
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
    """Episodes of a CRS or ICANS scale in order of time; other scales have none."""
    if isinstance(scale.course, EpisodicCourse):
        return _by_states(scale.course, verdicts)
    return episodes_by_grades(record.settings, verdicts) if isinstance(scale.course, MomentCourse) else []


def _by_states(course: EpisodicCourse, verdicts: list[Verdict]) -> list[Episode]:
    found = []
    for onset, group in groupby(verdicts, key=lambda verdict: verdict.onset):
        if onset is None:
            continue
        run = list(group)
        last = max(index for index, verdict in enumerate(run) if verdict.states & set(course.active))
        over = run[-1] is not verdicts[-1]
        end = run[last].end if over or run[last] is not run[-1] else None
        found.append(Episode(onset, end, run[-1].end if over else None, tuple(run[: last + 1])))
    return found


def episodes_by_grades(settings: Settings, verdicts: list[Verdict]) -> list[Episode]:
    """Opens when low is 1 or more; ends when 0 is known for 24 h; reopens within 48 h of that end."""
    reopens = int(settings.icans_reopen_h * HOUR)
    ill = [verdict.start for verdict in verdicts if verdict.low is not None and verdict.low >= 1]
    rests = _rests(verdicts, int(settings.icans_end_h * HOUR))
    found = []
    while ill:
        onset = ill[0]
        ends = (rest for rest in rests if rest > onset and not any(rest <= t < rest + reopens for t in ill))
        end = next(ends, None)
        confirmed = end + reopens if end is not None and end + reopens < verdicts[-1].end else None
        inside = (v for v in verdicts if v.start >= onset and (end is None or v.start < end))
        found.append(Episode(onset, end, confirmed, tuple(inside)))
        ill = [t for t in ill if end is not None and t >= end + reopens]
    return found


def _rests(verdicts: list[Verdict], least: int) -> list[int]:
    """Beginnings of the stretches in which 0 is known for at least so many seconds."""
    found = []
    for high, group in groupby(verdicts, key=lambda verdict: verdict.high):
        stretch = list(group)
        if high == 0 and stretch[-1].end - stretch[0].start >= least:
            found.append(stretch[0].start)
    return found
