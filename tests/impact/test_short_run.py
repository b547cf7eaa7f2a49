"""The short run of the whole world: limits, laws, and the target alone beside it."""

from __future__ import annotations

import numpy as np
import pytest

from tumen.core.errors import ModelError
from tumen.impact import Economy, balance, embargo, isolate, solve
from tumen.impact.horizon import HORIZONS, Horizon, horizon
from tumen.impact.shock import no_shock
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


def test_infinite_mobility_and_tariffs_are_refused(world: Economy) -> None:
    with pytest.raises(ModelError, match="mobility is infinite"):
        solve_short(world, no_shock(world), horizon("long"))
    with pytest.raises(ModelError, match="'brief' is no horizon"):
        horizon("brief")
