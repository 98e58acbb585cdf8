"""CRS, CARTOX 2018."""

from cytovigil.logic.ladder import OUR_READING, SECONDARY, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.citations import NEELAPU_2018
from cytovigil.rules.crs_astct_2019 import TREATMENTS
from cytovigil.rules.crs_course import crs_course
from cytovigil.rules.crs_ladders import (
    BILIRUBIN_TOXICITY,
    CREATININE_TOXICITY,
    HIGH_DOSE,
    HIGH_DOSE_NOTE,
    any_liver,
    inspired_oxygen,
    ventilator,
)  # fmt: skip
from cytovigil.rules.fields import (
    DIALYSIS,
    HYPOTENSION,
    OXYGEN_FRACTION,
    REFRACTORY,
    VASOPRESSIN_ADDED,
    VASOPRESSORS,
)  # fmt: skip

ORGANS_NOTE = "organ toxicity is that of kidney and liver by CTCAE v5: our reading"
_SEVERAL = (VASOPRESSORS >= 2) | VASOPRESSIN_ADDED

HYPOTENSION_LADDER = Ladder(
    "hypotension",
    "Hypotension",
    NEELAPU_2018,
    (
        Rung(
            2,
            HYPOTENSION,
            "responds to fluids or to a low dose of one vasopressor",
            SECONDARY,
            note="the paper's limit is a systolic pressure of 90 mmHg, for adults: the limits by age are our reading",
        ),
        Rung(
            3,
            HYPOTENSION & (_SEVERAL | HIGH_DOSE),
            "high dose of a vasopressor, or more than one",
            SECONDARY,
            note=HIGH_DOSE_NOTE + "; vasopressin beside another vasopressor is a second one: our reading",
        ),
        Rung(
            4,
            HYPOTENSION & (_SEVERAL | HIGH_DOSE) & REFRACTORY,
            "life-threatening hypotension",
            OUR_READING,
            note="read as a low pressure charted while several vasopressors, or one in high dose, run",
        ),
    ),
)
KIDNEY_LADDER = Ladder(
    "kidney",
    "Organ toxicity: kidney",
    NEELAPU_2018,
    (
        Rung(1, CREATININE_TOXICITY >= 1, "creatinine of grade 1", SECONDARY, note=ORGANS_NOTE),
        Rung(2, CREATININE_TOXICITY >= 2, "creatinine of grade 2", SECONDARY),
        Rung(3, CREATININE_TOXICITY >= 3, "creatinine of grade 3", SECONDARY),
        Rung(
            4,
            (CREATININE_TOXICITY >= 4) | (DIALYSIS >= 1),
            "creatinine of grade 4, or dialysis",
            SECONDARY,
            note="new dialysis of any kind is kidney injury of grade 4 by CTCAE: our reading",
        ),
    ),
)
LIVER_LADDER = Ladder(
    "liver",
    "Organ toxicity: liver",
    NEELAPU_2018,
    (
        Rung(1, any_liver(1), "bilirubin, AST or ALT of grade 1", SECONDARY, note=ORGANS_NOTE),
        Rung(2, any_liver(2), "bilirubin, AST or ALT of grade 2", SECONDARY),
        Rung(3, any_liver(3), "bilirubin of grade 3, AST or ALT of grade 3 or 4", SECONDARY),
        Rung(4, BILIRUBIN_TOXICITY >= 4, "bilirubin of grade 4", SECONDARY),
    ),
)

CRS_CARTOX_2018 = Scale(
    id="crs-cartox-2018",
    version="1",
    title="CRS, CARTOX 2018",
    source=NEELAPU_2018,
    course=crs_course(HYPOTENSION, OXYGEN_FRACTION >= 1),
    domains=(
        HYPOTENSION_LADDER,
        inspired_oxygen(NEELAPU_2018, SECONDARY, ventilator(SECONDARY)),
        KIDNEY_LADDER,
        LIVER_LADDER,
    ),
    death_cause="crs",
    treatments=TREATMENTS,
    notes=(
        "grade 1 is fever, or organ toxicity of grade 1",
        "graded inside the course that all CRS scales share, which a fever opens: " + OUR_READING,
        "organ toxicity counts only if new or worse than before lymphodepletion",
    ),
)
