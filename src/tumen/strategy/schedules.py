"""Schedules of relief side by side, over leaks and the cost of a broken promise; the best one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations
from math import comb
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

    Every division of the relief into equal parts is tried, and every named schedule; the best
    one then moves relief between two steps at a time, by ever smaller parts, as long as that
    helps. The end is never worse than the named schedules; it may be a local maximum.

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
    steps = roadmap.steps
    value = np.mean(roadmap.step_value_target.reshape(-1, steps), axis=0)
    named = [schedule(name, step_value_target=value) for name in SCHEDULES]
    best, worth, tried = _best_of(roadmap, np.array([*named, *_divisions(steps)]))
    part = 0.5
    while part > FINEST_PART:
        moved = _exchanges(best, part)
        found, better, more = _best_of(roadmap, moved)
        tried += more
        if better > worth:
            best, worth = found, better
        else:
            part /= 2.0
    return BestSchedule(best, follow(roadmap.at(relief=best)), Status("converged", tried))


FINEST_PART = 1e-3
"""Share of the relief below which no exchange is tried."""
MOST_DIVISIONS = 1_000


def _best_of(roadmap: Roadmap, reliefs: Floats) -> tuple[Floats, float, int]:
    """Return the relief of the rows that is worth most to the sender, its worth, and how many."""
    batch = max(1, roadmap.benefit.ndim, roadmap.step_value_target.ndim - 1)
    rows = reliefs.reshape(len(reliefs), *(1,) * batch, roadmap.steps)
    worth = follow(roadmap.at(relief=rows)).value_sender.reshape(len(reliefs), -1).mean(axis=1)
    if not np.isfinite(worth).any():
        status = Status("not_converged", len(reliefs), message="no schedule has a finite value")
        raise ModelError("no schedule can be compared", status=status)
    place = int(np.nanargmax(worth))
    return reliefs[place], float(worth[place]), len(reliefs)


def _divisions(steps: int) -> Floats:
    """Return the divisions of all relief into equal parts, as many parts as stay affordable."""
    parts = 1
    while comb(parts + steps, steps - 1) <= MOST_DIVISIONS:
        parts += 1
    bars = np.array(list(combinations(range(parts + steps - 1), steps - 1)), dtype=np.float64)
    ends = np.full((len(bars), 1), -1.0), np.full((len(bars), 1), parts + steps - 1.0)
    return np.asarray((np.diff(np.hstack([ends[0], bars, ends[1]]), axis=1) - 1.0) / parts)


def _exchanges(relief: Floats, part: float) -> Floats:
    """Return the reliefs in which one step gives a part of all relief to another."""
    found = []
    for giver, taker in permutations(range(len(relief)), 2):
        moved = relief.copy()
        given = min(part, moved[giver])
        moved[giver] -= given
        moved[taker] += given
        found.append(moved)
    return np.array(found)
