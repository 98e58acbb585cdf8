"""Intensive care: for which patient each source asks for it, side by side."""

from dataclasses import replace

from cytovigil.guidance.asco_2021 import ASCO_2021
from cytovigil.guidance.cartox_2018 import CARTOX_2018
from cytovigil.guidance.fields import CARTOX, LOW_AFTER_FLUIDS, at_least, crs_by
from cytovigil.guidance.kymriah_us_2025 import KYMRIAH_US_2025
from cytovigil.guidance.quoting import quoted
from cytovigil.guidance.umcg_2020 import UMCG_2020
from cytovigil.logic.guidance import Protocol
from cytovigil.logic.ladder import Citation

SEVERAL = Citation("several", "Labels and guidelines on the place of care: each row names its own")
# Beside the grade by ASTCT, by which the others ask.
_CRS_CARTOX = replace(crs_by(CARTOX).grade, name="crs_cartox", says="CRS grade by CARTOX")

INTENSIVE_CARE = Protocol(
    "intensive-care", "1", "Intensive care: when each source asks for it", SEVERAL, "partial",
    recommendations=(
        quoted(ASCO_2021, "crs-3-icu"),
        quoted(ASCO_2021, "icans-icu"),
        quoted(ASCO_2021, "icans-4-airway"),
        quoted(UMCG_2020, "crs-3-icu"),
        quoted(UMCG_2020, "crs-4-icu"),
        quoted(CARTOX_2018, "crs-icu", at_least(_CRS_CARTOX, 3) | (_CRS_CARTOX.one_of(2) & LOW_AFTER_FLUIDS)),
        quoted(CARTOX_2018, "icans-icu"),
        quoted(KYMRIAH_US_2025, "icans-4-ventilation"),
    ),
    open_questions=("EBMT/EHA 2022, SITC and NCCN on intensive care: sources not read",),
    notes=("Labels are shown whatever the product: a label binds for its own product alone.",),
    by_topic=True,
)  # fmt: skip
