"""Solving games: logit choice by backward recursion, subgame perfection, pure Nash, logit path."""

from __future__ import annotations

from itertools import product

import numpy as np

from tumen.core.errors import ModelError
from tumen.core.status import Status
from tumen.strategy.game import Floats, Game, Solution
from tumen.strategy.logit_batch import trace_all
from tumen.strategy.logit_path import trace

AGENT_LOGIT = "agent logit quantal response by backward recursion"
LOGIT_PATH = "logit quantal response on the branch that starts at random choice"
SUBGAME_PERFECT = "subgame perfection by enumeration"


def backward_recursion(
    payoffs: Floats,
    *,
    log_width: tuple[Floats, ...],
    precision: Floats,
    belief: Floats | None = None,
    is_informed: tuple[bool, ...] = (),
) -> tuple[tuple[Floats, ...], Floats]:
    """Return every player's choice given the moves before it, and the values before play.

    ``V_{N+1} = U;  sigma_k = width exp(lambda_k V_k) / sum;  V <- sum_a sigma_k(a) V(a)``: the
    agent quantal response of McKelvey and Palfrey (1998) in a game of perfect information, in
    closed form. A player who does not know which view of the world is true chooses on the mean of
    the views under its own belief.

    Parameters
    ----------
    payoffs
        Shape (view, player, n_1, ..., n_N, *batch); the batch runs last so that small games
        vectorise.
    log_width
        Per player the logarithms of the moves' widths.
    precision
        Lambda, shape (player, *batch) or (player, 1, ...).
    belief
        Weight of each view for each player, shape (view, player, *batch); None for one view.
    is_informed
        Whether each player knows the true view; empty when all do.

    Returns
    -------
    strategies, values
        Shapes (view, n_1, ..., n_k, *batch) for player k, and (view, player, *batch).
    """
    count = payoffs.shape[1]
    values = payoffs
    strategies: list[Floats] = []
    for k in range(count - 1, -1, -1):
        axis = k + 1  # the axis of player k's move once the player axis is taken out
        own = values[:, k]
        if belief is not None and not is_informed[k]:
            weight = belief[:, k].reshape(-1, *(1,) * (k + 1), *belief.shape[2:])
            own = (weight * own).sum(axis=0, keepdims=True)
        tail = own.ndim - axis - 1
        width = log_width[k].reshape(-1, *(1,) * tail)
        exponent = precision[k] * own + width
        exponent -= exponent.max(axis=axis, keepdims=True)
        sigma = np.exp(exponent, out=exponent)
        sigma /= sigma.sum(axis=axis, keepdims=True)
        values = (sigma[:, None] * values).sum(axis=axis + 1)
        strategies.append(np.broadcast_to(sigma, (payoffs.shape[0], *sigma.shape[1:])))
    return tuple(reversed(strategies)), values


def inside(values: Floats, *, trailing: int) -> Floats:
    """Move the leading batch axes behind the last `trailing` axes."""
    lead = values.ndim - trailing
    return np.ascontiguousarray(np.moveaxis(values, range(lead), range(-lead, 0)))


def outside(values: Floats, *, leading: int) -> Floats:
    """Move the batch axes, which stand behind the first `leading` axes, to the front (a view)."""
    return np.moveaxis(values, range(leading), range(-leading, 0))


def solve(game: Game) -> Solution:
    """Return how the players move.

    A sequential game has one answer, in closed form, for the whole batch. A simultaneous game is
    followed along the logit path from random choice; a game on whose path branches meet is
    refused, because then the answer is not the only one.

    Raises
    ------
    ModelError
        When the logit path of a simultaneous game cannot be followed safely.

    Examples
    --------
    >>> import numpy as np
    >>> from tumen.strategy import Game, Payoffs, Player, solve
    >>> from tumen.strategy.game import moves_at
    >>> one = Player("CHN", moves_at([0, 1], listed_as="acts"), precision=4.0)
    >>> solution = solve(Game((one,), Payoffs(np.array([[0.0, 0.5]]))))
    >>> round(float(solution.at_least("CHN", 1.0)), 3)
    0.881
    """
    if game.timing == "simultaneous":
        return _solve_simultaneous(game)
    count = len(game.players)
    payoffs = inside(game.payoffs.values, trailing=count + 1)[None]
    precision = np.array([player.precision for player in game.players])
    precision = precision.reshape(count, *(1,) * len(game.batch))
    strategies, values = backward_recursion(
        payoffs,
        log_width=tuple(player.log_width for player in game.players),
        precision=precision,
    )
    return Solution(
        players=game.players,
        timing="sequential",
        strategies=tuple(outside(s[0], leading=k + 1) for k, s in enumerate(strategies)),
        values=outside(values[0], leading=1),
        method=AGENT_LOGIT,
        status=Status("converged", 1),
    )


def _solve_simultaneous(game: Game) -> Solution:
    count = len(game.players)
    precision = np.array([player.precision for player in game.players])
    strategies, values = solve_at_once(
        game.payoffs.values,
        log_width=tuple(player.log_width for player in game.players),
        precision=np.broadcast_to(precision, (*game.batch, count)),
    )
    return Solution(
        players=game.players,
        timing="simultaneous",
        strategies=strategies,
        values=values,
        method=LOGIT_PATH,
        status=Status("converged", 1),
    )


def solve_at_once(
    payoffs: Floats, *, log_width: tuple[Floats, ...], precision: Floats
) -> tuple[tuple[Floats, ...], Floats]:
    """Return the choices in simultaneous games, and their values.

    All games are followed together with equal steps; a game whose path bends too much for them is
    followed alone with guarded steps.

    Parameters
    ----------
    payoffs
        Shape (*batch, player, n_1, ..., n_N).
    precision
        Shape (*batch, player).

    Raises
    ------
    ModelError
        When a game's path cannot be followed safely.
    """
    count = len(log_width)
    batch = payoffs.shape[: -count - 1]
    flat = payoffs.reshape(-1, *payoffs.shape[len(batch) :])
    sharp = precision.reshape(-1, count)
    traced = trace_all(flat, log_width=log_width, precision=sharp)
    strategies = [np.array(part) for part in traced.strategies]
    for place in np.flatnonzero(~traced.is_sure):
        path = trace(flat[place], log_width=log_width, precision=sharp[place])
        if not path.status.has_converged:
            raise ModelError(
                f"the simultaneous game has no answer to show: {path.status.message}",
                hint="use sequential timing, or report the pure equilibria",
                status=path.status,
            )
        for k, part in enumerate(path.strategies):
            strategies[k][place] = part
    values = flat
    for strategy in reversed(strategies):
        shape = (len(flat), *(1,) * (values.ndim - 2), -1)
        values = (values * strategy.reshape(shape)).sum(axis=-1)
    return (
        tuple(part.reshape(*batch, -1) for part in strategies),
        values.reshape(*batch, count),
    )


def subgame_perfect(game: Game) -> tuple[int, ...]:
    """Return the moves, by place, on the subgame-perfect path of a single sequential game.

    A tie is broken by the move that is listed first.
    """
    values = game.payoffs.values
    plans = []
    for k in range(len(game.players) - 1, -1, -1):
        best = values[k].argmax(axis=k)
        plans.append(best)
        values = np.take_along_axis(values, best[None, ..., None], axis=k + 1)[..., 0]
    path: tuple[int, ...] = ()
    for best in reversed(plans):
        path = (*path, int(best[path]))
    return path


def pure_equilibria(game: Game) -> tuple[tuple[int, ...], ...]:
    """Return every pure Nash equilibrium of a single simultaneous game, as places of moves."""
    values = game.payoffs.values
    is_best = [values[k] >= values[k].max(axis=k, keepdims=True) for k in range(len(game.players))]
    sizes = (range(len(player.moves)) for player in game.players)
    return tuple(profile for profile in product(*sizes) if all(best[profile] for best in is_best))
