"""Products with the choice weights of a batch: the benchmark's, shared, and sparse corrections.

A sanction changes few cells. The batch shares the benchmark matrix and each scenario adds a sparse
correction; a row that loses much of its weight is written out in full instead, so that no digits
are lost in a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tumen.impact.economy import Floats
from tumen.impact.kernel import Kernel
from tumen.impact.weights import Cells, Places

FULL_ROW = 0.1
"""A row is written out when its weights change by more than this part of the whole."""

FEW = 0.05
"""A single scenario that changes more than this part of all cells has a matrix of its own."""


@dataclass(frozen=True, eq=False)
class Correction:
    """A sparse matrix by its cells, row by row: all that a block of scenarios changes.

    A matrix of scipy would do, but loading scipy.sparse costs a run a second.

    Attributes
    ----------
    rows
        Places of the rows in the product, each once.
    starts
        Where the cells of each row begin.
    columns, data
        Place and value of each cell.
    is_full
        Whether a row is written out and the benchmark's product does not count.
    """

    rows: Places
    starts: Places
    columns: Places
    data: Floats
    is_full: NDArray[np.bool_]

    def correct(self, product: Floats, values: Floats) -> None:
        """Add the product with `values` to that of the benchmark, in place."""
        flat = product.reshape(-1)
        sums = np.add.reduceat(self.data * values.reshape(-1)[self.columns], self.starts)
        flat[self.rows] = sums + np.where(self.is_full, 0.0, flat[self.rows])

    def single(self) -> Correction:
        """Return the same in single precision."""
        return replace(self, data=self.data.astype(np.float32))

    def of(self, chosen: Places, batch: int) -> Correction | None:
        """Return the rows of the chosen scenarios of a batch; None when they have none."""
        number = np.full(batch, -1, dtype=np.intp)
        number[chosen] = np.arange(len(chosen))
        is_kept = number[self.rows % batch] >= 0
        if not is_kept.any():
            return None
        lengths = np.diff(np.append(self.starts, len(self.data)))
        cells = np.repeat(is_kept, lengths)
        ends = np.cumsum(lengths[is_kept])

        def moved(places: Places) -> Places:
            return places // batch * len(chosen) + number[places % batch]

        return Correction(
            moved(self.rows[is_kept]),
            ends - lengths[is_kept],
            moved(self.columns[cells]),
            self.data[cells],
            self.is_full[is_kept],
        )


@dataclass(frozen=True, eq=False)
class Weights:
    """Choice weights of a block of scenarios.

    Attributes
    ----------
    shared, shared_received
        Matrices that all scenarios share; (sector, importer, exporter).
    forward, backward
        Corrections, or None: of the sum over suppliers and of the sum over buyers.
    forward_received
        As `forward`, for what reaches the exporter; None without tariffs.
    """

    shared: Floats
    shared_received: Floats
    forward: Correction | None = None
    backward: Correction | None = None
    forward_received: Correction | None = None
    has_tariffs: bool = False

    def of(self, chosen: Places, batch: int) -> Weights:
        """Return the weights of the chosen scenarios of a batch."""
        names = ("forward", "backward", "forward_received")
        old = {name: getattr(self, name) for name in names}
        return replace(
            self, **{name: made and made.of(chosen, batch) for name, made in old.items()}
        )

    def appeal(self, attraction: Floats) -> Floats:
        """Sum of W u over suppliers; (sector, importer, scenario)."""
        return _product(self.shared, self.forward, attraction)

    def received(self, attraction: Floats) -> Floats:
        """Sum of W u / (1 + t') over suppliers; (sector, importer, scenario)."""
        return _product(self.shared_received, self.forward_received, attraction)

    def sold(self, spent_by_appeal: Floats) -> Floats:
        """Sum over buyers of W / (1 + t') q; (sector, exporter, scenario)."""
        return _product(self.shared_received.transpose(0, 2, 1), self.backward, spent_by_appeal)


def _product(shared: Floats, correction: Correction | None, values: Floats) -> Floats:
    product: Floats = np.matmul(shared, values)
    if correction is not None:
        correction.correct(product, values)
    return product


def weights_of(kernel: Kernel, cells: Sequence[Cells]) -> Weights:
    """Return the weights of a block of scenarios."""
    if len(cells) == 1 and len(cells[0].weight) > FEW * kernel.weight.size:
        return written_out(kernel, cells[0])
    has_tariffs = kernel.has_tariffs or any(c.has_tariffs for c in cells)
    j, n, i, s = _stacked(cells)
    if not len(j):
        return Weights(kernel.weight, kernel.received, has_tariffs=has_tariffs)
    weight = np.concatenate([c.weight for c in cells])
    received = np.concatenate([c.received for c in cells])
    batch = len(cells)
    back = kernel.received.transpose(0, 2, 1)
    sold = kernel.output.reshape(-1)
    forward_received = None
    if has_tariffs:
        forward_received = _correction(kernel.received, (j, n, i, s), received, batch)
    return Weights(
        kernel.weight,
        kernel.received,
        _correction(kernel.weight, (j, n, i, s), weight, batch),
        _correction(back, (j, i, n, s), received, batch, size=kernel.spending, whole=sold),
        forward_received,
        has_tariffs,
    )


def written_out(kernel: Kernel, cells: Cells) -> Weights:
    """Return the weights of one scenario as full matrices."""
    place = (cells.sector, cells.importer, cells.exporter)
    weight, received = kernel.weight, kernel.received
    has_tariffs = kernel.has_tariffs or cells.has_tariffs
    if len(cells.weight):
        weight = kernel.weight.copy()
        weight[place] = cells.weight
        received = weight
        if has_tariffs:
            received = kernel.received.copy()
            received[place] = cells.received
    return Weights(weight, received, has_tariffs=has_tariffs)


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
    whole: Floats | None = None,
) -> Correction:
    """Return the sparse matrix that turns the products of `base` into those of the scenarios.

    `size` weighs the columns of a row (spending of buyers) and `whole` is the sum of a row so
    weighed; 1 when None.
    """
    j, row, column, s = places
    n = base.shape[1]
    change = new - base[j, row, column]
    line = j * n + row
    flat = line * batch + s
    rows, number = np.unique(flat, return_inverse=True)
    weigh = np.abs(change) if size is None else np.abs(change) * size[j, column, 0]
    moved = np.bincount(number, weights=weigh)
    is_full = moved > FULL_ROW * (1.0 if whole is None else whole[rows // batch])
    is_light = ~is_full[number]
    own = [number[is_light]]
    columns = [((j * n + column) * batch + s)[is_light]]
    data = [change[is_light]]
    if is_full.any():
        lines, scenarios = rows[is_full] // batch, rows[is_full] % batch
        written = base[lines // n, lines % n]
        place = np.cumsum(is_full) - 1
        written[place[number[~is_light]], column[~is_light]] = new[~is_light]
        # The first cell stays though it be zero: a row without cells has no sum of its own.
        is_kept = written != 0
        is_kept[:, 0] = True
        k, c = np.nonzero(is_kept)
        own.append(np.flatnonzero(is_full)[k])
        columns.append((lines[k] // n * n + c) * batch + scenarios[k])
        data.append(written[k, c])
    joined = np.concatenate(own)
    order = np.argsort(joined, kind="stable")
    starts = np.searchsorted(joined[order], np.arange(len(rows)))
    return Correction(
        rows, starts, np.concatenate(columns)[order], np.concatenate(data)[order], is_full
    )
