"""The iteration: benchmark responses steer, Anderson mixes, all residuals decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import ModelError
from tumen.core.status import Status
from tumen.impact import equations as eq
from tumen.impact.economy import Economy, Floats
from tumen.impact.kernel import (
    Kernel,
    Singles,
    Steering,
    by_country,
    kernel_of,
    respond,
    steering_of,
)
from tumen.impact.missing import REFUSE, Missing
from tumen.impact.shock import Shock
from tumen.impact.weights import Cells, Weights, weights_of
from tumen.numerics.fixed_point import Anderson

NARROW = 0.5
"""A block goes on without its settled scenarios when so many are left."""

STAGES = (0.3, 0.6, 0.8, 0.9, 0.95, 1.0)
"""Parts of an extreme shock on the way to it."""


@dataclass(frozen=True)
class LongRun:
    """Settings of the long-run solver.

    Attributes
    ----------
    tolerance
        Bound on the price, goods, labour and Walras residuals, all of them.
    iterations
        Most sweeps before a scenario is given up.
    memory
        Differences that Anderson's method keeps.
    deficits
        ``fixed`` keeps each country's deficit as a share of world value added; ``share`` keeps it
        as a share of the country's own value added, the difference spread over all.
    missing
        What happens to a purchase without a supplier.
    """

    tolerance: float = 1e-8
    iterations: int = 80
    memory: int = 5
    deficits: str = "fixed"
    missing: Missing = REFUSE

    def __post_init__(self) -> None:
        if self.deficits not in ("fixed", "share"):
            hint = "fixed or share; purge deficits with balance(economy) first"
            raise ModelError(f"'{self.deficits}' closes no deficit", "solve: deficits", hint)
        if not 0 < self.tolerance < 1 or self.iterations < 1 or self.memory < 1:
            raise ModelError("tolerance, iterations and memory must be positive", "solve")


@dataclass(frozen=True, eq=False)
class Market:
    """Choices at one point, spending in units of benchmark value added."""

    attraction: Floats
    appeal: Floats
    income: Floats
    spent: Floats
    sold: Floats


class Block:
    """A block of scenarios on its way to the answer. Axes: (sector, country, scenario)."""

    def __init__(
        self,
        kernel: Kernel,
        steering: Steering,
        cells: Sequence[Cells],
        theta: Floats,
        settings: LongRun,
        *,
        transfer: Floats | None = None,
        state: Floats | None = None,
    ) -> None:
        self.kernel, self.settings = kernel, settings
        self.steering = steering
        self.sectors, self.countries = kernel.output.shape[:2]
        self.batch = len(cells)
        self.cells = list(cells)
        self._weights: Weights | None = None
        self.theta = np.ascontiguousarray(theta.T)[:, None, :]
        self.beta_single = kernel.beta.astype(np.float32)
        shape = (self.countries, self.batch)
        self.transfer = np.zeros(shape) if transfer is None else transfer
        self.state = self._start() if state is None else state
        self.active: NDArray[np.intp] = np.arange(self.batch)
        self.is_open = np.ones(self.batch, dtype=np.bool_)
        self.final = np.full_like(self.state, np.nan)
        self.statuses: list[Status] = [
            Status("not_converged", 0, {}, settings.tolerance, "not begun")
        ] * self.batch

    def _start(self) -> Floats:
        size = self.sectors * self.countries
        state = np.zeros((2 * size + self.countries, self.batch))
        state[size : 2 * size] = (self.kernel.output / self.kernel.value_added).reshape(size, 1)
        return state

    @property
    def weights(self) -> Weights:
        """Choice weights of the scenarios that are still open; made when first asked for."""
        if self._weights is None:
            self._weights = weights_of(self.kernel, self.cells)
        return self._weights

    def parts(self, state: Floats) -> tuple[Floats, Floats, Floats]:
        """Split the unknowns into log prices, output over value added, and log wages."""
        size = self.sectors * self.countries
        shape = (self.sectors, self.countries, state.shape[1])
        return state[:size].reshape(shape), state[size : 2 * size].reshape(shape), state[2 * size :]

    def run(self) -> Block:
        """Sweep until every scenario has converged or is given up."""
        mixer = Anderson(self.state.shape[0], self.batch, depth=self.settings.memory)
        iterate = np.ascontiguousarray(self.state.T)
        with np.errstate(all="ignore"):
            for sweep in range(self.settings.iterations + 1):
                step, residuals = self._sweep()
                has_lost = self._settle(sweep, residuals)
                open_ = np.flatnonzero(self.is_open[self.active])
                if not len(open_):
                    break
                if has_lost or len(open_) <= NARROW * len(self.active):
                    self._narrow(open_)
                    mixer.keep(open_)
                    step, iterate = step[:, open_], iterate[open_]
                iterate = mixer.step(iterate, np.ascontiguousarray(step.T))
                self.state = np.ascontiguousarray(iterate.T)
        return self

    def _sweep(self) -> tuple[Singles, dict[str, Floats]]:
        """Return the steered step and, by name, every scenario's largest residuals."""
        kernel = self.kernel
        log_price, output, log_wage = self.parts(self.state)
        wage = np.exp(log_wage)
        market = self.market(log_price, output, log_wage, wage)
        price_gap = eq.log_price(market.appeal, self.theta)
        price_gap -= log_price
        output_gap = np.subtract(market.sold, output, out=market.sold)
        labour_gap = eq.labour_gap(output, wage, kernel.beta)
        value_added = kernel.value_added
        residuals = {
            "price": _largest(price_gap),
            # By what a country earns at the point: else a wage that falls to nothing would pass.
            "goods": _largest(output_gap / wage),
            "labour": np.abs(labour_gap / wage).max(axis=0),
            "walras": np.abs((labour_gap * value_added).sum(axis=0)) / value_added.sum(),
        }
        return self._steer(price_gap, output_gap, labour_gap, log_wage), residuals

    def market(self, log_price: Floats, output: Floats, log_wage: Floats, wage: Floats) -> Market:
        """Return what buyers choose and spend at given prices, output and wages."""
        kernel = self.kernel
        cost = eq.log_cost(log_wage, log_price, kernel.beta, kernel.inputs_by_user)
        attraction = eq.attraction(cost, self.theta)
        appeal = self.weights.appeal(attraction)
        intermediate = eq.intermediate_demand(output, kernel.inputs)
        income = self._income(wage, intermediate, attraction, appeal)
        spent = eq.spending(intermediate, income, kernel.final_share)
        demand = spent * kernel.value_added
        demand /= appeal
        sold = self.weights.sold(demand)
        sold *= attraction
        sold /= kernel.value_added
        return Market(attraction, appeal, income, spent, sold)

    def steering_here(self) -> Steering:
        """Return responses at the present point instead of the benchmark (one scenario)."""
        kernel = self.kernel
        log_price, output, log_wage = self.parts(self.final)
        wage = np.exp(log_wage)
        market = self.market(log_price, output, log_wage, wage)
        chosen = market.attraction.transpose(0, 2, 1) / market.appeal
        there = replace(
            kernel,
            weight=self.weights.shared * chosen,
            received=self.weights.shared_received * chosen,
            theta=self.theta,
            value_added=kernel.value_added * wage,
            output=output * kernel.value_added,
            spending=market.spent * kernel.value_added,
        )
        made = respond(there)
        scale = np.tile(wage[:, 0], self.sectors)[:, None].astype(np.float32)
        return replace(
            made,
            output_of_wage=made.output_of_wage * scale,
            wage_of_gap=made.wage_of_gap / wage[:, 0],
        )

    def _steer(
        self, price_gap: Floats, output_gap: Floats, labour_gap: Floats, log_wage: Floats
    ) -> Singles:
        """Return the step; single precision, as it only steers."""
        kernel, steering = self.kernel, self.steering
        size, batch = self.sectors * self.countries, log_wage.shape[1]
        step = np.empty(self.state.shape, dtype=np.float32)
        d_price = by_country(steering.price_block, price_gap.astype(np.float32))
        d_output = by_country(steering.output_block, output_gap.astype(np.float32))
        d_wage = steering.wage_of_gap @ (labour_gap + self._paid(d_output))
        single = d_wage.astype(np.float32)
        np.matmul(steering.price_of_wage, single, out=step[:size])
        step[:size] += d_price.reshape(size, batch)
        np.matmul(steering.output_of_wage, single, out=step[size : 2 * size])
        step[size : 2 * size] += d_output.reshape(size, batch)
        total = (np.exp(log_wage + d_wage) * kernel.value_added).sum(axis=0)
        step[2 * size :] = d_wage - np.log(total / kernel.value_added.sum())
        return step

    def _paid(self, d_output: Singles) -> Singles:
        return np.asarray(np.einsum("jn,jns->ns", self.beta_single[:, :, 0], d_output))

    def own_income(self, wage: Floats) -> Floats:
        """Final spending before tariff revenue, over benchmark value added; (country, scenario)."""
        kernel = self.kernel
        transfer = self.transfer[:, self.active] / kernel.value_added
        own = kernel.deficit / kernel.value_added
        if self.settings.deficits == "share":
            earned = wage * kernel.value_added
            own = wage * (own - (own * earned).sum(axis=0) / earned.sum(axis=0))
        return eq.income(wage, transfer + own)

    def _income(
        self, wage: Floats, intermediate: Floats, attraction: Floats, appeal: Floats
    ) -> Floats:
        """Final spending over benchmark value added; (country, scenario)."""
        income = self.own_income(wage)
        if self.weights.has_tariffs:
            taken = 1.0 - self.weights.received(attraction) / appeal
            share = self.kernel.final_share
            income = income + eq.tariff_revenue(intermediate, income, share, taken)
        return income

    def _settle(self, sweep: int, residuals: dict[str, Floats]) -> bool:
        """Store what has converged or failed; return whether a scenario was lost."""
        worst = np.max(list(residuals.values()), axis=0)
        done = worst <= self.settings.tolerance
        lost = ~np.isfinite(worst)
        stop = (done | lost | (sweep == self.settings.iterations)) & self.is_open[self.active]
        for place in np.flatnonzero(stop):
            scenario = int(self.active[place])
            values = {name: float(gap[place]) for name, gap in residuals.items()}
            self.statuses[scenario] = _status(
                sweep, values, self.settings.tolerance, has_converged=bool(done[place])
            )
            self.final[:, scenario] = self.state[:, place]
            self.is_open[scenario] = False
        return bool((lost & stop).any())

    def _narrow(self, open_: NDArray[np.intp]) -> None:
        """Go on with the open scenarios only."""
        self.active = self.active[open_]
        self.state = np.ascontiguousarray(self.state[:, open_])
        self.cells = [self.cells[int(p)] for p in open_]
        self._weights = None
        if self.theta.shape[2] > 1:
            self.theta = self.theta[:, :, open_]


def _largest(gap: Floats) -> Floats:
    # Sectors first, then countries: the long inner loop is several times faster.
    high, low = gap.max(axis=0).max(axis=0), gap.min(axis=0).min(axis=0)
    return np.asarray(np.maximum(high, -low))


def _status(
    sweep: int, residuals: dict[str, float], tolerance: float, *, has_converged: bool
) -> Status:
    if has_converged:
        return Status("converged", sweep, residuals, tolerance)
    worst = max(residuals, key=lambda name: (not np.isfinite(residuals[name]), residuals[name]))
    message = f"the {worst} residual is {residuals[worst]:.2g} after {sweep} sweeps"
    return Status("not_converged", sweep, residuals, tolerance, message)


def transfers(kernel: Kernel, shocks: Sequence[Shock]) -> Floats:
    """Return the transfers of shocks, in the economy's unit; (country, scenario)."""
    none = np.zeros(kernel.value_added.shape[0])
    return np.stack([none if s.transfer is None else s.transfer for s in shocks], axis=1)


def continued(
    economy: Economy, shock: Shock, cells: Cells, theta: Floats, settings: LongRun
) -> Block | None:
    """Walk to an extreme shock in stages, steered anew at each; None when one of them fails."""
    kernel = kernel_of(economy)
    base = kernel.weight[cells.sector, cells.importer, cells.exporter]
    base_received = kernel.received[cells.sector, cells.importer, cells.exporter]
    state: Floats | None = None
    steering = steering_of(economy)
    transfer = transfers(kernel, [shock])
    for part in STAGES:
        stage = replace(
            cells,
            weight=between(base, cells.weight, part),
            received=between(base_received, cells.received, part),
        )
        block = Block(
            kernel, steering, [stage], theta[None], settings, transfer=transfer, state=state
        ).run()
        if not block.statuses[0].has_converged:
            return None
        if part < 1:
            state = np.ascontiguousarray(block.final)
            steering = block.steering_here()
    return block


def between(before: Floats, after: Floats, part: float) -> Floats:
    """Go from one weight to another: geometrically, or linearly where one of them is 0."""
    if part >= 1:
        return after
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = np.exp((1 - part) * np.log(before) + part * np.log(after))
    return np.where((before > 0) & (after > 0), inner, (1 - part) * before + part * after)
