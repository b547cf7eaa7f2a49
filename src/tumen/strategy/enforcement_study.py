"""All numbers of a case's enforcement game: outlook, plans, tipping, what drives it, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tumen.core.errors import ModelError
from tumen.core.progress import Progress, Step, silent
from tumen.strategy.draws import (
    game_at,
    ranges,
    sender_weights,
    sourced_span,
)
from tumen.strategy.enforcement import TERMS, EnforcementGame, Outlook, play, terms
from tumen.strategy.enforcement_spec import EnforcementSpec
from tumen.strategy.equilibrium import pure_equilibria
from tumen.strategy.game import Floats
from tumen.strategy.plans import Plans, compare
from tumen.strategy.provide import ProviderAt
from tumen.strategy.sampling import Swing, Values, alone, at_precision, drawn, modes
from tumen.strategy.tipping import Tipping, tipping

CAPACITY_POINTS, STRENGTH_POINTS = 25, 21
BAND_CAPACITY_POINTS, BAND_STRENGTH_POINTS, BAND_DRAWS = 13, 11, 100


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why the enforcer prefers one move to another, term by term.

    Attributes
    ----------
    enforcing, standing
        Names of the likeliest move that enforces and of the likeliest that does not.
    difference
        Expected payoff of the first less the second by term, shape (term, draw).
    """

    enforcing: str
    standing: str
    difference: Floats


@dataclass(frozen=True)
class Timings:
    """Probability of enforcement in turn and at once, all players knowing the capacities.

    Attributes
    ----------
    at_once
        None when the simultaneous game has no answer to show; `message` says why.
    pure
        Enforcer's move in each pure equilibrium of the simultaneous game.
    """

    in_turn: float
    at_once: float | None
    message: str
    pure: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Study:
    """The numbers behind the findings; draws run last.

    Attributes
    ----------
    outlook
        How the parties move under the current plan.
    central
        Probability of enforcement with every input at its likeliest value.
    surface, band
        Where enforcement tips: at the likeliest weights, and over draws.
    swings
        What each input does alone, largest first.
    by_precision, by_view
        Probability of enforcement by draw, for each precision and for each sure belief.
    """

    spec: EnforcementSpec
    outlook: Outlook
    central: Floats
    plans: Plans
    surface: Tipping
    band: Tipping
    swings: tuple[Swing, ...]
    explanation: Explanation
    by_precision: dict[str, Floats]
    by_view: dict[str, Floats]
    timing: Timings

    @property
    def enforces(self) -> Floats:
        """Probability that the enforcer enforces, by draw."""
        return self.outlook.at_least(self.spec.enforcer, self.spec.enforces_at)

    @property
    def realised_share(self) -> Floats:
        """Expected share of the enforcer's listed trade that really stops, by draw."""
        place = self.outlook.place(self.spec.enforcer)
        stopped = self.outlook.expected(self.outlook.outcomes.stopped[..., place])
        return np.asarray(stopped / self.outlook.game.provider.listed[..., place])


def study(
    spec: EnforcementSpec,
    *,
    as_of: date,
    seed: int,
    provider_at: ProviderAt,
    progress: Progress = silent,
) -> Study:
    """Return all numbers of the enforcement game of a case.

    Parameters
    ----------
    as_of
        Day on which the sender chooses; plans whose authority is younger are not played.
    provider_at
        Gives the outcomes at some values of the inputs.

    Raises
    ------
    CaseError
        When the current plan has no authority on that day.
    ModelError
        When a simultaneous game cannot be solved safely.
    """
    steps = ("draws", "plans", "tipping", "drivers", "reasons")
    done = iter(range(len(steps)))

    def report(note: str) -> None:
        progress(Step("strategy", next(done), len(steps), note))

    values = drawn(ranges(spec), draws=spec.draws, seed=seed)
    game = game_at(spec, values, provider=provider_at(values))
    report("draws")
    outlook = play(game)
    report("plans")
    plans = compare(spec, game, sender_weights(spec, values), on=as_of)
    report("tipping")
    surface, band = _tipping(spec, values, provider_at)
    report("drivers")
    swings = drivers(spec, provider_at=provider_at)
    report("reasons")
    return Study(
        spec=spec,
        outlook=outlook,
        central=_central(spec, provider_at),
        plans=plans,
        surface=surface,
        band=band,
        swings=swings,
        explanation=explain(spec, game, outlook),
        by_precision=_by_precision(spec, values, provider_at),
        by_view=_by_view(spec, values, provider_at),
        timing=_timings(spec, provider_at),
    )


def _central(spec: EnforcementSpec, provider_at: ProviderAt) -> Floats:
    """Probability of enforcement with every input at its likeliest value, shape (1,)."""
    values = modes(ranges(spec))
    outlook = play(game_at(spec, values, provider=provider_at(values)))
    return outlook.at_least(spec.enforcer, spec.enforces_at)


def _timings(spec: EnforcementSpec, provider_at: ProviderAt) -> Timings:
    values = modes(ranges(spec))
    game = game_at(spec, values, provider=provider_at(values)).at(views=None)
    chance = {}
    message = ""
    for timing in ("sequential", "simultaneous"):
        try:
            outlook = play(game.at(timing=timing))
            chance[timing] = float(outlook.at_least(spec.enforcer, spec.enforces_at)[0])
        except ModelError as error:
            message = error.problems[0].what
    place = [party.code for party in game.parties].index(spec.enforcer)
    moves = game.parties[place].moves
    pure = [moves[profile[place]].name for profile in pure_equilibria(game.game().first())]
    return Timings(
        chance["sequential"], chance.get("simultaneous"), message, tuple(dict.fromkeys(pure))
    )


def drivers(spec: EnforcementSpec, *, provider_at: ProviderAt) -> tuple[Swing, ...]:
    """Return how far each input, alone, moves the probability of enforcement; largest first."""

    def chance(values: Values) -> Floats:
        outlook = play(game_at(spec, values, provider=provider_at(values)))
        return outlook.at_least(spec.enforcer, spec.enforces_at)

    return alone(ranges(spec), chance)


def explain(spec: EnforcementSpec, game: EnforcementGame, outlook: Outlook) -> Explanation:
    """Return why the enforcer prefers enforcing to not enforcing, or the other way, by term.

    The others answer as they would; an enforcer that does not know the filler's capacity weighs
    their answers under its own belief.
    """
    place = outlook.place(spec.enforcer)
    moves = game.parties[place].moves
    chance = outlook.marginal(spec.enforcer).reshape(-1, len(moves)).mean(axis=0)
    is_enforcing = np.array([move.level >= spec.enforces_at for move in moves])
    best = int(np.where(is_enforcing, chance, -1.0).argmax())
    rest = int(np.where(is_enforcing, -1.0, chance).argmax())
    if game.views is None or game.parties[place].is_informed:
        difference = _difference(game, outlook, place, best, rest)
    else:
        weak, strong = (_difference(view.game, view, place, best, rest) for view in outlook.views)
        belief = game.views.weight[1][..., place]
        difference = (1.0 - belief) * weak + belief * strong
    return Explanation(moves[best].name, moves[rest].name, difference)


def _difference(
    game: EnforcementGame, outlook: Outlook, place: int, best: int, rest: int
) -> Floats:
    """Expected terms of one move of a party less those of another, shape (term, *batch)."""
    count = len(game.parties)
    others = np.ones(())
    for k, strategy in enumerate(outlook.strategies):
        known = np.ones_like(strategy) if k == place else strategy
        if game.timing == "simultaneous":
            known = known.reshape(*known.shape[:-1], *(1,) * k, -1)
        others = others[..., None] * known
    batch = outlook.profiles.shape[:-1]
    others = np.broadcast_to(others, (*batch, *game.shape))
    rows = []
    for term in terms(game, outlook.outcomes).values():
        own = np.broadcast_to(term, (*batch, *term.shape[-2:]))[..., place]
        weighted = others * own.reshape(*batch, *game.shape)
        by_move = weighted.sum(axis=tuple(a - count for a in range(count) if a != place))
        rows.append(by_move[..., best] - by_move[..., rest])
    assert len(rows) == len(TERMS)
    return np.array(rows)


def _tipping(
    spec: EnforcementSpec, values: Values, provider_at: ProviderAt
) -> tuple[Tipping, Tipping]:
    likeliest = modes(ranges(spec))
    top = _top_capacity(spec)
    surface = tipping(
        game_at(spec, likeliest, provider=provider_at(likeliest)),
        enforcer=spec.enforcer,
        filler=spec.filler,
        capacities=np.linspace(0.0, top, CAPACITY_POINTS),
        strengths=np.linspace(0.0, 1.0, STRENGTH_POINTS),
        level=spec.enforces_at,
    )
    few = {name: value[:BAND_DRAWS] for name, value in values.items()}
    band = tipping(
        game_at(spec, few, provider=provider_at(few)),
        enforcer=spec.enforcer,
        filler=spec.filler,
        capacities=np.linspace(0.0, top, BAND_CAPACITY_POINTS),
        strengths=np.linspace(0.0, 1.0, BAND_STRENGTH_POINTS),
        level=spec.enforces_at,
    )
    return surface, band


def _top_capacity(spec: EnforcementSpec) -> float:
    """Right end of the capacity axis: past the sourced range and past the enforcer's trade."""
    _, high = sourced_span(spec.player(spec.filler))
    return float(max(1.25 * high, spec.player(spec.enforcer).listed_trade.mode))


def _by_precision(
    spec: EnforcementSpec, values: Values, provider_at: ProviderAt
) -> dict[str, Floats]:
    """Probability of enforcement by draw with every state's precision low, likeliest and high."""
    result = {}
    for end in ("low", "mode", "high"):
        moved = at_precision(ranges(spec), values, end=end)
        outlook = play(game_at(spec, moved, provider=provider_at(moved)))
        result[end] = outlook.at_least(spec.enforcer, spec.enforces_at)
    return result


def _by_view(spec: EnforcementSpec, values: Values, provider_at: ProviderAt) -> dict[str, Floats]:
    """Probability of enforcement by draw when the enforcer is sure of a weak or strong filler."""
    name = f"{spec.enforcer}.belief_strong"
    if name not in values:
        return {}
    result = {}
    for view, belief in (("weak", 0.0), ("strong", 1.0)):
        moved = dict(values) | {name: np.full_like(values[name], belief)}
        outlook = play(game_at(spec, moved, provider=provider_at(moved)))
        result[view] = outlook.at_least(spec.enforcer, spec.enforces_at)
    return result
