"""Where enforcement tips: its probability over capacity to backfill and secondary sanctions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tumen.strategy.enforcement import EnforcementGame, play
from tumen.strategy.game import Floats

MOST_CELLS = 2_000_000
"""So many payoffs per party are held at once; more are worked out in blocks of capacities."""


@dataclass(frozen=True, eq=False)
class Tipping:
    """Probability of enforcement over a capacity and a strength of secondary sanctions.

    Attributes
    ----------
    capacities
        Billion US dollars a year, shape (capacity,).
    strengths
        0 to 1, shape (strength,).
    probability
        Shape (*batch, capacity, strength).
    line
        Smallest strength at which enforcement is as likely as not, by capacity; 0 when it is so
        without sanctions, NaN when it never is. Shape (*batch, capacity).
    """

    capacities: Floats
    strengths: Floats
    probability: Floats
    line: Floats


def tipping(
    game: EnforcementGame,
    *,
    enforcer: str,
    filler: str,
    capacities: Floats,
    strengths: Floats,
    level: float,
    chance: float = 0.5,
) -> Tipping:
    """Return where a party's enforcement tips.

    Parameters
    ----------
    game
        The game; its own capacity of `filler` and sanctions on `enforcer` are replaced, and what
        parties believe about capacities is set aside: the axis is what all of them take it to be.
    enforcer, filler
        Codes of the party whose enforcement is asked for, and of the one that may fill the gap.
    capacities, strengths
        The two axes.
    level
        Enforced share that counts as enforcement.
    chance
        Probability that the line marks.
    """
    codes = [party.code for party in game.parties]
    batch = np.broadcast_shapes(
        game.capacity.shape[:-1], game.strength.shape[:-1], game.weights.precision.shape[:-1]
    )
    count, tail = len(codes), (1,) * len(batch)
    capacity = np.array(np.broadcast_to(game.capacity, (len(capacities), 1, *batch, count)))
    capacity[..., codes.index(filler)] = capacities.reshape(-1, 1, *tail)
    strength = np.array(np.broadcast_to(game.strength, (1, len(strengths), *batch, count)))
    strength[..., codes.index(enforcer)] = strengths.reshape(1, -1, *tail)
    cells = len(strengths) * int(np.prod(batch)) * int(np.prod(game.shape))
    block = max(1, MOST_CELLS // cells)
    parts = [
        play(
            game.at(capacity=capacity[first : first + block], strength=strength, views=None)
        ).at_least(enforcer, level)
        for first in range(0, len(capacities), block)
    ]
    probability = np.moveaxis(np.concatenate(parts), (0, 1), (-2, -1))
    line = crossing(probability, strengths, chance=chance)
    return Tipping(capacities, strengths, probability, line)


def crossing(probability: Floats, strengths: Floats, *, chance: float = 0.5) -> Floats:
    """Return the strength at which a probability first reaches a chance, by linear interpolation.

    Parameters
    ----------
    probability
        Shape (..., strength).
    strengths
        Ascending, shape (strength,).

    Returns
    -------
    strength
        Shape (...): the first strength when the chance is reached there, NaN when it never is.
    """
    reached = probability >= chance
    place = np.minimum(reached.argmax(axis=-1), len(strengths) - 1)
    before = np.maximum(place - 1, 0)
    high = np.take_along_axis(probability, place[..., None], axis=-1)[..., 0]
    low = np.take_along_axis(probability, before[..., None], axis=-1)[..., 0]
    rise = np.where(high > low, high - low, 1.0)
    share = np.where(place > 0, (chance - low) / rise, 0.0)
    found = strengths[before] + share * (strengths[place] - strengths[before])
    return np.where(reached.any(axis=-1), found, np.nan)
