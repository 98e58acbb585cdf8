"""`grade` as a user sees it: files, columns, exit codes, and that a run leaves the old output or the new."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ward_kit import Run

from cytovigil.report.vega import Vega
from cytovigil.run import UsageError

COLUMNS = {
    "timeline": "patient_id,infusion,scale,start,end,low,high,charted_low,charted_high,missing,provisional,flags",
    "daily": "patient_id,infusion,scale,day,date,low,high,unobserved_h",
    "episodes": "patient_id,infusion,scale,episode,onset,end,confirmed,ongoing,peak_time,peak_low,peak_high,"
    "charted_peak_low,charted_peak_high,onset_day,duration_days,treatments,unobserved_h,flags",
    "summary": "patient_id,infusion,crs-astct-2019.low,crs-astct-2019.high,crs-astct-2019.unobserved_h",
    "concordance": "patient_id,infusion,scale,time,recorded,low,high,agrees,reason",
    "cytopenia": "patient_id,infusion,scale,threshold,unit,longest_low,longest_high,cumulative_low,cumulative_high,"
    "days_counted,days_imputed,days_missing,imputed_share,gcsf_days,transfusion_days,low,high",
    "biomarkers": "patient_id,infusion,signal,unit,measurements,baseline_low,baseline_high,baseline_time,peak_low,"
    "peak_high,peak_time,peak_day,fold_low,fold_high,doubling_days,last_low,last_high,last_time,normal_time,"
    "days_to_normal,auc_0_28_low,auc_0_28_high,auc_from_day,auc_to_day,tocilizumab_time,after_tocilizumab,flags",
}
FILES = sorted([*(f"{name}.csv" for name in COLUMNS), "problems.csv", "manifest.json"])


def grade_csv(run: Run, ward: Path, output: Path, *more: object) -> dict[str, list[dict[str, str]]]:
    done = run("grade", ward, "-o", output, "--format", "csv", "--report", "none", *more)
    assert done.code == 0, done.err
    tables = [path for path in output.glob("*.csv") if path.name != "problems.csv"]
    return {path.stem: read_csv(path) for path in tables}


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_has_exactly_its_columns(run: Run, ward: Path, tmp_path: Path) -> None:
    grade_csv(run, ward, tmp_path / "out", "--scales", "crs-astct-2019")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    for name, header in COLUMNS.items():
        assert (tmp_path / "out" / f"{name}.csv").read_text("utf-8").partition("\n")[0] == header
    problems = (tmp_path / "out" / "problems.csv").read_bytes()
    assert problems == b"file,row,patient_id,field,value,code,problem,used\n"


def test_the_summary_tells_grade_and_status(run: Run, ward: Path, tmp_path: Path) -> None:
    done = run("grade", ward, "-o", tmp_path / "out", "--scales", "crs-astct-2019")
    assert "machine grade, unconfirmed" in done.out
    assert "2 patients, 2 infusions" in done.out
    assert str(tmp_path / "out" / "timeline.parquet") in done.out
    row = next(line.split() for line in done.out.splitlines() if line.startswith("crs-astct-2019"))
    assert row == ["crs-astct-2019", "1", "1", "0", "0", "1", "0", "0", "0", "0"]
    assert done.err == ""


def test_checklists_stand_apart_from_grades(run: Run, ward: Path, tmp_path: Path) -> None:
    with (ward / "events.csv").open("a", encoding="utf-8") as file:
        file.write("P1,2026-03-02T08:00+01:00,ferritin,9000,ug/L,,lab/1,\n")
    out = run("grade", ward, "-o", tmp_path / "out", "--scales", "ctcae-v5-alt,hlh-2004,iec-hs-2023").out
    grades, lists = out.split("checklists give no grade: ")
    assert "infusions by their worst grade; a range stands under its low end\n\nscale " in grades
    assert [line.split()[0] for line in lists.split("\n\n")[1].splitlines()] == [
        "checklist", "-" * 11, "hlh-2004", "iec-hs-2023"
    ]  # fmt: skip
    heads = ["checklist", "version", "0", "1", "2", "of", "these", "a", "range", "not", "observed"]
    assert lists.splitlines()[2].split() == heads
    assert lists.splitlines()[4].split() == ["hlh-2004", "1", "1", "0", "1", "2", "0"]
    assert ("hlh-2004" in grades, "ctcae-v5-alt" in grades, "ctcae-v5-alt" in lists) == (False, True, False)


def test_checklists_alone_have_no_empty_table_of_grades(run: Run, ward: Path, tmp_path: Path) -> None:
    out = run("grade", ward / "patients.csv", "-o", tmp_path / "out", "--scales", "cartox-hlh").out
    assert "worst grade" not in out
    row = next(line for line in out.splitlines() if line.startswith("cartox-hlh"))
    assert row.split() == ["cartox-hlh", "1", "0", "0", "0", "2"]


def test_rows_come_by_patient_bytewise_and_text_is_unchanged(run: Run, ward: Path, tmp_path: Path) -> None:
    tables = grade_csv(run, ward, tmp_path / "out")
    assert [row["patient_id"] for row in tables["summary"]] == ["A-2", "P1"]
    keys = [(row["patient_id"], int(row["infusion"]), row["scale"], row["start"]) for row in tables["timeline"]]
    assert keys == sorted(keys)
    assert tables["concordance"][0]["recorded"] == "2"
    assert tables["concordance"][0]["agrees"] == "false"


def test_a_patient_on_a_vasopressor_is_grade_3(run: Run, ward: Path, tmp_path: Path) -> None:
    rows = grade_csv(run, ward, tmp_path / "out")["timeline"]
    row = next(r for r in rows if r["scale"] == "crs-astct-2019" and r["start"] == "2026-03-02T09:10:00+01:00")
    assert (row["low"], row["high"], row["provisional"], row["flags"]) == ("3", "3", "false", "")


def test_parquet_has_the_types_of_the_contract_and_the_same_rows(run: Run, ward: Path, tmp_path: Path) -> None:
    text = grade_csv(run, ward, tmp_path / "text")
    assert run("grade", ward, "-o", tmp_path / "out").code == 0
    table = pq.read_table(tmp_path / "out" / "timeline.parquet")
    assert table.schema.field("start").type == pa.timestamp("us", "UTC")
    assert table.schema.field("low").type == pa.int8()
    assert table.schema.field("missing").type.value_type == pa.string()
    assert table.schema.metadata[b"status"] == b"machine grade, unconfirmed"
    assert b"crs-astct-2019 version 1" in table.schema.metadata[b"rules"]
    shown = [str(v) if v is not None else "" for v in table.column("low").to_pylist()]
    assert shown == [row["low"] for row in text["timeline"]]
    assert sorted(table.column_names) == sorted(COLUMNS["timeline"].split(","))


def test_the_manifest_names_what_made_the_grades(run: Run, ward: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("infusion_valid_h = 4\n", "utf-8")
    grade_csv(run, ward, tmp_path / "out", "--site", site, "--as-of", "2026-03-02T11:00+01:00")
    text = (tmp_path / "out" / "manifest.json").read_text("utf-8")
    manifest = json.loads(text)
    assert manifest["status"] == "machine grade, unconfirmed"
    assert manifest["settings_changed"] == {"infusion_valid_h": 4}
    assert manifest["as_of"] == "2026-03-02T11:00:00+01:00"
    assert [one["file"] for one in manifest["inputs"]] == ["events.csv", "patients.csv"]
    assert all(len(one["sha256"]) == 64 for one in manifest["inputs"])
    assert {one["id"]: one["version"] for one in manifest["scales"]}["icans-astct-2019"] == "1"
    assert manifest["counts"]["patients"] == 2
    assert str(tmp_path) not in text
    assert "reference" not in text


def test_the_same_input_gives_the_same_bytes_whatever_the_order(run: Run, ward: Path, tmp_path: Path) -> None:
    grade_csv(run, ward, tmp_path / "a", "--scales", "icans-astct-2019,crs-astct-2019")
    before = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    done = run("grade", ward / "patients.csv", ward / "events.csv", "-o", tmp_path / "a", "--format", "csv",
               "--report", "none", "--scales", "crs-astct-2019,icans-astct-2019")  # fmt: skip
    assert done.code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == before


def test_a_second_run_in_the_other_form_leaves_no_stale_table(run: Run, ward: Path, tmp_path: Path) -> None:
    run("grade", ward, "-o", tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine", "utf-8")
    grade_csv(run, ward, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted([*FILES, "notes.txt"])


def test_a_run_that_fails_leaves_the_old_output(
    run: Run, ward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade_csv(run, ward, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cytovigil.run.write_problems", full)
    done = run("grade", ward, "-o", tmp_path / "out")
    assert done.code == 2
    assert (
        done.err
        == "cytovigil: 'out' cannot be written (No space left on device): free space, or choose another folder\n"
    )
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "ward"]


def test_an_error_of_our_own_is_one_sentence_and_tells_nothing_of_a_patient(
    run: Run, ward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("P1 has 38.6")

    monkeypatch.setattr("cytovigil.grading.grade_course", broken)
    done = run("grade", ward, "-o", tmp_path / "out")
    assert done.code == 2
    assert done.err.startswith("cytovigil: internal error (ZeroDivisionError in test_cli_grade.py line ")
    assert "38.6" not in done.err
    assert not (tmp_path / "out").exists()


def test_memory_that_is_short_is_told(run: Run, ward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def large(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("cytovigil.grading.grade_course", large)
    done = run("grade", ward, "-o", tmp_path / "out")
    assert (done.code, done.err) == (2, "cytovigil: memory is short: close other programs and start again\n")


def test_strict_is_1_only_where_a_record_had_a_problem(run: Run, ward: Path, tmp_path: Path) -> None:
    assert run("grade", ward, "-o", tmp_path / "out", "--strict").code == 0
    with (ward / "events.csv").open("a", encoding="utf-8") as file:
        file.write("P1,2026-03-02T08:00+01:00,temperature,warm,Cel,,obs/20,\n")
    assert run("grade", ward, "-o", tmp_path / "out").code == 0
    done = run("grade", ward, "-o", tmp_path / "out", "--strict")
    assert done.code == 1
    assert "1 problems" in done.out
    assert "obs/20" not in done.out


@pytest.mark.parametrize(("report", "pages"), [("full", 2), ("overview", 0), ("none", None)])
def test_the_report_is_as_full_as_asked(run: Run, ward: Path, tmp_path: Path, report: str, pages: int | None) -> None:
    done = run("grade", ward, "-o", tmp_path / "out", "--report", report)
    assert done.code == 0
    file = tmp_path / "out" / "report.html"
    assert file.exists() is (str(file) in done.out) is (pages is not None)
    assert pages is None or file.read_text("utf-8").count("data-page=") == pages


def test_an_overview_after_a_full_report_leaves_nothing_of_it(run: Run, ward: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "report-patients").mkdir(parents=True)
    (tmp_path / "out" / "report-patients" / "p000001.html").write_text("old", "utf-8")
    (tmp_path / "out" / "manifest.json").write_text("{}", "utf-8")
    assert run("grade", ward, "-o", tmp_path / "out", "--report", "overview").code == 0
    assert not (tmp_path / "out" / "report-patients").exists()


def test_as_of_ignores_what_became_known_later(run: Run, ward: Path, tmp_path: Path) -> None:
    early = grade_csv(run, ward, tmp_path / "a", "--as-of", "2026-03-02T09:00+01:00")
    assert [row["crs-astct-2019.low"] for row in early["summary"]] == ["0", "1"]


def test_a_dose_charted_twice_is_a_problem_row_and_no_fault(run: Run, ward: Path, tmp_path: Path) -> None:
    with (ward / "events.csv").open("a", encoding="utf-8") as file:
        file.write("P1,2026-03-02T10:02+01:00,tocilizumab,640,mg,,mar/9,\n")
    assert run("grade", ward, "-o", tmp_path / "out", "--strict").code == 0
    assert "charted_twice" in (tmp_path / "out" / "problems.csv").read_text("utf-8")


def test_a_place_that_cannot_be_written_is_one_sentence(run: Run, ward: Path) -> None:
    done = run("grade", ward, "-o", ward / "events.csv" / "out")
    assert done.code == 2
    assert done.err.startswith("cytovigil: 'out' cannot be written (")


def test_the_demo_writes_what_grade_writes(run: Run, tmp_path: Path) -> None:
    done = run("demo", "-o", tmp_path / "demo", "--format", "csv")
    assert done.code == 0
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == sorted([*FILES, "report.html"])
    assert "machine grade, unconfirmed" in done.out
    rows = read_csv(tmp_path / "demo" / "summary.csv")
    assert len({row["patient_id"] for row in rows}) >= 16
    assert all(row["patient_id"] in done.out for row in rows)


def test_the_tables_speak_dutch(run: Run, ward: Path, tmp_path: Path) -> None:
    done = run("grade", ward, "-o", tmp_path / "out", "--report", "none", "--lang", "nl")
    assert "2 patiënten, 2 infusies (automatisch bepaalde graad, niet bevestigd)" in done.out
    words = ("schaal  ", "  versie  graad 0", "waarvan bandbreedten", "niet waargenomen", "0 problemen", "uitvoer")
    assert [word for word in words if word not in done.out] == []


@pytest.mark.parametrize(
    ("more", "draws"),
    [([], True), (["--report", "full"], True), (["--report=none"], False), (["--report", "overview"], False),
     (["--engine", "spark"], False)],
)  # fmt: skip
def test_vega_is_started_with_the_run_that_draws(
    run: Run, ward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], draws: bool
) -> None:
    given: list[object] = []

    def grade(*_: object, **options: object) -> None:
        given.append(options["vega"])
        raise UsageError("enough")

    monkeypatch.setattr("cytovigil.app.grade", grade)
    assert run("grade", ward, "-o", tmp_path / "out", *more).code == 2
    assert [isinstance(one, Vega) for one in given] == [draws]
