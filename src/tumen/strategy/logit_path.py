"""The logit path of a simultaneous game, followed from random choice with guarded steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tumen.core.status import Status
from tumen.strategy.game import Floats

TOLERANCE = 1e-12
MAX_STEPS = 20_000


@dataclass(frozen=True, eq=False)
class LogitPath:
    """The end of the path.

    Attributes
    ----------
    strategies
        Per player the probability of each move at full precision.
    status
        ``not_converged`` when the path cannot be followed safely.
    branch_check
        Largest difference between a coarse and a fine tracing of the path.
    folds
        How often the path turned back in precision.
    """

    strategies: tuple[Floats, ...]
    status: Status
    branch_check: float
    folds: int


@dataclass(frozen=True, eq=False)
class _System:
    """Equations of the path in log probabilities y and the scale t of all precisions."""

    payoffs: Floats
    log_width: tuple[Floats, ...]
    precision: Floats

    @property
    def sizes(self) -> list[int]:
        return [len(width) for width in self.log_width]

    def split(self, y: Floats) -> list[Floats]:
        return np.split(y, np.cumsum(self.sizes)[:-1])

    def expected(self, p: list[Floats], *, keep: tuple[int, ...]) -> Floats:
        """Expected payoff of player keep[0] by the moves of the players in `keep`."""
        values = self.payoffs[keep[0]]
        for k in range(len(p) - 1, -1, -1):
            if k not in keep:
                values = np.tensordot(values, p[k], axes=(k, 0))
        order = sorted(keep)
        return np.asarray(np.transpose(values, [order.index(k) for k in keep]))

    def residual(self, y: Floats, t: float) -> Floats:
        logs = self.split(y)
        p = [np.exp(part) for part in logs]
        rows: list[Floats] = []
        for k, part in enumerate(logs):
            index = part - self.log_width[k] - t * self.precision[k] * self.expected(p, keep=(k,))
            rows += [np.array([p[k].sum() - 1.0]), index[1:] - index[0]]
        return np.concatenate(rows)

    def jacobian(self, y: Floats, t: float) -> Floats:
        """Derivatives of the residual by y and, in the last column, by t."""
        logs = self.split(y)
        p = [np.exp(part) for part in logs]
        starts = np.concatenate(([0], np.cumsum(self.sizes)))
        result = np.zeros((starts[-1], starts[-1] + 1))
        for k, size in enumerate(self.sizes):
            first = starts[k]
            result[first, first : first + size] = p[k]
            rows = slice(first + 1, first + size)
            result[rows, first] = -1.0
            result[rows, first + 1 : first + size] += np.eye(size - 1)
            slope = self.precision[k]
            for other, width in enumerate(self.sizes):
                if other == k:
                    continue
                table = self.expected(p, keep=(k, other)) * p[other]
                columns = slice(starts[other], starts[other] + width)
                result[rows, columns] -= t * slope * (table[1:] - table[0])
            gain = self.expected(p, keep=(k,))
            result[rows, -1] = -slope * (gain[1:] - gain[0])
        return result


def trace(payoffs: Floats, *, log_width: tuple[Floats, ...], precision: Floats) -> LogitPath:
    """Follow the path from random choice to full precision by pseudo-arclength.

    A step whose correction is larger than a tenth of its length is made shorter, so that the
    tracer does not jump to a neighbouring branch; the path is traced twice, with coarse and with
    fine steps, and both must end in the same place. Where branches cross, as in a symmetric game,
    the orientation of the path turns, and the path is refused.

    Parameters
    ----------
    payoffs
        Shape (player, n_1, ..., n_N).
    log_width
        Per player the logarithms of the moves' widths.
    precision
        Lambda of each player at the end of the path, shape (player,).
    """
    system = _System(payoffs, log_width, precision)
    coarse, folds, steps, message = _follow(system, longest=0.2)
    fine, fine_folds, fine_steps, fine_message = _follow(system, longest=0.05)
    difference = float(np.abs(np.exp(coarse) - np.exp(fine)).max())
    message = message or fine_message
    if not message and (difference > 1e-8 or folds != fine_folds):
        message = "coarse and fine steps along the logit path end on different branches"
    residual = float(np.abs(system.residual(fine, 1.0)).max())
    status = Status(
        "not_converged" if message else "converged",
        steps + fine_steps,
        {"path": residual, "branches": difference},
        1e-8,
        message,
    )
    return LogitPath(
        tuple(np.exp(part) for part in system.split(fine)), status, difference, fine_folds
    )


def _start(system: _System) -> Floats:
    return np.concatenate([w - np.log(np.exp(w).sum()) for w in system.log_width])


def _tangent(jacobian: Floats) -> tuple[Floats, float]:
    """Return the direction of the path and the smallest singular value across it."""
    _, singular, rows = np.linalg.svd(jacobian)
    return rows[-1], float(singular[-1])


def _side(system: _System, point: Floats, direction: Floats) -> float:
    """Return the sign that stays along a path, folds included, and turns where paths cross."""
    square = np.vstack([system.jacobian(point[:-1], point[-1]), direction])
    return float(np.linalg.slogdet(square)[0])


def _follow(system: _System, *, longest: float) -> tuple[Floats, int, int, str]:
    y, t, step, folds = _start(system), 0.0, longest / 10, 0
    direction, _ = _tangent(system.jacobian(y, t))
    direction = direction * np.sign(direction[-1] or 1.0)
    first_side = _side(system, np.append(y, t), direction)
    for number in range(MAX_STEPS):
        if t >= 1.0:
            return _land(system, y), folds, number, ""
        ahead = np.append(y, t) + step * direction
        if ahead[-1] > 1.0 and direction[-1] > 0:
            landed = _land(system, y + (1.0 - t) / direction[-1] * direction[:-1])
            end = np.append(landed, 1.0)
            forward, _ = _tangent(system.jacobian(landed, 1.0))
            forward = forward if forward @ direction > 0 else -forward
            if np.abs(landed - y).max() < 2 * longest and _side(system, end, forward) == first_side:
                return landed, folds, number, ""
        corrected, moved = _correct(system, ahead, direction)
        if moved > 0.1 * step:
            step *= 0.5
            if step < 1e-8:
                return y, folds, number, "the steps along the logit path became too short"
            continue
        turned, smallest = _tangent(system.jacobian(corrected[:-1], corrected[-1]))
        turned = turned if turned @ direction > 0 else -turned
        side = _side(system, corrected, turned)
        if smallest < 1e-6 or side != first_side:
            return y, folds, number, "branches of the logit path cross"
        folds += int(np.sign(turned[-1]) != np.sign(direction[-1]))
        y, t, direction = corrected[:-1], float(corrected[-1]), turned
        step = min(longest, step * (1.5 if moved < 0.02 * step else 1.0))
    return y, folds, MAX_STEPS, "the logit path is longer than the limit of steps"


def _correct(system: _System, point: Floats, direction: Floats) -> tuple[Floats, float]:
    """Return the path's point in the plane across `direction`, and how far the point moved."""
    start = point
    for _ in range(12):
        residual = system.residual(point[:-1], point[-1])
        if np.abs(residual).max() < TOLERANCE:
            break
        jacobian = np.vstack([system.jacobian(point[:-1], point[-1]), direction])
        change = np.linalg.solve(jacobian, np.append(-residual, 0.0))
        point = point + change
        if not np.isfinite(point).all():
            return start, np.inf
    if np.abs(system.residual(point[:-1], point[-1])).max() > 1e-9:
        return start, np.inf
    return point, float(np.linalg.norm(point - start))


def _land(system: _System, y: Floats) -> Floats:
    """Solve at full precision from a point close to the path's end."""
    for _ in range(50):
        residual = system.residual(y, 1.0)
        if np.abs(residual).max() < TOLERANCE:
            break
        y = y + np.linalg.solve(system.jacobian(y, 1.0)[:, :-1], -residual)
    return y
