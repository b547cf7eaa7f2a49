"""Another benchmark: balanced trade, or the counterfactual of a shock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from tumen.impact.block import LongRun
from tumen.impact.economy import Economy
from tumen.impact.long_run import solve
from tumen.impact.response import Response
from tumen.impact.shock import no_shock

EXACT = LongRun(tolerance=1e-11, iterations=200)


def balance(economy: Economy, *, keep: Iterable[str] = ()) -> Economy:
    """Return the economy with deficits removed, solved as a counterfactual.

    Parameters
    ----------
    keep
        Countries whose deficit stays; the others' sum to its opposite, by value added.

    Raises
    ------
    ModelError
        When the balanced world has no solution.
    DataError
        When a country is unknown.
    """
    wanted = np.zeros(len(economy.countries))
    kept = economy.countries.places(keep)
    wanted[kept] = economy.deficit[kept]
    others = np.ones(len(economy.countries), dtype=bool)
    others[kept] = False
    weight = np.where(others, economy.value_added, 0.0)
    wanted -= wanted.sum() * weight / weight.sum()
    shock = replace(no_shock(economy), transfer=wanted - economy.deficit, label="balanced trade")
    return rebase(solve(economy, shock, settings=EXACT))


def rebase(response: Response) -> Economy:
    """Return the counterfactual world as a benchmark; prices and wages are 1 there.

    Trade weights of banned flows are zero in it, so a ban cannot be lifted from this benchmark.
    """
    before = response.economy
    share = response.trade_share / response.trade_share.sum(axis=0)
    return replace(
        before,
        trade_share=share,
        value_added=response.wage_hat * before.value_added,
        deficit=response.deficit,
        output=response.output,
        expenditure=response.expenditure,
        tariff=response.tariff,
        _memory={},
    )
