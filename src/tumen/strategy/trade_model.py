"""Outcomes from the trade model: what bans really stop and cost when prices adjust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tumen.core.errors import CaseError, DataError, ModelError
from tumen.core.progress import Progress, silent
from tumen.impact import Economy, shock_from_restrictions, solve_batch
from tumen.strategy.game import Floats
from tumen.strategy.payoffs import Outcomes, Profiles, ReducedForm

MILLIONS = 1000.0
"""Million dollars of the economy in a billion of the game."""


@dataclass(frozen=True, eq=False)
class EnforcementTable:
    """The trade model's answer to each combination of enforced shares.

    Attributes
    ----------
    enforced
        Enforced share of each party, shape (combination, party); the first row is zero.
    stopped
        Share of the party's listed imports from the target that really stops, same shape.
    lost
        Share of the target's listed exports to all buyers that is lost, shape (combination,).
    welfare
        Equivalent variation of each party, billion dollars a year, (combination, party).
    trade
        Party's trade with the target beside that without enforcement, (combination, party).
    listed
        The parties' listed imports without enforcement, billion dollars a year, (party,).
    exports
        The target's listed exports without enforcement, billion dollars a year.
    """

    enforced: Floats
    stopped: Floats
    lost: Floats
    welfare: Floats
    trade: Floats
    listed: Floats
    exports: float

    @cached_property
    def _rows(self) -> dict[tuple[float, ...], int]:
        return {tuple(np.round(row, 9)): place for place, row in enumerate(self.enforced)}

    def rows(self, levels: Floats) -> list[int]:
        """Return the row of each profile's enforced shares."""
        wanted = np.round(np.maximum(0.0, levels), 9)
        try:
            return [self._rows[tuple(row)] for row in wanted]
        except KeyError as missing:
            raise DataError(f"the trade model was not solved at {missing.args[0]}") from None


def enforcement_table(
    economy: Economy,
    *,
    target: str,
    parties: Sequence[str],
    sectors: Mapping[str, float],
    levels: Sequence[Sequence[float]],
    others_leak: float = 0.0,
    progress: Progress = silent,
) -> EnforcementTable:
    """Solve the trade model, in one batch, for every combination of enforced shares.

    Every state outside the game stops the listed trade with the same leak in all combinations, so
    that what is lost is what the parties add.

    Parameters
    ----------
    economy
        A calibrated economy to which the target is attached.
    sectors
        Share of each sector's exports that is listed.
    levels
        Enforced shares that each party can choose, 0 to 1.
    others_leak
        Share that states outside the game let pass.

    Raises
    ------
    DataError
        When a party or sector is no label of the economy.
    ModelError
        When a scenario has no answer.
    """
    choices = [sorted({0.0, *(max(0.0, level) for level in own)}) for own in levels]
    enforced = np.stack([grid.ravel() for grid in np.meshgrid(*choices, indexing="ij")], axis=-1)
    places = economy.countries.places(parties)
    layers, shares = economy.sectors.places(sectors), np.array(list(sectors.values()))
    buyers = [name for name in economy.countries if name != target]
    banned = {(target, buyer, name): share for buyer in buyers for name, share in sectors.items()}
    shocks = [
        shock_from_restrictions(
            economy,
            banned,
            enforcers=dict.fromkeys(buyers, others_leak)
            | {party: 1.0 - share for party, share in zip(parties, row, strict=True)},
            label=", ".join(f"{p} {s:g}" for p, s in zip(parties, row, strict=True)),
        )
        for row in enforced
    ]
    answer = solve_batch(economy, shocks, watch=(target,), progress=progress)
    for status, label in zip(answer.statuses, answer.labels, strict=True):
        if not status.has_converged:
            raise ModelError(
                f"the trade model has no answer for enforcement {label}: {status.message}",
                status=status,
            )
    exports = answer.exports_of(target)
    both = exports.sum(axis=-1) + answer.imports_of(target).sum(axis=-1)
    leak = np.full((len(enforced), len(economy.countries)), others_leak)
    leak[:, places] = 1.0 - enforced
    listed = (exports[:, :, layers] * listed_part(shares, leak)).sum(axis=-1)
    if listed[0].sum() <= 0:
        raise CaseError(
            f"the economy has no listed exports of {target}",
            "strategy.listed_sectors",
            "name sectors in which it sells abroad",
        )
    return EnforcementTable(
        enforced=enforced,
        stopped=_fall(listed[:, places], otherwise=enforced),
        lost=np.maximum(0.0, 1.0 - listed.sum(axis=-1) / listed[0].sum()),
        welfare=_rise(answer.equivalent_variation[:, places]) / MILLIONS,
        trade=1.0 - _fall(both[:, places], otherwise=np.zeros_like(enforced)),
        listed=listed[0, places] / MILLIONS,
        exports=float(listed[0].sum() / MILLIONS),
    )


def listed_part(share: Floats, leak: Floats) -> Floats:
    """Return the listed part of the trade that goes on in a sector.

    A sector keeps the weight ``1 - b (1 - delta)``, of which ``b delta`` is listed; the rest is
    trade that no list names, which may grow.

    Parameters
    ----------
    share
        Listed share b of each sector, shape (sector,).
    leak
        Leak delta of each buyer, shape (combination, buyer).
    """
    goes_on = share * leak[..., None]
    kept = 1.0 - share + goes_on
    return np.divide(goes_on, kept, out=np.zeros(kept.shape), where=kept > 0)


def _rise(values: Floats) -> Floats:
    """Return values less those of the first row."""
    return np.asarray(values - values[0])


def _fall(values: Floats, *, otherwise: Floats) -> Floats:
    """Return the share by which values fall below the first row; where that is 0, `otherwise`."""
    first = np.broadcast_to(values[0], values.shape)
    share = np.divide(values, first, out=1.0 - otherwise, where=first > 0)
    return np.asarray(1.0 - share)


@dataclass(frozen=True, eq=False)
class TradeModel:
    """Outcomes from the trade model, scaled to drawn trade, with backfill by capacity on top.

    The model's answer is scaled to the drawn listed trade. What the parties bring the target by
    other channels is no trade that the model knows, so it fills the gap within its capacity as
    in the reduced form.

    Attributes
    ----------
    table
        The trade model's answer to each combination of enforced shares.
    reduced
        Drawn trade, surplus and passive backfill.
    """

    table: EnforcementTable
    reduced: ReducedForm

    @property
    def method(self) -> str:
        """One sentence that says how the outcomes come about."""
        return (
            "Outcomes come from the long-run trade model, solved for every combination of enforced "
            "shares and scaled to the drawn trade; other channels fill the gap within their "
            "capacity."
        )

    @property
    def listed(self) -> Floats:
        """Listed trade of each party before the ban."""
        return self.reduced.listed

    @property
    def baseline_share(self) -> Floats:
        """Each party's share of the trade with the target before the ban."""
        return self.reduced.baseline_share

    def outcomes(self, profiles: Profiles, *, capacity: Floats, relief: Floats) -> Outcomes:
        """Return the outcomes of all profiles; see `Provider`."""
        rows = self.table.rows(profiles.levels)
        stopped = self.table.stopped[rows]
        scale = self.listed.sum(axis=-1) / self.table.listed.sum()
        lost = (self.table.lost[rows] * self.table.exports) * scale[..., None]
        filled = self.reduced.fill(
            profiles,
            cut=self.listed[..., None, :] * stopped,
            gap=lost[..., None],
            capacity=capacity,
            relief=relief,
        )
        before = (self.listed + self.reduced.other)[..., None, :]
        surplus = self.reduced.surplus[..., None, :] * filled.taken
        return Outcomes(
            welfare=self.table.welfare[rows] * scale[..., None, None] + surplus,
            pressure=filled.pressure,
            trade=before * self.table.trade[rows] + filled.taken + filled.given,
            stopped=self.listed[..., None, :] * stopped,
            given=filled.given,
        )
