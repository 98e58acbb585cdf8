"""Antiseizure prophylaxis: sources disagree, so that it is a choice of the site (`choices.py`); here each of them."""

from cytovigil.guidance.asco_2021 import ASCO_2021
from cytovigil.guidance.breyanzi_gb_2026 import BREYANZI_GB_2026
from cytovigil.guidance.cartox_2018 import CARTOX_2018
from cytovigil.guidance.fields import ASTCT, ICANS, at_least, crs_by
from cytovigil.guidance.gitmo import GITMO_HANDBOOK
from cytovigil.guidance.kymriah_us_2025 import KYMRIAH_US_2025
from cytovigil.guidance.quoting import quoted
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import Citation

SEVERAL = Citation("several", "Labels, guidelines and handbooks on antiseizure prophylaxis: each row names its own")
CRS = crs_by(ASTCT).grade
_CARVYKTI = Recommendation(
    "carvykti", "prevent", "antiseizure drug", at_least(CRS, 1), "levetiracetam as prophylaxis", "consider",
    where="Carvykti, medical information of the company (jnjmedicalconnect)",
)  # fmt: skip

SEIZURE_PROPHYLAXIS = Protocol(
    "seizure-prophylaxis", "1", "Antiseizure prophylaxis: sources disagree, the site chooses", SEVERAL, "partial",
    recommendations=(
        quoted(BREYANZI_GB_2026, "icans-antiseizure"),
        quoted(KYMRIAH_US_2025, "antiseizure", at_least(CRS, 1) | at_least(ICANS, 1)),
        quoted(ASCO_2021, "antiseizure"),
        quoted(CARTOX_2018, "icans-antiseizure"),
        _CARVYKTI,
        quoted(GITMO_HANDBOOK, "antiseizure"),
    ),
    open_questions=("EBMT/EHA 2022, SITC and NCCN on antiseizure prophylaxis: sources not read",),
    notes=("Labels are shown whatever the product: a label binds for its own product alone.",),
    by_topic=True,
)  # fmt: skip
