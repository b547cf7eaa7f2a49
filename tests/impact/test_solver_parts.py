"""What makes the long run fast gives what the plain equations give."""

from __future__ import annotations

import numpy as np
import pytest

from tumen.impact import Economy, isolate
from tumen.impact.block import Block, LongRun
from tumen.impact.kernel import Steering, kernel_of, steering_of
from tumen.impact.markets import Gaps
from tumen.impact.missing import Floor
from tumen.impact.nearby import Nearby
from tumen.impact.products import weights_of, written_out
from tumen.impact.shock import Shock, from_openness, no_shock
from tumen.impact.weights import cells_of

FLOOR = Floor(0.001)


def shocks(economy: Economy, rng: np.random.Generator, *, few: bool) -> list[Shock]:
    """Random bans and leaks: of one flow in a hundred, or of most; and one that changes nothing."""
    found = [no_shock(economy)]
    for part in (0.01, 0.02, 0.05) if few else (0.5, 0.9):
        shape = economy.trade_share.shape
        openness = np.where(rng.random(shape) < 0.3, 0.0, rng.uniform(0, 1.4, shape))
        openness[rng.random(shape) > part] = 1.0
        found.append(from_openness(economy, openness))
    return [*found, isolate(economy, "RUS", leak=0.001)]


def block_of(economy: Economy, chosen: list[Shock]) -> Block:
    kernel = kernel_of(economy)
    theta = np.tile(economy.trade_elasticity, (len(chosen), 1))
    cells = [cells_of(economy, kernel, shock, theta=theta[0], missing=FLOOR) for shock in chosen]
    return Block(kernel, steering_of(economy), cells, theta, LongRun(missing=FLOOR))


@pytest.mark.parametrize("few", [True, False])
def test_products_of_a_batch_are_those_of_its_scenarios(
    world: Economy, rng: np.random.Generator, few: bool
) -> None:
    block = block_of(world, shocks(world, rng, few=few))
    batch = weights_of(block.kernel, block.cells)
    values = rng.lognormal(0, 2, (*block.kernel.output.shape[:2], block.batch))
    appeal, sold = batch.appeal(values), batch.sold(values)
    for k, cells in enumerate(block.cells):
        alone = written_out(block.kernel, cells)
        one = np.ascontiguousarray(values[:, :, k : k + 1])
        np.testing.assert_allclose(appeal[:, :, k : k + 1], alone.appeal(one), rtol=1e-13)
        np.testing.assert_allclose(sold[:, :, k : k + 1], alone.sold(one), rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize("size", [0.0, 1e-5, 1e-2])
def test_single_precision_loses_digits_of_the_change_only(
    with_target: Economy, rng: np.random.Generator, size: float
) -> None:
    block = block_of(with_target, shocks(with_target, rng, few=True))
    state = block.state + size * rng.normal(size=block.state.shape)
    exact = block.markets.gaps(*block.parts(state))
    near = Nearby(block.markets).gaps(*block.parts(state))
    for name in ("price", "goods", "labour"):
        ours, theirs = getattr(near, name), getattr(exact, name)
        # A scenario is measured by its own largest gap: no shock and no change miss nothing.
        scale = np.abs(theirs).max(axis=tuple(range(theirs.ndim - 1)))
        assert (np.abs(ours - theirs) <= 1e-5 * scale + 1e-12).all(), name


def gaps_of(steering: Steering, rng: np.random.Generator, batch: int) -> Gaps:
    shape = (*steering.beta.shape[:2], batch)
    price, goods = (rng.normal(size=shape).astype(np.float32) for _ in range(2))
    labour = rng.normal(size=shape[1:])
    return Gaps(price, goods, labour, np.ones_like(labour))


def test_a_step_closes_almost_all_of_a_gap_to_first_order(
    world: Economy, rng: np.random.Generator
) -> None:
    block = block_of(world, [no_shock(world)])
    wanted = gaps_of(block.steering, rng, 1)
    # Walras' law: labour gaps of a true point are those of its goods markets.
    value_added = block.kernel.value_added
    wanted.labour[:] -= (wanted.labour * value_added).sum() / value_added.sum()
    d_price, d_output, d_wage = block.steering.step(wanted.price, wanted.goods, wanted.labour)
    parts = (np.concatenate([d_price, d_output]).reshape(-1, 1), d_wage)
    moved = block.state + 1e-6 * np.concatenate(parts)
    made = block.markets.gaps(*block.parts(moved))
    for name in ("price", "goods"):
        left = np.linalg.norm(getattr(made, name) / 1e-6 + getattr(wanted, name))
        assert left < 0.05 * np.linalg.norm(getattr(wanted, name)), name


def test_the_transposed_step_is_the_transpose(world: Economy, rng: np.random.Generator) -> None:
    steering = steering_of(world)
    here, there = (gaps_of(steering, rng, 3) for _ in range(2))
    ahead = steering.step(here.price, here.goods, here.labour)
    back = steering.transposed(there.price, there.goods, there.labour)

    def product(left: tuple[np.ndarray, ...], right: Gaps) -> float:
        parts = zip(left, (right.price, right.goods, right.labour), strict=True)
        return sum(float((one * two).sum()) for one, two in parts)

    assert product(ahead, there) == pytest.approx(product(back, here), rel=1e-4)
