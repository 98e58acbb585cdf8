"""CTCAE v5 creatinine, bilirubin, AST and ALT, as far as Lee 2014 needs them for organ toxicity.

A field is the number of cuts that the value, as a multiple of the upper limit or of the baseline, has passed.
"""

from cytovigil.logic.conditions import Condition, Field
from cytovigil.logic.ladder import Ladder, Rung
from cytovigil.rules.citations import CTCAE_V5

UPPER_LIMIT, BASELINE = "upper limit", "baseline"


def _multiples(signal: str, of: str, *cuts: str) -> Field:
    """The value as a multiple of the limit or the baseline. A cut is '>3', or '>=1.5' where the table includes it."""
    return Field(
        f"{signal}_per_{of.replace(' ', '_')}",
        f"{signal} as a multiple of the {of}",
        tuple(range(len(cuts) + 1)),
        ("below", *cuts),
        measure="",
        signals=(signal,),
        detail=(of, cuts),
    )


def _by_baseline(signal: str, title: str, limit_cuts: tuple[str, ...], baseline_cuts: tuple[str, ...]) -> Ladder:
    """Grades 1 to 4 by the limit where the baseline was normal, by the baseline where it was abnormal."""
    limit = _multiples(signal, UPPER_LIMIT, *limit_cuts)
    base = _multiples(signal, BASELINE, *baseline_cuts)
    abnormal = Field(
        f"{signal}_baseline_abnormal",
        f"{signal} above the upper limit at baseline",
        (False, True),
        ("no", "yes"),
        measure="",
        signals=(signal,),
    )

    def rung(grade: int, limit_cut: str, base_cut: str) -> Rung:
        when: Condition = (~abnormal & (limit >= grade)) | (abnormal & (base >= grade))
        return Rung(grade, when, f"{limit_cut} x upper limit if baseline was normal, {base_cut} x baseline if abnormal")

    cuts = zip(limit_cuts, baseline_cuts, strict=True)
    return Ladder(signal, title, CTCAE_V5, tuple(rung(n, *pair) for n, pair in enumerate(cuts, start=1)))


_LIMIT = _multiples("creatinine", UPPER_LIMIT, ">1", ">1.5", ">3", ">6")
_BASE = _multiples("creatinine", BASELINE, ">1.5", ">3")
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
BILIRUBIN = _by_baseline(
    "bilirubin", "Blood bilirubin increased (CTCAE v5)", (">1", ">1.5", ">3", ">10"), (">1", ">1.5", ">3", ">10")
)
AST = _by_baseline("ast", "AST increased (CTCAE v5)", (">1", ">3", ">5", ">20"), (">=1.5", ">3", ">5", ">20"))
ALT = _by_baseline("alt", "ALT increased (CTCAE v5)", (">1", ">3", ">5", ">20"), (">=1.5", ">3", ">5", ">20"))


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
