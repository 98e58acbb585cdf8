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
