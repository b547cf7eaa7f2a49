"""What a profile of moves does to pressure, trade and welfare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tumen.core.errors import DataError
from tumen.strategy.game import Floats


@dataclass(frozen=True, eq=False)
class Profiles:
    """Every combination of the third parties' moves, the last party's move running fastest.

    Attributes
    ----------
    levels
        Enforced share (above 0) or used backfill capacity (below 0), shape (profile, party).
    compensation
        Share of the capacity to compensate that is used, shape (profile, party).
    """

    levels: Floats
    compensation: Floats


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What follows from each profile, money in billion US dollars a year.

    Attributes
    ----------
    welfare
        Welfare change of each party, shape (*batch, profile, party).
    pressure
        Export revenue that the target loses, shape (*batch, profile).
    trade
        Each party's trade with the target, shape (*batch, profile, party).
    stopped
        Listed trade that each party really stops, shape (*batch, profile, party).
    given
        Aid and unlisted trade that each party adds, shape (*batch, profile, party).
    """

    welfare: Floats
    pressure: Floats
    trade: Floats
    stopped: Floats
    given: Floats

    @property
    def share(self) -> Floats:
        """Each party's share of the trade with the target; 0 when there is no trade."""
        total = self.trade.sum(axis=-1, keepdims=True)
        result: Floats = np.divide(
            self.trade,
            total,
            out=np.zeros(self.trade.shape),
            where=np.broadcast_to(total > 0, self.trade.shape),
        )
        return result


class Provider(Protocol):
    """Gives the outcomes of profiles; arrays of capacities broadcast with the provider's draws."""

    @property
    def method(self) -> str:
        """One sentence that says how the outcomes come about."""

    @property
    def listed(self) -> Floats:
        """Listed trade of each party before the ban, shape (*batch, party)."""

    @property
    def baseline_share(self) -> Floats:
        """Each party's share of the trade with the target before the ban, (*batch, party)."""

    def outcomes(self, profiles: Profiles, *, capacity: Floats, relief: Floats) -> Outcomes:
        """Return the outcomes of all profiles.

        Parameters
        ----------
        profiles
            Levels and compensation of every profile.
        capacity
            Trade that each party can take over, shape (*batch, party).
        relief
            Aid and unlisted trade that each party can add, shape (*batch, party).
        """


@dataclass(frozen=True, eq=False)
class ReducedForm:
    """Outcomes from trade values alone: cut trade is lost unless another party takes it over.

    Attributes
    ----------
    listed
        Listed trade of each party with the target, shape (*batch, party).
    other
        Its unlisted trade with the target, shape (*batch, party).
    surplus
        Welfare per dollar of listed trade (mu), shape (*batch, party).
    passive_backfill
        Share of free capacity that is used without the state's help (s0), shape (*batch,).

    Raises
    ------
    DataError
        When a value is not finite or negative.
    """

    listed: Floats
    other: Floats
    surplus: Floats
    passive_backfill: Floats

    def __post_init__(self) -> None:
        for name in ("listed", "other", "surplus", "passive_backfill"):
            values = np.asarray(getattr(self, name), dtype=np.float64)
            if not np.isfinite(values).all() or (values < 0).any():
                raise DataError(f"{name} must be finite and not negative")
            object.__setattr__(self, name, values)

    @property
    def method(self) -> str:
        """One sentence that says how the outcomes come about."""
        return (
            "Outcomes come from the reduced form: trade that is cut is lost to the target unless "
            "another party takes it over within its capacity; prices do not adjust."
        )

    @property
    def baseline_share(self) -> Floats:
        """Each party's share of the trade with the target before the ban."""
        trade = self.listed + self.other
        total = trade.sum(axis=-1, keepdims=True)
        result: Floats = np.divide(trade, total, out=np.zeros(trade.shape), where=total > 0)
        return result

    def outcomes(self, profiles: Profiles, *, capacity: Floats, relief: Floats) -> Outcomes:
        """Return the outcomes of all profiles; see `Provider`."""
        cut = self.listed[..., None, :] * np.maximum(0.0, profiles.levels)
        filled = self.fill(
            profiles,
            cut=cut,
            gap=cut.sum(axis=-1, keepdims=True),
            capacity=capacity,
            relief=relief,
        )
        before = (self.other + self.listed)[..., None, :]
        return Outcomes(
            welfare=self.surplus[..., None, :] * (filled.taken - cut),
            pressure=filled.pressure,
            trade=before - cut + filled.taken + filled.given,
            stopped=cut,
            given=filled.given,
        )

    def fill(
        self, profiles: Profiles, *, cut: Floats, gap: Floats, capacity: Floats, relief: Floats
    ) -> Filled:
        """Return how the gap is filled: by capacity, then by compensation.

        Parameters
        ----------
        cut
            Listed trade that each party stops, shape (*batch, profile, party).
        gap
            What the target loses in all before anyone fills it, shape (*batch, profile, 1).
        """
        x = profiles.levels
        passive = self.passive_backfill[..., None, None]
        willing = np.where(x > 0, 0.0, passive + (1.0 - passive) * np.maximum(0.0, -x))
        free = np.maximum(0.0, gap - cut)
        taken = willing * np.minimum(capacity[..., None, :], free)
        total = taken.sum(axis=-1, keepdims=True)
        # More takers than trade: each takes in proportion.
        taken = taken * _ratio(gap, total)
        unfilled = np.maximum(0.0, gap - taken.sum(axis=-1, keepdims=True))
        offered = profiles.compensation * relief[..., None, :]
        given = offered * _ratio(unfilled, offered.sum(axis=-1, keepdims=True))
        pressure = np.maximum(0.0, unfilled - given.sum(axis=-1, keepdims=True))[..., 0]
        return Filled(taken, given, pressure)


@dataclass(frozen=True, eq=False)
class Filled:
    """How a gap is filled.

    Attributes
    ----------
    taken, given
        Trade taken over, and aid and unlisted trade added, shape (*batch, profile, party).
    pressure
        What the target still loses, shape (*batch, profile).
    """

    taken: Floats
    given: Floats
    pressure: Floats


def _ratio(most: Floats, total: Floats) -> Floats:
    """Return the factor that keeps a total within a bound; 1 where it is within."""
    most, total = np.broadcast_arrays(most, total)
    factor: Floats = np.divide(most, total, out=np.ones(total.shape), where=total > most)
    return factor
