"""Typed events in parts: each is read by itself, in another process or on another machine, with its patients."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil.model.settings import Settings
from cytovigil.readers.event_columns import EventColumns
from cytovigil.readers.events import EventReader
from cytovigil.readers.mapping import SiteMapping
from cytovigil.readers.parquet_rows import clear_errors
from cytovigil.readers.patients import PatientReader
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.readers.raw import RawPatient
from cytovigil.readers.row_kinds import KindReader
from cytovigil.readers.typed_events import Cut
from cytovigil.readers.typed_source import TypedSource, note_of_stranger
from cytovigil.readers.unmapped import Unmapped

_SCHEMA = pa.schema([
    pa.field(name, pa.int64() if name in ("file", "row") else pa.string()) for name in RawPatient._fields
])  # fmt: skip


class Part(NamedTuple):
    """Rows of events from `first` to before `stop`, of whole patients; the patients of part `number` lie apart."""

    number: int
    first: int
    stop: int


class Charts(NamedTuple):
    """All that is needed to read parts: it can be pickled, and its paths mean the same on every machine.

    `patients` is a file of `write_patients`; `files` are the names of all inputs; `commas` those with decimal commas.
    """

    source: TypedSource
    patients: Path
    files: tuple[str, ...]
    commas: frozenset[int]
    settings: Settings
    mapping: SiteMapping | None


class PartReader:
    """Reads parts, one after the other: what rows say is kept from part to part."""

    def __init__(self, charts: Charts) -> None:
        self._charts = charts
        self._kinds: KindReader | None = None

    def columns(self, part: Part, problems: ProblemLog, not_done: dict[int, int]) -> Iterator[EventColumns]:
        """The patients of a part; `not_done` takes how many rows of each file were not done."""
        source, path, names, commas, settings, mapping = self._charts
        files, marked = list(names), set(commas)
        events = EventReader(settings, mapping, files, problems, Unmapped(), marked)
        events.not_done = not_done
        if self._kinds is None:
            self._kinds = KindReader(events.read_quietly)

        def note(patient_id: str, file: int, row: int, rows: int) -> None:
            problems.add(note_of_stranger(files[file], patient_id, row, rows))

        patients = PatientReader(settings, files, problems, marked)
        rows = _read_patients(path, part.number)
        yield from source.columns(rows, patients, events, note, self._kinds, part.first, part.stop)


def write_patients(rows: Iterable[RawPatient], cuts: Sequence[Cut], stop: int, path: Path) -> list[Part]:
    """Write patients, who come in order, into a row group for each part, and give the parts.

    Patients before the first of the next part belong to a part, the last one takes the rest.
    """
    with pq.ParquetWriter(path, _SCHEMA) as file:
        for group in _groups(rows, [cut.patient_id for cut in cuts[1:]]):
            table = pa.Table.from_pylist([row._asdict() for row in group], schema=_SCHEMA)
            file.write_table(table, row_group_size=max(len(group), 1))  # one, however many they are
    return [Part(at, *rows) for at, rows in enumerate(pairwise([*(cut.row for cut in cuts), stop]))]


def release_memory() -> None:
    """Give memory back that is free: of Arrow, and of all else where its pool is the system's."""
    pa.default_memory_pool().release_unused()


def _groups(rows: Iterable[RawPatient], borders: Sequence[str]) -> Iterator[list[RawPatient]]:
    """Rows up to before each of the borders, then the rest."""
    left, group = deque(borders), list[RawPatient]()
    for row in rows:
        while left and row.patient_id >= left[0]:
            left.popleft()
            yield group
            group = []
        group.append(row)
    yield group
    yield from ([] for _ in left)


def _read_patients(path: Path, number: int) -> Iterator[RawPatient]:
    with clear_errors(path), pq.ParquetFile(path) as file:
        columns = [column.to_pylist() for column in file.read_row_group(number).columns]
    return map(RawPatient._make, zip(*columns, strict=True))
