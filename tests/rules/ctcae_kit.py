"""One laboratory value, its limits and its baseline, read at the door and graded by the reference engine."""

from fractions import Fraction

from cytovigil.engine.reference import grade_course
from cytovigil.model.events import Course, Event, Exact, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.units import normalise_quantity
from cytovigil.model.vocabulary import signals
from cytovigil.rules import SCALES

START = 1_772_434_800
PATIENT = Patient("P1", START, age_years=50, sex="female")
SETTINGS = Settings()
Range = tuple[int | None, int | None]


def text_of(number: Fraction) -> str:
    """A fraction as a decimal, exactly."""
    scaled = number * 10**9
    assert scaled.denominator == 1, number
    whole = f"{int(scaled):010d}"
    return f"{whole[:-9]}.{whole[-9:]}".rstrip("0").rstrip(".")


def row(signal: str, value: str, unit: str, time: int, low: str = "", high: str = "") -> Event:
    """A row as the tables' reader makes it."""
    one, least, most = (
        normalise_quantity(signals()[signal], text, unit) if text else None for text in (value, low, high)
    )
    assert one is not None
    exact = Exact(one.exact, least and least.exact, most and most.exact)
    return Event(
        "P1", time, signal, one.low, one.high, ref_low=least and least.low, ref_high=most and most.low,
        unit=one.unit, exact=exact if any(part is not None for part in exact) else None, shown=one.shown,
    )  # fmt: skip


def graded(scale: str, *rows: Event, settings: Settings = SETTINGS) -> Range:
    """The grade two hours after the infusion."""
    followed = Event("P1", START + 4 * 3600, "heart_rate", 80, 80)
    (found,) = grade_course(Course((PATIENT,), (*rows, followed)), [SCALES[scale]], settings)
    moment = next(one for one in found.timeline if one.start <= START + 7200 < one.end)
    return moment.low, moment.high


def grade_of(
    scale: str, signal: str, value: str, unit: str, low: str = "", high: str = "", base: str = "",
    settings: Settings = SETTINGS,
) -> Range:  # fmt: skip
    """The grade of one value; its baseline was reported in the same unit with the same limits."""
    rows = [row(signal, value, unit, START + 3600, low, high)]
    rows += [row(signal, base, unit, START - 3 * 86400, low, high)] if base else []
    return graded(scale, *rows, settings=settings)
