"""Two folders of one disk change places in one step, where the system and the disk can."""

import errno
import os
import sys
from pathlib import Path

_CALLS = {"linux": "renameat2", "darwin": "renamex_np"}
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_HERE = -100  # AT_FDCWD of Linux
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}


def exchange(one: Path, other: Path) -> bool:
    """Each takes the other's place, at once for whoever looks; False where that cannot be. Raises OSError."""
    if sys.platform not in _CALLS:
        return False
    import ctypes

    call = getattr(ctypes.CDLL(None, use_errno=True), _CALLS[sys.platform], None)
    if call is None:  # an old C library
        return False
    paths = os.fsencode(one), os.fsencode(other)
    given = (_HERE, paths[0], _HERE, paths[1]) if sys.platform == "linux" else paths
    if call(*given, ctypes.c_uint(_EXCHANGE)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))
