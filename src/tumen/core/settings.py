"""Settings of a machine; none of them may change a number."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where tumen keeps files and how much of the machine it may use.

    Attributes
    ----------
    cache
        Folder for indexes and imported data.
    workers
        Number of worker threads or processes.
    """

    cache: Path
    workers: int


def default_settings() -> Settings:
    """Return the settings of this machine: ``TUMEN_CACHE`` and ``TUMEN_WORKERS``, or defaults.

    Only an interface calls this; rooms take settings as arguments.
    """
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    cache = Path(os.environ.get("TUMEN_CACHE") or Path(home) / "tumen")
    workers = int(os.environ.get("TUMEN_WORKERS") or os.cpu_count() or 1)
    return Settings(cache=cache, workers=max(1, workers))
