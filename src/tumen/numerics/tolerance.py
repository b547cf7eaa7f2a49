"""The one tolerance policy: how close two numbers must be, by what they are."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

Kind = Literal["identity", "solver", "oracle", "draws"]

TOLERANCES: dict[str, tuple[float, float]] = {
    # (relative, absolute)
    "identity": (1e-12, 1e-12),  # an accounting identity or a closed form in floating point
    "solver": (1e-8, 1e-8),  # the default stop of every solver
    "oracle": (1e-9, 1e-9),  # a worked case that someone else computed
    "draws": (0.0, 0.01),  # a probability estimated from a few thousand draws
}


def is_close(actual: ArrayLike, expected: ArrayLike, kind: Kind) -> bool:
    """Return whether all numbers agree within the tolerance of their kind."""
    relative, absolute = TOLERANCES[kind]
    return bool(np.allclose(actual, expected, rtol=relative, atol=absolute))


def assert_close(actual: ArrayLike, expected: ArrayLike, kind: Kind) -> None:
    """Raise AssertionError, with the largest differences, unless all numbers agree."""
    relative, absolute = TOLERANCES[kind]
    np.testing.assert_allclose(
        np.asarray(actual), np.asarray(expected), rtol=relative, atol=absolute
    )
