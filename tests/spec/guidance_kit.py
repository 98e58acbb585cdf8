"""States of a patient in words, for tables of guidance: `crs=2 crs_onset=early tocilizumab_doses=1 icans?`.

A name alone is yes, `name=1..3` a range, `name?` not known. What is not named is as in a well patient of another product.
"""

from collections.abc import Mapping
from typing import Any

from cytovigil.guidance import PROTOCOLS
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.logic.guidance import Protocol, advise

READ = {name: one for name, one in PROTOCOLS.items() if one.recommendations}
FIELDS = {field.name: field for one in READ.values() for field in one.fields}


def facts(protocol: Protocol, state: str) -> dict[str, Fact]:
    """A fact for each field of a protocol. Raises KeyError on a name that is none of any protocol."""
    said: dict[str, frozenset[Any]] = {}
    for word in state.split():
        name, _, value = word.removesuffix("?").partition("=")
        field = FIELDS[name]
        said[name] = field.unknown if word.endswith("?") else _values(field, value)
    return {one.name: _fact(one, said) for one in protocol.fields}


def _fact(field: Field, said: Mapping[str, frozenset[Any]]) -> Fact:
    values = said.get(field.name, frozenset({"other" if field.name == "product" else field.normal}))
    return Fact(values, missing=frozenset({field.name}) if len(values) > 1 else frozenset())


def _values(field: Field, text: str) -> frozenset[Any]:
    if not text:
        return frozenset({True})
    low, _, high = text.partition("..")
    places = [field.domain.index(one) if one in field.domain else int(one) for one in (low, high or low)]
    return frozenset(field.domain[places[0] : places[1] + 1])


def advised(name: str, state: str) -> list[str]:
    """Ids of what applies; with `?` of what may apply."""
    found = advise(PROTOCOLS[name], facts(PROTOCOLS[name], state))
    return [one.recommendation.id if one.applies else f"?{one.recommendation.id}" for one in found]


def rows(table: str) -> list[tuple[str, list[str]]]:
    """State and ids of each row; a line that begins with `|` goes on with the row before."""
    found: list[tuple[str, list[str]]] = []
    for line in (one.strip() for one in table.strip().splitlines()):
        state, _, ids = line.partition("|")
        if state.strip():
            found.append((state.strip(), ids.split()))
        else:
            found[-1][1].extend(ids.split())
    return found
