"""What processes of our own do without."""

import atexit
import gc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

_OBJECTS = 250_000  # some tens of megabytes
_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # of malloc.h
_MEMORY = {_ARENA_MAX: 1, _MMAP_THRESHOLD: 1 << 21, _TRIM_THRESHOLD: 1 << 24}  # below 2 MB, new pages cost more time


class _Unused:
    """Finds the package that it names, and says that it is not there."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raises ModuleNotFoundError for the package; None, which asks the next finder, for every other."""
        if name == self.package:
            raise ModuleNotFoundError(f"{name} is not used here", name=name)
        return None


def without_tidying() -> None:
    """Look for lost objects after so many new ones, not after 700, and not at the end: what is loaded is in use, and
    the system takes all back at once.
    """
    gc.set_threshold(_OBJECTS)
    atexit.register(gc.freeze)


def without_pandas() -> None:
    """Leave pandas aside. pyarrow loads it where it is installed: 0.2 s and 40 MB, of which nothing here is used.

    Only for processes that are wholly ours; Spark Connect needs it.
    """
    if not any(isinstance(one, _Unused) for one in sys.meta_path):
        sys.meta_path.insert(0, _Unused("pandas"))


def with_arrays_given_back() -> None:
    """Have the memory of large arrays go back to the system when they go, in this process from now on.

    The GNU C library would keep it, in pieces that get ever smaller. Another one is left as it is.
    """
    if sys.platform != "linux":
        return
    try:
        import ctypes  # NumPy loads it too, where there is one
    except ImportError:
        return
    if change := getattr(ctypes.CDLL(None), "mallopt", None):
        for option, value in _MEMORY.items():
            change(option, value)
