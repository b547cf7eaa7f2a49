"""The smoother equals generalised least squares; outliers and breaks are told apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.core.errors import ModelError
from tumen.numerics.local_level import fit_local_level
from tumen.numerics.tolerance import assert_close


def noisy_walk(seed, periods=60, drift=0.3):
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0, drift, periods)) + rng.normal(0, 1, periods)
    values[rng.random(periods) < 0.1] = np.nan
    values[0] = 0.5
    return values, rng.integers(1, 9, periods).astype(float)


def least_squares(values, counts, *, noise, drift):
    """The level as a regression: one row an observation, one row a step; no recursion."""
    seen = np.flatnonzero(~np.isnan(values))
    periods = len(values)
    looks = np.zeros((len(seen), periods))
    looks[np.arange(len(seen)), seen] = 1
    steps = np.diff(np.eye(periods), axis=0)
    weights = np.concatenate([counts[seen] / noise, np.full(periods - 1, 1 / drift)])
    rows = np.vstack([looks, steps])
    target = np.concatenate([values[seen], np.zeros(periods - 1)])
    precision = rows.T @ (weights[:, None] * rows)
    covariance = np.linalg.inv(precision)
    return covariance @ rows.T @ (weights * target), np.diag(covariance)


@pytest.mark.parametrize("seed", range(5))
def test_level_and_variance_are_those_of_least_squares(seed):
    values, counts = noisy_walk(seed)
    fitted = fit_local_level(values, counts=counts, degrees=np.inf)
    assert fitted.drift > 0
    level, variance = least_squares(values, counts, noise=fitted.noise, drift=fitted.drift)
    assert_close(fitted.level, level, "solver")
    assert_close(fitted.variance, variance, "solver")


def test_an_outlier_is_weighed_down_and_moves_the_level_less():
    values, _ = noisy_walk(1)
    values[30] = 0.0
    plain = fit_local_level(values)
    values[30] = 25.0
    robust, normal = fit_local_level(values), fit_local_level(values, degrees=np.inf)
    assert robust.weights[30] < 0.1
    assert abs(robust.level - plain.level).max() < abs(normal.level - plain.level).max() / 2


def test_a_break_is_where_the_level_steps():
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.normal(0, 0.3, 30), rng.normal(5, 0.3, 30)])
    fitted = fit_local_level(values)
    assert int(np.argmax(abs(fitted.step))) == 30
    assert abs(fitted.step[30]) > 3


def test_a_still_series_has_a_still_level():
    fitted = fit_local_level(np.full(12, 0.7))
    assert_close(fitted.level, np.full(12, 0.7), "identity")


def test_a_projection_keeps_the_level_and_widens():
    values, _ = noisy_walk(3)
    fitted = fit_local_level(values)
    mean, variance = fitted.project(12)
    assert_close(mean, np.full(12, fitted.level[-1]), "identity")
    assert np.all(np.diff(variance) >= 0)


@settings(max_examples=15, deadline=None)
@given(st.floats(-100, 100), st.floats(0.1, 50))
def test_another_unit_changes_nothing_but_the_unit(shift, scale):
    values, counts = noisy_walk(4, periods=30)
    first = fit_local_level(values, counts=counts)
    second = fit_local_level(values * scale + shift, counts=counts)
    np.testing.assert_allclose(second.level, first.level * scale + shift, atol=1e-6 * scale)
    np.testing.assert_allclose(second.step, first.step, atol=1e-5)


@pytest.mark.parametrize(
    "values", [np.full(20, np.nan), np.arange(7.0), np.array([1.0] * 9 + [np.inf])]
)
def test_too_little_or_infinite_data_are_refused(values):
    with pytest.raises(ModelError):
        fit_local_level(values)
