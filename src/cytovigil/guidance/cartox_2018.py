"""CARTOX 2018 (Neelapu): management of CRS and neurotoxicity, as later papers reproduce it."""

from datetime import date
from functools import partial

from cytovigil.guidance.fields import (
    CARTOX,
    CARTOX_HLH,
    FEVER_DAYS,
    HYPOTENSION,
    ICANS,
    LOW_AFTER_FLUIDS,
    NONCONVULSIVE,
    RAISED_PRESSURE,
    SEIZURE,
    SILTUXIMAB_GIVEN,
    at_least,
    crs_by,
    tocilizumab_by,
)
from cytovigil.guidance.schemes import (
    AFTER_SILTUXIMAB,
    BEFORE_PUNCTURE,
    GIVE_STEROID,
    GIVE_TOCILIZUMAB,
    INTENSIVE_CARE,
    LABEL_DOSES,
    METHYLPREDNISOLONE_1_MG_KG,
    MORE_STEROID,
    NO_MORE_SILTUXIMAB,
    NO_MORE_TOCILIZUMAB,
    REPEAT_TOCILIZUMAB,
    SILTUXIMAB,
    STEROID_OR,
    TOCILIZUMAB_BY_WEIGHT,
    TOCILIZUMAB_FOR_CRS,
    TOCILIZUMAB_FOR_FEVER,
    dexamethasone,
    methylprednisolone,
)
from cytovigil.logic.guidance import Protocol, Recommendation, Scheme
from cytovigil.logic.ladder import OUR_READING, SECONDARY, UNVERIFIED, Citation

NEELAPU_2018 = Citation(
    "Neelapu 2018", "Neelapu SS et al. Nat Rev Clin Oncol 2018;15:47-62 (CARTOX)",
    where="as reproduced in PMC9616161, table 4, PMC10573998, table 1, and a review of neurotoxicity",
)  # fmt: skip
_F = crs_by(CARTOX)
CRS = _F.grade
_DOSES = tocilizumab_by(CARTOX)
_FIRST = _DOSES.first & ~SILTUXIMAB_GIVEN
_OR_SILTUXIMAB = "or siltuximab instead of tocilizumab"
_TAPER = "corticosteroid; then 250 mg twice a day for 2 days, 125 mg twice for 2 days, 60 mg twice for 2 days"
_NOT_BETTER = "'Refractory' has no number: 24 h without improvement, our reading."
# Read in reproductions alone, where nothing else is said.
_row = partial(Recommendation, status=SECONDARY)

_CRS_ROWS = (
    _row("crs-1-symptoms", "treat", "supportive care", at_least(CRS, 1), "paracetamol, cooling", "give"),
    _row("crs-1-tocilizumab", "treat", "tocilizumab", CRS.one_of(1) & (FEVER_DAYS >= 2) & _FIRST,
         TOCILIZUMAB_FOR_FEVER, "consider", scheme=TOCILIZUMAB_BY_WEIGHT,
         note="Fever of more than 3 days and refractory: whether it is, the team judges."),
    _row("crs-1-siltuximab", "treat", "other agents", CRS.one_of(1) & (FEVER_DAYS >= 2) & _FIRST,
         _OR_SILTUXIMAB, "consider", scheme=SILTUXIMAB),
    _row("crs-2-fluids", "treat", "circulation", at_least(CRS, 2) & HYPOTENSION,
         "fluid bolus of 500 to 1000 mL, up to twice", "give"),
    _row("crs-2-tocilizumab", "treat", "tocilizumab", at_least(CRS, 2) & _FIRST, GIVE_TOCILIZUMAB, "give",
         scheme=TOCILIZUMAB_BY_WEIGHT),
    _row("crs-2-siltuximab", "treat", "other agents", at_least(CRS, 2) & _FIRST, _OR_SILTUXIMAB, "give",
         scheme=SILTUXIMAB),
    _row("crs-tocilizumab-again", "escalate", "tocilizumab", at_least(CRS, 2) & _F.no_better_8_h & _DOSES.allowed,
         REPEAT_TOCILIZUMAB, "may", scheme=TOCILIZUMAB_BY_WEIGHT,
         note="The source allows it after 6 h; here not before 8 h, the least interval of the labels."),
    _row("after-siltuximab", "escalate", "tocilizumab", at_least(CRS, 1) & SILTUXIMAB_GIVEN & _DOSES.first,
         AFTER_SILTUXIMAB, "the team judges", status=OUR_READING,
         note="The source gives siltuximab once, instead of tocilizumab. Of tocilizumab after it nothing was read."),
    _row("no-more-siltuximab", "avoid", "other agents", (at_least(CRS, 1) | at_least(ICANS, 1)) & SILTUXIMAB_GIVEN,
         NO_MORE_SILTUXIMAB, "limit", note="'Once' is read as once after the infusion: our reading."),
    _row("tocilizumab-limit", "avoid", "tocilizumab", at_least(CRS, 1) & _DOSES.spent, NO_MORE_TOCILIZUMAB,
         "limit", note="The limits are those of the labels."),
    _row("crs-2-vasopressor", "escalate", "circulation", at_least(CRS, 2) & LOW_AFTER_FLUIDS, "vasopressor", "give"),
    _row("crs-2-steroid", "escalate", "corticosteroid",
         CRS.one_of(2) & ((_DOSES.doses >= 1) | SILTUXIMAB_GIVEN) & (LOW_AFTER_FLUIDS | _F.no_better_24_h),
         GIVE_STEROID, "at high risk or if refractory", scheme=dexamethasone(10, 6), note=_NOT_BETTER),
    _row("crs-icu", "care", "place of care", at_least(CRS, 3) | (CRS.one_of(2) & LOW_AFTER_FLUIDS), INTENSIVE_CARE,
         "do"),
    _row("crs-3-steroid", "treat", "corticosteroid", CRS.one_of(3), GIVE_STEROID, "give", scheme=dexamethasone(10, 6)),
    _row("crs-3-more-steroid", "escalate", "corticosteroid", CRS.one_of(3) & _F.no_better_on_steroid, MORE_STEROID,
         "if refractory", scheme=dexamethasone(20, 6), note=_NOT_BETTER),
    _row("crs-4-steroid", "treat", "corticosteroid", CRS.one_of(4), _TAPER, "give",
         scheme=methylprednisolone(1000, 24, 3)),
    _row("hlh-etoposide", "escalate", "hyperinflammation", at_least(CRS, 1) & CARTOX_HLH,
         "HLH/MAS that does not improve within 48 h: etoposide", "consider",
         where="HLH/MAS criteria, as reproduced in two later summaries",
         note="Whether it has improved, the team judges."),
)  # fmt: skip

_ICANS_ROWS = (
    _row("icans-support", "treat", "supportive care", at_least(ICANS, 1), "supportive care", "give"),
    _row("icans-swallow", "care", "supportive care", at_least(ICANS, 1), "nil by mouth until a swallowing test", "do"),
    _row("icans-neurologist", "work_up", "work-up", at_least(ICANS, 1),
         "neurologist, fundoscopy, MRI of the brain, lumbar puncture where it can be done", "do",
         note=BEFORE_PUNCTURE),
    _row("icans-eeg", "monitor", "monitoring", at_least(ICANS, 1), "EEG of 30 minutes every day", "do"),
    _row("icans-antiseizure", "prevent", "antiseizure drug", at_least(ICANS, 1), "levetiracetam", "give",
         scheme=Scheme("levetiracetam", mg=(750, 750), every_h=(12, 12))),
    _row("icans-tocilizumab", "treat", "tocilizumab", ICANS.one_of(1, 2) & at_least(CRS, 1) & _FIRST,
         TOCILIZUMAB_FOR_CRS, "give", scheme=TOCILIZUMAB_BY_WEIGHT),
    _row("icans-siltuximab", "treat", "other agents", ICANS.one_of(1, 2) & at_least(CRS, 1) & _FIRST,
         _OR_SILTUXIMAB, "give", scheme=SILTUXIMAB),
    _row("icans-2-steroid", "treat", "corticosteroid", ICANS.one_of(2) & CRS.one_of(0), GIVE_STEROID, "give",
         status=UNVERIFIED, scheme=dexamethasone(10, 6)),
    _row("icans-2-steroid-or", "treat", "corticosteroid", ICANS.one_of(2) & CRS.one_of(0),
         STEROID_OR, "give", status=UNVERIFIED,
         scheme=METHYLPREDNISOLONE_1_MG_KG),
    _row("icans-icu", "care", "place of care", at_least(ICANS, 3) | (ICANS.one_of(2) & at_least(CRS, 2)),
         INTENSIVE_CARE, "do"),
    _row("icans-3-steroid", "treat", "corticosteroid", ICANS.one_of(3), GIVE_STEROID, "give",
         scheme=dexamethasone((10, 20), 6, (1, 3)), note="The grade to which the reproduction gives it is not clear."),
    _row("icans-4-steroid", "treat", "corticosteroid", ICANS.one_of(4), _TAPER, "give",
         scheme=methylprednisolone(1000, 24, 3)),
    _row("icans-pressure", "treat", "oedema and seizures", RAISED_PRESSURE >= 1,
         "raised intracranial pressure: hyperventilation, mannitol or hypertonic saline, neurosurgeon", "give"),
    _row("icans-status", "treat", "oedema and seizures", (SEIZURE >= 2) & NONCONVULSIVE,
         "status epilepticus without convulsions: lorazepam 0.5 mg, 0.5 mg more every 5 minutes up to 2 mg in all; "
         "levetiracetam 500 mg at once; in intensive care phenobarbital 60 mg", "give",
         note="Not for convulsive status: there the local protocol; our reading. Then lorazepam 0.5 mg every 8 h for 3 "
              "doses, levetiracetam 1 g every 12 h, phenobarbital 30 mg every 12 h."),
)  # fmt: skip

CARTOX_2018 = Protocol(
    "cartox-2018", "1", "CARTOX 2018", NEELAPU_2018, "partial",
    recommendations=(*_CRS_ROWS, *_ICANS_ROWS),
    open_questions=("neurotoxicity of grade 2: the cell of the table was not read",),
    since=date(2018, 1, 1), scale=CARTOX,
    notes=("CRS by the CARTOX scale; neurotoxicity by ASTCT, as CARTOX's own scale of it (CRES) is not computed.",
           LABEL_DOSES),
)  # fmt: skip
