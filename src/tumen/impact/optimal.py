"""Which measures cost the target most for each dollar that they cost the senders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tumen.core.errors import DataError, ModelError
from tumen.impact.block import LongRun
from tumen.impact.economy import Economy, Floats
from tumen.impact.gradient import leak_values
from tumen.impact.long_run import solve, solve_batch
from tumen.impact.response import Response
from tumen.impact.shock import Cell, Shock, from_cells

SETTINGS = LongRun(tolerance=1e-9)

CORNERS = 8
"""Most corners that a search visits before its quasi-Newton steps."""


@dataclass(frozen=True, eq=False)
class Design:
    """A policy and what it costs whom, million USD a year.

    Attributes
    ----------
    price
        lambda: dollars of the target's loss that a dollar of the senders' loss must buy.
    cells
        Flows that may be hampered.
    openness
        m of these flows, 0 to 1.
    target_loss, sender_loss
        Minus the equivalent variations; those of all senders together.
    evaluations
        Solves made.
    """

    price: float
    cells: tuple[Cell, ...]
    openness: Floats
    target_loss: float
    sender_loss: float
    evaluations: int


@dataclass(frozen=True)
class Ranked:
    """One measure by what it costs the target and the senders, million USD a year."""

    label: str
    target_loss: float
    sender_loss: float

    @property
    def ratio(self) -> float:
        """Target's loss for each dollar of the senders'; infinite when they lose nothing."""
        return self.target_loss / self.sender_loss if self.sender_loss > 0 else float("inf")


def candidate_cells(
    economy: Economy, *, senders: Iterable[str], target: str, sectors: Iterable[str] | None = None
) -> tuple[Cell, ...]:
    """Return the flows between the senders and the target that exist, both ways.

    Examples
    --------
    >>> from tumen.impact import calibrate, candidate_cells
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> candidate_cells(economy, senders=["DEU"], target="RUS", sectors=["coal"])
    (('RUS', 'DEU', 'coal'), ('DEU', 'RUS', 'coal'))
    """
    chosen = tuple(economy.sectors) if sectors is None else tuple(sectors)
    found: list[Cell] = []
    sales = economy.sales()
    place = economy.countries.place
    for sender in senders:
        if sender == target:
            raise DataError(f"{target} cannot ban itself", "senders")
        for sector in chosen:
            j = economy.sectors.place(sector)
            for pair in ((target, sender), (sender, target)):
                if sales[place(pair[0]), place(pair[1]), j] > 0:
                    found.append((*pair, sector))
    return tuple(found)


def design(
    economy: Economy,
    cells: Sequence[Cell],
    *,
    senders: Sequence[str],
    target: str,
    price: float,
    lowest: float = 0.0,
    start: Floats | None = None,
    steps: int = 60,
) -> Design:
    """Return the policy with the largest target loss less `price` times the senders' loss.

    Most flows end either free or banned. So the search goes from corner to corner of the policies
    as the gradient points, and then by projected quasi-Newton steps (L-BFGS-B) from the best one;
    each gradient is exact and takes one adjoint solve.

    Parameters
    ----------
    price
        0 or more.
    lowest
        Least openness allowed; 0 allows true bans.
    start
        Openness to begin with; half open when None.

    Raises
    ------
    ModelError
        When a solve on the way has no answer.
    """
    if not price >= 0 or not 0 <= lowest < 1:
        raise ModelError("price is 0 or more, lowest between 0 and 1", "design")
    from scipy.optimize import minimize

    search = _Search(economy, cells, senders, target, price)
    point = search.corner(np.full(len(cells), 0.5) if start is None else start, lowest)
    found = minimize(
        search.value,
        point,
        jac=True,
        method="L-BFGS-B",
        bounds=[(lowest, 1.0)] * len(cells),
        options={"maxiter": steps, "ftol": 1e-10, "gtol": 1e-8},
    )
    final = search.solved(np.clip(found.x, lowest, 1.0))
    lost, paid = _losses(final, target, senders)
    return Design(price, tuple(cells), search.point, lost, paid, search.count)


class _Search:
    """The senders' objective at policies, with its gradient; the last policy is kept."""

    def __init__(
        self,
        economy: Economy,
        cells: Sequence[Cell],
        senders: Sequence[str],
        target: str,
        price: float,
    ) -> None:
        at = economy.countries.place
        self.economy = economy
        self.weights = {target: 1.0} | dict.fromkeys(senders, -price)
        self.worth = np.zeros(len(economy.countries))
        for name, weight in self.weights.items():
            self.worth[at(name)] = weight / economy.income[at(target)]
        self.scale = float(economy.income[at(target)])
        self.shock = _shock(economy, cells, np.ones(len(cells)))
        self.index = (self.shock.exporter, self.shock.importer, self.shock.sector)
        self.count = 0
        self.point = np.full(len(cells), np.nan)
        self._response: Response | None = None
        self._gradient: Floats | None = None

    def solved(self, point: Floats) -> Response:
        """Return the response to a policy."""
        if self._response is None or not np.array_equal(point, self.point):
            self.count += 1
            shock = replace(self.shock, openness=point)
            self._response = solve(self.economy, shock, settings=SETTINGS)
            self.point, self._gradient = point.copy(), None
        return self._response

    def value(self, point: Floats) -> tuple[float, Floats]:
        """Return minus the objective, as a share of the target's income, and its gradient."""
        response = self.solved(point)
        if self._gradient is None:
            found = leak_values(response, self.weights).openness[self.index]
            self._gradient = found / self.scale
        return float(self.worth @ response.equivalent_variation), self._gradient

    def corner(self, point: Floats, lowest: float) -> Floats:
        """Go from corner to corner while that pays, and return the best policy."""
        best, gradient = self.value(point)
        for _ in range(CORNERS):
            there = np.where(gradient > 0, lowest, 1.0)
            if np.array_equal(there, point):
                break
            value, ahead = self.value(there)
            if value >= best:
                break
            point, best, gradient = there, value, ahead
        return point


def frontier(
    economy: Economy,
    cells: Sequence[Cell],
    *,
    senders: Sequence[str],
    target: str,
    prices: Sequence[float] = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0),
) -> tuple[Design, ...]:
    """Return the best policies from the cheapest sender dollar to the dearest.

    Examples
    --------
    >>> from tumen.impact import calibrate, candidate_cells, frontier
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> cells = candidate_cells(economy, senders=["DEU"], target="RUS", sectors=["coal"])
    >>> free, dear = frontier(economy, cells, senders=["DEU"], target="RUS", prices=(0.0, 5.0))
    >>> free.target_loss >= dear.target_loss
    True
    """
    found: list[Design] = []
    start: Floats | None = None
    for price in sorted(prices):
        made = design(economy, cells, senders=senders, target=target, price=price, start=start)
        found.append(made)
        start = np.clip(made.openness, 0.02, 0.98)
    return tuple(found)


def greedy_bans(
    economy: Economy,
    groups: Mapping[str, Sequence[Cell]],
    *,
    senders: Sequence[str],
    target: str,
    budget: float,
) -> tuple[Ranked, ...]:
    """Return whole bans, one after the other, with the best ratio within a sender budget.

    Each step solves every remaining ban on top of the chosen ones exactly; so the losses that are
    returned (cumulative) are those of true solves.

    Parameters
    ----------
    groups
        Flows of each ban by label.
    budget
        Most that the senders may lose together, million USD a year.
    """
    chosen: list[str] = []
    steps: list[Ranked] = []
    lost, paid = 0.0, 0.0
    while len(chosen) < len(groups):
        left = [name for name in groups if name not in chosen]
        tried = [_cells_of(groups, [*chosen, name]) for name in left]
        shocks = [_shock(economy, cells, np.zeros(len(cells))) for cells in tried]
        batch = solve_batch(economy, shocks, settings=SETTINGS)
        options = []
        for k, name in enumerate(left):
            if not batch.statuses[k].has_converged:
                continue
            more = -float(batch.ev(target)[k]) - lost
            cost = -sum(float(batch.ev(sender)[k]) for sender in senders) - paid
            if more > 0 and paid + cost <= budget:
                options.append((more / max(cost, 1e-9), name, more, cost))
        if not options:
            break
        _, name, more, cost = max(options)
        chosen.append(name)
        lost, paid = lost + more, paid + cost
        steps.append(Ranked(name, lost, paid))
    return tuple(steps)


def rank_bans(
    economy: Economy,
    groups: Mapping[str, Sequence[Cell]],
    *,
    senders: Sequence[str],
    target: str,
) -> tuple[Ranked, ...]:
    """Return each ban alone, the best ratio first; bans without an answer are left out.

    Examples
    --------
    >>> from tumen.impact import calibrate, candidate_cells, rank_bans
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> groups = {
    ...     sector: candidate_cells(economy, senders=["DEU"], target="RUS", sectors=[sector])
    ...     for sector in ("coal", "oil_gas")
    ... }
    >>> [ban.label for ban in rank_bans(economy, groups, senders=["DEU"], target="RUS")]
    ['coal', 'oil_gas']
    """
    names = list(groups)
    shocks = [_shock(economy, groups[name], np.zeros(len(groups[name]))) for name in names]
    batch = solve_batch(economy, shocks, settings=SETTINGS)
    found = [
        Ranked(
            name,
            -float(batch.ev(target)[k]),
            -sum(float(batch.ev(sender)[k]) for sender in senders),
        )
        for k, name in enumerate(names)
        if batch.statuses[k].has_converged
    ]
    return tuple(sorted(found, key=lambda ranked: -ranked.ratio))


def coalition_values(
    economy: Economy, *, states: Sequence[str], target: str, leak: float = 0.0
) -> dict[tuple[str, ...], float]:
    """Return what the target loses, million USD a year, for every coalition of up to ten states.

    Raises
    ------
    ModelError
        When there are more than ten states or a coalition has no answer.
    """
    if len(states) > 10:
        raise ModelError(
            f"{len(states)} states make too many coalitions", "coalitions", "at most 10"
        )
    members = [
        tuple(name for k, name in enumerate(states) if mask >> k & 1)
        for mask in range(1, 1 << len(states))
    ]
    shocks = []
    for group in members:
        cells = candidate_cells(economy, senders=group, target=target)
        shocks.append(_shock(economy, cells, np.full(len(cells), leak)))
    batch = solve_batch(economy, shocks)
    for group, status in zip(members, batch.statuses, strict=True):
        if not status.has_converged:
            raise ModelError(f"no answer for {', '.join(group)}", "coalitions", status=status)
    values = -batch.ev(target)
    return {group: float(value) for group, value in zip(members, values, strict=True)}


def _cells_of(groups: Mapping[str, Sequence[Cell]], names: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(dict.fromkeys(cell for name in names for cell in groups[name]))


def _shock(economy: Economy, cells: Sequence[Cell], openness: Floats) -> Shock:
    made = from_cells(economy, dict.fromkeys(cells, 1.0))
    return replace(made, openness=np.asarray(openness, dtype=np.float64), label="design")


def _losses(response: Response, target: str, senders: Sequence[str]) -> tuple[float, float]:
    place = response.economy.countries.place
    ev = response.equivalent_variation
    return -float(ev[place(target)]), -float(sum(ev[place(name)] for name in senders))
