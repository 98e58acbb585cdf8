"""The worked cases of CRS, C1 to C28: one patient each, as a ward would chart it.

Where a case asks for a judgement, the chart alone gives a range or a flag, and the person's judgement settles it.
"""

import pytest

from cytovigil.model.events import Patient
from spec.charts import ADULT, grade, ranges, row_at, shown

CRS, LEE, LABEL = "crs-astct-2019", "crs-lee-2014", "crs-lee-2014-label"
NOW = "d4 10:00"
FEVER = "d4 08:00 | temperature | {}"
ROOM_AIR = "d4 08:00 | oxygen_device | none \n d4 08:00 | spo2 | 97"
PRESSURE = "d4 08:00 | systolic_bp | 120"
STABLE = f"{PRESSURE}\n{ROOM_AIR}"
RUNS = "d4 08:00 | {} | {} | d4 20:00"
NORADRENALINE, ADRENALINE = RUNS.format("norepinephrine", 4), RUNS.format("epinephrine", 2)
VASOPRESSIN = RUNS.format("vasopressin", 0.03)
CANNULA = "d4 08:00 | spo2 | 95 \n d4 08:00 | oxygen_device | nasal_cannula \n d4 08:00 | oxygen_flow | {}"
DEVICE = "d4 08:00 | spo2 | 95 \n d4 08:00 | oxygen_device | {}"
EARLIER = "d2 08:00 | temperature | 39 \n d2 08:00 | systolic_bp | 120 \n d2 08:00 | spo2 | 97"  # CRS since day 2
TOCILIZUMAB = "d3 22:00 | tocilizumab | 640"
KEPT_SEEN = "\n".join(f"d3 {hour}:00 | {row}" for hour in ("00", "12") for row in (
    "temperature | 37.2", "spo2 | 97", "systolic_bp | 120"))  # fmt: skip
NORMAL_ORGANS = "\n".join(
    f"{time} | {name} | {value} | | ref_high=100"
    for name, value in (("creatinine", 80), ("bilirubin", 10), ("ast", 20), ("alt", 20))
    for time in ("d-1 08:00", "d4 06:00")
)


def crs(chart: str, patient: Patient = ADULT, scale: str = CRS, time: str = NOW) -> tuple[str, tuple[str, ...]]:
    row = row_at(grade(f"{chart}\nd20 00:00 | heart_rate | 90", scale, patient), time)
    return shown(row), row.flags


@pytest.mark.parametrize(
    ("case", "rows", "expected"),
    [
        ("C1 39.5, one vasopressor, low-flow cannula", [FEVER.format(39.5), NORADRENALINE, CANNULA.format(2)], "3"),
        ("C3 noradrenaline and vasopressin", [FEVER.format(38.6), NORADRENALINE, VASOPRESSIN, ROOM_AIR], "3"),
        ("C4 noradrenaline and phenylephrine",
         [FEVER.format(38.6), NORADRENALINE, RUNS.format("phenylephrine", 40), ROOM_AIR], "4"),
        ("C9 face mask at 5 L/min",
         [FEVER.format(38.2), PRESSURE, DEVICE.format("simple_mask"), "d4 08:00 | oxygen_flow | 5"], "3"),
        ("C10 cannula at 6 L/min", [FEVER.format(38.2), PRESSURE, CANNULA.format(6)], "2"),
        ("C10 cannula at 7 L/min", [FEVER.format(38.2), PRESSURE, CANNULA.format(7)], "3"),
        ("C12 systolic 85 that responds to 1 L",
         [FEVER.format(39), "d4 08:00 | systolic_bp | 85", "d4 08:10 | fluid_bolus | 1000",
          "d4 09:00 | systolic_bp | 105", ROOM_AIR], "2"),
        ("C13 saturation and device missing", [FEVER.format(39), PRESSURE], "1..4"),
        ("C21 intubated for hypoxia, one vasopressor",
         [FEVER.format(39.5), NORADRENALINE, DEVICE.format("invasive_ventilation")], "4"),
        ("C23 noradrenaline and milrinone",
         [FEVER.format(38.8), NORADRENALINE, RUNS.format("milrinone", 0.4), ROOM_AIR], "3"),
        ("C28 face mask changed to a cannula at 4 L/min that suffices",
         [FEVER.format(39.1), PRESSURE, "d4 06:00 | oxygen_device | simple_mask", CANNULA.format(4)], "2"),
    ],
)  # fmt: skip
def test_settled_by_the_chart(case: str, rows: list[str], expected: str) -> None:
    assert crs("\n".join(rows)) == (expected, ()), case


@pytest.mark.parametrize(
    ("case", "rows", "expected"),
    [
        ("C2 37.2, 12 h after tocilizumab, noradrenaline",
         ["d4 08:00 | temperature | 37.2", TOCILIZUMAB, NORADRENALINE, ROOM_AIR], "3"),
        ("C5 37.0 after dexamethasone, noradrenaline, adrenaline, vasopressin",
         ["d4 08:00 | temperature | 37.0", "d3 08:00 | dexamethasone | 10", NORADRENALINE, ADRENALINE, VASOPRESSIN,
          ROOM_AIR], "4"),
        ("C26 the day after tocilizumab: vasopressor stopped, cannula at 2 L/min",
         ["d4 08:00 | temperature | 36.9", TOCILIZUMAB, "d3 02:00 | norepinephrine | 4 | d4 06:00", PRESSURE,
          CANNULA.format(2)], "2"),
    ],
)  # fmt: skip
def test_treated_without_fever(case: str, rows: list[str], expected: str) -> None:
    assert crs("\n".join([EARLIER, KEPT_SEEN, *rows])) == (expected, ()), case


def test_c26_is_the_same_episode_downgraded() -> None:
    chart = "\n".join([
        EARLIER, KEPT_SEEN, "d2 20:00 | tocilizumab | 640", "d2 22:00 | norepinephrine | 4 | d4 06:00",
        "d4 06:00 | temperature | 36.9", PRESSURE, CANNULA.format(2),
    ])  # fmt: skip
    assert [crs(chart, time=time)[0] for time in ("d4 03:00", NOW)] == ["3", "2"]
    assert len(grade(chart, CRS).episodes) == 1


def test_c6_cpap_at_home_for_sleep_apnoea() -> None:
    """As the baseline it does not count; where the baseline was not charted, a person must say so."""
    chart = "\n".join([FEVER.format(38.4), PRESSURE, "d4 08:00 | oxygen_device | cpap", "d4 08:00 | spo2 | 96"])
    assert crs(chart, ADULT._replace(baseline_oxygen="cpap")) == ("1", ("baseline_device",))
    assert crs(f"{chart}\nd4 08:00 | attribution | hypoxia:sleep_apnoea | d5 00:00") == ("1", ())
    assert crs(chart) == ("4", ())


def test_c7_cpap_started_for_saturation_84() -> None:
    assert crs("\n".join([FEVER.format(38.4), PRESSURE, "d4 07:00 | spo2 | 84", DEVICE.format("cpap")])) == ("4", ())


def test_c8_intubated_for_gcs_6() -> None:
    chart = f"""{FEVER.format(38.9)}
        {PRESSURE}
        d4 06:00 | spo2          | 97
        d4 06:00 | oxygen_device | none
        d4 07:30 | gcs           | 6
        d4 08:00 | oxygen_device | invasive_ventilation
        d4 08:00 | fio2          | 21"""
    assert crs(chart) == ("1..4", ("airway_or_hypoxia",))
    assert crs(f"{chart}\nd4 08:00 | attribution | hypoxia:airway_protection | d5 00:00") == ("1", ())


def test_c11_never_febrile_systolic_80_on_dexamethasone() -> None:
    chart = f"d-5 08:00 | dexamethasone | 10 \n d4 07:00 | dexamethasone | 10 \n {ROOM_AIR}"
    chart += "\n d4 08:00 | temperature | 37.0 \n d4 08:00 | systolic_bp | 80"
    assert crs(chart) == ("0..2", ("masked_fever",))


def test_c14_coli_in_the_blood_after_crs_has_resolved() -> None:
    """The culture is a flag. That it is no CRS, a person must say."""
    chart = f"""{EARLIER}
        d3 08:00 | temperature    | 37
        d9 08:00 | temperature    | 38.5
        d9 08:00 | spo2           | 97
        d9 07:00 | culture        | positive
        d9 08:00 | norepinephrine | 6 | d9 20:00"""
    assert crs(chart, time="d9 10:00") == ("3", ("positive_culture",))
    judged = f"""{chart}
        d9 08:00 | attribution | fever:infection       | d10 08:00
        d9 08:00 | attribution | hypotension:infection | d10 08:00"""
    assert crs(judged, time="d9 10:00") == ("0", ("positive_culture",))


def test_c15_dialysis_and_bilirubin_of_grade_4() -> None:
    chart = "\n".join([FEVER.format(38.3), STABLE, NORMAL_ORGANS, "d4 07:00 | dialysis | continuous",
                       "d4 07:00 | bilirubin | 1100 | | ref_high=100"])  # fmt: skip
    assert [crs(chart, scale=scale) for scale in (CRS, LEE, LABEL)] == [("1", ()), ("4", ()), ("4", ())]


@pytest.mark.parametrize(
    ("case", "rows", "expected"),
    [
        ("C16 dopamine 5 ug/kg/min, low dose", [RUNS.format("dopamine", 5),
         "d4 08:00 | vasopressor_high_dose | absent", "d4 08:00 | tocilizumab | 640"], ("3", "2")),
        ("C16 its dose class not charted", [RUNS.format("dopamine", 5)], ("3", "2..3")),
        ("C17 dopamine and dobutamine: an inotrope does not count",
         [RUNS.format("dopamine", 5), RUNS.format("dobutamine", 5)], ("3", "2..3")),
        ("C17 high dose charted", [RUNS.format("dopamine", 5), RUNS.format("dobutamine", 5),
         "d4 08:00 | vasopressor_high_dose | present"], ("3", "3")),
    ],
)  # fmt: skip
def test_dopamine(case: str, rows: list[str], expected: tuple[str, str]) -> None:
    chart = "\n".join([FEVER.format(39.7), "d4 08:00 | systolic_bp | 90", ROOM_AIR, NORMAL_ORGANS, *rows])
    assert tuple(crs(chart, scale=scale)[0] for scale in (CRS, LEE)) == expected, case


def test_c18_fever_6_h_after_infusion_low_flow_on_day_2() -> None:
    chart = """d0 14:00 | temperature | 38.5
        d0 14:00 | systolic_bp | 120 | d4 00:00
        d0 14:00 | spo2 | 96 | d4 00:00
        d1 08:00 | temperature | 38.5 \n d2 04:00 | temperature | 38.5
        d2 06:00 | oxygen_device | nasal_cannula \n d2 06:00 | oxygen_flow | 2"""
    assert ranges(chart, CRS, ["d0 15:00", "d1 12:00", "d2 08:00"]) == {
        "d0 15:00": "1",
        "d1 12:00": "1",
        "d2 08:00": "2",
    }


def test_c19_fever_on_day_11_after_crs_has_resolved() -> None:
    chart = f"""{EARLIER}
        d3 08:00 | temperature | 37 \n d3 08:00 | systolic_bp | 120 \n d3 08:00 | spo2 | 97
        d11 08:00 | temperature | 39 \n d11 08:00 | systolic_bp | 120 \n d11 08:00 | spo2 | 93
        d11 08:00 | oxygen_device | high_flow_nasal_cannula
        d11 07:00 | ferritin | 800000"""
    assert crs(chart, time="d11 10:00") == ("3", ())
    assert [one.onset_day for one in grade(chart, CRS).episodes] == [2, 11]


def test_c20_vasopressin_only() -> None:
    assert crs("\n".join([FEVER.format(39), VASOPRESSIN, ROOM_AIR])) == ("3", ("vasopressin_alone",))


def test_c22_intubated_as_a_seizure_stopped_the_breath() -> None:
    """Saturation 80 % before it: the chart alone reads hypoxia. A person says that the seizure caused it."""
    chart = f"""{FEVER.format(39)}
        {PRESSURE}
        d4 07:50 | seizure | prolonged
        d4 07:55 | spo2    | 80
        {DEVICE.format("invasive_ventilation")}"""
    assert crs(chart) == ("4", ())
    assert crs(f"{chart}\nd4 07:50 | attribution | hypoxia:seizure | d5 00:00") == ("1", ())


def test_c24_oxygen_for_comfort() -> None:
    chart = "\n".join([FEVER.format(38.5), PRESSURE, CANNULA.format(2)])
    assert crs(chart)[0] == "2"
    assert crs(f"{chart}\nd4 08:00 | attribution | hypoxia:comfort | d5 00:00") == ("1", ())


def test_c25_a_boy_of_3_years_with_systolic_84() -> None:
    chart = "\n".join([FEVER.format(38.9), "d4 08:00 | systolic_bp | 84", ROOM_AIR])
    assert crs(chart, ADULT._replace(age_years=3)) == ("1", ())
    assert crs(chart) == ("2", ())


def test_c27_ventilated_only_for_coma_5_days_after_tocilizumab() -> None:
    """Without fever and vasopressor CRS is over if the ventilator is for the airway, as a person says."""
    chart = f"""{EARLIER}
        d2 10:00 | tocilizumab   | 640
        d2 09:00 | consciousness | unarousable | d8 00:00
        d2 12:00 | oxygen_device | invasive_ventilation | d8 00:00
        d2 08:00 | systolic_bp   | 120 | d8 00:00
        d2 08:00 | spo2          | 97  | d8 00:00
        d3 00:00 | temperature   | 37 \n d7 08:00 | temperature | 37"""
    assert crs(chart, time="d7 10:00") == ("0..4", ("airway_or_hypoxia", "masked_fever"))
    assert crs(f"{chart}\nd2 12:00 | attribution | hypoxia:airway_protection | d8 00:00", time="d7 10:00") == ("0", ())
