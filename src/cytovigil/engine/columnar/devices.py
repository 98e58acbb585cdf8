"""The oxygen device of each moment, and since when, of all patients of a block."""

from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, first_of_runs, packed
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Codes
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.steps import Steps, beginnings
from cytovigil.engine.columnar.thinned import thinned
from cytovigil.engine.measures.oxygen_table import DEVICE, ROOM_AIR_WORD
from cytovigil.model.events import Event
from cytovigil.model.times import BEGINNING, HOUR
from cytovigil.model.vocabulary import signals

FLOW = "oxygen_flow"


class State(NamedTuple):
    """The device that is charted and valid; or the last, which was not charted again."""

    device: Event | None = None
    lapsed: Event | None = None


GONE = State()


class Devices(NamedTuple):
    """Places in the states, and beside them, at the same moments, when the device was started.

    `overlapping`: patients in whom a device with an end outlasts a newer row; what they have here does not count.
    """

    states: Steps
    started: Steps
    overlapping: Truths


def devices(block: Block, states: Codes[State]) -> Devices:
    """The devices of a block; `states` grows."""
    charted = block.rows(DEVICE)
    rows, _ = thinned(charted, charted.kind)
    following = _following(rows)
    overlapping = np.zeros(block.size, np.bool_)
    overlapping[rows.patient[rows.ended & (rows.until > following)]] = True
    lapses = ~rows.ended & (block.kinds_of(rows, lambda row: int(row.word == ROOM_AIR_WORD)) == 0)
    until = np.where(lapses, _kept_until(block, rows), rows.until)
    known = until + lapses * int(block.settings.finding_unknown_h * HOUR)
    started = _started(block, rows)
    worn = block.kinds_of(rows, lambda row: states.code(State(device=row)))
    lapsed = block.kinds_of(rows, lambda row: states.code(State(lapsed=row)))
    gone = np.full(len(rows.time), states.code(GONE), np.int64)
    nobody = np.full(block.size, states.code(GONE), np.int64)
    ceases, ends = (until < following) & (until < known), known < following
    parts = (
        (beginnings(block.size), nobody, np.full(block.size, BEGINNING, np.int64)),
        (packed(rows.patient, rows.time), worn, started),
        (packed(rows.patient, until)[ceases], lapsed[ceases], started[ceases]),
        (packed(rows.patient, known)[ends], gone[ends], np.where(rows.ended, until, started)[ends]),
    )
    keys, codes, since = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(keys)
    return Devices(Steps(keys[order], codes[order]), Steps(keys[order], since[order]), overlapping)


def _following(rows: Rows) -> Ints:
    """When the next row of the patient begins."""
    found = np.full(len(rows.time), NEVER, np.int64)
    found[:-1] = np.where(rows.patient[1:] == rows.patient[:-1], rows.time[1:], NEVER)
    return found


def _started(block: Block, rows: Rows) -> Ints:
    """The first row of the present device, of rows of one device that follow each other without an end."""
    words: Codes[str] = Codes()
    word = block.kinds_of(rows, lambda row: words.code(row.word))
    begins = first_of_runs(rows.patient, word)
    begins[1:] |= rows.ended[:-1] & (rows.until[:-1] < rows.time[1:])
    return rows.time[np.maximum.accumulate(np.where(begins, np.arange(len(begins), dtype=np.int64), 0))]


def _kept_until(block: Block, rows: Rows) -> Ints:
    """A flow charted while a device is valid keeps it valid, as does a flow after it; a flow of 0 ends that.

    Flows follow each other until one begins when the flow before it kept nothing valid any more.
    """
    flows = block.rows(FLOW)
    if not len(flows.time):
        return rows.until
    valid_s = signals()[DEVICE].valid_s
    assert valid_s is not None
    keeps = np.where(block.kinds_of(flows, lambda row: int(bool(row.low))) == 1, flows.until, flows.time)
    starts = packed(flows.patient, flows.time)
    breaks = np.ones(len(starts) + 1, np.bool_)
    breaks[1:-1] = (flows.patient[1:] != flows.patient[:-1]) | (flows.time[1:] >= keeps[:-1])
    first, after = (np.searchsorted(starts, packed(rows.patient, t)) for t in (rows.until - valid_s, rows.until))
    broken = np.flatnonzero(breaks)
    last = broken[np.searchsorted(broken, after)] - 1
    return np.where(after > first, np.maximum(rows.until, keeps[last]), rows.until)
