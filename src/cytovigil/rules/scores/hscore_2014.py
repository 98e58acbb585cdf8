"""HScore, Fardet 2014: the probability of haemophagocytic syndrome, as published bands."""

from cytovigil.logic.ladder import SECONDARY, Citation, Ladder, Rung
from cytovigil.logic.score import (
    AroundInfusion,
    Band,
    Evidence,
    PointScore,
    finding_field,
    highest_classes,
    value_classes,
)  # fmt: skip

FARDET_2014 = Citation(
    "Fardet 2014",
    "Fardet L et al. Arthritis Rheumatol 2014;66:2613 (HScore)",
    doi="10.1002/art.38690",
    where="point table, as reproduced in PMC7589537, table 4, and PMC10101193, table 1",
)

_IMMUNOSUPPRESSION = finding_field("immunosuppression", "known underlying immunosuppression", "yes")
_TEMPERATURE = highest_classes(
    "temperature", "temperature in Cel", "temperature", (">=38.4", ">39.4"),
    ("below 38.4", "38.4 to 39.4", "above 39.4"),
    "hscore_temperature_h",
)  # fmt: skip
_SPLEEN = finding_field("splenomegaly", "enlarged spleen", "present")
_LIVER = finding_field("hepatomegaly", "enlarged liver", "present")
_ANAEMIA = value_classes(
    "low_hemoglobin", "haemoglobin 9.2 g/dL (5.71 mmol/L) or less", "hemoglobin", ("<=9.2",), ("no", "yes"),
    {"mmol/L": ("<=5.71",)},
)  # fmt: skip
_LEUKOPENIA = value_classes("low_leukocytes", "leukocytes 5.0 x 10^9/L or less", "leukocytes", ("<=5",), ("no", "yes"))
_THROMBOPENIA = value_classes("low_platelets", "platelets 110 x 10^9/L or less", "platelets", ("<=110",), ("no", "yes"))
_FERRITIN = value_classes(
    "ferritin", "ferritin in ng/mL", "ferritin", (">=2000", ">6000"), ("below 2000", "2000 to 6000", "above 6000")
)
_TRIGLYCERIDES = value_classes(
    "triglycerides", "triglycerides in mmol/L", "triglycerides", (">=1.5", ">4"), ("below 1.5", "1.5 to 4", "above 4"),
    {"mg/dL": (">=132.7", ">354")},
)  # fmt: skip
_FIBRINOGEN = value_classes("low_fibrinogen", "fibrinogen 2.5 g/L or less", "fibrinogen", ("<=2.5",), ("no", "yes"))
_AST = value_classes("raised_ast", "AST 30 U/L or more", "ast", (">=30",), ("no", "yes"))
_HAEMOPHAGOCYTOSIS = finding_field("haemophagocytosis", "haemophagocytosis on marrow", "present")


def _item(name: str, title: str, *rungs: Rung) -> Ladder:
    return Ladder(name, title, FARDET_2014, rungs)


HSCORE = PointScore(
    "hscore",
    "1",
    "HScore",
    FARDET_2014,
    domains=(
        _item(
            "immunosuppression",
            "Immunosuppression",
            Rung(
                18,
                _IMMUNOSUPPRESSION,
                "HIV, or long-term glucocorticoid, ciclosporin or azathioprine",
                SECONDARY,
                "After CAR-T cells a person decides: it counts where `immunosuppression` is charted.",
            ),
        ),
        _item(
            "temperature",
            "Temperature",
            Rung(33, _TEMPERATURE.one_of(1), "38.4 to 39.4 Cel"),
            Rung(49, _TEMPERATURE.one_of(2), "above 39.4 Cel"),
        ),
        _item(
            "organomegaly",
            "Organomegaly",
            Rung(23, _SPLEEN | _LIVER, "liver or spleen"),
            Rung(38, _SPLEEN & _LIVER, "liver and spleen"),
        ),
        _item(
            "cytopenia",
            "Cytopenia",
            Rung(
                24,
                (_ANAEMIA & _LEUKOPENIA) | (_ANAEMIA & _THROMBOPENIA) | (_LEUKOPENIA & _THROMBOPENIA),
                "two lineages low",
            ),
            Rung(34, _ANAEMIA & _LEUKOPENIA & _THROMBOPENIA, "three lineages low"),
        ),
        _item(
            "ferritin",
            "Ferritin",
            Rung(35, _FERRITIN.one_of(1), "2000 to 6000 ng/mL"),
            Rung(50, _FERRITIN.one_of(2), "above 6000 ng/mL"),
        ),
        _item(
            "triglycerides",
            "Triglycerides",
            Rung(44, _TRIGLYCERIDES.one_of(1), "1.5 to 4 mmol/L"),
            Rung(64, _TRIGLYCERIDES.one_of(2), "above 4 mmol/L"),
        ),
        _item("fibrinogen", "Fibrinogen", Rung(30, _FIBRINOGEN, "2.5 g/L or less")),
        _item("ast", "AST", Rung(19, _AST, "30 U/L or more")),
        _item(
            "haemophagocytosis",
            "Haemophagocytosis",
            Rung(35, _HAEMOPHAGOCYTOSIS, "seen on marrow", note="Without a marrow both are possible: 0 or 35 points."),
        ),
    ),
    bands=(
        Band(0, "<1 %"), Band(91, "~1 %"), Band(101, "1-3 %"), Band(111, "3-5 %"), Band(121, "5-9 %"),
        Band(131, "9-16 %"), Band(141, "16-25 %"), Band(151, "25-40 %"), Band(161, "40-54 %"), Band(171, "54-70 %"),
        Band(181, "70-80 %"), Band(191, "80-88 %"), Band(201, "88-93 %"), Band(211, "93-96 %"), Band(221, "96-98 %"),
        Band(231, "98-99 %"), Band(241, ">99 %"),
    ),
    bands_status=SECONDARY,
    window=AroundInfusion("From the infusion on, from values that are valid at the same time."),
    evidence=Evidence(
        "312 patients: 162 with haemophagocytic syndrome, 104 without, 46 unclassified.",
        (
            "Cut-off 169: sensitivity 93 %, specificity 86 %, accuracy 90 %.",
            "Median 230 (203-257) with, 125 (91-150) without the syndrome.",
            "After CAR-T cells it over-calls (Kim 2022): all 4 with the syndrome were above 169, so were 10 without.",
        ),
    ),
    notes=(
        "The band is the published probability. Its formula was found in no source, so there is no decimal.",
        "After CAR-T cells immunosuppression is nearly always present, cytopenia is expected, and CRS alone gives "
        "fever, ferritin and cytopenia: a high score is a reason to look, not a diagnosis.",
        "The highest temperature of the last hours counts, from the infusion on; the paper gives no time.",
        "Only a charted word answers immunosuppression, spleen, liver and marrow: not charted is unknown.",
    ),
)  # fmt: skip
