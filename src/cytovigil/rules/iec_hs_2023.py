"""IEC-HS, Hines 2023, as a checklist: the required item, and the items that support it.

The tables of the paper could not be read: every item is unverified.
"""

from cytovigil.logic.combine import Required
from cytovigil.logic.conditions import Condition, Field
from cytovigil.logic.laboratory import BASELINE, LOWER_LIMIT, UPPER_LIMIT, VALUE, passed_field
from cytovigil.logic.ladder import UNVERIFIED, Ladder, Rung
from cytovigil.logic.scale import MeasuredCourse, Scale
from cytovigil.rules import fields
from cytovigil.rules.citations import HINES_2023
from cytovigil.rules.hyperinflammation import (
    ALT_GRADE,
    AST_GRADE,
    CREATININE_GRADE,
    HAEMOPHAGOCYTOSIS,
    NEVER_A_DIAGNOSIS,
    PRESENT,
    PULMONARY_OEDEMA,
    WHATEVER_THE_CAUSE,
)  # fmt: skip


def _above_normal(signal: str, says: str) -> Field:
    return passed_field(f"{signal}_high", f"{says} above the upper limit", signal, UPPER_LIMIT, ">1")


def _item(name: str, title: str, when: Condition, says: str, note: str = "") -> Ladder:
    return Ladder(name, title, HINES_2023, (Rung(1, when, says, UNVERIFIED, note),))


_FERRITIN = passed_field(
    "ferritin_per_upper_limit", "ferritin above twice the upper limit", "ferritin", UPPER_LIMIT, ">2"
) | passed_field("ferritin_per_baseline", "ferritin above twice the baseline", "ferritin", BASELINE, ">2")
_FIBRINOGEN = passed_field("fibrinogen_low", "fibrinogen below 1.5 g/L", "fibrinogen", VALUE, "<1.5") | passed_field(
    "fibrinogen_per_limit", "fibrinogen below the lower limit", "fibrinogen", LOWER_LIMIT, "<1"
)
_CYTOPENIA = (
    passed_field("neutrophils_grade_4", "neutrophils below 0.5 × 10⁹/L", "neutrophils", VALUE, "<0.5").as_charted()
    | passed_field("platelets_grade_4", "platelets below 25 × 10⁹/L", "platelets", VALUE, "<25").as_charted()
)
_TRIGLYCERIDES = passed_field(
    "triglycerides_high", "triglycerides above 3.0 mmol/L", "triglycerides", VALUE, ">3", {"mg/dL": (">265",)}
)
_NEW_SPLENOMEGALY = Field(
    "new_splenomegaly", "new splenomegaly", (False, True), ("no", "yes"), measure="new_finding",
    signals=("splenomegaly",), detail=PRESENT, assumptions=("baseline_laboratory_days",),
)  # fmt: skip
_NEUROTOXICITY = (
    (fields.ICE.as_charted() <= 9) | (fields.CAPD.as_charted() >= 1) | (fields.AROUSAL.as_charted() >= 1)
    | (fields.SEIZURE.as_charted() >= 1) | (fields.MOTOR_WEAKNESS.as_charted() >= 1)
    | (fields.RAISED_PRESSURE.as_charted() >= 1)
)  # fmt: skip
_NEW_OR_WORSE = "CTCAE v5, where new or worse than baseline: our reading"

IEC_HS_2023 = Scale(
    id="iec-hs-2023",
    version="1",
    title="IEC-HS checklist, Hines 2023: criteria unverified, never a diagnosis",
    source=HINES_2023,
    course=MeasuredCourse(),
    domains=(
        _item("ferritin", "Required: ferritin", _FERRITIN, "above twice the upper limit, or twice the baseline",
              "'rapidly rising', which would do as well, has no number and is not judged; the baseline is the last "
              "value before lymphodepletion, else the last in the days before infusion: our reading"),
        _item("transaminases", "Common: transaminases", (AST_GRADE >= 3) | (ALT_GRADE >= 3),
              "AST or ALT above 5 times the upper limit, or above 5 times an abnormal baseline", _NEW_OR_WORSE),
        _item("fibrinogen", "Common: fibrinogen", _FIBRINOGEN, "below 150 mg/dL, or below the lower limit"),
        _item("haemophagocytosis", "Common: haemophagocytosis", HAEMOPHAGOCYTOSIS, "haemophagocytosis"),
        _item("cytopenia", "Common: cytopenia", _CYTOPENIA, "new, worsening or refractory, one lineage of grade 4",
              "neutrophils below 0.5 or platelets below 25, the numbers of CTCAE v5; whether it is new, worsening or "
              "refractory is for a clinician to judge"),
        _item("ldh", "Other: LDH", _above_normal("ldh", "LDH"), "above the upper limit"),
        _item("coagulation", "Other: coagulation", _above_normal("inr", "INR") | _above_normal("aptt", "aPTT"),
              "PT or aPTT prolonged", "PT is read as INR; both above the laboratory's upper limit: our reading"),
        _item("bilirubin", "Other: direct bilirubin", _above_normal("direct_bilirubin", "direct bilirubin"),
              "direct bilirubin above the upper limit"),
        _item("splenomegaly", "Other: new splenomegaly", _NEW_SPLENOMEGALY, "new splenomegaly",
              "not enlarged at baseline: our reading"),
        _item("fever", "Other: fever", fields.FEVER.as_charted(), "fever"),
        _item("neurotoxicity", "Other: neurotoxicity", _NEUROTOXICITY, "neurotoxicity",
              "any sign that the ICANS consensus looks at: our reading"),
        _item("lung", "Other: lung", PULMONARY_OEDEMA | (fields.OXYGEN.as_charted() >= 1),
              "hypoxia, infiltrates or oedema", "hypoxia is oxygen above baseline: our reading; infiltrates are not "
              "charted"),
        _item("kidney", "Other: kidney", (CREATININE_GRADE >= 2) | (fields.DIALYSIS.as_charted() >= 1),
              "renal insufficiency", "creatinine of grade 2 or more, or new dialysis: our reading; " + _NEW_OR_WORSE),
        _item("triglycerides", "Other: triglycerides", _TRIGLYCERIDES, "fasting triglycerides above 265 mg/dL",
              "3.0 mmol/L where the laboratory reports mmol/L; whether the patient fasted is not charted"),
    ),
    notes=(
        "criteria from memory, unverified: a clinician must compare them with tables 1 and 2 of the paper before use",
        NEVER_A_DIAGNOSIS,
        "the paper gives no number of items that would make the diagnosis: read the checklist item by item",
        "also asked, and not judged here: onset as CRS resolves or has resolved, or worsening after a first response "
        "to its treatment; findings within about 72 h of each other; no other cause, such as CRS, infection or disease",
        "CTCAE v6 has a grade of its own for secondary HLH, a clinical judgement: it is not a grade of IEC-HS",
        WHATEVER_THE_CAUSE,
    ),
    combine=Required(
        ("ferritin",), 0,
        "1 where the required item is met: look for IEC-HS. 0 where it is not. "
        "The other columns support it and never change the number.",
    ),
)  # fmt: skip
