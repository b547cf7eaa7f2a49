"""The long-run model, one function for each equation.

Notation (hats are ratios to the benchmark; primes, here ``_new``, are counterfactual levels):

=============== ============= ==================================== ==========================
here            paper         what                                 shape
=============== ============= ==================================== ==========================
`log_price`     log p_nj      price index of a sector's purchases  (sector, country, scenario)
`log_wage`      log w_n       wage                                 (country, scenario)
`log_cost`      log c_ij      cost of an input bundle              (sector, country, scenario)
`attraction`    c^-theta      what a cost is worth in a choice     (sector, country, scenario)
`appeal`        sum W c^-theta  denominator of the trade shares    (sector, country, scenario)
`output`        Y_ij          value of output                      (sector, country, scenario)
`spending`      X_nj          purchases, tariffs included          (sector, country, scenario)
`income`        I_n           final spending                       (country, scenario)
`weight`        W_nij         pi m [(1+t')/(1+t)]^-theta           (sector, importer, exporter)
`theta`         theta_j       trade elasticity                     (sector, 1, scenario or 1)
`beta`          beta_nj       value-added share                    (sector, country, 1)
`inputs`        gamma_nkj     input share                          (country, input, using)
`final_share`   alpha_nj      share in final spending              (sector, country, 1)
=============== ============= ==================================== ==========================

Levels of a country (output, spending, income) are in units of its benchmark value added, so that
small and large countries meet the same tolerance.

Scenarios stand last, so that each product with a matrix serves the whole batch. Numbers of the
equations are those of docs/explanation/impact.md; they follow Caliendo and Parro (2015).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def log_cost(log_wage: Floats, log_price: Floats, beta: Floats, inputs_by_user: Floats) -> Floats:
    """Eq. (1): lc_ij = beta_ij lw_i + sum_k gamma_ikj lp_ik.

    `inputs_by_user` is gamma with axes (country, using, input).
    """
    cost = np.empty_like(log_price)
    np.matmul(inputs_by_user, log_price.transpose(1, 0, 2), out=cost.transpose(1, 0, 2))
    cost += beta * log_wage
    return cost


def attraction(cost: Floats, theta: Floats) -> Floats:
    """What enters the choice of a supplier: exp(-theta_j lc_ij)."""
    power = cost * -theta
    return np.exp(power, out=power)


def log_price(appeal: Floats, theta: Floats) -> Floats:
    """Eq. (2): lp_nj = -(1/theta_j) log sum_i W_nij exp(-theta_j lc_ij)."""
    price = np.log(appeal)
    price /= -theta
    return price


def intermediate_demand(output: Floats, inputs: Floats) -> Floats:
    """First term of eq. (5): sum_k gamma_njk Y_nk."""
    demand = np.empty_like(output)
    np.matmul(inputs, output.transpose(1, 0, 2), out=demand.transpose(1, 0, 2))
    return demand


def spending(intermediate: Floats, income: Floats, final_share: Floats) -> Floats:
    """Eq. (5): X_nj = sum_k gamma_njk Y_nk + alpha_nj I_n."""
    total = final_share * income
    total += intermediate
    return total


def income(wage: Floats, transfer: Floats) -> Floats:
    """Eq. (6) less tariff revenue: I_n / VA_n = w_n + D_n / VA_n."""
    return np.asarray(wage + transfer)


def tariff_revenue(
    intermediate: Floats, own_income: Floats, final_share: Floats, taken: Floats
) -> Floats:
    """Tariff revenue when `taken` is the share of spending that goes to the treasury.

    Revenue is part of the income that it is levied on: R = sum_j taken_j (X_j0 + alpha_j R),
    solved for R; (country, scenario).
    """
    levied = (taken * (intermediate + final_share * own_income)).sum(axis=0)
    return np.asarray(levied / (1.0 - (taken * final_share).sum(axis=0)))


def labour_gap(output: Floats, wage: Floats, beta: Floats) -> Floats:
    """Eq. (7): sum_j beta_nj Y_nj / VA_n - w_n; (country, scenario)."""
    return np.asarray(np.einsum("jn,jns->ns", beta[:, :, 0], output) - wage)
