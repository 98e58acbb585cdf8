"""What was given against low pressure or bleeding: for how long, how often, and whether it helped."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cytovigil.engine.measures.attribution import attribute
from cytovigil.engine.measures.circulation import (
    EITHER,
    NO,
    PRESSURES,
    SIGN,
    YES,
    Truths,
    any_running,
    any_vasopressor,
    as_said,
    charted_hypotension,
    newest_pressure,
)  # fmt: skip
from cytovigil.engine.measures.drugs import Answer, Runs, is_given, running_changes
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import drugs_of

NO_STOP = frozenset({"no_stop_charted"})
PAIR = "vasopressin", "vasopressor"


class Stretch(NamedTuple):
    """Vasopressors one after another, short pauses included; `open_ended`: drugs of which no stop was charted."""

    start: int
    end: int
    open_ended: frozenset[str]


def vasopressor_long(record: Record, field: Field) -> Track[Fact]:
    """Whether vasopressors run, and have run for the hours of the field's detail without a longer pause."""
    needed_s = field.detail * HOUR
    certain, possible = record.once(_certain), record.once(_possible)

    def at(t: int) -> Fact:
        vasopressors = any_vasopressor(record, t)
        if vasopressors[0] is Runs.NO:
            return run_on(vasopressors, False, False)
        surely = vasopressors[0] is Runs.YES and t >= _covering(certain, t).start + needed_s
        longest = _covering(possible, t)
        return run_on(vasopressors, surely, t >= longest.start + needed_s, longest.open_ended)

    edges = _vasopressor_changes(record) | {one.start + needed_s for one in (*certain, *possible)}
    return attribute(record, field, SIGN, facts(record, edges, at), sign_track=charted_hypotension(record))


def run_on(vasopressors: Answer, surely: bool, perhaps: bool, open_ended: frozenset[str] = NO_FLAGS) -> Fact:
    """Whether those that run have run for long, surely or perhaps; `open_ended`: drugs of which no stop was charted."""
    runs, rows = vasopressors
    if runs is Runs.NO:
        return Fact(NO)
    values = frozenset({surely, perhaps})
    missing = open_ended if len(values) > 1 else NO_FLAGS
    return Fact(values, NO_STOP if missing else NO_FLAGS, missing, rows)


def _vasopressor_changes(record: Record) -> set[int]:
    return running_changes(record, drugs_of("vasopressor", "vasopressin"))


def _certain(record: Record) -> list[Stretch]:
    return _stretches(record, (Runs.YES,))


def _possible(record: Record) -> list[Stretch]:
    return _stretches(record, (Runs.YES, Runs.MAYBE))


def _stretches(record: Record, counted: tuple[Runs, ...]) -> list[Stretch]:
    pause_s = int(record.settings.vasopressor_pause_h * HOUR)
    found: list[Stretch] = []
    for start, end in pairwise(sorted(_vasopressor_changes(record))):
        runs, rows = any_vasopressor(record, start)
        if runs in counted:
            open_ended = frozenset(row.signal for row in rows) if runs is Runs.MAYBE else NO_FLAGS
            before = found.pop() if found and start - found[-1].end <= pause_s else Stretch(start, end, NO_FLAGS)
            found.append(Stretch(before.start, end, before.open_ended | open_ended))
    return found


def _covering(stretches: list[Stretch], t: int) -> Stretch:
    return next(one for one in stretches if one.start <= t < one.end)


def pressure_despite_vasopressor(record: Record, field: Field) -> Track[Fact]:
    """Low pressure, or a declared hypotension, charted while vasopressors ran: the newest of both counts."""
    possible = record.once(_possible)

    def at(t: int) -> Fact:
        vasopressors = any_vasopressor(record, t)
        if vasopressors[0] is Runs.NO:
            return in_spite(vasopressors, t)
        since = _covering(possible, t).start
        return in_spite(vasopressors, since, record.valid(SIGN, t), *newest_pressure(record, t))

    edges = _vasopressor_changes(record) | record.changes(SIGN, *PRESSURES)
    return attribute(record, field, SIGN, facts(record, edges, at), sign_track=charted_hypotension(record))


def in_spite(
    vasopressors: Answer,
    since: int,
    declared: Event | None = None,
    pressure: Event | None = None,
    below: Truths = EITHER,
) -> Fact:
    """Whether the pressure is low in spite of vasopressors that run since then, by what holds at one moment."""
    runs, rows = vasopressors
    if runs is Runs.NO:
        return Fact(NO)
    said = [(declared, as_said(declared))] if declared is not None and declared.time > since else []
    said += [(pressure, below)] if pressure is not None and pressure.time > since else []
    if not said:
        return Fact(EITHER, missing=frozenset({PRESSURES[0]}), because=rows)
    row, truth = max(said, key=lambda pair: pair[0].time)
    return Fact(truth, missing=frozenset({row.signal}) if truth == EITHER else NO_FLAGS, because=(row,))


def vasopressin_added(record: Record, field: Field) -> Track[Fact]:
    """Whether vasopressin runs beside a vasopressor."""

    def at(t: int) -> Fact:
        return run_together([any_running(record, drugs_of(name), t) for name in PAIR])

    return attribute(
        record, field, SIGN, facts(record, _vasopressor_changes(record), at), sign_track=charted_hypotension(record)
    )


def run_together(found: Sequence[Answer]) -> Fact:
    """Whether all of these run at one moment."""
    if any(runs is Runs.NO for runs, _ in found):
        return Fact(NO)
    because = tuple(row for _, rows in found for row in rows)
    perhaps = frozenset(row.signal for runs, rows in found if runs is Runs.MAYBE for row in rows)
    return Fact(EITHER, NO_STOP, perhaps, because) if perhaps else Fact(YES, because=because)


def doses(record: Record, field: Field) -> Track[Fact]:
    """How many doses of the field's signals were given in a window: a place in its domain, whose last is "or more".

    The field's detail is the setting of the window, and the sign with which a person may attribute them.
    """
    setting, sign = field.detail
    window_s = int(getattr(record.settings, setting) * HOUR)
    given = [row for name in field.signals for row in record.rows(name) if is_given(row)]

    def at(t: int) -> Fact:
        rows = tuple(row for row in given if row.time <= t < row.time + window_s)
        return Fact(frozenset({field.domain[min(len(rows), len(field.domain) - 1)]}), because=rows)

    track = facts(record, {edge for row in given for edge in (row.time, row.time + window_s)}, at)
    return attribute(record, field, sign, track, sign_track=charted_hypotension(record) if sign == SIGN else None)
