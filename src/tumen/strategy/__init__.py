"""What each government is likely to do: games on money-metric payoffs, with bands and reasons."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.strategy.coalition import coalition_worth
    from tumen.strategy.draws import likeliest_game
    from tumen.strategy.enforcement import EnforcementGame
    from tumen.strategy.equilibrium import solve
    from tumen.strategy.export import write_gambit
    from tumen.strategy.findings import find
    from tumen.strategy.game import Game, Move, Payoffs, Player, Solution
    from tumen.strategy.parameters import PARAMETERS
    from tumen.strategy.payoffs import ReducedForm
    from tumen.strategy.roadmap import Roadmap, follow
    from tumen.strategy.schedules import best_schedule
    from tumen.strategy.signalling import SignallingGame, signal
    from tumen.strategy.sincerity import Observation, Types, weigh_record
    from tumen.strategy.spec import Spec
    from tumen.strategy.verification import Verifier, compare_verifiers

__all__ = [
    "PARAMETERS",
    "EnforcementGame",
    "Game",
    "Move",
    "Observation",
    "Payoffs",
    "Player",
    "ReducedForm",
    "Roadmap",
    "SignallingGame",
    "Solution",
    "Spec",
    "Types",
    "Verifier",
    "best_schedule",
    "coalition_worth",
    "compare_verifiers",
    "find",
    "follow",
    "likeliest_game",
    "signal",
    "solve",
    "weigh_record",
    "write_gambit",
]

_HOMES = {
    "EnforcementGame": "enforcement",
    "Game": "game",
    "Move": "game",
    "Observation": "sincerity",
    "PARAMETERS": "parameters",
    "Payoffs": "game",
    "Player": "game",
    "ReducedForm": "payoffs",
    "Roadmap": "roadmap",
    "SignallingGame": "signalling",
    "Solution": "game",
    "Spec": "spec",
    "Types": "sincerity",
    "Verifier": "verification",
    "best_schedule": "schedules",
    "coalition_worth": "coalition",
    "compare_verifiers": "verification",
    "find": "findings",
    "follow": "roadmap",
    "likeliest_game": "draws",
    "signal": "signalling",
    "solve": "equilibrium",
    "weigh_record": "sincerity",
    "write_gambit": "export",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.strategy.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.strategy' has no attribute '{name}'")
