"""Breyanzi GB SmPC of 05/05/2026: tables 1 and 2, and what it says where CRS and neurotoxicity come together."""

from dataclasses import replace
from datetime import date

from cytovigil.guidance.fields import (
    EARLY,
    ICANS,
    ICANS_NO_BETTER_24_H,
    ICANS_NO_BETTER_48_H,
    ICANS_ONSET,
    ICANS_WORSE,
    LATE,
    LEE_LABEL,
    RAISED_PRESSURE,
    STEROID,
    at_least,
    at_most,
    crs_by,
    tocilizumab_by,
)
from cytovigil.guidance.schemes import (
    ANTISEIZURE,
    GIVE_STEROID,
    GIVE_TOCILIZUMAB,
    MORE_STEROID_AT_MOST,
    NO_MORE_TOCILIZUMAB,
    OTHER_AGENT,
    REPEAT_TOCILIZUMAB,
    TOCILIZUMAB,
    TREAT_SYMPTOMS,
    dexamethasone,
    methylprednisolone,
)
from cytovigil.guidance.tocilizumab import BREYANZI_GB as SMPC
from cytovigil.logic.guidance import Protocol, Recommendation, Scheme

_F = crs_by(LEE_LABEL)
CRS, _EARLY, _LATE = _F.grade, _F.onset.one_of(EARLY), _F.onset.one_of(LATE)
_DOSES = tocilizumab_by(LEE_LABEL)
_NOT_BETTER = _F.no_better_24_h | _F.worse
_WORSENING = (
    "'Rapid progress' has no number: a grade above that at a dose of the last 24 h, or at the last, counts, our "
    "reading."
)
_NEVER_LESS = f"'Never less than is given now' is our reading. {_WORSENING}"
# Where both tables give a corticosteroid the more aggressive counts: that with the higher highest dose a day, then the
# higher lowest. CRS 1 early 10 mg; CRS 2 and ICANS 1 early 10-20; CRS 3 and ICANS 2 20; ICANS 3 20-60; both 4, 80.
# "Give" goes before "consider"; of two that are equal the one of CRS is shown, so that none is given twice.
_AGGRESSIVE = (
    "CRS and neurotoxicity together: the corticosteroid of the table that gives more of it; where both give the same, "
    "that of CRS."
)
_ICANS_1_EARLY = ICANS.one_of(1) & ICANS_ONSET.one_of(EARLY)
_ICANS_1_LATE = ICANS.one_of(1) & ICANS_ONSET.one_of(LATE)
_BREYANZI_METHYLPREDNISOLONE = Scheme("methylprednisolone", mg_per_kg=(2, 2))

_CRS_ROWS = (
    Recommendation("crs-1-symptoms", "treat", "supportive care", CRS.one_of(1) & _LATE, TREAT_SYMPTOMS, "give"),
    Recommendation("crs-1-tocilizumab", "treat", "tocilizumab", CRS.one_of(1) & _EARLY & _DOSES.first,
                   GIVE_TOCILIZUMAB, "consider", scheme=TOCILIZUMAB),
    Recommendation("crs-1-steroid", "treat", "corticosteroid",
                   CRS.one_of(1) & _EARLY & (ICANS.one_of(0) | _ICANS_1_LATE),
                   GIVE_STEROID, "consider", scheme=dexamethasone(10, 24), note=_AGGRESSIVE),
    Recommendation("crs-2-tocilizumab", "treat", "tocilizumab", at_least(CRS, 2) & _DOSES.first,
                   GIVE_TOCILIZUMAB, "give", scheme=TOCILIZUMAB),
    Recommendation("crs-2-late-steroid", "treat", "corticosteroid",
                   CRS.one_of(2) & ~_NOT_BETTER & _LATE & (ICANS.one_of(0) | _ICANS_1_LATE), GIVE_STEROID, "consider",
                   scheme=dexamethasone(10, (12, 24)), note=_AGGRESSIVE),
    Recommendation("crs-2-early-steroid", "treat", "corticosteroid",
                   CRS.one_of(2) & ~_NOT_BETTER & _EARLY & at_most(ICANS, 1), GIVE_STEROID,
                   "give", scheme=dexamethasone(10, (12, 24)), note=_AGGRESSIVE),
    Recommendation("crs-3-steroid", "treat", "corticosteroid", CRS.one_of(3) & ~_NOT_BETTER & at_most(ICANS, 2),
                   GIVE_STEROID, "give", scheme=dexamethasone(10, 12), note=_AGGRESSIVE),
    Recommendation("crs-4-steroid", "treat", "corticosteroid", CRS.one_of(4), GIVE_STEROID, "give",
                   scheme=dexamethasone(20, 6)),
    Recommendation("crs-tocilizumab-again", "escalate", "tocilizumab",
                   at_least(CRS, 2) & _NOT_BETTER & _DOSES.again, REPEAT_TOCILIZUMAB, "give",
                   scheme=TOCILIZUMAB, note=_WORSENING),
    Recommendation("crs-more-steroid", "escalate", "corticosteroid", CRS.one_of(2, 3) & _NOT_BETTER,
                   MORE_STEROID_AT_MOST, "give", scheme=dexamethasone((10, 20), (6, 12)),
                   note=_NEVER_LESS),
    Recommendation("crs-methylprednisolone", "escalate", "corticosteroid",
                   at_least(CRS, 2) & (_F.no_better_on_steroid | _F.worse) & STEROID,
                   "with dexamethasone at its highest dose: methylprednisolone", "if needed",
                   scheme=_BREYANZI_METHYLPREDNISOLONE, note=_WORSENING),
    Recommendation("crs-other-agent", "escalate", "other agents",
                   at_least(CRS, 2) & _NOT_BETTER & (_DOSES.doses >= 2), OTHER_AGENT, "consider"),
    Recommendation("tocilizumab-limit", "avoid", "tocilizumab", at_least(CRS, 1) & _DOSES.spent,
                   NO_MORE_TOCILIZUMAB, "limit"),
    Recommendation("crs-steroid-course", "treat", "corticosteroid", at_least(CRS, 1) & STEROID,
                   "once begun, the corticosteroid for at least 3 doses or until CRS has gone completely; consider a "
                   "taper", "give"),
    Recommendation("hlh", "work_up", "work-up", at_least(CRS, 3) | (at_least(CRS, 2) & _F.no_better_24_h),
                   "severe or unresponsive CRS: look for HLH/MAS", "do"),
)  # fmt: skip

_ICANS_ROWS = (
    Recommendation("icans-antiseizure", "prevent", "antiseizure drug", at_least(ICANS, 1), ANTISEIZURE, "give"),
    Recommendation("icans-1-late", "treat", "corticosteroid", _ICANS_1_LATE,
                   "no corticosteroid for neurotoxicity yet: observe", "observe"),
    Recommendation("icans-1-early-steroid", "treat", "corticosteroid",
                   _ICANS_1_EARLY & (at_most(CRS, 1) | (CRS.one_of(2) & _LATE)), GIVE_STEROID, "give",
                   scheme=dexamethasone(10, (12, 24), (2, 3)), note=_AGGRESSIVE),
    Recommendation("icans-2-steroid", "treat", "corticosteroid",
                   ICANS.one_of(2) & ~ICANS_NO_BETTER_24_H & at_most(CRS, 2),
                   "corticosteroid; longer where signs persist; taper after more than 3 days", "give",
                   scheme=dexamethasone(10, 12, (2, 3)), note=_AGGRESSIVE),
    Recommendation("icans-2-more-steroid", "escalate", "corticosteroid", ICANS.one_of(2) & ICANS_NO_BETTER_24_H,
                   "corticosteroid, up to this dose", "give", scheme=dexamethasone(20, 6)),
    Recommendation("icans-2-methylprednisolone", "escalate", "corticosteroid",
                   ICANS.one_of(2) & (ICANS_NO_BETTER_48_H | ICANS_WORSE),
                   "methylprednisolone as a loading dose, then 2 mg/kg a day in 4 doses; taper within 7 days", "give",
                   scheme=_BREYANZI_METHYLPREDNISOLONE, note=_WORSENING),
    Recommendation("icans-3-steroid", "treat", "corticosteroid", ICANS.one_of(3) & at_most(CRS, 3), GIVE_STEROID,
                   "give", scheme=dexamethasone((10, 20), (8, 12)),
                   note="Not for a headache of grade 3 alone, which ICANS does not grade here."),
    Recommendation("icans-4-steroid", "treat", "corticosteroid", ICANS.one_of(4) & at_most(CRS, 3), GIVE_STEROID,
                   "give", scheme=dexamethasone(20, 6), note=_AGGRESSIVE),
    Recommendation("icans-methylprednisolone", "escalate", "corticosteroid", at_least(ICANS, 3) & ICANS_NO_BETTER_24_H,
                   "methylprednisolone as a loading dose, then 2 mg/kg a day in 4 doses; taper within 7 days", "give",
                   scheme=_BREYANZI_METHYLPREDNISOLONE),
    Recommendation("oedema", "treat", "oedema and seizures", at_least(ICANS, 3) & (RAISED_PRESSURE >= 1),
                   "cerebral oedema suspected: hyperventilation and hyperosmolar therapy", "give"),
    Recommendation("oedema-methylprednisolone", "treat", "corticosteroid", at_least(ICANS, 3) & (RAISED_PRESSURE >= 1),
                   "cerebral oedema suspected: methylprednisolone", "give",
                   scheme=methylprednisolone((1000, 2000), 24)),
    Recommendation("oedema-cyclophosphamide", "treat", "other agents", at_least(ICANS, 3) & (RAISED_PRESSURE >= 1),
                   "cerebral oedema suspected: cyclophosphamide 1.5 g/m2", "give",
                   note="By body surface: not calculated here, as no formula was read."),
)  # fmt: skip

_TOGETHER = (
    Recommendation("both", "treat", "corticosteroid", at_least(CRS, 1) & at_least(ICANS, 1),
                   "CRS and neurotoxicity together: corticosteroid of the more aggressive of the two tables, "
                   "tocilizumab by the grade of CRS, antiseizure drug by the grade of neurotoxicity", "give"),
    Recommendation("no-prophylactic-steroid", "avoid", "corticosteroid", CRS.one_of(0) & ICANS.one_of(0),
                   "systemic corticosteroid as prophylaxis", "avoid"),
)  # fmt: skip

BREYANZI_GB_2026 = Protocol(
    "breyanzi-gb-2026-05", "1", "Breyanzi label, Great Britain, May 2026",
    replace(SMPC, where="section 4.2, tables 1 and 2, pages 7-11"), "complete",
    recommendations=(*_CRS_ROWS, *_ICANS_ROWS, *_TOGETHER),
    products=("liso-cel",), jurisdiction="GB", since=date(2026, 5, 5), scale=LEE_LABEL,
    notes=(
        "CRS by the label's form of Lee 2014, in which continuous dialysis is grade 4. Neurotoxicity 'by CTCAE or "
        "ASTCT': here by ASTCT.",
        "CRS or neurotoxicity that begins exactly 72 h after the infusion is late.",
        "The EMA's text may differ, and was not seen.",
    ),
)  # fmt: skip
