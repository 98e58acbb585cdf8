"""A run in parts, on several cores, writes what one process writes; it ends clearly when it is ended."""

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cytovigil import app, cli, processes, workers
from cytovigil.processes import WorkerError
from cytovigil.readers.errors import InputError
from cytovigil.readers.parts import Part
from cytovigil.workers import grade_in_processes
from cytovigil.writers.folder import OutputError
from engines.parts_kit import SCALES, in_parts, tables_of, write_registry

PARTS = [Part(number, number, number + 1) for number in range(5)]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_registry(tmp_path_factory.mktemp("registry") / "typed")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_all_ways_to_grade_write_the_same_bytes(
    registry: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Any
) -> None:
    expected = tables_of(registry, tmp_path / "reference", form=form, engine="reference")
    assert tables_of(registry, tmp_path / "columnar", form=form) == expected
    in_parts(monkeypatch)
    assert tables_of(registry, tmp_path / "cores", form=form) == expected
    assert b"bushel" in expected["problems.csv"] and b"without an infusion" in expected["problems.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["columnar", "cores", "reference"]


def test_the_report_and_progress_count_the_same(
    registry: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int, int | None]] = []
    expected = app.grade(registry, tmp_path / "one", SCALES, as_of="2025-01-12")
    in_parts(monkeypatch, cores=3)
    found = app.grade(registry, tmp_path / "more", SCALES, as_of="2025-01-12", progress=lambda *one: told.append(one))
    found.output = expected.output
    assert (found.patients, found.infusions, found.problems) == (
        expected.patients, expected.infusions, expected.problems,
    )  # fmt: skip
    assert found.scales == expected.scales and found.shifts == expected.shifts
    graded = [done for stage, done, _ in told if stage == "patients graded"]
    assert len(graded) > 3 and sum(graded) == expected.patients


class _Ends:
    """Ends the process that unpickles it."""

    def __init__(self, how: Any, value: int) -> None:
        self._how = how, (value,)

    def __reduce__(self) -> Any:
        return self._how


@pytest.mark.parametrize(
    ("job", "why"), [(_Ends(signal.raise_signal, signal.SIGKILL), "SIGKILL"), (_Ends(os._exit, 3), "exit 3")]
)
def test_a_process_that_is_ended_is_told(job: _Ends, why: str) -> None:
    with pytest.raises(WorkerError, match=rf"was ended \({why}\): memory may be short"):
        list(grade_in_processes(lambda: (pickle.dumps(job), PARTS), 2))


def test_a_process_that_says_something_else_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_SERVE", "import time; print('welcome', flush=True); time.sleep(60)")
    monkeypatch.setattr(processes, "_DYING", 0.1)
    with pytest.raises(WorkerError, match=r"was ended \(SIGKILL\)"):
        list(grade_in_processes(lambda: (b"", PARTS), 1))


def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(WorkerError, match=r"cannot be started \(No such file or directory\): close other programs"):
        list(grade_in_processes(lambda: (b"", PARTS), 2))


def test_an_error_in_a_part_is_that_of_the_run(
    registry: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parts(monkeypatch)
    tables_of(registry, tmp_path / "out", form="csv")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    damaged = tmp_path / "events.parquet"
    content = bytearray(registry[1].read_bytes())
    page = pq.read_metadata(registry[1]).row_group(3).column(2)
    content[page.data_page_offset : page.data_page_offset + 100] = bytes(100)
    damaged.write_bytes(content)
    with pytest.raises(InputError, match=r"'events.parquet' is not a readable Parquet table"):
        tables_of([registry[0], damaged], tmp_path / "out")
    monkeypatch.setattr(workers, "_SERVE", "import os; os._exit(1)")
    with pytest.raises(WorkerError):
        tables_of(registry, tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.parquet", "out"]


FULL = "import sys, cytovigil.parts as p\ndef full(*_): raise OSError(28, 'full')\np.grade_part = full\n"


def test_a_full_disk_in_another_process_is_told(
    registry: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parts(monkeypatch)
    monkeypatch.setattr(workers, "_SERVE", FULL + workers._SERVE)
    with pytest.raises(OutputError, match=r"No space left on device\): free space"):
        tables_of(registry, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


STOPPED = """
import sys
from cytovigil import cli, grading, workers
grading.MANY, grading.cores, grading._SMALLEST = 0, lambda: 2, 4_000
workers._SERVE = "import os, time; os.write(2, b'up\\\\n'); time.sleep(60)"
cli.main(sys.argv[1:])
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_by_hand_it_leaves_no_process(registry: list[Path], tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", STOPPED, "grade", *registry, "-o", tmp_path / "out", "--report", "none"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr and run.stderr.readline() == run.stderr.readline() == "up\n"
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        run.send_signal(number)
        assert run.stderr.read() == f"cytovigil: {cli.STOPPED}\n"
    assert run.returncode == 2 and list(tmp_path.iterdir()) == []
    assert len(children) == 2 and not any(Path(f"/proc/{child}").exists() for child in children)


def test_a_process_ends_with_the_one_that_started_it() -> None:
    code = (
        "import os; from cytovigil import workers as w; print(w.Process(w._SERVE, 'os').pid, flush=True); os._exit(0)"
    )
    child = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and "zombie" not in Path(f"/proc/{child}/status").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_cores_are_those_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(3)), raising=False)
    assert workers.cores() == 3
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(300)), raising=False)
    assert workers.cores() == workers.MOST
    monkeypatch.setattr(sys, "executable", "")
    assert workers.cores() == 1
