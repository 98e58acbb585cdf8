"""Wrong usage: exit code 2, one sentence on standard error, nothing on standard output, never a traceback."""

import os
import signal
from pathlib import Path

import pytest
from ward_kit import Run


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("", "Missing command"),
        ("rules", "Missing command"),
        ("brew", "No such command 'brew'"),
        ("grade", "Missing argument"),
        ("grade ward", "Missing option '--output'"),
        ("grade nowhere -o out", "'nowhere' does not exist"),
        ("grade ward -o out --format xml", "'xml' is not one of 'parquet', 'csv'"),
        ("grade ward -o out --engine spark --report full", "Spark writes tables alone: leave --report out"),
        ("grade ward -o out --scales crs-2050", "unknown scale 'crs-2050'"),
        ("grade ward -o out --scales ,", "no scale given"),
        ("grade ward -o out --as-of yesterday", "--as-of: 'yesterday' is not a time"),
        ("grade ward -o out --site none.toml", "site file 'none.toml' cannot be read"),
        ("grade ward -o out --map none.csv", "mapping file 'none.csv' does not exist"),
        ("grade ward -o ward", "'ward' is an input too"),
        ("grade ward/patients.csv ward/daily.csv -o ward", "the output would take the place of 'daily.csv'"),
        ("grade ward -o ward/events.csv", "'events.csv' is a file"),
        ("explain ward --patient P9 --scale crs-astct-2019", "patient 'P9' has no infusion in these tables"),
        ("explain ward --patient P1 --scale default", "'default' is more than one scale"),
        ("explain ward --patient P1 --scale crs-astct-2019 --at soon", "--at: 'soon' is not a time"),
        ("explain ward --patient P1 --scale crs-astct-2019 --at 2020-01-01", "P1 is not graded at"),
        ("rules show crs-2050", "unknown scale 'crs-2050'"),
        ("map suggest nowhere", "'nowhere' does not exist"),
    ],
)
def test_wrong_usage(run: Run, ward: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, sentence: str) -> None:
    monkeypatch.chdir(ward.parent)
    done = run(*arguments.split())
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("cytovigil: ")
    assert sentence in done.err
    assert done.err.count("\n") == 1
    assert not (ward.parent / "out").exists()


SCORE = "'{0}' is a score, not a scale: see `cytovigil rules show {0}` and `cytovigil score --help`"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("grade ward -o out --scales crs-astct-2018",
         "unknown scale 'crs-astct-2018': did you mean crs-astct-2019, icans-astct-2019, crs-mskcc-2018? "
         "Else see `cytovigil rules list`"),
        ("explain ward --patient P1 --scale defualt",
         "unknown scale 'defualt': did you mean default? Else see `cytovigil rules list`"),
        ("rules show EASX",
         "unknown scale 'easx': did you mean easix, s-easix, m-easix? Else see `cytovigil rules list`"),
        ("rules show foo", "unknown scale 'foo': see `cytovigil rules list`"),
        ("grade ward -o out --scales ,", "no scale given: see `cytovigil rules list`"),
        ("explain ward --patient P1 --scale easix", SCORE.format("easix")),
        ("grade ward -o out --scales crs-astct-2019,EIPM-pre", SCORE.format("eipm-pre")),
    ],
)  # fmt: skip
def test_a_wrong_id_is_answered_with_the_nearest_or_with_what_to_do(
    run: Run, ward: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, sentence: str
) -> None:
    monkeypatch.chdir(ward.parent)
    done = run(*arguments.split())
    assert (done.code, done.err) == (2, f"cytovigil: {sentence}\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"fever_cel = 'hot'", "setting 'fever_cel' must be a number"),
        (b"fever = 38", "unknown setting 'fever'"),
        (b"fever_cel 38", "is not TOML"),
        (b"zone_name = '\xff'", "save it as UTF-8"),
        (b"zone_name = 'Mars/Base'", "'Mars/Base' is not a time zone"),
    ],
)
def test_a_site_file_that_is_wrong(run: Run, ward: Path, tmp_path: Path, text: bytes, sentence: str) -> None:
    site = tmp_path / "site.toml"
    site.write_bytes(text)
    done = run("grade", ward, "-o", tmp_path / "out", "--site", site)
    assert done.code == 2
    assert "site file 'site.toml'" in done.err
    assert sentence in done.err


def test_a_patients_table_alone_is_graded_as_not_observed(run: Run, ward: Path, tmp_path: Path) -> None:
    done = run("grade", ward / "patients.csv", "-o", tmp_path / "out", "--format", "csv")
    assert done.code == 0
    assert (tmp_path / "out" / "summary.csv").read_text("utf-8").splitlines()[1].startswith("A-2,1,,,")


def test_events_alone_cannot_be_graded(run: Run, ward: Path, tmp_path: Path) -> None:
    done = run("grade", ward / "events.csv", "-o", tmp_path / "out")
    assert done.code == 2
    assert "no patient was found" in done.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_run_that_is_stopped_says_so(
    run: Run, ward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr("cytovigil.app.grade", lambda *_, **__: os.kill(os.getpid(), number))
    done = run("grade", ward, "-o", tmp_path / "out")
    assert (done.code, done.err) == (2, "cytovigil: stopped; the output is as before, or new and complete\n")
