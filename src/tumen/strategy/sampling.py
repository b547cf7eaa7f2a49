"""From ranges to values: the likeliest one, draws, one input at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tumen.numerics.random import stream
from tumen.strategy.game import Floats
from tumen.strategy.ranges import Range

Values = Mapping[str, Floats]
"""Values of every input by name, each of shape (draw,)."""
Ranges = Mapping[str, Range]
"""Every uncertain input of a game by its dotted name."""


def modes(found: Ranges) -> dict[str, Floats]:
    """Return every input at its mode, shape (1,)."""
    return {name: np.array([value.mode]) for name, value in found.items()}


def drawn(found: Ranges, *, draws: int, seed: int) -> dict[str, Floats]:
    """Return draws of every input, triangular over its range; the precision stays at its mode.

    The precision is noise in the decisions of states and no doubt of the analyst: its effect is
    shown apart. Each input has its own random stream, so a new input changes no other draw.
    """
    result = {}
    for name, value in found.items():
        if name.endswith("precision"):
            result[name] = np.full(draws, value.mode)
            continue
        chance = stream(seed, f"strategy.{name}").random(draws)
        result[name] = triangular(chance, value)
    return result


def triangular(chance: Floats, value: Range) -> Floats:
    """Return quantiles of the triangular distribution over a range."""
    span = value.high - value.low
    if span == 0:
        return np.full(chance.shape, value.mode)
    rising = (value.mode - value.low) / span
    left = value.low + np.sqrt(chance * span * (value.mode - value.low))
    right = value.high - np.sqrt((1 - chance) * span * (value.high - value.mode))
    return np.where(chance < rising, left, right)


def moved_alone(found: Ranges) -> tuple[list[str], dict[str, Floats]]:
    """Return the names of the inputs that have a range, and inputs with one of them moved.

    The draws are (low, high) of the first input, then of the second, and so on; all others stay
    at their modes.
    """
    names = [name for name, value in found.items() if value.low < value.high]
    values = {name: np.full(2 * len(names), value.mode) for name, value in found.items()}
    for place, name in enumerate(names):
        values[name][2 * place : 2 * place + 2] = found[name].low, found[name].high
    return names, values


def at_precision(found: Ranges, values: Values, *, end: str) -> dict[str, Floats]:
    """Return values with every precision at one end of its range: low, mode or high."""
    return {
        name: np.full_like(value, getattr(found[name], end))
        if name.endswith("precision")
        else value
        for name, value in values.items()
    }


@dataclass(frozen=True)
class Swing:
    """The answer with one input at the ends of its range."""

    name: str
    at_low: float
    at_high: float

    @property
    def size(self) -> float:
        """Distance between the two."""
        return abs(self.at_high - self.at_low)


def alone(found: Ranges, answer: Callable[[Values], Floats]) -> tuple[Swing, ...]:
    """Return how far each input, alone, moves an answer; none when every input is known.

    Parameters
    ----------
    answer
        From values of the inputs to the answer, shape (draw,).
    """
    names, values = moved_alone(found)
    return swings_of(names, answer(values)) if names else ()


def swings_of(names: list[str], answers: Floats) -> tuple[Swing, ...]:
    """Return how far each input, alone, moves the answer; largest first.

    The precision of choice is left out: it is noise of decisions, and shown apart.

    Parameters
    ----------
    names, answers
        As `moved_alone` orders them; answers of shape (draw,).
    """
    found = [
        Swing(name, float(answers[2 * place]), float(answers[2 * place + 1]))
        for place, name in enumerate(names)
        if not name.endswith("precision")
    ]
    return tuple(sorted((s for s in found if s.size > 1e-9), key=lambda s: (-s.size, s.name)))
