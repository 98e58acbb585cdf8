"""CTCAE v5: laboratory terms, fever and febrile neutropenia, each a scale of its own."""

from cytovigil.rules import ctcae_v5_organs as organs
from cytovigil.rules.ctcae_ladders import INVESTIGATIONS, Count, Term, count_ladder, scale
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

_PLATELETS = Term("Platelet count decreased", INVESTIGATIONS, "10035528")
_LYMPHOCYTES = Term("Lymphocyte count decreased", INVESTIGATIONS, "10025256")
_NEUTROPHIL_COUNT = Count(
    "neutrophils",
    "neutrophils",
    "neutrophils in 10⁹/L",
    ("<1.5", "<1", "<0.5"),
    ("1.5 × 10⁹/L", "1.0 × 10⁹/L", "0.5 × 10⁹/L"),
)
_PLATELET_COUNT = Count(
    "platelets",
    "platelets",
    "platelets in 10⁹/L",
    ("<75", "<50", "<25"),
    ("75 × 10⁹/L", "50 × 10⁹/L", "25 × 10⁹/L"),
)
_LYMPHOCYTE_COUNT = Count(
    "lymphocytes",
    "lymphocytes",
    "lymphocytes in 10⁹/L",
    ("<0.8", "<0.5", "<0.2"),
    ("0.8 × 10⁹/L", "0.5 × 10⁹/L", "0.2 × 10⁹/L"),
)
_CREATININE_NOTE = "in v5 a multiple of the baseline counts whatever the limit is, also where the value is normal"

CTCAE_V5_SCALES = (
    *(
        scale("v5", count.signal, count_ladder("v5", term, count, 2), term, COUNT_NOTES)
        for term, count in (
            (NEUTROPHILS, _NEUTROPHIL_COUNT),
            (_PLATELETS, _PLATELET_COUNT),
            (_LYMPHOCYTES, _LYMPHOCYTE_COUNT),
        )
    ),
    *common_scales("v5"),
    scale("v5", "creatinine", organs.CREATININE, CREATININE, (_CREATININE_NOTE, *ORGAN_NOTES)),
    scale("v5", "bilirubin", organs.BILIRUBIN, BILIRUBIN, ORGAN_NOTES),
    scale("v5", "ast", organs.AST, AST, ORGAN_NOTES),
    scale("v5", "alt", organs.ALT, ALT, ORGAN_NOTES),
)
