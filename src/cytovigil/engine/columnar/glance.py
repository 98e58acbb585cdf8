"""A look at one patient of a block, where a few moments are asked for: rows become events as they are asked for."""

import numpy as np

from cytovigil.engine.columnar.block import Block
from cytovigil.engine.record import Record
from cytovigil.model.events import Event


class Glance(Record):
    """What the reference's functions ask of a record at a moment, from the columns."""

    def __init__(self, block: Block, place: int) -> None:
        """Of the patient at this place."""
        self.patient, self.settings, self.attributed, self.fine = block.infusions[place], block.settings, True, False
        self.as_of, self.following = block.as_of, None
        self._block, self._place = block, place

    def rows(self, signal: str) -> list[Event]:
        """All rows of a signal, by time."""
        return self._events(signal, *self._places(signal))

    def until(self, signal: str, t: int) -> list[Event]:
        """Rows of a signal at or before t, by time."""
        first, after = self._places(signal)
        return self._events(signal, first, self._at(signal, first, after, t, "right"))

    def between(self, signal: str, start: int, t: int) -> list[Event]:
        """Rows of a signal from `start` until t, both included, by time."""
        first, after = self._places(signal)
        return self._events(
            signal, self._at(signal, first, after, start, "left"), self._at(signal, first, after, t, "right")
        )

    def newest(self, signal: str, t: int) -> Event | None:
        """The last row of a signal at or before t, valid or not."""
        first, after = self._places(signal)
        begun = self._at(signal, first, after, t, "right")
        return self._events(signal, begun - 1, begun)[0] if begun > first else None

    def valid(self, signal: str, t: int) -> Event | None:
        """The last row of a signal at or before t that holds at t: one with an end does, whatever came after it."""
        first, after = self._places(signal)
        begun = self._at(signal, first, after, t, "right")
        rows = self._block.rows(signal)
        if begun > first and t < rows.until[begun - 1]:
            return self._events(signal, begun - 1, begun)[0]
        held = np.flatnonzero(rows.ended[first:begun] & (t < rows.until[first:begun]))[-1:].tolist()
        return self._events(signal, first + held[0], first + held[0] + 1)[0] if held else None

    def _places(self, signal: str) -> tuple[int, int]:
        first, after = np.searchsorted(self._block.rows(signal).patient, [self._place, self._place + 1]).tolist()
        return first, after

    def _at(self, signal: str, first: int, after: int, t: int, side: str) -> int:
        times = self._block.rows(signal).time[first:after]
        return first + int(times.searchsorted(t, side=side))  # type: ignore[call-overload]

    def _events(self, signal: str, first: int, after: int) -> list[Event]:
        rows, kinds = self._block.rows(signal), self._block.known.kinds.values
        columns = (rows.kind, rows.time, rows.until, rows.ended)
        return [
            kinds[kind]._replace(time=time, end=until if ended else None)
            for kind, time, until, ended in zip(*(column[first:after].tolist() for column in columns), strict=True)
        ]
