"""Vasopressors and hypotension (semantics 3)."""

from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.measures.drugs import Runs, is_given, running, running_changes
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import drugs_of, signals

PRESSURES = ("systolic_bp", "mean_bp")
SIGN = "hypotension"
Truths = frozenset[bool]
YES, NO, EITHER = frozenset({True}), frozenset({False}), frozenset({True, False})


def vasopressors(record: Record, field: Field) -> Track[Fact]:
    """How many distinct vasopressors run: 0, 1, or 2 for two or more; vasopressin counts only where it is alone."""
    drugs, vasopressin = drugs_of("vasopressor"), drugs_of("vasopressin")

    def at(t: int) -> Fact:
        counted = {drug: running(record, drug, t) for drug in drugs}
        extra = {drug: running(record, drug, t) for drug in vasopressin}
        least = sum(runs is Runs.YES for runs, _ in counted.values())
        most = sum(runs is not Runs.NO for runs, _ in counted.values())
        alone = [runs for runs, _ in extra.values() if runs is not Runs.NO]
        values = frozenset(
            min(max(n, int(with_vasopressin)), 2)
            for n in range(least, most + 1)
            for with_vasopressin in (alone[0].value if alone else NO)
        )
        found = counted | extra
        because = tuple(row for _, rows in found.values() for row in rows)
        maybe = [drug for drug, (runs, _) in found.items() if runs is Runs.MAYBE]
        flags = {"no_stop_charted"} if maybe else set()
        if alone and least == 0:
            flags.add("vasopressin_alone")
        missing = frozenset(maybe) if len(values) > 1 else frozenset()
        return Fact(values, frozenset(flags), missing, because)

    charted = facts(record, running_changes(record, drugs + vasopressin), at)
    return attribute(record, field, SIGN, charted, sign_track=charted_hypotension(record))


def any_vasopressor(record: Record, t: int) -> tuple[Runs, tuple[Event, ...]]:
    """Whether a vasopressor or vasopressin runs at t."""
    return any_running(record, drugs_of("vasopressor", "vasopressin"), t)


def any_running(record: Record, drugs: tuple[str, ...], t: int) -> tuple[Runs, tuple[Event, ...]]:
    """Whether any of these drugs runs at t, and the rows that say so."""
    found = [running(record, drug, t) for drug in drugs]
    for answer in (Runs.YES, Runs.MAYBE):
        rows = tuple(row for runs, rows in found for row in rows if runs is answer)
        if rows:
            return answer, rows
    return Runs.NO, ()


def hypotension(record: Record, field: Field) -> Track[Fact]:
    """By vasopressor, else a clinician's declaration, else a fluid bolus, else the pressure; else unknown."""
    return attribute(record, field, SIGN, charted_hypotension(record))


def charted_hypotension(record: Record) -> Track[Fact]:
    """Hypotension before attributions: what attributions of it and of its treatment are held against."""
    return record.once(_charted_track)


def _charted_track(record: Record) -> Track[Fact]:
    bolus_s = int(record.settings.fluid_bolus_h * HOUR)
    boluses = [row for row in record.rows("fluid_bolus") if is_given(row)]

    def at(t: int) -> Fact:
        runs, rows = any_vasopressor(record, t)
        if runs is Runs.YES:
            return Fact(YES, because=rows)
        without = _without_vasopressor(record, t, boluses, bolus_s)
        if runs is Runs.MAYBE:
            missing = without.missing | {row.signal for row in rows} if without.values != YES else without.missing
            return Fact(without.values | YES, without.flags, missing, rows + without.because)
        return without

    edges = running_changes(record, drugs_of("vasopressor", "vasopressin"))
    edges |= record.changes("hypotension", *PRESSURES)
    edges |= {edge for row in boluses for edge in (row.time, (row.end or row.time) + bolus_s)}
    return facts(record, edges, at)


def _without_vasopressor(record: Record, t: int, boluses: list[Event], bolus_s: int) -> Fact:
    bolus = next((row for row in reversed(boluses) if row.time <= t < (row.end or row.time) + bolus_s), None)
    pressure, truth = newest_pressure(record, t)
    declared = record.valid("hypotension", t)
    if declared is not None:
        said = as_said(declared)
        others = (bolus, YES), (pressure, truth)
        other = [row for row, says in others if row and row.time > declared.time and says != said]
        if other or said == EITHER:
            return Fact(EITHER, missing=frozenset({"hypotension"}), because=(declared, *other))
        return Fact(said, because=(declared,))
    if bolus is not None:
        return Fact(YES, because=(bolus,))
    lapsed = _lapsed(record, t)
    if lapsed is not None and (pressure is None or pressure.time < lapsed.time):
        return Fact(EITHER, missing=frozenset({"hypotension", "systolic_bp"}), because=(lapsed,))
    missing = frozenset({"systolic_bp"}) if len(truth) > 1 else frozenset()
    return Fact(truth, missing=missing, because=(pressure,) if pressure else ())


def _lapsed(record: Record, t: int) -> Event | None:
    """A declared hypotension that expired: no recovery; an older pressure says nothing for 48 h."""
    row = record.newest("hypotension", t)
    if row is None or row.end is not None or row.word == "absent":
        return None
    return row if t < holds_until(row) + record.settings.finding_unknown_h * HOUR else None


def as_said(row: Event) -> Truths:
    """Present or absent; a word that nobody can read may be either."""
    return EITHER if row.word == UNREADABLE else frozenset({row.word == "present"})


def newest_pressure(record: Record, t: int) -> tuple[Event | None, Truths]:
    """The pressure valid at t, systolic before mean, and whether it is below the limit for the age."""
    systolic, mean = (record.valid(name, t) for name in PRESSURES)
    if systolic is not None:
        return systolic, frozenset().union(*(_below(systolic, limit) for limit in _systolic_limits(record)))
    age = record.patient.age_years
    if mean is not None and age is not None and age >= record.settings.adult_pressure_years:
        return mean, _below(mean, record.settings.mean_adult_mmhg)
    return None, EITHER


def _systolic_limits(record: Record) -> tuple[float, ...]:
    """The limit by age in mmHg; where the age is unknown the lowest and the highest."""
    settings, age = record.settings, record.patient.age_years
    if age is None:
        return settings.systolic_infant_mmhg, settings.systolic_adult_mmhg
    if age >= settings.adult_pressure_years:
        return (settings.systolic_adult_mmhg,)
    return (settings.systolic_infant_mmhg + settings.systolic_per_year_mmhg * age,)


def _below(row: Event, limit: float) -> Truths:
    steps = limit / float(signals()[row.signal].step)
    assert row.low is not None and row.high is not None
    return frozenset({row.low < steps, row.high < steps})


def vasopressor_high_dose(record: Record, field: Field) -> Track[Fact]:
    """As charted; without a charted dose class, one running vasopressor may be low or high."""

    def at(t: int) -> Fact:
        charted = record.valid("vasopressor_high_dose", t)
        if charted is not None:
            said = as_said(charted)
            missing = frozenset({"vasopressor_high_dose"}) if said == EITHER else frozenset()
            return Fact(said, missing=missing, because=(charted,))
        runs, rows = any_vasopressor(record, t)
        if runs is Runs.NO:
            return Fact(NO)
        return Fact(EITHER, missing=frozenset({"vasopressor_high_dose"}), because=rows)

    edges = running_changes(record, drugs_of("vasopressor", "vasopressin"))
    charted = facts(record, edges | record.changes("vasopressor_high_dose"), at)
    return attribute(record, field, SIGN, charted, sign_track=charted_hypotension(record))
