"""Temporary folders go with their run; those of killed runs go with the next."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cytovigil.scratch import scratch_folder

HOLD = """
import sys
from cytovigil.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "rows").write_text("P1")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_run_left_goes_with_the_next(place: Path) -> None:
    environment = os.environ | {"TMPDIR": str(place), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        other = Path(run.stdout.readline().strip())
        with scratch_folder() as mine:
            assert mine.parent == other.parent == place and {*place.iterdir()} == {mine, other}
        assert (other / "rows").read_text() == "P1"  # that run lives
        run.kill()
    assert other.exists()
    with scratch_folder() as mine:
        assert [*place.iterdir()] == [mine]
    assert [*place.iterdir()] == []


def test_what_looks_alike_stays(place: Path) -> None:
    (place / "cytovigil-rows").mkdir()
    (place / "kept").mkdir()
    (place / "kept" / "mine").touch()
    (place / ".cytovigil.rows-link").symlink_to(place / "kept")
    with scratch_folder():
        pass
    assert sorted(path.name for path in place.iterdir()) == [".cytovigil.rows-link", "cytovigil-rows", "kept"]
    assert (place / "kept" / "mine").exists()


def test_a_place_that_may_not_be_listed_is_used(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with scratch_folder() as folder:
        assert folder.parent == place


def test_it_goes_though_clearing_up_is_interrupted(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove, interrupts = shutil.rmtree, [KeyboardInterrupt]

    def interrupted(folder: Path, ignore_errors: bool) -> None:
        if interrupts:
            raise interrupts.pop()
        remove(folder, ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt), scratch_folder():
        pass
    assert [*place.iterdir()] == []
