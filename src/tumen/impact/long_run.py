"""Solve the long run: one shock, or many together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import ModelError
from tumen.core.progress import Progress, Step, silent
from tumen.core.status import Status
from tumen.impact.block import Block, LongRun, continued, transfers
from tumen.impact.economy import Economy, Floats
from tumen.impact.kernel import Kernel, kernel_of, steering_of
from tumen.impact.products import written_out
from tumen.impact.response import Response, Responses
from tumen.impact.shock import Shock
from tumen.impact.weights import Cells, cells_of, refuse_stranded
from tumen.numerics.batches import map_blocks, one_blas_thread
from tumen.numerics.labelled import Axis

BLOCK = 32
"""Scenarios solved together: enough for one matrix product, few enough for the cache."""


def solve(
    economy: Economy,
    shock: Shock,
    *,
    settings: LongRun | None = None,
    trade_elasticity: Floats | None = None,
) -> Response:
    """Return the long-run counterfactual of one shock.

    Parameters
    ----------
    economy
        Benchmark.
    shock
        Policy, made from this economy.
    settings
        Tolerance, closure of deficits, rule for purchases without a supplier.
    trade_elasticity
        Elasticities (sector,) that replace those of the economy, for draws.

    Raises
    ------
    ModelError
        When there is no answer: no convergence, an importer without a supplier, or a deficit that
        nobody can finance. It carries the `Status`; no number comes with it.

    Examples
    --------
    >>> from tumen.impact import calibrate, embargo, solve
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> response = solve(economy, embargo(economy, sender="CHN", target="RUS", leak=0.1))
    >>> bool(response.welfare_hat[economy.countries.place("RUS")] < 1)
    True
    """
    chosen = settings or LongRun()
    kernel = kernel_of(economy)
    theta = _theta(economy, trade_elasticity)
    cells = cells_of(economy, kernel, shock, theta=theta, missing=chosen.missing)
    refuse_stranded(economy, kernel, shock, cells)
    with one_blas_thread():
        block = Block(
            cells.kernel or kernel,
            steering_of(economy),
            [cells],
            theta[None],
            chosen,
            transfer=transfers(kernel, [shock]),
        ).run()
        if not block.statuses[0].has_converged:
            block = continued(economy, shock, cells, theta, chosen) or block
    status = replace(block.statuses[0])
    if not status.has_converged:
        raise ModelError(
            f"no answer for '{shock.label or 'shock'}': {status.message}",
            "solve",
            "ease the shock, raise the leak, or allow more iterations",
            status=status,
        )
    return _response(economy, shock, block, cells)


def solve_batch(
    economy: Economy,
    shocks: Sequence[Shock],
    *,
    settings: LongRun | None = None,
    trade_elasticity: Floats | None = None,
    watch: Sequence[str] = (),
    workers: int | None = None,
    progress: Progress = silent,
) -> Responses:
    """Return summaries of many shocks, solved together.

    Parameters
    ----------
    shocks
        Policies, made from this economy.
    trade_elasticity
        Elasticities (scenario, sector), for draws; those of the economy when None.
    watch
        Countries whose trade with every partner and sector is kept.
    workers
        Threads; as many as cores when None.

    Returns
    -------
    Responses
        A scenario without an answer holds NaN and a `Status` that says why; nothing is raised.

    Examples
    --------
    >>> from tumen.impact import calibrate, isolate, solve_batch
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> shocks = [isolate(economy, "RUS", leak=leak) for leak in (0.1, 0.01)]
    >>> [status.state for status in solve_batch(economy, shocks).statuses]
    ['converged', 'converged']
    """
    chosen = settings or LongRun()
    kernel_of(economy), steering_of(economy)
    theta = np.broadcast_to(economy.trade_elasticity, (len(shocks), len(economy.sectors)))
    if trade_elasticity is not None:
        theta = np.asarray(trade_elasticity, dtype=np.float64)
        if theta.shape != (len(shocks), len(economy.sectors)):
            raise ModelError(f"trade_elasticity has shape {theta.shape}", "solve_batch")
    watched = economy.countries.places(watch)
    out = _empty(economy, shocks, watch)
    blocks = [range(k, min(k + BLOCK, len(shocks))) for k in range(0, len(shocks), BLOCK)]

    def work(places: range) -> _Summary:
        return _summarise(economy, [shocks[p] for p in places], theta[places], chosen, watched)

    statuses: list[Status] = []
    for places, summary in zip(blocks, map_blocks(work, blocks, workers=workers), strict=True):
        rows = slice(places.start, places.stop)
        for name in ("welfare_hat", "wage_hat", "price_index_hat", "income", "exports", "imports"):
            getattr(out, name)[rows] = getattr(summary, name)
        statuses += summary.statuses
        progress(Step("impact", places.stop, len(shocks)))
    return replace(out, statuses=tuple(statuses))


def _theta(economy: Economy, given: Floats | None) -> Floats:
    if given is None:
        return economy.trade_elasticity
    theta = np.asarray(given, dtype=np.float64)
    if theta.shape != economy.trade_elasticity.shape or not (theta > 0).all():
        raise ModelError("trade_elasticity needs one positive value per sector", "solve")
    return theta


def _response(economy: Economy, shock: Shock, block: Block, cells: Cells) -> Response:
    """Return the full counterfactual of a block of one scenario."""
    kernel = block.kernel
    log_price, output, log_wage = block.parts(block.final)
    wage = np.exp(log_wage)
    market = block.market(log_price, output, log_wage, wage)
    _refuse_negative(economy, shock, market.income)
    share = market.attraction.transpose(0, 2, 1) / market.appeal
    share *= written_out(kernel, cells).shared
    tariff = economy.tariff if shock.tariff is None else shock.tariff
    income = (market.income * kernel.value_added)[:, 0]
    revenue = np.zeros_like(income)
    spending = (market.spent * kernel.value_added)[:, :, 0]
    if tariff is not None:
        paid = share * spending[:, :, None]
        rate = tariff.transpose(2, 1, 0)
        revenue = (paid * rate / (1 + rate)).sum(axis=(0, 2))
    price = np.exp(log_price[:, :, 0])
    has_stopped = (kernel.output[:, :, 0].T <= 0) & (economy.output > 0)
    status = block.statuses[0]
    if cells.note:
        status = replace(status, message=cells.note)
    return Response(
        economy=economy,
        shock=shock,
        status=status,
        price_hat=price.T.copy(),
        wage_hat=wage[:, 0].copy(),
        output=np.where(has_stopped, 0.0, (output * kernel.value_added)[:, :, 0].T),
        expenditure=spending.T.copy(),
        trade_share=share.transpose(2, 1, 0),
        tariff=tariff,
        income=income,
        price_index_hat=_price_index(kernel, log_price)[:, 0],
        deficit=income - revenue - wage[:, 0] * economy.value_added,
    )


def _price_index(kernel: Kernel, log_price: Floats) -> Floats:
    """Price of final spending: prod_j p_nj^alpha_nj; (country, scenario)."""
    return np.asarray(np.exp((kernel.final_share * log_price).sum(axis=0)))


def _refuse_negative(economy: Economy, shock: Shock, income: Floats) -> None:
    if (income > 0).all():
        return
    names = [n for n, v in zip(economy.countries, income[:, 0], strict=True) if v <= 0]
    message = f"nothing is left to spend in {', '.join(names)}"
    raise ModelError(
        f"no answer for '{shock.label or 'shock'}': {message}",
        "solve",
        "a surplus or transfer is more than income; use deficits='share' or balance the economy",
        status=Status("infeasible", 0, message=message),
    )


@dataclass(frozen=True, eq=False)
class _Summary:
    """Summaries of a block, scenario first."""

    statuses: list[Status]
    welfare_hat: Floats
    wage_hat: Floats
    price_index_hat: Floats
    income: Floats
    exports: Floats
    imports: Floats


def _empty(economy: Economy, shocks: Sequence[Shock], watch: Sequence[str]) -> Responses:
    n, j, s = len(economy.countries), len(economy.sectors), len(shocks)
    kept = len(watch)
    return Responses(
        economy=economy,
        labels=tuple(shock.label for shock in shocks),
        statuses=(),
        welfare_hat=np.full((s, n), np.nan),
        wage_hat=np.full((s, n), np.nan),
        price_index_hat=np.full((s, n), np.nan),
        income=np.full((s, n), np.nan),
        watched=Axis("watched", tuple(watch)) if watch else None,
        exports=np.full((s, kept, n, j), np.nan),
        imports=np.full((s, kept, n, j), np.nan),
    )


def _summarise(
    economy: Economy,
    shocks: Sequence[Shock],
    theta: Floats,
    settings: LongRun,
    watched: NDArray[np.intp],
) -> _Summary:
    """Solve a block and return its summaries; what fails is tried alone, in stages."""
    kernel = kernel_of(economy)
    ready, cells, statuses = _feasible(economy, kernel, shocks, theta, settings)
    n, j = len(economy.countries), len(economy.sectors)
    nothing = np.full((len(shocks), n), np.nan)
    trade = np.full((len(shocks), len(watched), n, j), np.nan)
    out = _Summary(
        statuses, nothing, nothing.copy(), nothing.copy(), nothing.copy(), trade, trade.copy()
    )
    # Scenarios of one technology share their matrices; who does without has his own.
    own = [[k] for k, one in enumerate(cells) if one.kernel is not None]
    shared = [k for k, one in enumerate(cells) if one.kernel is None]
    for group in [shared, *own] if shared else own:
        places = np.array([ready[k] for k in group])
        _solve_group(
            economy, shocks, theta, settings, watched, places, [cells[k] for k in group], out
        )
    return out


def _solve_group(
    economy: Economy,
    shocks: Sequence[Shock],
    theta: Floats,
    settings: LongRun,
    watched: NDArray[np.intp],
    places: NDArray[np.intp],
    cells: Sequence[Cells],
    out: _Summary,
) -> None:
    """Solve the scenarios at some places of a block and write their summaries."""
    kernel = cells[0].kernel or kernel_of(economy)
    steering = steering_of(economy)
    transfer = transfers(kernel, [shocks[p] for p in places])
    block = Block(kernel, steering, cells, theta[places], settings, transfer=transfer).run()
    for k, scenario in enumerate(places):
        state, status, one = block.final[:, k], block.statuses[k], cells[k]
        if not status.has_converged:
            again = continued(economy, shocks[scenario], one, theta[scenario], settings)
            if again is not None:
                state, status = again.final[:, 0], again.statuses[0]
        status = replace(status, message=one.note) if status.has_converged else status
        out.statuses[scenario] = status
        block.final[:, k] = state
    good = [k for k, scenario in enumerate(places) if out.statuses[scenario].has_converged]
    if good:
        point = Block(
            kernel,
            steering,
            [cells[k] for k in good],
            theta[places[good]],
            settings,
            transfer=transfer[:, good],
            state=np.ascontiguousarray(block.final[:, good]),
        )
        _fill(out, point, places[good], watched, economy.income[:, None])


def _feasible(
    economy: Economy,
    kernel: Kernel,
    shocks: Sequence[Shock],
    theta: Floats,
    settings: LongRun,
) -> tuple[list[int], list[Cells], list[Status]]:
    ready: list[int] = []
    cells: list[Cells] = []
    statuses: list[Status] = [Status("not_converged", 0)] * len(shocks)
    for place, shock in enumerate(shocks):
        try:
            made = cells_of(economy, kernel, shock, theta=theta[place], missing=settings.missing)
            refuse_stranded(economy, kernel, shock, made)
        except ModelError as error:
            if error.status is None:
                raise
            statuses[place] = error.status
            continue
        ready.append(place)
        cells.append(made)
    return ready, cells, statuses


def _fill(
    out: _Summary,
    point: Block,
    rows: NDArray[np.intp],
    watched: NDArray[np.intp],
    before: Floats,
) -> None:
    """Write the summaries of converged scenarios to their rows; `before` is income (country, 1)."""
    kernel = point.kernel
    log_price, output, log_wage = point.parts(point.state)
    wage = np.exp(log_wage)
    index = _price_index(kernel, log_price)
    has_tariffs = kernel.has_tariffs or any(cells.has_tariffs for cells in point.cells)
    if has_tariffs or len(watched):
        market = point.market(log_price, output, log_wage, wage)
        income = market.income * kernel.value_added
    else:
        income = point.own_income(wage) * kernel.value_added
    out.income[rows] = income.T
    out.welfare_hat[rows] = (income / before / index).T
    out.wage_hat[rows] = wage.T
    out.price_index_hat[rows] = index.T
    if not len(watched):
        return
    demand = market.spent * kernel.value_added / market.appeal
    for place, country in enumerate(watched):
        bought = kernel.received[:, :, country, None] * np.ones(demand.shape[2])
        supplied = kernel.received[:, country, :, None] * np.ones(demand.shape[2])
        for k, cells in enumerate(point.cells):
            mine = cells.exporter == country
            bought[cells.sector[mine], cells.importer[mine], k] = cells.received[mine]
            mine = cells.importer == country
            supplied[cells.sector[mine], cells.exporter[mine], k] = cells.received[mine]
        exports = bought * demand * market.attraction[:, country, None, :]
        imports = supplied * market.attraction * demand[:, country, None, :]
        exports[:, country] = 0.0
        imports[:, country] = 0.0
        out.exports[rows, place] = exports.transpose(2, 1, 0)
        out.imports[rows, place] = imports.transpose(2, 1, 0)
