"""T-ICAHT, thrombocytopenia after CAR-T cells: the table of 2025, and what its authors' code does.

A step of platelets is 0.1 x 10*9/L.
"""

from dataclasses import replace

from cytovigil.logic.counts import Counting, Threshold, Window
from cytovigil.logic.ladder import OUR_READING, SOURCE_READ, Citation, Ladder, Rung
from cytovigil.logic.scale import CumulativeCourse, Scale
from cytovigil.rules.citations import REJESKI_2025, REJESKI_2025_CODE
from cytovigil.rules.count_fields import UNREAD, class_field, confirmed_field, days_field

_PROGRESSION, _THERAPY = "progression_date", "next_therapy_date"
EARLY = Window(0, 30, ended_by=(_PROGRESSION, _THERAPY))
LATE = replace(EARLY, first_day=31, last_day=100)
EARLY_AUTHORS = Window(0, 37, ended_by=(_PROGRESSION,))
LATE_AUTHORS = replace(EARLY_AUTHORS, first_day=31, last_day=100)


def _below(*limits: int) -> tuple[Threshold, ...]:
    return tuple(Threshold(limit * 10, inclusive=False) for limit in limits)


def _at_most(*limits: int) -> tuple[Threshold, ...]:
    return tuple(Threshold(limit * 10) for limit in limits)


_TABLE = Counting("platelets", EARLY, _below(50, 20), unread_open=True)
_TABLE_LATE = Counting("platelets", LATE, _below(100, 50, 20), carried=False, unfilled="between", unread_open=True)
_AUTHORS = Counting(
    "platelets", EARLY_AUTHORS, _at_most(50, 20), joined_days=6, filling="mean", filled_days=None
)  # fmt: skip
_AUTHORS_LATE = replace(
    _AUTHORS, window=LATE_AUTHORS, thresholds=_at_most(100, 50, 20), carried=False, least_counts=2
)  # fmt: skip

AS_MEASURED = (
    "counts are graded as measured: days after platelet transfusion stand beside the grade, in table cytopenia"
)
BY_DAY = "the lowest count of a calendar day at the site counts; day 0 is the day of infusion"


def _early(counting: Counting, source: Citation, sign: str, status: str, note: str) -> tuple[Ladder, Ladder]:
    days_50 = days_field("days_50", f"platelets {sign} 50 × 10⁹/L", counting, 0)
    days_20 = days_field("days_20", f"platelets {sign} 20 × 10⁹/L", counting, 1)
    first = Ladder(
        "platelets_50",
        f"Platelets {sign} 50 × 10⁹/L",
        source,
        (Rung(1, days_50 >= 1, "on 1 to 6 days", status, note), Rung(2, days_50 >= 7, "on 7 days or more", status)),
    )
    second = Ladder(
        "platelets_20",
        f"Platelets {sign} 20 × 10⁹/L",
        source,
        (Rung(3, days_20 >= 1, "on 1 to 13 days", status), Rung(4, days_20 >= 14, "on 14 days or more", status)),
    )
    return first, second


def _late() -> Ladder:
    labels = ("below 20 × 10⁹/L", "below 50 × 10⁹/L", "below 100 × 10⁹/L", "100 × 10⁹/L or more")
    lowest = class_field("lowest", "lowest platelet count", _TABLE_LATE, labels, "lowest_count")
    days_20 = days_field("days_20", "platelets below 20 × 10⁹/L", _TABLE_LATE, 2)
    confirmed = confirmed_field("two counts below 100 × 10⁹/L, or one count in all", _TABLE_LATE)
    return Ladder(
        "platelets",
        "Platelets",
        REJESKI_2025,
        (
            Rung(
                1,
                (lowest <= 2) & confirmed,
                "below 100 × 10⁹/L",
                OUR_READING,
                note="the table asks for two tests, or a low count that is not transient: two counts below 100, or "
                "one count in all, as for late ICAHT: our reading",
            ),
            Rung(2, (lowest <= 1) & confirmed, "below 50 × 10⁹/L", OUR_READING),
            Rung(3, (lowest <= 0) & confirmed, "below 20 × 10⁹/L, on 1 to 13 days", OUR_READING),
            Rung(
                4,
                (days_20 >= 14) & confirmed,
                "below 20 × 10⁹/L, on 14 days or more",
                OUR_READING,
                note="missing days: up to 7 in a row are filled on the line between two counts; a longer gap between "
                "two counts below 20 may be low or not: our reading",
            ),
        ),
    )


def _late_authors() -> Ladder:
    labels = ("20 × 10⁹/L or less", "50 × 10⁹/L or less", "100 × 10⁹/L or less", "above 100 × 10⁹/L")
    second = class_field("second", "second lowest platelet count", _AUTHORS_LATE, labels, "second_lowest_count")
    days_20 = days_field("days_20", "platelets at or below 20 × 10⁹/L", _AUTHORS_LATE, 2)
    return Ladder(
        "platelets",
        "Platelets",
        REJESKI_2025_CODE,
        (
            Rung(1, second <= 2, "two counts of 100 × 10⁹/L or less"),
            Rung(2, second <= 1, "two counts of 50 × 10⁹/L or less"),
            Rung(3, second <= 0, "two counts of 20 × 10⁹/L or less"),
            Rung(
                4,
                days_20 >= 14,
                "at or below 20 × 10⁹/L, on 14 days or more",
                note="runs at most 6 days apart are one; missing days between two counts take their mean",
            ),
        ),
    )


def _scale(
    scale_id: str, title: str, source: Citation, window: Window, domains: tuple[Ladder, ...], says: str, *notes: str
) -> Scale:
    return Scale(
        id=scale_id,
        version="1",
        title=title,
        source=source,
        course=CumulativeCourse(window, provisional=window.first_day == 0, says=says),
        domains=domains,
        notes=(BY_DAY, AS_MEASURED, *notes),
    )


_PROVISIONAL = "until then the grade is provisional: from what has happened to what still can"
T_ICAHT_EARLY_2025 = _scale(
    "t-icaht-early-2025",
    "T-ICAHT, early, 2025",
    REJESKI_2025,
    EARLY,
    _early(
        _TABLE,
        REJESKI_2025,
        "below",
        OUR_READING,
        "runs less than 3 days apart are one, with the days between; the longest run counts, though a footnote of the "
        "table speaks of the cumulative length; up to 7 missing days in a row are filled on the line between two "
        "counts, at the ends with the nearest; days of a longer gap may be anything: our reading",
    ),
    "counts of day 0 to 30, or until progression, the next anticancer therapy, death, the end of follow-up or the "
    "next infusion; " + _PROVISIONAL,
    UNREAD,
)
T_ICAHT_LATE_2025 = _scale(
    "t-icaht-late-2025",
    "T-ICAHT, late, 2025",
    REJESKI_2025,
    LATE,
    (_late(),),
    "counts from day 31 to day 100, progression, the next anticancer therapy or the last follow-up, the last day "
    "included; without a count there is no grade",
    UNREAD,
)
_CODE = "the code differs from the published table: limits included, runs joined over 6 days, day 37 instead of 30"
T_ICAHT_EARLY_2025_AUTHORS = _scale(
    "t-icaht-early-2025-authors",
    "T-ICAHT, early, as its authors' code grades it",
    REJESKI_2025_CODE,
    EARLY_AUTHORS,
    _early(
        _AUTHORS,
        REJESKI_2025_CODE,
        "at or below",
        SOURCE_READ,
        "runs at most 6 days apart are one, with the days between; missing days between two counts take their mean, "
        "at the ends the nearest",
    ),
    "counts of day 0 to 37, or until progression, death, the end of follow-up or the next infusion; " + _PROVISIONAL,
    _CODE,
)
T_ICAHT_LATE_2025_AUTHORS = _scale(
    "t-icaht-late-2025-authors",
    "T-ICAHT, late, as its authors' code grades it",
    REJESKI_2025_CODE,
    LATE_AUTHORS,
    (_late_authors(),),
    "counts from day 31 to day 100, progression or the last follow-up, the last day included; with fewer than two "
    "counts there is no grade",
    _CODE,
)
