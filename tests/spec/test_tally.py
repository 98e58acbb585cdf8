"""How many patients move between two CRS scales: only where both grade, and never where ranges leave it open."""

import pytest

from cytovigil.engine.tally import ScaleCount, ScaleShift, shifts
from cytovigil.model.results import ScaleSummary
from cytovigil.rules import SCALES

Ends = tuple[int | None, int | None]


@pytest.mark.parametrize(
    ("one", "other", "counted"),
    [
        ((2, 2), (2, 2), "same"),
        ((2, 2), (3, 3), "higher"),
        ((2, 2), (3, 4), "higher"),
        ((1, 2), (3, 3), "higher"),
        ((3, 3), (2, 2), "lower"),
        ((3, 4), (1, 2), "lower"),
        ((2, 3), (2, 3), "unsure"),
        ((2, 2), (2, 3), "unsure"),
        ((2, 3), (3, 3), "unsure"),
        ((2, 3), (2, 2), "unsure"),
        ((None, None), (2, 2), ""),
        ((2, 2), (None, None), ""),
    ],
)
def test_a_shift(one: Ends, other: Ends, counted: str) -> None:
    shift = ScaleShift("a", "b")
    shift.add({"a": ScaleSummary(*one, 0.0), "b": ScaleSummary(*other, 0.0)})
    found = {name: getattr(shift, name) for name in ("same", "higher", "lower", "unsure")}
    assert {name: count for name, count in found.items() if count} == ({counted: 1} if counted else {})


def test_only_crs_scales_are_compared() -> None:
    chosen = [SCALES[name] for name in ("crs-astct-2019", "crs-lee-2014", "crs-lee-2014-label", "icans-astct-2019")]
    pairs = [(one.one, one.other) for one in shifts(chosen)]
    assert pairs == [("crs-astct-2019", "crs-lee-2014"), ("crs-astct-2019", "crs-lee-2014-label"),
                     ("crs-lee-2014", "crs-lee-2014-label")]  # fmt: skip


def test_worst_grades_are_counted_by_their_low_end() -> None:
    count = ScaleCount("a", "1")
    for ends in ((2, 2), (2, 4), (0, 0), (None, None)):
        count.add(ScaleSummary(*ends, 0.0))
    assert (dict(count.by_low), count.ranges, count.not_observed) == ({2: 2, 0: 1}, 1, 1)
