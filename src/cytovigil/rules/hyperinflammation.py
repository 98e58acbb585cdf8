"""Fields that the three lists of hyperinflammation criteria share.

A criterion is met whatever caused the finding: attributions are left aside. None of the lists makes a diagnosis.
"""

from cytovigil.logic.score import finding_field
from cytovigil.rules.ctcae_v5_organs import ALT, AST, BILIRUBIN, CREATININE, toxicity_field

PRESENT = "present"
NEVER_A_DIAGNOSIS = "never a diagnosis: the number says what is charted, a clinician judges it"
WHATEVER_THE_CAUSE = "a criterion is met whatever caused the finding: attributions do not change the number"


HAEMOPHAGOCYTOSIS = finding_field("haemophagocytosis", "haemophagocytosis", PRESENT)
SPLENOMEGALY = finding_field("splenomegaly", "splenomegaly", PRESENT)
PULMONARY_OEDEMA = finding_field("pulmonary_oedema", "pulmonary oedema", PRESENT)
BILIRUBIN_GRADE, AST_GRADE, ALT_GRADE, CREATININE_GRADE = (
    toxicity_field(ladder).as_charted() for ladder in (BILIRUBIN, AST, ALT, CREATININE)
)
