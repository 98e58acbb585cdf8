"""The rulebook: one module a publication. A rule is one readable value, rendered everywhere from here."""

from types import MappingProxyType

from cytovigil.logic.scale import Scale
from cytovigil.rules.crs_astct_2019 import CRS_ASTCT_2019
from cytovigil.rules.crs_lee_2014 import CRS_LEE_2014, CRS_LEE_2014_LABEL
from cytovigil.rules.icans_astct_2019 import ICANS_ASTCT_2019

SCALES: MappingProxyType[str, Scale] = MappingProxyType(
    {scale.id: scale for scale in (CRS_ASTCT_2019, CRS_LEE_2014, CRS_LEE_2014_LABEL, ICANS_ASTCT_2019)}
)
GROUPS = MappingProxyType(
    {
        "default": (CRS_ASTCT_2019.id, CRS_LEE_2014_LABEL.id, ICANS_ASTCT_2019.id),
        "all-crs": (CRS_ASTCT_2019.id, CRS_LEE_2014.id, CRS_LEE_2014_LABEL.id),
        "all": tuple(SCALES),
    }
)


def scale_ids(text: str) -> list[str]:
    """Scale ids for a comma-separated list of ids and groups, each once, in order.

    Raises ValueError with a sentence on an unknown name.
    """
    found: list[str] = []
    for name in (part.strip().lower() for part in text.split(",")):
        if not name:
            continue
        if name not in SCALES and name not in GROUPS:
            raise ValueError(f"unknown scale '{name}': known are {', '.join([*GROUPS, *SCALES])}")
        found += [one for one in GROUPS.get(name, (name,)) if one not in found]
    if not found:
        raise ValueError(f"no scale given: known are {', '.join([*GROUPS, *SCALES])}")
    return found
