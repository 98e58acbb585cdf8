"""Long cytopenia: what surveys, series and tables of journals say where no guideline was read."""

from cytovigil.guidance.fields import (
    FIRST_3_WEEKS,
    HEMOGLOBIN_BELOW_7,
    NEUTROPENIA,
    NEUTROPENIA_14_DAYS,
    NEUTROPHILS_BELOW_1,
    PLATELETS_8_DAYS,
    PLATELETS_BELOW_10,
    first_days,
)
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import Citation

SEVERAL = Citation("several", "Papers and tables of journals on cytopenia after CAR-T cells: each row names its own")
_SURVEY = "survey of 81 clinicians, HemaSphere 2023, PMC10145722"
_ASH = "table of an ASH journal, ash-sap.org/view-large/12050824"
_BLOOD = "table of an ASH journal, ashpublications view-large/12523856"
_DAHUNSI = "Dahunsi 2025, doi 10.46989/001c.126463"
_GAGELMANN = "Gagelmann 2023, Blood Adv 2023;7:555, 31 patients, doi 10.1182/bloodadvances.2022008042"
_ELTROMBOPAG = "Beyar-Katz; GETH-TC, 38 patients, PMC11396136"
_LONG = NEUTROPENIA_14_DAYS | PLATELETS_8_DAYS
_SEVERE = "'Severe' is read as neutrophils below 0.5 x 10^9/L for 14 days, or platelets below 25 for more than 7."

CYTOPENIA_PRACTICE = Protocol(
    "cytopenia-practice", "1", "Long cytopenia: published practice", SEVERAL, "partial",
    recommendations=(
        Recommendation("work-up", "work_up", "work-up", _LONG,
                       "exclude viral infection (96 % of those asked), HLH/MAS by ferritin (92 %) and lack of B12, "
                       "folate or iron (80 %); marrow aspirate (86 %) and biopsy (61 %)", "most do", where=_SURVEY,
                       note=_SEVERE),
        Recommendation("gcsf-below-1", "treat", "growth factor", NEUTROPHILS_BELOW_1 & ~NEUTROPENIA, "G-CSF",
                       "consider", where=_ASH, note="With caution in active CRS, and where the risk of CRS is high."),
        Recommendation("gcsf-below-half", "treat", "growth factor", NEUTROPENIA, "G-CSF", "strongly consider",
                       where=_ASH, note="With caution in active CRS, and where the risk of CRS is high."),
        Recommendation("gcsf-day-14", "treat", "growth factor", NEUTROPENIA & ~first_days(14), "G-CSF", "consider",
                       where=_BLOOD),
        Recommendation("gcsf-day-30", "treat", "growth factor", NEUTROPHILS_BELOW_1 & ~first_days(30), "G-CSF",
                       "was given", where=_DAHUNSI, note="In neutropenia of grade 3 or 4."),
        Recommendation("red-cells", "treat", "transfusion", HEMOGLOBIN_BELOW_7, "red cells", "was given",
                       where=_DAHUNSI),
        Recommendation("platelet-transfusion", "treat", "transfusion", PLATELETS_BELOW_10, "platelets", "was given",
                       where=_DAHUNSI),
        Recommendation("platelets-day-30", "escalate", "platelets", PLATELETS_8_DAYS & ~first_days(30),
                       "a thrombopoietin receptor agonist, where many transfusions are needed", "consider",
                       where=f"{_ASH}; {_DAHUNSI}",
                       note="'Severe thrombocytopenia' is read as below 25 x 10^9/L for more than 7 days."),
        Recommendation("eltrombopag", "escalate", "platelets", PLATELETS_8_DAYS & ~FIRST_3_WEEKS,
                       "eltrombopag 50 mg a day, up to 150 mg a day, or romiplostim", "was given", where=_ELTROMBOPAG,
                       note="Looked for on days 21-28, begun on day 43 (median). With eltrombopag 76.3 % needed no "
                            "more platelets after 32 days (median)."),
        Recommendation("boost", "escalate", "stem cells", NEUTROPENIA_14_DAYS,
                       "stem cell boost, where cells are stored", "was given", where=_GAGELMANN,
                       note="Also with neutrophils up to 1.5 x 10^9/L and a high risk of infection, or up to 2.0 and "
                            "active infection: the team judges. Response in 84 % after 9 days (median); survival at "
                            "1 year 85 % where neutropenia had lasted up to 38 days, else 44 %."),
    ),
    open_questions=("which of these a guideline recommends after day 30: its table was not read",),
    notes=("What was done elsewhere, and how it went: no guideline. How long 'sustained' is, the papers leave open: "
           "14 days, our reading.",),
)  # fmt: skip
