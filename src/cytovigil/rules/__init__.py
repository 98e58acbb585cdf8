"""The rulebook: one module a publication. A rule is one readable value, rendered everywhere from here."""

from difflib import get_close_matches
from types import MappingProxyType

from cytovigil.logic.scale import Scale
from cytovigil.model.told import ToldValueError
from cytovigil.rules.cartox_hlh import CARTOX_HLH
from cytovigil.rules.crs_astct_2019 import CRS_ASTCT_2019
from cytovigil.rules.crs_cartox_2018 import CRS_CARTOX_2018
from cytovigil.rules.crs_ctcae_v5 import CRS_CTCAE_V5
from cytovigil.rules.crs_ctcae_v6 import CRS_CTCAE_V6
from cytovigil.rules.crs_lee_2014 import CRS_LEE_2014, CRS_LEE_2014_LABEL
from cytovigil.rules.crs_mskcc_2018 import CRS_MSKCC_2018
from cytovigil.rules.crs_penn_2014 import CRS_PENN_2014
from cytovigil.rules.ctcae_v5 import CTCAE_V5_SCALES
from cytovigil.rules.ctcae_v6 import CTCAE_V6_SCALES
from cytovigil.rules.hlh_2004 import HLH_2004
from cytovigil.rules.icaht import ICAHT_EARLY_2023, ICAHT_EARLY_LIANG_2024, ICAHT_LATE_2023, ICAHT_LATE_LIANG_2024
from cytovigil.rules.icans_astct_2019 import ICANS_ASTCT_2019
from cytovigil.rules.icans_ctcae_v6 import ICANS_CTCAE_V6
from cytovigil.rules.iec_hs_2023 import IEC_HS_2023
from cytovigil.rules.scores import SCORES, UNPUBLISHED
from cytovigil.rules.t_icaht import (
    T_ICAHT_EARLY_2025,
    T_ICAHT_EARLY_2025_AUTHORS,
    T_ICAHT_LATE_2025,
    T_ICAHT_LATE_2025_AUTHORS,
)

SCALES: MappingProxyType[str, Scale] = MappingProxyType(
    {
        scale.id: scale
        for scale in (
            CRS_ASTCT_2019, CRS_LEE_2014, CRS_LEE_2014_LABEL, CRS_PENN_2014, CRS_MSKCC_2018, CRS_CARTOX_2018,
            CRS_CTCAE_V5, CRS_CTCAE_V6, ICANS_ASTCT_2019, ICANS_CTCAE_V6,
            ICAHT_EARLY_2023, ICAHT_LATE_2023, ICAHT_EARLY_LIANG_2024, ICAHT_LATE_LIANG_2024,
            T_ICAHT_EARLY_2025, T_ICAHT_LATE_2025, T_ICAHT_EARLY_2025_AUTHORS, T_ICAHT_LATE_2025_AUTHORS,
            IEC_HS_2023, CARTOX_HLH, HLH_2004,
            *CTCAE_V5_SCALES, *CTCAE_V6_SCALES,
        )
    }
)  # fmt: skip
GROUPS = MappingProxyType(
    {
        "default": (
            CRS_ASTCT_2019.id,
            CRS_LEE_2014_LABEL.id,
            ICANS_ASTCT_2019.id,
            ICAHT_EARLY_2023.id,
            ICAHT_LATE_2023.id,
            T_ICAHT_EARLY_2025.id,
            T_ICAHT_LATE_2025.id,
        ),
        "all-crs": tuple(name for name in SCALES if name.startswith("crs-")),
        "ctcae-v5": tuple(scale.id for scale in CTCAE_V5_SCALES),
        "ctcae-v6": tuple(scale.id for scale in CTCAE_V6_SCALES),
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
            raise _no_scale(name)
        found += [one for one in GROUPS.get(name, (name,)) if one not in found]
    if not found:
        raise ToldValueError("no scale given: see `cytovigil rules list`")
    return found


def _no_scale(name: str) -> ToldValueError:
    scores = [*SCORES, *(one.id for one in UNPUBLISHED)]
    if name in scores:
        sentence = "'{name}' is a score, not a scale: see `cytovigil rules show {name}` and `cytovigil score --help`"
        return ToldValueError(sentence, name=name)
    if near := get_close_matches(name, [*GROUPS, *SCALES, *scores]):
        sentence = "unknown scale '{name}': did you mean {near}? Else see `cytovigil rules list`"
        return ToldValueError(sentence, name=name, near=", ".join(near))
    return ToldValueError("unknown scale '{name}': see `cytovigil rules list`", name=name)
