"""Protocols of a centre's own: an installed package names them as entry points of the group `cytovigil.protocols`.

    [project.entry-points."cytovigil.protocols"]
    our-hospital = "our_rules:PROTOCOLS"

where `PROTOCOLS` is a Protocol, or a tuple of them.
"""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from cytovigil.logic.guidance import Protocol
from cytovigil.model.told import ToldValueError

GROUP = "cytovigil.protocols"


def with_own(shipped: Mapping[str, Protocol]) -> dict[str, Protocol]:
    """The shipped protocols by id, and those of installed packages, by name of their entry point.

    Raises ValueError with one sentence on a package that cannot be loaded, or whose protocol takes an id of another.
    """
    found = dict(shipped)
    for one in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        for protocol in _load(one):
            if protocol.id in found:
                sentence = "own protocols '{plugin}' ({place}): the id '{name}' is taken already"
                raise ToldValueError(sentence, plugin=one.name, place=one.value, name=protocol.id)
            found[protocol.id] = protocol
    return found


def _load(one: EntryPoint) -> tuple[Protocol, ...]:
    try:
        found = one.load()
    except (Exception, SystemExit) as error:  # whatever the other package does
        sentence = "own protocols '{plugin}' ({place}) cannot be loaded: {kind}: {why}"
        kind, why = type(error).__name__, " ".join(str(error).split())
        raise ToldValueError(sentence, plugin=one.name, place=one.value, kind=kind, why=why) from error
    protocols = (found,) if isinstance(found, Protocol) else found
    if not isinstance(protocols, tuple | list) or not all(isinstance(each, Protocol) for each in protocols):
        sentence = "own protocols '{plugin}' ({place}) are no Protocol, and no tuple of them"
        raise ToldValueError(sentence, plugin=one.name, place=one.value)
    return tuple(protocols)
