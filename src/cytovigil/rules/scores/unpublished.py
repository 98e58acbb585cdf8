"""Scores that cannot be computed, because their coefficients or cut-offs are not public, or not verified."""

from cytovigil.logic.ladder import Citation
from cytovigil.logic.score import Unpublished

COEFFICIENTS, CUT_OFFS, NUMBERS = (
    "not computable, coefficients unpublished",
    "not computable, points or cut-offs unpublished",
    "not computable, numbers unverified",
)
_LIANG = Citation(
    "Liang, eIPM", "Liang EC et al. Blood Adv", doi="10.1182/bloodadvances.2024014455", where="web calculator only"
)
_GREENBAUM = Citation("Greenbaum 2021", "Greenbaum U et al. Blood Adv 2021;5:2799")

UNPUBLISHED = (
    Unpublished(
        "all-hematotox",
        "ALL-Hematotox, severe neutropenia in B-ALL",
        Citation("Nair 2025", "Nair et al. Blood 2025"),
        ("platelets", "neutrophils", "hemoglobin", "crp", "marrow_blasts"),
        CUT_OFFS,
    ),
    Unpublished(
        "easix-f", "EASIX with ferritin", _GREENBAUM, ("ldh", "creatinine", "platelets", "ferritin"), CUT_OFFS
    ),
    Unpublished(
        "easix-fc", "EASIX with ferritin and CRP", _GREENBAUM, ("ldh", "creatinine", "platelets", "ferritin", "crp"),
        CUT_OFFS,
    ),
    Unpublished(
        "eipm-post",
        "eIPM-Post, early ICAHT of grade 3-4",
        _LIANG,
        ("disease", "neutrophils", "platelets", "ldh before lymphodepletion", "ferritin on day 3"),
        COEFFICIENTS,
    ),
    Unpublished(
        "eipm-pre",
        "eIPM-Pre, early ICAHT of grade 3-4",
        _LIANG,
        ("disease", "neutrophils", "platelets", "ldh", "ferritin before lymphodepletion"),
        COEFFICIENTS,
    ),
    Unpublished(
        "gust-2017",
        "Gust tree, neurotoxicity of grade 4-5",
        Citation("Gust 2017", "Gust et al. Cancer Discov 2017;7:1404", where="as a secondary source reports it"),
        ("temperature", "il6", "MCP-1"),
        NUMBERS,
    ),
    Unpublished(
        "hay-2017",
        "Hay tree, CRS of grade 4 or more",
        Citation("Hay 2017", "Hay KA et al. Blood 2017;130:2295"),
        ("temperature", "MCP-1"),
        NUMBERS,
    ),
    Unpublished(
        "rubin-2020",
        "Rubin score, ICANS of any grade",
        Citation("Rubin 2020", "Rubin et al. JAMA Neurol 2020;77:1536"),
        ("clinical and laboratory values",),
        COEFFICIENTS,
    ),
    Unpublished(
        "teachey-2016",
        "Teachey signature, severe CRS",
        Citation("Teachey 2016", "Teachey DT et al. Cancer Discov 2016;6:664"),
        ("three cytokines",),
        COEFFICIENTS,
    ),
)  # fmt: skip
