"""EASIX and its variants: an index of endothelial stress, from platelets, LDH, and creatinine or CRP."""

from fractions import Fraction

from cytovigil.logic.ladder import OUR_READING, Citation
from cytovigil.logic.score import AroundInfusion, CutOff, Evidence, IndexScore, Term

PENNISI_2021 = Citation(
    "Pennisi 2021",
    "Pennisi M et al. Blood Adv 2021;5:3397 (EASIX, s-EASIX, m-EASIX)",
    where="formulas (PMC8525234)",
)
KORELL_2022 = Citation(
    "Korell 2022",
    "Korell F et al. Front Immunol 2022;13:877477",
    where="EASIX-pre above 4.67",
)
AROUND = AroundInfusion(
    "Whenever all values are valid at the same time, from some days before the infusion (easix_before_days) until some "
    "after it (easix_after_days).",
    "easix_before_days",
    "easix_after_days",
)
_LDH, _PLATELETS = Term("ldh", "U/L"), Term("platelets", "10*9/L")
_ROUNDED = (
    "Computed exactly and rounded once, to 2 decimals, half to even. All values are valid at the same time; an end "
    "that a bound such as `>1000` leaves open is empty."
)
_DUTCH = (
    "Dutch validation (de Boer 2023, 154 with axi-cel), before lymphodepletion: AUC 0.61-0.62 for ICANS of grade 2 or "
    "more; no association with grade 3 or more."
)

EASIX = IndexScore(
    "easix",
    "1",
    "EASIX",
    PENNISI_2021,
    numerator=(_LDH, Term("creatinine", "mg/dL")),
    denominator=_PLATELETS,
    window=AROUND,
    cut_off=CutOff(Fraction("4.67")),
    cut_off_status=OUR_READING,
    evidence=Evidence(
        "118 adults (53 ALL, 65 DLBCL). The cut-off: ZUMA-1, 93 patients with axi-cel; validated in 121.",
        (
            "EASIX-pre above 4.67 (Korell 2022): odds ratio 4.3 for CRS or ICANS of grade 3 or more in the validation; "
            "1.72 (1.26-2.46) per doubling in training.",
            f"Weaker: {_DUTCH}",
        ),
    ),
    notes=(
        _ROUNDED,
        "The cut-off was published for values before treatment (EASIX-pre): the band is given before lymphodepletion, "
        "where its date is unknown before the infusion, and never later.",
        "Creatinine counts in mg/dL: 1 mg/dL is 88.42 umol/L.",
    ),
)
S_EASIX = IndexScore(
    "s-easix",
    "1",
    "Simplified EASIX",
    PENNISI_2021,
    numerator=(_LDH,),
    denominator=_PLATELETS,
    window=AROUND,
    evidence=Evidence("118 adults (53 ALL, 65 DLBCL).", (f"Weak: {_DUTCH}",)),
    notes=(_ROUNDED, "No cut-off was found in print: there is no band."),
)
M_EASIX = IndexScore(
    "m-easix",
    "1",
    "Modified EASIX",
    PENNISI_2021,
    numerator=(_LDH, Term("crp", "mg/dL")),
    denominator=_PLATELETS,
    window=AROUND,
    invalid_after="tocilizumab",
    invalid_days="tocilizumab_days",
    invalid_says="CRP falls after tocilizumab whatever the disease does: no value",
    evidence=Evidence(
        "118 adults (53 ALL, 65 DLBCL), severe CRS and ICANS. Validated in 76 children and young adults with ALL.",
        (
            "Its AUC could not be read in the source, and is not given here.",
            "Children and young adults: better than EASIX, except for ICANS of any grade.",
        ),
    ),
    notes=(
        _ROUNDED,
        "CRP counts in mg/dL: 15 mg/dL is 150 mg/L. Each value is read in its own unit.",
        "After tocilizumab CRP falls whatever the disease does: a row without a value, which names the dose, ends the "
        "score. That it is invalid is our reading.",
        "No cut-off was found in print: there is no band.",
    ),
)
