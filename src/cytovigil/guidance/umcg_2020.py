"""UMCG Groningen, the Netherlands: management of CRS, version of 1 August 2020."""

from datetime import date

from cytovigil.guidance.fields import (
    ASTCT,
    FEVER_DAYS,
    TOCILIZUMAB_24_H,
    TOCILIZUMAB_ALLOWED,
    TOCILIZUMAB_FIRST,
    at_least,
    crs_by,
    first_days,
)
from cytovigil.guidance.schemes import (
    GIVE_STEROID,
    GIVE_TOCILIZUMAB,
    INTENSIVE_CARE,
    MANAGE_AS_3,
    OTHER_AGENT,
    REPEAT_TOCILIZUMAB,
    TOCILIZUMAB_FOR_FEVER,
    dexamethasone,
    methylprednisolone,
)
from cytovigil.logic.guidance import Protocol, Recommendation, Scheme
from cytovigil.logic.ladder import OUR_READING, Citation

UMCG = Citation(
    "UMCG 2020", "UMCG, haematology, grading and treatment of CRS, version 1-8-20", where="hematologiegroningen.nl"
)
_F = crs_by(ASTCT)
CRS = _F.grade
_CEFTAZIDIME = Scheme("ceftazidime", mg=(2000, 2000), every_h=(8, 8))
_GOES_ON = "The page has it in grade 1: that it goes on in higher grades is our reading."

UMCG_2020 = Protocol(
    "umcg-2020", "1", "UMCG Groningen 2020", UMCG, "partial",
    recommendations=(
        Recommendation("crs-1-symptoms", "treat", "supportive care", CRS.one_of(1),
                       "paracetamol; at least 2 L of sodium chloride 0.9 %", "give"),
        Recommendation("crs-2-symptoms", "treat", "supportive care", at_least(CRS, 2), "paracetamol", "give",
                       OUR_READING, note=_GOES_ON),
        Recommendation("crs-1-antibiotics", "treat", "infection", CRS.one_of(1), "ceftazidime", "give",
                       scheme=_CEFTAZIDIME),
        Recommendation("crs-2-antibiotics", "treat", "infection", at_least(CRS, 2), "ceftazidime", "give", OUR_READING,
                       _CEFTAZIDIME, _GOES_ON),
        Recommendation("crs-1-tocilizumab", "treat", "tocilizumab",
                       CRS.one_of(1) & (FEVER_DAYS >= 1) & TOCILIZUMAB_FIRST, TOCILIZUMAB_FOR_FEVER, "give",
                       note="Or with exhaustion: the team judges."),
        Recommendation("crs-2-tocilizumab", "treat", "tocilizumab", at_least(CRS, 2) & TOCILIZUMAB_FIRST,
                       GIVE_TOCILIZUMAB, "give"),
        Recommendation("crs-tocilizumab-again", "escalate", "tocilizumab",
                       at_least(CRS, 2) & _F.no_better_8_h & TOCILIZUMAB_ALLOWED, REPEAT_TOCILIZUMAB, "give",
                       note="At most 3 in 24 h; when to repeat is not said: no improvement after 8 h, our reading."),
        Recommendation("tocilizumab-limit", "avoid", "tocilizumab", at_least(CRS, 1) & (TOCILIZUMAB_24_H >= 3),
                       "no further tocilizumab: at most 3 doses in 24 h", "limit"),
        Recommendation("crs-2-steroid", "treat", "corticosteroid", CRS.one_of(2), GIVE_STEROID, "by symptoms",
                       scheme=dexamethasone(10, (6, 24))),
        Recommendation("crs-2-as-3", "escalate", "corticosteroid", CRS.one_of(2) & _F.no_better_24_h, MANAGE_AS_3,
                       "give"),
        Recommendation("crs-3-review", "monitor", "monitoring", at_least(CRS, 3), "see the patient every hour", "do"),
        Recommendation("crs-3-icu", "care", "place of care", CRS.one_of(3),
                       "intensive care, or the ward with a visit every hour", "do"),
        Recommendation("crs-3-steroid", "treat", "corticosteroid", CRS.one_of(3), GIVE_STEROID, "give",
                       scheme=dexamethasone(10, 6)),
        Recommendation("crs-4-icu", "care", "place of care", CRS.one_of(4), INTENSIVE_CARE, "do"),
        Recommendation("crs-4-steroid", "treat", "corticosteroid", CRS.one_of(4), GIVE_STEROID, "give",
                       scheme=methylprednisolone(1000, 24, 3)),
        Recommendation("pneumocystis", "prevent", "infection", ~first_days(28) & first_days(365),
                       "cotrimoxazole 960 mg twice a day on Saturday and Sunday, again from recovery on, at the latest "
                       "from day 28, for 12 months; else pentamidine 300 mg inhaled monthly, or atovaquone 1500 mg a "
                       "day",
                       "give", where="hematologiegroningen.nl/artikelen/profylaxe-bij-car-t-cel-therapie",
                       note="Before it, cotrimoxazole 960 mg twice a day for the 2 weeks before conditioning. The 12 "
                            "months are counted from the infusion, our reading."),
        Recommendation("crs-4-other-agent", "escalate", "other agents", CRS.one_of(4) & _F.no_better_on_steroid,
                       OTHER_AGENT, "give", note="'Then', without a number: 24 h without improvement, our reading."),
    ),
    open_questions=("neurotoxicity: no page of the hospital was read",),
    jurisdiction="NL", since=date(2020, 8, 1), scale=ASTCT,
    notes=(
        "By which scale the hospital grades CRS was not read: ASTCT 2019 is our reading.",
        "The page gives no dose of tocilizumab.",
        "Before the treatment: screen for HIV, HBV, HCV, HSV, VZV, CMV, HTLV-1, syphilis and toxoplasma (the page on "
        "prophylaxis).",
    ),
)  # fmt: skip
