"""A file that one process at a time writes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Literal

if sys.platform == "win32":
    import msvcrt

    _BEYOND_ANY_LEDGER = 2**40
    """Windows keeps others from locked bytes; a byte beyond the end keeps nobody from reading."""

    def _lock(file: FileIO, *, is_shared: bool) -> None:
        file.seek(_BEYOND_ANY_LEDGER)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        file.seek(0)

    def _unlock(file: FileIO) -> None:
        file.seek(_BEYOND_ANY_LEDGER)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: FileIO, *, is_shared: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX)

    def _unlock(file: FileIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def locked(path: Path, *, to: Literal["read", "append"]) -> Iterator[FileIO]:
    """Open a file at its start once no other process is in the way; readers share it.

    The lock lies on the file itself and ends with the process, so nothing is left behind.

    Raises
    ------
    OSError
        When the file cannot be opened or locked; appending makes one that is missing.
    """
    with FileIO(path, "r" if to == "read" else "a+") as file:
        _lock(file, is_shared=to == "read")
        try:
            file.seek(0)
            yield file
        finally:
            _unlock(file)
