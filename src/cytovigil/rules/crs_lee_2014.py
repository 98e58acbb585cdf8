"""CRS, Lee 2014, and the form of it that product labels print (continuous haemodialysis is grade 4)."""

from cytovigil.logic.conditions import Condition
from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, Citation, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.citations import LEE_2014, LEE_2014_LABEL
from cytovigil.rules.crs_astct_2019 import TREATMENTS
from cytovigil.rules.crs_course import crs_course
from cytovigil.rules.crs_ladders import (
    BILIRUBIN_TOXICITY,
    CREATININE_TOXICITY,
    HIGH_DOSE,
    HIGH_DOSE_NOTE,
    any_liver,
    inspired_oxygen,
    ventilator,
)  # fmt: skip
from cytovigil.rules.fields import DIALYSIS, HYPOTENSION, OXYGEN_FRACTION, VASOPRESSORS

_NO_DIALYSIS = (
    "the original names no dialysis: the kidney is graded by creatinine alone, which dialysis lowers; the label's form "
    "counts it"
)
_CONTINUOUS = "dialysis that ran before treatment does not count; intermittent dialysis is not named"


def _hypotension(source: Citation, status: str) -> Ladder:
    return Ladder(
        "hypotension",
        "Hypotension",
        source,
        (
            Rung(2, HYPOTENSION, "responds to fluids or to a low dose of one vasopressor", status),
            Rung(
                3,
                HYPOTENSION & ((VASOPRESSORS >= 2) | HIGH_DOSE),
                "high dose of a vasopressor, or more than one",
                status,
                note=HIGH_DOSE_NOTE + "; vasopressin does not add to another vasopressor: our reading",
            ),
        ),
    )


def _organs(source: Citation, status: str, dialysis: bool) -> Ladder:
    grade_4: Condition = (CREATININE_TOXICITY >= 4) | (BILIRUBIN_TOXICITY >= 4)
    if dialysis:
        grade_4 = grade_4 | (DIALYSIS >= 2)
    return Ladder(
        "organs",
        "Organ toxicity",
        source,
        (
            Rung(
                2,
                (CREATININE_TOXICITY >= 2) | any_liver(2),
                "organ toxicity of grade 2",
                status,
                note="creatinine, bilirubin, AST and ALT, CTCAE v5",
            ),
            Rung(
                3,
                (CREATININE_TOXICITY >= 3) | any_liver(3),
                "organ toxicity of grade 3, or transaminases of grade 4",
                status,
                note="one reproduction puts grade 3 transaminases in grade 2: we follow the table's words",
            ),
            Rung(
                4,
                grade_4,
                "organ toxicity of grade 4, transaminases aside" + (", or continuous dialysis" if dialysis else ""),
                status,
                note=_CONTINUOUS if dialysis else _NO_DIALYSIS,
            ),
        ),
    )


def _scale(scale_id: str, title: str, source: Citation, status: str, dialysis: bool) -> Scale:
    return Scale(
        id=scale_id,
        version="1",
        title=title,
        source=source,
        course=crs_course(HYPOTENSION, OXYGEN_FRACTION >= 1),
        domains=(
            _hypotension(source, status),
            inspired_oxygen(source, status, ventilator(status)),
            _organs(source, status, dialysis),
        ),
        death_cause="crs",
        treatments=TREATMENTS,
        notes=(
            "grade 1 is symptoms that need symptomatic treatment only: graded as fever",
            "the original does not ask for fever; graded inside the course that all CRS scales share: " + OUR_READING,
            "organ toxicity counts only if new or worse than before lymphodepletion",
        ),
    )


CRS_LEE_2014 = _scale("crs-lee-2014", "CRS, Lee 2014", LEE_2014, SECONDARY, dialysis=False)
CRS_LEE_2014_LABEL = _scale(
    "crs-lee-2014-label", "CRS, Lee 2014 as product labels print it", LEE_2014_LABEL, SOURCE_READ, dialysis=True
)
