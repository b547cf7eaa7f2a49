"""An inter-country input-output table: who makes what from whose inputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.numerics.labelled import Axis, Table

ROW_TOLERANCE = 1e-9
"""Largest relative gap allowed between output and its uses, and between output and its costs."""


@dataclass(frozen=True, eq=False)
class InputOutput:
    """An inter-country input-output table at basic prices, million US dollars.

    Nothing in it is imputed. Where the source gives final use by row only (what the world's
    households, governments and investors take of a country's sector, without saying where),
    `final_use_by_importer` is None; spreading it over importers is a modelling step and belongs
    to `tumen.impact.calibrate`.

    Attributes
    ----------
    intermediate
        Axes (exporter, input_sector, importer, using_sector): purchases by industries.
    final_use
        Axes (exporter, input_sector): sales to final users anywhere.
    final_use_by_importer
        Axes (exporter, input_sector, importer), or None when the source does not say.
    output
        Axes (exporter, input_sector): gross output, the sum of all uses.
    value_added
        Axes (exporter, input_sector): output less intermediate inputs. It holds taxes less
        subsidies on products where the source counts them among the costs.
    year
        Year of the table.
    input
        Name and hash of the content.
    caveats
        What a reader must know.

    Raises
    ------
    DataError
        When labels differ between the tables, a flow or an output is negative, or output is not
        the sum of its uses or of its costs within `ROW_TOLERANCE`.
    """

    intermediate: Table
    final_use: Table
    output: Table
    value_added: Table
    year: int
    input: Input
    final_use_by_importer: Table | None = None
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._check_labels()
        for name in ("intermediate", "output"):
            values = getattr(self, name).values
            if not np.all(np.isfinite(values)) or np.any(values < 0):
                raise DataError(f"{name} holds a negative or infinite number", self.input.id)
        for name, gap in self.gaps().items():
            if gap > ROW_TOLERANCE:
                raise DataError(
                    f"the table does not add up: {name} is off by {gap:.2e} of the largest output",
                    self.input.id,
                    "check that rows and columns are complete and in one unit",
                )

    @property
    def regions(self) -> Axis:
        """Countries and groups of countries."""
        return self.intermediate.axes[0]

    @property
    def sectors(self) -> Axis:
        """Sectors of production."""
        return self.intermediate.axes[1]

    def gaps(self) -> dict[str, float]:
        """Return the largest gap of each accounting identity, relative to the largest output."""
        flows, output = self.intermediate.values, self.output.values
        scale = max(1.0, float(output.max()))
        uses = flows.sum(axis=(2, 3)) + self.final_use.values
        costs = flows.sum(axis=(0, 1)) + self.value_added.values
        gaps = {
            "output = intermediate and final use": float(np.abs(uses - output).max()) / scale,
            "output = inputs and value added": float(np.abs(costs - output).max()) / scale,
        }
        if self.final_use_by_importer is not None:
            spread = self.final_use_by_importer.values.sum(axis=2)
            difference = np.abs(spread - self.final_use.values).max()
            gaps["final use = its sum over importers"] = float(difference) / scale
        return gaps

    def gross_domestic_product(self) -> Table:
        """Return value added by region, million US dollars."""
        return self.value_added.sum_over("input_sector")

    def _check_labels(self) -> None:
        exporter, sector, importer, user = self.intermediate.axes
        if exporter.labels != importer.labels or sector.labels != user.labels:
            raise DataError("exporters and importers, or sectors, differ in label", self.input.id)
        for name in ("final_use", "output", "value_added"):
            table: Table = getattr(self, name)
            if [axis.labels for axis in table.axes] != [exporter.labels, sector.labels]:
                raise DataError(f"{name} has other labels than the flows", self.input.id)


def input_output(
    *,
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
    intermediate: NDArray[np.float64],
    final_use: NDArray[np.float64],
    year: int,
    input: Input,
    value_added: NDArray[np.float64] | None = None,
    final_use_by_importer: NDArray[np.float64] | None = None,
    caveats: tuple[str, ...] = (),
) -> InputOutput:
    """Build a table from arrays; output is the sum of uses, value added the rest of the costs.

    Parameters
    ----------
    intermediate
        Shape (exporter, input_sector, importer, using_sector), million US dollars.
    final_use
        Shape (exporter, input_sector).
    value_added
        Shape (exporter, input_sector); output less inputs when left out.
    final_use_by_importer
        Shape (exporter, input_sector, importer).

    Examples
    --------
    >>> import numpy as np
    >>> from tumen.core.finding import Input
    >>> made = input_output(regions=("CHN", "PRK"), sectors=("coal",), year=2016,
    ...     intermediate=np.ones((2, 1, 2, 1)), final_use=np.ones((2, 1)),
    ...     input=Input(id="trade.example", sha256=""))
    >>> made.gross_domestic_product().at(exporter="PRK")
    1.0
    """
    exporter, importer = Axis("exporter", regions), Axis("importer", regions)
    sector, user = Axis("input_sector", sectors), Axis("using_sector", sectors)
    made = np.asarray(intermediate, dtype=np.float64)
    output = made.sum(axis=(2, 3)) + final_use
    added = output - made.sum(axis=(0, 1)) if value_added is None else value_added
    spread = None
    if final_use_by_importer is not None:
        spread = Table(final_use_by_importer, (exporter, sector, importer), "MUSD")
    return InputOutput(
        intermediate=Table(made, (exporter, sector, importer, user), "MUSD"),
        final_use=Table(final_use, (exporter, sector), "MUSD"),
        final_use_by_importer=spread,
        output=Table(output, (exporter, sector), "MUSD"),
        value_added=Table(added, (exporter, sector), "MUSD"),
        year=year,
        input=input,
        caveats=caveats,
    )
