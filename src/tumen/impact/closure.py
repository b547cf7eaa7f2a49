"""Another benchmark: balanced trade, or the counterfactual of a shock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from tumen.core.errors import ModelError
from tumen.impact.block import Block, LongRun
from tumen.impact.economy import Economy, Floats
from tumen.impact.kernel import Kernel, respond
from tumen.impact.long_run import solve
from tumen.impact.response import Response
from tumen.impact.shock import no_shock
from tumen.impact.weights import no_cells
from tumen.numerics.batches import one_blas_thread
from tumen.numerics.labelled import Axis

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

    Examples
    --------
    >>> from tumen.impact import balance, calibrate
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> bool(abs(balance(economy).deficit).max() < 1e-6 * economy.income.max())
    True
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


def settle(
    countries: Iterable[str],
    sectors: Iterable[str],
    *,
    sales: Floats,
    input_share: Floats,
    trade_elasticity: Floats,
    tariff: Floats | None = None,
    deficit: Floats | None = None,
    unit: str = "MUSD",
    notes: tuple[str, ...] = (),
) -> Economy:
    """Return the equilibrium that has the shares of a table whose levels do not add up.

    Shares are taken from the table (negative final demand counts as zero, a country whose exports
    exceed its output sells nothing at home); levels are solved for, with the given deficits.

    Parameters
    ----------
    sales
        (exporter, importer, sector).
    input_share
        (country, input, using sector).
    deficit
        (country,); zero when None.

    Raises
    ------
    ModelError
        When no equilibrium is found.
    """
    places = Axis("country", tuple(countries)), Axis("sector", tuple(sectors))
    rates = np.zeros_like(sales) if tariff is None else tariff
    output = sales.sum(axis=1)
    gamma = np.where((output > 0)[:, None, :], input_share, 0.0)
    beta = 1.0 - gamma.sum(axis=1)
    paid = sales * (1 + rates)
    spent = paid.sum(axis=0)
    share = np.divide(paid, spent, out=np.zeros_like(paid), where=spent > 0)
    home = np.arange(len(places[0]))
    share[home, home] += np.where(spent > 0, 0.0, 1.0)
    final = np.maximum(spent - np.einsum("nkj,nj->nk", gamma, output), 0.0)
    alpha = final / final.sum(axis=1, keepdims=True)
    va = (beta * output).sum(axis=1)
    raw = final.sum(axis=1) - va - (paid - sales).sum(axis=(0, 2))
    received = share / (1 + rates)
    output, spent = _cleared(received, gamma, final)
    kernel = Kernel(
        weight=np.ascontiguousarray(share.transpose(2, 1, 0)),
        received=np.ascontiguousarray(received.transpose(2, 1, 0)),
        inputs=gamma,
        inputs_by_user=np.ascontiguousarray(gamma.transpose(0, 2, 1)),
        beta=np.ascontiguousarray(beta.T)[:, :, None],
        final_share=np.ascontiguousarray(alpha.T)[:, :, None],
        theta=np.asarray(trade_elasticity, dtype=np.float64)[:, None, None],
        value_added=va[:, None],
        deficit=np.zeros((len(va), 1)),
        output=np.ascontiguousarray(output.T)[:, :, None],
        spending=np.ascontiguousarray(spent.T)[:, :, None],
    )
    wanted = np.zeros(len(va)) if deficit is None else deficit
    raw -= (raw.sum() - wanted.sum()) * va / va.sum()
    block = _walk(kernel, raw, wanted, trade_elasticity)
    return _settled(block, places, trade_elasticity, tariff, unit, notes)


def _cleared(received: Floats, input_share: Floats, final: Floats) -> tuple[Floats, Floats]:
    """Return output and spending that clear goods markets at given final demand."""
    output = np.zeros_like(final)
    for _ in range(10_000):
        spent = final + np.einsum("nkj,nj->nk", input_share, output)
        made = np.einsum("inj,nj->ij", received, spent)
        moved = np.abs(made - output).max()
        output = made
        if moved <= 1e-13 * made.max():
            break
    return output, final + np.einsum("nkj,nj->nk", input_share, output)


def _walk(kernel: Kernel, raw: Floats, wanted: Floats, theta: Floats) -> Block:
    """Solve with the table's own deficits, then go to the wanted ones in stages."""
    state: Floats | None = None
    paid = (kernel.beta * kernel.output).sum(axis=0)
    steering = respond(replace(kernel, value_added=paid))
    with one_blas_thread():
        for part in (0.0, 0.5, 1.0):
            transfer = ((1 - part) * raw + part * wanted)[:, None]
            block = Block(
                kernel, steering, [no_cells()], theta[None], EXACT, transfer=transfer, state=state
            ).run()
            status = block.statuses[0]
            if not status.has_converged:
                what = "the shares of the table have no equilibrium"
                raise ModelError(what, "settle", status.message, status=status)
            state = np.ascontiguousarray(block.final)
            steering = block.steering_here()
    return block


def _settled(
    block: Block,
    places: tuple[Axis, Axis],
    trade_elasticity: Floats,
    tariff: Floats | None,
    unit: str,
    notes: tuple[str, ...],
) -> Economy:
    kernel = block.kernel
    log_price, output, log_wage = block.parts(block.final)
    wage = np.exp(log_wage)
    market = block.market(log_price, output, log_wage, wage)
    share = kernel.weight * (market.attraction.transpose(0, 2, 1) / market.appeal)
    made = (output * kernel.value_added)[:, :, 0].T
    spent = (market.spent * kernel.value_added)[:, :, 0].T
    beta = kernel.beta[:, :, 0].T
    return Economy(
        countries=places[0],
        sectors=places[1],
        trade_share=(share / share.sum(axis=2, keepdims=True)).transpose(2, 1, 0),
        input_share=kernel.inputs,
        value_added_share=beta,
        final_share=kernel.final_share[:, :, 0].T,
        value_added=(beta * made).sum(axis=1),
        deficit=block.transfer[:, 0],
        trade_elasticity=trade_elasticity,
        output=made,
        expenditure=spent,
        tariff=tariff,
        unit=unit,
        notes=notes,
    )
