"""Fever (semantics 3), of all patients of a block."""

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths, packed, patient_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.measures.kinds import by_kind, coding, endless, held_codes
from cytovigil.engine.columnar.steps import Steps, beginnings, side_by_side
from cytovigil.engine.measures.fever import EITHER, NO, SIGNAL, YES, feverish, says
from cytovigil.logic.conditions import Field
from cytovigil.model.times import HOUR

TRUTHS = (NO, EITHER, YES)  # by code
NOTHING = -1  # no such reading


def fever(block: Block, field: Field) -> Steps:
    """True for so many hours after a counted reading that is fever; else false while the latest reading is valid."""
    code, settings = coding(block, field), block.settings
    rows = block.rows(SIGNAL)
    counted = rows.time >= block.start[rows.patient]
    truths = by_kind(block, rows.kind, (field, "truth"), lambda row: TRUTHS.index(feverish(settings, row)))
    denying = by_kind(block, rows.kind, (field, "no"), lambda row: code(says(NO, row)))
    newest = held_codes(block, endless(rows), np.where(counted, denying, NOTHING), NOTHING)
    certain, possible = (_lasting(block, rows, counted & (truths == TRUTHS.index(truth))) for truth in (YES, EITHER))
    sure_says, maybe_says = (
        by_kind(block, some.kind, (field, "says"), lambda row: code(says(feverish(settings, row), row)))
        for some in (certain, possible)
    )
    steps = [_certain(block, certain, sure_says), held_codes(block, possible, maybe_says, NOTHING)]
    keys, (sure, maybe, no) = side_by_side([*steps, newest])
    found = np.where(sure != NOTHING, sure, np.where(maybe != NOTHING, maybe, no))
    return Steps(keys, np.where(found != NOTHING, found, code(says(EITHER)))).compressed()


def _lasting(block: Block, rows: Rows, chosen: Truths) -> Rows:
    """Some rows, each as long as a fever counts."""
    some = endless(rows.at(np.flatnonzero(chosen)))
    return some._replace(until=some.time + int(block.settings.fever_window_h * HOUR))


def _certain(block: Block, rows: Rows, codes: Ints) -> Steps:
    """The code of the highest reading that counts; where all of a patient say the same, any."""
    differ = np.zeros(block.size, np.bool_)
    differ[rows.patient[1:][(codes[1:] != codes[:-1]) & (rows.patient[1:] == rows.patient[:-1])]] = True
    found = held_codes(block, rows, codes, NOTHING)
    if not differ.any():
        return found
    places = np.flatnonzero(differ[rows.patient])
    highest = _highest(block, rows.at(places), codes[places])
    return found.replaced(differ, Steps(*_begun(block, differ, highest)))


def _highest(block: Block, rows: Rows, codes: Ints) -> Steps:
    """At each moment the code of the highest reading that counts, of several the newest."""
    size = len(rows.time)
    lows = block.kinds_of(rows, lambda row: row.low or 0)
    edges = np.concatenate([packed(rows.patient, rows.until), packed(rows.patient, rows.time)])
    order = np.argsort(edges, kind="stable")
    keys, begun = edges[order], np.cumsum(order >= size)
    over = np.arange(1, 2 * size + 1) - begun
    final = np.append(keys[1:] != keys[:-1], True)
    keys, begun, over = keys[final], begun[final], over[final]
    heights = np.append(lows * size + np.arange(size), NOTHING)
    best = np.maximum.reduceat(heights, np.stack([over, begun], axis=1).ravel())[::2]
    return Steps(keys, np.where(over < begun, codes[best % size], NOTHING))


def _begun(block: Block, chosen: Truths, steps: Steps) -> tuple[Ints, Ints]:
    """The steps with a first one, of nothing, for each of the chosen patients."""
    first = beginnings(block.size)[chosen]
    places = np.searchsorted(patient_of(steps.keys), np.flatnonzero(chosen))
    return np.insert(steps.keys, places, first), np.insert(steps.codes, places, NOTHING)
