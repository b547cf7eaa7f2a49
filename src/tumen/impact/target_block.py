"""A small target alone, with foreign prices and spending given: thousands of draws at once.

A country of a ten-thousandth of the world moves the others by about as much; so its own block
answers what uncertain facts do to it, in the long and in the short run. The full model answers
what it costs the others.

Notation of the short run (log prices; draws lead, (draw, sector) unless said):

======================= ============================================================
`log_wage`              return of the factors of a sector
`log_materials`         price index of a sector's materials, CES with sM
`log_cost`              unit cost, CES of factors and materials with eta
`log_price`             price index of purchases of a good
`appeal`                home share x cost^-theta + openness of imports
======================= ============================================================
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.impact.economy import Floats
from tumen.impact.horizon import Horizon
from tumen.numerics.fixed_point import Anderson

TOLERANCE = 1e-9
SWEEPS = 2000


@dataclass(frozen=True, eq=False)
class Targets:
    """A target's benchmark in many draws.

    Attributes
    ----------
    output, home
        Y and home sales; (draw, sector).
    exports, imports
        (draw, partner, sector).
    input_share
        (draw, input, using sector).
    trade_elasticity
        Long-run theta; (draw, sector).
    partner_spending
        X of the partners; (partner, sector).
    """

    output: Floats
    home: Floats
    exports: Floats
    imports: Floats
    input_share: Floats
    trade_elasticity: Floats
    partner_spending: Floats

    @property
    def spending(self) -> Floats:
        """X; (draw, sector)."""
        return np.asarray(self.home + self.imports.sum(axis=1))

    @property
    def value_added_share(self) -> Floats:
        """Beta; (draw, sector)."""
        return np.asarray(1.0 - self.input_share.sum(axis=1))

    @property
    def final(self) -> Floats:
        """Final demand; (draw, sector)."""
        used = np.einsum("bkj,bj->bk", self.input_share, self.output)
        return np.asarray(self.spending - used)


@dataclass(frozen=True, eq=False)
class TargetOutcomes:
    """What a policy does to a small target, draw by draw; NaN where there is no answer.

    Attributes
    ----------
    has_converged
        (draw,).
    welfare_hat
        Change of real final spending; (draw,).
    exports, imports
        Counterfactual trade; (draw, partner, sector).
    output_hat
        Change of real output (output over cost), (draw, sector); 1 where there is none.
    real_output_hat
        Change of real value added at benchmark prices; (draw,). The figure nearest to GDP growth.
    residual
        Largest gap of prices and factor markets; (draw,).
    """

    has_converged: NDArray[np.bool_]
    welfare_hat: Floats
    exports: Floats
    imports: Floats
    output_hat: Floats
    real_output_hat: Floats
    residual: Floats


def solve_target(
    targets: Targets, *, exports_open: Floats, imports_open: Floats, horizon: Horizon
) -> TargetOutcomes:
    """Return what openness does to a small target in every draw.

    Parameters
    ----------
    exports_open, imports_open
        m of the target's exports and imports; (partner, sector).
    horizon
        How much can adjust.
    """
    block = _TargetBlock(targets, exports_open, imports_open, horizon)
    return block.solve()


def ces(share: Floats, log_price: Floats, elasticity: float) -> Floats:
    """Return the log of a CES index over the last-but-one axis: inputs by user.

    `share` (draw, input, user), `log_price` (draw, input); the shares sum to 1 over inputs.
    """
    if elasticity == 1.0:
        return np.asarray(np.einsum("bkj,bk->bj", share, log_price))
    power = 1.0 - elasticity
    highest = log_price.max(axis=1, keepdims=True)
    mean = np.einsum("bkj,bk->bj", share, np.exp(power * (log_price - highest)))
    return np.asarray(highest + np.log(np.maximum(mean, 1e-300)) / power)


class _TargetBlock:
    """The target's equations at one policy."""

    def __init__(
        self, targets: Targets, exports_open: Floats, imports_open: Floats, horizon: Horizon
    ) -> None:
        self.t, self.h = targets, horizon
        self.m_exports, self.m_imports = exports_open, imports_open
        self.theta = targets.trade_elasticity * horizon.trade
        spending = np.where(targets.spending > 0, targets.spending, 1.0)
        self.home_share = np.where(targets.spending > 0, targets.home / spending, 1.0)
        import_share = targets.imports / spending[:, None, :]
        self.import_share = import_share
        self.import_appeal = (import_share * imports_open).sum(axis=1)
        self.beta = targets.value_added_share
        self.value_added = self.beta * targets.output
        self.gdp = self.value_added.sum(axis=1, keepdims=True)
        materials = 1.0 - self.beta
        self.material_share = np.divide(
            targets.input_share,
            materials[:, None, :],
            out=np.zeros_like(targets.input_share),
            where=materials[:, None, :] > 1e-12,
        )
        final = np.maximum(targets.final, 0.0)
        self.final_share = final / final.sum(axis=1, keepdims=True)
        self.income = final.sum(axis=1, keepdims=True)
        self.deficit = self.income - self.gdp
        bought = np.where(targets.partner_spending > 0, targets.partner_spending, 1.0)
        self.market_share = targets.exports / bought
        self.works = self.value_added > 0

    def prices(self, log_price: Floats, log_wage: Floats) -> tuple[Floats, Floats, Floats]:
        """Return log cost, log price of materials, and the appeal of purchases."""
        materials = ces(self.material_share, log_price, self.h.materials)
        if self.h.factors == 1.0:
            cost = self.beta * log_wage + (1 - self.beta) * materials
        else:
            power = 1.0 - self.h.factors
            mean = self.beta * np.exp(power * log_wage)
            mean = mean + (1 - self.beta) * np.exp(power * materials)
            cost = np.log(mean) / power
        attraction = np.exp(-self.theta * cost)
        appeal = self.home_share * attraction + self.import_appeal
        return cost, materials, appeal

    def exports(self, cost: Floats) -> Floats:
        """Return exports to each partner when only the target's cost changes."""
        pull = self.m_exports * np.exp(-self.theta * cost)[:, None, :]
        return np.asarray(self.t.exports * pull / (1.0 + self.market_share * (pull - 1.0)))

    def average_wage(self, log_wage: Floats) -> Floats:
        """Return the log of average factor income; (draw, 1)."""
        weight = self.value_added / self.gdp
        if self.h.is_long:
            return log_wage[:, :1]
        power = 1.0 + self.h.mobility
        highest = np.where(self.works, log_wage, -np.inf).max(axis=1, keepdims=True)
        mean = (weight * np.exp(power * (log_wage - highest))).sum(axis=1, keepdims=True)
        return np.asarray(highest + np.log(mean) / power)

    def output(
        self, log_price: Floats, log_wage: Floats
    ) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Return output, the price gap, cost, the price of final spending and average wage."""
        cost, materials, appeal = self.prices(log_price, log_wage)
        price_gap = -np.log(appeal) / self.theta - log_price
        used = self.material_share * (1 - self.beta)[:, None, :]
        if self.h.materials != 1.0:
            lean = (1 - self.h.materials) * (log_price[:, :, None] - materials[:, None, :])
            used = used * np.exp(lean)
        if self.h.factors != 1.0:
            used = used * np.exp((1 - self.h.factors) * (materials - cost))[:, None, :]
        index = ces(self.final_share[:, :, None], log_price, self.h.consumption)
        wanted = self.final_share
        if self.h.consumption != 1.0:
            wanted = wanted * np.exp((1 - self.h.consumption) * (log_price - index))
        average = self.average_wage(log_wage)
        income = self.gdp * np.exp(average) + self.deficit
        at_home = self.home_share * np.exp(-self.theta * cost) / appeal
        system = np.eye(used.shape[1]) - at_home[:, :, None] * used
        right = at_home * wanted * income + self.exports(cost).sum(axis=1)
        made = np.linalg.solve(system, right[..., None])[..., 0]
        return made, price_gap, cost, index, average

    def gaps(self, state: Floats) -> tuple[Floats, Floats]:
        """Return the steered step and the largest residual of each draw."""
        sectors = self.beta.shape[1]
        log_price, log_wage = state[:, :sectors], state[:, sectors:]
        made, price_gap, cost, _, average = self.output(log_price, log_wage)
        paid = self.beta * made * np.exp((1 - self.h.factors) * (log_wage - cost))
        if self.h.is_long:
            supplied = self.gdp * np.exp(average)
            short = np.log(paid.sum(axis=1, keepdims=True) / supplied)
            traded = self.t.exports.sum(axis=(1, 2))[:, None] / self.gdp
            step = short / (1.0 + 4.0 * traded)
            wage_gap = np.broadcast_to(step, log_wage.shape)
            worst = np.abs(short)[:, 0]
        else:
            moved = self.h.mobility * (log_wage - average)
            earned = self.value_added * np.exp(log_wage + moved)
            ratio = np.divide(paid, earned, out=np.ones_like(paid), where=self.works)
            short = np.log(np.maximum(ratio, 1e-300))
            wage_gap = np.where(
                self.works, short / (1.0 + self.h.mobility + self.theta * self.beta), 0.0
            )
            income = self.gdp * np.exp(average)
            worst = (np.abs(paid - earned) * self.works / income).max(axis=1)
            worst = np.maximum(worst, 1e-3 * np.abs(short).max(axis=1))
        residual = np.maximum(worst, np.abs(price_gap).max(axis=1))
        return np.concatenate([price_gap, wage_gap], axis=1), residual

    def solve(self) -> TargetOutcomes:
        """Iterate all draws until their residuals vanish or the sweeps run out."""
        draws, sectors = self.beta.shape
        state = np.zeros((draws, 2 * sectors))
        mixer = Anderson(2 * sectors, draws, depth=8)
        residual = np.full(draws, np.inf)
        best = np.full(draws, np.inf)
        final = state.copy()
        with np.errstate(all="ignore"):
            for _ in range(SWEEPS):
                step, residual = self.gaps(state)
                better = residual < best
                best = np.where(better, residual, best)
                final[better] = state[better]
                if (best < TOLERANCE).all():
                    break
                move = mixer.step(state, step) - state
                state = state + np.clip(np.nan_to_num(move), -2.0, 2.0)
        return self._outcomes(final, best)

    def _outcomes(self, state: Floats, residual: Floats) -> TargetOutcomes:
        sectors = self.beta.shape[1]
        log_price, log_wage = state[:, :sectors], state[:, sectors:]
        made, _, cost, index, average = self.output(log_price, log_wage)
        good = residual < TOLERANCE
        income = self.gdp * np.exp(average) + self.deficit
        welfare = (income / self.income / np.exp(index))[:, 0]
        _, _, appeal = self.prices(log_price, log_wage)
        imports = (
            self.import_share
            * self.m_imports
            * (self._spent(made, log_price, cost, index, average) / appeal)[:, None, :]
        )
        volume = np.divide(
            made * np.exp(-cost), self.t.output, out=np.ones_like(made), where=self.t.output > 0
        )
        real = (self.value_added * volume).sum(axis=1) / self.gdp[:, 0]
        blank = np.where(good, 1.0, np.nan)
        return TargetOutcomes(
            has_converged=good,
            welfare_hat=welfare * blank,
            exports=self.exports(cost) * blank[:, None, None],
            imports=imports * blank[:, None, None],
            output_hat=volume * blank[:, None],
            real_output_hat=real * blank,
            residual=residual,
        )

    def _spent(
        self, made: Floats, log_price: Floats, cost: Floats, index: Floats, average: Floats
    ) -> Floats:
        """Return purchases of each good: what is made and not sold abroad, over its home share."""
        _, materials, _ = self.prices(log_price, np.zeros_like(log_price))
        used = self.material_share * (1 - self.beta)[:, None, :]
        if self.h.materials != 1.0:
            lean = (1 - self.h.materials) * (log_price[:, :, None] - materials[:, None, :])
            used = used * np.exp(lean)
        if self.h.factors != 1.0:
            used = used * np.exp((1 - self.h.factors) * (materials - cost))[:, None, :]
        wanted = self.final_share
        if self.h.consumption != 1.0:
            wanted = wanted * np.exp((1 - self.h.consumption) * (log_price - index))
        income = self.gdp * np.exp(average) + self.deficit
        return np.asarray(np.einsum("bkj,bj->bk", used, made) + wanted * income)
