"""Published guidance as rules over grades, history and facts, and the ledger of what has been given."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from cytovigil.guidance.asco_2021 import ASCO_2021
from cytovigil.guidance.breyanzi_gb_2026 import BREYANZI_GB_2026
from cytovigil.guidance.cartox_2018 import CARTOX_2018
from cytovigil.guidance.fields import ICANS_SCALE as ICANS_SCALE
from cytovigil.guidance.kymriah_us_2025 import KYMRIAH_US_2025
from cytovigil.guidance.names import check_name
from cytovigil.guidance.not_read import NOT_READ
from cytovigil.guidance.umcg_2020 import UMCG_2020
from cytovigil.logic.guidance import Protocol

# Labels first, then guidelines, the newest first; then what was not read.
PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {one.id: one for one in (BREYANZI_GB_2026, KYMRIAH_US_2025, ASCO_2021, UMCG_2020, CARTOX_2018, *NOT_READ)}
)


def choose_protocols(name: str | None, product: str, day: date) -> list[Protocol]:
    """The protocol of that id; without one all that are for the product and hold on the day.

    Raises ValueError with a sentence where there is none of that id.
    """
    if name is None:
        return [one for one in PROTOCOLS.values() if one.fits(product, day)]
    check_name("protocol", name.strip().lower(), PROTOCOLS)
    return [PROTOCOLS[name.strip().lower()]]
