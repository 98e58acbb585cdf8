"""Grades a block of patients with every scale: the same tables as the reference engine gives, as columns."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints
from cytovigil.engine.columnar.biomarkers import biomarkers_tables
from cytovigil.engine.columnar.block import Block, Known
from cytovigil.engine.columnar.charted import Charted
from cytovigil.engine.columnar.columns import Coded, Column, Table, cells, chosen, of_rows, together
from cytovigil.engine.columnar.cytopenia import cytopenia_table
from cytovigil.engine.columnar.episodic import episodic
from cytovigil.engine.columnar.glance import Glance
from cytovigil.engine.columnar.measured import cumulative, measured
from cytovigil.engine.columnar.moment import moment
from cytovigil.engine.columnar.output import daily_table, episodes_table, summary_table, timeline_table
from cytovigil.engine.columnar.scaled import tables_of
from cytovigil.engine.columnar.timeline import Timeline, timeline
from cytovigil.engine.columnar.verdicts import Verdicts, decoded, encoded, joined, of_patients
from cytovigil.engine.concordance import concordance
from cytovigil.engine.reference import death, grade_course
from cytovigil.engine.rows import timeline_row
from cytovigil.logic.scale import Course as ScaleCourse
from cytovigil.logic.scale import CumulativeCourse, EpisodicCourse, MeasuredCourse, MomentCourse, Scale
from cytovigil.model.events import Patient
from cytovigil.model.problems import Problem
from cytovigil.model.results import (
    BiomarkerRow,
    ConcordanceRow,
    CytopeniaRow,
    DailyRow,
    EpisodeRow,
    Graded,
    ScaleSummary,
    SummaryRow,
    TimelineRow,
)
from cytovigil.model.settings import Settings

_COURSES: dict[type[ScaleCourse], Callable[[Block, Scale, Ints], Verdicts]] = {
    EpisodicCourse: episodic,
    MomentCourse: moment,
    MeasuredCourse: measured,
    CumulativeCourse: cumulative,
}
KINDS: dict[str, Any] = {
    "timeline": TimelineRow, "daily": DailyRow, "episodes": EpisodeRow, "summary": SummaryRow,
    "concordance": ConcordanceRow, "cytopenia": CytopeniaRow, "biomarkers": BiomarkerRow,
}  # fmt: skip


class GradedBlock(NamedTuple):
    """The tables of a block by name, each column by name, in the order of the contract; notes by patient."""

    tables: Mapping[str, Mapping[str, Column]]
    notes: Sequence[tuple[Problem, ...]]

    def graded(
        self, infusions: Sequence[tuple[Patient, ...]], scales: Sequence[Scale], rows: bool = True
    ) -> list[list[Graded]]:
        """The same as the reference engine gives it: of each patient one result an infusion, scales in this order.

        Without `rows` the summaries and notes alone.
        """
        order = {scale.id: place for place, scale in enumerate(scales)}
        every: dict[str, dict[tuple[str, int], list[Any]]] = {name: {} for name in KINDS}
        for name, columns in self.tables.items() if rows else [("summary", self.tables["summary"])]:
            found = every[name]
            for cells_ in zip(*map(cells, columns.values()), strict=True):
                found.setdefault(cells_[:2], []).append(KINDS[name]._make(cells_))
            for of in found.values() if name != "biomarkers" else ():
                of.sort(key=lambda row: (order[row.scale], -getattr(row, "threshold", 0)))  # the mildest first
        return [
            [_graded(one, every, notes) for one in sorted(patients, key=lambda p: (p.infusion_time, p.infusion))]
            for patients, notes in zip(infusions, self.notes, strict=True)
        ]


def _graded(
    patient: Patient, rows: Mapping[str, Mapping[tuple[str, int], list[Any]]], notes: tuple[Problem, ...]
) -> Graded:
    key = patient.patient_id, patient.infusion
    tables = {name: tuple(of.get(key, ())) for name, of in rows.items()}
    summaries = {row.scale: ScaleSummary(*row[3:]) for row in tables.pop("summary")}
    return Graded(
        *key, tables["timeline"], tables["daily"], tables["episodes"], summaries, tables["concordance"], notes,
        tables["biomarkers"], tables["cytopenia"],
    )  # fmt: skip


def grade_block(
    charted: Charted, scales: Sequence[Scale], settings: Settings, known: Known, as_of: int | None = None
) -> GradedBlock:
    """Grade patients, in their order. `known` is kept from block to block of one run, with the same settings."""
    found: dict[str, list[Table]] = {name: [of_rows([], [], [], kind)] for name, kind in KINDS.items()}
    notes: list[tuple[Problem, ...]] = [()] * len(charted.infusions)
    ranks = {scale.id: rank for rank, scale in enumerate(sorted(scales, key=lambda scale: scale.id))}
    plain = charted.plain(known.kinds)
    for place in np.flatnonzero(~plain).tolist():
        graded = grade_course(charted.course(place), scales, settings, as_of)
        notes[place] = graded[0].notes
        for name, table in _of_graded(graded, place, ranks).items():
            found[name].append(table)
    if plain.any():
        block = Block(charted.of(plain), settings, known, as_of)
        places = np.flatnonzero(plain)
        for scale in scales:
            for name, table in _scale_tables(block, scale).items():
                found[name].append(table._replace(place=places[table.place], rank=table.rank + ranks[scale.id]))
        found["biomarkers"] += [table._replace(place=places[table.place]) for table in biomarkers_tables(block)]
        for place, noted in zip(places.tolist(), range(block.size), strict=True):
            notes[place] = block.noted(noted)
        del block  # it holds more than the tables
    return GradedBlock({name: together(tables) for name, tables in found.items()}, notes)


def _of_graded(graded: Sequence[Graded], place: int, ranks: Mapping[str, int]) -> dict[str, Table]:
    """Rows of one patient, all infusions, whom the reference engine graded."""
    rows: dict[str, list[Any]] = {name: [] for name in KINDS}
    for one in graded:
        for name in ("timeline", "daily", "episodes", "concordance", "cytopenia", "biomarkers"):
            rows[name] += getattr(one, name)
        rows["summary"] += [
            SummaryRow(one.patient_id, one.infusion, scale, *summary) for scale, summary in one.summaries.items()
        ]
    for name, of in rows.items():
        of.sort(key=itemgetter(3)) if name not in ("summary", "biomarkers") else None
    return {
        name: of_rows(
            of, [place] * len(of), [0 if name == "biomarkers" else ranks[row.scale] for row in of], KINDS[name]
        )
        for name, of in rows.items()
    }


def _scale_tables(block: Block, scale: Scale) -> dict[str, Table]:
    verdicts = grade_scale(block, scale)
    rows = timeline(tables_of(block, scale), verdicts)
    return {
        "timeline": timeline_table(block, scale, rows),
        "daily": daily_table(block, scale, rows),
        "episodes": episodes_table(block, scale, verdicts, rows),
        "summary": summary_table(block, scale, rows),
        "concordance": _concordance(block, scale, rows),
        "cytopenia": _cytopenia(block, scale, rows),
    }


def _recorded(block: Block, scale: Scale) -> Sequence[int]:
    """Patients of whom a clinician charted this grade."""
    found: list[int] = np.unique(block.rows(scale.course.recorded).patient).tolist() if scale.course.recorded else []
    return found


def _cytopenia(block: Block, scale: Scale, rows: Timeline) -> Table:
    """Days of cytopenia, by patient and threshold."""
    if not isinstance(scale.course, CumulativeCourse):
        return of_rows([], [], [], CytopeniaRow)
    table = cytopenia_table(block, scale, rows)
    threshold = table.columns["threshold"]
    assert isinstance(threshold, Coded)
    order = np.lexsort((np.array(threshold.values)[threshold.codes], table.place))
    columns = {name: chosen(column, order) for name, column in table.columns.items()}
    return Table(table.place[order], table.infusion[order], table.rank[order], columns)


def _concordance(block: Block, scale: Scale, rows: Timeline) -> Table:
    """Grades that clinicians charted, of these few patients one by one."""
    said = tables_of(block, scale).said.values
    found: list[Any] = []
    places: list[int] = []
    for place in _recorded(block, scale):
        record = block.records[place]
        first, after = np.searchsorted(rows.patient, [place, place + 1])
        mine = rows.at(np.arange(first, after))
        spans = zip(mine.start.tolist(), mine.end.tolist(), mine.said.tolist(), strict=True)
        lines = [timeline_row(record, scale, start, end, *said[code]) for start, end, code in spans]
        made = concordance(record, scale, lines)
        found += sorted(made, key=itemgetter(3))
        places += [place] * len(made)
    return of_rows(found, places, [0] * len(found), ConcordanceRow)


def grade_scale(block: Block, scale: Scale) -> Verdicts:
    """Verdicts of one scale over the graded time, and at death its grade 5, by patient."""
    return with_deaths(block, scale, grade_until(block, scale, graded_until(block, scale)))


def grade_until(block: Block, scale: Scale, end: Ints) -> Verdicts:
    """Verdicts of one scale until `end`, by patient: the same from the start whatever the end."""
    return _COURSES[type(scale.course)](block, scale, end)


def graded_until(block: Block, scale: Scale) -> Ints:
    """Until when each patient is graded, as the reference engine has it."""
    end = block.counts_until
    if block.as_of is not None:
        return end
    last = block.kept.last_event
    charted = np.minimum(end, np.where(last == -NEVER, block.start, last + tables_of(block, scale).longest_s))
    passes = isinstance(scale.course, CumulativeCourse) & (block.followed_until != NEVER)
    return np.where(passes, end, charted)


def with_deaths(block: Block, scale: Scale, rows: Verdicts) -> Verdicts:
    """Verdicts over the graded time, with the grade 5 of those who died of what the scale grades."""
    if not scale.death_cause:
        return rows
    tables, places = tables_of(block, scale), of_patients(rows, block.size)
    found = [rows]
    for place in np.flatnonzero(block.deaths != NEVER).tolist():
        begin, end = places[place : place + 2]
        verdicts = decoded(Verdicts(*(column[begin:end] for column in rows)), tables.said, tables.states)
        found.append(encoded(place, death(Glance(block, place), scale, verdicts), tables.said, tables.states))
    return joined(found) if len(found) > 1 else rows
