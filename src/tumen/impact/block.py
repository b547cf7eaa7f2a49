"""The iteration: benchmark responses steer, Anderson mixes, all residuals decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import ModelError
from tumen.core.status import Status
from tumen.impact.economy import Economy, Floats
from tumen.impact.kernel import (
    Kernel,
    Singles,
    Steering,
    kernel_of,
    respond,
    steering_of,
)
from tumen.impact.markets import Gaps, Market, Markets, own_income
from tumen.impact.missing import REFUSE, Missing
from tumen.impact.nearby import Nearby
from tumen.impact.products import weights_of, written_out
from tumen.impact.shock import Shock
from tumen.impact.weights import Cells
from tumen.numerics.fixed_point import Anderson

NARROW = 0.8
"""A block goes on without its settled scenarios when so many are left."""

FAR = 1e-3
"""The first sweep after which most residuals are smaller is the last in single precision."""

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
        # Scenarios that share their elasticities need them once: a pass over one is quicker.
        shared = theta[:1] if (theta == theta[0]).all() else theta
        self.theta = np.ascontiguousarray(shared.T)[:, None, :]
        shape = (self.countries, self.batch)
        self.transfer = np.zeros(shape) if transfer is None else transfer
        has_tariffs = kernel.has_tariffs or any(one.has_tariffs for one in cells)
        self.is_near = state is None and not has_tariffs
        self.state = self._start() if state is None else state
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

    @cached_property
    def markets(self) -> Markets:
        """The equations of the scenarios."""
        weights = weights_of(self.kernel, self.cells)
        share = self.settings.deficits == "share"
        return Markets(self.kernel, weights, self.theta, self.transfer, share)

    def parts(self, state: Floats) -> tuple[Floats, Floats, Floats]:
        """Split the unknowns into log prices, output over value added, and log wages."""
        size = self.sectors * self.countries
        shape = (self.sectors, self.countries, state.shape[1])
        return state[:size].reshape(shape), state[size : 2 * size].reshape(shape), state[2 * size :]

    def run(self) -> Block:
        """Sweep until every scenario has converged or is given up.

        The first sweeps from the benchmark are in single precision; only double decides.
        """
        mixer = Anderson(self.state.shape[0], self.batch, depth=self.settings.memory)
        active, markets, state = np.arange(self.batch), self.markets, self.state
        iterate = np.ascontiguousarray(state.T)
        with np.errstate(all="ignore"):
            for sweep in range(self.settings.iterations + 1):
                gaps = None
                if self.is_near and sweep < self.settings.iterations:
                    gaps = self._near_gaps(state)
                if gaps is not None:
                    iterate = mixer.step(iterate, self._steer(gaps))
                    state = np.ascontiguousarray(iterate.T)
                    continue
                gaps = markets.gaps(*self.parts(state))
                residuals = gaps.residuals(self.kernel.value_added)
                has_lost = self._settle(sweep, residuals, active, state)
                open_ = np.flatnonzero(self.is_open[active])
                if not len(open_):
                    break
                if has_lost or len(open_) <= NARROW * len(active):
                    gaps, markets = gaps.of(open_), markets.of(open_)
                    active, iterate = active[open_], iterate[open_]
                    mixer.keep(open_)
                iterate = mixer.step(iterate, self._steer(gaps))
                state = np.ascontiguousarray(iterate.T)
        return self

    @cached_property
    def _nearby(self) -> Nearby:
        return Nearby(self.markets)

    def _near_gaps(self, state: Floats) -> Gaps | None:
        """Return the gaps in single precision; None when they need double."""
        gaps = self._nearby.gaps(*self.parts(state))
        worst = np.max(list(gaps.residuals(self.kernel.value_added).values()), axis=0)
        self.is_near = bool(np.median(worst) > FAR and np.isfinite(worst).all())
        is_enough = np.isfinite(worst).all() and np.median(worst) > self.settings.tolerance
        return gaps if is_enough else None

    def market(self, log_price: Floats, output: Floats, log_wage: Floats, wage: Floats) -> Market:
        """Return what buyers choose and spend at given prices, output and wages."""
        return self.markets.at(log_price, output, log_wage, wage)

    def steering_here(self) -> Steering:
        """Return responses at the present point instead of the benchmark (one scenario)."""
        kernel = self.kernel
        log_price, output, log_wage = self.parts(self.final)
        wage = np.exp(log_wage)
        market = self.market(log_price, output, log_wage, wage)
        chosen = market.attraction.transpose(0, 2, 1) / market.appeal
        weights = written_out(kernel, self.cells[0])
        there = replace(
            kernel,
            weight=weights.shared * chosen,
            received=weights.shared_received * chosen,
            theta=self.theta,
            value_added=kernel.value_added * wage,
            output=output * kernel.value_added,
            spending=market.spent * kernel.value_added,
        )
        return respond(there, unit=kernel.value_added)

    def _steer(self, gaps: Gaps) -> Singles:
        """Return the step that closes gaps, scenario first; single precision: it only steers."""
        value_added = self.kernel.value_added
        size, batch = self.sectors * self.countries, gaps.wage.shape[1]
        d_price, d_output, d_wage = self.steering.step(
            gaps.price.astype(np.float32), gaps.goods.astype(np.float32), gaps.labour
        )
        step = np.empty((batch, 2 * size + self.countries), dtype=np.float32)
        step[:, :size] = d_price.reshape(size, batch).T
        step[:, size : 2 * size] = d_output.reshape(size, batch).T
        total = (gaps.wage * np.exp(d_wage) * value_added).sum(axis=0)
        step[:, 2 * size :] = (d_wage - np.log(total / value_added.sum())).T
        return step

    def own_income(self, wage: Floats) -> Floats:
        """Final spending before tariff revenue, over benchmark value added; (country, scenario)."""
        has_share = self.settings.deficits == "share"
        return own_income(self.kernel, wage, self.transfer, has_share=has_share)

    def _settle(
        self, sweep: int, residuals: dict[str, Floats], active: NDArray[np.intp], state: Floats
    ) -> bool:
        """Store what has converged or is given up; return whether a scenario was lost."""
        worst = np.max(list(residuals.values()), axis=0)
        done = worst <= self.settings.tolerance
        lost = ~np.isfinite(worst)
        stop = (done | lost | (sweep == self.settings.iterations)) & self.is_open[active]
        for place in np.flatnonzero(stop):
            scenario = int(active[place])
            values = {name: float(gap[place]) for name, gap in residuals.items()}
            self.statuses[scenario] = _status(
                sweep, values, self.settings.tolerance, has_converged=bool(done[place])
            )
            self.final[:, scenario] = state[:, place]
            self.is_open[scenario] = False
        return bool((lost & stop).any())


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
    kernel = cells.kernel or kernel_of(economy)
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
