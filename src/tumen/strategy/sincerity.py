"""Truth or pretext: what deeds and words say about a state's type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tumen.core.errors import DataError
from tumen.strategy.game import Floats

TINY = 1e-300
"""Chances below this count as this: their logarithm stays finite."""
LARGEST_STOP = 0.9
"""Share of the listed trade that full enforcement removes from the records: log y ~ 1 - .9 e."""


@dataclass(frozen=True, eq=False)
class Types:
    """Rival types of a state and what each would do and say.

    Attributes
    ----------
    names
        e.g. ``("sincere", "evader")``.
    prior
        Shape (type,).
    levels
        Enforced shares, shape (level,); what really stops, where the trade model says so.
    deeds
        Chance of each level by type and class of the filler's capacity, (type, class, level).
    words
        Chance of each statement by type, (type, statement); commit, blame, silent.
    dark
        Chance by type that a period is not recorded at all, shape (type,).
    recorded
        Share of real trade that reaches the records by type, shape (type,).
    banned
        Share of the baseline that full enforcement removes.

    Raises
    ------
    DataError
        When chances do not sum to 1, or a type that enforces more hides more often than one that
        enforces less: then a blackout would count as a sign of sincerity.
    """

    names: tuple[str, ...]
    prior: Floats
    levels: Floats
    deeds: Floats
    words: Floats
    dark: Floats
    recorded: Floats
    banned: float = LARGEST_STOP

    def __post_init__(self) -> None:
        for name, values in (
            ("prior", self.prior[None]),
            ("deeds", self.deeds),
            ("words", self.words),
        ):
            if (values < 0).any() or not np.allclose(values.sum(axis=-1), 1.0):
                raise DataError(f"{name} must be chances that sum to 1")
        if (self.dark < 0).any() or (self.dark >= 1).any():
            raise DataError("the chance of a blackout lies in [0, 1)")
        if not 0 < self.banned < 1:
            raise DataError("the banned share of the baseline lies between 0 and 1")
        if (self.recorded <= 0).any() or (self.recorded > 1).any():
            raise DataError("the recorded share of real trade lies in (0, 1]")
        effort = (self.deeds @ self.levels).mean(axis=1)
        order = np.argsort(effort)
        if (np.diff(self.dark[order]) > 1e-12).any():
            raise DataError(
                "a type that enforces more hides more often than one that enforces less",
                hint="a blackout must not count as a sign of sincerity",
            )


@dataclass(frozen=True)
class Observation:
    """One period.

    Attributes
    ----------
    ratio
        Recorded trade in listed goods beside the baseline; None when nothing was recorded.
    capacity_class
        Class of the filler's capacity at the time, e.g. 0 weak and 1 strong.
    statement
        Place of the statement among the types' words; None when there was none to rate.
    """

    ratio: float | None
    capacity_class: int
    statement: int | None = None


@dataclass(frozen=True, eq=False)
class Sincerity:
    """What the record says about the type.

    Attributes
    ----------
    path
        Probability of each type after each window, shape (window, type).
    deeds, words
        Log likelihood of each type from deeds and, weighted, from words, shape (type,); the log
        Bayes factor of two types is the difference.
    """

    types: Types
    path: Floats
    deeds: Floats
    words: Floats

    def log_bayes_factor(self, first: str, second: str) -> tuple[float, float]:
        """Return the log Bayes factors for one type against another: from deeds, from words."""
        names = self.types.names
        one, other = names.index(first), names.index(second)
        return float(self.deeds[one] - self.deeds[other]), float(
            self.words[one] - self.words[other]
        )


def weigh_record(
    types: Types,
    observations: Sequence[Observation],
    *,
    noise: float,
    talk_weight: float = 0.25,
    window: int = 1,
) -> Sincerity:
    """Return what a record of deeds and words says about a state's type.

    ``posterior ~ prior prod_t [sum_e sigma(e) f(y_t | e)] prod_t P(m_t | type)^eta`` with
    ``log y | e ~ N(log(1 - .9 e), noise^2)``.

    Parameters
    ----------
    noise
        Standard deviation of the logarithm of the ratio.
    talk_weight
        eta, 0 to 1: 0 hears deeds alone.
    window
        Number of periods in which a state keeps to one choice, so that they do not count as
        independent: the choice is drawn once for the window.

    Raises
    ------
    DataError
        When a ratio is negative or not finite, or a class or statement is unknown.

    Examples
    --------
    >>> types = Types(
    ...     names=("sincere", "evader"), prior=np.array([0.5, 0.5]), levels=np.array([0.0, 1.0]),
    ...     deeds=np.array([[[0.1, 0.9]], [[0.8, 0.2]]]), words=np.array([[0.5, 0.5], [0.5, 0.5]]),
    ...     dark=np.array([0.0, 0.1]), recorded=np.array([1.0, 0.8]),
    ... )
    >>> found = weigh_record(types, [Observation(ratio=1.0, capacity_class=0)], noise=0.25)
    >>> bool(found.path[-1, 0] < 0.5)
    True
    """
    _check(types, observations, noise=noise, talk_weight=talk_weight, window=window)
    deeds, words = np.zeros(len(types.names)), np.zeros(len(types.names))
    path = []
    for start in range(0, len(observations), window):
        part = observations[start : start + window]
        deeds += window_log_likelihood(types, part, noise=noise)
        for item in part:
            if item.statement is not None:
                words += talk_weight * np.log(types.words[:, item.statement])
        path.append(normalised(np.log(types.prior) + deeds + words))
    return Sincerity(types, np.array(path), deeds, words)


def normalised(log_weight: Floats) -> Floats:
    """Return weights that sum to 1 from their logarithms."""
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def window_log_likelihood(types: Types, part: Sequence[Observation], *, noise: float) -> Floats:
    """Return the log likelihood of one window of deeds by type, shape (type,).

    The state keeps to one level while the filler's capacity stays in one class.
    """
    total = np.zeros(len(types.names))
    for capacity_class in sorted({item.capacity_class for item in part}):
        given = np.zeros((len(types.names), len(types.levels)))
        for item in part:
            if item.capacity_class != capacity_class:
                continue
            if item.ratio is None:
                total += np.log(np.maximum(types.dark, TINY))
                continue
            total += np.log1p(-types.dark)
            given += _log_density(item.ratio, types, noise=noise)
        given += np.log(np.maximum(types.deeds[:, capacity_class], TINY))
        top = given.max(axis=1, keepdims=True)
        total += np.log(np.exp(given - top).sum(axis=1)) + top[:, 0]
    return total


def _middle(types: Types) -> Floats:
    """Return the log of the recorded ratio that each type and level leads to, (type, level)."""
    return np.asarray(np.log((1.0 - types.banned * types.levels) * types.recorded[:, None]))


def _log_density(ratio: float, types: Types, *, noise: float) -> Floats:
    """Return the log density of a recorded ratio, shape (type, level).

    A recorded zero is read as a ratio below what full enforcement leaves: the chance of a value
    three standard deviations under it, which no level explains much better than the fullest.
    """
    middle = _middle(types)
    if ratio > 0:
        z = (np.log(ratio) - middle) / noise
        return np.asarray(-0.5 * z**2 - np.log(noise * np.sqrt(2.0 * np.pi)) - np.log(ratio))
    floor = np.log(1.0 - types.banned) - 3.0 * noise
    return log_normal_below((floor - middle) / noise)


def log_normal_below(z: Floats) -> Floats:
    """Return the log of the standard normal distribution function."""
    from scipy.special import log_ndtr

    return np.asarray(log_ndtr(z))


def expected_information(
    types: Types, belief: Floats, *, capacity_class: int, noise: float, points: int = 4001
) -> float:
    """Return the expected information, in nats, of the next recorded ratio about the type.

    Parameters
    ----------
    belief
        Probability of each type before it, shape (type,).
    capacity_class
        Class of the filler's capacity that a lever would bring about.
    """
    middle = _middle(types)
    grid = np.linspace(middle.min() - 8 * noise, middle.max() + 8 * noise, points)
    z = (grid[:, None, None] - middle) / noise
    density = np.exp(-0.5 * z**2) / (noise * np.sqrt(2.0 * np.pi))
    by_type = (density * types.deeds[:, capacity_class]).sum(axis=-1)
    mixed = by_type @ belief
    logs = np.log(np.maximum(by_type, TINY)) - np.log(np.maximum(mixed, TINY))[:, None]
    gain = (by_type * logs) @ belief
    return float(np.trapezoid(gain, grid))


def _check(
    types: Types,
    observations: Sequence[Observation],
    *,
    noise: float,
    talk_weight: float,
    window: int,
) -> None:
    if not (np.isfinite(noise) and noise > 0):
        raise DataError("the noise of recorded trade must be above 0")
    if not 0 <= talk_weight <= 1:
        raise DataError("the weight of words lies in [0, 1]")
    if window < 1:
        raise DataError("a window holds at least one period")
    for item in observations:
        if item.ratio is not None and not (np.isfinite(item.ratio) and item.ratio >= 0):
            raise DataError(f"ratio {item.ratio} must be finite and not negative")
        if not 0 <= item.capacity_class < types.deeds.shape[1]:
            raise DataError(f"class {item.capacity_class} of the filler's capacity is unknown")
        if item.statement is not None and not 0 <= item.statement < types.words.shape[1]:
            raise DataError(f"statement {item.statement} is unknown")
