"""What happens to a purchase for which a ban leaves no supplier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError

if TYPE_CHECKING:
    from tumen.impact.kernel import Kernel

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


class Missing(Protocol):
    """A rule for purchases without a supplier."""

    @property
    def says(self) -> str:
        """The rule in words."""
        ...

    @property
    def floor(self) -> float | None:
        """Part of the banned weights that stays, or None."""
        ...

    def home_weight(self, kernel: Kernel, rows: Places, needed: Places) -> Floats:
        """Return the weight of home production for the given rows."""
        ...


@dataclass(frozen=True)
class Raise:
    """Refuse: the model error names every importer and sector. The default."""

    says: str = "refused"
    floor: float | None = None

    def home_weight(self, kernel: Kernel, rows: Places, needed: Places) -> Floats:
        """Rows of which nothing is bought take their price from home cost."""
        return np.ones(len(rows))


REFUSE = Raise()
"""The default rule."""


@dataclass(frozen=True)
class Floor:
    """Let a small part of the banned weights of these purchases stay.

    Attributes
    ----------
    delta
        Part that stays, above 0 and at most 1. Results hinge on it: print them for another one.
    """

    delta: float

    def __post_init__(self) -> None:
        if not 0 < self.delta <= 1:
            raise DataError(f"floor {self.delta} is not above 0 and at most 1", "missing")

    @property
    def says(self) -> str:
        """The rule in words."""
        return f"{self.delta:g} of the banned weight stays"

    @property
    def floor(self) -> float:
        """Part of the banned weights that stays."""
        return self.delta

    def home_weight(self, kernel: Kernel, rows: Places, needed: Places) -> Floats:
        """Rows of which nothing is bought take their price from home cost."""
        return np.ones(len(rows))


@dataclass(frozen=True)
class Backstop:
    """Let the country make the good itself, at a multiple of the price that it paid.

    Attributes
    ----------
    markup
        Home cost over the benchmark price, at least 1.
    """

    markup: float
    floor: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.markup < np.inf:
            raise DataError(f"markup {self.markup} is below 1", "missing")

    @property
    def says(self) -> str:
        """The rule in words."""
        return f"made at home at {self.markup:g} times the price"

    def home_weight(self, kernel: Kernel, rows: Places, needed: Places) -> Floats:
        """Weight of a home supplier that is `markup` times as dear."""
        countries = kernel.weight.shape[1]
        theta = kernel.theta.reshape(-1)[rows // countries]
        return np.where(np.isin(rows, needed), self.markup**-theta, 1.0)
