"""`explain`, `rules`, `map suggest`, `--help`, `python -m cytovigil`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ward_kit import Run

from cytovigil.rules import GROUPS, SCALES


def test_explain_names_event_source_and_assumption(run: Run, ward: Path) -> None:
    done = run("explain", ward, "--patient", "P1", "--scale", "crs-astct-2019", "--at", "2026-03-02T10:00+01:00")
    assert done.code == 0, done.err
    assert "machine grade, unconfirmed; rule crs-astct-2019 version 1" in done.out
    assert "mar/7" in done.out
    assert "Lee DW" in done.out
    assert "infusion_valid_h" in done.out


def test_explain_as_json(run: Run, ward: Path) -> None:
    done = run("explain", ward, "--patient", "P1", "--scale", "crs-astct-2019", "--json")
    found = json.loads(done.out)
    assert (found["low"], found["high"], found["status"]) == (3, 3, "machine grade, unconfirmed")


def test_rules_list_has_every_scale(run: Run) -> None:
    scales = run("rules", "list").out.split("\n\n")[0]
    assert [line.split()[0] for line in scales.splitlines()[2:]] == sorted(SCALES)
    evidence = {line.split()[0]: line for line in scales.splitlines()}
    assert "  unverified  " in evidence["iec-hs-2023"] and "  secondary source  " in evidence["crs-lee-2014"]


def test_rules_list_has_every_group(run: Run) -> None:
    groups = run("rules", "list").out.split("\n\n")[1].splitlines()
    assert groups[0].split() == ["group", "scales", "its", "scales"]
    rows = {line.split(maxsplit=2)[0]: line.split(maxsplit=2)[1:] for line in groups[2:]}
    assert {name: count for name, (count, _) in rows.items()} == {name: str(len(ids)) for name, ids in GROUPS.items()}
    assert rows["default"][1] == ", ".join(GROUPS["default"])
    assert rows["ctcae-v5"][1] == "ctcae-v5-neutrophils, ctcae-v5-platelets, ..., ctcae-v5-alt"


def test_the_help_of_scales_names_every_group(run: Run) -> None:
    assert f"groups ({', '.join(GROUPS)})" in " ".join(run("grade", "--help").out.split())


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("scale", sorted(SCALES))
def test_rules_show(run: Run, scale: str, form: str) -> None:
    done = run("rules", "show", scale, "--format", form)
    assert done.code == 0
    assert "machine grade, unconfirmed" in done.out
    assert scale in done.out


def test_map_suggest_lists_what_nothing_maps(run: Run, ward: Path) -> None:
    assert run("map", "suggest", ward).out == "everything is mapped\n"
    with (ward / "events.csv").open("a", encoding="utf-8") as file:
        file.write("P1,2026-03-02T08:00+01:00,temprature,38,Cel,,x,\n")
    done = run("map", "suggest", ward)
    assert done.out.splitlines()[2].split() == ["1", "name", "temprature", "temperature"]
    mapping = ward.parent / "map.csv"
    mapping.write_text(
        "local_name,local_value,local_unit,signal,value,unit,factor\ntemprature,,,temperature,,,\n", "utf-8"
    )
    assert run("map", "suggest", ward, "--map", mapping).out == "everything is mapped\n"


@pytest.mark.parametrize("command", ["grade", "explain", "demo", "rules list", "rules show", "map suggest"])
def test_help_shows_an_example(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.code == 0
    assert f"Example: cytovigil {command}" in done.out


def test_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "cytovigil", "--help"], capture_output=True, text=True, check=True)
    assert "explain" in done.stdout
    assert done.stderr == ""


def test_a_reader_that_stops_is_no_error() -> None:
    command = f"{sys.executable} -m cytovigil rules show all | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stderr == ""
