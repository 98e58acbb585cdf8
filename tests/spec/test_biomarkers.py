"""Baseline, peak, fold change, doubling, return to normal, expansion: from charts with holes (decision 0013)."""

import json
from fractions import Fraction

import pytest

from cytovigil.engine.biomarker_text import biomarker_lines, biomarkers_until
from cytovigil.engine.columnar.block import Known
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.grade import grade_block
from cytovigil.engine.explain import explain_course
from cytovigil.engine.explain_text import render_text
from cytovigil.engine.record import Record
from cytovigil.engine.reference import grade_course
from cytovigil.logic.conditions import Field
from cytovigil.logic.ladder import Ladder, Rung
from cytovigil.logic.scale import MeasuredCourse, Scale
from cytovigil.model.events import Course, Exact, Patient
from cytovigil.model.results import BiomarkerRow, show_values
from cytovigil.model.settings import Settings, from_site
from cytovigil.rules import SCALES
from cytovigil.rules.citations import LEE_2019
from spec.charts import ADULT, SETTINGS, at, events

CRS = "crs-astct-2019"
RISE = """
d-1 08:00 | ferritin | 400
d1 08:00  | ferritin | 500
d3 08:00  | ferritin | 1000
d5 08:00  | ferritin | 4000
d7 08:00  | ferritin | 2000"""


def rows(
    chart: str, patient: Patient = ADULT, as_of: str = "", settings: Settings = SETTINGS
) -> tuple[BiomarkerRow, ...]:
    """The same in both engines."""
    course = Course((patient._replace(infusion_time=at("d0 08:00")),), tuple(events(chart)))
    known, until = Known(), at(as_of) if as_of else None
    block = grade_block(charted_of([course], known.kinds), [], settings, known, until)
    ((by_columns,),) = block.graded([course.infusions], [])
    (graded,) = grade_course(course, [], settings, until)
    assert graded.biomarkers == by_columns.biomarkers
    return graded.biomarkers


def row(
    chart: str, signal: str = "ferritin", patient: Patient = ADULT, as_of: str = "", settings: Settings = SETTINGS
) -> BiomarkerRow:
    (found,) = (one for one in rows(chart, patient, as_of, settings) if one.signal == signal)
    return found


def series(signal: str, text: str, limit: str = "") -> str:
    """`1: 500, 3: 1000` as rows at 08:00 of these days."""
    pairs = (part.split(":") for part in text.split(","))
    extra = f" | | ref_high={limit}" if limit else ""
    return "\n".join(f"d{day.strip()} 08:00 | {signal} | {value.strip()}{extra}" for day, value in pairs)


def test_all_of_one_signal() -> None:
    found = row(RISE)
    assert found == BiomarkerRow(
        "P1", 1, "ferritin", "ug/L", 4, 400, 400, at("d-1 08:00"), 4000, 4000, at("d5 08:00"), 5, 10, 10,
        1.33, 2000, 2000, at("d7 08:00"),
    )  # fmt: skip


def test_signals_in_order_of_their_names() -> None:
    names = ("ldh", "crp", "car_transgene", "il6", "ferritin", "car_t_cells", "scd25")
    found = rows("\n".join(f"d1 08:00 | {name} | 5" for name in names))
    assert [one.signal for one in found] == ["car_t_cells", "car_transgene", "crp", "ferritin", "il6", "ldh"]
    assert [one.unit for one in found] == ["/uL", "{copies}/ug", "mg/L", "ug/L", "pg/mL", "U/L"]


def test_only_before_the_infusion_is_no_row() -> None:
    assert rows("d-2 08:00 | crp | 5\nd0 07:59 | crp | 6\nd1 08:00 | temperature | 37") == ()
    found = row("d0 07:59 | crp | 6\nd0 08:00 | crp | 7", "crp")
    assert (found.measurements, found.baseline_low, found.peak_low, found.peak_day) == (1, 6, 7, 0)


@pytest.mark.parametrize(
    ("before", "begin", "base"),
    [
        ("-9: 300, -2: 500", "d-5 08:00", 300),
        ("-5: 300, -2: 500", "d-5 08:00", 300),  # with its start: of two dates alone the value counts as before
        ("-5: 300, -2: 500", "d-5 07:59", 500),
        ("-40: 300", "d-5 08:00", 300),
        ("-14: 300", "", 300),
        ("-15: 300", "", None),
        ("-9: 300, -2: 500", "", 500),
    ],
)
def test_baseline(before: str, begin: str, base: float | None) -> None:
    patient = ADULT._replace(lymphodepletion_start=at(begin) if begin else None)
    found = row(series("ferritin", f"{before}, 2: 900"), patient=patient)
    assert found.baseline_low == found.baseline_high == base
    assert (found.baseline_time is None, found.fold_low is None, found.fold_high is None) == (base is None,) * 3


@pytest.mark.parametrize(
    ("what", "doses", "begin", "base"),
    [
        ("no dose: the last before the infusion", "", "", 500),
        ("fludarabine", "d-4 09:00 | fludarabine | 50", "", 400),
        ("cyclophosphamide", "d-4 09:00 | cyclophosphamide | 500", "", 400),
        ("bendamustine", "d-4 09:00 | bendamustine | 150", "", 400),
        ("an unknown dose", "d-4 09:00 | fludarabine | ?", "", 400),
        ("the first of all", "d-3 09:00 | fludarabine | 50\nd-6 09:00 | cyclophosphamide | 500", "", 300),
        ("the first of one", "d-3 09:00 | fludarabine | 50\nd-6 09:00 | fludarabine | 50", "", 300),
        ("at the moment of the value", "d-5 08:00 | fludarabine | 50", "", 400),
        ("a minute before it", "d-5 07:59 | fludarabine | 50", "", 300),
        ("none was given", "d-5 07:59 | fludarabine | 0", "", 500),
        ("another drug", "d-5 07:59 | tocilizumab | 600", "", 500),
        ("14 days before infusion", "d-14 08:00 | fludarabine | 50", "", 200),
        ("earlier: of another treatment", "d-14 07:59 | fludarabine | 50", "", 500),
        ("after the infusion", "d1 08:00 | fludarabine | 50", "", 500),
        ("the patient's date goes before", "d-6 09:00 | fludarabine | 50", "d-3 08:00", 400),
    ],
)
def test_lymphodepletion_begins_with_the_first_charted_dose(what: str, doses: str, begin: str, base: float) -> None:
    patient = ADULT._replace(lymphodepletion_start=at(begin) if begin else None)
    values = series("ferritin", "-20: 200, -9: 300, -5: 400, -2: 500, 2: 900")
    assert row(f"{values}\n{doses}", patient=patient).baseline_low == base, what


def test_how_long_before_infusion_a_dose_begins_lymphodepletion_is_a_setting() -> None:
    values, site = series("ferritin", "-9: 300, -5: 400, -2: 500, 2: 900"), from_site({"lymphodepletion_days": 4})
    for time, base in (("d-4 08:00", 400), ("d-4 07:59", 500)):
        assert row(f"{values}\n{time} | fludarabine | 50", settings=site).baseline_low == base, time


@pytest.mark.parametrize(
    ("chart", "low", "high", "day"),
    [
        ("1: 500, 2: 900", 900, 900, 2),
        ("1: 900, 2: 900", 900, 900, 1),  # the first of equal ones
        ("1: 500, 2: >900", 900.1, None, 2),
        ("1: >900, 2: 900", 900.1, None, 1),
        ("1: 901, 2: >900", 901, None, None),  # either may be the higher one
        ("1: >900, 2: 901", 901, None, None),
        ("1: >900, 2: >900", 900.1, None, None),
        ("1: <600, 2: 600", 600, 600, 2),
        ("1: 600, 2: <600", 600, 600, 1),
        ("1: <600, 2: 500", 500, 599.9, None),
        ("1: 500..600, 2: 600", 600, 600, None),  # the first may be 600 too
        ("1: 600, 2: 500..600", 600, 600, 1),
        ("1: 1000000", 1000000, None, 1),  # the end of the plausible range is as good as a bound
        ("26: 5, 31: 9", 5, 5, 26),
        ("31: 9", None, None, None),
    ],
)
def test_peak(chart: str, low: float | None, high: float | None, day: float | None) -> None:
    found = row(series("ferritin", chart))
    assert (found.peak_low, found.peak_high, found.peak_day) == (low, high, day)
    assert found.peak_time == (None if day is None else at(f"d{day} 08:00"))


def test_the_last_day_of_the_peak() -> None:
    assert row("d1 08:00 | crp | 5\nd30 23:59 | crp | 9", "crp").peak_low == 9
    assert row("d1 08:00 | crp | 5\nd31 00:00 | crp | 9", "crp").peak_low == 5


def test_the_window_of_the_peak_is_whole_days_of_the_site() -> None:
    chart = "d2 08:00 | crp | 5\nd3 23:59 | crp | 7\nd4 00:00 | crp | 9"
    assert row(chart, "crp").peak_low == 9
    found = row(chart, "crp", settings=from_site({"biomarker_days": 3}))
    assert (found.peak_low, found.peak_day, found.measurements, found.last_low) == (7, 3.67, 3, 9)


@pytest.mark.parametrize(
    ("base", "peak", "low", "high"),
    [
        ("300", "1000", 3.33, 3.33),
        ("300", ">1000", 3.33, None),
        ("<300", "1000", 3.33, None),  # down to 0
        ("200..300", "1000", 3.33, 5),
        (">300", "1000", None, 3.33),
        (">300", ">1000", None, None),
        ("0", "1000", None, None),
        ("0.8", "0.1", 0.12, 0.12),  # half to even, once
    ],
)
def test_fold_change(base: str, peak: str, low: float | None, high: float | None) -> None:
    found = row(series("ferritin", f"-1: {base}, 2: {peak}"))
    assert (found.fold_low, found.fold_high) == (low, high)


@pytest.mark.parametrize(
    ("chart", "days"),
    [
        ("1: 500, 3: 1000", 2),
        ("1: 500, 3: 1000, 5: 2000", 2),
        ("1: 500, 2: 400, 3: 800", 1),  # from the foot of the last rise
        ("1: 500, 2: 500, 3: 1000", 1),  # level is not rising
        ("1: 500, 3: 1000, 5: 900", 2),
        ("-1: 500, 1: 1000", None),  # the baseline is no part of it
        ("1: 500", None),
        ("1: 500, 2: 400", None),
        ("1: 0, 2: 500, 3: 1000", 1),
        ("1: <500, 2: 500, 3: 1000", 1),
        ("1: <500, 2: 1000", None),
        ("1: 500, 2: 501..502, 3: 1000", None),
        ("1: 500, 2: >1000", None),
        ("1: 500, 2: >1000, 3: >1000", None),
        ("1: 100, 31: 200", None),
    ],
)
def test_doubling(chart: str, days: float | None) -> None:
    assert row(series("ferritin", chart)).doubling_days == days


@pytest.mark.parametrize(
    ("chart", "day"),
    [
        ("1: 900, 5: 300", 5),
        ("1: 900", None),
        ("1: 900, 5: 301", None),
        ("1: 900, 5: 301, 6: 300", 6),
        ("1: 900, 5: 300, 6: 301, 7: 299", 7),  # above it again at once: not yet
        ("1: 900, 5: 300, 6: 300, 7: 301", 5),
        ("1: 900, 40: 300", 40),  # also long after the window of the peak
        ("1: 300, 2: 200", None),  # never above
        ("1: 301, 2: 200", 2),
        ("1: >900, 5: 300", 5),
        ("1: 900, 3: <350, 5: 300", None),  # nobody knows which was the first
        ("1: 900, 3: <300, 5: 300", 3),
        ("1: 900, 3: 300, 5: <350", None),
        ("1: 900, 3: 301..400, 5: 300", 5),
        ("1: 900, 3: 300..400, 5: 300", None),
        ("1: 900, 3: >300, 5: 300", None),
        ("1: >900, 2: >900, 5: 300", None),  # no time of the peak
        ("1: >200, 5: 100", None),  # perhaps never above
    ],
)
def test_normal_again(chart: str, day: int | None) -> None:
    found = row(series("ferritin", chart, "300"))
    assert found.normal_time == (None if day is None else at(f"d{day} 08:00"))
    assert found.days_to_normal == (
        None if day is None else day - 1 - (0.04 if day == 40 else 0)
    )  # the clock has changed


def test_limits() -> None:
    chart = "d1 08:00 | {0} | 900\nd5 08:00 | {0} | 300"
    site = from_site({"upper_limits": {"crp": 300, "ferritin": 300, "il6": 300, "ldh": 299.9}})
    for name, day in (("crp", 4), ("ferritin", 4), ("il6", 4), ("ldh", None)):
        assert row(chart.format(name), name).normal_time is None, "no limit, no guess"
        assert row(chart.format(name), name, settings=site).days_to_normal == day
    own = "d1 08:00 | crp | 900 | | ref_high=5\nd5 08:00 | crp | 300 | | ref_high=5"
    assert row(own, "crp", settings=site).normal_time is None, "the laboratory's own limit goes first"
    one_limit = "d1 08:00 | crp | 900 | | ref_high=5\nd4 08:00 | crp | 4\nd5 08:00 | crp | 4 | | ref_high=5"
    assert row(one_limit, "crp").normal_time is None
    cells = "d1 08:00 | car_t_cells | 900 | | ref_high=1\nd5 08:00 | car_t_cells | 0 | | ref_high=1"
    assert row(cells, "car_t_cells").normal_time is None, "cells have no normal"


def test_numbers_before_rounding_are_compared() -> None:
    high, normal = events("d1 08:00 | crp | 900 | | ref_high=5\nd5 08:00 | crp | 5 | | ref_high=5")
    finer = normal._replace(exact=Exact(Fraction("50.4"), Fraction(0), Fraction(50)))
    infused = ADULT._replace(infusion_time=at("d0 08:00"))
    for event, time in ((normal, at("d5 08:00")), (finer, None)):
        (graded,) = grade_course(Course((infused,), (high, event)), [], SETTINGS)
        assert graded.biomarkers[0].normal_time == time
        assert graded.biomarkers[0].last_low == 5


CELLS = "0: 0, 7: 100, 14: 40, 28: 0"


@pytest.mark.parametrize(
    ("chart", "low", "high", "span"),
    [
        (CELLS, 1119.167, 1119.167, (0, 27.96)),
        ("0: 0, 7: 100, 21: 40", 1330, 1330, (0, 21)),
        ("0: 0, 7: 100, 20: 40", None, None, (None, None)),
        ("7: 100, 14: 40, 28: 0", 769.167, 769.167, (7, 27.96)),
        ("8: 100, 14: 40, 28: 0", None, None, (None, None)),
        ("0: 0, 21: 40", None, None, (None, None)),
        (f"{CELLS}, 29: 900", 1119.167, 1119.167, (0, 27.96)),
        ("0: 0, 7: 100, 29: 900", None, None, (None, None)),
        ("0: <1, 7: 100, 14: 40, 28: <1", 1119.167, 1129.635, (0, 27.96)),
        ("0: 0, 7: >100, 14: 40, 28: 0", 1119.174, None, (0, 27.96)),
        (f"-1: 900, {CELLS}", 1119.167, 1119.167, (0, 27.96)),
    ],
)
def test_area(chart: str, low: float | None, high: float | None, span: tuple[float | None, float | None]) -> None:
    found = row(series("car_t_cells", chart), "car_t_cells")
    assert (found.auc_0_28_low, found.auc_0_28_high) == (low, high)
    assert (found.auc_from_day, found.auc_to_day) == span


def test_days_of_the_area_are_those_of_the_site() -> None:
    chart = "d7 23:59 | car_transgene | 10\nd10 08:00 | car_transgene | 10\nd21 00:00 | car_transgene | 10"
    found = row(chart, "car_transgene")
    assert (found.auc_0_28_low, found.auc_from_day, found.auc_to_day) == (130.007, 7.67, 20.67)
    for late in (chart.replace("d7 23:59", "d8 00:00"), chart.replace("d21 00:00", "d20 23:59")):
        assert row(late, "car_transgene").auc_0_28_low is None
    longer = f"{chart}\nd28 12:00 | car_transgene | 10\nd29 00:00 | car_transgene | 10"
    assert row(longer, "car_transgene").auc_to_day == 28.12, "the clock has changed on day 27"
    assert row(longer.replace("d29 00:00", "d28 23:59"), "car_transgene").auc_to_day == 28.62
    assert row(series("ldh", CELLS), "ldh").auc_0_28_low is None, "of expansion alone"


def test_two_measurements_make_an_area_where_the_site_says_so() -> None:
    site = from_site({"auc_measurements": 1, "auc_first_day": 20, "auc_last_day": 10})
    assert row("d12 08:00 | car_t_cells | 5", "car_t_cells", settings=site).auc_0_28_low is None
    chart = "d12 08:00 | car_t_cells | 5\nd14 08:00 | car_t_cells | 7"
    assert row(chart, "car_t_cells", settings=site).auc_0_28_low == 12


TOCILIZUMAB = "d3 08:00 | tocilizumab | 640"


@pytest.mark.parametrize(
    ("dose", "il6", "crp"),
    [
        ("", (90, 5, 0), (90, 0)),
        (TOCILIZUMAB, (20, 2, 2), (90, 2)),
        ("d3 08:01 | tocilizumab | 640", (30, 3, 1), (90, 1)),
        ("d3 08:00 | tocilizumab | ?", (20, 2, 2), (90, 2)),
        ("d3 08:00 | tocilizumab | 0", (90, 5, 0), (90, 0)),
        ("d3 08:00 | tocilizumab | 640 | | route=intrathecal", (90, 5, 0), (90, 0)),
        ("d3 08:00 | siltuximab | 640", (90, 5, 0), (90, 0)),
        ("d-23 08:00 | tocilizumab | 640", (90, 5, 2), (90, 2)),
    ],
)
def test_after_tocilizumab(dose: str, il6: tuple[float, float, int], crp: tuple[float, int]) -> None:
    """IL-6 is left out from a dose on, for 28 days; CRP is counted, and says how many are after one."""
    day = {90: 5, 30: 3, 20: 2}
    chart = f"{series('il6', '2: 20, 3: 30, 5: 90')}\n{series('crp', '2: 20, 3: 30, 5: 90')}\n{dose}"
    found = {one.signal: one for one in rows(chart)}
    if dose.startswith("d-23"):  # it acts until day 5, 08:00
        assert (found["il6"].peak_low, found["il6"].measurements, found["il6"].after_tocilizumab) == (90, 3, 2)
        assert found["il6"].last_low == 90
        return
    assert found["il6"].peak_low == found["il6"].last_low == il6[0]
    assert found["il6"].peak_day == il6[1] == day[int(il6[0])]
    assert (found["il6"].measurements, found["il6"].after_tocilizumab) == (3, il6[2])
    assert (found["crp"].peak_low, found["crp"].after_tocilizumab) == crp
    assert found["crp"].tocilizumab_time == (at(dose.partition("|")[0]) if crp[1] else None)


def test_the_first_dose_that_a_measurement_is_after() -> None:
    chart = f"d-60 08:00 | tocilizumab | 640\n{TOCILIZUMAB}\nd2 08:00 | tocilizumab | 640\nd4 08:00 | crp | 9"
    assert row(chart, "crp").tocilizumab_time == at("d2 08:00")
    assert row(f"{chart}\n{RISE}").after_tocilizumab is None, "ferritin stays as it is"


def test_il6_wholly_after_tocilizumab() -> None:
    chart = f"d-2 08:00 | tocilizumab | 640\n{series('il6', '-1: 20, 3: 30, 5: 90', '7')}"
    found = row(chart, "il6")
    assert found.measurements == found.after_tocilizumab == 2
    assert found[5:20] == (None,) * 15
    lines = biomarker_lines([found], SETTINGS.zone)
    assert lines == ["", "Biomarkers until then", "  il6: 2 of 2 measurements after tocilizumab"]


def test_the_baseline_of_crp_stays_after_tocilizumab() -> None:
    chart = "d-2 08:00 | tocilizumab | 640\nd-1 08:00 | crp | 5\nd1 08:00 | crp | 10\nd-1 08:00 | il6 | 5\nd1 08:00 | il6 | 9"
    assert row(chart, "crp").fold_low == 2
    assert row(chart.replace("d-2", "d-1 08:01 | crp | 5\nd0"), "il6").baseline_low == 5


def test_ties_and_dates_are_flagged() -> None:
    chart = "d-1 08:00 | crp | 5 | | flags=time_assumed\nd1 08:00 | crp | 9\nd1 08:00 | crp | 12"
    found = row(chart, "crp")
    assert (found.peak_low, found.flags) == (12, ("tie", "time_assumed"))
    assert row("d1 08:00 | crp | 9", "crp", ADULT._replace(flags=frozenset({"time_assumed"}))).flags == (
        "time_assumed",
    )


@pytest.mark.parametrize(("column", "last"), [("death_time", 4000), ("last_followup", 4000)])
def test_nothing_after_death_or_follow_up(column: str, last: float) -> None:
    patient = ADULT._replace(**{column: at("d5 08:00")})
    assert row(RISE, patient=patient).last_low == last
    earlier = ADULT._replace(**{column: at("d5 07:59")})
    assert (row(RISE, patient=earlier).last_low, row(RISE, patient=earlier).measurements) == (1000, 2)
    assert row(f"{RISE}\nd5 07:59 | death | crs").last_low == 1000


def test_as_of() -> None:
    assert row(RISE, as_of="d5 08:00").peak_low == 4000
    found = row(RISE, as_of="d5 07:59")
    assert (found.peak_low, found.measurements, found.last_low) == (1000, 2, 1000)
    late = (
        "d1 08:00 | crp | 5\nd2 08:00 | crp | 9 | | recorded_at=d4 08:00\nd6 08:00 | crp | 20 | | recorded_at=d1 09:00"
    )
    assert row(late, "crp", as_of="d3 08:00").peak_low == 5
    assert row(late, "crp", as_of="d4 08:00").peak_low == 9


def test_each_infusion_has_its_own() -> None:
    first = ADULT._replace(infusion_time=at("d0 08:00"))
    second = first._replace(infusion=2, infusion_time=at("d5 08:00"))
    course = Course((second, first), tuple(events(RISE)))
    one, two = (graded.biomarkers[0] for graded in grade_course(course, [SCALES[CRS]], SETTINGS))
    assert (one.infusion, one.measurements, one.peak_low, one.last_low) == (1, 2, 1000, 1000)
    assert (two.infusion, two.baseline_low, two.peak_low, two.peak_day, two.measurements) == (2, 1000, 4000, 0, 2)


EXPLAINED = f"""{RISE}
d1 08:00 | temperature | 39
d9 08:00 | temperature | 37
{series("crp", "-1: 5, 1: 300, 4: 4", "5")}
{series("car_t_cells", CELLS)}
{TOCILIZUMAB}"""


def explained(scale: str, when: str, chart: str = EXPLAINED) -> tuple[str, list[dict[str, object]]]:
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), tuple(events(chart)))
    found = explain_course(course, None, SCALES[scale], SETTINGS, at(when))
    values = found.to_json()
    assert json.loads(json.dumps(values)) == values
    return render_text(found, SETTINGS).partition("Biomarkers until then\n")[2], values["biomarkers"]


def test_an_explanation_says_what_was_known_then() -> None:
    text, values = explained(CRS, "d4 09:00")
    assert text.splitlines() == [
        "  car_t_cells: peak 0 /uL at 2026-03-02T08:00:00+01:00; day 0; last 0 /uL at 2026-03-02T08:00:00+01:00",
        "  crp: peak 300 mg/L at 2026-03-03T08:00:00+01:00; day 1; baseline 5 mg/L at 2026-03-01T08:00:00+01:00; "
        "fold change 60; normal at 2026-03-06T08:00:00+01:00, 3 days after the peak; "
        "last 4 mg/L at 2026-03-06T08:00:00+01:00; 1 of 2 measurements after tocilizumab",
        "  ferritin: peak 1000 ug/L at 2026-03-05T08:00:00+01:00; day 3; "
        "baseline 400 ug/L at 2026-03-01T08:00:00+01:00; fold change 2.5; doubled in 2 days; "
        "last 1000 ug/L at 2026-03-05T08:00:00+01:00",
    ]
    assert [one["signal"] for one in values] == ["car_t_cells", "crp", "ferritin"]
    assert values[2]["peak_time"] == "2026-03-05T08:00:00+01:00"
    assert (values[2]["peak_low"], values[2]["normal_time"], values[2]["flags"]) == (1000, None, [])
    assert not {"patient_id", "infusion"} & set(values[2])


def test_an_explanation_of_expansion_and_of_bounds() -> None:
    text, _ = explained(CRS, "d28 09:00", f"{EXPLAINED}\nd28 08:00 | temperature | 37\nd2 08:00 | ldh | >400")
    assert "AUC0-28 1119.167 /uL*day, measured from day 0 to 27.96" in text
    assert "ldh: peak ≥400.1 U/L at" in text
    bounded, _ = explained(CRS, "d4 09:00", f"{EXPLAINED}\n{series('ldh', '-1: 0, 1: >400, 2: >400')}")
    assert "ldh: peak ≥400.1 U/L; baseline 0 U/L at 2026-03-01T08:00:00+01:00; last ≥400.1" in bounded


def test_an_explanation_of_icans_has_them_and_one_of_nothing_measured_has_none() -> None:
    chart = f"{EXPLAINED}\nd4 08:00 | ice | 9"
    assert len(explained("icans-astct-2019", "d4 09:00", chart)[1]) == 3
    assert explained(CRS, "d1 09:00", "d1 08:00 | temperature | 39") == ("", [])
    counts = f"{EXPLAINED}\nd4 08:00 | neutrophils | 0.4"
    assert explained("icaht-early-2023", "d4 09:00", counts) == ("", []), "a count has nothing to do with them"


def test_a_scale_that_asks_for_ferritin_has_them() -> None:
    record = Record(ADULT._replace(infusion_time=at("d0 08:00")), events(RISE), SETTINGS)
    field = Field("ferritin", "ferritin", (0, 1), ("normal", "raised"), "laboratory", ("ferritin",))
    ladder = Ladder("ferritin", "Ferritin", LEE_2019, (Rung(1, field, "raised"),))
    scale = Scale("hyperinflammation", "1", "Hyperinflammation", LEE_2019, MeasuredCourse(), (ladder,))
    (found,) = biomarkers_until(record, events(RISE), scale, at("d4 08:00"))
    assert (found.signal, found.measurements) == ("ferritin", 2)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(3.5, 3.5, "3.5"), (1200000.0, 1200000.0, "1200000"), (0.0, 0.9, "0..0.9"), (2.0, None, "≥2"), (None, 4.0, "≤4"),
     (None, None, "-")],
)  # fmt: skip
def test_numbers_as_people_read_them(low: float | None, high: float | None, text: str) -> None:
    assert show_values(low, high) == text
