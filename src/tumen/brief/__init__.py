"""How do we say it: an assessment becomes a page for a reader, with every number traced."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.brief.bibliography import Bibliography
    from tumen.brief.blocks import Document
    from tumen.brief.drawing import draw
    from tumen.brief.figures import Chart, chart, charts
    from tumen.brief.outline import compose
    from tumen.brief.spec import Spec
    from tumen.brief.write import Draft, Format, draft, format_of, write_brief

__all__ = [
    "Bibliography",
    "Chart",
    "Document",
    "Draft",
    "Format",
    "Spec",
    "chart",
    "charts",
    "compose",
    "draft",
    "draw",
    "format_of",
    "write_brief",
]

_HOMES = {
    "Bibliography": "bibliography",
    "Chart": "figures",
    "Document": "blocks",
    "Draft": "write",
    "Format": "write",
    "Spec": "spec",
    "chart": "figures",
    "charts": "figures",
    "compose": "outline",
    "draft": "write",
    "draw": "drawing",
    "format_of": "write",
    "write_brief": "write",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.brief.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.brief' has no attribute '{name}'")
