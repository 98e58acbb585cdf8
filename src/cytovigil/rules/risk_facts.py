"""How often, and when, toxicity came in published patients of a product and disease, and what went with it.

Numbers as printed. Scales are named and never pooled: the same patients have other grades on another scale.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, Citation
from cytovigil.logic.risk import ANY_AGE, About, Ages, RiskFact

ALL, LBCL, FL, MCL, CLL, MM = "B-ALL", "LBCL", "FL", "MCL", "CLL", "MM"

KYMRIAH = Citation("Kymriah US label", "Kymriah US prescribing information, revised 6/2025")
BREYANZI = Citation("Breyanzi SmPC", "Breyanzi GB SmPC, text revised 05/05/2026", where="section 4.8")
TECARTUS = Citation("Tecartus SmPC", "Tecartus GB SmPC, text revised 30/04/2026", where="section 4.8")
REVIEW = Citation("Am J Hematol 2021", "Am J Hematol 2021, review, tables 4 and 6 (PMC9290945)", "10.1002/ajh.26301")
YESCARTA_SITE = Citation("Yescarta", "Yescarta, manufacturer's site for professionals")
BREXU_REGISTRY = Citation("CIBMTR brexu-cel", "CIBMTR registry, Blood Adv, ashpublications.org view-large/12878521")
TISA_REGISTRY = Citation("CIBMTR tisa-cel", "CIBMTR registry, ashpublications.org view-large/12872923")
SIDDIQI = Citation("Siddiqi 2023", "Siddiqi 2023, Lancet 402:641, table 4", "10.1016/S0140-6736(23)01052-8")
ABECMA_SITE = Citation("Abecma", "Abecma, manufacturer's site for professionals")
BERDEJA = Citation("Berdeja 2021", "Berdeja 2021, Lancet 398:314")
US_CILTA = Citation("Blood 2025;145:85", "US standard of care, cilta-cel, Blood 2025;145:85")
AUCATZYL_SITE = Citation("Aucatzyl", "Aucatzyl, manufacturer's site for professionals")
FELIX = Citation("FELIX, burden", "FELIX by tumour burden, haematologica.org view/13081")
MM_CONSORTIUM = Citation("US MM consortium", "US Multiple Myeloma Immunotherapy Consortium, abstract, n=1502")
HAY = Citation("Hay 2017", "Hay KA et al. Blood 2017;130:2295")
SANTOMASSO = Citation("Santomasso 2018", "Santomasso BD et al. Cancer Discov 2018;8:958")
FACTORS = Citation("PMC8600921", "Review of risk factors, PMC8600921, table 2")
NEUROTOXICITY = Citation("Blood 2023;141:2443", "Review of neurotoxicity, Blood 2023;141:2443")
MM_BURDEN = Citation("PMC9092941", "CD19 and BCMA CAR-T cells in myeloma, n=54, PMC9092941")
OLDER = Citation(
    "Blood Neoplasia 2025", "CIBMTR registry, LBCL, n=1916, Blood Neoplasia 2025", "10.1016/j.bneo.2025.100187"
)
MATCHED = Citation("PMC9052918", "Israel, 70 years or more, 41 and 41 matched, PMC9052918")
MANUAL = Citation("CIBMTR 4100", "CIBMTR forms manual, form 4100")
ICU = Citation("PMC10828176", "Intensive care cohort, n=84, PMC10828176, table 2")
ICAHT = Citation(
    "ICAHT, 549 patients", "Rejeski K et al., application of the EHA/EBMT grades to 549 patients, abstract"
)
NAIR = Citation("Nair 2025", "Nair 2025, Blood")


class _Rates(NamedTuple):
    """Percent with any grade, with grade 3 or more, and the median day of onset with its range; empty: not read."""

    scale: str
    any_grade: str
    severe: str = ""
    onset: str = ""
    spread: str = "range"


def _study(
    product: str, diseases: tuple[str, ...], population: str, source: Citation, status: str, crs: _Rates,
    neuro: _Rates | None = None, ages: Ages = ANY_AGE,
) -> Iterator[RiskFact]:  # fmt: skip
    for what, rates in (("CRS", crs), ("neurotoxicity", neuro)):
        if rates is None:
            continue
        says = (
            (f"{what} of any grade ({rates.scale})", rates.any_grade and f"{rates.any_grade} %"),
            (f"{what} of grade 3 or more ({rates.scale})", rates.severe and f"{rates.severe} %"),
            (f"median day on which {what} began ({rates.spread})", rates.onset),
        )
        for sentence, value in says:
            if value:
                about: About = "product" if ages is ANY_AGE else "age"
                yield RiskFact(about, sentence, population, source, value, status, (product,), diseases, ages)


RATES = (
    *_study("tisa-cel", (ALL,), "ELIANA, children and young adults with B-ALL", KYMRIAH, SECONDARY,
            _Rates("Penn", "77", "48", "3 (1-22)"), _Rates("CTCAE", "71", "22")),
    *_study("tisa-cel", (LBCL,), "JULIET, adults with LBCL", KYMRIAH, SECONDARY,
            _Rates("Penn", "74", "23"), _Rates("CTCAE", "60", "19")),
    *_study("tisa-cel", (FL,), "ELARA, adults with FL", KYMRIAH, SECONDARY,
            _Rates("Lee 2014", "53", "0"), _Rates("as reported", "43", "6")),
    *_study("axi-cel", (LBCL,), "ZUMA-1, n=108", REVIEW, SECONDARY,
            _Rates("Lee 2014", "94", "13", "2 (1-12)"), _Rates("CTCAE", "87", "31", "4")),
    *_study("axi-cel", (LBCL,), "CIBMTR registry, n=533", REVIEW, SECONDARY,
            _Rates("ASTCT", "82", "9"), _Rates("ASTCT", "58", "19")),
    *_study("axi-cel", (FL,), "ZUMA-5, n=146", YESCARTA_SITE, SECONDARY, _Rates("Lee 2014", "84", "8", "4 (1-20)")),
    *_study("brexu-cel", (MCL, ALL), "trials in MCL and B-ALL, n=182", TECARTUS, SOURCE_READ,
            _Rates("Lee 2014", "91", "20", "3 (1-13)"), _Rates("as reported", "69", "32", "7 (1-262)")),
    *_study("brexu-cel", (MCL,), "CIBMTR registry, n=476", BREXU_REGISTRY, SOURCE_READ,
            _Rates("ASTCT", "89", "11", "5 (1-46)"), _Rates("ASTCT", "62", "30", "7 (1-31)")),
    *_study("liso-cel", (LBCL,), "LBCL after one line", BREYANZI, SOURCE_READ,
            _Rates("Lee 2014", "45", "1", "4 (1-63)"), _Rates("as reported", "18", "5", "8 (1-63)")),
    *_study("liso-cel", (LBCL,), "LBCL after two or more lines", BREYANZI, SOURCE_READ,
            _Rates("Lee 2014", "38", "2", "4 (1-14)"), _Rates("as reported", "26", "10", "9 (1-66)")),
    *_study("liso-cel", (FL,), "FL", BREYANZI, SOURCE_READ,
            _Rates("Lee 2014", "58", "0.8", "6 (1-17)"), _Rates("as reported", "16", "3", "8 (4-16)")),
    *_study("liso-cel", (MCL,), "MCL", BREYANZI, SOURCE_READ,
            _Rates("Lee 2014", "61", "1", "4 (1-10)"), _Rates("as reported", "31", "9", "8 (1-25)")),
    *_study("liso-cel", (CLL,), "TRANSCEND CLL 004, n=117", SIDDIQI, SOURCE_READ,
            _Rates("Lee 2014", "85", "9", "4 (1-7)", "quartiles"),
            _Rates("CTCAE", "45", "19", "7 (4-11)", "quartiles")),
    *_study("ide-cel", (MM,), "KarMMa, n=127", ABECMA_SITE, SECONDARY,
            _Rates("Lee 2014", "85", "9", "1 (1-23)"), _Rates("CTCAE", "28", "4", "2 (1-42)")),
    *_study("cilta-cel", (MM,), "CARTITUDE-1, n=97", BERDEJA, SECONDARY,
            _Rates("ASTCT", "95", "4", "7 (5-8)", "quartiles")),
    *_study("cilta-cel", (MM,), "US standard of care, n=236", US_CILTA, SOURCE_READ,
            _Rates("ASTCT", "75", "5"), _Rates("ASTCT", "14", "4")),
    *_study("obe-cel", (ALL,), "FELIX, n=100, days from the first of two infusions", AUCATZYL_SITE, SECONDARY,
            _Rates("ASTCT", "75", "3", "8 (1-23)")),
    *_study("tisa-cel", (ALL,), "CIBMTR registry, under 3 years, n=54", TISA_REGISTRY, SOURCE_READ,
            _Rates("ASTCT", "61.1", "7.4", "6 (1-11)"), _Rates("ASTCT", "13.0", "9.3", "6"), ages=(None, 2)),
    *_study("tisa-cel", (ALL,), "CIBMTR registry, under 18 years, n=494", TISA_REGISTRY, SOURCE_READ,
            _Rates("ASTCT", "55.3", "16.0", "5 (1-24)"), _Rates("ASTCT", "22.1", "9.1", "7"), ages=(None, 17)),
    *_study("tisa-cel", (ALL,), "CIBMTR registry, 18 years or more, n=209", TISA_REGISTRY, SOURCE_READ,
            _Rates("ASTCT", "62.7", "17.2", "5"), _Rates("ASTCT", "22.5", "8.6", "8"), ages=(18, None)),
)  # fmt: skip
OTHERS = (
    RiskFact("product", "HLH/MAS", "B-ALL", KYMRIAH, "6 %", SECONDARY, ("tisa-cel",), (ALL,)),
    RiskFact("product", "HLH/MAS", "LBCL", KYMRIAH, "2 %", SECONDARY, ("tisa-cel",), (LBCL,)),
    RiskFact("product", "IEC-HS", "ide-cel", MM_CONSORTIUM, "2.9 %", products=("ide-cel",), diseases=(MM,)),
    RiskFact("product", "IEC-HS", "cilta-cel", MM_CONSORTIUM, "6.7 %", products=("cilta-cel",), diseases=(MM,)),
    RiskFact("disease", "median day on which IEC-HS began (range)", "BCMA CAR-T cells", MM_CONSORTIUM, "9.5 (2-37)",
             diseases=(MM,)),
    RiskFact("disease", "CRS and ICANS are more frequent than in lymphoma", "ALL and lymphoma", FACTORS,
             diseases=(ALL,)),
    RiskFact("disease", "ICAHT of grade 3 or more", "MCL", ICAHT, "28 %", diseases=(MCL,)),
    RiskFact("disease", "ICAHT of grade 3 or more", "LBCL", ICAHT, "23 %", diseases=(LBCL,)),
    RiskFact("disease", "ICAHT of grade 3 or more", "myeloma", ICAHT, "15 %", diseases=(MM,)),
    RiskFact("disease", "ICAHT of grade 3 or more", "children and young adults with B-ALL", NAIR, "53 %",
             diseases=(ALL,)),
    RiskFact("age", "hazard ratio of ICANS above 64 years (95 % interval); CRS and survival did not differ by age",
             "LBCL, n=1916", OLDER, "1.65 (1.33-2.1)", diseases=(LBCL,), ages=(65, None)),
    RiskFact("age", "no more severe CRS or neurotoxicity than in younger patients: sources disagree on age and ICANS",
             "LBCL, 70 years or more", MATCHED, diseases=(LBCL,), ages=(70, None)),
    RiskFact("age", "slight confusion or a change of behaviour is already a depressed level of consciousness: compare "
             "with how the patient was before, and with ICE before the infusion", "any, since 2019", MANUAL,
             ages=(65, None)),
    RiskFact("marrow_blasts", "a high marrow burden went with CRS, independently", "ALL, NHL and CLL, n=133", HAY),
    RiskFact("marrow_blasts", "a high burden went with severe neurotoxicity", "adults with ALL, n=53", SANTOMASSO,
             diseases=(ALL,), ages=(18, None)),
    RiskFact("marrow_blasts", "CRS of grade 3 or more, low and high burden", "FELIX", FELIX, "2 %, 3 %", SECONDARY,
             products=("obe-cel",), diseases=(ALL,)),
    RiskFact("marrow_blasts", "ICANS of grade 3 or more, low and high burden", "FELIX", FELIX, "4 %, 9 %", SECONDARY,
             products=("obe-cel",), diseases=(ALL,)),
    RiskFact("marrow_blasts", "marrow burden went with CRS, independently", "myeloma, n=54", MM_BURDEN, diseases=(MM,)),
    RiskFact("cell_dose", "a higher dose went with CRS, independently", "ALL, NHL and CLL, n=133", HAY),
    RiskFact("expansion", "a higher peak of CAR-T cells went with severe neurotoxicity", "adults with ALL, n=53",
             SANTOMASSO, diseases=(ALL,), ages=(18, None)),
    RiskFact("expansion", "a high peak of CAR-T cells went with CRS and ICANS", "several", FACTORS),
    RiskFact("early_fever", "CRS that begins early, or is severe, went with ICANS", "several", NEUROTOXICITY),
    RiskFact("early_fever", "median days from CRS to ICANS (quartiles)", "patients in intensive care, n=84", ICU,
             "3 (2-4)"),
)  # fmt: skip
RISK_FACTS = (*RATES, *OTHERS)
