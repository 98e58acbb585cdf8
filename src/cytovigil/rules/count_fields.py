"""Fields made of counts: days below a threshold, the lowest counts (`logic/counts.py` holds what they rest on)."""

from cytovigil.logic.conditions import Field
from cytovigil.logic.counts import Counting, CountOf

UNREAD = "a count that was charted but cannot be read may be anything, and its day is never filled: our reading"


def days_field(name: str, says: str, counting: Counting, threshold: int) -> Field:
    """The longest run of days below one threshold, by its place."""
    days = range(counting.window.last_day - counting.window.first_day + 2)
    return Field(
        name,
        f"longest run of days with {says}",
        tuple(days),
        tuple("1 day" if day == 1 else f"{day} days" for day in days),
        measure="count_days",
        signals=(counting.signal,),
        detail=CountOf(counting, threshold),
    )


def class_field(name: str, says: str, counting: Counting, labels: tuple[str, ...], measure: str) -> Field:
    """Where the lowest, or the second lowest, count lies between the thresholds; `labels` are the words, rising."""
    return Field(
        name, says, tuple(range(len(labels))), labels, measure, signals=(counting.signal,), worse="low",
        detail=CountOf(counting),
    )  # fmt: skip


def confirmed_field(says: str, counting: Counting) -> Field:
    """Whether two counts are below the mildest threshold, or the only one is."""
    return Field(
        "confirmed", says, (False, True), ("no", "yes"), "low_count_confirmed",
        signals=(counting.signal,), detail=CountOf(counting),
    )  # fmt: skip
