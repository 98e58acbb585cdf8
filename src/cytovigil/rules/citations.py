"""The publications that the rules come from."""

from cytovigil.logic.ladder import Citation

LEE_2019 = Citation(
    "Lee 2019",
    "Lee DW et al. ASTCT consensus grading for CRS and neurologic toxicity. "
    "Biol Blood Marrow Transplant 2019;25:625-638",
    doi="10.1016/j.bbmt.2018.12.758",
    where="CRS and ICANS tables and their text",
)
LEE_2014 = Citation(
    "Lee 2014",
    "Lee DW et al. Current concepts in the diagnosis and management of CRS. Blood 2014;124:188-195",
    where="grading table, as reproduced in later papers and in the Kymriah US label 6/2025, table 1",
)
LEE_2014_LABEL = Citation(
    "Breyanzi SmPC",
    "Breyanzi GB SmPC, PLGB 15105/0152, text revised 05/05/2026",
    where="section 4.2, table 1 (grades after Lee 2014, with continuous haemodialysis in grade 4)",
)
CTCAE_V5 = Citation(
    "CTCAE v5",
    "NCI Common Terminology Criteria for Adverse Events v5.0",
    where="Investigations",
)
REJESKI_2023 = Citation(
    "Rejeski 2023",
    "Rejeski K et al. ICAHT: EHA/EBMT consensus grading and best practice recommendations. Blood 2023;142:865-877",
    doi="10.1182/blood.2023020578",
    where="table 1, as a published grading program encodes it (Liang 2024)",
)
LIANG_2024 = Citation(
    "Liang 2024",
    "Liang EC. Automated approach to grade early and late ICAHT by EHA/EBMT criteria, program, page of 2024-04-08",
    where="repository emilyliangmd/automatedicahtgrading, index.Rmd, commit c3e0109",
)
REJESKI_2025 = Citation(
    "Rejeski 2025",
    "Rejeski K et al. Immune effector cell-associated thrombocytopenia (T-ICAHT). Blood 2025",
    doi="10.1182/blood.2025028833",
    where="grading table and its footnote",
)
REJESKI_2025_CODE = Citation(
    "Rejeski 2025, code",
    "T-ICAHT coding, the authors' program in R, to Rejeski K et al. Blood 2025",
    doi="10.1182/blood.2025028833",
    where="code of early and late T-ICAHT grading",
)
CTCAE_V5_CRS = Citation(
    "CTCAE v5",
    "NCI Common Terminology Criteria for Adverse Events v5.0",
    where="Immune system disorders, cytokine release syndrome (10052015)",
)
CTCAE_V6_CRS = Citation(
    "CTCAE v6",
    "NCI Common Terminology Criteria for Adverse Events v6.0, July 2025",
    where="Immune system disorders, cytokine release syndrome (10052015)",
)
CTCAE_V6_ICANS = Citation(
    "CTCAE v6",
    "NCI Common Terminology Criteria for Adverse Events v6.0, July 2025",
    where="Nervous system disorders, immune effector cell-associated neurotoxicity syndrome (10083347)",
)
PORTER_2018 = Citation(
    "Porter 2018",
    "Porter D et al. J Hematol Oncol 2018;11:35 (the Penn scale)",
    doi="10.1186/s13045-018-0571-y",
    where="grading table, as reproduced in ASTCT 2019, table 1, and in later papers",
)
PARK_2018 = Citation(
    "Park 2018",
    "Park JH et al. N Engl J Med 2018;378:449 (the MSKCC scale)",
    where="grading table, as reproduced in ASTCT 2019, table 1, and in PMC7006459, table 2",
)
NEELAPU_2018 = Citation(
    "Neelapu 2018",
    "Neelapu SS et al. Nat Rev Clin Oncol 2018;15:47-62 (CARTOX)",
    where="grading table, as reproduced in ASTCT 2019, table 1, and in later papers",
)
NEELAPU_2018_HLH = Citation(
    "Neelapu 2018",
    "Neelapu SS et al. Nat Rev Clin Oncol 2018;15:47-62 (CARTOX)",
    where="HLH/MAS criteria, as reproduced in two later summaries",
)
HLH_2004_TABLE = Citation(
    "HLH-2004",
    "HLH-2004 diagnostic guidelines",
    where="table of criteria, as printed in Blood (ashpublications.org, view-large/391697)",
)
HINES_2023 = Citation(
    "Hines 2023",
    "Hines MR et al. Transplant Cell Ther 2023;29:438.e1-438.e16 (ASTCT panel, IEC-HS)",
    doi="10.1016/j.jtct.2023.03.006",
    where="abstract read; the tables of criteria are unverified",
)
