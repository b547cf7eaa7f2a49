"""All numbers of a case's roadmap: schedules side by side, when promises hold, who verifies."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from tumen.strategy.game import Floats
from tumen.strategy.ranges import Range
from tumen.strategy.roadmap import (
    Roadmap,
    RoadmapOutlook,
    Schedule,
    follow,
    participates,
    promise_is_credible,
    schedule,
)
from tumen.strategy.roadmap_spec import RoadmapSpec, VerifierSpec
from tumen.strategy.sampling import Swing, Values, alone, at_precision, drawn, modes
from tumen.strategy.schedules import (
    SCHEDULES,
    BestSchedule,
    Schedules,
    best_schedule,
    compare_schedules,
)
from tumen.strategy.verification import Verified, Verifier, compare_verifiers

PERIOD = 0.5
"""Years in a period: flows a year are halved, values paid once are not."""
LEAK_POINTS, COST_POINTS = 21, 21


def roadmap_ranges(spec: RoadmapSpec) -> dict[str, Range]:
    """Return every uncertain input by its dotted name, e.g. ``roadmap.pressure``."""
    found = {f"roadmap.{name}": value for name, value in spec.weights.items()}
    for step in spec.steps:
        found[f"roadmap.{step.id}.step_value_target"] = step.worth_target
        found[f"roadmap.{step.id}.step_value_sender"] = step.worth_sender
        found[f"roadmap.{step.id}.step_detection"] = step.detection
    for party in spec.verifiers:
        for name in ("access", "collusion", "intrusion"):
            found[f"roadmap.{party.code}.{name}"] = getattr(party, name)
    return found


def roadmap_at(spec: RoadmapSpec, values: Values, *, name: Schedule) -> Roadmap:
    """Return the roadmap of a case under a named schedule, batch (draw,)."""

    def by_step(key: str) -> Floats:
        return np.stack([values[f"roadmap.{step.id}.{key}"] for step in spec.steps], axis=-1)

    def weight(key: str) -> Floats:
        return values[f"roadmap.{key}"]

    party = verifier_at(spec, spec.verifiers[0], values)
    worth = PERIOD * by_step("step_value_target")
    return Roadmap(
        relief=schedule(name, step_value_target=worth.mean(axis=0)),
        step_value_target=worth,
        step_value_sender=PERIOD * by_step("step_value_sender"),
        step_detection=party.reports,
        intrusion=party.intrusion,
        benefit=PERIOD * (weight("pressure") * (1.0 - weight("leak")) + weight("gain")),
        relief_cost=PERIOD * weight("relief_cost"),
        discount_target=weight("discount_target"),
        discount_sender=weight("discount_sender"),
        breakdown=weight("breakdown"),
        snapback=weight("snapback"),
        penalty_caught=weight("penalty_caught"),
        cost_renege=weight("cost_renege"),
        cost_snapback=weight("cost_snapback"),
        precision_target=weight("target_precision"),
        precision_sender=weight("sender_precision"),
        horizon=spec.horizon,
    )


def verifier_at(spec: RoadmapSpec, party: VerifierSpec, values: Values) -> Verifier:
    """Return a verifier at some values of the inputs, batch (draw,)."""
    access, collusion, intrusion = (
        values[f"roadmap.{party.code}.{name}"] for name in ("access", "collusion", "intrusion")
    )
    found = np.stack([values[f"roadmap.{step.id}.step_detection"] for step in spec.steps], axis=-1)
    return Verifier(
        party.code,
        found * access[:, None],
        np.repeat(intrusion[:, None], len(spec.steps), axis=1),
        collusion,
        party.takes_warheads,
    )


@dataclass(frozen=True, eq=False)
class RoadmapStudy:
    """The numbers behind the findings; draws run last.

    Attributes
    ----------
    outlooks
        By schedule, over draws.
    roadmap
        Under the proposal, over draws.
    central
        Under the proposal, with every input at its likeliest value, without a batch.
    surface
        Schedules over leak and cost of a broken promise, the rest at its likeliest value.
    best
        Relief that is worth most to the sender at the likeliest values.
    verified
        The proposal under each verifier, over draws.
    swings
        What each input alone does to `advantage`.
    by_precision
        Share of steps really taken under the proposal, by draw.
    """

    spec: RoadmapSpec
    outlooks: dict[Schedule, RoadmapOutlook]
    roadmap: Roadmap
    central: Roadmap
    surface: Schedules
    best: BestSchedule
    verified: tuple[Verified, ...]
    swings: tuple[Swing, ...]
    central_advantage: float
    by_precision: dict[str, Floats]

    @property
    def advantage(self) -> Floats:
        """What the proposal is worth to the sender more than the policy, shape (draw,)."""
        return advantage(self.outlooks, self.spec)

    @property
    def threshold(self) -> Floats:
        """Cost of a broken promise above which all relief at once is kept, shape (draw,)."""
        return self.roadmap.relief_cost / (1.0 - self.roadmap.discount_sender)

    @property
    def is_credible(self) -> Floats:
        """Whether one promise of all relief is kept, shape (draw,)."""
        return promise_is_credible(self.roadmap)

    @property
    def goes_all_the_way(self) -> Floats:
        """Whether relief is worth more to the target than all steps, shape (draw,)."""
        return participates(self.roadmap)


def advantage(outlooks: dict[Schedule, RoadmapOutlook], spec: RoadmapSpec) -> Floats:
    """Return the sender's value of the proposal less that of the policy, shape (draw,)."""
    proposal, policy = outlooks[spec.proposal], outlooks[spec.policy]
    return np.asarray(proposal.value_sender - policy.value_sender)


def study_roadmap(spec: RoadmapSpec, *, seed: int) -> RoadmapStudy:
    """Return all numbers of a case's roadmap.

    Raises
    ------
    ModelError
        When no schedule has a finite value.
    """
    found = roadmap_ranges(spec)
    values, likeliest = drawn(found, draws=spec.draws, seed=seed), modes(found)
    both = (spec.policy, spec.proposal)
    roadmap = roadmap_at(spec, values, name=spec.proposal)
    central = _single(roadmap_at(spec, likeliest, name=spec.proposal))
    return RoadmapStudy(
        spec=spec,
        outlooks=_outlooks(spec, values, SCHEDULES),
        roadmap=roadmap,
        central=central,
        surface=_surface(spec, central),
        best=best_schedule(central),
        verified=compare_verifiers(
            roadmap, [verifier_at(spec, party, values) for party in spec.verifiers]
        ),
        swings=alone(found, lambda moved: advantage(_outlooks(spec, moved, both), spec)),
        central_advantage=float(advantage(_outlooks(spec, likeliest, both), spec)[0]),
        by_precision={
            end: follow(
                roadmap_at(spec, at_precision(found, values, end=end), name=spec.proposal)
            ).dismantled_share
            for end in ("low", "mode", "high")
        },
    )


def _outlooks(
    spec: RoadmapSpec, values: Values, names: tuple[Schedule, ...]
) -> dict[Schedule, RoadmapOutlook]:
    return {name: follow(roadmap_at(spec, values, name=name)) for name in names}


def _single(roadmap: Roadmap) -> Roadmap:
    """Return the first roadmap of a batch (draw,)."""
    return roadmap.at(
        **{
            field.name: getattr(roadmap, field.name)[0]
            for field in fields(roadmap)
            if field.name not in ("relief", "horizon")
        }
    )


def _surface(spec: RoadmapSpec, central: Roadmap) -> Schedules:
    """Schedules over the leak and over the cost of a broken promise, past both ranges."""
    weights = spec.weights
    threshold = float(central.relief_cost / (1.0 - central.discount_sender))
    top = max(weights["cost_renege"].high, 1.25 * threshold)
    return compare_schedules(
        central,
        pressure=PERIOD * weights["pressure"].mode,
        gain=PERIOD * weights["gain"].mode,
        leaks=np.linspace(0.0, max(0.8, weights["leak"].high), LEAK_POINTS),
        costs=np.linspace(0.0, top, COST_POINTS),
    )
