"""Derivatives agree with finite differences, at free trade and at a ban."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tumen.core.errors import ModelError
from tumen.impact import (
    Economy,
    LongRun,
    Response,
    balance,
    embargo,
    from_cells,
    isolate,
    solve,
    solve_short,
)
from tumen.impact.gradient import leak_values
from tumen.impact.missing import Drop
from tumen.impact.shock import Shock, from_openness, new_tariffs, no_shock

TIGHT = LongRun(tolerance=1e-13, iterations=300)


def objective(response: Response, name: str) -> float:
    return float(response.equivalent_variation[response.economy.countries.place(name)])


def moved(economy: Economy, shock: Shock, cell: tuple[str, str, str], step: float) -> Shock:
    m = shock.dense()
    place = (
        economy.countries.place(cell[0]),
        economy.countries.place(cell[1]),
        economy.sectors.place(cell[2]),
    )
    m[place] += step
    return from_openness(economy, m)


CELLS = (
    ("CHN", "RUS", "machinery"),
    ("RUS", "CHN", "oil_gas"),
    ("DEU", "FRA", "transport_equip"),
    ("USA", "RUS", "electronics_electrical"),
)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("country", ["RUS", "CHN"])
def test_at_free_trade(world: Economy, cell: tuple[str, str, str], country: str) -> None:
    base = no_shock(world)
    found = leak_values(solve(world, base, settings=TIGHT), {country: 1.0})
    h = 1e-4
    up = objective(solve(world, moved(world, base, cell, h), settings=TIGHT), country)
    down = objective(solve(world, moved(world, base, cell, -h), settings=TIGHT), country)
    value = found.openness[
        world.countries.place(cell[0]), world.countries.place(cell[1]), world.sectors.place(cell[2])
    ]
    assert value == pytest.approx((up - down) / (2 * h), rel=1e-5, abs=1e-2)


@pytest.mark.parametrize("cell", CELLS[:2])
def test_at_a_ban_the_first_leak(world: Economy, cell: tuple[str, str, str]) -> None:
    base = from_cells(world, {("CHN", "RUS", s): 0.0 for s in world.sectors})
    base = from_openness(
        world,
        base.dense() * from_cells(world, {("RUS", "CHN", "oil_gas"): 0.0}).dense(),
    )
    found = leak_values(solve(world, base, settings=TIGHT), {"RUS": 1.0})
    start = objective(solve(world, base, settings=TIGHT), "RUS")
    h = 1e-5
    one = objective(solve(world, moved(world, base, cell, h), settings=TIGHT), "RUS")
    two = objective(solve(world, moved(world, base, cell, 2 * h), settings=TIGHT), "RUS")
    forward = (4 * one - 3 * start - two) / (2 * h)
    value = found.openness[
        world.countries.place(cell[0]), world.countries.place(cell[1]), world.sectors.place(cell[2])
    ]
    assert value == pytest.approx(forward, rel=1e-4)


def test_the_largest_leak_of_an_isolated_country_is_its_own(with_target: Economy) -> None:
    response = solve(
        with_target, isolate(with_target, "PRK", leak=0.05), settings=LongRun(tolerance=1e-11)
    )
    named = leak_values(response, {"PRK": 1.0}).largest(5)
    assert all("PRK" in flow[:2] for flow in named)
    assert all(flow[3] > 0 for flow in named)


def test_tariffs_are_refused(world: Economy) -> None:
    from dataclasses import replace

    response = solve(world, no_shock(world))
    with pytest.raises(ModelError, match="without tariffs"):
        leak_values(replace(response, tariff=np.zeros_like(world.trade_share)), {"RUS": 1.0})


def test_a_gradient_refuses_what_its_equations_do_not_say(world: Economy) -> None:
    level = balance(world)
    shock = embargo(level, sender="CHN", target="RUS", leak=0.1)
    tight = LongRun(tolerance=1e-10)
    moved = solve(level, shock, settings=tight)
    assert leak_values(moved, {"RUS": 1.0}).objective == "1 EV(RUS)"
    shifted = moved.deficit + 1e-4 * level.value_added.sum() * np.eye(len(level.countries))[0]
    with pytest.raises(ModelError, match="fixed deficits"):
        leak_values(replace(moved, deficit=shifted), {"RUS": 1.0})
    draw = solve(level, shock, settings=tight, trade_elasticity=level.trade_elasticity * 1.2)
    with pytest.raises(ModelError, match="other elasticities"):
        leak_values(draw, {"RUS": 1.0})
    with pytest.raises(ModelError, match="other elasticities, technology or adjustment"):
        leak_values(solve_short(level, shock, "short"), {"RUS": 1.0})
    without = solve(level, isolate(level, "SGP"), settings=replace(tight, missing=Drop()))
    with pytest.raises(ModelError, match="other elasticities, technology or adjustment"):
        leak_values(without, {"SGP": 1.0})
    taxed = solve(level, new_tariffs(level, np.full_like(level.trade_share, 0.01)))
    with pytest.raises(ModelError, match="without tariffs"):
        leak_values(taxed, {"RUS": 1.0})
