"""GMRES solves what can be solved and says by how much it misses the rest."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.numerics.krylov import gmres


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(0, 10_000))
def test_a_steered_system_is_solved_though_steering_rounds(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = np.eye(size) * 3 + rng.normal(size=(size, size)) / np.sqrt(size)
    rough = np.linalg.inv(matrix + 0.1 * rng.normal(size=(size, size)) / np.sqrt(size))
    wanted = rng.normal(size=size)
    found, products, miss = gmres(
        lambda v: matrix @ v,
        matrix @ wanted,
        steer=lambda v: (rough.astype(np.float32) @ v.astype(np.float32)).astype(np.float64),
        tolerance=1e-12,
        most=200,
    )
    assert miss <= 1e-12
    assert products <= 2 * size + 10
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


def test_a_system_without_solution_is_not_called_solved() -> None:
    matrix = np.array([[1.0, 0.0], [0.0, 0.0]])
    _, _, miss = gmres(
        lambda v: matrix @ v, np.array([1.0, 1.0]), steer=lambda v: v, tolerance=1e-9, most=50
    )
    assert miss > 0.5


def test_nothing_wanted_takes_no_product() -> None:
    found, products, miss = gmres(
        lambda v: v, np.zeros(3), steer=lambda v: v, tolerance=1e-9, most=50
    )
    assert (found.tolist(), products, miss) == ([0.0, 0.0, 0.0], 0, 0.0)
