"""Does trade fit the rules: data quality, compliance, backfill, diversion, compensation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tumen.monitor.spec import Spec

if TYPE_CHECKING:
    from tumen.monitor.backfilling import Backfill, backfill
    from tumen.monitor.compensating import Compensation, compensation
    from tumen.monitor.complying import Compliance, compliance
    from tumen.monitor.diverting import Diversion, diversion
    from tumen.monitor.findings import find
    from tumen.monitor.quality import Quality, check_quality

__all__ = [
    "Backfill",
    "Compensation",
    "Compliance",
    "Diversion",
    "Quality",
    "Spec",
    "backfill",
    "check_quality",
    "compensation",
    "compliance",
    "diversion",
    "find",
]

_HOMES = {
    "Backfill": "backfilling",
    "Compensation": "compensating",
    "Compliance": "complying",
    "Diversion": "diverting",
    "Quality": "quality",
    "backfill": "backfilling",
    "check_quality": "quality",
    "compensation": "compensating",
    "compliance": "complying",
    "diversion": "diverting",
    "find": "findings",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.monitor.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.monitor' has no attribute '{name}'")
