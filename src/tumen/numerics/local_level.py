"""A level that drifts, seen through noise with heavy tails and gaps: filter, smoother, projection.

Model: y_t = mu_t + e_t, e_t of Student's t with scale s^2 / n_t, and mu_t+1 = mu_t + d_t with
d_t normal of variance q. Heavy tails are handled by weights: an observation far from the level
counts as one of a larger variance. Harvey (1989), chapters 2 and 4; Harvey and Koopman (1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import ModelError
from tumen.core.status import Status

Array = NDArray[np.float64]

FEWEST = 8
"""Fewer observations tell nothing about drift and noise."""
SETTLED = 1e-5
"""Weights have settled when none changes by more."""
TUNED = 4
"""Rounds of reweighting that choose the drift anew; later rounds keep it."""
_RATIOS = np.concatenate([[0.0], np.logspace(-4, 3, 57)])


@dataclass(frozen=True, eq=False)
class LocalLevel:
    """A fitted level.

    Attributes
    ----------
    level, variance
        Shape (period,): smoothed level and its variance, given all observations.
    innovation
        Shape (period,): standardised one-step error; nan where nothing was observed.
    step
        Shape (period,): standardised step of the level into each period; large where it breaks.
    weights
        Shape (period,): at most about 1; small for an outlier, 0 where nothing was observed.
    noise, drift
        s^2 and q.
    log_likelihood
        Of the one-step errors.
    status
        Whether the weights settled.
    """

    level: Array
    variance: Array
    innovation: Array
    step: Array
    weights: Array
    noise: float
    drift: float
    log_likelihood: float
    status: Status

    def project(self, periods: int) -> tuple[Array, Array]:
        """Return mean and variance of the level 1 to `periods` ahead."""
        ahead = np.arange(1, periods + 1)
        return np.full(periods, self.level[-1]), self.variance[-1] + self.drift * ahead


def fit_local_level(
    values: Array, *, counts: Array | None = None, degrees: float = 5.0, most: int = 100
) -> LocalLevel:
    """Fit a local level by maximum likelihood, with weights for heavy tails.

    The drift is chosen by likelihood in the first rounds of reweighting and kept after, so that
    the weights settle.

    Parameters
    ----------
    values
        Shape (period,); nan where nothing was observed.
    counts
        Shape (period,): how many events stand behind each value; ones by default.
    degrees
        Degrees of freedom of Student's t; infinity for normal noise.
    most
        Most rounds of reweighting.

    Raises
    ------
    ModelError
        With fewer than `FEWEST` observations, or an infinite one.

    Examples
    --------
    >>> fitted = fit_local_level(np.array([1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0]))
    >>> round(float(fitted.level[-1]), 2)
    1.5
    """
    seen = ~np.isnan(values)
    if np.isinf(values).any() or int(seen.sum()) < FEWEST:
        raise ModelError(
            f"{int(seen.sum())} finite observations; a level needs {FEWEST}",
            status=Status("infeasible", 0, message="too few observations"),
        )
    size = np.ones_like(values) if counts is None else np.where(seen, counts, 1.0)
    scale = float(np.nanstd(values)) or 1.0
    scaled = (values - np.nanmean(values)) / scale
    weights = np.where(seen, 1.0, 0.0)
    change, rounds = np.inf, 0
    ratio = _best_ratio(scaled, seen, size)
    fitted = _smoothed(scaled, seen, size, ratio)
    while change > SETTLED and rounds < most and np.isfinite(degrees):
        error = np.where(seen, scaled - fitted.level, 0.0)
        # Expected squared error: the level itself is uncertain.
        squared = (error**2 + fitted.variance) * size / max(fitted.noise, 1e-300)
        new = np.where(seen, (degrees + 1) / (degrees + squared), 0.0)
        change = float(np.abs(new - weights).max())
        weights = new
        weighted = size * np.where(seen, weights, 1.0)
        if rounds < TUNED:
            ratio = _best_ratio(scaled, seen, weighted)
        fitted = _smoothed(scaled, seen, weighted, ratio)
        rounds += 1
    has_settled = change <= SETTLED or not np.isfinite(degrees)
    return LocalLevel(
        level=fitted.level * scale + float(np.nanmean(values)),
        variance=fitted.variance * scale**2,
        innovation=fitted.innovation,
        step=fitted.step,
        weights=weights,
        noise=fitted.noise * scale**2,
        drift=fitted.drift * scale**2,
        log_likelihood=fitted.log_likelihood - int(seen.sum()) * float(np.log(scale)),
        status=Status(
            "converged" if has_settled else "not_converged",
            rounds,
            {"weights": change if np.isfinite(change) else 0.0},
            SETTLED,
        ),
    )


@dataclass(frozen=True, eq=False)
class _Fit:
    level: Array
    variance: Array
    innovation: Array
    step: Array
    noise: float
    drift: float
    log_likelihood: float


def _best_ratio(values: Array, seen: NDArray[np.bool_], size: Array) -> float:
    """Return the ratio q / s^2 of the highest likelihood; s^2 itself has a closed form."""
    grid, ratio = _RATIOS, 0.0
    for _ in range(3):
        best = int(np.argmax(_scores(values, seen, size, grid)))
        low, high = grid[max(0, best - 1)], grid[min(len(grid) - 1, best + 1)]
        ratio = float(grid[best])
        grid = np.linspace(low, high, 21)
    return ratio


def _scores(values: Array, seen: NDArray[np.bool_], size: Array, ratios: Array) -> Array:
    """Return the log likelihood of each ratio, noise chosen best; shape (ratio,)."""
    first, number = int(np.argmax(seen)), int(seen.sum()) - 1
    now = np.full(len(ratios), values[first])
    uncertain = np.full(len(ratios), 1.0 / size[first])
    total, product, logs = np.zeros(len(ratios)), np.ones(len(ratios)), np.zeros(len(ratios))
    taken = 0
    for place in range(first + 1, len(values)):
        uncertain = uncertain + ratios
        if not seen[place]:
            continue
        error_variance = uncertain + 1.0 / size[place]
        error = values[place] - now
        total += error**2 / error_variance
        product *= error_variance
        taken += 1
        if taken % 16 == 0:  # one logarithm for sixteen factors; more could overflow
            logs += np.log(product)
            product[:] = 1.0
        gain = uncertain / error_variance
        now = now + gain * error
        uncertain = uncertain * (1 - gain)
    noise = np.maximum(total / number, 1e-300)
    return np.asarray(-0.5 * (number * (np.log(2 * np.pi * noise) + 1) + logs + np.log(product)))


def _filter(
    values: Array, seen: NDArray[np.bool_], size: Array, ratio: float
) -> tuple[float, float, Array, Array, Array]:
    """Return log likelihood, noise, and by period: prediction, its variance, error variance."""
    first = int(np.argmax(seen))
    count = len(values)
    mean, spread = np.zeros(count), np.zeros(count)
    errors = np.zeros(count)
    now, uncertain = float(values[first]), 1.0 / float(size[first])
    total, logs, number = 0.0, 0.0, 0
    mean[first], spread[first], errors[first] = now, np.inf, 1.0 / float(size[first])
    for place in range(first + 1, count):
        uncertain += ratio
        mean[place], spread[place] = now, uncertain
        if seen[place]:
            noise = 1.0 / float(size[place])
            error_variance = uncertain + noise
            errors[place] = error_variance
            error = float(values[place]) - now
            total += error**2 / error_variance
            logs += float(np.log(error_variance))
            number += 1
            gain = uncertain / error_variance
            now += gain * error
            uncertain *= 1 - gain
    noise_scale = max(total / max(number, 1), 1e-300)
    score = -0.5 * (number * (np.log(2 * np.pi * noise_scale) + 1) + logs)
    return float(score), noise_scale, mean, spread, errors


def _smoothed(values: Array, seen: NDArray[np.bool_], size: Array, ratio: float) -> _Fit:
    score, scale, mean, spread, errors = _filter(values, seen, size, ratio)
    count, first = len(values), int(np.argmax(seen))
    level, variance = np.zeros(count), np.zeros(count)
    innovation, step = np.full(count, np.nan), np.zeros(count)
    push, weight = 0.0, 0.0
    for place in range(count - 1, first, -1):
        # The disturbance smoother: r and N of de Jong (1989), scaled by the noise.
        step[place] = push / np.sqrt(weight * scale) if weight > 0 else 0.0
        if seen[place]:
            error = float(values[place] - mean[place])
            innovation[place] = error / np.sqrt(errors[place] * scale)
            keep = 1 - spread[place] / errors[place]
            push = error / errors[place] + keep * push
            weight = 1 / errors[place] + keep**2 * weight
            step[place] = push / np.sqrt(weight * scale) if weight > 0 else 0.0
        level[place] = mean[place] + spread[place] * push
        variance[place] = (spread[place] - spread[place] ** 2 * weight) * scale
    # Nothing is known before the first observation: the level there is that of the period after.
    known = 1.0 / float(size[first])
    level[first] = values[first] + known * push
    variance[first] = (known - known**2 * weight) * scale
    level[:first], variance[:first] = level[first], variance[first]
    return _Fit(level, np.maximum(variance, 0), innovation, step, scale, ratio * scale, score)
