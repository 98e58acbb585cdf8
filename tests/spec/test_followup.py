"""Where each item of follow-up stands: window, interval, stop, and what is not known."""

import pytest
from follow_kit import stands, table, told, who

# case | who | chart | on day | item | expected
TABLE = """
counts never                      | adult | | d29 | counts | later d30
counts never, day 30              | adult | | d30 | counts | due d30
counts never, two weeks on        | adult | | d44 | counts | overdue d30
counts, one of three lacks        | adult | d31 neutrophils 1.8, d31 platelets 90 | d40 | counts | due d30
counts                            | adult | d31 neutrophils 1.8, d31 platelets 90, d31 hemoglobin 10 | d40 | counts | done d31 next d61
counts, before day 30 only        | adult | d20 neutrophils 1.8, d20 platelets 90, d20 hemoglobin 10 | d29 | counts | later d30
counts, before day 30 only        | adult | d20 neutrophils 1.8, d20 platelets 90, d20 hemoglobin 10 | d31 | counts | due d30
counts, a month later             | adult | d31 neutrophils 1.8, d31 platelets 90, d31 hemoglobin 10 | d61 | counts | due d61
counts, much later                | adult | d31 neutrophils 1.8, d31 platelets 90, d31 hemoglobin 10 | d75 | counts | overdue d61
counts, normal by limit           | adult | d31 neutrophils 1.8 ref_low=1.5, d31 platelets 190 ref_low=150, d31 hemoglobin 13 ref_low=12 | d400 | counts | done d31
counts, one is low by limit       | adult | d31 neutrophils 1.4 ref_low=1.5, d31 platelets 190 ref_low=150, d31 hemoglobin 13 ref_low=12 | d62 | counts | due d61
counts, a bound beside the limit  | adult | d31 neutrophils >1.4 ref_low=1.5, d31 platelets 190 ref_low=150, d31 hemoglobin 13 ref_low=12 | d62 | counts | due d61
# IgG
igg never                         | adult | | d30 | igg | due d30
igg low                           | adult | d31 igg 3.8 | d45 | igg | done d31 next d61
igg low, a month later            | adult | d31 igg 3.8 | d62 | igg | due d61
igg exactly 4                     | adult | d31 igg 4 | d62 | igg | due d61
igg above 4                       | adult | d31 igg 4.01 | d300 | igg | done d31
igg above 4 before day 30         | adult | d20 igg 6 | d31 | igg | due d30
igg above 4 after immunoglobulin  | adult | d40 immunoglobulin 30, d60 igg 6 | d100 | igg | due d91
igg with immunoglobulin at once   | adult | d60 immunoglobulin 30, d60 igg 6 | d100 | igg | due d91
igg above 4, 30 days after        | adult | d40 immunoglobulin 30, d70 igg 6 | d110 | igg | due d101
igg above 4, 31 days after        | adult | d40 immunoglobulin 30, d71 igg 6 | d200 | igg | done d71
igg, later low again              | adult | d31 igg 5, d100 igg 3 | d131 | igg | due d130
igg below the test's limit        | adult | d31 igg <0.3 | d62 | igg | due d61
# CD4, B cells
cd4 at 200                        | adult | d40 cd4 200 | d71 | cd4 | due d70
cd4 above 200                     | adult | d40 cd4 201 | d400 | cd4 | done d40
b cells in lymphoma, never        | adult | | d27 | b-cells | later d28
b cells in lymphoma, never        | adult | | d58 | b-cells | due d28
b cells in lymphoma, never        | adult | | d59 | b-cells | overdue d28
b cells in lymphoma               | adult | d40 b_cells 0 | d100 | b-cells | done d40 next d131
b cells in lymphoma               | adult | d40 b_cells_percent 0 | d163 | b-cells | overdue d131
b cells in B-ALL                  | tisa-cel B-ALL 20 | d40 b_cells 0 | d75 | b-cells-b-all | due d70
b cells, disease not charted      | tisa-cel - 20 | d40 b_cells 0 | d75 | b-cells-b-all | unknown b_cells|b_cells_percent|disease
b cells, product not charted      | - B-ALL 20 | | d75 | b-cells-b-all | unknown b_cells|b_cells_percent|product
b cells in B-ALL are no other     | tisa-cel B-ALL 20 | | d75 | b-cells | not applicable
aplasia holds                     | tisa-cel B-ALL 20 | d60 b_cells 100, d60 b_cells_percent 1 | d61 | b-cell-aplasia-lost | not applicable
aplasia lost in one sample        | tisa-cel B-ALL 20 | d30 b_cells 0, d60 b_cells 101 | d61 | b-cell-aplasia-lost | due d60
aplasia lost by percentage        | tisa-cel B-ALL 20 | d60 b_cells_percent 1.01 | d61 | b-cell-aplasia-lost | due d60
aplasia lost, confirmed           | tisa-cel B-ALL 20 | d60 b_cells 101, d90 b_cells 140 | d91 | b-cell-aplasia-lost | due d90
aplasia, no sample                | tisa-cel B-ALL 20 | | d61 | b-cell-aplasia-lost | unknown b_cells|b_cells_percent
aplasia after BCMA cells          | cilta-cel MM 60 | d60 b_cells 200 | d61 | b-cell-aplasia-lost | not applicable
b cells after CD19 cells, lymphoma| tisa-cel LBCL 50 | | d75 | b-cells-b-all | not applicable
b cells after BCMA cells, B-ALL   | cilta-cel B-ALL 50 | | d75 | b-cells-b-all | not applicable
# late cytopenia
low counts on day 90 itself       | adult | d90 neutrophils 0.9, d90 platelets 40, d90 hemoglobin 7 | d95 | delayed-cytopenia | unknown hemoglobin|neutrophils|platelets
fine again after low counts       | adult | d95 neutrophils 0.9, d95 platelets 200, d95 hemoglobin 12, d120 neutrophils 1 | d121 | delayed-cytopenia | not applicable
low again after a fine count      | adult | d95 platelets 40, d95 neutrophils 2, d110 platelets 60, d130 platelets 40 | d131 | delayed-cytopenia | due d130
low counts on day 80              | adult | d80 neutrophils 0.9, d80 platelets 200 | d89 | delayed-cytopenia | later d90
counts after day 90 unknown       | adult | d80 neutrophils 0.9, d80 platelets 200 | d95 | delayed-cytopenia | unknown hemoglobin|neutrophils|platelets
haemoglobin after day 90 unknown  | adult | d95 neutrophils 2, d95 platelets 200 | d96 | delayed-cytopenia | unknown hemoglobin|neutrophils|platelets
neutrophils below 1000            | adult | d95 neutrophils 0.999, d95 platelets 200 | d96 | delayed-cytopenia | due d95
neutrophils of 1000               | adult | d95 neutrophils 1.0, d95 platelets 200, d95 hemoglobin 12 | d96 | delayed-cytopenia | not applicable
haemoglobin below 8 g/dL          | adult | d120 neutrophils 2, d120 platelets 200, d120 hemoglobin 7.9 | d121 | delayed-cytopenia | due d120
haemoglobin of 8 g/dL             | adult | d120 neutrophils 2, d120 platelets 200, d120 hemoglobin 8 | d121 | delayed-cytopenia | not applicable
haemoglobin of 65 g/L, for weeks  | adult | d120 hemoglobin 6.5, d140 hemoglobin 6.5 | d160 | delayed-cytopenia | overdue d120
platelets below 50, for weeks     | adult | d95 neutrophils 2, d95 platelets 49, d120 platelets 40 | d120 | delayed-cytopenia | overdue d95
a marrow since                    | adult | d95 neutrophils 2, d95 platelets 49, d97 marrow_blasts 1 | d120 | delayed-cytopenia | done d97
a marrow before                   | adult | d60 marrow_blasts 1, d95 neutrophils 2, d95 platelets 49 | d96 | delayed-cytopenia | due d95
# prophylaxis
antiviral never                   | adult | | d10 | antiviral | due d0
antiviral never                   | adult | | d20 | antiviral | overdue d0
antiviral given                   | adult | d-4 aciclovir 800, d30 aciclovir 800 | d60 | antiviral | done d30
antiviral given, then another     | adult | d30 aciclovir 800, d60 valaciclovir 500 | d90 | antiviral | done d60
antiviral given, first another    | adult | d30 valaciclovir 500, d60 aciclovir 800 | d90 | antiviral | done d60
antiviral given before and after  | adult | d-9 aciclovir 800, d-4 valaciclovir 500, d60 aciclovir 800 | d90 | antiviral | done d60
antiviral given until             | adult | d1..d90 valaciclovir 500 | d120 | antiviral | done d1
antiviral stopped at 2 months     | adult | d30 aciclovir 800 | d70 | antiviral | due d65
antiviral at 20 months, CD4 open  | adult | | d620 | antiviral | overdue d0
antiviral at 20 months, CD4 150   | adult | d600 cd4 150 | d620 | antiviral | overdue d0
antiviral at 20 months, CD4 210   | adult | d600 cd4 210 | d620 | antiviral | not applicable
antiviral at 17 months, CD4 210   | adult | d500 cd4 210 | d520 | antiviral | overdue d0
pneumocystis before day 28        | adult | | d27 | pneumocystis | later d28
pneumocystis from day 28          | adult | | d28 | pneumocystis | due d28
pneumocystis given                | adult | d30 pentamidine 300 | d64 | pneumocystis | done d30
pneumocystis lapsed               | adult | d30 pentamidine 300 | d65 | pneumocystis | due d65
cotrimoxazole, low neutrophils    | adult | d40 cotrimoxazole 480, d45 neutrophils 1.5 | d46 | cotrimoxazole-cytopenia | due d45
cotrimoxazole, neutrophils fine   | adult | d40 cotrimoxazole 480, d45 neutrophils 1.501 | d46 | cotrimoxazole-cytopenia | not applicable
cotrimoxazole, old low count      | adult | d80 cotrimoxazole 480, d45 neutrophils 0.4 | d90 | cotrimoxazole-cytopenia | unknown neutrophils
no cotrimoxazole                  | adult | d45 neutrophils 0.4 | d46 | cotrimoxazole-cytopenia | not applicable
antifungal, below 500             | adult | d10 neutrophils 0.499 | d10 | antifungal | due d10
antifungal, 500                   | adult | d10 neutrophils 0.5 | d10 | antifungal | unknown
antifungal, above 1000            | adult | d10 neutrophils 1.001 | d10 | antifungal | not applicable
antifungal, steroids              | adult | d6 dexamethasone 10, d7 dexamethasone 10, d8 dexamethasone 10, d9 dexamethasone 10, d10 neutrophils 2 | d10 | antifungal | due d10
antifungal, steroids of one row   | adult | d6..d10 dexamethasone 10, d10 neutrophils 2 | d10 | antifungal | due d10
antifungal, a count of 31 days ago| adult | d10 neutrophils 0.4 | d41 | antifungal | overdue d10
antifungal, a count of 32 days ago| adult | d10 neutrophils 0.4 | d42 | antifungal | unknown neutrophils
antifungal, steroids on 3 days    | adult | d6 dexamethasone 10, d7 dexamethasone 10, d8 dexamethasone 10, d10 neutrophils 2 | d10 | antifungal | not applicable
antifungal, 4 days of the last 14  | adult | d1..d5 dexamethasone 10, d15 neutrophils 2 | d15 | antifungal | due d15
antifungal, 3 days of the last 14  | adult | d1..d5 dexamethasone 10, d16 neutrophils 2 | d16 | antifungal | not applicable
antifungal, steroids on the skin  | adult | d1..d9 hydrocortisone 10 route=topical, d10 neutrophils 2 | d10 | antifungal | not applicable
CMV, steroids on 4 days           | adult | d6..d9 dexamethasone 10 | d10 | cmv | not applicable
CMV, steroids on 5 days           | adult | d5..d9 dexamethasone 10, d7 prednisolone 5 | d10 | cmv | due d7
CMV, steroids in doses of 5 days  | adult | d6 dexamethasone 10, d7 dexamethasone 10, d8 dexamethasone 10, d9 dexamethasone 10, d10 prednisolone 5 | d10 | cmv | due d10
CMV, a week after it is due       | adult | d5..d9 dexamethasone 10 | d12 | cmv | overdue d5
antifungal given                  | adult | d10 neutrophils 0.4, d10 fluconazole 200 | d20 | antifungal | done d10
antibacterial, below 500          | adult | d10 neutrophils 0.4 | d18 | antibacterial | overdue d10
antibacterial, 6 days on          | adult | d10 neutrophils 0.4 | d16 | antibacterial | due d10
antibacterial, 7 days on          | adult | d10 neutrophils 0.4 | d17 | antibacterial | overdue d10
antibacterial, no count           | adult | | d18 | antibacterial | unknown neutrophils
hepatitis B not charted           | adult | | d18 | hepatitis-b | unknown cd4|hepatitis B serology
entecavir                         | adult | d-5 entecavir 0.5, d9 entecavir 0.5 | d18 | hepatitis-b | done d9
entecavir at 11 months, CD4 low   | adult | d-5 entecavir 0.5, d300 cd4 200 | d364 | hepatitis-b | overdue d0
entecavir at 11 months, CD4 fine  | adult | d-5 entecavir 0.5, d300 cd4 201 | d364 | hepatitis-b | unknown
entecavir before only             | adult | d-5 entecavir 0.5 | d18 | hepatitis-b | overdue d0
entecavir, past all stops         | adult | d-5 entecavir 0.5, d300 cd4 300 | d380 | hepatitis-b | not applicable
# irradiated products
after fludarabine                 | adult | d-4 fludarabine 50 | d91 | irradiated | in force until d177
after fludarabine                 | adult | d-4 fludarabine 50 | d177 | irradiated | done d177
fludarabine of 2 years ago only   | adult | d-700 fludarabine 50 | d91 | irradiated | in force until d184
fludarabine not charted           | adult | | d91 | irradiated | in force until d184
# vaccination
influenza before 3 months         | adult | | d60 | vaccine-influenza | later d92
influenza out of season           | adult | | d100 | vaccine-influenza | not applicable
influenza in season               | adult | | d214 | vaccine-influenza | due d213
Hib given, which is no influenza  | adult | d214 vaccine 1 text=Haemophilus influenzae b | d300 | vaccine-influenza | overdue d213
influenza given                   | adult | d214 vaccine 1 text=Griepvaccin | d300 | vaccine-influenza | done d214
another vaccine given             | adult | d214 vaccine 1 text=PCV20 | d300 | vaccine-influenza | overdue d213
influenza at the end of March     | adult | | d394 | vaccine-influenza | overdue d213
influenza in April                | adult | | d395 | vaccine-influenza | not applicable
influenza of the last season      | adult | d230 vaccine 1 text=griep 2026 | d579 | vaccine-influenza | due d578
SARS-CoV-2, two of three          | adult | d100 vaccine 1 text=covid-19, d130 vaccine 1 text=covid-19 | d140 | vaccine-sars-cov-2 | due d92
SARS-CoV-2, three                 | adult | d100 vaccine 1 text=covid-19, d130 vaccine 1 text=covid-19, d160 vaccine 1 text=covid-19 | d400 | vaccine-sars-cov-2 | done d160
killed, a child of the sources    | adult | | d91 | vaccine-pneumococcal | later d92
killed at 4 months                | adult | | d120 | vaccine-pneumococcal | unknown b_cells|cd4|immunosuppression
killed at 4 months, recovered     | adult | d110 cd4 240, d110 b_cells 30, d110 immunosuppression no | d120 | vaccine-pneumococcal | due d110
killed under prednisolone         | adult | d115 prednisolone 20 | d120 | vaccine-dtp | not applicable
three doses                       | adult | d200 vaccine 1 text=PCV20, d230 vaccine 1 text=pcv, d260 vaccine 1 text=Prevenar | d300 | vaccine-pneumococcal | done d260
live before 12 months             | adult | d300 cd4 400 | d364 | vaccine-live | later d365
live, transplantation not charted | adult | d360 cd4 400, d360 b_cells 90, d360 immunosuppression no | d366 | vaccine-live | unknown earlier transplantation|titres
live, CD4 of 200                  | adult | d360 cd4 200, d360 b_cells 90, d360 immunosuppression no | d366 | vaccine-live | not applicable
live, an old CD4                  | adult | d200 cd4 400, d360 b_cells 90, d360 immunosuppression no | d366 | vaccine-live | unknown cd4|earlier transplantation|titres
live, immunosuppressed            | adult | d360 cd4 400, d360 b_cells 90, d360 immunosuppression yes | d366 | vaccine-live | not applicable
live, immunoglobulin 4 months ago | adult | d240 immunoglobulin 30, d360 cd4 400, d360 b_cells 90, d360 immunosuppression no | d366 | vaccine-live | not applicable
live, immunoglobulin 6 months ago | adult | d180 immunoglobulin 30, d360 cd4 400, d360 b_cells 90, d360 immunosuppression no | d366 | vaccine-live | unknown earlier transplantation
live, steroids 11 months ago      | adult | d400 prednisolone 5, d700 cd4 400, d700 b_cells 90, d700 immunosuppression no | d730 | vaccine-live | not applicable
live, steroids 364 days ago       | adult | d400 prednisolone 5, d750 cd4 400, d750 b_cells 90, d700 immunosuppression no | d764 | vaccine-live | not applicable
live, steroids 365 days ago       | adult | d400 prednisolone 5, d750 cd4 400, d750 b_cells 90, d700 immunosuppression no | d765 | vaccine-live | unknown earlier transplantation|titres
live, steroids a year ago         | adult | d400 prednisolone 5, d750 cd4 400, d750 b_cells 90, d700 immunosuppression no | d766 | vaccine-live | unknown earlier transplantation|titres
live, suppressed 11 months ago    | adult | d400 immunosuppression yes, d700 cd4 400, d700 b_cells 90, d700 immunosuppression no | d730 | vaccine-live | not applicable
# late effects, daily life, registry
neuropsychiatric, due             | adult | | d59 | neuropsychiatric | due d30
neuropsychiatric, 30 days on      | adult | | d60 | neuropsychiatric | overdue d30
neuropsychiatric, last before 1 year | adult | d364 ice 10 | d380 | neuropsychiatric | done d364 next d395
neuropsychiatric, at 1 year       | adult | d365 ice 10 | d380 | neuropsychiatric | done d365 next d731
movement, 29 days on              | cilta-cel MM 60 | | d43 | movement | due d14
movement, 30 days on              | cilta-cel MM 60 | | d44 | movement | overdue d14
movement, last before day 100     | cilta-cel MM 60 | d99 tremor none | d100 | movement | done d99 next d113
movement, at 1 year               | cilta-cel MM 60 | d365 tremor none | d400 | movement | done d365 next d731
temperature                       | adult | | d27 | temperature | in force until d28
temperature, over                 | brexu-cel MCL 60 | | d28 | temperature | done d28
temperature, no such leaflet      | cilta-cel MM 60 | | d5 | temperature | not applicable
cognition at 62, then 64          | axi-cel LBCL 62 | | d366 | cognition | not applicable
cognition at 61, then 63 or 64    | axi-cel LBCL 61 | | d1090 | cognition | not applicable
cognition at 61, then 64 or 65    | axi-cel LBCL 61 | | d1096 | cognition | unknown cognition and independence of older patients
growth at 17                      | tisa-cel B-ALL 17 | | d100 | growth | later d365
growth at 18                      | tisa-cel B-ALL 18 | | d100 | growth | not applicable
immune-related, after 12 months   | adult | | d549 | immune-related | unknown immune-related effects, such as pneumonitis and colitis
registry, 14 years                | adult | | d5400 | registry | unknown registry form
neuropsychiatric review           | adult | | d45 | neuropsychiatric | due d30
neuropsychiatric review           | adult | d32 tremor none | d45 | neuropsychiatric | done d32 next d62
neuropsychiatric review, 2 years  | adult | d400 ice 10 | d700 | neuropsychiatric | done d400 next d766
movement after BCMA cells         | cilta-cel MM 60 | d10 tremor none | d14 | movement | due d14
movement after BCMA cells         | cilta-cel MM 60 | d20 tremor none | d34 | movement | due d34
movement after BCMA cells         | cilta-cel MM 60 | d101 tremor none | d120 | movement | done d101 next d131
movement after CD19 cells         | adult | | d34 | movement | not applicable
movement, another product         | other MM 60 | | d34 | movement | unknown other_neurotoxicity|product|tremor
a late finding                    | cilta-cel MM 60 | d81 other_neurotoxicity movement_disorder | d85 | late-neurotoxicity | due d81
no late finding                   | cilta-cel MM 60 | | d85 | late-neurotoxicity | not applicable
cognition at 60                   | adult | | d366 | cognition | not applicable
cognition at 66                   | axi-cel LBCL 66 | | d366 | cognition | unknown cognition and independence of older patients
cognition, first year             | axi-cel LBCL 66 | | d360 | cognition | later d365
cognition, age not charted        | axi-cel LBCL - | | d366 | cognition | unknown cognition and independence of older patients
immune-related                    | adult | | d31 | immune-related | unknown immune-related effects, such as pneumonitis and colitis
second malignancy, first year     | adult | | d364 | second-malignancy | later d365
second malignancy found           | adult | d500 second_malignancy t_cell | d501 | second-malignancy-found | due d500
growth of a child                 | tisa-cel B-ALL 9 | | d100 | growth | later d365
growth of an adult                | adult | | d100 | growth | not applicable
fertility                         | adult | | d100 | fertility | later d365
donation                          | adult | | d5000 | donation | in force
registry, day 99                  | adult | | d99 | registry | later d100
registry, day 100                 | adult | | d100 | registry | unknown registry form
driving, EU label of axi-cel      | adult | | d20 | driving | in force until d56
driving, over                     | adult | d20 ice 10 | d56 | driving | done d56
driving, nobody looked            | adult | | d56 | driving | unknown recorded_icans_grade
driving, product not charted      | - LBCL 50 | | d20 | driving | unknown no driving, no heavy machines
driving, no record of obe-cel     | obe-cel B-ALL 50 | | d20 | driving | unknown no driving, no heavy machines
"""


@pytest.mark.parametrize(("case", "person", "chart", "day", "item", "expected"), table(TABLE))
def test_where_an_item_stands(case: str, person: str, chart: str, day: int, item: str, expected: str) -> None:
    assert told(stands(item, chart, day, who(person))) == expected, case


def test_the_table_shows_every_item_and_every_state() -> None:
    from cytovigil.followup.schedule import ITEMS

    shown = {item for *_, item, _ in table(TABLE)}
    same = {one.id for one in ITEMS if one.id.startswith("vaccine-")}
    assert {one.id for one in ITEMS} - same - shown == {
        "igg-substitution",
        "igg-subclasses",
    }  # those: test_followup_igg


def test_of_doses_on_many_days_the_last_is_shown() -> None:
    chart = ", ".join(f"d{day} dexamethasone 10" for day in range(5, 11))
    assert stands("cmv", chart, 10).why(str) == "dexamethasone 10 on 2026-03-12; act: Baird 2021"
