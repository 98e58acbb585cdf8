"""A cluster of two workers and Spark Connect, both on this machine and for this test alone."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark
import pytest

from engines.parts_kit import IN_PARTS, SCALES, tables_of

pytestmark = pytest.mark.slow
HOME = Path(pyspark.__file__).parent


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def started(folder: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Spark in the foreground, ended at the end."""
    here = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(folder), "PYSPARK_PYTHON": sys.executable}
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with (folder / f"log-{len(list(folder.glob('log-*')))}").open("wb") as log:
        run = subprocess.Popen(command, env=os.environ | here | path, cwd=folder, stdout=log, stderr=log)
    try:
        yield run
    finally:
        run.terminate()
        run.wait(30)


def wait_for(port: int, folder: Path) -> None:
    deadline = time.monotonic() + 90
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            logs = "\n".join(log.read_text("utf-8", "replace")[-2_000:] for log in folder.glob("log-*"))
            assert time.monotonic() < deadline, logs
            time.sleep(0.3)


@pytest.fixture
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("cluster"), free_port()
    start, address, parts = str(HOME / "bin" / "spark-class"), f"spark://127.0.0.1:{port}", "org.apache.spark.deploy"
    here = "--host", "127.0.0.1", "--webui-port", "0"
    with ExitStack() as stack:
        stack.enter_context(started(folder, start, f"{parts}.master.Master", *here, "--port", str(port)))
        wait_for(port, folder)
        for number in range(2):
            limits = "--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"worker{number}")
            stack.enter_context(started(folder, start, f"{parts}.worker.Worker", *here, *limits, address))
        yield address


@pytest.fixture
def connect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("connect"), free_port()
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": port,
        "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
    }  # fmt: skip
    given = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    server = "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"
    with started(folder, str(HOME / "bin" / "spark-submit"), "--master", "local[2]", *given, *server):
        wait_for(port, folder)
        yield f"sc://127.0.0.1:{port}"


@pytest.mark.parametrize("where", ["standalone", "connect"])
def test_it_grades_as_one_process(
    registry: list[Path], tmp_path: Path, request: pytest.FixtureRequest, where: str
) -> None:
    expected = tables_of(registry, tmp_path / "one")
    master = request.getfixturevalue(where)
    options = "--scales", SCALES, "--engine", "spark", "--spark-master", master
    inputs = [os.path.relpath(path, tmp_path) for path in registry]  # workers are in another folder
    command = [sys.executable, "-c", IN_PARTS, "grade", *inputs, "-o", "out", *options]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in sorted((tmp_path / "out").iterdir())} == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "out"]
