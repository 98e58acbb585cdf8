"""A fact: what is known of one field at one moment, as the set of its possible values."""

from typing import Any, NamedTuple

from cytovigil.model.events import Event

NO_FLAGS: frozenset[str] = frozenset()


class Fact(NamedTuple):
    """`values`: possible values, one is known. `missing`: signals that would settle it. `because`: rows used."""

    values: frozenset[Any]
    flags: frozenset[str] = NO_FLAGS
    missing: frozenset[str] = NO_FLAGS
    because: tuple[Event, ...] = ()

    @property
    def known(self) -> bool:
        """True where one value is possible."""
        return len(self.values) == 1

    def certain(self, value: Any) -> bool:
        """True where this value, and no other, is possible."""
        return self.values == {value}
