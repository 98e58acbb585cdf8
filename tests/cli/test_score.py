"""`score` as a user sees it: files, columns, exit codes, and the rules it lists."""

import csv
import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ward_kit import Run

from cytovigil import app_scores
from cytovigil.guidance import PROTOCOLS
from cytovigil.rules.scores import SCORES, UNPUBLISHED

COLUMNS = "patient_id,infusion,score,time,low,high,band,inputs,missing,flags"
BLOOD = """\
P1,2026-02-21T08:00+01:00,platelets,60,10*9/L,,lab/1,
P1,2026-02-21T08:00+01:00,neutrophils,700,/uL,,lab/2,
P1,2026-02-21T08:00+01:00,hemoglobin,8.5,g/dL,,lab/3,
P1,2026-02-21T08:00+01:00,crp,2.4,mg/dL,,lab/4,
P1,2026-02-21T08:00+01:00,ferritin,1400,ng/mL,,lab/5,
P1,2026-02-21T08:00+01:00,ldh,450,U/L,,lab/6,
P1,2026-02-21T08:00+01:00,creatinine,0.9,mg/dL,,lab/7,
"""


@pytest.fixture
def drawn(ward: Path) -> Path:
    """The ward, with blood of P1 from a week before the infusion."""
    with (ward / "events.csv").open("a", encoding="utf-8") as file:
        file.write(BLOOD)
    return ward


def score_csv(run: Run, ward: Path, output: Path, *more: object) -> list[dict[str, str]]:
    done = run("score", ward, "-o", output, "--format", "csv", *more)
    assert done.code == 0, done.err
    with (output / "scores.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_files_and_columns(run: Run, drawn: Path, tmp_path: Path) -> None:
    score_csv(run, drawn, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.json", "problems.csv", "scores.csv"]
    assert (tmp_path / "out" / "scores.csv").read_text("utf-8").partition("\n")[0] == COLUMNS


def test_a_row_says_value_band_and_inputs(run: Run, drawn: Path, tmp_path: Path) -> None:
    rows = score_csv(run, drawn, tmp_path / "out", "--scores", "easix,car-hematotox")
    assert [(row["patient_id"], row["score"]) for row in rows] == sorted(
        (row["patient_id"], row["score"]) for row in rows
    )
    assert next(row for row in rows if row["patient_id"] == "P1") == {
        "patient_id": "P1", "infusion": "1", "score": "car-hematotox", "time": "2026-02-21T08:00:00+01:00", "low": "5",
        "high": "5", "band": "high", "missing": "", "flags": "",
        "inputs": "crp=2.4 mg/dL@2026-02-21T08:00:00+01:00|ferritin=1400 ng/mL@2026-02-21T08:00:00+01:00|"
        "hemoglobin=8.5 g/dL@2026-02-21T08:00:00+01:00|neutrophils=700 /uL@2026-02-21T08:00:00+01:00|"
        "platelets=60 10*9/L@2026-02-21T08:00:00+01:00",
    }  # fmt: skip
    easix = next(row for row in rows if (row["patient_id"], row["score"]) == ("P1", "easix"))
    assert (easix["low"], easix["high"], easix["band"]) == ("6.75", "6.75", ">4.67")
    (nothing,) = (row for row in rows if (row["patient_id"], row["score"]) == ("A-2", "car-hematotox"))
    assert (nothing["low"], nothing["flags"]) == ("", "not_observed")
    assert nothing["missing"] == "crp|ferritin|hemoglobin|neutrophils|platelets"


def test_parquet_has_the_types_of_the_contract(run: Run, drawn: Path, tmp_path: Path) -> None:
    text = score_csv(run, drawn, tmp_path / "text")
    assert run("score", drawn, "-o", tmp_path / "out").code == 0
    table = pq.read_table(tmp_path / "out" / "scores.parquet")
    assert table.column_names == COLUMNS.split(",")
    assert table.schema.field("time").type == pa.timestamp("us", "UTC")
    assert table.schema.field("low").type == table.schema.field("high").type == pa.float64()
    assert all(table.schema.field(name).type.value_type == pa.string() for name in ("inputs", "missing", "flags"))
    assert table.schema.metadata[b"status"] == b"machine grade, unconfirmed"
    assert b"m-easix version 1" in table.schema.metadata[b"rules"]
    assert ["|".join(cell) for cell in table.column("inputs").to_pylist()] == [row["inputs"] for row in text]


def test_the_table_at_the_end(run: Run, drawn: Path, tmp_path: Path) -> None:
    done = run("score", drawn, "-o", tmp_path / "out", "--scores", "car-hematotox,hscore,easix")
    assert "2 patients, 2 infusions (machine grade, unconfirmed)" in done.out
    rows = {
        line.split()[0]: line.split()[1:] for line in done.out.splitlines() if line.startswith(("car-", "hs", "ea"))
    }
    assert rows["car-hematotox"] == ["1", "1", "0", "1", "2"]
    assert rows["hscore"][:4] == ["1", "0", "2", "0"]
    assert rows["easix"][:4] == ["1", "1", "0", "1"]
    assert "0 problems" in done.out and str(tmp_path / "out" / "scores.parquet") in done.out
    assert done.err == ""


def test_the_table_speaks_dutch(run: Run, drawn: Path, tmp_path: Path) -> None:
    done = run("score", drawn, "-o", tmp_path / "out", "--lang", "nl")
    assert done.code == 0 and "2 patiënten, 2 infusies" in done.out
    heads = next(line for line in done.out.splitlines() if line.startswith("score  "))
    columns = re.split(" {2,}", heads)
    assert columns == ["score", "versie", "een waarde", "alleen bandbreedten", "geen waarde", "regels"]


def test_the_manifest_names_what_made_the_scores(run: Run, drawn: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("hematotox_days = 9\n", "utf-8")
    score_csv(run, drawn, tmp_path / "out", "--site", site, "--as-of", "2026-03-02T11:00+01:00", "--scores", "easix")
    text = (tmp_path / "out" / "manifest.json").read_text("utf-8")
    manifest = json.loads(text)
    assert manifest["status"] == "machine grade, unconfirmed"
    assert [(one["id"], one["version"]) for one in manifest["scores"]] == [("easix", "1")]
    assert manifest["settings_changed"] == {"hematotox_days": 9}
    assert manifest["as_of"] == "2026-03-02T11:00:00+01:00"
    assert manifest["settings_file"]["file"] == "site.toml" and manifest["mapping_file"] is None
    assert manifest["counts"] == {"patients": 2, "infusions": 2, "rows": {"scores": 3}, "problems": {}}
    assert [one["file"] for one in manifest["inputs"]] == ["events.csv", "patients.csv"]
    assert str(tmp_path) not in text


def test_the_order_of_scores_never_matters(run: Run, drawn: Path, tmp_path: Path) -> None:
    score_csv(run, drawn, tmp_path / "a", "--scores", "hscore,easix")
    score_csv(run, drawn, tmp_path / "b", "--scores", "easix,hscore")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_as_of_and_map(run: Run, drawn: Path, tmp_path: Path) -> None:
    with (drawn / "events.csv").open("a", encoding="utf-8") as file:
        file.write("P1,2026-02-22T08:00+01:00,Trombo,30,10*9/L,,lab/9,\n")
    mapping = tmp_path / "map.csv"
    mapping.write_text("local_name,local_value,local_unit,signal,value,unit,factor\nTrombo,,,platelets,,,\n", "utf-8")
    options = ("--scores", "s-easix", "--map", mapping)
    lows = [row["low"] for row in score_csv(run, drawn, tmp_path / "a", *options) if row["patient_id"] == "P1"]
    assert lows[:2] == ["7.5", "15"]
    early = score_csv(run, drawn, tmp_path / "b", *options, "--as-of", "2026-02-21T20:00+01:00")
    assert [row["low"] for row in early if row["patient_id"] == "P1"] == ["7.5"]


def test_strict_is_1_only_where_a_record_had_a_problem(run: Run, drawn: Path, tmp_path: Path) -> None:
    with (drawn / "events.csv").open("a", encoding="utf-8") as file:
        file.write("P1,2026-03-02T10:02+01:00,tocilizumab,640,mg,,mar/9,\n")
    assert run("score", drawn, "-o", tmp_path / "out", "--strict").code == 0
    assert "charted_twice" in (tmp_path / "out" / "problems.csv").read_text("utf-8")
    with (drawn / "events.csv").open("a", encoding="utf-8") as file:
        file.write("P1,2026-03-02T08:00+01:00,ldh,much,U/L,,lab/20,\n")
    assert run("score", drawn, "-o", tmp_path / "out").code == 0
    done = run("score", drawn, "-o", tmp_path / "out", "--strict")
    assert done.code == 1 and "not_a_number" in done.out


def test_it_takes_the_place_of_an_earlier_run_in_its_folder(run: Run, drawn: Path, tmp_path: Path) -> None:
    assert run("grade", drawn, "-o", tmp_path / "out", "--report", "none").code == 0
    score_csv(run, drawn, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.json", "problems.csv", "scores.csv"]
    assert run("grade", drawn, "-o", tmp_path / "out", "--report", "none").code == 0
    assert not (tmp_path / "out" / "scores.csv").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--scores", "apache"),
            "unknown score 'apache': known are all, car-hematotox, easix, s-easix, m-easix, hscore",
        ),
        (("--scores", "eipm-pre"), "score 'eipm-pre': not computable, coefficients unpublished"),
        (("--scores", ","), "no score given: known are all, car-hematotox, easix, s-easix, m-easix, hscore"),
        (("--as-of", "soon"), "--as-of: 'soon' is not a time: write 2026-03-02T08:00+01:00"),
        (("--site", "none.toml"), "site file 'none.toml' cannot be read: check its name and place"),
    ],
)
def test_a_wrong_argument_is_one_sentence(
    run: Run, drawn: Path, tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    done = run("score", drawn, "-o", tmp_path / "out", *options)
    assert (done.code, done.err) == (2, f"cytovigil: {sentence}\n")
    assert not (tmp_path / "out").exists()


def test_an_input_is_never_overwritten(run: Run, drawn: Path) -> None:
    done = run("score", drawn, "-o", drawn)
    assert done.code == 2 and "is an input too" in done.err


def test_help_shows_an_example(run: Run) -> None:
    done = run("score", "--help")
    assert done.code == 0 and "Example: cytovigil score patients.csv events.csv -o scored" in done.out


def test_rules_list_has_every_score_and_what_cannot_be_computed(run: Run) -> None:
    _, _, scores, unpublished, protocols = run("rules", "list").out.split("\n\n")
    assert [line.split()[0] for line in protocols.splitlines()[2:]] == list(PROTOCOLS)
    assert [line.split()[0] for line in scores.splitlines()[2:]] == sorted(SCORES)
    assert [line.split()[0] for line in unpublished.splitlines()[2:]] == [one.id for one in UNPUBLISHED]
    assert "not computable, coefficients unpublished: three cytokines" in unpublished


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html"])
@pytest.mark.parametrize("name", [*SCORES, *(one.id for one in UNPUBLISHED), "HScore"])
def test_rules_show(run: Run, name: str, form: str) -> None:
    done = run("rules", "show", name, "--format", form)
    assert done.code == 0 and name.lower() in done.out


def test_rules_show_of_no_rule(run: Run) -> None:
    done = run("rules", "show", "apache")
    assert done.code == 2 and "unknown scale 'apache'" in done.err


def test_each_sees_the_results(drawn: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []
    report = app_scores.score(
        [drawn], tmp_path / "out", each=lambda scored: seen.extend((one.patient_id, one.infusion) for one in scored)
    )
    assert seen == [("A-2", 1), ("P1", 1)] and report.patients == report.infusions == 2


def test_progress_is_told_after_each_patient(drawn: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    app_scores.score([drawn], tmp_path / "out", progress=lambda *stage: told.append(stage))
    assert told[-2:] == [("patients scored", 1, 2)] * 2
