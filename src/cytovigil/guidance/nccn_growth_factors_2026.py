"""NCCN, hematopoietic growth factors v3.2026: low neutrophils (ICAHT-1) and platelets (ICAHT-2), as transcribed."""

from datetime import date
from functools import partial

from cytovigil.guidance.fields import (
    FIRST_3_WEEKS,
    GCSF_5_DAYS,
    HEMATOTOX_HIGH,
    HEMATOTOX_LOW,
    NEUTROPENIA,
    NEUTROPENIA_7_DAYS,
    NEUTROPHILS_BELOW_1,
    PLATELETS_8_DAYS,
    first_days,
)
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import SECONDARY, Citation

NCCN_V3 = Citation(
    "NCCN v3.2026", "NCCN hematopoietic growth factors v3.2026 of 5 December 2025",
    where="ICAHT-1 and ICAHT-2, as quoted",
)  # fmt: skip
_NO_RESPONSE = NEUTROPENIA & GCSF_5_DAYS & ~first_days(14)
_NOT_BETTER = "'No response' is read as neutrophils still below 0.5 x 10^9/L."
# All of it was read in a transcript.
_row = partial(Recommendation, status=SECONDARY)

NCCN_GROWTH_FACTORS_2026 = Protocol(
    "nccn-growth-factors-2026", "1", "NCCN growth factors v3.2026", NCCN_V3, "partial",
    recommendations=(
        _row("gcsf-high-risk", "prevent", "growth factor", HEMATOTOX_HIGH & ~first_days(2) & first_days(30),
             "G-CSF, begun 2 days after the infusion or later", "give",
             note="Until when is not said: until day 30, our reading."),
        _row("gcsf-low-risk", "treat", "growth factor", HEMATOTOX_LOW & first_days(30) & NEUTROPENIA_7_DAYS,
             "G-CSF", "may"),
        _row("gcsf-late", "treat", "growth factor", HEMATOTOX_LOW & ~first_days(30) & NEUTROPHILS_BELOW_1,
             "G-CSF, where neutrophils have fallen again and nothing else explains it", "may",
             note="Whether they have fallen again, the team judges."),
        _row("other-causes", "work_up", "work-up", _NO_RESPONSE, "look for other causes", "do", note=_NOT_BETTER),
        _row("boost", "escalate", "stem cells", _NO_RESPONSE, "stem cell boost, where the patient's own cells are "
             "stored", "consider", note=_NOT_BETTER),
        _row("platelets", "treat", "platelets", PLATELETS_8_DAYS & (HEMATOTOX_HIGH | ~FIRST_3_WEEKS),
             "a trial of a thrombopoietin receptor agonist such as eltrombopag; G-CSF; stem cell boost", "consider",
             note="Also where the patient depends on transfusions or growth factor: the team judges. The rule is "
                  "NCCN's own: the EHA/EBMT consensus grades no platelets."),
        _row("infection", "prevent", "infection", NEUTROPENIA,
             "a quinolone, an antifungal, and prophylaxis against Pneumocystis", "consider",
             where="NCCN infections v1.2026, intermediate risk"),
    ),
    open_questions=("the words of the guideline itself",),
    since=date(2025, 12, 5),
    notes=(
        "Low risk means none of: tumour in the marrow, a high burden, cytopenia or inflammation before, active "
        "infection, an earlier transplantation, bridging, CAR-HEMATOTOX of 2 or more. The last alone is computed: the "
        "team judges the others.",
    ),
)  # fmt: skip
