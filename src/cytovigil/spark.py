"""Parts of a run on a cluster: tasks are told which part of which file, and read and write Parquet themselves."""

import os
import pickle
import re
import shutil
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from operator import itemgetter
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cytovigil.parts import Done, grade_part
from cytovigil.readers.parts import Part
from cytovigil.run import UsageError
from cytovigil.spark_rows import grade_table as grade_table  # the same for rows that lie in no file

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
_LOOPBACK = re.compile(r"local(\[.*\])?|spark://(127\.0\.0\.1|localhost):.*")
_QUIET = {"spark.ui.enabled": "false", "spark.log.level": "ERROR", "spark.ui.showConsoleProgress": "false"}
_AT_HOME = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


class SparkError(UsageError):
    """A cluster that did not do its part. Its text is one clear sentence."""


def grade_on_spark(job: bytes, parts: Sequence[Part], master: str) -> Generator[Done]:
    """Grade the parts of a pickled job, one task each; results come in the order of the parts.

    `master` is a URL of Spark, or `sc://` for Connect. Raises UsageError, and SparkError where tasks fail.
    """
    with open_session(master) as session:
        asked = session.range(0, len(parts), 1, len(parts)).mapInArrow(_Tasks(job, parts), "done binary")
        with _clear_errors():
            answers = asked.collect()
    found = [pickle.loads(answer.done) for answer in answers]
    for _, done in sorted(found, key=itemgetter(0)):
        if isinstance(done, Exception):
            raise done
        yield done


class _Tasks:
    """What a task does: it grades the parts whose numbers come in."""

    def __init__(self, job: bytes, parts: Sequence[Part]) -> None:
        self._job, self._parts = job, list(parts)

    def __call__(self, batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        import pyarrow as pa

        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield pa.record_batch([pa.array([pickle.dumps((number, self._answer(number)))])], names=["done"])

    def _answer(self, number: int) -> Done | Exception:
        try:
            return grade_part(self._job, self._parts[number])
        except Exception as error:
            return error


@contextmanager
def open_session(master: str) -> "Iterator[SparkSession]":
    """A session of our own, ended at the end; or the one that is open already. Raises UsageError with one sentence."""
    _check(master)
    from pyspark.sql import SparkSession

    if (running := SparkSession.getActiveSession()) is not None:
        yield running
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with TemporaryDirectory(prefix="cytovigil-spark-", ignore_cleanup_errors=True) as folder, _clear_errors():
        session = _builder(SparkSession, master, folder).getOrCreate()
        try:
            yield session
        finally:
            session.stop()


def _builder(session: Any, master: str, folder: str) -> Any:
    if master.startswith("sc://"):
        return session.builder.remote(master)
    builder = session.builder.master(master).appName("cytovigil").config("spark.local.dir", folder)
    for name, value in (_QUIET | (_AT_HOME if _LOOPBACK.fullmatch(master) else {})).items():
        builder = builder.config(name, value)
    return builder.config("spark.sql.warehouse.dir", f"{folder}/warehouse")


def _check(master: str) -> None:
    """Raises UsageError with what to install where something is missing."""
    if find_spec("pyspark") is None:
        raise UsageError("Spark is not installed: write pip install 'cytovigil[spark]'")
    if not master.startswith("sc://") and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise UsageError(
            "Spark needs Java: install Java 17 or later, or set JAVA_HOME, or give --spark-master sc://HOST"
        )
    if not re.fullmatch(r"local(\[.+\])?|(spark|sc|k8s|yarn|mesos)(://.+)?", master):
        sentence = "'{master}' is no master of Spark: write local[*], spark://HOST:7077 or sc://HOST"
        raise UsageError(sentence, master=master)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """What Spark says, in one sentence."""
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        raise SparkError("Spark failed: {why}", why=_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
