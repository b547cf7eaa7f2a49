"""Settings of a machine; none of them may change a number."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tumen.core.errors import CaseError


@dataclass(frozen=True)
class Settings:
    """Where tumen keeps files.

    Attributes
    ----------
    cache
        Folder for indexes, imported data and kept drawings.
    """

    cache: Path


def default_settings() -> Settings:
    """Return the settings of this machine: ``TUMEN_CACHE``, or a folder of the user's cache.

    Only an interface calls this; rooms take settings as arguments.

    Raises
    ------
    CaseError
        When neither variable is set and the user has no home folder.
    """
    stated, shared = os.environ.get("TUMEN_CACHE"), os.environ.get("XDG_CACHE_HOME")
    try:
        return Settings(cache=Path(stated or Path(shared or Path.home() / ".cache") / "tumen"))
    except RuntimeError:
        raise CaseError("this user has no home folder", "", "set TUMEN_CACHE to a folder") from None
