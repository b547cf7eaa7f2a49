"""The enforcement game in a case: players, levers, capacities and weights, each with a reason."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tumen.core.fields import CountryCode, Day, FieldError
from tumen.core.nearest import did_you_mean
from tumen.core.record import Record
from tumen.strategy.ranges import (
    GameSpec,
    Level,
    Range,
    Share,
    Text,
    Word,
    check_probability,
    check_unit,
    check_weights,
    starting_text,
)

PARTY_WEIGHTS = (
    "trade",
    "security",
    "instability",
    "influence",
    "public",
    "detection",
    "exclusion",
    "precision",
)
"""Weights that the case gives for every third party."""

SHARED_WEIGHTS = (
    "pressure_half",
    "pressure_width",
    "instability_threshold",
    "passive_backfill",
)
"""Weights that the case gives once."""

SENDER_WEIGHTS = ("security", "precision")
"""Weights that the case gives for the sender."""

MAX_LEVELS = 41
MAX_PLAYERS = 5
MAX_PROFILES = 2_000
MAX_CELLS = 4_000_000
"""Draws times profiles times plans that are worked out at once."""


class Channel(Record):
    """A way in which a party can fill the gap, with its capacity.

    Attributes
    ----------
    capacity
        Billion US dollars a year that it can bring the target.
    is_counted
        Whether it counts towards the capacity; arms technology, for instance, stands outside.
    """

    id: Word
    text: Text
    capacity: Range
    is_counted: bool = True


class Compensation(Record):
    """Aid and unlisted trade with which a party can soften its own enforcement.

    Attributes
    ----------
    capacity
        What it can add, billion US dollars a year.
    price
        What a dollar of it costs the party.
    """

    capacity: Range
    price: Range
    text: str = ""


class Pressing(Record):
    """A party that can press another to hold back.

    Attributes
    ----------
    player
        Code of the party that is pressed.
    cost
        What pressing costs the party that presses.
    bite
        What it costs the other to fill the gap in full all the same.
    """

    player: CountryCode
    cost: Range
    bite: Range


class PartySpec(Record):
    """A third party.

    Attributes
    ----------
    levels
        Points in [-1, 1]: above 0 the enforced share of the listed trade, 0 stands aside, below 0
        the used share of the capacity to fill the gap.
    listed_as
        ``intervals``: a level stands for the points nearest to it. ``acts``: each level is a
        separate act that counts once.
    listed_trade, other_trade
        Trade with the target before the ban, listed and not, billion US dollars a year.
    channels
        Ways in which it can fill the gap.
    belief_strong
        Its belief that the filler's capacity is at the top of its range, not at the bottom; left
        out when it knows the capacity.
    """

    code: CountryCode
    levels: tuple[Level, ...] = Field(min_length=1, max_length=MAX_LEVELS)
    listed_as: Literal["intervals", "acts"] = "intervals"
    listed_trade: Range
    other_trade: Range
    weights: dict[str, Range]
    channels: tuple[Channel, ...] = ()
    compensation: Compensation | None = None
    presses: Pressing | None = None
    belief_strong: Range | None = None

    @model_validator(mode="after")
    def _has_its_weights(self) -> Self:
        check_weights(self.weights, PARTY_WEIGHTS, player=self.code)
        check_unit(self.listed_trade, "GUSD/year", name="listed_trade")
        check_unit(self.other_trade, "GUSD/year", name="other_trade")
        for channel in self.channels:
            check_unit(channel.capacity, "GUSD/year", name=f"channels: {channel.id}")
        if self.belief_strong is not None:
            check_probability(self.belief_strong, name="belief_strong")
        for name in ("detection",):
            check_probability(self.weights[name], name=name)
        return self


class Plan(Record):
    """Something that the sender can do.

    Attributes
    ----------
    penalties
        Strength of secondary sanctions by the code of the party whose firms they bar, 0 to 1.
    authority
        The legal act that allows it; needed when it bars firms, as is its day.
    available_from
        Day from which that act is in force; the plan is not played before.
    who
        Who has to act.
    """

    id: Word
    text: Text
    penalties: dict[CountryCode, Share] = Field(default_factory=dict)
    authority: str = ""
    available_from: Day | None = None
    who: str = ""
    sources: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _has_authority(self) -> Self:
        if any(self.penalties.values()) and not (self.authority and self.available_from):
            raise FieldError(
                f"plan '{self.id}' bars firms without naming its legal authority and its date",
                "add authority: ... and available_from: 2017-09-20",
            )
        return self


class Sender(Record):
    """The state that imposes secondary sanctions, and its menu of plans.

    Attributes
    ----------
    penalty_cost, diplomatic_cost
        What barring firms of a state in full costs it, by that state, billion US dollars a year.
    belief_strong
        Its belief that the filler's capacity is at the top of its range; not at the bottom.
    """

    code: CountryCode
    plans: tuple[Plan, ...] = Field(min_length=1, max_length=12)
    weights: dict[str, Range]
    penalty_cost: dict[CountryCode, Range] = Field(default_factory=dict)
    diplomatic_cost: dict[CountryCode, Range] = Field(default_factory=dict)
    belief_strong: Range | None = None

    @model_validator(mode="after")
    def _has_its_weights(self) -> Self:
        check_weights(self.weights, SENDER_WEIGHTS, player=self.code)
        ids = [plan.id for plan in self.plans]
        twice = sorted({word for word in ids if ids.count(word) > 1})
        if twice:
            raise FieldError(f"plan '{twice[0]}' stands twice")
        barred = sorted({code for plan in self.plans for code, s in plan.penalties.items() if s})
        for code in barred:
            for name, costs in (
                ("penalty_cost", self.penalty_cost),
                ("diplomatic_cost", self.diplomatic_cost),
            ):
                if code not in costs:
                    raise FieldError(
                        f"{name} of barring firms of {code} is missing",
                        f"add {name}: {{{code}: {starting_text(name, player=code)}}}",
                    )
        for name, costs in (
            ("penalty_cost", self.penalty_cost),
            ("diplomatic_cost", self.diplomatic_cost),
        ):
            for code, found in costs.items():
                check_unit(found, "GUSD/year", name=f"{name}.{code}")
        if self.belief_strong is not None:
            check_probability(self.belief_strong, name="belief_strong")
        return self


class EnforcementSpec(GameSpec):
    """The enforcement game of a case.

    Attributes
    ----------
    players
        Third parties in the order in which they move.
    filler
        Code of the party whose capacity to fill the gap is the axis of the tipping chart.
    enforcer
        Code of the party whose enforcement is asked for.
    enforces_at
        Enforced share from which a party counts as enforcing; what really stops is shown beside.
    current_plan
        The plan under which the outlook is given.
    timing
        Whether the parties move in the order in which they stand, or at once.
    payoffs
        ``reduced_form`` works from trade values; ``trade_model`` from the impact model.
    listed_sectors, others_leak
        For the trade model: share of each sector's exports that is listed, and the share that
        states outside the game let pass.
    """

    players: tuple[PartySpec, ...] = Field(min_length=1, max_length=MAX_PLAYERS)
    sender: Sender
    weights: dict[str, Range]
    enforcer: CountryCode
    filler: CountryCode
    enforces_at: Annotated[float, Field(allow_inf_nan=False, gt=0, le=1)] = 0.75
    current_plan: Word
    timing: Literal["sequential", "simultaneous"] = "sequential"
    payoffs: Literal["reduced_form", "trade_model"] = "reduced_form"
    listed_sectors: dict[Text, Share] = Field(default_factory=dict)
    others_leak: Share = 0.0

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Self:
        check_weights(self.weights, SHARED_WEIGHTS, player="")
        codes = [player.code for player in self.players]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise FieldError(f"player '{twice[0]}' stands twice")
        if self.sender.code in codes:
            raise FieldError(f"the sender {self.sender.code} stands among the third parties")
        named = [("enforcer", self.enforcer), ("filler", self.filler)]
        named += [
            (f"sender.plans: {plan.id}", code)
            for plan in self.sender.plans
            for code in plan.penalties
        ]
        named += [
            (f"players: {player.code}: presses", player.presses.player)
            for player in self.players
            if player.presses
        ]
        for place, code in named:
            if code not in codes:
                raise FieldError(
                    f"{place} names {code}, which is no player", did_you_mean(code, codes)
                )
        plans = [plan.id for plan in self.sender.plans]
        if self.current_plan not in plans:
            raise FieldError(
                f"'{self.current_plan}' is no plan", did_you_mean(self.current_plan, plans)
            )
        self._check_play(codes)
        return self

    def _check_play(self, codes: list[str]) -> None:
        if self.payoffs == "trade_model" and not any(self.listed_sectors.values()):
            raise FieldError(
                "payoffs: trade_model needs the listed sectors",
                "add listed_sectors: {coal: 1, fishing: 1}",
            )
        if self.enforcer == self.filler:
            raise FieldError("the enforcer and the filler are the same party")
        sizes = 1
        for player in self.players:
            extras = (2 if player.compensation else 1) * (2 if player.presses else 1)
            sizes *= len(set(player.levels)) * extras
        if sizes > MAX_PROFILES:
            raise FieldError(
                f"the players' moves make {sizes:,} profiles; at most {MAX_PROFILES:,} are played",
                "list fewer levels",
            )
        cells = sizes * self.draws * len(self.sender.plans)
        if cells > MAX_CELLS:
            raise FieldError(
                f"{self.draws:,} draws of {sizes:,} profiles under {len(self.sender.plans)} plans "
                f"make {cells:,} cells; at most {MAX_CELLS:,} are worked out",
                f"write draws: {max(100, MAX_CELLS // (sizes * len(self.sender.plans)))} or less",
            )
        filler = self.players[codes.index(self.filler)]
        if not any(channel.is_counted for channel in filler.channels):
            raise FieldError(
                f"the filler {self.filler} has no channel with a capacity", "add channels: ..."
            )
        informed = [player.belief_strong is None for player in self.players]
        if informed != sorted(informed):
            raise FieldError(
                "a player with belief_strong moves after one without",
                "list players that do not know the capacity first",
            )
        if self.timing == "simultaneous" and not all(informed):
            raise FieldError(
                "belief_strong needs timing: sequential", "leave belief_strong out, or the timing"
            )

    def player(self, code: str) -> PartySpec:
        """Return the third party with this code."""
        return next(player for player in self.players if player.code == code)
