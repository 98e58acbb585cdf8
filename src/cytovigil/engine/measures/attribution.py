"""Attribution: a person says that a sign has another cause, or confirms it. Never inferred."""

from bisect import bisect_right
from collections.abc import Callable

from cytovigil.engine.record import Record
from cytovigil.engine.track import Track, facts
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event
from cytovigil.model.times import FOR_EVER, HOUR
from cytovigil.model.vocabulary import CONFIRMING_CAUSES

Span = tuple[int, int, Event]


def spans(record: Record, sign: str, charted: Track[Fact], normal: object) -> list[Span]:
    """When each attribution of a sign holds: until its end, else until the sign is known absent, at most 72 h."""
    longest = int(record.settings.attribution_h * HOUR)
    found = []
    for row in record.attributions.get(sign, []):
        end = row.end if row.end is not None else min(row.time + longest, _absent(charted, row.time, normal))
        found.append((row.time, end, row))
    return found


def covering(spans_: list[Span], t: int) -> Event | None:
    """The attribution that holds at t: of several the one that became known last; a confirmation before another."""
    holding = [row for start, end, row in spans_ if start <= t < end]
    return max(holding, key=lambda row: (row.known_at, confirms(row), row.word), default=None)


def confirms(row: Event) -> bool:
    """True where the cause is the toxicity itself."""
    return row.word.partition(":")[2] in CONFIRMING_CAUSES


def attribute(
    record: Record,
    field: Field,
    sign: str,
    charted: Track[Fact],
    confirmed: Callable[[int], Fact] | None = None,
    sign_track: Track[Fact] | None = None,
) -> Track[Fact]:
    """The track with attributed stretches normal; where confirmed, what `confirmed` gives at that time.

    `sign_track`, a yes/no track, tells when the sign is absent where the field is only a part of it.
    """
    if sign not in record.attributions:
        return charted
    held = spans(record, sign, sign_track, False) if sign_track else spans(record, sign, charted, field.normal)

    def at(t: int) -> Fact:
        row = covering(held, t)
        if row is None:
            return charted.at(t)
        if confirms(row):
            return confirmed(t) if confirmed else charted.at(t)
        return Fact(frozenset({field.normal}), because=(row,))

    return facts(record, [*charted.times, *(edge for start, end, _ in held for edge in (start, end))], at)


def _absent(charted: Track[Fact], t: int, normal: object) -> int:
    first = bisect_right(charted.times, t) - 1
    for index in range(first, len(charted.times)):
        if charted.values[index].certain(normal):
            return max(charted.times[index], t)
    return FOR_EVER
