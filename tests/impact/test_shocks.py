"""Shocks from costs and from restrictions: what they do to openness, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.core.errors import DataError, ModelError
from tumen.impact import Economy, combine, embargo, shock_from_restrictions, solve
from tumen.impact.latent import Latent, gravity_capacity, with_latent
from tumen.impact.shock import ad_valorem, new_tariffs

CELL = ("RUS", "CHN", "coal")


@given(one=st.floats(-0.5, 5.0), two=st.floats(-0.5, 5.0))
def test_costs_one_after_the_other_multiply(world: Economy, one: float, two: float) -> None:
    theta = world.trade_elasticity[world.sectors.place("coal")]
    both = combine([ad_valorem(world, {CELL: one}), ad_valorem(world, {CELL: two})])
    assert both.openness[0] == pytest.approx(((1 + one) * (1 + two)) ** -theta, rel=1e-12)


def test_a_cost_uses_up_what_a_tariff_of_the_same_rate_collects(world: Economy) -> None:
    """Prices face the same wedge; only the tariff's revenue stays in the country."""
    place = world.countries.place("CHN")
    rates = np.zeros_like(world.trade_share)
    rates[:, place] = 0.1
    rates[place, place] = 0.0
    others = [name for name in world.countries if name != "CHN"]
    costs = {(name, "CHN", sector): 0.1 for name in others for sector in world.sectors}
    cost = solve(world, ad_valorem(world, costs))
    tariff = solve(world, new_tariffs(world, rates))
    assert cost.welfare_hat[place] < tariff.welfare_hat[place]
    assert cost.welfare_hat[place] < 1


@pytest.mark.parametrize("cost", [-1.0, -2.0, float("nan"), float("inf")])
def test_a_cost_that_is_none_is_refused(world: Economy, cost: float) -> None:
    with pytest.raises(DataError, match=r"ad_valorem: RUS, CHN, coal: a cost of"):
        ad_valorem(world, {CELL: cost})


def test_unknown_labels_are_named_with_the_nearest(world: Economy) -> None:
    with pytest.raises(DataError, match="RUX"):
        ad_valorem(world, {("RUX", "CHN", "coal"): 0.1})
    with pytest.raises(DataError, match="coul"):
        ad_valorem(world, {("RUS", "CHN", "coul"): 0.1})


@given(
    share=st.floats(0.0, 1.0),
    leaks=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
)
def test_the_tighter_border_decides(
    world: Economy, share: float, leaks: tuple[float, float]
) -> None:
    enforcers = {"RUS": leaks[0], "CHN": leaks[1]}
    shock = shock_from_restrictions(world, {CELL: share}, enforcers=enforcers)
    opened = shock.dense()[world.countries.place("RUS"), world.countries.place("CHN")]
    assert opened[world.sectors.place("coal")] == pytest.approx(1 - share * (1 - min(leaks)))


def test_a_gravity_size_is_less_than_what_is_made_and_grows_with_the_market(world: Economy) -> None:
    near = gravity_capacity(world, "RUS", "CHN", "coal", distance_km=1000)
    made = world.output[world.countries.place("RUS"), world.sectors.place("coal")]
    assert 0 < near < made
    small = gravity_capacity(world, "RUS", "VNM", "coal", distance_km=1000)
    assert small < near
    for distance in (0.0, -3.0, float("nan"), float("inf")):
        with pytest.raises(ModelError, match="km is none"):
            gravity_capacity(world, "RUS", "CHN", "coal", distance_km=distance)


def test_a_latent_flow_to_oneself_or_beyond_the_market_is_refused(world: Economy) -> None:
    wrong = (
        Latent("RUS", "RUS", "coal", 1.0, "analyst"),
        Latent("RUS", "VNM", "coal", 1e12, "analyst"),
    )
    with pytest.raises(DataError, match="needs no flow to itself") as raised:
        with_latent(world, wrong)
    assert len(raised.value.problems) == 2


def test_bans_of_one_shock_are_kept_for_the_record(world: Economy) -> None:
    shock = shock_from_restrictions(world, {CELL: 0.5}, enforcers={"CHN": 0.2})
    assert shock.bans == (("CHN", "RUS", "CHN", "coal", 0.5, 0.2),)
    assert combine([shock, embargo(world, sender="USA", target="RUS")]).bans == shock.bans
