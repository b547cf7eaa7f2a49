"""From tables of flows to an economy whose identities hold exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from tumen.core.errors import DataError, Problem, raise_all
from tumen.core.finding import Input
from tumen.impact.economy import LARGEST, Economy, Floats
from tumen.impact.elasticities import default_elasticities
from tumen.numerics.labelled import Axis
from tumen.trade import InputOutput


def calibrate(
    world: InputOutput,
    *,
    elasticities: Mapping[str, float] | None = None,
) -> Economy:
    """Return an economy from an inter-country input-output table.

    Where the table gives final use by seller only, it is spread over buyers by how they source
    intermediates, and the economy says so in its notes.

    Parameters
    ----------
    world
        Table of `tumen.trade`.
    elasticities
        Trade elasticities by sector that replace the default ones.

    Raises
    ------
    DataError
        When the table is no economy.

    Examples
    --------
    >>> from tumen.trade import read_world
    >>> calibrate(read_world()).countries.place("CHN") >= 0
    True
    """
    intermediate = world.intermediate.values
    notes = [f"benchmark year {world.year}", *world.caveats]
    if world.final_use_by_importer is not None:
        final = world.final_use_by_importer.values.transpose(0, 2, 1)
    else:
        final, misfit = impute_final(intermediate, world.final_use.values)
        notes.append(
            "final demand by buyer is imputed from the sourcing of intermediates; "
            f"the fit moved at most {100 * misfit:.1f} % of a sector's final sales"
        )
    return calibrate_table(
        world.regions.labels,
        world.sectors.labels,
        intermediate=intermediate,
        final=final,
        elasticities=elasticities,
        notes=tuple(notes),
        inputs=(world.input,),
    )


def calibrate_flows(
    countries: Iterable[str],
    sectors: Iterable[str],
    *,
    sales: Floats,
    input_share: Floats,
    trade_elasticity: Floats,
    tariff: Floats | None = None,
    unit: str = "MUSD",
    notes: tuple[str, ...] = (),
    inputs: tuple[Input, ...] = (),
) -> Economy:
    """Return an economy from bilateral sales and input shares.

    Value added is what output leaves after inputs, final demand what purchases leave after
    inputs; so every identity holds to rounding, whatever the rounding of the source.

    Parameters
    ----------
    sales
        What exporters receive from importers, home sales included; (exporter, importer, sector).
    input_share
        Inputs for each unit of output; (country, input, using sector).
    trade_elasticity
        (sector,).
    tariff
        Ad valorem rates; (exporter, importer, sector).

    Raises
    ------
    DataError
        When a number is negative or not finite, a shape is wrong, a country produces nothing, or
        inputs are more than a sector's purchases (negative final demand).
    """
    places = Axis("country", tuple(countries)), Axis("sector", tuple(sectors))
    sales = _checked("sales", sales, (len(places[0]), len(places[0]), len(places[1])), places)
    shape = (len(places[0]), len(places[1]), len(places[1]))
    gamma = _checked("input_share", input_share, shape, places).copy()
    output = sales.sum(axis=1)
    gamma[np.broadcast_to((output <= 0)[:, None, :], gamma.shape)] = 0.0
    beta = 1.0 - gamma.sum(axis=1)
    if (beta < -1e-9).any():
        n, j = (int(k) for k in np.argwhere(beta < -1e-9)[0])
        where = f"input_share: {places[0].labels[n]}, {places[1].labels[j]}"
        raise DataError(f"inputs are {1 - beta[n, j]:.6f} of output", where, "at most 1")
    beta = np.maximum(beta, 0.0)
    gamma /= np.maximum(1.0, gamma.sum(axis=1, keepdims=True))
    beta = 1.0 - gamma.sum(axis=1)
    if tariff is not None:
        tariff = _checked("tariff", tariff, sales.shape, places)
    paid = sales if tariff is None else sales * (1 + tariff)
    spent = paid.sum(axis=0)
    share = np.divide(paid, spent, out=np.zeros_like(paid), where=spent > 0)
    home = np.arange(len(places[0]))
    share[home, home] += np.where(spent > 0, 0.0, 1.0)
    final = spent - np.einsum("nkj,nj->nk", gamma, output)
    final = _final_demand(final, spent, places)
    income = final.sum(axis=1)
    va = (beta * output).sum(axis=1)
    revenue = (paid - sales).sum(axis=(0, 2))
    _refuse_empty(va, income, places[0])
    return Economy(
        countries=places[0],
        sectors=places[1],
        trade_share=share,
        input_share=gamma,
        value_added_share=beta,
        final_share=final / income[:, None],
        value_added=va,
        deficit=income - va - revenue,
        trade_elasticity=trade_elasticity,
        output=output,
        expenditure=spent,
        tariff=tariff,
        unit=unit,
        notes=notes,
        inputs=inputs,
    )


def calibrate_table(
    countries: Iterable[str],
    sectors: Iterable[str],
    *,
    intermediate: Floats,
    final: Floats,
    trade_elasticity: Floats | None = None,
    elasticities: Mapping[str, float] | None = None,
    unit: str = "MUSD",
    notes: tuple[str, ...] = (),
    inputs: tuple[Input, ...] = (),
) -> Economy:
    """Return an economy from an inter-country input-output table.

    Parameters
    ----------
    intermediate
        Sales of a seller's sector to a buyer's sector; (exporter, sector, importer, using).
    final
        Sales to final users; (exporter, importer, sector).
    elasticities
        Values that replace the default ones, by sector.

    Raises
    ------
    DataError
        When the table is no economy: wrong shape, negative or missing flows, a sector that buys
        more than it sells.
    """
    names = tuple(countries), tuple(sectors)
    places = Axis("country", names[0]), Axis("sector", names[1])
    n, j = len(places[0]), len(places[1])
    z = _checked("intermediate", intermediate, (n, j, n, j), places)
    f = _checked("final", final, (n, n, j), places)
    sales = z.sum(axis=3).transpose(0, 2, 1) + f
    output = sales.sum(axis=1)
    used = z.sum(axis=0).transpose(1, 0, 2)
    gamma = np.divide(used, output[:, None, :], out=np.zeros_like(used), where=output[:, None] > 0)
    theta = trade_elasticity
    if theta is None:
        theta = _theta(places[1], elasticities or {})
    return calibrate_flows(
        *names,
        sales=sales,
        input_share=gamma,
        trade_elasticity=theta,
        unit=unit,
        notes=notes,
        inputs=inputs,
    )


def _theta(sectors: Axis, given: Mapping[str, float]) -> Floats:
    unknown = [name for name in given if name not in sectors.labels]
    if unknown:
        sectors.place(unknown[0])
    missing = [name for name in sectors if name not in given]
    defaults = default_elasticities(missing)
    return np.array([given[s] if s in given else defaults[s].value for s in sectors])


def impute_final(
    intermediate: Floats, final_total: Floats, *, iterations: int = 500
) -> tuple[Floats, float]:
    """Split a seller's total final sales over buyers by how they source intermediates.

    A buyer's final purchases of a product come from sellers in the shares of its intermediate
    purchases; the buyers' totals are fitted so that the sellers' totals come out (expectation
    maximisation of a mixture), then every seller's row is scaled to its total.

    Parameters
    ----------
    intermediate
        (exporter, sector, importer, using).
    final_total
        Final sales by seller; (exporter, sector).
    iterations
        Rounds of the fit.

    Returns
    -------
    final, misfit
        (exporter, importer, sector), and the largest part of a sector's final sales that the
        last scaling had to move.
    """
    bought = intermediate.sum(axis=3).transpose(1, 0, 2)
    total = bought.sum(axis=1, keepdims=True)
    home = np.eye(bought.shape[1])[None]
    sourcing = np.where(total > 0, bought / np.where(total > 0, total, 1.0), home)
    wanted = final_total.T
    n = wanted.shape[1]
    buyers = np.maximum(np.einsum("jnn->jn", sourcing), 1e-3) * wanted + 1e-12
    back = sourcing.transpose(0, 2, 1)
    for _ in range(iterations):
        fitted = np.matmul(sourcing, buyers[:, :, None])[:, :, 0]
        ratio = np.divide(wanted, fitted, out=np.zeros_like(wanted), where=fitted > 0)
        buyers = buyers * np.matmul(back, ratio[:, :, None])[:, :, 0]
    flows = sourcing * buyers[:, None, :]
    fitted = flows.sum(axis=2)
    lost = np.abs(fitted - wanted).sum(axis=1) / np.maximum(wanted.sum(axis=1), 1e-300)
    scale = np.divide(wanted, fitted, out=np.zeros_like(wanted), where=fitted > 0)
    flows = flows * scale[:, :, None]
    # A seller that no buyer's sourcing knows sells to itself.
    orphan = np.where(fitted > 0, 0.0, wanted)
    flows[:, np.arange(n), np.arange(n)] += orphan
    return np.asarray(flows.transpose(1, 2, 0)), float(lost.max() / 2)


def _checked(
    name: str, values: Floats, shape: tuple[int, ...], places: tuple[Axis, Axis]
) -> Floats:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        hint = f"an array of shape {shape}"
        raise DataError(f"{name} is no array of numbers ({error})", name, hint) from None
    problems: list[Problem] = []
    if array.shape != shape:
        hint = f"for {len(places[0])} countries and {len(places[1])} sectors"
        problems.append(Problem(f"{name} has shape {array.shape}, not {shape}", name, hint))
    elif not np.isfinite(array).all():
        place = np.argwhere(~np.isfinite(array))[0].tolist()
        problems.append(Problem(f"{name} is not finite at {place}", name, "repair the table"))
    elif (array > LARGEST).any():
        place = np.argwhere(array > LARGEST)[0].tolist()
        what = f"{name} is beyond {LARGEST:g} at {place}"
        problems.append(Problem(what, name, "check the unit: million USD a year"))
    elif (array < 0).any():
        place = np.argwhere(array < 0)[0].tolist()
        what = f"{name} is negative ({array[tuple(place)]:g}) at {place}"
        problems.append(Problem(what, name, "net out subsidies and stock changes first"))
    raise_all(problems, DataError)
    return array


def _final_demand(final: Floats, spent: Floats, places: tuple[Axis, Axis]) -> Floats:
    """Return final demand without rounding dust; refuse what is really negative."""
    bad = final < -1e-9 * np.maximum(spent.sum(axis=1, keepdims=True), 1e-300)
    if bad.any():
        n, j = (int(k) for k in np.argwhere(bad)[0])
        where = f"final demand: {places[0].labels[n]}, {places[1].labels[j]}"
        what = (
            f"inputs bought are more than purchases by {-final[n, j]:.6g} ({int(bad.sum())} cells)"
        )
        raise DataError(what, where, "balance the table: who uses a good must buy it")
    return np.maximum(final, 0.0)


def _refuse_empty(va: Floats, income: Floats, countries: Axis) -> None:
    problems = [
        Problem(f"{name} has no value added or no final demand", "economy", "leave it out")
        for name, earned, spent in zip(countries, va, income, strict=True)
        if earned <= 0 or spent <= 0
    ]
    raise_all(problems, DataError)
