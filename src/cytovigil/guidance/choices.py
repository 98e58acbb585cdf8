"""What sources disagree on, and a centre must choose: who says what. None is the program's own advice."""

from cytovigil.guidance.breyanzi_gb_2026 import BREYANZI_GB_2026
from cytovigil.guidance.fields import ICANS, at_least
from cytovigil.guidance.label_records import KYMRIAH_US
from cytovigil.guidance.labels import JURISDICTIONS
from cytovigil.guidance.schemes import ANTISEIZURE
from cytovigil.guidance.site import Choice, Option
from cytovigil.logic.guidance import Recommendation
from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, Citation

GITMO = Citation("GITMO", "GITMO Handbook III, Italian, after the EBMT/EHA handbook", where="pages 557-586")
EHA_EBMT = Citation(
    "EHA/EBMT 2023", "EHA/EBMT consensus on ICAHT, table of short-term management (ashpublications view-large/11837558)"
)
NCCN = Citation("NCCN v3.2026", "NCCN hematopoietic growth factors v3.2026, ICAHT-1, as quoted")
ASCO = Citation("ASCO 2021", "Santomasso BD et al. ASCO guideline 2021, pocket guide", where="page 4")
NL_GUIDELINE = Citation("NL", "Dutch guideline on transfusion, richtlijnendatabase.nl")
NHSBT = Citation("NHSBT 2014", "NHS Blood and Transplant, factsheet on irradiated components, 2014")
OURS = Citation("our reading", "whose labels hold at the centre")

_EVERY_GRADE = next(one for one in BREYANZI_GB_2026.recommendations if one.id == "icans-antiseizure")
_HIGH_RISK = Recommendation(
    "antiseizure-high-risk", "prevent", "antiseizure drug", at_least(ICANS, 0), ANTISEIZURE, "in patients at high risk",
    SECONDARY, note="Who is at high risk is left to the team.",
)  # fmt: skip

CHOICES: tuple[Choice, ...] = (
    Choice(
        "jurisdiction", "whose labels hold",
        tuple(Option(name, title, OURS, OUR_READING) for name, title in JURISDICTIONS.items()),
    ),
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
    Choice(
        "irradiation", "irradiated blood products: sources disagree",
        (
            Option("eha-ebmt", "from 7 days before leukapheresis to at least 90 days after infusion", EHA_EBMT,
                   SOURCE_READ),
            Option("nl", "until 6 months after the last fludarabine, or other drug against T cells", NL_GUIDELINE,
                   SOURCE_READ),
            Option("gb", "after purine analogues probably safer for life", NHSBT, SOURCE_READ),
        ),
    ),
)  # fmt: skip
