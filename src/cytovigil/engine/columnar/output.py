"""The rows of one scale of a block as columns of the output tables."""

from datetime import date

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.columns import Coded, Column, Table, tabulated
from cytovigil.engine.columnar.episodes import Peaks, Spans, flag_names, given, peaks, spans
from cytovigil.engine.columnar.scaled import ScaleTables, tables_of
from cytovigil.engine.columnar.timeline import NO_GRADE, Calendar, Timeline, Worst, days, summary
from cytovigil.engine.columnar.verdicts import Verdicts
from cytovigil.engine.rows import episode_flags, in_days, in_hours
from cytovigil.logic.scale import Scale
from cytovigil.model.times import HOUR, NOTHING
from cytovigil.model.vocabulary import drugs_of


def timeline_table(block: Block, scale: Scale, rows: Timeline) -> Table:
    """The table `timeline`."""
    tables = tables_of(block, scale)
    low, high = _grades(rows.low), _grades(rows.high)
    said = tables.said.values
    return _table(block, scale, rows.patient, {
        "start": rows.start, "end": rows.end, "low": low, "high": high, "charted_low": low, "charted_high": high,
        "missing": Coded(rows.said, [tuple(sorted(one.missing)) for one in said]),
        "provisional": Coded(rows.said, [one.provisional for one in said]),
        "flags": Coded(rows.said, [tuple(sorted(one.flags)) for one in said]),
    })  # fmt: skip


def daily_table(block: Block, scale: Scale, rows: Timeline) -> Table:
    """The table `daily`."""
    found = days(block, scale, rows)
    return _table(block, scale, found.patient, {
        "day": found.day, "date": tabulated(lambda ordinal: date.fromordinal(ordinal).isoformat(), found.ordinal),
        "low": found.worst.low, "high": found.worst.high, "unobserved_h": tabulated(in_hours, found.worst.unseen_s),
    })  # fmt: skip


def episodes_table(block: Block, scale: Scale, verdicts: Verdicts, rows: Timeline) -> Table:
    """The table `episodes`."""
    tables = tables_of(block, scale)
    found = spans(block, scale, tables, verdicts)
    peak = peaks(block, scale, tables, rows, found)
    calendar = Calendar(block.settings, rows, block.start)
    ended = found.end != NEVER
    duration = np.where(ended, found.end - found.onset, NOTHING)
    first = np.searchsorted(found.patient, found.patient)
    return _table(block, scale, found.patient, {
        "episode": np.arange(len(found.patient)) - first + 1,
        "onset": found.onset, "end": found.end, "confirmed": found.confirmed,
        "ongoing": Coded(found.ongoing.astype(np.int64), (False, True)),
        "peak_time": peak.peak_time, "peak_low": _grades(peak.worst.low), "peak_high": _grades(peak.worst.high),
        "charted_peak_low": _grades(peak.alone.low), "charted_peak_high": _grades(peak.alone.high),
        "onset_day": calendar.day(found.onset) - calendar.day(block.start)[found.patient],
        "duration_days": tabulated(lambda seconds: None if seconds == NOTHING else in_days(seconds), duration),
        "treatments": _treatments(block, scale, found, peak.until),
        "unobserved_h": tabulated(in_hours, peak.worst.unseen_s),
        "flags": _flags(tables, peak),
    })  # fmt: skip


def summary_table(block: Block, scale: Scale, rows: Timeline) -> Table:
    """One row a patient: what `summary` has of one scale."""
    found: Worst = summary(block, scale, rows)
    unobserved = tabulated(in_hours, found.unseen_s)
    return _table(block, scale, block.patients, {
        "low": _grades(found.low), "high": _grades(found.high), "unobserved_h": unobserved,
    })  # fmt: skip


def _table(block: Block, scale: Scale, patient: Ints, columns: dict[str, Column]) -> Table:
    ids, infusions = block.once(_whose)
    infusion = infusions[patient]
    name = Coded(np.zeros(len(patient), np.int64), [scale.id])
    whose: dict[str, Column] = {"patient_id": Coded(patient, ids), "infusion": infusion, "scale": name}
    return Table(patient, infusion, np.zeros(len(patient), np.int64), whose | columns)


def _whose(block: Block) -> tuple[list[str], Ints]:
    """Ids and numbers of the infusions."""
    infusions = np.array([one.infusion for one in block.infusions], np.int64)
    return [one.patient_id for one in block.infusions], infusions


def _grades(grades: Ints) -> Ints:
    return np.where(grades == NO_GRADE, NOTHING, grades)


def _treatments(block: Block, scale: Scale, found: Spans, until: Ints) -> Coded:
    since = found.onset - int(block.settings.treated_before_onset_h * HOUR)
    names = sorted(drugs_of(*scale.treatments))
    bits = np.zeros(len(since), np.int64)
    for at, drug in enumerate(names):
        bits |= given(block, drug, found.patient, since, until).astype(np.int64) << at
    return tabulated(lambda one: tuple(name for at, name in enumerate(names) if one >> at & 1), bits)


def _flags(tables: ScaleTables, peak: Peaks) -> Coded:
    names = flag_names(tables)

    def named(bits: int) -> tuple[str, ...]:
        return episode_flags([name for at, name in enumerate(names) if bits >> at + 1 & 1], bool(bits & 1))

    return tabulated(named, peak.flags << 1 | (peak.worst.unseen_s > 0))
