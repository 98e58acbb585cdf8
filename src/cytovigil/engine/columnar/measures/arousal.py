"""Arousal as it counts (semantics 5) of all patients of a block."""

from collections.abc import Sequence

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, packed, patient_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Codes, Tabulated, told
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.measures.assessed import UNASSESSED, instrument, scores
from cytovigil.engine.columnar.measures.kinds import by_kind, held_codes
from cytovigil.engine.columnar.measures.sedation import under_sedation
from cytovigil.engine.columnar.newest import newest_valid
from cytovigil.engine.columnar.spans import together
from cytovigil.engine.columnar.steps import Steps, side_by_side
from cytovigil.engine.measures.arousal import AROUSAL_SIGNALS, GCS, MEANINGS, arousal_of
from cytovigil.engine.measures.assessment import ICE
from cytovigil.engine.measures.neurology import by_ice, not_awake
from cytovigil.engine.track import flagged
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact

SILENT = 0  # no row of arousal is valid


class _Saying:
    """What rows say of arousal, by code, and what ICE says where they are silent."""

    def __init__(self, block: Block, field: Field) -> None:
        self._rows = _rows(block)
        self._scores, self._facts = instrument(block, ICE).facts, block.known.facts[field]
        self.said = Tabulated(self._said)

    def _said(self, row: int, score: int, overtaken: int) -> int:
        fact = self._rows.values[row] or told(flagged(by_ice(self._scores.values[score], bool(overtaken))))
        return self._facts.code(fact)


def arousal(block: Block, field: Field) -> Steps:
    """As charted. Without a valid row a valid ICE speaks."""
    saying: _Saying = block.known.table((field, "saying"), lambda: _Saying(block, field))
    found, ice = block.once(_charted), scores(block, ICE)
    keys, (row, _) = side_by_side([found, ice.steps])
    place = np.searchsorted(ice.steps.keys, keys, side="right") - 1
    score = np.where(row == SILENT, ice.steps.codes[place], UNASSESSED)
    asks = np.flatnonzero(score != UNASSESSED)
    overtaken = np.zeros(len(keys), np.int64)
    overtaken[asks] = _overtaken(block, keys[asks], ice.last[place[asks]])
    return Steps(keys, saying.said([row, score, overtaken])).compressed()


def _rows(block: Block) -> Codes[Fact | None]:
    """What rows say of arousal, in this run; nothing is SILENT."""
    made: Codes[Fact | None] = block.known.table("arousal of rows", Codes)
    made.code(None)
    return made


def _says(block: Block, rows: Rows) -> Ints:
    codes = _rows(block)
    return by_kind(block, rows.kind, "arousal of a row", lambda row: codes.code(told(flagged(arousal_of(row)))))


def _merged(block: Block, names: Sequence[str]) -> Rows:
    """The rows of these signals by patient and time; at equal times the first of the signals last."""
    every = [block.rows(name) for name in reversed(names)]
    charted = [rows for rows in every if len(rows.time)] or every[:1]
    return charted[0] if len(charted) == 1 else together(charted)


def _charted(block: Block) -> Steps:
    """What the newest valid row says; of GCS total where no other is valid."""
    rows, gcs = _merged(block, tuple(MEANINGS)), block.rows(GCS)
    hidden = under_sedation(block, rows)
    odd = np.zeros(block.size, np.bool_)
    odd[rows.patient[hidden | rows.ended]] = True
    found = held_codes(block, rows, _says(block, rows), SILENT)
    if odd.any():
        found = found.replaced(odd, _newest_of_each(block, odd))
    if not len(gcs.time):
        return found
    said = np.where(under_sedation(block, gcs), SILENT, _says(block, gcs))
    keys, (first, other) = side_by_side([found, held_codes(block, gcs, said, SILENT)])
    return Steps(keys, np.where(first == SILENT, other, first)).compressed()


def _newest_of_each(block: Block, chosen: Truths) -> Steps:
    """The same of the chosen patients, signal by signal: of the rows that hold and count the newest."""
    steps, times, codes = [], [], []
    for name in MEANINGS:
        rows = block.rows(name).at(chosen[block.rows(name).patient])
        steps.append(newest_valid(block, rows))
        hidden = under_sedation(block, rows)
        times.append(np.append(np.where(hidden, -NEVER, rows.time), -NEVER))
        codes.append(np.append(np.where(hidden, SILENT, _says(block, rows)), SILENT))
    keys, places = side_by_side(steps)
    newest = np.argmax([time[place] for time, place in zip(times, places, strict=True)], axis=0)  # of equals the first
    said = np.stack([code[place] for code, place in zip(codes, places, strict=True)])[newest, np.arange(len(keys))]
    mine = chosen[patient_of(keys)]
    return Steps(keys[mine], said[mine]).compressed()


def _overtaken(block: Block, keys: Ints, assessed: Ints) -> Truths:
    """Where the patient was charted not awake after the assessment, though that row has expired."""
    rows = block.once(_merged, AROUSAL_SIGNALS)
    place = np.searchsorted(packed(rows.patient, rows.time), keys, side="right") - 1
    if not len(rows.time):
        return np.zeros(len(keys), np.bool_)
    later: Truths = (place >= 0) & (rows.patient[place] == patient_of(keys)) & (rows.time[place] > assessed)
    later &= by_kind(block, rows.kind, "not awake", lambda row: int(not_awake(row)))[place] == 1
    return later
