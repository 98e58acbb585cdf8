"""Folders that are locked as long as their process lives, so that a later run can clear away those of killed ones."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = ".cytovigil.rows-"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder where temporary files go (TMPDIR), which goes at the end, whoever interrupts.

    Those that killed runs left there, rows of patients in them, go at the beginning. Raises OSError.
    """
    parent = Path(tempfile.gettempdir())
    with suppress(OSError):  # it may not be listed
        for left in left_behind(parent, _PREFIX):
            shutil.rmtree(left, ignore_errors=True)
    with locked_folder(parent, _PREFIX) as folder:
        try:
            yield folder
        finally:
            _remove_surely(folder)


@contextmanager
def locked_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder of which `left_behind` knows, as long as the block lasts, that it is in use."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        lock = _lock(folder, wait=True)
        if lock is not None or folder.exists():  # else another run has just taken it for that of a killed one
            break
    try:
        yield folder
    finally:
        _unlock(lock)


def left_behind(parent: Path, prefix: str) -> Iterator[Path]:
    """Folders with this prefix whose process was killed, each locked until the next is asked for."""
    for folder in parent.iterdir():
        if folder.name.startswith(prefix) and (lock := _lock(folder, wait=False)) is not None:
            try:
                yield folder
            finally:
                _unlock(lock)


def _remove_surely(folder: Path) -> None:
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except KeyboardInterrupt:
        _remove_surely(folder)
        raise


def _lock(folder: Path, wait: bool) -> int | None:
    """A lock that goes with its process; None where another has it, the folder is gone, or there are no such locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), folder.stat()):
            return lock
    except OSError:
        pass
    os.close(lock)
    return None


def _unlock(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)
