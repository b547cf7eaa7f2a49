"""What happens to a purchase for which a ban leaves no supplier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError, ModelError
from tumen.core.status import Status

if TYPE_CHECKING:
    from tumen.impact.kernel import Kernel

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
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

    @property
    def stops_at(self) -> float | None:
        """Part of a sector's cost without which it stops; None when buyers still buy."""
        ...

    def home_weight(self, kernel: Kernel, rows: Places, needed: Places) -> Floats:
        """Return the weight of home production for the given rows."""
        ...


@dataclass(frozen=True)
class Raise:
    """Refuse: the model error names every importer and sector. The default."""

    says: str = "refused"
    floor: float | None = None
    stops_at: float | None = None

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
    stops_at: float | None = None

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
    stops_at: float | None = None

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


@dataclass(frozen=True)
class Drop:
    """Do without: what was spent on the good goes to the buyer's other goods.

    Consumers spread their spending over what is left. A sector spreads its cost over its other
    inputs and value added, at no loss of skill; one that has no other cost stops. So the loss is
    a lower bound.
    """

    says: str = "done without"
    floor: float | None = None
    stops_at: float | None = 1.0

    def home_weight(self, kernel: Kernel, rows: Places, needed: Places) -> Floats:
        """Rows of which nothing is bought take their price from home cost."""
        return np.ones(len(rows))


@dataclass(frozen=True)
class Essential:
    """Stop every sector that spends a share of its cost on the good; the others do without.

    What a sector that stops made is missing in its turn, at home and abroad, until nothing more
    stops. Consumers do without, as with `Drop`.

    Attributes
    ----------
    share
        Part of cost, above 0 and at most 1. Results hinge on it: print them for another one.
    """

    share: float
    floor: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise DataError(f"share {self.share} is not above 0 and at most 1", "missing")

    @property
    def says(self) -> str:
        """The rule in words."""
        return f"sectors that need it for {self.share:g} of their cost stop, others do without"

    @property
    def stops_at(self) -> float:
        """Part of a sector's cost without which it stops."""
        return self.share

    def home_weight(self, kernel: Kernel, rows: Places, needed: Places) -> Floats:
        """Rows of which nothing is bought take their price from home cost."""
        return np.ones(len(rows))


RULES = "floor:0.01, backstop:3, drop, essential:0.05 or raise"
"""How a rule is written."""


def missing_rule(text: str) -> Missing:
    """Return the rule for purchases without a supplier that a text names.

    Parameters
    ----------
    text
        ``floor:0.01``, ``backstop:3``, ``drop``, ``essential:0.05`` or ``raise``.

    Raises
    ------
    DataError
        When the text names no rule or its number is out of range.

    Examples
    --------
    >>> from tumen.impact import missing_rule
    >>> missing_rule("floor:0.01").says
    '0.01 of the banned weight stays'
    """
    name, _, number = text.strip().partition(":")
    plain: dict[str, Missing] = {"raise": REFUSE, "drop": Drop()}
    if name in plain and not number:
        return plain[name]
    try:
        value = float(number)
    except ValueError:
        value = np.nan
    if name == "floor" and number:
        return Floor(value)
    if name == "backstop" and number:
        return Backstop(value)
    if name == "essential" and number:
        return Essential(value)
    raise DataError(f"'{text}' is no rule for a purchase without a supplier", "missing", RULES)


@dataclass(frozen=True, eq=False)
class Without:
    """A world in which buyers do without what nobody supplies.

    Attributes
    ----------
    kernel
        Technology and tastes without it; a sector that stopped has no output.
    weight
        Choice weights without the sellers that stopped; (sector, importer, exporter).
    dead, stopped
        Purchases without a supplier, and sectors that stop; (sector, country).
    """

    kernel: Kernel
    weight: Floats
    dead: Flags
    stopped: Flags


def do_without(
    kernel: Kernel, weight: Floats, *, stops_at: float, countries: Iterable[str]
) -> Without:
    """Return the world after everything that stops for want of an input has stopped.

    Raises
    ------
    ModelError
        When a country is left with nothing to produce or to consume; the status is ``infeasible``.
    """
    weight = weight.copy()
    is_made = kernel.output[:, :, 0] > 0
    stopped = np.zeros_like(is_made)
    while True:
        dead = weight.sum(axis=2) <= 0
        lost = np.where(dead.T[:, :, None], kernel.inputs, 0.0).sum(axis=1).T
        found = (lost >= stops_at - 1e-9) & is_made & ~stopped
        if not found.any():
            break
        stopped |= found
        sector, country = np.nonzero(found)
        weight[sector, :, country] = 0.0
    final = np.where(dead, 0.0, kernel.final_share[:, :, 0])
    idle = (final.sum(axis=0) <= 0) | ~(is_made & ~stopped).any(axis=0)
    if idle.any():
        who = ", ".join(name for name, is_idle in zip(countries, idle, strict=True) if is_idle)
        message = f"nothing is left to produce or to consume in {who}"
        raise ModelError(message, "solve", status=Status("infeasible", 0, message=message))
    left = np.where(stopped, 1.0, 1.0 - lost)
    inputs = np.where(dead.T[:, :, None], 0.0, kernel.inputs) / left.T[:, None, :]
    inputs = np.where(stopped.T[:, None, :], 0.0, inputs)
    adapted = replace(
        kernel,
        inputs=inputs,
        inputs_by_user=np.ascontiguousarray(inputs.transpose(0, 2, 1)),
        beta=np.where(stopped, 1.0, kernel.beta[:, :, 0] / left)[:, :, None],
        final_share=(final / final.sum(axis=0))[:, :, None],
        output=np.where(stopped[:, :, None], 0.0, kernel.output),
    )
    return Without(adapted, weight, dead, stopped)
