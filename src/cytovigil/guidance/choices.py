"""What sources disagree on, and a centre must choose: who says what. None is the program's own advice."""

from cytovigil.guidance.breyanzi_gb_2026 import BREYANZI_GB_2026
from cytovigil.guidance.fields import ICANS, at_least
from cytovigil.guidance.gitmo import GITMO
from cytovigil.guidance.label_records import KYMRIAH_US
from cytovigil.guidance.schemes import ANTISEIZURE
from cytovigil.guidance.site import Choice, Option
from cytovigil.logic.guidance import Recommendation
from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, Citation

EHA_EBMT = Citation(
    "EHA/EBMT 2023", "EHA/EBMT consensus on ICAHT, table of short-term management (ashpublications view-large/11837558)"
)
NCCN = Citation("NCCN v3.2026", "NCCN hematopoietic growth factors v3.2026, ICAHT-1, as quoted")
ASCO = Citation("ASCO 2021", "Santomasso BD et al. ASCO guideline 2021, pocket guide", where="page 4")

_EVERY_GRADE = next(one for one in BREYANZI_GB_2026.recommendations if one.id == "icans-antiseizure")
_HIGH_RISK = Recommendation(
    "antiseizure-high-risk", "prevent", "antiseizure drug", at_least(ICANS, 0), ANTISEIZURE, "in patients at high risk",
    SECONDARY, note="Who is at high risk is left to the team.",
)  # fmt: skip

CHOICES: tuple[Choice, ...] = (
    Choice(
        "seizure_prophylaxis", "antiseizure drug as prophylaxis: sources disagree",
        (
            Option("yes", "from ICANS grade 1 on", BREYANZI_GB_2026.source, SOURCE_READ, (_EVERY_GRADE,)),
            Option("high-risk", "in patients at high risk", KYMRIAH_US, SECONDARY, (_HIGH_RISK,)),
            Option("no", "not as a routine", GITMO, SECONDARY),
        ),
        topic="antiseizure drug", kinds=("prevent",),
    ),
    Choice(
        "g_csf", "growth factor (G-CSF): sources disagree",
        (
            Option("eha-ebmt", "5 ug/kg from day 2 at high risk of ICAHT; else with neutrophils below 0.5 x 10^9/L",
                   EHA_EBMT, SOURCE_READ),
            Option("nccn", "at high risk from day 2; else below 0.5 x 10^9/L for 7 days in the first 30 days, or again "
                   "below 1.0 x 10^9/L later", NCCN, SECONDARY),
            Option("asco", "in CRS with neutropenia", ASCO, SOURCE_READ),
        ),
    ),
)  # fmt: skip
