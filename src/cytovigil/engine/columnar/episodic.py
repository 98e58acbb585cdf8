"""The course of CRS, segment by segment across all patients of a block (semantics 4).

Each patient is a lane: the states it may be in, and for each the earliest and the latest moment a sign last came or
went. What a segment does to the states is a table, made by the reference engine's own functions.
"""

from typing import NamedTuple

import numpy as np

from cytovigil.engine.branches import lasts_for
from cytovigil.engine.columnar.arrays import NEVER, Ints, Truths
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.gates import ENTERED, Gates, Moments, moments
from cytovigil.engine.columnar.scaled import Segments, segments, tables_of
from cytovigil.engine.columnar.verdicts import Verdicts
from cytovigil.logic.scale import EpisodicCourse, Scale


class Lanes(NamedTuple):
    """Of each patient and state: the earliest and the latest entry; NEVER and -NEVER where it is not in the state."""

    earliest: Ints
    latest: Ints

    @property
    def present(self) -> Truths:
        """The states possible, by patient."""
        return self.earliest < NEVER


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
    """All lanes of a block, each at its own segment."""

    def __init__(self, block: Block, scale: Scale, found: Segments, now: Moments) -> None:
        course = scale.course
        assert isinstance(course, EpisodicCourse)
        self.course, self.segments, self.now = course, found, now.at(found.keys, found.patient)
        self.gates: Gates = block.known.table(
            (scale, "gates"), lambda: Gates(scale, course, tables_of(block, scale), block.known.flags)
        )
        self.flags = block.flags
        self.expiries = [
            (course.states.index(rule.start), course.states.index(rule.to), lasts_for(rule, block.settings))
            for rule in course.expiries
        ]
        self.lasting = np.array([state in course.lasting for state in course.states])
        edges = np.searchsorted(found.patient, np.arange(block.size + 1))
        self.place, self.last = edges[:-1].copy(), edges[1:]
        self.lanes = np.flatnonzero(self.place < self.last)
        self.time = np.zeros(block.size, np.int64)
        self.time[self.lanes] = found.start[self.place[self.lanes]]
        none = np.full((block.size, len(course.states)), NEVER, np.int64)
        self.states = Lanes(none, -none)
        self.states.earliest[:, 0] = self.states.latest[:, 0] = block.start
        self.onset = np.full(block.size, NEVER, np.int64)

    @property
    def is_under_way(self) -> bool:
        """True while some lane has a segment left."""
        return len(self.lanes) > 0

    def step(self) -> Verdicts:
        """One verdict of each lane that is under way: until its segment is over, or a timed state is left."""
        lanes = self.lanes
        place, t = self.place[lanes], self.time[lanes]
        states = self._expired(Lanes(self.states.earliest[lanes], self.states.latest[lanes]), t)
        onset = np.where(self._last(states), self.onset[lanes], NEVER)
        gate, before = self._gate(place, t, onset), states.present
        states = self._moved(states, gate, t)
        lasts = self._last(states)
        onset = np.where(lasts & (onset == NEVER), t, onset)
        until = np.minimum(self.segments.end[place], self._next_expiry(states))
        said = self.gates.said(gate, before, lasts, self.now.flags(place, onset), self.flags[lanes])
        self.states.earliest[lanes], self.states.latest[lanes] = states
        self.onset[lanes], self.time[lanes] = onset, until
        self.place[lanes] += until == self.segments.end[place]
        self.lanes = lanes[self.place[lanes] < self.last[lanes]]
        return Verdicts(lanes, t, until, said, self.gates.states(states.present), onset)

    def _last(self, states: Lanes) -> Truths:
        lasting: Truths = (states.present & self.lasting).any(axis=1)
        return lasting

    def _gate(self, place: Ints, t: Ints, onset: Ints) -> Ints:
        treated = self.now.treated(place, np.where(onset == NEVER, t, onset))
        return self.gates.code(self.segments.facts[place], treated, self.now.truths[place])

    def _expired(self, states: Lanes, t: Ints) -> Lanes:
        """Branches whose time in a state is over go on, with the entry they had; a chain of such states at once."""
        earliest, latest = states
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
        return Lanes(earliest, latest)

    def _next_expiry(self, states: Lanes) -> Ints:
        found = np.full(len(states.earliest), NEVER, np.int64)
        for start, _, seconds in self.expiries:
            found = np.minimum(found, states.earliest[:, start] + seconds)
        return found

    def _moved(self, states: Lanes, gate: Ints, t: Ints) -> Lanes:
        """The states that the table of the gate leads to; entered now, or kept since then."""
        found = np.full_like(states.earliest, NEVER)
        moved = Lanes(found, -found)
        present = states.present
        for start, to in self.gates.ways:
            way = np.where(present[:, start], self.gates.leads(gate, start, to), 0)
            if not way.any():
                continue
            first = np.where(way == ENTERED, t, states.earliest[:, start])
            last = np.where(way == ENTERED, t, states.latest[:, start])
            moved.earliest[:, to] = np.where(way > 0, np.minimum(moved.earliest[:, to], first), moved.earliest[:, to])
            moved.latest[:, to] = np.where(way > 0, np.maximum(moved.latest[:, to], last), moved.latest[:, to])
        return moved
