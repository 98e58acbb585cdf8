"""Parts of a run on a cluster: tasks are told which part of which file, and read and write Parquet themselves."""

import builtins
import os
import pickle
import re
import shutil
import sys
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cytovigil.engine.tally import ScaleCount, ScaleShift, Tally
from cytovigil.model.problems import Problem
from cytovigil.parts import Done, grade_part
from cytovigil.processes import answer
from cytovigil.readers.errors import InputError
from cytovigil.readers.parts import Part
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.run import UsageError
from cytovigil.scratch import scratch_folder
from cytovigil.spark_rows import grade_table as grade_table  # the same for rows that lie in no file

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
_LOOPBACK = re.compile(r"local(\[.*\])?|spark://(127\.0\.0\.1|localhost):.*")
_QUIET = {"spark.ui.enabled": "false", "spark.log.level": "ERROR", "spark.ui.showConsoleProgress": "false"}
_AT_HOME = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
_ANSWERED = {(one.__module__, one.__name__) for one in (
    Done, type(Path()), Counter, Tally, ScaleCount, ScaleShift, ProblemLog, Problem, InputError,
)}  # fmt: skip


class SparkError(UsageError):
    """A cluster that did not do its part. Its text is one clear sentence."""


def grade_on_spark(job: bytes, parts: Sequence[Part], master: str) -> Generator[Done]:
    """Grade the parts of a pickled job, one task each; results come in the order of the parts.

    `master` is a URL of Spark, or `sc://` for Connect. Raises UsageError, and SparkError where tasks fail.
    """
    with open_session(master) as session:
        asked = session.range(0, len(parts), 1, len(parts)).mapInArrow(_Tasks(job, parts), "done binary")
        with _clear_errors():
            found = [_Answers(BytesIO(answer.done)).load() for answer in asked.collect()]
    for _, done in sorted(found, key=itemgetter(0)):
        if isinstance(done, FileNotFoundError):
            sentence = "a machine of the cluster does not see the folder of the output: it must be shared"
            raise SparkError(sentence) from done
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
                told = pickle.dumps((number, answer(grade_part, self._job, self._parts[number])))
                yield pa.record_batch([pa.array([told])], names=["done"])


class _Answers(pickle.Unpickler):
    """Reads what tasks answer, and nothing else: other machines cannot make this one run what they like."""

    def find_class(self, module: str, name: str) -> Any:
        """Raises UnpicklingError for anything but what is counted and what is raised."""
        found = getattr(builtins, name, None) if module == "builtins" else None
        if (module, name) in _ANSWERED or (isinstance(found, type) and issubclass(found, Exception)):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


@contextmanager
def open_session(master: str) -> "Iterator[SparkSession]":
    """A session of our own, ended at the end; or the one that is open already. Raises UsageError with one sentence."""
    check_master(master)
    from py4j.protocol import Py4JError
    from pyspark.sql import SparkSession

    if (running := SparkSession.getActiveSession()) is not None:
        yield running
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with scratch_folder() as folder:
        with _clear_errors("Spark does not start at '{master}': check --spark-master ({why})", master=master):
            session = _builder(SparkSession, master, folder).getOrCreate()
        try:
            yield session
        finally:
            with suppress(ConnectionError, Py4JError):  # it may have come to its end by itself
                session.stop()


def _builder(session: Any, master: str, folder: Path) -> Any:
    if master.startswith("sc://"):
        return session.builder.remote(master)
    builder = session.builder.master(master).appName("cytovigil").config("spark.local.dir", str(folder))
    for name, value in (_QUIET | (_AT_HOME if _LOOPBACK.fullmatch(master) else {})).items():
        builder = builder.config(name, value)
    return builder.config("spark.sql.warehouse.dir", f"{folder}/warehouse")


def check_master(master: str) -> None:
    """Raises UsageError with what to install where something is missing, or where this is no URL of Spark."""
    if find_spec("pyspark") is None:
        raise UsageError("Spark is not installed: write pip install 'cytovigil[spark]'")
    if not master.startswith("sc://") and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise UsageError(
            "Spark needs Java: install Java 17 or later, or set JAVA_HOME, or give --spark-master sc://HOST"
        )
    if not re.fullmatch(r"local(\[.+\])?|yarn|(spark|sc|k8s)://.+", master):
        sentence = "'{master}' is no master of Spark: write local[*], spark://HOST:7077 or sc://HOST"
        raise UsageError(sentence, master=master)


@contextmanager
def _clear_errors(sentence: str = "Spark failed: {why}", **data: str) -> Iterator[None]:
    """What Spark says, in one sentence."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError, pickle.UnpicklingError) as error:
        raise SparkError(sentence, why=_shown(error), **data) from error


def _shown(error: Exception) -> str:
    try:
        said, _, _ = str(error).partition("\n\tat ")  # where in Spark it was is of no use to who reads it
    except Exception:  # Java is asked for the text, and may have come to its end
        said = type(error).__name__
    return " ".join(said.split())[:300]
