"""The world when factors stay where they are: nested CES, sector-specific returns.

Log prices and returns, (country, sector) unless said; levels in units of a country's benchmark
value added:

============== ====================================================================
`materials`    lM_nj = log CES_k(gamma_nkj / (1 - beta_nj), lp_nk; sM)
`cost`         lc_nj = log CES(beta_nj: lw_nj, 1 - beta_nj: lM_nj; eta)
`appeal`       sum_i W_nij exp(-psi theta_j lc_ij)
`paid`         beta_nj exp((1 - eta)(lw_nj - lc_nj)) Y_nj: what factors get
`earned`       va_nj w_nj (w_nj / w_n)^kappa: what they ask for where they are
`taken`        part of spending that goes to the treasury; revenue is spent at home
============== ====================================================================

With unit elasticities and kappa to infinity it is the long run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tumen.core.errors import ModelError
from tumen.core.status import Status
from tumen.impact.block import LongRun, between
from tumen.impact.economy import Economy, Floats
from tumen.impact.horizon import Horizon
from tumen.impact.horizon import horizon as preset
from tumen.impact.kernel import Kernel, Steering, by_country, kernel_of, respond
from tumen.impact.products import written_out
from tumen.impact.response import Response
from tumen.impact.shock import Shock
from tumen.impact.weights import Cells, cells_of, refuse_stranded
from tumen.numerics.batches import one_blas_thread
from tumen.numerics.fixed_point import Anderson


@dataclass(frozen=True)
class Gait:
    """How boldly the iteration walks.

    Attributes
    ----------
    memory
        Differences that Anderson's method keeps.
    largest_step
        Largest change of a log price or return in one sweep.
    sweeps
        Sweeps before a stage is given up.
    smallest_stage
        Smallest part of the way that is tried.
    """

    memory: int = 10
    largest_step: float = 1.0
    sweeps: int = 300
    smallest_stage: float = 0.01


BOLD, CAREFUL = Gait(), Gait(memory=20, largest_step=0.4, sweeps=500, smallest_stage=0.004)
"""The first gait answers nearly every shock; the second those that leave a sector without rents."""


def solve_short(
    economy: Economy,
    shock: Shock,
    span: Horizon | str,
    *,
    settings: LongRun | None = None,
) -> Response:
    """Return the counterfactual of one shock with limited adjustment.

    Parameters
    ----------
    span
        ``medium``, ``short`` or ``very_short``, or a `Horizon` with finite mobility.
    settings
        Tolerance and the rule for purchases without a supplier; `iterations` is not used.

    Raises
    ------
    ModelError
        When there is no answer within tolerance, or mobility is infinite (that is `solve`).

    Examples
    --------
    >>> from tumen.impact import calibrate, embargo, solve_short
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> shock = embargo(economy, sender="CHN", target="RUS", leak=0.1)
    >>> solve_short(economy, shock, "medium").status.state
    'converged'
    """
    chosen = settings or LongRun()
    horizon = preset(span) if isinstance(span, str) else span
    if horizon.is_long:
        raise ModelError("mobility is infinite", "solve_short", "use solve for the long run")
    if chosen.deficits != "fixed":
        raise ModelError("the short run keeps deficits fixed", "solve_short", "deficits='fixed'")
    kernel = kernel_of(economy)
    theta = horizon.trade * economy.trade_elasticity
    cells = cells_of(economy, kernel, shock, theta=theta, missing=chosen.missing)
    refuse_stranded(economy, kernel, shock, cells)
    _refuse_idle(economy, cells)
    with one_blas_thread(), np.errstate(all="ignore"):
        block = _ShortBlock(economy, cells.kernel or kernel, shock, cells, horizon)
        state, status = block.solve(chosen.tolerance)
        if not status.has_converged:
            for gait in (BOLD, CAREFUL):
                staged = _staged(block, cells, chosen.tolerance, gait)
                if staged is not None:
                    state, status = staged
                    break
        if not status.has_converged:
            raise ModelError(
                f"no answer for '{shock.label or 'shock'}' ({horizon.name}): {status.message}",
                "solve_short",
                "raise the leak, or take a longer horizon",
                status=status,
            )
        return _refuse_negative(block.response(state, replace(status, message=cells.note)))


def _refuse_negative(response: Response) -> Response:
    if (response.income > 0).all():
        return response
    pairs = zip(response.economy.countries, response.income, strict=True)
    message = f"nothing is left to spend in {', '.join(name for name, v in pairs if v <= 0)}"
    raise ModelError(
        message,
        "solve_short",
        "a surplus or transfer is more than income; balance the economy",
        status=Status("infeasible", 0, message=message),
    )


def _refuse_idle(economy: Economy, cells: Cells) -> None:
    """Refuse home production of a good that no factor of the country makes."""
    made_anew = (cells.exporter == cells.importer) & (cells.weight > 0)
    country, sector = cells.exporter[made_anew], cells.sector[made_anew]
    idle = (economy.output[country, sector] <= 0) & (economy.expenditure[country, sector] > 0)
    if cells.kernel is not None or not idle.any():
        return
    names = [
        f"{economy.countries.labels[n]} {economy.sectors.labels[j]}"
        for n, j in zip(country[idle], sector[idle], strict=True)
    ]
    message = f"no factor makes {', '.join(names[:8])}"
    raise ModelError(
        message,
        "solve_short",
        "a backstop needs the long run; take Floor, Drop or Essential",
        status=Status("infeasible", 0, message=message),
    )


def _staged(
    block: _ShortBlock, cells: Cells, tolerance: float, gait: Gait
) -> tuple[Floats, Status] | None:
    """Walk to the shock by ever smaller stages along the last answers; None when that ends."""
    kernel = kernel_of(block.economy)
    base = kernel.weight[cells.sector, cells.importer, cells.exporter]
    base_received = kernel.received[cells.sector, cells.importer, cells.exporter]
    state: Floats | None = None
    last: tuple[float, Floats] | None = None
    done, step = 0.0, 0.25
    while step > gait.smallest_stage:
        part = min(1.0, done + step)
        guess = state
        if state is not None and last is not None:
            guess = block.within(state + (part - done) / (done - last[0]) * (state - last[1]))
        weight = between(base, cells.weight, part)
        received = between(base_received, cells.received, part)
        block.weights = written_out(kernel, replace(cells, weight=weight, received=received))
        found, status = block.solve(tolerance, start=guess, gait=gait)
        if not status.has_converged:
            step *= 0.5
            continue
        last = None if state is None else (done, state)
        state, done = found, part
        step *= 1.5
        if done >= 1.0:
            return state, status
    return None


def _log_ces(share: Floats, log_price: Floats, elasticity: float) -> Floats:
    """Log CES index of inputs by user; `share` (country, input, user) sums to 1 over inputs."""
    if elasticity == 1.0:
        return np.asarray(np.matmul(log_price[:, None, :], share)[:, 0])
    power = 1.0 - elasticity
    highest = log_price.max(axis=1, keepdims=True)
    mean = np.matmul(np.exp(power * (log_price - highest))[:, None, :], share)[:, 0]
    return np.asarray(highest + np.log(np.maximum(mean, 1e-300)) / power)


@dataclass(frozen=True, eq=False)
class _Market:
    price_gap: Floats
    goods_gap: Floats
    paid: Floats
    earned: Floats
    average: Floats
    income: Floats
    spent: Floats
    attraction: Floats
    appeal: Floats
    index: Floats


class _ShortBlock:
    """Equations of the short run for one shock."""

    def __init__(
        self, economy: Economy, kernel: Kernel, shock: Shock, cells: Cells, horizon: Horizon
    ) -> None:
        self.economy, self.shock, self.h = economy, shock, horizon
        self.theta = horizon.trade * economy.trade_elasticity
        self.weights = written_out(kernel, cells)
        self.steering = _steering(economy, horizon)
        self.beta, self.alpha = kernel.beta[:, :, 0].T, kernel.final_share[:, :, 0].T
        self.va = economy.value_added[:, None]
        self.start = kernel.output[:, :, 0].T / self.va
        self.factor = economy.value_added_share * self.start
        self.works = self.factor > 0
        rest = (1 - self.beta)[:, None, :]
        self.share = np.divide(
            kernel.inputs, rest, out=np.zeros_like(kernel.inputs), where=rest > 1e-12
        )
        transfer = np.zeros_like(economy.deficit) if shock.transfer is None else shock.transfer
        self.deficit = ((economy.deficit + transfer) / economy.value_added)[:, None]
        self.shape, self.size = self.start.shape, self.start.size

    def parts(self, state: Floats) -> tuple[Floats, Floats, Floats]:
        """Split the unknowns into log prices, output and log returns."""
        three = state.reshape(3, *self.shape)
        return three[0], three[1], three[2]

    def average(self, log_wage: Floats) -> Floats:
        """Log of a country's average return; (country, 1)."""
        power = 1.0 + self.h.mobility
        highest = np.where(self.works, log_wage, -np.inf).max(axis=1, keepdims=True)
        mean = (self.factor * np.exp(power * (log_wage - highest))).sum(axis=1, keepdims=True)
        return np.asarray(highest + np.log(mean) / power)

    def market(self, log_price: Floats, output: Floats, log_wage: Floats) -> _Market:
        """Return all gaps and choices at a point."""
        h = self.h
        materials = _log_ces(self.share, log_price, h.materials)
        if h.factors == 1.0:
            cost = self.beta * log_wage + (1 - self.beta) * materials
        else:
            power = 1.0 - h.factors
            mean = self.beta * np.exp(power * log_wage)
            cost = np.log(mean + (1 - self.beta) * np.exp(power * materials)) / power
        attraction = np.exp(-self.theta * cost)
        pull = np.ascontiguousarray(attraction.T)[:, :, None]
        appeal = self.weights.appeal(pull)[:, :, 0].T
        lean = 1.0 - h.materials
        bundle = (1 - self.beta) * np.exp((1 - h.factors) * (materials - cost)) * output
        used = np.matmul(self.share, (bundle * np.exp(-lean * materials))[:, :, None])[:, :, 0]
        used = used * np.exp(lean * log_price)
        index = _log_ces(self.alpha[:, :, None], log_price, h.consumption)
        wanted = self.alpha * np.exp((1 - h.consumption) * (log_price - index))
        average = self.average(log_wage)
        income = np.exp(average) + self.deficit
        if self.weights.has_tariffs:
            taken = 1.0 - self.weights.received(pull)[:, :, 0].T / appeal
            # Revenue is part of the income that it is levied on.
            levied = (taken * (used + wanted * income)).sum(axis=1, keepdims=True)
            income = income + levied / (1.0 - (taken * wanted).sum(axis=1, keepdims=True))
        spent = used + wanted * income
        demand = np.ascontiguousarray((spent * self.va / appeal).T)[:, :, None]
        sold = attraction * self.weights.sold(demand)[:, :, 0].T / self.va
        return _Market(
            price_gap=-np.log(appeal) / self.theta - log_price,
            goods_gap=sold - output,
            paid=self.beta * np.exp((1 - h.factors) * (log_wage - cost)) * output,
            earned=self.factor * np.exp(log_wage + h.mobility * (log_wage - average)),
            average=average,
            income=income,
            spent=spent,
            attraction=attraction,
            appeal=appeal,
            index=index,
        )

    def step(self, state: Floats) -> tuple[Floats, dict[str, float]]:
        """Return the steered step and the largest residuals by name."""
        log_price, output, log_wage = self.parts(state)
        m = self.market(log_price, output, log_wage)
        gap = m.paid - m.earned
        total = gap.sum(axis=1)
        residuals = {
            "price": float(np.abs(m.price_gap).max()),
            # By what a country earns at the point: else a wage that falls to nothing would pass.
            "goods": float(np.abs(m.goods_gap / np.exp(m.average)).max()),
            "labour": float(np.abs(gap / np.exp(m.average)).max()),
            "walras": float(abs((total * self.va[:, 0]).sum()) / self.va.sum()),
        }
        d_price = by_country(self.steering.price_block, m.price_gap.T[:, :, None])[:, :, 0].T
        d_goods = by_country(self.steering.output_block, m.goods_gap.T[:, :, None])[:, :, 0].T
        ratio = np.divide(m.paid, m.earned, out=np.ones_like(gap), where=self.works)
        short = np.log(np.maximum(ratio, 1e-30))
        own = short / (1.0 + self.h.mobility + self.theta * self.beta)
        weight = m.earned / m.earned.sum(axis=1, keepdims=True)
        own = np.where(self.works, own - (weight * own).sum(axis=1, keepdims=True), 0.0)
        d_all = self.steering.wage_of_gap @ total
        flat = d_all.astype(np.float32)
        transposed = self.shape[::-1]
        d_price = d_price + (self.steering.price_of_wage @ flat).reshape(transposed).T
        d_goods = d_goods + (self.steering.output_of_wage @ flat).reshape(transposed).T
        d_wage = own + d_all[:, None]
        level = np.log((np.exp(m.average) * self.va).sum() / self.va.sum())
        d_wage = d_wage - level
        d_price = d_price - level
        return np.stack([d_price, d_goods, d_wage]).reshape(-1), residuals

    def solve(
        self, tolerance: float, *, start: Floats | None = None, gait: Gait = BOLD
    ) -> tuple[Floats, Status]:
        """Iterate; a stalled iteration begins again from its best point with a fresh memory."""
        state = np.stack([np.zeros(self.shape), self.start, np.zeros(self.shape)]).reshape(-1)
        state = state if start is None else start
        best, best_state = np.inf, state
        residuals: dict[str, float] = {}
        mixer = Anderson(state.size, 1, depth=gait.memory)
        stale, damping = 0, 1.0
        for sweep in range(gait.sweeps):
            step, residuals = self.step(state)
            worst = max(residuals.values())
            if worst <= tolerance:
                return state, Status("converged", sweep, residuals, tolerance)
            if worst < best:
                stale = 0
                best, best_state = worst, state.copy()
            else:
                stale += 1
            if not np.isfinite(worst) or stale > 60:
                state, stale = best_state, 0
                damping = 0.5 * damping
                if damping < 0.05:
                    break
                mixer = Anderson(state.size, 1, depth=gait.memory)
                step, _ = self.step(state)
            move = mixer.step(state[None], damping * step[None])[0] - state
            size = float(np.abs(move[: self.size]).max())
            size = max(size, float(np.abs(move[2 * self.size :]).max()))
            if not np.isfinite(size):
                move, size = damping * step, float(np.abs(step).max())
            state = state + move * min(1.0, gait.largest_step / max(size, 1e-300))
            state = self.within(state)
        name = max(residuals, key=lambda key: residuals[key])
        message = f"the {name} residual is {residuals[name]:.2g} after {sweep + 1} sweeps"
        return best_state, Status("not_converged", sweep + 1, residuals, tolerance, message)

    def within(self, state: Floats) -> Floats:
        """Return the state with output above nothing where there is any, in place."""
        goods = state[self.size : 2 * self.size]
        np.maximum(goods, 1e-14, out=goods, where=(self.start > 0).reshape(-1))
        return state

    def response(self, state: Floats, status: Status) -> Response:
        """Return the counterfactual at a converged point."""
        log_price, output, log_wage = self.parts(state)
        m = self.market(log_price, output, log_wage)
        attraction = m.attraction.T[:, None, :]
        share = self.weights.shared * (attraction / m.appeal.T[:, :, None])
        wage = np.exp(m.average[:, 0])
        income = m.income[:, 0] * self.va[:, 0]
        tariff = self.economy.tariff if self.shock.tariff is None else self.shock.tariff
        share = share.transpose(2, 1, 0).copy()
        spent = m.spent * self.va
        revenue = 0.0 if tariff is None else (share * spent * tariff / (1 + tariff)).sum((0, 2))
        return Response(
            economy=self.economy,
            shock=self.shock,
            status=status,
            price_hat=np.exp(log_price),
            wage_hat=wage,
            output=np.where((self.start <= 0) & (self.economy.output > 0), 0.0, output * self.va),
            expenditure=spent,
            trade_share=share,
            tariff=tariff,
            income=income,
            price_index_hat=np.exp(m.index[:, 0]),
            deficit=income - revenue - wage * self.va[:, 0],
        )


def _steering(economy: Economy, horizon: Horizon) -> Steering:
    key = f"steering psi={horizon.trade!r}"
    made = economy._memory.get(key)
    if not isinstance(made, Steering):
        kernel = kernel_of(economy)
        made = economy._memory[key] = respond(replace(kernel, theta=horizon.trade * kernel.theta))
    assert isinstance(made, Steering)
    return made
