"""The tables of an episodic course, and what besides facts opens and closes its gates: doses, charting, windows."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from cytovigil.engine.branches import NULL_FLAG, Path, follow, graded, sign_known, surely_runs, unseen
from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths, packed, patient_of, time_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.charting import charting, reach
from cytovigil.engine.columnar.codes import Codes, Tabulated
from cytovigil.engine.columnar.counted import Rows
from cytovigil.engine.columnar.scaled import ScaleTables
from cytovigil.engine.columnar.spans import Spans
from cytovigil.engine.columnar.steps import Steps
from cytovigil.engine.columnar.treating import treating
from cytovigil.engine.columnar.verdicts import Said
from cytovigil.engine.episodic import CULTURE
from cytovigil.engine.verdicts import flags_of
from cytovigil.logic.scale import EpisodicCourse, Scale
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR

KEPT, ENTERED = 1, 2  # how a state leads to another: with the entry it had, or entered now
TREATED = (frozenset({False}), frozenset({True}), frozenset({False, True}))
CHARTING, MASKED, MAY_BEGIN = 1, 2, 4
LATE, CULTURED = 1, 2


class Now(NamedTuple):
    """At the start of each segment: truths as bits, until when treatment lasts, cultures; windows of each patient."""

    patient: Ints
    truths: Ints
    surely_treated: Ints
    perhaps_treated: Ints
    cultured: Truths
    late_from: Ints
    late_until: Ints
    before_s: int

    def treated(self, place: Ints, onset: Ints) -> Ints:
        """Places in TREATED: whether a treating drug was given from shortly before the onset."""
        since = onset - self.before_s
        return np.where(self.surely_treated[place] >= since, 1, np.where(self.perhaps_treated[place] >= since, 2, 0))

    def flags(self, place: Ints, onset: Ints) -> Ints:
        """LATE and CULTURED as bits."""
        patient = self.patient[place]
        late = (onset != NEVER) & (self.late_from[patient] <= onset) & (onset < self.late_until[patient])
        found: Ints = late * LATE + self.cultured[place] * CULTURED
        return found


class Moments(NamedTuple):
    """What holds besides facts, over time; `cuts`: patients and moments at which it may change."""

    cuts: Ints
    charted: Steps
    masked: Steps
    recorded: Steps
    cultured: Steps
    surely_treated: Steps
    perhaps_treated: Steps
    closes: Ints
    late_from: Ints
    late_until: Ints
    before_s: int

    def at(self, keys: Ints, patient: Ints) -> Now:
        """The state at these moments."""
        time = time_of(keys)
        may_begin = (time < self.closes[patient]) | (self.recorded.at(keys) > time)
        truths = CHARTING * (self.charted.at(keys) > time) + MASKED * (self.masked.at(keys) > time)
        return Now(
            patient, truths + MAY_BEGIN * may_begin, self.surely_treated.at(keys), self.perhaps_treated.at(keys),
            self.cultured.at(keys) > time, self.late_from, self.late_until, self.before_s,
        )  # fmt: skip


def moments(block: Block, scale: Scale) -> Moments:
    """What an episodic course looks at besides facts."""
    starts, ends = charting(block, scale.signals)
    doses, settings = block.once(treating), block.settings
    recorded = saying(block, scale.course.recorded, lambda row: row.word != "0")
    cultures = saying(block, CULTURE, lambda row: row.word == "positive")
    ending, late = closing(block), block.days_after(settings.crs_late_days)
    spans = [Spans(patient_of(starts), time_of(starts), time_of(ends))]
    spans.append(Spans(doses.patient, doses.time, doses.masks_until))
    spans += [Spans(rows.patient, rows.time, rows.until) for rows in (recorded, cultures)]
    cuts = [packed(one.patient, edge) for one in spans for edge in (one.start, one.end)]
    given = Spans(doses.patient, doses.time, doses.end)
    charted, masked, graded_, cultured, surely, perhaps = (
        reach(block.size, *one) for one in (*spans, given.of(doses.certain), given)
    )
    return Moments(
        np.concatenate([packed(block.patients, ending), *cuts]), charted, masked, graded_, cultured, surely, perhaps,
        ending, late, block.days_after(settings.crs_window_days + 1), int(settings.treated_before_onset_h * HOUR),
    )  # fmt: skip


def saying(block: Block, signal: str, says: Callable[[Event], bool]) -> Rows:
    """The rows of a signal that say something."""
    rows = block.rows(signal)
    return rows.at(block.kinds_of(rows, says) > 0)


def closing(block: Block) -> Ints:
    """When CRS can no longer begin, of each patient."""
    therapy = [NEVER if one.next_therapy_date is None else one.next_therapy_date for one in block.infusions]
    return np.minimum(block.days_after(block.settings.crs_window_days + 1), np.array(therapy, np.int64))


class Gates:
    """Of one scale: combinations of facts, treatment and truths, and what they do to the states."""

    def __init__(self, scale: Scale, course: EpisodicCourse, tables: ScaleTables, flags: Codes[frozenset[str]]) -> None:
        self.scale, self.course, self.tables, self._flags = scale, course, tables, flags
        self.gates: Codes[tuple[int, int, int]] = Codes()
        self._codes = Tabulated(lambda *gate: self.gates.code(gate))
        self._said = Tabulated(self._says)
        self._sets = Tabulated(self._states_of)
        self._paths: dict[tuple[int, str], list[Path]] = {}
        self._leading: list[list[list[int]]] = []
        self._leads = np.zeros((0, len(course.states), len(course.states)), np.int64)
        self.ways: list[tuple[int, int]] = []

    def code(self, facts: Ints, treated: Ints, truths: Ints) -> Ints:
        """The gates."""
        found = self._codes([facts, treated, truths])
        if len(self.gates.values) > len(self._leading):
            self._leading += [self._leads_of(gate) for gate in range(len(self._leading), len(self.gates.values))]
            self._leads = np.array(self._leading, np.int64)
            self.ways = [(int(start), int(to)) for start, to in np.argwhere(self._leads.any(axis=0))]
        return found

    def leads(self, gate: Ints, start: int, to: int) -> Ints:
        """How a state leads to another: 0 not, KEPT or ENTERED."""
        found: Ints = self._leads[gate, start, to]
        return found

    def said(self, gate: Ints, present: Truths, lasts: Truths, flags: Ints, patient_flags: Ints) -> Ints:
        """What the verdicts say, from the states before."""
        return self._said([gate, _bits(present), lasts.astype(np.int64), flags, patient_flags])

    def states(self, present: Truths) -> Ints:
        """The codes of sets of states."""
        return self._sets([_bits(present)])

    def _states_of(self, bits: int) -> int:
        return self.tables.states.code(frozenset(self._named(bits)))

    def _named(self, bits: int) -> Sequence[str]:
        return [state for place, state in enumerate(self.course.states) if bits >> place & 1]

    def _observed(self, gate: int) -> bool:
        facts, _, truths = self.gates.values[gate]
        told = self.tables.facts(facts)
        return bool(truths & CHARTING or surely_runs(told)) and sign_known(self.course, told)

    def _paths_of(self, gate: int, state: str) -> list[Path]:
        if (gate, state) not in self._paths:
            combination, treated, truths = self.gates.values[gate]
            sets = {name: fact.values for name, fact in self.tables.facts(combination).items()}
            moment = {"masked": bool(truths & MASKED), "may_begin": bool(truths & MAY_BEGIN)}
            self._paths[gate, state] = list(follow(self.scale, self.course, state, sets, TREATED[treated], moment))
        return self._paths[gate, state]

    def _leads_of(self, gate: int) -> list[list[int]]:
        course, observed = self.course, self._observed(gate)
        table = [[0] * len(course.states) for _ in course.states]
        for place, state in enumerate(course.states):
            for to, now in self._targets(gate, state) if observed else self._unseen(gate, state):
                table[place][course.states.index(to)] = ENTERED if now else KEPT
        return table

    def _targets(self, gate: int, state: str) -> list[tuple[str, bool]]:
        active = set(self.course.active)
        return [(path.state, bool({state, path.state} & active)) for path in self._paths_of(gate, state)]

    def _unseen(self, gate: int, state: str) -> list[tuple[str, bool]]:
        treated = TREATED[self.gates.values[gate][1]]
        return [way for treat in treated for way in unseen(self.course, state, treat)]

    def _says(self, gate: int, bits: int, lasts: int, flags: int, patient_flags: int) -> int:
        combination, _, truths = self.gates.values[gate]
        facts = self.tables.facts(combination)
        if self._observed(gate):
            paths = [path for state in self._named(bits) for path in self._paths_of(gate, state)]
            low, high, missing, found = graded(self.scale, self.course, facts, paths)
        else:
            closed = not truths & MAY_BEGIN and not lasts
            low, high = None, None
            missing = frozenset() if closed else frozenset().union(*(fact.missing for fact in facts.values()))
            found = flags_of(facts) | {"not_observed"} | ({NULL_FLAG} if closed else frozenset())
        raised = {"late_onset": flags & LATE, "positive_culture": flags & CULTURED}
        found |= {flag for flag, raises in raised.items() if raises}
        return self.tables.said.code(Said(low, high, missing, found | self._flags.values[patient_flags]))


def _bits(present: Truths) -> Ints:
    found: Ints = np.where(present, 1 << np.arange(present.shape[1], dtype=np.int64), 0).sum(axis=1)
    return found
