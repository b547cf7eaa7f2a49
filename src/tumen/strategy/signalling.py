"""Does blaming another state convince: a signalling game of two types and costly false claims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tumen.core.errors import DataError, ModelError
from tumen.core.status import Status
from tumen.strategy.game import Floats


@dataclass(frozen=True, eq=False)
class SignallingGame:
    """A sender of one of several types sends a message; a receiver responds.

    Attributes
    ----------
    prior
        Chance of each type, shape (type,).
    sender
        Payoff of the sender, shape (type, message, response).
    receiver
        Payoff of the receiver, same shape.
    precision
        Lambda of both.
    """

    prior: Floats
    sender: Floats
    receiver: Floats
    precision: float

    def __post_init__(self) -> None:
        if self.sender.shape != self.receiver.shape or self.sender.shape[0] != len(self.prior):
            raise DataError("payoffs need the shape (type, message, response)")
        if (self.prior < 0).any() or not np.isclose(self.prior.sum(), 1.0):
            raise DataError("the prior must be chances that sum to 1")
        if not (np.isfinite(self.sender).all() and np.isfinite(self.receiver).all()):
            raise DataError("a payoff is not finite")
        if not (np.isfinite(self.precision) and self.precision >= 0):
            raise DataError("the precision must be 0 or more")


@dataclass(frozen=True, eq=False)
class Signalling:
    """How types speak and what is believed.

    Attributes
    ----------
    messages
        Chance of each message by type, (type, message).
    posterior
        Belief in each type after each message, (message, type).
    responses
        Chance of each response to each message, (message, response).
    is_informative
        Whether any message moves the belief by more than a millionth.
    """

    messages: Floats
    posterior: Floats
    responses: Floats
    status: Status

    @property
    def is_informative(self) -> bool:
        """Whether talk moves the belief."""
        return bool(np.ptp(self.posterior, axis=0).max() > 1e-6)


def with_false_claim_cost(sender: Floats, *, liar: int, claim: int, cost: float) -> Floats:
    """Return the sender's payoffs when a type pays for a claim that is false of it."""
    result = np.array(sender, dtype=np.float64)
    result[liar, claim] -= cost
    return result


def signal(game: SignallingGame, *, steps: int = 200) -> Signalling:
    """Return the agent quantal response on the branch from random choice.

    The precision rises in small steps from 0; at each the fixed point is found by Newton's method
    from the last one.

    Raises
    ------
    ModelError
        When the branch cannot be followed.

    Examples
    --------
    >>> payoffs = np.array([[[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]]])
    >>> game = SignallingGame(np.array([0.5, 0.5]), payoffs, payoffs, precision=2.0)
    >>> signal(game).is_informative
    False
    """
    types, messages, _ = game.sender.shape
    point = np.full((types, messages), -np.log(messages))
    iterations = 0
    for precision in np.linspace(0.0, game.precision, steps + 1)[1:]:
        point, used = _settle(game, point, float(precision))
        iterations += used
    chance = np.exp(point)
    posterior, responses = _reply(game, chance, game.precision)
    residual = float(np.abs(_gap(game, point, game.precision)).max())
    return Signalling(
        chance, posterior, responses, Status("converged", iterations, {"logit": residual}, 1e-11)
    )


def _reply(game: SignallingGame, chance: Floats, precision: float) -> tuple[Floats, Floats]:
    joint = (game.prior[:, None] * chance).T
    posterior = joint / joint.sum(axis=1, keepdims=True)
    value = np.einsum("mt,tmr->mr", posterior, game.receiver)
    weight = np.exp(precision * (value - value.max(axis=1, keepdims=True)))
    return posterior, weight / weight.sum(axis=1, keepdims=True)


def _gap(game: SignallingGame, point: Floats, precision: float) -> Floats:
    """Log probabilities less those of a logit answer to the receiver's reply."""
    _, responses = _reply(game, np.exp(point), precision)
    value = precision * np.einsum("mr,tmr->tm", responses, game.sender)
    top = value.max(axis=1, keepdims=True)
    answer = value - top - np.log(np.exp(value - top).sum(axis=1, keepdims=True))
    return np.asarray(point - answer)


def _settle(game: SignallingGame, point: Floats, precision: float) -> tuple[Floats, int]:
    """Newton's method with a numerical Jacobian: the system has a handful of unknowns."""
    size = point.size
    for iteration in range(60):
        gap = _gap(game, point, precision)
        if np.abs(gap).max() < 1e-12:
            return point, iteration
        jacobian = np.empty((size, size))
        for column in range(size):
            moved = point.copy()
            moved.flat[column] += 1e-7
            back = point.copy()
            back.flat[column] -= 1e-7
            slope = _gap(game, moved, precision) - _gap(game, back, precision)
            jacobian[:, column] = slope.ravel() / 2e-7
        step = np.linalg.solve(jacobian, gap.ravel()).reshape(point.shape)
        point = point - step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-300))
    residual = float(np.abs(_gap(game, point, precision)).max())
    if residual < 1e-10:
        return point, 60
    raise ModelError(
        f"the signalling game has no answer to show at precision {precision:g}",
        status=Status("not_converged", 60, {"logit": residual}, 1e-11, "Newton's method stalls"),
    )
