"""Costinot and Rodriguez-Clare (2014), Table 4.2: the United States put 40 % on all imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tumen.impact import Economy, LongRun, balance, solve
from tumen.impact.calibration import calibrate_flows
from tumen.impact.shock import new_tariffs

N, J, REST = 41, 35, "RoW"

# Column 4: many sectors with inputs, perfect competition; per cent. The figures stand in the
# example of the public package TradMod.jl, which recomputes them to the published digit from the
# table of April 2012; the shared table is of a later vintage.
PUBLISHED = """
AUS -.28 AUT -.13 BEL -.26 BRA -.16 CAN -2.28 CHN -.46 CZE -.08 DEU -.20 DNK -.26 ESP -.07 FIN -.10
FRA -.13 GBR -.31 GRC -.06 HUN -.17 IDN -.14 IND -.25 IRL -1.58 ITA -.07 JPN -.11 KOR -.34 MEX -1.67
NLD -.34 POL -.08 PRT -.09 ROM .01 RUS -.12 SVK -.04 SVN -.10 SWE -.19 TUR -.02 TWN -.76 USA .63
RoW -.97
""".split()
STATES = dict(zip(PUBLISHED[::2], map(float, PUBLISHED[1::2]), strict=True))

# Leather goes to textiles, retail to wholesale, and four small services together.
SECTORS = (*range(4), 3, *range(4, 18), 17, *range(18, 28), 30, 28, 29, 30, 30)


def aggregated(table: dict[str, Any]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return 34 states, and flows among 34 x 31 nodes: intermediate, and final by buyer.

    Negative final use (stocks) becomes zero; output and intermediates follow at given coefficients.
    """
    used = np.asarray(table["inter08"], dtype=float)
    final = np.asarray(table["final08"], dtype=float)
    output = np.maximum(used.sum(axis=1) + final.sum(axis=1), 1e-6)
    coefficient = used / output
    final = np.maximum(final, 0.0)
    output = np.linalg.solve(np.eye(N * J) - coefficient, final.sum(axis=1))
    labels = list(STATES)
    state = np.array([labels.index(n) if n in labels else len(labels) - 1 for n in names(table)])
    node = (state[:, None] * (max(SECTORS) + 1) + np.array(SECTORS)).reshape(-1)
    gather = np.zeros((len(labels) * (max(SECTORS) + 1), N * J))
    gather[node, np.arange(N * J)] = 1.0
    buyer = np.zeros((len(labels), N))
    buyer[state, np.arange(N)] = 1.0
    bought = final.reshape(N * J, N, 5).sum(axis=2)
    return labels, gather @ (coefficient * output) @ gather.T, gather @ bought @ buyer.T


def names(table: dict[str, Any]) -> list[str]:
    return [str(name) for name in table["countries"]]


def benchmark(table: dict[str, Any], elasticities: np.ndarray) -> tuple[Economy, np.ndarray]:
    """Return their benchmark and the weights of final consumption; (state, sector).

    They let inputs and final spending have the composition of all spending; only the price index
    of consumers takes the table's own final shares.
    """
    labels, used, final = aggregated(table)
    n, j = len(labels), max(SECTORS) + 1
    sales = (used.reshape(n, j, n, j).sum(axis=3) + final.reshape(n, j, n)).transpose(0, 2, 1)
    spent = sales.sum(axis=0)
    output = sales.sum(axis=1)
    materials = used.sum(axis=0).reshape(n, j)
    part = np.divide(materials, output, out=np.zeros_like(output), where=output > 0)
    input_share = (spent / spent.sum(axis=1, keepdims=True))[:, :, None] * np.minimum(part, 0.999)[
        :, None, :
    ]
    weights = final.reshape(n, j, n).sum(axis=0).T
    economy = calibrate_flows(
        labels,
        [f"c{k + 1}" for k in range(j)],
        sales=sales,
        input_share=input_share,
        trade_elasticity=elasticities,
    )
    return balance(economy), weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.oracle
def test_what_a_tariff_of_the_united_states_costs_each_state_is_as_published(shared: Path) -> None:
    rdata = pytest.importorskip("rdata", reason="the WIOD file needs the package rdata")
    folder = shared / "data" / "wiod08"
    elasticities = np.delete(np.loadtxt(folder / "crc_elasticity_35.tsv")[:, 1], [4, 18, 30, 33])
    elasticities[15:] = 5.0
    economy, weights = benchmark(rdata.read_rda(folder / "wiod08.rda"), elasticities)
    place = economy.countries.place("USA")
    tariff = np.zeros_like(economy.trade_share)
    tariff[:, place] = 0.4
    tariff[place, place] = 0.0
    tight = LongRun(tolerance=1e-10, iterations=400)
    found = solve(economy, new_tariffs(economy, tariff), settings=tight)
    index = np.exp((weights * np.log(found.price_hat)).sum(axis=1))
    change = 100 * (found.income / economy.income / index - 1)
    assert 0.60 <= change[place] <= 0.64
    gap = np.abs(change - np.array([STATES[name] for name in economy.countries]))
    assert np.median(gap) < 0.03
    assert gap.max() < 0.15
