"""What a shock does: the counterfactual world beside the benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tumen.core.status import Status
from tumen.impact.economy import Economy, Floats
from tumen.impact.shock import Shock
from tumen.numerics.labelled import Axis, Table


@dataclass(frozen=True, eq=False)
class Response:
    """A converged counterfactual of one shock.

    Attributes
    ----------
    economy, shock
        What it was solved from.
    status
        How the solve ended, with every residual.
    price_hat
        Change of the price index of a sector's purchases; (country, sector).
    wage_hat
        Change of the wage, in units of world value added; (country,).
    output, expenditure
        Counterfactual Y and X in the economy's unit; (country, sector).
    trade_share
        Counterfactual pi; (exporter, importer, sector).
    tariff
        Counterfactual tariff rates, or None.
    income
        Counterfactual final spending I; (country,).
    price_index_hat
        Change of the price of final spending; (country,).
    deficit
        Counterfactual deficit with transfers; (country,).
    """

    economy: Economy
    shock: Shock
    status: Status
    price_hat: Floats
    wage_hat: Floats
    output: Floats
    expenditure: Floats
    trade_share: Floats
    tariff: Floats | None
    income: Floats
    price_index_hat: Floats
    deficit: Floats

    @cached_property
    def welfare_hat(self) -> Floats:
        """Change of real final spending, (I'/I) / price index; (country,). The headline."""
        return np.asarray(self.income / self.economy.income / self.price_index_hat)

    @cached_property
    def real_wage_hat(self) -> Floats:
        """Change of the wage over the price index; (country,)."""
        return np.asarray(self.wage_hat / self.price_index_hat)

    @cached_property
    def equivalent_variation(self) -> Floats:
        """Hicksian equivalent variation (W - 1) I in the economy's unit a year; (country,)."""
        return np.asarray((self.welfare_hat - 1) * self.economy.income)

    def sales(self) -> Floats:
        """Return what exporters receive; (exporter, importer, sector)."""
        paid = self.trade_share * self.expenditure
        return np.asarray(paid if self.tariff is None else paid / (1 + self.tariff))

    def trade(
        self, *, exporter: str | None = None, importer: str | None = None, sector: str | None = None
    ) -> tuple[float, float]:
        """Return the value of trade before and after, home sales left out.

        Parameters
        ----------
        exporter, importer, sector
            What to add up; all when None.

        Examples
        --------
        ``response.trade(exporter="PRK", importer="CHN", sector="coal")`` is (before, after) in the
        economy's unit.
        """
        countries, sectors = self.economy.countries, self.economy.sectors
        rows = slice(None) if exporter is None else [countries.place(exporter)]
        columns = slice(None) if importer is None else [countries.place(importer)]
        layers = slice(None) if sector is None else [sectors.place(sector)]
        both = []
        for flows in (self.economy.sales(), self.sales()):
            abroad = flows.copy()
            home = np.arange(len(countries))
            abroad[home, home] = 0.0
            both.append(float(abroad[rows][:, columns][:, :, layers].sum()))
        return both[0], both[1]

    def table(self, values: Floats, unit: str) -> Table:
        """Return values by country with their labels."""
        return Table(values, (self.economy.countries,), unit)


@dataclass(frozen=True, eq=False)
class Responses:
    """Summaries of a batch of shocks; a scenario without an answer holds NaN and a status.

    Attributes
    ----------
    statuses
        How each solve ended.
    labels
        What each scenario is called.
    welfare_hat, wage_hat, price_index_hat, income
        (scenario, country).
    watched
        Countries whose trade is kept.
    exports, imports
        Counterfactual trade of the watched countries at producers' prices, home sales left out;
        (scenario, watched, partner, sector).
    """

    economy: Economy
    labels: tuple[str, ...]
    statuses: tuple[Status, ...]
    welfare_hat: Floats
    wage_hat: Floats
    price_index_hat: Floats
    income: Floats
    watched: Axis | None
    exports: Floats
    imports: Floats

    def __len__(self) -> int:
        return len(self.statuses)

    def __iter__(self) -> Iterator[Status]:
        return iter(self.statuses)

    @property
    def has_converged(self) -> bool:
        """Whether every scenario has an answer."""
        return all(status.has_converged for status in self.statuses)

    @cached_property
    def equivalent_variation(self) -> Floats:
        """Equivalent variation (W - 1) I in the economy's unit a year; (scenario, country)."""
        return np.asarray((self.welfare_hat - 1) * self.economy.income)

    def welfare(self, country: str) -> Floats:
        """Return the welfare change of one country; (scenario,)."""
        return np.asarray(self.welfare_hat[:, self.economy.countries.place(country)])

    def ev(self, country: str) -> Floats:
        """Return the equivalent variation of one country; (scenario,)."""
        return np.asarray(self.equivalent_variation[:, self.economy.countries.place(country)])

    def exports_of(self, country: str) -> Floats:
        """Return counterfactual exports of a watched country; (scenario, importer, sector)."""
        assert self.watched is not None, "name the country in watch="
        return np.asarray(self.exports[:, self.watched.place(country)])

    def imports_of(self, country: str) -> Floats:
        """Return counterfactual imports of a watched country; (scenario, exporter, sector)."""
        assert self.watched is not None, "name the country in watch="
        return np.asarray(self.imports[:, self.watched.place(country)])
