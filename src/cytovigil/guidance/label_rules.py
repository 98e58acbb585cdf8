"""What several labels say alike, each with the labels it was read in. Numbers stand as printed."""

from types import MappingProxyType

from cytovigil.guidance.label_records import (
    BREYANZI_GB,
    BREYANZI_LEAFLET,
    KYMRIAH_EU,
    KYMRIAH_US,
    TECARTUS_GB,
)
from cytovigil.guidance.labels import LabelRule
from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, Citation

TWO_SMPCS = Citation("Breyanzi, Tecartus", "Breyanzi GB SmPC 05/05/2026 and Tecartus GB SmPC 30/04/2026; Kymriah SmPC")
FOUR_LABELS = Citation("four labels", "Breyanzi GB SmPC, Tecartus GB SmPC, Kymriah US label 6/2025, Kymriah EMA SmPC")
TWO_KYMRIAH = Citation("Kymriah", "Kymriah US label 6/2025 and Kymriah EMA SmPC")
NO_TNF = Citation("Tecartus, Kymriah", "Tecartus GB SmPC 30/04/2026 and Kymriah EMA SmPC")
NO_PROPHYLAXIS = Citation("Breyanzi, Tecartus, Yescarta", "Breyanzi and Tecartus GB SmPC; Yescarta EU text")
YESCARTA_US = Citation("Yescarta US label", "Yescarta US dosage page of a portal, April 2024")
LEAFLETS = Citation("leaflets", "EU package leaflets of 2022: Yescarta, Abecma, Carvykti, Breyanzi, Tecartus")
CARVYKTI_EU = Citation("Carvykti EU", "Carvykti EU text, copy of a portal")
ODAC = Citation("FDA 2017", "FDA briefing on tisagenlecleucel, BLA 125646 (2017)", where="page 56")


def _numbers(**ends: tuple[float, float]) -> MappingProxyType[str, tuple[float, float]]:
    return MappingProxyType(ends)


_READ = MappingProxyType({("liso-cel", "GB"): SOURCE_READ, ("brexu-cel", "GB"): SOURCE_READ})
_KYMRIAH_COPIES = MappingProxyType({("tisa-cel", "US"): SECONDARY, ("tisa-cel", "EU"): SECONDARY})

LABEL_RULES: tuple[LabelRule, ...] = (
    LabelRule(
        "contraception", "contraception and pregnancy",
        "The labels give no duration of contraception: follow those of fludarabine and cyclophosphamide. Test for "
        "pregnancy before treatment; speak about a wish for children; in a newborn look at IgG and B cells.",
        TWO_SMPCS, note="a duration of 6 to 12 months, often quoted, stands in none of the labels read",
        read_in=_READ | {("tisa-cel", "EU"): SECONDARY},
    ),
    LabelRule(
        "live-vaccines", "live vaccines",
        "No live vaccine from at least 6 weeks before lymphodepletion until the immune system has recovered.",
        FOUR_LABELS, numbers=_numbers(weeks_before_lymphodepletion=(6, 6)), read_in=_READ | _KYMRIAH_COPIES,
    ),
    LabelRule(
        "gm-csf", "GM-CSF", "No GM-CSF in the first 3 weeks, or until CRS has resolved.",
        TWO_KYMRIAH, SECONDARY, ("tisa-cel",), ("US", "EU"), _numbers(weeks_after_infusion=(3, 3)),
    ),
    LabelRule(
        "tnf-antagonists", "TNF antagonists", "TNF antagonists are not recommended in CRS.",
        NO_TNF, SECONDARY, ("brexu-cel", "tisa-cel"), ("GB", "EU"),
        note="reviews name etanercept and infliximab as third line: that contradicts these labels",
    ),
    LabelRule(
        "secondary-malignancy", "second malignancy",
        "Watch for a second malignancy for life: T-cell malignancies came weeks to years later. Keep a sample, and "
        "call the company.",
        FOUR_LABELS, read_in=_READ | _KYMRIAH_COPIES,
    ),
    LabelRule(
        "registry", "registry", "Follow-up in a registry for at least 15 years.",
        BREYANZI_LEAFLET, SECONDARY, ("liso-cel",), ("EU",), _numbers(years=(15, 15)),
    ),
    LabelRule(
        "registry-tisa-cel", "registry", "The FDA required follow-up for 15 years.",
        ODAC, SECONDARY, ("tisa-cel",), ("US",), _numbers(years=(15, 15)),
    ),
    LabelRule(
        "premedication-brexu-cel", "premedication",
        "Paracetamol 500-1000 mg and diphenhydramine 12.5-25 mg, about 1 h before the infusion.",
        TECARTUS_GB, products=("brexu-cel",), jurisdictions=("GB",),
        numbers=_numbers(paracetamol_mg=(500, 1000), diphenhydramine_mg=(12.5, 25), minutes_before=(60, 60)),
    ),
    LabelRule(
        "premedication-liso-cel", "premedication",
        "Paracetamol and diphenhydramine 25-50 mg, 30-60 minutes before the infusion.",
        BREYANZI_GB, products=("liso-cel",), jurisdictions=("GB",),
        numbers=_numbers(diphenhydramine_mg=(25, 50), minutes_before=(30, 60)),
    ),
    LabelRule(
        "no-steroid-prophylaxis", "corticosteroid prophylaxis", "Corticosteroids before the infusion: not recommended.",
        NO_PROPHYLAXIS, SECONDARY, ("axi-cel", "brexu-cel", "liso-cel"), ("EU", "GB"),
        note="the US label of Yescarta lets them be considered: jurisdictions differ",
    ),
    LabelRule(
        "steroid-prophylaxis-axi-cel", "corticosteroid prophylaxis",
        "Prophylactic corticosteroids may be considered, after benefit and risk are weighed.",
        YESCARTA_US, SECONDARY, ("axi-cel",), ("US",), note="European labels do not recommend them",
    ),
    LabelRule(
        "viral-screening", "screening for viruses",
        "Screen for HIV, HBV and HCV before cells are collected; after an earlier HBV infection give antiviral "
        "prophylaxis.",
        BREYANZI_GB, products=("liso-cel",), jurisdictions=("GB",),
    ),
    LabelRule(
        "igg-brexu-cel", "IgG", "Replace IgG where infections recur, else as guidelines say.",
        TECARTUS_GB, products=("brexu-cel",), jurisdictions=("GB",), note="no label read gives a number of IgG",
    ),
    LabelRule(
        "igg", "IgG", "Replace IgG as guidelines say.",
        BREYANZI_GB, products=("liso-cel",), jurisdictions=("GB",), note="no label read gives a number of IgG",
    ),
    LabelRule(
        "igg-tisa-cel", "IgG", "Replace IgG as guidelines say.",
        KYMRIAH_EU, SECONDARY, ("tisa-cel",), ("EU",), note="no label read gives a number of IgG",
    ),
    LabelRule(
        "nucleic-acid-test", "HIV test", "A nucleic acid test for HIV may be falsely positive.",
        BREYANZI_GB, products=("liso-cel",), jurisdictions=("GB",),
    ),
    LabelRule(
        "anti-egfr", "anti-EGFR antibody", "An antibody against EGFR may shorten the life of the CAR-T cells.",
        BREYANZI_GB, products=("liso-cel",), jurisdictions=("GB",),
    ),
    LabelRule(
        "hlh-rate", "HLH", "HLH came in 6 % with leukaemia, and in 2 % with large B-cell lymphoma.",
        KYMRIAH_US, SECONDARY, ("tisa-cel",), ("US",), _numbers(all_percent=(6, 6), dlbcl_percent=(2, 2)),
    ),
    LabelRule(
        "infusion-delay", "when the infusion waits",
        "Active infection or inflammation; toxicity of lymphodepletion of grade 3 or worse, blood, nausea, vomiting, "
        "diarrhoea and constipation aside, until it is grade 1 or less; active graft-versus-host disease.",
        CARVYKTI_EU, SECONDARY, ("cilta-cel",), ("EU",), _numbers(waits_from_grade=(3, 3), until_grade=(1, 1)),
    ),
    LabelRule(
        "lymphodepletion-again", "lymphodepletion again",
        "Where the infusion is more than 2 weeks late, lymphodepletion may be repeated.",
        LEAFLETS, SECONDARY, ("axi-cel", "liso-cel"), ("EU",), _numbers(weeks=(2, 2)),
    ),
    LabelRule(
        "lymphodepletion-again-liso-cel", "lymphodepletion again",
        "Where the infusion is more than 2 weeks late, repeat lymphodepletion.",
        BREYANZI_GB, products=("liso-cel",), jurisdictions=("GB",), numbers=_numbers(weeks=(2, 2)),
    ),
    LabelRule(
        "lymphodepletion-again-tisa-cel", "lymphodepletion again",
        "Where the infusion is more than 4 weeks late and leukocytes are above 1 x 10*9/L, repeat lymphodepletion.",
        KYMRIAH_EU, SECONDARY, ("tisa-cel",), ("EU",), _numbers(weeks=(4, 4), leukocytes_per_ul=(1000, 1000)),
    ),
    LabelRule(
        "temperature", "temperature at home", "The patient takes the temperature twice a day for 3 to 4 weeks.",
        LEAFLETS, SECONDARY, ("axi-cel", "brexu-cel"), ("EU",), _numbers(times_a_day=(2, 2), weeks=(3, 4)),
    ),
    LabelRule(
        "donation", "donation", "Never again donate blood, organs, tissue or cells.",
        LEAFLETS, SECONDARY, jurisdictions=("EU",),
        note="read in four leaflets; for the others it is our reading",
    ),
    LabelRule(
        "vaccination-check", "vaccination", "Ask about vaccines of the last 6 weeks, and about those planned.",
        LEAFLETS, SECONDARY, jurisdictions=("EU",), numbers=_numbers(weeks_before=(6, 6)),
    ),
    LabelRule("missed-visit", "missed visit", "Who misses a visit calls at once.", LEAFLETS, SECONDARY, (), ("EU",)),
)  # fmt: skip
