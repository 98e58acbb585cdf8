"""Segments: the facts of several fields side by side, between the moments at which any of them changes."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from cytovigil.engine.track import Track
from cytovigil.logic.facts import Fact

Facts = dict[str, Fact]


class Segment(NamedTuple):
    """Facts by field name, from `start` until `end`."""

    start: int
    end: int
    facts: Facts


def segments(tracks: Mapping[str, Track[Fact]], start: int, end: int, extra: set[int]) -> Iterator[Segment]:
    """Cut start..end at every change of a track and at the extra moments inside."""
    cuts = {start, *(t for t in extra if start < t < end)}
    for track in tracks.values():
        cuts |= {t for t in track.times if start < t < end}
    edges = [*sorted(cuts), end]
    places = dict.fromkeys(tracks, 0)
    for begin, finish in pairwise(edges):
        row: Facts = {}
        for name, track in tracks.items():
            place = places[name]
            while place + 1 < len(track.times) and track.times[place + 1] <= begin:
                place += 1
            places[name] = place
            row[name] = track.values[place]
        yield Segment(begin, finish, row)
