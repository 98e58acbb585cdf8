"""Laboratory values against numbers, limits of normal and the baseline, in the unit reported and before rounding."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from cytovigil.engine.baseline import baseline_row
from cytovigil.engine.limits import limit_of
from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.logic.laboratory import BASELINE, UPPER_LIMIT, VALUE, BaselineSide, Cut, Cuts
from cytovigil.model.events import Event
from cytovigil.model.units import steps_of
from cytovigil.model.vocabulary import signals

COUNTS = frozenset({"neutrophils", "platelets", "hemoglobin", "leukocytes", "lymphocytes", "cd4"})
ORGANS = frozenset({"creatinine", "bilirubin", "ast", "alt"})
CYTOPENIA, ORGAN_TOXICITY = "cytopenia", "organ_toxicity"
FAR = Fraction(10**12)


class End(NamedTuple):
    """One end of what a limit or a baseline can be, in steps. Not `reached`: as near to it as one likes."""

    at: Fraction
    reached: bool = True


ONCE = End(Fraction(1))


def laboratory(record: Record, field: Field) -> Track[Fact]:
    """How many cuts the newest valid value has passed, over every completion of bounds, limit and baseline."""
    detail: Cuts = field.detail
    signal = detail.signal
    base = baseline_row(record, signal)

    def at(t: int) -> Fact:
        return value_fact(record, field, record.valid(signal, t), base)

    return _attributed(record, field, signal, facts(record, record.changes(signal), at))


def value_fact(record: Record, field: Field, row: Event | None, base: Event | None) -> Fact:
    """What a value and the baseline say. Of the record the settings alone count."""
    detail: Cuts = field.detail
    signal = detail.signal
    if row is None:
        return Fact(field.unknown, missing=frozenset({signal}))
    values = _classes(record, detail, row, base)
    rows = row.readings if base is None or detail.of != BASELINE else (*row.readings, base)
    return Fact(values, NO_FLAGS, frozenset({signal}) if len(values) > 1 else NO_FLAGS, rows)


def laboratory_baseline(record: Record, field: Field) -> Track[Fact]:
    """Whether the baseline was beyond its own limit of normal, while a value is valid that is compared with it."""
    detail: BaselineSide = field.detail
    signal = detail.signal
    base = baseline_row(record, signal)

    def at(t: int) -> Fact:
        return baseline_fact(record, field, record.valid(signal, t), base)

    return _attributed(record, field, signal, facts(record, record.changes(signal), at))


def baseline_fact(record: Record, field: Field, row: Event | None, base: Event | None) -> Fact:
    """What the baseline says, beside a value that may give its limit. Of the record the settings alone count."""
    detail: BaselineSide = field.detail
    signal = detail.signal
    edge = None if row is None else limit_of(record, (base, row), detail.of)
    if base is None or edge is None:
        return Fact(field.unknown, missing=frozenset({signal}))
    values = frozenset(field.domain[n] for n in _passed((detail.beyond,), base.ends, (End(edge),)))
    return Fact(values, NO_FLAGS, frozenset({signal}) if len(values) > 1 else NO_FLAGS, (base,))


def never_charted(record: Record, field: Field) -> Track[Fact]:
    """What the vocabulary has no signal for: any value is possible, and nothing that could be charted settles it."""
    return facts(record, (), lambda _t: Fact(field.unknown))


def cuts_passed(detail: Cuts, row: Event) -> frozenset[int]:
    """How many cuts that are numbers in a unit a value has passed, over every completion of a bound.

    Of a tie in several units, as of every tie, the worse counts: each is judged by the numbers of its own unit.
    """
    passed = [_cuts_passed(detail, one) for one in row.readings]
    return frozenset(range(max(map(min, passed)), max(map(max, passed)) + 1))


def _cuts_passed(detail: Cuts, row: Event) -> frozenset[int]:
    own = row.unit in detail.in_unit
    unit = row.unit if own else signals()[row.signal].unit
    return _passed(_in_steps(row.signal, detail.in_unit[unit] if own else detail.cuts, unit), row.ends, (ONCE,))


@lru_cache(maxsize=256)
def _in_steps(signal: str, cuts: tuple[Cut, ...], unit: str) -> tuple[Cut, ...]:
    return tuple(Cut(cut.operator, steps_of(signals()[signal], cut.number, unit)) for cut in cuts)


def _classes(record: Record, detail: Cuts, row: Event, base: Event | None) -> frozenset[int]:
    if detail.of == VALUE:
        return cuts_passed(detail, row)
    return _passed(detail.cuts, row.ends, compared_with(record, detail, row, base))


def compared_with(record: Record, detail: Cuts, row: Event, base: Event | None) -> tuple[End, ...]:
    """What the cuts are multiples of, or both its ends. Of the row its limits count, of the record its settings."""
    if detail.of == BASELINE:
        limit = limit_of(record, (base, row), detail.side) if detail.side else None
        return _baselines(detail, base, limit)
    limit = limit_of(record, (row, base), detail.of)
    return (End(limit),) if limit is not None else _limits(detail, base)


def _baselines(detail: Cuts, base: Event | None, limit: Fraction | None) -> tuple[End, End]:
    """What the baseline can be: anything plausible where it is not known, and beyond its limit where that matters."""
    signal = signals()[detail.signal]
    assert signal.plausible_low is not None and signal.plausible_high is not None
    low, high = End(Fraction(max(signal.plausible_low, 1))), End(Fraction(signal.plausible_high))
    if base is not None:
        low, high = End(base.ends[0]), End(base.ends[-1])
    if limit is None or not low.at <= limit <= high.at or low.at == high.at:
        return low, high
    return (End(limit, reached=False), high) if detail.side == UPPER_LIMIT else (low, End(limit, reached=False))


def _limits(detail: Cuts, base: Event | None) -> tuple[End, End]:
    """What a limit that nobody gave can be: at least a step, and with the baseline within it where that matters."""
    low, high = End(Fraction(1)), End(FAR)
    if not detail.side or base is None:
        return low, high
    return (End(base.ends[0]), high) if detail.of == UPPER_LIMIT else (low, End(base.ends[-1]))


def _passed(cuts: Sequence[Cut], values: Sequence[Fraction], of: Sequence[End]) -> frozenset[int]:
    """Every number of cuts passed, from the mildest to the severest end."""
    counts = [
        sum((cut if end.reached else cut.strict).passed(value, end.at) for cut in cuts)
        for value in values
        for end in of
    ]
    return frozenset(range(min(counts), max(counts) + 1))


def _attributed(record: Record, field: Field, signal: str, track: Track[Fact]) -> Track[Fact]:
    """Counts may be attributed as cytopenia, organs as organ toxicity; of other signals nobody attributes."""
    sign = CYTOPENIA if signal in COUNTS else ORGAN_TOXICITY if signal in ORGANS else ""
    return attribute(record, field, sign, track) if sign else track
