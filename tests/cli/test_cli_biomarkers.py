"""The table of biomarkers as a user gets it, in both forms, and on the page of a patient."""

import base64
import gzip
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil import app

PATIENTS = """\
patient_id,infusion,infusion_time
P1,1,2026-02-02T11:00+01:00
P1,2,2026-02-27T11:00+01:00
"""
EVENTS = """\
patient_id,time,signal,value,unit,ref_high
P1,2026-03-01T08:00+01:00,ferritin,1200,ng/mL,300
P1,2026-03-04T08:00+01:00,ferritin,>4000,ng/mL,300
P1,2026-03-09T08:00+01:00,ferritin,250,ng/mL,300
P1,2026-03-01T08:00+01:00,crp,1.25,mg/dL,
P1,2026-02-05T11:00+01:00,crp,98,mg/L,
P1,2026-02-28T11:00+01:00,tocilizumab,640,mg,
"""
LINES = """\
P1,1,crp,mg/L,1,,,,98,98,2026-02-05T11:00:00+01:00,3,,,,98,98,2026-02-05T11:00:00+01:00,,,,,,,,0,
P1,2,crp,mg/L,1,,,,12.5,12.5,2026-03-01T08:00:00+01:00,1.88,,,,12.5,12.5,2026-03-01T08:00:00+01:00,,,,,,,\
2026-02-28T11:00:00+01:00,1,
P1,2,ferritin,ug/L,3,,,,4000.1,,2026-03-04T08:00:00+01:00,4.88,,,,250,250,2026-03-09T08:00:00+01:00,\
2026-03-09T08:00:00+01:00,5,,,,,,,
"""


def ward(folder: Path) -> list[Path]:
    (folder / "patients.csv").write_text(PATIENTS, "utf-8")
    (folder / "events.csv").write_text(EVENTS, "utf-8")
    return [folder / "patients.csv", folder / "events.csv"]


def test_the_table_as_text(tmp_path: Path) -> None:
    report = app.grade(ward(tmp_path), tmp_path / "out", "crs-astct-2019", form="csv")
    text = (tmp_path / "out" / "biomarkers.csv").read_text("utf-8")
    assert text.partition("\n")[2] == LINES
    assert "biomarkers.csv" in report.files
    assert '"biomarkers": 3' in (tmp_path / "out" / "manifest.json").read_text("utf-8")


def test_the_table_as_parquet(tmp_path: Path) -> None:
    app.grade(ward(tmp_path), tmp_path / "out", "crs-astct-2019")
    table = pq.read_table(tmp_path / "out" / "biomarkers.parquet")
    assert table.column("peak_low").to_pylist() == [98, 12.5, 4000.1]
    assert table.column("after_tocilizumab").to_pylist() == [0, 1, None]
    kinds = {name: table.schema.field(name).type for name in ("peak_low", "peak_high", "normal_time", "measurements")}
    number, time = pa.float64(), pa.timestamp("us", "UTC")
    assert kinds == {"peak_low": number, "peak_high": number, "normal_time": time, "measurements": pa.int32()}


def test_the_page_of_a_patient(tmp_path: Path) -> None:
    app.grade(ward(tmp_path), tmp_path / "out", "crs-astct-2019", detail="full", language="nl")
    text = (tmp_path / "out" / "report.html").read_text("utf-8")
    packed = re.findall(r'data-page="[^"]+">([^<]+)</script>', text)
    first, second = (gzip.decompress(base64.b64decode(one)).decode() for one in packed)
    (row,) = re.findall(r'<tr><th scope="row">ferritine <.*?</tr>', second)
    cells = re.findall(r"<td>(.*?)</td>", row)
    assert cells[0] == "3" and cells[2].startswith("≥4000,1, 4 mrt 08:00") and cells[5].startswith("9 mrt 08:00")
    assert re.findall(r'<tr><th scope="row">CRP .*?</tr>', first)[0].endswith("<td></td></tr>")
    assert "tocilizumab: 1 / 1</td></tr>" in second
