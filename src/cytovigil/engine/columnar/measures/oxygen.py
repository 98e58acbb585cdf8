"""Oxygen support above the baseline (semantics 3): what is charted and valid side by side, the answer by table."""

from collections.abc import Callable

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, first_of_runs, packed, patient_of, time_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import CHARTED, Codes, Tabulated, told
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.devices import FLOW, Devices, State
from cytovigil.engine.columnar.devices import devices as devices_of
from cytovigil.engine.columnar.doubted import with_doubts
from cytovigil.engine.columnar.newest import newest_valid
from cytovigil.engine.columnar.steps import Steps, side_by_side
from cytovigil.engine.columnar.thinned import thinned
from cytovigil.engine.measures.oxygen import projected, tracks, ventilated
from cytovigil.engine.measures.oxygen_baseline import NO_BASELINE, Baseline, above, baseline
from cytovigil.engine.measures.oxygen_table import DEVICE, ROOM_AIR_WORD, Answer, Charted, row_flags, saturation
from cytovigil.engine.track import flagged
from cytovigil.logic.conditions import Field
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.model.settings import Settings

NOTHING = 0  # no row, no device, no baseline
FIO2, SPO2 = "fio2", "spo2"


class _Tables:
    """What a run has seen of oxygen, by code. Rows of answers stand for their flags."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.states: Codes[State] = Codes()
        self.rows: Codes[Event | None] = Codes()
        self.baselines: Codes[Baseline] = Codes()
        self.answers: Codes[Answer] = Codes()
        self.alike: Codes[tuple[object, ...]] = Codes()
        self.states.code(State())
        self.rows.code(None)
        self.baselines.code(NO_BASELINE)
        self.answered = Tabulated(self._answered)
        self.said = Tabulated(self._said)
        self._saturations: dict[object, Event] = {}

    def row(self, kind: Event) -> int:
        """A row by what counts: of a saturation whether it may be fine or poor."""
        if kind.signal != SPO2:
            return self.rows.code(kind)
        same = (saturation(self.settings, kind), kind.flags)
        return self.rows.code(self._saturations.setdefault(same, kind))

    def code(self, found: Answer) -> int:
        """The code of an answer."""
        because = (CHARTED._replace(flags=row_flags(found)),) if found.because else ()
        return self.answers.code(found._replace(because=because))

    def _answered(self, state: int, flow: int, fio2: int, spo2: int, before: int) -> int:
        device, lapsed = self.states.values[state]
        rows = self.rows.values
        now = Charted(device, device or lapsed, 0, rows[flow], rows[fio2], rows[spo2], lapsed is not None)
        return self.code(above(self.settings, now, self.baselines.values[before]))

    def _said(self, answer: int) -> int:
        """What tells one answer from another in a track: not whether there are rows, but their flags."""
        found = self.answers.values[answer]
        return self.alike.code((found[:3], row_flags(found)))


def oxygen(block: Block, field: Field) -> Steps:
    """Support that counts, by class or by fraction."""
    found, facts = block.once(_answers), block.known.facts[field]
    answers = _tables(block).answers.values

    def fact(answer: int) -> int:
        return facts.code(told(flagged(projected(answers[answer], field))))

    table: Tabulated = block.known.table(("oxygen", field), lambda: Tabulated(fact))
    return Steps(found.keys, table([found.codes])).compressed()


def ventilation(block: Block, field: Field) -> Steps:
    """True while invasive ventilation is charted and valid."""
    found, facts = block.once(_devices), block.known.facts[field]
    states = _tables(block).states.values

    def fact(state: int) -> int:
        return facts.code(told(flagged(ventilated(states[state].device))))

    table: Tabulated = block.known.table(("ventilation", field), lambda: Tabulated(fact))
    steps = Steps(found.states.keys, table([found.states.codes])).compressed()
    chosen = found.overlapping
    return steps.replaced(chosen, block.by_reference(field, chosen)) if chosen.any() else steps


def _tables(block: Block) -> _Tables:
    made: _Tables = block.known.table("oxygen", lambda: _Tables(block.settings))
    return made


def worn(block: Block) -> tuple[Devices, Codes[State]]:
    """The devices of a block, and what their codes stand for."""
    return block.once(_devices), _tables(block).states


def _devices(block: Block) -> Devices:
    return devices_of(block, _tables(block).states)


def _answers(block: Block) -> Steps:
    """Answers as they count, by code: with the doubts of the airway."""
    tables, devices = _tables(block), block.once(_devices)
    flow, fio2, spo2 = (block.rows(name) for name in (FLOW, FIO2, SPO2))
    spo2 = spo2._replace(kind=block.kinds_of(spo2, tables.row))
    spo2, _ = thinned(spo2, spo2.kind)
    valid = [newest_valid(block, rows) for rows in (flow, fio2, spo2)]
    keys, (state, *places) = side_by_side([devices.states, *valid], packed(block.patients, block.start))
    started = devices.started.at(keys)
    rows = (
        _since(places[0], flow, block.kinds_of(flow, tables.row), started),
        _since(places[1], fio2, block.kinds_of(fio2, tables.row), started),
        np.append(spo2.kind, NOTHING)[places[2]],
    )
    patient = patient_of(keys)
    before = np.where(time_of(keys) >= block.start[patient], _baselines(block)[patient], NOTHING)
    codes = tables.answered([state, *rows, before])
    changes = first_of_runs(patient, tables.said([codes]))
    found = Steps(keys[changes], codes[changes])
    found = with_doubts(block, found, devices, tables.states.values, tables.answers.values, tables.code)
    return _with_overlapping(block, found, devices, tables.code)


def _since(places: Ints, rows: Rows, says: Ints, started: Ints) -> Ints:
    """What the rows at these places say, where they were charted since the device was started."""
    times, said = np.append(rows.time, 0), np.append(says, NOTHING)
    return np.where(times[places] >= started, said[places], NOTHING)


def _baselines(block: Block) -> Ints:
    """The support before the infusion, by code; few patients have any."""
    devices, flows = block.rows(DEVICE), block.rows(FLOW)
    some = np.array([bool(one.baseline_oxygen) for one in block.infusions], np.bool_)
    helps = block.kinds_of(devices, lambda row: int(row.word not in (ROOM_AIR_WORD, UNREADABLE))) == 1
    flowing = block.kinds_of(flows, lambda row: int(bool(row.high))) == 1
    for rows, counts in ((devices, helps), (flows, flowing)):
        some[rows.patient[counts & (rows.time < block.start[rows.patient])]] = True
    found = np.full(block.size, NOTHING, np.int64)
    for place in np.flatnonzero(some).tolist():
        charted = (_events(block, rows, place) for rows in (devices, flows))
        before = baseline(block.settings, block.infusions[place], *charted)
        found[place] = _tables(block).baselines.code(before)
    return found


def _events(block: Block, rows: Rows, place: int) -> list[Event]:
    """Rows of a patient before the infusion."""
    first, after = np.searchsorted(rows.patient, [place, place + 1])
    after = first + np.searchsorted(rows.time[first:after], block.start[place])
    columns = (column[first:after].tolist() for column in (rows.kind, rows.time, rows.until, rows.ended))
    return [
        block.known.kinds.values[kind]._replace(time=time, end=until if ended else None)
        for kind, time, until, ended in zip(*columns, strict=True)
    ]


def _with_overlapping(block: Block, found: Steps, devices: Devices, code: Callable[[Answer], int]) -> Steps:
    """Patients in whom devices overlap, by the reference."""
    chosen = devices.overlapping
    if not chosen.any():
        return found
    made = [block.records[place].once(tracks)[0] for place in np.flatnonzero(chosen).tolist()]
    times = np.array([time for track in made for time in track.times], np.int64)
    codes = np.array([code(answer) for track in made for answer in track.values], np.int64)
    patients = np.repeat(np.flatnonzero(chosen), [len(track.times) for track in made])
    return found.replaced(chosen, Steps(packed(patients, times), codes))
