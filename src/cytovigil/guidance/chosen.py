"""The protocols of a site: published ones, those of installed packages, and its own, which replaces its base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cytovigil.guidance import PROTOCOLS, choose_protocols
from cytovigil.guidance.choices import CHOICES
from cytovigil.guidance.plugins import with_own
from cytovigil.guidance.site import SiteProtocol, site_protocol
from cytovigil.logic.guidance import Protocol
from cytovigil.model.told import ToldValueError


@dataclass(frozen=True, eq=False)
class Guidance:
    """Protocols by id, the site's first; `site` is None where its file has none."""

    protocols: Mapping[str, Protocol]
    site: SiteProtocol | None = None

    def choose(self, name: str | None, product: str, day: date) -> list[Protocol]:
        """The protocol of that id; without one all that are for the product and hold on the day, but not the base.

        Raises ValueError with a sentence where there is none of that id.
        """
        replaced = self.site.base.id if self.site and name is None else None
        offered = {key: one for key, one in self.protocols.items() if key != replaced}
        return choose_protocols(name, product, day, offered)

    def site_is_in(self, protocols: Sequence[Protocol]) -> bool:
        """True where one of these is the site's."""
        return self.site is not None and self.site.protocol in protocols


def known_protocols() -> dict[str, Protocol]:
    """Published protocols, and those of installed packages. Raises ValueError with one sentence on a package."""
    return with_own(PROTOCOLS)


def guidance_of(known: Mapping[str, Protocol], table: object = None) -> Guidance:
    """These protocols and that of the site, by the table of its file; None where it has none.

    Raises ValueError with one sentence on a table that is wrong.
    """
    if table is None:
        return Guidance(known)
    if not isinstance(table, Mapping):
        raise ToldValueError("write it as a table that begins with [protocol], not {value!r}", value=table)
    site = site_protocol(table, known, CHOICES)
    return Guidance({site.protocol.id: site.protocol, **known}, site)
