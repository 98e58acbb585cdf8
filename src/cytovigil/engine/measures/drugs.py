"""Doses and infusions (semantics 2 and 3): what runs, what was given, what treats, what may hide fever."""

from enum import Enum
from fractions import Fraction

from cytovigil.engine.record import STOPPED, Record, is_systemic
from cytovigil.model.events import Event
from cytovigil.model.settings import PREDNISOLONE_EQUIVALENT_MG, Settings
from cytovigil.model.times import DAY, HOUR
from cytovigil.model.vocabulary import drugs_of, signals

TREATING_CLASSES = ("antipyretic", "anticytokine", "corticosteroid")
ANTIBODIES = ("tocilizumab", "siltuximab")


class Runs(Enum):
    """Whether an infusion runs."""

    NO = frozenset({False})
    MAYBE = frozenset({False, True})
    YES = frozenset({True})


Answer = tuple[Runs, tuple[Event, ...]]  # whether something runs, and the rows that say so


def is_stop(row: Event) -> bool:
    """True for a row that says the infusion stopped: the word, or rate 0."""
    return row.word == STOPPED or (row.rate and row.high == 0)


def is_given(row: Event) -> bool:
    """True for a dose or an infusion that was given: not a stop, not an amount of 0."""
    return not is_stop(row) and row.high != 0


def given_last(row: Event) -> int:
    """The end of a row; where none is charted it was given at once."""
    return row.time if row.end is None else row.end


def running(record: Record, drug: str, t: int) -> Answer:
    """Whether a drug runs at t, and the rows that say so.

    A drug runs while any of its rows with an end covers t, else by its newest row; a stop ends all rows before it.
    A row without end runs 12 h, is unknown until 48 h, and then stopped.
    """
    rows = [row for row in record.until(drug, t) if is_systemic(row)]
    if not rows:  # of most drugs
        return Runs.NO, ()
    stops = [row.time for row in rows if is_stop(row)]
    rows = [row for row in rows if is_given(row) and (not stops or row.time >= stops[-1])]
    rows = [row for row in rows if row.rate or row.end is not None]
    covering = [row for row in rows if row.end is not None and t < row.end]
    if covering:
        return Runs.YES, (covering[-1],)
    if not rows:
        return Runs.NO, ()
    newest = [row for row in rows if row.time == rows[-1].time and row.end is None]
    if not newest:
        return Runs.NO, ()
    age, (valid_s, unknown_s) = t - newest[-1].time, infusion_s(record.settings)
    if age < valid_s:
        return Runs.YES, (newest[-1],)
    if age < unknown_s:
        return Runs.MAYBE, (newest[-1],)
    return Runs.NO, ()


def infusion_s(settings: Settings) -> tuple[int, int]:
    """For how many seconds a row without end runs, and until when that is unknown."""
    return int(settings.infusion_valid_h * HOUR), int(settings.infusion_unknown_h * HOUR)


def running_changes(record: Record, drugs: tuple[str, ...]) -> set[int]:
    """All moments at which one of these drugs may start or stop."""
    valid, unknown = infusion_s(record.settings)
    found = set()
    for row in (row for drug in drugs for row in record.rows(drug)):
        found |= {row.time, row.time + valid, row.time + unknown} | ({row.end} if row.end is not None else set())
    return found


class Given:
    """A treating dose: when it was given, until when it acts, and whether that is certain."""

    __slots__ = ("certain", "end", "masks_until", "row", "time")

    def __init__(self, row: Event, end: int, masks_until: int, certain: bool) -> None:
        """`certain` is false where a corticosteroid of unknown dose may be below the low dose."""
        self.row, self.time, self.end, self.masks_until, self.certain = row, row.time, end, masks_until, certain


def treating(record: Record) -> list[Given]:
    """Doses and infusions of antipyretics, anticytokines and corticosteroids, systemic, by time."""
    found = []
    for drug in drugs_of(*TREATING_CLASSES):
        for row in record.rows(drug):
            acts = _acts(record, drug, row)
            if acts is not None:
                end = _given_until(record, row)
                found.append(Given(row, end, end + mask_s(drug, record.settings), acts))
    return sorted(found, key=lambda given: (given.time, given.row.signal))


def _acts(record: Record, drug: str, row: Event) -> bool | None:
    """True: treats; False: may treat; None: does not."""
    if not is_systemic(row) or not is_given(row):
        return None
    if drug not in PREDNISOLONE_EQUIVALENT_MG:
        return True
    low, high = _day_dose(record, row)
    limit = Fraction(str(record.settings.low_dose_prednisolone_mg))
    if high is not None and high <= limit:
        return None
    return low > limit


def _given_until(record: Record, row: Event) -> int:
    """When it was given last: until its end, of an infusion without one at most 12 h; a stop ends both."""
    if row.end is None and not row.rate:
        return row.time
    until = row.time + int(record.settings.infusion_valid_h * HOUR) if row.end is None else row.end
    return min([until, *_stops_after(record, row)])


def _stops_after(record: Record, row: Event) -> list[int]:
    return [r.time for r in record.rows(row.signal) if r.time > row.time and is_stop(r) and is_systemic(r)]


def _day_dose(record: Record, row: Event) -> tuple[Fraction, Fraction | None]:
    """Prednisolone equivalents in mg of the 24 h up to and with this row: least, and most (None: unknown)."""
    low, high = Fraction(0), Fraction(0)
    unknown = False
    for drug, equivalent in PREDNISOLONE_EQUIVALENT_MG.items():
        each = Fraction(signals()[drug].step) / equivalent
        for other in record.until(drug, row.time):
            if other.time > row.time - DAY and is_systemic(other) and is_given(other):
                hours = _hours(record, other)
                unknown |= other.high is None or hours is None
                low += (other.low or 0) * (hours or 0) * each
                high += (other.high or 0) * (hours or 0) * each
    return low, None if unknown else high


def _hours(record: Record, row: Event) -> Fraction | None:
    """By how many hours of a day to multiply a rate, 1 for a dose; None where its end is not charted."""
    if not row.rate:
        return Fraction(1)
    if row.end is None and not _stops_after(record, row):
        return None
    return Fraction(min(_given_until(record, row) - row.time, DAY), HOUR)


def mask_s(drug: str, settings: Settings) -> int:
    """For how many seconds a treating drug may hide fever after it was given last."""
    kind = signals()[drug].drug_class
    if drug in ANTIBODIES:
        hours = settings.mask_antibody_h
    elif drug == "dexamethasone":
        hours = settings.mask_dexamethasone_h
    elif kind == "corticosteroid":
        hours = settings.mask_corticosteroid_h
    elif kind == "anticytokine":
        hours = settings.mask_anticytokine_h
    else:
        hours = settings.mask_antipyretic_h
    return int(hours * HOUR)
