"""The sender's plans, each from the day on which its legal authority exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tumen.core.errors import CaseError
from tumen.strategy.draws import SenderWeights, filler_extremes, plan_strength
from tumen.strategy.enforcement import EnforcementGame, Outlook, play, yields
from tumen.strategy.enforcement_spec import EnforcementSpec, Plan
from tumen.strategy.game import Floats


@dataclass(frozen=True, eq=False)
class Plans:
    """What each plan is worth to the sender, and how the third parties answer.

    Attributes
    ----------
    plans
        Plans whose authority exists, in the order of the case.
    later
        Plans whose authority does not exist yet.
    value
        Billion US dollars a year to the sender, shape (plan, draw).
    chance
        Probability that the sender chooses each plan, shape (plan, draw).
    outlook
        The third parties' answer, batch (plan, draw).
    """

    plans: tuple[Plan, ...]
    later: tuple[Plan, ...]
    value: Floats
    chance: Floats
    outlook: Outlook

    @property
    def is_best(self) -> Floats:
        """Share of the draws in which each plan is worth most, shape (plan,)."""
        first = np.bincount(self.value.argmax(axis=0), minlength=len(self.plans))
        return np.asarray(first / self.value.shape[1])


def available(spec: EnforcementSpec, *, on: date) -> tuple[tuple[Plan, ...], tuple[Plan, ...]]:
    """Return the plans whose legal authority exists on a day, and those whose does not.

    Raises
    ------
    CaseError
        When none is available, or the current plan is not.
    """
    now = tuple(p for p in spec.sender.plans if p.available_from is None or p.available_from <= on)
    later = tuple(plan for plan in spec.sender.plans if plan not in now)
    if spec.current_plan not in [plan.id for plan in now]:
        plan = next(item for item in spec.sender.plans if item.id == spec.current_plan)
        raise CaseError(
            f"the current plan '{plan.id}' rests on an authority of {plan.available_from}, "
            f"after {on}",
            "strategy.enforcement.current_plan",
            "name a plan whose authority exists, for example one without penalties",
        )
    return now, later


def compare(
    spec: EnforcementSpec, game: EnforcementGame, sender: SenderWeights, *, on: date
) -> Plans:
    """Return what each available plan is worth to the sender.

    ``u_S = w_sec pi(P) - sum_i s_i (c_i + w_dip_i)``, with the chance of yielding taken under the
    sender's own belief about the filler's capacity; the sender's choice is logit, as everyone's.
    """
    now, later = available(spec, on=on)
    strength = np.stack([plan_strength(spec, plan.id) for plan in now])
    menu = game.at(strength=strength[:, None, :])
    outlook = play(menu)
    chance_to_yield = _yielding(spec, menu, outlook, sender)
    cost = (strength[:, None, :] * sender.cost).sum(axis=-1)
    value = sender.security * chance_to_yield - cost
    exponent = sender.precision * value
    chance = np.exp(exponent - exponent.max(axis=0))
    return Plans(now, later, value, chance / chance.sum(axis=0), outlook)


def _yielding(
    spec: EnforcementSpec, menu: EnforcementGame, outlook: Outlook, sender: SenderWeights
) -> Floats:
    """Return the chance that the target yields as the sender sees it, shape (plan, draw)."""
    if sender.belief_strong is None:
        return outlook.expected(yields(outlook.outcomes.pressure, menu.weights))
    views = outlook.views or [
        play(menu.at(capacity=capacity)) for capacity in filler_extremes(spec, menu.capacity)
    ]
    weak, strong = (view.expected(yields(view.outcomes.pressure, menu.weights)) for view in views)
    return (1.0 - sender.belief_strong) * weak + sender.belief_strong * strong
