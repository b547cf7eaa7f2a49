"""Anderson acceleration of fixed points, for a batch of systems at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


class Anderson:
    """Mixes the last iterates of a batch of fixed-point maps so that residuals fall fast.

    Each system of the batch is mixed alone: the step minimises the norm of the combined residual
    over the last `depth` differences (type II). Differences are kept in single precision, which
    changes the path and not the limit.

    Parameters
    ----------
    dimension
        Number of unknowns of one system.
    batch
        Number of systems.
    depth
        Number of differences kept.
    ridge
        Relative Tikhonov term of the least-squares problem.

    References
    ----------
    Walker and Ni (2011), "Anderson acceleration for fixed-point iterations",
    SIAM J. Numer. Anal. 49(4).

    Examples
    --------
    >>> mixer = Anderson(1, 1, depth=2)
    >>> x = np.array([[1.0]])
    >>> for _ in range(8):
    ...     x = mixer.step(x, np.cos(x) - x)
    >>> round(float(x[0, 0]), 6)
    0.739085
    """

    def __init__(self, dimension: int, batch: int, *, depth: int, ridge: float = 1e-12) -> None:
        self.depth = depth
        self.ridge = ridge
        self.count = 0
        self._turns = np.zeros((batch, depth, dimension), dtype=np.float32)
        self._moves = np.zeros((batch, depth, dimension), dtype=np.float32)
        self._gram = np.zeros((batch, depth, depth))
        self._last: tuple[Floats, Floats | Singles] | None = None

    def step(self, iterate: Floats, residual: Floats | Singles) -> Floats:
        """Return the next iterates.

        Parameters
        ----------
        iterate, residual
            Points x and g(x) - x, shape (batch, dimension). The residual may be in single
            precision: its error is relative, so it changes the path and not the limit.

        Returns
        -------
        ndarray
            Next points, shape (batch, dimension).
        """
        if self._last is None:
            self._last = (iterate, residual)
            return iterate + residual
        slot = self.count % self.depth
        turn, move = self._turns[:, slot], self._moves[:, slot]
        np.subtract(residual, self._last[1], out=turn, casting="same_kind")
        np.subtract(iterate, self._last[0], out=move, casting="same_kind")
        # What a weight takes back is the move together with the turn of the residual.
        move += turn
        self._last = (iterate, residual)
        self.count += 1
        kept = min(self.count, self.depth)
        turns = self._turns[:, :kept]
        row = np.matmul(turns, turn[:, :, None])[..., 0].astype(np.float64)
        self._gram[:, slot, :kept] = row
        self._gram[:, :kept, slot] = row
        right = np.matmul(turns, residual.astype(np.float32, copy=False)[:, :, None])[..., 0]
        weights = self._weights(right.astype(np.float64)).astype(np.float32)
        mixed = np.matmul(weights[:, None, :], self._moves[:, :kept])[:, 0]
        following = iterate + residual
        following -= mixed
        return following

    def keep(self, chosen: NDArray[np.intp]) -> None:
        """Go on with the chosen systems of the batch only."""
        self._moves, self._turns = self._moves[chosen], self._turns[chosen]
        self._gram = self._gram[chosen]
        if self._last is not None:
            self._last = (self._last[0][chosen], self._last[1][chosen])

    def _weights(self, right: Floats) -> Floats:
        """Return the parts of the differences that take most from the residual."""
        kept = right.shape[1]
        gram = self._gram[:, :kept, :kept]
        diagonal = np.einsum("bii->bi", gram)
        scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
        system = gram / scale[:, :, None] / scale[:, None, :]
        system = system + (self.ridge + 1e-7) * np.eye(kept)
        solved: Floats = np.linalg.solve(system, (right / scale)[..., None])[..., 0] / scale
        return solved
