"""Sedation (semantics 5), and what was charted under it."""

from itertools import pairwise

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
EITHER = frozenset({True, False})


def sedation(record: Record, _field: Field | None = None) -> Track[Fact]:
    """Declared, or a sedative runs and 6 h after (midazolam 12 h); unknown on a ventilator where nothing is charted."""
    return record.once(_track)


def under_sedation(record: Record, row: Event) -> bool:
    """True for a row charted while sedation was certain: it says nothing of the patient, then or later."""
    return sedation(record).at(row.time).certain(True)


def _track(record: Record) -> Track[Fact]:
    spans = [span for drug in drugs_of("sedative") for span in _sedative_spans(record, drug)]

    def at(t: int) -> Fact:
        declared = record.valid("sedation", t) or record.newest("sedation", t)
        said = declared is not None and t < holds_until(declared)
        if declared is not None and said and declared.word == "sedated":
            return Fact(frozenset({True}), because=(declared,))
        acting = [(runs, rows) for start, end, runs, rows in spans if start <= t < end]
        sure = [rows for runs, rows in acting if runs is Runs.YES]
        if sure:
            return Fact(frozenset({True}), because=sure[-1])
        if acting:
            return Fact(EITHER, frozenset({"no_stop_charted"}), frozenset({"sedation"}), acting[-1][1])
        doubt = _lapsed(record, declared, t) or (None if said else _ventilated(record, t))
        if declared is not None and said and declared.word == UNREADABLE:
            doubt = declared
        if doubt is not None:
            return Fact(EITHER, missing=frozenset({"sedation"}), because=(doubt,))
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
    hours = record.settings.midazolam_tail_h if drug == MIDAZOLAM else record.settings.sedative_tail_h
    tail = int(hours * HOUR)
    found: list[tuple[int, int, Runs, tuple[Event, ...]]] = []
    for start, end in pairwise(sorted(running_changes(record, (drug,)))):  # at the last change none runs any more
        runs, rows = running(record, drug, start)
        if runs is not Runs.NO and _infused(record, drug, start):
            found.append((start, end + tail, runs, rows))
    return found


def _infused(record: Record, drug: str, t: int) -> bool:
    """A bolus with an end is not an infusion."""
    return any(row.rate for row in record.until(drug, t))
