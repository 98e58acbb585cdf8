"""CTCAE v6: laboratory terms, fever and febrile neutropenia, each a scale of its own.

Against v5: neutrophils shifted by one grade and without a limit, platelets to 10, lymphocytes without numbers, and
other multiples of an abnormal baseline for creatinine, bilirubin, AST and ALT.
"""

from cytovigil.logic.laboratory import (
    BASELINE,
    LOWER_LIMIT,
    UPPER_LIMIT,
    VALUE,
    baseline_field,
    cuts_field,
    passed_field,
)
from cytovigil.logic.ladder import OUR_READING, Ladder, Rung
from cytovigil.rules.ctcae_ladders import (
    AS_MEASURED,
    BLOOD,
    Count,
    Term,
    below_limit,
    by_baseline,
    cited,
    count_ladder,
    scale,
)
from cytovigil.rules.ctcae_terms import (
    ALT,
    AST,
    BILIRUBIN,
    COUNT_NOTES,
    CREATININE,
    NEUTROPHILS,
    ORGAN_NOTES,
    common_scales,
)

_PLATELETS = Term("Thrombocytopenia", BLOOD, "10043554")
_LYMPHOCYTES = Term("Lymphopenia", BLOOD, "10025327")
_NEUTROPHIL_COUNT = Count(
    "neutrophils",
    "neutrophils",
    "neutrophils in 10⁹/L",
    ("<1.5", "<1", "<0.5", "<0.1"),
    ("1.5 × 10⁹/L", "1.0 × 10⁹/L", "0.5 × 10⁹/L", "0.1 × 10⁹/L"),
)
_PLATELET_COUNT = Count(
    "platelets",
    "platelets",
    "platelets in 10⁹/L",
    ("<75", "<50", "<10"),
    ("75 × 10⁹/L", "50 × 10⁹/L", "10 × 10⁹/L"),
)
_PLATELET_NOTE = (
    "grade 3 is also a transfusion that is indicated, grade 4 is also life-threatening, and grade 5 is death: a "
    "clinician's judgement, not graded from numbers"
)
_LYMPHOPENIA_NOTE = (
    "v6 has no numeric grades: lymphopenia is present or not, and grade 1 is its only grade; the grades of v5 are not "
    "converted"
)
_CREATININE_NOTE = (
    "multiples of the baseline count only where the baseline itself was below the lower limit (erratum of 20 January "
    "2026); they count beside multiples of the upper limit, and the worse one holds"
)
_ENZYME_NOTE = (
    "grade 3 by the baseline is printed only for a baseline up to 5 x upper limit. From a higher one a value above 2 "
    "and up to 4 x baseline has no row of its own: grade 3, as a published program has it: our reading"
)

_FEW_LYMPHOCYTES = passed_field("lymphocytes_few", "lymphocytes below 0.8 × 10⁹/L", "lymphocytes", VALUE, "<0.8")
LYMPHOPENIA = Ladder(
    "lymphocytes",
    "Lymphopenia (CTCAE v6)",
    cited("v6", _LYMPHOCYTES),
    (
        Rung(
            1,
            below_limit("lymphocytes", "lymphocytes") | _FEW_LYMPHOCYTES,
            "present",
            OUR_READING,
            note="present is read as below the lower limit of normal, which is never below the 0.8 × 10⁹/L that end "
            "grade 1 in v5: the text of v6 gives no number",
        ),
    ),
)


def _creatinine() -> Ladder:
    limit = cuts_field(
        "creatinine_per_upper_limit", "creatinine as a multiple of the upper limit", "creatinine", UPPER_LIMIT,
        (">1", ">1.5", ">3", ">6"),
    )  # fmt: skip
    base = cuts_field(
        "creatinine_per_baseline", "creatinine as a multiple of the baseline", "creatinine", BASELINE, (">1.5", ">3"),
        side=LOWER_LIMIT,
    )  # fmt: skip
    low = baseline_field(
        "creatinine_baseline_abnormal", "creatinine below the lower limit at baseline", "creatinine", LOWER_LIMIT
    )
    rungs = (
        Rung(1, limit >= 1, ">1 x upper limit"),
        Rung(2, (limit >= 2) | (low & (base >= 1)), ">1.5 x upper limit, or x a baseline below the lower limit"),
        Rung(3, (limit >= 3) | (low & (base >= 2)), ">3 x upper limit, or x a baseline below the lower limit"),
        Rung(4, limit >= 4, ">6 x upper limit"),
    )
    return Ladder("creatinine", "Creatinine increased (CTCAE v6)", cited("v6", CREATININE), rungs)


def _enzyme(signal: str, word: str, term: Term) -> Ladder:
    title, cuts = f"{word} increased (CTCAE v6)", ((">1", ">3", ">5", ">20"), (">=1", ">1.5", ">2", ">4"))
    return by_baseline(cited("v6", term), signal, word, title, *cuts)


_BILIRUBIN_LADDER = by_baseline(
    cited("v6", BILIRUBIN), "bilirubin", "bilirubin", "Blood bilirubin increased (CTCAE v6)",
    (">1", ">1.5", ">3", ">10"), (">=1", ">1.5", ">2.5", ">10"),
)  # fmt: skip

CTCAE_V6_SCALES = (
    scale("v6", "neutrophils", count_ladder("v6", NEUTROPHILS, _NEUTROPHIL_COUNT, 1), NEUTROPHILS, (AS_MEASURED,)),
    scale(
        "v6",
        "platelets",
        count_ladder("v6", _PLATELETS, _PLATELET_COUNT, 2),
        _PLATELETS,
        (_PLATELET_NOTE, *COUNT_NOTES),
    ),
    scale("v6", "lymphocytes", LYMPHOPENIA, _LYMPHOCYTES, (_LYMPHOPENIA_NOTE, *COUNT_NOTES)),
    *common_scales("v6"),
    scale("v6", "creatinine", _creatinine(), CREATININE, (_CREATININE_NOTE, *ORGAN_NOTES)),
    scale("v6", "bilirubin", _BILIRUBIN_LADDER, BILIRUBIN, ORGAN_NOTES),
    scale("v6", "ast", _enzyme("ast", "AST", AST), AST, (_ENZYME_NOTE, *ORGAN_NOTES)),
    scale("v6", "alt", _enzyme("alt", "ALT", ALT), ALT, (_ENZYME_NOTE, *ORGAN_NOTES)),
)
