"""CAR-HEMATOTOX, Rejeski 2021: the risk of long severe neutropenia, from blood before lymphodepletion."""

from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, Citation, Ladder, Rung
from cytovigil.logic.score import Band, BeforeLymphodepletion, Evidence, PointScore, window_classes

REJESKI_2021 = Citation(
    "Rejeski 2021",
    "Rejeski K et al. Blood 2021;138:2499-2513 (CAR-HEMATOTOX)",
    doi="10.1182/blood.2020010543",
    where="score table; its cut-offs as worked cases of a second source give them",
)
BEFORE_LYMPHODEPLETION = BeforeLymphodepletion(
    "hematotox_days",
    "hematotox_infusion_days",
    "The newest value of each item in the days before lymphodepletion (hematotox_days); where its date is unknown, in "
    "those before the infusion (hematotox_infusion_days).",
)
_UNDEFINED = "The paper gives only above and below: on the cut-off it is our reading, flagged `on_cut_off`."

_PLATELETS = window_classes(
    "platelets", "platelets in 10*9/L", "platelets", ("<=175", "<75"), ("above 175", "75 to 175", "below 75"),
    BEFORE_LYMPHODEPLETION,
)  # fmt: skip
_NEUTROPHILS = window_classes(
    "neutrophils", "neutrophils in /uL", "neutrophils", ("<1.2",), ("1200 or more", "below 1200"),
    BEFORE_LYMPHODEPLETION, undefined=("1.2",),
)  # fmt: skip
_HEMOGLOBIN = window_classes(
    "hemoglobin", "haemoglobin in g/dL", "hemoglobin", ("<9",), ("9.0 or more", "below 9.0"),
    BEFORE_LYMPHODEPLETION, undefined=("9",),
)  # fmt: skip
_CRP = window_classes(
    "crp", "CRP in mg/dL", "crp", (">=30",), ("below 3.0", "3.0 or more"), BEFORE_LYMPHODEPLETION, undefined=("30",)
)
_FERRITIN = window_classes(
    "ferritin", "ferritin in ng/mL", "ferritin", (">=650", ">2000"), ("below 650", "650 to 2000", "above 2000"),
    BEFORE_LYMPHODEPLETION,
)  # fmt: skip

CAR_HEMATOTOX = PointScore(
    "car-hematotox",
    "1",
    "CAR-HEMATOTOX",
    REJESKI_2021,
    domains=(
        Ladder(
            "platelets",
            "Platelets",
            REJESKI_2021,
            (
                Rung(1, _PLATELETS.one_of(1), "75 to 175 x 10^9/L", SECONDARY),
                Rung(2, _PLATELETS.one_of(2), "below 75 x 10^9/L", SECONDARY),
            ),
        ),
        Ladder(
            "neutrophils",
            "Neutrophils",
            REJESKI_2021,
            (Rung(1, _NEUTROPHILS.one_of(1), "below 1200 /uL", SECONDARY, _UNDEFINED),),
        ),
        Ladder(
            "hemoglobin",
            "Haemoglobin",
            REJESKI_2021,
            (Rung(1, _HEMOGLOBIN.one_of(1), "below 9.0 g/dL", SECONDARY, _UNDEFINED),),
        ),
        Ladder(
            "crp",
            "C-reactive protein",
            REJESKI_2021,
            (Rung(1, _CRP.one_of(1), "3.0 mg/dL (30 mg/L) or more", SECONDARY, _UNDEFINED),),
        ),
        Ladder(
            "ferritin",
            "Ferritin",
            REJESKI_2021,
            (
                Rung(1, _FERRITIN.one_of(1), "650 to 2000 ng/mL", SECONDARY),
                Rung(2, _FERRITIN.one_of(2), "above 2000 ng/mL", SECONDARY),
            ),
        ),
    ),
    bands=(Band(0, "low"), Band(2, "high")),
    bands_status=SOURCE_READ,
    window=BEFORE_LYMPHODEPLETION,
    evidence=Evidence(
        "Large B-cell lymphoma, axi-cel or tisa-cel, before lymphodepletion. Not validated in autoimmune disease.",
        (
            "Severe neutropenia of 14 days or more, pooled validation: AUC 0.89, sensitivity 89 %, specificity 68 %.",
            "High against low: severe neutropenia of 14 days or more 48 % against 5 %, platelets below 50 87 % against "
            "34 %, anaemia 96 % against 40 %.",
            "Infection of grade 3 or more until day 90, high against low: hazard ratio 6.14 (2.93-12.87).",
            "Multiple myeloma (2023), high against low: severe neutropenia 9 against 3 days, severe infection 40 % "
            "against 5 %.",
            "Weaker in the Dutch validation (de Boer 2025, 245 patients, 70 % high): AUC 0.73, odds ratio 2.94 "
            "(1.27-6.80); severe infection not significant, 2.02 (0.91-4.48).",
            "B-ALL: does not discriminate, about 90 % are high.",
        ),
    ),
    notes=(
        "On 1200 neutrophils and on haemoglobin 9.0 there is no point, on CRP 3.0 there is one: the paper does not "
        "define it, and worked cases of a second source read it so.",
        "CRP is in mg/dL here: 3.0 mg/dL is 30 mg/L. Each value is read in its own unit.",
        "An item that was not measured makes a range. No rule for it was published; it is never taken as 0 points.",
        "The score is of before lymphodepletion: later values never enter it. Where the date of lymphodepletion is not "
        "given, values of the last days before the infusion may already be lowered by it.",
        "Three classes (0-1, 2-4, 5 or more) are secondary literature, and not used.",
    ),
)
