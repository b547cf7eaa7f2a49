"""The short run of the whole world: limits, laws, and the target alone beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tumen.core.errors import ModelError
from tumen.impact import Economy, LongRun, balance, combine, embargo, isolate, solve
from tumen.impact.calibration import calibrate_flows, calibrate_table
from tumen.impact.horizon import HORIZONS, Horizon, horizon
from tumen.impact.shock import new_tariffs, no_shock
from tumen.impact.short_run import solve_short

SHORT = tuple(name for name in HORIZONS if name != "long")


@pytest.mark.parametrize("name", SHORT)
def test_no_shock_changes_nothing(with_target: Economy, name: str) -> None:
    found = solve_short(with_target, no_shock(with_target), horizon(name))
    np.testing.assert_allclose(found.welfare_hat, 1.0, atol=1e-11)
    np.testing.assert_allclose(found.price_hat, 1.0, atol=1e-11)


def test_mobile_factors_and_unit_elasticities_are_the_long_run(world: Economy) -> None:
    shock = embargo(world, sender=["USA", "DEU", "FRA", "EU_other"], target="RUS", leak=0.1)
    near = solve_short(world, shock, Horizon("near", mobility=50.0))
    far = solve(world, shock)
    assert 100 * np.abs(near.welfare_hat - far.welfare_hat).max() < 0.01


@pytest.mark.parametrize("name", SHORT)
def test_identities_hold(with_target: Economy, name: str) -> None:
    shock = isolate(with_target, "PRK", leak=0.02)
    found = solve_short(with_target, shock, horizon(name))
    sales = found.sales()
    size = with_target.value_added[:, None]
    assert np.abs((sales.sum(axis=1) - found.output) / size).max() < 1e-7
    gap = sales.sum(axis=(0, 2)) - sales.sum(axis=(1, 2)) - found.deficit
    assert np.abs(gap / with_target.value_added).max() < 1e-6


def test_less_time_costs_the_target_more(with_target: Economy) -> None:
    shock = isolate(with_target, "PRK", leak=0.02)
    place = with_target.countries.place("PRK")
    change = [solve(with_target, shock).welfare_hat[place]]
    change += [solve_short(with_target, shock, horizon(name)).welfare_hat[place] for name in SHORT]
    assert change == sorted(change, reverse=True)


def test_isolation_of_large_states_converges(world: Economy) -> None:
    level = balance(world)
    for name in ("CHN", "RUS", "SGP", "KAZ"):
        found = solve_short(level, isolate(level, name, leak=0.01), horizon("short"))
        assert found.welfare_hat[level.countries.place(name)] < 1


def taxed(world: Economy) -> Economy:
    """The world with tariffs of 2 to 12 % on all goods of the others."""
    rates = np.random.default_rng(3).uniform(0.02, 0.12, world.trade_share.shape)
    home = np.arange(len(world.countries))
    rates[home, home] = 0.0
    return calibrate_flows(
        world.countries,
        world.sectors,
        sales=world.sales() / (1 + rates),
        input_share=0.9 * world.input_share,
        trade_elasticity=world.trade_elasticity,
        tariff=rates,
    )


def test_tariffs_of_mobile_factors_are_those_of_the_long_run(world: Economy) -> None:
    economy = taxed(world)
    assert economy.tariff is not None
    rates = economy.tariff.copy()
    place = economy.countries.place("USA")
    rates[:, place] += 0.3
    rates[place, place] = 0.0
    shock = combine(
        [new_tariffs(economy, rates), embargo(economy, sender="USA", target="CHN", leak=0.5)]
    )
    far = solve(economy, shock)
    gaps = []
    for mobility in (50.0, 500.0):
        near = solve_short(economy, shock, Horizon("near", mobility=mobility))
        gaps.append(100 * np.abs(near.welfare_hat - far.welfare_hat).max())
    # A large shock: what is left is of the order of 1 / mobility.
    assert gaps[0] < 0.05
    assert gaps[1] < 0.15 * gaps[0]
    assert abs(far.welfare_hat[place] - 1) > 1e-4


@pytest.mark.parametrize("name", SHORT)
def test_tariff_revenue_is_spent_and_markets_clear(world: Economy, name: str) -> None:
    economy = taxed(world)
    still = solve_short(economy, no_shock(economy), name)
    np.testing.assert_allclose(still.welfare_hat, 1.0, atol=1e-11)
    assert economy.tariff is not None
    found = solve_short(economy, new_tariffs(economy, 2 * economy.tariff), name)
    size = economy.value_added
    sales = found.sales()
    assert np.abs((sales.sum(axis=1) - found.output) / size[:, None]).max() < 1e-7
    gap = sales.sum(axis=(0, 2)) - sales.sum(axis=(1, 2)) - found.deficit
    assert np.abs(gap / size).max() < 1e-6
    np.testing.assert_allclose(found.deficit, economy.deficit, atol=1e-6 * size.max())


def test_what_the_short_run_does_not_do_is_refused(world: Economy) -> None:
    with pytest.raises(ModelError, match="mobility is infinite"):
        solve_short(world, no_shock(world), horizon("long"))
    with pytest.raises(ModelError, match="'brief' is no horizon"):
        horizon("brief")
    with pytest.raises(ModelError, match="keeps deficits fixed"):
        solve_short(world, no_shock(world), "short", settings=LongRun(deficits="share"))


def test_who_must_give_more_than_he_earns_gets_no_number() -> None:
    economy = balance(
        calibrate_table(
            ("AAA", "BBB"),
            ("goods", "rest"),
            intermediate=np.full((2, 2, 2, 2), 0.3),
            final=np.ones((2, 2, 2)),
            trade_elasticity=np.array([5.0, 4.0]),
        )
    )
    given = 1.05 * economy.value_added[0]
    shock = replace(no_shock(economy), transfer=np.array([-given, given]))
    with pytest.raises(ModelError, match="nothing is left to spend in AAA"):
        solve_short(economy, shock, "short")
