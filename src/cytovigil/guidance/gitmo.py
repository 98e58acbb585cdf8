"""GITMO Handbook III (Italian, after the EBMT/EHA handbook): vital signs, when to call, ICANS 2, antiseizure drugs."""

from functools import partial

from cytovigil.guidance.fields import ASTCT, ICANS, TOCILIZUMAB_DOSES, at_least, crs_by, first_days
from cytovigil.guidance.schemes import GIVE_STEROID, METHYLPREDNISOLONE_1_MG_KG, STEROID_OR, dexamethasone
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import SECONDARY, Citation

GITMO = Citation("GITMO", "GITMO Handbook III, Italian, after the EBMT/EHA handbook", where="pages 557-586")
CRS = crs_by(ASTCT).grade
_ILL = at_least(CRS, 1) | at_least(ICANS, 1)
_WHILE = "Until when is not said: while CRS or ICANS is there, our reading."
_row = partial(Recommendation, status=SECONDARY)

GITMO_HANDBOOK = Protocol(
    "gitmo", "1", "GITMO Handbook III", GITMO, "partial",
    recommendations=(
        _row("vital-signs", "monitor", "monitoring", first_days(1) | _ILL,
             "vital signs after the infusion every 15 minutes for 1 h, every hour for 4 h, then every 4 h", "do",
             note=_WHILE),
        _row("call", "monitor", "monitoring", first_days(1) | _ILL,
             "call the physician where the blood pressure falls by more than 20 %, oxygen saturation is below 90 %, or "
             "the heart rate is above 120", "do", note=_WHILE),
        _row("tocilizumab-limit", "avoid", "tocilizumab", at_least(CRS, 1) & (TOCILIZUMAB_DOSES >= 4),
             "no further tocilizumab: at most 4 doses", "limit"),
        _row("icans-2-steroid", "treat", "corticosteroid", ICANS.one_of(2), GIVE_STEROID, "give",
             scheme=dexamethasone(10, 6)),
        _row("icans-2-steroid-or", "treat", "corticosteroid", ICANS.one_of(2), STEROID_OR, "give",
             scheme=METHYLPREDNISOLONE_1_MG_KG),
        _row("antiseizure", "prevent", "antiseizure drug", _ILL, "antiseizure drug as prophylaxis",
             "not as a routine, except at high risk", note="Who is at high risk is left to the team."),
    ),
    open_questions=("its tables of CRS, and of ICANS of grades 1, 3 and 4",),
    notes=("Derived from the EBMT/EHA handbook, but not the EBMT/EHA recommendations of 2022, which were not read.",),
)  # fmt: skip
