"""How sure are we: findings and evidence become judgments."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.assess.record import Assessment, Judgment

__all__ = ["Assessment", "Judgment"]

_HOMES = {"Assessment": "record", "Judgment": "record"}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.assess.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.assess' has no attribute '{name}'")
