"""Oxygen support before the infusion: only what is above it counts."""

from cytovigil.engine.measures.oxygen_table import (
    CANNULA,
    CLASS_OF,
    DEVICE,
    HIGH,
    LOW,
    POSITIVE,
    ROOM_AIR_WORD,
    VENTILATION,
    VENTILATOR,
    Support,
    charted,
    steps,
)  # fmt: skip
from cytovigil.engine.record import Record
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.times import DAY, FOR_EVER

UNNAMED = ""  # oxygen by a device that nobody charted
Baseline = frozenset[tuple[int, int | None, bool]]  # possible (class, flow in steps or None, ventilated)


def baseline(record: Record) -> Baseline:
    """The highest class and flow charted in the 7 days before, or the patient's `baseline_oxygen`; empty: none."""
    since = record.start - int(record.settings.baseline_oxygen_days * DAY)
    rows, flows = (_before(record.rows(name), since, record.start) for name in (DEVICE, "oxygen_flow"))
    words = [(row.word, _flow_while(rows, flows, row)) for row in rows]
    highest = max((row.high or 0 for row in flows), default=0)
    if highest and not rows:
        words = [(UNNAMED, highest)]
    if record.patient.baseline_oxygen:
        word, _, flow = record.patient.baseline_oxygen.partition(" ")
        words.append((word, steps("oxygen_flow", float(flow)) if flow else None))
    words = [(word, flow) for word, flow in words if word not in (ROOM_AIR_WORD, UNREADABLE)]
    if not words:
        return frozenset()
    best = max(words, key=lambda w: (max(_classes(record, *w)), w[0] == VENTILATION, w[1] or 0, w[0]))
    return frozenset((c, best[1], best[0] == VENTILATION) for c in _classes(record, *best))


def counted(record: Record, before: Baseline, support: Support, t: int) -> set[bool]:
    """Whether support at t is above the baseline: a higher class or flow, or a saturation below 90 % on it."""
    now = charted(record, t)
    if not before:
        return {True}
    cut = steps("spo2", record.settings.spo2_percent)
    if now.spo2 is not None and (now.spo2.high or 0) < cut:
        return {True}
    poor = {True} if now.spo2 is not None and (now.spo2.low or 0) < cut else set()
    flows = {now.flow.low, now.flow.high} if now.flow is not None else {None}
    return poor | {verdict for base in before for flow in flows for verdict in _above(support, flow, base)}


def _above(support: Support, flow: int | None, base: tuple[int, int | None, bool]) -> set[bool]:
    support_class, fraction = support
    base_class, base_flow, ventilated = base
    if support_class > base_class:
        return {True}
    if support_class == base_class == POSITIVE:
        return {fraction == VENTILATOR and not ventilated}
    if flow is None or base_flow is None:
        return {True, False}
    return {flow > base_flow}


def _classes(record: Record, word: str, flow: int | None) -> tuple[int, ...]:
    if word not in (CANNULA, UNNAMED):
        return (CLASS_OF[word],)
    if flow is not None and flow > steps("oxygen_flow", record.settings.low_flow_l_min):
        return (HIGH,)
    return (LOW, HIGH) if flow is None or word == UNNAMED else (LOW,)


def _before(rows: list[Event], since: int, start: int) -> list[Event]:
    """Rows charted in the days before the infusion, and those charted before that still held."""
    return [row for row in rows if row.time < start and (row.time >= since if row.end is None else row.end > since)]


def _flow_while(devices: list[Event], flows: list[Event], device: Event) -> int | None:
    """The highest flow charted while the device was the newest."""
    until = min((row.time for row in devices if row.time > device.time), default=FOR_EVER)
    return max((row.high or 0 for row in flows if device.time <= row.time < until), default=None)
