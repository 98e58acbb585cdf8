"""Late effects, daily life and registries: what is asked for years, and for life."""

from cytovigil.followup import sources
from cytovigil.followup.fields import CHILD, LATE_NEUROTOXICITY, OLDER, PRODUCT, SECOND_MALIGNANCY, TARGET
from cytovigil.followup.items import Ask, Bound, Decide, Drive, Item, Opinion, Phase, Repeat, Span, Until
from cytovigil.logic.ladder import OUR_READING, SECONDARY

TWO_WEEKS = Span(days=14)
A_LIFETIME = 100  # years


def _yearly(first: int, last: int) -> tuple[Span, ...]:
    return tuple(Span(months=12 * year) for year in range(first, last + 1))


LIFELONG = _yearly(1, A_LIFETIME)
_NEUROLOGY = ("tremor", "motor_weakness", "other_neurotoxicity", "ice", "capd")

NEUROPSYCHIATRIC = Item(
    "neuropsychiatric",
    "late",
    "neurological and psychiatric review: gait, tremor, handwriting, memory, mood",
    "monthly from day 30; imaging and tests on symptoms",
    sources.CHAKRABORTY_2021,
    Repeat(
        (Phase(Span(days=30), Span(months=1)), Phase(Span(months=12), Span(months=12))),
        _NEUROLOGY,
        Span(days=30),
        any_of=True,
    ),
    note="the source gives no end: yearly after 1 year is our reading; a charted tremor, weakness, ICE or finding "
    "makes it done",
)
MOVEMENT = Item(
    "movement",
    "late",
    "movement and nerves after BCMA products: gait, tremor, facial expression, facial palsy",
    "weeks to months, also beyond day 100",
    sources.COHEN_2022,
    Repeat(
        (
            Phase(Span(days=14), Span(days=14)),
            Phase(Span(days=100), Span(months=1)),
            Phase(Span(months=12), Span(months=12)),
        ),
        ("tremor", "other_neurotoxicity"),
        Span(days=30),
        any_of=True,
    ),
    to=TARGET.one_of("BCMA"),
    note="not ICANS, and never graded as such; the intervals are our reading, the source says beyond day 100",
    status=OUR_READING,
)
LATE_FINDING = Item(
    "late-neurotoxicity",
    "late",
    "a late neurological finding: assess it as an event of its own, not as ICANS",
    "months to years",
    sources.COHEN_2022,
    Decide(
        Span(),
        (
            Opinion(
                sources.COHEN_2022,
                "movement, cognition or nerves: examine, image, think of infection and relapse",
                (("act", LATE_NEUROTOXICITY),),
                "not",
                OUR_READING,
            ),
        ),
        ("act",),
        TWO_WEEKS,
    ),
    note="reported after cilta-cel: parkinsonism at day 81, facial palsy at day 91; others had a palsy of a cranial "
    "nerve at about 3 weeks",
    status=OUR_READING,
)
COGNITION = Item(
    "cognition",
    "late",
    "cognition and independence of older patients",
    "yearly, from 65 years",
    sources.OURS,
    Ask(LIFELONG),
    to=OLDER,
    status=OUR_READING,
)
IMMUNE_RELATED = Item(
    "immune-related",
    "late",
    "immune-related effects, such as pneumonitis and colitis",
    "monthly to 1 year, then every 6 months",
    sources.CHAKRABORTY_2021,
    Ask((*(Span(months=n) for n in range(1, 13)), *(Span(months=6 * n) for n in range(3, 2 * A_LIFETIME)))),
)
SECOND_CANCER = Item(
    "second-malignancy",
    "late",
    "second malignancy: screening by age and sex, counts; T-cell lymphoma",
    "for life",
    sources.LABELS,
    Ask(LIFELONG),
    note="PRAC 2024: weeks to several years after infusion; the boxed warning in the US names haematological "
    "malignancies",
)
SECOND_CANCER_FOUND = Item(
    "second-malignancy-found",
    "late",
    "a second malignancy: report it, keep a sample, have it tested for the transgene",
    "at once",
    sources.LABELS,
    Decide(
        Span(),
        (
            Opinion(
                sources.LABELS,
                "report to the company and the authority, keep a sample",
                (("act", SECOND_MALIGNANCY),),
                "not",
            ),
        ),
        ("act",),
        TWO_WEEKS,
    ),
)
GROWTH = Item(
    "growth",
    "late",
    "growth, hormones and heart of children, by earlier treatment",
    "yearly",
    sources.HCT_LATE,
    Ask(LIFELONG),
    to=CHILD,
    note="by guidelines for transplantation: none was specific to CAR-T cells",
)
FERTILITY = Item(
    "fertility",
    "daily",
    "fertility, contraception, wish for a child",
    "yearly; no label gives a duration",
    sources.LABELS,
    Ask(LIFELONG),
    status=OUR_READING,
    note="yearly is our reading; labels refer to those of fludarabine and cyclophosphamide; after a "
    "pregnancy IgG and B cells of the newborn",
)
TEMPERATURE = Item(
    "temperature",
    "daily",
    "temperature twice a day at home",
    "for 3 to 4 weeks",
    sources.LEAFLETS,
    Until((Bound(sources.LEAFLETS, "infusion", Span(days=28), "twice a day for 3 to 4 weeks", SECONDARY),)),
    to=PRODUCT.one_of("axi-cel", "brexu-cel"),
    status=SECONDARY,
    note="in the leaflets of Yescarta and Tecartus",
)
DONATION = Item(
    "donation",
    "daily",
    "never donate blood, organs, tissues or cells",
    "for life",
    sources.LEAFLETS,
    Until((Bound(sources.LEAFLETS, "infusion", None, "never donate", SECONDARY),)),
    status=SECONDARY,
)
DRIVING = Item(
    "driving",
    "daily",
    "no driving, no heavy machines",
    "by product, place and date of infusion, and while neurological events last",
    sources.DRIVING,
    Drive(),
)
REGISTRY = Item(
    "registry",
    "registry",
    "registry form",
    "day 100, 6 months, then yearly up to 15 years",
    sources.CIBMTR,
    Ask((Span(days=100), Span(months=6), *_yearly(1, 15))),
    note="15 years: FDA guidance of January 2020 (5 years or more of yearly examination, then questions), and the EU "
    "leaflet of Breyanzi; EBMT asks after delayed neurological events at 6 months and yearly",
)
ITEMS = (
    NEUROPSYCHIATRIC,
    MOVEMENT,
    LATE_FINDING,
    COGNITION,
    IMMUNE_RELATED,
    SECOND_CANCER,
    SECOND_CANCER_FOUND,
    GROWTH,
    FERTILITY,
    TEMPERATURE,
    DONATION,
    DRIVING,
    REGISTRY,
)
