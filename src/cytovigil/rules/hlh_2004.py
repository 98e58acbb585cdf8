"""HLH-2004: how many of its criteria are met. One of the eight, NK-cell activity, cannot be charted."""

from cytovigil.logic.combine import Total
from cytovigil.logic.conditions import Field
from cytovigil.logic.laboratory import VALUE, passed_field
from cytovigil.logic.ladder import Ladder, Rung
from cytovigil.logic.scale import MeasuredCourse, Scale
from cytovigil.rules.citations import HLH_2004_TABLE
from cytovigil.rules.fields import FEVER
from cytovigil.rules.hyperinflammation import (
    HAEMOPHAGOCYTOSIS,
    NEVER_A_DIAGNOSIS,
    SPLENOMEGALY,
    WHATEVER_THE_CAUSE,
)  # fmt: skip

_BELOW_90 = passed_field("hemoglobin_below_90", "haemoglobin below 90 g/L", "hemoglobin", VALUE, "<9").as_charted()
_BELOW_100 = passed_field("hemoglobin_below_100", "haemoglobin below 100 g/L", "hemoglobin", VALUE, "<10").as_charted()
_FEW_PLATELETS = passed_field("platelets_low", "platelets below 100 × 10⁹/L", "platelets", VALUE, "<100").as_charted()
_FEW_NEUTROPHILS = passed_field(
    "neutrophils_low", "neutrophils below 1.0 × 10⁹/L", "neutrophils", VALUE, "<1"
).as_charted()
_NEONATE = Field("neonate", "neonate", (False, True), ("no", "yes"), measure="neonate", signals=())
_TRIGLYCERIDES = passed_field(
    "triglycerides_high", "triglycerides of 3.0 mmol/L or more", "triglycerides", VALUE, ">=3",
    {"mg/dL": (">=265",)},
)  # fmt: skip
_FIBRINOGEN = passed_field("fibrinogen_low", "fibrinogen of 1.5 g/L or less", "fibrinogen", VALUE, "<=1.5")
_FERRITIN = passed_field("ferritin_500", "ferritin of 500 µg/L or more", "ferritin", VALUE, ">=500")
_SCD25 = passed_field("scd25_high", "soluble IL-2 receptor of 2400 U/mL or more", "scd25", VALUE, ">=2400")

_ANAEMIA = _BELOW_90 | (_NEONATE & _BELOW_100)

HLH_2004 = Scale(
    id="hlh-2004",
    version="1",
    title="HLH-2004: how many of the 7 criteria that can be charted",
    source=HLH_2004_TABLE,
    course=MeasuredCourse(),
    domains=(
        Ladder("fever", "Fever", HLH_2004_TABLE, (
            Rung(1, FEVER.as_charted(), "fever",
                 note="the table read gives no temperature: the site's fever is our reading; others print 38.5 °C"),
        )),
        Ladder("splenomegaly", "Splenomegaly", HLH_2004_TABLE, (Rung(1, SPLENOMEGALY, "enlarged spleen"),)),
        Ladder("cytopenia", "Cytopenia", HLH_2004_TABLE, (
            Rung(1, (_ANAEMIA & _FEW_PLATELETS) | (_ANAEMIA & _FEW_NEUTROPHILS) | (_FEW_PLATELETS & _FEW_NEUTROPHILS),
                 "two or three of: haemoglobin below 90 g/L (neonates 100), platelets below 100, neutrophils below 1.0",
                 note="either limit of haemoglobin is possible under 1 year, as age is known in years, and where no "
                 "age is known: our reading"),
        )),
        Ladder("lipids_fibrinogen", "Triglycerides or fibrinogen", HLH_2004_TABLE, (
            Rung(1, _TRIGLYCERIDES | _FIBRINOGEN,
                 "fasting triglycerides of 3.0 mmol/L (265 mg/dL) or more, or fibrinogen of 1.5 g/L or less",
                 note="whether the patient fasted is not charted"),
        )),
        Ladder("haemophagocytosis", "Haemophagocytosis", HLH_2004_TABLE, (
            Rung(1, HAEMOPHAGOCYTOSIS, "haemophagocytosis in marrow or an organ"),
        )),
        Ladder("ferritin", "Ferritin", HLH_2004_TABLE, (Rung(1, _FERRITIN, "500 µg/L or more"),)),
        Ladder("scd25", "Soluble IL-2 receptor", HLH_2004_TABLE, (Rung(1, _SCD25, "2400 U/mL or more"),)),
    ),
    notes=(
        "fulfilled where 5 of 8 criteria are met, or by a molecular diagnosis, which is not charted here",
        "the eighth criterion, low or absent NK-cell activity, cannot be charted and is not counted: it may be met too",
        "after CAR-T cells cytopenia, fever and a high ferritin are common without HLH",
        WHATEVER_THE_CAUSE,
        NEVER_A_DIAGNOSIS,
    ),
    combine=Total("The number is how many of the 7 columns are met, from 0 to 7."),
)  # fmt: skip
