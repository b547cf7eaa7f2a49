"""Policy as openness: what a measure multiplies a trade weight by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError, ModelError, Problem, raise_all
from tumen.core.nearest import did_you_mean
from tumen.impact.economy import Economy, Floats
from tumen.numerics.labelled import Axis

Cell = tuple[str, str, str]
"""Exporter, importer, sector."""


@dataclass(frozen=True, eq=False)
class Shock:
    """A policy: openness multipliers of single flows, tariffs and transfers.

    The openness m multiplies the weight of a supplier in a buyer's choice: 1 is today's trade,
    `delta` is a ban that lets that share of the weight leak, 0 is a ban without leak, more than 1
    makes trade easier. It equals the hat of trade cost to the power -theta.

    Attributes
    ----------
    countries, sectors
        Labels of the economy that it belongs to.
    exporter, importer, sector
        Places of the cells whose openness is not 1.
    openness
        m of these cells, 0 or more.
    tariff
        Counterfactual tariff rates (exporter, importer, sector), or None to keep the tariffs.
    transfer
        Added to a country's income, in the economy's unit; (country,), sums to 0; or None.
    label
        What a table calls it.
    bans
        Who bans what: (enforcer, exporter, importer, sector, banned share, leak), for the record.

    Raises
    ------
    DataError
        When an openness is negative or not finite, or a cell stands twice.
    """

    countries: Axis
    sectors: Axis
    exporter: NDArray[np.intp]
    importer: NDArray[np.intp]
    sector: NDArray[np.intp]
    openness: Floats
    tariff: Floats | None = None
    transfer: Floats | None = None
    label: str = ""
    bans: tuple[tuple[str, str, str, str, float, float], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        if not np.isfinite(self.openness).all() or (self.openness < 0).any():
            what = "an openness is negative or not finite"
            problems.append(Problem(what, "shock", "0 bans, 1 keeps, above 1 eases"))
        n, j = len(self.countries), len(self.sectors)
        flat = (self.exporter * n + self.importer) * j + self.sector
        if len(np.unique(flat)) != len(flat):
            problems.append(Problem("a flow stands twice in one shock", "shock", "use combine"))
        for name, values, shape in (
            ("tariff", self.tariff, (n, n, j)),
            ("transfer", self.transfer, (n,)),
        ):
            if values is None:
                continue
            if values.shape != shape or not np.isfinite(values).all():
                what = f"{name} has shape {values.shape}, not {shape}, or is not finite"
                problems.append(Problem(what, "shock"))
            elif name == "tariff" and (values <= -1).any():
                problems.append(Problem("a tariff is -100 % or less", "shock"))
        raise_all(problems, DataError)

    def dense(self) -> Floats:
        """Return the openness of every flow; (exporter, importer, sector)."""
        n, j = len(self.countries), len(self.sectors)
        full = np.ones((n, n, j))
        full[self.exporter, self.importer, self.sector] = self.openness
        return full


def no_shock(economy: Economy) -> Shock:
    """Return the shock that changes nothing."""
    return from_cells(economy, {}, label="no shock")


def from_cells(economy: Economy, cells: Mapping[Cell, float], *, label: str = "") -> Shock:
    """Return a shock from openness by (exporter, importer, sector).

    Raises
    ------
    DataError
        When a label is unknown; the hint names the nearest.

    Examples
    --------
    >>> from tumen.impact import calibrate, from_cells
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> stop = from_cells(economy, {("RUS", "CHN", "coal"): 0.0})  # no Russian coal for China
    >>> float(stop.openness.min())
    0.0
    """
    countries, sectors = economy.countries, economy.sectors
    keys = list(cells)
    return Shock(
        countries,
        sectors,
        countries.places(key[0] for key in keys),
        countries.places(key[1] for key in keys),
        sectors.places(key[2] for key in keys),
        np.array([cells[key] for key in keys], dtype=np.float64),
        label=label,
    )


def from_openness(economy: Economy, openness: Floats, *, label: str = "") -> Shock:
    """Return a shock from openness in full; (exporter, importer, sector)."""
    n, j = len(economy.countries), len(economy.sectors)
    if openness.shape != (n, n, j):
        raise DataError(f"openness has shape {openness.shape}, not {(n, n, j)}", "shock")
    exporter, importer, sector = np.nonzero(openness != 1.0)
    return Shock(
        economy.countries,
        economy.sectors,
        exporter,
        importer,
        sector,
        openness[exporter, importer, sector].astype(np.float64),
        label=label,
    )


def embargo(
    economy: Economy,
    *,
    sender: str | Iterable[str],
    target: str,
    sectors: Iterable[str] | None = None,
    leak: float = 0.0,
    exports: bool = True,
    imports: bool = True,
) -> Shock:
    """Return the shock in which senders stop trading with a target.

    Parameters
    ----------
    sender
        Country or countries that ban.
    target
        Country that is banned.
    sectors
        Sectors under the ban; all when None.
    leak
        Share of the trade weight that goes on, 0 to 1.
    exports, imports
        Whether the target's exports to, and its imports from, the senders are under the ban.

    Raises
    ------
    DataError
        When a label is unknown or the leak is not between 0 and 1.

    Examples
    --------
    >>> from tumen.impact import calibrate, embargo
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> embargo(economy, sender="CHN", target="RUS", sectors=["coal"], leak=0.1).label
    'CHN against RUS'
    """
    if not 0 <= leak <= 1:
        raise DataError(f"leak {leak} is not between 0 and 1", "embargo", "0.1 lets 10 % through")
    senders = (sender,) if isinstance(sender, str) else tuple(sender)
    if target in senders:
        raise DataError(f"{target} cannot ban itself", "embargo: sender")
    chosen = tuple(economy.sectors) if sectors is None else tuple(sectors)
    cells: dict[Cell, float] = {}
    for name in senders:
        for sector in chosen:
            if exports:
                cells[target, name, sector] = leak
            if imports:
                cells[name, target, sector] = leak
    return from_cells(economy, cells, label=f"{', '.join(senders)} against {target}")


def isolate(economy: Economy, country: str, *, leak: float = 0.0) -> Shock:
    """Return the shock in which all others stop trading with one country.

    Examples
    --------
    >>> from tumen.impact import calibrate, isolate
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> isolate(economy, "RUS", leak=0.5).label
    'RUS isolated, leak 0.5'
    """
    others = [name for name in economy.countries if name != country]
    shock = embargo(economy, sender=others, target=country, leak=leak)
    return _relabelled(shock, f"{country} isolated, leak {leak:g}")


def shock_from_restrictions(
    economy: Economy,
    banned: Mapping[Cell, float],
    *,
    enforcers: Mapping[str, float],
    label: str = "",
) -> Shock:
    """Return the shock of banned shares of trade, as enforced by each state.

    A flow keeps m = 1 - b (1 - delta), with b the banned share of its trade (trade-weighted) and
    delta the leak of its enforcer. Where both sides enforce, the one that leaks less decides:
    goods must pass both borders. A flow between states that do not enforce goes on.

    Parameters
    ----------
    banned
        Banned share, 0 to 1, by (exporter, importer, sector).
    enforcers
        Leak, 0 to 1, of each state that enforces; 1 is a state that lets everything pass.

    Raises
    ------
    DataError
        When a share or leak is not between 0 and 1 or a label is unknown; all are named.

    Examples
    --------
    >>> from tumen.impact import calibrate, shock_from_restrictions
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> banned = {("RUS", "CHN", "coal"): 0.5}
    >>> shock = shock_from_restrictions(economy, banned, enforcers={"CHN": 0.1})
    >>> float(shock.openness.min())  # 1 - 0.5 (1 - 0.1)
    0.55
    """
    problems = [
        Problem(f"leak {leak} of {name} is not between 0 and 1", "enforcers")
        for name, leak in enforcers.items()
        if not 0 <= leak <= 1
    ]
    problems += [
        Problem(f"banned share {share} is not between 0 and 1", "restrictions: " + ", ".join(cell))
        for cell, share in banned.items()
        if not 0 <= share <= 1
    ]
    problems += [
        Problem(
            f"'{name}' is no country of the model",
            "enforcers",
            did_you_mean(name, economy.countries),
        )
        for name in enforcers
        if name not in economy.countries.labels
    ]
    raise_all(problems, DataError)
    cells: dict[Cell, float] = {}
    bans: list[tuple[str, str, str, str, float, float]] = []
    for (exporter, importer, sector), share in banned.items():
        sides = [name for name in (importer, exporter) if name in enforcers]
        if not sides or share == 0:
            continue
        enforcer = min(sides, key=lambda name: enforcers[name])
        leak = enforcers[enforcer]
        cells[exporter, importer, sector] = 1 - share * (1 - leak)
        bans.append((enforcer, exporter, importer, sector, share, leak))
    made = from_cells(economy, cells, label=label)
    return _relabelled(made, label, bans=tuple(bans))


def ad_valorem(economy: Economy, costs: Mapping[Cell, float], *, label: str = "") -> Shock:
    """Return the shock of trade costs given as a share of value: m = (1 + cost)^-theta.

    Insurance, detours and the discount that a buyer of banned goods asks for are such costs. They
    use up goods: nobody earns them, unlike a tariff.

    Parameters
    ----------
    costs
        Cost over value, by (exporter, importer, sector); below 0 eases trade.

    Raises
    ------
    DataError
        When a cost is -1 or less or not finite; all are named.

    Examples
    --------
    >>> from tumen.impact import calibrate
    >>> from tumen.impact.shock import ad_valorem
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> detour = ad_valorem(economy, {("RUS", "IND", "oil_gas"): 0.2})  # a fifth of the value
    >>> bool(0 < detour.openness[0] < 1)
    True
    """
    problems = [
        Problem(f"a cost of {cost} is no share of value above -1", "ad_valorem: " + ", ".join(cell))
        for cell, cost in costs.items()
        if not (np.isfinite(cost) and cost > -1)
    ]
    raise_all(problems, DataError)
    theta = dict(zip(economy.sectors, economy.trade_elasticity, strict=True))
    for _, _, sector in costs:
        economy.sectors.place(sector)
    openness = {cell: (1 + cost) ** -float(theta[cell[2]]) for cell, cost in costs.items()}
    return from_cells(economy, openness, label=label)


def new_tariffs(economy: Economy, tariff: Floats, *, label: str = "") -> Shock:
    """Return the shock of other tariff rates; (exporter, importer, sector)."""
    empty = np.zeros(0, dtype=np.intp)
    return Shock(
        economy.countries,
        economy.sectors,
        empty,
        empty,
        empty,
        np.zeros(0),
        tariff=np.asarray(tariff, dtype=np.float64),
        label=label,
    )


def combine(shocks: Sequence[Shock], *, label: str = "") -> Shock:
    """Return the joint shock: openness multiplies, transfers add, at most one sets tariffs.

    Raises
    ------
    ModelError
        When the shocks belong to different economies or two of them set tariffs.

    Examples
    --------
    >>> from tumen.impact import calibrate, combine, embargo, isolate
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> ban = embargo(economy, sender="CHN", target="RUS")
    >>> combine([ban, isolate(economy, "RUS", leak=0.5)]).label
    'CHN against RUS + RUS isolated, leak 0.5'
    """
    if not shocks:
        raise ModelError("there is no shock to combine", "combine")
    first = shocks[0]
    if any(s.countries != first.countries or s.sectors != first.sectors for s in shocks):
        raise ModelError("the shocks belong to different economies", "combine")
    tariffs = [s.tariff for s in shocks if s.tariff is not None]
    if len(tariffs) > 1:
        raise ModelError("two shocks set tariffs", "combine", hint="set them in one shock")
    product: dict[tuple[int, int, int], float] = {}
    for shock in shocks:
        places = zip(shock.exporter, shock.importer, shock.sector, shock.openness, strict=True)
        for i, n, j, m in places:
            key = (int(i), int(n), int(j))
            product[key] = product.get(key, 1.0) * float(m)
    transfers = [s.transfer for s in shocks if s.transfer is not None]
    keys = np.array(list(product), dtype=np.intp).reshape(-1, 3)
    return Shock(
        first.countries,
        first.sectors,
        keys[:, 0],
        keys[:, 1],
        keys[:, 2],
        np.array(list(product.values()), dtype=np.float64),
        tariff=tariffs[0] if tariffs else None,
        transfer=np.sum(transfers, axis=0) if transfers else None,
        label=label or " + ".join(s.label for s in shocks),
        bans=tuple(ban for s in shocks for ban in s.bans),
    )


def _relabelled(
    shock: Shock,
    label: str,
    *,
    bans: tuple[tuple[str, str, str, str, float, float], ...] | None = None,
) -> Shock:
    from dataclasses import replace

    return replace(shock, label=label, bans=shock.bans if bans is None else bans)
