"""Who said what, and what it is worth: sources, claims, and the weighing of hypotheses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.evidence.diagnosticity import Information, Watch, information
    from tumen.evidence.findings import find
    from tumen.evidence.items import EvidenceItem, Hypothesis
    from tumen.evidence.reading import complete
    from tumen.evidence.robustness import Change, Sensitivity, sensitivity
    from tumen.evidence.sources import Outlet, Source
    from tumen.evidence.spec import Spec
    from tumen.evidence.weighing import Weighing, weigh

__all__ = [
    "Change",
    "EvidenceItem",
    "Hypothesis",
    "Information",
    "Outlet",
    "Sensitivity",
    "Source",
    "Spec",
    "Watch",
    "Weighing",
    "complete",
    "find",
    "information",
    "sensitivity",
    "weigh",
]

_HOMES = {
    "Change": "robustness",
    "EvidenceItem": "items",
    "Hypothesis": "items",
    "Information": "diagnosticity",
    "Outlet": "sources",
    "Sensitivity": "robustness",
    "Source": "sources",
    "Spec": "spec",
    "Watch": "diagnosticity",
    "Weighing": "weighing",
    "complete": "reading",
    "find": "findings",
    "information": "diagnosticity",
    "sensitivity": "robustness",
    "weigh": "weighing",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.evidence.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.evidence' has no attribute '{name}'")
