"""A full disk gives one clear sentence, and leaves the earlier output."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.ward_kit import EVENTS, PATIENTS
from cytovigil.synth.tables import write_tables
from cytovigil.synth.ward import make_patients
from engines.parts_kit import IN_PARTS, write_registry

OLD = {"manifest.json": "old", "timeline.csv": "old"}
FULL = "cytovigil: 'out' cannot be written (No space left on device): free space, or choose another folder\n"
NO_TEMPORARY = "is full, or cannot be written: free space, or set TMPDIR to another\n"


class Disk:
    """A small disk of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def resize(self, kilobytes: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", self.path], check=True)

    def used(self) -> int:
        """In kilobytes."""
        found = os.statvfs(self.path)
        return (found.f_blocks - found.f_bfree) * found.f_frsize // 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    path = tmp_path / "disk"
    path.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "none", path], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small disk cannot be made here: mount needs root")
    yield Disk(path)
    subprocess.run(["umount", path], check=True)


def grade(
    inputs: list[Path], output: Path, *more: str, temporary: str = "", program: tuple[str, str] = ("-m", "cytovigil")
) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, sys.path))
    environment = os.environ | {"PYTHONPATH": path, "LC_ALL": "C.UTF-8"} | ({"TMPDIR": temporary} if temporary else {})
    command = [sys.executable, *program, "grade", *map(str, inputs), "-o", str(output), *more]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("form", "report", "engine"),
    [("parquet", "none", "columnar"), ("csv", "none", "columnar"), ("csv", "none", "reference"),
     ("parquet", "none", "reference"), ("parquet", "full", "reference")],
)  # fmt: skip
def test_the_disk_of_the_output_is_full(disk: Disk, tmp_path: Path, form: str, report: str, engine: str) -> None:
    tables = [tmp_path / "patients.csv", tmp_path / "events.csv"]
    for path, text in zip(tables, (PATIENTS, EVENTS), strict=True):
        path.write_text(text)
    fills_up(disk, tables, "--format", form, "--report", report, "--engine", engine)


def fills_up(disk: Disk, tables: list[Path], *more: str, program: tuple[str, str] = ("-m", "cytovigil")) -> None:
    """A run goes well on a disk of its size, and not on one that is a little or much too small."""
    output = disk.path / "out"
    assert grade(tables, output, *more, program=program).returncode == 0
    needed = disk.used()
    assert needed > 20
    for path in output.iterdir():
        path.unlink()
    for name, text in OLD.items():
        (output / name).write_text(text)
    for share in (0.3, 0.9):
        disk.resize(int(needed * share) // 4 * 4)
        done = grade(tables, output, *more, program=program)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", FULL), share
        assert {path.name: path.read_text() for path in output.iterdir()} == OLD
        assert [path.name for path in disk.path.iterdir()] == ["out"]
    disk.resize(needed * 4)
    assert grade(tables, output, *more, program=program).returncode == 0


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_disk_of_the_output_is_full_for_several_processes(disk: Disk, tmp_path: Path, form: str) -> None:
    tables = write_registry(tmp_path / "typed")
    fills_up(disk, tables, "--format", form, "--report", "none", "--scales", "crs-astct-2019", program=("-c", IN_PARTS))


@pytest.mark.parametrize(("kilobytes", "sorts"), [(4, False), (300, False), (300, True), (1_500, True)])
def test_the_disk_of_temporary_files_is_full(disk: Disk, tmp_path: Path, kilobytes: int, sorts: bool) -> None:
    write_tables(tmp_path, make_patients(20, 1), "csv")
    if sorts:
        header, *rows = (tmp_path / "events.csv").read_text().splitlines(keepends=True)
        (tmp_path / "events.csv").write_text("".join([header, *reversed(rows)]))
    disk.resize(kilobytes)
    done = grade([*tmp_path.glob("*.csv")], tmp_path / "out", "--report", "none", temporary=str(disk.path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"cytovigil: the temporary folder '{disk.path}' {NO_TEMPORARY}"
    assert list(disk.path.iterdir()) == []
    assert not (tmp_path / "out").exists()
