"""Tables of patients and events (CSV, Parquet, wide charts) become courses, one patient at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.problems import Problem
from cytovigil.model.settings import Settings
from cytovigil.readers.errors import InputError
from cytovigil.readers.event_columns import EventColumns
from cytovigil.readers.events import EventReader
from cytovigil.readers.intake import Table, open_table
from cytovigil.readers.mapping import SiteMapping
from cytovigil.readers.parts import Charts, Part, release_memory, write_patients
from cytovigil.readers.patients import PatientReader
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.readers.raw import RawEvent
from cytovigil.readers.row_kinds import KindReader
from cytovigil.readers.sources import Fingerprint, Source, find_sources, fingerprints
from cytovigil.readers.spool import Spool, open_spool
from cytovigil.readers.typed_events import TypedEvents
from cytovigil.readers.typed_source import TypedSource, note_of_stranger, weight_at
from cytovigil.readers.unmapped import Suggestion, Unmapped

Progress = Callable[[int], None]


class CourseSource:
    """Courses in order of patient_id (by its bytes). Iterate once; problems are complete after that.

    `problems` the problem log; `inputs` name, sha256 and rows of each file; `patient_count` for a progress bar;
    `event_count` rows of events;
    `unmapped` counts of names, values and units that nothing maps, by (kind, local text).
    """

    def __init__(self, spool: Spool, settings: Settings, mapping: SiteMapping | None) -> None:
        self.problems = ProblemLog()
        self.inputs: list[dict[str, Any]] = []
        self.patient_count = 0
        self.event_count = 0
        self._typed: TypedSource | None = None
        self._unmapped = Unmapped()
        self._spool = spool
        self._files: list[str] = []
        self._commas: set[int] = set()  # the files, by number, that have decimal commas
        self._events = EventReader(settings, mapping, self._files, self.problems, self._unmapped, self._commas)
        self._patients = PatientReader(settings, self._files, self.problems, self._commas)
        self._settings, self._mapping = settings, mapping
        self._begun = False

    @property
    def is_typed(self) -> bool:
        """True where `columns` can give the patients; else they are iterated."""
        return self._typed is not None

    @property
    def unmapped(self) -> dict[tuple[str, str], int]:
        """How often each (kind, local text) came that nothing maps."""
        return dict(self._unmapped.counts)

    def __iter__(self) -> Iterator[Course]:
        if self._begun:
            raise RuntimeError("courses can be read once only: open the tables again")
        self._begun = True
        charted = _Groups(self._spool.events())
        for patient_id, rows in groupby(self._spool.patients(), key=attrgetter("patient_id")):
            infusions = self._patients.read(rows)
            for stranger, events in charted.before(patient_id):
                self._note_stranger(stranger, events)
            events = charted.of(patient_id)
            if infusions:
                yield Course(infusions, tuple(self._read_events(events, infusions)))
            else:
                self._note_stranger(patient_id, events)
        for stranger, events in charted.before(None):
            self._note_stranger(stranger, events)
        self._note_not_done()

    def columns(self) -> Iterator[EventColumns]:
        """The same patients as columns, batch by batch; only where `is_typed`."""
        typed, kinds = self._begin_typed(), KindReader(self._events.read_quietly)
        rows = self._spool.patients()
        yield from typed.columns(rows, self._patients, self._events, self._note_count, kinds)
        self._note_not_done()

    def parts(self, path: Path, most: int) -> tuple[Charts, list[Part]]:
        """The same patients in parts of about so many rows of events, for a `PartReader`; only where `is_typed`.

        The patients are written to `path`. What the parts give is handed to `merge`, then `end_parts` is called.
        """
        typed = self._begin_typed()
        parts = write_patients(self._spool.patients(), typed.events.cuts(most), typed.rows, path)
        typed.events.forget_patients()
        self._spool.close()  # nothing is left in it
        release_memory()  # the other processes need it
        files, commas = tuple(self._files), frozenset(self._commas)
        return Charts(typed, path, files, commas, self._settings, self._mapping), parts

    def merge(self, problems: ProblemLog, not_done: Mapping[int, int]) -> None:
        """Take over the problems of a part."""
        self.problems.merge(problems)
        for number, count in not_done.items():
            self._events.not_done[number] = self._events.not_done.get(number, 0) + count

    def end_parts(self) -> None:
        """Note what is said of all parts together."""
        self._note_not_done()

    def _begin_typed(self) -> TypedSource:
        assert self._typed is not None and not self._begun
        self._begun = True
        return self._typed

    def take_in(self, paths: Sequence[Path], progress: Progress | None, typed_from: int | None = None) -> None:
        """Read all files into the spool. Raises InputError.

        Events of one file of at least `typed_from` rows, typed and in order of patient, stay where they are.
        """
        sources = find_sources(paths)
        with fingerprints(sources) as marks:
            self._take_in(sources, marks, progress, typed_from)
        self.patient_count, self.event_count = self._spool.count_patients(), self._spool.event_count
        self.event_count += self._typed.rows if self._typed else 0
        if not self.patient_count:
            raise InputError("no patient was found: one table needs the columns patient_id and infusion_time, and rows")

    def _take_in(
        self, sources: Sequence[Source], marks: Sequence[Future[Fingerprint]], progress: Progress | None,
        typed_from: int | None,
    ) -> None:  # fmt: skip
        tables: list[Table] = []
        for number, (source, mark) in enumerate(zip(sources, marks, strict=True)):
            self._files.append(source.name)
            table = open_table(source, number, mark, self._mapping, self.problems, self._unmapped, self._commas)
            if table is not None:
                tables.append(table)
        typed = None if typed_from is None else _typed(tables, typed_from)
        for table in tables:
            if typed is not None and table.number == typed.number:
                self._typed = typed
                self.inputs.append({"file": table.source.name, "sha256": table.sha256, "rows": typed.rows})
            else:
                self._spool_table(table, progress)

    def _spool_table(self, table: Table, progress: Progress | None) -> None:
        events = self._spool.write_events(table.events(self.problems))
        patients = self._spool.write_patients(table.patients(self.problems))
        for count in chain(events, patients):
            if progress:
                progress(count)
        if not table.rows:
            sentence = "the table has a header and no rows: export it again"
            self.problems.add(Problem(table.source.name, "1", "", "", "", "empty_file", sentence, "no"))
        self.inputs.append({"file": table.source.name, "sha256": table.sha256, "rows": table.rows})

    def _read_events(self, rows: Iterator[RawEvent], infusions: tuple[Patient, ...]) -> Iterator[Event]:
        for raw in rows:
            event = self._events.read(raw, lambda time: weight_at(time, infusions))
            if event is not None:
                yield event

    def _note_stranger(self, patient_id: str, events: Iterator[RawEvent]) -> None:
        first = next(events, None)
        if first is not None:
            self._note_count(patient_id, first.file, first.row, 1 + sum(1 for _ in events))

    def _note_count(self, patient_id: str, file: int, row: int, count: int) -> None:
        self.problems.add(note_of_stranger(self._files[file], patient_id, row, count))

    def _note_not_done(self) -> None:
        for number, count in sorted(self._events.not_done.items()):
            sentence = f"{count} rows that were not done, planned or entered in error do not count"
            self.problems.add(Problem(self._files[number], "", "", "status", "", "not_done", sentence, "no"))


def _typed(tables: Sequence[Table], rows: int) -> TypedSource | None:
    """The only table of events, where it is typed, in order, and has so many rows."""
    events = [table for table in tables if table.layout.kind != "patients"]
    if len(events) != 1 or events[0].layout.kind != "events" or not events[0].source.is_parquet:
        return None
    found = TypedEvents.of_layout(events[0].source.path, events[0].layout)
    return None if found is None or found.rows < max(rows, 1) else TypedSource(found, events[0].number)


class _Groups:
    """Charted rows in order, handed out patient by patient."""

    def __init__(self, rows: Iterator[RawEvent]) -> None:
        self._groups = groupby(rows, key=attrgetter("patient_id"))
        self._next = next(self._groups, None)

    def before(self, patient_id: str | None) -> Iterator[tuple[str, Iterator[RawEvent]]]:
        """Groups of patients that come before this one; all that are left for None."""
        while self._next and (patient_id is None or self._next[0] < patient_id):
            yield self._next
            self._next = next(self._groups, None)

    def of(self, patient_id: str) -> Iterator[RawEvent]:
        """The rows of this patient; the next call of any method ends them."""
        if self._next and self._next[0] == patient_id:
            yield from self._next[1]
            self._next = next(self._groups, None)


@contextmanager
def open_courses(
    paths: Sequence[Path], settings: Settings, mapping: SiteMapping | None = None, progress: Progress | None = None,
    typed_from: int | None = None,
) -> Iterator[CourseSource]:  # fmt: skip
    """Read tables from files and folders, and give their courses; typed events of so many rows as columns alone.

    `progress` is called with the number of rows read since the last call. Raises InputError, with one sentence, where
    nothing can be read; everything less is a problem row.
    """
    with open_spool() as spool:
        source = CourseSource(spool, settings, mapping)
        source.take_in(paths, progress, typed_from)
        yield source


def suggest_mapping(paths: Sequence[Path], mapping: SiteMapping | None, settings: Settings) -> list[Suggestion]:
    """Names, values and units that nothing maps yet, the most frequent first. Needs no patients table."""
    unmapped, log, commas = Unmapped(), ProblemLog(), set[int]()
    sources = find_sources(paths)
    reader = EventReader(settings, mapping, [source.name for source in sources], log, unmapped, commas)
    with fingerprints(sources) as marks:
        for number, (source, mark) in enumerate(zip(sources, marks, strict=True)):
            table = open_table(source, number, mark, mapping, log, unmapped, commas)
            if table is not None:
                for raw in table.events(log):
                    reader.read(raw, lambda _: None)
    return unmapped.suggestions()
