"""Hyperinflammation like HLH (IEC-HS): when to look for it, and what is known of its treatment."""

from cytovigil.guidance.cartox_2018 import CARTOX_2018
from cytovigil.guidance.fields import ASTCT, CARTOX_HLH, HAD_CRS, IEC_HS, at_least, crs_by
from cytovigil.guidance.quoting import quoted
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import UNVERIFIED, Citation

HINES = Citation(
    "Hines 2023", "Hines MR et al. Transplant Cell Ther 2023;29:438.e1-438.e16 (IEC-HS)",
    doi="10.1016/j.jtct.2023.03.006", where="abstract alone read; the rows that name another source are of that one",
)  # fmt: skip
_F = crs_by(ASTCT)
_SUSPECTED = HAD_CRS & IEC_HS
_FROM_MEMORY = "From memory: the tables of the paper were not read. A haematologist must compare before use."

IEC_HS_2023 = Protocol(
    "iec-hs-2023", "1", "IEC-HS: hyperinflammation like HLH", HINES, "partial",
    recommendations=(
        Recommendation("look", "work_up", "hyperinflammation", _SUSPECTED,
                       "look for IEC-HS item by item: ferritin, transaminases, fibrinogen, blood count, LDH, PT and "
                       "aPTT, bilirubin, triglycerides, creatinine, spleen, marrow; other causes: CRS, infection, the "
                       "disease",
                       "consider", UNVERIFIED,
                       note="The checklist asks for a ferritin above twice the upper limit or the baseline, which CRS "
                            "alone often brings: it is never a diagnosis."),
        Recommendation("look-severe-crs", "work_up", "hyperinflammation",
                       at_least(_F.grade, 3) | (at_least(_F.grade, 2) & _F.no_better_24_h),
                       "severe or unresponsive CRS: look for HLH/MAS", "do",
                       where="Breyanzi GB SmPC 05/05/2026; Tecartus GB SmPC 30/04/2026, section 4.4",
                       note="'Unresponsive' is read as no improvement 24 h after treatment."),
        Recommendation("grade", "work_up", "hyperinflammation", _SUSPECTED,
                       "where it is found, grade it: 1 watch and look for the cause; 2 treat, as with an "
                       "immunosuppressive drug; 3 severe, in hospital; 4 life-threatening, treat at once", "do",
                       where="CTCAE v6.0, secondary HLH: not the grade of IEC-HS itself, which was not read"),
        Recommendation("treatment", "treat", "hyperinflammation", _SUSPECTED,
                       "where the team finds IEC-HS of grade 2 or more, anakinra with or without a corticosteroid; "
                       "then ruxolitinib; then emapalumab or etoposide", "in this order", UNVERIFIED,
                       note=_FROM_MEMORY),
        quoted(CARTOX_2018, "hlh-etoposide", HAD_CRS & CARTOX_HLH),
    ),
    open_questions=(
        "criteria, grades and treatment by grade: tables 1 and 2 of the paper were not read",
        "the dose of anakinra: read in one published case alone, 100 mg every 12 h",
    ),
    notes=(
        "IEC-HS begins as CRS resolves, or after it: looked for where CRS is or has been, our reading. It came "
        "in 74 of 1502 patients with myeloma, 4 days after the peak of CRS (median).",
        "What was given to these 74, which recommends nothing: corticosteroid in 94 %, anakinra in 76 %, tocilizumab "
        "in 71 %, ruxolitinib in 16 %, emapalumab in 13 %, etoposide in 3 %; 58 % improved (US Multiple Myeloma "
        "Immunotherapy Consortium, abstract).",
        "NCCN's guideline on CAR-T toxicity gives no criteria of its own: it refers to Hines 2023.",
    ),
)  # fmt: skip
