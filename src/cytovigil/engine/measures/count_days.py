"""Days of a window as the bits of one number, bit 0 the first day: quick, and runs are easily joined."""

from functools import lru_cache


def span(first: int, last: int) -> int:
    """All days from first to last, both included; none where last lies before first."""
    return (1 << (last + 1)) - (1 << first) if last >= first else 0


@lru_cache(maxsize=65_536)
def joined(days: int, at_most: int) -> int:
    """The days, and those of every gap between two of them that is at most so many days long."""
    filled = days
    for length in range(1, at_most + 1):
        begins = (days << 1) & (days >> length)  # gaps of this length: a day before, a day behind
        for place in range(length):
            filled |= begins << place
    return filled


def joined_at_end(days: int, last: int, at_most: int) -> int:
    """The days, and those after the last of them up to the end of the window, where these are at most so many."""
    after = last + 1 - days.bit_length()
    return days | span(days.bit_length(), last) if days and after <= at_most else days


@lru_cache(maxsize=65_536)
def longest(days: int) -> int:
    """The length of the longest run."""
    length = 0
    while days:
        days &= days >> 1
        length += 1
    return length


def lasts(days: int, begun_by: int, last: int) -> bool:
    """True where a run begins at the latest on day `begun_by` and holds until the last day."""
    others = span(0, last) & ~days
    return bool(days >> last & 1) and others.bit_length() <= begun_by
