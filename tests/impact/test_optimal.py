"""Designs beat what they are compared with, and losses are those of exact solves."""

from __future__ import annotations

import numpy as np
import pytest

from tumen.core.errors import DataError, ModelError
from tumen.impact import Economy, balance, isolate, solve
from tumen.impact.optimal import (
    candidate_cells,
    coalition_values,
    design,
    frontier,
    greedy_bans,
    rank_bans,
)

GOODS = ("coal", "oil_gas", "refined_petroleum", "metals", "machinery")
SENDERS = ("DEU", "FRA", "ITA")


@pytest.fixture(scope="module")
def level(world: Economy) -> Economy:
    return balance(world)


def test_a_higher_price_of_sender_losses_buys_less_of_both(level: Economy) -> None:
    cells = candidate_cells(level, senders=SENDERS, target="RUS", sectors=GOODS)
    found = frontier(level, cells, senders=SENDERS, target="RUS", prices=(0.0, 1.0, 4.0))
    target = [made.target_loss for made in found]
    senders = [made.sender_loss for made in found]
    assert target == sorted(target, reverse=True)
    assert senders == sorted(senders, reverse=True)


def test_no_random_policy_beats_the_design(level: Economy) -> None:
    from dataclasses import replace

    from tumen.impact import from_cells

    cells = candidate_cells(level, senders=SENDERS, target="RUS", sectors=GOODS)
    made = design(level, cells, senders=SENDERS, target="RUS", price=2.0)
    best = made.target_loss - 2.0 * made.sender_loss
    rng = np.random.default_rng(5)
    for _ in range(20):
        shock = from_cells(level, dict.fromkeys(cells, 1.0))
        m = rng.integers(0, 2, len(cells)) * rng.random(len(cells))
        ev = solve(level, replace(shock, openness=m)).equivalent_variation
        lost = -ev[level.countries.place("RUS")]
        paid = -sum(ev[level.countries.place(name)] for name in SENDERS)
        assert lost - 2.0 * paid <= best + 1e-3 * abs(best) + 1.0


def test_greedy_losses_are_those_of_exact_solves_and_stay_in_budget(level: Economy) -> None:
    groups = {
        good: candidate_cells(level, senders=SENDERS, target="RUS", sectors=[good])
        for good in GOODS
    }
    ranked = rank_bans(level, groups, senders=SENDERS, target="RUS")
    assert [r.ratio for r in ranked] == sorted((r.ratio for r in ranked), reverse=True)
    budget = 0.5 * sum(max(0.0, r.sender_loss) for r in ranked)
    steps = greedy_bans(level, groups, senders=SENDERS, target="RUS", budget=budget)
    assert steps
    assert all(step.sender_loss <= budget + 1e-6 for step in steps)
    assert [s.target_loss for s in steps] == sorted(s.target_loss for s in steps)


def test_a_coalition_of_all_is_isolation(level: Economy) -> None:
    states = ("DEU", "CHN")
    values = coalition_values(level, states=states, target="RUS", leak=0.1)
    assert set(values) == {("DEU",), ("CHN",), ("DEU", "CHN")}
    assert values["DEU", "CHN"] > max(values["DEU",], values["CHN",])
    everyone = solve(level, isolate(level, "RUS", leak=0.1))
    assert -everyone.equivalent_variation[level.countries.place("RUS")] > values["DEU", "CHN"]


def test_a_sender_that_is_the_target_is_refused(level: Economy) -> None:
    with pytest.raises(DataError, match="cannot ban itself"):
        candidate_cells(level, senders=["RUS"], target="RUS")


def test_eleven_states_are_too_many(level: Economy) -> None:
    with pytest.raises(ModelError, match="too many coalitions"):
        coalition_values(level, states=level.countries.labels[:11], target="VNM")
