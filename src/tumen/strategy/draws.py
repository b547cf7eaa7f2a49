"""From a case to its enforcement game at some values of the inputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tumen.core.errors import CaseError
from tumen.core.nearest import did_you_mean
from tumen.strategy.enforcement import EnforcementGame, Party, Views, Weights, conducts
from tumen.strategy.enforcement_spec import PARTY_WEIGHTS, EnforcementSpec, PartySpec
from tumen.strategy.game import Floats, Game
from tumen.strategy.payoffs import Provider, ReducedForm
from tumen.strategy.ranges import Range
from tumen.strategy.sampling import Values, modes


def ranges(spec: EnforcementSpec) -> dict[str, Range]:
    """Return every uncertain input of the case by its dotted name, e.g. ``CHN.security``."""
    found: dict[str, Range] = dict(spec.weights)
    for party in spec.players:
        own = {
            "listed_trade": party.listed_trade,
            "other_trade": party.other_trade,
            **party.weights,
        }
        if party.compensation:
            own["compensation_capacity"] = party.compensation.capacity
            own["compensation_price"] = party.compensation.price
        if party.presses:
            own["pressing_cost"] = party.presses.cost
            own["pressing_bite"] = party.presses.bite
        if party.belief_strong:
            own["belief_strong"] = party.belief_strong
        own |= {f"channel.{channel.id}": channel.capacity for channel in party.channels}
        found |= {f"{party.code}.{name}": value for name, value in own.items()}
    sender = spec.sender
    found |= {f"{sender.code}.{name}": value for name, value in sender.weights.items()}
    for name in ("penalty_cost", "diplomatic_cost"):
        found |= {
            f"{sender.code}.{name}.{code}": value for code, value in getattr(sender, name).items()
        }
    if sender.belief_strong:
        found[f"{sender.code}.belief_strong"] = sender.belief_strong
    return found


def parties(spec: EnforcementSpec) -> tuple[Party, ...]:
    """Return the third parties with their moves."""
    return tuple(
        Party(
            code=party.code,
            moves=conducts(
                party.levels,
                listed_as=party.listed_as,
                may_compensate=party.compensation is not None,
                may_press=party.presses is not None,
            ),
            is_informed=party.belief_strong is None,
            presses=party.presses.player if party.presses else "",
        )
        for party in spec.players
    )


def capacity_of(party: PartySpec, values: Values) -> Floats:
    """Return the capacity to fill the gap: the sum of the counted channels, shape (draw,)."""
    some = next(iter(values.values()))
    total = np.zeros(some.shape)
    for channel in party.channels:
        if channel.is_counted:
            total = total + values[f"{party.code}.channel.{channel.id}"]
    return total


def sourced_span(party: PartySpec) -> tuple[float, float]:
    """Return the lowest and highest sum of the counted channels."""
    counted = [channel.capacity for channel in party.channels if channel.is_counted]
    return sum(item.low for item in counted), sum(item.high for item in counted)


def reduced_form(spec: EnforcementSpec, values: Values) -> ReducedForm:
    """Return the reduced form at some values of the inputs."""
    return ReducedForm(
        listed=_by_party(spec, values, "listed_trade"),
        other=_by_party(spec, values, "other_trade"),
        surplus=_by_party(spec, values, "trade"),
        passive_backfill=values["passive_backfill"],
    )


def game_at(
    spec: EnforcementSpec, values: Values, *, plan: str = "", provider: Provider | None = None
) -> EnforcementGame:
    """Return the game of a case at some values of the inputs.

    Parameters
    ----------
    plan
        Plan of the sender; the current plan when left out.
    provider
        Gives the outcomes; the reduced form when left out.
    """
    weights = Weights(
        **{name: _by_party(spec, values, name) for name in PARTY_WEIGHTS if name != "trade"},
        compensation_price=_by_party(spec, values, "compensation_price"),
        compensation_capacity=_by_party(spec, values, "compensation_capacity"),
        pressing_cost=_by_party(spec, values, "pressing_cost"),
        pressing_bite=_by_party(spec, values, "pressing_bite"),
        pressure_half=values["pressure_half"],
        pressure_width=values["pressure_width"],
        instability_threshold=values["instability_threshold"],
    )
    capacity = np.stack([capacity_of(party, values) for party in spec.players], axis=-1)
    return EnforcementGame(
        parties=parties(spec),
        weights=weights,
        provider=provider or reduced_form(spec, values),
        capacity=capacity,
        strength=plan_strength(spec, plan or spec.current_plan),
        timing=spec.timing,
        views=_views(spec, values, capacity),
    )


def plan_strength(spec: EnforcementSpec, plan: str) -> Floats:
    """Return the strength of secondary sanctions by party under a plan, shape (party,)."""
    penalties = next(item for item in spec.sender.plans if item.id == plan).penalties
    return np.array([penalties.get(party.code, 0.0) for party in spec.players])


@dataclass(frozen=True, eq=False)
class SenderWeights:
    """What the sender cares about, arrays of shape (draw,) and (draw, party)."""

    security: Floats
    precision: Floats
    cost: Floats
    belief_strong: Floats | None


def sender_weights(spec: EnforcementSpec, values: Values) -> SenderWeights:
    """Return the sender's weights at some values of the inputs."""
    code = spec.sender.code
    nothing = np.zeros_like(values[f"{code}.security"])
    cost = [
        values.get(f"{code}.penalty_cost.{party.code}", nothing)
        + values.get(f"{code}.diplomatic_cost.{party.code}", nothing)
        for party in spec.players
    ]
    return SenderWeights(
        security=values[f"{code}.security"],
        precision=values[f"{code}.precision"],
        cost=np.stack(cost, axis=-1),
        belief_strong=values.get(f"{code}.belief_strong"),
    )


def filler_extremes(spec: EnforcementSpec, capacity: Floats) -> tuple[Floats, Floats]:
    """Return the capacities with the filler's at the bottom and at the top of its sourced range."""
    place = [party.code for party in spec.players].index(spec.filler)
    low, high = sourced_span(spec.players[place])
    weak, strong = capacity.copy(), capacity.copy()
    weak[..., place], strong[..., place] = low, high
    return weak, strong


def _by_party(spec: EnforcementSpec, values: Values, name: str) -> Floats:
    nothing = np.zeros_like(values["pressure_half"])
    return np.stack([values.get(f"{p.code}.{name}", nothing) for p in spec.players], axis=-1)


def _views(spec: EnforcementSpec, values: Values, capacity: Floats) -> Views | None:
    if all(party.belief_strong is None for party in spec.players):
        return None
    half = np.full_like(values["pressure_half"], 0.5)
    strong = np.stack(
        [values.get(f"{party.code}.belief_strong", half) for party in spec.players], axis=-1
    )
    return Views(
        capacity=np.stack(filler_extremes(spec, capacity)),
        weight=np.stack([1.0 - strong, strong]),
    )


def likeliest_game(spec: EnforcementSpec, *, plan: str = "") -> Game:
    """Return a case's game at the likeliest weights, with capacities that all players know.

    Parameters
    ----------
    plan
        Plan of the sender; the current plan when left out.

    Raises
    ------
    CaseError
        When the case has no such plan; the hint names the nearest.

    Examples
    --------
    >>> from tumen.case import load
    >>> from tumen.strategy import likeliest_game
    >>> likeliest_game(load("cases/dprk-2017-backfill").strategy.enforcement).batch
    ()
    """
    plans = [item.id for item in spec.sender.plans]
    if plan and plan not in plans:
        raise CaseError(f"'{plan}' is no plan of this case", "plan", did_you_mean(plan, plans))
    return game_at(spec, modes(ranges(spec)), plan=plan).at(views=None).game().first()
