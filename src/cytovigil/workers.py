"""Parts of a run in processes of this machine, one for each core."""

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from cytovigil.lean import with_arrays_given_back, without_pandas, without_tidying
from cytovigil.processes import Process, serve

if TYPE_CHECKING:
    from cytovigil.parts import Done
    from cytovigil.readers.parts import Part

MOST = 16  # processes; one joins what they write
_SERVE = "from cytovigil.workers import serve_parts; serve_parts()"
T = TypeVar("T")
Work = Callable[[bytes, "Part"], T]
Plan = Callable[[], tuple[bytes, Iterable["Part"]]]
_Idle = SimpleQueue[Process]


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
    started = list[Process]()
    try:
        for _ in range(count):
            started.append(Process(_SERVE, module))
            idle.put(started[-1])
        yield idle
    finally:
        for one in started:
            one.kill()
        for one in started:
            one.wait()


def _ask(idle: _Idle, work: "Work[T]", job: bytes, part: "Part") -> T:
    process = idle.get()
    try:
        return process.ask(work, job, part)
    finally:
        idle.put(process)


def serve_parts() -> None:
    """What runs in the other processes."""
    serve(_alone_on_a_core)


def _alone_on_a_core() -> None:
    without_pandas()
    without_tidying()
    with_arrays_given_back()
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    import_module(sys.argv[1])  # what works: it is loaded while the caller finds the parts
