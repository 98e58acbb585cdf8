"""Started with this folder on its path, a Python process is stopped before its nth file operation in a folder.

STOPPED_IN names the folder, STOPPED_AT the operation (from 1; 0: it goes on, and counts), STOPPED_BY the signal that it
sends itself, or the error that the operation gives, as ENOSPC; STOPPED_COUNT a file for the count.
Processes that it starts go on: STOPPED_PROCESS is its own number.
STOPPED_SWAP=no: as on a disk where two folders cannot change places.
"""

import atexit
import errno
import os
import signal
import sys
from typing import Any

FOLDER, AT = os.environ["STOPPED_IN"], int(os.environ["STOPPED_AT"])
BY = os.environ.get("STOPPED_BY", "SIGKILL")
COUNT = os.environ.get("STOPPED_COUNT", "")
PROCESS = os.environ.setdefault("STOPPED_PROCESS", str(os.getpid()))
CHANGES = {"os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.utime", "os.chmod", "open"}
done = 0


def count(event: str, arguments: tuple[Any, ...]) -> None:
    """Of all operations those that change something below the folder."""
    global done
    if event not in CHANGES or str(os.getpid()) != PROCESS:
        return
    paths = [os.fspath(one) for one in arguments[:2] if isinstance(one, str | bytes | os.PathLike)]
    # shutil.rmtree removes by names relative to folders that it holds open
    if not any(os.fsdecode(path).startswith(FOLDER) or not os.path.isabs(path) for path in paths):
        return
    if event == "open" and "w" not in str(arguments[1]):
        return
    done += 1
    if done == AT and BY.startswith("SIG"):
        os.kill(os.getpid(), getattr(signal, BY))
    elif done == AT:
        number = getattr(errno, BY)
        raise OSError(number, os.strerror(number))


def tell() -> None:
    found = str(done)  # before the file is opened, which counts
    with open(COUNT, "w") as file:
        file.write(found)


if os.environ.get("STOPPED_SWAP") == "no":
    import cytovigil.writers.swap

    cytovigil.writers.swap.exchange = lambda *_: False  # type: ignore[assignment]
if COUNT and str(os.getpid()) == PROCESS:
    atexit.register(tell)
sys.addaudithook(count)
