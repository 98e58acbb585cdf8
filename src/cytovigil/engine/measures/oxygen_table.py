"""The oxygen table (semantics 3): what is charted and valid, as a set of possible supports. The first row applies."""

from collections.abc import Callable
from typing import NamedTuple

from cytovigil.engine.record import Record, holds_until
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.times import HOUR
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
ROOM_AIR_PERCENT, FRACTION_CUT_PERCENT, SURE_FLOW_L_MIN = 21, 40, 4

Support = tuple[int, int]
NO_SUPPORT: Support = (NONE, ROOM_AIR)
SOME = ((LOW, BELOW_40), (LOW, AT_LEAST_40), (HIGH, BELOW_40), (HIGH, AT_LEAST_40))
PRESSURE = ((POSITIVE, BELOW_40), (POSITIVE, AT_LEAST_40), (POSITIVE, VENTILATOR))
ANYTHING: frozenset[Support] = frozenset({NO_SUPPORT, *SOME, *PRESSURE})


class Charted(NamedTuple):
    """What is charted and valid at one moment."""

    device: Event | None
    last: Event | None
    started: int
    flow: Event | None
    fio2: Event | None
    spo2: Event | None


class Answer(NamedTuple):
    """Possible supports, with flag, signals to chart, and the rows used."""

    supports: frozenset[Support]
    flag: str = ""
    missing: tuple[str, ...] = ()
    because: tuple[Event, ...] = ()


def same_answers(record: Record) -> Callable[[Answer, Answer], bool] | None:
    """What makes no change in a track of answers: rows alone, except in a fine record."""
    return None if record.fine else lambda one, other: one[:3] == other[:3]


def steps(signal: str, value: float) -> int:
    """A limit in the signal's smallest steps."""
    return round(value / float(signals()[signal].step))


def charted(record: Record, t: int) -> Charted:
    """The device with what was charted since it was started; a flow charted while it is valid keeps it valid."""
    known: dict[int, Charted] = record.memo.setdefault("oxygen charted", {})
    if t not in known:
        known[t] = _charted(record, t)
    return known[t]


def _charted(record: Record, t: int) -> Charted:
    last = record.newest(DEVICE, t)
    device = last if last and t < _kept_until(record, last, t) else record.valid(DEVICE, t)
    last = device or last
    started = _started(record, last, t) if last else -(10**12)
    flow, fio2 = (_since(record.valid(name, t), started) for name in ("oxygen_flow", "fio2"))
    return Charted(device, last, started, flow, fio2, record.valid("spo2", t))


def answer(record: Record, t: int) -> Answer:
    """The first row of the table that applies, over a flow that may be none, and a stronger device not yet ended."""
    now = charted(record, t)
    found = _answer(record, now, t)
    undelivered = now.device is None or now.device.word == ROOM_AIR_WORD
    if undelivered and now.flow is not None and not now.flow.low and now.flow.high:  # a bound such as <2 may be no flow
        found = _either(found, _answer(record, now._replace(flow=None), t))
    for row in record.until(DEVICE, t) if now.device is not None else ():
        if row.end is not None and t < row.end and _stronger(row, now.device):
            found = _either(found, _of_device(record, now, row))
    return found


def _stronger(row: Event, device: Event | None) -> bool:
    rank = (ROOM_AIR_WORD, "blow_by", CANNULA, *(word for word in CLASS_OF if word != "blow_by"))
    words = (row.word, device.word if device else ROOM_AIR_WORD)
    return all(word in rank for word in words) and rank.index(words[0]) > rank.index(words[1])


def _either(one: Answer, other: Answer) -> Answer:
    flags = {*one.flag.split("|"), *other.flag.split("|")} - {""}
    missing = tuple(sorted({*one.missing, *other.missing, DEVICE}))
    because = tuple(dict.fromkeys((*one.because, *other.because)))
    return Answer(one.supports | other.supports, "|".join(sorted(flags)), missing, because)


def _answer(record: Record, now: Charted, t: int) -> Answer:
    if now.device is not None and now.device.word != ROOM_AIR_WORD:
        return _of_device(record, now, now.device)
    flowing = now.flow is not None and (now.flow.high or 0) > 0
    enriched = now.fio2 is not None and (now.fio2.high or 0) > steps("fio2", ROOM_AIR_PERCENT)
    if flowing and now.flow is not None:
        return _of_flow(record, now, now.flow)
    if enriched and now.fio2 is not None:
        return _of_fio2(now, now.fio2)
    return _of_saturation(record, now, t)


def _of_device(record: Record, now: Charted, device: Event) -> Answer:
    used = tuple(row for row in (device, now.flow, now.fio2) if row is not None)
    if device.word == UNREADABLE:
        return Answer(ANYTHING, missing=(DEVICE,), because=used)
    if device.word == CANNULA:
        classes, missing = _cannula_classes(record, now.flow)
    else:
        classes, missing = (CLASS_OF[device.word],), ()
    supports = frozenset((c, f) for c in classes for f in _fractions(device.word, now))
    if len({f for _, f in supports}) > 1 and not missing:
        missing = ("fio2",)
    return Answer(supports, missing=missing, because=used)


def _cannula_classes(record: Record, flow: Event | None) -> tuple[tuple[int, ...], tuple[str, ...]]:
    if flow is None:
        return (LOW, HIGH), ("oxygen_flow",)
    cut = steps("oxygen_flow", record.settings.low_flow_l_min)
    assert flow.low is not None and flow.high is not None
    classes = tuple(sorted({LOW if flow.low <= cut else HIGH, LOW if flow.high <= cut else HIGH}))
    return classes, ("oxygen_flow",) if len(classes) > 1 else ()


def _fractions(word: str, now: Charted) -> tuple[int, ...]:
    """The inspired oxygen as charted, else what the device gives: our reading."""
    if word == VENTILATION:
        return (VENTILATOR,)
    if now.fio2 is not None:
        return _fraction_of(now.fio2)
    if word == CANNULA and now.flow is not None and (now.flow.high or 0) <= steps("oxygen_flow", SURE_FLOW_L_MIN):
        return (BELOW_40,)
    if word in ("non_rebreather", *POSITIVE_DEVICES):
        return (AT_LEAST_40,)
    return (BELOW_40, AT_LEAST_40)


def _fraction_of(fio2: Event) -> tuple[int, ...]:
    cut = steps("fio2", FRACTION_CUT_PERCENT)
    assert fio2.low is not None and fio2.high is not None
    return tuple(sorted({AT_LEAST_40 if end >= cut else BELOW_40 for end in (fio2.low, fio2.high)}))


def _of_flow(record: Record, now: Charted, flow: Event) -> Answer:
    """Oxygen flows but no device is charted, or the device says room air."""
    contradiction = "oxygen_contradiction" if now.device is not None else ""
    cut = steps("oxygen_flow", record.settings.low_flow_l_min)
    fractions = _fraction_of(now.fio2) if now.fio2 is not None else (BELOW_40, AT_LEAST_40)
    surely_high = not contradiction and (flow.low or 0) > cut
    found = {(c, f) for c in ((HIGH,) if surely_high else (LOW, HIGH)) for f in fractions}
    return Answer(frozenset(found), contradiction, (DEVICE,), tuple(r for r in (now.device, flow, now.fio2) if r))


def _of_fio2(now: Charted, fio2: Event) -> Answer:
    contradiction = "oxygen_contradiction" if now.device is not None else ""
    fractions = _fraction_of(fio2)
    found = {(c, f) for c in (LOW, HIGH, POSITIVE) for f in fractions} | {(POSITIVE, VENTILATOR)}
    if (fio2.low or 0) <= steps("fio2", ROOM_AIR_PERCENT):
        found.add(NO_SUPPORT)
    return Answer(frozenset(found), contradiction, (DEVICE,), tuple(r for r in (now.device, fio2) if r))


def _of_saturation(record: Record, now: Charted, t: int) -> Answer:
    lapsed = now.device is None and now.last is not None and _unknown(record, now.last, t)
    if now.spo2 is None or lapsed:
        if now.device is not None:
            return Answer(frozenset({NO_SUPPORT}), because=(now.device,))
        if lapsed and now.last is not None:
            return Answer(ANYTHING, "device_not_recharted", (DEVICE,), (now.last,))
        return Answer(ANYTHING, missing=(DEVICE, "spo2"))
    cut = steps("spo2", record.settings.spo2_percent)
    used = tuple(row for row in (now.device, now.spo2) if row is not None)
    assert now.spo2.low is not None and now.spo2.high is not None
    fine, poor = now.spo2.high >= cut, now.spo2.low < cut
    supports = {NO_SUPPORT} if fine else set()
    return Answer(
        frozenset(supports | ({*SOME, *PRESSURE} if poor else set())),
        "hypoxia_without_device" if poor else "",
        (DEVICE,) if poor else (),
        used,
    )


def _unknown(record: Record, last: Event, t: int) -> bool:
    """An expired device is not a recovery: unknown until a new row, at most 48 h. After an end, or room air: none."""
    if last.word == ROOM_AIR_WORD or last.end is not None:
        return False
    return t < _kept_until(record, last, t) + record.settings.finding_unknown_h * HOUR


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
