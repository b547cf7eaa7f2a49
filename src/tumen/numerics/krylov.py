"""Linear systems that are known by their products only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def gmres(
    times: Callable[[Floats], Floats],
    right: Floats,
    *,
    steer: Callable[[Floats], Floats],
    tolerance: float,
    most: int,
) -> tuple[Floats, int, float]:
    """Solve A x = b by generalised minimal residuals, preconditioned from the right.

    The residual that decides is that of the system itself, computed anew at the end.

    Parameters
    ----------
    times
        x to A x.
    right
        b; (unknown,).
    steer
        A cheap, rough inverse of A; it may round.
    tolerance
        Wanted norm of b - A x over that of b.
    most
        Products with A at most, the last one included.

    Returns
    -------
    tuple
        x, the number of products with A, and the norm of b - A x over that of b.

    References
    ----------
    Saad (1993), "A flexible inner-outer preconditioned GMRES algorithm", SIAM J. Sci. Comput. 14.

    Examples
    --------
    >>> matrix = np.array([[4.0, 1.0], [0.0, 3.0]])
    >>> right = np.array([5.0, 3.0])
    >>> x, products, miss = gmres(
    ...     lambda v: matrix @ v, right, steer=lambda v: v / 4, tolerance=1e-12, most=9
    ... )
    >>> x.round(9).tolist(), miss < 1e-12
    ([1.0, 1.0], True)
    """
    size = float(np.linalg.norm(right))
    found = np.zeros_like(right)
    if size == 0.0:
        return found, 0, 0.0
    count, left, miss = 0, right, 1.0
    while miss > tolerance and count + 1 < most:
        before = miss
        step, made = _cycle(times, left, steer, tolerance * size, most - count - 1)
        found = found + step
        left = right - times(found)
        count += made + 1
        miss = float(np.linalg.norm(left)) / size
        if not miss < 0.5 * before:
            break
    return found, count, miss


def _cycle(
    times: Callable[[Floats], Floats],
    left: Floats,
    steer: Callable[[Floats], Floats],
    target: float,
    most: int,
) -> tuple[Floats, int]:
    """Return a step that leaves less than `target` of the residual, and its products."""
    norm = float(np.linalg.norm(left))
    basis = [left / norm]
    moves: list[Floats] = []
    columns: list[Floats] = []
    for _ in range(most):
        moves.append(steer(basis[-1]))
        new = times(moves[-1])
        rows = np.array(basis)
        # Orthogonalised twice: once leaves rounding errors in the basis.
        first = rows @ new
        new = new - first @ rows
        second = rows @ new
        new = new - second @ rows
        length = float(np.linalg.norm(new))
        columns.append(np.append(first + second, length))
        part, rest = _least_squares(columns, norm)
        if rest <= target or length == 0.0:
            break
        basis.append(new / length)
    return np.asarray(part @ np.array(moves)), len(moves)


def _least_squares(columns: list[Floats], norm: float) -> tuple[Floats, float]:
    count = len(columns)
    matrix = np.zeros((count + 1, count))
    for k, column in enumerate(columns):
        matrix[: k + 2, k] = column
    wanted = np.zeros(count + 1)
    wanted[0] = norm
    part = np.asarray(np.linalg.lstsq(matrix, wanted, rcond=None)[0], dtype=np.float64)
    return part, float(np.linalg.norm(wanted - matrix @ part))
