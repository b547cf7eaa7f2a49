"""What a little more leak, or a little more trade, is worth: one linear solve for all flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tumen.core.errors import ModelError
from tumen.impact.economy import Economy, Floats
from tumen.impact.kernel import Kernel, by_country, kernel_of, steering_of
from tumen.impact.response import Response
from tumen.numerics.batches import one_blas_thread
from tumen.numerics.krylov import gmres

TOLERANCE = 1e-9
"""Stop of the adjoint equations, as a share of their right-hand side."""

MOST = 300
"""Products with the adjoint equations before they are given up."""

SAME = 1e-6
"""How far a response may be from the equations that are differentiated."""


@dataclass(frozen=True, eq=False)
class Gradient:
    """Derivatives of an objective with respect to the openness of every flow.

    Attributes
    ----------
    economy
        Benchmark.
    openness
        dJ/dm; (exporter, importer, sector). At a ban it is one-sided: what the first leak does.
    objective
        J in words.
    iterations
        Products with the linear system.
    """

    economy: Economy
    openness: Floats
    objective: str
    iterations: int

    def largest(self, count: int = 10) -> tuple[tuple[str, str, str, float], ...]:
        """Return the flows with the largest derivatives: exporter, importer, sector, value."""
        n = len(self.economy.countries)
        flat = self.openness.copy()
        flat[np.arange(n), np.arange(n)] = 0.0
        order = np.argsort(-np.abs(flat), axis=None)[:count]
        countries, sectors = self.economy.countries.labels, self.economy.sectors.labels
        places = np.array(np.unravel_index(order, flat.shape)).T
        return tuple(
            (countries[i], countries[k], sectors[j], float(flat[i, k, j])) for i, k, j in places
        )


def leak_values(response: Response, weights: Mapping[str, float]) -> Gradient:
    """Return the derivative of a weighted sum of equivalent variations for every flow.

    The adjoint equations of the long run are solved once at the response; the cost is about that
    of one solve, whatever the number of flows. `fixed` deficits, no tariffs.

    Parameters
    ----------
    response
        Where the derivative is taken; solve it tightly (tolerance 1e-10) for six digits.
    weights
        Weight of a country's equivalent variation, in the economy's unit.

    Raises
    ------
    ModelError
        When the response is none of the long run of its economy and shock (other elasticities,
        deficits or technology, a short run), has tariffs, or the linear system is not solved.

    Examples
    --------
    >>> from tumen.impact import calibrate, embargo, leak_values, solve
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> response = solve(economy, embargo(economy, sender="CHN", target="RUS", leak=0.1))
    >>> leak_values(response, {"RUS": 1.0}).largest(1)[0][:3]
    ('RUS', 'CHN', 'oil_gas')
    """
    economy = response.economy
    if response.tariff is not None:
        hint = "JaxBackend().leak_values differentiates them"
        raise ModelError("derivatives are for economies without tariffs", "gradient", hint)
    wanted = np.zeros(len(economy.countries))
    for name, weight in weights.items():
        wanted[economy.countries.place(name)] = weight
    worth = wanted * economy.income * response.welfare_hat
    with one_blas_thread():
        point = _Tangent(economy, response)
        _refuse_other(point, response)
        multiplier, iterations = point.solve(worth)
        openness = point.openness(multiplier)
    named = " + ".join(f"{w:g} EV({n})" for n, w in weights.items())
    return Gradient(economy, openness, named, iterations)


def _refuse_other(point: _Tangent, response: Response) -> None:
    """Refuse a response that these equations do not describe."""
    economy, shock = response.economy, response.shock
    closed = economy.deficit if shock.transfer is None else economy.deficit + shock.transfer
    if np.abs(response.deficit - closed).max() > SAME * economy.value_added.sum():
        raise ModelError("derivatives are for fixed deficits", "gradient", "LongRun()")
    expected = point.kernel.weight * shock.dense().transpose(2, 1, 0)
    expected *= point.attraction[:, None, :] / point.appeal[:, :, None]
    # Where no supplier is left, the rule for missing purchases decides instead.
    is_alive = expected.sum(axis=2) > 0
    is_dropped = (economy.expenditure > 0) & (response.expenditure == 0)
    if np.abs(point.share - expected)[is_alive].max() > SAME or is_dropped.any():
        what = "the response was solved with other elasticities, technology or adjustment"
        raise ModelError(what, "gradient", "solve(economy, shock)")


class _Tangent:
    """The transposed linearisation of the long run at a response.

    Cotangents of the three blocks of residuals (price, goods, labour) are packed in one vector.
    """

    def __init__(self, economy: Economy, response: Response) -> None:
        kernel = kernel_of(economy)
        self.kernel, self.steering = kernel, steering_of(economy)
        self.theta = kernel.theta[:, :, 0]
        self.beta, self.alpha = kernel.beta[:, :, 0], kernel.final_share[:, :, 0]
        self.va = economy.value_added
        self.wage = response.wage_hat
        self.share = np.ascontiguousarray(response.trade_share.transpose(2, 1, 0))
        self.spent = response.expenditure.T
        self.made = response.output.T
        self.income = response.income / economy.value_added
        log_price = np.log(response.price_hat.T)
        inputs = by_country(kernel.inputs_by_user, log_price[:, :, None])[:, :, 0]
        self.attraction = np.exp(-self.theta * (self.beta * np.log(self.wage) + inputs))
        self.appeal = np.exp(-self.theta * log_price)
        self.shape = self.made.shape
        self.size = self.made.size

    def _parts(self, vector: Floats) -> tuple[Floats, Floats, Floats]:
        k = self.size
        return (
            vector[:k].reshape(self.shape),
            vector[k : 2 * k].reshape(self.shape),
            vector[2 * k :],
        )

    def transposed(self, vector: Floats) -> Floats:
        """Return the transposed derivative of all residuals times a vector."""
        price, goods, labour = self._parts(vector)
        earned = goods / self.va
        met = np.matmul(self.share, earned[:, :, None])[..., 0]
        pull = price + self.theta * self.spent * met
        cost = np.matmul(self.share.transpose(0, 2, 1), pull[:, :, None])[..., 0]
        cost -= self.theta * self.made * earned
        spending = self.va * met
        out = np.empty_like(vector)
        d_price, d_goods, d_labour = self._parts(out)
        inputs = self.kernel.inputs
        d_price[:] = np.matmul(inputs, cost.T[:, :, None])[..., 0].T - price
        back = self.kernel.inputs_by_user
        d_goods[:] = np.matmul(back, spending.T[:, :, None])[..., 0].T - goods + self.beta * labour
        d_labour[:] = (self.beta * cost).sum(axis=0) - self.wage * labour
        d_labour += self.wage * (self.alpha * spending).sum(axis=0)
        # The scale of prices is pinned as in the solver: no gap may move the average wage.
        d_labour -= self.va / self.va.sum() * self.wage * labour.sum()
        return out

    def steered(self, vector: Floats) -> Floats:
        """Return about minus the inverse of `transposed`, from the benchmark responses."""
        parts = self._parts(vector)
        price, goods = (part[:, :, None].astype(np.float32) for part in parts[:2])
        found = self.steering.transposed(price, goods, parts[2][:, None])
        return np.concatenate([np.reshape(part, -1) for part in found], dtype=np.float64)

    def solve(self, worth: Floats) -> tuple[Floats, int]:
        """Return the multipliers of an objective with weights on log welfare, and the products."""
        right = np.zeros(2 * self.size + len(worth))
        price, _, labour = self._parts(right)
        price[:] = self.alpha * worth
        labour[:] = -worth * self.wage / self.income
        found, count, miss = gmres(
            self.transposed, right, steer=self.steered, tolerance=TOLERANCE, most=MOST
        )
        if not miss <= TOLERANCE:
            raise ModelError(
                "the adjoint equations are not solved", "gradient", "tighten the solve"
            )
        return found, count

    def openness(self, multiplier: Floats) -> Floats:
        """Return dJ/dm; (exporter, importer, sector)."""
        price, goods, _ = self._parts(multiplier)
        kernel: Kernel = self.kernel
        earned = goods / self.va
        met = np.matmul(self.share, earned[:, :, None])[..., 0]
        at_buyer = (-price / self.theta - self.spent * met) / self.appeal
        spent = self.spent / self.appeal
        buyer = np.stack([at_buyer, spent], axis=2)
        seller = np.stack([self.attraction, self.attraction * earned], axis=1)
        worth: Floats = np.matmul(buyer, seller)
        worth *= kernel.weight
        return worth.transpose(2, 1, 0)
