"""How many patients move between two CRS scales: only where both grade, and never where ranges leave it open."""

import pytest

from cytovigil.engine.tally import ScaleCount, ScaleShift, Tally, shifts
from cytovigil.model.results import Graded, ScaleSummary
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


def test_two_tallies_together_are_that_of_all_infusions() -> None:
    chosen = [SCALES["crs-astct-2019"], SCALES["crs-lee-2014"]]
    ends: list[tuple[Ends, Ends]] = [
        ((2, 2), (2, 2)),
        ((1, 1), (3, 3)),
        ((3, 3), (1, 2)),
        ((1, 2), (1, 2)),
        ((None,) * 2,) * 2,
    ]
    courses = [
        [
            Graded(
                "P",
                1,
                (),
                (),
                (),
                {scale.id: ScaleSummary(*one, 0.0) for scale, one in zip(chosen, both, strict=True)},
                (),
            )
        ]
        for both in ends
    ]
    every, one, other = Tally(chosen), Tally(chosen), Tally(chosen)
    for at, graded in enumerate(courses):
        every.add(graded)
        (one if at % 2 else other).add(graded)
    one.merge(other)
    assert (one.scales, one.shifts) == (every.scales, every.shifts)
    assert every.shifts[0] == ScaleShift("crs-astct-2019", "crs-lee-2014", 1, 1, 1, 1)
