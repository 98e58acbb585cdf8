"""CRS, the Penn scale: that of the tisagenlecleucel trials."""

from cytovigil.logic.ladder import OUR_READING, SECONDARY, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.citations import PORTER_2018
from cytovigil.rules.crs_astct_2019 import TREATMENTS
from cytovigil.rules.crs_course import crs_course
from cytovigil.rules.crs_ladders import CREATININE_TOXICITY, HIGH_DOSE, HIGH_DOSE_NOTE, any_liver
from cytovigil.rules.fields import (
    COAGULATION_PRODUCT,
    DIALYSIS,
    FLUID_BOLUSES,
    HYPOTENSION,
    OXYGEN_FRACTION,
    VASOPRESSORS,
)  # fmt: skip

HYPOTENSION_LADDER = Ladder(
    "hypotension",
    "Hypotension",
    PORTER_2018,
    (
        Rung(
            2,
            HYPOTENSION,
            "low pressure without a vasopressor, at most one fluid bolus",
            OUR_READING,
            note="the table names no such hypotension: read as a moderate reaction that needs intravenous therapy",
        ),
        Rung(
            3,
            HYPOTENSION & ((VASOPRESSORS >= 1) | (FLUID_BOLUSES >= 2)),
            "several fluid boluses, or a low dose of vasopressors",
            SECONDARY,
            note="several is two or more within 24 h; several vasopressors in low dose stay here: our reading",
        ),
        Rung(4, HYPOTENSION & HIGH_DOSE, "high dose of vasopressors", SECONDARY, note=HIGH_DOSE_NOTE),
    ),
)
HYPOXIA_LADDER = Ladder(
    "oxygen",
    "Oxygen",
    PORTER_2018,
    (
        Rung(3, OXYGEN_FRACTION >= 1, "supplemental oxygen: cannula, high flow, CPAP or BiPAP", SECONDARY),
        Rung(4, OXYGEN_FRACTION >= 3, "mechanical ventilation", SECONDARY, note="invasive ventilation: our reading"),
    ),
)
ORGANS_LADDER = Ladder(
    "organs",
    "Organ toxicity",
    PORTER_2018,
    (
        Rung(
            2,
            (CREATININE_TOXICITY >= 2) | any_liver(3),
            "creatinine of grade 2, or liver tests of grade 3",
            SECONDARY,
            note="CTCAE v5; liver tests are bilirubin, AST and ALT: our reading",
        ),
        Rung(
            3,
            (CREATININE_TOXICITY >= 3) | any_liver(4) | (DIALYSIS >= 1),
            "creatinine of grade 3 or more, or liver tests of grade 4",
            SECONDARY,
            note="new dialysis of any kind counts as the kidney's: our reading; organ toxicity is never grade 4",
        ),
    ),
)
COAGULATION_LADDER = Ladder(
    "coagulation",
    "Coagulopathy",
    PORTER_2018,
    (
        Rung(
            3,
            COAGULATION_PRODUCT,
            "needs plasma, cryoprecipitate or fibrinogen",
            SECONDARY,
            note="counts for 24 h after it was given: our reading",
        ),
    ),
)

CRS_PENN_2014 = Scale(
    id="crs-penn-2014",
    version="1",
    title="CRS, Penn scale",
    source=PORTER_2018,
    course=crs_course(HYPOTENSION, OXYGEN_FRACTION >= 1),
    domains=(HYPOTENSION_LADDER, HYPOXIA_LADDER, ORGANS_LADDER, COAGULATION_LADDER),
    death_cause="crs",
    treatments=TREATMENTS,
    notes=(
        "grade 1 is a mild reaction that needs supportive care: graded as fever",
        "grade 2 is also an admission for symptoms of CRS, with fever in neutropenia: the reason for an admission is "
        "not charted, so fever alone is grade 1 here",
        "the original does not ask for fever; graded inside the course that all CRS scales share: " + OUR_READING,
        "organ toxicity counts only if new or worse than before lymphodepletion",
    ),
)
