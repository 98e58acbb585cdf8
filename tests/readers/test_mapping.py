"""The site's own names, words and units; and what to suggest for those that nothing maps."""

from pathlib import Path

import pytest
from tables_kit import HEADER, Reader

from cytovigil.model.settings import Settings
from cytovigil.readers.mapping import SiteMapping, read_mapping
from cytovigil.readers.tables import suggest_mapping

COLUMNS = "local_name,local_value,local_unit,signal,value,unit,factor\n"


def mapping(tmp_path: Path, rows: str) -> SiteMapping:
    path = tmp_path / "map.csv"
    path.write_text(COLUMNS + rows, encoding="utf-8")
    return read_mapping(path)


def test_names_words_units_and_factors(read: Reader, tmp_path: Path) -> None:
    site = mapping(
        tmp_path,
        "Koorts 1,,,temperature,,Cel,\nlab 7,,,crp,,mg/L,10\nO2-weg,,,oxygen_device,,,\n"
        "O2-weg,type B,,,cpap,,\n,,stuks,,,10*9/L,\n",
    )
    lines = [
        "KOORTS  1,38.6,",
        "lab 7,<0.6,",
        "O2-weg,Type B,",
        "O2-weg,neusbril,",
        "neutrophils,0.4,stuks",
        "koorts 1,x,",
    ]
    found = read(HEADER + "".join(f"P1,2026-03-02T08:00+01:00,{line},,\n" for line in lines), mapping=site)
    assert [(e.signal, e.low, e.high, e.word) for e in found.events] == [
        ("temperature", 3860, 3860, ""),
        ("crp", 0, 59, ""),
        ("oxygen_device", None, None, "cpap"),
        ("oxygen_device", None, None, "nasal_cannula"),
        ("neutrophils", 400, 400, ""),
    ]
    assert found.codes() == [("not_a_number", "7", "value", "no")]


def test_a_wide_chart_with_mapped_names(read: Reader, tmp_path: Path) -> None:
    site = mapping(tmp_path, "kolom a,,,temperature,,,\n")
    (event,) = read("patient_id;time;Kolom A\nP1;2026-03-02;38,6\n", mapping=site).events
    assert (event.signal, event.low) == ("temperature", 3860)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("a,,,fluid,,,\n", "line 2: 'fluid' is not a signal"),
        ("a,,,crp,,furlong,\n", "unit 'furlong' is not known"),
        ("a,,,crp,,,x\n", "factor 'x' is not a number"),
        ("a,,,crp,,,0\n", "must be a number above 0"),
        ("a,,,crp,,,<2\n", "must be a number above 0"),
        (",,,crp,,,\n", "fill in local_name"),
        ("a,,,,,,\n", "fill in signal"),
        ("a,,,crp,,,\nA,,,ast,,,\n", "translated twice"),
    ],
)
def test_a_bad_mapping_stops(tmp_path: Path, rows: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        mapping(tmp_path, rows)


def test_a_bad_mapping_file_stops(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    with pytest.raises(ValueError, match="does not exist"):
        read_mapping(path)
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ValueError, match="cannot be read"):
        read_mapping(path)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="needs a header"):
        read_mapping(path)


def test_suggestions_by_frequency(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    lines = ["temprature,38,Cel"] * 3 + ["crp,5,mg/LL"] * 2 + ["oxygen_device,nasal_canula,", "zzz,1,"]
    path.write_text(HEADER + "".join(f"P1,2026-03-02,{line},,\n" for line in lines))
    found = suggest_mapping([path], None, Settings())
    assert [(s.kind, s.local, s.count, s.suggestion) for s in found] == [
        ("name", "temprature", 3, "temperature"),
        ("unit", "mg/LL", 2, "mg/L"),
        ("name", "zzz", 1, ""),
        ("value", "oxygen_device=nasal_canula", 1, "nasal_cannula"),
    ]
