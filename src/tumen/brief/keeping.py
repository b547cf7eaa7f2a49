"""What is costly to make and never changes is kept in a folder for the next brief."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from tumen.core.record import sha256_text

MOST_KEPT = 400
"""So many files are kept; the oldest make room."""

_LOG = logging.getLogger(__name__)


def kept(folder: Path | None, made_from: str, make: Callable[[], bytes]) -> bytes:
    """Return what was kept for `made_from`, or make and keep it.

    Parameters
    ----------
    folder
        Where to keep; nothing is kept when None, and a folder that fails only costs time.
    made_from
        Everything that the content depends on, versions included.
    make
        Makes the content; asked again when the kept file is damaged.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     kept(Path(place), "a word", lambda: b"slow"), kept(Path(place), "a word", lambda: b"")
    (b'slow', b'slow')
    """
    if folder is None:
        return make()
    file = folder / f"{sha256_text(made_from)}.kept"
    try:
        whole = file.read_bytes()
        digest, content = whole[:32], whole[32:]
    except OSError:
        digest, content = b"", b""
    if digest == hashlib.sha256(content).digest():
        return content
    content = make()
    try:
        _keep(file, content)
    except OSError as error:
        _LOG.info("a part of the brief was not kept: %s", error)
    return content


def _keep(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    old = sorted(file.parent.glob("*.kept"), key=lambda path: path.stat().st_mtime)
    for path in old[:-MOST_KEPT]:
        path.unlink(missing_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(hashlib.sha256(content).digest() + content)
    part.replace(file)
