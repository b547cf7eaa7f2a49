"""Roadmap, sincerity, signalling, coalition and inspection give the numbers of worked cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tumen.numerics.tolerance import assert_close
from tumen.strategy.coalition import Coalition, coalition_worth, worth_of
from tumen.strategy.game import Floats
from tumen.strategy.payoffs import ReducedForm
from tumen.strategy.roadmap import Roadmap, follow
from tumen.strategy.signalling import SignallingGame, signal, with_false_claim_cost
from tumen.strategy.sincerity import Observation, Types, expected_information, weigh_record
from tumen.strategy.verification import Inspection

pytestmark = pytest.mark.oracle
FOLDER = Path(__file__).parent


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"case_{name}.json").read_text())
    return found


PUBLIC, GAMBIT = read("roadmap_public"), read("roadmap_gambit")
SINCERITY, SIGNAL, SHAPLEY = read("sincerity"), read("signal_game"), read("shapley")

MEASURES = {
    "VT": "value_target",
    "VS": "value_sender",
    "P_complete": "completed",
    "P_broken": "broken",
    "P_frozen": "frozen",
    "E_dismantled_share": "dismantled_share",
    "E_hidden_share": "hidden_share",
    "P_detected": "detected",
    "P_reneged": "reneged",
    "P_snapback": "snapped_back",
}


def roadmap_of(par: dict[str, Any], relief: list[float]) -> Roadmap:
    steps = len(relief)
    return Roadmap(
        relief=np.array(relief, dtype=float),
        step_value_target=np.array(par["nu"]),
        step_value_sender=np.array(par["v"]),
        step_detection=np.broadcast_to(np.array(par["q"], dtype=float), (steps,)),
        intrusion=np.zeros(steps),
        benefit=par["B"],
        relief_cost=par["gamma"],
        discount_target=par["dT"],
        discount_sender=par["dS"],
        breakdown=par["b"],
        snapback=par["rho"],
        penalty_caught=par["phiT"],
        cost_renege=par["phiS"],
        cost_snapback=par.get("phi_snap", 0.0),
        precision_target=par["lT"],
        precision_sender=par["lS"],
        horizon=par["H"],
    )


@pytest.mark.parametrize(
    "case", PUBLIC["cases"], ids=lambda c: f"{c['schedule']}-{c['leak']}-{c['params']['phiS']}"
)
def test_the_roadmap_agrees(case: dict[str, Any]) -> None:
    outlook, expected = follow(roadmap_of(case["params"], case["r"])), case["expect"]
    for key, name in MEASURES.items():
        assert_close(getattr(outlook, name), expected[key], "oracle")
    first = (outlook.comply, outlook.cheat, outlook.hold, outlook.implement, outlook.wait)
    assert_close(np.stack(first, axis=-1), expected["policy_t1"], "oracle")


@pytest.mark.parametrize("basis", ["present", "current"])
def test_the_roadmap_agrees_with_game_software(basis: Any) -> None:
    outlook = follow(roadmap_of(GAMBIT["params"], GAMBIT["params"]["r"]), precision_basis=basis)
    expected = GAMBIT[f"dp_{basis}_value_lambda"]
    for key, name in MEASURES.items():
        assert_close(getattr(outlook, name), expected[key], "oracle")
    assert_close(outlook.given, expected["E_given"], "oracle")
    assert_close(outlook.hidden, expected["E_hidden"], "oracle")
    assert_close(outlook.time_to_complete, expected["E_time_to_complete"], "oracle")
    first = (outlook.comply, outlook.cheat, outlook.hold, outlook.implement, outlook.wait)
    assert_close(np.stack(first, axis=-1), expected["policy_t1"], "oracle")


def types_of(case: dict[str, Any]) -> Types:
    return Types(
        names=("sincere", "evader"),
        prior=np.array(case["prior"]),
        levels=np.array(case["levels"]),
        deeds=np.array(case["sigma"]),
        words=np.array(case["say_prob"]),
        dark=np.zeros(2),
        recorded=np.ones(2),
    )


def test_deeds_and_words_agree() -> None:
    record = [
        Observation(*period)
        for period in zip(SINCERITY["obs"], SINCERITY["kappa"], SINCERITY["say"], strict=True)
    ]
    found = weigh_record(
        types_of(SINCERITY), record, noise=SINCERITY["sd"], talk_weight=SINCERITY["eta"]
    )
    assert_close(found.path, SINCERITY["expect_path"], "oracle")
    deeds, words = found.log_bayes_factor("sincere", "evader")
    assert_close(deeds, SINCERITY["logBF_behaviour"], "oracle")
    assert_close(words, SINCERITY["logBF_statements"], "oracle")


def test_deeds_alone_agree() -> None:
    counter = SINCERITY["counter"]
    record = [
        Observation(ratio, kappa)
        for ratio, kappa in zip(counter["obs"], SINCERITY["kappa"], strict=True)
    ]
    found = weigh_record(types_of(SINCERITY), record, noise=SINCERITY["sd"])
    assert_close(found.path, counter["path"], "oracle")


def test_the_expected_information_agrees() -> None:
    """The reference integrates on a coarser grid: it agrees to a millionth of a nat."""
    for place, name in enumerate(("weak", "strong")):
        found = expected_information(
            types_of(SINCERITY),
            np.array([0.5, 0.5]),
            capacity_class=place,
            noise=SINCERITY["sd"],
        )
        assert found == pytest.approx(SINCERITY["eig"][name], abs=1e-6)


def payoffs_of(key: str) -> Floats:
    table = SIGNAL["payoffs"][key]
    return np.array([[table[t][m] for m in ("B", "N")] for t in ("c", "e")], dtype=float)


@pytest.mark.parametrize("case", SIGNAL["cases"], ids=lambda c: f"k{c['k']}-lam{c['lam']}")
def test_signalling_agrees(case: dict[str, Any]) -> None:
    sender = with_false_claim_cost(payoffs_of("u_sender_at_k0"), liar=1, claim=0, cost=case["k"])
    game = SignallingGame(np.array(SIGNAL["prior"]), sender, payoffs_of("u_receiver"), case["lam"])
    found = signal(game)
    assert_close(found.messages[:, 0], [case["P_blame"][t] for t in ("c", "e")], "oracle")
    assert_close(
        found.posterior[:, 0], [case["posterior_c_given"][m] for m in ("B", "N")], "oracle"
    )
    assert_close(found.responses, [case["USA_given_B"], case["USA_given_N"]], "oracle")
    assert found.is_informative == (case["k"] > 0)


@pytest.fixture(scope="module")
def found_coalition() -> Coalition:
    nothing = np.zeros(4)
    provider = ReducedForm(np.array(SHAPLEY["V"]), nothing, nothing, np.array(SHAPLEY["sigma0"]))
    return coalition_worth(
        SHAPLEY["names"], worth_of(provider, capacity=np.array(SHAPLEY["kappa"]))
    )


def test_the_worth_of_every_coalition_agrees(found_coalition: Coalition) -> None:
    for key, value in SHAPLEY["v"].items():
        members = () if key == "empty" else key.split(",")
        assert_close(found_coalition.of(*members), value, "oracle")
    for key, value in SHAPLEY["dividends"].items():
        assert_close(found_coalition.dividend(*key.split(",")), value, "oracle")


def test_shapley_values_and_interactions_agree(found_coalition: Coalition) -> None:
    assert_close(found_coalition.shapley, SHAPLEY["shapley"], "oracle")
    assert_close(found_coalition.interaction, SHAPLEY["interaction"], "oracle")
    assert found_coalition.pivotal_pairs()[0][:2] == ("CHN", "RUS")


def test_the_inspection_game_agrees() -> None:
    case = read("inspection")
    par, expected = case["params"], case["expect"]
    game = Inspection(par["g"], par["L"], par["c"], par["h"], par["d"], par["D"])
    assert_close(game.inspects, expected["p_inspect"], "oracle")
    assert_close(game.violates, expected["x_violate"], "oracle")
    assert game.is_interior == expected["interior"]
