"""Other processes of this machine, each of which does what it is asked.

Not those of `multiprocessing`: one loads what its work needs and nothing of the caller's, and ends when its pipe does,
however the caller ends.
"""

import errno
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from cytovigil.model.told import ToldError

POOL = "ARROW_DEFAULT_MEMORY_POOL"  # that of the system gives memory back that is free
NOT_STARTED = "another process cannot be started ({why}): close other programs and start again"
_DYING = 5  # seconds in which a process whose pipe broke comes to its end
T = TypeVar("T")


class WorkerError(ToldError):
    """A process that worked for this one came to its end. Its text is one clear sentence."""


class Process:
    """A process that runs `code`, Python which calls `serve`. Raises WorkerError, or OSError where the disk is full."""

    def __init__(self, code: str, *arguments: str) -> None:
        # In a session of its own Ctrl-C does not reach it: the caller ends it.
        path = os.pathsep.join(one for one in sys.path if one)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", code, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                start_new_session=True, env=os.environ | {"PYTHONPATH": path} | {POOL: "system"},
            )  # fmt: skip
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise  # told as where the output cannot be written: it is the disk that is full
            raise WorkerError(NOT_STARTED, why=error.strerror) from error

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def ask(self, work: Callable[..., T], *arguments: Any) -> T:
        """What it makes of a function of a module and its arguments. Raises what that raises, and WorkerError."""
        asked = pickle.dumps((work, arguments))
        try:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.write(asked)
            self._process.stdin.flush()
            answered: T | Exception = pickle.load(self._process.stdout)
        except Exception as error:  # what comes of half a pickle may be any
            sentence = "another process was ended ({why}): memory may be short; close other programs and start again"
            raise WorkerError(sentence, why=self._ended()) from error
        if isinstance(answered, Exception):
            raise answered
        return answered

    def kill(self) -> None:
        """End it: it has nothing to put in order, for what it wrote is the caller's to keep or to delete."""
        self._process.kill()

    def wait(self) -> None:
        """Wait until it has come to its end, and let go of its pipes."""
        with suppress(OSError), self._process as process:  # of a question that was cut short
            process.wait()

    def _ended(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING)
        self._process.kill()  # what it says is none of ours, though it lives
        code = self._process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit {code}"


def serve(prepare: Callable[[], object]) -> None:
    """Do what is asked through a pipe, until it ends: all that another process does, once it is prepared."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody else writes among the answers
    prepare()
    with suppress(EOFError, BrokenPipeError):
        while True:
            work, arguments = pickle.load(sys.stdin.buffer)
            pickle.dump(answer(work, *arguments), answers)
            answers.flush()


def answer(work: Callable[..., T], *arguments: Any) -> T | Exception:
    """What it makes of its arguments, for who asks from elsewhere: what would be raised is given back."""
    try:
        return work(*arguments)
    except Exception as error:
        return error
