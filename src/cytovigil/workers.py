"""Parts of a run in processes of this machine, one for each core.

A process of our own, not one of `multiprocessing`: it loads what grades and nothing of the caller's, and it ends when
its pipe does, however the caller ends.
"""

import errno
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from cytovigil.lean import without_pandas
from cytovigil.model.told import ToldError

if TYPE_CHECKING:
    from cytovigil.parts import Done
    from cytovigil.readers.parts import Part

MOST = 16  # processes; one joins what they write
POOL = "ARROW_DEFAULT_MEMORY_POOL"  # that of the system gives memory back that is free
_DYING = 5  # seconds in which a process whose pipe broke comes to its end
_SERVE = "from cytovigil.workers import serve; serve()"
T = TypeVar("T")
Work = Callable[[bytes, "Part"], T]
Plan = Callable[[], tuple[bytes, Iterable["Part"]]]
_Process = subprocess.Popen[bytes]
_Idle = SimpleQueue[_Process]


class WorkerError(ToldError):
    """A process that graded came to its end. Its text is one clear sentence."""


def cores() -> int:
    """How many cores this process may use, and not more than are of use; 1 where no process can be started."""
    if not sys.executable:
        return 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST)


def grade_in_processes(plan: Plan, count: int) -> Generator["Done"]:
    """Grade the parts of a pickled job in so many processes; results come in the order of the parts.

    Raises what `grade_part` raises, and WorkerError. The processes end with the iterator.
    """
    from cytovigil.parts import grade_part

    return in_processes(grade_part, plan, count)


def in_processes(work: "Work[T]", plan: Plan, count: int) -> Generator[T]:
    """What a function of a module makes of each part of a pickled job, in so many processes, in the order of the parts.

    `plan` gives the job and the parts: the processes load meanwhile. Raises what it and the function raise, and
    WorkerError. The processes end with the iterator.
    """
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(count) as threads, _processes(count, work.__module__) as idle:
        try:
            job, parts = plan()
            for part in parts:
                waiting.append(threads.submit(_ask, idle, work, job, part))
                if len(waiting) > 2 * count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


@contextmanager
def _processes(count: int, module: str) -> Iterator[_Idle]:
    idle: _Idle = SimpleQueue()
    started = list[_Process]()
    try:
        for _ in range(count):
            started.append(_start(module))
            idle.put(started[-1])
        yield idle
    finally:
        for one in started:
            one.kill()  # it has nothing to put in order: what it wrote is ours to keep or to delete
        for one in started:
            with suppress(OSError), one:  # of a request that was cut short
                one.wait()


def _start(module: str) -> _Process:
    # In a session of its own Ctrl-C does not reach it: the caller ends it.
    path = os.pathsep.join(one for one in sys.path if one)
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVE, module], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True, env=os.environ | {"PYTHONPATH": path} | {POOL: "system"},
        )  # fmt: skip
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise  # told as where the output cannot be written: it is the disk that is full
        sentence = "a process that grades cannot be started ({why}): close other programs and start again"
        raise WorkerError(sentence, why=error.strerror) from error


def _ask(idle: _Idle, work: "Work[T]", job: bytes, part: "Part") -> T:
    process = idle.get()
    try:
        assert process.stdin and process.stdout
        pickle.dump((work, job, part), process.stdin)
        process.stdin.flush()
        answer: T | Exception = pickle.load(process.stdout)
    except Exception as error:  # what comes of half a pickle may be any
        sentence = "a process that graded was ended ({why}): memory may be short; close other programs and start again"
        raise WorkerError(sentence, why=_ended(process)) from error
    finally:
        idle.put(process)
    if isinstance(answer, Exception):
        raise answer
    return answer


def _ended(process: _Process) -> str:
    with suppress(subprocess.TimeoutExpired):
        process.wait(_DYING)
    process.kill()  # what it says is none of ours, though it lives
    code = process.wait()
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def serve() -> None:
    """Work on the parts that come in through a pipe, until it ends: what runs in the other processes.

    The module that works is the program's argument: it is loaded while the caller finds the parts.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody else writes among the answers
    without_pandas()
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    import_module(sys.argv[1])
    with suppress(EOFError, BrokenPipeError):
        while True:
            work, job, part = pickle.load(sys.stdin.buffer)
            pickle.dump(answer(work, job, part), answers)
            answers.flush()


def answer(work: "Work[T]", job: bytes, part: "Part") -> T | Exception:
    """What it makes of a part, for who asks from elsewhere: what would be raised is given back."""
    try:
        return work(job, part)
    except Exception as error:
        return error
