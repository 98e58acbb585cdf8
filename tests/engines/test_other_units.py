"""Units do not matter: the same course in other units and print forms gives the same bytes of output."""

from pathlib import Path

import pytest

from cytovigil.app import grade

PATIENTS = "patient_id,infusion_time,age_years,sex\nP1,2026-03-02T08:00+01:00,50,female\n"
HEADER = "patient_id,time,signal,value,unit,end\n"
CANONICAL = """P1,2026-03-02T09:00+01:00,temperature,38,Cel,
P1,2026-03-02T09:00+01:00,systolic_bp,90,mm[Hg],
P1,2026-03-02T09:00+01:00,spo2,96,%,
P1,2026-03-02T09:00+01:00,fio2,40,%,
P1,2026-03-02T09:00+01:00,oxygen_flow,6,L/min,
P1,2026-03-02T10:00+01:00,norepinephrine,3,ug/min,2026-03-02T20:00+01:00
P1,2026-03-02T10:00+01:00,creatinine,150.3,umol/L,
P1,2026-03-02T10:00+01:00,tocilizumab,640,mg,
"""
OTHER = """P1,2026-03-02T08:00Z,temp,100.4,°F,
P1,2026-03-02 09:00,systolic_bp,12,kPa,
P1,2026-03-02T09:00+01:00,SpO2,0.96,1,
P1,2026-03-02T09:00+01:00,fio2,0.4,,
P1,2026-03-02T09:00+01:00,oxygen_flow,6000,mL/min,
P1,2026-03-02T10:00+01:00,noradrenaline,0.18,mg/h,2026-03-02T19:00Z
P1,2026-03-02T10:00+01:00,creatinine,1.7,mg/dL,
P1,2026-03-02T10:00+01:00,tocilizumab,0.64,g,
"""


@pytest.mark.parametrize("table", ["timeline", "daily", "episodes", "summary"])
def test_other_units_same_output(table: str, tmp_path: Path) -> None:
    written = []
    for name, rows in (("canonical", CANONICAL), ("other", OTHER)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "patients.csv").write_text(PATIENTS)
        (folder / "events.csv").write_text(HEADER + rows)
        report = grade([folder], tmp_path / f"{name}-out", scales="all", form="csv")
        assert not report.problems
        written.append((tmp_path / f"{name}-out" / f"{table}.csv").read_bytes())
    assert written[0] == written[1]
