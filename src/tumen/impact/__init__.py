"""What would a cut-off cost, and who fills the gap: a trade model with true prohibitions."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tumen.impact.spec import Spec

if TYPE_CHECKING:
    from tumen.impact.attachment import attach
    from tumen.impact.block import LongRun
    from tumen.impact.calibration import calibrate
    from tumen.impact.closure import balance
    from tumen.impact.economy import Economy
    from tumen.impact.findings import find
    from tumen.impact.gradient import leak_values
    from tumen.impact.jax_backend import JaxBackend
    from tumen.impact.long_run import solve, solve_batch
    from tumen.impact.missing import missing_rule
    from tumen.impact.optimal import candidate_cells, frontier, rank_bans
    from tumen.impact.response import Response
    from tumen.impact.shock import (
        Shock,
        combine,
        embargo,
        from_cells,
        isolate,
        shock_from_restrictions,
    )
    from tumen.impact.short_run import solve_short
    from tumen.impact.sweep import run_sweep

__all__ = [
    "Economy",
    "JaxBackend",
    "LongRun",
    "Response",
    "Shock",
    "Spec",
    "attach",
    "balance",
    "calibrate",
    "candidate_cells",
    "combine",
    "embargo",
    "find",
    "from_cells",
    "frontier",
    "isolate",
    "leak_values",
    "missing_rule",
    "rank_bans",
    "run_sweep",
    "shock_from_restrictions",
    "solve",
    "solve_batch",
    "solve_short",
]

_HOMES = {
    "Economy": "economy",
    "JaxBackend": "jax_backend",
    "LongRun": "block",
    "Response": "response",
    "Shock": "shock",
    "attach": "attachment",
    "balance": "closure",
    "calibrate": "calibration",
    "candidate_cells": "optimal",
    "combine": "shock",
    "embargo": "shock",
    "find": "findings",
    "from_cells": "shock",
    "frontier": "optimal",
    "isolate": "shock",
    "leak_values": "gradient",
    "missing_rule": "missing",
    "rank_bans": "optimal",
    "run_sweep": "sweep",
    "shock_from_restrictions": "shock",
    "solve": "long_run",
    "solve_batch": "long_run",
    "solve_short": "short_run",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.impact.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.impact' has no attribute '{name}'")
