"""Caliendo and Parro (2015): Table 2, to every published digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tumen.impact import LongRun, Response, solve
from tumen.impact.closure import settle
from tumen.impact.economy import Economy
from tumen.impact.shock import new_tariffs
from tumen.impact.welfare import decompose, first_order

N, J, TRADABLE = 31, 40, 20
MEXICO, CANADA, USA = 19, 4, 29
NAFTA = (MEXICO, CANADA, USA)
TIGHT = LongRun(tolerance=1e-11, iterations=200)

pytestmark = pytest.mark.oracle


def stacked(folder: Path, name: str) -> np.ndarray:
    """Read 20 stacked tables (importer, exporter) as (exporter, importer, sector) of 40."""
    table = np.loadtxt(folder / name).reshape(TRADABLE, N, N)
    full = np.zeros((N, N, J))
    full[:, :, :TRADABLE] = table.transpose(2, 1, 0)
    return full


@pytest.fixture(scope="module")
def nafta(shared: Path) -> tuple[Economy, Response]:
    folder = shared / "data" / "cp2015"
    sales = 1000.0 * stacked(folder, "xbilat1993.txt")
    home = np.arange(N)
    gross = np.loadtxt(folder / "GO.txt").T
    sales[home, home] = np.maximum(gross - sales.sum(axis=1), 0.0)
    beta = np.loadtxt(folder / "B.txt").T
    table = np.maximum(np.loadtxt(folder / "IO.txt").reshape(N, J, J), 0.0)
    total = table.sum(axis=1, keepdims=True)
    inputs = np.divide(table, total, out=np.zeros_like(table), where=total > 0)
    theta = np.full(J, 8.22)
    theta[:TRADABLE] = np.loadtxt(folder / "T.txt")
    before = stacked(folder, "tariffs1993.txt") / 100
    later = stacked(folder, "tariffs2005.txt") / 100
    economy = settle(
        [f"country{k}" for k in range(N)],
        [f"sector{k}" for k in range(J)],
        sales=sales,
        input_share=(1 - beta)[:, None, :] * inputs,
        trade_elasticity=theta,
        tariff=before,
    )
    cut = before.copy()
    pairs = np.ix_(NAFTA, NAFTA)
    cut[pairs] = later[pairs]
    return economy, solve(economy, new_tariffs(economy, cut), settings=TIGHT)


def published(value: float, digits: int = 2) -> float:
    return round(100 * value, digits)


@pytest.mark.parametrize(
    ("country", "welfare", "terms", "volume"),
    [(MEXICO, 1.31, -0.41, 1.72), (CANADA, -0.06, -0.11, 0.04), (USA, 0.08, 0.04, 0.04)],
)
def test_welfare_is_that_of_table_2(
    nafta: tuple[Economy, Response], country: int, welfare: float, terms: float, volume: float
) -> None:
    found = first_order(nafta[1])
    assert published(found.total[country]) == welfare
    assert published(found.terms_of_trade[country]) == terms
    assert published(found.volume_of_trade[country]) == volume


@pytest.mark.parametrize(("country", "change"), [(MEXICO, 1.72), (CANADA, 0.32), (USA, 0.11)])
def test_real_wages_are_those_of_table_2(
    nafta: tuple[Economy, Response], country: int, change: float
) -> None:
    assert published(nafta[1].real_wage_hat[country] - 1) == change


@pytest.mark.parametrize(("country", "change"), [(MEXICO, 118.28), (CANADA, 11.11), (USA, 40.52)])
def test_imports_from_nafta_are_those_published(
    nafta: tuple[Economy, Response], country: int, change: float
) -> None:
    economy, response = nafta
    partners = [k for k in NAFTA if k != country]
    before = economy.sales()[partners, country].sum()
    assert published(response.sales()[partners, country].sum() / before - 1) == change


@pytest.mark.parametrize(("country", "change"), [(MEXICO, 0.007), (CANADA, -0.110), (USA, 0.074)])
def test_exact_real_income_is_far_from_the_first_order_sum(
    nafta: tuple[Economy, Response], country: int, change: float
) -> None:
    assert published(nafta[1].welfare_hat[country] - 1, 3) == change


def test_the_parts_of_welfare_add_up(nafta: tuple[Economy, Response]) -> None:
    economy, response = nafta
    parts = decompose(
        economy, response.shock, solve=lambda e, s: solve(e, s, settings=TIGHT), steps=20
    )
    np.testing.assert_allclose(parts.total, np.log(response.welfare_hat), atol=1e-9)
    # The trapezoid rule over twenty steps misses less than a thousandth of a per cent.
    assert np.abs(parts.gap).max() < 1e-5
