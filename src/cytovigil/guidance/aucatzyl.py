"""Aucatzyl (obe-cel): what CRS after the first dose means for the second, as a page on its US label prints it."""

from functools import partial

from cytovigil.guidance.fields import ASTCT, FIRST_3_WEEKS, HAD_CRS_3, crs_by
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import SECONDARY, Citation

AUCATZYL_PAGE = Citation("Aucatzyl", "Aucatzyl US label, dosage page of March 2025")
CRS = crs_by(ASTCT).grade
_row = partial(Recommendation, status=SECONDARY)

AUCATZYL = Protocol(
    "aucatzyl", "1", "Aucatzyl label", AUCATZYL_PAGE, "partial",
    recommendations=(
        _row("second-dose-postpone", "avoid", "second dose", CRS.one_of(2) & ~HAD_CRS_3 & FIRST_3_WEEKS,
             "postpone the second dose until CRS is of grade 1 or less, to day 21 at the latest", "consider",
             note="Day 1 is that of the first dose: day 21 ends 3 weeks after it, our reading."),
        _row("second-dose-not", "avoid", "second dose", HAD_CRS_3 & FIRST_3_WEEKS, "the second dose", "do not give",
             note="CRS of grade 3 or more since the first dose."),
    ),
    open_questions=(
        "which steps for which grade of CRS and of neurotoxicity", "what neurotoxicity means for the second dose",
    ),
    products=("obe-cel",), jurisdiction="US", scale=ASTCT,
    notes=(
        "The second dose is planned for day 10, 2 days earlier or later. That this infusion is the first of the two is "
        "not looked at.",
        "By which scale the label grades CRS was not read: ASTCT 2019 is our reading.",
    ),
)  # fmt: skip
