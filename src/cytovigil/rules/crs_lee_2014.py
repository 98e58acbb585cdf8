"""CRS, Lee 2014, and the form of it that product labels print (continuous haemodialysis is grade 4)."""

from cytovigil.logic.conditions import Condition
from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, Citation, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.citations import LEE_2014, LEE_2014_LABEL
from cytovigil.rules.crs_astct_2019 import TREATMENTS
from cytovigil.rules.crs_course import crs_course
from cytovigil.rules.ctcae_v5_organs import ALT, AST, BILIRUBIN, CREATININE, toxicity_field
from cytovigil.rules.fields import DIALYSIS, HYPOTENSION, OXYGEN_FRACTION, VASOPRESSOR_HIGH_DOSE, VASOPRESSORS

_CREATININE, _BILIRUBIN = toxicity_field(CREATININE), toxicity_field(BILIRUBIN)
_AST, _ALT = toxicity_field(AST), toxicity_field(ALT)


def _hypotension(source: Citation, status: str) -> Ladder:
    return Ladder(
        "hypotension",
        "Hypotension",
        source,
        (
            Rung(2, HYPOTENSION, "responds to fluids or to a low dose of one vasopressor", status),
            Rung(
                3,
                HYPOTENSION & ((VASOPRESSORS >= 2) | ((VASOPRESSORS >= 1) & VASOPRESSOR_HIGH_DOSE)),
                "high dose of a vasopressor, or more than one",
                status,
                note="the published dose table is unverified: high dose is what a clinician charts, else low or high; "
                "vasopressin does not add to another vasopressor: our reading",
            ),
        ),
    )


def _hypoxia(source: Citation, status: str) -> Ladder:
    return Ladder(
        "oxygen",
        "Oxygen",
        source,
        (
            Rung(2, OXYGEN_FRACTION >= 1, "oxygen need below 40 %", status),
            Rung(
                3,
                OXYGEN_FRACTION >= 2,
                "oxygen need of 40 % or more",
                status,
                note="without a charted fraction: a cannula up to 4 L/min is below 40 %, non-rebreather and positive "
                "pressure are 40 % or more, other devices either: our reading",
            ),
            Rung(4, OXYGEN_FRACTION >= 3, "ventilator", status, note="invasive ventilation: our reading"),
        ),
    )


def _any_at(grade: int) -> Condition:
    return (grade <= _CREATININE) | (grade <= _BILIRUBIN) | (grade <= _AST) | (grade <= _ALT)


def _organs(source: Citation, status: str, dialysis: bool) -> Ladder:
    grade_4: Condition = (_CREATININE >= 4) | (_BILIRUBIN >= 4)
    if dialysis:
        grade_4 = grade_4 | (DIALYSIS >= 2)
    return Ladder(
        "organs",
        "Organ toxicity",
        source,
        (
            Rung(
                2, _any_at(2), "organ toxicity of grade 2", status, note="creatinine, bilirubin, AST and ALT, CTCAE v5"
            ),
            Rung(
                3,
                _any_at(3),
                "organ toxicity of grade 3, or transaminases of grade 4",
                status,
                note="one reproduction puts grade 3 transaminases in grade 2: we follow the table's words",
            ),
            Rung(
                4,
                grade_4,
                "organ toxicity of grade 4, transaminases aside" + (", or continuous dialysis" if dialysis else ""),
                status,
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
        domains=(_hypotension(source, status), _hypoxia(source, status), _organs(source, status, dialysis)),
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
