"""A centre's own protocol: numbers and choices laid over a published one, and only what that one leaves open.

A number is open where the source gives an interval; a recommendation where the source says "consider"; a choice where
sources disagree. Everything else is the source's. What a centre wants besides is a protocol of its own (`plugins.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from cytovigil.guidance.names import check_name
from cytovigil.logic.guidance import Interval, Protocol, Recommendation
from cytovigil.logic.ladder import Citation
from cytovigil.logic.text import cite
from cytovigil.model.told import ToldValueError

KEYS = ("base", "id", "title", "choices", "recommendations")
NUMBERS = ("mg", "mg_per_kg", "every_h", "days")  # intervals of a scheme
OPTIONAL = ("consider", "considered", "may", "optional")  # words by which a source leaves it to the team
USE, ALWAYS = "use", "the site: always"
NO_CHOICE = "'{name}': the source leaves no choice here, it says '{says}'"
Protocols = Mapping[str, Protocol]


@dataclass(frozen=True, eq=False)
class Option:
    """One answer to a choice, who gives it, and what it recommends: nothing, or what stands there."""

    name: str
    says: str
    source: Citation
    status: str
    recommendations: tuple[Recommendation, ...] = ()


@dataclass(frozen=True, eq=False)
class Choice:
    """What sources disagree on. The base's own recommendations on its topic, of its kinds, give way to the answer.

    Without a topic it changes no recommendation: the answer is kept for what else asks for it.
    """

    name: str
    says: str
    options: tuple[Option, ...]
    topic: str = ""
    kinds: tuple[str, ...] = ()


class Change(NamedTuple):
    """A difference from the base; where it is of a number, its name, as the source has it, and now."""

    kind: Literal["number", "always", "left out", "added", "replaced"]
    recommendation: str
    name: str = ""
    was: Interval = (0, 0)
    now: Interval = (0, 0)


@dataclass(frozen=True, eq=False)
class SiteProtocol:
    """The merged protocol, what it was made from, the options chosen by name of the choice, and each difference."""

    protocol: Protocol
    base: Protocol
    choices: Mapping[str, Option]
    changes: tuple[Change, ...]

    @property
    def left_out(self) -> Protocol | None:
        """The base with nothing but what the site has left out or replaced; None where that is nothing."""
        gone = {change.recommendation for change in self.changes if change.kind in ("left out", "replaced")}
        kept = tuple(one for one in self.base.recommendations if one.id in gone)
        return replace(self.base, recommendations=kept) if kept else None


def site_protocol(values: Mapping[str, Any], protocols: Protocols, choices: Sequence[Choice] = ()) -> SiteProtocol:
    """The published protocol `base`, with the site's numbers and choices. Raises ValueError with one sentence."""
    for key in values:
        check_name("setting", key, KEYS)
    base = _base(values, protocols)
    name = _text(values, "id", f"site-{base.id}")
    if name in protocols:
        raise ToldValueError("protocol '{name}' is a published one: give the site's own another id", name=name)
    tables = _table(values, "recommendations")
    for one in tables:
        check_name("recommendation", one, [shipped.id for shipped in base.recommendations])
    answers = _answers(_table(values, "choices"), choices)
    kept: list[Recommendation] = []
    changes: list[Change] = []
    for shipped in base.recommendations:
        changed, found = _changed(shipped, _table(tables, shipped.id))
        kept += [changed] if changed else []
        changes += found
    for choice, option in answers:
        kept, found = _answered(kept, choice, option)
        changes += found
    if not kept:
        raise ToldValueError("nothing of protocol '{name}' is left: keep a recommendation", name=base.id)
    title = _text(values, "title", base.title)
    merged = replace(base, id=name, title=title, version=f"{base.version}+site", recommendations=tuple(kept))
    chosen = {choice.name: option for choice, option in answers}
    return SiteProtocol(merged, base, MappingProxyType(chosen), tuple(changes))


def _base(values: Mapping[str, Any], protocols: Protocols) -> Protocol:
    if "base" not in values:
        sentence = "setting 'base' is missing: name a published protocol, one of {known}"
        raise ToldValueError(sentence, known=", ".join(protocols))
    name = _text(values, "base", "")
    check_name("protocol", name, protocols)
    if not protocols[name].recommendations:
        raise ToldValueError("protocol '{name}' has no recommendation to lay numbers over", name=name)
    return protocols[name]


def _answers(table: Mapping[str, Any], choices: Sequence[Choice]) -> list[tuple[Choice, Option]]:
    """The choices that were made, in their own order."""
    for name in table:
        check_name("choice", name, [one.name for one in choices])
    return [(one, _option(one, _text(table, one.name, ""))) for one in choices if one.name in table]


def _option(choice: Choice, answer: str) -> Option:
    options = {one.name: one for one in choice.options}
    check_name("answer", answer, options)
    return options[answer]


def _changed(one: Recommendation, table: Mapping[str, Any]) -> tuple[Recommendation | None, list[Change]]:
    """A recommendation with the site's numbers, None where it is left out, and what differs."""
    for name in table:
        check_name("setting", name, (*NUMBERS, USE))
    changes = [found for name in NUMBERS if name in table and (found := _number(one, name, table[name]))]
    if one.scheme and changes:
        numbers: dict[str, Any] = {change.name: change.now for change in changes}
        one = replace(one, scheme=replace(one.scheme, **numbers))
    return _used(one, table[USE], changes) if USE in table else (one, changes)


def _number(one: Recommendation, name: str, value: object) -> Change | None:
    """A number inside the interval of the source; None where it is all of it."""
    full = f"{one.id}.{name}"
    was: Interval | None = getattr(one.scheme, name, None)
    if was is None:
        raise ToldValueError("'{name}': the source gives no such number", name=full)
    if was[0] == was[1]:
        raise ToldValueError(NO_CHOICE, name=full, says=f"{was[0]:g}")
    now = _interval(full, value)
    if not was[0] <= now[0] <= now[1] <= was[1]:
        sentence = "'{name}' must be from {low:g} to {high:g}, as the source has it, not {value}"
        raise ToldValueError(sentence, name=full, low=was[0], high=was[1], value=value)
    return None if now == was else Change("number", one.id, name, was, now)


def _used(one: Recommendation, use: object, changes: list[Change]) -> tuple[Recommendation | None, list[Change]]:
    if not isinstance(use, bool):
        raise ToldValueError("'{name}' must be true or false, not {value!r}", name=f"{one.id}.{USE}", value=use)
    if not set(one.strength.lower().split()) & set(OPTIONAL):
        raise ToldValueError(NO_CHOICE, name=f"{one.id}.{USE}", says=one.strength)
    if use:
        return replace(one, strength=ALWAYS), [*changes, Change("always", one.id)]
    return None, [Change("left out", one.id)]


def _interval(name: str, value: object) -> Interval:
    """A number, or two that rise, as an interval."""
    ends = value if isinstance(value, list) else [value, value]
    numbers = [end for end in ends if isinstance(end, int | float) and not isinstance(end, bool) and isfinite(end)]
    if len(ends) != 2 or len(numbers) != 2 or numbers[0] > numbers[1]:
        raise ToldValueError("'{name}' must be a number, or two that rise, not {value!r}", name=name, value=value)
    return numbers[0], numbers[1]


def _answered(kept: list[Recommendation], choice: Choice, option: Option) -> tuple[list[Recommendation], list[Change]]:
    """The base's own answer to a choice gives way to that of the option; where both are the same, nothing does."""
    asked = [one for one in kept if one.topic == choice.topic and one.kind in choice.kinds]
    gone = [one.id for one in asked if not _says_one_of(one, option.recommendations)]
    new = [one for one in option.recommendations if not _says_one_of(one, asked)]
    added = [replace(one, where=cite(option.source)) for one in new]
    changes = [Change("replaced", one) for one in gone] + [Change("added", one.id) for one in added]
    return [one for one in kept if one.id not in gone] + added, changes


def _says_one_of(one: Recommendation, others: Sequence[Recommendation]) -> bool:
    return any((one.says, one.strength) == (other.says, other.strength) for other in others)


def _text(values: Mapping[str, Any], name: str, default: str) -> str:
    value = values.get(name, default)
    if not isinstance(value, str) or not value.strip():
        raise ToldValueError("'{name}' must be a text, not {value!r}", name=name, value=value)
    return value


def _table(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name, {})
    if not isinstance(value, Mapping):
        raise ToldValueError("'{name}' must be a table, not {value!r}", name=name, value=value)
    return value
