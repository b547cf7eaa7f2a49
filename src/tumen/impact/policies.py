"""From the scenarios of a case to openness: of the target alone, and in the full model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tumen.impact.economy import Economy, Floats
from tumen.impact.shock import Cell, Shock, shock_from_restrictions
from tumen.impact.spec import Ban, Direction, Scenario
from tumen.impact.target_block import Targets

GOODS_END = "construction_utilities"
"""Sectors before this one make goods; an embargo stops goods."""


def goods_of(world: Economy) -> tuple[str, ...]:
    """Return the sectors that make goods."""
    labels = world.sectors.labels
    return labels[: labels.index(GOODS_END)] if GOODS_END in labels else labels


def openness_of(world: Economy, scenario: Scenario, bans: tuple[Ban, ...], flow: str) -> Floats:
    """Return m of the target's flow in a scenario; (partner, sector)."""
    n, j = len(world.countries), len(world.sectors)
    leak = np.full(n, scenario.others_leak)
    for state, value in scenario.leak.items():
        leak[world.countries.place(state)] = value
    open_ = np.ones((n, j))
    if scenario.scope == "all":
        open_[:, world.sectors.places(goods_of(world))] = leak[:, None]
        return open_
    for ban in bans:
        if ban.flow == flow:
            open_[:, world.sectors.place(ban.sector)] = 1 - ban.share * (1 - leak)
    return open_


def floored(opened: Floats, targets: Targets, floor: float | None) -> Floats:
    """Return the openness of imports with a floor where the target has no other supplier."""
    if floor is None:
        return opened
    bought = targets.imports[0] > 0
    is_dead = bought.any(axis=0) & (targets.home[0] <= 0) & ~(bought & (opened > 0)).any(axis=0)
    return np.where(is_dead, floor, opened)


def shock_of(economy: Economy, target: str, scenario: Scenario, bans: tuple[Ban, ...]) -> Shock:
    """Return the shock of a scenario for the full model."""
    others = [name for name in economy.countries if name != target]
    leaks = {name: scenario.leak.get(name, scenario.others_leak) for name in others}
    chosen = bans
    if scenario.scope == "all":
        both: tuple[Direction, ...] = ("exports", "imports")
        chosen = tuple(Ban(sector=s, flow=f) for s in goods_of(economy) for f in both)
    return enforced(economy, target, chosen, leaks=leaks, label=scenario.label)


def enforced(
    economy: Economy, target: str, bans: tuple[Ban, ...], *, leaks: Mapping[str, float], label: str
) -> Shock:
    """Return the shock of bans that each state enforces with its leak."""
    shares: dict[Cell, float] = {}
    for ban in bans:
        for name in leaks:
            pair = (target, name) if ban.flow == "exports" else (name, target)
            shares[*pair, ban.sector] = ban.share
    return shock_from_restrictions(economy, shares, enforcers=leaks, label=label)
