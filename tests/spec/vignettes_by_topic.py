"""Worked vignettes of the protocols by topic, for `test_guidance_vignettes`: state, and exactly what is recommended."""

GITMO = """
    crs=0 |
    first_1_days | vital-signs call
    crs=1 | vital-signs call antiseizure
    icans=1 | vital-signs call antiseizure
    icans=2 | vital-signs call icans-2-steroid icans-2-steroid-or antiseizure
    icans=3 | vital-signs call antiseizure
    crs=3 tocilizumab_doses=3 | vital-signs call antiseizure
    crs=2 tocilizumab_doses=4 | vital-signs call tocilizumab-limit antiseizure
    tocilizumab_doses=4 |
    icans=1..2 | vital-signs call ?icans-2-steroid ?icans-2-steroid-or antiseizure
    icans? | ?vital-signs ?call ?icans-2-steroid ?icans-2-steroid-or ?antiseizure
"""

CARE = """
    crs=0 |
    crs=2 crs_cartox=2 |
    crs=2 crs_cartox=2 low_after_fluids | cartox-2018-crs-icu
    crs=1 low_after_fluids |
    crs=3 crs_cartox=2 | asco-2021-crs-3-icu umcg-2020-crs-3-icu
    crs=3 crs_cartox=3 | asco-2021-crs-3-icu umcg-2020-crs-3-icu cartox-2018-crs-icu
    crs=4 crs_cartox=4 | asco-2021-crs-3-icu umcg-2020-crs-4-icu cartox-2018-crs-icu
    crs_cartox=3 | cartox-2018-crs-icu
    icans=1 crs=2 |
    icans=2 crs=1 |
    icans=2 crs=2 crs_cartox=2 | asco-2021-icans-icu cartox-2018-icans-icu
    icans=3 | asco-2021-icans-icu cartox-2018-icans-icu
    icans=4 | asco-2021-icans-icu asco-2021-icans-4-airway cartox-2018-icans-icu kymriah-us-2025-06-icans-4-ventilation
    icans=2..3 | ?asco-2021-icans-icu ?cartox-2018-icans-icu
    crs=3..4 crs_cartox=3..4 | asco-2021-crs-3-icu ?umcg-2020-crs-3-icu ?umcg-2020-crs-4-icu cartox-2018-crs-icu
"""

SEIZURES = """
    product=other |
    product=axi-cel |
    product=axi-cel first_60_days | asco-2021-antiseizure
    product=liso-cel first_60_days |
    product=liso-cel |
    seizure=1 | asco-2021-antiseizure
    crs=1 | kymriah-us-2025-06-antiseizure carvykti gitmo-antiseizure
    icans=1 | breyanzi-gb-2026-05-icans-antiseizure kymriah-us-2025-06-antiseizure cartox-2018-icans-antiseizure
        | gitmo-antiseizure
    crs=1 icans=1 product=brexu-cel first_60_days | breyanzi-gb-2026-05-icans-antiseizure kymriah-us-2025-06-antiseizure
        | asco-2021-antiseizure cartox-2018-icans-antiseizure carvykti gitmo-antiseizure
    icans=3 seizure=2 | breyanzi-gb-2026-05-icans-antiseizure kymriah-us-2025-06-antiseizure asco-2021-antiseizure
        | cartox-2018-icans-antiseizure gitmo-antiseizure
    product? |
    product? first_60_days | ?asco-2021-antiseizure
    icans? | ?breyanzi-gb-2026-05-icans-antiseizure ?kymriah-us-2025-06-antiseizure ?cartox-2018-icans-antiseizure
        | ?gitmo-antiseizure
"""

OEDEMA = """
    raised_icp=0 |
    raised_icp=1 | breyanzi-gb-2026-05-oedema breyanzi-gb-2026-05-oedema-methylprednisolone
        | breyanzi-gb-2026-05-oedema-cyclophosphamide cartox-2018-icans-pressure
    raised_icp=2 | breyanzi-gb-2026-05-oedema breyanzi-gb-2026-05-oedema-methylprednisolone
        | breyanzi-gb-2026-05-oedema-cyclophosphamide cartox-2018-icans-pressure kymriah-us-2025-06-icans-4-steroid
        | kymriah-us-2025-06-icans-4-seizures-oedema
    raised_icp=0..1 | ?breyanzi-gb-2026-05-oedema ?breyanzi-gb-2026-05-oedema-methylprednisolone
        | ?breyanzi-gb-2026-05-oedema-cyclophosphamide ?cartox-2018-icans-pressure
    raised_icp=1..2 | breyanzi-gb-2026-05-oedema breyanzi-gb-2026-05-oedema-methylprednisolone
        | breyanzi-gb-2026-05-oedema-cyclophosphamide cartox-2018-icans-pressure ?kymriah-us-2025-06-icans-4-steroid
        | ?kymriah-us-2025-06-icans-4-seizures-oedema
"""

# 38.3 once with 0.4 is febrile neutropenia by NCCN and not by CTCAE; 38.4 with 0.8 the other way round.
FEVER = """
    crs=0 |
    fever first_14_days | work-up work-up-more
    fever | work-up work-up-more late
    fever first_14_days crs=1 | work-up work-up-more umcg-2020-crs-1-antibiotics
    crs=2 first_14_days | umcg-2020-crs-2-antibiotics
    neutropenia neutrophils_at_half |
    fever neutropenia neutrophils_at_half fever_nccn first_14_days | work-up work-up-more antibiotics
        | febrile-neutropenia-nccn
    fever fever_nccn febrile_neutropenia first_14_days | work-up work-up-more febrile-neutropenia-ctcae
    fever neutropenia neutrophils_at_half first_14_days | work-up work-up-more antibiotics
    fever neutropenia neutrophils_at_half fever_nccn febrile_neutropenia crs=1 | work-up work-up-more antibiotics
        | umcg-2020-crs-1-antibiotics febrile-neutropenia-ctcae febrile-neutropenia-nccn late
    fever? first_14_days | ?work-up ?work-up-more
    fever neutropenia? first_14_days | work-up work-up-more ?antibiotics
"""

IEC_HS = """
    crs=0 |
    iec_hs |
    had_crs |
    had_crs iec_hs | look grade treatment
    crs=1 had_crs iec_hs | look grade treatment
    crs=2 had_crs |
    crs=2 had_crs crs_no_better_24_h | look-severe-crs
    crs=1 had_crs crs_no_better_24_h |
    crs=3 had_crs | look-severe-crs
    crs=4 had_crs iec_hs cartox_hlh | look look-severe-crs grade treatment cartox-2018-hlh-etoposide
    had_crs cartox_hlh | cartox-2018-hlh-etoposide
    cartox_hlh |
    had_crs iec_hs? | ?look ?grade ?treatment
    had_crs? iec_hs | ?look ?grade ?treatment
    crs=2..3 had_crs | ?look-severe-crs
"""

EHA_EBMT = """
    car_hematotox=low |
    first_2_days first_30_days first_90_days first_365_days | transfusion gcsf-early-low-risk antiviral
    car_hematotox=high first_2_days first_30_days first_90_days first_365_days | transfusion antiviral
    car_hematotox=high first_30_days first_90_days first_365_days | transfusion gcsf-early antiviral
    car_hematotox=high first_90_days first_365_days | transfusion antiviral
    first_365_days | antiviral
    cd4_below_200 | antiviral
    first_30_days first_90_days first_365_days neutropenia | transfusion gcsf-early-low-risk gcsf
        | antibacterial-low-risk antiviral
    car_hematotox=high first_30_days first_90_days first_365_days neutropenia neutrophils_low_7_days | transfusion
        | gcsf-early gcsf antibacterial antiviral work-up-1
    car_hematotox=high first_365_days neutropenia gcsf_5_days | gcsf antibacterial antiviral work-up-2
    gcsf_5_days |
    car_hematotox? first_30_days first_90_days first_365_days neutropenia | transfusion ?gcsf-early
        | ?gcsf-early-low-risk gcsf ?antibacterial ?antibacterial-low-risk antiviral
    neutropenia? first_365_days | ?gcsf ?antibacterial-low-risk antiviral
    cd4_below_200? | ?antiviral
"""

NCCN = """
    car_hematotox=low |
    car_hematotox=high first_2_days first_14_days first_3_weeks first_30_days |
    car_hematotox=high first_14_days first_3_weeks first_30_days | gcsf-high-risk
    car_hematotox=high |
    first_30_days first_3_weeks first_14_days |
    first_30_days first_3_weeks first_14_days neutropenia neutrophils_below_1 | infection
    first_30_days first_3_weeks first_14_days neutropenia neutrophils_below_1 neutrophils_low_7_days | gcsf-low-risk
        | infection
    car_hematotox=high first_2_days first_30_days neutropenia neutrophils_below_1 neutrophils_low_7_days | infection
    neutropenia neutrophils_below_1 neutrophils_low_7_days | gcsf-late infection
    neutrophils_below_1 | gcsf-late
    neutrophils_below_1 car_hematotox=high |
    neutrophils_below_1 first_30_days |
    neutropenia gcsf_5_days neutrophils_below_1 first_30_days | other-causes boost infection
    neutropenia gcsf_5_days neutrophils_below_1 first_30_days first_14_days first_3_weeks | infection
    gcsf_5_days |
    platelets_low_8_days | platelets
    platelets_low_8_days first_3_weeks first_30_days |
    platelets_low_8_days first_3_weeks first_30_days car_hematotox=high | gcsf-high-risk platelets
    car_hematotox? first_30_days | ?gcsf-high-risk
    neutropenia? first_30_days | ?infection
    platelets_low_8_days? | ?platelets
"""

PRACTICE = """
    first_30_days |
    neutrophils_below_1 first_30_days first_14_days first_3_weeks | gcsf-below-1
    neutrophils_below_1 neutropenia first_30_days first_14_days first_3_weeks | gcsf-below-half
    neutrophils_below_1 neutropenia first_30_days first_3_weeks | gcsf-below-half gcsf-day-14
    neutrophils_below_1 neutropenia neutrophils_low_14_days first_30_days first_3_weeks | work-up gcsf-below-half
        | gcsf-day-14 boost
    neutrophils_below_1 | gcsf-below-1 gcsf-day-30
    neutrophils_below_1 neutropenia | gcsf-below-half gcsf-day-14 gcsf-day-30
    hemoglobin_below_7 | red-cells
    platelets_below_10 | platelet-transfusion
    platelets_low_8_days first_30_days first_14_days first_3_weeks | work-up
    platelets_low_8_days first_30_days | work-up eltrombopag
    platelets_low_8_days | work-up platelets-day-30 eltrombopag
    hemoglobin_below_7? | ?red-cells
    neutrophils_low_14_days? | ?work-up ?boost
"""

# The second dose after CRS: of grade 2 postponed until day 21 ends, of grade 3 or more not given, now or once it is over.
AUCATZYL = """
    crs=0 first_3_weeks |
    crs=1 first_3_weeks |
    crs=2 first_3_weeks | second-dose-postpone
    crs=2 |
    crs=3 had_crs_3 first_3_weeks | second-dose-not
    crs=0 had_crs_3 first_3_weeks | second-dose-not
    crs=2 had_crs_3 first_3_weeks | second-dose-not
    crs=4 had_crs_3 |
    crs=2..3 had_crs_3? first_3_weeks | ?second-dose-postpone ?second-dose-not
    crs=0 had_crs_3? first_3_weeks | ?second-dose-not
"""

BY_TOPIC = {
    "aucatzyl": AUCATZYL,
    "gitmo": GITMO,
    "intensive-care": CARE,
    "seizure-prophylaxis": SEIZURES,
    "cerebral-oedema": OEDEMA,
    "fever-work-up": FEVER,
    "iec-hs-2023": IEC_HS,
    "eha-ebmt-icaht-2023": EHA_EBMT,
    "nccn-growth-factors-2026": NCCN,
    "cytopenia-practice": PRACTICE,
}
