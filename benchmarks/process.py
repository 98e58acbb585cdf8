"""A program in a process of its own: its wall time, its processor time, and its peak memory with its children."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

SAMPLE_S = 0.02
_PROC = Path("/proc")


class Measured(NamedTuple):
    """Seconds of the clock, and of the processors, children included."""

    seconds: float
    cpu_s: float


def measure(command: Sequence[str], one_core: bool = False) -> Measured:
    """Run a program once, on all cores or on one. Exits with its output if it fails."""
    begun = time.perf_counter()
    process = _start(command, one_core)
    output = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    _check(command, process, status, output)
    return Measured(seconds, used.ru_utime + used.ru_stime)


def peak_mb(command: Sequence[str]) -> float:
    """Run a program once more, and watch the memory of it and its children every 20 ms: nothing is timed.

    The sum of proportional set sizes: pages that processes share count once.
    """
    process = _start(command, False)
    watch = _Watch(process.pid)
    watch.start()
    output = process.stdout.read() if process.stdout else b""
    _, status, _ = os.wait4(process.pid, 0)
    watch.done.set()
    watch.join()
    _check(command, process, status, output)
    return watch.peak / 1e6


class _Watch(threading.Thread):
    """Samples the memory of a process and all that descend from it; `peak` in bytes."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.done = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(SAMPLE_S):
            self.peak = max(self.peak, sum(map(_proportional, _family(self.pid))))


def _family(pid: int) -> list[int]:
    """The process and its descendants."""
    found = [pid]
    for one in found:
        try:
            for tasks in (_PROC / str(one) / "task").iterdir():
                found += map(int, (tasks / "children").read_text("ascii").split())
        except OSError:
            continue  # it has ended
    return found


def _proportional(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _start(command: Sequence[str], one_core: bool) -> "subprocess.Popen[bytes]":
    settle = on_one_core if one_core else None
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=settle)


def on_one_core() -> None:
    """Let this process, and those it starts, use one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _check(command: Sequence[str], process: "subprocess.Popen[bytes]", status: int, output: bytes) -> None:
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{output[-4000:].decode(errors='replace')}")
