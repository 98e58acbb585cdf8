"""Support that may protect the airway, or follow extubation by routine: a range, not an inference (semantics 3)."""

from typing import NamedTuple

from cytovigil.engine.measures.arousal import charted_arousal
from cytovigil.engine.measures.oxygen_table import (
    CHARTED_WITH,
    HIGH,
    LOW,
    NO_SUPPORT,
    NONE,
    POSITIVE,
    POSITIVE_DEVICES,
    VENTILATION,
    Answer,
    Support,
    charted,
    same_answers,
    steps,
)  # fmt: skip
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, assemble
from cytovigil.model.events import Event
from cytovigil.model.times import FOR_EVER, HOUR

TOUCH = 3
BIPAP = "bipap"
ROUTINE_AFTER_EXTUBATION = {"high_flow_nasal_cannula", BIPAP}


class Worn(NamedTuple):
    """A device that may be worn for another reason than hypoxia, by class; NONE: none such. Started at `started`."""

    kind: int
    word: str
    started: int


class Run(NamedTuple):
    """A stretch of positive pressure, or of a high-flow cannula, and the ventilation before it."""

    start: int
    end: int
    devices: frozenset[str]
    ventilated: "Run | None"


class Doubt(NamedTuple):
    """A stretch whose support may not be for hypoxia, and the support before it."""

    start: int
    end: int
    before: frozenset[Support]


def with_doubt(record: Record, above: Track[Answer], devices: Track[Worn]) -> Track[Answer]:
    """The track in which support of a doubtful stretch is {support before, support}, flagged airway_or_hypoxia."""
    doubts = _doubts(record, above, devices)
    if not doubts:
        return above

    def at(t: int) -> Answer:
        found = above.at(t)
        doubt = next((d for d in doubts if d.start <= t < d.end), None)
        if doubt is None or found.supports == {NO_SUPPORT}:
            return found
        flags = found.flags | {"airway_or_hypoxia"}
        return found._replace(supports=found.supports | doubt.before, flags=flags, missing=frozenset({"attribution"}))

    return assemble([*above.times, *(edge for d in doubts for edge in d[:2])], at, same_answers(record))


def worn(record: Record) -> Track[Worn]:
    """The devices of the patient."""

    def at(t: int) -> Worn:
        now = charted(record, t)
        return worn_of(now.device, now.started)

    return assemble(record.changes(*CHARTED_WITH), at, same_device)


def same_device(one: Worn, other: Worn) -> bool:
    """Whether the one is the other still."""
    return one[:2] == other[:2]


def worn_of(device: Event | None, started: int) -> Worn:
    """The device where it matters here."""
    if device is not None and device.word in POSITIVE_DEVICES:
        return Worn(POSITIVE, device.word, started)
    if device is not None and device.word in ROUTINE_AFTER_EXTUBATION:
        return Worn(HIGH, device.word, started)
    return Worn(NONE, "", started)


def _doubts(record: Record, above: Track[Answer], devices: Track[Worn]) -> list[Doubt]:
    found: list[Doubt] = []
    for run in _runs(record, devices):
        if run.start < record.start:
            continue
        if run.devices <= set(POSITIVE_DEVICES) and _protects(record, above, run.start):
            found.append(Doubt(run.start, run.end, above.at(run.start - 1).supports))
        elif run.ventilated is not None and _follows_extubation(record, run):
            found.append(Doubt(run.start, run.end, above.at(run.ventilated.start - 1).supports))
    return found


def _runs(record: Record, devices: Track[Worn]) -> list[Run]:
    """Devices of positive pressure that follow each other are one run; after extubation a new one begins."""
    runs: list[Run] = []
    ventilated: Run | None = None
    for start, end, device in zip(devices.times, [*devices.times[1:], FOR_EVER], devices.values, strict=True):
        if device.kind == NONE:
            continue
        last = runs[-1] if runs else None
        if last and device.kind == POSITIVE and _joins(record, last, device, start):
            runs[-1] = last._replace(end=end, devices=last.devices | {device.word})
        else:
            runs.append(Run(start, end, frozenset({device.word}), ventilated))
        if device.word == VENTILATION:
            ventilated = runs[-1]
    return runs


def _joins(record: Record, last: Run, device: Worn, start: int) -> bool:
    """True where one follows the other at once, or was only not charted again for a while."""
    extubated = VENTILATION in last.devices and device.word != VENTILATION
    routine = _follows_extubation(record, last) and device.word != BIPAP
    if not last.devices <= set(POSITIVE_DEVICES) or extubated or routine:
        return False
    return last.end == start or device.started < last.end


def _protects(record: Record, above: Track[Answer], start: int) -> bool:
    """A reason to protect the airway is charted when positive pressure starts, and no hypoxia in the 6 h before."""
    window = int(record.settings.airway_window_h * HOUR)
    if not _reason(record, start, window):
        return False
    times = [start - window + 1, *(t for t in above.times if start - window < t < start)]
    lowest = (min(support_class for support_class, _ in above.at(t).supports) for t in times)
    return max(lowest) <= LOW and not _desaturated(record, start, window)


def _reason(record: Record, t: int, window: int) -> bool:
    arousal = charted_arousal(record, t)
    if arousal is not None and min(arousal.values) >= TOUCH:
        return True
    if any((row.end or row.time) > t - window for row in record.until("seizure", t)):
        return True
    sedation = record.valid("sedation", t)
    return sedation is not None and sedation.word == "sedated"


def _desaturated(record: Record, start: int, window: int) -> bool:
    cut = steps("spo2", record.settings.airway_spo2_percent)
    return any((row.high or 0) < cut for row in record.between("spo2", start - window + 1, start))


def _follows_extubation(record: Record, run: Run) -> bool:
    """True for a high-flow cannula or BiPAP in the 24 h after extubation, without hypoxia in between."""
    if run.ventilated is None or not run.devices <= ROUTINE_AFTER_EXTUBATION:
        return False
    since = run.start - run.ventilated.end
    return since < record.settings.extubation_h * HOUR and not _desaturated(record, run.start, since)
