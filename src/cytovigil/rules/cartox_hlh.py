"""HLH/MAS after CAR-T cells, CARTOX 2018: a very high ferritin and two of four findings."""

from cytovigil.logic.combine import Required
from cytovigil.logic.conditions import Field
from cytovigil.logic.laboratory import VALUE, passed_field
from cytovigil.logic.ladder import SECONDARY, Ladder, Rung
from cytovigil.logic.scale import MeasuredCourse, Scale
from cytovigil.rules.citations import NEELAPU_2018_HLH
from cytovigil.rules.fields import DIALYSIS, OXYGEN
from cytovigil.rules.hyperinflammation import (
    ALT_GRADE,
    AST_GRADE,
    BILIRUBIN_GRADE,
    CREATININE_GRADE,
    HAEMOPHAGOCYTOSIS,
    NEVER_A_DIAGNOSIS,
    PULMONARY_OEDEMA,
    WHATEVER_THE_CAUSE,
)  # fmt: skip

_OLIGURIA = Field("oliguria", "oliguria", (False, True), ("no", "yes"), "never_charted", ())
_FERRITIN = passed_field("ferritin_10000", "ferritin above 10,000 µg/L", "ferritin", VALUE, ">10000")

CARTOX_HLH = Scale(
    id="cartox-hlh",
    version="1",
    title="HLH/MAS criteria, CARTOX 2018: met (1) or not (0)",
    source=NEELAPU_2018_HLH,
    course=MeasuredCourse(),
    domains=(
        Ladder("ferritin", "Ferritin, required", NEELAPU_2018_HLH, (
            Rung(1, _FERRITIN, "above 10,000 ng/mL", SECONDARY,
                 note="the peak during CRS, typically in its first 5 days: whether CRS is there is not asked here"),
        )),
        Ladder("liver", "Liver", NEELAPU_2018_HLH, (
            Rung(1, (BILIRUBIN_GRADE >= 3) | (AST_GRADE >= 3) | (ALT_GRADE >= 3),
                 "bilirubin, AST or ALT of grade 3 or more", SECONDARY,
                 note="CTCAE v5, where new or worse than baseline: our reading"),
        )),
        Ladder("kidney", "Kidney", NEELAPU_2018_HLH, (
            Rung(1, (CREATININE_GRADE >= 3) | (DIALYSIS.as_charted() >= 1) | _OLIGURIA,
                 "oliguria or creatinine of grade 3 or more", SECONDARY,
                 note="creatinine by CTCAE v5, where new or worse than baseline, or new dialysis: our reading; "
                 "oliguria stays open, because no volume of urine was read in a source"),
        )),
        Ladder("lung", "Lung", NEELAPU_2018_HLH, (
            Rung(1, PULMONARY_OEDEMA & (OXYGEN.as_charted() >= 1), "pulmonary oedema of grade 3 or more", SECONDARY,
                 note="oedema with oxygen above baseline: by CTCAE v5 grade 3 needs oxygen; our reading"),
        )),
        Ladder("haemophagocytosis", "Haemophagocytosis", NEELAPU_2018_HLH, (
            Rung(1, HAEMOPHAGOCYTOSIS, "haemophagocytosis in marrow or an organ", SECONDARY),
        )),
    ),
    notes=(
        "all criteria are looked at in the same moment, each by its newest valid row: our reading",
        "this list is not that of IEC-HS, which needs no ferritin of 10,000",
        WHATEVER_THE_CAUSE,
        NEVER_A_DIAGNOSIS,
    ),
    combine=Required(("ferritin",), 2, "1 where the ferritin is met and at least two of the other columns, else 0."),
)  # fmt: skip
