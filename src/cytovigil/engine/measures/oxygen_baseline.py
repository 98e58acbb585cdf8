"""Oxygen support before the infusion: only what is above it counts."""

from cytovigil.engine.measures.oxygen_table import (
    CANNULA, CLASS_OF, HIGH, LOW, POSITIVE, ROOM_AIR_WORD, VENTILATION, VENTILATOR, Support, charted, steps,
)  # fmt: skip
from cytovigil.engine.record import Record
from cytovigil.model.events import UNREADABLE
from cytovigil.model.times import DAY

Baseline = frozenset[tuple[int, int | None, bool]]  # possible (class, flow in steps or None, ventilated)


def baseline(record: Record) -> Baseline:
    """The highest class and flow charted in the 7 days before, or the patient's `baseline_oxygen`; empty: none."""
    since = record.start - int(record.settings.baseline_oxygen_days * DAY)
    rows = [row for row in record.rows("oxygen_device") if since <= row.time < record.start]
    flows = [row for row in record.rows("oxygen_flow") if since <= row.time < record.start]
    words = [(row.word, _flow_while(flows, row.time)) for row in rows]
    if record.patient.baseline_oxygen:
        word, _, flow = record.patient.baseline_oxygen.partition(" ")
        words.append((word, steps("oxygen_flow", float(flow)) if flow else None))
    words = [(word, flow) for word, flow in words if word not in (ROOM_AIR_WORD, UNREADABLE)]
    if not words:
        return frozenset()
    highest = max((max(_classes(record, word, flow)), flow or -1) for word, flow in words)
    best = next(w for w in words if (max(_classes(record, *w)), w[1] or -1) == highest)
    return frozenset((c, best[1], best[0] == VENTILATION) for c in _classes(record, *best))


def counted(record: Record, before: Baseline, support: Support, t: int) -> set[bool]:
    """Whether support at t is above the baseline: a higher class or flow, or a saturation below 90 % on it."""
    now = charted(record, t)
    if not before:
        return {True}
    if now.spo2 is not None and (now.spo2.high or 0) < steps("spo2", record.settings.spo2_percent):
        return {True}
    flow = now.flow.high if now.flow is not None else None
    return {verdict for base in before for verdict in _above(support, flow, base)}


def _above(support: Support, flow: int | None, base: tuple[int, int | None, bool]) -> set[bool]:
    support_class, fraction = support
    base_class, base_flow, ventilated = base
    if support_class != base_class:
        return {support_class > base_class}
    if support_class == POSITIVE:
        return {fraction == VENTILATOR and not ventilated}
    if flow is None or base_flow is None:
        return {True, False}
    return {flow > base_flow}


def _classes(record: Record, word: str, flow: int | None) -> tuple[int, ...]:
    if word != CANNULA:
        return (CLASS_OF[word],)
    if flow is None:
        return (LOW, HIGH)
    return (LOW,) if flow <= steps("oxygen_flow", record.settings.low_flow_l_min) else (HIGH,)


def _flow_while(flows: list, time: int) -> int | None:  # type: ignore[type-arg]
    later = [row.high for row in flows if row.time >= time]
    return max(later, default=None)
