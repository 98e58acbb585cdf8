"""The publications that follow-up comes from."""

from cytovigil.logic.ladder import Citation

CHAKRABORTY_2021 = Citation(
    "Chakraborty 2021",
    "Chakraborty R et al. Late effects after CAR-T cells. Transplant Cell Ther 2021;27:222",
    doi="10.1016/j.jtct.2020.10.002",
    where="table II (PMC8078596)",
)
HILL_2019 = Citation(
    "Hill 2019",
    "Hill JA et al. CAR-T-associated hypogammaglobulinaemia. Blood Rev 2019",
    where="as reproduced in PMC11272770, table 1, and in a review",
)
ASH_TABLE = Citation(
    "ASH table", "Table of an ASH journal on care after CAR-T cells; its article was not identified",
    where="ash-sap.org/view-large/12050824",
)  # fmt: skip
BAIRD_2021 = Citation(
    "Baird 2021", "Baird JH et al. Blood Adv 2021;5:143 (Stanford)", where="view-large/10070704"
)  # fmt: skip
BLOOD_TABLE = Citation(
    "Blood table", "Table of an ASH journal on supportive care after CAR-T cells; its article was not identified",
    where="ashpublications.com/view-large/12523856",
)  # fmt: skip
ASH_VACCINES = Citation(
    "ASH vaccines", "Table of an ASH journal on vaccination after CAR-T cells; its article was not identified",
    where="view-large/12523012",
)  # fmt: skip
AAAAI_2022 = Citation("AAAAI 2022", "AAAAI 2022 on immunoglobulin", where="as reproduced in PMC11272770, table 1")
ASBMT = Citation("ASBMT", "ASBMT, Choosing Wisely (transplantation)", where="as reproduced in PMC11272770, table 1")
UK_IG = Citation("UK consensus", "UK consensus on immunoglobulin, not for transplantation", where="PMC9017083, table 2")
EU_IG_LABEL = Citation(
    "EU label of immunoglobulin",
    "EMA product texts of immunoglobulin: secondary immunodeficiency",
    where="indication and dose",
)
NTVH_2015 = Citation("NTVH 2015", "Nederlands Tijdschrift voor Hematologie 2015, immunoglobulin in CLL")
TECARTUS_GB = Citation("Tecartus SmPC", "Tecartus GB SmPC, PLGB 11972/0045, revised 30/04/2026", where="section 4.4")
LABELS = Citation(
    "CAR-T labels",
    "Breyanzi GB SmPC 05/05/2026, Tecartus GB SmPC 30/04/2026, Kymriah EMA SmPC, Kymriah US PI 6/2025",
    where="sections 4.4 to 4.6",
)
LEAFLETS = Citation(
    "EU leaflets 2022", "EU package leaflets 2022 of Yescarta, Abecma, Carvykti, Breyanzi, Tecartus"
)  # fmt: skip
EHA_EBMT = Citation(
    "EHA/EBMT",
    "Rejeski K et al. ICAHT: EHA/EBMT consensus. Blood 2023;142:865-877, table of supportive care",
    doi="10.1182/blood.2023020578",
    where="view-large/11837558; the same rows in PMC10867419, table 7",
)
NCCN = Citation("NCCN", "NCCN guidelines on infections", where="as transcribed")
UMCG = Citation(
    "UMCG", "UMCG Groningen, prophylaxis with CAR-T cell therapy",
    where="hematologiegroningen.nl/artikelen/profylaxe-bij-car-t-cel-therapie",
)  # fmt: skip
SUPPORTIVE = Citation(
    "Supportive-care tables", "Tables of EHA/EBMT, ASH, Stanford and Blood on prophylaxis", where="row on hepatitis B"
)
HILL_SEO_2020 = Citation("Hill & Seo 2020", "Hill JA, Seo SK. Blood 2020;136:925", where="view-large/9809590, 9809556")
TID_2023 = Citation(
    "TID 2023", "Vaccination after CAR-T cells. Transpl Infect Dis 2023", where="PMC10909447, tables 3, 4"
)
CONSENSUS_2023 = Citation(
    "EBMT/EHA & ASTCT", "EBMT/JACIE/EHA and ASH-ASTCT, in Transpl Infect Dis 2023", where="PMC10909447, table 3"
)  # fmt: skip
EXPERTS_2023 = Citation("Expert centres", "Expert centres, in Transpl Infect Dis 2023", where="PMC10909447, table 3")
EBMT_HANDBOOK_29 = Citation("EBMT Handbook", "EBMT Handbook 2024", where="chapter 29, vaccination")
RIVM_2023 = Citation("RIVM LCI 2023", "RIVM LCI 2023, vaccination with reduced immunity (Dutch)")
NL_TRANSFUSION = Citation("Dutch guideline", "Dutch guideline on blood transfusion", where="richtlijnendatabase.nl")
NHSBT_2014 = Citation("NHSBT 2014", "NHS Blood and Transplant, factsheet on irradiated components, 2014")
CINCINNATI = Citation(
    "Cincinnati rule", "Cincinnati rule on loss of B-cell aplasia; relapse risk: Hematology 2025:432"
)  # fmt: skip
B_CELL_SERIES = Citation("B-cell series", "No source read gives an interval outside B-ALL")
COHEN_2022 = Citation(
    "Cohen 2022", "Cohen AD et al. Movement and neurocognitive events. Blood Cancer J 2022;12:32", where="PMC8873238"
)  # fmt: skip
CIBMTR = Citation("CIBMTR 4100", "CIBMTR form 4100, forms instruction manual", where="day 100, 6 months, annually")
HCT_LATE = Citation(
    "HCT guidelines", "Late effects in children, by guidelines for transplantation", where="view-large/12047907"
)
OURS = Citation("Ours", "No source read gives a schedule")
DRIVING = Citation(
    "Dated records", "Labels by product, place and date of infusion", where="section 4.7, or 5 in the US"
)
