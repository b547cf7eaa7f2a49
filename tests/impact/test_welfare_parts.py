"""The parts of a welfare change add up, for outright bans too."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from tumen.core.errors import ModelError
from tumen.impact import Economy, LongRun, balance, combine, embargo, from_cells, isolate, solve
from tumen.impact.missing import Drop
from tumen.impact.shock import new_tariffs
from tumen.impact.welfare import decompose, first_order

TIGHT = partial(solve, settings=LongRun(tolerance=1e-11))


@pytest.fixture(scope="module")
def level(world: Economy) -> Economy:
    return balance(world)


@pytest.mark.parametrize("leak", [0.0, 1e-3, 0.3])
def test_the_parts_of_a_ban_add_up(level: Economy, leak: float) -> None:
    shock = embargo(level, sender=["CHN", "DEU"], target="RUS", leak=leak)
    parts = decompose(level, shock, solve=TIGHT)
    exact = np.log(TIGHT(level, shock).welfare_hat)
    np.testing.assert_allclose(parts.total, exact, atol=1e-9)
    assert np.abs(parts.gap).max() < 1e-4 * np.abs(exact).max()
    # A ban adds to the cost of trading for both sides and leaves no revenue.
    assert (parts.frictions[level.countries.places(["RUS", "CHN", "DEU"])] < 0).all()
    np.testing.assert_allclose(parts.tariffs, 0.0, atol=1e-12)


def test_isolation_without_leak_is_split_to_a_thousandth(level: Economy) -> None:
    place = level.countries.place("VNM")
    parts = decompose(level, isolate(level, "VNM"), solve=TIGHT)
    assert abs(parts.gap[place]) < 1e-3 * abs(parts.total[place])


def test_twice_the_steps_leave_a_quarter_of_the_gap(level: Economy) -> None:
    shock = embargo(level, sender="CHN", target="RUS")
    few, many = (decompose(level, shock, solve=TIGHT, steps=steps) for steps in (6, 12))
    place = level.countries.place("RUS")
    assert many.gap[place] == pytest.approx(few.gap[place] / 4, rel=0.1)


def test_a_ban_a_tariff_and_an_easier_flow_split_together(level: Economy) -> None:
    rates = np.full_like(level.trade_share, 0.1)
    home = np.arange(len(level.countries))
    rates[home, home] = 0.0
    shock = combine(
        [
            embargo(level, sender="DEU", target="RUS"),
            from_cells(level, {("RUS", "CHN", "coal"): 3.0}),
            new_tariffs(level, rates),
        ]
    )
    parts = decompose(level, shock, solve=TIGHT)
    assert np.abs(parts.gap).max() < 1e-4
    assert np.abs(parts.tariffs).max() > 1e-3


def test_a_purchase_without_a_supplier_is_not_split(level: Economy) -> None:
    shock = isolate(level, "SGP")
    with pytest.raises(ModelError, match="no supplier is left for: SGP coal"):
        decompose(level, shock, solve=TIGHT)
    without = partial(solve, settings=LongRun(missing=Drop()))
    with pytest.raises(ModelError, match="purchases without a supplier"):
        decompose(level, shock, solve=without)
    with pytest.raises(ModelError, match="purchases without a supplier"):
        first_order(without(level, shock))
