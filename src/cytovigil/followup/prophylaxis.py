"""Prophylaxis against infection, when to start and to stop by each source; irradiated blood products."""

from cytovigil.followup import sources
from cytovigil.followup.fields import (
    CD4_STOP,
    COTRIMOXAZOLE,
    HBV,
    MONTHS,
    NEUTROPHILS,
    STEROID,
    STEROID_5,
)
from cytovigil.followup.items import Bound, Decide, Item, Opinion, Span, Until
from cytovigil.logic.conditions import Condition
from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, Citation
from cytovigil.model.vocabulary import drugs_of

TWO_WEEKS = Span(days=14)
CHARTED = "done while a dose of the last 35 days is charted: our reading"


def _until(
    source: Citation, says: str, stop: Condition, weigh: Condition | None = None, status: str = SOURCE_READ
) -> Opinion:
    """Continue until a source lets stop; in between it may leave the choice."""
    between: tuple[tuple[str, Condition], ...] = (("weigh", weigh),) if weigh is not None else ()
    return Opinion(source, says, (("may_stop", stop), *between), "continue", status)  # type: ignore[arg-type]


ANTIVIRAL = Item(
    "antiviral",
    "prophylaxis",
    "valaciclovir 500 mg or aciclovir 800 mg twice a day",
    "from lymphodepletion, for 6 to 18 months by source",
    sources.EHA_EBMT,
    Decide(
        Span(),
        (
            _until(
                sources.EHA_EBMT, "1 year and/or CD4 above 200/µL", (MONTHS >= 12) & CD4_STOP, (MONTHS >= 12) | CD4_STOP
            ),
            _until(
                sources.ASH_TABLE,
                "12 to 18 months and CD4 above 200/µL",
                (MONTHS >= 18) & CD4_STOP,
                (MONTHS >= 12) & CD4_STOP,
            ),
            _until(sources.BAIRD_2021, "18 months or more, or 6 months after the last episode", MONTHS >= 18),
            _until(sources.BLOOD_TABLE, "6 months or more", MONTHS >= 6),
            _until(
                sources.NCCN,
                "against zoster 6 to 12 months or more; against herpes simplex during treatment",
                MONTHS >= 12,
                MONTHS >= 6,
                SECONDARY,
            ),
        ),
        ("continue",),
        TWO_WEEKS,
        drugs_of("antiviral")[:2],
        cautious=True,
    ),
    note="zoster came until 18 months in patients who had stopped early (Baird 2021); " + CHARTED,
)
PNEUMOCYSTIS = Item(
    "pneumocystis",
    "prophylaxis",
    "against Pneumocystis: cotrimoxazole, else pentamidine 300 mg inhaled monthly, dapsone 100 mg or atovaquone "
    "1500 mg a day",
    "from day 28 to 30 at the latest, for 6 to 18 months by source",
    sources.EHA_EBMT,
    Decide(
        Span(days=28),
        (
            _until(
                sources.EHA_EBMT,
                "1 year and/or CD4 above 200/µL; can be started later",
                (MONTHS >= 12) & CD4_STOP,
                (MONTHS >= 12) | CD4_STOP,
            ),
            _until(sources.ASH_TABLE, "12 to 18 months", MONTHS >= 18, MONTHS >= 12),
            _until(
                sources.BAIRD_2021,
                "atovaquone 1500 mg a day from day 14, cotrimoxazole 80 to 400 mg a day after day 28 without cytopenia "
                "of grade 3; 18 months",
                MONTHS >= 18,
            ),
            _until(sources.BLOOD_TABLE, "from day 30, 6 to 12 months", MONTHS >= 12, MONTHS >= 6),
            _until(
                sources.UMCG,
                "cotrimoxazole 960 mg twice a day for 2 weeks before conditioning; again after recovery, at "
                "the latest day 28, 960 mg twice a day on Saturday and Sunday; 12 months",
                MONTHS >= 12,
            ),
            Opinion(sources.NCCN, "intermediate risk: consider", (), "consider", SECONDARY, "It has no end."),
        ),
        ("continue",),
        TWO_WEEKS,
        drugs_of("pneumocystis"),
        cautious=True,
    ),
    note="Pneumocystis came until 18 months in patients who had stopped early (Baird 2021); " + CHARTED,
)
COTRIMOXAZOLE_CYTOPENIA = Item(
    "cotrimoxazole-cytopenia",
    "prophylaxis",
    "cotrimoxazole with low neutrophils: look at both together",
    "while both are there",
    sources.EHA_EBMT,
    Decide(
        Span(),
        (
            Opinion(
                sources.EHA_EBMT,
                "it suppresses the marrow, and can be started later; the alternatives do not wait",
                (("act", COTRIMOXAZOLE & (NEUTROPHILS <= 2)),),
                "not",
                OUR_READING,
                "1500/µL, where late ICAHT begins, is our reading.",
            ),
        ),
        ("act",),
        TWO_WEEKS,
    ),
    status=OUR_READING,
)


def _neutropenia(source: Citation, says: str, status: str = SOURCE_READ) -> Opinion:
    """Consider it while neutrophils are low."""
    return Opinion(source, says, (("consider", NEUTROPHILS <= 0),), "not", status)


def _in_neutropenia(drugs: str, what: str, *opinions: Opinion) -> Item:
    return Item(
        drugs,
        "prophylaxis",
        what,
        "while neutrophils are below 500/µL",
        sources.BLOOD_TABLE,
        Decide(Span(), opinions, ("give",), Span(days=7), drugs_of(drugs)),
        note=CHARTED,
    )


ANTIFUNGAL = _in_neutropenia(
    "antifungal",
    "fluconazole, or an azole against moulds",
    Opinion(
        sources.BLOOD_TABLE,
        "fluconazole 200 mg a day below 500/µL; against moulds after a transplantation, with corticosteroids "
        "for more than 3 days, or with neutropenia beyond day 28",
        (("give", NEUTROPHILS <= 0), ("give", STEROID)),
        "may_stop",
        note="Corticosteroids count whatever the neutrophils: our reading. A transplantation has no signal.",
    ),
    Opinion(
        sources.BAIRD_2021,
        "until above 1000/µL; fluconazole 400 mg with mucositis of grade 3 or more, posaconazole 300 mg a day after an "
        "earlier mould",
        (("weigh", NEUTROPHILS <= 1),),
        "may_stop",
    ),
    _neutropenia(sources.NCCN, "intermediate risk: consider during neutropenia", SECONDARY),
)
ANTIBACTERIAL = _in_neutropenia(
    "antibacterial",
    "levofloxacin 500 mg a day",
    Opinion(sources.BLOOD_TABLE, "below 500/µL", (("give", NEUTROPHILS <= 0),), "may_stop"),
    _neutropenia(sources.EHA_EBMT, "only with a high risk of infection"),
    _neutropenia(sources.NCCN, "consider a quinolone during neutropenia", SECONDARY),
)
CMV = Item(
    "cmv",
    "prophylaxis",
    "CMV PCR weekly while corticosteroids go on",
    "with corticosteroids for 5 days or more, until undetectable",
    sources.BAIRD_2021,
    Decide(
        Span(),
        (
            Opinion(
                sources.BAIRD_2021,
                "weekly PCR with corticosteroids for 5 days or more, until undetectable",
                (("act", STEROID_5),),
                "not",
            ),
        ),
        ("act",),
        Span(days=7),
    ),
    note="the record has no signal for CMV PCR; 5 of the last 14 days is our reading",
)
HEPATITIS_B = Item(
    "hepatitis-b",
    "prophylaxis",
    "entecavir 0.5 mg a day",
    "from before lymphodepletion, 12 months or more",
    sources.SUPPORTIVE,
    Decide(
        Span(),
        (
            _until(
                sources.SUPPORTIVE,
                "12 months or more (or CD4 above 200/µL)",
                (MONTHS >= 12) & CD4_STOP,
                (MONTHS >= 12) | CD4_STOP,
            ),
            _until(
                sources.NCCN,
                "entecavir or tenofovir for 6 to 12 months or more after treatment against B cells",
                MONTHS >= 12,
                MONTHS >= 6,
                SECONDARY,
            ),
        ),
        ("continue",),
        TWO_WEEKS,
        ("entecavir",),
        cautious=True,
    ),
    to=HBV,
    note=CHARTED,
)
IRRADIATED = Item(
    "irradiated",
    "transfusion",
    "irradiated blood products only",
    "from 7 days before leukapheresis; the latest end counts",
    sources.NL_TRANSFUSION,
    Until(
        (
            Bound(sources.EHA_EBMT, "infusion", Span(days=90), "90 days or more after infusion"),
            Bound(
                sources.NL_TRANSFUSION,
                "fludarabine",
                Span(months=6),
                "6 months after the last fludarabine, or another drug that depletes T cells",
                nation="NL",
            ),
            Bound(
                sources.NHSBT_2014,
                "fludarabine",
                None,
                "after purine analogues probably safer without end",
                nation="GB",
            ),
        )
    ),
    open_question="BSH 2020 on CAR-T cells: text not read",
    note="without a charted dose of fludarabine of this lymphodepletion its last day is taken to be that of the "
    "infusion: our reading",
)
ITEMS = (ANTIVIRAL, PNEUMOCYSTIS, COTRIMOXAZOLE_CYTOPENIA, ANTIFUNGAL, ANTIBACTERIAL, HEPATITIS_B, CMV, IRRADIATED)
