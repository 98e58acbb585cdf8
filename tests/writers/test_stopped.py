"""A run that is killed at any moment leaves the old output or the new one; one that is stopped says so."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.ward_kit import EVENTS, PATIENTS
from cytovigil.writers.folder import output_folder, output_names

HERE = Path(__file__).parent
SMALL = """
import sys
from pathlib import Path
from cytovigil.writers.folder import output_folder
with output_folder(Path(sys.argv[1])) as folder:
    (folder / "report-patients").mkdir()
    for name in ("timeline.csv", "report-patients/p000001.html", "manifest.json"):
        (folder / name).write_text("new")
"""
NEW = dict.fromkeys(("timeline.csv", "report-patients/p000001.html", "manifest.json"), "new")
OLD = dict.fromkeys(("timeline.parquet", "report.html", "report-patients/p000009.html", "manifest.json"), "old")
SAYS = "cytovigil: stopped; the output is as before, or new and complete\n"
FULL = "cytovigil: 'out' cannot be written (No space left on device): free space, or choose another folder\n"
NOTE, PICTURE = {"notes.txt": "mine"}, {"pictures/day 3.txt": "mine"}


def stopped(command: list[str], folder: Path, at: int, **more: str) -> subprocess.CompletedProcess[str]:
    """A process that gets a signal, SIGKILL if no other is named, before this file operation in the folder."""
    path = os.pathsep.join([str(HERE / "stopped"), *filter(None, sys.path)])
    given = {"STOPPED_IN": str(folder), "STOPPED_AT": str(at), "PYTHONPATH": path, "LC_ALL": "C.UTF-8", **more}
    command = [sys.executable, *command]
    return subprocess.run(command, env=os.environ | given, capture_output=True, text=True, check=False)


def operations(command: list[str], folder: Path, **more: str) -> int:
    """How many file operations a process makes in the folder."""
    count = folder.with_name(f"{folder.name} count")
    done = stopped(command, folder, 0, STOPPED_COUNT=str(count), **more)
    assert done.returncode == 0, done.stderr
    return int(count.read_text())


def fill(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def files_of(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in found}


@pytest.mark.parametrize(
    ("swap", "before"), [("yes", OLD | NOTE | PICTURE), ("yes", {}), ("no", OLD | NOTE | PICTURE), ("yes", NOTE)]
)
def test_killed_before_each_file_operation(tmp_path: Path, swap: str, before: dict[str, str]) -> None:
    """Where two folders cannot change places in one step, the old one may be hidden until the next run."""
    others = {name: text for name, text in before.items() if text == "mine"}
    seen = set()

    def ward(name: str) -> tuple[Path, list[str]]:
        folder = tmp_path / name
        folder.mkdir()
        fill(folder / "out", before)
        return folder, ["-c", SMALL, str(folder / "out")]

    folder, command = ward("all")
    total = operations(command, folder, STOPPED_SWAP=swap)
    assert files_of(folder / "out") == NEW | others
    for at in range(1, total + 1):
        folder, command = ward(str(at))
        assert stopped(command, folder, at, STOPPED_SWAP=swap).returncode == -signal.SIGKILL
        found = files_of(folder / "out")
        settled = {name: text for name, text in found.items() if name not in PICTURE}
        wholes = [before, NEW | others, *([{}] if swap == "no" else [])]
        assert settled in [{name: text for name, text in one.items() if name not in PICTURE} for one in wholes], at
        seen.add("new" if found.get("manifest.json") == "new" else "old")
        with pytest.raises(KeyError), output_folder(folder / "out"):
            raise KeyError  # the next run clears up, even where it fails
        assert files_of(folder / "out") in [before, NEW | others], at
        assert [path.name for path in folder.iterdir()] in (["out"], [] if not before else ["out"])
    assert seen == {"old", "new"}
    print(f"{total} moments, {swap}")


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """A folder with tables of two patients, and an output of an earlier run, with a note beside it."""
    fill(tmp_path / "ward", {"patients.csv": PATIENTS, "events.csv": EVENTS})
    fill_again(tmp_path)
    (tmp_path / "temporary").mkdir()
    return tmp_path


def fill_again(ward: Path) -> None:
    shutil.rmtree(ward / "run", ignore_errors=True)
    fill(ward / "run" / "out", OLD | NOTE)


def grade(ward: Path, form: str = "csv", report: str = "none") -> list[str]:
    given = [str(ward / "ward"), "-o", str(ward / "run" / "out"), "--format", form, "--report", report]
    return ["-m", "cytovigil", "grade", *given, "--scales", "crs-astct-2019,icaht-early-2023"]


def spread(total: int, many: int) -> list[int]:
    """So many of the moments, the last among them."""
    return sorted({total - total * place // many for place in range(many)})


def output(ward: Path) -> str:
    """Whether the output is old or new as a whole; else its files."""
    found = files_of(ward / "run" / "out")
    if found == OLD | NOTE:
        return "old"
    tables = [name for name in output_names("csv") if name not in found]
    return "new" if not tables and not OLD.keys() - {"manifest.json"} & found.keys() else str(sorted(found))


@pytest.mark.parametrize("many", [6, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_run_of_grade_that_is_killed(ward: Path, many: int) -> None:
    given = {"TMPDIR": str(ward / "temporary")}
    total, found = operations(grade(ward), ward / "run", **given), set()
    for at in spread(total, many):
        fill_again(ward)
        assert stopped(grade(ward), ward / "run", at, **given).returncode == -signal.SIGKILL
        assert output(ward) in ("old", "new")
        found.add(output(ward))
    assert found == {"old", "new"}
    assert stopped(grade(ward), ward / "run", 0, **given).returncode == 0
    assert [path.name for path in (ward / "run").iterdir()] == ["out"]
    assert files_of(ward / "run" / "out")["notes.txt"] == "mine"
    assert list((ward / "temporary").iterdir()) == []  # rows of patients of the killed runs went, too


@pytest.mark.parametrize("by", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("many", [3, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_run_that_is_stopped_says_so_and_clears_up(ward: Path, many: int, by: str) -> None:
    given = {"TMPDIR": str(ward / "temporary")}
    total = operations(grade(ward), ward / "run", **given)
    for at in spread(total, many):
        fill_again(ward)
        done = stopped(grade(ward), ward / "run", at, STOPPED_BY=by, **given)
        says = (done.returncode, done.stderr, output(ward))
        assert says in [(2, SAYS, "old"), (2, SAYS, "new"), (0, "", "new")], at
        assert [path.name for path in (ward / "run").iterdir()] == ["out"], at
        assert list((ward / "temporary").iterdir()) == [], at


@pytest.mark.parametrize("many", [3, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_file_operation_that_fails(ward: Path, many: int) -> None:
    """Of clearing up nothing is said: the output is in its place by then."""
    given = {"TMPDIR": str(ward / "temporary")}
    total = operations(grade(ward), ward / "run", **given)
    for at in spread(total, many):
        fill_again(ward)
        done = stopped(grade(ward), ward / "run", at, STOPPED_BY="ENOSPC", **given)
        assert (done.returncode, done.stderr, output(ward)) in [(2, FULL, "old"), (0, "", "new")], at
        assert done.returncode == 0 or list((ward / "temporary").iterdir()) == [], at
