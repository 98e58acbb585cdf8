"""CRS, the scale of Memorial Sloan Kettering: by how long vasopressors run."""

from cytovigil.logic.ladder import OUR_READING, SECONDARY, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.citations import PARK_2018
from cytovigil.rules.crs_astct_2019 import TREATMENTS
from cytovigil.rules.crs_course import crs_course
from cytovigil.rules.crs_ladders import HIGH_DOSE, HIGH_DOSE_NOTE, inspired_oxygen, ventilator
from cytovigil.rules.fields import HYPOTENSION, OXYGEN_FRACTION, REFRACTORY, VASOPRESSOR_24_H, VASOPRESSORS

HYPOTENSION_LADDER = Ladder(
    "hypotension",
    "Hypotension",
    PARK_2018,
    (
        Rung(
            1,
            HYPOTENSION,
            "low pressure without a vasopressor",
            OUR_READING,
            note="the table names no fluids: read as supportive care; others read grade 2",
        ),
        Rung(
            2,
            HYPOTENSION & (VASOPRESSORS >= 1),
            "any vasopressor for less than 24 h",
            SECONDARY,
            note="each moment by the hours until then",
        ),
        Rung(
            3,
            HYPOTENSION & (VASOPRESSORS >= 1) & VASOPRESSOR_24_H,
            "any vasopressor for 24 h or more",
            SECONDARY,
            note="one after another; a pause of up to 1 h does not count: our reading",
        ),
        Rung(
            4,
            HYPOTENSION & HIGH_DOSE & REFRACTORY,
            "hypotension refractory to a high dose of vasopressors",
            SECONDARY,
            note="refractory is a low pressure charted while vasopressors run: our reading; " + HIGH_DOSE_NOTE,
        ),
    ),
)

CRS_MSKCC_2018 = Scale(
    id="crs-mskcc-2018",
    version="1",
    title="CRS, MSKCC scale",
    source=PARK_2018,
    course=crs_course(HYPOTENSION, OXYGEN_FRACTION >= 1),
    domains=(HYPOTENSION_LADDER, inspired_oxygen(PARK_2018, SECONDARY, ventilator(SECONDARY))),
    death_cause="crs",
    treatments=TREATMENTS,
    notes=(
        "grade 1 is symptoms that need observation or supportive care only: graded as fever",
        "the original does not ask for fever; graded inside the course that all CRS scales share: " + OUR_READING,
        "organ toxicity does not change the grade",
    ),
)
