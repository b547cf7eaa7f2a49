"""The enforcement game gives the numbers that an independent solver found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tumen.numerics.tolerance import assert_close
from tumen.strategy.enforcement import (
    EnforcementGame,
    Outlook,
    Party,
    Weights,
    conducts,
    play,
    utilities,
)
from tumen.strategy.equilibrium import solve
from tumen.strategy.game import Timing
from tumen.strategy.payoffs import ReducedForm
from tumen.strategy.tipping import tipping

pytestmark = pytest.mark.oracle
FOLDER = Path(__file__).parent
CASE = json.loads((FOLDER / "case_enforcement_E1.json").read_text())
TIPPING = json.loads((FOLDER / "case_tipping_E1.json").read_text())


def game_of(
    *, kappa: float, penalties: list[float], timing: Timing = "sequential"
) -> EnforcementGame:
    """The game of the worked case: no unlisted trade, no capacity of the first party."""
    par, nothing = CASE["par"], np.zeros(2)
    weights = Weights(
        security=par["w_sec"],
        instability=par["w_ins"],
        influence=par["w_inf"],
        public=par["w_norm"],
        detection=par["pi_det"],
        exclusion=par["SS"],
        precision=CASE["lam"],
        compensation_price=nothing,
        compensation_capacity=nothing,
        pressing_cost=nothing,
        pressing_bite=nothing,
        pressure_half=par["p50"],
        pressure_width=par["width"],
        instability_threshold=par["p_h"],
    )
    provider = ReducedForm(
        listed=np.array(CASE["V"]),
        other=nothing,
        surplus=np.array(par["mu"]),
        passive_backfill=np.array(CASE["sigma0"]),
    )
    parties = tuple(
        Party(code, conducts(levels, listed_as="acts"))
        for code, levels in zip(("CHN", "RUS"), CASE["levels"], strict=True)
    )
    capacity = np.array([0.0, kappa])
    return EnforcementGame(parties, weights, provider, capacity, np.array(penalties), timing)


def outlook_of(case: dict[str, Any], timing: Timing = "sequential") -> Outlook:
    return play(game_of(kappa=case["kappa_RUS"], penalties=case["s"], timing=timing))


@pytest.mark.parametrize("case", CASE["cases"])
def test_payoffs_and_pressure_agree(case: dict[str, Any]) -> None:
    game = game_of(kappa=case["kappa_RUS"], penalties=case["s"])
    outcomes = game.outcomes()
    payoffs = utilities(game, outcomes)
    assert_close(payoffs[0], case["payoffs_CHN"], "oracle")
    assert_close(payoffs[1], case["payoffs_RUS"], "oracle")
    assert_close(outcomes.pressure.reshape(5, 3), case["pressure"], "oracle")


@pytest.mark.parametrize("case", CASE["cases"])
def test_the_sequential_answer_agrees(case: dict[str, Any]) -> None:
    outlook, expected = outlook_of(case), case["seq"]
    assert_close(outlook.marginal("CHN"), expected["CHN"], "oracle")
    assert_close(outlook.strategies[1], expected["RUS_given_CHN"], "oracle")
    assert_close(outlook.expected_level("CHN"), expected["E_enforce_CHN"], "oracle")
    assert_close(outlook.at_least("CHN", 0.75), expected["P_CHN_ge_075"], "oracle")
    assert_close(outlook.marginal("RUS")[0], expected["P_RUS_active"], "oracle")
    assert_close(outlook.pressure, expected["E_pressure"], "oracle")
    assert_close(outlook.values, expected["values"], "oracle")


@pytest.mark.parametrize("case", CASE["cases"])
def test_the_simultaneous_answer_agrees(case: dict[str, Any]) -> None:
    outlook, expected = outlook_of(case, "simultaneous"), case["simultaneous"]
    assert_close(outlook.marginal("CHN"), expected["CHN"], "oracle")
    assert_close(outlook.marginal("RUS"), expected["RUS"], "oracle")
    assert_close(outlook.expected_level("CHN"), expected["E_enforce_CHN"], "oracle")


def test_a_game_and_a_played_game_agree() -> None:
    enforcement = game_of(kappa=0.5, penalties=[1.0, 0.0])
    assert_close(
        solve(enforcement.game()).marginal("CHN"), play(enforcement).marginal("CHN"), "identity"
    )


def test_the_tipping_line_agrees() -> None:
    found = tipping(
        game_of(kappa=0.0, penalties=[0.0, 0.0]),
        enforcer="CHN",
        filler="RUS",
        capacities=np.array(TIPPING["kappa"]),
        strengths=np.linspace(0.0, 1.0, 41),
        level=0.75,
    )
    expected = np.array([np.nan if s is None else s for s in TIPPING["s_CHN_star"]])
    np.testing.assert_array_equal(np.isnan(found.line), np.isnan(expected))
    assert_close(np.nan_to_num(found.line), np.nan_to_num(expected), "oracle")


def test_no_capacity_is_reported_as_no_backfill() -> None:
    without = next(case for case in CASE["cases"] if case["kappa_RUS"] == 0)
    assert outlook_of(without).is_active("RUS") == 0
