"""Games in order of play: players, moves, payoffs, and what a solution says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean
from tumen.core.status import Status

Floats = NDArray[np.float64]
Timing = Literal["sequential", "simultaneous"]
ListedAs = Literal["intervals", "acts"]


@dataclass(frozen=True)
class Move:
    """One thing that a player can do.

    Attributes
    ----------
    name
        How it is printed.
    level
        Where it stands on the player's scale, e.g. the enforced share of the listed trade.
    low, high
        The interval of levels that it stands for; both equal `level` for a separate act.
    width
        Weight in the choice of a player who is indifferent: the length of the interval, or 1.
    """

    name: str
    level: float
    low: float
    high: float
    width: float

    def __post_init__(self) -> None:
        numbers = (self.level, self.low, self.high, self.width)
        if not all(np.isfinite(numbers)):
            raise DataError(f"move '{self.name}' holds a number that is not finite")
        if not self.low <= self.level <= self.high:
            raise DataError(f"move '{self.name}' lies outside the interval that it stands for")
        if self.width <= 0:
            raise DataError(f"move '{self.name}' has no width")

    def share_above(self, level: float) -> float:
        """Return the share of the interval at or above a level; 0 or 1 for a separate act."""
        if self.high == self.low:
            return float(self.level >= level)
        return float(np.clip((self.high - level) / (self.high - self.low), 0.0, 1.0))


def moves_at(levels: Sequence[float], *, listed_as: ListedAs = "intervals") -> tuple[Move, ...]:
    """Return the moves at some levels, lowest first; a level that stands twice counts once.

    Parameters
    ----------
    levels
        Points of the player's scale.
    listed_as
        ``intervals``: each level stands for the points nearest to it, so that a finer list
        describes the same player. ``acts``: each level is a separate act with weight 1.

    Examples
    --------
    >>> [move.width for move in moves_at([0, 0.5, 1])]
    [0.25, 0.5, 0.25]
    """
    distinct = sorted({float(level) for level in levels})
    if not distinct:
        raise DataError("a player needs at least one move")
    if listed_as == "acts" or len(distinct) == 1:
        return tuple(Move(f"{level:g}", level, level, level, 1.0) for level in distinct)
    middles = [(a + b) / 2 for a, b in pairwise(distinct)]
    lows, highs = [distinct[0], *middles], [*middles, distinct[-1]]
    return tuple(
        Move(f"{level:g}", level, low, high, high - low)
        for level, low, high in zip(distinct, lows, highs, strict=True)
    )


@dataclass(frozen=True)
class Player:
    """Who moves, with which moves, and how precisely the better move is chosen.

    Attributes
    ----------
    precision
        Lambda of the logit choice, per billion US dollars a year; 0 chooses by width alone.
    """

    name: str
    moves: tuple[Move, ...]
    precision: float

    def __post_init__(self) -> None:
        if not self.moves:
            raise DataError(f"player '{self.name}' has no move")
        if not (np.isfinite(self.precision) and self.precision >= 0):
            raise DataError(f"player '{self.name}' has precision {self.precision}; it must be >= 0")

    @property
    def levels(self) -> Floats:
        """Levels of the moves, shape (move,)."""
        return np.array([move.level for move in self.moves])

    @property
    def log_width(self) -> Floats:
        """Logarithms of the widths, shape (move,)."""
        return np.log([move.width for move in self.moves])


@dataclass(frozen=True, eq=False)
class Payoffs:
    """What each player gets in each profile.

    Attributes
    ----------
    values
        Billion US dollars a year, shape (*batch, player, move of 1st player, ..., of the last).
    """

    values: Floats

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        if not np.isfinite(values).all():
            raise DataError("a payoff is not finite", hint="check the ranges of the weights")
        object.__setattr__(self, "values", values)


@dataclass(frozen=True, eq=False)
class Game:
    """Players in the order in which they move, with their payoffs.

    Raises
    ------
    DataError
        When the payoffs do not fit the players.
    """

    players: tuple[Player, ...]
    payoffs: Payoffs
    timing: Timing = "sequential"

    def __post_init__(self) -> None:
        names = [player.name for player in self.players]
        if len(set(names)) != len(names):
            raise DataError("a player stands twice in the order of play")
        shape = self.payoffs.values.shape
        expected = (len(names), *(len(player.moves) for player in self.players))
        if not names or shape[-len(expected) :] != expected:
            raise DataError(
                f"payoffs of shape {shape} do not fit players and moves {expected}",
                hint="the last axes are (player, moves of the first player, ..., of the last)",
            )

    @property
    def batch(self) -> tuple[int, ...]:
        """Shape of the batch."""
        return self.payoffs.values.shape[: -len(self.players) - 1]

    def first(self) -> Game:
        """Return the first game of the batch."""
        single = self.payoffs.values.reshape(-1, *self.payoffs.values.shape[len(self.batch) :])
        return Game(self.players, Payoffs(single[0]), self.timing)


@dataclass(frozen=True, eq=False)
class Solution:
    """How the players move, and what it is worth to them.

    Attributes
    ----------
    strategies
        Per player the probability of each move: given the moves before it, shape
        (*batch, n_1, ..., n_k), when the game is sequential; shape (*batch, n_k) else.
    values
        Expected payoffs before play, shape (*batch, player).
    method
        Name of the solution, e.g. ``agent logit quantal response``.
    """

    players: tuple[Player, ...]
    timing: Timing
    strategies: tuple[Floats, ...]
    values: Floats
    method: str
    status: Status

    def player(self, name: str) -> int:
        """Return the place of a player in the order of play."""
        names = [player.name for player in self.players]
        if name not in names:
            raise DataError(f"'{name}' is no player", hint=did_you_mean(name, names))
        return names.index(name)

    def profiles(self) -> Floats:
        """Return the probability of each profile, shape (*batch, n_1, ..., n_N)."""
        count = len(self.players)
        result = np.ones(())
        for k, strategy in enumerate(self.strategies):
            if self.timing == "sequential":
                result = result[..., None] * strategy
            else:
                batch = strategy.shape[:-1]
                result = result[..., None] * strategy.reshape(*batch, *(1,) * k, -1)
        assert result.ndim >= count
        return result

    def marginal(self, name: str) -> Floats:
        """Return the probability of each move of a player, shape (*batch, move)."""
        place, count = self.player(name), len(self.players)
        others = tuple(axis - count for axis in range(count) if axis != place)
        return np.asarray(self.profiles().sum(axis=others))

    def at_least(self, name: str, level: float) -> Floats:
        """Return the probability that a player's level is at or above `level`, shape (*batch)."""
        moves = self.players[self.player(name)].moves
        above = np.array([move.share_above(level) for move in moves])
        return np.asarray(self.marginal(name) @ above)

    def expected_level(self, name: str) -> Floats:
        """Return a player's expected level, shape (*batch)."""
        return np.asarray(self.marginal(name) @ self.players[self.player(name)].levels)

    def below(self, name: str, level: float) -> Floats:
        """Return the probability that a player's level is below `level`, shape (*batch)."""
        return 1.0 - self.at_least(name, level)
