"""Laws of roadmaps, verification, sincerity, signalling and coalitions."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tumen.core.errors import DataError
from tumen.numerics.tolerance import assert_close
from tumen.strategy.coalition import Coalition, rows, sampled_shapley
from tumen.strategy.game import Floats
from tumen.strategy.roadmap import (
    Roadmap,
    follow,
    participates,
    promise_is_credible,
    schedule,
)
from tumen.strategy.signalling import SignallingGame, signal
from tumen.strategy.sincerity import Observation, Types, weigh_record
from tumen.strategy.verification import Inspection, Verifier, compare_verifiers

SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def roadmaps(draw: st.DrawFn) -> Roadmap:
    random = np.random.default_rng(draw(SEEDS))
    steps = draw(st.integers(1, 5))
    return Roadmap(
        relief=random.dirichlet(np.ones(steps)),
        step_value_target=random.uniform(0.2, 2, steps),
        step_value_sender=random.uniform(0.1, 1, steps),
        step_detection=random.uniform(0, 1, steps),
        intrusion=random.uniform(0, 0.5, steps),
        benefit=random.uniform(0, 8),
        relief_cost=random.uniform(0, 1),
        discount_target=random.uniform(0.5, 0.98),
        discount_sender=random.uniform(0.5, 0.98),
        breakdown=random.uniform(0, 0.3),
        snapback=random.uniform(0, 1),
        penalty_caught=random.uniform(0, 8),
        cost_renege=random.uniform(0, 8),
        cost_snapback=random.uniform(0, 2),
        precision_target=random.uniform(0, 3),
        precision_sender=random.uniform(0, 3),
        horizon=int(random.integers(1, 20)),
    )


@given(roadmaps())
def test_a_roadmap_ends_in_one_of_three_ways(roadmap: Roadmap) -> None:
    outlook = follow(roadmap)
    for share in (outlook.completed, outlook.broken, outlook.frozen):
        assert -1e-12 <= share <= 1 + 1e-12
    assert_close(outlook.completed + outlook.broken + outlook.frozen, 1.0, "identity")
    assert (outlook.given + outlook.hidden <= 1 + 1e-12).all()
    ends = outlook.detected + outlook.reneged + outlook.snapped_back
    assert ends <= outlook.broken + 1e-9


@given(roadmaps())
def test_fewer_periods_than_steps_never_complete(roadmap: Roadmap) -> None:
    assume(roadmap.steps > 1)
    assert follow(roadmap.at(horizon=roadmap.steps - 1)).completed == 0


@given(roadmaps(), st.integers(2, 5))
def test_a_batch_of_roadmaps_equals_them_one_by_one(roadmap: Roadmap, size: int) -> None:
    costs = np.linspace(0, 8, size)
    batch = follow(roadmap.at(cost_renege=costs))
    for place, cost in enumerate(costs):
        one = follow(roadmap.at(cost_renege=cost))
        assert_close(batch.value_target[place], one.value_target, "identity")
        assert_close(batch.given[place], one.given, "identity")


def precise(*, benefit: float, cost_renege: float, steps: int = 3) -> Roadmap:
    """Maximum pressure without breakdown, cheating excluded, both sides precise."""
    value = np.full(steps, 0.5)
    return Roadmap(
        relief=schedule("max_pressure", step_value_target=value),
        step_value_target=value,
        step_value_sender=np.full(steps, 0.3),
        step_detection=np.ones(steps),
        intrusion=np.zeros(steps),
        benefit=benefit,
        relief_cost=0.25,
        discount_target=0.9,
        discount_sender=0.9,
        breakdown=0.0,
        snapback=0.6,
        penalty_caught=100.0,
        cost_renege=cost_renege,
        cost_snapback=100.0,
        precision_target=1e4,
        precision_sender=1e4,
        horizon=12,
    )


@given(st.floats(0, 6))
def test_the_last_promise_of_maximum_pressure_is_kept_when_breaking_it_costs_more(
    cost: float,
) -> None:
    roadmap = precise(benefit=6.0, cost_renege=cost)
    assume(abs(cost - 0.25 / 0.1) > 0.01)
    kept = follow(roadmap).implement[-1] > 0.5
    assert kept == promise_is_credible(roadmap) == (cost > 2.5)


@given(st.floats(0, 6))
def test_a_precise_target_goes_all_the_way_when_the_relief_is_worth_the_steps(
    benefit: float,
) -> None:
    roadmap = precise(benefit=benefit, cost_renege=100.0)
    threshold = 0.5 * (1 + 0.9 + 0.81) / 0.81
    assume(abs(benefit - threshold) > 0.01)
    assert bool(participates(roadmap)) == (benefit > threshold)
    assert (follow(roadmap).completed > 0.99) == (benefit > threshold)


@given(roadmaps(), st.floats(0, 1))
def test_collusion_of_the_verifier_never_raises_detection(
    roadmap: Roadmap, collusion: float
) -> None:
    plain = Verifier("CHN", roadmap.step_detection, roadmap.intrusion)
    friendly = Verifier("CHN", roadmap.step_detection, roadmap.intrusion, collusion)
    assert (friendly.reports <= plain.reports + 1e-15).all()


def test_only_nuclear_weapon_states_take_warheads() -> None:
    one = np.ones(1) * 0.5
    assert Verifier("RUS", one, one, takes_warheads=True).code == "RUS"
    for code in ("IAEA", "KOR", "JPN"):
        with pytest.raises(DataError, match="warheads"):
            Verifier(code, one, one, takes_warheads=True)


@given(roadmaps())
def test_a_verifier_that_is_better_for_both_makes_the_other_inefficient(roadmap: Roadmap) -> None:
    light = Verifier("CHN", roadmap.step_detection, np.zeros(roadmap.steps))
    found = compare_verifiers(roadmap, (light, light))
    assert found[0].is_efficient
    assert found[1].is_efficient
    assert found[0].is_acceptable == bool(
        (found[0].outlook.value_target > 0) & (found[0].outlook.value_sender > 0)
    )


@given(st.floats(0.1, 3), st.floats(0.1, 3), st.floats(0.01, 2), st.floats(0, 3), st.floats(0.1, 1))
def test_nobody_gains_by_leaving_the_inspection_equilibrium(
    gain: float, loss: float, cost: float, hit: float, detection: float
) -> None:
    damage = 0.5
    game = Inspection(gain, loss, cost, hit, detection, damage)
    p, x = game.inspects, game.violates
    violating = gain - p * detection * (gain + loss)
    inspecting = x * detection * (hit + damage) - cost
    if 0 < x < 1:
        assert abs(violating) < 1e-9
    elif x == 1:
        assert violating >= -1e-9
    if 0 < p < 1:
        assert abs(inspecting) < 1e-9
    elif p == 1:
        assert inspecting >= -1e-9
    else:
        assert inspecting <= 1e-9


def types(*, dark: tuple[float, float] = (0.02, 0.2), recorded: float = 0.6) -> Types:
    return Types(
        names=("sincere", "evader"),
        prior=np.array([0.5, 0.5]),
        levels=np.array([0.0, 0.5, 1.0]),
        deeds=np.array([[[0.1, 0.3, 0.6], [0.3, 0.4, 0.3]], [[0.6, 0.3, 0.1], [0.7, 0.2, 0.1]]]),
        words=np.array([[0.5, 0.3, 0.2], [0.2, 0.6, 0.2]]),
        dark=np.array(dark),
        recorded=np.array([1.0, recorded]),
    )


RECORDS = st.lists(
    st.builds(
        Observation,
        st.one_of(st.none(), st.just(0.0), st.floats(0.01, 2.0)),
        st.integers(0, 1),
        st.one_of(st.none(), st.integers(0, 2)),
    ),
    max_size=6,
)


@given(RECORDS, st.integers(0, 1))
def test_a_reporting_blackout_never_raises_the_chance_of_sincerity(
    record: list[Observation], place: int
) -> None:
    before = weigh_record(types(), record, noise=0.25)
    after = weigh_record(types(), [*record, Observation(None, place)], noise=0.25)
    start = before.path[-1, 0] if record else types().prior[0]
    assert after.path[-1, 0] <= start + 1e-12


def test_types_for_which_a_blackout_would_look_sincere_are_refused() -> None:
    with pytest.raises(DataError, match="hides more often"):
        types(dark=(0.3, 0.1))


@given(RECORDS)
def test_without_talk_weight_words_change_nothing(record: list[Observation]) -> None:
    assume(record)
    mute = [Observation(item.ratio, item.capacity_class) for item in record]
    one = weigh_record(types(), record, noise=0.25, talk_weight=0.0)
    assert_close(one.path, weigh_record(types(), mute, noise=0.25).path, "identity")


@given(st.floats(0.05, 1.5), st.integers(2, 6))
def test_months_of_one_choice_do_not_count_as_independent(ratio: float, months: int) -> None:
    record = [Observation(ratio, 0)] * months
    open_books = types(dark=(0.0, 0.0), recorded=1.0)
    joint = weigh_record(open_books, record, noise=0.25, window=months)
    assert len(joint.path) == 1
    # One choice can tell no more than its most telling level does.
    sure = np.abs(np.log(open_books.deeds[0, 0] / open_books.deeds[1, 0])).max()
    assert abs(joint.log_bayes_factor("sincere", "evader")[0]) <= sure + 1e-9


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.1, 2.0))
def test_a_signalling_answer_is_a_logit_answer_to_itself(seed: int, precision: float) -> None:
    random = np.random.default_rng(seed)
    game = SignallingGame(
        np.array([0.4, 0.6]),
        random.normal(size=(2, 2, 3)),
        random.normal(size=(2, 2, 3)),
        precision,
    )
    found = signal(game)
    value = precision * np.einsum("mr,tmr->tm", found.responses, game.sender)
    answer = np.exp(value) / np.exp(value).sum(axis=1, keepdims=True)
    assert_close(found.messages, answer, "solver")


def random_worth(seed: int, count: int) -> Floats:
    worth = np.random.default_rng(seed).normal(size=2**count)
    worth[0] = 0.0
    return worth


@given(SEEDS, st.integers(1, 5))
def test_shapley_values_share_the_worth_of_all(seed: int, count: int) -> None:
    found = Coalition(tuple("ABCDE"[:count]), random_worth(seed, count))
    assert_close(found.shapley.sum(), found.worth[-1], "solver")
    assert_close(found.dividends.sum(), found.worth[-1], "solver")


@given(SEEDS, st.integers(2, 4))
def test_shapley_values_are_the_mean_gain_over_orders_of_joining(seed: int, count: int) -> None:
    found = Coalition(tuple("ABCD"[:count]), random_worth(seed, count))
    gains = np.zeros(count)
    orders = list(permutations(range(count)))
    for order in orders:
        inside = 0
        for member in order:
            joined = inside | (1 << member)
            gains[member] += found.worth[joined] - found.worth[inside]
            inside = joined
    assert_close(found.shapley, gains / len(orders), "solver")


def test_sampled_shapley_values_agree_within_their_error() -> None:
    worth = random_worth(3, 6)
    exact = Coalition(tuple("ABCDEF"), worth).shapley
    weight = 2 ** np.arange(6)

    def worth_of_rows(coalitions: Floats) -> Floats:
        return worth[(coalitions @ weight).astype(int)]

    found = sampled_shapley("ABCDEF", worth_of_rows, orders=4000, seed=5)
    assert (np.abs(found.value - exact) <= 4.5 * found.standard_error).all()
    assert_close(found.value.sum(), worth[-1], "solver")
    assert_close(rows(2), [[0, 0], [1, 0], [0, 1], [1, 1]], "identity")
