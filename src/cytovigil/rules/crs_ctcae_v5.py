"""CRS as a term of CTCAE v5."""

from cytovigil.logic.ladder import OUR_READING, SOURCE_READ, Citation, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.citations import CTCAE_V5_CRS
from cytovigil.rules.crs_astct_2019 import TREATMENTS
from cytovigil.rules.crs_course import crs_course
from cytovigil.rules.crs_ladders import inspired_oxygen
from cytovigil.rules.fields import HYPOTENSION, OXYGEN_FRACTION, VASOPRESSORS

NOTES = (
    "grade 1 is fever, with or without constitutional symptoms",
    "grade 4 is life-threatening, with urgent intervention: a clinician's judgement, read as several vasopressors or "
    "the respiratory support named",
    "the term does not ask for fever in the higher grades; graded inside the course that all CRS scales share: "
    + OUR_READING,
    "organ toxicity does not change the grade: CTCAE grades it by terms of its own",
)


def ctcae_hypotension(source: Citation) -> Ladder:
    """The column of hypotension, the same in v5 and v6."""
    return Ladder(
        "hypotension",
        "Hypotension",
        source,
        (
            Rung(2, HYPOTENSION, "responds to fluids", SOURCE_READ, note="low pressure without a vasopressor"),
            Rung(
                3,
                HYPOTENSION & (VASOPRESSORS >= 1),
                "managed with one vasopressor",
                SOURCE_READ,
                note="whatever the dose; vasopressin does not add to another vasopressor: our reading",
            ),
            Rung(
                4,
                HYPOTENSION & (VASOPRESSORS >= 2),
                "life-threatening, urgent intervention: several vasopressors",
                OUR_READING,
                note="the text names no number of vasopressors",
            ),
        ),
    )


CRS_CTCAE_V5 = Scale(
    id="crs-ctcae-v5",
    version="1",
    title="CRS, CTCAE v5",
    source=CTCAE_V5_CRS,
    course=crs_course(HYPOTENSION, OXYGEN_FRACTION >= 1),
    domains=(
        ctcae_hypotension(CTCAE_V5_CRS),
        inspired_oxygen(
            CTCAE_V5_CRS,
            SOURCE_READ,
            Rung(
                4,
                OXYGEN_FRACTION >= 3,
                "life-threatening, urgent intervention: ventilator",
                OUR_READING,
                note="the text names no device; invasive ventilation",
            ),
        ),
    ),
    death_cause="crs",
    treatments=TREATMENTS,
    notes=NOTES,
)
