"""Laws of the enforcement game over the whole range of its weights."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.core.reading import read_yaml, validate
from tumen.numerics.tolerance import assert_close
from tumen.strategy.draws import game_at, ranges
from tumen.strategy.enforcement import (
    EnforcementGame,
    Party,
    Weights,
    conducts,
    play,
    terms,
    utilities,
)
from tumen.strategy.enforcement_spec import EnforcementSpec
from tumen.strategy.game import Floats
from tumen.strategy.payoffs import ReducedForm
from tumen.strategy.plans import available
from tumen.strategy.sampling import drawn, modes

CASE = Path(__file__).parents[2] / "strategy" / "dprk_2017.yaml"
SPEC = validate(read_yaml(CASE), EnforcementSpec, at=["strategy", "enforcement"])


@st.composite
def enforcement_games(draw: st.DrawFn, *, russian_capacity: float | None = None) -> EnforcementGame:
    """Games of two parties with weights anywhere in their ranges."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def pair(low: float, high: float) -> Floats:
        return random.uniform(low, high, 2)

    weights = Weights(
        security=pair(0, 3),
        instability=pair(0, 3),
        influence=pair(0.2, 3),
        public=pair(0, 0.4),
        detection=pair(0.1, 0.6),
        exclusion=pair(0.5, 10),
        precision=pair(0.5, 8),
        compensation_price=pair(0.2, 1),
        compensation_capacity=np.array([random.uniform(0, 1), 0.0]),
        pressing_cost=np.array([random.uniform(0, 0.5), 0.0]),
        pressing_bite=np.array([random.uniform(0, 1), 0.0]),
        pressure_half=np.array(random.uniform(0.6, 2.4)),
        pressure_width=np.array(random.uniform(0.15, 0.6)),
        instability_threshold=np.array(random.uniform(1.0, 2.5)),
    )
    provider = ReducedForm(
        listed=np.array([random.uniform(0.5, 2.5), random.uniform(0, 0.1)]),
        other=np.array([random.uniform(0, 5), random.uniform(0, 0.2)]),
        surplus=pair(0.05, 0.3),
        passive_backfill=np.array(random.uniform(0, 0.3)),
    )
    capacity = random.uniform(0, 2) if russian_capacity is None else russian_capacity
    extra = draw(st.booleans())
    first = conducts([0, 0.25, 0.5, 0.75, 1], may_compensate=extra, may_press=extra)
    parties = (
        Party("CHN", first, presses="RUS" if extra else ""),
        Party("RUS", conducts([-1, 0, 1])),
    )
    return EnforcementGame(
        parties, weights, provider, np.array([0.0, capacity]), np.array([0.0, 0.0])
    )


@given(enforcement_games(russian_capacity=0.0))
def test_without_capacity_filling_the_gap_is_standing_aside(game: EnforcementGame) -> None:
    quiet = game.at(weights=_without_pressing(game.weights))
    payoffs = utilities(quiet, quiet.outcomes())
    assert_close(payoffs[..., 0], payoffs[..., 1], "identity")
    assert play(quiet).is_active("RUS") == 0


def _without_pressing(weights: Weights) -> Weights:
    return replace(weights, pressing_bite=np.zeros(2))


@given(enforcement_games(), st.floats(0, 1), st.floats(0, 1))
def test_secondary_sanctions_never_lower_the_first_movers_enforcement(
    game: EnforcementGame, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    levels = [
        play(game.at(strength=np.array([strength, 0.3]))).expected_level("CHN")
        for strength in (low, high)
    ]
    assert levels[1] >= levels[0] - 1e-12


@given(enforcement_games(), st.floats(0, 1), st.floats(0, 1))
def test_secondary_sanctions_never_lower_the_answer_to_any_history(
    game: EnforcementGame, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    scale = np.array([-1.0, 0.0, 1.0])
    expected = [
        play(game.at(strength=np.array([0.3, strength]))).strategies[1] @ scale
        for strength in (low, high)
    ]
    assert (expected[1] >= expected[0] - 1e-12).all()


@given(enforcement_games())
def test_pressure_lies_between_nothing_and_all_listed_trade(game: EnforcementGame) -> None:
    outcomes = game.outcomes()
    assert (outcomes.pressure >= 0).all()
    assert (outcomes.pressure <= game.provider.listed.sum() + 1e-12).all()
    assert (outcomes.trade >= -1e-12).all()
    assert_close(outcomes.share.sum(axis=-1), 1.0, "identity")


@given(enforcement_games())
def test_what_the_target_loses_is_what_is_cut_less_what_others_bring(
    game: EnforcementGame,
) -> None:
    outcomes = game.outcomes()
    before = (game.provider.listed + game.provider.other).sum()  # type: ignore[attr-defined]
    lost = before - outcomes.trade.sum(axis=-1)
    assert_close(lost, outcomes.pressure, "solver")


@given(enforcement_games())
def test_the_terms_add_up_to_the_payoff(game: EnforcementGame) -> None:
    outcomes = game.outcomes()
    total = sum(terms(game, outcomes).values())
    payoffs = utilities(game, outcomes)
    assert_close(np.moveaxis(total, -1, 0).reshape(payoffs.shape), payoffs, "identity")


@given(enforcement_games())
def test_relabelling_the_parties_permutes_payoffs(game: EnforcementGame) -> None:
    by_party = {
        field.name: getattr(game.weights, field.name)[..., ::-1]
        for field in fields(game.weights)
        if getattr(game.weights, field.name).ndim
    }
    provider = game.provider
    assert isinstance(provider, ReducedForm)
    turned = replace(
        game,
        parties=game.parties[::-1],
        weights=replace(game.weights, **by_party),
        provider=replace(
            provider,
            listed=provider.listed[::-1],
            other=provider.other[::-1],
            surplus=provider.surplus[::-1],
        ),
        capacity=game.capacity[::-1],
    )
    first = utilities(game, game.outcomes())
    second = utilities(turned, turned.outcomes())
    assert_close(np.swapaxes(second[::-1], 1, 2), first, "identity")


def test_who_is_sure_of_the_true_capacity_plays_as_one_who_knows_it() -> None:
    values = modes(ranges(SPEC)) | {"CHN.belief_strong": np.array([1.0])}
    believing = game_at(SPEC, values)
    assert believing.views is not None
    true = believing.views.capacity[1]
    sure = play(believing.at(capacity=true))
    knowing = play(believing.at(capacity=true, views=None))
    assert_close(sure.profiles, knowing.profiles, "identity")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from(sorted(ranges(SPEC))))
def test_draws_stay_in_their_range_and_depend_on_their_own_name(seed: int, name: str) -> None:
    first = drawn(ranges(SPEC), draws=100, seed=seed)
    value = ranges(SPEC)[name]
    assert (first[name] >= value.low - 1e-12).all()
    assert (first[name] <= value.high + 1e-12).all()
    other = drawn(
        ranges(SPEC.model_copy(update={"players": SPEC.players[:1]})), draws=100, seed=seed
    )
    assert other
    for shared in set(first) & set(other):
        np.testing.assert_array_equal(first[shared], other[shared])


def test_a_plan_never_precedes_its_legal_authority() -> None:
    for day in (date(2016, 3, 14), date(2016, 3, 15), date(2017, 9, 19), date(2017, 9, 20)):
        now, later = available(SPEC, on=day)
        assert all(plan.available_from is None or plan.available_from <= day for plan in now)
        assert all(plan.available_from and plan.available_from > day for plan in later)
        assert {plan.id for plan in (*now, *later)} == {p.id for p in SPEC.sender.plans}
