"""One folder, one question: a case is loaded, checked, run, and run again to verify."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.case.case import Case
    from tumen.case.loading import check, load
    from tumen.case.making import new
    from tumen.case.record import read_record, record_path, write_record, write_whole
    from tumen.case.running import run
    from tumen.case.verifying import Verification, verify

__all__ = [
    "Case",
    "Verification",
    "check",
    "load",
    "new",
    "read_record",
    "record_path",
    "run",
    "verify",
    "write_record",
    "write_whole",
]

_HOMES = {
    "Case": "case",
    "Verification": "verifying",
    "check": "loading",
    "load": "loading",
    "new": "making",
    "read_record": "record",
    "record_path": "record",
    "run": "running",
    "verify": "verifying",
    "write_record": "record",
    "write_whole": "record",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.case.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.case' has no attribute '{name}'")
