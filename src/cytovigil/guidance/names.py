"""Names that a person types: one that is none is answered with the nearest that are."""

from collections.abc import Collection
from difflib import get_close_matches

from cytovigil.model.told import ToldValueError


def check_name(kind: str, name: object, known: Collection[str]) -> None:
    """Raises ValueError with the nearest names where `name` is none of those known; `kind` says of what."""
    if name in known:
        return
    told = ToldValueError(kind)
    if near := get_close_matches(str(name), list(known)):
        raise ToldValueError(
            "unknown {kind} '{name}': did you mean {near}?", kind=told, name=name, near=", ".join(near)
        )
    sentence = "unknown {kind} '{name}': known are {known}"
    raise ToldValueError(sentence, kind=told, name=name, known=", ".join(known))
