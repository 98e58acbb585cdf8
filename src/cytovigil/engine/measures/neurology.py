"""Arousal as it counts, seizures, weakness, raised pressure, sedation (semantics 5)."""

from cytovigil.engine.measures.arousal import ANY_AROUSAL, AROUSAL_SIGNALS, AWAKE, UNAROUSABLE, charted_arousal
from cytovigil.engine.measures.assessment import ALL_NAMES, ICE, raw
from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.measures.drugs import Runs, running, running_changes
from cytovigil.engine.measures.oxygen_table import CHARTED_WITH, VENTILATION, charted
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import drugs_of

MIDAZOLAM = "midazolam"
NEGATIVE = ("none", "absent", "negative")
FULL_ICE = 10
_SEIZURES = {"resolved": 1, "nonconvulsive_resolved": 1, "prolonged": 2, "repetitive": 2}
_WEAKNESS = {"none": 0, "mild": 1, "deep_focal": 2}
_PRESSURE = {"none": 0, "focal_oedema": 1}


def arousal(record: Record, field: Field) -> Track[Fact]:
    """As charted. Without a valid row a valid ICE speaks: 10 is awake, 1 or more excludes unarousable."""
    ice = raw(record, ICE)

    def at(t: int) -> Fact:
        fact = charted_arousal(record, t)
        if fact is not None:
            return fact
        score = ice.at(t)
        missing = frozenset({"consciousness"})
        if not score.because:
            return Fact(ANY_AROUSAL, missing=missing)
        if score.certain(FULL_ICE):
            return Fact(frozenset({AWAKE}), because=score.because)
        values = ANY_AROUSAL - {UNAROUSABLE} if min(score.values) >= 1 else ANY_AROUSAL
        return Fact(values, missing=missing, because=score.because)

    edges = record.changes(*AROUSAL_SIGNALS) | set(ice.times)
    return attribute(record, field, "arousal", facts(record, edges, at))


def seizure(record: Record, field: Field) -> Track[Fact]:
    """The worst seizure, until 24 h after it ended."""
    tail = int(record.settings.seizure_h * HOUR)
    until = {id(row): (row.end or row.time) + tail for row in record.rows("seizure")}

    def at(t: int) -> Fact:
        rows = [row for row in record.until("seizure", t) if t < until[id(row)]]
        if not rows:
            return Fact(frozenset({0}))
        worst = max(rows, key=lambda row: (_SEIZURES.get(row.word, 0), row.time))
        kinds = frozenset({_SEIZURES.get(worst.word, 0)})
        if any(row.word == UNREADABLE for row in rows):
            kinds = frozenset(kind for kind in field.domain if kind >= min(kinds))
        return Fact(kinds, missing=frozenset({"seizure"} if len(kinds) > 1 else ()), because=tuple(rows))

    edges = [edge for row in record.rows("seizure") for edge in (row.time, until[id(row)])]
    return attribute(record, field, "seizure", facts(record, edges, at))


def motor_weakness(record: Record, field: Field) -> Track[Fact]:
    """As charted; not charted, none while ICE or CAPD is charted and valid; after an expired finding unknown, 48 h."""
    return attribute(record, field, "motor_weakness", _finding(record, field, _WEAKNESS))


def raised_icp(record: Record, field: Field) -> Track[Fact]:
    """As weakness; not counted while intracranial bleeding is charted and valid."""
    found = _finding(record, field, _PRESSURE)

    def at(t: int) -> Fact:
        bleeding = [row for row in _newest(record, "intracranial_bleeding", t) if t < holds_until(row)]
        fact = found.at(t)
        if not any(row.word == "present" for row in bleeding) or fact.certain(0):
            return fact
        return Fact(frozenset({0}), frozenset({"intracranial_bleeding"}), because=tuple(bleeding))

    track = facts(record, [*found.times, *record.changes("intracranial_bleeding")], at)
    return attribute(record, field, "raised_icp", track)


def _newest(record: Record, signal: str, t: int) -> list[Event]:
    """All rows at the newest time at or before t: of unordered categories all are kept."""
    rows = record.until(signal, t)
    return [row for row in rows if row.time == rows[-1].time]


def _finding(record: Record, field: Field, meaning: dict[str, int]) -> Track[Fact]:
    signal = field.name

    def at(t: int) -> Fact:
        rows = _newest(record, signal, t)
        valid = [row for row in rows if t < holds_until(row)]
        if any(row.word == UNREADABLE for row in valid):
            return Fact(field.unknown, missing=frozenset({signal}), because=tuple(valid))
        if valid:
            worst = max(valid, key=lambda row: meaning.get(row.word, 2))
            return Fact(frozenset({meaning.get(worst.word, 2)}), because=(worst,))
        lapsed = [row for row in rows if row.end is None and row.word not in NEGATIVE]
        unknown_s = record.settings.finding_unknown_h * HOUR
        if any(t < holds_until(row) + unknown_s for row in lapsed):
            return Fact(field.unknown, missing=frozenset({signal}), because=(lapsed[-1],))
        if any(record.valid(name, t) for name in ALL_NAMES):
            return Fact(frozenset({0}))
        return Fact(field.unknown, missing=frozenset({signal}))

    return facts(record, record.changes(signal, *ALL_NAMES), at)


def sedation(record: Record, field: Field) -> Track[Fact]:
    """Declared, or a sedative runs and 6 h after (midazolam 12 h); unknown on a ventilator where nothing is charted."""
    spans = [span for drug in drugs_of("sedative") for span in _sedative_spans(record, drug)]

    def at(t: int) -> Fact:
        declared = record.newest("sedation", t)
        said = declared is not None and t < holds_until(declared)
        if declared is not None and said and declared.word == "sedated":
            return Fact(frozenset({True}), because=(declared,))
        acting = [(runs, rows) for start, end, runs, rows in spans if start <= t < end]
        sure = [rows for runs, rows in acting if runs is Runs.YES]
        if sure:
            return Fact(frozenset({True}), because=sure[-1])
        if acting:
            return Fact(field.unknown, frozenset({"no_stop_charted"}), frozenset({"sedation"}), acting[-1][1])
        doubt = _lapsed(record, declared, t) or (None if said else _ventilated(record, t))
        if declared is not None and said and declared.word == UNREADABLE:
            doubt = declared
        if doubt is not None:
            return Fact(field.unknown, missing=frozenset({"sedation"}), because=(doubt,))
        return Fact(frozenset({False}))

    edges = record.changes("sedation", "rass", *CHARTED_WITH)
    return facts(record, edges | {edge for start, end, _, _ in spans for edge in (start, end)}, at)


def _lapsed(record: Record, declared: Event | None, t: int) -> Event | None:
    """A declared sedation that was not charted again: unknown for 48 h."""
    if declared is None or declared.word != "sedated" or declared.end is not None:
        return None
    return declared if t < holds_until(declared) + record.settings.finding_unknown_h * HOUR else None


def _ventilated(record: Record, t: int) -> Event | None:
    """The ventilator of a patient for whom no RASS is charted."""
    device = charted(record, t).device
    apparent = device is not None and device.word == VENTILATION and record.valid("rass", t) is None
    return device if apparent else None


def _sedative_spans(record: Record, drug: str) -> list[tuple[int, int, Runs, tuple[Event, ...]]]:
    """Stretches in which a sedative's infusion runs or may run, with its tail."""
    if not record.rows(drug):
        return []
    hours = record.settings.midazolam_tail_h if drug == MIDAZOLAM else record.settings.sedative_tail_h
    tail = int(hours * HOUR)
    times = sorted(running_changes(record, (drug,)))
    states = [running(record, drug, t) if _infused(record, drug, t) else (Runs.NO, ()) for t in times]
    found: list[tuple[int, int, Runs, tuple[Event, ...]]] = []
    for (runs, rows), start, end in zip(states, times, [*times[1:], times[-1]], strict=True):
        if runs is not Runs.NO:
            found.append((start, end + tail, runs, rows))
    return found


def _infused(record: Record, drug: str, t: int) -> bool:
    """A bolus with an end is not an infusion."""
    return any(row.rate for row in record.until(drug, t))
