"""The process that draws: it works meanwhile, tells how it ended, and leaves nothing behind."""

import errno
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.ward_kit import EVENTS, PATIENTS
from cytovigil import app, cli
from cytovigil.processes import WorkerError
from cytovigil.report import vega as module
from cytovigil.report.vega import SCHEMA, Vega, draw, vega_for

POINT = {"$schema": SCHEMA, "data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {"x": {"field": "x"}}}


def ward(folder: Path) -> list[Path]:
    paths = [folder / "patients.csv", folder / "events.csv"]
    for path, text in zip(paths, (PATIENTS, EVENTS), strict=True):
        path.write_text(text)
    return paths


def test_pictures_come_in_the_order_they_were_asked_for() -> None:
    with Vega() as vega:
        found = [vega.ask(draw, POINT | {"width": width}) for width in (40, 50)]
        wrong = vega.ask(draw, POINT | {"mark": "star"})
        assert [f'width="{width}"' in one.result() for width, one in zip((50, 60), found, strict=True)] == [True, True]
        with pytest.raises(ValueError, match="conversion failed"):
            wrong.result()
        assert vega.ask(draw, POINT | {"width": 40}).result() == found[0].result() == draw(POINT | {"width": 40})


def test_only_a_full_report_draws() -> None:
    with vega_for("overview") as overview, vega_for("full") as full:
        assert overview is None and full is not None


def test_without_an_interpreter_this_process_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with Vega() as vega:
        assert vega.ask(draw, POINT).result() == draw(POINT)


def test_a_process_that_is_ended_is_told_and_the_output_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "_SERVE", "import os; os._exit(3)")
    inputs = ward(tmp_path)
    with pytest.raises(WorkerError, match=r"another process was ended \(exit 3\): memory may be short"):
        app.grade(inputs, tmp_path / "out", detail="full")
    with pytest.raises(SystemExit) as ended:
        cli.main(["grade", *map(str, inputs), "-o", str(tmp_path / "out"), "--lang", "nl"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("cytovigil: een ander proces werd beëindigd (exit 3): misschien was er")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.csv", "patients.csv"]


def test_a_caller_keeps_its_own(tmp_path: Path) -> None:
    with Vega() as vega:
        for name in ("one", "two"):
            app.grade(ward(tmp_path), tmp_path / name, detail="full", vega=vega)
        assert vega.ask(draw, POINT).result().startswith("<svg")
    assert (tmp_path / "one/report.html").read_bytes() == (tmp_path / "two/report.html").read_bytes()


STOPPED = """
import sys
from cytovigil import cli
from cytovigil.report import vega
vega._SERVE = "import os, time; os.write(2, b'up\\\\n'); time.sleep(60)"
cli.main(sys.argv[1:])
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_by_hand_it_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", STOPPED, "grade", *map(str, ward(tmp_path)), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr and run.stderr.readline() == "up\n"
        (child,) = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        run.send_signal(number)
        assert run.stderr.read() == f"cytovigil: {cli.STOPPED}\n"
    assert run.returncode == 2 and not Path(f"/proc/{child}").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.csv", "patients.csv"]


def test_a_full_disk_when_it_starts_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(WorkerError, match=r"cannot be started \(No space left on device\): close other programs"):
        Vega()
