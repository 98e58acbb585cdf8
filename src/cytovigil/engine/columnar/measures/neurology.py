"""Seizures, weakness, raised pressure (semantics 5) of all patients of a block."""

from collections.abc import Callable

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths, patient_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Tabulated, told
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.few import by_few_signals
from cytovigil.engine.columnar.measures.sedation import SIGNALS, under_sedation
from cytovigil.engine.columnar.spans import Sets, Spans, covered, following, valid_spans
from cytovigil.engine.columnar.steps import Steps, side_by_side
from cytovigil.engine.measures import neurology as reference
from cytovigil.engine.measures.assessment import ALL_NAMES
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, flagged
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import drugs_of

VALID, UNSEEN, LAPSED = range(3)
AMBIGUOUS = 0  # the fact of a set of rows of which one counts, and rows carry different flags
Held = tuple[Event, int]  # a row by its word and flags, and how it holds
ReferenceMeasure = Callable[[Record, Field], Track[Fact]]


def seizure(block: Block, field: Field) -> Steps:
    """The worst seizure, until some hours after it ended."""
    sets, rows, codes = _sets(block, field.name), block.rows("seizure"), block.known.facts[field]
    until = np.where(rows.ended, rows.until, rows.time) + reference.seizure_tail_s(block.settings)
    steps = sets.of(block.size, _kinds(block, sets, rows, VALID), Spans(rows.patient, rows.time, until))

    def fact(held: int) -> int:
        return codes.code(told(flagged(reference.worst_seizure(field, [row for row, _ in sets.held(held)]))))

    table: Tabulated = block.known.table((field, "seizures"), lambda: Tabulated(fact))
    return Steps(steps.keys, table([steps.codes])).compressed()


def motor_weakness(block: Block, field: Field) -> Steps:
    """As charted; not charted, none while ICE or CAPD is charted and valid."""
    keys, columns = side_by_side([_found(block, field.name), block.once(_assessed)])
    return _settled(block, field, keys, columns, reference.motor_weakness)


def raised_icp(block: Block, field: Field) -> Steps:
    """As weakness; not counted while intracranial bleeding is charted and valid."""
    rows, sets = block.rows(reference.BLEEDING), _sets(block, reference.BLEEDING)
    until = np.minimum(rows.until, following(rows, rows.until))
    bleeding = sets.of(block.size, _kinds(block, sets, rows, VALID), Spans(rows.patient, rows.time, until))
    keys, columns = side_by_side([_found(block, field.name), block.once(_assessed), bleeding])
    return _settled(block, field, keys, columns, reference.raised_icp)


def _assessed(block: Block) -> Steps:
    """1 while a row of ICE or CAPD is valid."""
    each = [valid_spans(block.rows(name)) for name in ALL_NAMES]
    return covered(block.size, Spans(*(np.concatenate(columns) for columns in zip(*each, strict=True))))


def _sets(block: Block, signal: str) -> Sets[Held]:
    made: Sets[Held] = block.known.table(("sets", signal), Sets)
    return made


def _kinds(block: Block, sets: Sets[Held], rows: Rows, how: int) -> Ints:
    def code(row: Event) -> int:
        return sets.kinds.code((Event("", 0, row.signal, word=row.word, flags=row.flags), how))

    return block.kinds_of(rows, code)


def _found(block: Block, signal: str) -> Steps:
    """The rows of a finding that hold, those charted under sedation, and the newest after they ceased to hold."""
    rows, sets = block.rows(signal), _sets(block, signal)
    valid, kind = valid_spans(rows), _kinds(block, sets, rows, VALID)
    if signal in reference.UNSEEN_UNDER_SEDATION:
        kind = np.where(under_sedation(block, rows), _kinds(block, sets, rows, UNSEEN), kind)
    lapses = (block.kinds_of(rows, lambda row: int(reference.may_lapse(row))) == 1) & ~rows.ended
    unknown = rows.until + int(block.settings.finding_unknown_h * HOUR)
    late = Spans(rows.patient, rows.until, np.minimum(unknown, following(rows, unknown))).of(lapses)
    spans = Spans(*(np.concatenate(columns) for columns in zip(valid, late, strict=True)))
    return sets.of(block.size, np.concatenate([kind, _kinds(block, sets, rows, LAPSED)[lapses]]), spans)


def _settled(block: Block, field: Field, keys: Ints, columns: list[Ints], measure: ReferenceMeasure) -> Steps:
    """Facts of the rows that hold; of patients in whom that is not enough, by the reference on these signals alone."""
    codes, sets, bleeding = block.known.facts[field], _sets(block, field.name), _sets(block, reference.BLEEDING)

    def fact(held: int, assessed: int, bleeds: int | None = None) -> int:
        found = _fact(field, sets.held(held), bool(assessed))
        if found is None:
            return AMBIGUOUS
        rows = [] if bleeds is None else [row for row, _ in bleeding.held(bleeds)]
        return 1 + codes.code(told(flagged(reference.unless_bleeding(flagged(found), rows))))

    table: Tabulated = block.known.table((field, "findings"), lambda: Tabulated(fact))
    said = table(columns)
    ambiguous: Truths = np.zeros(block.size, np.bool_)
    ambiguous[patient_of(keys[said == AMBIGUOUS])] = True
    names = (field.name, reference.BLEEDING, *ALL_NAMES, *SIGNALS, *drugs_of("sedative"))
    found = Steps(keys, said - 1).compressed()
    return by_few_signals(block, found, ambiguous, names, lambda record: measure(record, field), codes)


def _fact(field: Field, held: list[Held], assessed: bool) -> Fact | None:
    """The fact; None where it rests on one of several rows that carry different flags."""
    rows = {how: [row for row, held_so in held if held_so == how] for how in (VALID, UNSEEN, LAPSED)}
    valid = rows[VALID] + rows[UNSEEN]
    found = [
        reference.finding(field, order, lapsed, bool(rows[UNSEEN]), assessed)
        for order in ([[row, *valid] for row in valid] or [[]])
        for lapsed in ([[row] for row in rows[LAPSED]] or [[]])
    ]
    return flagged(found[0]) if len({told(flagged(one)) for one in found}) == 1 else None
