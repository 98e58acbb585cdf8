"""Rows that no longer count: entered in error, or replaced by a later row of their source id (semantics 2)."""

from collections.abc import Iterable, Mapping

from cytovigil.model.events import Event


def withdrawals(events: Iterable[Event]) -> dict[str, int]:
    """Source ids that were entered in error, and when that was known last."""
    found: dict[str, int] = {}
    for event in events:
        if event.withdrawn and event.source_id:  # else nobody can tell which row it was
            found[event.source_id] = max(found.get(event.source_id, event.known_at), event.known_at)
    return found


def standing(events: list[Event], withdrawn: Mapping[str, int]) -> list[Event]:
    """Events without those that were withdrawn: rows of one source id known until it was entered in error."""
    return [
        e for e in events if not e.withdrawn and (e.source_id not in withdrawn or e.known_at > withdrawn[e.source_id])
    ]


def replaced(rows: list[Event]) -> list[Event]:
    """Of rows with one source id a row that says when it was recorded replaces those known before it."""
    last: dict[str, int] = {}
    for row in rows:
        if row.source_id and row.recorded_at is not None:
            last[row.source_id] = max(last.get(row.source_id, row.known_at), row.known_at)
    return [row for row in rows if row.known_at >= last.get(row.source_id, row.known_at)]
