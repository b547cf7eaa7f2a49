"""One sector: an Armington world solved anew, and what the public package gegravity prints."""

from __future__ import annotations

import numpy as np
import pytest

from tumen.impact import Economy, LongRun, Response, solve
from tumen.impact.calibration import calibrate_flows
from tumen.impact.shock import from_cells

NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE")
SIGMA = 5.0
EASE = float(np.exp(-0.5))
"""An agreement with a gravity coefficient of .5 ends."""

# Flows that gegravity 0.3 makes for outputs of 100, 400, 50, 250 and 20 and made-up distances.
FLOWS = np.array(
    [
        [86.383433139, 8.495626465, 1.246161108, 3.015774954, 0.859004334],
        [8.495626465, 370.740836936, 4.127457091, 14.978655447, 1.657424062],
        [1.246161108, 4.127457091, 38.771985772, 5.16134158, 0.693054448],
        [3.015774954, 14.978655447, 5.16134158, 225.726037638, 1.118190381],
        [0.859004334, 1.657424062, 0.693054448, 1.118190381, 15.672326775],
    ]
)
GEGRAVITY = np.array([-0.88794, -0.21105, 0.02154, 0.01207, 0.03071])
"""Its change of real GDP when the agreement of AAA and BBB ends, per cent."""


@pytest.fixture(scope="module")
def response() -> Response:
    economy: Economy = calibrate_flows(
        NAMES,
        ("good",),
        sales=FLOWS[:, :, None],
        input_share=np.zeros((5, 1, 1)),
        trade_elasticity=np.array([SIGMA - 1]),
    )
    cells = {("AAA", "BBB", "good"): EASE, ("BBB", "AAA", "good"): EASE}
    tight = LongRun(tolerance=1e-13, iterations=300)
    return solve(economy, from_cells(economy, cells), settings=tight)


def armington() -> np.ndarray:
    """Real income over its benchmark, from prices that clear markets by slow repetition."""
    share, made = FLOWS / FLOWS.sum(axis=0), FLOWS.sum(axis=1)
    ease = np.ones((5, 5))
    ease[0, 1] = ease[1, 0] = EASE
    price = np.ones(5)
    for _ in range(20_000):
        weight = share * ease * price[:, None] ** (1 - SIGMA)
        bought = weight / weight.sum(axis=0)
        income = price * made
        price = price * ((bought @ income) / income) ** 0.1
        price /= (price * made).sum() / made.sum()
    index = (share * ease * price[:, None] ** (1 - SIGMA)).sum(axis=0) ** (1 / (1 - SIGMA))
    return np.asarray(price / index)


@pytest.mark.oracle
def test_welfare_is_that_of_an_armington_world_solved_anew(response: Response) -> None:
    np.testing.assert_allclose(response.welfare_hat, armington(), rtol=1e-10)


@pytest.mark.oracle
def test_welfare_is_near_what_gegravity_prints(response: Response) -> None:
    """Its own prices leave markets open by 4e-4 of output; so far may its welfare be off."""
    change = 100 * (response.welfare_hat - 1)
    np.testing.assert_allclose(change, GEGRAVITY, atol=0.006)
    assert (np.sign(change) == np.sign(GEGRAVITY)).all()
    np.testing.assert_array_equal(np.argsort(change), np.argsort(GEGRAVITY))
