"""The laboratory's limits of normal: of a row, else the site's, else, where a scale allows it, the default ones."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from cytovigil.engine.record import Record
from cytovigil.logic.laboratory import UPPER_LIMIT
from cytovigil.model.events import Event
from cytovigil.model.settings import DEFAULT_UPPER_LIMITS
from cytovigil.model.vocabulary import signals


class Limit(NamedTuple):
    """The upper limit of normal in steps; two where the sex is unknown."""

    steps: tuple[Fraction, ...]
    default: bool


def limit_of(record: Record, rows: Iterable[Event | None], of: str) -> Fraction | None:
    """The limit in steps of the first of these rows that has one, in itself or by the site; None where none has.

    A value and its baseline, in this order, complete each other: a laboratory seldom changes its limits.
    """
    limits = (_own(record, row, of) for row in rows if row is not None)
    return next((limit for limit in limits if limit is not None), None)


def upper_limit(record: Record, rows: Iterable[Event | None], signal: str) -> Limit:
    """The same for the upper limit, completed by the default limits for adults, by sex (semantics 4)."""
    given = limit_of(record, rows, UPPER_LIMIT)
    if given is not None:
        return Limit((given,), default=False)
    step = Fraction(signals()[signal].step)
    female, male = (Fraction(str(limit)) / step for limit in DEFAULT_UPPER_LIMITS[signal])
    chosen = {"female": (female,), "male": (male,)}.get(record.patient.sex, (female, male))
    return Limit(chosen, default=True)


def _own(record: Record, row: Event, of: str) -> Fraction | None:
    given = row.limits[of == UPPER_LIMIT]
    if given is not None:
        return given
    limits = record.settings.upper_limits if of == UPPER_LIMIT else record.settings.lower_limits
    if row.signal not in limits:
        return None
    return Fraction(str(limits[row.signal])) / Fraction(signals()[row.signal].step)
