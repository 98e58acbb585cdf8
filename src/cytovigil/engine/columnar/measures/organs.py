"""Dialysis and organ toxicity, where new or worse than baseline (semantics 4), of all patients of a block."""

from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import NEVER, Ints
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Codes, Tabulated
from cytovigil.engine.columnar.measures.baseline import NO_BASELINE, baselines, lymphodepletion
from cytovigil.engine.columnar.measures.kinds import bare, coding, endless, flags_of
from cytovigil.engine.columnar.measures.laboratory import facts_of_rows, pairs_of
from cytovigil.engine.columnar.measures.ratios import Spans, every_passed, joined, spans_of, values_of
from cytovigil.engine.columnar.newest import NO_ROW, newest_valid
from cytovigil.engine.columnar.steps import Steps, constant, side_by_side
from cytovigil.engine.limits import Limit, upper_limit
from cytovigil.engine.measures.laboratory import ONCE, End
from cytovigil.engine.measures.organs import chronic_dialysis, dialysis_fact, new_dialysis, perhaps, toxicity_fact
from cytovigil.engine.record import Record
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.logic.laboratory import UPPER_LIMIT, BaselineSide, Cuts
from cytovigil.logic.ladder import Ladder
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR

SIGNAL = "dialysis"
NONE = Fact(frozenset({0}))


def dialysis(block: Block, field: Field) -> Steps:
    """New dialysis, as charted; not charted is none; after an expired finding unknown for some hours."""
    code, rows = coding(block, field), block.rows(SIGNAL)
    if not len(rows.time):
        return constant(block.size, code(NONE))
    kinds, chronic = block.known.kinds.values, _chronic(block)[rows.patient]
    new = Tabulated(lambda kind, at_baseline: new_dialysis(kinds[kind], at_baseline))([rows.kind, chronic]) > 0
    valid = Tabulated(lambda kind, at_baseline: code(dialysis_fact(field, kinds[kind], at_baseline)))
    doubted = Tabulated(lambda kind: code(perhaps(field, kinds[kind])))
    unknown_s = int(block.settings.finding_unknown_h * HOUR)
    lasting = endless(rows)._replace(until=np.where(new & ~rows.ended, rows.until + unknown_s, rows.until))
    keys, (now, lately) = side_by_side([newest_valid(block, rows), newest_valid(block, lasting)])
    by_row, doubts = (np.append(column, code(NONE)) for column in (valid([rows.kind, chronic]), doubted([rows.kind])))
    return Steps(keys, np.where(now != NO_ROW, by_row[now], doubts[lately])).compressed()  # NO_ROW is the last place


def _chronic(block: Block) -> Ints:
    """The kind of dialysis at baseline, of each patient."""
    rows, places, begin = block.rows(SIGNAL), block.once(baselines, SIGNAL), block.once(lymphodepletion)
    before = rows.time[places] <= begin
    ended = rows.ended[places] & (rows.until[places] <= np.where((begin != NEVER) & before, begin, block.start))
    kind = block.kinds_of(rows, chronic_dialysis)[places]
    return np.where(ended | (places == NO_BASELINE), 0, kind)


def organ_toxicity(block: Block, field: Field) -> Steps:
    """The CTCAE grade of the newest valid value, over every completion of bounds, limits and baseline."""
    ladder: Ladder = field.detail
    unknown = coding(block, field)(toxicity_fact(bare(block), field, None, None))
    rows = block.rows(ladder.name)
    if not len(rows.time):
        return constant(block.size, unknown)
    pairs, beside = pairs_of(block, ladder.name), _beside(block, field)
    value, limits, bases = values_of(block, rows.kind), beside.limits.at(pairs.place), beside.bases.at(pairs.place)
    counts = _counts(ladder, value, limits, bases)
    alike = value.wide.astype(np.int64), beside.said[pairs.place], flags_of(block, rows.kind), pairs.flags[pairs.place]
    fits = value.fits & limits.fits & bases.fits
    return facts_of_rows(block, field, rows, (*counts, *alike), fits, toxicity_fact, unknown)


def _counts(ladder: Ladder, value: Spans, limits: Spans, bases: Spans) -> list[Ints]:
    """How many cuts each value has passed, at each of its ends and of what it is compared with."""
    found: list[Ints] = []
    wide = value.wide | limits.wide | bases.wide
    for detail in (one.detail for one in ladder.fields if isinstance(one.detail, Cuts)):
        counts = every_passed(detail.cuts, value, limits if detail.of == UPPER_LIMIT else bases, wide)
        found += counts if wide.any() else counts[:1]
    return found


class Beside(NamedTuple):
    """What values are compared with, of each pair: limits and baselines, and a code of what these say by themselves."""

    limits: Spans
    bases: Spans
    said: Ints


def _beside(block: Block, field: Field) -> Beside:
    ladder: Ladder = field.detail
    pairs = pairs_of(block, ladder.name)
    limits, default = _limits(block, field)
    absent = spans_of([(ONCE,)]).at(np.zeros(int((~pairs.based).sum()), np.int64))
    bases = joined(pairs.based, values_of(block, pairs.number), absent)
    sides = [one.detail.beyond for one in ladder.fields if isinstance(one.detail, BaselineSide)]
    beyond = [count for side in sides for count in every_passed((side,), bases, limits, bases.wide | limits.wide)]
    book: Codes[tuple[int, ...]] = block.known.table((field, "said"), Codes)
    combined: Tabulated = block.known.table((field, "combined"), lambda: Tabulated(lambda *said: book.code(said)))
    said = pairs.based.astype(np.int64), default, bases.wide.astype(np.int64), limits.wide.astype(np.int64)
    return Beside(limits, bases, combined([*said, *beyond, *_counts(ladder, bases, limits, bases)]))


def _limits(block: Block, field: Field) -> tuple[Spans, Ints]:
    """The upper limit of each pair, and whether it is the default one."""
    pairs, record = pairs_of(block, field.detail.name), bare(block)
    sexes: Codes[str] = block.known.table("sexes", Codes)
    found: Codes[Limit] = block.known.table((field, "limits"), Codes)

    def limit(row: Event, base: Event | None, sex: int) -> int:
        patient = record.patient._replace(sex=sexes.values[sex])
        return found.code(upper_limit(Record(patient, (), record.settings), (row, base), row.signal))

    ask: Tabulated = block.known.table((field, "limit"), lambda: Tabulated(pairs.of_limits(limit)))
    sex = np.array([sexes.code(one.sex) for one in block.infusions], np.int64)[pairs.patient]
    codes, places = np.unique(ask([pairs.limits, pairs.base_limits, sex]), return_inverse=True)
    given = [found.values[code] for code in codes.tolist()]
    spans = spans_of([tuple(map(End, one.steps)) for one in given]).at(places)
    return spans, np.array([one.default for one in given], np.int64)[places]
