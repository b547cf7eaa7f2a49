"""Schedules of relief side by side, over leaks and the cost of a broken promise; the best one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np

from tumen.core.errors import ModelError
from tumen.core.status import Status
from tumen.strategy.game import Floats
from tumen.strategy.roadmap import Roadmap, RoadmapOutlook, Schedule, follow, schedule

SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)


@dataclass(frozen=True, eq=False)
class Schedules:
    """Every named schedule over leaks and costs of a broken promise.

    Attributes
    ----------
    leaks, costs
        The two axes.
    outlooks
        By schedule, batch (leak, cost).
    """

    leaks: Floats
    costs: Floats
    outlooks: dict[Schedule, RoadmapOutlook]

    def best_for_sender(self) -> list[list[Schedule]]:
        """Return the schedule that is worth most to the sender, by leak and cost."""
        values = np.stack([self.outlooks[name].value_sender for name in SCHEDULES])
        return [[SCHEDULES[int(place)] for place in row] for row in values.argmax(axis=0)]


def compare_schedules(
    roadmap: Roadmap, *, pressure: float, leaks: Floats, costs: Floats, gain: float = 0.0
) -> Schedules:
    """Return every named schedule over leaks and costs of a broken promise.

    Parameters
    ----------
    roadmap
        A single roadmap; its relief, benefit and cost of a broken promise are replaced.
    pressure, gain
        ``B = pressure (1 - leak) + gain``.
    """
    benefit = (pressure * (1.0 - leaks) + gain)[:, None]
    return Schedules(
        leaks,
        costs,
        {
            name: follow(
                roadmap.at(
                    relief=schedule(name, step_value_target=roadmap.step_value_target),
                    benefit=np.broadcast_to(benefit, (len(leaks), len(costs))),
                    cost_renege=np.broadcast_to(costs, (len(leaks), len(costs))),
                )
            )
            for name in SCHEDULES
        },
    )


@dataclass(frozen=True, eq=False)
class BestSchedule:
    """The relief that is worth most to the sender, and how the search ended."""

    relief: Floats
    outlook: RoadmapOutlook
    status: Status


def best_schedule(roadmap: Roadmap) -> BestSchedule:
    """Return the relief shares that are worth most to the sender, averaged over the batch.

    Gradient ascent (BFGS) over shares written as a softmax, from every named schedule, with
    derivatives by central differences in one batch. The best end is returned; it is never worse
    than the named schedules, but it may be a local maximum.

    Raises
    ------
    ModelError
        When no search gives a finite value.

    Examples
    --------
    >>> roadmap = Roadmap(
    ...     relief=[0.5, 0.5], step_value_target=[0.4, 0.6], step_value_sender=[0.5, 0.5],
    ...     step_detection=[0.7, 0.5], intrusion=[0.0, 0.0], benefit=1.6, relief_cost=0.3,
    ...     discount_target=0.8, discount_sender=0.85, breakdown=0.1, snapback=0.6,
    ...     penalty_caught=0.5, cost_renege=0.8, cost_snapback=0.0, precision_target=0.9,
    ...     precision_sender=0.9, horizon=2,
    ... )
    >>> best = best_schedule(roadmap)
    >>> bool(best.outlook.value_sender >= follow(roadmap).value_sender)
    True
    """
    from scipy.optimize import minimize

    steps = roadmap.steps
    value = np.mean(roadmap.step_value_target.reshape(-1, steps), axis=0)
    starts = [schedule(name, step_value_target=value) for name in SCHEDULES]

    def worth(points: Floats) -> Floats:
        return np.array(
            [np.mean(follow(roadmap.at(relief=_softmax(row))).value_sender) for row in points]
        )

    def falling(point: Floats) -> tuple[float, Floats]:
        moves = 1e-5 * np.eye(steps)
        values = worth(np.concatenate([point[None], point + moves, point - moves]))
        return -values[0], -(values[1 : steps + 1] - values[steps + 1 :]) / 2e-5

    ends, iterations = list(starts), 0
    for start in starts:
        found = minimize(falling, np.log(start + 1e-3), jac=True, method="BFGS")
        iterations += int(found.nit)
        ends.append(_softmax(np.asarray(found.x)))
    outlooks = [follow(roadmap.at(relief=relief)) for relief in ends]
    values = np.array([float(np.mean(outlook.value_sender)) for outlook in outlooks])
    if not np.isfinite(values).any():
        status = Status("not_converged", iterations, message="no schedule has a finite value")
        raise ModelError("no schedule can be compared", status=status)
    best = int(np.nanargmax(values))
    return BestSchedule(ends[best], outlooks[best], Status("converged", iterations))


def _softmax(point: Floats) -> Floats:
    weight = np.exp(point - point.max())
    return np.asarray(weight / weight.sum())
