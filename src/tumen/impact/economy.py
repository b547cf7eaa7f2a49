"""The benchmark of the trade model: who buys what from whom, at which shares and levels."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError, Problem, raise_all
from tumen.core.finding import Input
from tumen.numerics.labelled import Axis

Floats = NDArray[np.float64]

IDENTITY = 1e-9
"""How far an accounting identity may be off, relative to the country's value added."""

LARGEST = 1e15
"""No flow is larger, in any unit of money: the world's output is some 2e8 million USD."""

STEEPEST = 1000.0
"""No trade elasticity is larger: powers of costs would leave the range of numbers."""

_FROM_FLOWS = "make it from flows: calibrate_flows and calibrate_table add up"

_NO_NOTES: tuple[str, ...] = ()
_NO_INPUTS: tuple[Input, ...] = ()


@dataclass(frozen=True, eq=False)
class Economy:
    """Shares, levels and elasticities of a world of countries and sectors.

    The accounting identities hold when it is made; a bad one cannot exist. Flows are in million
    USD a year unless `unit` says otherwise.

    Attributes
    ----------
    countries, sectors
        Labels.
    trade_share
        pi: share of an importer's spending on a sector, tariffs included, that goes to an exporter;
        shape (exporter, importer, sector), sums to 1 over exporters.
    input_share
        gamma: value of an input for each unit of value of output; (country, input, using sector).
    value_added_share
        beta: value added for each unit of value of output; (country, sector). Inputs and value
        added sum to 1.
    final_share
        alpha: share of a sector in final spending; (country, sector), sums to 1 over sectors.
    value_added
        VA: value added; (country,).
    deficit
        D: imports minus exports, sums to 0; (country,).
    tariff
        t: ad valorem tariff rate; (exporter, importer, sector), or None for no tariffs.
    trade_elasticity
        theta: trade falls by this many per cent when costs rise by one; (sector,). The dispersion
        convention: sales are proportional to cost to the power -theta.
    output, expenditure
        Y and X: value of output, and spending at purchasers' prices; (country, sector).
    notes
        What a careful reader must know (imputed data, assumptions), as sentences.
    inputs
        Data that it was made from, with hashes.

    Raises
    ------
    DataError
        When a shape, sign, number or identity is wrong; names the country and the sector.
    """

    countries: Axis
    sectors: Axis
    trade_share: Floats
    input_share: Floats
    value_added_share: Floats
    final_share: Floats
    value_added: Floats
    deficit: Floats
    trade_elasticity: Floats
    output: Floats
    expenditure: Floats
    tariff: Floats | None = None
    unit: str = "MUSD"
    notes: tuple[str, ...] = _NO_NOTES
    inputs: tuple[Input, ...] = _NO_INPUTS
    _memory: dict[str, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        problems = [*self._broken_shapes()]
        raise_all(problems, DataError)
        raise_all(self._broken_identities(), DataError)

    def __getstate__(self) -> dict[str, object]:
        """Leave what was computed from it behind when it goes to another process."""
        return self.__dict__ | {"_memory": {}}

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        n, j = len(self.countries), len(self.sectors)
        return {
            "trade_share": (n, n, j),
            "input_share": (n, j, j),
            "value_added_share": (n, j),
            "final_share": (n, j),
            "value_added": (n,),
            "deficit": (n,),
            "trade_elasticity": (j,),
            "output": (n, j),
            "expenditure": (n, j),
            "tariff": (n, n, j),
        }

    def _broken_shapes(self) -> list[Problem]:
        problems = [
            Problem(f"a {axis.name} has no name", "economy", "name every country and sector")
            for axis in (self.countries, self.sectors)
            if not all(label.strip() for label in axis)
        ]
        for name, shape in self._shapes().items():
            given = getattr(self, name)
            if given is None and name == "tariff":
                continue
            try:
                values = np.array(given, dtype=np.float64)
            except (TypeError, ValueError) as error:
                what = f"{name} is no array of numbers ({error})"
                problems.append(Problem(what, "economy", f"an array of shape {shape}"))
                continue
            values.setflags(write=False)
            object.__setattr__(self, name, values)
            if values.shape != shape:
                what = f"{name} has shape {values.shape}, not {shape}"
                hint = "axes: (exporter, importer, sector), (country, input, using), (country,)"
                problems.append(Problem(what, "economy", hint))
            elif not np.isfinite(values).all():
                problems.append(self._wrong(name, values, ~np.isfinite(values), "is not finite"))
            elif (np.abs(values) > LARGEST).any():
                cells = np.abs(values) > LARGEST
                problems.append(self._wrong(name, values, cells, f"is beyond {LARGEST:g}"))
            elif name == "trade_elasticity" and (values > STEEPEST).any():
                cells = values > STEEPEST
                problems.append(self._wrong(name, values, cells, f"is above {STEEPEST:g}"))
            elif name != "deficit" and (values < 0).any():
                problems.append(self._wrong(name, values, values < 0, "is negative"))
            elif name in ("value_added", "trade_elasticity") and (values == 0).any():
                problems.append(self._wrong(name, values, values == 0, "is zero"))
        return problems

    def _wrong(self, name: str, values: Floats, cells: NDArray[np.bool_], why: str) -> Problem:
        place = tuple(int(k) for k in np.argwhere(cells)[0])
        hint = f"{int(cells.sum())} such cell(s); repair the table that it was made from"
        what = f"{name} {why} ({values[place]:g})"
        return Problem(what, f"economy: {self._labels(name, place)}", hint)

    def _labels(self, name: str, place: tuple[int, ...]) -> str:
        kinds = {3: "ccs", 2: "cs", 1: "c"}[len(place)]
        kinds = {"input_share": "css", "trade_elasticity": "s"}.get(name, kinds)
        axes = {"c": self.countries, "s": self.sectors}
        return ", ".join(axes[kind].labels[k] for kind, k in zip(kinds, place, strict=True))

    def _broken_identities(self) -> list[Problem]:
        va = self.value_added
        paid = (self.value_added_share * self.output).sum(axis=1)
        sold = self.sales().sum(axis=1)
        inputs = np.einsum("nkj,nj->nk", self.input_share, self.output)
        wanted = inputs + self.final_share * self.income[:, None]
        gaps: list[tuple[str, Floats, str]] = [
            (
                "trade shares do not sum to 1 over exporters",
                self.trade_share.sum(axis=0) - 1,
                "divide by the sum; who spends nothing on a sector buys at home",
            ),
            (
                "inputs and value added do not sum to 1",
                self.input_share.sum(axis=1) + self.value_added_share - 1,
                "a sector without output has a value-added share of 1",
            ),
            (
                "final shares do not sum to 1",
                self.final_share.sum(axis=1) - 1,
                "divide by the sum over sectors",
            ),
            ("value added is not what the sectors pay", (paid - va) / va, _FROM_FLOWS),
            ("output is not what buyers pay", (sold - self.output) / va[:, None], _FROM_FLOWS),
            (
                "spending is not inputs plus final demand",
                (wanted - self.expenditure) / va[:, None],
                _FROM_FLOWS,
            ),
            (
                "deficits do not sum to 0",
                np.array([self.deficit.sum() / va.sum()]),
                "what one country borrows another lends",
            ),
        ]
        problems = []
        for what, gap, hint in gaps:
            if np.abs(gap).max() <= IDENTITY:
                continue
            place = tuple(int(k) for k in np.argwhere(np.abs(gap) > IDENTITY)[0])
            where = "economy" if gap.size == 1 else f"economy: {self._labels('', place)}"
            problems.append(Problem(f"{what} (off by {gap[place]:.2g})", where, hint))
        return problems

    @cached_property
    def income(self) -> Floats:
        """Final spending I = VA + D + tariff revenue; (country,)."""
        return np.asarray(self.value_added + self.deficit + self.tariff_revenue)

    @cached_property
    def tariff_revenue(self) -> Floats:
        """Tariff revenue; (country,)."""
        if self.tariff is None:
            return np.zeros(len(self.countries))
        paid = self.tariff / (1 + self.tariff) * self.trade_share * self.expenditure
        return np.asarray(paid.sum(axis=(0, 2)))

    def sales(self) -> Floats:
        """Return what exporters receive; (exporter, importer, sector)."""
        paid = self.trade_share * self.expenditure
        return np.asarray(paid if self.tariff is None else paid / (1 + self.tariff))

    def exports(self) -> Floats:
        """Return exports by country and sector; (country, sector)."""
        return np.asarray(self.sales().sum(axis=1) - self._domestic())

    def imports(self) -> Floats:
        """Return imports before tariffs by country and sector; (country, sector)."""
        return np.asarray(self.sales().sum(axis=0) - self._domestic())

    def _domestic(self) -> Floats:
        return np.asarray(np.einsum("nnj->nj", self.sales()))
