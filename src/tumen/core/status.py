"""How a solve ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["converged", "not_converged", "infeasible", "time_limit"]


@dataclass(frozen=True)
class Status:
    """How one solve ended, with every residual that was under test.

    Attributes
    ----------
    state
        ``converged`` is the only state whose numbers may be shown.
    iterations
        Number of iterations made.
    residuals
        Largest absolute residual by name, e.g. ``{"price": 1e-12, "walras": 3e-13}``.
    tolerance
        The bound that every residual had to meet.
    message
        One sentence for a person; empty when converged.
    """

    state: State
    iterations: int
    residuals: Mapping[str, float] = field(default_factory=dict)
    tolerance: float = 0.0
    message: str = ""

    @property
    def has_converged(self) -> bool:
        """Whether the numbers may be shown."""
        return self.state == "converged"
