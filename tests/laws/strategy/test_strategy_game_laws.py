"""Laws of the games: what must hold for every payoff."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.numerics.tolerance import assert_close
from tumen.strategy.equilibrium import pure_equilibria, solve, subgame_perfect
from tumen.strategy.game import Floats, Game, Payoffs, Player, moves_at

COUNTS = st.lists(st.integers(1, 4), min_size=1, max_size=3)


@st.composite
def games(draw: st.DrawFn, *, precision: float | None = None) -> Game:
    """Sequential games with up to three players and distinct payoffs."""
    counts = draw(COUNTS)
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    lam = draw(st.floats(0.0, 8.0)) if precision is None else precision
    players = tuple(
        Player(f"P{k}", moves_at(range(count), listed_as="acts"), lam)
        for k, count in enumerate(counts)
    )
    return Game(players, Payoffs(random.normal(size=(len(counts), *counts))))


@given(games())
def test_choices_are_probabilities(game: Game) -> None:
    solution = solve(game)
    assert_close(solution.profiles().sum(), 1.0, "identity")
    for strategy in solution.strategies:
        assert (strategy >= 0).all()
        assert_close(strategy.sum(axis=-1), 1.0, "identity")


@given(games(precision=0.0))
def test_without_precision_choice_follows_width_alone(game: Game) -> None:
    for player, strategy in zip(game.players, solve(game).strategies, strict=True):
        width = np.exp(player.log_width)
        assert_close(strategy, np.broadcast_to(width / width.sum(), strategy.shape), "identity")


@given(games(), st.integers(0, 2), st.floats(-5, 5))
def test_a_constant_added_to_a_payoff_changes_no_choice(
    game: Game, place: int, constant: float
) -> None:
    values = game.payoffs.values.copy()
    values[place % len(game.players)] += constant
    moved = solve(Game(game.players, Payoffs(values)))
    assert_close(moved.profiles(), solve(game).profiles(), "solver")


@given(games(precision=1e5))
def test_at_high_precision_play_is_subgame_perfect(game: Game) -> None:
    sharp = solve(game).profiles()
    if sharp.max() > 0.999:  # no near tie on the path
        assert np.unravel_index(sharp.argmax(), sharp.shape) == subgame_perfect(game)


@given(games(), st.integers(0, 2), st.integers(0, 2**32 - 1))
def test_relabelling_moves_permutes_the_answer(game: Game, place: int, seed: int) -> None:
    place %= len(game.players)
    order = np.random.default_rng(seed).permutation(len(game.players[place].moves))
    values = np.take(game.payoffs.values, order, axis=place + 1)
    moved = solve(Game(game.players, Payoffs(values))).profiles()
    assert_close(moved, np.take(solve(game).profiles(), order, axis=place), "identity")


@given(games(), st.integers(0, 2))
def test_a_move_split_in_two_of_half_width_changes_nothing(game: Game, place: int) -> None:
    place %= len(game.players)
    player = game.players[place]
    half = [m.__class__(m.name, m.level, m.low, m.high, m.width / 2) for m in player.moves[:1]]
    split = Player(player.name, (*half, *half, *player.moves[1:]), player.precision)
    values = np.concatenate(
        [np.take(game.payoffs.values, [0], axis=place + 1), game.payoffs.values], axis=place + 1
    )
    players = (*game.players[:place], split, *game.players[place + 1 :])
    answer = solve(Game(players, Payoffs(values))).profiles()
    twin = np.take(answer, [0], axis=place) + np.take(answer, [1], axis=place)
    rest = np.take(answer, range(2, answer.shape[place]), axis=place)
    assert_close(np.concatenate([twin, rest], axis=place), solve(game).profiles(), "identity")


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=6))
def test_a_level_that_stands_twice_counts_once(levels: list[float]) -> None:
    assert moves_at(levels) == moves_at([*levels, *levels])


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=8), st.floats(0, 1))
def test_an_indifferent_player_is_uniform_over_the_scale_however_it_is_listed(
    inner: list[float], level: float
) -> None:
    player = Player("CHN", moves_at([0.0, *inner, 1.0]), 0.0)
    count = len(player.moves)
    solution = solve(Game((player,), Payoffs(np.zeros((1, count)))))
    assert_close(solution.at_least("CHN", level), 1.0 - level, "solver")


def smooth(levels: Floats) -> Floats:
    return np.asarray(np.sin(3.0 * levels) - levels**2)


def at_least_half(count: int, *, precision: float) -> float:
    player = Player("CHN", moves_at(np.linspace(0, 1, count)), precision)
    solution = solve(Game((player,), Payoffs(smooth(player.levels)[None])))
    return float(solution.at_least("CHN", 0.5))


@given(st.floats(0.0, 8.0))
def test_refining_the_levels_converges_to_one_answer(precision: float) -> None:
    limit = at_least_half(2561, precision=precision)
    errors = [abs(at_least_half(count, precision=precision) - limit) for count in (11, 41, 161)]
    assert errors[0] < 0.05
    assert errors[1] <= errors[0] / 4 + 1e-6
    assert errors[2] <= errors[1] / 4 + 1e-6


@given(games(), st.integers(1, 4))
def test_a_batch_equals_its_games_one_by_one(game: Game, size: int) -> None:
    random = np.random.default_rng(size)
    values = random.normal(size=(size, *game.payoffs.values.shape))
    batch = solve(Game(game.players, Payoffs(values)))
    for place in range(size):
        one = solve(Game(game.players, Payoffs(values[place])))
        assert_close(batch.profiles()[place], one.profiles(), "identity")
        assert_close(batch.values[place], one.values, "identity")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 2.0))
def test_a_simultaneous_answer_is_a_logit_answer_to_itself(seed: int, precision: float) -> None:
    random = np.random.default_rng(seed)
    players = (
        Player("A", moves_at([0, 1, 2], listed_as="acts"), precision),
        Player("B", moves_at([0, 1], listed_as="acts"), precision),
    )
    values = random.normal(size=(2, 3, 2))
    first, second = solve(Game(players, Payoffs(values), "simultaneous")).strategies
    for own, expected in ((first, values[0] @ second), (second, first @ values[1])):
        answer = np.exp(precision * expected)
        assert_close(own, answer / answer.sum(), "solver")


@given(st.integers(0, 2**32 - 1))
def test_no_player_gains_by_leaving_a_pure_equilibrium(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(2, 3, 4))
    players = tuple(
        Player(name, moves_at(range(count), listed_as="acts"), 1.0)
        for name, count in (("A", 3), ("B", 4))
    )
    found = set(pure_equilibria(Game(players, Payoffs(values), "simultaneous")))
    for row in range(3):
        for column in range(4):
            stays = (
                values[0, row, column] == values[0, :, column].max()
                and values[1, row, column] == values[1, row].max()
            )
            assert ((row, column) in found) == stays
