"""Choice weights that a shock changes, cell by cell, and what is done when none is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import ModelError
from tumen.core.status import Status
from tumen.impact.economy import Economy, Floats
from tumen.impact.kernel import Kernel
from tumen.impact.missing import RULES, Missing, Raise, do_without
from tumen.impact.shock import Shock

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Cells:
    """Weights of one scenario where they differ from the benchmark.

    Attributes
    ----------
    sector, importer, exporter
        Places of the cells.
    weight
        W of the cells (not their difference).
    received
        W / (1 + t') of the cells.
    note
        What was done about importers without a supplier; empty when there are none.
    kernel
        Technology and tastes of the scenario when buyers do without; None when the economy's hold.
    """

    sector: Places
    importer: Places
    exporter: Places
    weight: Floats
    received: Floats
    note: str = ""
    kernel: Kernel | None = None

    @property
    def has_tariffs(self) -> bool:
        """Whether less than what is paid reaches an exporter in one of the cells."""
        return not np.array_equal(self.weight, self.received)


def no_cells() -> Cells:
    """Return the cells of a scenario that changes nothing."""
    none = np.zeros(0, dtype=np.intp)
    return Cells(none, none, none, np.zeros(0), np.zeros(0))


def cells_of(
    economy: Economy, kernel: Kernel, shock: Shock, *, theta: Floats, missing: Missing
) -> Cells:
    """Return the changed weights of a shock.

    Raises
    ------
    ModelError
        When an importer is left without a supplier of something it buys and `missing` is
        ``Raise()``; it names them.
    """
    if shock.countries != economy.countries or shock.sectors != economy.sectors:
        raise ModelError("the shock belongs to another economy", "solve", "make it from this one")
    if shock.tariff is None:
        j, n, i = shock.sector, shock.importer, shock.exporter
        weight = kernel.weight[j, n, i] * shock.openness
        received = kernel.received[j, n, i] * shock.openness
        changed = weight != kernel.weight[j, n, i]
    else:
        j, n, i, weight, received = _with_tariffs(economy, kernel, shock, theta)
        changed = (weight != kernel.weight[j, n, i]) | (received != kernel.received[j, n, i])
    cells = Cells(j[changed], n[changed], i[changed], weight[changed], received[changed])
    return _revived(economy, kernel, cells, missing)


def _with_tariffs(
    economy: Economy, kernel: Kernel, shock: Shock, theta: Floats
) -> tuple[Places, Places, Places, Floats, Floats]:
    assert shock.tariff is not None
    before = economy.tariff if economy.tariff is not None else np.zeros_like(shock.tariff)
    ratio = ((1 + shock.tariff) / (1 + before)).transpose(2, 1, 0)
    openness = shock.dense().transpose(2, 1, 0)
    weight = kernel.weight * openness * ratio ** -theta[:, None, None]
    received = weight / (1 + shock.tariff.transpose(2, 1, 0))
    j, n, i = np.nonzero((weight != kernel.weight) | (received != kernel.received))
    return j, n, i, weight[j, n, i], received[j, n, i]


def _revived(economy: Economy, kernel: Kernel, cells: Cells, missing: Missing) -> Cells:
    """Give every row of the choice a supplier, as `missing` says."""
    if (cells.weight > 0).all():
        return cells
    sectors, countries = kernel.weight.shape[:2]
    size = sectors * countries
    row = cells.sector * countries + cells.importer
    touched = np.unique(row)
    # What is left is added up, never subtracted: a difference would hide an empty row.
    full = kernel.weight.reshape(size, countries)[touched].copy()
    place = np.searchsorted(touched, row)
    full[place, cells.exporter] = cells.weight
    dead = touched[full.sum(axis=1) <= 0]
    if not len(dead):
        return cells
    spent = kernel.spending.reshape(size)[dead]
    needed = dead[spent > 0]
    names = [
        f"{economy.countries.labels[r % countries]} {economy.sectors.labels[r // countries]}"
        for r in needed
    ]
    if len(needed) and isinstance(missing, Raise):
        listed = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        raise ModelError(
            f"no supplier is left for: {listed}",
            "solve",
            "let a small part leak, or say what happens instead: "
            f'LongRun(missing=missing_rule("floor:0.01")); rules are {RULES}',
            status=Status("infeasible", 0, message=f"no supplier for {listed}"),
        )
    note = _reported(economy, kernel, needed, missing) if len(needed) else ""
    if len(needed) and missing.stops_at is not None:
        return _doing_without(economy, kernel, cells, missing.stops_at, note)
    return _with_suppliers(kernel, cells, needed, dead, missing, note)


def _reported(economy: Economy, kernel: Kernel, needed: Places, missing: Missing) -> str:
    """Say how many purchases lost their suppliers, what they weigh and what is done about them."""
    countries = kernel.weight.shape[1]
    spent = kernel.spending.reshape(-1)[needed]
    by_buyer = np.bincount(needed % countries, weights=spent, minlength=countries)
    part = by_buyer / kernel.spending.sum(axis=0)[:, 0]
    most = int(part.argmax())
    world = 100 * spent.sum() / kernel.spending.sum()
    return (
        f"{len(needed)} purchases without a supplier ({world:.2g} % of world spending, "
        f"{100 * part[most]:.2g} % of that of {economy.countries.labels[most]}): {missing.says}"
    )


def _doing_without(
    economy: Economy, kernel: Kernel, cells: Cells, stops_at: float, note: str
) -> Cells:
    place = cells.sector, cells.importer, cells.exporter
    weight, received = kernel.weight.copy(), kernel.received.copy()
    weight[place], received[place] = cells.weight, cells.received
    without = do_without(kernel, weight, stops_at=stops_at, countries=economy.countries)
    sector, country = np.nonzero(without.stopped)
    received[sector, :, country] = 0.0
    names = [
        f"{economy.countries.labels[n]} {economy.sectors.labels[j]}"
        for j, n in zip(sector, country, strict=True)
    ]
    if names:
        note += f"; stopped: {', '.join(names[:8])}"
        note += f" and {len(names) - 8} more" if len(names) > 8 else ""
    # A row of which nothing is bought takes its price from home cost; it weighs nothing.
    sector, country = np.nonzero(without.dead)
    weight = without.weight
    weight[sector, country, country] = received[sector, country, country] = 1.0
    j, n, i = np.nonzero((weight != kernel.weight) | (received != kernel.received))
    return Cells(j, n, i, weight[j, n, i], received[j, n, i], note, without.kernel)


def refuse_stranded(economy: Economy, kernel: Kernel, shock: Shock, cells: Cells) -> None:
    """Refuse a shock that cuts the world in parts of which one has a deficit nobody can finance.

    Raises
    ------
    ModelError
        With the status ``infeasible`` and the names of the stranded countries.
    """
    if (cells.weight > 0).all():
        return
    before = kernel.weight[cells.sector, cells.importer, cells.exporter] > 0
    change = (cells.weight > 0).astype(np.intp) - before
    if not (change < 0).any():
        return
    links = (kernel.weight > 0).sum(axis=0)
    np.add.at(links, (cells.importer, cells.exporter), change)
    part = _components(links > 0)
    if (part == part[0]).all():
        return
    own = economy.deficit if shock.transfer is None else economy.deficit + shock.transfer
    owed = np.bincount(part, weights=own)
    wrong = np.abs(owed) > 1e-9 * np.bincount(part, weights=economy.value_added)
    if not wrong.any():
        return
    smallest = min(np.flatnonzero(wrong), key=lambda k: int((part == k).sum()))
    names = [economy.countries.labels[k] for k in np.flatnonzero(part == smallest)]
    message = f"{', '.join(names[:6])} cut off from the rest with a deficit or surplus"
    raise ModelError(
        message,
        "solve",
        "balance the economy first, or let a small part leak",
        status=Status("infeasible", 0, message=message),
    )


def _with_suppliers(
    kernel: Kernel, cells: Cells, needed: Places, dead: Places, missing: Missing, note: str
) -> Cells:
    countries = kernel.weight.shape[1]
    row = cells.sector * countries + cells.importer
    weight, received = cells.weight.copy(), cells.received.copy()
    floor = missing.floor
    added: Places = dead
    if floor is not None:
        inside = np.isin(row, needed)
        j, n, i = cells.sector[inside], cells.importer[inside], cells.exporter[inside]
        weight[inside] = floor * kernel.weight[j, n, i]
        received[inside] = floor * kernel.received[j, n, i]
        added = np.setdiff1d(dead, needed)
    # A row of which nothing is bought takes its price from home cost; it weighs nothing.
    home = missing.home_weight(kernel, added, needed)
    j, n = added // countries, added % countries
    old = np.isin(row * countries + cells.exporter, added * countries + n)
    return Cells(
        np.concatenate([cells.sector[~old], j]),
        np.concatenate([cells.importer[~old], n]),
        np.concatenate([cells.exporter[~old], n]),
        np.concatenate([weight[~old], home]),
        np.concatenate([received[~old], home]),
        note,
    )


def _components(links: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the smallest member of the part that each country is linked to, either way."""
    near = links | links.T | np.eye(len(links), dtype=bool)
    part = np.arange(len(links))
    while True:
        nearest = np.where(near, part[None, :], len(links)).min(axis=1)
        if (nearest == part).all():
            return part
        part = nearest
