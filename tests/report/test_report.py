"""The report as a file: the same bytes, nothing that belongs to the ward alone, one file or many."""

import base64
import gzip
import re
from pathlib import Path

import pytest

from cytovigil import app

PATIENTS = "patient_id,infusion_time,product,age_years,display_name,ward,bed\n"
EVENTS = "patient_id,time,signal,value,unit,source_id\n"


def ward(folder: Path, temperatures: dict[str, float], pressor: frozenset[str] = frozenset()) -> list[Path]:
    patients, events = PATIENTS, EVENTS
    for name, temperature in temperatures.items():
        patients += f"{name},2026-02-27T11:00+01:00,axi-cel,61,Mevrouw Jansen,C4-Oost,bed-17\n"
        events += f"{name},2026-03-02T08:00+01:00,temperature,{temperature},Cel,obs/1\n"
        if name in pressor:
            events += f"{name},2026-03-02T09:00+01:00,norepinephrine,4,ug/min,mar/1\n"
    (folder / "patients.csv").write_text(patients, "utf-8")
    (folder / "events.csv").write_text(events, "utf-8")
    return [folder / "patients.csv", folder / "events.csv"]


def pages(text: str) -> list[str]:
    packed = re.findall(r'data-page="[^"]+">([^<]+)</script>', text)
    return [gzip.decompress(base64.b64decode(one)).decode() for one in packed]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    inputs = ward(tmp_path, {"A": 38.5, "B": 37.0})
    texts = []
    for name in ("one", "two"):
        app.grade(inputs, tmp_path / name, detail="full")
        texts.append((tmp_path / name / "report.html").read_bytes())
    assert texts[0] == texts[1]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_nothing_that_belongs_to_the_ward_alone_is_in_it(tmp_path: Path, language: app.Language) -> None:
    app.grade(ward(tmp_path, {"A": 38.5}), tmp_path / "out", detail="full", language=language)
    text = (tmp_path / "out" / "report.html").read_text("utf-8")
    whole = "".join([text, *pages(text)])
    assert [word for word in ("Jansen", "C4-Oost", "bed-17") if word in whole] == []
    assert "src=" not in whole
    assert "://" not in whole.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_a_page_answers_what_a_round_asks(tmp_path: Path) -> None:
    inputs = ward(tmp_path, {"A": 38.5}, frozenset({"A"}))
    app.grade(inputs, tmp_path / "out", "crs-astct-2019", as_of="2026-03-02T10:00+01:00", detail="full")
    (page,) = pages((tmp_path / "out" / "report.html").read_text("utf-8"))
    table = re.sub(r"<[^>]+>", " ", page.partition("<figure>")[0])
    said = " ".join(table.split())
    assert "CRS, ASTCT consensus 2019" in said
    for words in ("one vasopressor, with or without vasopressin", "norepinephrine", "mar/1", "since"):
        assert words in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "oxygen device" in said, "what is not known"


def test_html_in_a_record_stays_text(tmp_path: Path) -> None:
    app.grade(ward(tmp_path, {"<img src=x onerror=alert(1)>": 38.5}), tmp_path / "out", detail="full")
    text = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "<img" not in "".join([text, *pages(text)])


def test_above_200_patients_a_file_for_each_worse_than_grade_2(tmp_path: Path) -> None:
    names = [f"N{number:03d}" for number in range(201)]
    inputs = ward(tmp_path, dict.fromkeys(names, 38.2), frozenset({"N007"}))
    report = app.grade(inputs, tmp_path / "out", "crs-astct-2019", detail="full")
    assert report.files[-2:] == ["report.html", "report-patients"]
    (file,) = (tmp_path / "out" / "report-patients").iterdir()
    text = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert f'<a href="report-patients/{file.name}">N007</a>' in text
    assert pages(text) == []
    assert "N007" in file.read_text("utf-8")
    assert "N007" not in file.name


def listed(text: str) -> list[str]:
    return re.findall(r'<th scope="row" data-key="([^"]+)"', text)


def test_whom_nobody_assessed_stands_above_who_is_well(tmp_path: Path) -> None:
    inputs = ward(tmp_path, {"A": 37.0, "B": 37.0})
    with inputs[0].open("a", encoding="utf-8") as file:
        file.write("N,2026-02-27T11:00+01:00,axi-cel,61,,,\n")
    app.grade(inputs, tmp_path / "out", as_of="2026-03-02T09:00+01:00", detail="overview")
    assert listed((tmp_path / "out" / "report.html").read_text("utf-8")) == ["N", "A", "B"]


def test_a_row_known_later_is_no_look(tmp_path: Path) -> None:
    inputs = ward(tmp_path, {"A": 37.0})
    before = (
        "patient_id,time,signal,value,unit,source_id,recorded_at\nA,2026-03-01T08:00+01:00,temperature,37,Cel,obs/1,\n"
    )
    late = "A,2026-03-02T08:30+01:00,temperature,37,Cel,obs/2,2026-03-03T09:00+01:00\n"
    texts = []
    for name, events in (("without", before), ("with", before + late)):
        inputs[1].write_text(events, "utf-8")
        app.grade(inputs, tmp_path / name, as_of="2026-03-02T09:00+01:00", detail="overview")
        texts.append((tmp_path / name / "report.html").read_text("utf-8"))
    assert texts[0] == texts[1]
    assert "25 h" in texts[0]


CHARTED = """patient_id,time,signal,value,unit,end,source_id
A,2026-03-02T08:00+01:00,temperature,38.5,Cel,,obs/1
A,2026-03-02T08:00+01:00,oxygen_device,none,,,obs/2
A,2026-03-02T08:00+01:00,systolic_bp,80,mm[Hg],,obs/3
A,2026-03-02T08:30+01:00,recorded_crs_grade,3,,,note/1
A,2026-03-02T08:00+01:00,attribution,hypotension:sedation,,2026-03-02T12:00+01:00,note/2
"""


def test_a_dutch_page_says_reasons_attributions_and_numbers_in_dutch(tmp_path: Path) -> None:
    inputs = ward(tmp_path, {"A": 38.5})
    inputs[1].write_text(CHARTED, "utf-8")
    app.grade(inputs, tmp_path / "out", "crs-astct-2019", detail="full", language="nl")
    (page,) = pages((tmp_path / "out" / "report.html").read_text("utf-8"))
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "vastgelegd 3 is hoger dan afgeleid 1" in said
    assert "toeschrijving hypotensie:sedatie, 2 mrt 08:00" in said
    assert "temperatuur 38,5 Cel" in said
    assert "recorded 3" not in said
