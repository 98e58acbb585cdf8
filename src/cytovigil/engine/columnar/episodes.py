"""Episodes of one scale, of all patients of a block (semantics 4, 5 and 8)."""

from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, first_of_runs, packed, runs_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.charting import reach
from cytovigil.engine.columnar.running import YES, runs
from cytovigil.engine.columnar.scaled import ScaleTables
from cytovigil.engine.columnar.timeline import Timeline, Worst, counting, worst_of
from cytovigil.engine.columnar.verdicts import Verdicts, decoded
from cytovigil.engine.episodes import episodes_by_grades
from cytovigil.engine.rows import is_dose
from cytovigil.logic.scale import EpisodicCourse, MomentCourse, Scale


class Spans(NamedTuple):
    """Episodes by patient and time. `end` and `confirmed` are NEVER where the episode lasts; `ongoing` too."""

    patient: Ints
    onset: Ints
    end: Ints
    confirmed: Ints

    @property
    def ongoing(self) -> Truths:
        """True where a sign could be present at the end of the graded time."""
        lasting: Truths = self.end == NEVER
        return lasting


def spans(block: Block, scale: Scale, tables: ScaleTables, verdicts: Verdicts) -> Spans:
    """The episodes of a CRS or ICANS scale; other scales have none."""
    if isinstance(scale.course, EpisodicCourse):
        return _by_states(scale.course, tables, verdicts)
    if isinstance(scale.course, MomentCourse):
        return _by_grades(block, tables, verdicts)
    return Spans(*(np.zeros(0, np.int64),) * 4)


def _by_states(course: EpisodicCourse, tables: ScaleTables, verdicts: Verdicts) -> Spans:
    """Runs of one onset, until the last moment in an active state."""
    known = verdicts.onset != NEVER
    run = np.cumsum(first_of_runs(verdicts.patient, verdicts.onset)) - 1
    first, finish = runs_of(run)
    active = np.array([bool(states & set(course.active)) for states in tables.states.values], np.bool_)
    places = np.arange(len(run))
    last = np.maximum.reduceat(np.where(active[verdicts.states], places, -1), first) if len(first) else first
    final = np.ones(len(run), np.bool_)
    final[:-1] = verdicts.patient[1:] != verdicts.patient[:-1]
    over = ~final[finish]
    chosen = known[first]
    end = np.where(over | (last < finish), verdicts.end[last], NEVER)[chosen]
    confirmed = np.where(over, verdicts.end[finish], NEVER)[chosen]
    first = first[chosen]
    return Spans(verdicts.patient[first], verdicts.onset[first], end, confirmed)


def _by_grades(block: Block, tables: ScaleTables, verdicts: Verdicts) -> Spans:
    """Only patients with a grade of 1 or more have one: these few by the reference's function."""
    ill = np.array([(one.low or 0) >= 1 for one in tables.said.values], np.bool_)
    found: list[tuple[int, int, int, int]] = []
    for patient in np.unique(verdicts.patient[ill[verdicts.said]]).tolist():
        first, after = np.searchsorted(verdicts.patient, [patient, patient + 1])
        rows = decoded(Verdicts(*(column[first:after] for column in verdicts)), tables.said, tables.states)
        found += [
            (
                patient,
                one.onset,
                NEVER if one.end is None else one.end,
                NEVER if one.confirmed is None else one.confirmed,
            )
            for one in episodes_by_grades(block.settings, rows)
        ]
    return Spans(*np.array(found, np.int64).reshape(-1, 4).T)


class Peaks(NamedTuple):
    """Of each episode: worst grades, when the low was first reached, those of its rows alone, flag bits, its end."""

    worst: Worst
    peak_time: Ints
    alone: Worst
    flags: Ints
    until: Ints


def peaks(block: Block, scale: Scale, tables: ScaleTables, rows: Timeline, found: Spans) -> Peaks:
    """What the rows of each episode say. Flags are bits of `flag_names`."""
    latest = np.full(block.size, -NEVER, np.int64)
    np.maximum.at(latest, rows.patient, rows.end)
    until = np.where(found.ongoing, latest[found.patient], found.end)
    finish = until + found.ongoing
    keys = packed(rows.patient, rows.start)
    after = np.searchsorted(keys, packed(found.patient, finish))
    first = np.searchsorted(keys, packed(found.patient, found.onset), side="right") - 1
    first += (rows.end[first] <= found.onset) & (rows.start[first] < rows.end[first])
    lengths = after - first
    group = np.repeat(np.arange(len(lengths)), lengths)
    place = first[group] + np.arange(len(group)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    during = rows.at(place)
    overlap = np.minimum(during.end, until[group]) - np.maximum(during.start, found.onset[group])
    unseen_s = np.where(during.unseen, overlap, 0)
    worst = worst_of(group, during, counting(scale, block.settings, rows.patient, rows)[place], unseen_s)
    alone = worst_of(group, during, counting(scale, block.settings, group, during), unseen_s)
    reaches = np.where(during.low == worst.low[group], during.start, NEVER)
    starts, _ = runs_of(group)
    bits = flag_bits(tables)[during.said]
    flags = np.bitwise_or.reduceat(bits, starts) if len(starts) else starts
    return Peaks(worst, np.minimum.reduceat(reaches, starts) if len(starts) else starts, alone, flags, until)


def flag_names(tables: ScaleTables) -> list[str]:
    """The flags that verdicts of a scale have had so far, in a fixed order within one call."""
    return sorted({flag for said in tables.said.values for flag in said.flags})


def flag_bits(tables: ScaleTables) -> Ints:
    """Of each thing said its flags, as bits of `flag_names`."""
    place = {flag: 1 << at for at, flag in enumerate(flag_names(tables))}
    return np.array([sum(place[flag] for flag in said.flags) for said in tables.said.values], np.int64)


def given(block: Block, drug: str, patient: Ints, since: Ints, until: Ints) -> Truths:
    """Whether a dose of a drug was given, or an infusion ran, between these moments of some patients."""
    rows = block.rows(drug)
    if not len(rows.time):
        return np.zeros(len(patient), np.bool_)
    doses = block.kinds_of(rows, is_dose).astype(np.bool_)
    acts = np.maximum(rows.time, np.where(rows.ended, rows.until, -NEVER))
    dosed = reach(block.size, rows.patient[doses], rows.time[doses], acts[doses])
    found: Truths = dosed.at(packed(patient, until)) >= since
    found |= runs(block, drug).at(packed(patient, since)) == YES
    return found
