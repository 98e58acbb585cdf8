"""Vaccination after CAR-T cells: who says from when, and on which conditions. A vaccine is named by `text`."""

from cytovigil.followup import sources
from cytovigil.followup.fields import (
    B_CELLS_NOW,
    CD4_NOW,
    CD4_STOP,
    GOOD_RESPONSE,
    IG_MONTHS,
    IMMUNOSUPPRESSED,
    IMMUNOSUPPRESSED_YEAR,
    MONTHS,
    NEXT_THERAPY,
    NEXT_THERAPY_YEAR,
    SEASON,
    TRANSPLANT,
)
from cytovigil.followup.items import Decide, Item, Named, Opinion, Span
from cytovigil.logic.conditions import Condition
from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, Citation

QUARTER = Span(months=3)
GRID = "TID 2023, table 4: which dose falls in which month was lost in the copy that was read"
_IMMUNE = CD4_STOP & B_CELLS_NOW
_FREE = ~IMMUNOSUPPRESSED & ~NEXT_THERAPY
_RECOVERED = (MONTHS >= 12) & ~IMMUNOSUPPRESSED_YEAR & CD4_NOW & B_CELLS_NOW & ~TRANSPLANT


# What a polysaccharide vaccine is called; the formal name of a conjugate has "polysaccharide conjugate".
_POLYSACCHARIDE = (
    "ppsv", "ppv", "pneumovax", "pneumococcal polysac", "pneumokokken polysac", "pneumokokkenpolysac", "23 val",
)  # fmt: skip


def _says(source: Citation, says: str, give: Condition, status: str = SOURCE_READ, note: str = "") -> Opinion:
    return Opinion(source, says, (("give", give),), "wait", status, note)


KILLED = (
    _says(
        sources.HILL_SEO_2020,
        "6 months or more, 2 months or more since immunoglobulin, no antibody against B or plasma cells in 6 months, "
        "no immunosuppression",
        (MONTHS >= 6) & (IG_MONTHS >= 2) & _FREE,
    ),
    _says(
        sources.CONSENSUS_2023,
        "3 months or more with recovered immunity and no immunosuppression",
        (MONTHS >= 3) & _IMMUNE & ~IMMUNOSUPPRESSED,
        SECONDARY,
        "Recovered is CD4 above 200/µL and B cells above 20/µL, by a secondary source; it also names IgA of 6 mg/dL or "
        "more.",
    ),
    _says(
        sources.EXPERTS_2023,
        "beside recovered immunity: no intravenous immunoglobulin in 2 months, no antibody against CD19 or CD20 in "
        "6 months",
        (MONTHS >= 3) & _IMMUNE & (IG_MONTHS >= 2) & _FREE,
        SECONDARY,
        "It has no month and no count of its own: that it comes on top of the row of the consensus in the same table "
        "is our reading.",
    ),
    Opinion(
        sources.RIVM_2023,
        "3 months or more after chemotherapy",
        (),
        "refer",
        note="Of chemotherapy, not of CAR-T cells: it decides nothing here.",
    ),
)


def _killed(name: str, what: str, doses: int, named: Named) -> Item:
    return Item(
        f"vaccine-{name}",
        "vaccination",
        what,
        "from 3 or 6 months after infusion by source",
        sources.TID_2023,
        Decide(QUARTER, KILLED, ("give",), QUARTER, ("vaccine",), doses=doses, named=named),
        note="number of doses from TID 2023, table 3",
        open_question=GRID,
    )


INFLUENZA = Item(
    "vaccine-influenza",
    "vaccination",
    "influenza vaccine, inactivated",
    "each season, from 3 months after infusion",
    sources.ASH_VACCINES,
    Decide(
        QUARTER,
        (
            _says(
                sources.ASH_VACCINES,
                "3 months or more, in season, whatever the recovery",
                (MONTHS >= 3) & SEASON,
                note="October to March is our reading.",
            ),
            _says(sources.TID_2023, "6 months or more", (MONTHS >= 6) & SEASON),
        ),
        ("give",),
        Span(months=1),
        ("vaccine",),
        fresh=Span(months=8),
        named=Named(("influenza", "flu", "griep"), never=("haemophilus", "hib")),
        season_from=10,
    ),
)
SARS_COV_2 = Item(
    "vaccine-sars-cov-2",
    "vaccination",
    "vaccine against SARS-CoV-2, the series again",
    "from 3 months after infusion",
    sources.ASH_VACCINES,
    Decide(
        QUARTER,
        (
            _says(sources.ASH_VACCINES, "3 months or more, repeat the series", MONTHS >= 3),
            _says(sources.RIVM_2023, "8 months or more after depletion of B cells", MONTHS >= 8),
        ),
        ("give",),
        QUARTER,
        ("vaccine",),
        doses=3,
        named=Named(("sars", "covid", "corona")),
    ),
    note="3 doses or more: TID 2023, table 3",
)
LIVE = Item(
    "vaccine-live",
    "vaccination",
    "live vaccines (measles, mumps, rubella)",
    "not before 12 months after infusion",
    sources.HILL_SEO_2020,
    Decide(
        Span(months=12),
        (
            _says(
                sources.HILL_SEO_2020,
                "12 months or more, 8 months since immunoglobulin, 1 year without immunosuppression, 2 years after any "
                "transplantation, CD4 above 200/µL, B cells above 20/µL, proven response to a killed vaccine",
                _RECOVERED & (IG_MONTHS >= 8) & ~NEXT_THERAPY & GOOD_RESPONSE,
            ),
            _says(
                sources.EXPERTS_2023,
                "12 months or more, no intravenous immunoglobulin in 5 months",
                _RECOVERED & (IG_MONTHS >= 5) & ~NEXT_THERAPY,
            ),
            _says(
                sources.ASH_VACCINES,
                "the same, but 1 year after autologous and 2 years after allogeneic transplantation; no antibody "
                "against CD19 or BCMA in 12 months",
                _RECOVERED & (IG_MONTHS >= 8) & ~NEXT_THERAPY_YEAR,
            ),
            Opinion(
                sources.EBMT_HANDBOOK_29,
                "3, ideally 8 months after the last immunoglobulin; no live zoster vaccine; no "
                "schedule of its own after CAR-T cells",
                (),
                "refer",
            ),
            Opinion(sources.LABELS, "not until immunity has recovered", (), "refer"),
        ),
        ("give",),
        Span(months=6),
        ("vaccine",),
        doses=2,
        named=Named(("mmr", "bmr", "measles", "mazelen")),
    ),
    note="never before 12 months; sources disagree on immunoglobulin (8 or 5 months), and transplantation "
    "(1 or 2 years)",
)
ITEMS = (
    INFLUENZA,
    SARS_COV_2,
    _killed(
        "pneumococcal",
        "pneumococcal conjugate vaccine",
        3,
        Named(
            ("pcv", "pneumococcal", "pneumokok", "prevenar", "vaxneuvance", "apexxnar"),
            never=(*_POLYSACCHARIDE, "polysac"),
            sure=("pcv", "conjug", "geconjug"),
        ),
    ),
    _killed(
        "pneumococcal-23",
        "pneumococcal polysaccharide vaccine, 23 types",
        1,
        Named(_POLYSACCHARIDE, never=("conjug", "geconjug")),
    ),
    _killed("dtp", "diphtheria, tetanus, pertussis", 3, Named(("dtap", "dtp", "dktp", "tdap", "td"))),
    _killed("hepatitis-b", "hepatitis B vaccine", 3, Named(("hbv", "hepatitis b"))),
    _killed("hepatitis-a", "hepatitis A vaccine", 2, Named(("hav", "hepatitis a"))),
    _killed("hib", "Haemophilus influenzae type b vaccine", 3, Named(("hib", "haemophilus"))),
    _killed(
        "meningococcal",
        "meningococcal ACWY vaccine",
        2,
        Named(("menacwy", "meningo"), never=("bexsero", "trumenba", "meningococcal b", "meningokokken b", "menb")),
    ),
    _killed(
        "zoster",
        "recombinant zoster vaccine, where seropositive",
        2,
        Named(
            ("arzv", "rzv", "shingrix", "zoster"),
            never=("zostavax", "live", "levend"),
            sure=("arzv", "rzv", "shingrix", "recombinant", "niet levend", "non live"),
        ),
    ),
    LIVE,
)
