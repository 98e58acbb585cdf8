"""Arousal as it counts, seizures, weakness, raised pressure (semantics 5)."""

from collections.abc import Sequence

from cytovigil.engine.measures.arousal import (
    ANY_AROUSAL,
    AROUSAL_SIGNALS,
    AWAKE,
    UNAROUSABLE,
    charted_arousal,
    meaning_of,
)
from cytovigil.engine.measures.assessment import ALL_NAMES, ICE, raw
from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.measures.sedation import under_sedation
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR

NEGATIVE = ("none", "absent", "negative")
FULL_ICE = 10
UNSEEN_UNDER_SEDATION = ("motor_weakness",)
_SEIZURES = {"resolved": 1, "nonconvulsive_resolved": 1, "prolonged": 2, "repetitive": 2}
_MEANINGS = {
    "motor_weakness": {"none": 0, "mild": 1, "deep_focal": 2},
    "raised_icp": {
        "none": 0, "focal_oedema": 1, "diffuse_oedema": 2, "posturing": 2,
        "sixth_nerve_palsy": 2, "papilloedema": 2, "cushing_triad": 2,
    },
}  # fmt: skip
BLEEDING = "intracranial_bleeding"


def arousal(record: Record, field: Field) -> Track[Fact]:
    """As charted. Without a valid row a valid ICE speaks: 10 is awake, 1 or more excludes unarousable."""
    ice = raw(record, ICE)

    def at(t: int) -> Fact:
        fact = charted_arousal(record, t, lambda row: not under_sedation(record, row))
        if fact is not None:
            return fact
        score = ice.at(t)
        return by_ice(score, bool(score.because) and _overtaken(record, t, score.because[-1].time))

    edges = record.changes(*AROUSAL_SIGNALS) | set(ice.times)
    return attribute(record, field, "arousal", facts(record, edges, at))


def by_ice(score: Fact, overtaken: bool) -> Fact:
    """Arousal where no row of it is valid. `overtaken`: charted not awake after the assessment."""
    missing = frozenset({"consciousness"})
    if not score.because or overtaken:
        return Fact(ANY_AROUSAL, missing=missing)
    if score.certain(FULL_ICE):
        return Fact(frozenset({AWAKE}), because=score.because)
    values = ANY_AROUSAL - {UNAROUSABLE} if min(score.values) >= 1 else ANY_AROUSAL
    return Fact(values, missing=missing, because=score.because)


def not_awake(row: Event) -> bool:
    """True for a row that says the patient may not be awake."""
    return meaning_of(row) != {AWAKE}


def _overtaken(record: Record, t: int, assessed: int) -> bool:
    """True where the patient was charted not awake after the assessment, though that row has expired: no recovery."""
    rows = [row for name in AROUSAL_SIGNALS if (row := record.newest(name, t)) is not None]
    newest = max(rows, key=lambda row: row.time, default=None)
    return newest is not None and newest.time > assessed and not_awake(newest)


def worst_seizure(field: Field, rows: Sequence[Event]) -> Fact:
    """The worst of the seizures that count."""
    if not rows:
        return Fact(frozenset({0}))
    kinds = frozenset({max(_SEIZURES.get(row.word, 0) for row in rows)})
    if any(row.word == UNREADABLE for row in rows):
        kinds = frozenset(kind for kind in field.domain if kind >= min(kinds))
    return Fact(kinds, missing=frozenset({"seizure"} if len(kinds) > 1 else ()), because=tuple(rows))


def seizure(record: Record, field: Field) -> Track[Fact]:
    """The worst seizure, until 24 h after it ended."""
    tail = seizure_tail_s(record.settings)
    until = {id(row): (row.end or row.time) + tail for row in record.rows("seizure")}

    def at(t: int) -> Fact:
        return worst_seizure(field, [row for row in record.until("seizure", t) if t < until[id(row)]])

    edges = [edge for row in record.rows("seizure") for edge in (row.time, until[id(row)])]
    return attribute(record, field, "seizure", facts(record, edges, at))


def seizure_tail_s(settings: Settings) -> int:
    """For how many seconds a seizure counts after it ended."""
    return int(settings.seizure_h * HOUR)


def motor_weakness(record: Record, field: Field) -> Track[Fact]:
    """As charted; not charted, none while ICE or CAPD is charted and valid; after an expired finding unknown, 48 h."""
    return attribute(record, field, "motor_weakness", _finding(record, field))


def raised_icp(record: Record, field: Field) -> Track[Fact]:
    """As weakness; not counted while intracranial bleeding is charted and valid."""
    found = _finding(record, field)

    def at(t: int) -> Fact:
        return unless_bleeding(found.at(t), [row for row in _newest(record, BLEEDING, t) if t < holds_until(row)])

    track = facts(record, [*found.times, *record.changes(BLEEDING)], at)
    return attribute(record, field, "raised_icp", track)


def unless_bleeding(fact: Fact, bleeding: Sequence[Event]) -> Fact:
    """Raised pressure beside the rows of bleeding that hold."""
    if not any(row.word == "present" for row in bleeding) or fact.certain(0):
        return fact
    return Fact(frozenset({0}), frozenset({"intracranial_bleeding"}), because=tuple(bleeding))


def _newest(record: Record, signal: str, t: int) -> list[Event]:
    """All rows at the newest time at or before t: of unordered categories all are kept."""
    rows = record.until(signal, t)
    return [row for row in rows if row.time == rows[-1].time]


def finding(field: Field, valid: Sequence[Event], lapsed: Sequence[Event], unseen: bool, assessed: bool) -> Fact:
    """A finding by its valid rows, else by a row that ceased to hold, else by whether the patient is assessed.

    `unseen`: a valid row was charted under sedation.
    """
    signal, meaning = field.name, _MEANINGS[field.name]
    unknown = Fact(field.unknown, missing=frozenset({signal}))
    if unseen:
        return unknown
    if any(row.word == UNREADABLE for row in valid):
        return unknown._replace(because=tuple(valid))
    if valid:
        worst = max(valid, key=lambda row: meaning[row.word])
        return Fact(frozenset({meaning[worst.word]}), because=(worst,))
    if lapsed:
        return unknown._replace(because=tuple(lapsed))
    return Fact(frozenset({0})) if assessed else unknown


def may_lapse(row: Event) -> bool:
    """True for a row that leaves its finding unknown when it ceases to hold: an expired finding is not a recovery."""
    return row.end is None and row.word not in NEGATIVE


def _finding(record: Record, field: Field) -> Track[Fact]:
    signal = field.name

    def at(t: int) -> Fact:
        rows = _newest(record, signal, t)
        ended = [row for row in record.until(signal, t) if row.end is not None and row not in rows]
        valid = [row for row in (*ended, *rows) if t < holds_until(row)]
        unseen = signal in UNSEEN_UNDER_SEDATION and any(under_sedation(record, row) for row in valid)
        unknown_s = record.settings.finding_unknown_h * HOUR
        lapsed = [row for row in rows if may_lapse(row) and t < holds_until(row) + unknown_s]
        assessed = any(record.valid(name, t) for name in ALL_NAMES)
        return finding(field, valid, lapsed[-1:], unseen, assessed)

    return facts(record, record.changes(signal, *ALL_NAMES), at)
