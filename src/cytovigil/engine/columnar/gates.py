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

TREATED = (frozenset({False}), frozenset({False, True}), frozenset({True}))
CHARTING, MASKED, MAY_BEGIN = 1, 2, 4
LATE, CULTURED = 1, 2
Gate = tuple[int, int, int]  # facts: a combination of the scale; a place in TREATED; truths


class Now(NamedTuple):
    """At the start of each segment: truths as bits, until when treatment lasts, CULTURED; windows of each patient."""

    truths: Ints
    surely_treated: Ints
    perhaps_treated: Ints
    cultured: Ints
    late_from: Ints
    late_until: Ints
    before_s: int

    def treated(self, place: Ints, onset: Ints) -> Ints:
        """Places in TREATED: whether a treating drug was given from shortly before the onset."""
        since = onset - self.before_s  # what treats for certain may treat
        return np.add(self.surely_treated[place] >= since, self.perhaps_treated[place] >= since, dtype=np.int64)

    def flags(self, patient: Ints, place: Ints, onset: Ints) -> Ints:
        """LATE and CULTURED as bits; no onset is NEVER, which is after every window."""
        late = (self.late_from[patient] <= onset) & (onset < self.late_until[patient])
        return late * LATE + self.cultured[place]


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
            truths + MAY_BEGIN * may_begin, self.surely_treated.at(keys), self.perhaps_treated.at(keys),
            CULTURED * (self.cultured.at(keys) > time), self.late_from, self.late_until, self.before_s,
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
    """Of one scale: facts, treatment and truths beside the states a patient may be in, and what they do to these.

    Such a combination is a move. Of each move: the `states` after it, as bits, and their code, `named`; whether one of
    them `lasts`; `kept`, from state to state, is 0 where the entry is kept, and `entered`, of each state, 0 where it is
    entered now. Else they are NEVER, and so is the entry to which they are added.
    """

    def __init__(self, scale: Scale, course: EpisodicCourse, tables: ScaleTables, flags: Codes[frozenset[str]]) -> None:
        self.scale, self.course, self.tables, self._flags = scale, course, tables, flags
        size = len(course.states)
        self._moves: Codes[tuple[int, int, int, int]] = Codes()
        self._codes = Tabulated(lambda *move: self._moves.code(move))
        self._said = Tabulated(self._says)
        self._paths: dict[tuple[Gate, str], list[Path]] = {}
        self.lasting = np.array([self._lasts(bits) for bits in range(1 << size)], np.bool_)
        self.kept, self.entered = np.zeros((0, 1, size, size), np.int64), np.zeros((0, 1, size), np.int64)
        self.states, self.named, self.lasts = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_)

    def moves(self, facts: Ints, treated: Ints, truths: Ints, states: Ints) -> Ints:
        """The moves, by code."""
        found = self._codes([facts, treated, truths, states])
        new = self._moves.values[len(self.states) :]
        if new:
            kept, entered = (np.array(effect, np.int64) for effect in zip(*map(self._effect, new), strict=True))
            states = bits_of((kept.min(axis=1) == 0) | (entered == 0))
            self.kept = np.concatenate([self.kept, kept[:, None]])
            self.entered = np.concatenate([self.entered, entered[:, None]])
            self.states = np.append(self.states, states)
            self.named = np.append(self.named, [self.tables.states.code(frozenset(self._names(one))) for one in states])
            self.lasts = self.lasting[self.states]
        return found

    def said(self, moves: Ints, flags: Ints, patient_flags: Ints) -> Ints:
        """What the verdicts say, from the states before."""
        return self._said([moves, flags, patient_flags])

    def _names(self, bits: int) -> Sequence[str]:
        return [state for place, state in enumerate(self.course.states) if bits >> place & 1]

    def _lasts(self, bits: int) -> bool:
        return not set(self.course.lasting).isdisjoint(self._names(bits))

    def _observed(self, gate: Gate) -> bool:
        facts, _, truths = gate
        told = self.tables.facts(facts)
        return bool(truths & CHARTING or surely_runs(told)) and sign_known(self.course, told)

    def _paths_of(self, gate: Gate, state: str) -> list[Path]:
        if (gate, state) not in self._paths:
            combination, treated, truths = gate
            sets = {name: fact.values for name, fact in self.tables.facts(combination).items()}
            moment = {"masked": bool(truths & MASKED), "may_begin": bool(truths & MAY_BEGIN)}
            self._paths[gate, state] = list(follow(self.scale, self.course, state, sets, TREATED[treated], moment))
        return self._paths[gate, state]

    def _effect(self, move: tuple[int, int, int, int]) -> tuple[list[list[int]], list[int]]:
        """What is kept and entered."""
        facts, treated, truths, bits = move
        gate = facts, treated, truths
        names, where = self.course.states, self._targets if self._observed(gate) else self._unseen
        kept, entered = [[NEVER] * len(names) for _ in names], [NEVER] * len(names)
        for state in self._names(bits):
            for to, now in where(gate, state):
                if now:
                    entered[names.index(to)] = 0
                else:
                    kept[names.index(state)][names.index(to)] = 0
        return kept, entered

    def _targets(self, gate: Gate, state: str) -> list[tuple[str, bool]]:
        active = set(self.course.active)
        return [(path.state, bool({state, path.state} & active)) for path in self._paths_of(gate, state)]

    def _unseen(self, gate: Gate, state: str) -> list[tuple[str, bool]]:
        return [way for treat in TREATED[gate[1]] for way in unseen(self.course, state, treat)]

    def _says(self, move: int, flags: int, patient_flags: int) -> int:
        combination, treated, truths, states = self._moves.values[move]
        gate, facts = (combination, treated, truths), self.tables.facts(combination)
        if self._observed(gate):
            paths = [path for state in self._names(states) for path in self._paths_of(gate, state)]
            low, high, missing, found = graded(self.scale, self.course, facts, paths)
        else:
            closed = not truths & MAY_BEGIN and not self.lasts[move]
            low, high = None, None
            missing = frozenset() if closed else frozenset().union(*(fact.missing for fact in facts.values()))
            found = flags_of(facts) | {"not_observed"} | ({NULL_FLAG} if closed else frozenset())
        raised = {"late_onset": flags & LATE, "positive_culture": flags & CULTURED}
        found |= {flag for flag, raises in raised.items() if raises}
        return self.tables.said.code(Said(low, high, missing, found | self._flags.values[patient_flags]))


def bits_of(present: Truths) -> Ints:
    """The states possible as one number."""
    found: Ints = (present << np.arange(present.shape[1], dtype=np.int64)).sum(axis=1)
    return found
