"""ICAHT, neutropenia after CAR-T cells: the EHA/EBMT consensus, and the program that was published for it.

A step of neutrophils is one cell per microlitre.
"""

from dataclasses import replace

from cytovigil.logic.conditions import Field
from cytovigil.logic.counts import Counting, CountOf, Threshold, Window
from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, Citation, Ladder, Rung
from cytovigil.logic.scale import CumulativeCourse, Scale
from cytovigil.rules.citations import LIANG_2024, REJESKI_2023
from cytovigil.rules.count_fields import UNREAD, class_field, confirmed_field, days_field

EARLY = Window(0, 30)
LATE = Window(31, 100, ended_by=("next_therapy_date", "progression_date"))
_CONSENSUS = Counting("neutrophils", EARLY, thresholds=(Threshold(500), Threshold(100)), unread_open=True)
_PROGRAM = replace(_CONSENSUS, unfilled="never", rounding=10, end_joins=True, unread_open=False)
_LATE = Counting(
    "neutrophils",
    LATE,
    thresholds=(Threshold(1500), Threshold(1000), Threshold(500), Threshold(100)),
    carried=False,
    unfilled="never",
    unread_open=True,
)
_PROGRAM_LATE = replace(_LATE, unread_open=False)

EQUALITY = "a count of exactly 500/µL is neutropenia here; registries (CIBMTR) count it as recovered: never mix the two"
AS_MEASURED = "counts are graded as measured: days after growth factor stand beside the grade, in table cytopenia"
BY_DAY = "the lowest count of a calendar day at the site counts; day 0 is the day of infusion"


def _early(counting: Counting, source: Citation, status: str, unfilled: str) -> tuple[Ladder, Ladder]:
    days_500 = days_field("days_500", "neutrophils at or below 500/µL", counting, 0)
    days_100 = days_field("days_100", "neutrophils at or below 100/µL", counting, 1)
    never = Field(
        "never_recovered", "a run at or below 500/µL from day 0 to 3 until the end", (False, True), ("no", "yes"),
        "never_recovered", signals=("neutrophils",), detail=CountOf(counting, 0, begun_by=3),
    )  # fmt: skip
    joined = "runs less than 3 recovered days apart are one, with the days between; the longest run counts"
    first = Ladder(
        "neutrophils_500",
        "Neutrophils at or below 500/µL",
        source,
        (
            Rung(1, days_500 >= 1, "on 1 to 6 days", status, note=joined),
            Rung(2, days_500 >= 7, "on 7 to 13 days", status, note=unfilled),
            Rung(3, days_500 >= 14, "on 14 days or more", status),
            Rung(
                4,
                (days_500 >= 31) | never,
                "never above 500/µL, or not again until day 30, death or the end of follow-up",
                status,
                note="also a run that begins on day 0 to 3 and lasts to the end: read in the program; "
                "one that begins on day 4 is grade 3, whatever the program's text says",
            ),
        ),
    )
    second = Ladder(
        "neutrophils_100",
        "Neutrophils at or below 100/µL",
        source,
        (
            Rung(3, days_100 >= 7, "on 7 to 13 days", status),
            Rung(4, days_100 >= 14, "on 14 days or more", status),
        ),
    )
    return first, second


def _late(counting: Counting, source: Citation, status: str, note: str) -> Ladder:
    labels = ("100/µL or less", "500/µL or less", "1000/µL or less", "1500/µL or less", "above 1500/µL")
    lowest = class_field("lowest", "lowest neutrophil count", counting, labels, "lowest_count")
    confirmed = confirmed_field("two counts of 1500/µL or less, or one count in all", counting)
    says = ("1001 to 1500/µL", "501 to 1000/µL", "101 to 500/µL", "100/µL or less")
    rungs = (
        Rung(grade, (lowest <= 4 - grade) & confirmed, words, status, note=note if grade == 1 else "")
        for grade, words in enumerate(says, start=1)
    )
    return Ladder("nadir", "Lowest neutrophil count", source, tuple(rungs))


def _scale(
    scale_id: str,
    title: str,
    source: Citation,
    late: bool,
    domains: tuple[Ladder, ...],
    says: str,
    notes: tuple[str, ...] = (),
) -> Scale:
    return Scale(
        id=scale_id,
        version="1",
        title=title,
        source=source,
        course=CumulativeCourse(LATE if late else EARLY, provisional=not late, says=says),
        domains=domains,
        notes=(BY_DAY, EQUALITY, AS_MEASURED, *notes),
    )


_EARLY_SAYS = (
    "counts of day 0 to 30; until day 31, death, the end of follow-up or the next infusion the grade is provisional: "
    "from what has happened to what still can"
)
_LATE_SAYS = (
    "counts from day 31 to day 100, the next anticancer therapy, progression or the last follow-up, the last day "
    "included; without a count there is no grade"
)
_FILLED = (
    "up to 7 missing days in a row are filled on the line between two counts, at the ends with the nearest count; "
    "days of a longer gap "
)
ICAHT_EARLY_2023 = _scale(
    "icaht-early-2023",
    "ICAHT, early, EHA/EBMT 2023",
    REJESKI_2023,
    late=False,
    domains=_early(
        _CONSENSUS, REJESKI_2023, SECONDARY, _FILLED + "may be anything, so that the grade is a range: our reading"
    ),
    says=_EARLY_SAYS,
    notes=(UNREAD,),
)
ICAHT_EARLY_LIANG_2024 = _scale(
    "icaht-early-liang-2024",
    "ICAHT, early, as the program of Liang 2024 grades it",
    LIANG_2024,
    late=False,
    domains=_early(
        _PROGRAM,
        LIANG_2024,
        SOURCE_READ,
        _FILLED + "never count; all counts are rounded to 10/µL, so that 505 counts as 500; a recovery of fewer than "
        "3 days at the end is none",
    ),
    says=_EARLY_SAYS,
)
ICAHT_LATE_2023 = _scale(
    "icaht-late-2023",
    "ICAHT, late, EHA/EBMT 2023",
    REJESKI_2023,
    late=True,
    domains=(
        _late(
            _LATE,
            REJESKI_2023,
            SECONDARY,
            "that one more count must be low is read in the program; the footnote of the consensus table itself "
            "is unverified",
        ),
    ),
    says=_LATE_SAYS,
    notes=(UNREAD,),
)
ICAHT_LATE_LIANG_2024 = _scale(
    "icaht-late-liang-2024",
    "ICAHT, late, as the program of Liang 2024 grades it",
    LIANG_2024,
    late=True,
    domains=(
        _late(
            _PROGRAM_LATE,
            LIANG_2024,
            SOURCE_READ,
            "the second count may be of any day: its authors say it may overgrade",
        ),
    ),
    says=_LATE_SAYS,
)
