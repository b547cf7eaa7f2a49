"""Write a file whole or not at all, and never over the file that is being read."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tumen.core.errors import CaseError, DataError


@contextmanager
def whole_file(out: Path, *, source: Path) -> Iterator[IO[str]]:
    """Open a text file that takes its name only when all of it was written.

    Raises
    ------
    CaseError
        When it would replace its own source.
    DataError
        When its folder is missing.
    """
    if out.resolve() == source.resolve():
        raise CaseError("the output would replace the input", str(out), "name another file")
    if not out.parent.is_dir():
        raise DataError("there is no such folder", str(out.parent))
    part = out.with_name(f".{out.name}-{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8", newline="") as file:
            yield file
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
