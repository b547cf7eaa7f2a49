"""Who said what, and what it is worth: sources, claims, and the weighing of hypotheses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.evidence.findings import find
    from tumen.evidence.items import EvidenceItem, Hypothesis, Indicator
    from tumen.evidence.reading import complete
    from tumen.evidence.sources import Outlet, Source
    from tumen.evidence.spec import Spec
    from tumen.evidence.weighing import Weighing, weigh

__all__ = [
    "EvidenceItem",
    "Hypothesis",
    "Indicator",
    "Outlet",
    "Source",
    "Spec",
    "Weighing",
    "complete",
    "find",
    "weigh",
]

_HOMES = {
    "EvidenceItem": "items",
    "Hypothesis": "items",
    "Indicator": "items",
    "Outlet": "sources",
    "Source": "sources",
    "Spec": "spec",
    "Weighing": "weighing",
    "complete": "reading",
    "find": "findings",
    "weigh": "weighing",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.evidence.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.evidence' has no attribute '{name}'")
