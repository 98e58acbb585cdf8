"""The worked cases of ICANS, I1 to I25: one patient each, as a ward would chart it."""

import pytest

from spec.charts import ADULT, at, grade, row_at, shown

ICANS = "icans-astct-2019"
NOW = "d6 10:00"
CHILD = ADULT._replace(age_years=7)


def icans(chart: str, patient: object = ADULT, time: str = NOW) -> tuple[str, tuple[str, ...]]:
    row = row_at(grade(f"{chart}\nd90 00:00 | heart_rate | 90", ICANS, patient), time)
    return shown(row), row.flags


AWAKE = "d6 09:00 | consciousness | awake"


@pytest.mark.parametrize(
    ("case", "chart", "expected"),
    [
        ("I1 ICE 3, one generalised seizure", f"{AWAKE} \n d6 09:00 | ice | 3 \n d6 08:00 | seizure | resolved", "3"),
        ("I2 ICE 0, awake, mute", f"{AWAKE} \n d6 09:00 | ice | 0", "3"),
        ("I3 ICE 0, cannot be aroused", "d6 09:00 | ice | 0 \n d6 09:00 | consciousness | unarousable", "4"),
        ("I8 seizure of 6 minutes", f"{AWAKE} \n d6 09:00 | ice | 10 \n d6 08:00 | seizure | prolonged", "4"),
        ("I9 two seizures, no return to baseline",
         f"{AWAKE} \n d6 09:00 | ice | 10 \n d6 08:00 | seizure | repetitive", "4"),
        ("I10 nonconvulsive, stops with levetiracetam, ICE 5",
         f"{AWAKE} \n d6 09:00 | ice | 5 \n d6 08:00 | seizure | nonconvulsive_resolved \n d6 08:10 | levetiracetam | 500",
         "3"),
        ("I11 ICE 8, tremor", f"{AWAKE} \n d6 09:00 | ice | 8 \n d6 09:00 | tremor | present", "1"),
        ("I12 ICE 10, tremor, headache", f"{AWAKE} \n d6 09:00 | ice | 10 \n d6 09:00 | tremor | present", "0"),
        ("I13 ICE 10, new hemiparesis",
         f"{AWAKE} \n d6 09:00 | ice | 10 \n d6 09:00 | motor_weakness | deep_focal", "4"),
        ("I20 ICE 7, only arousable by touch", "d6 09:00 | ice | 7 \n d6 09:30 | consciousness | tactile", "3"),
        ("I22 EEG slowing, no seizure, ICE 8", f"{AWAKE} \n d6 09:00 | ice | 8", "1"),
        ("I23 ICE 9, papilloedema and sixth nerve palsy",
         (f"{AWAKE} \n d6 09:00 | ice | 9 \n d6 09:00 | raised_icp | papilloedema"
         "\n d6 09:00 | raised_icp | sixth_nerve_palsy | | source_id=second"), "4"),
        ("I24 hallucinations, asterixis, ICE 10", f"{AWAKE} \n d6 09:00 | ice | 10", "0"),
    ],
)  # fmt: skip
def test_adult(case: str, chart: str, expected: str) -> None:
    assert icans(chart) == (expected, ()), case


def test_i4_ice_0_under_propofol() -> None:
    """Not 4 but not known; what was known before is held."""
    sedated = "d6 07:00 | propofol | 200/h | d6 20:00 \n d6 09:00 | ice | 0"
    assert icans(f"d6 06:00 | consciousness | awake \n d6 06:00 | ice | 10 \n {sedated}") == ("0..4", ())
    assert icans(f"d6 06:00 | consciousness | awake \n d6 06:00 | ice | 5 \n {sedated}") == (
        "2..4",
        ("held_under_sedation",),
    )


@pytest.mark.parametrize(
    ("case", "score", "expected"),
    [("I5 ICE 9 as before the infusion", 9, ("0..1", ("at_baseline",))), ("I6 today 6", 6, ("2", ()))],
)
def test_baseline_ice_of_9(case: str, score: int, expected: tuple[str, tuple[str, ...]]) -> None:
    assert icans(f"{AWAKE} \n d6 09:00 | ice | {score}", ADULT._replace(baseline_ice=9)) == expected, case


def test_i7_a_seizure_yesterday_ice_9_today() -> None:
    chart = (
        "d5 09:00 | seizure | resolved \n d5 09:10 | ice | 9 \n d6 09:00 | ice | 9 "
        "\n d5 09:10 | avpu | A \n d6 08:00 | avpu | A"
    )
    assert [icans(chart, time=time)[0] for time in ("d5 10:00", NOW)] == ["3", "1"]
    (one,) = grade(chart, ICANS).episodes
    assert (one.peak_low, one.peak_high, one.peak_time) == (3, 3, at("d5 09:00"))


def test_i14_ice_4_subdural_haematoma_with_oedema() -> None:
    """The oedema does not count; whether the ICE is due to the bleeding, a person must say."""
    chart = f"""{AWAKE}
        d6 09:00 | ice                   | 4
        d6 08:00 | raised_icp            | diffuse_oedema
        d6 08:00 | intracranial_bleeding | present"""
    assert icans(chart) == ("2", ("intracranial_bleeding",))
    assert icans(f"{chart}\nd6 09:30 | attribution | ice:bleeding") == ("0", ("intracranial_bleeding",))


@pytest.mark.parametrize(
    ("case", "day", "finding"),
    [
        ("I15 facial palsy on day 21", 21, "cranial_nerve_palsy"),
        ("I21 parkinsonism on day 81", 81, "movement_disorder"),
    ],
)
def test_late_neurotoxicity_is_not_icans(case: str, day: int, finding: str) -> None:
    chart = f"d{day} 09:00 | ice | 10 \n d{day} 09:00 | avpu | A \n d{day} 09:00 | other_neurotoxicity | {finding}"
    assert icans(chart, time=f"d{day} 10:00") == ("0", ()), case


@pytest.mark.parametrize(
    ("case", "chart", "expected"),
    [
        ("I16 CAPD 11, awakens to voice", "d6 09:00 | capd | 11 \n d6 09:00 | consciousness | voice", "3"),
        ("I17 CAPD 6, awakens to voice", "d6 09:00 | capd | 6 \n d6 09:00 | consciousness | voice", "2"),
        ("I18 no CAPD possible, coma", "d6 09:00 | consciousness | unarousable", "4"),
    ],
)
def test_child_of_7(case: str, chart: str, expected: str) -> None:
    assert icans(chart, CHILD) == (expected, ()), case


def test_i19_a_published_course() -> None:
    """Word-finding difficulty on day 8, worse on days 9 and 13, recovered on day 14."""
    scores = {8: 8, 9: 5, 13: 2, 14: 10}
    chart = "\n".join(f"d{day} 09:00 | ice | {score} \n d{day} 09:00 | avpu | A" for day, score in scores.items())
    assert [icans(chart, time=f"d{day} 10:00")[0] for day in scores] == ["1", "2", "3", "0"]


def test_i25_a_child_with_delay() -> None:
    child = CHILD._replace(baseline_capd=10)
    chart = f"{AWAKE} \n d6 09:00 | capd | 10"
    assert icans(chart, child) == ("0..3", ("at_baseline",))
    assert icans(f"{chart}\nd6 09:30 | attribution | ice:baseline", child) == ("0", ())
