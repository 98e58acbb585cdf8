"""The memory of large arrays goes back to the system; where the C library has no such thing, nothing happens."""

import ctypes
import subprocess
import sys
from types import SimpleNamespace

import pytest

from cytovigil import lean

LEFT = """
import sys
from pathlib import Path
from cytovigil.lean import with_arrays_given_back
if sys.argv[1] == "given back":
    with_arrays_given_back()

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

def rest(size):
    before, small = pages(), []
    for _ in range(40):  # what is kept lies between what goes
        large = bytearray(size)
        large[::4096] = bytes(len(range(0, size, 4096))).replace(bytes(1), b"x")
        small.append(bytes(5_000))
        size = size * 21 // 20
        del large
    return (pages() - before) * 4096

rest(1 << 21)
print(rest(1 << 21))
"""


def memory_left(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", LEFT, how], capture_output=True, text=True, check=True, timeout=60)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have another C library")
def test_memory_of_large_arrays_goes_back() -> None:
    assert memory_left("given back") < 4 << 20


@pytest.mark.parametrize("library", [None, SimpleNamespace()])
def test_another_system_or_library_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, library: SimpleNamespace | None
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    if library is None:
        monkeypatch.setattr(sys, "platform", "win32")
    lean.with_arrays_given_back()


def test_a_python_without_ctypes_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctypes", None)
    lean.with_arrays_given_back()
