"""Vasopressors and hypotension (semantics 3)."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.measures.drugs import Answer, Runs, given_last, is_given, running, running_changes
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import drugs_of, signals

PRESSURES = ("systolic_bp", "mean_bp")
SIGN = "hypotension"
Truths = frozenset[bool]
YES, NO, EITHER = frozenset({True}), frozenset({False}), frozenset({True, False})


def vasopressors(record: Record, field: Field) -> Track[Fact]:
    """How many distinct vasopressors run: 0, 1, or 2 for two or more; vasopressin counts only where it is alone."""
    drugs = drugs_of("vasopressor", "vasopressin")

    def at(t: int) -> Fact:
        return number_running({drug: running(record, drug, t) for drug in drugs})

    charted = facts(record, running_changes(record, drugs), at)
    return attribute(record, field, SIGN, charted, sign_track=charted_hypotension(record))


def number_running(found: Mapping[str, Answer]) -> Fact:
    """How many vasopressors run; of each drug, vasopressin too, whether it runs. A drug that is not there does not."""
    drugs, vasopressin = drugs_of("vasopressor"), drugs_of("vasopressin")
    counted = [found[drug][0] for drug in drugs if drug in found]
    least = sum(runs is Runs.YES for runs in counted)
    most = sum(runs is not Runs.NO for runs in counted)
    alone = [found[drug][0] for drug in vasopressin if drug in found and found[drug][0] is not Runs.NO]
    values = frozenset(
        min(max(n, int(with_vasopressin)), 2)
        for n in range(least, most + 1)
        for with_vasopressin in (alone[0].value if alone else NO)
    )
    because = tuple(row for _, rows in found.values() for row in rows)
    maybe = [drug for drug, (runs, _) in found.items() if runs is Runs.MAYBE]
    flags = {"no_stop_charted"} if maybe else set()
    if alone and least == 0:
        flags.add("vasopressin_alone")
    missing = frozenset(maybe) if len(values) > 1 else frozenset()
    return Fact(values, frozenset(flags), missing, because)


def any_vasopressor(record: Record, t: int) -> Answer:
    """Whether a vasopressor or vasopressin runs at t."""
    return any_running(record, drugs_of("vasopressor", "vasopressin"), t)


def any_running(record: Record, drugs: tuple[str, ...], t: int) -> Answer:
    """Whether any of these drugs runs at t, and the rows that say so."""
    return any_of([running(record, drug, t) for drug in drugs])


def any_of(found: Collection[Answer]) -> Answer:
    """Whether any of some drugs runs, and the rows that say so."""
    for answer in (Runs.YES, Runs.MAYBE):
        rows = tuple(row for runs, rows in found for row in rows if runs is answer)
        if rows:
            return answer, rows
    return Runs.NO, ()


class Seen(NamedTuple):
    """What tells hypotension at a moment.

    `vasopressors`: whether any runs. `declared`: what a clinician said, while it holds; `lapsed`: a hypotension that
    was declared and expired. `bolus`: a fluid bolus while it counts. `pressure`, and whether it is `below` its limit.
    """

    vasopressors: Answer = (Runs.NO, ())
    declared: Event | None = None
    lapsed: Event | None = None
    bolus: Event | None = None
    pressure: Event | None = None
    below: Truths = EITHER


def hypotension(record: Record, field: Field) -> Track[Fact]:
    """By vasopressor, else a clinician's declaration, else a fluid bolus, else the pressure; else unknown."""
    return attribute(record, field, SIGN, charted_hypotension(record))


def charted_hypotension(record: Record) -> Track[Fact]:
    """Hypotension before attributions: what attributions of it and of its treatment are held against."""
    return record.once(_charted_track)


def _charted_track(record: Record) -> Track[Fact]:
    bolus_s = int(record.settings.fluid_bolus_h * HOUR)
    boluses = [(row, given_last(row) + bolus_s) for row in record.rows("fluid_bolus") if is_given(row)]

    def at(t: int) -> Fact:
        declared = record.valid("hypotension", t)
        lapsed = _lapsed(record, t) if declared is None else None
        bolus = next((row for row, until in reversed(boluses) if row.time <= t < until), None)
        return hypotension_seen(Seen(any_vasopressor(record, t), declared, lapsed, bolus, *newest_pressure(record, t)))

    edges = running_changes(record, drugs_of("vasopressor", "vasopressin"))
    edges |= record.changes("hypotension", *PRESSURES)
    edges |= {edge for row, until in boluses for edge in (row.time, until)}
    return facts(record, edges, at)


def hypotension_seen(seen: Seen) -> Fact:
    """Hypotension at one moment."""
    runs, rows = seen.vasopressors
    if runs is Runs.YES:
        return Fact(YES, because=rows)
    without = _without_vasopressor(seen)
    if runs is Runs.MAYBE:
        missing = without.missing | {row.signal for row in rows} if without.values != YES else without.missing
        return Fact(without.values | YES, without.flags, missing, rows + without.because)
    return without


def _without_vasopressor(seen: Seen) -> Fact:
    _, declared, lapsed, bolus, pressure, truth = seen
    if declared is not None:
        said = as_said(declared)
        others = (bolus, YES), (pressure, truth)
        other = [row for row, says in others if row and row.time > declared.time and says != said]
        if other or said == EITHER:
            return Fact(EITHER, missing=frozenset({"hypotension"}), because=(declared, *other))
        return Fact(said, because=(declared,))
    if bolus is not None:
        return Fact(YES, because=(bolus,))
    if lapsed is not None and (pressure is None or pressure.time < lapsed.time):
        return Fact(EITHER, missing=frozenset({"hypotension", "systolic_bp"}), because=(lapsed,))
    missing = frozenset({"systolic_bp"}) if len(truth) > 1 else frozenset()
    return Fact(truth, missing=missing, because=(pressure,) if pressure else ())


def _lapsed(record: Record, t: int) -> Event | None:
    """A declared hypotension that expired: no recovery; an older pressure says nothing for 48 h."""
    row = record.newest("hypotension", t)
    if row is None or row.end is not None or not may_lapse(row):
        return None
    return row if t < holds_until(row) + int(record.settings.finding_unknown_h * HOUR) else None


def may_lapse(row: Event) -> bool:
    """True for a declaration that leaves doubt where it expires without an end."""
    return row.word != "absent"


def as_said(row: Event) -> Truths:
    """Present or absent; a word that nobody can read may be either."""
    return EITHER if row.word == UNREADABLE else frozenset({row.word == "present"})


def newest_pressure(record: Record, t: int) -> tuple[Event | None, Truths]:
    """The pressure valid at t, systolic before mean, and whether it is below the limit for the age."""
    for name in PRESSURES:
        row, limits = record.valid(name, t), pressure_limits(name, record.settings, record.patient.age_years)
        if row is not None and limits:
            return row, below(row, limits)
    return None, EITHER


def pressure_limits(name: str, settings: Settings, age: int | None) -> tuple[float, ...]:
    """The limit by age in mmHg; where the age is unknown the lowest and the highest; none where there is no limit."""
    is_adult = age is not None and age >= settings.adult_pressure_years
    if name == "mean_bp":
        return (settings.mean_adult_mmhg,) if is_adult else ()
    if age is None:
        return settings.systolic_infant_mmhg, settings.systolic_adult_mmhg
    if is_adult:
        return (settings.systolic_adult_mmhg,)
    return (settings.systolic_infant_mmhg + settings.systolic_per_year_mmhg * age,)


def below(row: Event, limits: tuple[float, ...]) -> Truths:
    """Whether a pressure is below one of these limits in mmHg: all that is possible."""
    assert row.low is not None and row.high is not None
    steps = [limit / float(signals()[row.signal].step) for limit in limits]
    return frozenset(value < limit for limit in steps for value in (row.low, row.high))


def vasopressor_high_dose(record: Record, field: Field) -> Track[Fact]:
    """As charted; without a charted dose class, one running vasopressor may be low or high."""

    def at(t: int) -> Fact:
        return high_dose(any_vasopressor(record, t), record.valid("vasopressor_high_dose", t))

    edges = running_changes(record, drugs_of("vasopressor", "vasopressin"))
    charted = facts(record, edges | record.changes("vasopressor_high_dose"), at)
    return attribute(record, field, SIGN, charted, sign_track=charted_hypotension(record))


def high_dose(vasopressors: Answer, charted: Event | None) -> Fact:
    """Whether the dose is high at one moment: by what was charted, else by whether any vasopressor runs."""
    runs, rows = vasopressors
    if charted is None and runs is Runs.NO:
        return Fact(NO)
    said = EITHER if charted is None else as_said(charted)
    missing = frozenset({"vasopressor_high_dose"}) if said == EITHER else frozenset()
    return Fact(said, missing=missing, because=rows if charted is None else (charted,))
