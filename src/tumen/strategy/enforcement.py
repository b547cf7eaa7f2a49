"""The enforcement game: how far third parties enforce a ban while others may fill the gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from tumen.core.errors import DataError
from tumen.strategy.equilibrium import backward_recursion, inside, outside, solve_at_once
from tumen.strategy.game import Floats, Game, ListedAs, Move, Payoffs, Player, Timing, moves_at
from tumen.strategy.payoffs import Outcomes, Profiles, Provider

TERMS = (
    "trade",
    "security",
    "instability",
    "influence",
    "public",
    "penalties",
    "compensation",
    "pressing",
)
"""Terms of a third party's payoff, in the order of the equation."""


@dataclass(frozen=True)
class Conduct(Move):
    """A move of a third party: a level, with or without compensation and pressing a partner.

    Attributes
    ----------
    compensates
        Share of the capacity to compensate that is used.
    presses
        How hard the partner is pressed to hold back, 0 to 1.
    """

    compensates: float = 0.0
    presses: float = 0.0


def conducts(
    levels: Sequence[float],
    *,
    listed_as: ListedAs = "intervals",
    may_compensate: bool = False,
    may_press: bool = False,
) -> tuple[Conduct, ...]:
    """Return a party's moves: each level, alone and with each act that it may add.

    The acts share the width of their level, so that listing them does not favour a level.

    Raises
    ------
    DataError
        When a level lies outside [-1, 1].
    """
    outside_scale = [level for level in levels if not -1.0 <= level <= 1.0]
    if outside_scale:
        raise DataError(f"level {outside_scale[0]:g} lies outside [-1, 1]")
    aids = (0.0, 1.0) if may_compensate else (0.0,)
    presses = (0.0, 1.0) if may_press else (0.0,)
    return tuple(
        Conduct(
            move.name + (" with compensation" if aid else "") + (" and pressing" if press else ""),
            move.level,
            move.low,
            move.high,
            move.width / (len(aids) * len(presses)),
            aid,
            press,
        )
        for move in moves_at(levels, listed_as=listed_as)
        for aid in aids
        for press in presses
    )


@dataclass(frozen=True)
class Party:
    """A third party: what it can do, whether it knows the capacities, whom it presses.

    Attributes
    ----------
    is_informed
        Whether it knows the true capacities; else it chooses on its belief about them.
    presses
        Code of the party that it may press; empty when none.
    """

    code: str
    moves: tuple[Conduct, ...]
    is_informed: bool = True
    presses: str = ""


@dataclass(frozen=True, eq=False)
class Weights:
    """Willingness to pay for each thing that a third party cares about, billion dollars a year.

    Arrays by party have the shape (*batch, party), the others (*batch,).
    """

    security: Floats
    instability: Floats
    influence: Floats
    public: Floats
    detection: Floats
    exclusion: Floats
    precision: Floats
    compensation_price: Floats
    compensation_capacity: Floats
    pressing_cost: Floats
    pressing_bite: Floats
    pressure_half: Floats
    pressure_width: Floats
    instability_threshold: Floats

    def __post_init__(self) -> None:
        for field in fields(self):
            values = np.asarray(getattr(self, field.name), dtype=np.float64)
            if not np.isfinite(values).all():
                raise DataError(f"weight '{field.name}' is not finite")
            object.__setattr__(self, field.name, values)
        if (self.pressure_width <= 0).any() or (self.instability_threshold <= 0).any():
            raise DataError("the width of the pressure curve and the threshold must be above 0")


@dataclass(frozen=True, eq=False)
class Views:
    """What parties believe about capacities when they do not know them.

    Attributes
    ----------
    capacity
        Capacities under each view, shape (view, *batch, party).
    weight
        Each party's weight on each view, shape (view, *batch, party); sums to 1 over views.
    """

    capacity: Floats
    weight: Floats

    def __post_init__(self) -> None:
        if (self.weight < 0).any() or not np.allclose(self.weight.sum(axis=0), 1.0):
            raise DataError("a belief must be a set of weights that sum to 1")


@dataclass(frozen=True, eq=False)
class EnforcementGame:
    """Third parties in order of play, what they care about, and what they face.

    Attributes
    ----------
    parties
        In the order in which they move.
    capacity
        Trade that each party can take over, billion dollars a year, shape (*batch, party).
    strength
        Secondary sanctions against each party's firms, 0 to 1, shape (*batch, party).
    views
        What parties that are not informed believe about the capacities.

    Raises
    ------
    DataError
        When the arrays do not fit, or an uninformed party moves after an informed one.
    """

    parties: tuple[Party, ...]
    weights: Weights
    provider: Provider
    capacity: Floats
    strength: Floats
    timing: Timing = "sequential"
    views: Views | None = None

    def __post_init__(self) -> None:
        count = len(self.parties)
        for name in ("capacity", "strength"):
            values = np.asarray(getattr(self, name), dtype=np.float64)
            if values.shape[-1:] != (count,) or not np.isfinite(values).all() or (values < 0).any():
                raise DataError(f"{name} must be finite, not negative, and end in {count} parties")
            object.__setattr__(self, name, values)
        if (self.strength > 1).any():
            raise DataError("the strength of secondary sanctions lies in [0, 1]")
        informed = [party.is_informed for party in self.parties]
        if self.views is not None and informed != sorted(informed):
            raise DataError(
                "a party that does not know the capacities moves after one that does",
                hint="list it earlier: it would learn from what it sees",
            )
        if self.views is not None and self.timing == "simultaneous":
            raise DataError("beliefs about capacity need sequential timing")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of moves of each party."""
        return tuple(len(party.moves) for party in self.parties)

    @property
    def players(self) -> tuple[Player, ...]:
        """The parties as players, with their precision averaged over the batch."""
        precision = self.weights.precision.reshape(-1, self.weights.precision.shape[-1])
        return tuple(
            Player(party.code, party.moves, float(precision[:, k].mean()))
            for k, party in enumerate(self.parties)
        )

    @cached_property
    def profiles(self) -> Profiles:
        """Every combination of moves."""
        places = np.indices(self.shape).reshape(len(self.shape), -1)
        moves = [
            [party.moves[place] for place in row]
            for party, row in zip(self.parties, places, strict=True)
        ]
        return Profiles(
            levels=np.array([[move.level for move in row] for row in moves]).T,
            compensation=np.array([[move.compensates for move in row] for row in moves]).T,
        )

    @cached_property
    def pressing(self) -> Floats:
        """How hard each party presses, shape (profile, party)."""
        places = np.indices(self.shape).reshape(len(self.shape), -1)
        return np.array(
            [
                [party.moves[place].presses for place in row]
                for party, row in zip(self.parties, places, strict=True)
            ]
        ).T

    def at(self, **changes: object) -> EnforcementGame:
        """Return the game with some of its fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def outcomes(self, capacity: Floats | None = None) -> Outcomes:
        """Return the outcomes of every profile, at other capacities when they are given."""
        return self.provider.outcomes(
            self.profiles,
            capacity=self.capacity if capacity is None else capacity,
            relief=self.weights.compensation_capacity,
        )

    def game(self) -> Game:
        """Return the game with its payoffs worked out, for one view of the capacities.

        Raises
        ------
        DataError
            When the precision differs over the batch; `play` handles that.
        """
        precision = self.weights.precision.reshape(-1, len(self.parties))
        if not (precision == precision[0]).all():
            raise DataError("a Game has one precision per player", hint="call play instead")
        payoffs = utilities(self, self.outcomes())
        return Game(self.players, Payoffs(payoffs), self.timing)


def yields(pressure: Floats, weights: Weights) -> Floats:
    """Return the chance that the target yields under pressure, shape (*batch, profile)."""
    half = weights.pressure_half[..., None]
    width = weights.pressure_width[..., None]
    # The logistic function by way of tanh: no overflow far from the half.
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * (pressure - half) / width))


def terms(game: EnforcementGame, outcomes: Outcomes) -> dict[str, Floats]:
    """Return the terms of the third parties' payoffs.

    ``u_i = dY_i + w_sec pi(P) - w_ins max(0, P/P_h - 1)^2 + w_inf (M_i - M_i0)
    + w_norm max(0, x_i) - s_i pi_det (1 - x_i) SS_i - price C_i - pressing``.

    Returns
    -------
    terms
        By the names in `TERMS`; each broadcasts to (*batch, profile, party), in billion dollars
        a year.
    """
    w, x = game.weights, game.profiles.levels
    pressure = outcomes.pressure
    excess = np.maximum(0.0, pressure / w.instability_threshold[..., None] - 1.0)[..., None]
    exposure = game.strength * w.detection * w.exclusion
    return {
        "trade": outcomes.welfare,
        "security": w.security[..., None, :] * yields(pressure, w)[..., None],
        "instability": -w.instability[..., None, :] * excess**2,
        "influence": w.influence[..., None, :]
        * (outcomes.share - game.provider.baseline_share[..., None, :]),
        "public": w.public[..., None, :] * np.maximum(0.0, x),
        "penalties": -exposure[..., None, :] * (1.0 - x),
        "compensation": -w.compensation_price[..., None, :] * outcomes.given,
        "pressing": _pressing(game),
    }


def _pressing(game: EnforcementGame) -> Floats:
    """Cost of pressing to those who press, and of refusing to those who are pressed."""
    w, x = game.weights, game.profiles.levels
    codes = [party.code for party in game.parties]
    result = -w.pressing_cost[..., None, :] * game.pressing
    for k, party in enumerate(game.parties):
        if party.presses in codes:
            pressed = codes.index(party.presses)
            refused = game.pressing[:, k] * np.maximum(0.0, -x[:, pressed])
            result[..., pressed] -= w.pressing_bite[..., None, k] * refused
    return result


def utilities(game: EnforcementGame, outcomes: Outcomes) -> Floats:
    """Return the third parties' payoffs, shape (*batch, party, n_1, ..., n_N)."""
    total: Floats = np.zeros(())
    for term in terms(game, outcomes).values():
        total = total + term
    total = np.moveaxis(total, -1, -2)
    return total.reshape(*total.shape[:-1], *game.shape)


@dataclass(frozen=True, eq=False)
class Outlook:
    """How the third parties move, and what follows.

    Attributes
    ----------
    profiles
        Probability of each profile under the true capacities, shape (*batch, profile).
    strategies
        Per party the choice given the moves before it, (*batch, n_1, ..., n_k).
    values
        Expected payoffs, shape (*batch, party).
    outcomes
        What follows from each profile.
    views
        The same where the capacities of a view are the true ones, for each view of the game.
    """

    game: EnforcementGame
    profiles: Floats
    strategies: tuple[Floats, ...]
    values: Floats
    outcomes: Outcomes
    views: tuple[Outlook, ...] = ()

    def place(self, code: str) -> int:
        """Return the place of a party in the order of play."""
        codes = [party.code for party in self.game.parties]
        if code not in codes:
            raise DataError(f"'{code}' is no party of this game", hint=f"valid: {', '.join(codes)}")
        return codes.index(code)

    def marginal(self, code: str) -> Floats:
        """Return the probability of each move of a party, shape (*batch, move)."""
        place, count = self.place(code), len(self.game.parties)
        grid = self.profiles.reshape(*self.profiles.shape[:-1], *self.game.shape)
        return np.asarray(grid.sum(axis=tuple(a - count for a in range(count) if a != place)))

    def at_least(self, code: str, level: float) -> Floats:
        """Return the probability that a party enforces at least `level`, shape (*batch)."""
        moves = self.game.parties[self.place(code)].moves
        above = np.array([move.share_above(level) for move in moves])
        return np.asarray(self.marginal(code) @ above)

    def is_active(self, code: str) -> Floats:
        """Return the probability that a party fills the gap actively, shape (*batch).

        Without capacity a move below zero is the same as standing aside, and counts as that.
        """
        moves = self.game.parties[self.place(code)].moves
        chance = self.marginal(code) @ np.array([1.0 - move.share_above(0.0) for move in moves])
        return np.where(self.game.capacity[..., self.place(code)] > 0, chance, 0.0)

    def expected_level(self, code: str) -> Floats:
        """Return a party's expected level, shape (*batch)."""
        moves = self.game.parties[self.place(code)].moves
        return np.asarray(self.marginal(code) @ np.array([move.level for move in moves]))

    def expected(self, values: Floats) -> Floats:
        """Return the mean over profiles of values of shape (*batch, profile)."""
        return np.asarray((self.profiles * values).sum(axis=-1))

    @property
    def pressure(self) -> Floats:
        """Expected export revenue that the target loses, billion dollars a year."""
        return self.expected(self.outcomes.pressure)

    @property
    def leak(self) -> Floats:
        """Share of the full loss that does not come about: 1 - E[P] / all listed trade."""
        return np.asarray(1.0 - self.pressure / self.game.provider.listed.sum(axis=-1))


def play(game: EnforcementGame) -> Outlook:
    """Return how the third parties move and what follows, for the whole batch.

    Raises
    ------
    ModelError
        When a simultaneous game cannot be solved safely.
    """
    if game.timing == "simultaneous":
        return _play_simultaneously(game)
    count = len(game.parties)
    capacities = () if game.views is None else tuple(game.views.capacity)
    outcomes = [game.outcomes(capacity) for capacity in (*capacities, game.capacity)]
    by_view = [utilities(game, each) for each in outcomes]
    batch = np.broadcast_shapes(*(values.shape[: -count - 1] for values in by_view))
    payoffs = np.stack(
        [
            inside(np.broadcast_to(v, (*batch, count, *game.shape)), trailing=count + 1)
            for v in by_view
        ]
    )
    belief = None
    if game.views is not None:
        # What is true comes last and nobody who does not know it puts weight on it.
        weight = _by_player(game.views.weight, batch)
        belief = np.concatenate([weight, np.zeros((1, *weight.shape[1:]))])
    precision = _by_player(game.weights.precision[None], batch)[0]
    strategies, values = backward_recursion(
        payoffs,
        log_width=tuple(player.log_width for player in game.players),
        precision=precision,
        belief=belief,
        is_informed=tuple(party.is_informed for party in game.parties),
    )

    def outlook(view: int, seen: EnforcementGame) -> Outlook:
        chosen = tuple(outside(s[view], leading=k + 1) for k, s in enumerate(strategies))
        probability: Floats = np.ones(())
        for strategy in chosen:
            probability = probability[..., None] * strategy
        flat = probability.reshape(*probability.shape[:-count], -1)
        return Outlook(seen, flat, chosen, outside(values[view], leading=1), outcomes[view])

    views = (outlook(k, game.at(capacity=each)) for k, each in enumerate(capacities))
    return replace(outlook(-1, game), views=tuple(views))


def _by_player(values: Floats, batch: tuple[int, ...]) -> Floats:
    """Turn (view, *batch, party) into (view, party, *batch) with every batch axis in its place."""
    spare = len(batch) - (values.ndim - 2)
    moved = np.moveaxis(values, -1, 1)
    return moved.reshape(*moved.shape[:2], *(1,) * spare, *moved.shape[2:])


def _play_simultaneously(game: EnforcementGame) -> Outlook:
    count = len(game.parties)
    outcomes = game.outcomes()
    payoffs = utilities(game, outcomes)
    precision = game.weights.precision
    batch = np.broadcast_shapes(payoffs.shape[: -count - 1], precision.shape[:-1])
    strategies, values = solve_at_once(
        np.broadcast_to(payoffs, (*batch, count, *game.shape)),
        log_width=tuple(player.log_width for player in game.players),
        precision=np.broadcast_to(precision, (*batch, count)),
    )
    probability: Floats = np.ones(())
    for k, strategy in enumerate(strategies):
        own = strategy.reshape(*batch, *(1,) * k, -1)
        probability = probability[..., None] * own
    flat = probability.reshape(*batch, -1)
    return Outlook(game, flat, strategies, values, outcomes)
