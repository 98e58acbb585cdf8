"""Blood counts, CD4 and B cells: how often, until which result; and what late or lost counts ask for."""

from cytovigil.followup import sources
from cytovigil.followup.fields import (
    B_ALL,
    B_CELL_LOSS,
    CD4_STOP,
    COUNTS_NORMAL,
    LATE_CYTOPENIA,
    TARGET,
)
from cytovigil.followup.items import Decide, Item, Opinion, Phase, Repeat, Span
from cytovigil.logic.ladder import OUR_READING, UNVERIFIED

MONTH = Span(months=1)
TWO_WEEKS = Span(days=14)

COUNTS = Item(
    "counts",
    "blood",
    "blood count with differential",
    "at least every 30 days until normal, then at each visit",
    sources.CHAKRABORTY_2021,
    Repeat(
        (Phase(Span(days=30), Span(days=30)),),
        ("neutrophils", "platelets", "hemoglobin"),
        TWO_WEEKS,
        stop=COUNTS_NORMAL,
    ),
    note="normal is the laboratory's own limit on the row; without one the counts go on",
)
DELAYED_CYTOPENIA = Item(
    "delayed-cytopenia",
    "blood",
    "low counts beyond day 90 without an explanation: consider a marrow",
    "beyond day 90",
    sources.CHAKRABORTY_2021,
    Decide(
        Span(days=90),
        (
            Opinion(
                sources.CHAKRABORTY_2021,
                "low threshold for a marrow when cytopenia is not explained",
                (("act", LATE_CYTOPENIA),),
                "observe",
                OUR_READING,
                "The source has no number: counts of grade 3 are our reading.",
            ),
        ),
        ("act",),
        TWO_WEEKS,
        ("marrow_blasts", "haemophagocytosis"),
        after_finding=True,
    ),
    status=OUR_READING,
    note="a myeloid neoplasm after CAR-T cells came at a median of 16 months (EHA 2025, PF628)",
)
CD4 = Item(
    "cd4",
    "cells",
    "CD4 count",
    "monthly from day 30 until above 200/µL",
    sources.CHAKRABORTY_2021,
    Repeat((Phase(Span(days=30), MONTH),), ("cd4",), TWO_WEEKS, stop=CD4_STOP),
    note="Stanford: at 1 year, then every 3 to 6 months until lastingly above 200",
)
B_CELLS_ALL = Item(
    "b-cells-b-all",
    "cells",
    "B cells (CD19), as the effect of the cells: their return may be loss of effect",
    "monthly from day 28",
    sources.CINCINNATI,
    Repeat((Phase(Span(days=28), MONTH),), ("b_cells", "b_cells_percent"), TWO_WEEKS, any_of=True),
    to=B_ALL & TARGET.one_of("CD19"),
)
B_CELLS_OTHER = Item(
    "b-cells",
    "cells",
    "B cells (CD19), for vaccination and prophylaxis",
    "every 3 months from day 28",
    sources.B_CELL_SERIES,
    Repeat((Phase(Span(days=28), Span(months=3)),), ("b_cells", "b_cells_percent"), Span(months=1), any_of=True),
    to=~B_ALL,
    status=UNVERIFIED,
    note="of axi-cel, B cells were found in 58 % at 1 year in one series, in 40 % in another",
)
APLASIA_LOST = Item(
    "b-cell-aplasia-lost",
    "cells",
    "B cells are back: confirm, and discuss treatment against relapse",
    "from day 28; within 6 months of infusion the risk of relapse is raised",
    sources.CINCINNATI,
    Decide(
        Span(days=28),
        (
            Opinion(
                sources.CINCINNATI,
                "above 1 % of lymphocytes or 100/µL: repeat to confirm; confirmed, aplasia is lost, and within "
                "6 months that merits treatment",
                (("act", B_CELL_LOSS >= 1),),
                "observe",
                note="The trials of tisa-cel used another definition, which was not read.",
            ),
        ),
        ("act",),
        TWO_WEEKS,
    ),
    to=B_ALL & TARGET.one_of("CD19"),
)
ITEMS = (COUNTS, DELAYED_CYTOPENIA, CD4, B_CELLS_ALL, B_CELLS_OTHER, APLASIA_LOST)
