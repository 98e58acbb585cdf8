"""Doses and sentences that several sources share."""

from cytovigil.logic.guidance import Interval, Scheme


def dexamethasone(mg: float | Interval, every_h: float | Interval, days: float | Interval | None = None) -> Scheme:
    """Dexamethasone in mg; one number stands for both ends."""
    return _steroid("dexamethasone", mg, every_h, days)


def methylprednisolone(mg: float | Interval, every_h: float | Interval, days: float | Interval | None = None) -> Scheme:
    """Methylprednisolone in mg; one number stands for both ends."""
    return _steroid("methylprednisolone", mg, every_h, days)


def _steroid(drug: str, mg: float | Interval, every_h: float | Interval, days: float | Interval | None) -> Scheme:
    lasting = None if days is None else _ends(days)
    return Scheme(drug, mg=_ends(mg), every_h=_ends(every_h), days=lasting)


def _ends(value: float | Interval) -> Interval:
    return value if isinstance(value, tuple) else (value, value)


TOCILIZUMAB = Scheme("tocilizumab", mg_per_kg=(8, 8), cap_mg=800, route="intravenous over 1 h")
TOCILIZUMAB_BY_WEIGHT = Scheme(
    "tocilizumab", mg_per_kg=(8, 8), light=12, light_kg=30, cap_mg=800, route="intravenous over 1 h"
)
SILTUXIMAB = Scheme("siltuximab", mg_per_kg=(11, 11), route="intravenous, once")
METHYLPREDNISOLONE_1_MG_KG = Scheme("methylprednisolone", mg_per_kg=(1, 1), every_h=(12, 12))

GIVE_TOCILIZUMAB = "tocilizumab"
TOCILIZUMAB_FOR_CRS = "tocilizumab, as CRS is present: one dose for both"
TOCILIZUMAB_FOR_FEVER = "tocilizumab, as fever lasts"
TOCILIZUMAB_CAUTION = "repeat tocilizumab with caution in neurotoxicity"
REPEAT_TOCILIZUMAB = "tocilizumab again"
AFTER_SILTUXIMAB = "siltuximab was given instead of tocilizumab: the team judges whether tocilizumab follows"
NO_MORE_SILTUXIMAB = "no second siltuximab: it is given once"
NO_MORE_TOCILIZUMAB = "no further tocilizumab: at most 3 doses in 24 h, and 4 in all"
GIVE_STEROID = "corticosteroid"
MORE_STEROID = "corticosteroid, more than before"
MORE_STEROID_AT_MOST = "more corticosteroid: up to dexamethasone 20 mg every 6 h, and never less than is given now"
ADD_STEROID = "add a corticosteroid after the first dose of tocilizumab"
STEROID_TO_GRADE_1 = "corticosteroid until grade 1 or less, then taper"
STEROID_OR = "or, instead of dexamethasone, methylprednisolone"
STEROID_OR_TO_GRADE_1 = "or, instead of dexamethasone, methylprednisolone until grade 1 or less, then taper"
SEIZURES_AND_OEDEMA = "treat seizures and cerebral oedema"
OTHER_AGENT = "another immunosuppressive drug"
MANAGE_AS_2_WITHOUT = "manage as grade 2, without tocilizumab"
MANAGE_AS_2, MANAGE_AS_3, MANAGE_AS_4 = "manage as grade 2", "manage as grade 3", "manage as grade 4"
TREAT_SYMPTOMS = "treat symptoms: antipyretic, fluids"
INTENSIVE_CARE = "intensive care"
HYDRATION = "fluids, and precautions against aspiration"
ANTISEIZURE = "a non-sedating antiseizure drug as prophylaxis, such as levetiracetam"
GM_CSF = "GM-CSF"
BEFORE_PUNCTURE = "First rule out raised intracranial pressure, and look at platelets and clotting: our reading."
AGENTS = (
    "another agent: anakinra, siltuximab, ruxolitinib, cyclophosphamide, antithymocyte globulin, or intrathecal "
    "hydrocortisone 50 mg with methotrexate 12 mg"
)
LABEL_DOSES = (
    "The highest dose of tocilizumab, 800 mg, and the dose below 30 kg are those of the labels; so are at most 3 doses "
    "in 24 h, and 4 in all."
)
