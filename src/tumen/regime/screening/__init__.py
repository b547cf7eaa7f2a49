"""Screening: is this party on a list, as of that day; part of the regime room."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.regime.screening.batch import screen_csv
    from tumen.regime.screening.designated import parties_of
    from tumen.regime.screening.index import NameIndex, build_index, load_index
    from tumen.regime.screening.party import Listing, Party
    from tumen.regime.screening.quality import Quality, measure
    from tumen.regime.screening.query import THRESHOLD, Hit, Screening, screen
    from tumen.regime.screening.readers import read_list

__all__ = [
    "THRESHOLD",
    "Hit",
    "Listing",
    "NameIndex",
    "Party",
    "Quality",
    "Screening",
    "build_index",
    "load_index",
    "measure",
    "parties_of",
    "read_list",
    "screen",
    "screen_csv",
]

_HOMES = {
    "THRESHOLD": "query",
    "Hit": "query",
    "Listing": "party",
    "NameIndex": "index",
    "Party": "party",
    "Quality": "quality",
    "Screening": "query",
    "build_index": "index",
    "load_index": "index",
    "measure": "quality",
    "parties_of": "designated",
    "read_list": "readers",
    "screen": "query",
    "screen_csv": "batch",
}


def __getattr__(name: str) -> Any:
    """Load a name, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.regime.screening.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.regime.screening' has no attribute '{name}'")
