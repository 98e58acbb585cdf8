"""Doses that were given, in mg, and the weight that doses are computed from."""

from fractions import Fraction
from typing import NamedTuple


class Dose(NamedTuple):
    """An amount of a drug that went to the whole body, or began to at `time`, in seconds UTC.

    `low_mg`..`high_mg` is the set of possible amounts, `high_mg` None where there is no upper end: given, dose unknown.
    `end` is that of what ran over time. `continued`: not a dose of its own, the one before goes on at another rate, or
    was not seen to stop.
    """

    drug: str
    time: int
    low_mg: Fraction
    high_mg: Fraction | None
    end: int | None = None
    continued: bool = False

    @property
    def known(self) -> bool:
        """True where one amount is possible."""
        return self.low_mg == self.high_mg


class Weight(NamedTuple):
    """A body weight in kg as a set of possible values; `time` is None where it stands in the patients table."""

    low_kg: Fraction
    high_kg: Fraction
    time: int | None = None

    @property
    def known(self) -> bool:
        """True where one weight is possible."""
        return self.low_kg == self.high_kg
