"""Rows of the output tables from verdicts (semantics 8)."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from itertools import pairwise

from cytovigil.engine.episodes import Episode
from cytovigil.engine.measures.drugs import Runs, is_stop, running
from cytovigil.engine.record import Record, is_systemic
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.scale import CumulativeCourse, EpisodicCourse, MomentCourse, Scale
from cytovigil.model.events import Event
from cytovigil.model.results import DailyRow, EpisodeRow, ScaleSummary, TimelineRow
from cytovigil.model.times import BEGINNING, DAY, FOR_EVER, HOUR, day_of, start_of_day
from cytovigil.model.vocabulary import drugs_of

Grades = tuple[int | None, int | None]


def assemble_timeline(
    record: Record, scale: Scale, verdicts: Sequence[Verdict], as_charted: Sequence[Verdict]
) -> list[TimelineRow]:
    """One row for each stretch in which no column changes."""
    charted = [(v.start, (v.low, v.high)) for v in as_charted]
    rows: list[TimelineRow] = []
    place = 0
    for verdict in verdicts:
        cuts = [verdict.start, *(t for t, _ in charted if verdict.start < t < verdict.end), verdict.end]
        for start, end in pairwise(cuts):
            while place + 1 < len(charted) and charted[place + 1][0] <= start:
                place += 1
            says = verdict.low, verdict.high, verdict.missing, verdict.flags, verdict.provisional
            _append(rows, timeline_row(record, scale, start, end, *says, charted[place][1]))
    return rows


def timeline_row(
    record: Record, scale: Scale, start: int, end: int, low: int | None, high: int | None, missing: Collection[str],
    flags: Collection[str], provisional: bool, charted: Grades | None = None,
) -> TimelineRow:  # fmt: skip
    """A row; without `charted` nothing was attributed, and the grades as charted are the same."""
    key = record.patient.patient_id, record.patient.infusion, scale.id
    both = (low, high) if charted is None else charted
    return TimelineRow(*key, start, end, low, high, *both, tuple(sorted(missing)), provisional, tuple(sorted(flags)))


def _append(rows: list[TimelineRow], row: TimelineRow) -> None:
    if rows and rows[-1].end == row.start and rows[-1][5:] == row[5:]:
        rows[-1] = rows[-1]._replace(end=row.end)
    else:
        rows.append(row)


def counting(record: Record, scale: Scale, rows: Sequence[TimelineRow]) -> list[bool]:
    """For each row whether its high counts: an uncertain stretch shorter than 1 h does not, of a sign of CRS or ICANS.

    Measurements count each.
    """
    if not isinstance(scale.course, EpisodicCourse | MomentCourse):
        return [True] * len(rows)
    shortest = int(record.settings.short_stretch_h * HOUR)
    counts = [True] * len(rows)
    begin = 0
    for index, row in enumerate([*rows, None]):
        uncertain = row is not None and row.low is not None and row.low != row.high and row.start < row.end
        if uncertain:
            continue
        if begin < index and rows[index - 1].end - rows[begin].start < shortest:
            counts[begin:index] = [False] * (index - begin)
        begin = index + 1
    return counts


def worst_of(rows: Sequence[TimelineRow], counts: Sequence[bool]) -> Grades:
    """The highest low, and the highest high of the stretches that count; null where nothing is graded."""
    if len(rows) == 1:
        return rows[0].low, rows[0].high
    lows = [row.low for row in rows if row.low is not None]
    highs = [(row.high, count) for row, count in zip(rows, counts, strict=True) if row.high is not None]
    if not lows:
        return None, None
    counted = [high for high, count in highs if count] or [high for high, _ in highs]
    return max(lows), max(max(lows), *counted)


def daily_rows(record: Record, scale: Scale, rows: Sequence[TimelineRow]) -> list[DailyRow]:
    """Calendar days at the site, clipped to the graded time; only days with graded time.

    Of a scale that counts days in a window, the days until the one on which the window is over.
    """
    if not rows:
        return []
    zone = record.settings.zone
    counts = counting(record, scale, rows)
    first, last = day_of(record.start, zone), day_of(rows[-1].end, zone)
    if isinstance(scale.course, CumulativeCourse):
        last = min(last, first + timedelta(days=scale.course.window.last_day + 1))
    key = record.patient.patient_id, record.patient.infusion, scale.id
    day = day_of(rows[0].start, zone)
    begin, place = start_of_day(day, zone), 0
    found = []
    while day <= last:
        finish = start_of_day(day + timedelta(days=1), zone)
        while place < len(rows) and not _reaches(rows[place], begin):
            place += 1
        until = bisect_left(rows, finish, lo=place, key=_start)
        inside = rows[place:until]
        low, high = worst_of(inside, counts[place:until])
        if low is not None and high is not None:
            unobserved = _unobserved_h(inside, begin, finish)
            found.append(DailyRow(*key, (day - first).days, day.isoformat(), low, high, unobserved))
        begin, day = finish, day + timedelta(days=1)
    return found


def _start(row: TimelineRow) -> int:
    return row.start


def _reaches(row: TimelineRow, begin: int) -> bool:
    """True where the row has time at or after `begin`; a death, which has no duration, has it at its moment."""
    return row.end > begin or row.start == row.end >= begin


def _overlaps(row: TimelineRow, begin: int, finish: int) -> bool:
    """True where the row has time in [begin, finish)."""
    return row.start < finish and _reaches(row, begin)


def _unobserved_h(rows: Iterable[TimelineRow], begin: int, finish: int) -> float:
    unseen = (row for row in rows if unobserved(row.flags))
    return in_hours(sum(min(row.end, finish) - max(row.start, begin) for row in unseen))


def unobserved(flags: Collection[str]) -> bool:
    """True for a row in which nobody looked, inside the window."""
    return "not_observed" in flags and "after_window" not in flags


def in_hours(seconds: int) -> float:
    """Hours, as the tables print them."""
    return round(seconds / HOUR, 2)


def in_days(seconds: int) -> float:
    """Days, as the tables print them."""
    return round(seconds / DAY, 2)


def summary(record: Record, scale: Scale, rows: Sequence[TimelineRow]) -> ScaleSummary:
    """Worst grades over the whole graded time; of a scale that counts days, the grades at its end."""
    considered = rows[-1:] if isinstance(scale.course, CumulativeCourse) else rows
    low, high = worst_of(considered, counting(record, scale, considered))
    return ScaleSummary(low, high, _unobserved_h(rows, BEGINNING, FOR_EVER))


def episode_rows(
    record: Record, scale: Scale, episodes: Sequence[Episode], rows: Sequence[TimelineRow]
) -> list[EpisodeRow]:
    """One row an episode, numbered from 1."""
    counts = counting(record, scale, rows)
    return [_episode_row(record, scale, n, one, rows, counts) for n, one in enumerate(episodes, start=1)]


def _episode_row(
    record: Record, scale: Scale, number: int, one: Episode, rows: Sequence[TimelineRow], counts: Sequence[bool]
) -> EpisodeRow:
    until = one.end if one.end is not None else rows[-1].end
    inside = [i for i, row in enumerate(rows) if _overlaps(row, one.onset, until + one.ongoing)]
    during, during_counts = [rows[i] for i in inside], [counts[i] for i in inside]
    low, high = worst_of(during, during_counts)
    as_charted = [row._replace(low=row.charted_low, high=row.charted_high) for row in during]
    unobserved = _unobserved_h(during, one.onset, until)
    zone = record.settings.zone
    return EpisodeRow(
        *(record.patient.patient_id, record.patient.infusion, scale.id, number),
        *(one.onset, one.end, one.confirmed, one.ongoing),
        next(row.start for row in during if row.low == low),
        *(low, high),
        *worst_of(as_charted, counting(record, scale, as_charted)),
        (day_of(one.onset, zone) - day_of(record.start, zone)).days,
        None if one.end is None else in_days(one.end - one.onset),
        _treatments(record, scale, one.onset, until),
        unobserved,
        _episode_flags(during, unobserved),
    )


def _episode_flags(during: Sequence[TimelineRow], unobserved_h: float) -> tuple[str, ...]:
    return episode_flags({flag for row in during for flag in row.flags}, unobserved_h > 0)


def episode_flags(flags: Collection[str], has_unobserved: bool) -> tuple[str, ...]:
    """The flags of an episode from those of its rows."""
    kept = set(flags) - {"not_observed", "after_window"}
    return tuple(sorted(kept | {"unobserved_in_episode"} if has_unobserved else kept))


def _treatments(record: Record, scale: Scale, onset: int, until: int) -> tuple[str, ...]:
    since = onset - int(record.settings.treated_before_onset_h * HOUR)
    return tuple(sorted(drug for drug in drugs_of(*scale.treatments) if _given(record, drug, since, until)))


def _given(record: Record, drug: str, since: int, until: int) -> bool:
    """True where a dose was given, or an infusion ran, in these moments."""
    if running(record, drug, since)[0] is Runs.YES:
        return True
    return any(max(row.end or 0, row.time) >= since for row in record.until(drug, until) if is_dose(row))


def is_dose(row: Event) -> bool:
    """True for a row of a drug that was given to the whole body."""
    return is_systemic(row) and not is_stop(row) and row.high != 0
