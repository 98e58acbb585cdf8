"""Sedation (semantics 5), and what was charted under it."""

from collections.abc import Sequence
from itertools import pairwise

from cytovigil.engine.measures.drugs import Runs, running, running_changes
from cytovigil.engine.measures.oxygen_table import CHARTED_WITH, VENTILATION, charted
from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import drugs_of

MIDAZOLAM = "midazolam"
SEDATED = "sedated"
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
        said = declared if declared is not None and t < holds_until(declared) else None
        acting = [(runs, rows) for start, end, runs, rows in spans if start <= t < end]
        doubt = _lapsed(record, declared, t) or (_ventilated(record, t) if said is None else None)
        return sedated(said, acting, doubt)

    edges = record.changes("sedation", "rass", *CHARTED_WITH)
    return facts(record, edges | {edge for start, end, _, _ in spans for edge in (start, end)}, at)


def sedated(said: Event | None, acting: Sequence[tuple[Runs, tuple[Event, ...]]], doubt: Event | None) -> Fact:
    """Of what is declared and holds, the sedatives that act, and a row that leaves sedation open."""
    if said is not None and said.word == SEDATED:
        return Fact(frozenset({True}), because=(said,))
    sure = [rows for runs, rows in acting if runs is Runs.YES]
    if sure:
        return Fact(frozenset({True}), because=sure[-1])
    if acting:
        return Fact(EITHER, frozenset({"no_stop_charted"}), frozenset({"sedation"}), acting[-1][1])
    if said is not None and said.word == UNREADABLE:
        doubt = said
    if doubt is not None:
        return Fact(EITHER, missing=frozenset({"sedation"}), because=(doubt,))
    return Fact(frozenset({False}))


def _lapsed(record: Record, declared: Event | None, t: int) -> Event | None:
    """A declared sedation that was not charted again: unknown for 48 h."""
    if declared is None or declared.word != SEDATED or declared.end is not None:
        return None
    return declared if t < holds_until(declared) + record.settings.finding_unknown_h * HOUR else None


def _ventilated(record: Record, t: int) -> Event | None:
    """The ventilator of a patient for whom no RASS is charted."""
    device = charted(record, t).device
    apparent = device is not None and device.word == VENTILATION and record.valid("rass", t) is None
    return device if apparent else None


def _sedative_spans(record: Record, drug: str) -> list[tuple[int, int, Runs, tuple[Event, ...]]]:
    """Stretches in which a sedative's infusion runs or may run, with its tail."""
    tail = tail_s(record.settings, drug)
    found: list[tuple[int, int, Runs, tuple[Event, ...]]] = []
    for start, end in pairwise(sorted(running_changes(record, (drug,)))):  # at the last change none runs any more
        runs, rows = running(record, drug, start)
        if runs is not Runs.NO and _infused(record, drug, start):
            found.append((start, end + tail, runs, rows))
    return found


def tail_s(settings: Settings, drug: str) -> int:
    """For how many seconds a sedative acts after its infusion."""
    return int((settings.midazolam_tail_h if drug == MIDAZOLAM else settings.sedative_tail_h) * HOUR)


def _infused(record: Record, drug: str, t: int) -> bool:
    """A bolus with an end is not an infusion."""
    return any(row.rate for row in record.until(drug, t))
