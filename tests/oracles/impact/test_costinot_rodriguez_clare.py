"""Costinot and Rodriguez-Clare (2014), Table 4.2: the United States put 40 % on all imports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tumen.impact import LongRun, solve
from tumen.impact.closure import settle
from tumen.impact.shock import new_tariffs

N, J = 41, 35


@pytest.mark.oracle
def test_the_united_states_gain_what_was_published(shared: Path) -> None:
    rdata = pytest.importorskip("rdata", reason="the WIOD file needs the package rdata")
    folder = shared / "data" / "wiod08"
    table = rdata.read_rda(folder / "wiod08.rda")
    used = np.maximum(np.asarray(table["inter08"], dtype=float), 0.0).reshape(N, J, N, J)
    final = np.asarray(table["final08"], dtype=float).reshape(N, J, N, 5).sum(axis=3)
    sales = used.sum(axis=3).transpose(0, 2, 1) + np.maximum(final, 0.0).transpose(0, 2, 1)
    output = sales.sum(axis=1)
    bought = used.sum(axis=0).transpose(1, 0, 2)
    share = np.divide(bought, output[:, None], out=np.zeros_like(bought), where=output[:, None] > 0)
    share /= np.maximum(1.0, share.sum(axis=1) / 0.98)[:, None]
    names = [str(name) for name in table["countries"]]
    economy = settle(
        names,
        [f"c{k + 1}" for k in range(J)],
        sales=sales,
        input_share=share,
        trade_elasticity=np.loadtxt(folder / "crc_elasticity_35.tsv")[:, 1],
        deficit=sales.sum(axis=(0, 2)) - sales.sum(axis=(1, 2)),
    )
    place = names.index("USA")
    tariff = np.zeros((N, N, J))
    tariff[:, place] = 0.4
    tariff[place, place] = 0.0
    tight = LongRun(tolerance=1e-10, iterations=200)
    found = solve(economy, new_tariffs(economy, tariff), settings=tight)
    change = 100 * (found.welfare_hat - 1)
    # Published .60 to .64, by the vintage of the table and its aggregation.
    assert 0.60 <= change[place] <= 0.64
    # The neighbours, who sell most to the United States, lose most.
    assert max(change[names.index("CAN")], change[names.index("MEX")]) < -1
    assert np.median(np.delete(change, place)) < 0
