"""Laboratory values against numbers, limits of normal and the baseline, of all patients of a block."""

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, Truths, first_of_runs
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Codes, Tabulated
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.measures.baseline import NO_BASELINE, baseline_kinds
from cytovigil.engine.columnar.measures.kinds import (
    bare,
    by_kind,
    coding,
    flags_of,
    held,
    held_codes,
    represented,
)
from cytovigil.engine.columnar.measures.ratios import Spans, every_passed, joined, spans_of, values_of
from cytovigil.engine.columnar.steps import Steps, constant
from cytovigil.engine.columnar.thinned import thinned
from cytovigil.engine.limits import limit_of
from cytovigil.engine.measures.laboratory import End, baseline_fact, compared_with, value_fact
from cytovigil.engine.record import Record
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import NO_FLAGS, Fact
from cytovigil.logic.laboratory import BASELINE, VALUE, BaselineSide, Cuts
from cytovigil.model.events import Event


def never_charted(block: Block, field: Field) -> Steps:
    """What the vocabulary has no signal for: any value is possible."""
    return constant(block.size, coding(block, field)(Fact(field.unknown)))


def laboratory(block: Block, field: Field) -> Steps:
    """How many cuts the newest valid value has passed, over every completion of bounds, limit and baseline."""
    detail: Cuts = field.detail
    code, record = coding(block, field), bare(block)
    rows, unknown = block.rows(detail.signal), code(value_fact(record, field, None, None))
    if not len(rows.time):
        return constant(block.size, unknown)
    if detail.of == VALUE:
        says = by_kind(block, rows.kind, (field, "says"), lambda row: code(value_fact(record, field, row, None)))
        return held_codes(block, rows, says, unknown)
    return _compared(block, field, rows, unknown)


def _compared(block: Block, field: Field, rows: Rows, unknown: int) -> Steps:
    """The same of values compared with the limit or the baseline."""
    detail: Cuts = field.detail
    pairs = pairs_of(block, detail.signal)
    value, of = values_of(block, rows.kind), _compared_with(block, field, pairs).at(pairs.place)
    counts = every_passed(detail.cuts, value, of, value.wide | of.wide)
    least, most = reduce(np.minimum, counts), reduce(np.maximum, counts)
    flags = block.known.flags
    mine = by_kind(block, rows.kind, "flags of readings", lambda row: flags.code(_flags_of_readings(row)))
    says = (least, most, mine, *([pairs.flags[pairs.place]] if detail.of == BASELINE else []))
    return facts_of_rows(block, field, rows, says, value.fits & of.fits, value_fact, unknown)


def _flags_of_readings(row: Event) -> frozenset[str]:
    return frozenset().union(*(one.flags for one in row.readings))


def _compared_with(block: Block, field: Field, pairs: "Pairs") -> Spans:
    """What the cuts are multiples of, of each pair: a baseline that is known as it is, else what the reference says."""
    detail: Cuts = field.detail
    if detail.of != BASELINE:
        return _asked(block, field, pairs, np.ones(len(pairs.limits), np.bool_))
    value = values_of(block, pairs.number)
    known = pairs.based & ~value.wide
    return value if known.all() else joined(known, value, _asked(block, field, pairs, ~known))


def _asked(block: Block, field: Field, pairs: "Pairs", chosen: Truths) -> Spans:
    """The reference's answer for some pairs: by their limits alone, and by the baseline too where these do not do."""
    detail: Cuts = field.detail
    record = bare(block)
    ends: Codes[tuple[End, ...]] = block.known.table((field, "ends"), Codes)

    def by_both(row: Event, base: Event | None) -> int:
        return ends.code(compared_with(record, detail, row, base))

    def by_limits(row: Event, base: Event | None) -> int:
        settled = detail.of != BASELINE and not (detail.side and limit_of(record, (row, base), detail.of) is None)
        return by_both(row, base) + 1 if settled else 0

    ask: Tabulated = block.known.table((field, "by limits"), lambda: Tabulated(pairs.of_limits(by_limits)))
    found = ask([pairs.limits[chosen], pairs.base_limits[chosen]]) - 1
    rest = found < 0
    if rest.any():
        ask = block.known.table((field, "by both"), lambda: Tabulated(pairs.of_both(by_both)))
        found[rest] = ask([pairs.limits[chosen][rest], (pairs.bases + 1)[chosen][rest]])
    codes, places = np.unique(found, return_inverse=True)
    return spans_of([ends.values[code] for code in codes.tolist()]).at(places)


def facts_of_rows(
    block: Block,
    field: Field,
    rows: Rows,
    says: tuple[Ints, ...],
    fits: Truths,
    fact: Callable[[Record, Field, Event, Event | None], Fact],
    unknown: int,
) -> Steps:
    """Steps of rows by what their facts depend on; each fact is made of one row and its patient's baseline.

    Patients of whom some row does not `fit` are the reference's.
    """
    code, kinds = coding(block, field), block.known.kinds.values
    says = *says, fits.astype(np.int64)
    found, first = thinned(rows, *says)
    bases = baseline_kinds(block, field.signals[0])[found.patient]

    def ask(place: int) -> int:
        base = kinds[bases[place]] if bases[place] != NO_BASELINE else None
        return code(fact(bare(block, found.patient[place]), field, kinds[found.kind[place]], base))

    codes = represented(block, field)([column[first] for column in says], ask)
    return _where_fit(block, field, rows, fits, held(block, found, codes, unknown))


def _where_fit(block: Block, field: Field, rows: Rows, fits: Truths, steps: Steps) -> Steps:
    unfit = np.zeros(block.size, np.bool_)
    unfit[rows.patient[~fits]] = True
    return steps.replaced(unfit, block.by_reference(field, unfit)) if unfit.any() else steps


class Pairs(NamedTuple):
    """Values and the baseline, as far as their limits go: `place` of each row in the other columns, few for a patient.

    `limits` and `base_limits` say what limits are given, places in `known`, the second plus 1, and 0 where there is no
    baseline: not `based`. `bases` are kinds, or NO_BASELINE; `number` the same, or the kind of some value. `flags` are
    those of the baseline.
    """

    place: Ints
    patient: Ints
    limits: Ints
    bases: Ints
    based: Truths
    base_limits: Ints
    number: Ints
    flags: Ints
    known: Codes[Event]
    kinds: Codes[Event]

    def of_limits(self, answer: Callable[..., int]) -> Callable[..., int]:
        """A function of two rows, the second or None, as one of `limits` and `base_limits`."""
        known = self.known
        return lambda limits, base, *rest: answer(known.values[limits], known.values[base - 1] if base else None, *rest)

    def of_both(self, answer: Callable[..., int]) -> Callable[..., int]:
        """The same as one of `limits` and of `bases`, plus 1."""
        known, kinds = self.known, self.kinds
        return lambda limits, base: answer(known.values[limits], kinds.values[base - 1] if base else None)


def pairs_of(block: Block, signal: str) -> Pairs:
    """The pairs of a signal."""
    return block.once(_pairs, signal)


def _pairs(block: Block, signal: str) -> Pairs:
    rows, kinds = block.rows(signal), block.known.kinds
    known: Codes[Event] = block.known.table((signal, "limits"), Codes)

    def limits_of(kind: Ints) -> Ints:
        return by_kind(block, kind, (signal, "limits of a kind"), lambda row: known.code(_limits_alone(row)))

    limits = limits_of(rows.kind)
    begins = first_of_runs(rows.patient, limits)
    first = np.flatnonzero(begins)
    bases = baseline_kinds(block, signal)[rows.patient[first]]
    based = bases != NO_BASELINE
    number = np.where(based, bases, rows.kind[first])
    flags = np.where(based, flags_of(block, number), block.known.flags.code(NO_FLAGS))
    return Pairs(
        np.cumsum(begins) - 1, rows.patient[first], limits[first], bases, based,
        np.where(based, limits_of(number) + 1, 0), number, flags, known, kinds,
    )  # fmt: skip


def _limits_alone(row: Event) -> Event:
    exact = row.exact._replace(value=None) if row.exact else None
    return Event("", 0, row.signal, 0, 0, ref_low=row.ref_low, ref_high=row.ref_high, exact=exact)


def laboratory_baseline(block: Block, field: Field) -> Steps:
    """Whether the baseline was beyond its own limit of normal, while a value is valid that is compared with it."""
    detail: BaselineSide = field.detail
    code, record = coding(block, field), bare(block)
    rows, unknown = block.rows(detail.signal), code(baseline_fact(record, field, None, None))
    if not len(rows.time):
        return constant(block.size, unknown)
    pairs, edges = pairs_of(block, detail.signal), _edges(block, field)
    bases = values_of(block, pairs.number)
    counts = every_passed((detail.beyond,), bases, edges, bases.wide)
    fits = bases.fits & edges.fits

    def ask(place: int) -> int:
        base = pairs.kinds.values[pairs.bases[place]] if pairs.based[place] else None
        return code(baseline_fact(record, field, pairs.known.values[pairs.limits[place]], base))

    given = pairs.based & edges.low.reached
    says = (reduce(np.minimum, counts), reduce(np.maximum, counts), pairs.flags, given.astype(np.int64))
    codes = represented(block, field)([*says, fits.astype(np.int64)], ask)
    steps = held_codes(block, rows, codes[pairs.place], unknown)
    return _where_fit(block, field, rows, fits[pairs.place], steps)


def _edges(block: Block, field: Field) -> Spans:
    """The limit that each pair gives for the baseline; not `reached` where it gives none."""
    pairs, record = pairs_of(block, field.detail.signal), bare(block)
    found: Codes[End] = block.known.table((field, "edges"), Codes)

    def edge(row: Event, base: Event | None) -> int:
        limit = limit_of(record, (base, row), field.detail.of)
        return found.code(End(Fraction(1), reached=False) if limit is None else End(limit))

    ask: Tabulated = block.known.table((field, "edge"), lambda: Tabulated(pairs.of_limits(edge)))
    codes, places = np.unique(ask([pairs.limits, pairs.base_limits]), return_inverse=True)
    return spans_of([(found.values[code],) for code in codes.tolist()]).at(places)
