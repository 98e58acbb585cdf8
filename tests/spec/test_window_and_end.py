"""How long a scale is graded: its window, and the end of the graded time (semantics 1, 4, 5, 8)."""

import pytest

from cytovigil.engine.reference import grade_course
from cytovigil.model.events import Course
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, grade, ranges, row_at, shown, well

CRS, LEE, ICANS = "crs-astct-2019", "crs-lee-2014-label", "icans-astct-2019"
LONG = well(66)


def seen(chart: str, scale: str, time: str, patient: object = ADULT) -> tuple[str, bool]:
    row = row_at(grade(f"{LONG}\n{chart}", scale, patient), time)
    return shown(row), bool({"after_window", "late"} & set(row.flags))


@pytest.mark.parametrize(
    ("what", "chart", "time", "expected"),
    [
        ("fever on day 30", "d30 23:59 | temperature | 39", "d30 23:59", ("1", False)),
        ("an episode is graded to its end", "d30 23:59 | temperature | 39", "d31 23:58", ("1", False)),
        ("and until it is confirmed over", "d30 23:59 | temperature | 39", "d33 23:58", ("0", False)),
        ("then it is outside the window", "d30 23:59 | temperature | 39", "d33 23:59", ("-", True)),
        ("fever again within 48 h",
         "d30 12:00 | temperature | 39 \n d33 11:00 | temperature | 39", "d33 12:00", ("1", False)),
        ("well on day 31", "", "d31 00:00", ("-", True)),
        ("fever on day 31", "d31 00:00 | temperature | 39", "d31 01:00", ("-", True)),
        ("hidden fever on day 31",
         "d31 00:00 | dexamethasone | 10 \n d31 00:10 | systolic_bp | 80", "d31 01:00", ("-", True)),
        ("unless a clinician charts CRS",
         "d31 00:00 | temperature | 39 \n d31 01:00 | recorded_crs_grade | 1", "d31 01:00", ("1", False)),
        ("before that not",
         "d31 00:00 | temperature | 39 \n d31 01:00 | recorded_crs_grade | 1", "d31 00:59", ("-", True)),
        ("no CRS charted",
         "d31 00:00 | temperature | 39 \n d31 01:00 | recorded_crs_grade | 0", "d31 01:00", ("-", True)),
        ("charted, and well: 0 for 24 h", "d31 01:00 | recorded_crs_grade | 1", "d32 00:59", ("0", False)),
        ("then outside again", "d31 01:00 | recorded_crs_grade | 1", "d32 01:00", ("-", True)),
    ],
)  # fmt: skip
def test_crs_window(what: str, chart: str, time: str, expected: tuple[str, bool]) -> None:
    assert seen(chart, CRS, time) == expected, what


def test_the_next_anticancer_therapy_closes_it() -> None:
    patient = ADULT._replace(next_therapy_date=at("d10 12:00"))
    fever = "d10 13:00 | temperature | 39"
    assert seen(fever, CRS, "d10 14:00", patient) == ("-", True)
    assert seen("d10 11:00 | temperature | 39", CRS, "d10 14:00", patient) == ("1", False)


def test_outside_the_window_is_not_unobserved_time() -> None:
    graded = grade(f"{well(33)}\nd40 10:00 | heart_rate | 90", CRS)
    assert graded.timeline[-1].flags == ("after_window", "not_observed")
    assert (graded.timeline[-1].missing, graded.daily[-1].day) == ((), 30)
    assert graded.summaries[CRS].unobserved_h == 1.0


@pytest.mark.parametrize(
    ("what", "chart", "time", "expected"),
    [
        ("day 60", "d60 21:00 | ice | 5", "d60 23:59", ("2", False)),
        ("day 61: perhaps", "d60 21:00 | ice | 5", "d61 00:00", ("0..2", True)),
        (
            "charted by a clinician",
            "d60 21:00 | ice | 5 \n d61 02:00 | recorded_icans_grade | 2",
            "d61 02:00",
            ("2", False),
        ),
        ("charted as none", "d60 21:00 | ice | 5 \n d61 02:00 | recorded_icans_grade | 0", "d61 02:00", ("0..2", True)),
        ("well", "", "d62 12:00", ("0", False)),
    ],
)
def test_icans_window(what: str, chart: str, time: str, expected: tuple[str, bool]) -> None:
    assert seen(chart, ICANS, time) == expected, what


def test_late_signs_open_no_episode() -> None:
    assert grade(f"{LONG}\nd61 21:00 | ice | 5", ICANS).episodes == ()


class TestEnd:
    """The last event is charted d2 10:00."""

    CHART = "d1 10:00 | temperature | 37 \n d2 10:00 | spo2 | 97"

    @pytest.mark.parametrize(
        ("scale", "expected"),
        [(CRS, "d3 02:00"), (LEE, "d5 10:00"), (ICANS, "d5 10:00")],  # 16 h; laboratory 72 h; raised pressure 72 h
    )
    def test_the_last_event_and_the_longest_validity(self, scale: str, expected: str) -> None:
        assert grade(self.CHART, scale).timeline[-1].end == at(expected)

    @pytest.mark.parametrize("as_of", ["d1 12:00", "d2 12:00", "d20 12:00"])
    def test_as_of(self, as_of: str) -> None:
        assert grade(self.CHART, CRS, as_of=as_of).timeline[-1].end == at(as_of)

    def test_last_follow_up(self) -> None:
        assert grade(self.CHART, CRS, ADULT._replace(last_followup=at("d2 12:00"))).timeline[-1].end == at("d2 12:00")

    def test_the_earliest_of_all(self) -> None:
        patient = ADULT._replace(last_followup=at("d2 12:00"), death_time=at("d2 11:00"))
        assert grade(self.CHART, CRS, patient, as_of="d2 13:00").timeline[-1].end == at("d2 11:00")
        assert grade(self.CHART, CRS, patient, as_of="d2 10:30").timeline[-1].end == at("d2 10:30")

    @pytest.mark.parametrize("as_of", ["d0 08:00", "d-1 08:00"])
    def test_before_the_infusion_nothing(self, as_of: str) -> None:
        assert grade(self.CHART, CRS, as_of=as_of).timeline == ()

    def test_no_event_at_all(self) -> None:
        assert grade("", CRS).timeline == ()
        row = grade("", CRS, as_of="d2 12:00").timeline[0]
        assert (row.start, row.end, row.low) == (at("d0 08:00"), at("d2 12:00"), None)


def test_as_of_does_not_see_what_was_recorded_later() -> None:
    chart = f"{well()}\nd1 10:00 | temperature | 39 | | recorded_at=d1 18:00"
    assert grade(chart, CRS, as_of="d1 17:59").summaries[CRS].high == 0
    assert grade(chart, CRS, as_of="d1 18:00").summaries[CRS].high == 1


def test_a_second_infusion_ends_the_first_and_begins_anew() -> None:
    first, second = (ADULT._replace(infusion=n, infusion_time=at(t)) for n, t in ((1, "d0 08:00"), (2, "d2 08:00")))
    chart = f"{well()}\nd1 10:00 | temperature | 39\nd3 10:00 | temperature | 39"
    one, two = grade_course(Course((second, first), tuple(events(chart))), [SCALES[CRS]], SETTINGS)
    assert (one.infusion, one.timeline[-1].end, two.timeline[0].start) == (1, at("d2 08:00"), at("d2 08:00"))
    assert [(e.onset, e.onset_day, e.ongoing) for e in one.episodes] == [(at("d1 10:00"), 1, True)]
    assert [(e.onset, e.onset_day, e.episode) for e in two.episodes] == [(at("d3 10:00"), 1, 1)]
    assert next(row.day for row in two.daily) == 0
    assert shown(two.timeline[0]) == "-"  # the fever before this infusion says nothing


def test_an_infusion_on_a_date_alone_is_flagged_throughout() -> None:
    patient = ADULT._replace(flags=frozenset({"time_assumed"}))
    for scale in (CRS, ICANS):
        assert all("time_assumed" in row.flags for row in grade(well(3), scale, patient).timeline)
    assert ranges(well(3), CRS, ["d1 10:00"], patient) == {"d1 10:00": "0"}


def test_of_three_infusions_each_ends_where_the_next_in_time_begins() -> None:
    """Whatever their numbers."""
    infused = {3: "d0 08:00", 1: "d2 08:00", 2: "d4 08:00"}
    patients = tuple(ADULT._replace(infusion=n, infusion_time=at(infused[n])) for n in (1, 2, 3))
    found = grade_course(Course(patients, tuple(events(well()))), [SCALES[CRS]], SETTINGS, at("d6 08:00"))
    assert [(one.infusion, one.timeline[0].start, one.timeline[-1].end) for one in found] == [
        (3, at("d0 08:00"), at("d2 08:00")),
        (1, at("d2 08:00"), at("d4 08:00")),
        (2, at("d4 08:00"), at("d6 08:00")),
    ]
