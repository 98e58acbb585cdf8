"""The fields that follow-up looks at; `measure` names the function of `facts.py` that makes each from the chart."""

from decimal import Decimal
from typing import NamedTuple

from cytovigil.logic.conditions import Field
from cytovigil.model.vocabulary import PRODUCTS, drugs_of, signals


class Limit(NamedTuple):
    """A number of a signal, in its steps. `lasting`: the newest result counts however old it is."""

    signal: str
    steps: int
    lasting: bool


def _steps(signal: str, text: str) -> int:
    return int(Decimal(text) / signals()[signal].step)


def _yes_no(
    name: str, says: str, measure: str, rests_on: tuple[str, ...], detail: object = None
) -> Field:  # fmt: skip
    return Field(name, says, (False, True), ("no", "yes"), measure, rests_on, detail=detail)


def _above(name: str, says: str, signal: str, text: str, lasting: bool) -> Field:
    return _yes_no(name, says, "above", (signal,), Limit(signal, _steps(signal, text), lasting))


MONTHS = Field(
    "months", "months since infusion", tuple(range(25)), (*(f"{n} months" for n in range(24)), "24 months or more"),
    "months", (),
)  # fmt: skip
TARGET = Field("target", "target of the product", ("CD19", "BCMA"), ("CD19", "BCMA"), "target", ("product",), False)
PRODUCT = Field("product", "product", (*PRODUCTS, ""), (*PRODUCTS, "not known"), "product", ("product",), False)
B_ALL = _yes_no("b_all", "B-ALL", "disease", ("disease",), "B-ALL")
CLL = _yes_no("cll", "CLL", "disease", ("disease",), "CLL")
CHILD = _yes_no("child", "under 18 years at infusion", "child", ("age_years",))
OLDER = _yes_no("older", "65 years or older", "older", ("age_years",))

IGG_LIMITS = tuple(_steps("igg", text) for text in ("1.5", "3", "4", "4.01", "5", "6.01", "7"))
IGG = Field(
    "igg", "IgG of one's own", tuple(range(8)),
    (
        "below 1.5 g/L", "1.5 to below 3 g/L", "3 to below 4 g/L", "4 g/L", "above 4 to below 5 g/L", "5 to 6 g/L",
        "above 6 to below 7 g/L", "7 g/L or more",
    ),
    "igg", ("igg", "immunoglobulin"), worse="low", detail=IGG_LIMITS,
)  # fmt: skip
IGG_STOP = _above("igg_stop", "IgG above 4 g/L (400 mg/dL), of one's own", "igg", "4", True)
CD4_STOP = _above("cd4_stop", "CD4 above 200/µL at the newest count", "cd4", "200", True)
CD4_NOW = _above("cd4_now", "CD4 above 200/µL", "cd4", "200", False)
B_CELLS_NOW = _above("b_cells_now", "B cells above 20/µL", "b_cells", "20", False)
COUNTS_NORMAL = _yes_no(
    "counts_normal", "counts within the laboratory's limits", "counts_normal",
    ("neutrophils", "platelets", "hemoglobin"),
)  # fmt: skip
NEUTROPHILS = Field(
    "neutrophils", "neutrophils", (0, 1, 2, 3),
    ("below 500/µL", "500 to 1000/µL", "above 1000 to 1500/µL", "above 1500/µL"), "neutrophils", ("neutrophils",),
    worse="low",
)  # fmt: skip
LATE_CYTOPENIA = _yes_no(
    "late_cytopenia",
    "neutrophils below 1000/µL, platelets below 50 × 10⁹/L or haemoglobin below 8 g/dL (80 g/L) beyond day 90",
    "late_cytopenia", ("neutrophils", "platelets", "hemoglobin"),
)  # fmt: skip
B_CELL_LOSS = Field(
    "b_cell_loss", "samples with CD19 B cells above 1 % or 100/µL, in a row", (0, 1, 2), ("none", "one", "two or more"),
    "b_cell_loss", ("b_cells", "b_cells_percent"),
)  # fmt: skip

RECURRENT = _yes_no("recurrent_infection", "serious or recurrent bacterial infection", "recurrent", ("infection",))
INFECTION = _yes_no("infection", "infection of the site and germ that the source names", "infection", ("infection",))
ANY_INFECTION = _yes_no("any_infection", "a documented infection in the last 6 months", "any_infection", ("infection",))
LOW_OTHER_IG = _yes_no("low_other_ig", "low IgA or IgM", "low_other_ig", ("iga", "igm"))
POOR_RESPONSE = _yes_no("poor_response", "poor response to a vaccine", "not_chartable", ("titres",))
GOOD_RESPONSE = _yes_no("good_response", "proven response to a killed vaccine", "not_chartable", ("titres",))
ANTIMICROBIALS_FAILED = _yes_no(
    "antimicrobials_failed", "antimicrobial treatment without effect", "not_chartable", ("effect of antimicrobials",)
)
TRANSPLANT = _yes_no(
    "transplant", "an earlier stem cell transplantation", "not_chartable", ("earlier transplantation",)
)
HBV = _yes_no("hbv", "HBsAg, anti-HBc or HBV DNA positive", "hbv", ("hepatitis B serology",))

IG_MONTHS = Field(
    "ig_months", "months since the last immunoglobulin", tuple(range(9)),
    (*(f"{n} months" for n in range(8)), "8 months or more, or none"), "ig_months", ("immunoglobulin",), worse="low",
)  # fmt: skip
IMMUNOSUPPRESSED = _yes_no(
    "immunosuppressed", "immunosuppressive treatment", "immunosuppressed",
    ("immunosuppression", *drugs_of("corticosteroid")), 31,
)  # fmt: skip
IMMUNOSUPPRESSED_YEAR = _yes_no(
    "immunosuppressed_year", "immunosuppressive treatment in the last year", "immunosuppressed",
    IMMUNOSUPPRESSED.signals, 365,
)  # fmt: skip
NEXT_THERAPY = _yes_no(
    "next_therapy", "another therapy against the disease in the last 6 months", "next_therapy",
    ("next_therapy_date",), 6,
)  # fmt: skip
NEXT_THERAPY_YEAR = _yes_no(
    "next_therapy_year", "another therapy against the disease in the last 12 months", "next_therapy",
    ("next_therapy_date",), 12,
)  # fmt: skip
SEASON = _yes_no("season", "October to March", "season", ())
COTRIMOXAZOLE = _yes_no("cotrimoxazole", "cotrimoxazole in the last 35 days", "given", ("cotrimoxazole",), 35)
STEROID = _yes_no(
    "steroid", "corticosteroids on more than 3 days of the last 14", "steroid", drugs_of("corticosteroid"), 4
)
STEROID_5 = _yes_no(
    "steroid_5", "corticosteroids on 5 days or more of the last 14", "steroid", drugs_of("corticosteroid"), 5
)
LATE_NEUROTOXICITY = _yes_no(
    "late_neurotoxicity", "a movement, cognitive or nerve finding", "charted", ("other_neurotoxicity",)
)  # fmt: skip
SECOND_MALIGNANCY = _yes_no("second_malignancy", "a second malignancy", "charted", ("second_malignancy",))
