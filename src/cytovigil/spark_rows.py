"""Grading rows that exist only as tables of Spark: they are brought together by patient, and tables come back."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from cytovigil.engine.columnar.block import Known
from cytovigil.engine.columnar.charted import Charted
from cytovigil.engine.columnar.grade import grade_block
from cytovigil.model.problems import Problem
from cytovigil.model.settings import Settings
from cytovigil.readers.columns import EVENT_COLUMNS
from cytovigil.readers.event_columns import EventColumns
from cytovigil.readers.events import EventReader
from cytovigil.readers.fields import is_empty
from cytovigil.readers.mapping import SiteMapping
from cytovigil.readers.parquet_rows import texts
from cytovigil.readers.patients import PatientReader
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.readers.raw import BLANK_PATIENT, RawPatient
from cytovigil.readers.row_kinds import KindReader
from cytovigil.readers.typed_events import ROWS, TIMES, Batch, batch_of, whole_patients
from cytovigil.readers.typed_source import TypedSource, note_of_stranger
from cytovigil.readers.unmapped import Unmapped
from cytovigil.rules import SCALES, scale_ids
from cytovigil.run import UsageError, read_map, read_moment, read_site
from cytovigil.writers.columns import Kind, spread_summary, table_columns
from cytovigil.writers.parquet import table_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FILES = ["patients", "events"]  # what problems call the two tables
PROBLEMS = "problems"
_TYPES: Mapping[Kind, str] = {
    "text": "string", "integer": "int", "grade": "tinyint", "number": "double", "truth": "boolean",
    "time": "timestamp", "date": "date", "list": "array<string>",
}  # fmt: skip


def grade_table(
    events: "DataFrame", patients: "DataFrame", scales: str = "default", mapping: Path | None = None,
    site: Path | None = None, as_of: str | None = None,
) -> "dict[str, DataFrame]":  # fmt: skip
    """Grade two tables of Spark with the columns of the contract; the tables of the output come back by name.

    Times of events are timestamps. `problems` has no row numbers, and each task lists at most 1,000 of a kind. All
    tables come from one table that is kept (`persist`) once it is made. Raises UsageError with one sentence.
    """
    settings = read_site(site)
    try:
        ids = sorted(scale_ids(scales))
    except ValueError as error:
        raise UsageError("{why}", why=error) from error
    tasks = _Tasks(ids, settings, read_map(mapping), read_moment("as_of", as_of, settings))
    graded = _together(events, patients).mapInArrow(tasks, _schema(ids)).persist()
    return {name: graded.where(f"`table` = '{name}'").select(f"`{name}`.*") for name in (*table_columns(ids), PROBLEMS)}


def _together(events: "DataFrame", patients: "DataFrame") -> "DataFrame":
    """Rows of both tables, those of a patient one after the other, infusions first."""
    from pyspark.sql import functions as f

    of_events = [name for name in (*EVENT_COLUMNS, "value_text") if name in events.columns]
    of_patients = [name for name in RawPatient._fields[2:] if name in patients.columns]
    for column, needed in (("time", events), ("signal", events), ("infusion_time", patients)):
        if not {"patient_id", column} <= set(needed.columns):
            sentence = "a table has no column {column}: patients need patient_id and infusion_time, "
            raise UsageError(sentence + "events patient_id, time and signal", column=column)
    kinds = dict(events.dtypes)
    if odd := [name for name in TIMES if name in of_events and kinds[name] != "timestamp"]:
        raise UsageError("column {column} of the events is not a timestamp with a zone: cast it", column=odd[0])
    key = f.coalesce(f.col("patient_id").cast("string"), f.lit("")).alias("patient_id")
    charted = events.select(key, f.lit(1).alias("kind"), f.struct(*of_events).alias("event"))
    infused = patients.select(key, f.lit(0).alias("kind"), f.struct(*of_patients).alias("patient"))
    rows = infused.unionByName(charted, allowMissingColumns=True)
    return rows.repartition("patient_id").sortWithinPartitions("patient_id", "kind", "event.time", "event", "patient")


def _schema(ids: list[str]) -> str:
    """One row of one table each: `table` says of which."""
    tables = {
        name: [(column.name, _TYPES[column.kind]) for column in columns]
        for name, columns in table_columns(ids).items()
    } | {PROBLEMS: [(name, "string") for name in Problem._fields]}  # fmt: skip
    structs = [
        f"`{name}` struct<{', '.join(f'`{column}`: {kind}' for column, kind in columns)}>"
        for name, columns in tables.items()
    ]
    return ", ".join(["`table` string", *structs])


class _Tasks:
    """What a task does: it grades the patients whose rows come in."""

    def __init__(self, ids: list[str], settings: Settings, mapping: SiteMapping | None, as_of: int | None) -> None:
        self._ids, self._settings, self._mapping, self._as_of = ids, settings, mapping, as_of

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        known, problems, schema = Known(), ProblemLog(), _arrow_schema(self._ids)
        scales = [SCALES[one] for one in self._ids]
        columns = table_columns(self._ids)
        for read in self._read(batches, problems):
            charted = Charted(*read)
            block = grade_block(charted, scales, self._settings, known, self._as_of)
            for notes in block.notes:
                for note in notes:
                    problems.add(note)
            for name, found in block.tables.items():
                spread = spread_summary(found, self._ids) if name == "summary" else found
                yield from _rows(name, table_of(spread, columns[name]), schema)
        listed = [problem._replace(row="") for problem in problems.rows()]
        said = {name: [problem[at] for problem in listed] for at, name in enumerate(Problem._fields)}
        yield from _rows(PROBLEMS, pa.table(said, schema=pa.schema([(name, pa.string()) for name in said])), schema)

    def _read(self, batches: Iterator[pa.RecordBatch], problems: ProblemLog) -> Iterator[EventColumns]:
        """Columns of whole patients: the last of each batch is held back, for the next may have more of his rows."""
        events = EventReader(self._settings, self._mapping, FILES, problems, Unmapped(), set())
        patients = PatientReader(self._settings, FILES, problems, set())
        kinds = KindReader(events.read_quietly)

        def note(patient_id: str, file: int, row: int, rows: int) -> None:
            problems.add(note_of_stranger(FILES[file], patient_id, row, rows))

        for table in _whole(batches):
            kind = table.column("kind")
            infused = _raw_patients(table.filter(pc.equal(kind, 0)).column("patient"), problems)
            source = TypedSource(_Events(table.filter(pc.equal(kind, 1))), 1)  # type: ignore[arg-type]
            yield from source.columns(infused, patients, events, note, kinds)
        if count := events.not_done.get(1):
            sentence = f"{count} rows that were not done, planned or entered in error do not count"
            problems.add(Problem(FILES[1], "", "", "status", "", "not_done", sentence, "no"))


class _Events:
    """Rows of whole patients, as a file of them is read."""

    def __init__(self, table: pa.Table) -> None:
        self._table, self.rows = table, table.num_rows

    def batches(self, *_: object) -> Iterator[Batch]:
        if self.rows:
            event = self._table.column("event").combine_chunks()
            fields = {field.name: event.field(field.name) for field in event.type} | {
                "patient_id": self._table.column("patient_id")
            }
            yield batch_of(pa.table(fields), {name: name for name in fields}, 0)


def _whole(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting = list[pa.Table]()
    for batch in batches:
        waiting.append(pa.Table.from_batches([batch]))
        if sum(table.num_rows for table in waiting) >= ROWS:
            whole, waiting = whole_patients(pa.concat_tables(waiting), "patient_id")
            if whole.num_rows:
                yield whole
    if waiting:
        yield pa.concat_tables(waiting)


def _raw_patients(column: pa.ChunkedArray, problems: ProblemLog) -> Iterator[RawPatient]:
    if not len(column):
        return
    rows = column.combine_chunks()
    rows = rows.chunk(0) if isinstance(rows, pa.ChunkedArray) else rows
    names = [field.name for field in rows.type]
    for cells in zip(*(texts(rows.field(name)) for name in names), strict=True):
        patient = BLANK_PATIENT._replace(**dict(zip(names, cells, strict=True)))
        if is_empty(patient.patient_id):
            sentence = "the row names no patient: fill in patient_id"
            problems.add(Problem(FILES[0], "", "", "patient_id", "", "no_patient_id", sentence, "no"))
        else:
            yield patient


def _arrow_schema(ids: list[str]) -> dict[str, Any]:
    from cytovigil.writers.parquet import table_schema

    found = {name: pa.struct(list(table_schema(columns))) for name, columns in table_columns(ids).items()}
    return found | {PROBLEMS: pa.struct([(name, pa.string()) for name in Problem._fields])}


def _rows(name: str, table: pa.Table, kinds: Mapping[str, pa.DataType]) -> Iterator[pa.RecordBatch]:
    """The rows of one table, with nothing in the columns of the others."""
    for batch in table.to_batches():
        rows = batch.num_rows
        columns = {"table": pa.array([name] * rows, pa.string())}
        for other, kind in kinds.items():
            columns[other] = (
                pa.StructArray.from_arrays(batch.columns, fields=list(kind))
                if other == name
                else (pa.nulls(rows, kind))
            )
        yield pa.RecordBatch.from_pydict(columns)
