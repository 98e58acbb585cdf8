"""CTCAE v5 creatinine, bilirubin, AST and ALT: scales of their own, and what Lee 2014 needs for organ toxicity.

A field is the number of cuts that the value, as a multiple of the upper limit or of the baseline, has passed.
"""

from cytovigil.logic.conditions import Field
from cytovigil.logic.laboratory import BASELINE, UPPER_LIMIT, cuts_field
from cytovigil.logic.ladder import Ladder, Rung
from cytovigil.rules.citations import CTCAE_V5
from cytovigil.rules.ctcae_ladders import by_baseline

_LIMIT = cuts_field(
    "creatinine_per_upper_limit", "creatinine as a multiple of the upper limit", "creatinine", UPPER_LIMIT,
    (">1", ">1.5", ">3", ">6"),
)  # fmt: skip
_BASE = cuts_field(
    "creatinine_per_baseline", "creatinine as a multiple of the baseline", "creatinine", BASELINE, (">1.5", ">3")
)
CREATININE = Ladder(
    "creatinine",
    "Creatinine increased (CTCAE v5)",
    CTCAE_V5,
    (
        Rung(1, _LIMIT >= 1, ">1 x upper limit"),
        Rung(2, (_LIMIT >= 2) | (_BASE >= 1), ">1.5 x upper limit or x baseline"),
        Rung(3, (_LIMIT >= 3) | (_BASE >= 2), ">3 x upper limit or x baseline"),
        Rung(4, _LIMIT >= 4, ">6 x upper limit"),
    ),
)
_BILIRUBIN_CUTS = (">1", ">1.5", ">3", ">10")
_ENZYME_CUTS, _ENZYME_BASELINE_CUTS = (">1", ">3", ">5", ">20"), (">=1.5", ">3", ">5", ">20")
BILIRUBIN = by_baseline(
    CTCAE_V5, "bilirubin", "bilirubin", "Blood bilirubin increased (CTCAE v5)", _BILIRUBIN_CUTS, _BILIRUBIN_CUTS
)
AST = by_baseline(CTCAE_V5, "ast", "AST", "AST increased (CTCAE v5)", _ENZYME_CUTS, _ENZYME_BASELINE_CUTS)
ALT = by_baseline(CTCAE_V5, "alt", "ALT", "ALT increased (CTCAE v5)", _ENZYME_CUTS, _ENZYME_BASELINE_CUTS)


def toxicity_field(ladder: Ladder) -> Field:
    """The CTCAE grade of an organ where it is new or worse than baseline, else 0."""
    return Field(
        f"{ladder.name}_toxicity",
        f"new or worse {ladder.name}, CTCAE v5 grade",
        (0, 1, 2, 3, 4),
        ("0", "1", "2", "3", "4"),
        measure="organ_toxicity",
        signals=(ladder.name,),
        detail=ladder,
        assumptions=("baseline_laboratory_days",),
    )
