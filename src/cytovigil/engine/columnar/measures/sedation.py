"""Sedation (semantics 5) of all patients of a block, and the rows that were charted under it."""

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Truths, packed, patient_of, time_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import CHARTED, Codes, Tabulated, told
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.few import by_few_signals
from cytovigil.engine.columnar.measures.kinds import by_kind, flags_of
from cytovigil.engine.columnar.measures.oxygen import worn
from cytovigil.engine.columnar.newest import NO_ROW, newest_valid
from cytovigil.engine.columnar.running import MAYBE, NO, RUNS, YES, runs
from cytovigil.engine.columnar.spans import Spans, covered, following, valid_spans
from cytovigil.engine.columnar.steps import Steps, constant, side_by_side
from cytovigil.engine.measures import sedation as reference
from cytovigil.engine.measures.oxygen_table import DEVICE, VENTILATION
from cytovigil.engine.track import flagged
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import drugs_of

NOTHING = 0
SIGNALS = ("sedation", "rass", DEVICE, "oxygen_flow")


class _Tables:
    """What a run has seen of sedation, by code."""

    def __init__(self) -> None:
        self.declared: Codes[tuple[Event | None, bool]] = Codes()  # a declaration, and whether it holds
        self.ventilators: Codes[Event | None] = Codes()
        self.facts: Codes[Fact] = Codes()
        self.declared.code((None, False))
        self.ventilators.code(None)
        self.judged = Tabulated(self._judged)
        self.certain = Tabulated(lambda code: int(self.facts.values[code].certain(True)))

    def _judged(self, declared: int, acts: int, ventilator: int) -> int:
        row, holds = self.declared.values[declared]
        acting = [] if acts == NO else [(RUNS[acts], (CHARTED,))]
        said, lapsed = (row, None) if holds else (None, row)
        doubt = lapsed or (self.ventilators.values[ventilator] if said is None else None)
        return self.facts.code(told(flagged(reference.sedated(said, acting, doubt))))


def sedation(block: Block, field: Field) -> Steps:
    """Declared, or by a sedative; unknown on a ventilator where nothing is charted."""
    found, tables = block.once(_sedation), _tables(block)
    codes = block.known.facts[field]
    table: Tabulated = block.known.table(
        ("sedation", field), lambda: Tabulated(lambda code: codes.code(tables.facts.values[code]))
    )
    return Steps(found.keys, table([found.codes]))


def under_sedation(block: Block, rows: Rows) -> Truths:
    """Rows charted while sedation was certain."""
    sedated = block.once(_certain)
    under = np.zeros(len(rows.time), np.bool_)
    ever = np.zeros(block.size, np.bool_)
    ever[patient_of(sedated.keys[sedated.codes == 1])] = True
    if ever.any():
        asked = np.flatnonzero(ever[rows.patient])
        under[asked] = sedated.at(packed(rows.patient[asked], rows.time[asked])) == 1
    return under


def _certain(block: Block) -> Steps:
    found = block.once(_sedation)
    return Steps(found.keys, _tables(block).certain([found.codes])).compressed()


def _tables(block: Block) -> _Tables:
    made: _Tables = block.known.table("sedation", _Tables)
    return made


def _sedation(block: Block) -> Steps:
    tables = _tables(block)
    acting, flags = _acting(block)
    ventilated, overlapping = _ventilated(block)
    keys, columns = side_by_side([_declared(block), acting, ventilated])
    found = Steps(keys, tables.judged(columns)).compressed()
    signals = (*SIGNALS, *drugs_of("sedative"))
    return by_few_signals(block, found, flags | overlapping, signals, reference.sedation, tables.facts)


def _declared(block: Block) -> Steps:
    """The declaration that holds, or one of sedation that was not charted again."""
    rows, declared = block.rows("sedation"), _tables(block).declared
    if not len(rows.time):
        return constant(block.size, NOTHING)
    may = (block.kinds_of(rows, lambda row: int(row.word == reference.SEDATED)) == 1) & ~rows.ended
    unknown = rows.until + int(block.settings.finding_unknown_h * HOUR)
    late = rows._replace(time=rows.until, until=np.minimum(unknown, following(rows, unknown)))
    late = late.at(may & (late.until > late.time))
    keys, (valid, lapsed) = side_by_side([newest_valid(block, rows), newest_valid(block, late)])
    holding = by_kind(block, rows.kind, "sedation that holds", lambda row: declared.code((row, True)))
    lapsing = by_kind(block, late.kind, "sedation that lapsed", lambda row: declared.code((row, False)))
    lapsed = np.append(lapsing, NOTHING)[lapsed]
    return Steps(keys, np.where(valid == NO_ROW, lapsed, np.append(holding, NOTHING)[valid])).compressed()


def _acting(block: Block) -> tuple[Steps, Truths]:
    """Whether sedatives act, with their tails; and the patients whose rows of them carry flags."""
    spans: dict[int, list[Spans]] = {MAYBE: [], YES: []}
    flagged_ = np.zeros(block.size, np.bool_)
    no_flags = block.known.flags.code(NO_FLAGS)
    for drug in drugs_of("sedative"):
        rows = block.rows(drug)
        if not len(rows.time):
            continue
        flagged_[rows.patient[flags_of(block, rows.kind) != no_flags]] = True
        for code, found in spans.items():
            found.append(_with_tail(block, drug, rows, code))
    if not spans[YES]:
        return constant(block.size, NO), flagged_
    each = [covered(block.size, Spans(*(np.concatenate(c) for c in zip(*spans[code], strict=True)))) for code in spans]
    keys, (maybe, yes) = side_by_side(each)
    return Steps(keys, np.where(yes == 1, YES, np.where(maybe == 1, MAYBE, NO))).compressed(), flagged_


def _with_tail(block: Block, drug: str, rows: Rows, code: int) -> Spans:
    """When a sedative runs, or may run, and the time after it; before its first rate it is no infusion."""
    steps = runs(block, drug)
    first = np.full(block.size, NEVER, np.int64)
    rates = block.kinds_of(rows, lambda row: int(row.rate)) == 1
    np.minimum.at(first, rows.patient[rates], rows.time[rates])
    places = np.flatnonzero(steps.codes == code)
    patient, end = patient_of(steps.keys[places]), time_of(steps.keys[places + 1])  # at last none runs any more
    start = np.maximum(time_of(steps.keys[places]), first[patient])
    return Spans(patient, start, end + reference.tail_s(block.settings, drug)).of(start < end)


def _ventilated(block: Block) -> tuple[Steps, Truths]:
    """The ventilator of a patient without a valid RASS; and ventilated patients in whom devices overlap."""
    rows, ventilators = block.rows(DEVICE), _tables(block).ventilators
    ventilated = np.zeros(block.size, np.bool_)
    ventilated[rows.patient[block.kinds_of(rows, lambda row: int(row.word == VENTILATION)) == 1]] = True
    if not ventilated.any():
        return constant(block.size, NOTHING), ventilated
    devices, states = worn(block)

    def ventilator(state: int) -> int:
        device = states.values[state].device
        return ventilators.code(device if device is not None and device.word == VENTILATION else None)

    table: Tabulated = block.known.table("ventilator", lambda: Tabulated(ventilator))
    by_state = Steps(devices.states.keys, table([devices.states.codes])).compressed()
    keys, (found, watched) = side_by_side([by_state, covered(block.size, valid_spans(block.rows("rass")))])
    return Steps(keys, np.where(watched == 1, NOTHING, found)).compressed(), ventilated & devices.overlapping
