"""The equations as differences from the benchmark, in single precision, for the first sweeps.

A rounding error is then a part of the change and not of the level: a country that a measure hardly
touches keeps its digits. The answer itself is found and checked in double precision.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from tumen.impact import equations as eq
from tumen.impact.economy import Floats
from tumen.impact.markets import Gaps, Markets, own_income


class Nearby:
    """The equations of a block of scenarios near the benchmark, without tariffs.

    Changes of the choice and of demand are relative to the benchmark: `pull` is the change of the
    attraction, `excess` that of the appeal, whose benchmark is 1.
    """

    def __init__(self, markets: Markets) -> None:
        kernel, batch = markets.kernel, markets.transfer.shape[1]
        self.markets = markets
        self.kernel = kernel.single
        self.theta = _single(markets.theta)
        self.start = kernel.output / kernel.value_added
        self.income = 1.0 + kernel.deficit / kernel.value_added
        self.made = _single(self.start)
        self.spent = _single(kernel.spending / kernel.value_added)
        weights = markets.weights
        self.forward = weights.forward and weights.forward.single()
        self.backward = weights.backward and weights.backward.single()
        if weights.forward is not None and weights.backward is not None:
            rows = weights.forward
            left = np.add.reduceat(rows.data, rows.starts)
            self.left = _single(np.where(rows.is_full, left, 1.0 + left))
            self.demand = kernel.spending.reshape(-1)[weights.backward.columns // batch]
            self.sales = kernel.output.reshape(-1)[weights.backward.rows // batch]

    def gaps(self, log_price: Floats, output: Floats, log_wage: Floats) -> Gaps:
        """Return by how much every equation is missed, in single precision."""
        kernel = self.kernel
        wage = np.exp(log_wage)
        markets = self.markets
        has_share = markets.has_share_deficits
        earned = own_income(markets.kernel, wage, markets.transfer, has_share=has_share)
        earned -= self.income
        moved = _single(output - self.start)
        price, log_wage = _single(log_price), _single(log_wage)
        cost = eq.log_cost(log_wage, price, kernel.beta, kernel.inputs_by_user)
        cost *= -self.theta
        pull = np.expm1(cost, out=cost)
        appeal, excess = self._appeal(pull)
        spent = eq.intermediate_demand(moved, kernel.inputs)
        spent += kernel.final_share * _single(earned)
        spent -= self.spent * excess
        spent *= kernel.value_added
        spent /= appeal
        sold = self._sold(spent)
        sold /= kernel.value_added
        sold += pull * (self.made + sold)
        sold -= moved
        # log(1 + x) for a small x: what the sum 1 + x has lost comes back to first order.
        gap = appeal - 1.0
        gap -= excess
        gap /= appeal
        gap -= np.log(appeal, out=appeal)
        gap /= self.theta
        gap -= price
        labour = eq.labour_gap(moved, np.expm1(log_wage), kernel.beta)
        return Gaps(gap, sold, labour, wage)

    def _appeal(self, pull: Floats) -> tuple[Floats, Floats]:
        """Return the appeal and its change; (sector, importer, scenario)."""
        excess = np.matmul(self.kernel.weight, pull)
        if self.forward is None:
            return 1.0 + excess, excess
        self.forward.correct(excess, pull)
        flat, rows, is_full = excess.reshape(-1), self.forward.rows, self.forward.is_full
        own = flat[rows]
        flat[rows] = own + (self.left - 1.0)
        appeal = 1.0 + excess
        # Where little is left, the level has the digits and not its difference from 1.
        few = (own + self.left)[is_full]
        appeal.reshape(-1)[rows[is_full]] = few
        flat[rows[is_full]] = few - 1.0
        return appeal, excess

    def _sold(self, more: Floats) -> Floats:
        """Return the change of what exporters sell at their benchmark costs."""
        sold: Floats = np.matmul(self.kernel.received.transpose(0, 2, 1), more)
        rows = self.backward
        if rows is not None:
            flat = sold.reshape(-1)
            demand = self.demand + more.reshape(-1)[rows.columns]
            sums = np.add.reduceat(rows.data * demand, rows.starts)
            flat[rows.rows] = np.where(rows.is_full, sums - self.sales, flat[rows.rows] + sums)
        return sold


def _single(values: Floats) -> Floats:
    # The type says double, as a function of the equations takes both.
    return cast(Floats, values.astype(np.float32))
