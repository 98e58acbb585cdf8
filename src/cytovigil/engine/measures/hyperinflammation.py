"""What lists of criteria ask for: findings whatever their cause, and whether they are new."""

from cytovigil.engine.baseline import baseline_row
from cytovigil.engine.measures.score_values import finding
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact


def new_finding(record: Record, field: Field) -> Track[Fact]:
    """Charted where it was charted absent before treatment; where nobody charted it then, it may be new or not."""
    (signal,) = field.signals
    now, base = finding(record, field), baseline_row(record, signal)
    before = now.at(base.time).values if base is not None else field.unknown

    def at(t: int) -> Fact:
        fact = now.at(t)
        values = frozenset(present and not was for present in fact.values for was in before)
        because = (*fact.because, base) if base is not None and fact.because else fact.because
        return Fact(values, NO_FLAGS, frozenset({signal}) if len(values) > 1 else NO_FLAGS, because)

    return facts(record, now.times, at)


def neonate(record: Record, field: Field) -> Track[Fact]:
    """Not from 1 year on; possible at the age of 0, which is known in completed years, and where no age is known."""
    values = frozenset({False}) if record.patient.age_years else field.unknown
    return facts(record, (), lambda _t: Fact(values))
