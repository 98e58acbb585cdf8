"""IgG: how often, and every published threshold of substitution side by side, because they disagree."""

from cytovigil.followup import sources
from cytovigil.followup.fields import (
    ANTIMICROBIALS_FAILED,
    ANY_INFECTION,
    CLL,
    IGG,
    IGG_STOP,
    INFECTION,
    LOW_OTHER_IG,
    MONTHS,
    POOR_RESPONSE,
    PRODUCT,
    RECURRENT,
)
from cytovigil.followup.items import Decide, Item, Opinion, Phase, Repeat, Span
from cytovigil.logic.ladder import SECONDARY

TWO_WEEKS = Span(days=14)
_AT_MOST_4, _BELOW_4 = IGG <= 3, IGG <= 2
_EARLY = MONTHS <= 2

IGG_LEVEL = Item(
    "igg",
    "antibodies",
    "IgG",
    "monthly from day 30 until above 400 mg/dL (4 g/L)",
    sources.CHAKRABORTY_2021,
    Repeat((Phase(Span(days=30), Span(months=1)),), ("igg",), TWO_WEEKS, stop=IGG_STOP),
    note="Hill 2019: before the cells, then monthly for 3 months or more; Stanford and the Blood table, without "
    "symptoms: day 28 to 30, then every 3 to 6 months until above 400; a sample within 30 days "
    "after immunoglobulin is not of one's own",
)
THRESHOLDS = (
    Opinion(
        sources.HILL_2019,
        "400 mg/dL or less: give until 3 months; later only with serious, persistent or recurrent bacterial infection; "
        "400 to 600 with serious recurrent infection, or above 600 with a poor vaccine response: consider",
        (
            ("give", _AT_MOST_4 & (_EARLY | RECURRENT)),
            ("consider", (IGG >= 4) & (IGG <= 5) & RECURRENT),
            ("consider", (IGG >= 6) & RECURRENT & POOR_RESPONSE),
        ),
        "not",
        SECONDARY,
        "Above 600 only with infections is our reading: else a vaccine response would be asked of everybody.",
    ),
    Opinion(
        sources.ASH_TABLE,
        "400 mg/dL or less: 400 to 500 mg/kg intravenously, check every 4 weeks",
        (("give", _AT_MOST_4),),
        "not",
    ),
    Opinion(
        sources.BAIRD_2021,
        "below 400 mg/dL with sinopulmonary infection: 0.5 g/kg, judged again monthly",
        (("give", _BELOW_4 & INFECTION), ("observe", _BELOW_4)),
        "not",
    ),
    Opinion(
        sources.BLOOD_TABLE,
        "below 400 mg/dL with recurrent sinopulmonary infection: 0.5 g/kg intravenously",
        (("give", _BELOW_4 & INFECTION & RECURRENT), ("observe", _BELOW_4)),
        "not",
    ),
    Opinion(
        sources.AAAAI_2022,
        "below 150 mg/dL; below 400 with recurrent infection; below 700 with infection, low IgA or IgM and a poor "
        "vaccine response",
        (
            ("give", IGG <= 0),
            ("give", _BELOW_4 & RECURRENT),
            ("give", (IGG <= 6) & ANY_INFECTION & LOW_OTHER_IG & POOR_RESPONSE),
        ),
        "not",
    ),
    Opinion(
        sources.ASBMT,
        "not without recurrent infection, whatever the IgG",
        (("consider", RECURRENT),),
        "not",
        note="With recurrent infection it gives no number.",
    ),
    Opinion(
        sources.UK_IG,
        "recurrent or severe infection with encapsulated bacteria and IgG below 500 mg/dL",
        (("give", (IGG <= 4) & RECURRENT & INFECTION),),
        "not",
    ),
    Opinion(
        sources.EU_IG_LABEL,
        "severe or recurrent infection, antimicrobial treatment without effect, and proven antibody failure or IgG "
        "below 4 g/L; intravenously 0.2 to 0.4 g/kg every 3 to 4 weeks, subcutaneously 0.2 to 0.5 g/kg to begin with, "
        "then 0.4 to 0.8 g/kg a month",
        (("give", RECURRENT & ANTIMICROBIALS_FAILED & (POOR_RESPONSE | _BELOW_4)),),
        "not",
        note="Antibody failure: titres that do not at least double after pneumococcal vaccines. Subcutaneously the "
        "trough is 5 to 6 g/L or more.",
    ),
    Opinion(
        sources.NTVH_2015,
        "in CLL: recurrent severe respiratory infection and IgG below 3 g/L",
        (("give", CLL & (IGG <= 1) & RECURRENT & INFECTION),),
        "not",
    ),
    Opinion(
        sources.TECARTUS_GB,
        "brexu-cel: with recurrent infection; else by guideline",
        (("give", PRODUCT.one_of("brexu-cel") & RECURRENT),),
        "refer",
        note="No label has a number.",
    ),
)
SUBSTITUTION = Item(
    "igg-substitution",
    "antibodies",
    "immunoglobulin",
    "while a source gives it",
    sources.HILL_2019,
    Decide(Span(), THRESHOLDS, ("give", "consider"), TWO_WEEKS, ("immunoglobulin",)),
    status=SECONDARY,
    note="in children subcutaneous immunoglobulin aimed at an IgG above 1000 mg/dL (Arnold 2020)",
    open_question="EBMT/EHA 2022: the line on IgG of adults and children was not read",
)
SUBCLASSES = Item(
    "igg-subclasses",
    "antibodies",
    "IgG and its subclasses, because of infections",
    "with an infection, even where IgG is above 400 mg/dL",
    sources.CHAKRABORTY_2021,
    Decide(
        Span(days=30),
        (
            Opinion(
                sources.CHAKRABORTY_2021,
                "subclasses where infections come in spite of an IgG above 400 mg/dL",
                (("act", ANY_INFECTION & IGG_STOP),),
                "observe",
            ),
        ),
        ("act",),
        TWO_WEEKS,
        ("igg",),
        after_finding=True,
    ),
    note="a new IgG after the infection makes it done: the record has no signal for subclasses",
)
ITEMS = (IGG_LEVEL, SUBSTITUTION, SUBCLASSES)
