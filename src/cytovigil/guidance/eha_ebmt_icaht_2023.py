"""EHA/EBMT consensus on ICAHT 2023 (Rejeski): short-term management, as its table of supportive care prints it."""

from datetime import date

from cytovigil.guidance.fields import (
    CD4_BELOW_200,
    GCSF_5_DAYS,
    HEMATOTOX_HIGH,
    HEMATOTOX_LOW,
    NEUTROPENIA,
    NEUTROPENIA_7_DAYS,
    first_days,
)
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import UNVERIFIED, Citation

EHA_EBMT = Citation(
    "Rejeski 2023", "Rejeski K et al. ICAHT: EHA/EBMT consensus. Blood 2023;142:865-877",
    doi="10.1182/blood.2023020578",
    where="table 3, short-term management (ashpublications view-large/11837558)",
)  # fmt: skip
_FROM_DAY_2 = ~first_days(2) & first_days(30)
_UNTIL_DAY_30 = "Until when is not said: until day 30, our reading."
_PROLONGED = "'Prolonged' has no number: the team judges."
_FROM_MEMORY = "The list of the paper was not read. From when each step is looked at is our reading."

EHA_EBMT_ICAHT_2023 = Protocol(
    "eha-ebmt-icaht-2023", "1", "EHA/EBMT consensus on ICAHT 2023", EHA_EBMT, "partial",
    recommendations=(
        Recommendation("transfusion", "prevent", "transfusion", first_days(90),
                       "transfuse by the hospital's own limits, one unit of red cells at a time; red cells and "
                       "platelets irradiated, from 7 days before leukapheresis until at least 90 days after the "
                       "infusion", "give", note="The Dutch guideline irradiates for longer: see the follow-up."),
        Recommendation("gcsf-early", "prevent", "growth factor", HEMATOTOX_HIGH & _FROM_DAY_2,
                       "G-CSF as prophylaxis, from day 2: 5 ug/kg once a day", "give", note=_UNTIL_DAY_30),
        Recommendation("gcsf-early-low-risk", "avoid", "growth factor", HEMATOTOX_LOW & first_days(30),
                       "G-CSF as prophylaxis", "probably not needed", note=_UNTIL_DAY_30),
        Recommendation("gcsf", "treat", "growth factor", NEUTROPENIA,
                       "where neutropenia is prolonged, with or without infection, G-CSF: 5 ug/kg a day, more "
                       "without a response", "give", note=_PROLONGED),
        Recommendation("antibacterial", "prevent", "infection", HEMATOTOX_HIGH & NEUTROPENIA,
                       "levofloxacin or ciprofloxacin; mind resistant bacteria that the patient carries", "may"),
        Recommendation("antibacterial-low-risk", "avoid", "infection", HEMATOTOX_LOW & NEUTROPENIA,
                       "antibacterial prophylaxis", "not given"),
        Recommendation("antiviral", "prevent", "infection", first_days(365) | CD4_BELOW_200,
                       "valaciclovir 500 mg twice a day, or aciclovir 800 mg twice a day, from lymphodepletion until "
                       "1 year and/or CD4 above 200/µL", "give"),
        Recommendation("work-up-1", "work_up", "work-up", NEUTROPENIA_7_DAYS,
                       "look at the drugs (cotrimoxazole, linezolid, (val)ganciclovir, mycophenolate); vitamin B12, "
                       "folate, iron; cultures, CRP, procalcitonin; ferritin, triglycerides, fibrinogen", "do",
                       UNVERIFIED, note=_FROM_MEMORY),
        Recommendation("work-up-2", "work_up", "work-up", NEUTROPENIA & GCSF_5_DAYS,
                       "PCR for parvovirus B19, CMV, EBV, HHV-6 and adenovirus; marrow with cytogenetics and "
                       "sequencing; Coombs test and haemolysis; thrombotic microangiopathy", "do", UNVERIFIED,
                       note=f"{_FROM_MEMORY} Also in severe ICAHT."),
    ),
    open_questions=(
        "prophylaxis against Pneumocystis and fungi: the rows were cut off in the copy read",
        "the work-up in steps: its list was not read",
        "management after day 30: its table was not read",
    ),
    since=date(2023, 1, 1),
    notes=("High risk of ICAHT is a high CAR-HEMATOTOX here; the source names it as an example.",),
)  # fmt: skip
