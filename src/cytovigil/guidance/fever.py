"""Every fever: the work-up of infection, what counts as febrile neutropenia, and what each source gives."""

from cytovigil.guidance.asco_2021 import ASCO_2021
from cytovigil.guidance.fields import (
    FEBRILE_NEUTROPENIA_CTCAE,
    FEVER,
    NCCN_FEVER,
    NEUTROPENIA,
    NEUTROPHILS_AT_HALF,
    first_days,
)
from cytovigil.guidance.quoting import quoted
from cytovigil.guidance.umcg_2020 import UMCG_2020
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import SECONDARY, Citation
from cytovigil.logic.text import cite

SEVERAL = Citation("several", "Guidelines and criteria on fever after CAR-T cells: each row names its own")
ASTCT_2019 = "Lee DW et al. Biol Blood Marrow Transplant 2019;25:625-638, pages 628-629"
_ASCO = cite(ASCO_2021.source)

FEVER_WORK_UP = Protocol(
    "fever-work-up", "1", "Every fever: look for infection", SEVERAL, "partial",
    recommendations=(
        Recommendation("work-up", "work_up", "infection", FEVER,
                       "cultures of blood and urine, chest X-ray, blood count, CRP: CRS and infection can come "
                       "together",
                       "do", where=f"{_ASCO}; {ASTCT_2019}"),
        Recommendation("work-up-more", "work_up", "infection", FEVER, "CMV and EBV, CT", "consider", where=_ASCO),
        Recommendation("antibiotics", "treat", "infection", FEVER & NEUTROPENIA, "empiric antibiotics", "give",
                       where=_ASCO, note="'Neutropenic' is read as below 0.5 x 10^9/L."),
        quoted(UMCG_2020, "crs-1-antibiotics"),
        quoted(UMCG_2020, "crs-2-antibiotics"),
        Recommendation("febrile-neutropenia-ctcae", "work_up", "infection", FEBRILE_NEUTROPENIA_CTCAE,
                       "febrile neutropenia by CTCAE", "is met",
                       where="CTCAE v5.0 and v6.0: neutrophils below 1.0 x 10^9/L, and above 38.3 once or 38.0 or more "
                             "for more than 1 h"),
        Recommendation("febrile-neutropenia-nccn", "work_up", "infection", NCCN_FEVER & NEUTROPHILS_AT_HALF,
                       "febrile neutropenia by NCCN", "is met", SECONDARY,
                       where="NCCN infections v1.2026, FEV-1, as quoted: neutrophils 0.5 x 10^9/L or less, and 38.3 or "
                             "more once or 38.0 or more over 1 h",
                       note="Also up to 1.0 x 10^9/L where a fall to 0.5 within 48 h is expected: the team judges."),
        Recommendation("late", "work_up", "infection", FEVER & ~first_days(14),
                       "CRS rarely begins after 14 days: look for another cause", "do", where=ASTCT_2019),
    ),
    open_questions=("EBMT/EHA 2022 on infection: source not read",),
    by_topic=True,
)  # fmt: skip
