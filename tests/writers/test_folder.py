"""The output folder is replaced as a whole: what stays, what is refused, and what other runs do meanwhile."""

import os
from pathlib import Path

import pytest

from cytovigil.writers import folder, swap
from cytovigil.writers.folder import FORMER, MADE, OutputError, output_folder


def run(target: Path, text: str = "new") -> None:
    with output_folder(target) as inner:
        (inner / "manifest.json").write_text(text)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output, with a file and a folder of others in it."""
    target = tmp_path / "out"
    run(target, "old")
    (target / "notes.txt").write_text("mine")
    (target / "pictures").mkdir()
    (target / "pictures" / "day 3.txt").write_text("mine")
    return target


def holds(target: Path, text: str) -> bool:
    mine = (target / "notes.txt").read_text(), (target / "pictures" / "day 3.txt").read_text()
    return mine == ("mine", "mine") and (target / "manifest.json").read_text() == text


def alone(target: Path) -> bool:
    return [path.name for path in target.parent.iterdir()] == [target.name]


def cannot(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize("can_swap", [True, False])
@pytest.mark.parametrize("can_link", [True, False])
def test_what_is_of_others_stays(out: Path, monkeypatch: pytest.MonkeyPatch, can_swap: bool, can_link: bool) -> None:
    if not can_swap:
        monkeypatch.setattr(folder, "exchange", lambda *_: False)
    if not can_link:
        monkeypatch.setattr(os, "link", cannot)
    out.chmod(0o750)
    (out / "latest").symlink_to("nowhere")
    before = {name: (out / name).stat().st_ino for name in ("notes.txt", "pictures")}
    run(out)
    assert holds(out, "new")
    assert alone(out)
    assert {name: (out / name).stat().st_ino for name in before} == before
    assert (out / "latest").is_symlink()
    assert out.stat().st_mode & 0o777 == 0o750


def test_a_link_to_a_folder_stays_one(out: Path, tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to(out)
    run(tmp_path / "latest")
    assert (tmp_path / "latest").is_symlink()
    assert holds(out, "new")


@pytest.mark.parametrize("inside", [".", "pictures"])
def test_the_folder_one_is_in_is_refused(out: Path, monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    monkeypatch.chdir(out / inside)
    with pytest.raises(OutputError, match="'out' is the folder you are in: choose a folder inside it for the output"):
        run(Path("." if inside == "." else ".."))
    assert holds(out, "old")


def test_a_disk_of_its_own_is_refused(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda path: path == out)
    with pytest.raises(OutputError, match="'out' is a disk of its own"):
        run(out)


def test_runs_at_one_time_leave_each_other_alone(out: Path) -> None:
    with output_folder(out) as one:
        run(out, "second")
        (one / "manifest.json").write_text("first")
    assert holds(out, "first")
    assert alone(out)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_run_killed_between_two_steps(out: Path, tmp_path: Path, is_there: bool) -> None:
    """The earlier output comes back; where another is there by now, nothing is touched."""
    hidden = tmp_path / ".out.cytovigil-killed"
    hidden.mkdir()
    out.rename(hidden / FORMER)
    run(tmp_path / "made")
    (tmp_path / "made").rename(hidden / MADE)
    if is_there:
        out.mkdir()
        run(out, "another")
        assert holds(hidden / FORMER, "old")
        assert (out / "manifest.json").read_text() == "another"
        return
    with pytest.raises(KeyError), output_folder(out):
        raise KeyError
    assert holds(out, "old")
    assert alone(out)


def test_folders_that_look_alike_are_nobodys_business(out: Path, tmp_path: Path) -> None:
    (tmp_path / ".out-backup").mkdir()
    run(out)
    assert (tmp_path / ".out-backup").exists()


@pytest.mark.parametrize(("system", "works"), [("linux", True), ("darwin", False), ("win32", False)])
def test_two_folders_change_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, works: bool) -> None:
    """Elsewhere than on Linux the call of macOS is looked for in vain here."""
    if os.uname().sysname != "Linux":
        pytest.skip("Linux is needed")
    monkeypatch.setattr(swap.sys, "platform", system)
    for name in "ab":
        (tmp_path / name / name).mkdir(parents=True)
    assert swap.exchange(tmp_path / "a", tmp_path / "b") is works
    assert (tmp_path / "a" / "b").exists() is works


def test_folders_that_are_not_there_cannot_change_places(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        swap.exchange(tmp_path / "a", tmp_path / "b")
