"""Opening a table of any form: what kind it is, and its rows in the contract's columns."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from operator import itemgetter

from cytovigil.model.numbers import has_decimal_comma
from cytovigil.model.problems import Problem
from cytovigil.readers.columns import CHART_COLUMNS, Layout, is_laboratory_sheet, known_columns, read_layout
from cytovigil.readers.csv_rows import DELIMITERS, Shape, read_csv_rows, read_header, split_header
from cytovigil.readers.errors import InputError
from cytovigil.readers.fields import is_empty, is_formula
from cytovigil.readers.laboratory_sheets import LaboratorySheet
from cytovigil.readers.mapping import SiteMapping
from cytovigil.readers.parquet_rows import read_parquet_header, read_parquet_rows
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.readers.raw import BLANK_EVENT, RawEvent, RawPatient
from cytovigil.readers.sources import Fingerprint, Source
from cytovigil.readers.unmapped import Unmapped
from cytovigil.readers.words import find_signal

Rows = Iterator[tuple[int, list[str]]]


class Table:
    """One opened file: its layout, and its rows. `commas` takes its number where a row has a decimal comma."""

    def __init__(
        self,
        source: Source,
        number: int,
        mark: Future[Fingerprint],
        layout: Layout,
        rows: Callable[[Layout], Rows],
        commas: set[int],
    ) -> None:
        self.source = source
        self.number = number
        self.layout = layout
        self.rows = 0
        self._mark = mark
        self._rows = rows
        self._commas = commas
        self._sheet: LaboratorySheet | None = None

    @property
    def sha256(self) -> str:
        """Of the file, once it is known. Raises InputError where it cannot be read."""
        return self._mark.result().sha256

    def events(self, log: ProblemLog) -> Iterator[RawEvent]:
        """Rows of an events table, or the filled cells of a wide chart or a laboratory sheet."""
        if self.layout.kind == "sheet":
            self._sheet = LaboratorySheet(self.number, self.source.name, self.layout, log, self._commas)
            return self._sheet.events(self._identified(log))
        if self.layout.kind == "patients":
            return iter(())
        return self._chart(log) if self.layout.kind == "chart" else self._events(log)

    def patients(self, log: ProblemLog) -> Iterator[RawPatient]:
        """Rows of a patients table, or the patients of a laboratory sheet, whose events were read before."""
        if self._sheet:
            return self._sheet.patients()
        return self._patients(log) if self.layout.kind == "patients" else iter(())

    def _patients(self, log: ProblemLog) -> Iterator[RawPatient]:
        pick = itemgetter(*self.layout.places)
        for number, cells in self._identified(log):
            yield RawPatient._make((self.number, number, *pick([*cells, ""])))

    def _events(self, log: ProblemLog) -> Iterator[RawEvent]:
        pick, second = itemgetter(*self.layout.places), self.layout.value_text
        for number, cells in self._identified(log):
            raw = RawEvent._make((self.number, number, *pick([*cells, ""]), ""))
            yield raw._replace(value=cells[second]) if second >= 0 and is_empty(raw.value) else raw

    def _chart(self, log: ProblemLog) -> Iterator[RawEvent]:
        pick = itemgetter(*self.layout.places)
        for number, cells in self._identified(log):
            shared = dict(zip(CHART_COLUMNS, pick([*cells, ""]), strict=True))
            base = BLANK_EVENT._replace(file=self.number, row=number, **shared)
            for place, name, unit in self.layout.charted:
                if not is_empty(cells[place]):
                    yield base._replace(signal=name, value=cells[place], unit=unit, column=name)

    def _identified(self, log: ProblemLog) -> Rows:
        """Rows that name a patient; others are problems."""
        place, numbers = self.layout.places[0], sorted(self.layout.numbers) if self.source.is_text else ()
        for number, cells in self._rows(self.layout):
            self.rows += 1
            if numbers and any("," in cells[one] and has_decimal_comma(cells[one]) for one in numbers):
                self._commas.add(self.number)
                numbers = ()  # one is enough
            patient = cells[place]
            if is_empty(patient):
                sentence = "the row names no patient: fill in patient_id"
            elif is_formula(patient):
                sentence = "patient_id holds a formula: write its value"
            else:
                yield number, cells
                continue
            code = "formula_cell" if not is_empty(patient) else "no_patient_id"
            log.add(Problem(self.source.name, str(number), "", "patient_id", patient, code, sentence, "no"))


def open_table(
    source: Source, number: int, mark: Future[Fingerprint], mapping: SiteMapping | None, log: ProblemLog,
    unmapped: Unmapped, commas: set[int],
) -> Table | None:  # fmt: skip
    """The table in a file; None and a problem where it is none. Raises InputError if it was asked for by name."""
    knows = partial(_knows_signal, mapping)
    if source.is_workbook:
        opened = _open_workbook(source, log)
    else:
        opened = _open_parquet(source) if source.is_parquet else _open_csv(source, mark.result(), knows, log)
    if opened is None:
        return None
    header, rows = opened
    layout = read_layout(header, knows)
    say = partial(_say, log, source.name, "1")
    if layout is None:
        _refuse(source, header, say)
        return None
    for name in layout.extra:
        say(name, "", "extra_column", f"column '{name[:40]}' is not read", "no")
        if layout.kind == "chart":
            unmapped.add("name", name)
    for name in layout.doubled:
        say(name, "", "duplicate_column", f"column '{name[:40]}' comes twice: the first is read", "no")
    if source.is_text and (text := mark.result()).bad_line:
        sentence = f"the file is not UTF-8, it was read as {text.encoding}: check names and words, save it as UTF-8"
        _say(log, source.name, str(text.bad_line), "", "", "wrong_encoding", sentence, "yes")
    return Table(source, number, mark, layout, rows, commas)


def _open_csv(
    source: Source, mark: Fingerprint, knows: Callable[[str], bool], log: ProblemLog
) -> tuple[list[str], Callable[[Layout], Rows]]:
    line = read_header(source.path, mark.encoding)
    headers = {delimiter: split_header(line, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda d: (known_columns(headers[d], knows), d == ","))

    def complain(number: int, code: str, sentence: str) -> None:
        log.add(Problem(source.name, str(number), "", "", "", code, sentence, "no"))

    def rows(layout: Layout) -> Rows:
        shape = Shape(delimiter, len(headers[delimiter]), layout.one_line)
        return read_csv_rows(source.path, mark.encoding, shape, complain)

    return headers[delimiter], rows


def _open_parquet(source: Source) -> tuple[list[str], Callable[[Layout], Rows]]:
    header = read_parquet_header(source.path)
    return header, lambda _: read_parquet_rows(source.path, len(header))


def _open_workbook(source: Source, log: ProblemLog) -> tuple[list[str], Callable[[Layout], Rows]] | None:
    from cytovigil.readers.xlsx_rows import read_worksheets, read_xlsx_rows  # only where there is a workbook

    found, names = read_worksheets(source.path, is_laboratory_sheet)
    if not found:
        error = InputError(
            "no worksheet (of {sheets}) has a header with {columns}: a workbook is read as a laboratory sheet only",
            sheets=", ".join(f"'{name}'" for name in names) or "-",
            columns="patient_id, cart_date, date, anc",
        )
        if source.named:
            raise InputError("workbook '{name}': {why}", name=source.name, why=error)
        _say(log, source.name, "1", "", "", "not_a_table", str(error), "no")
        return None
    alike = {further.name for further in found[1:]}
    for name in (name for name, filled in names.items() if filled and name != found[0].name):
        if name in alike:
            sentence = "only the first worksheet with this header is read: save this one as a file of its own"
        else:
            sentence = "the worksheet has no header of a laboratory sheet and is not read: save its table as CSV"
        _say(log, source.name, "", "", name, "extra_worksheet", sentence, "no")
    return found[0].header, lambda layout: read_xlsx_rows(source.path, found[0], layout.dates)


def _knows_signal(mapping: SiteMapping | None, name: str) -> bool:
    return find_signal(name) is not None or (mapping is not None and mapping.knows(name))


def _say(log: ProblemLog, file: str, row: str, field: str, value: str, code: str, sentence: str, used: str) -> None:
    log.add(Problem(file, row, "", field, value, code, sentence, used))


def _refuse(source: Source, header: list[str], say: Callable[[str, str, str, str, str], None]) -> None:
    if not any(header):
        if source.named and source.path.stat().st_size == 0:
            raise InputError("'{name}' is empty: export it again", name=source.name)
        say("", "", "empty_file", "the file is empty: export it again", "no")
        return
    needed = "patient_id and infusion_time, or patient_id, time and signal, or patient_id, cart_date, date and anc"
    if source.named:
        sentence = "'{name}' is not a table of patients or events: its header needs {columns}"
        raise InputError(sentence, name=source.name, columns=needed)
    say("", ", ".join(header), "not_a_table", f"not a table of patients or events: the header needs {needed}", "no")
