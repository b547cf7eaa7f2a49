"""Worlds small enough to solve on paper."""

from __future__ import annotations

import numpy as np
import pytest

from tumen.impact import LongRun, Response, Shock
from tumen.impact import solve as long_run
from tumen.impact.calibration import calibrate_table
from tumen.impact.economy import Economy
from tumen.impact.shock import from_cells, isolate


def solve(economy: Economy, shock: Shock) -> Response:
    return long_run(economy, shock, settings=LongRun(tolerance=1e-12, iterations=200))


def twins(home: float, theta: float) -> Economy:
    """Two equal countries, one good, no inputs."""
    final = np.array([[[home], [1 - home]], [[1 - home], [home]]])
    return calibrate_table(
        ("AAA", "BBB"),
        ("good",),
        intermediate=np.zeros((2, 1, 2, 1)),
        final=final,
        trade_elasticity=np.array([theta]),
    )


@pytest.mark.parametrize("leak", [0.0, 0.001, 0.3, 1.0, 2.0])
@pytest.mark.parametrize("theta", [2.0, 5.0, 13.0])
def test_twins_lose_what_the_armington_formula_says(leak: float, theta: float) -> None:
    """By symmetry wages stay; p = (home + (1 - home) m)^(-1/theta), welfare 1/p."""
    economy = twins(0.7, theta)
    found = solve(
        economy,
        isolate(economy, "AAA", leak=leak)
        if leak <= 1
        else from_cells(economy, {("AAA", "BBB", "good"): leak, ("BBB", "AAA", "good"): leak}),
    )
    expected = (0.7 + 0.3 * leak) ** (1 / theta)
    np.testing.assert_allclose(found.welfare_hat, expected, rtol=1e-9)
    np.testing.assert_allclose(found.wage_hat, 1.0, rtol=1e-9)


def test_inputs_multiply_the_loss() -> None:
    """With an input share of one half the loss of the twins is squared."""
    final = 0.5 * np.array([[[0.7], [0.3]], [[0.3], [0.7]]])
    inputs = final.transpose(0, 2, 1)[:, :, :, None]
    economy = calibrate_table(
        ("AAA", "BBB"),
        ("good",),
        intermediate=inputs,
        final=final,
        trade_elasticity=np.array([5.0]),
    )
    found = solve(economy, isolate(economy, "AAA"))
    np.testing.assert_allclose(found.welfare_hat, 0.7 ** (2 / 5), rtol=1e-9)


def test_a_one_sided_ban_by_two_equations() -> None:
    """AAA stops buying from BBB: trade must balance, so BBB's wage falls until nothing is sold.

    With m = 0 one way and balanced trade both ways end; both are in autarky.
    """
    economy = twins(0.7, 5.0)
    found = solve(economy, from_cells(economy, {("BBB", "AAA", "good"): 1e-6}))
    share = 0.3
    wage = np.log(found.wage_hat[1] / found.wage_hat[0])
    buys = share * np.exp(5.0 * wage) / (share * np.exp(5.0 * wage) + 0.7)
    sells = 1e-6 * share * np.exp(-5.0 * wage) / (1e-6 * share * np.exp(-5.0 * wage) + 0.7)
    assert buys * np.exp(wage) == pytest.approx(sells, rel=1e-6)
