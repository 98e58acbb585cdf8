"""What lists of criteria ask for: findings whatever their cause, and whether they are new."""

from cytovigil.engine.baseline import baseline_row
from cytovigil.engine.measures.score_values import finding
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.model.events import Event, Patient


def new_finding(record: Record, field: Field) -> Track[Fact]:
    """Charted where it was charted absent before treatment; where nobody charted it then, it may be new or not."""
    (signal,) = field.signals
    now, base = finding(record, field), baseline_row(record, signal)
    before = now.at(base.time).values if base is not None else field.unknown

    return facts(record, now.times, lambda t: new_fact(field, now.at(t), before, base))


def new_fact(field: Field, now: Fact, before: frozenset[bool], base: Event | None) -> Fact:
    """What is charted now, and was charted before."""
    values = frozenset(present and not was for present in now.values for was in before)
    because = (*now.because, base) if base is not None and now.because else now.because
    return Fact(values, NO_FLAGS, frozenset(field.signals) if len(values) > 1 else NO_FLAGS, because)


def neonate(record: Record, field: Field) -> Track[Fact]:
    """Not from 1 year on; possible at the age of 0, which is known in completed years, and where no age is known."""
    return facts(record, (), lambda _t: neonate_fact(record.patient, field))


def neonate_fact(patient: Patient, field: Field) -> Fact:
    """The same of a patient."""
    return Fact(frozenset({False}) if patient.age_years else field.unknown)
