"""Cerebral oedema and raised intracranial pressure: what each source gives, side by side."""

from cytovigil.guidance.breyanzi_gb_2026 import BREYANZI_GB_2026
from cytovigil.guidance.cartox_2018 import CARTOX_2018
from cytovigil.guidance.fields import RAISED_PRESSURE
from cytovigil.guidance.kymriah_us_2025 import KYMRIAH_US_2025
from cytovigil.guidance.quoting import quoted
from cytovigil.logic.guidance import Protocol
from cytovigil.logic.ladder import Citation

SEVERAL = Citation("several", "Labels and guidelines on cerebral oedema after CAR-T cells: each row names its own")

CEREBRAL_OEDEMA = Protocol(
    "cerebral-oedema", "1", "Cerebral oedema: what each source gives", SEVERAL, "partial",
    recommendations=(
        quoted(BREYANZI_GB_2026, "oedema", RAISED_PRESSURE >= 1),
        quoted(BREYANZI_GB_2026, "oedema-methylprednisolone", RAISED_PRESSURE >= 1),
        quoted(BREYANZI_GB_2026, "oedema-cyclophosphamide", RAISED_PRESSURE >= 1),
        quoted(CARTOX_2018, "icans-pressure"),
        quoted(KYMRIAH_US_2025, "icans-4-steroid", RAISED_PRESSURE >= 2),
        quoted(KYMRIAH_US_2025, "icans-4-seizures-oedema", RAISED_PRESSURE >= 2),
    ),
    open_questions=("EBMT/EHA 2022, SITC and NCCN on cerebral oedema: sources not read",),
    notes=(
        "Labels are shown whatever the product: a label binds for its own product alone.",
        "Oedema may be fulminant, with few warnings (ASTCT 2019, pages 631-632).",
        "Focal oedema is ICANS of grade 3; diffuse oedema, posturing, a sixth nerve palsy, papilloedema and Cushing's "
        "triad are grade 4.",
    ),
    by_topic=True,
)  # fmt: skip
