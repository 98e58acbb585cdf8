"""Events: what was charted, once, in canonical steps; and the patients they belong to."""

from fractions import Fraction
from typing import NamedTuple

from cytovigil.model.vocabulary import SYSTEMIC

UNREADABLE = "?"  # the word of a row that was charted and nobody can read: any category or number is possible


class Exact(NamedTuple):
    """A number and its laboratory limits in steps before rounding: their ratios are as the laboratory printed them."""

    value: Fraction | None
    ref_low: Fraction | None
    ref_high: Fraction | None


class Event(NamedTuple):
    """One charted row, ready for the engine.

    `low`..`high` is the set of possible values of a number, or of a dose or rate, in the signal's smallest steps;
    both None: given, amount unknown (drugs), or a count that cannot be read (word UNREADABLE). `word` is the category,
    and of a drug row that stopped: "stopped".
    `rate` tells an infusion from a dose. `ref_low`, `ref_high` are steps too. Times are whole seconds UTC.
    """

    patient_id: str
    time: int
    signal: str
    low: int | None = None
    high: int | None = None
    word: str = ""
    rate: bool = False
    end: int | None = None
    recorded_at: int | None = None
    source_id: str = ""
    recorded_by: str = ""
    route: str = SYSTEMIC
    text: str = ""
    ref_low: int | None = None
    ref_high: int | None = None
    shown: str = ""  # value and unit as reported
    flags: frozenset[str] = frozenset()  # time_assumed, tie
    withdrawn: bool = False  # entered in error: rows of this source id known until then do not count
    unit: str = ""  # of a number: the UCUM code of the unit as reported
    exact: Exact | None = None  # where rounding to steps changed the number or a limit
    tied: tuple["Event", ...] = ()  # of a moment reported in several units: each of its rows

    @property
    def known_at(self) -> int:
        """When the row became known: `recorded_at`, else its own time."""
        return self.time if self.recorded_at is None else self.recorded_at

    @property
    def readings(self) -> tuple["Event", ...]:
        """The rows that criteria printed a number a unit are to judge, the worst of which counts."""
        return self.tied or (self,)

    @property
    def ends(self) -> tuple[Fraction, ...]:
        """The lowest and the highest possible value of a number in steps, before rounding; one where it is known."""
        if self.exact and self.exact.value is not None:
            return (self.exact.value,)
        assert self.low is not None and self.high is not None
        return (Fraction(self.low),) if self.low == self.high else (Fraction(self.low), Fraction(self.high))

    @property
    def limits(self) -> tuple[Fraction | None, Fraction | None]:
        """The laboratory's lower and upper limit of normal in steps, before rounding; None where not given, or 0."""
        exact = self.exact or Exact(None, None, None)
        low = exact.ref_low if exact.ref_low is not None else self.ref_low
        high = exact.ref_high if exact.ref_high is not None else self.ref_high
        return Fraction(low) if low else None, Fraction(high) if high else None


class Patient(NamedTuple):
    """One infusion of one patient. Ages in completed years at infusion; times in whole seconds UTC."""

    patient_id: str
    infusion_time: int
    infusion: int = 1
    product: str = ""
    disease: str = ""
    age_years: int | None = None
    sex: str = "unknown"
    weight_kg: float | None = None
    height_cm: float | None = None
    cell_dose: float | None = None
    lymphodepletion_start: int | None = None
    leukapheresis_date: int | None = None
    marrow_blasts_percent: float | None = None
    baseline_ice: int | None = None
    baseline_capd: int | None = None
    baseline_oxygen: str = ""  # a device, or a device and its flow in L/min: "nasal_cannula 2"
    last_followup: int | None = None
    death_time: int | None = None
    death_cause: str = ""
    progression_date: int | None = None
    next_therapy_date: int | None = None
    flags: frozenset[str] = frozenset()  # time_assumed, when the infusion has a date only


class Course(NamedTuple):
    """Everything known of one patient: infusions in order of time, and events in any order."""

    infusions: tuple[Patient, ...]
    events: tuple[Event, ...]
