"""Flows that do not exist yet: who could step in, and up to how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tumen.core.errors import DataError, ModelError, Problem, raise_all
from tumen.impact.block import LongRun
from tumen.impact.calibration import calibrate_flows
from tumen.impact.economy import Economy, Floats
from tumen.impact.long_run import solve
from tumen.impact.response import Response
from tumen.impact.shock import Cell, Shock, combine, from_cells

SEED = 0.01
"""A latent flow begins at this part of its capacity: small enough to move nothing, not zero."""


NEAR_KM = 5000.0
"""Within this distance a latent flow follows sizes alone."""


@dataclass(frozen=True)
class Latent:
    """A flow that could come about.

    Attributes
    ----------
    exporter, importer, sector
        Which flow.
    capacity
        Most that it could be, in the economy's unit a year.
    source
        Who says so.
    """

    exporter: str
    importer: str
    sector: str
    capacity: float
    source: str

    @property
    def cell(self) -> Cell:
        """Exporter, importer, sector."""
        return self.exporter, self.importer, self.sector


def with_latent(economy: Economy, latent: tuple[Latent, ...]) -> Economy:
    """Return the economy with the seeds of latent flows, taken from the importer's others.

    Changes in ratios cannot make something from nothing; a seed of one part in a hundred of the
    capacity can grow. What the importer spends on the sector stays; its other sellers give way.

    Raises
    ------
    DataError
        When a seed is negative, larger than a half of the purchases, or a country its own partner.
    """
    flows = {flow.cell: SEED * flow.capacity for flow in latent}
    n, place, sector = economy.countries, economy.countries.place, economy.sectors.place
    sales = economy.sales()
    problems = []
    bought = sales.sum(axis=0)
    for cell, value in flows.items():
        i, k, j = place(cell[0]), place(cell[1]), sector(cell[2])
        where = "latent: " + ", ".join(cell)
        if i == k:
            problems.append(Problem(f"{cell[0]} needs no flow to itself", where))
        elif not 0 <= value <= 0.5 * bought[k, j]:
            what = f"{value:g} is negative or more than half of what is bought ({bought[k, j]:g})"
            problems.append(Problem(what, where))
    raise_all(problems, DataError)
    for (exporter, importer, name), value in flows.items():
        i, k, j = place(exporter), place(importer), sector(name)
        sales[:, k, j] *= 1 - value / bought[k, j]
        sales[i, k, j] += value
    home = np.arange(len(n))
    for _ in range(100):
        used = np.einsum("nkj,nj->nk", economy.input_share, sales.sum(axis=1))
        short = used - sales.sum(axis=0)
        if (short <= 0).all():
            break
        sales[home, home] += 1.001 * np.maximum(short, 0.0)
    return calibrate_flows(
        economy.countries,
        economy.sectors,
        sales=sales,
        input_share=economy.input_share,
        trade_elasticity=economy.trade_elasticity,
        tariff=economy.tariff,
        unit=economy.unit,
        notes=economy.notes,
        inputs=economy.inputs,
    )


def solve_with_backfill(
    economy: Economy,
    shock: Shock,
    latent: tuple[Latent, ...],
    *,
    openings: Mapping[str, float] | None = None,
    settings: LongRun | None = None,
) -> Response:
    """Return the counterfactual in which latent flows open, none beyond its capacity.

    The economy must hold the flows' seeds (`with_latent`). Each flow's openness starts at the
    value that would take the seed to capacity at benchmark prices and is lowered until no flow
    exceeds its capacity.

    Parameters
    ----------
    openings
        Part of the capacity that a state lets in, 0 to 1, by importer; 1 when left out.

    Raises
    ------
    ModelError
        When capacities are not met within 60 rounds.
    """
    place, sector = economy.countries.place, economy.sectors.place
    index = tuple(
        np.array(axis)
        for axis in zip(
            *((place(f.exporter), place(f.importer), sector(f.sector)) for f in latent), strict=True
        )
    )
    allowed = np.array([f.capacity * (openings or {}).get(f.importer, 1.0) for f in latent])
    seeds = economy.sales()[index]
    if (seeds <= 0).any():
        missing = latent[int(np.argmax(seeds <= 0))].cell
        raise ModelError(f"the flow {missing} has no seed", "latent", "use with_latent first")
    openness = np.maximum(allowed, 0.0) / seeds
    limit = openness.copy()
    for _ in range(60):
        cells = {f.cell: float(m) for f, m in zip(latent, openness, strict=True)}
        both = combine([shock, from_cells(economy, cells)])
        response = solve(economy, replace(both, label=shock.label), settings=settings)
        flows = response.sales()[index]
        over = flows / np.where(allowed > 0, allowed, 1.0)
        wanted = np.where(allowed > 0, openness / np.maximum(over, 1e-12), 0.0)
        following = np.where(over > 1, wanted, np.minimum(limit, wanted))
        if np.abs(flows - allowed)[over > 1].max(initial=0.0) <= 1e-4 * max(allowed.max(), 1e-12):
            return response
        openness = following
    raise ModelError("the capacities are not met", "latent", "check capacities against purchases")


def gravity_capacity(
    economy: Economy, exporter: str, importer: str, sector: str, *, distance_km: float
) -> float:
    """Return what a flow would be if it followed sizes and distance, in the economy's unit.

    The exporter's output is spread over buyers by what they purchase of the sector; beyond
    `NEAR_KM` twice the distance halves it. A plausible size for a candidate pair, no forecast; an
    analyst's capacity is better.

    Raises
    ------
    ModelError
        When the distance is not positive.

    Examples
    --------
    >>> from tumen.impact import calibrate
    >>> from tumen.impact.latent import gravity_capacity
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> near, far = (
    ...     gravity_capacity(economy, "RUS", "VNM", "coal", distance_km=km) for km in (6700, 13400)
    ... )
    >>> round(near / far, 6)
    2.0
    """
    if not (distance_km > 0 and np.isfinite(distance_km)):
        raise ModelError(f"a distance of {distance_km} km is none", "gravity")
    sector_place = economy.sectors.place(sector)
    made = economy.output[economy.countries.place(exporter), sector_place]
    market = economy.expenditure[economy.countries.place(importer), sector_place]
    world = economy.expenditure[:, sector_place].sum()
    return float(made * market / world * min(1.0, NEAR_KM / distance_km))


def flows_of(response: Response, latent: tuple[Latent, ...]) -> Floats:
    """Return the counterfactual value of latent flows, in the economy's unit."""
    place, sector = response.economy.countries.place, response.economy.sectors.place
    sales = response.sales()
    return np.array([sales[place(f.exporter), place(f.importer), sector(f.sector)] for f in latent])
