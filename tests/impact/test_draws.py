"""Draws are even, seeded, and the two methods agree on what they estimate."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.core.errors import ModelError
from tumen.impact import Spec, find
from tumen.impact.uncertainty import Method, quantiles
from tumen.trade import read_world

METHODS: tuple[Method, ...] = ("latin", "sobol")


@pytest.mark.parametrize("method", METHODS)
@given(
    dimensions=st.integers(1, 90),
    power=st.integers(0, 8),
    seed=st.integers(0, 2**31),
)
def test_each_input_alone_is_even(method: Method, dimensions: int, power: int, seed: int) -> None:
    """One draw in each of as many equal slices as there are draws."""
    draws = 2**power
    points = quantiles(dimensions, draws, seed=seed, name="law", method=method)
    assert points.shape == (draws, dimensions)
    assert ((points >= 0) & (points < 1)).all()
    slices = np.sort(np.floor(points * draws).astype(int), axis=0)
    np.testing.assert_array_equal(slices, np.arange(draws)[:, None].repeat(dimensions, axis=1))


@given(seed=st.integers(0, 2**31), split=st.integers(0, 4))
def test_a_sobol_sequence_is_even_in_the_first_two_inputs_together(seed: int, split: int) -> None:
    """One of sixteen draws in every box of 2^split by 2^(4 - split)."""
    points = quantiles(7, 16, seed=seed, name="law", method="sobol")[:, :2]
    box = np.floor(points * [2**split, 2 ** (4 - split)]).astype(int)
    assert len({tuple(place) for place in box}) == 16


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_and_a_name_make_the_draws(method: Method) -> None:
    one = quantiles(3, 8, seed=1, name="a", method=method)
    np.testing.assert_array_equal(one, quantiles(3, 8, seed=1, name="a", method=method))
    assert (one != quantiles(3, 8, seed=2, name="a", method=method)).any()
    assert (one != quantiles(3, 8, seed=1, name="b", method=method)).any()


@pytest.mark.parametrize("draws", [0, 3, 100, -4])
def test_the_number_of_draws_is_a_power_of_two(draws: int) -> None:
    with pytest.raises(ModelError, match="no power of two"):
        quantiles(2, draws, seed=1, name="law")


def test_both_methods_put_the_headline_in_the_same_band() -> None:
    bands = []
    for method in METHODS:
        spec = Spec(draws=256, sampling=method, runs=("long",), scenarios=Spec().scenarios[:1])
        found = find(spec, world=read_world(), target="PRK", as_of=date(2017, 8, 31), seed=1)
        estimate = next(f for f in found if f.id == "impact.revenue").estimate
        assert estimate is not None
        bands.append((estimate.value, estimate.low, estimate.high))
    np.testing.assert_allclose(bands[0], bands[1], rtol=0.05)
    assert bands[0][0] == pytest.approx(bands[1][0], rel=1e-9)


def test_the_default_draws_load_no_scipy() -> None:
    code = (
        "import sys; from tumen.impact.uncertainty import quantiles; "
        "quantiles(3, 8, seed=1, name='a'); print('scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
