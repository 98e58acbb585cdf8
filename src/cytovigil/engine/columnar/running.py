"""When drugs run (semantics 2), of all patients of a block: step functions of the few rows of each drug."""

from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, packed, patient_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Codes, Tabulated
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.steps import Steps, beginnings, constant, moments, side_by_side
from cytovigil.engine.measures.drugs import Answer, Runs, infusion_s, is_given, is_stop
from cytovigil.engine.record import is_systemic
from cytovigil.logic.facts import NO_FLAGS
from cytovigil.model.events import Event
from cytovigil.model.times import BEGINNING

RUNS = (Runs.NO, Runs.MAYBE, Runs.YES)  # by code
NO, MAYBE, YES = range(3)
NOTHING, STOP, DOSE, RATE = range(4)
NONE = -1


class Running(NamedTuple):
    """Of one drug: places in RUNS, and flags of the row that says so (codes of the run; no flags where none does)."""

    runs: Steps
    flags: Steps


def runs(block: Block, drug: str) -> Steps:
    """Whether a drug runs: NO, MAYBE or YES."""
    return running(block, drug).runs


def running(block: Block, drug: str) -> Running:
    """Whether a drug runs, with the flags of the row that says so."""
    return block.once(_running, drug)


def _running(block: Block, drug: str) -> Running:
    no_flags = block.known.flags.code(NO_FLAGS)
    rows = block.rows(drug)
    says = block.kinds_of(rows, _says) if len(rows.time) else rows.kind
    begins = (says == RATE) | ((says == DOSE) & rows.ended)
    if not begins.any():
        return Running(constant(block.size, NO), constant(block.size, no_flags))
    given = rows.at(begins)
    stops = packed(rows.patient[says == STOP], rows.time[says == STOP])
    valid_s, unknown_s = infusion_s(block.settings)
    ends = packed(given.patient, given.until)[given.ended]
    lapses = (packed(given.patient, given.time + lasts)[~given.ended] for lasts in (valid_s, unknown_s))
    starts = packed(given.patient, given.time)
    keys = moments(beginnings(block.size), starts, ends, *lapses, stops)
    covering, newest = _decisive(given, starts, stops, keys)
    age = keys - starts[newest]
    by_age = np.where(newest == NONE, NO, np.where(age < valid_s, YES, np.where(age < unknown_s, MAYBE, NO)))
    found = np.where(covering != NONE, YES, by_age)
    flags = block.kinds_of(given, lambda kind: block.known.flags.code(kind.flags))
    flags = np.where(found == NO, no_flags, flags[np.where(covering != NONE, covering, newest)])
    return Running(Steps(keys, found).compressed(), Steps(keys, flags).compressed())


def _says(kind: Event) -> int:
    if not is_systemic(kind):
        return NOTHING
    if is_stop(kind):
        return STOP
    return (RATE if kind.rate else DOSE) if is_given(kind) else NOTHING


def _decisive(given: Rows, starts: Ints, stops: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Of the rows since the last stop: the last whose end is to come, and of the newest the last without an end."""
    after = packed(patient_of(keys), np.full_like(keys, BEGINNING))
    if len(stops):
        last = np.searchsorted(stops, keys, side="right") - 1
        after = np.maximum(after, np.where(last == NONE, after, stops[last]))
    covering = latest_covering(starts, np.where(given.ended, packed(given.patient, given.until), NONE), keys, after)
    places = np.arange(len(starts), dtype=np.int64)
    unended = np.maximum.accumulate(np.where(given.ended, NONE, places))
    unended = np.where((unended != NONE) & (starts[unended] == starts), unended, NONE)
    newest = np.searchsorted(starts, keys, side="right") - 1
    newest = np.where((newest != NONE) & (starts[newest] >= after), unended[newest], NONE)
    return covering, newest


def latest_covering(starts: Ints, ends: Ints, keys: Ints, after: Ints) -> Ints:
    """Of spans by start the last that holds at each key and starts from `after` on; NONE where there is none.

    All are packed; `after` is of the patient of the key.
    """
    found = np.full(len(keys), NONE, np.int64)
    longest = np.maximum.accumulate(ends)
    place = np.searchsorted(starts, keys, side="right") - 1
    open_ = np.arange(len(keys), dtype=np.int64)
    while True:
        open_ = open_[place[open_] != NONE]
        at = place[open_]
        open_ = open_[(starts[at] >= after[open_]) & (longest[at] > keys[open_])]
        if not len(open_):
            return found
        holds = ends[place[open_]] > keys[open_]
        found[open_[holds]] = place[open_[holds]]
        open_ = open_[~holds]
        place[open_] -= 1


Found = tuple[tuple[str, Answer], ...]  # of the drugs that run, or may, the rows that say so


def together(block: Block, drugs: tuple[str, ...]) -> Steps:
    """Which of these drugs run; codes are places in `combinations`."""
    return block.once(_together, drugs)


def combinations(block: Block) -> Codes[Found]:
    """What runs together, in this run; rows stand for those that say so: of their drug, with their flags."""
    made: Codes[Found] = block.known.table("drugs that run", Codes)
    return made


def _together(block: Block, drugs: tuple[str, ...]) -> Steps:
    present = tuple(drug for drug in drugs if len(runs(block, drug).keys) > block.size)
    made, flags = combinations(block), block.known.flags.values
    if not present:
        return constant(block.size, made.code(()))

    def combined(*codes: int) -> int:
        pairs = zip(present, codes[::2], codes[1::2], strict=True)
        rows = ((drug, at, (Event("", 0, drug, flags=flags[flagged]),)) for drug, at, flagged in pairs if at != NO)
        return made.code(tuple((drug, (RUNS[at], row)) for drug, at, row in rows))

    keys, columns = side_by_side([one for drug in present for one in running(block, drug)])
    table: Tabulated = block.known.table(("together", present), lambda: Tabulated(combined))
    return Steps(keys, table(columns)).compressed()
