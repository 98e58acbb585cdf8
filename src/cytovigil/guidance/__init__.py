"""Published guidance as rules over grades, history and facts, and the ledger of what has been given."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from cytovigil.guidance.asco_2021 import ASCO_2021
from cytovigil.guidance.aucatzyl import AUCATZYL
from cytovigil.guidance.breyanzi_gb_2026 import BREYANZI_GB_2026
from cytovigil.guidance.cartox_2018 import CARTOX_2018
from cytovigil.guidance.cerebral_oedema import CEREBRAL_OEDEMA
from cytovigil.guidance.cytopenia_practice import CYTOPENIA_PRACTICE
from cytovigil.guidance.eha_ebmt_icaht_2023 import EHA_EBMT_ICAHT_2023
from cytovigil.guidance.fever import FEVER_WORK_UP
from cytovigil.guidance.fields import ICANS_SCALE as ICANS_SCALE
from cytovigil.guidance.gitmo import GITMO_HANDBOOK
from cytovigil.guidance.iec_hs import IEC_HS_2023
from cytovigil.guidance.intensive_care import INTENSIVE_CARE
from cytovigil.guidance.kymriah_us_2025 import KYMRIAH_US_2025
from cytovigil.guidance.names import check_name
from cytovigil.guidance.nccn_growth_factors_2026 import NCCN_GROWTH_FACTORS_2026
from cytovigil.guidance.not_read import NOT_READ
from cytovigil.guidance.seizure_prophylaxis import SEIZURE_PROPHYLAXIS
from cytovigil.guidance.umcg_2020 import UMCG_2020
from cytovigil.logic.guidance import Protocol

# Labels first, then guidelines on CRS and ICANS, the newest first; then by topic; then what was not read.
PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {
        one.id: one
        for one in (
            BREYANZI_GB_2026, KYMRIAH_US_2025, AUCATZYL, ASCO_2021, UMCG_2020, CARTOX_2018, GITMO_HANDBOOK,
            INTENSIVE_CARE, SEIZURE_PROPHYLAXIS, CEREBRAL_OEDEMA, FEVER_WORK_UP, IEC_HS_2023, EHA_EBMT_ICAHT_2023,
            NCCN_GROWTH_FACTORS_2026, CYTOPENIA_PRACTICE, *NOT_READ,
        )
    }
)  # fmt: skip


def choose_protocols(
    name: str | None, product: str, day: date, protocols: Mapping[str, Protocol] = PROTOCOLS
) -> list[Protocol]:
    """The protocol of that id, in any case; without one all that are for the product and hold on the day.

    Raises ValueError with a sentence where there is none of that id.
    """
    if name is None:
        return [one for one in protocols.values() if one.fits(product, day)]
    known = {key.lower(): one for key, one in protocols.items()}
    check_name("protocol", name.strip().lower(), known)
    return [known[name.strip().lower()]]
