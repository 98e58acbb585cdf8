"""A run in several processes that is killed, stopped, or finds no space ends as one in one process, and they end."""

import signal
from pathlib import Path

import pytest

from engines.parts_kit import IN_PARTS, write_registry
from writers.test_stopped import FULL, SAYS, fill_again, operations, output, spread, stopped


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_registry(tmp_path_factory.mktemp("registry") / "typed")


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """A folder with an output of an earlier run."""
    fill_again(tmp_path)
    (tmp_path / "temporary").mkdir()
    return tmp_path


def grade(registry: list[Path], ward: Path) -> list[str]:
    given = ["-o", str(ward / "run" / "out"), "--format", "csv", "--report", "none", "--scales", "crs-astct-2019"]
    return ["-c", IN_PARTS, "grade", *map(str, registry), *given]


@pytest.mark.parametrize("many", [3, pytest.param(1_000, marks=pytest.mark.slow)])
def test_killed(registry: list[Path], ward: Path, many: int) -> None:
    """That `stopped` comes back tells that no process is left: each holds the pipe that it reads to its end."""
    command, given, found = grade(registry, ward), {"TMPDIR": str(ward / "temporary")}, set()
    total = operations(command, ward / "run", **given)
    for at in spread(total, many):
        fill_again(ward)
        assert stopped(command, ward / "run", at, **given).returncode == -signal.SIGKILL
        assert output(ward) in ("old", "new"), at
        found.add(output(ward))
    assert found == {"old", "new"}
    assert stopped(command, ward / "run", 0, **given).returncode == 0
    assert [path.name for path in (ward / "run").iterdir()] == ["out"]
    assert list((ward / "temporary").iterdir()) == []


@pytest.mark.parametrize(("by", "says"), [("SIGINT", SAYS), ("SIGTERM", SAYS), ("ENOSPC", FULL)])
@pytest.mark.parametrize("many", [2, pytest.param(1_000, marks=pytest.mark.slow)])
def test_stopped_or_without_space(registry: list[Path], ward: Path, many: int, by: str, says: str) -> None:
    command, given = grade(registry, ward), {"TMPDIR": str(ward / "temporary")}
    total = operations(command, ward / "run", **given)
    for at in spread(total, many):
        fill_again(ward)
        done = stopped(command, ward / "run", at, STOPPED_BY=by, **given)
        found = (done.returncode, done.stderr, output(ward))
        assert found in [(2, says, "old"), (2, says, "new"), (0, "", "new")], at
        left = [path.name for path in (ward / "run").iterdir()]
        assert left == ["out"] or by == "ENOSPC", at  # where clearing up is what failed, the next run does it
        assert done.returncode == 0 or list((ward / "temporary").iterdir()) == [], at
