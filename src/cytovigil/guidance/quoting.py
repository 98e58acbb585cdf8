"""A recommendation of one protocol in a page that several sources share: the same value, with its source beside it."""

from dataclasses import replace

from cytovigil.logic.conditions import Condition
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.text import cite


def quoted(protocol: Protocol, name: str, when: Condition | None = None) -> Recommendation:
    """The recommendation of that id. `when` is its condition where the protocol grades CRS by another scale."""
    (found,) = (one for one in protocol.recommendations if one.id == name)
    source = replace(protocol.source, where=found.where or protocol.source.where)
    condition = found.when if when is None else when
    return replace(found, id=f"{protocol.id}-{name}", where=cite(source), when=condition)
