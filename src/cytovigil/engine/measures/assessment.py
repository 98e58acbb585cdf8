"""ICE and CAPD (semantics 5): rows within 30 minutes are one assessment; items not charted may be anything."""

from bisect import bisect_right
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.measures.sedation import under_sedation
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR, MINUTE
from cytovigil.model.vocabulary import signals

ICE, CAPD = "ice", "capd"
Scores = frozenset[int]
NOT_KNOWN: Scores = frozenset()


def _names(total: str) -> tuple[str, ...]:
    return tuple(name for name in signals() if name == total or name.startswith(f"{total}_"))


# The total first, then its items.
INSTRUMENTS = {ICE: _names(ICE), CAPD: _names(CAPD)}
ALL_NAMES = INSTRUMENTS[ICE] + INSTRUMENTS[CAPD]


class Assessment(NamedTuple):
    """The rows of one assessment, by time, and from when they count."""

    rows: tuple[Event, ...]
    counts_from: int

    @property
    def time(self) -> int:
        """The time of its first row."""
        return self.rows[0].time


def assessments(record: Record, names: tuple[str, ...], wait_s: int) -> list[Assessment]:
    """Rows of the total and the items, grouped. A partial one counts when complete, else 10 minutes after its first."""
    window = int(record.settings.assessment_min * MINUTE)
    rows = sorted((row for name in names for row in record.rows(name)), key=lambda row: (row.time, row.signal))
    groups: list[list[Event]] = []
    for row in rows:
        if groups and row.time - groups[-1][0].time <= window:
            groups[-1].append(row)
        else:
            groups.append([row])
    return [Assessment(tuple(group), _counts_from(group, names, wait_s)) for group in groups]


def _counts_from(group: list[Event], names: tuple[str, ...], wait_s: int) -> int:
    seen: set[str] = set()
    for row in group:
        seen.add(row.signal)
        if names[0] in seen or seen >= set(names[1:]):
            return min(row.time, group[0].time + wait_s)
    return group[0].time + wait_s


def scores(rows: tuple[Event, ...], names: tuple[str, ...]) -> Scores:
    """Possible totals: the charted total, and the sum of items; where they contradict, both."""
    total_name, items = names[0], names[1:]
    newest = {row.signal: row for row in rows}
    total = newest.get(total_name)
    charted = frozenset(_span(total)) if total is not None else frozenset()
    if not any(name in newest for name in items):
        return charted
    each = [_span(newest[name]) if name in newest else anything(name) for name in items]
    summed = frozenset(range(sum(map(min, each)), sum(map(max, each)) + 1))
    return charted & summed or charted | summed


def _span(row: Event) -> range:
    assert row.low is not None and row.high is not None
    return range(row.low, row.high + 1)


def instrument(age_years: int | None, settings: Settings) -> tuple[str, ...]:
    """The instrument of the age; both where the age is unknown."""
    if age_years is None:
        return (ICE, CAPD)
    return (CAPD,) if age_years < settings.capd_below_years else (ICE,)


def anything(name: str) -> Scores:
    """All scores of an instrument."""
    return frozenset(range((signals()[name].plausible_high or 0) + 1))


def raw(record: Record, name: str) -> Track[Fact]:
    """The score of one instrument over time, whether or not it belongs to the age; baseline not yet considered."""
    return record.once(_RAW[name])


def _raw(record: Record, names: tuple[str, ...]) -> Track[Fact]:
    settings = record.settings
    wait_s, due_s = int(settings.assessment_wait_min * MINUTE), int(settings.assessment_due_h * HOUR)
    valid_s = signals()[names[0]].valid_s or 0
    found = assessments(record, names, wait_s)
    times = [one.counts_from for one in found]
    ends = [min(one.time + valid_s, nxt.counts_from) for one, nxt in pairwise(found)] + [
        one.time + valid_s for one in found[-1:]
    ]

    def at(t: int) -> Fact:
        index = bisect_right(times, t) - 1
        if index < 0 or t >= ends[index]:
            return unassessed(names)
        upto = tuple(row for row in found[index].rows if row.time <= t)
        if any(under_sedation(record, row) for row in upto):
            return unassessed(names)
        return assessed(upto, names, t >= found[index].time + due_s)

    edges = [*times, *ends, *(one.time + due_s for one in found), *(row.time for one in found for row in one.rows)]
    return facts(record, edges, at)


def assessed(rows: tuple[Event, ...], names: tuple[str, ...], due: bool) -> Fact:
    """The score of an assessment by its rows. `due`: it is time for the next."""
    values = scores(rows, names)
    return Fact(values, frozenset({"ice_due"} if due else ()), _missing(values, rows, names), rows)


def unassessed(names: tuple[str, ...]) -> Fact:
    """The score while no assessment holds."""
    return Fact(anything(names[0]), missing=frozenset({names[0]}))


def _missing(values: Scores, rows: tuple[Event, ...], names: tuple[str, ...]) -> frozenset[str]:
    if len(values) == 1:
        return frozenset()
    charted = {row.signal for row in rows}
    return frozenset(set(names[1:]) - charted) if charted & set(names[1:]) else frozenset({names[0]})


_RAW = {name: partial(_raw, names=names) for name, names in INSTRUMENTS.items()}


def assessment(record: Record, field: Field) -> Track[Fact]:
    """The score that counts: of the age's instrument, or of the other where only that is valid; against baseline."""
    partner = field.name not in instrument(record.patient.age_years, record.settings)
    mine, others = raw(record, field.name), raw(record, CAPD if field.name == ICE else ICE)
    baseline = _baseline(record, field)

    def chosen(t: int) -> Fact:
        return that_counts(field, mine.at(t), bool(others.at(t).because), partner)

    times = [*mine.times, *others.times]
    track = facts(record, times, lambda t: against_baseline(chosen(t), field, baseline))
    counted = attribute(record, field, ICE, track, confirmed=facts(record, times, chosen).at)

    def seen(t: int) -> Fact:
        """An attribution says why a score is low: it does not stand in for an assessment."""
        return counted.at(t) if track.at(t).because else track.at(t)

    return facts(record, [*counted.times, *times], seen)


def _baseline(record: Record, field: Field) -> int | None:
    """The score before infusion: the patient's, else the last assessment charted before."""
    known = charted_baseline(record.patient, field.name)
    if known is not None:
        return known
    names = INSTRUMENTS[field.name]
    before = [one.rows for one in assessments(record, names, 0) if one.time < record.start]
    return only(scores(before[-1], names) if before else NOT_KNOWN)


def charted_baseline(patient: Patient, name: str) -> int | None:
    """The score before infusion by an instrument, as told of the patient."""
    return patient.baseline_ice if name == ICE else patient.baseline_capd


def only(values: Scores) -> int | None:
    """The one possible score; None where there are several, or none."""
    return next(iter(values)) if len(values) == 1 else None


def that_counts(field: Field, fact: Fact, other_valid: bool, partner: bool) -> Fact:
    """The score of an instrument beside the other, `other_valid`. `partner`: it is not that of the age."""
    if (other_valid or not fact.because) if partner else (other_valid and not fact.because):
        return Fact(frozenset({field.normal}))
    return fact._replace(flags=fact.flags | {"other_instrument"}) if partner else fact


def against_baseline(fact: Fact, field: Field, baseline: int | None) -> Fact:
    """A score not worse than before infusion may be normal."""
    if baseline is None or not fact.because:
        return fact
    not_worse = {v for v in fact.values if (v >= baseline if field.worse == "low" else v <= baseline)}
    if not not_worse - {field.normal}:
        return fact
    missing = fact.missing or frozenset({"attribution"})
    return fact._replace(values=fact.values | {field.normal}, flags=fact.flags | {"at_baseline"}, missing=missing)
