"""Spark grades files and tables of its own as one process does."""

import os
import pickle
import signal
import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyspark.errors import PySparkException

from cytovigil import cli, spark
from cytovigil.parts import Job
from cytovigil.readers.errors import InputError
from cytovigil.readers.parts import Part
from cytovigil.run import UsageError
from cytovigil.spark import grade_on_spark, grade_table, open_session
from engines.parts_kit import SCALES, in_parts, tables_of


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_files_are_graded_as_in_one_process(
    registry: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Any
) -> None:
    expected = tables_of(registry, tmp_path / "one", form=form, as_of="2025-01-20")
    in_parts(monkeypatch)
    found = tables_of(
        registry, tmp_path / "spark", form=form, as_of="2025-01-20", engine="spark", spark_master="local[2]"
    )
    assert found == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "spark"]


def rows_of(rows: Sequence[Any]) -> list[str]:
    """Rows in an order of their own."""
    return sorted(repr(sorted((name, _plain(cell)) for name, cell in row.items())) for row in rows)


def _plain(cell: Any) -> Any:
    return cell.astimezone().replace(tzinfo=None) if getattr(cell, "tzinfo", None) else cell  # Spark gives local times


def test_tables_are_graded_as_files(local: Any, registry: list[Path], tmp_path: Path) -> None:
    tables_of(registry, tmp_path / "one")
    patients, events = (local.read.parquet(str(path)) for path in registry)
    found = grade_table(events.repartition(5), patients, SCALES)
    for name in ("timeline", "daily", "episodes", "summary", "concordance", "cytopenia", "biomarkers"):
        expected = pq.read_table(tmp_path / "one" / f"{name}.parquet").to_pylist()
        assert rows_of([row.asDict() for row in found[name].collect()]) == rows_of(expected), name
    codes = {row.code for row in found["problems"].collect()}
    assert {"unknown_unit", "unknown_patient"} <= codes


def test_what_cannot_be_graded_is_told(local: Any, registry: list[Path]) -> None:
    patients, events = (local.read.parquet(str(path)) for path in registry)
    with pytest.raises(UsageError, match="no column time"):
        grade_table(events.drop("time"), patients)
    with pytest.raises(UsageError, match="column end of the events is not a timestamp"):
        grade_table(events.withColumn("end", events["end"].cast("string")), patients)
    with pytest.raises(UsageError, match="unknown scale"):
        grade_table(events, patients, "crs-2050")


@pytest.mark.usefixtures("local")
def test_what_a_task_says_is_said(registry: list[Path], tmp_path: Path) -> None:
    page = pq.read_metadata(registry[1]).row_group(1).column(2)
    content = bytearray(registry[1].read_bytes())
    content[page.data_page_offset : page.data_page_offset + 100] = bytes(100)
    (tmp_path / "events.parquet").write_bytes(content)
    with pytest.raises(InputError, match=r"'events.parquet' is not a readable Parquet table"):
        tables_of([registry[0], tmp_path / "events.parquet"], tmp_path / "out", engine="spark")
    assert [path.name for path in tmp_path.iterdir()] == ["events.parquet"]


class _Ends:
    """Ends the process that unpickles it."""

    def __reduce__(self) -> Any:
        return os._exit, (3,)


@pytest.mark.usefixtures("local")
def test_a_task_that_is_ended_and_a_folder_that_is_not_shared_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^Spark failed: .*Job aborted"):
        list(grade_on_spark(pickle.dumps(_Ends()), [Part(0, 0, 1)], "local[2]"))
    job = Job(None, (), None, "csv", tmp_path / "elsewhere")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="does not see the folder of the output: it must be shared"):
        list(grade_on_spark(pickle.dumps(job), [Part(0, 0, 1)], "local[2]"))


class _Gone(PySparkException):
    """Java, which is asked for the text, has come to its end."""

    def __init__(self) -> None:
        pass

    def __str__(self) -> str:
        raise ConnectionRefusedError(111, "Connection refused")


def test_spark_that_comes_to_its_end_is_told() -> None:
    for error, why in ((_Gone(), "_Gone"), (ConnectionRefusedError(111, "Connection refused"), ".*Connection refused")):
        with pytest.raises(UsageError, match=f"^Spark failed: {why}"), spark._clear_errors():
            raise error


def test_an_answer_runs_nothing() -> None:
    for answer in (_Ends(), spark.grade_table, subprocess.Popen):
        with pytest.raises(pickle.UnpicklingError):
            spark._Answers(BytesIO(pickle.dumps((0, answer)))).load()


@pytest.mark.usefixtures("local")
def test_the_command_line_gives_tables_and_says_that_there_is_no_report(
    registry: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # what ends pytest stays as it is
    given = ["grade", *map(str, registry), "-o", str(tmp_path / "out"), "--scales", SCALES, "--engine", "spark"]
    with pytest.raises(SystemExit) as ended:
        cli.main([*given, "--lang", "en"])
    assert not ended.value.code
    assert capsys.readouterr().out.endswith("manifest.json\n\nno HTML report: Spark writes tables alone\n")
    assert not (tmp_path / "out" / "report.html").exists()


def test_what_spark_cannot_read_is_told(registry: list[Path], tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("patient_id,time,signal,value,unit\n", "utf-8")
    with pytest.raises(UsageError, match="Spark reads one Parquet file of events"):
        tables_of([registry[0], tmp_path / "events.csv"], tmp_path / "out", engine="spark")


@pytest.mark.parametrize(
    ("lacks", "master", "sentence"),
    [
        ("find_spec", "local[2]", "Spark is not installed: write pip install"),
        ("which", "local[2]", "Spark needs Java: install Java 17 or later"),
        ("", "local:2", "'local:2' is no master of Spark"),
    ],
)
def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, lacks: str, master: str, sentence: str) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if lacks == "which":
        monkeypatch.setattr(spark.shutil, "which", lambda _: None)
    elif lacks:
        monkeypatch.setattr(spark, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=sentence), open_session(master):
        pass
