"""What each government is likely to do: games on money-metric payoffs, with bands and reasons."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.strategy.enforcement import EnforcementGame
    from tumen.strategy.equilibrium import solve
    from tumen.strategy.export import write_gambit
    from tumen.strategy.findings import find
    from tumen.strategy.game import Game, Move, Payoffs, Player, Solution
    from tumen.strategy.parameters import PARAMETERS
    from tumen.strategy.payoffs import ReducedForm
    from tumen.strategy.spec import Spec

__all__ = [
    "PARAMETERS",
    "EnforcementGame",
    "Game",
    "Move",
    "Payoffs",
    "Player",
    "ReducedForm",
    "Solution",
    "Spec",
    "find",
    "solve",
    "write_gambit",
]

_HOMES = {
    "PARAMETERS": "parameters",
    "EnforcementGame": "enforcement",
    "Game": "game",
    "Move": "game",
    "Payoffs": "game",
    "Player": "game",
    "ReducedForm": "payoffs",
    "Solution": "game",
    "Spec": "spec",
    "find": "findings",
    "solve": "equilibrium",
    "write_gambit": "export",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.strategy.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.strategy' has no attribute '{name}'")
