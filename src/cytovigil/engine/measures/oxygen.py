"""Oxygen support above the baseline, and whether it may protect the airway only (semantics 3)."""

from cytovigil.engine.measures.airway import with_doubt, worn
from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.measures.oxygen_baseline import NO_BASELINE, above, baseline
from cytovigil.engine.measures.oxygen_table import (
    CHARTED_WITH,
    DEVICE,
    VENTILATION,
    Answer,
    answer,
    changes,
    charted,
    same_answers,
)  # fmt: skip
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, assemble, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.model.events import Event

SIGN = "hypoxia"


def oxygen(record: Record, field: Field) -> Track[Fact]:
    """Support that counts: the class of the device (ASTCT) or the inspired fraction (Lee), by the field's detail."""
    settled, whole = record.once(tracks)
    own = facts(record, settled.times, lambda t: projected(settled.at(t), field))
    return attribute(record, field, SIGN, own, confirmed=lambda t: projected(whole.at(t), field))


def projected(found: Answer, field: Field) -> Fact:
    """What a field tells of an answer: the class is that of the device, whatever the fraction."""
    part = 0 if field.detail == "class" else 1
    values = frozenset(support[part] for support in found.supports)
    settles = found.missing - (NO_FLAGS if part else {"fio2"})
    missing = settles if len(values) > 1 else NO_FLAGS
    return Fact(values, found.flags, missing, found.because)


def ventilation(record: Record, _field: Field) -> Track[Fact]:
    """True while invasive ventilation is charted and valid."""
    return facts(record, record.changes(*CHARTED_WITH), lambda t: ventilated(charted(record, t).device))


def ventilated(device: Event | None) -> Fact:
    """Whether a device, of those charted and valid, ventilates."""
    found = device is not None and device.word == VENTILATION
    return Fact(frozenset({found}), because=(device,) if found and device else ())


def tracks(record: Record) -> tuple[Track[Answer], Track[Answer]]:
    """Support as it counts; and all support, for where a clinician confirmed it."""
    same = same_answers(record)
    whole = assemble(changes(record), lambda t: answer(record.settings, charted(record, t)), same)
    before = baseline(record.settings, record.patient, record.rows(DEVICE), record.rows("oxygen_flow"))

    def at(t: int) -> Answer:
        return above(record.settings, charted(record, t), before if t >= record.start else NO_BASELINE)

    return with_doubt(record, assemble(changes(record) | {record.start}, at, same), record.once(worn)), whole
