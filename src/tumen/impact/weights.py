"""Choice weights of a batch of shocks: the benchmark matrix, shared, and what each one changes.

A sanction changes few cells. The batch shares the benchmark matrix and each scenario adds a sparse
correction; a row that loses much of its weight is written out in full instead, so that no digits
are lost in a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import ModelError
from tumen.core.status import Status
from tumen.impact.economy import Economy, Floats
from tumen.impact.kernel import Kernel
from tumen.impact.missing import Missing, Raise
from tumen.impact.shock import Shock

FULL_ROW = 0.1
"""A row is written out when its weights change by more than this part of the whole."""

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
    """

    sector: Places
    importer: Places
    exporter: Places
    weight: Floats
    received: Floats
    note: str = ""


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
            "say what happens: LongRun(missing=Floor(0.001)) or Backstop(3.0), "
            "of tumen.impact.missing",
            status=Status("infeasible", 0, message=f"no supplier for {listed}"),
        )
    share = kernel.spending.reshape(size)[needed].sum() / kernel.spending.sum()
    note = ""
    if len(needed):
        note = (
            f"{len(needed)} purchases without a supplier ({100 * share:.2g} % of world spending): "
        )
        note += f"{missing.says}"
    return _with_suppliers(kernel, cells, needed, dead, missing, note)


def refuse_stranded(economy: Economy, kernel: Kernel, shock: Shock, cells: Cells) -> None:
    """Refuse a shock that cuts the world in parts of which one has a deficit nobody can finance.

    Raises
    ------
    ModelError
        With the status ``infeasible`` and the names of the stranded countries.
    """
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


@dataclass(frozen=True, eq=False)
class Weights:
    """Choice weights of a block of scenarios.

    Attributes
    ----------
    shared, shared_received
        Benchmark matrices; (sector, importer, exporter).
    kept_rows, kept_columns
        1 where the benchmark's product counts, 0 where a row is written out; or None for all 1.
        Shape (sector, country, scenario).
    forward, backward
        Sparse corrections, or None: of the sum over suppliers and of the sum over buyers.
    forward_received
        As `forward`, for what reaches the exporter; None without tariffs.
    """

    shared: Floats
    shared_received: Floats
    kept_rows: Floats | None
    kept_columns: Floats | None
    forward: Correction | None
    backward: Correction | None
    kept_rows_received: Floats | None = None
    forward_received: Correction | None = None
    has_tariffs: bool = False

    def appeal(self, attraction: Floats) -> Floats:
        """Sum of W u over suppliers; (sector, importer, scenario)."""
        return _product(self.shared, self.kept_rows, self.forward, attraction)

    def received(self, attraction: Floats) -> Floats:
        """Sum of W u / (1 + t') over suppliers; (sector, importer, scenario)."""
        return _product(
            self.shared_received, self.kept_rows_received, self.forward_received, attraction
        )

    def sold(self, spent_by_appeal: Floats) -> Floats:
        """Sum over buyers of W / (1 + t') q; (sector, exporter, scenario)."""
        back = self.shared_received.transpose(0, 2, 1)
        return _product(back, self.kept_columns, self.backward, spent_by_appeal)


@dataclass(frozen=True, eq=False)
class Correction:
    """A sparse matrix by its cells: all that a block of scenarios changes.

    A matrix of scipy would do, but loading scipy.sparse costs a run a second.

    Attributes
    ----------
    rows, columns, data
        Place and value of each cell; cells of one place add up.
    size
        Number of rows.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    data: Floats
    size: int

    def of(self, values: Floats) -> Floats:
        """Return the product with a vector."""
        weights = self.data * values[self.columns]
        product = np.bincount(self.rows, weights=weights, minlength=self.size)
        return np.asarray(product, dtype=np.float64)


def _components(links: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the smallest member of the part that each country is linked to, either way."""
    near = links | links.T | np.eye(len(links), dtype=bool)
    part = np.arange(len(links))
    while True:
        nearest = np.where(near, part[None, :], len(links)).min(axis=1)
        if (nearest == part).all():
            return part
        part = nearest


def _product(
    shared: Floats, kept: Floats | None, correction: Correction | None, values: Floats
) -> Floats:
    product: Floats = np.matmul(shared, values)
    if kept is not None:
        product *= kept
    if correction is not None:
        product += correction.of(values.reshape(-1)).reshape(product.shape)
    return product


def weights_of(kernel: Kernel, cells: Sequence[Cells]) -> Weights:
    """Return the weights of a block of scenarios."""
    if len(cells) == 1:
        return _written_out(kernel, cells[0])
    has_tariffs = kernel.has_tariffs or any(not np.array_equal(c.weight, c.received) for c in cells)
    j, n, i, s = _stacked(cells)
    weight = np.concatenate([c.weight for c in cells])
    received = np.concatenate([c.received for c in cells])
    batch = len(cells)
    rows = (j, n, i, s)
    columns = (j, i, n, s)
    kept, forward = _correction(kernel.weight, rows, weight, batch)
    back = kernel.received.transpose(0, 2, 1)
    kept_columns, backward = _correction(back, columns, received, batch, size=kernel.spending)
    kept_received, forward_received = None, None
    if has_tariffs:
        kept_received, forward_received = _correction(kernel.received, rows, received, batch)
    return Weights(
        kernel.weight,
        kernel.received,
        kept,
        kept_columns,
        forward,
        backward,
        kept_received,
        forward_received,
        has_tariffs,
    )


def _written_out(kernel: Kernel, cells: Cells) -> Weights:
    """Return the weights of one scenario as a full matrix."""
    place = (cells.sector, cells.importer, cells.exporter)
    weight = kernel.weight
    received = kernel.received
    has_tariffs = kernel.has_tariffs or not np.array_equal(cells.weight, cells.received)
    if len(cells.weight):
        weight = kernel.weight.copy()
        weight[place] = cells.weight
        received = weight
        if has_tariffs:
            received = kernel.received.copy()
            received[place] = cells.received
    return Weights(weight, received, None, None, None, None, has_tariffs=has_tariffs)


def _stacked(cells: Sequence[Cells]) -> tuple[Places, Places, Places, Places]:
    scenario = np.repeat(np.arange(len(cells)), [len(c.weight) for c in cells])
    return (
        np.concatenate([c.sector for c in cells]),
        np.concatenate([c.importer for c in cells]),
        np.concatenate([c.exporter for c in cells]),
        scenario,
    )


def _correction(
    base: Floats,
    places: tuple[Places, Places, Places, Places],
    new: Floats,
    batch: int,
    *,
    size: Floats | None = None,
) -> tuple[Floats | None, Correction | None]:
    """Return which rows of `base` count and the sparse matrix that corrects the rest.

    `size` weighs the columns of a row (spending of buyers) when its own sum is not 1.
    """
    j, row, column, s = places
    if not len(j):
        return None, None
    sectors, n = base.shape[:2]
    old = base[j, row, column]
    change = new - old
    weigh = 1.0 if size is None else size[j, column, 0]
    full = np.ones(sectors * n) if size is None else _row_sizes(base, size)
    flat = (j * n + row) * batch + s
    moved = np.bincount(flat, weights=np.abs(change) * weigh, minlength=sectors * n * batch)
    heavy = moved.reshape(-1, batch) > FULL_ROW * full[:, None]
    is_heavy = heavy[j * n + row, s]
    light = ~is_heavy
    data, rows, columns = [change[light]], [flat[light]], [((j * n + column) * batch + s)[light]]
    kept = None
    if heavy.any():
        kept = (~heavy).astype(np.float64).reshape(sectors, n, batch)
        line, scenario = np.nonzero(heavy)
        written = base.reshape(sectors * n, n)[line].copy()
        number = np.full((sectors * n, batch), -1, dtype=np.intp)
        number[line, scenario] = np.arange(len(line))
        written[number[(j * n + row)[is_heavy], s[is_heavy]], column[is_heavy]] = new[is_heavy]
        k, c = np.nonzero(written)
        data.append(written[k, c])
        rows.append(line[k] * batch + scenario[k])
        columns.append((line[k] // n * n + c) * batch + scenario[k])
    correction = Correction(
        np.concatenate(rows), np.concatenate(columns), np.concatenate(data), sectors * n * batch
    )
    return kept, correction


def _row_sizes(base: Floats, size: Floats) -> Floats:
    return np.asarray(np.matmul(base, size).reshape(-1))
