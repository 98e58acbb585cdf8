"""The reference engine's measures on the rows of a few signals: for what is rarely charted."""

from collections.abc import Callable, Sequence

import numpy as np

from cytovigil.engine.columnar.arrays import Truths
from cytovigil.engine.columnar.block import Block, encoded
from cytovigil.engine.columnar.codes import Codes
from cytovigil.engine.columnar.steps import Steps
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event


def by_few_signals(
    block: Block,
    found: Steps,
    chosen: Truths,
    names: Sequence[str],
    measure: Callable[[Record], Track[Fact]],
    codes: Codes[Fact],
) -> Steps:
    """The steps with those of the chosen patients by a measure that looks at these signals alone."""
    if not chosen.any():
        return found
    places = np.flatnonzero(chosen)
    tracks = [measure(record_of(block, place, names)) for place in places.tolist()]
    return found.replaced(chosen, encoded(places, tracks, codes))


def record_of(block: Block, place: int, names: Sequence[str]) -> Record:
    """The record of a patient, with the rows of these signals alone."""
    events = [event for name in names for event in events_of(block, place, name)]
    return Record(block.infusions[place], events, block.settings)


def events_of(block: Block, place: int, signal: str) -> list[Event]:
    """The rows of a signal as they count, of one patient."""
    rows, kinds = block.rows(signal), block.known.kinds.values
    first, after = np.searchsorted(rows.patient, [place, place + 1])
    columns = (column[first:after].tolist() for column in (rows.kind, rows.time, rows.until, rows.ended))
    return [
        kinds[kind]._replace(time=time, end=until if ended else None)
        for kind, time, until, ended in zip(*columns, strict=True)
    ]
