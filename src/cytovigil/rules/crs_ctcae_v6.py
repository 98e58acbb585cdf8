"""CRS as a term of CTCAE v6: oxygen by device, as in ASTCT."""

from cytovigil.logic.ladder import OUR_READING, SOURCE_READ, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.citations import CTCAE_V6_CRS
from cytovigil.rules.crs_astct_2019 import TREATMENTS
from cytovigil.rules.crs_course import crs_course
from cytovigil.rules.crs_ctcae_v5 import NOTES, ctcae_hypotension
from cytovigil.rules.fields import HYPOTENSION, OXYGEN

HYPOXIA_LADDER = Ladder(
    "hypoxia",
    "Hypoxia",
    CTCAE_V6_CRS,
    (
        Rung(
            2,
            OXYGEN >= 1,
            "low-flow nasal cannula or blow-by",
            SOURCE_READ,
            note="the text gives no flow: up to 6 L/min, as in ASTCT: our reading",
        ),
        Rung(3, OXYGEN >= 2, "high-flow nasal cannula, face mask, non-rebreather or Venturi mask", SOURCE_READ),
        Rung(
            4,
            OXYGEN >= 3,
            "life-threatening, urgent intervention: positive pressure",
            OUR_READING,
            note="the text names no device above the masks: CPAP, BiPAP and ventilation, as in ASTCT",
        ),
    ),
)

CRS_CTCAE_V6 = Scale(
    id="crs-ctcae-v6",
    version="1",
    title="CRS, CTCAE v6",
    source=CTCAE_V6_CRS,
    course=crs_course(HYPOTENSION, OXYGEN >= 1),
    domains=(ctcae_hypotension(CTCAE_V6_CRS), HYPOXIA_LADDER),
    death_cause="crs",
    treatments=TREATMENTS,
    notes=NOTES,
)
