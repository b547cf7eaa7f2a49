"""All markets of a block of scenarios at a point: what is chosen, and what does not fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tumen.impact import equations as eq
from tumen.impact.economy import Floats
from tumen.impact.kernel import Kernel
from tumen.impact.products import Weights


@dataclass(frozen=True, eq=False)
class Market:
    """Choices at one point, spending in units of benchmark value added."""

    attraction: Floats
    appeal: Floats
    income: Floats
    spent: Floats
    sold: Floats


@dataclass(frozen=True, eq=False)
class Gaps:
    """By how much prices, goods markets and labour markets are off, and the wages there.

    Shapes (sector, country, scenario), the same, and (country, scenario) twice.
    """

    price: Floats
    goods: Floats
    labour: Floats
    wage: Floats

    def of(self, chosen: NDArray[np.intp]) -> Gaps:
        """Return the gaps of the chosen scenarios."""
        parts = (self.price, self.goods, self.labour, self.wage)
        return Gaps(*(np.ascontiguousarray(part[..., chosen]) for part in parts))

    def residuals(self, value_added: Floats) -> dict[str, Floats]:
        """Return by name every scenario's largest residuals; `value_added` is (country, 1)."""
        return {
            "price": _largest(self.price),
            # By what a country earns at the point: else a wage that falls to nothing would pass.
            "goods": _largest(self.goods / self.wage),
            "labour": np.abs(self.labour / self.wage).max(axis=0),
            "walras": np.abs((self.labour * value_added).sum(axis=0)) / value_added.sum(),
        }


def _largest(gap: Floats) -> Floats:
    # Sectors first, then countries: the long inner loop is several times faster.
    high, low = gap.max(axis=0).max(axis=0), gap.min(axis=0).min(axis=0)
    return np.asarray(np.maximum(high, -low))


@dataclass(frozen=True, eq=False)
class Markets:
    """The equations of a block of scenarios.

    Attributes
    ----------
    kernel
        Technology, tastes and levels of the benchmark.
    weights
        Choice weights of the scenarios.
    theta
        Trade elasticities; (sector, 1, scenario or 1).
    transfer
        Added to incomes, in the economy's unit; (country, scenario).
    has_share_deficits
        Whether a deficit follows the country's own value added.
    """

    kernel: Kernel
    weights: Weights
    theta: Floats
    transfer: Floats
    has_share_deficits: bool

    @cached_property
    def size(self) -> Floats:
        """Benchmark value added for every scenario: a product with it is quicker than with one."""
        return np.repeat(self.kernel.value_added, self.transfer.shape[1], axis=1)

    def of(self, chosen: NDArray[np.intp]) -> Markets:
        """Return the equations of the chosen scenarios."""
        theta = self.theta if self.theta.shape[2] == 1 else self.theta[:, :, chosen]
        weights = self.weights.of(chosen, self.transfer.shape[1])
        return replace(self, weights=weights, theta=theta, transfer=self.transfer[:, chosen])

    def at(self, log_price: Floats, output: Floats, log_wage: Floats, wage: Floats) -> Market:
        """Return what buyers choose and spend at given prices, output and wages."""
        kernel = self.kernel
        cost = eq.log_cost(log_wage, log_price, kernel.beta, kernel.inputs_by_user)
        attraction = eq.attraction(cost, self.theta)
        appeal = self.weights.appeal(attraction)
        intermediate = eq.intermediate_demand(output, kernel.inputs)
        income = own_income(kernel, wage, self.transfer, has_share=self.has_share_deficits)
        if self.weights.has_tariffs:
            taken = 1.0 - self.weights.received(attraction) / appeal
            income = income + eq.tariff_revenue(intermediate, income, kernel.final_share, taken)
        spent = eq.spending(intermediate, income, kernel.final_share)
        demand = spent * self.size
        demand /= appeal
        sold = self.weights.sold(demand)
        sold *= attraction
        sold /= self.size
        return Market(attraction, appeal, income, spent, sold)

    def gaps(self, log_price: Floats, output: Floats, log_wage: Floats) -> Gaps:
        """Return by how much every equation is missed."""
        wage = np.exp(log_wage)
        market = self.at(log_price, output, log_wage, wage)
        price = eq.log_price(market.appeal, self.theta)
        price -= log_price
        goods = np.subtract(market.sold, output, out=market.sold)
        return Gaps(price, goods, eq.labour_gap(output, wage, self.kernel.beta), wage)


def own_income(kernel: Kernel, wage: Floats, transfer: Floats, *, has_share: bool) -> Floats:
    """Final spending before tariff revenue, over benchmark value added; (country, scenario).

    With `has_share` a deficit follows the country's own value added, the difference spread over
    all; else it stays a share of the world's.
    """
    own = kernel.deficit / kernel.value_added
    if has_share:
        earned = wage * kernel.value_added
        own = wage * (own - (own * earned).sum(axis=0) / earned.sum(axis=0))
    return eq.income(wage, transfer / kernel.value_added + own)
