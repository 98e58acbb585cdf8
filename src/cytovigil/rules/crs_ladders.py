"""Columns that the older CRS scales share: inspired oxygen, and organ toxicity by CTCAE v5."""

from cytovigil.logic.conditions import Condition
from cytovigil.logic.ladder import Citation, Ladder, Rung
from cytovigil.rules.ctcae_v5_organs import ALT, AST, BILIRUBIN, CREATININE, toxicity_field
from cytovigil.rules.fields import OXYGEN_FRACTION, VASOPRESSOR_HIGH_DOSE, VASOPRESSORS

CREATININE_TOXICITY, BILIRUBIN_TOXICITY = toxicity_field(CREATININE), toxicity_field(BILIRUBIN)
AST_TOXICITY, ALT_TOXICITY = toxicity_field(AST), toxicity_field(ALT)
LIVER = (BILIRUBIN_TOXICITY, AST_TOXICITY, ALT_TOXICITY)

HIGH_DOSE: Condition = (VASOPRESSORS >= 1) & VASOPRESSOR_HIGH_DOSE
HIGH_DOSE_NOTE = "the published dose table is unverified: high dose is what a clinician charts, else low or high"


def any_liver(grade: int) -> Condition:
    """Bilirubin, AST or ALT of this grade or more."""
    bilirubin, ast, alt = LIVER
    return (bilirubin >= grade) | (ast >= grade) | (alt >= grade)


def inspired_oxygen(source: Citation, status: str, ventilator: Rung) -> Ladder:
    """Oxygen need below 40 % is grade 2, of 40 % or more grade 3; `ventilator` is the rung of grade 4."""
    return Ladder(
        "oxygen",
        "Oxygen",
        source,
        (
            Rung(2, OXYGEN_FRACTION >= 1, "oxygen need below 40 %", status),
            Rung(
                3,
                OXYGEN_FRACTION >= 2,
                "oxygen need of 40 % or more",
                status,
                note="without a charted fraction: a cannula up to 4 L/min is below 40 %, non-rebreather and positive "
                "pressure are 40 % or more, other devices either: our reading",
            ),
            ventilator,
        ),
    )


def ventilator(status: str) -> Rung:
    """The rung of grade 4 where the source names the ventilator."""
    return Rung(4, OXYGEN_FRACTION >= 3, "ventilator", status, note="invasive ventilation: our reading")
