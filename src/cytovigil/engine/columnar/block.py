"""A block: some hundred whole patients, one infusion each, as columns."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, first_of_runs, packed
from cytovigil.engine.columnar.charted import Charted, Kinds
from cytovigil.engine.columnar.codes import Codes, told
from cytovigil.engine.columnar.counted import NO_ROWS, Kept, Rows, counted_rows, kept_rows
from cytovigil.engine.columnar.steps import Steps
from cytovigil.engine.measures import MEASURES
from cytovigil.engine.measures.counts import closes
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track
from cytovigil.logic.conditions import Field
from cytovigil.logic.counts import Window
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event, Patient
from cytovigil.model.problems import Problem
from cytovigil.model.settings import Settings
from cytovigil.model.times import day_of, start_of_day
from cytovigil.model.vocabulary import signals

T = TypeVar("T")

DEATH = "death"


class Known:
    """What a run has seen: kinds of rows, and facts of each field, by number. Grows from block to block."""

    def __init__(self) -> None:
        self.kinds = Kinds()
        self.facts: defaultdict[Field, Codes[Fact]] = defaultdict(Codes)
        self.flags: Codes[frozenset[str]] = Codes()
        self.tables: dict[Any, Any] = {}

    def table(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was made of a key, a scale for example, before; else made now."""
        if key not in self.tables:
            self.tables[key] = make()
        return self.tables[key]


class Records:
    """The records of a block, each made when it is asked for."""

    def __init__(self, charted: Charted, settings: Settings, as_of: int | None) -> None:
        self._charted, self._settings, self._as_of = charted, settings, as_of
        self._made: dict[int, Record] = {}

    def __getitem__(self, place: int) -> Record:
        if place not in self._made:
            (patient,), events = self._charted.course(int(place))
            self._made[place] = Record(patient, events, self._settings, self._as_of)
        return self._made[place]


class Block:
    """Patients of whom nothing was attributed. `known` is what the run has seen before; `records` cost time."""

    def __init__(self, charted: Charted, settings: Settings, known: Known, as_of: int | None = None) -> None:
        self.settings, self.known, self.as_of = settings, known, as_of
        self.infusions: list[Patient] = [one for (one,) in charted.infusions]
        self.size = len(self.infusions)
        self.records = Records(charted, settings, as_of)
        self.kept: Kept = kept_rows(charted, known.kinds, as_of)
        self.start = np.array([one.infusion_time for one in self.infusions], np.int64)
        self.flags = np.array([known.flags.code(one.flags) for one in self.infusions], np.int64)
        self.notes: list[list[Problem]] = [[] for _ in self.infusions]
        self._rows: dict[str, Rows] = {}
        self._made: dict[tuple[Any, ...], Any] = {}

    @cached_property
    def patients(self) -> Ints:
        """The places of all patients."""
        return np.arange(self.size, dtype=np.int64)

    @property
    def deaths(self) -> Ints:
        """When each patient died; NEVER of others. An event goes before the patient's column."""
        return self.once(_deaths)

    @property
    def followed_until(self) -> Ints:
        """The earliest of death and the last follow-up; NEVER where the patient is followed on."""
        return self.once(_followed_until)

    @property
    def counts_until(self) -> Ints:
        """The last moment that counts: the earliest of `followed_until` and as-of."""
        return self.followed_until if self.as_of is None else np.minimum(self.followed_until, self.as_of)

    def days_after(self, days: float) -> Ints:
        """The first second of the calendar day at the site that lies so many days after each infusion's."""
        return self.once(_days_after, int(days))

    def closes(self, window: Window) -> Ints:
        """When a window is over, of each patient."""
        return self.once(_closes, window)

    def once(self, make: Callable[..., T], *of: Any) -> T:
        """What a function makes of this block, and of a signal for example: made at the first call."""
        if (make, *of) not in self._made:
            self._made[make, *of] = make(self, *of)
        found: T = self._made[make, *of]
        return found

    def rows(self, signal: str) -> Rows:
        """The rows of a signal, as they count."""
        if signal not in self._rows:
            places = self.kept.of_signal.get(signal)
            rows = NO_ROWS if places is None else counted_rows(self.kept, signal, places, self)
            self._rows[signal] = rows
        return self._rows[signal]

    def noted(self, place: int) -> tuple[Problem, ...]:
        """The notes on a patient's doses, all signals."""
        self.once(_note_doses)
        return tuple(self.notes[place])

    def kinds_of(self, rows: Rows, code: Callable[[Event], int]) -> Ints:
        """A code of each row by what it says; `code` is asked once for each kind, and what it answers is not kept."""
        codes = np.zeros(len(self.known.kinds.values), np.int64)
        found = np.flatnonzero(np.bincount(rows.kind))
        codes[found] = [code(self.known.kinds.values[kind]) for kind in found]
        return codes[rows.kind]

    def by_reference(self, field: Field, chosen: Truths | None = None) -> Steps:
        """The facts of a field, made by the reference engine's measure, of some patients or of all."""
        places = self.patients if chosen is None else self.patients[chosen]
        tracks = [self.records[place].once(MEASURES[field.measure], field) for place in places]
        return encoded(places, tracks, self.known.facts[field])


def _note_doses(block: Block) -> None:
    for signal in block.kept.of_signal:
        if signals()[signal].kind == "drug":
            block.rows(signal)


def _deaths(block: Block) -> Ints:
    found = np.array([_or_never(one.death_time) for one in block.infusions], np.int64)
    rows = block.rows(DEATH)
    first = first_of_runs(rows.patient)
    found[rows.patient[first]] = rows.time[first]
    return found


def _followed_until(block: Block) -> Ints:
    return np.minimum(block.deaths, [_or_never(one.last_followup) for one in block.infusions])


def _days_after(block: Block, days: int) -> Ints:
    found, places = np.unique(block.once(_infusion_days) + days, return_inverse=True)
    zone = block.settings.zone
    return np.array([start_of_day(date.fromordinal(day), zone) for day in found.tolist()], np.int64)[places]


def _infusion_days(block: Block) -> Ints:
    zone = block.settings.zone
    return np.array([day_of(start, zone).toordinal() for start in block.start.tolist()], np.int64)


def _closes(block: Block, window: Window) -> Ints:
    return np.array([closes(one, window, block.settings.zone) for one in block.infusions], np.int64)


def _or_never(time: int | None) -> int:
    return NEVER if time is None else time


def encoded(places: Ints, tracks: Sequence[Track[Fact]], codes: Codes[Fact]) -> Steps:
    """Tracks of the patients at these places as steps."""
    times = [time for track in tracks for time in track.times]
    patients = np.repeat(places, [len(track.times) for track in tracks])
    found = [codes.code(told(fact)) for track in tracks for fact in track.values]
    return Steps(packed(patients, np.array(times, np.int64)), np.array(found, np.int64)).compressed()
