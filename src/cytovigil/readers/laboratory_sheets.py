"""Laboratory sheets as centres keep them, one row a patient and date, become rows of events and of patients.

`anc` is in cells per uL, `platelets` (or `plt`) in 10*9/L; a sheet whose largest value speaks against that is refused.
The dates of a patient stand in any of the rows. Where rows contradict each other, the earliest date counts: what comes
after it is not certain. Two `cart_date` are two infusions where the rows of the first end before the second, and the
rows of the second go beyond it; else the patient is not graded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from zoneinfo import ZoneInfo

from cytovigil.model.numbers import UnitError, pointed_digits, read_number
from cytovigil.model.problems import Problem
from cytovigil.model.times import BEGINNING, DAY, parse_time
from cytovigil.readers.columns import Layout
from cytovigil.readers.errors import InputError
from cytovigil.readers.fields import filled, is_empty, is_formula, read_time
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.readers.raw import BLANK_PATIENT, RawEvent, RawPatient

ANC_UNIT, PLATELET_UNIT = "/uL", "10*9/L"
LARGEST_SMALL_ANC = 50  # of a whole sheet: up to here it may be in 10*9/L
LARGEST_PLATELETS = 3_000  # of a whole sheet: above it is not in 10*9/L
_DATES = {  # column of the sheet: column of the patients table
    "progression_date": "progression_date", "subsequent_therapy_date": "next_therapy_date",
    "last_fu_date": "last_followup",
}  # fmt: skip
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:[.,]0+)?)?", re.ASCII)
_DAYS = ZoneInfo("UTC")  # dates are compared with dates, of whatever place
_NOT_IN_SHEETS = ("",) * (len(RawEvent._fields) - 8)  # the columns of events from `end` to `system`


@dataclass
class _Infusion:
    """What the rows of one patient and cart_date say: the first of them, the last date, other dates by column.

    `dates` gives for each column the row and the text of each date, by time.
    """

    row: int
    text: str
    last: int = BEGINNING
    dates: dict[str, dict[int, tuple[int, str]]] = field(default_factory=lambda: {name: {} for name in _DATES})


class LaboratorySheet:
    """Reads the rows of one sheet once: events as they come, patients after them."""

    def __init__(self, file: int, name: str, layout: Layout, log: ProblemLog, commas: set[int]) -> None:
        self._file = file
        self._name = name
        self._pick = itemgetter(*layout.places)
        self._log = log
        self._commas = commas
        self._patients: dict[str, dict[int, _Infusion]] = {}
        self._loose: dict[str, _Infusion] = {}  # rows without a cart_date
        self._met: dict[tuple[str, ...], _Infusion] = {}

    def events(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[RawEvent]:
        """One row for each filled cell of `anc` and `platelets`. Raises InputError where their unit is in doubt."""
        most: dict[tuple[str, bool], float] = {}
        for number, cells in rows:
            patient, infused, day, anc, *dates, platelets = self._pick([*cells, ""])
            day = _date(day)
            self._meet(number, (patient, infused, *dates), day)
            if not is_empty(anc):
                _raise(most, ANC_UNIT, anc)
                yield self._event(number, patient, day, "neutrophils", anc, ANC_UNIT, "anc")
            if not is_empty(platelets):
                _raise(most, PLATELET_UNIT, platelets)
                yield self._event(number, patient, day, "platelets", platelets, PLATELET_UNIT, "platelets")
        self._check(most)

    def patients(self) -> Iterator[RawPatient]:
        """One row for each infusion; complete after the last event."""
        for patient, infusions in self._patients.items():
            loose = self._loose.get(patient)
            if loose and len(infusions) > 1:
                self._complain_of_loose(patient, loose)
            elif loose and infusions:
                _merge(next(iter(infusions.values())), loose)
            elif loose:
                infusions[0] = loose  # has no time of the infusion: a problem when patients are read
            yield from self._infusions(patient, sorted(infusions.items()))

    def _event(self, row: int, patient: str, time: str, signal: str, value: str, unit: str, column: str) -> RawEvent:
        return RawEvent._make((self._file, row, patient, time, signal, value, unit, *_NOT_IN_SHEETS, column))

    def _check(self, most: dict[tuple[str, bool], float]) -> None:
        kinds = (False,) if self._file in self._commas else (False, True)
        anc, platelets = (max(most.get((u, kind), -1.0) for kind in kinds) for u in (ANC_UNIT, PLATELET_UNIT))
        if 0 <= anc <= LARGEST_SMALL_ANC:
            raise InputError(
                "'{name}': the largest anc is {most:g}: is the column in 10*9/L? It must be in cells per uL: "
                "multiply it by 1000",
                name=self._name,
                most=anc,
            )
        if platelets > LARGEST_PLATELETS:
            raise InputError(
                "'{name}': the largest platelet count is {most:g}: is the column in cells per uL? "
                "It must be in 10*9/L: divide it by 1000",
                name=self._name,
                most=platelets,
            )

    def _meet(self, row: int, texts: tuple[str, ...], day: str) -> None:
        """Note what a row says about the patient; of rows that say the same, the first."""
        infusion = self._met.get(texts)
        if infusion is None:
            infusion = self._met[texts] = self._note(row, *texts)
        seconds = _seconds(day)
        if seconds is not None and seconds > infusion.last:
            infusion.last = seconds

    def _note(self, row: int, patient: str, infused: str, *dates: str) -> _Infusion:
        start = self._read(row, patient, "cart_date", infused)
        infusions = self._patients.setdefault(patient, {})
        if start is None:
            infusion = self._loose.setdefault(patient, _Infusion(row, ""))
        else:
            same_day = next((one for one in infusions if start // DAY == one // DAY), start)  # day 0 is a calendar day
            infusion = infusions.setdefault(same_day, _Infusion(row, _date(infused)))
        for name, text in zip(_DATES, dates, strict=True):
            seconds = self._read(row, patient, name, text)
            if seconds is not None:
                infusion.dates[name].setdefault(seconds, (row, _date(text)))
        return infusion

    def _read(self, row: int, patient: str, column: str, text: str) -> int | None:
        """A date; None where there is none, and a problem where it cannot be read."""
        text = filled(text)
        if not text:
            return None
        if is_formula(text):
            sentence = "the cell holds a formula: write its value"
            self._complain(row, patient, column, text, "formula_cell", sentence, "as_unknown")
            return None

        def complain(*problem: str) -> None:
            self._complain(row, patient, *problem)

        found = read_time(column, _date(text), _DAYS, "as_unknown", complain)
        return None if found is None else found.seconds

    def _complain(self, row: int, patient: str, *problem: str) -> None:
        self._log.add(Problem(self._name, str(row), patient, *problem))

    def _complain_of_loose(self, patient: str, loose: _Infusion) -> None:
        for name, dates in loose.dates.items():
            for row, text in dates.values():
                sentence = "the row names no cart_date and the patient has several: fill it in"
                self._complain(row, patient, name, text, "contradicting_date", sentence, "no")

    def _infusions(self, patient: str, infusions: list[tuple[int, _Infusion]]) -> Iterator[RawPatient]:
        clear = all(first.last <= start <= second.last for (_, first), (start, second) in pairwise(infusions))
        for number, (_, infusion) in enumerate(infusions, start=1):
            if number > 1:
                self._complain_of_several(patient, infusion, clear)
            dates = {_DATES[name]: self._earliest(patient, name, found) for name, found in infusion.dates.items()}
            yield BLANK_PATIENT._replace(
                file=self._file, row=infusion.row, patient_id=patient, infusion=str(number),
                infusion_time=infusion.text if clear else "", **dates,
            )  # fmt: skip

    def _complain_of_several(self, patient: str, infusion: _Infusion, clear: bool) -> None:
        if clear:
            sentence = "a further cart_date of this patient: read as a further infusion"
            self._complain(infusion.row, patient, "cart_date", infusion.text, "several_infusions", sentence, "yes")
            return
        sentence = "the patient has several cart_dates, and rows that do not follow them: correct them"
        self._complain(infusion.row, patient, "cart_date", infusion.text, "contradicting_date", sentence, "no")

    def _earliest(self, patient: str, column: str, found: dict[int, tuple[int, str]]) -> str:
        texts = [found[seconds] for seconds in sorted(found)]
        for row, text in texts[1:]:
            sentence = f"other rows of this patient say {texts[0][1]}: the earliest date counts, correct it"
            self._complain(row, patient, column, text, "contradicting_date", sentence, "no")
        return texts[0][1] if texts else ""


def _merge(infusion: _Infusion, other: _Infusion) -> None:
    for name, dates in other.dates.items():
        for seconds, found in dates.items():
            infusion.dates[name].setdefault(seconds, found)


def _date(text: str) -> str:
    """The text of a date without the midnight that programs print behind it."""
    text = text.strip()
    return _MIDNIGHT.sub("", text) if len(text) > 10 and _MIDNIGHT.fullmatch(text, 10) else text


def _seconds(text: str) -> int | None:
    try:
        return parse_time(text, _DAYS).seconds
    except ValueError:
        return None


def _raise(most: dict[tuple[str, bool], float], unit: str, text: str) -> None:
    """Keep the largest number of a unit, apart for numbers that are in doubt among decimal commas."""
    kind = unit, bool(pointed_digits(text))
    most[kind] = max(most.get(kind, -1.0), _amount(text))


@lru_cache(maxsize=4_096)
def _amount(text: str) -> float:
    """The number of a cell without a unit of its own; -1 where there is none."""
    try:
        number, rest = read_number(text.strip())
    except UnitError:
        return -1.0
    return -1.0 if rest else float(number.value)
