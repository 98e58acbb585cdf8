"""The command line called as a user does, on a small ward."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from ward_kit import EVENTS, PATIENTS, Done, Run

from cytovigil.cli import main


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The locale of who runs the tests changes nothing."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # tests may run where they are ignored, as under nohup
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def call(*arguments: object) -> Done:
        with pytest.raises(SystemExit) as stop:
            main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return Done(stop.value.code or 0, out, err)  # type: ignore[arg-type]

    yield call
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """A folder with two good tables."""
    folder = tmp_path / "ward"
    folder.mkdir()
    (folder / "patients.csv").write_text(PATIENTS, "utf-8")
    (folder / "events.csv").write_text(EVENTS, "utf-8")
    return folder
