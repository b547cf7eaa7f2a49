"""Who said what, and what it is worth: sources, claims, and the weighing of hypotheses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.evidence.diagnosticity import Information, Watch, information
    from tumen.evidence.extraction import Extraction, extract
    from tumen.evidence.findings import find
    from tumen.evidence.items import EvidenceItem, Hypothesis
    from tumen.evidence.linting import Remark, lint
    from tumen.evidence.reading import complete
    from tumen.evidence.robustness import Change, Sensitivity, sensitivity
    from tumen.evidence.sources import Outlet, Source
    from tumen.evidence.spec import Spec
    from tumen.evidence.texts import Span, anchor
    from tumen.evidence.weighing import Weighing, weigh

__all__ = [
    "Change",
    "EvidenceItem",
    "Extraction",
    "Hypothesis",
    "Information",
    "Outlet",
    "Remark",
    "Sensitivity",
    "Source",
    "Span",
    "Spec",
    "Watch",
    "Weighing",
    "anchor",
    "complete",
    "extract",
    "find",
    "information",
    "lint",
    "sensitivity",
    "weigh",
]

_HOMES = {
    "Change": "robustness",
    "EvidenceItem": "items",
    "Extraction": "extraction",
    "Hypothesis": "items",
    "Information": "diagnosticity",
    "Outlet": "sources",
    "Remark": "linting",
    "Sensitivity": "robustness",
    "Source": "sources",
    "Span": "texts",
    "Spec": "spec",
    "Watch": "diagnosticity",
    "Weighing": "weighing",
    "anchor": "texts",
    "complete": "reading",
    "extract": "extraction",
    "find": "findings",
    "information": "diagnosticity",
    "lint": "linting",
    "sensitivity": "robustness",
    "weigh": "weighing",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.evidence.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.evidence' has no attribute '{name}'")
