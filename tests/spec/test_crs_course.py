"""The course of CRS: none, open, treated, recent (semantics 4)."""

from dataclasses import replace
from itertools import product

import pytest

from cytovigil.engine.branches import UNOBSERVED, moved
from cytovigil.engine.record import Record
from cytovigil.engine.reference import grade_scale
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES
from spec.charts import ADULT, at, events, grade, ranges, row_at, shown, well

CRS = "crs-astct-2019"
FEVER = "d1 10:00 | temperature | 39"  # counts until d2 10:00
LOW = "{} | systolic_bp | 80 | {}"


def low(start: str, end: str) -> str:
    return LOW.format(start, end)


@pytest.mark.parametrize(
    ("what", "chart", "expected"),
    [
        ("38.0 is fever, for 24 h", "d1 10:00 | temperature | 38.0",
         {"d1 09:59": "0", "d1 10:00": "1", "d2 09:59": "1", "d2 10:00": "0"}),
        ("37.99 is not", "d1 10:00 | temperature | 37.99", {"d1 10:00": "0"}),
        ("hypotension without fever is not CRS", low("d1 10:00", "d1 14:00"), {"d1 11:00": "0"}),
        ("the worse of hypotension and hypoxia",
         FEVER + "\n d1 10:30 | norepinephrine | 4/min | d1 12:00 \n d1 10:30 | oxygen_device | nasal_cannula"
         "\n d1 10:30 | oxygen_flow | 3", {"d1 11:00": "3"}),
        ("an unknown flow is a range",
         FEVER + "\n d1 10:30 | oxygen_device | nasal_cannula", {"d1 11:00": "2..3"}),
    ],
)  # fmt: skip
def test_fever_opens(what: str, chart: str, expected: dict[str, str]) -> None:
    assert ranges(f"{well()}\n{chart}", CRS, list(expected)) == expected, what


@pytest.mark.parametrize(
    ("what", "drug", "expected"),
    [
        ("no drug", "", "0..2"),
        ("tocilizumab", "d1 12:00 | tocilizumab | 640", "2"),
        ("dexamethasone", "d1 12:00 | dexamethasone | 10", "2"),
        ("anakinra", "d1 12:00 | anakinra | 100", "2"),
        ("paracetamol 1 h before the first fever", "d1 09:00 | paracetamol | 1000", "2"),
        ("paracetamol more than 1 h before", "d1 08:59 | paracetamol | 1000", "0..2"),
        ("one that still runs in 1 h before", "d1 02:00 | paracetamol | 1000 | d1 09:00", "2"),
        ("prednisolone 10 mg a day", "d1 12:00 | prednisolone | 10", "0..2"),
        ("prednisolone above 10 mg a day", "d1 12:00 | prednisolone | 10.001", "2"),
        ("prednisolone, dose unknown", "d1 12:00 | prednisolone | ?", "0..2"),
        ("dexamethasone into the spine", "d1 12:00 | dexamethasone | 10 | | route=intrathecal", "0..2"),
        ("vasopressor", "d1 12:00 | norepinephrine | 4/min | d1 13:00", "0..2"),
    ],
)
def test_fever_is_required_until_treated(what: str, drug: str, expected: str) -> None:
    """Fever ends d2 10:00; the pressure is low from before that on."""
    chart = f"{well()}\n{FEVER}\n{drug}\n{low('d2 09:30', 'd2 14:00')}"
    row = row_at(grade(chart, CRS), "d2 11:00")
    assert shown(row) == expected, what
    assert ("untreated_no_fever" in row.flags) == (expected == "0..2")
    assert ranges(chart, CRS, ["d2 09:45"]) == {"d2 09:45": "2"}


def test_treated_course_is_downgraded_as_support_falls() -> None:
    chart = f"""{well()}
        {FEVER}
        d1 11:00 | tocilizumab    | 640
        d1 11:00 | norepinephrine | 6/min | d2 18:00
        d2 17:00 | oxygen_device  | nasal_cannula | d3 06:00
        d2 17:00 | oxygen_flow    | 2             | d3 06:00"""
    expected = {"d1 10:30": "1", "d1 12:00": "3", "d2 17:30": "3", "d2 18:00": "2", "d3 06:00": "0"}
    assert ranges(chart, CRS, list(expected)) == expected


@pytest.mark.parametrize(
    ("what", "drug", "sign", "time", "expected", "flag"),
    [
        ("treated, within 48 h", "d1 12:00 | paracetamol | 1000", "d4 09:59", "d4 09:59", "2", ""),
        ("treated, at 48 h", "d1 12:00 | paracetamol | 1000", "d4 10:00", "d4 10:00", "0..2", "masked_fever"),
        ("treated, 7 days after the end",
         "d1 12:00 | paracetamol | 1000", "d9 09:30", "d9 09:59", "0..2", "masked_fever"),
        ("treated, later", "d1 12:00 | paracetamol | 1000", "d9 09:30", "d9 10:00", "0", ""),
        ("untreated, within 48 h", "", "d4 09:30", "d4 09:59", "0..2", "untreated_no_fever"),
        ("untreated, at 48 h", "", "d4 09:30", "d4 10:00", "0", ""),
        ("treated after the fever, in recovery", "d3 10:00 | paracetamol | 1000", "d4 09:30", "d4 09:59", "2", ""),
        ("a drug in recovery does not prolong it",
         "d4 09:00 | ibuprofen | 400", "d5 09:30", "d5 09:30", "0..2", "masked_fever"),
    ],
)  # fmt: skip
def test_low_pressure_after_the_fever(what: str, drug: str, sign: str, time: str, expected: str, flag: str) -> None:
    """Fever d1 10:00 to d2 10:00; then a low pressure of some hours."""
    end = sign[:-5] + "14:00"
    row = row_at(grade(f"{well(12)}\n{FEVER}\n{drug}\n{low(sign, end)}", CRS), time)
    assert shown(row) == expected, what
    assert {"masked_fever", "untreated_no_fever"} & set(row.flags) == ({flag} if flag else set())


@pytest.mark.parametrize(
    ("drug", "masks_h"),
    [
        ("paracetamol | 1000", 8),
        ("dexamethasone | 10", 48),
        ("methylprednisolone | 40", 24),
        ("anakinra | 100", 24),
        ("ruxolitinib | 10", 24),
        ("tocilizumab | 640", 168),
        ("siltuximab | 800", 168),
    ],
)
def test_a_drug_may_hide_the_first_fever(drug: str, masks_h: int) -> None:
    graded = grade(f"{well(12)}\nd1 09:30 | {drug}\nd1 09:40 | oxygen_device | simple_mask | d10 12:00", CRS)
    last = f"d{1 + (masks_h + 9) // 24} {(masks_h + 9) % 24:02d}"
    before, over = row_at(graded, f"{last}:29"), row_at(graded, f"{last}:30")
    assert (shown(before), "masked_fever" in before.flags) == ("0..3", True)
    assert (shown(over), "masked_fever" in over.flags) == ("0", False)


def test_a_masked_fever_opens_no_episode() -> None:
    graded = grade(f"{well()}\nd1 09:30 | dexamethasone | 10\n{low('d1 10:00', 'd1 14:00')}", CRS)
    assert graded.episodes == ()


class TestUnknownFever:
    def test_alone_is_not_observed(self) -> None:
        assert ranges(f"{well()}\nd1 10:00 | temperature | <39", CRS, ["d1 11:00"]) == {"d1 11:00": "-"}

    def test_widens_the_grade_and_opens_nothing(self) -> None:
        graded = grade(f"{well()}\nd1 10:00 | temperature | <39\n{low('d1 10:30', 'd1 14:00')}", CRS)
        row = row_at(graded, "d1 11:00")
        assert (shown(row), row.missing) == ("0..2", ("temperature",))
        assert graded.episodes == ()

    def test_with_a_vasopressor(self) -> None:
        chart = "d1 09:00 | norepinephrine | 4/min | d1 20:00 \n d1 09:00 | spo2 | 97"
        row = row_at(grade(chart, CRS), "d1 10:00")
        assert (shown(row), row.missing) == ("0..3", ("temperature",))

    def test_does_not_reopen(self) -> None:
        graded = grade(f"{well()}\n{FEVER}\nd3 10:00 | temperature | <39\n{low('d3 10:30', 'd3 14:00')}", CRS)
        assert shown(row_at(graded, "d3 11:00")) == "0..2"
        assert graded.episodes[0].end == at("d2 10:00")

    def test_in_a_treated_course_grades_at_least_the_signs(self) -> None:
        chart = (
            f"{well()}\n{FEVER}\nd1 11:00 | paracetamol | 1000\n{low('d2 09:30', 'd2 14:00')}"
            "\nd2 09:40 | temperature | <39"
        )
        assert ranges(chart, CRS, ["d2 11:00"]) == {"d2 11:00": "2"}


class TestUnobserved:
    """Fever d1 10:00, treated; nothing is charted from then on, so unobserved from d2 02:00."""

    SICK = f"""{FEVER}
        d1 10:00 | systolic_bp | 120
        d1 10:00 | spo2        | 97"""

    def later(self, time: str, systolic: int, drug: str = "d1 11:00 | paracetamol | 1000") -> str:
        chart = f"{self.SICK}\n{drug}\n{time} | temperature | 37\n{time} | systolic_bp | {systolic}\n{time} | spo2 | 97"
        return ranges(chart, CRS, [time])[time]

    def test_null_meanwhile(self) -> None:
        assert ranges(f"{self.SICK}\nd3 10:00 | heart_rate | 90", CRS, ["d2 01:59", "d2 02:00"]) == {
            "d2 01:59": "1",
            "d2 02:00": "-",
        }

    @pytest.mark.parametrize(
        ("time", "systolic", "drug", "expected"),
        [
            ("d4 01:00", 80, "d1 11:00 | paracetamol | 1000", "2"),  # still in it, or back within 48 h
            ("d4 03:00", 80, "d1 11:00 | paracetamol | 1000", "0..2"),  # it may have ended
            ("d4 03:00", 120, "d1 11:00 | paracetamol | 1000", "0"),
            ("d4 01:00", 80, "", "0..2"),
            ("d4 03:00", 80, "", "0..2"),
            ("d4 01:00", 80, "d3 11:00 | paracetamol | 1000", "2"),  # given while nobody looked
        ],
    )
    def test_every_branch_is_followed(self, time: str, systolic: int, drug: str, expected: str) -> None:
        assert self.later(time, systolic, drug) == expected

    def test_no_branch_opens(self) -> None:
        graded = grade("d1 10:00 | heart_rate | 90\nd1 10:00 | paracetamol | 1000", CRS)
        assert graded.episodes == ()
        assert {row.flags for row in graded.timeline} == {("not_observed",)}


def test_an_unknown_dose_leaves_both_branches() -> None:
    """Perhaps treated, perhaps not: low pressure within 48 h is 2, or unexplained; later hidden fever, or nothing."""
    start = f"{well()}\n{FEVER}\nd1 12:00 | prednisolone | ?\n"
    for time, flag in (("d4 09:30", "untreated_no_fever"), ("d4 10:00", "masked_fever")):
        row = row_at(grade(start + low(time, "d4 14:00"), CRS), time)
        assert (shown(row), row.flags) == ("0..2", (flag,))


def test_39_sets_of_states_can_be_reached() -> None:
    """From `none`, over every known and unknown fact, in steps of a day."""
    assert len(_reachable()) == 39


def test_sets_seen_in_a_chart_are_reachable() -> None:
    chart = (
        f"{FEVER}\nd1 10:00 | spo2 | 97\nd1 11:00 | prednisolone | ?\nd6 10:00 | temperature | 37\nd6 10:00 | spo2 | 97"
    )
    record = Record(ADULT._replace(infusion_time=at("d0 08:00")), events(chart), Settings())
    seen = {verdict.states for verdict in grade_scale(record, SCALES[CRS])}
    assert len(seen) == 5
    assert seen <= _reachable()


COURSE = SCALES[CRS].course
LASTS = {"recent": (2, "none"), "recent_treated": (2, "after_treated"), "after_treated": (7, "none")}  # days
YES, NO, MAYBE = frozenset({True}), frozenset({False}), frozenset({False, True})
Branches = frozenset[tuple[str, int]]  # state, and its age in days


def _states(branches: Branches) -> frozenset[str]:
    return frozenset(state for state, _ in branches)


def _kept(branches: set[tuple[str, int]]) -> Branches:
    ages = {state: [age for s, age in branches if s == state] for state, _ in branches}
    return frozenset((s, age) for s, found in ages.items() for age in ({min(found), max(found)} if s in LASTS else {0}))


def _a_day_later(branches: Branches) -> Branches:
    found = set()
    for state, age in branches:
        while state in LASTS and age + 1 >= LASTS[state][0]:
            state = LASTS[state][1]
        found.add((state, age + 1))
    return _kept(found)


def _looked_at(
    branches: Branches, fever: frozenset[bool], sign: frozenset[bool], treat: frozenset[bool], may: bool
) -> Branches:
    found = set()
    for (state, age), f, s, t in product(branches, fever, sign, treat):
        gate = {"counted_fever": fever == YES, "fever": f, "sign": s, "treating": t, "masked": False, "may_begin": may}
        to = moved(COURSE, state, gate)
        found.add((to, age if to == state or not {to, state} & set(COURSE.active) else 0))
    return _kept(found)


def _not_looked_at(branches: Branches, treat: frozenset[bool]) -> Branches:
    found = set()
    for (state, age), t in product(branches, treat):
        to = moved(COURSE, state, UNOBSERVED | {"treating": t})
        found |= {(to, age)} | {(gone, 0) for start, gone in COURSE.unobserved if start == to}
    return _kept(found)


def _reachable() -> set[frozenset[str]]:
    facts = (YES, NO, MAYBE)
    certainty = {NO: 0, MAYBE: 1, YES: 2}  # a treatment once given stays given while the episode lasts
    seen: set[tuple[Branches, frozenset[bool]]] = set()
    reached: set[frozenset[str]] = set()
    todo = [(frozenset({("none", 0)}), NO)]
    while todo:
        branches, given = todo.pop()
        if (branches, given) in seen:
            continue
        seen.add((branches, given))
        for treat in (t for t in facts if certainty[t] >= certainty[given]):
            after = {_looked_at(branches, *look, treat, may) for look in product(facts, facts) for may in (True, False)}
            for one in after | {_not_looked_at(branches, treat)}:
                reached.add(_states(one))
                for then in (one, _a_day_later(one)):
                    todo.append((then, treat if _states(then) & set(COURSE.lasting) else NO))
    return reached


FLOW_UNKNOWN = "d1 10:00 | oxygen_device | nasal_cannula | d4 00:00"


@pytest.mark.parametrize(
    ("what", "chart", "time", "expected", "missing"),
    [
        ("fever and flow", f"d1 10:00 | temperature | <39\n{FLOW_UNKNOWN}", "d1 11:00",
         "0..3", ("oxygen_flow", "temperature")),
        ("not fever: after treatment it changes nothing",
         f"{FEVER}\nd1 11:00 | paracetamol | 1000\n{FLOW_UNKNOWN}\nd2 09:00 | temperature | <39", "d2 11:00",
         "2..3", ("oxygen_flow",)),
        ("not a pressure that cannot exceed the oxygen", f"{FEVER}\n{FLOW_UNKNOWN}", "d1 11:00",
         "2..3", ("oxygen_flow",)),
        ("fever, where none may be hidden", f"{FEVER}\nd3 09:00 | temperature | <39\n{low('d3 09:30', 'd3 14:00')}",
         "d3 11:00", "0..2", ("temperature",)),
        ("nothing, where all is known but what a drug hides",
         "d1 09:00 | dexamethasone | 10\nd1 10:00 | temperature | 37\n" + low("d1 10:00", "d1 14:00"), "d1 11:00",
         "0..2", ()),
    ],
)  # fmt: skip
def test_what_to_chart(what: str, chart: str, time: str, expected: str, missing: tuple[str, ...]) -> None:
    """Only what alone would narrow the grade. Of the pressure nothing is known where it does not matter."""
    rows = well() if "systolic" in chart else "\n".join(row for row in well().splitlines() if "systolic" not in row)
    row = row_at(grade(f"{rows}\n{chart}", CRS), time)
    assert (shown(row), row.missing) == (expected, missing), what


def test_the_shortest_recovery_a_site_can_set() -> None:
    for hours, lasts_s in ((1 / 3600, 1), (1 / 7200, 1), (2 / 3600, 2)):
        site = replace(Settings(), crs_reopen_h=hours)
        (one,) = grade(f"{well()}\n{FEVER}", CRS, settings=site).episodes
        assert (one.end, one.confirmed) == (at("d2 10:00"), at("d2 10:00") + lasts_s)
