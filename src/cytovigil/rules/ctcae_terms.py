"""The laboratory terms that CTCAE v5 and v6 grade alike, each as a scale of either."""

from cytovigil.logic.scale import Scale
from cytovigil.rules.ctcae_fever import febrile_neutropenia_scale, fever_scale
from cytovigil.rules.ctcae_ladders import (
    AS_MEASURED,
    BASELINE_NOTE,
    BLOOD,
    INVESTIGATIONS,
    NO_LIMIT,
    Count,
    Term,
    aptt_ladder,
    count_ladder,
    fibrinogen_ladder,
    inr_ladder,
    scale,
)

NEUTROPHILS = Term("Neutrophil count decreased", INVESTIGATIONS, "10029366")
CREATININE = Term("Creatinine increased", INVESTIGATIONS, "10011368")
BILIRUBIN = Term("Blood bilirubin increased", INVESTIGATIONS, "10005364")
ALT = Term("Alanine aminotransferase increased", INVESTIGATIONS, "10001551")
AST = Term("Aspartate aminotransferase increased", INVESTIGATIONS, "10003481")
_ANEMIA = Term("Anemia", BLOOD, "10002272")
_LEUKOCYTES = Term("White blood cell decreased", INVESTIGATIONS, "10049182")
_CD4 = Term("CD4 lymphocytes decreased", INVESTIGATIONS, "10007839")
_FIBRINOGEN = Term("Fibrinogen decreased", INVESTIGATIONS, "10016596")
_INR = Term("INR increased", INVESTIGATIONS, "10022402")
_APTT = Term("Activated partial thromboplastin time prolonged", INVESTIGATIONS, "10000636")

COUNT_NOTES = (NO_LIMIT, AS_MEASURED)
ORGAN_NOTES = (
    BASELINE_NOTE,
    NO_LIMIT,
    "the baseline is abnormal by its own limit: of its row, else the site's, else the limit of the value compared "
    "with it; without a baseline both ways of grading stay open: our reading",
    AS_MEASURED,
)
BLEEDING_NOTE = "grade 3 is also bleeding: a clinician's judgement, not graded from numbers"
ANTICOAGULATION_NOTE = (
    "multiples of the baseline count only under anticoagulation, which the vocabulary has no signal for: the low is "
    "without it, the high with it"
)
FIBRINOGEN_NOTE = (
    "abnormal is read as a baseline below the lower limit; then the fall from it counts instead of the limit, and "
    "grade 1 is any fall: our reading"
)
ANEMIA_NOTE = (
    "grade 3 is also a transfusion that is indicated, and grade 4 is life-threatening: a clinician's judgement, not "
    "graded from numbers"
)
HEMOGLOBIN_NOTE = (
    "the three units print numbers that are not the same: 8.0 g/dL is 4.96 mmol/L, but 4.9 is printed. Graded by the "
    "numbers of the unit reported: a haemoglobin of 4.9 mmol/L is grade 2"
)
HEMOGLOBIN = Count(
    "hemoglobin",
    "haemoglobin",
    "haemoglobin, in the unit reported",
    ("<10", "<8"),
    ("10.0 g/dL, 100 g/L, 6.2 mmol/L", "8.0 g/dL, 80 g/L, 4.9 mmol/L"),
    {"g/L": ("<100", "<80"), "mmol/L": ("<6.2", "<4.9")},
)
LEUKOCYTES = Count(
    "leukocytes",
    "leukocytes",
    "leukocytes in 10⁹/L",
    ("<3", "<2", "<1"),
    ("3.0 × 10⁹/L", "2.0 × 10⁹/L", "1.0 × 10⁹/L"),
)
CD4 = Count(
    "cd4",
    "CD4 cells",
    "CD4 cells per µL",
    ("<500", "<200", "<50"),
    ("500/µL (0.5 × 10⁹/L)", "200/µL (0.2 × 10⁹/L)", "50/µL (0.05 × 10⁹/L)"),
)


def common_scales(edition: str) -> tuple[Scale, ...]:
    """Scales of the terms whose grades are the same in `v5` and `v6`."""
    hemoglobin = count_ladder(edition, _ANEMIA, HEMOGLOBIN, 2)
    leukocytes = count_ladder(edition, _LEUKOCYTES, LEUKOCYTES, 2)
    cd4_notes = {3: "v5 misprints this row as <0.2 x 0.05: read as 0.2 to 0.05"} if edition == "v5" else None
    cd4 = count_ladder(edition, _CD4, CD4, 2, cd4_notes)
    return (
        scale(edition, "hemoglobin", hemoglobin, _ANEMIA, (ANEMIA_NOTE, HEMOGLOBIN_NOTE, *COUNT_NOTES)),
        scale(edition, "leukocytes", leukocytes, _LEUKOCYTES, COUNT_NOTES),
        scale(edition, "cd4", cd4, _CD4, COUNT_NOTES),
        scale(
            edition, "fibrinogen", fibrinogen_ladder(edition, _FIBRINOGEN), _FIBRINOGEN,
            (FIBRINOGEN_NOTE, *ORGAN_NOTES),
        ),
        scale(
            edition, "inr", inr_ladder(edition, _INR), _INR,
            (ANTICOAGULATION_NOTE, BLEEDING_NOTE, BASELINE_NOTE, AS_MEASURED),
        ),
        scale(edition, "aptt", aptt_ladder(edition, _APTT), _APTT, (BLEEDING_NOTE, *COUNT_NOTES)),
        fever_scale(edition),
        febrile_neutropenia_scale(edition),
    )  # fmt: skip
