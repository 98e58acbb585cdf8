"""Dialysis and organ toxicity, where new or worse than baseline (semantics 4)."""

from fractions import Fraction

from cytovigil.engine.baseline import baseline_row, is_before_treatment, lymphodepletion_of
from cytovigil.engine.limits import Limit, upper_limit
from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.measures.laboratory import ORGAN_TOXICITY
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.logic.laboratory import UPPER_LIMIT, BaselineSide
from cytovigil.logic.ladder import Ladder
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.times import HOUR

_DIALYSIS = {"none": 0, "intermittent": 1, "continuous": 2, UNREADABLE: 2}


def dialysis(record: Record, field: Field) -> Track[Fact]:
    """New dialysis, as charted; not charted is none; after an expired finding unknown for 48 h."""
    chronic = _chronic(record)
    unknown_s = int(record.settings.finding_unknown_h * HOUR)

    def at(t: int) -> Fact:
        row = record.valid("dialysis", t) or record.newest("dialysis", t)
        if row is None:
            return Fact(frozenset({0}))
        if t < holds_until(row):
            return dialysis_fact(field, row, chronic)
        if new_dialysis(row, chronic) and row.end is None and t < holds_until(row) + unknown_s:
            return perhaps(field, row)
        return Fact(frozenset({0}))

    return attribute(record, field, ORGAN_TOXICITY, facts(record, record.changes("dialysis"), at))


def new_dialysis(row: Event, chronic: int) -> int:
    """The kind of dialysis a row says, where it is more than that at baseline."""
    return _DIALYSIS[row.word] if _DIALYSIS[row.word] > chronic else 0


def dialysis_fact(field: Field, row: Event, chronic: int) -> Fact:
    """What a valid row says."""
    if row.word == UNREADABLE:
        return perhaps(field, row)
    return Fact(frozenset({new_dialysis(row, chronic)}), because=(row,))


def perhaps(field: Field, row: Event) -> Fact:
    """Any kind is possible, because of this row."""
    return Fact(field.unknown, missing=frozenset(field.signals), because=(row,))


def _chronic(record: Record) -> int:
    """The kind of dialysis at baseline."""
    row = baseline_row(record, "dialysis")
    if row is None:
        return 0
    begin = lymphodepletion_of(record)
    moment = begin if begin is not None and is_before_treatment(record, row.time) else record.start
    return 0 if row.end is not None and row.end <= moment else chronic_dialysis(row)


def chronic_dialysis(row: Event) -> int:
    """The kind of dialysis that a baseline says, where it has not ended."""
    return 0 if row.word == UNREADABLE else _DIALYSIS[row.word]


def organ_toxicity(record: Record, field: Field) -> Track[Fact]:
    """The CTCAE grade of the newest valid value, over every completion of bounds, limits and baseline."""
    ladder: Ladder = field.detail
    signal = ladder.name
    base = baseline_row(record, signal)

    def at(t: int) -> Fact:
        return toxicity_fact(record, field, record.valid(signal, t), base)

    return attribute(record, field, ORGAN_TOXICITY, facts(record, record.changes(signal), at))


def toxicity_fact(record: Record, field: Field, row: Event | None, base: Event | None) -> Fact:
    """What a value and the baseline say. Of the record the sex and the settings alone count."""
    ladder: Ladder = field.detail
    signal = ladder.name
    if row is None:
        return Fact(field.unknown, missing=frozenset({signal}))
    limit = upper_limit(record, (row, base), signal)
    flags = frozenset({"default_limits"}) if limit.default else frozenset()
    values = _grades(ladder, row, limit, base)
    missing = frozenset({signal}) if len(values) > 1 else frozenset()
    return Fact(values, flags, missing, (row,) if base is None else (row, base))


def _grades(ladder: Ladder, row: Event, limit: Limit, base: Event | None) -> frozenset[int]:
    """Grades over all completions; only a grade above that of the baseline itself counts."""
    found = set()
    for upper in limit.steps:
        for value in row.ends:
            for before in base.ends if base is not None else (None,):
                found |= _new_or_worse(ladder, value, before, upper)
    return frozenset(range(min(found), max(found) + 1)) if len(row.ends) > 1 else frozenset(found)


def _new_or_worse(ladder: Ladder, value: Fraction, before: Fraction | None, upper: Fraction) -> set[int]:
    if before is not None:
        now, then = (_grade(ladder, v, before, upper) for v in (value, before))
        return {now if now > then else 0}
    # The baseline is not known: as high as the value itself, which counts as 0, or normal and as low as can be.
    return {0, _grade(ladder, value, Fraction(1), upper)}


def _grade(ladder: Ladder, value: Fraction, before: Fraction, upper: Fraction) -> int:
    return ladder.grade(classes(ladder, value, before, upper))


def classes(ladder: Ladder, value: Fraction, before: Fraction, upper: Fraction) -> dict[str, int]:
    """The ladder's fields: how many cuts are passed, and whether the baseline was beyond its limit."""
    values: dict[str, int] = {}
    for field in ladder.fields:
        if isinstance(field.detail, BaselineSide):
            values[field.name] = field.detail.beyond.passed(before, upper)
        else:
            of = upper if field.detail.of == UPPER_LIMIT else before
            values[field.name] = sum(cut.passed(value, of) for cut in field.detail.cuts)
    return values
