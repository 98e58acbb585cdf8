"""One session of Spark for the tests, on this machine and nowhere else."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cytovigil.spark import open_session
from engines.parts_kit import write_registry


@pytest.fixture(scope="session", autouse=True)
def _java() -> None:
    if shutil.which("java") is None:
        pytest.skip("no Java: Spark is not tried")


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_registry(tmp_path_factory.mktemp("registry") / "typed")


@pytest.fixture(scope="session")
def local() -> Iterator[object]:
    with open_session("local[2]") as session:
        session.conf.set("spark.sql.shuffle.partitions", "3")
        yield session
