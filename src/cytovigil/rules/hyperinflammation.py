"""Fields that the three lists of hyperinflammation criteria share.

A criterion is met whatever caused the finding: attributions are left aside. None of the lists makes a diagnosis.
"""

from collections.abc import Mapping
from dataclasses import replace

from cytovigil.logic.conditions import Field
from cytovigil.logic.laboratory import cuts_field
from cytovigil.logic.score import finding_field
from cytovigil.rules.ctcae_v5_organs import ALT, AST, BILIRUBIN, CREATININE, toxicity_field

PRESENT = "present"
NEVER_A_DIAGNOSIS = "never a diagnosis: the number says what is charted, a clinician judges it"
WHATEVER_THE_CAUSE = "a criterion is met whatever caused the finding: attributions do not change the number"


def as_charted(field: Field) -> Field:
    """The field with attributions left aside."""
    return replace(field, measure=f"{field.measure}_as_charted")


def beyond_field(
    name: str, says: str, signal: str, of: str, cut: str, in_unit: Mapping[str, tuple[str, ...]] | None = None
) -> Field:
    """A yes/no field: is the newest value beyond one cut?"""
    return replace(cuts_field(name, says, signal, of, (cut,), in_unit), labels=("no", "yes"))


HAEMOPHAGOCYTOSIS = finding_field("haemophagocytosis", "haemophagocytosis", PRESENT)
SPLENOMEGALY = finding_field("splenomegaly", "splenomegaly", PRESENT)
PULMONARY_OEDEMA = finding_field("pulmonary_oedema", "pulmonary oedema", PRESENT)
BILIRUBIN_GRADE, AST_GRADE, ALT_GRADE, CREATININE_GRADE = (
    as_charted(toxicity_field(ladder)) for ladder in (BILIRUBIN, AST, ALT, CREATININE)
)
