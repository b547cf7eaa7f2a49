"""The logit path of many simultaneous games at once; unsure games are named, not guessed."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from tumen.strategy.game import Floats

STEPS = (40, 200, 1000)
"""Equal steps of the first tracing, and of the next ones for games that were not sure."""
CORRECTIONS = 4
LONGEST_CORRECTION = 0.1
"""A correction longer than this part of its step may have jumped to another branch."""
FLATTEST = 1e-3
"""Below this part of its size at the start, the determinant says that branches may meet."""


@dataclass(frozen=True, eq=False)
class Traced:
    """Ends of the paths.

    Attributes
    ----------
    strategies
        Per player the probability of each move, shape (game, move).
    is_sure
        Whether the path was followed without a long correction, a fold or a flat place; a game
        that is not sure must be followed by `logit_path.trace`. Shape (game,).
    """

    strategies: tuple[Floats, ...]
    is_sure: NDArray[np.bool_]


def trace_all(payoffs: Floats, *, log_width: tuple[Floats, ...], precision: Floats) -> Traced:
    """Follow the logit paths of many games with equal steps in precision, ever smaller if needed.

    Parameters
    ----------
    payoffs
        Shape (game, player, n_1, ..., n_N).
    log_width
        Per player the logarithms of the moves' widths.
    precision
        Lambda of each player at the end of the path, shape (game, player).
    """
    result = [np.empty((len(payoffs), len(width))) for width in log_width]
    left = np.arange(len(payoffs))
    for steps in STEPS:
        y, is_sure = _follow(_Systems(payoffs[left], log_width, precision[left]), steps=steps)
        for own, part in zip(
            result, np.split(y, np.cumsum([len(w) for w in log_width])[:-1], axis=1), strict=True
        ):
            own[left] = np.exp(part)
        left = left[~is_sure]
        if not len(left):
            break
    is_sure = np.ones(len(payoffs), dtype=bool)
    is_sure[left] = False
    return Traced(tuple(result), is_sure)


def _follow(system: _Systems, *, steps: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the ends of the paths, and which of them are sure."""
    count = len(system.payoffs)
    y = np.tile(np.concatenate([w - np.log(np.exp(w).sum()) for w in system.log_width]), (count, 1))
    sure = np.arange(count)
    sign, first = np.linalg.slogdet(system.jacobian(y, 0.0)[0])
    step = 1.0 / steps
    for number in range(steps):
        part = system.some(sure)
        jacobian, slope = part.jacobian(y[sure], number * step)
        turned, size = np.linalg.slogdet(jacobian)
        is_steep = (turned == sign[sure]) & (size > first[sure] + np.log(FLATTEST))
        sure, jacobian, slope = sure[is_steep], jacobian[is_steep], slope[is_steep]
        if not len(sure):
            break
        change = -np.linalg.solve(jacobian, slope[..., None])[..., 0] * step
        landed, is_near = _corrected(system.some(sure), y[sure], change, (number + 1) * step, step)
        sure = sure[is_near]
        y[sure] = landed[is_near]
    is_sure = np.zeros(count, dtype=bool)
    is_sure[sure] = True
    return y, is_sure


def _corrected(
    system: _Systems, start: Floats, change: Floats, t: float, size: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Newton's method at one precision: the points, and whether they are near and on the path."""
    point = start + change
    ahead = point
    for _ in range(CORRECTIONS):
        residual = system.residual(point, t)
        if np.abs(residual).max() < 1e-13:
            break
        jacobian = system.jacobian(point, t)[0]
        # A singular Jacobian: the game is left where it is and found to be off the path.
        is_singular = ~(np.abs(np.linalg.det(jacobian)) > 0)
        jacobian[is_singular] = np.eye(jacobian.shape[1])
        newton = np.linalg.solve(jacobian, -residual[..., None])[..., 0]
        point = point + np.clip(newton, -2.0, 2.0)
    left = np.abs(system.residual(point, t)).max(axis=1)
    moved = np.sqrt(((point - ahead) ** 2).sum(axis=1))
    length = np.sqrt((change**2).sum(axis=1) + size**2)
    return point, (moved <= LONGEST_CORRECTION * length) & (left < 1e-11)


@dataclass(frozen=True, eq=False)
class _Systems:
    """Equations of the paths in log probabilities, as in `logit_path`, with a leading batch."""

    payoffs: Floats
    log_width: tuple[Floats, ...]
    precision: Floats

    def some(self, places: NDArray[np.intp]) -> _Systems:
        """Return the systems of some games."""
        if len(places) == len(self.payoffs):
            return self
        return _Systems(self.payoffs[places], self.log_width, self.precision[places])

    @property
    def sizes(self) -> list[int]:
        return [len(width) for width in self.log_width]

    def split(self, y: Floats) -> list[Floats]:
        return np.split(y, np.cumsum(self.sizes)[:-1], axis=1)

    def expected(self, p: list[Floats], *, keep: tuple[int, ...]) -> Floats:
        """Expected payoff of player keep[0] by the moves of the players in `keep`."""
        letters = ascii_lowercase[: len(p)]
        others = [k for k in range(len(p)) if k not in keep]
        inputs = ",".join([f"Z{letters}", *(f"Z{letters[k]}" for k in others)])
        output = "Z" + "".join(letters[k] for k in keep)
        operands = (self.payoffs[:, keep[0]], *(p[k] for k in others))
        return np.asarray(np.einsum(f"{inputs}->{output}", *operands))

    def residual(self, y: Floats, t: float) -> Floats:
        logs = self.split(y)
        p = [np.exp(part) for part in logs]
        rows: list[Floats] = []
        for k, part in enumerate(logs):
            value = self.precision[:, k, None] * self.expected(p, keep=(k,))
            index = part - self.log_width[k] - t * value
            rows += [p[k].sum(axis=1, keepdims=True) - 1.0, index[:, 1:] - index[:, :1]]
        return np.concatenate(rows, axis=1)

    def jacobian(self, y: Floats, t: float) -> tuple[Floats, Floats]:
        """Derivatives of the residual by y, (game, row, column), and by t, (game, row)."""
        logs = self.split(y)
        p = [np.exp(part) for part in logs]
        starts = np.concatenate(([0], np.cumsum(self.sizes)))
        by_y = np.zeros((len(y), starts[-1], starts[-1]))
        by_t = np.zeros((len(y), starts[-1]))
        for k, size in enumerate(self.sizes):
            first = starts[k]
            rows = slice(first + 1, first + size)
            by_y[:, first, first : first + size] = p[k]
            by_y[:, rows, first] = -1.0
            by_y[:, rows, first + 1 : first + size] += np.eye(size - 1)
            sharp = self.precision[:, k, None]
            for other, width in enumerate(self.sizes):
                if other == k:
                    continue
                table = self.expected(p, keep=(k, other)) * p[other][:, None, :]
                columns = slice(starts[other], starts[other] + width)
                by_y[:, rows, columns] -= t * sharp[..., None] * (table[:, 1:] - table[:, :1])
            gain = self.expected(p, keep=(k,))
            by_t[:, rows] = -sharp * (gain[:, 1:] - gain[:, :1])
        return by_y, by_t
