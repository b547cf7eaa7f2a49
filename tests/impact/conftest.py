"""Small economies that the tests of the room share."""

from __future__ import annotations

import numpy as np
import pytest

from tumen.impact import Economy, attach, calibrate
from tumen.trade import read_facts, read_world


@pytest.fixture(scope="session")
def world() -> Economy:
    """The shipped world as an economy."""
    return calibrate(read_world())


@pytest.fixture(scope="session")
def with_target(world: Economy) -> Economy:
    """The shipped world with the DPRK."""
    return attach(world, "PRK", facts=read_facts("PRK"))


@pytest.fixture(scope="session")
def rng() -> np.random.Generator:
    return np.random.default_rng(20170831)
