"""Oxygen support before the infusion: only what is above it counts."""

from cytovigil.engine.measures.oxygen_table import (
    ANYTHING,
    CANNULA,
    CLASS_OF,
    HIGH,
    LOW,
    NO_SUPPORT,
    POSITIVE,
    ROOM_AIR_WORD,
    VENTILATION,
    VENTILATOR,
    Answer,
    Charted,
    Support,
    answer,
    saturation,
    steps,
)  # fmt: skip
from cytovigil.model.events import UNREADABLE, Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY, FOR_EVER

UNNAMED = ""  # oxygen by a device that nobody charted
Baseline = frozenset[tuple[int, int | None, bool]]  # possible (class, flow in steps or None, ventilated)
NO_BASELINE: Baseline = frozenset()


def baseline(settings: Settings, patient: Patient, devices: list[Event], flows: list[Event]) -> Baseline:
    """The highest class and flow charted in the 7 days before, or the patient's `baseline_oxygen`; empty: none."""
    start = patient.infusion_time
    since = start - int(settings.baseline_oxygen_days * DAY)
    rows, flows = (_before(charted, since, start) for charted in (devices, flows))
    words = [(row.word, _flow_while(rows, flows, row)) for row in rows]
    highest = max((row.high or 0 for row in flows), default=0)
    if highest and not rows:
        words = [(UNNAMED, highest)]
    if patient.baseline_oxygen:
        word, _, flow = patient.baseline_oxygen.partition(" ")
        words.append((word, steps("oxygen_flow", float(flow)) if flow else None))
    words = [(word, flow) for word, flow in words if word not in (ROOM_AIR_WORD, UNREADABLE)]
    if not words:
        return NO_BASELINE
    best = max(words, key=lambda w: (max(_classes(settings, *w)), w[0] == VENTILATION, w[1] or 0, w[0]))
    return frozenset((c, best[1], best[0] == VENTILATION) for c in _classes(settings, *best))


def above(settings: Settings, now: Charted, before: Baseline) -> Answer:
    """Support that is not above the baseline becomes none; where that is unknown, both are possible."""
    found = answer(settings, now)
    supports: set[Support] = set()
    missing = set(found.missing)
    lowered = False
    for support in found.supports:
        verdicts = {True} if support == NO_SUPPORT else _counted(settings, now, before, support)
        supports |= {support} if True in verdicts else set()
        if False in verdicts:
            supports.add(NO_SUPPORT)
            lowered = True
        if len(verdicts) > 1:
            missing.add("attribution" if now.flow else "oxygen_flow")
    flags = found.flags | {"baseline_device"} if lowered and found.supports != ANYTHING else found.flags
    return found._replace(supports=frozenset(supports), flags=flags, missing=frozenset(missing))


def _counted(settings: Settings, now: Charted, before: Baseline, support: Support) -> set[bool]:
    """Whether support is above the baseline: a higher class or flow, or a saturation below 90 % on it."""
    if not before:
        return {True}
    fine, poor = saturation(settings, now.spo2) if now.spo2 is not None else (True, False)
    if not fine:
        return {True}
    flows = {now.flow.low, now.flow.high} if now.flow is not None else {None}
    return ({True} if poor else set()) | {
        verdict for base in before for flow in flows for verdict in _above(support, flow, base)
    }


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


def _classes(settings: Settings, word: str, flow: int | None) -> tuple[int, ...]:
    if word not in (CANNULA, UNNAMED):
        return (CLASS_OF[word],)
    if flow is not None and flow > steps("oxygen_flow", settings.low_flow_l_min):
        return (HIGH,)
    return (LOW, HIGH) if flow is None or word == UNNAMED else (LOW,)


def _before(rows: list[Event], since: int, start: int) -> list[Event]:
    """Rows charted in the days before the infusion, and those charted before that still held."""
    return [row for row in rows if row.time < start and (row.time >= since if row.end is None else row.end > since)]


def _flow_while(devices: list[Event], flows: list[Event], device: Event) -> int | None:
    """The highest flow charted while the device was the newest."""
    until = min((row.time for row in devices if row.time > device.time), default=FOR_EVER)
    return max((row.high or 0 for row in flows if device.time <= row.time < until), default=None)
