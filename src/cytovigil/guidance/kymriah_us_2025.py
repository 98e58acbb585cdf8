"""Kymriah US prescribing information, revised 6/2025: tables 1 and 2."""

from dataclasses import replace
from datetime import date
from functools import partial

from cytovigil.guidance.fields import (
    FEVER_DAYS,
    FIRST_3_WEEKS,
    ICANS,
    ICANS_NO_BETTER_24_H,
    LEE,
    at_least,
    crs_by,
    tocilizumab_by,
)
from cytovigil.guidance.schemes import (
    ADD_STEROID,
    AGENTS,
    ANTISEIZURE,
    GIVE_STEROID,
    GIVE_TOCILIZUMAB,
    GM_CSF,
    HYDRATION,
    MANAGE_AS_2,
    MANAGE_AS_2_WITHOUT,
    MANAGE_AS_4,
    METHYLPREDNISOLONE_1_MG_KG,
    NO_MORE_TOCILIZUMAB,
    REPEAT_TOCILIZUMAB,
    SEIZURES_AND_OEDEMA,
    STEROID_OR,
    STEROID_OR_TO_GRADE_1,
    STEROID_TO_GRADE_1,
    TOCILIZUMAB_BY_WEIGHT,
    TOCILIZUMAB_CAUTION,
    TOCILIZUMAB_FOR_CRS,
    dexamethasone,
    methylprednisolone,
)
from cytovigil.guidance.tocilizumab import KYMRIAH_US as LABEL
from cytovigil.logic.guidance import Protocol, Recommendation, Scheme
from cytovigil.logic.ladder import SECONDARY

_F = crs_by(LEE)
CRS = _F.grade
_DOSES = tocilizumab_by(LEE)
_REFRACTORY = "'Refractory' has no number: whether the fever is, the team judges."
_ALTERNATIVE = Scheme("methylprednisolone", mg_per_kg=(2, 2), every_h=(24, 24), route="intravenous")
# All of it was read in a copy of a third party.
_row = partial(Recommendation, status=SECONDARY)

_CRS_ROWS = (
    _row("crs-1-causes", "work_up", "work-up", CRS.one_of(1), "exclude other causes; treat symptoms alone", "do"),
    _row("crs-1-long-fever", "escalate", "tocilizumab", CRS.one_of(1) & (FEVER_DAYS >= 2) & ~_DOSES.spent,
         MANAGE_AS_2, "consider", note=_REFRACTORY),
    _row("crs-1-long-fever-limit", "escalate", "supportive care",
         CRS.one_of(1) & (FEVER_DAYS >= 2) & _DOSES.spent, MANAGE_AS_2_WITHOUT, "consider",
         note="'Without tocilizumab' is our reading: its limit is reached."),
    _row("crs-2-tocilizumab", "treat", "tocilizumab", at_least(CRS, 2) & _DOSES.first, GIVE_TOCILIZUMAB, "give",
         scheme=TOCILIZUMAB_BY_WEIGHT),
    _row("crs-tocilizumab-again", "escalate", "tocilizumab", at_least(CRS, 2) & _F.no_better_8_h & _DOSES.allowed,
         REPEAT_TOCILIZUMAB, "give", scheme=TOCILIZUMAB_BY_WEIGHT),
    _row("crs-2-steroid", "escalate", "corticosteroid", CRS.one_of(2, 3) & _F.no_better_24_h,
         "corticosteroid until neither vasopressor nor oxygen is needed, then taper", "give", scheme=_ALTERNATIVE,
         note="In grade 3 the label says 'as grade 2': the 24 h without improvement are read as meant there too."),
    _row("crs-3-as-4", "escalate", "corticosteroid", CRS.one_of(3) & _F.no_better_on_steroid, MANAGE_AS_4, "give",
         scheme=methylprednisolone(1000, (12, 24), 3)),
    _row("crs-other-agent", "escalate", "other agents",
         at_least(CRS, 2) & _F.no_better_8_h & (_DOSES.doses >= 2) & ~_DOSES.spent,
         "no response to the second dose: a third dose of tocilizumab, or another drug", "consider"),
    _row("crs-other-agent-limit", "escalate", "other agents", at_least(CRS, 2) & _F.no_better_8_h & _DOSES.spent,
         "no response to tocilizumab: another drug", "consider",
         note="'Without tocilizumab' is our reading: its limit is reached."),
    _row("crs-4-steroid", "treat", "corticosteroid", CRS.one_of(4), GIVE_STEROID, "give",
         scheme=methylprednisolone(1000, (12, 24), 3)),
    _row("crs-4-more-steroid", "escalate", "corticosteroid", CRS.one_of(4) & _F.no_better_on_steroid,
         STEROID_TO_GRADE_1, "give", scheme=methylprednisolone(1000, (8, 12))),
    _row("crs-4-other-agent", "escalate", "other agents", CRS.one_of(4) & _F.no_better_on_steroid,
         "another agent: anakinra, siltuximab, ruxolitinib, cyclophosphamide, immunoglobulin or antithymocyte globulin",
         "give"),
    _row("tocilizumab-limit", "avoid", "tocilizumab", at_least(CRS, 1) & _DOSES.spent, NO_MORE_TOCILIZUMAB,
         "limit"),
    _row("gm-csf", "avoid", "growth factor", at_least(CRS, 1) | FIRST_3_WEEKS, GM_CSF, "avoid"),
)  # fmt: skip

_ICANS_ROWS = (
    _row("icans-1-support", "treat", "supportive care", ICANS.one_of(1) & CRS.one_of(0), HYDRATION, "give"),
    _row("icans-tocilizumab", "treat", "tocilizumab", at_least(ICANS, 1) & at_least(CRS, 1) & _DOSES.first,
         TOCILIZUMAB_FOR_CRS, "give", scheme=TOCILIZUMAB_BY_WEIGHT),
    _row("icans-tocilizumab-caution", "avoid", "tocilizumab",
         at_least(ICANS, 1) & at_least(CRS, 1) & (_DOSES.doses >= 1),
         TOCILIZUMAB_CAUTION, "caution"),
    _row("icans-1-add-steroid", "escalate", "corticosteroid",
         ICANS.one_of(1) & at_least(CRS, 1) & (_DOSES.doses >= 1), ADD_STEROID, "consider"),
    _row("icans-2-steroid", "treat", "corticosteroid", ICANS.one_of(2) & CRS.one_of(0), STEROID_TO_GRADE_1, "consider",
         scheme=dexamethasone(10, (6, 12))),
    _row("icans-2-steroid-or", "treat", "corticosteroid", ICANS.one_of(2) & CRS.one_of(0),
         STEROID_OR_TO_GRADE_1, "consider",
         scheme=METHYLPREDNISOLONE_1_MG_KG),
    _row("icans-2-crs-steroid", "escalate", "corticosteroid",
         ICANS.one_of(2) & at_least(CRS, 1) & (_DOSES.doses >= 1), STEROID_TO_GRADE_1,
         "if refractory past the first dose", scheme=dexamethasone(10, (6, 12))),
    _row("icans-2-crs-steroid-or", "escalate", "corticosteroid",
         ICANS.one_of(2) & at_least(CRS, 1) & (_DOSES.doses >= 1), STEROID_OR_TO_GRADE_1,
         "if refractory past the first dose", scheme=METHYLPREDNISOLONE_1_MG_KG),
    _row("icans-3-steroid", "treat", "corticosteroid", ICANS.one_of(3), GIVE_STEROID, "give",
         scheme=dexamethasone(10, (6, 12))),
    _row("icans-3-steroid-or", "treat", "corticosteroid", ICANS.one_of(3),
         STEROID_OR, "give", scheme=METHYLPREDNISOLONE_1_MG_KG),
    _row("icans-3-as-4", "escalate", "corticosteroid", ICANS.one_of(3) & ICANS_NO_BETTER_24_H, MANAGE_AS_4, "give",
         scheme=methylprednisolone(1000, (12, 24), 3), note="'Not improving' has no number: 24 h, our reading."),
    _row("icans-4-ventilation", "care", "place of care", ICANS.one_of(4), "ventilation", "consider"),
    _row("icans-4-steroid", "treat", "corticosteroid", ICANS.one_of(4), GIVE_STEROID, "give",
         scheme=methylprednisolone(1000, (12, 24), 3)),
    _row("icans-4-more-steroid", "escalate", "corticosteroid", ICANS.one_of(4) & ICANS_NO_BETTER_24_H,
         STEROID_TO_GRADE_1, "give", scheme=methylprednisolone(1000, (8, 12))),
    _row("icans-4-other-agent", "escalate", "other agents", ICANS.one_of(4) & ICANS_NO_BETTER_24_H, AGENTS, "give"),
    _row("icans-4-seizures-oedema", "treat", "oedema and seizures", ICANS.one_of(4),
         SEIZURES_AND_OEDEMA, "give"),
    _row("antiseizure", "prevent", "antiseizure drug", at_least(CRS, 1) | at_least(ICANS, 1), ANTISEIZURE,
         "in patients at high risk", note="Who is at high risk is left to the team."),
)  # fmt: skip

KYMRIAH_US_2025 = Protocol(
    "kymriah-us-2025-06", "1", "Kymriah label, United States, June 2025",
    replace(LABEL, where="section 2, tables 1 and 2"), "complete",
    recommendations=(*_CRS_ROWS, *_ICANS_ROWS),
    open_questions=("in grade 3 CRS: does the corticosteroid wait for 24 h without improvement, as in grade 2?",),
    products=("tisa-cel",), jurisdiction="US", since=date(2025, 6, 1), scale=LEE,
    notes=("CRS by Lee 2014, without dialysis. The current EU text has no table: it refers to guidelines.",),
)  # fmt: skip
