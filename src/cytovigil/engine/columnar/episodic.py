"""The course of CRS, segment by segment across all patients of a block (semantics 4).

Each patient is a lane: the states it may be in, and for each the earliest and the latest moment a sign last came or
went. What a segment does to the states is a table, made by the reference engine's own functions.
"""

from typing import NamedTuple

import numpy as np

from cytovigil.engine.branches import lasts_for
from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.gates import Gates, Moments, bits_of, moments
from cytovigil.engine.columnar.scaled import Segments, segments, tables_of
from cytovigil.engine.columnar.verdicts import Verdicts
from cytovigil.logic.scale import EpisodicCourse, Scale

_FORTH_AND_BACK = np.array([[[1], [-1]]], np.int64)


class Lanes(NamedTuple):
    """Patients under way, each at a segment of its own (`place`, and the place after its last) and a time in it.

    `entries`, by lane: of each state the earliest entry, and minus the latest; where a lane is not in the state, NEVER
    or nearly.
    `states` are the same as bits. `onset` is NEVER where no episode lasts, `expiry` when a timed state may be left.
    """

    patient: Ints
    place: Ints
    after: Ints
    time: Ints
    entries: Ints
    states: Ints
    onset: Ints
    expiry: Ints

    def at(self, chosen: Truths) -> "Lanes":
        """Some of the lanes."""
        return self if chosen.all() else Lanes(*(column[chosen] for column in self))


def episodic(block: Block, scale: Scale, end: Ints) -> Verdicts:
    """Verdicts of an episodic scale from the infusion to `end`, by patient."""
    now = moments(block, scale)
    found = segments(block, scale, block.start, end, [now.cuts])
    walk = _Walk(block, scale, found, now)
    rows = []
    while walk.is_under_way:
        rows.append(walk.step())
    if not rows:
        return Verdicts(*(np.zeros(0, np.int64),) * 6)
    every = Verdicts(*(np.concatenate(column) for column in zip(*rows, strict=True)))
    order = np.argsort(every.patient, kind="stable")
    return Verdicts(*(column[order] for column in every))


class _Walk:
    """All lanes of a block."""

    def __init__(self, block: Block, scale: Scale, found: Segments, now: Moments) -> None:
        course = scale.course
        assert isinstance(course, EpisodicCourse)
        self.segments, self.now = found, now.at(found.keys, found.patient)
        self.gates: Gates = block.known.table(
            (scale, "gates"), lambda: Gates(scale, course, tables_of(block, scale), block.known.flags)
        )
        self.flags = block.flags
        self.expiries = [
            (course.states.index(rule.start), course.states.index(rule.to), lasts_for(rule, block.settings))
            for rule in course.expiries
        ]
        self.lasts_s = np.full(len(course.states), NEVER, np.int64)
        for start, _, seconds in self.expiries:
            self.lasts_s[start] = seconds
        self.lanes = self._begin(block, found)

    @property
    def is_under_way(self) -> bool:
        """True while some lane has a segment left."""
        return len(self.lanes.patient) > 0

    def step(self) -> Verdicts:
        """One verdict of each lane that is under way: until its segment is over, or a timed state is left."""
        patient, place, after, t, entries, states, onset, expiry = self.lanes
        due = expiry <= t
        if due.any():
            entries[due] = self._expired(entries[due], t[due])
            states[due] = bits_of(entries[due, 0] < NEVER >> 1)
            onset[due] = np.where(self.gates.lasting[states[due]], onset[due], NEVER)
        none = onset == NEVER
        treated = self.now.treated(place, np.where(none, t, onset))
        moves = self.gates.moves(self.segments.facts[place], treated, self.now.truths[place], states)
        entries = self._moved(entries, moves, t)
        states, lasts = self.gates.states[moves], self.gates.lasts[moves]
        onset = np.where(none & lasts, t, onset)
        expiry = (entries[:, 0] + self.lasts_s).min(axis=1)
        end = self.segments.end[place]
        until = np.minimum(end, expiry)
        said = self.gates.said(moves, self.now.flags(patient, place, onset), self.flags[patient])
        place = place + (until == end)
        following = Lanes(patient, place, after, until, entries, states, np.where(lasts, onset, NEVER), expiry)
        self.lanes = following.at(place < after)
        return Verdicts(patient, t, until, said, self.gates.named[moves], onset)

    def _begin(self, block: Block, found: Segments) -> Lanes:
        """All patients who have a segment, in the first state since their infusion."""
        edges = np.searchsorted(found.patient, np.arange(block.size + 1))
        patient = np.flatnonzero(edges[:-1] < edges[1:])
        place, start = edges[patient], block.start[patient]
        entries = np.full((len(patient), 2, len(self.lasts_s)), NEVER, np.int64)
        entries[:, 0, 0], entries[:, 1, 0] = start, -start
        never = np.full(len(patient), NEVER, np.int64)
        return Lanes(
            patient, place, edges[patient + 1], found.start[place], entries, np.ones(len(patient), np.int64), never,
            (entries[:, 0] + self.lasts_s).min(axis=1),
        )  # fmt: skip

    def _expired(self, entries: Ints, t: Ints) -> Ints:
        """Branches whose time in a state is over go on, with the entry they had; a chain of such states at once."""
        earliest, latest = entries[:, 0], -entries[:, 1]
        for _ in self.expiries:
            for start, to, seconds in self.expiries:
                some = earliest[:, start] + seconds <= t
                if not some.any():
                    continue
                every = some & (latest[:, start] + seconds <= t)
                first, last = earliest[:, start], np.where(every, latest[:, start], earliest[:, start])
                earliest[:, to] = np.where(some, np.minimum(earliest[:, to], first), earliest[:, to])
                latest[:, to] = np.where(some, np.maximum(latest[:, to], last), latest[:, to])
                earliest[:, start] = np.where(every, NEVER, np.where(some, latest[:, start], first))
                latest[:, start] = np.where(every, -NEVER, latest[:, start])
        return np.stack([earliest, -latest], axis=1)

    def _moved(self, entries: Ints, moves: Ints, t: Ints) -> Ints:
        """The entries to the states that the moves lead to: now, or kept since then."""
        kept = (entries[:, :, :, None] + self.gates.kept[moves]).min(axis=2)
        now = t[:, None, None] * _FORTH_AND_BACK + self.gates.entered[moves]
        found: Ints = np.minimum(np.minimum(kept, now), NEVER)
        return found
