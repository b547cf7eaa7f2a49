"""Laws of the trade model on random economies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tumen.core.errors import DataError, ModelError
from tumen.impact import LongRun, Response, Shock, balance, embargo, isolate, solve, solve_batch
from tumen.impact.calibration import calibrate_table
from tumen.impact.economy import Economy
from tumen.impact.shock import combine, from_cells, from_openness, no_shock

TIGHT = LongRun(tolerance=1e-11, iterations=300)
FEW = settings(max_examples=15, deadline=None)
NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF")
GOODS = ("s0", "s1", "s2", "s3")


@st.composite
def economies(draw: st.DrawFn, *, missing: bool = True) -> Economy:
    """A random world of 2 to 6 countries and 1 to 4 sectors, with deficits and missing flows."""
    n, j = draw(st.integers(2, 6)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    size = rng.lognormal(0, 1.5, n)
    pull = np.outer(size, size) ** 0.5
    z = rng.lognormal(0, 1, (n, j, n, j)) * 0.2
    f = rng.lognormal(0, 1, (n, n, j))
    z *= pull[:, None, :, None]
    f *= pull[:, :, None]
    home = np.arange(n)
    z[home, :, home] *= 4
    f[home, home] *= 6
    away = rng.random((n, n, j)) < 0.1
    away[home, home] = False
    away &= missing
    f[away] = 0.0
    z[away.transpose(0, 2, 1)] = 0.0
    # Value added must be positive: a sector's inputs are at most half of its output.
    output = z.sum(axis=(2, 3)) + f.sum(axis=1)
    z *= np.minimum(1.0, 0.5 * output / np.maximum(z.sum(axis=(0, 1)), 1e-12))[None, None]
    theta = rng.uniform(2, 10, j)
    return calibrate_table(NAMES[:n], GOODS[:j], intermediate=z, final=f, trade_elasticity=theta)


def random_openness(economy: Economy, seed: int, *, least: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    n, j = len(economy.countries), len(economy.sectors)
    m = np.where(rng.random((n, n, j)) < 0.4, rng.uniform(least, 1.3, (n, n, j)), 1.0)
    m[np.arange(n), np.arange(n)] = 1.0
    return m


def solved(economy: Economy, shock: Shock) -> Response:
    """Solve tightly; an economy whose surplus eats its income has no answer and is passed over."""
    try:
        return solve(economy, shock, settings=TIGHT)
    except ModelError as error:
        if error.status is not None and error.status.state == "infeasible":
            reject()
        raise


@FEW
@given(economies())
def test_no_shock_leaves_every_price_unchanged(economy: Economy) -> None:
    response = solve(economy, no_shock(economy))
    assert response.status.iterations == 0
    for hat in (response.price_hat, response.wage_hat, response.welfare_hat):
        np.testing.assert_allclose(hat, 1.0, atol=1e-12)


@FEW
@given(economies(), st.integers(0, 1000))
def test_every_answer_is_an_economy_whose_identities_hold(economy: Economy, seed: int) -> None:
    shock = from_openness(economy, random_openness(economy, seed, least=0.05))
    response = solved(economy, shock)
    world = response.economy.value_added.sum()
    sales = response.sales()
    np.testing.assert_allclose(sales.sum(axis=1), response.output, rtol=0, atol=1e-9 * world)
    # Walras: the value of what the world buys is what it sells; deficits cancel.
    assert abs(response.deficit.sum()) < 1e-9 * world
    trade_gap = sales.sum(axis=(0, 2)) - sales.sum(axis=(1, 2))
    np.testing.assert_allclose(trade_gap, response.deficit, rtol=0, atol=1e-9 * world)
    wages = (response.wage_hat * economy.value_added).sum()
    assert wages == pytest.approx(world, rel=1e-10)


@FEW
@given(economies(), st.integers(0, 1000), st.floats(0.1, 1000))
def test_the_unit_of_money_changes_no_real_number(
    economy: Economy, seed: int, scale: float
) -> None:
    from dataclasses import replace

    other = replace(
        economy,
        value_added=economy.value_added * scale,
        deficit=economy.deficit * scale,
        output=economy.output * scale,
        expenditure=economy.expenditure * scale,
        _memory={},
    )
    m = random_openness(economy, seed, least=0.05)
    one = solved(economy, from_openness(economy, m))
    two = solve(other, from_openness(other, m), settings=TIGHT)
    np.testing.assert_allclose(one.welfare_hat, two.welfare_hat, rtol=1e-9)


@FEW
@given(economies(), st.integers(0, 1000))
def test_relabelling_countries_permutes_the_answer(economy: Economy, seed: int) -> None:
    n = len(economy.countries)
    order = np.random.default_rng(seed).permutation(n)
    m = random_openness(economy, seed, least=0.05)
    other = _permuted(economy, order)
    one = solved(economy, from_openness(economy, m))
    two = solve(other, from_openness(other, m[np.ix_(order, order)]), settings=TIGHT)
    np.testing.assert_allclose(one.welfare_hat[order], two.welfare_hat, rtol=1e-9)


def _permuted(economy: Economy, order: np.ndarray) -> Economy:
    from tumen.numerics.labelled import Axis

    pairs = np.ix_(order, order)
    return Economy(
        countries=Axis("country", tuple(economy.countries.labels[k] for k in order)),
        sectors=economy.sectors,
        trade_share=economy.trade_share[pairs],
        input_share=economy.input_share[order],
        value_added_share=economy.value_added_share[order],
        final_share=economy.final_share[order],
        value_added=economy.value_added[order],
        deficit=economy.deficit[order],
        trade_elasticity=economy.trade_elasticity,
        output=economy.output[order],
        expenditure=economy.expenditure[order],
    )


@FEW
@given(economies(), st.integers(0, 1000))
def test_a_batch_says_what_single_solves_say(economy: Economy, seed: int) -> None:
    shocks = [
        from_openness(economy, random_openness(economy, seed + k, least=0.02)) for k in range(5)
    ]
    shocks.append(no_shock(economy))
    watched = economy.countries.labels[0]
    for shock in shocks:
        solved(economy, shock)
    batch = solve_batch(economy, shocks, settings=TIGHT, watch=(watched,), workers=1)
    assert batch.has_converged
    for k, shock in enumerate(shocks):
        one = solve(economy, shock, settings=TIGHT)
        np.testing.assert_allclose(batch.welfare_hat[k], one.welfare_hat, rtol=1e-9)
        sales = one.sales()[0].copy()
        sales[0] = 0.0
        np.testing.assert_allclose(
            batch.exports_of(watched)[k], sales, rtol=0, atol=1e-9 * economy.output.sum()
        )


@FEW
@given(economies(missing=False))
def test_autarky_equals_the_closed_form(economy: Economy) -> None:
    """Arkolakis, Costinot and Rodriguez-Clare (2012) with inputs, no deficit, no tariffs."""
    level = balance(economy)
    country = level.countries.labels[0]
    home = np.array([level.trade_share[0, 0, k] for k in range(len(level.sectors))])
    spends = level.expenditure[0] > 0
    if (home[spends] <= 0).any():
        return
    response = solve(level, isolate(level, country), settings=TIGHT)
    leontief = np.linalg.inv(np.eye(len(home)) - level.input_share[0].T)
    exponent = level.final_share[0] @ leontief / level.trade_elasticity
    closed = np.prod(np.where(spends, home, 1.0) ** exponent)
    assert response.welfare_hat[0] == pytest.approx(closed, rel=1e-9)


@FEW
@given(economies(missing=False), st.floats(0.01, 0.9))
def test_prohibition_is_the_limit_of_leaks(economy: Economy, leak: float) -> None:
    """A ban costs its target no less than a ban that leaks."""
    level = balance(economy)
    target = level.countries.labels[-1]
    home = level.trade_share[-1, -1]
    if (home[level.expenditure[-1] > 0] <= 1e-6).any():
        return
    whole = solve(level, isolate(level, target)).welfare_hat[-1]
    leaky = solve(level, isolate(level, target, leak=leak)).welfare_hat[-1]
    tiny = solve(level, isolate(level, target, leak=1e-4)).welfare_hat[-1]
    assert whole <= leaky + 1e-8
    assert tiny >= whole - 1e-8


@FEW
@given(economies(missing=False))
def test_higher_elasticities_make_autarky_cheaper(economy: Economy) -> None:
    from dataclasses import replace

    level = balance(economy)
    if (level.trade_share[0, 0][level.expenditure[0] > 0] <= 0).any():
        return
    other = replace(level, trade_elasticity=1.5 * level.trade_elasticity, _memory={})
    name = level.countries.labels[0]
    low = solve(level, isolate(level, name)).welfare_hat[0]
    high = solve(other, isolate(other, name)).welfare_hat[0]
    assert high >= low - 1e-9


@FEW
@given(economies())
def test_combined_shocks_multiply(economy: Economy) -> None:
    one, two = economy.countries.labels[:2]
    good = economy.sectors.labels[0]
    a = from_cells(economy, {(one, two, good): 0.5})
    b = from_cells(economy, {(one, two, good): 0.4})
    both = combine([a, b])
    np.testing.assert_allclose(both.openness, [0.2])


def test_who_is_cut_off_with_a_deficit_is_named() -> None:
    economy = two_countries(deficit=0.2)
    with pytest.raises(ModelError, match="AAA cut off") as caught:
        solve(economy, isolate(economy, "BBB"))
    assert caught.value.status is not None
    assert caught.value.status.state == "infeasible"


def test_an_importer_without_a_supplier_is_named() -> None:
    economy = two_countries(home=0.0)
    shock = embargo(economy, sender="AAA", target="BBB", exports=False)
    with pytest.raises(ModelError, match="no supplier is left for: BBB good"):
        solve(balance(economy), shock)


def two_countries(*, home: float = 2.0, deficit: float = 0.0) -> Economy:
    final = np.array([[[3.0, 1.0], [1.0 + deficit, 1.0]], [[1.0, 1.0], [home, 2.0]]])
    return calibrate_table(
        ("AAA", "BBB"),
        ("good", "service"),
        intermediate=np.zeros((2, 2, 2, 2)),
        final=final,
        trade_elasticity=np.array([4.0, 5.0]),
    )


@pytest.mark.parametrize("leak", [-0.1, 1.1, float("nan")])
def test_a_leak_outside_zero_and_one_is_refused(leak: float) -> None:
    with pytest.raises(DataError, match="between 0 and 1"):
        embargo(two_countries(), sender="AAA", target="BBB", leak=leak)
