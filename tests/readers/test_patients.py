"""The patients table: fields, problems, several infusions."""

import pytest
from tables_kit import HEADER, Reader

FULL = (
    "patient_id,infusion,infusion_time,product,disease,birth_date,age_years,sex,weight_kg,height_cm,cell_dose,"
    "lymphodepletion_start,leukapheresis_date,marrow_blasts_percent,baseline_ice,baseline_capd,baseline_oxygen,"
    "last_followup,death_time,death_cause,progression_date,next_therapy_date"
)


def patients(**cells: str) -> str:
    defaults = {"patient_id": "P1", "infusion_time": "2026-03-01T10:00+01:00"}
    names = FULL.split(",")
    return FULL + "\n" + ",".join({**defaults, **cells}.get(name, "") for name in names) + "\n"


def test_all_fields(read: Reader) -> None:
    text = patients(
        infusion="2",
        product="Axicabtagene ciloleucel",
        disease="b-all",
        age_years="61",
        sex="V",
        weight_kg="80.5",
        height_cm="180",
        cell_dose="170",
        lymphodepletion_start="2026-02-24",
        leukapheresis_date="2026-01-20",
        marrow_blasts_percent="12",
        baseline_ice="10",
        baseline_oxygen="neusbril 2 L/min",
        last_followup="2026-09-01",
        death_time="2026-09-01",
        death_cause="Infectie",
        progression_date="2026-05-01",
        next_therapy_date="2026-06-01",
    )
    found = read(HEADER, text)
    assert [p.code for p in found.problems] == ["empty_file"]
    patient = found.courses[0].infusions[0]
    assert patient[2:] == (
        2,
        "axi-cel",
        "B-ALL",
        61,
        "female",
        80.5,
        180.0,
        170.0,
        1771930800,
        1768906800,
        12.0,
        10,
        None,
        "nasal_cannula 2",
        1788256800,
        1788256800,
        "infection",
        1777629600,
        1780308000,
        frozenset(),
    )


BAD = [
    ({"product": "mystery"}, "unknown_word", "as_unknown"),
    ({"disease": "gout"}, "unknown_word", "as_unknown"),
    ({"sex": "q"}, "unknown_word", "as_unknown"),
    ({"weight_kg": "8000"}, "implausible", "as_unknown"),
    ({"weight_kg": "heavy"}, "not_a_number", "as_unknown"),
    ({"weight_kg": "80 kg"}, "implausible", "as_unknown"),
    ({"height_cm": "1.8"}, "implausible", "as_unknown"),
    ({"baseline_ice": "11"}, "implausible", "as_unknown"),
    ({"baseline_ice": "9.5"}, "implausible", "as_unknown"),
    ({"age_years": "old"}, "implausible", "as_unknown"),
    ({"birth_date": "2027-01-01"}, "impossible_date", "as_unknown"),
    ({"birth_date": "soon"}, "bad_time", "as_unknown"),
    ({"death_time": "2026-01-01"}, "impossible_date", "as_unknown"),
    ({"last_followup": "x"}, "bad_time", "as_unknown"),
    ({"lymphodepletion_start": "2026-04-01"}, "impossible_date", "as_unknown"),
    ({"death_cause": "bus"}, "unknown_word", "as_unknown"),
    ({"baseline_oxygen": "balloon"}, "unknown_word", "as_unknown"),
    ({"baseline_oxygen": "neusbril 2.2.2"}, "unknown_word", "as_unknown"),
    ({"product": "=A1"}, "formula_cell", "as_unknown"),
    ({"birth_date": "1960-05-01", "age_years": "50"}, "age_differs", "no"),
]


@pytest.mark.parametrize(("cells", "code", "used"), BAD)
def test_a_bad_cell_is_unknown(read: Reader, cells: dict[str, str], code: str, used: str) -> None:
    found = read(HEADER + "P1,2026-03-02,ice,7,,,\n", patients(**cells))
    assert [(p.code, p.used) for p in found.problems] == [(code, used)]
    assert found.problems[0].field in cells
    assert len(found.courses) == 1


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"infusion_time": ""}, ["bad_time"]),
        ({"infusion_time": "1776-07-04"}, ["bad_time"]),
        ({"infusion": "x"}, ["implausible"]),
        ({"infusion": "0"}, ["implausible"]),
        ({"infusion_time": "=NOW()"}, ["formula_cell", "bad_time"]),
    ],
)
def test_a_row_without_infusion(read: Reader, cells: dict[str, str], codes: list[str]) -> None:
    found = read(HEADER + "P1,2026-03-02,ice,7,,,\nP1,2026-03-02,ice,7,,,\n", patients(**cells))
    assert found.courses == []
    assert sorted(p.code for p in found.problems) == sorted([*codes, "unknown_patient"])


def test_several_infusions(read: Reader) -> None:
    text = "patient_id,infusion,infusion_time,weight_kg\nP1,2,2026-09-01,60\nP1,1,2026-03-01,80\n"
    text += "P1,1,2026-04-01,70\nP2,2,2026-03-01,\nP2,1,2026-04-01,\n"
    dates = ("2026-03-02", "2026-09-02", "2026-02-02")
    events = HEADER + "".join(f"P1,{date},tocilizumab,8,mg/kg,,\n" for date in dates)
    found = read(events, text)
    assert [[p.infusion for p in c.infusions] for c in found.courses] == [[1, 2], [2, 1]]
    assert [e.low for e in found.events] == [640_000, 480_000, 640_000]
    assert [(p.code, p.row) for p in found.problems] == [("duplicate_infusion", "4"), ("infusion_order", "6")]


def test_a_date_alone_is_flagged(read: Reader) -> None:
    found = read(HEADER + "P1,2026-03-02,ice,7,,,\n", patients(infusion_time="2026-03-01"))
    assert found.courses[0].infusions[0].flags == {"time_assumed"}
    assert found.problems == []


def test_an_age_is_counted_at_the_site(read: Reader) -> None:
    for born, age in (("1960-03-01", 66), ("1960-03-02", 65), ("2026-03-01", 0)):
        found = read(HEADER + "P1,2026-03-02,ice,7,,,\n", patients(birth_date=born))
        assert found.courses[0].infusions[0].age_years == age
