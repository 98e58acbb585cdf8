"""What clinicians charted, beside what the charting gives (semantics 8)."""

import pytest

from spec.charts import ADULT, at, grade, well

CRS, LEE, ICANS = "crs-astct-2019", "crs-lee-2014-label", "icans-astct-2019"
SICK = f"{well()}\nd1 09:30 | temperature | 39\nd1 10:00 | norepinephrine | 4/min | d1 20:00"


@pytest.mark.parametrize(
    ("what", "chart", "recorded", "agrees", "reason"),
    [
        ("the same", "", 3, True, ""),
        ("below", "", 2, False, "recorded 2 is below the derived 3"),
        ("above", "", 4, False, "recorded 4 is above the derived 3"),
        ("the same, of two vasopressors", "d1 10:00 | phenylephrine | 9/min", 4, True, ""),
        ("of an unknown oxygen device",
         "d1 10:15 | norepinephrine | stopped \n d1 10:30 | oxygen_device | nasal_cannula", 3,
         True, "inside the range; to narrow it chart oxygen_flow"),
        ("inside a range that charting cannot narrow",
         "d1 10:15 | norepinephrine | stopped \n d1 10:30 | oxygen_device | simple_mask | d3 00:00", 3, True, ""),
        ("with flags",
         "d1 10:00 | culture | positive", 2, False, "recorded 2 is below the derived 3 (positive_culture)"),
        ("with two", "d1 10:00 | culture | positive \n d1 09:30 | temperature | 38.9", 2, False,
         "recorded 2 is below the derived 3 (positive_culture, tie)"),
        ("at the moment of a change", "d1 11:00 | oxygen_device | cpap", 4, True, ""),
        ("as without attributions", "d1 10:30 | attribution | hypotension:infection | d1 20:00", 3, False,
         "recorded 3 is above the derived 1; it is what the charting without attributions gives"),
    ],
)  # fmt: skip
def test_agreement(what: str, chart: str, recorded: int, agrees: bool, reason: str) -> None:
    graded = grade(f"{SICK}\n{chart}\nd1 11:00 | recorded_crs_grade | {recorded}", CRS)
    (row,) = graded.concordance
    assert (row.time, row.recorded, row.agrees, row.reason) == (at("d1 11:00"), recorded, agrees, reason), what


def test_inside_a_range_that_charting_cannot_narrow() -> None:
    chart = f"{well()}\nd1 09:30 | dexamethasone | 10\nd1 10:00 | systolic_bp | 80\nd1 11:00 | recorded_crs_grade | 2"
    (row,) = grade(chart, CRS).concordance
    assert (row.low, row.high, row.agrees, row.reason) == (0, 2, True, "inside the range")


def test_not_graded() -> None:
    (row,) = grade("d1 11:00 | recorded_crs_grade | 2", CRS).concordance
    assert (row.low, row.high, row.agrees, row.reason) == (None, None, None, "not graded: not_observed")


@pytest.mark.parametrize(
    ("text", "scales"),
    [
        ("", (CRS, LEE)),
        ("ASTCT", (CRS,)),
        ("ASTCT 2019", (CRS,)),
        ("astct-2019", (CRS,)),
        ("crs-astct-2019", (CRS,)),
        ("Lee 2014", (LEE,)),
        ("Penn", ()),
    ],
)
def test_the_scale_it_names(text: str, scales: tuple[str, ...]) -> None:
    chart = f"{SICK}\nd1 11:00 | recorded_crs_grade | 2 | | text={text}"
    assert tuple(scale for scale in (CRS, LEE, ICANS) if grade(chart, scale).concordance) == scales


def test_icans_has_its_own() -> None:
    chart = f"{SICK}\nd1 10:00 | ice | 7\nd1 11:00 | recorded_icans_grade | 1"
    assert [row.agrees for row in grade(chart, ICANS).concordance] == [True]
    assert grade(chart, CRS).concordance == ()


def test_only_in_the_graded_time() -> None:
    chart = (
        f"{SICK}\nd0 07:00 | recorded_crs_grade | 1\nd1 20:00 | recorded_crs_grade | 5"
        "\nd2 09:00 | recorded_crs_grade | 5"
    )
    died = ADULT._replace(death_time=at("d1 20:00"), death_cause="crs")
    assert [(row.recorded, row.low, row.agrees) for row in grade(chart, CRS, died).concordance] == [(5, 5, True)]


def test_not_graded_outside_the_window() -> None:
    (row,) = grade("d0 09:00 | heart_rate | 90\nd40 11:00 | recorded_crs_grade | 0", CRS, as_of="d41 08:00").concordance
    assert row.reason == "not graded: after_window, not_observed"


def test_a_grade_of_another_scale_hides_none() -> None:
    chart = f"{SICK}\nd1 11:00 | recorded_crs_grade | 2 | | text=Lee\nd1 12:00 | recorded_crs_grade | 3 | | text=ASTCT"
    assert [(row.recorded, row.agrees) for row in grade(chart, CRS).concordance] == [(3, True)]
