"""The oxygen table (semantics 3): what is charted and valid, as a set of possible supports. The first row applies."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from cytovigil.engine.record import Record, holds_until
from cytovigil.logic.facts import NO_FLAGS
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.settings import Settings
from cytovigil.model.times import BEGINNING, HOUR
from cytovigil.model.vocabulary import signals

NONE, LOW, HIGH, POSITIVE = 0, 1, 2, 3
ROOM_AIR, BELOW_40, AT_LEAST_40, VENTILATOR = 0, 1, 2, 3
DEVICE = "oxygen_device"
CHARTED_WITH = (DEVICE, "oxygen_flow", "fio2", "spo2")
ROOM_AIR_WORD, CANNULA, VENTILATION = "none", "nasal_cannula", "invasive_ventilation"
CLASS_OF = {
    "blow_by": LOW,
    "high_flow_nasal_cannula": HIGH,
    "simple_mask": HIGH,
    "venturi_mask": HIGH,
    "non_rebreather": HIGH,
    "cpap": POSITIVE,
    "bipap": POSITIVE,
    VENTILATION: POSITIVE,
}
POSITIVE_DEVICES = ("cpap", "bipap", VENTILATION)
ROOM_AIR_PERCENT, FRACTION_CUT_PERCENT = 21, 40  # air; the cut of Lee 2014

Support = tuple[int, int]
NO_SUPPORT: Support = (NONE, ROOM_AIR)
SOME = ((LOW, BELOW_40), (LOW, AT_LEAST_40), (HIGH, BELOW_40), (HIGH, AT_LEAST_40))
PRESSURE = ((POSITIVE, BELOW_40), (POSITIVE, AT_LEAST_40), (POSITIVE, VENTILATOR))
ANYTHING: frozenset[Support] = frozenset({NO_SUPPORT, *SOME, *PRESSURE})


class Charted(NamedTuple):
    """What is charted and valid at one moment: all that an answer rests on.

    `lapsed`: the last device was not charted again, which is no recovery. `stronger`: devices not yet ended that give
    more than the newest.
    """

    device: Event | None
    last: Event | None
    started: int
    flow: Event | None
    fio2: Event | None
    spo2: Event | None
    lapsed: bool
    stronger: tuple[Event, ...] = ()


class Answer(NamedTuple):
    """Possible supports, with flags, signals to chart, and the rows used."""

    supports: frozenset[Support]
    flags: frozenset[str] = NO_FLAGS
    missing: frozenset[str] = NO_FLAGS
    because: tuple[Event, ...] = ()


def same_answers(record: Record) -> Callable[[Answer, Answer], bool] | None:
    """What makes no change in a track of answers: rows that carry the same flags, except in a fine record."""
    return None if record.fine else lambda one, other: one[:3] == other[:3] and row_flags(one) == row_flags(other)


def row_flags(found: Answer) -> frozenset[str]:
    """Flags of the rows used."""
    return NO_FLAGS.union(*(row.flags for row in found.because))


def steps(signal: str, value: float) -> int:
    """A limit in the signal's smallest steps."""
    return round(value / float(signals()[signal].step))


def charted(record: Record, t: int) -> Charted:
    """The device with what was charted since it was started; a flow charted while it is valid keeps it valid."""
    known = record.once(_charted_at)
    if t not in known:
        known[t] = _charted(record, t)
    return known[t]


def _charted_at(_record: Record) -> dict[int, Charted]:
    """What is charted by time, filled as it is asked for."""
    return {}


def _charted(record: Record, t: int) -> Charted:
    last = record.newest(DEVICE, t)
    device = last if last and t < _kept_until(record, last, t) else record.valid(DEVICE, t)
    lapsed = last is not None and device is None and _unknown(record, last, t)
    last = device or last
    started = _started(record, last, t) if last else BEGINNING
    flow, fio2 = (_since(record.valid(name, t), started) for name in ("oxygen_flow", "fio2"))
    unended = [row for row in record.until(DEVICE, t) if row.end is not None and t < row.end]
    stronger = tuple(row for row in unended if device is not None and _stronger(row, device))
    return Charted(device, last, started, flow, fio2, record.valid("spo2", t), lapsed, stronger)


def changes(record: Record) -> set[int]:
    """All moments at which an answer may change: a flow of 0 ends what flows kept valid, unknown from then on."""
    unknown_s = int(record.settings.finding_unknown_h * HOUR)
    stops = {flow.time + unknown_s for flow in record.rows("oxygen_flow") if not flow.low}
    return record.changes(*CHARTED_WITH) | stops


def answer(settings: Settings, now: Charted) -> Answer:
    """The first row that applies, over bounds that may be room air, and with a stronger device not yet ended."""
    found = _answer(settings, now)
    for other in _perhaps_room_air(now):
        found = _either(found, _answer(settings, other))
    for row in now.stronger:
        found = _either(found, _of_device(settings, now, row))
    return found


def _perhaps_room_air(now: Charted) -> Iterator[Charted]:
    """The same without a flow, or an inspired oxygen, that is a bound such as <2 or <30 and may be none at all."""
    if now.device is not None and now.device.word != ROOM_AIR_WORD:
        return
    flow, fio2 = now.flow, now.fio2
    flows = [flow] if flow is None or flow.low or not flow.high else [flow, None]
    room_air = steps("fio2", ROOM_AIR_PERCENT)
    fractions = [fio2] if fio2 is None or not (fio2.low or 0) <= room_air < (fio2.high or 0) else [fio2, None]
    yield from (now._replace(flow=f, fio2=o) for f in flows for o in fractions if (f, o) != (flow, fio2))


def _stronger(row: Event, device: Event) -> bool:
    """True where a row gives more support than the device, or may: a device that nobody can read."""
    rank = (ROOM_AIR_WORD, "blow_by", CANNULA, *CLASS_OF)
    if UNREADABLE in (row.word, device.word):
        return row.word == UNREADABLE
    return rank.index(row.word) > rank.index(device.word)


def _either(one: Answer, other: Answer) -> Answer:
    because = tuple(dict.fromkeys((*one.because, *other.because)))
    missing = one.missing | other.missing | {DEVICE}
    return Answer(one.supports | other.supports, one.flags | other.flags, missing, because)


def _answer(settings: Settings, now: Charted) -> Answer:
    if now.device is not None and now.device.word != ROOM_AIR_WORD:
        return _of_device(settings, now, now.device)
    flowing = now.flow is not None and (now.flow.high or 0) > 0
    enriched = now.fio2 is not None and (now.fio2.high or 0) > steps("fio2", ROOM_AIR_PERCENT)
    if flowing and now.flow is not None:
        return _of_flow(settings, now, now.flow)
    if enriched and now.fio2 is not None:
        return _of_fio2(now, now.fio2)
    return _of_saturation(settings, now)


def _of_device(settings: Settings, now: Charted, device: Event) -> Answer:
    used = tuple(row for row in (device, now.flow, now.fio2) if row is not None)
    if device.word == UNREADABLE:
        return Answer(ANYTHING, missing=frozenset({DEVICE}), because=used)
    if device.word == CANNULA:
        classes, missing = _cannula_classes(settings, now.flow)
    else:
        classes, missing = (CLASS_OF[device.word],), NO_FLAGS
    supports = frozenset((c, f) for c in classes for f in _fractions(settings, device.word, now))
    if len({f for _, f in supports}) > 1 and not missing:
        missing = frozenset({"fio2"})
    return Answer(supports, missing=missing, because=used)


def _cannula_classes(settings: Settings, flow: Event | None) -> tuple[tuple[int, ...], frozenset[str]]:
    if flow is None:
        return (LOW, HIGH), frozenset({"oxygen_flow"})
    cut = steps("oxygen_flow", settings.low_flow_l_min)
    assert flow.low is not None and flow.high is not None
    classes = tuple(sorted({LOW if flow.low <= cut else HIGH, LOW if flow.high <= cut else HIGH}))
    return classes, frozenset({"oxygen_flow"}) if len(classes) > 1 else NO_FLAGS


def _fractions(settings: Settings, word: str, now: Charted) -> tuple[int, ...]:
    """The inspired oxygen as charted, else what the device gives: our reading."""
    if word == VENTILATION:
        return (VENTILATOR,)
    if now.fio2 is not None:
        return _fraction_of(now.fio2)
    sure = steps("oxygen_flow", settings.sure_flow_l_min)
    if word == CANNULA and now.flow is not None and (now.flow.high or 0) <= sure:
        return (BELOW_40,)
    if word in ("non_rebreather", *POSITIVE_DEVICES):
        return (AT_LEAST_40,)
    return (BELOW_40, AT_LEAST_40)


def _fraction_of(fio2: Event) -> tuple[int, ...]:
    cut = steps("fio2", FRACTION_CUT_PERCENT)
    assert fio2.low is not None and fio2.high is not None
    return tuple(sorted({AT_LEAST_40 if end >= cut else BELOW_40 for end in (fio2.low, fio2.high)}))


def _of_flow(settings: Settings, now: Charted, flow: Event) -> Answer:
    """Oxygen flows but no device is charted, or the device says room air."""
    contradiction = _contradiction(now)
    cut = steps("oxygen_flow", settings.low_flow_l_min)
    fractions = _fraction_of(now.fio2) if now.fio2 is not None else (BELOW_40, AT_LEAST_40)
    surely_high = not contradiction and (flow.low or 0) > cut
    found = {(c, f) for c in ((HIGH,) if surely_high else (LOW, HIGH)) for f in fractions}
    used = tuple(row for row in (now.device, flow, now.fio2) if row)
    return Answer(frozenset(found), contradiction, frozenset({DEVICE}), used)


def _of_fio2(now: Charted, fio2: Event) -> Answer:
    found = {(c, f) for c in (LOW, HIGH, POSITIVE) for f in _fraction_of(fio2)} | {(POSITIVE, VENTILATOR)}
    used = tuple(row for row in (now.device, fio2) if row)
    return Answer(frozenset(found), _contradiction(now), frozenset({DEVICE}), used)


def _contradiction(now: Charted) -> frozenset[str]:
    return frozenset({"oxygen_contradiction"}) if now.device is not None else NO_FLAGS


def _of_saturation(settings: Settings, now: Charted) -> Answer:
    if now.spo2 is None or now.lapsed:
        if now.device is not None:
            return Answer(frozenset({NO_SUPPORT}), because=(now.device,))
        if now.lapsed and now.last is not None:
            return Answer(ANYTHING, frozenset({"device_not_recharted"}), frozenset({DEVICE}), (now.last,))
        return Answer(ANYTHING, missing=frozenset({DEVICE, "spo2"}))
    used = tuple(row for row in (now.device, now.spo2) if row is not None)
    fine, poor = saturation(settings, now.spo2)
    supports = frozenset({NO_SUPPORT}) if fine else frozenset()
    if not poor:
        return Answer(supports, because=used)
    return Answer(supports | {*SOME, *PRESSURE}, frozenset({"hypoxia_without_device"}), frozenset({DEVICE}), used)


def saturation(settings: Settings, spo2: Event) -> tuple[bool, bool]:
    """Whether it may be fine, and whether it may be poor: below 90 %."""
    cut = steps("spo2", settings.spo2_percent)
    assert spo2.low is not None and spo2.high is not None
    return spo2.high >= cut, spo2.low < cut


def _unknown(record: Record, last: Event, t: int) -> bool:
    """An expired device is not a recovery: unknown until a new row, at most 48 h. After an end, or room air: none."""
    if last.word == ROOM_AIR_WORD or last.end is not None:
        return False
    return t < _kept_until(record, last, t) + int(record.settings.finding_unknown_h * HOUR)


def _started(record: Record, last: Event, t: int) -> int:
    """The first row of the present device, of rows of one device that follow each other; after its end, its end."""
    if last.end is not None and last.end <= t:
        return last.end
    start = last.time
    for row in reversed(record.until(DEVICE, last.time)):
        if row.word != last.word or (row.end is not None and row.end < start):
            break
        start = row.time
    return start


def _since(row: Event | None, started: int) -> Event | None:
    return row if row is not None and row.time >= started else None


def _kept_until(record: Record, device: Event, t: int) -> int:
    own = until = holds_until(device)
    if device.end is not None or device.word == ROOM_AIR_WORD:
        return own
    for flow in record.between("oxygen_flow", device.time, t):
        if flow.time < until:
            until = max(own, holds_until(flow) if flow.low else flow.time)
    return until
