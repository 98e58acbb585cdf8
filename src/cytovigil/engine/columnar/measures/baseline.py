"""Before treatment (semantics 4), of all patients of a block."""

import numpy as np

from cytovigil.engine.baseline import DRUGS
from cytovigil.engine.columnar.arrays import NEVER, Ints, packed
from cytovigil.engine.columnar.block import Block
from cytovigil.model.times import DAY

NO_BASELINE = -1


def lymphodepletion(block: Block) -> Ints:
    """When lymphodepletion began; NEVER where that is not known."""
    since = block.start - int(block.settings.lymphodepletion_days * DAY)
    charted = np.full(block.size, NEVER, np.int64)
    for drug in DRUGS:
        rows = block.rows(drug)
        if len(rows.time):
            counted = block.kinds_of(rows, lambda kind: kind.high != 0).astype(np.bool_)
            counted &= (rows.time >= since[rows.patient]) & (rows.time < block.start[rows.patient])
            np.minimum.at(charted, rows.patient[counted], rows.time[counted])
    given = np.array([NEVER if (at := one.lymphodepletion_start) is None else at for one in block.infusions], np.int64)
    return np.where(given != NEVER, given, charted)


def baselines(block: Block, signal: str) -> Ints:
    """Places, in the rows of a signal, of the value that later ones are compared with; NO_BASELINE where none was."""
    rows = block.rows(signal)
    keys = packed(rows.patient, rows.time)
    first = np.searchsorted(keys, packed(block.patients, block.start - _recent_s(block)))
    of_patient = np.searchsorted(rows.patient, block.patients)
    begin = np.minimum(block.once(lymphodepletion), block.start - 1)
    last = np.searchsorted(keys, packed(block.patients, block.start - 1), side="right") - 1
    before = np.searchsorted(keys, packed(block.patients, begin), side="right") - 1
    known = block.once(lymphodepletion) != NEVER
    recent = np.where(last >= np.maximum(first, of_patient), last, NO_BASELINE)
    return np.where(known & (before >= of_patient), before, recent)


def _recent_s(block: Block) -> int:
    return int(block.settings.baseline_laboratory_days * DAY)


def baseline_kinds(block: Block, signal: str) -> Ints:
    """The kinds of these rows; NO_BASELINE where none was."""
    return np.append(block.rows(signal).kind, NO_BASELINE)[block.once(baselines, signal)]
