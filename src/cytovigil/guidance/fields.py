"""The facts that guidance on CRS and ICANS looks at. What makes them from a record is the engine's."""

from typing import Any, NamedTuple

from cytovigil.logic.conditions import Condition, Field
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
        _yes_no("crs_worse", "CRS worse than when tocilizumab or a corticosteroid was given last", "worse",
                (scale, both)),
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
    "icans_worse", "ICANS worse than when a corticosteroid was given last", "worse", (ICANS_SCALE, (CORTICOSTEROID,))
)  # fmt: skip

TOCILIZUMAB_DOSES = Field(
    "tocilizumab_doses", "tocilizumab doses in this CRS episode", _GRADES, ("none", "1", "2", "3", "4 or more"),
    "doses_in_episode", (TOCILIZUMAB,), detail=ASTCT, assumptions=_BEFORE_ONSET,
)  # fmt: skip
TOCILIZUMAB_24_H = Field(
    "tocilizumab_24_h", "tocilizumab doses in the last 24 h", (0, 1, 2, 3), ("none", "1", "2", "3 or more"),
    "doses_within", (TOCILIZUMAB,), detail=24,
)  # fmt: skip
TOCILIZUMAB_RECENT = Field(
    "tocilizumab_8_h", "tocilizumab given less than 8 h ago", (False, True), ("no", "yes"), "doses_within",
    (TOCILIZUMAB,), detail=8,
)  # fmt: skip
STEROID = _yes_no(
    "steroid", "corticosteroid given in this episode", "steroid", (ASTCT, ICANS_SCALE), STEROIDS,
    (*_BEFORE_ONSET, "low_dose_prednisolone_mg"),
)  # fmt: skip
FEVER_DAYS = Field(
    "fever_days", "fever has lasted", (0, 1, 2), ("below 3 days", "3 days", "more than 3 days"), "fever_days",
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
NEUTROPENIA = _yes_no("neutropenia", "neutrophils below 0.5 x 10^9/L", "below", ("neutrophils", 500), ("neutrophils",))
SEIZURE = Field(
    "seizure", "seizure", (0, 1, 2), ("none", "resolved", "prolonged or repetitive"), "seizure", ("seizure",),
    assumptions=("seizure_h",),
)  # fmt: skip
RAISED_PRESSURE = Field(
    "raised_icp", "raised intracranial pressure or oedema", (0, 1, 2), ("none", "focal oedema", "diffuse or signs"),
    "raised_icp", ("raised_icp",), assumptions=("finding_unknown_h",),
)  # fmt: skip
PRODUCT = Field(
    "product", "product", tuple(PRODUCTS), tuple(PRODUCTS), "product", (), ordered=False,
)  # fmt: skip
FIRST_3_WEEKS = _yes_no("first_3_weeks", "less than 3 weeks after the infusion", "since_infusion", 21)

# Limits that all sources share: 3 doses in 24 h, 4 in an episode, 8 h between two.
TOCILIZUMAB_ALLOWED = (TOCILIZUMAB_DOSES <= 3) & (TOCILIZUMAB_24_H <= 2) & ~TOCILIZUMAB_RECENT
TOCILIZUMAB_FIRST = (TOCILIZUMAB_DOSES <= 0) & (TOCILIZUMAB_24_H <= 2) & ~TOCILIZUMAB_RECENT
TOCILIZUMAB_AGAIN = (TOCILIZUMAB_DOSES >= 1) & TOCILIZUMAB_ALLOWED
TOCILIZUMAB_SPENT = (TOCILIZUMAB_DOSES >= 4) | (TOCILIZUMAB_24_H >= 3)


def at_most(grade: Field, highest: int) -> Condition:
    """True for this grade and all below."""
    return grade.one_of(*(value for value in grade.domain if value <= highest))


def at_least(grade: Field, lowest: int) -> Condition:
    """True for this grade and all above."""
    return grade.one_of(*(value for value in grade.domain if value >= lowest))
