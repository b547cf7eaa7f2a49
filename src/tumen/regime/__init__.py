"""May this be traded, by whom, on which day, and which paragraph says so?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.regime.batch import rule_csv
    from tumen.regime.caps import CapUse, Ledger, Use, cap_use, ledger
    from tumen.regime.findings import find
    from tumen.regime.provenance import Audit, audit
    from tumen.regime.reading import library, load
    from tumen.regime.relief import with_relief
    from tumen.regime.restrictions import Restriction, compile_intervals, restrict
    from tumen.regime.rules import Regime
    from tumen.regime.ruling import Ruling
    from tumen.regime.screening import screen
    from tumen.regime.spec import Spec
    from tumen.regime.timeline import diff, implementation_lag
    from tumen.regime.verdicts import rule

__all__ = [
    "Audit",
    "CapUse",
    "Ledger",
    "Regime",
    "Restriction",
    "Ruling",
    "Spec",
    "Use",
    "audit",
    "cap_use",
    "compile_intervals",
    "diff",
    "find",
    "implementation_lag",
    "ledger",
    "library",
    "load",
    "restrict",
    "rule",
    "rule_csv",
    "screen",
    "with_relief",
]

_HOMES = {
    "Audit": "provenance",
    "CapUse": "caps",
    "Ledger": "caps",
    "Regime": "rules",
    "Restriction": "restrictions",
    "Ruling": "ruling",
    "Spec": "spec",
    "Use": "caps",
    "audit": "provenance",
    "cap_use": "caps",
    "compile_intervals": "restrictions",
    "diff": "timeline",
    "find": "findings",
    "implementation_lag": "timeline",
    "ledger": "caps",
    "library": "reading",
    "load": "reading",
    "restrict": "restrictions",
    "rule": "verdicts",
    "rule_csv": "batch",
    "screen": "screening",
    "with_relief": "relief",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.regime.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.regime' has no attribute '{name}'")
