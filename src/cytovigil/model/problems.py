"""Problems: rows and values that could not be used, or not as they stand. Nothing is lost silently."""

from typing import NamedTuple


class Problem(NamedTuple):
    """One row of `problems.csv`. `used` is yes, no or as_unknown."""

    file: str
    row: str
    patient_id: str
    field: str
    value: str
    code: str
    problem: str
    used: str
