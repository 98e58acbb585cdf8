"""Sources that were not read, and labels that refer to guidelines: empty, with what is open."""

from datetime import date

from cytovigil.logic.guidance import Coverage, Protocol
from cytovigil.logic.ladder import Citation

_TABLES = "which steps for which grade of CRS and of neurotoxicity"


def _empty(
    name: str, title: str, source: Citation, question: str, products: tuple[str, ...] = (), jurisdiction: str = "",
    since: date | None = None, coverage: Coverage = "not_read", note: str = "",
) -> Protocol:  # fmt: skip
    return Protocol(
        name, "1", title, source, coverage, open_questions=(question,), products=products, jurisdiction=jurisdiction,
        since=since, notes=(note,) if note else (),
    )  # fmt: skip


_HAYDEN = Citation("Hayden 2022", "Hayden PJ et al. Ann Oncol 2022;33:259-275 (EBMT/EHA)")
_MAUS = Citation("Maus 2020", "Maus MV et al. J Immunother Cancer 2020;8:e001511 (SITC)", "10.1136/jitc-2020-001511")
_NCCN = Citation("NCCN", "NCCN guideline, Management of immunotherapy-related toxicities")
_ABECMA = Citation("Abecma", "Abecma label")
_CARVYKTI = Citation("Carvykti", "Carvykti label")
_YESCARTA = Citation("Yescarta", "Yescarta label")
_TECARTUS = Citation("Tecartus SmPC", "Tecartus GB SmPC, text revised 30/04/2026", where="section 4.4")
_KYMRIAH_EU = Citation("Kymriah SmPC", "Kymriah EMA SmPC, current text", where="section 4.4")

NOT_READ = (
    _empty("ebmt-eha-2022", "EBMT/EHA recommendations 2022", _HAYDEN, _TABLES, since=date(2022, 1, 1),
           note="Only the abstract was read."),
    _empty("sitc-2020", "SITC guideline 2020", _MAUS, _TABLES, since=date(2020, 1, 1),
           note="Only the beginning was read, without the tables."),
    _empty("nccn", "NCCN guideline", _NCCN, _TABLES),
    _empty("abecma", "Abecma label", _ABECMA, _TABLES, ("ide-cel",)),
    _empty("carvykti", "Carvykti label", _CARVYKTI, _TABLES, ("cilta-cel",),
           note="Read elsewhere, in information of the company: from CRS of grade 2 on continuous telemetry and "
                "oximetry; levetiracetam considered in CRS."),
    _empty("yescarta", "Yescarta label", _YESCARTA,
           "the current text: whether it has steps by grade, as older versions had, or refers to guidelines",
           ("axi-cel",)),
    _empty("tecartus-gb-2026-04", "Tecartus label, Great Britain, April 2026", _TECARTUS,
           "which guideline the centre follows", ("brexu-cel",), "GB", date(2026, 4, 30), "refers_to_guidelines",
           "TNF antagonists are not recommended in CRS; severe or unresponsive CRS: look for HLH/MAS; no "
           "corticosteroid as prophylaxis before the infusion."),
    _empty("kymriah-eu", "Kymriah label, European Union", _KYMRIAH_EU, "which guideline the centre follows",
           ("tisa-cel",), "EU", None, "refers_to_guidelines",
           "TNF antagonists are not recommended in CRS; no GM-CSF in the first 3 weeks or until CRS has resolved."),
)  # fmt: skip
