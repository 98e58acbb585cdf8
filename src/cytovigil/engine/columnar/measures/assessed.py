"""ICE and CAPD as charted (semantics 5), of all patients of a block: rows grouped into assessments, by columns."""

from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, first_of_runs, packed, patient_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import CHARTED, Codes, Tabulated
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.measures.kinds import by_kind, flags_of
from cytovigil.engine.columnar.measures.sedation import under_sedation
from cytovigil.engine.columnar.newest import NO_ROW
from cytovigil.engine.columnar.spans import together
from cytovigil.engine.columnar.steps import Steps, beginnings, constant
from cytovigil.engine.measures.assessment import INSTRUMENTS, assessed, only, unassessed
from cytovigil.engine.track import flagged
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR, MINUTE
from cytovigil.model.vocabulary import signals

UNASSESSED, NOT_CHARTED = 0, 0
NO_SCORE = -1


class Scores(NamedTuple):
    """Scores of one instrument over time, as codes of its facts; `last`: when the last of their rows was charted."""

    steps: Steps
    last: Ints
    before: Ints  # of each patient the score before infusion, or NO_SCORE


class Instrument:
    """What a run has seen of one instrument, by code. Rows of its facts stand for their flags."""

    def __init__(self, names: tuple[str, ...], flags: Codes[frozenset[str]]) -> None:
        self.names = names
        self.facts: Codes[Fact] = Codes()
        self.facts.code(unassessed(names))
        self.spans: list[Codes[tuple[int | None, int | None] | None]] = [Codes() for _ in names]
        for codes in self.spans:
            codes.code(None)
        self.united = Tabulated(lambda one, other: flags.code(flags.values[one] | flags.values[other]))
        self.said = Tabulated(self._said)
        self._flags = flags

    def span(self, row: Event) -> int:
        """The code of what a row says, among those of its signal."""
        return self.spans[self.names.index(row.signal)].code((row.low, row.high))

    def alone(self, row: Event, due: bool) -> int:
        """The fact of an assessment of one row."""
        spans = [NOT_CHARTED] * len(self.names)
        spans[self.names.index(row.signal)] = self.span(row)
        return self._said(due, self._flags.code(row.flags), *spans)

    def only(self, codes: Ints) -> Ints:
        """The one score possible by each fact; NO_SCORE where there are several."""
        found = [only(fact.values) for fact in self.facts.values]
        return np.array([NO_SCORE if score is None else score for score in found], np.int64)[codes]

    def _said(self, due: int, flags: int, *spans: int) -> int:
        each = zip(self.names, self.spans, spans, strict=True)
        found = ((name, codes.values[span]) for name, codes, span in each)
        rows = tuple(Event("", 0, name, *span) for name, span in found if span is not None)
        said = CHARTED._replace(flags=self._flags.values[flags])
        return self.facts.code(flagged(assessed(rows, self.names, bool(due))._replace(because=(said,))))


class _Assessments(NamedTuple):
    """Rows of one instrument by patient and time, and the first and the last row of each assessment."""

    rows: Rows
    keys: Ints  # patient and time of the rows, packed
    place: Ints  # which signal of the instrument
    group: Ints  # which assessment
    first: Ints
    last: Ints

    @property
    def alone(self) -> Truths:
        """Assessments of one row."""
        alone: Truths = self.first == self.last
        return alone

    def of(self, which: Truths) -> tuple["_Assessments", Ints]:
        """Some of the assessments, and the places that rows have among theirs."""
        rows = which[self.group]
        places = np.cumsum(rows) - 1
        first, last = places[self.first[which]], places[self.last[which]]
        group = np.cumsum(which)[self.group[rows]] - 1
        return _Assessments(self.rows.at(rows), self.keys[rows], self.place[rows], group, first, last), places

    def upto(self, group: Ints, time: Ints) -> Ints:
        """The last row of each assessment at or before each time."""
        row, several = self.first[group], np.flatnonzero(~self.alone[group])
        keys = packed(self.rows.patient[row[several]], time[several])
        newest = np.searchsorted(self.keys, keys, side="right") - 1
        row[several] = np.minimum(newest, self.last[group[several]])
        return row

    def since(self, which: Truths, group: Ints, row: Ints) -> Ints:
        """The last row so marked at or before a row, in its assessment; NO_ROW where there is none."""
        newest = np.maximum.accumulate(np.where(which, np.arange(len(which), dtype=np.int64), NO_ROW))[row]
        return np.where(newest >= self.first[group], newest, NO_ROW)


def instrument(block: Block, name: str) -> Instrument:
    """The tables of an instrument in this run."""
    made: Instrument = block.known.table(("instrument", name), lambda: Instrument(INSTRUMENTS[name], block.known.flags))
    return made


def scores(block: Block, name: str) -> Scores:
    """Scores of an instrument, whether or not it belongs to the age."""
    return block.once(_scores, name)


def _scores(block: Block, name: str) -> Scores:
    found = _assessments(block, name)
    if not len(found.keys):
        nobody = np.full(block.size, NO_SCORE, np.int64)
        return Scores(constant(block.size, UNASSESSED), np.full(block.size, -NEVER, np.int64), nobody)
    starts, ends, follows = _counted(block, name, found)
    due = found.rows.time[found.first] + int(block.settings.assessment_due_h * HOUR)
    every = np.arange(len(starts), dtype=np.int64)
    later = found.group[~found.alone[found.group]]
    groups = np.concatenate([every, every, later])
    times = np.concatenate([starts, due, found.rows.time[~found.alone[found.group]]])
    counts = (starts[groups] <= times) & (times < ends[groups])
    groups, times = groups[counts], times[counts]
    row = found.upto(groups, times)
    codes = _said(block, name, found, groups, row, times >= due[groups])
    hidden = under_sedation(block, found.rows)
    if hidden.any():
        codes[found.since(hidden, groups, row) != NO_ROW] = UNASSESSED
    lapses = (starts < ends) & (ends < follows)
    patient = found.rows.patient[found.first]
    keys = np.concatenate([
        beginnings(block.size), packed(patient[groups], times), packed(patient[lapses], ends[lapses])
    ])  # fmt: skip
    codes = np.concatenate([np.full(block.size, UNASSESSED), codes, np.full(int(lapses.sum()), UNASSESSED)])
    last = np.concatenate([np.zeros(block.size, np.int64), found.rows.time[row], ends[lapses]])
    return Scores(*_stepped(keys, codes, last), _before(block, name, found))


def _assessments(block: Block, name: str) -> _Assessments:
    rows = together([block.rows(signal) for signal in INSTRUMENTS[name]])
    keys = packed(rows.patient, rows.time)
    first = _first(keys, int(block.settings.assessment_min * MINUTE))
    place = by_kind(block, rows.kind, ("signal of", name), lambda row: INSTRUMENTS[name].index(row.signal))
    last = np.append(first[1:], len(keys)) - 1
    group = np.repeat(np.arange(len(first), dtype=np.int64), last - first + 1)
    return _Assessments(rows, keys, place, group, first, last)


def _first(keys: Ints, window: int) -> Ints:
    """The first row of each assessment: later than the window after the first of the one before."""
    begins = np.ones(len(keys), np.bool_)
    begins[1:] = keys[1:] - keys[:-1] > window
    begin = np.flatnonzero(begins)
    after = np.append(begin[1:], len(keys))
    found = [begin]
    while len(begin):
        longer = keys[after - 1] - keys[begin] > window
        begin, after = np.searchsorted(keys, keys[begin[longer]] + window, side="right"), after[longer]
        found.append(begin)
    return np.sort(np.concatenate(found))


def _counted(block: Block, name: str, found: _Assessments) -> tuple[Ints, Ints, Ints]:
    """From when each assessment counts: complete, else some minutes after its first row; until when; the next one."""
    begun, patient = found.rows.time[found.first], found.rows.patient[found.first]
    complete = np.where(found.place[found.first] == 0, begun, NEVER)
    several = ~found.alone
    complete[several] = _complete(found.of(several)[0], len(INSTRUMENTS[name]))
    starts = np.minimum(begun + int(block.settings.assessment_wait_min * MINUTE), complete)
    follows = np.full(len(starts), NEVER, np.int64)
    follows[:-1] = np.where(patient[1:] == patient[:-1], starts[1:], NEVER)
    return starts, np.minimum(begun + (signals()[name].valid_s or 0), follows), follows


def _complete(found: _Assessments, signals_: int) -> Ints:
    """When the total, or the last of all items, was charted first; NEVER where not all are."""
    seen = np.full(len(found.first) * signals_, NEVER, np.int64)
    np.minimum.at(seen, found.group * signals_ + found.place, found.rows.time)
    totals, *items = seen.reshape(-1, signals_).T
    complete: Ints = np.minimum(totals, np.max(items, axis=0))
    return complete


def _said(block: Block, name: str, found: _Assessments, group: Ints, row: Ints, due: Truths) -> Ints:
    """The score of each assessment by its rows up to one, by code."""
    tables, alone, kind = instrument(block, name), found.alone[group], found.rows.kind[row]
    codes = by_kind(block, kind, ("alone", name), lambda event: tables.alone(event, False))
    codes[due] = by_kind(block, kind[due], ("alone and due", name), lambda event: tables.alone(event, True))
    if not alone.all():
        several, places = found.of(~found.alone)
        groups = (np.cumsum(~found.alone) - 1)[group[~alone]]
        codes[~alone] = _glimpsed(block, name, several, groups, places[row[~alone]], due[~alone])
    return codes


def _glimpsed(block: Block, name: str, found: _Assessments, group: Ints, row: Ints, due: Truths) -> Ints:
    """The same of assessments of several rows."""
    tables, kind, flags = instrument(block, name), found.rows.kind, block.known.flags
    span = by_kind(block, kind, ("span", name), tables.span)
    columns = []
    for place in range(len(tables.names)):
        newest = found.since(found.place == place, group, row)
        columns.append(np.where(newest == NO_ROW, NOT_CHARTED, span[newest]))
    said = flags_of(block, kind)
    united = np.full(len(row), flags.code(NO_FLAGS), np.int64)
    for one in np.flatnonzero(np.bincount(said)).tolist():
        if flags.values[one]:
            newest = found.since(said == one, group, row)
            united = tables.united([united, np.where(newest == NO_ROW, flags.code(NO_FLAGS), one)])
    return tables.said([due.astype(np.int64), united, *columns])


def _stepped(keys: Ints, codes: Ints, last: Ints) -> tuple[Steps, Ints]:
    order = np.argsort(keys, kind="stable")
    keys, codes, last = keys[order], codes[order], last[order]
    changes = first_of_runs(patient_of(keys), codes)
    return Steps(keys[changes], codes[changes]), last[changes]


def _before(block: Block, name: str, found: _Assessments) -> Ints:
    """The score of the last assessment begun before infusion, of each patient."""
    group = np.searchsorted(found.keys[found.first], packed(block.patients, block.start)) - 1
    has = (group >= 0) & (found.rows.patient[found.first[group]] == block.patients)
    score = np.full(block.size, NO_SCORE, np.int64)
    group = group[has]
    codes = _said(block, name, found, group, found.last[group], np.zeros(len(group), np.bool_))
    score[has] = instrument(block, name).only(codes)
    return score
