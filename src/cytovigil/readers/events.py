"""A charted row becomes an event, or a problem; never neither.

What cannot be read is decided once, here. A time or signal that cannot be read: the row is not used. A value of a drug:
given or running, amount unknown. A count of neutrophils or platelets: charted, may be anything. An `end` that cannot be
read: the row counts without it. An unknown status: the row counts where the signal's absence would mean "did not
happen", else not. An unknown route: systemic.
"""

from collections.abc import Callable
from copy import copy
from fractions import Fraction
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from cytovigil.model.events import UNREADABLE, Event, Exact
from cytovigil.model.numbers import UnitError, refuse_thousands
from cytovigil.model.problems import Problem
from cytovigil.model.settings import Settings
from cytovigil.model.times import ReadTime
from cytovigil.model.units import Quantity, normalise_quantity, unknown_quantity
from cytovigil.model.vocabulary import COUNTED_BY_DAY, SYSTEMIC, Signal, signals
from cytovigil.readers.fields import filled, is_empty, is_formula, read_time
from cytovigil.readers.mapping import Charted, SiteMapping, scale_text
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.readers.raw import BLANK_EVENT, Complain, RawEvent
from cytovigil.readers.unmapped import Unmapped
from cytovigil.readers.words import find_code, find_listed, find_signal, find_word

_LACKING = {
    "weight_missing": "the dose is per kg and the weight is not known: fill in weight_kg",
    "no_factor": "this unit cannot be converted into the signal's unit: the amount is unknown",
}
_IF_UNKNOWN = {"death": "unknown", "infection": "unknown", "other_neurotoxicity": "other", "second_malignancy": "other"}
_ANY_TIME = "1970-01-01T00:00:00Z"
_SAID = "signal", "value", "unit", "status", "route", "ref_low", "ref_high", "system"
_SAYS = attrgetter(*_SAID)
_MOST_KNOWN = 1 << 14  # then all is forgotten
_FORMULA_FIELDS = ("time", "signal", "value", "unit", "end", "recorded_at")


class Reading(NamedTuple):
    """What a row says: a quantity, or a category word."""

    low: int | None = None
    high: int | None = None
    word: str = ""
    rate: bool = False
    shown: str = ""
    unit: str = ""
    exact: Fraction | None = None


class EventReader:
    """Reads raw rows of one run; notes problems, and names, words and units that nothing maps yet."""

    def __init__(
        self, settings: Settings, mapping: SiteMapping | None, files: list[str], log: ProblemLog, unmapped: Unmapped,
        commas: set[int],
    ) -> None:  # fmt: skip
        self._zone = settings.zone
        self._mapping = mapping
        self._files = files
        self._log = log
        self._unmapped = unmapped
        self._commas = commas  # numbers of the files that have decimal commas
        self.not_done: dict[int, int] = {}
        self._known: dict[tuple[tuple[str, ...], bool], Event | None] = {}  # what rows say, read once

    def read(self, raw: RawEvent, weight_at: Callable[[int], float | None]) -> Event | None:
        """The event of a row; None where it cannot be used or was not done."""
        cells = _SAYS(raw)
        key = cells, raw.file in self._commas
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            one = BLANK_EVENT._replace(file=raw.file, **dict(zip(_SAID, cells, strict=True)))
            self._known[key] = self.read_quietly(one)
        said = self._known[key]
        if said is None:
            return self._read_whole(raw, weight_at)
        complain = partial(self._complain, raw)
        time = self._time(raw, complain)
        return None if time is None else self._charted(said, raw, time, complain)

    def _read_whole(self, raw: RawEvent, weight_at: Callable[[int], float | None]) -> Event | None:
        complain = partial(self._complain, raw)
        charted = self._translate(raw)
        signal, coded = self._signal(charted, raw, complain)
        if signal is None or not self._is_done(raw, signal, complain):
            return None
        time = self._time(raw, complain)
        if time is None:
            return None
        if self._is_withdrawn(raw):
            recorded_at, source_id = self._recorded_at(raw, complain), filled(raw.source_id)
            return Event(
                raw.patient_id, time.seconds, signal.name, recorded_at=recorded_at, source_id=source_id, withdrawn=True
            )
        reading = self._reading(signal, coded, charted, raw, weight_at(time.seconds), complain)
        said = None if reading is None else self._event(raw, signal, charted, reading, complain)
        return None if said is None else self._charted(said, raw, time, complain)

    def read_quietly(self, raw: RawEvent) -> Event | None:
        """The event of a row, at whatever time, of which there is nothing to say; else None, and nothing is noted."""
        quiet = copy(self)
        quiet._log, quiet._unmapped, quiet.not_done = ProblemLog(), Unmapped(), {}
        event = quiet._read_whole(raw._replace(time=_ANY_TIME), lambda _: None)
        return None if len(quiet._log) or quiet.not_done else event

    def _complain(self, raw: RawEvent, field: str, value: str, code: str, sentence: str, used: str) -> None:
        if field in _FORMULA_FIELDS and is_formula(value):
            code, sentence = "formula_cell", "the cell holds a formula: write its value"
        shown = raw.column if raw.column and field in ("signal", "value", "unit") else field
        file = self._files[raw.file]
        self._log.add(Problem(file, str(raw.row), raw.patient_id, shown, value, code, sentence, used))

    def _translate(self, raw: RawEvent) -> Charted:
        charted = Charted(filled(raw.signal), filled(raw.value), filled(raw.unit))
        if self._mapping is None:
            return charted
        charted = self._mapping.translate(charted.name, charted.value, charted.unit)
        if charted.factor is None or not charted.value:
            return charted
        try:
            return charted._replace(value=scale_text(charted.value, charted.factor))
        except UnitError:
            return charted  # a word, or no number: judged with the signal

    def _signal(self, charted: Charted, raw: RawEvent, complain: Complain) -> tuple[Signal | None, str]:
        """The signal of a row, and the category its code stands for."""
        if not charted.name:
            complain("signal", "", "no_signal", "the row names no signal: fill it in", "no")
            return None, ""
        system = filled(raw.system)
        code = find_code(system, charted.name) if system else None
        signal = find_signal(code.signal if code else charted.name)
        if signal is None:
            self._unmapped.add("name", f"{system} {charted.name}".strip())
            where = f" in system '{system[:40]}'" if system else ""
            sentence = f"'{charted.name[:40]}'{where} is not a known signal: correct it, or translate it with --map"
            complain("signal", raw.signal, "unknown_signal", sentence, "no")
        return signal, code.value if code else ""

    def _is_done(self, raw: RawEvent, signal: Signal, complain: Complain) -> bool:
        if is_empty(raw.status):
            return True
        status = find_listed("status", raw.status)
        if status == "done":
            return True
        if status is None:
            counts = signal.absence.startswith("closed")
            sentence = "the status is not known: write done, not_done, planned or entered_in_error"
            complain("status", raw.status, "unknown_status", sentence, "yes" if counts else "no")
            return counts
        self.not_done[raw.file] = self.not_done.get(raw.file, 0) + 1
        return self._is_withdrawn(raw)

    def _is_withdrawn(self, raw: RawEvent) -> bool:
        """Entered in error, with the source id of the row that was: that row does not count either."""
        return find_listed("status", raw.status) == "entered_in_error" and not is_empty(raw.source_id)

    def _time(self, raw: RawEvent, complain: Complain) -> ReadTime | None:
        if is_empty(raw.time):
            complain("time", "", "bad_time", "the row has no time: fill it in", "no")
            return None
        return read_time("time", raw.time, self._zone, "no", complain)

    def _reading(
        self, signal: Signal, coded: str, charted: Charted, raw: RawEvent, weight_kg: float | None, complain: Complain
    ) -> Reading | None:
        if signal.kind == "category":
            return self._word(signal, coded, charted, raw, complain)
        if signal.kind == "drug":
            return self._drug(signal, charted, raw, weight_kg, complain)
        try:
            self._check(raw, raw.value)
            return _quantity(normalise_quantity(signal, charted.value, charted.unit))
        except UnitError as problem:
            kept = signal.name in COUNTED_BY_DAY and problem.code != "no_value"
            self._refuse(problem, charted, raw, "as_unknown" if kept else "no", complain)
            return Reading(word=UNREADABLE, shown=f"{charted.value} {charted.unit}".strip()) if kept else None

    def _drug(
        self, signal: Signal, charted: Charted, raw: RawEvent, weight_kg: float | None, complain: Complain
    ) -> Reading | None:
        try:
            self._check(raw, raw.value)
            quantity = normalise_quantity(signal, charted.value, charted.unit, weight_kg)
        except UnitError as problem:
            used = "no" if problem.code == "zero_dose" else "as_unknown"
            self._refuse(problem, charted, raw, used, complain)
            quantity = unknown_quantity(signal, charted.value, charted.unit)
            return _quantity(quantity) if used == "as_unknown" else None
        if quantity.note in _LACKING:
            complain("unit", raw.unit, quantity.note, _LACKING[quantity.note], "as_unknown")
        return _quantity(quantity)

    def _word(self, signal: Signal, coded: str, charted: Charted, raw: RawEvent, complain: Complain) -> Reading | None:
        text = charted.value or coded
        if not text:
            complain("value", "", "no_value", f"{signal.name} has no value: leave the row out or fill it in", "no")
            return None
        word = _coded_word(signal, filled(raw.system), text) or find_word(signal, text) or coded
        if word:
            return Reading(word=word, shown=text)
        code = "unknown_attribution" if signal.name == "attribution" else "unknown_word"
        choice = "SIGN:CAUSE, as fever:infection" if signal.name == "attribution" else ", ".join(signal.categories)
        instead = _IF_UNKNOWN.get(signal.name, UNREADABLE if _stays(signal) else "")
        self._unmapped.add("value", f"{signal.name}={text}")
        sentence = f"'{text[:40]}' is not a value of {signal.name}: write one of {choice}"
        complain("value", raw.value, code, sentence, "as_unknown" if instead else "no")
        return Reading(word=instead, shown=text) if instead else None

    def _check(self, raw: RawEvent, text: str) -> None:
        if raw.file in self._commas:
            refuse_thousands(text)

    def _refuse(self, problem: UnitError, charted: Charted, raw: RawEvent, used: str, complain: Complain) -> None:
        if problem.code == "unknown_unit":
            self._unmapped.add("unit", charted.unit)
        field = "unit" if problem.code in _UNIT_CODES and not raw.column else "value"
        complain(field, getattr(raw, field), problem.code, problem.sentence, used)

    def _event(self, raw: RawEvent, signal: Signal, charted: Charted, reading: Reading, complain: Complain) -> Event:
        """What a row says, whoever it is of and when."""
        low, high = (None, None) if reading.low is None else self._limits(signal, charted, raw, complain)
        exact = Exact(reading.exact, low and low.exact, high and high.exact)
        return Event(
            patient_id="", time=0, signal=signal.name, low=reading.low, high=reading.high, word=reading.word,
            rate=reading.rate, route=_route(raw, complain), ref_low=low and low.low, ref_high=high and high.low,
            shown=reading.shown, unit=reading.unit, exact=exact if any(part is not None for part in exact) else None,
        )  # fmt: skip

    def _charted(self, said: Event, raw: RawEvent, time: ReadTime, complain: Complain) -> Event:
        """What a row says, of its patient and at its time."""
        return said._replace(
            patient_id=raw.patient_id, time=time.seconds, end=self._end(said, raw, time, complain),
            recorded_at=self._recorded_at(raw, complain), source_id=filled(raw.source_id),
            recorded_by=filled(raw.recorded_by), text=filled(raw.text),
            flags=_ASSUMED if "time_assumed" in time.notes else _NO_FLAGS,
        )  # fmt: skip

    def _end(self, said: Event, raw: RawEvent, time: ReadTime, complain: Complain) -> int | None:
        if is_empty(raw.end):
            return None
        end = read_time("end", raw.end, self._zone, "as_unknown", complain)
        if end is None or end.seconds > time.seconds:
            return end.seconds if end else None
        is_moment = end.seconds == time.seconds and signals()[said.signal].kind == "drug" and not said.rate
        if not is_moment:
            complain("end", raw.end, "end_before_time", "the end is not after the time: correct it", "as_unknown")
        return None

    def _recorded_at(self, raw: RawEvent, complain: Complain) -> int | None:
        if is_empty(raw.recorded_at):
            return None
        found = read_time("recorded_at", raw.recorded_at, self._zone, "yes", complain)
        return found.seconds if found else None

    def _limits(
        self, signal: Signal, charted: Charted, raw: RawEvent, complain: Complain
    ) -> tuple[Quantity | None, Quantity | None]:
        if signal.kind != "number" or (not raw.ref_low and not raw.ref_high):
            return None, None
        low, high = (self._limit(signal, charted, raw, field, complain) for field in ("ref_low", "ref_high"))
        if low is not None and high is not None and (low.low or 0) > (high.low or 0):
            complain("ref_low", raw.ref_low, "bad_reference", "the lower limit is above the upper one", "as_unknown")
            return None, None
        return low, high

    def _limit(
        self, signal: Signal, charted: Charted, raw: RawEvent, field: str, complain: Complain
    ) -> Quantity | None:
        text: str = getattr(raw, field)
        if is_empty(text):
            return None
        number = text.strip().lstrip("<>=≤≥ ")
        try:
            self._check(raw, text)
            if charted.factor is not None:
                number = scale_text(number, charted.factor)
            limit = normalise_quantity(signal, number, charted.unit)
        except UnitError as problem:
            complain(field, text, "bad_reference", f"the laboratory's limit: {problem.sentence}", "as_unknown")
            return None
        # Laboratories print 0 as the lower limit of what can only be too high; elsewhere nothing would be abnormal.
        if not (limit.exact or limit.low) and not (field == "ref_low" and signal.worse == "high"):
            sentence = "a limit of normal of 0 counts as not given: correct it or leave it out"
            complain(field, text, "bad_reference", sentence, "as_unknown")
            return None
        return limit


_UNIT_CODES = frozenset({"unknown_unit", "unit_missing", "wrong_dimension", "unit_contradicts_value"})
_ASSUMED, _NO_FLAGS = frozenset({"time_assumed"}), frozenset[str]()


def _stays(signal: Signal) -> bool:
    """True where a row left out would say that it did not happen."""
    return signal.absence.startswith("closed") and signal.name != "attribution"


def _quantity(quantity: Quantity) -> Reading:
    word = "stopped" if quantity.note == "stopped" else ""
    return Reading(quantity.low, quantity.high, word, quantity.rate, quantity.shown, quantity.unit, quantity.exact)


def _coded_word(signal: Signal, system: str, text: str) -> str:
    code = find_code(system, text) if system else None
    return code.value if code and code.signal == signal.name else ""


def _route(raw: RawEvent, complain: Complain) -> str:
    if is_empty(raw.route):
        return SYSTEMIC
    route = find_listed("route", raw.route)
    if route is None:
        complain("route", raw.route, "unknown_route", "the route is not known: systemic was taken", "yes")
    return route or SYSTEMIC
