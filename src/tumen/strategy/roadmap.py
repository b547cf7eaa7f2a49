"""Step-by-step relief: who gives what when, and whether promises are believed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from tumen.core.errors import DataError
from tumen.strategy.game import Floats
from tumen.strategy.roadmap_spec import ScheduleName

Schedule = ScheduleName
PrecisionBasis = Literal["current", "present"]
"""Whether precision applies to values of the day of choice, or to values as of the first period."""

_PER_STEP = ("relief", "step_value_target", "step_value_sender", "step_detection", "intrusion")


@dataclass(frozen=True, eq=False)
class Roadmap:
    """Ordered steps of dismantling against relief; arrays of shape (*batch, step) or (*batch,).

    Attributes
    ----------
    relief
        Share of the sanctions lifted after each step (r); sums to 1.
    step_value_target, step_value_sender
        Flow value of each step to the target (nu) and to the sender (v).
    step_detection
        Chance that a hidden step is found in its period (q).
    intrusion
        What declaring a step to the verifying party costs the target (iota).
    benefit
        Flow value of full relief to the target, ``B = c (1 - leak) + G``.
    relief_cost
        Flow cost of full relief to the sender (gamma).
    discount_target, discount_sender
        Per period of half a year.
    breakdown
        Chance per period that something unrelated ends the process (b).
    snapback
        Share of given relief that can be taken back (rho).
    penalty_caught, cost_renege, cost_snapback
        phi_T, phi_S and phi_snap.
    precision_target, precision_sender
        Lambda of each.
    horizon
        Number of periods; afterwards the state stays as it is.

    Raises
    ------
    DataError
        When a share leaves [0, 1], the relief does not sum to 1, or a value is not finite.
    """

    relief: Floats
    step_value_target: Floats
    step_value_sender: Floats
    step_detection: Floats
    intrusion: Floats
    benefit: Floats
    relief_cost: Floats
    discount_target: Floats
    discount_sender: Floats
    breakdown: Floats
    snapback: Floats
    penalty_caught: Floats
    cost_renege: Floats
    cost_snapback: Floats
    precision_target: Floats
    precision_sender: Floats
    horizon: int

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name == "horizon":
                continue
            values = np.asarray(getattr(self, field.name), dtype=np.float64)
            if not np.isfinite(values).all():
                raise DataError(f"{field.name} is not finite")
            object.__setattr__(self, field.name, values)
        for name in ("relief", "step_detection", "breakdown", "snapback"):
            values = getattr(self, name)
            if (values < 0).any() or (values > 1).any():
                raise DataError(f"{name} lies in [0, 1]")
        for name in ("discount_target", "discount_sender"):
            if (getattr(self, name) < 0).any() or (getattr(self, name) >= 1).any():
                raise DataError(f"{name} lies in [0, 1)")
        if not np.allclose(self.relief.sum(axis=-1), 1.0, atol=1e-9):
            raise DataError("the relief of all steps sums to 1")
        if self.horizon < 1:
            raise DataError("the horizon is at least one period")
        for name in _PER_STEP:
            if getattr(self, name).shape[-1:] != (self.steps,):
                raise DataError(f"{name} needs one value for each of the {self.steps} steps")

    @property
    def steps(self) -> int:
        """Number of steps."""
        return int(self.relief.shape[-1])

    def at(self, **changes: object) -> Roadmap:
        """Return the roadmap with some of its fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def schedule(name: Schedule, *, step_value_target: Floats) -> Floats:
    """Return the relief shares of a named schedule.

    ``max_pressure`` lifts everything after the last step, ``phased`` the same after each,
    ``value_matched`` in proportion to what the step is worth to the target, ``front_loaded``
    everything after the first.
    """
    count = len(step_value_target)
    if name == "phased":
        return np.full(count, 1.0 / count)
    if name == "value_matched":
        return np.asarray(step_value_target / step_value_target.sum())
    relief = np.zeros(count)
    relief[-1 if name == "max_pressure" else 0] = 1.0
    return relief


@dataclass(frozen=True, eq=False)
class RoadmapOutlook:
    """How a roadmap ends; arrays of shape (*batch,) unless said otherwise.

    Attributes
    ----------
    value_target, value_sender
        Expected present values before the first period.
    comply, cheat, hold
        Choice of the target in the first period by steps done, shape (*batch, step).
    implement, wait
        Chance that the sender keeps its promise then, and that it waits; same shape.
    completed, broken, frozen
        Chances of the three ends; they sum to 1.
    given, hidden
        Chance that each step is really done, or declared and not done, (*batch, step).
    detected, reneged, snapped_back
        Chances of these ends of the process.
    time_to_complete
        Expected periods to completion where it is completed; NaN where it never is.
    """

    value_target: Floats
    value_sender: Floats
    comply: Floats
    cheat: Floats
    hold: Floats
    implement: Floats
    wait: Floats
    completed: Floats
    broken: Floats
    frozen: Floats
    given: Floats
    hidden: Floats
    detected: Floats
    reneged: Floats
    snapped_back: Floats
    time_to_complete: Floats

    @property
    def dismantled_share(self) -> Floats:
        """Expected share of the steps that is really done."""
        return np.asarray(self.given.mean(axis=-1))

    @property
    def hidden_share(self) -> Floats:
        """Expected share of the steps that is declared and not done."""
        return np.asarray(self.hidden.mean(axis=-1))


@dataclass(frozen=True, eq=False)
class _Worths:
    """Values by steps done (first axis) that do not depend on the period."""

    flow_target: Floats
    flow_sender: Floats
    kept_target: Floats
    kept_sender: Floats
    cost: Floats
    worth: Floats
    detection: Floats
    intrusion: Floats


def follow(roadmap: Roadmap, *, precision_basis: PrecisionBasis = "current") -> RoadmapOutlook:
    """Return how the target and the sender go through a roadmap.

    Backward recursion of the agent quantal response over periods and steps. The sender does not
    see cheating; its payoff is additive over steps, so its choice needs no belief.

    Parameters
    ----------
    precision_basis
        ``current`` is the model; ``present`` discounts precision as game software does, for checks.

    Examples
    --------
    >>> from tumen.strategy import Roadmap, follow
    >>> roadmap = Roadmap(
    ...     relief=[0.5, 0.5], step_value_target=[0.4, 0.6], step_value_sender=[0.5, 0.5],
    ...     step_detection=[0.7, 0.5], intrusion=[0.0, 0.0], benefit=1.6, relief_cost=0.3,
    ...     discount_target=0.8, discount_sender=0.85, breakdown=0.1, snapback=0.6,
    ...     penalty_caught=0.5, cost_renege=0.8, cost_snapback=0.0, precision_target=0.9,
    ...     precision_sender=0.9, horizon=2,
    ... )
    >>> round(float(follow(roadmap).completed), 4)
    0.0155
    """
    r, periods = roadmap, roadmap.horizon
    worths = _worths(r)
    frozen_target = worths.flow_target / (1.0 - r.discount_target)
    frozen_sender = worths.flow_sender / (1.0 - r.discount_sender)
    next_target, next_sender = frozen_target, frozen_sender
    policies: list[tuple[Floats, ...]] = []
    for period in range(periods - 1, -1, -1):
        now_target, now_sender, policy = _period(
            r,
            worths,
            after_target=worths.flow_target + r.discount_target * next_target,
            after_sender=worths.flow_sender + r.discount_sender * next_sender,
            discounted=period if precision_basis == "present" else 0,
        )
        next_target = np.concatenate([now_target, frozen_target[-1:]])
        next_sender = np.concatenate([now_sender, frozen_sender[-1:]])
        policies.append(policy)
    policies.reverse()
    return _forward(r, worths, policies, next_target[0], next_sender[0])


def _worths(r: Roadmap) -> _Worths:
    batch = np.broadcast_shapes(
        *(getattr(r, name).shape[:-1] for name in _PER_STEP),
        *(
            getattr(r, field.name).shape
            for field in fields(r)
            if field.name not in (*_PER_STEP, "horizon")
        ),
    )
    relief, nu, v, detection, intrusion = (
        np.moveaxis(np.broadcast_to(getattr(r, name), (*batch, r.steps)), -1, 0)
        for name in _PER_STEP
    )
    done = np.concatenate([np.zeros_like(relief[:1]), np.cumsum(relief, axis=0)])
    flow_target, flow_sender = r.benefit * done, -r.relief_cost * done
    kept = 1.0 - r.snapback
    return _Worths(
        flow_target=flow_target,
        flow_sender=flow_sender,
        kept_target=kept * flow_target[:-1] / (1.0 - r.discount_target),
        kept_sender=kept * flow_sender[:-1] / (1.0 - r.discount_sender),
        cost=nu / (1.0 - r.discount_target),
        worth=v / (1.0 - r.discount_sender),
        detection=detection,
        intrusion=intrusion,
    )


def _period(
    r: Roadmap, w: _Worths, *, after_target: Floats, after_sender: Floats, discounted: int
) -> tuple[Floats, Floats, tuple[Floats, ...]]:
    """One period for every number of steps done: values to both, and the choices."""
    sharp_sender = r.precision_sender * r.discount_sender**discounted
    sharp_target = r.precision_target * r.discount_target**discounted
    reneging = w.kept_sender - r.cost_renege
    snapping = w.kept_sender - r.cost_snapback
    implement = _logistic(sharp_sender * (after_sender[1:] - reneging))
    wait = _logistic(sharp_sender * (after_sender[:-1] - snapping))
    declared = implement * after_target[1:] + (1.0 - implement) * w.kept_target
    caught = w.detection
    comply = declared - w.cost - w.intrusion
    cheat = caught * (w.kept_target - r.penalty_caught) + (1.0 - caught) * declared - w.intrusion
    hold = wait * after_target[:-1] + (1.0 - wait) * w.kept_target
    options = np.stack(np.broadcast_arrays(comply, cheat, hold))
    exponent = sharp_target * options
    choice = np.exp(exponent - exponent.max(axis=0))
    choice /= choice.sum(axis=0)
    kept_promise = implement * after_sender[1:] + (1.0 - implement) * reneging
    waited = wait * after_sender[:-1] + (1.0 - wait) * snapping
    to_sender = (
        choice[0] * (w.worth + kept_promise)
        + choice[1] * (caught * w.kept_sender + (1.0 - caught) * kept_promise)
        + choice[2] * waited
    )
    b = r.breakdown
    value_target = b * w.kept_target + (1.0 - b) * (choice * options).sum(axis=0)
    value_sender = b * w.kept_sender + (1.0 - b) * to_sender
    return value_target, value_sender, (choice[0], choice[1], choice[2], implement, wait)


def _forward(
    r: Roadmap,
    w: _Worths,
    policies: list[tuple[Floats, ...]],
    value_target: Floats,
    value_sender: Floats,
) -> RoadmapOutlook:
    """Follow the chance of each number of steps done through the periods."""
    shape = np.broadcast_shapes(*(part.shape for policy in policies for part in policy))
    stays = np.zeros(shape)
    stays[0] = 1.0
    batch = shape[1:]
    given, hidden = np.zeros(shape), np.zeros(shape)
    completed, weighted = np.zeros(batch), np.zeros(batch)
    detected, reneged, snapped = np.zeros(batch), np.zeros(batch), np.zeros(batch)
    for period, (comply, cheat, hold, implement, wait) in enumerate(policies, start=1):
        alive = stays * (1.0 - r.breakdown)
        unseen = cheat * (1.0 - w.detection)
        declared = alive * (comply + unseen)
        given += alive * comply
        hidden += alive * unseen
        detected += (alive * cheat * w.detection).sum(axis=0)
        reneged += (declared * (1.0 - implement)).sum(axis=0)
        snapped += (alive * hold * (1.0 - wait)).sum(axis=0)
        moved = declared * implement
        stays = alive * hold * wait
        stays[1:] += moved[:-1]
        completed += moved[-1]
        weighted += period * moved[-1]
    frozen = stays.sum(axis=0)
    time = np.divide(weighted, completed, out=np.full(batch, np.nan), where=completed > 0)
    first = [np.moveaxis(np.broadcast_to(part, shape), 0, -1) for part in policies[0]]
    return RoadmapOutlook(
        value_target=np.broadcast_to(value_target, batch),
        value_sender=np.broadcast_to(value_sender, batch),
        comply=first[0],
        cheat=first[1],
        hold=first[2],
        implement=first[3],
        wait=first[4],
        completed=completed,
        broken=1.0 - completed - frozen,
        frozen=frozen,
        given=np.moveaxis(given, 0, -1),
        hidden=np.moveaxis(hidden, 0, -1),
        detected=detected,
        reneged=reneged,
        snapped_back=snapped,
        time_to_complete=time,
    )


def _logistic(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)) without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def promise_is_credible(roadmap: Roadmap) -> Floats:
    """Return whether maximum pressure's one promise is kept by a precise sender.

    ``phi_S > gamma / (1 - delta_S)``: breaking the promise costs more than the relief does.
    """
    return np.asarray(roadmap.cost_renege > roadmap.relief_cost / (1.0 - roadmap.discount_sender))


def participates(roadmap: Roadmap) -> Floats:
    """Return whether a precise target goes all the way under maximum pressure.

    ``delta^(K-1) B > sum_j delta^(j-1) nu_j``, when nothing breaks down, the sender is certain to
    keep its promise and cheating is excluded.
    """
    powers = roadmap.discount_target[..., None] ** np.arange(roadmap.steps)
    cost = (powers * roadmap.step_value_target).sum(axis=-1)
    return np.asarray(powers[..., -1] * roadmap.benefit > cost)
