"""Draws over what is not known: elasticities and the target's inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from tumen.core.errors import ModelError
from tumen.impact.attachment import PROXIES, target_parts
from tumen.impact.economy import Economy, Floats
from tumen.impact.elasticities import default_elasticities
from tumen.impact.profile import Profile
from tumen.impact.target_block import Targets
from tumen.numerics.random import stream

Method = Literal["latin", "sobol"]


def quantiles(
    dimensions: int, draws: int, *, seed: int, name: str, method: Method = "latin"
) -> Floats:
    """Return evenly spread points of the unit cube; (draw, dimension).

    Parameters
    ----------
    draws
        A power of two.
    method
        ``latin``: a Latin hypercube, even in every input alone. ``sobol``: a scrambled Sobol
        sequence, even in small groups of inputs too; loads scipy.stats.

    Raises
    ------
    ModelError
        When the number of draws is no power of two.
    """
    if draws < 1 or draws & (draws - 1):
        raise ModelError(f"draws {draws} is no power of two", "uncertainty", "write 256 or 1024")
    random = stream(seed, name)
    if method == "sobol":
        from scipy.stats.qmc import Sobol

        points = Sobol(dimensions, scramble=True, rng=random).random(draws)
        return np.asarray(points, dtype=np.float64)
    strata = np.argsort(random.random((draws, dimensions)), axis=0)
    return np.asarray((strata + random.random((draws, dimensions))) / draws)


def elasticity_ranges(
    sectors: Sequence[str], given: dict[str, float] | None = None
) -> tuple[Floats, Floats]:
    """Return the low and high trade elasticities of the sectors."""
    defaults = default_elasticities([name for name in sectors if name not in (given or {})])
    low = [given[s] / 1.5 if given and s in given else defaults[s].low for s in sectors]
    high = [given[s] * 1.5 if given and s in given else defaults[s].high for s in sectors]
    return np.array(low), np.array(high)


def input_names(world: Economy, profile: Profile) -> tuple[str, ...]:
    """Return the names of all uncertain inputs: elasticities first, then the target's."""
    elasticities = tuple(f"trade elasticity of {sector}" for sector in world.sectors)
    return elasticities + tuple(row.name for row in profile.uncertain)


def draw_targets(
    world: Economy,
    profile: Profile,
    points: Floats,
    *,
    elasticities: dict[str, float] | None = None,
    proxies: tuple[str, ...] = PROXIES,
) -> Targets:
    """Return the target's benchmark at every point of the unit cube.

    Parameters
    ----------
    world
        World without the target.
    points
        Quantiles of the inputs in the order of `input_names`; (draw, input).
    """
    sectors = len(world.sectors)
    low, high = elasticity_ranges(world.sectors.labels, elasticities)
    theta = low * (high / low) ** points[:, :sectors]
    parts = target_parts(world, profile, proxies=proxies, quantiles=points[:, sectors:])
    return Targets(
        output=parts.output,
        home=parts.home,
        exports=parts.exports,
        imports=parts.imports,
        input_share=parts.input_share,
        trade_elasticity=theta,
        partner_spending=world.expenditure,
    )
