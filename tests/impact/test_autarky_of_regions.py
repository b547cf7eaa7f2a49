"""Autarky of every region of the shipped world equals its closed form."""

from __future__ import annotations

import numpy as np

from tumen.impact import Economy, LongRun, balance, isolate, solve


def test_autarky_of_each_region_equals_the_closed_form(world: Economy) -> None:
    """Arkolakis, Costinot and Rodriguez-Clare (2012) with inputs, deficits purged, no tariffs."""
    level = balance(world)
    checked = 0
    for place, region in enumerate(level.countries.labels):
        home = level.trade_share[place, place]
        spends = level.expenditure[place] > 0
        if (home[spends] <= 0).any():
            continue
        response = solve(level, isolate(level, region), settings=LongRun(tolerance=1e-12))
        leontief = np.linalg.inv(np.eye(len(home)) - level.input_share[place].T)
        exponent = level.final_share[place] @ leontief / level.trade_elasticity
        closed = float(np.prod(np.where(spends, home, 1.0) ** exponent))
        np.testing.assert_allclose(response.welfare_hat[place], closed, rtol=1e-10)
        checked += 1
    assert checked >= 25
