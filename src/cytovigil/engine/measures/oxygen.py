"""Oxygen support above the baseline, and whether it may protect the airway only (semantics 3)."""

from cytovigil.engine.measures.airway import with_doubt
from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.measures.oxygen_baseline import Baseline, baseline, counted
from cytovigil.engine.measures.oxygen_table import (
    ANYTHING,
    CHARTED_WITH,
    NO_SUPPORT,
    VENTILATION,
    Answer,
    Support,
    answer,
    charted,
    same_answers,
)  # fmt: skip
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, assemble, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact

SIGN = "hypoxia"


def oxygen(record: Record, field: Field) -> Track[Fact]:
    """Support that counts: the class of the device (ASTCT) or the inspired fraction (Lee), by the field's detail."""
    part = 0 if field.detail == "class" else 1
    settled, whole = record.once(_tracks)

    def project(source: Track[Answer], t: int) -> Fact:
        found = source.at(t)
        values = frozenset(support[part] for support in found.supports)
        settles = found.missing - (NO_FLAGS if part else {"fio2"})  # the class is that of the device
        missing = settles if len(values) > 1 else NO_FLAGS
        return Fact(values, found.flags, missing, found.because)

    own = facts(record, settled.times, lambda t: project(settled, t))
    return attribute(record, field, SIGN, own, confirmed=lambda t: project(whole, t))


def ventilation(record: Record, _field: Field) -> Track[Fact]:
    """True while invasive ventilation is charted and valid."""

    def at(t: int) -> Fact:
        device = charted(record, t).device
        ventilated = device is not None and device.word == VENTILATION
        return Fact(frozenset({ventilated}), because=(device,) if ventilated and device else ())

    return facts(record, record.changes(*CHARTED_WITH), at)


def _tracks(record: Record) -> tuple[Track[Answer], Track[Answer]]:
    """Support as it counts; and all support, for where a clinician confirmed it."""
    changes = record.changes(*CHARTED_WITH) | {record.start}  # from which on the baseline is left out
    same = same_answers(record)
    whole = assemble(changes, lambda t: answer(record, t), same)
    before = baseline(record)
    above = assemble(changes, lambda t: _above(record, before, t), same)
    return with_doubt(record, above, changes), whole


def _above(record: Record, before: Baseline, t: int) -> Answer:
    """Support that is not above the baseline becomes none; where that is unknown, both are possible."""
    found = answer(record, t)
    if t < record.start:
        return found
    supports: set[Support] = set()
    missing = set(found.missing)
    lowered = False
    for support in found.supports:
        verdicts = {True} if support == NO_SUPPORT else counted(record, before, support, t)
        supports |= {support} if True in verdicts else set()
        if False in verdicts:
            supports.add(NO_SUPPORT)
            lowered = True
        if len(verdicts) > 1:
            missing.add("attribution" if charted(record, t).flow else "oxygen_flow")
    flags = found.flags | {"baseline_device"} if lowered and found.supports != ANYTHING else found.flags
    return found._replace(supports=frozenset(supports), flags=flags, missing=frozenset(missing))
