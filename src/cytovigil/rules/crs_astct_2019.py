"""CRS, ASTCT consensus 2019."""

from cytovigil.logic.ladder import OUR_READING, SOURCE_READ, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.citations import LEE_2019
from cytovigil.rules.crs_course import crs_course
from cytovigil.rules.fields import HYPOTENSION, OXYGEN, VASOPRESSORS

TREATMENTS = ("antipyretic", "anticytokine", "corticosteroid", "vasopressor", "vasopressin")

HYPOTENSION_LADDER = Ladder(
    "hypotension",
    "Hypotension",
    LEE_2019,
    rungs=(
        Rung(
            2,
            HYPOTENSION,
            "low pressure that needs no vasopressor",
            note="the paper gives no limit: the limits by age, and 6 h for a fluid bolus, are our reading",
        ),
        Rung(
            3,
            HYPOTENSION & (VASOPRESSORS >= 1),
            "one vasopressor, with or without vasopressin",
            note="vasopressin alone counts as one and is flagged: our reading",
        ),
        Rung(
            4,
            HYPOTENSION & (VASOPRESSORS >= 2),
            "more than one vasopressor, vasopressin not counted",
            note="whatever the dose; inotropes do not count (the paper names milrinone; the others by analogy)",
        ),
    ),
)
HYPOXIA_LADDER = Ladder(
    "hypoxia",
    "Hypoxia",
    LEE_2019,
    rungs=(
        Rung(2, OXYGEN >= 1, "low-flow nasal cannula, up to 6 L/min, or blow-by"),
        Rung(3, OXYGEN >= 2, "high-flow cannula above 6 L/min, face mask, non-rebreather or Venturi mask"),
        Rung(
            4,
            OXYGEN >= 3,
            "positive pressure: CPAP, BiPAP, intubation with ventilation",
            status=SOURCE_READ,
            note="support not above the baseline, or to protect the airway, is not for hypoxia of CRS: our reading",
        ),
    ),
)

CRS_ASTCT_2019 = Scale(
    id="crs-astct-2019",
    version="1",
    title="CRS, ASTCT consensus 2019",
    source=LEE_2019,
    course=crs_course(HYPOTENSION, OXYGEN >= 1),
    domains=(HYPOTENSION_LADDER, HYPOXIA_LADDER),
    death_cause="crs",
    treatments=TREATMENTS,
    notes=(
        "grade 1 is fever alone: 38.0 degrees Celsius or more, not due to another cause",
        "organ toxicity does not change the grade",
        f"grade 5 is death due to CRS; every hour of the course is {OUR_READING}",
    ),
)
