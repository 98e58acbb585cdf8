"""The facts that guidance on CRS and ICANS looks at. What makes them from a record is the engine's."""

from dataclasses import replace
from typing import Any, NamedTuple

from cytovigil.logic.conditions import Condition, Field, Named
from cytovigil.logic.laboratory import VALUE, Spell, made_cuts
from cytovigil.model.vocabulary import PRODUCTS, drugs_of

ASTCT, LEE, LEE_LABEL, CARTOX = "crs-astct-2019", "crs-lee-2014", "crs-lee-2014-label", "crs-cartox-2018"
ICANS_SCALE = "icans-astct-2019"
TOCILIZUMAB, CORTICOSTEROID = "tocilizumab", "corticosteroid"
STEROIDS = drugs_of(CORTICOSTEROID)
LATE, EARLY, EARLY_H = "late", "early", 72
_GRADES = (0, 1, 2, 3, 4)
_BEFORE_ONSET = ("treated_before_onset_h",)


def _yes_no(
    name: str, says: str, measure: str, detail: Any = None, signals: tuple[str, ...] = (),
    assumptions: tuple[str, ...] = (),
) -> Field:  # fmt: skip
    return Field(name, says, (False, True), ("no", "yes"), measure, signals, detail=detail, assumptions=assumptions)


def _grade(name: str, says: str, scale: str) -> Field:
    labels = tuple(map(str, _GRADES))
    return Field(name, says, _GRADES, labels, "grade", (), ordered=False, detail=scale)


def _onset(name: str, says: str, scale: str) -> Field:
    labels = ("72 h after the infusion, or later", "less than 72 h after the infusion")
    return Field(name, says, (LATE, EARLY), labels, "onset", (), ordered=False, detail=(scale, EARLY_H))


class CrsFields(NamedTuple):
    """What is asked of CRS, by one scale: its grade; when it began; whether treatment has helped.

    `no_better_8_h` is after tocilizumab, `no_better_24_h` after tocilizumab or a corticosteroid.
    """

    grade: Field
    onset: Field
    no_better_8_h: Field
    no_better_24_h: Field
    no_better_on_steroid: Field
    worse: Field


def crs_by(scale: str) -> CrsFields:
    """The fields of CRS on the scale by which a protocol grades."""
    both = (TOCILIZUMAB, CORTICOSTEROID)
    return CrsFields(
        _grade("crs", "CRS grade", scale),
        _onset("crs_onset", "CRS began", scale),
        _yes_no("crs_no_better_8_h", "CRS no better 8 h after tocilizumab", "no_better", (scale, (TOCILIZUMAB,), 8)),
        _yes_no("crs_no_better_24_h", "CRS no better 24 h after tocilizumab or a corticosteroid", "no_better",
                (scale, both, 24)),
        _yes_no("crs_no_better_on_steroid", "CRS no better 24 h after a corticosteroid", "no_better",
                (scale, (CORTICOSTEROID,), 24)),
        _yes_no("crs_worse", "CRS worse than at a dose of tocilizumab or a corticosteroid in the last 24 h, or at the "
                "last", "worse", (scale, both)),
    )  # fmt: skip


ICANS = _grade("icans", "ICANS grade", ICANS_SCALE)
ICANS_ONSET = _onset("icans_onset", "ICANS began", ICANS_SCALE)
ICANS_NO_BETTER_24_H = _yes_no(
    "icans_no_better_24_h", "ICANS no better 24 h after a corticosteroid", "no_better",
    (ICANS_SCALE, (CORTICOSTEROID,), 24),
)  # fmt: skip
ICANS_NO_BETTER_48_H = _yes_no(
    "icans_no_better_48_h", "ICANS no better 48 h after a corticosteroid", "no_better",
    (ICANS_SCALE, (CORTICOSTEROID,), 48),
)  # fmt: skip
ICANS_WORSE = _yes_no(
    "icans_worse", "ICANS worse than at a dose of a corticosteroid in the last 24 h, or at the last", "worse",
    (ICANS_SCALE, (CORTICOSTEROID,)),
)  # fmt: skip

TOCILIZUMAB_24_H = Field(
    "tocilizumab_24_h", "tocilizumab doses in the last 24 h", (0, 1, 2, 3), ("none", "1", "2", "3 or more"),
    "doses_within", (TOCILIZUMAB,), detail=24,
)  # fmt: skip
TOCILIZUMAB_RECENT = Field(
    "tocilizumab_8_h", "tocilizumab given less than 8 h ago", (False, True), ("no", "yes"), "doses_within",
    (TOCILIZUMAB,), detail=8,
)  # fmt: skip


class TocilizumabLimits(NamedTuple):
    """Tocilizumab within the limits that all sources share: 3 doses in 24 h, 4 in an episode, 8 h between two."""

    doses: Field
    allowed: Condition
    first: Condition
    again: Condition
    spent: Condition


def tocilizumab_by(scale: str) -> TocilizumabLimits:
    """Doses in the episode by this scale. One is not counted only where an episode before, by ASTCT too, had it."""
    doses = Field(
        "tocilizumab_doses", "tocilizumab doses in this CRS episode", _GRADES, ("none", "1", "2", "3", "4 or more"),
        "doses_in_episode", (TOCILIZUMAB,), detail=tuple(dict.fromkeys((scale, ASTCT))), assumptions=_BEFORE_ONSET,
    )  # fmt: skip
    now = (TOCILIZUMAB_24_H <= 2) & ~TOCILIZUMAB_RECENT
    allowed = Named((doses <= 3) & now, "a dose of tocilizumab is within its limits")
    return TocilizumabLimits(
        doses,
        allowed,
        Named((doses <= 0) & now, "no tocilizumab yet in this episode, and a dose is within its limits"),
        (doses >= 1) & allowed,
        Named((doses >= 4) | (TOCILIZUMAB_24_H >= 3), "tocilizumab has reached its limit"),
    )


(
    TOCILIZUMAB_DOSES, TOCILIZUMAB_ALLOWED, TOCILIZUMAB_FIRST, TOCILIZUMAB_AGAIN, TOCILIZUMAB_SPENT,
) = tocilizumab_by(ASTCT)  # fmt: skip
SILTUXIMAB_GIVEN = Field(
    "siltuximab", "siltuximab since the infusion", (False, True), ("no", "yes"), "doses_within", ("siltuximab",)
)
STEROID = _yes_no(
    "steroid", "corticosteroid given in this episode", "steroid", (ASTCT, ICANS_SCALE), STEROIDS,
    (*_BEFORE_ONSET, "low_dose_prednisolone_mg"),
)  # fmt: skip
FEVER_DAYS = Field(
    "fever_days", "how long fever has lasted", (0, 1, 2), ("below 3 days", "3 days", "more than 3 days"), "fever_days",
    ("temperature",), detail=72, assumptions=("fever_cel", "fever_window_h"),
)  # fmt: skip
HYPOTENSION = _yes_no("hypotension", "hypotension", "hypotension", signals=("hypotension", "systolic_bp"))
FLUID_BOLUSES = Field(
    "fluid_boluses", "number of fluid boluses", (0, 1, 2), ("none", "one", "two or more"), "doses", ("fluid_bolus",),
    detail=("fluid_boluses_h", "hypotension"), assumptions=("fluid_boluses_h",),
)  # fmt: skip
LOW_AFTER_FLUIDS = _yes_no(
    "low_after_fluids", "pressure still low after fluid boluses", "low_after_fluids", signals=("systolic_bp",),
    assumptions=("fluid_boluses_h",),
)  # fmt: skip
NEUTROPENIA = replace(
    _yes_no("neutropenia", "neutrophils below 0.5 x 10^9/L", "below", ("neutrophils", 500), ("neutrophils",)),
    says_not="neutrophils 0.5 x 10^9/L or more",
)  # fmt: skip
SEIZURE = Field(
    "seizure", "seizure", (0, 1, 2), ("none", "resolved", "prolonged or repetitive"), "seizure", ("seizure",),
    assumptions=("seizure_h",),
)  # fmt: skip
NONCONVULSIVE = replace(
    _yes_no("nonconvulsive", "status epilepticus without convulsions", "not_charted"),
    says_not="status epilepticus with convulsions",
)  # fmt: skip
RAISED_PRESSURE = Field(
    "raised_icp", "raised intracranial pressure or oedema", (0, 1, 2), ("none", "focal oedema", "diffuse or signs"),
    "raised_icp", ("raised_icp",), assumptions=("finding_unknown_h",),
)  # fmt: skip
PRODUCT = Field(
    "product", "product", tuple(PRODUCTS), tuple(PRODUCTS), "product", (), ordered=False,
)  # fmt: skip


def _since(name: str, days: int, words: str) -> Field:
    field = _yes_no(name, f"less than {words} after the infusion", "since_infusion", days)
    return replace(field, says_not=f"{words} or more after the infusion")


def first_days(days: int) -> Field:
    """Whether fewer days, of 24 h, have passed since the infusion."""
    return _since(f"first_{days}_days", days, "1 day" if days == 1 else f"{days} days")


FIRST_3_WEEKS = _since("first_3_weeks", 21, "3 weeks")


def low_for(signal: str, says: str, limit: int, days: int) -> Field:
    """Whether a count has been below a limit, in steps of its signal, on so many calendar days up to now."""
    return _yes_no(f"{signal}_low_{days}_days", says, "lasted_below", (signal, limit, days), (signal,))


HEMATOTOX = Field(
    "car_hematotox", "CAR-HEMATOTOX", ("low", "high"), ("low", "high"), "score_band", (), ordered=False,
    detail="car-hematotox",
)  # fmt: skip
HEMATOTOX_LOW, HEMATOTOX_HIGH = HEMATOTOX.one_of("low"), HEMATOTOX.one_of("high")
NEUTROPHILS_BELOW_1 = _yes_no(
    "neutrophils_below_1", "neutrophils below 1.0 x 10^9/L", "below", ("neutrophils", 1000), ("neutrophils",)
)  # fmt: skip
NEUTROPENIA_7_DAYS = low_for("neutrophils", "neutrophils below 0.5 x 10^9/L for 7 days or more", 500, 7)
NEUTROPENIA_14_DAYS = low_for("neutrophils", "neutrophils below 0.5 x 10^9/L for 14 days or more", 500, 14)
PLATELETS_BELOW_10 = _yes_no(
    "platelets_below_10", "platelets below 10 x 10^9/L", "below", ("platelets", 100), ("platelets",)
)  # fmt: skip
PLATELETS_8_DAYS = low_for("platelets", "platelets below 25 x 10^9/L for more than 7 days", 250, 8)
HEMOGLOBIN_BELOW_7 = _yes_no(
    "hemoglobin_below_7", "haemoglobin below 7 g/dL", "below", ("hemoglobin", 7000), ("hemoglobin",)
)  # fmt: skip
CD4_BELOW_200 = _yes_no("cd4_below_200", "CD4 count not above 200/µL", "below", ("cd4", 2001), ("cd4",))
GCSF_5_DAYS = _yes_no("gcsf_5_days", "G-CSF begun 5 days ago or earlier", "given_first", ("gcsf", 5), drugs_of("gcsf"))
FEVER = _yes_no(
    "fever", "fever of any cause", "fever", signals=("temperature",),
    assumptions=("fever_cel", "fever_window_h"),
).as_charted()  # fmt: skip
FEBRILE_NEUTROPENIA_CTCAE = _yes_no(
    "febrile_neutropenia", "febrile neutropenia by CTCAE", "meets", ("ctcae-v5-febrile-neutropenia", 3),
    ("neutrophils", "temperature"),
)  # fmt: skip
NCCN_FEVER = _yes_no(
    "fever_nccn", "38.3 °C or more once, or 38.0 or more for more than 1 h", "temperature_spell",
    Spell(
        made_cuts("temperature", VALUE, (">=38",), {"[degF]": (">=100.4",)}), 60,
        made_cuts("temperature", VALUE, (">=38.3",), {"[degF]": (">=101",)}),
    ), ("temperature",),
).as_charted()  # fmt: skip
NEUTROPHILS_AT_HALF = _yes_no(
    "neutrophils_at_half", "neutrophils 0.5 x 10^9/L or less", "below", ("neutrophils", 501), ("neutrophils",)
)  # fmt: skip
IEC_HS = _yes_no("iec_hs", "ferritin as the IEC-HS checklist asks for", "meets", ("iec-hs-2023", 1), ("ferritin",))
HAD_CRS = _yes_no("had_crs", "CRS, now or earlier", "has_been", (ASTCT, 1))
HAD_CRS_3 = _yes_no("had_crs_3", "CRS of grade 3 or more, now or earlier", "has_been", (ASTCT, 3))
CARTOX_HLH = _yes_no("cartox_hlh", "criteria of HLH/MAS by CARTOX", "meets", ("cartox-hlh", 1), ("ferritin",))


def at_most(grade: Field, highest: int) -> Condition:
    """True for this grade and all below."""
    return grade.one_of(*(value for value in grade.domain if value <= highest))


def at_least(grade: Field, lowest: int) -> Condition:
    """True for this grade and all above."""
    return grade.one_of(*(value for value in grade.domain if value >= lowest))
