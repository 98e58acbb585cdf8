"""`advise` as a user sees it."""

from pathlib import Path

import pytest
from ward_kit import Run

from cytovigil import app_advice


def test_a_patient_at_the_last_moment_of_the_record(run: Run, ward: Path) -> None:
    done = run("advise", ward, "--patient", "P1")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("P1, infusion 1, axi-cel: day 3, 2026-03-02T10:30:00+01:00\n")
    assert "not for decisions about a patient who is being treated now" in done.out
    assert "ASCO guideline 2021  (asco-2021, version 1)" in done.out
    assert "Breyanzi label" not in done.out and "Yescarta label (yescarta): source not read" in done.out


def test_one_protocol_at_a_time(run: Run, ward: Path) -> None:
    done = run("advise", ward, "--patient", "P1", "--at", "2026-03-02T09:30+01:00", "--protocol", "umcg-2020")
    assert done.code == 0
    assert "(crs-2-tocilizumab)" in done.out and "    - give: tocilizumab  [source read]" in done.out
    assert "asco-2021" not in done.out and "Where protocols differ" not in done.out


def test_the_ledger_stands_below(run: Run, ward: Path) -> None:
    done = run("advise", ward, "--patient", "P1", "--protocol", "umcg-2020")
    assert "\n\nTocilizumab\n  " in done.out
    assert "tocilizumab 640 mg, 2026-03-02T10:00:00+01:00: in this episode of CRS" in done.out
    assert "weight" in done.out.partition("\nTocilizumab\n")[2].splitlines()[0]  # unknown: asked for


def test_the_page_begins_with_what_the_box_of_the_report_has(run: Run, ward: Path) -> None:
    lines = run("advise", ward, "--patient", "P1").out.splitlines()
    heads = (
        "Grades now", "Overdue", "Given, and what may come next", "What applies now, in short",
        "ASCO guideline 2021  (asco-2021, version 1)", "Appendix: sources, and lists in full", "Tocilizumab",
        "Corticosteroids: benefit and risk (seen in others; no verdict on this patient)",
    )  # fmt: skip
    places = [lines.index(head) for head in heads]
    assert places == sorted(places) and places[4] < 60
    assert sum(line.startswith("Labels on the day of infusion") for line in lines[places[-1] :]) == 1


def test_the_same_input_gives_the_same_page(run: Run, ward: Path) -> None:
    assert run("advise", ward, "--patient", "A-2").out == run("advise", ward, "--patient", "A-2").out


def test_dutch(run: Run, ward: Path) -> None:
    done = run("advise", ward, "--patient", "P1", "--lang", "nl")
    assert done.code == 0
    assert "niet voor beslissingen over een patiënt die nu wordt behandeld" in done.out
    assert "Alleen wat op dit moment bekend was, telt." in done.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("advise ward", "Missing option '--patient'"),
        ("advise nowhere --patient P1", "'nowhere' does not exist"),
        ("advise ward --patient P9", "patient 'P9' has no infusion in these tables"),
        ("advise ward --patient P1 --at soon", "--at: 'soon' is not a time"),
        ("advise ward --patient P1 --at 2020-01-01", "P1: the infusion is at 2026-02-27T11:00:00+01:00"),
        ("advise ward --patient P1 --protocol asco", "unknown protocol 'asco': did you mean asco-2021"),
        ("advise ward --patient P1 --site none.toml", "site file 'none.toml' cannot be read"),
    ],
)
def test_wrong_usage(run: Run, ward: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, sentence: str) -> None:
    monkeypatch.chdir(ward.parent)
    done = run(*arguments.split())
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("cytovigil: ") and sentence in done.err and done.err.count("\n") == 1


def test_the_use_case_for_a_notebook(ward: Path) -> None:
    found = app_advice.advise([ward], "P1", protocol="cartox-2018")
    assert [one.protocol.id for one in found.advice.advised] == ["cartox-2018"]
    assert app_advice.advice_text(found) == app_advice.advice_text(found)
