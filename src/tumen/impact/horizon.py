"""How much an economy can adjust: elasticities of substitution and mobility by time span."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tumen.core.errors import ModelError


@dataclass(frozen=True)
class Horizon:
    """A time span of adjustment.

    Attributes
    ----------
    name
        What a table calls it.
    factors
        eta: substitution between factors and materials.
    materials
        sM: substitution within materials.
    consumption
        sC: substitution within final spending.
    trade
        psi: trade elasticities are this part of the long-run ones.
    mobility
        kappa: how factors follow returns between sectors; 0 they stay, infinity they are equal
        everywhere.
    """

    name: str
    factors: float = 1.0
    materials: float = 1.0
    consumption: float = 1.0
    trade: float = 1.0
    mobility: float = math.inf

    def __post_init__(self) -> None:
        values = (self.factors, self.materials, self.consumption, self.trade)
        if not all(0 < value < math.inf for value in values) or not self.mobility >= 0:
            raise ModelError("elasticities are above 0, mobility is 0 or more", self.name)

    @property
    def is_long(self) -> bool:
        """Whether factors move freely."""
        return math.isinf(self.mobility)


HORIZONS: Mapping[str, Horizon] = {
    "long": Horizon("long"),
    "medium": Horizon("medium", 0.5, 0.3, 0.7, 0.5, 1.0),
    "short": Horizon("short", 0.5, 0.3, 0.7, 0.5, 0.0),
    "very_short": Horizon("very_short", 0.3, 0.1, 0.5, 0.25, 0.0),
}
"""Long: years, all factors move. Short: months, factors stay where they are."""


def horizon(name: str) -> Horizon:
    """Return a preset.

    Raises
    ------
    ModelError
        When there is none of that name.
    """
    if name not in HORIZONS:
        raise ModelError(f"'{name}' is no horizon", "horizon", f"valid: {', '.join(HORIZONS)}")
    return HORIZONS[name]
