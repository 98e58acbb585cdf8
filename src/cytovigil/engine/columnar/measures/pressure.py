"""What tells hypotension, of all patients of a block: vasopressors, declarations, fluid boluses, pressures."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, packed, patient_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.charting import given_last
from cytovigil.engine.columnar.codes import Codes, Tabulated, told
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.newest import NO_ROW, newest_valid
from cytovigil.engine.columnar.running import combinations, latest_covering, together
from cytovigil.engine.columnar.steps import Steps, beginnings, constant, moments, side_by_side
from cytovigil.engine.columnar.thinned import thinned
from cytovigil.engine.measures.circulation import PRESSURES, Truths, any_of, below, may_lapse, pressure_limits
from cytovigil.engine.measures.drugs import Answer, Runs, is_given
from cytovigil.engine.track import flagged
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event
from cytovigil.model.times import BEGINNING, HOUR
from cytovigil.model.vocabulary import drugs_of

DRUGS = drugs_of("vasopressor", "vasopressin")
Told = tuple[Event, Truths]  # a row that stands for those with its flags, and what it says


class Held(NamedTuple):
    """Rows of which one holds at each moment: `steps` are places in them or NO_ROW; `kind` is a code of its own."""

    steps: Steps
    rows: Rows

    def at(self, keys: Ints) -> tuple[Ints, Ints]:
        """What holds at these moments, its code and 1, or 0 for nothing; and from when, packed, or the beginning."""
        place = self.steps.at(keys)
        nothing = packed(patient_of(keys), np.full_like(keys, BEGINNING))
        if not len(self.rows.time):
            return np.zeros_like(keys), nothing
        none = place == NO_ROW
        since = packed(self.rows.patient, self.rows.time)[place]
        return np.where(none, 0, self.rows.kind[place] + 1), np.where(none, nothing, since)


def facts_of(block: Block, field: Field, keys: Ints, columns: list[Ints], fact: Callable[..., Fact]) -> Steps:
    """Steps of the facts that a function makes of the columns' codes; asked once for each combination."""
    codes = block.known.facts[field]
    table: Tabulated = block.known.table(
        (field, "fact"), lambda: Tabulated(lambda *row: codes.code(told(flagged(fact(*row)))))
    )
    return Steps(keys, table(columns)).compressed()


def answers(block: Block) -> Codes[Answer]:
    """Whether some drugs run, in this run, by number."""
    made: Codes[Answer] = block.known.table("whether any runs", Codes)
    return made


def any_vasopressor(block: Block) -> Steps:
    """Whether a vasopressor or vasopressin runs; codes are places in `answers`."""
    return block.once(any_drug, DRUGS)


def any_drug(block: Block, drugs: tuple[str, ...]) -> Steps:
    """Whether any of these drugs runs; codes are places in `answers`."""
    found, made, known = together(block, drugs), answers(block), combinations(block).values
    table: Tabulated = block.known.table(
        "any of", lambda: Tabulated(lambda code: made.code(any_of([answer for _, answer in known[code]])))
    )
    return Steps(found.keys, table([found.codes])).compressed()


class Stretches(NamedTuple):
    """Vasopressors one after another, short pauses included, packed; `open_ended`: sets of drugs without a stop."""

    start: Ints
    open_ended: Ints

    def at(self, keys: Ints) -> Ints:
        """The last that began at or before each moment, by place; of moments at which one holds, that one."""
        return np.searchsorted(self.start, keys, side="right") - 1


def stretches(block: Block, counted: tuple[Runs, ...]) -> Stretches:
    """The stretches in which a vasopressor certainly runs, or may; `open_ended` are bits, by place in DRUGS."""
    found, known = any_vasopressor(block), answers(block).values
    counts = np.array([runs in counted for runs, _ in known], np.bool_)
    opens = np.array([_bits(rows) if runs is Runs.MAYBE else 0 for runs, rows in known], np.int64)
    places = np.flatnonzero(counts[found.codes])  # the last step of a patient says that nothing runs
    if not len(places):
        return Stretches(places, places)
    pause_s = int(block.settings.vasopressor_pause_h * HOUR)
    start, end = found.keys[places], found.keys[places + 1]
    first = np.flatnonzero(np.append(True, start[1:] - end[:-1] > pause_s))
    return Stretches(start[first], np.bitwise_or.reduceat(opens[found.codes[places]], first))


def possible(block: Block) -> Stretches:
    """The stretches in which a vasopressor may run."""
    return stretches(block, (Runs.YES, Runs.MAYBE))


def _bits(rows: tuple[Event, ...]) -> int:
    return sum(1 << DRUGS.index(name) for name in {row.signal for row in rows})


def said(block: Block) -> Codes[Event]:
    """Rows as they count here: by signal, word and flags."""
    made: Codes[Event] = block.known.table("what a row says of the circulation", Codes)
    return made


def _code_of(block: Block) -> Callable[[Event], int]:
    codes = said(block)
    return lambda kind: codes.code(Event("", 0, kind.signal, word=kind.word, flags=kind.flags))


def declared(block: Block, signal: str) -> Held:
    """What a person declared, while it holds."""
    rows = block.rows(signal)
    rows = rows._replace(kind=block.kinds_of(rows, _code_of(block)))
    return Held(newest_valid(block, rows), rows)


def lapsed(block: Block) -> Held:
    """The newest declaration of hypotension, where it has no end and says more than absent, until it is forgotten."""
    rows = block.rows("hypotension")
    codes = block.kinds_of(rows, _code_of(block))
    if not len(codes):
        return Held(constant(block.size, NO_ROW), rows)
    until = packed(rows.patient, rows.until + int(block.settings.finding_unknown_h * HOUR))
    counts = ~rows.ended & (block.kinds_of(rows, may_lapse) > 0)
    starts = packed(rows.patient, rows.time)
    keys = moments(beginnings(block.size), starts, until[counts])
    place = np.searchsorted(starts, keys, side="right") - 1
    holds = (place != NO_ROW) & counts[place] & (rows.patient[place] == patient_of(keys)) & (keys < until[place])
    return Held(Steps(keys, np.where(holds, place, NO_ROW)), rows._replace(kind=codes))


def boluses(block: Block) -> Held:
    """The last fluid bolus given, while it counts."""
    rows = block.rows("fluid_bolus")
    rows = rows.at(block.kinds_of(rows, is_given) > 0)
    rows = rows._replace(kind=block.kinds_of(rows, _code_of(block)))
    if not len(rows.time):
        return Held(constant(block.size, NO_ROW), rows)
    starts = packed(rows.patient, rows.time)
    ends = packed(rows.patient, given_last(rows) + int(block.settings.fluid_bolus_h * HOUR))
    keys = moments(beginnings(block.size), starts, ends)
    after = packed(patient_of(keys), np.full_like(keys, BEGINNING))
    return Held(Steps(keys, latest_covering(starts, ends, keys, after)), rows)


def pressures(block: Block) -> Codes[Told]:
    """What pressures say, in this run."""
    made: Codes[Told] = block.known.table("pressures", Codes)
    return made


def pressure(block: Block) -> Held:
    """The pressure that holds, systolic before mean; rows on two sides of a declaration or a stretch stay apart."""
    hypotension = block.rows("hypotension")
    others = np.concatenate([packed(hypotension.patient, hypotension.time), block.once(possible).start])
    cuts = np.concatenate([others, others + 1])
    systolic, mean = (_limited(block, name, cuts) for name in PRESSURES)
    first = newest_valid(block, systolic)
    if not len(mean.time):
        return Held(first, systolic)
    keys, (place, other) = side_by_side([first, newest_valid(block, mean)])
    other = np.where(other == NO_ROW, NO_ROW, other + len(systolic.time))
    rows = Rows(*(np.concatenate(columns) for columns in zip(systolic, mean, strict=True)))
    return Held(Steps(keys, np.where(place == NO_ROW, other, place)), rows)


def _limited(block: Block, name: str, cuts: Ints) -> Rows:
    """Rows of the patients whose age has a limit for this pressure, by what they say."""
    limits: Codes[tuple[float, ...]] = Codes()
    of_patient = np.array(
        [limits.code(pressure_limits(name, block.settings, one.age_years)) for one in block.infusions], np.int64
    )
    rows = block.rows(name)
    says, of_row = np.full(len(rows.time), NO_ROW, np.int64), of_patient[rows.patient]
    for place, limit in enumerate(limits.values):
        if limit:
            which = of_row == place
            says[which] = block.kinds_of(rows._replace(kind=rows.kind[which]), _telling(block, limit))
    counts = says != NO_ROW
    rows = rows._replace(kind=says)
    rows = rows if counts.all() else rows.at(counts)
    return thinned(rows, rows.kind, cuts=cuts)[0]


def _telling(block: Block, limits: tuple[float, ...]) -> Callable[[Event], int]:
    codes = pressures(block)
    return lambda kind: codes.code((Event("", 0, kind.signal, flags=kind.flags), below(kind, limits)))


def row_at(codes: Codes[Any], code: int, time: int) -> Event | None:
    """The row of a code and 1, as if charted at this time; 0 for none."""
    if not code:
        return None
    value = codes.values[code - 1]
    row: Event = value if isinstance(value, Event) else value[0]
    return row._replace(time=time)
