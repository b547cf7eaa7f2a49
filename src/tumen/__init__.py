"""tumen: an open workbench for sanctions analysis."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.assess import Assessment
    from tumen.brief import write_brief
    from tumen.case import Case, load, run, verify

__version__ = "0.1.0"
__all__ = ["Assessment", "Case", "load", "run", "verify", "write_brief"]

_HOMES = {
    "Assessment": "assess",
    "Case": "case",
    "load": "case",
    "run": "case",
    "verify": "case",
    "write_brief": "brief",
}


def __getattr__(name: str) -> Any:
    """Load a name of the front door, and its room, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen' has no attribute '{name}'")
