"""Answers with the doubts of the airway: positive pressure that may not be for hypoxia (semantics 3)."""

from collections.abc import Callable, Sequence

import numpy as np

from cytovigil.engine.columnar.arrays import packed, patient_of, time_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.devices import Devices, State
from cytovigil.engine.columnar.glance import Glance
from cytovigil.engine.columnar.steps import Steps
from cytovigil.engine.measures.airway import Worn, same_device, with_doubt, worn_of
from cytovigil.engine.measures.oxygen_table import POSITIVE_DEVICES, Answer
from cytovigil.engine.track import Track, assemble
from cytovigil.model.times import BEGINNING


def with_doubts(
    block: Block,
    above: Steps,
    devices: Devices,
    states: Sequence[State],
    answers: Sequence[Answer],
    code: Callable[[Answer], int],
) -> Steps:
    """The answers; those of patients with positive pressure since the infusion as the reference doubts them."""
    positive = np.array([one.device is not None and one.device.word in POSITIVE_DEVICES for one in states], np.bool_)
    chosen = np.zeros(block.size, np.bool_)
    patients = np.unique(patient_of(devices.states.keys[positive[devices.states.codes]]))
    keys, codes = [], []
    for place in patients[~devices.overlapping[patients]].tolist():
        track = _track(above, place, answers)
        found = with_doubt(Glance(block, place), track, _worn(devices, place, states))
        if found is not track:
            chosen[place] = True
            keys.append(packed(np.full(len(found.times), place), np.array(found.times, np.int64)))
            codes += [code(answer) for answer in found.values]
    return above.replaced(chosen, Steps(np.concatenate(keys), np.array(codes, np.int64))) if keys else above


def _of(steps: Steps, place: int) -> slice:
    first, after = np.searchsorted(steps.keys, packed(np.array([place, place + 1]), np.full(2, BEGINNING)))
    return slice(first, after)


def _track(steps: Steps, place: int, answers: Sequence[Answer]) -> Track[Answer]:
    mine = _of(steps, place)
    return Track(time_of(steps.keys[mine]).tolist(), [answers[code] for code in steps.codes[mine].tolist()])


def _worn(devices: Devices, place: int, states: Sequence[State]) -> Track[Worn]:
    mine = _of(devices.states, place)
    codes, started = devices.states.codes[mine].tolist(), devices.started.codes[mine].tolist()
    times = time_of(devices.states.keys[mine]).tolist()
    worn = [worn_of(states[code].device, since) for code, since in zip(codes, started, strict=True)]
    track = Track(times, worn)
    return assemble(times, track.at, same_device)
