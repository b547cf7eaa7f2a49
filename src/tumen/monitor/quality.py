"""Data quality, always first: which recorded rows are not what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tumen.core.countries import country_names
from tumen.core.errors import DataError
from tumen.trade import Flows

FlagName = Literal[
    "sibling_swap", "imputed_quantity", "absurd_unit_value", "provisional", "aggregate_partner"
]

Side = Literal["exporter", "importer"]

VALUE_FLAGS: tuple[FlagName, ...] = ("sibling_swap", "aggregate_partner")
"""Flags that make a row's value doubtful; such rows are left out by default, with a count."""
QUANTITY_FLAGS: tuple[FlagName, ...] = ("imputed_quantity", "absurd_unit_value")
"""Flags that make a row's quantity doubtful; the value stays."""

FLAG_TEXT: dict[FlagName, str] = {
    "sibling_swap": "probably meant for a country of a similar name",
    "imputed_quantity": "the quantity was filled in from an average price",
    "absurd_unit_value": "the unit value is far outside what others pay",
    "provisional": "the newest year will be revised",
    "aggregate_partner": "the partner is no country",
}

SIBLINGS: dict[str, tuple[str, ...]] = {
    "PRK": ("KOR",), "KOR": ("PRK",), "COG": ("COD",), "COD": ("COG",), "NER": ("NGA",),
    "NGA": ("NER",), "AUT": ("AUS",), "AUS": ("AUT",), "SVK": ("SVN",), "SVN": ("SVK",),
    "DMA": ("DOM",), "DOM": ("DMA",), "GIN": ("GNB", "GNQ"), "GNB": ("GIN", "GNQ"),
    "GNQ": ("GIN", "GNB"),
}  # fmt: skip
"""Countries whose names or codes customs officers mix up."""

REAL_PARTNERS: dict[str, frozenset[str]] = {
    "PRK": frozenset({"CHN", "RUS", "KOR", "JPN", "HKG", "MAC", "TWN", "SGP", "THA", "IND"}),
}
"""Neighbours, hubs and partners whose large trade with the target other sources confirm."""

BULK_OF_OTHERS: dict[str, tuple[str, ...]] = {"PRK": ("2709", "271111", "26")}
"""Goods that the target has no plant to take from afar: crude oil, LNG, ores, concentrates."""

LARGE_USD = 5_000_000.0
SIBLING_RATIO = 20.0
SIBLING_YEARS = 5
IMPUTED_ROWS = 3
IMPUTED_DECIMALS = 3
ABSURD_RATIO = 10.0


@dataclass(frozen=True, eq=False)
class Quality:
    """A target's trade with one mark per row and flag; no row is deleted.

    Attributes
    ----------
    target
        Alpha-3 code.
    flows
        Every row in which the target sells or buys.
    flags
        By flag: whether it marks the row, shape (rows,).
    large_sales_to_target
        Number of rows above `LARGE_USD` that others record as sold to the target.
    flagged_sales_to_target
        How many of those the swap detector marks.
    last_reported
        By partner: the last year with a row, when it stops before the data do although the
        partner traded in each of the five years before.
    """

    target: str
    flows: Flows
    flags: dict[FlagName, NDArray[np.bool_]]
    large_sales_to_target: int
    flagged_sales_to_target: int
    last_reported: dict[str, str]

    def counts(self) -> dict[str, int]:
        """Return the number of marked rows by flag."""
        return {name: int(marks.sum()) for name, marks in self.flags.items()}

    def marked(self, *names: FlagName) -> NDArray[np.bool_]:
        """Return which rows carry at least one of these flags."""
        found = np.zeros(len(self.flows), dtype=bool)
        for name in names:
            found |= self.flags[name]
        return found

    def trusted(self) -> Flows:
        """Return the rows whose value is what it says; doubtful quantities are NaN."""
        quantity = np.where(self.marked(*QUANTITY_FLAGS), np.nan, self.flows.quantity)
        return replace(self.flows, quantity=quantity).take(~self.marked(*VALUE_FLAGS))

    def left_out(self) -> tuple[int, float]:
        """Return number and value (US dollars) of the rows that `trusted` leaves out."""
        marks = self.marked(*VALUE_FLAGS)
        return int(marks.sum()), float(self.flows.value_usd[marks].sum())


def check_quality(flows: Flows, *, target: str) -> Quality:
    """Mark the rows of a target's trade that are not what they say.

    Parameters
    ----------
    flows
        All flows at hand: a row is judged by its company (the exporter's sales to the sibling,
        the unit values of others), so the target's rows alone do not suffice.
    target
        Alpha-3 code.

    Examples
    --------
    >>> from tumen import monitor, trade
    >>> quality = monitor.check_quality(trade.read_sample(), target="PRK")
    >>> round(quality.flagged_sales_to_target / quality.large_sales_to_target, 2)
    0.53
    """
    mine = flows.exporter.is_one_of([target]) | flows.importer.is_one_of([target])
    rows = np.flatnonzero(mine)
    if not rows.size:
        day = flows.coverage.as_of
        known = f" that was released by {day}" if day else ""
        raise DataError(f"the data hold no row of {target}{known}", flows.input.id)
    own = flows.take(rows)
    to_target = own.importer.is_one_of([target])
    swaps = sibling_swaps(flows, target=target)[rows]
    large = to_target & (own.value_usd > LARGE_USD)
    return Quality(
        target=target,
        flows=own,
        flags={
            "sibling_swap": swaps,
            "imputed_quantity": imputed_quantities(_company(flows, own))[_places(flows, own, rows)],
            "absurd_unit_value": absurd_unit_values(own, flows),
            "provisional": own.basis.is_one_of(["provisional"]),
            "aggregate_partner": ~own.exporter.is_one_of(country_names())
            | ~own.importer.is_one_of(country_names()),
        },
        large_sales_to_target=int(large.sum()),
        flagged_sales_to_target=int((large & swaps).sum()),
        last_reported=reporting_stops(own, target=target),
    )


def sibling_swaps(flows: Flows, *, target: str) -> NDArray[np.bool_]:
    """Mark large rows that were probably meant for a country of a similar name.

    A row above `LARGE_USD` between the target and a country outside `REAL_PARTNERS` is marked
    when the country has traded that good with the sibling in each of the five years before at
    `SIBLING_RATIO` times the value, or when it sells the target a bulk good of
    `BULK_OF_OTHERS`.

    Returns
    -------
    Boolean array, shape (rows of `flows`,).
    """
    marks = np.zeros(len(flows), dtype=bool)
    real = REAL_PARTNERS.get(target, frozenset())
    bulk = BULK_OF_OTHERS.get(target, ())
    large = flows.value_usd > LARGE_USD
    sides: tuple[tuple[Side, Side], ...] = (("importer", "exporter"), ("exporter", "importer"))
    for mine, other in sides:
        at_target = flows.column(mine).is_one_of([target]) & large
        outsiders = ~flows.column(other).is_one_of(real)
        rows = np.flatnonzero(at_target & outsiders)
        if bulk and mine == "importer":
            marks[rows] |= flows.product.starts_with(bulk)[rows]
        for sibling in SIBLINGS.get(target, ()):
            marks[rows] |= _sibling_trade_is_larger(flows, rows, mine, other, sibling)
    return marks


def _sibling_trade_is_larger(
    flows: Flows, rows: NDArray[np.intp], mine: Side, other: Side, sibling: str
) -> NDArray[np.bool_]:
    company = flows.take(
        flows.column(mine).is_one_of([sibling])
        & flows.column(other).is_one_of(flows.take(rows).column(other).present())
    )
    sums = company.by(other, "product", "period")
    found = np.zeros(rows.size, dtype=bool)
    for place, row in enumerate(flows.take(rows).rows()):
        partner = row.exporter if other == "exporter" else row.importer
        years = [str(int(row.period[:4]) - back) for back in range(1, SIBLING_YEARS + 1)]
        needed = SIBLING_RATIO * row.value_usd
        found[place] = all(sums.value(partner, row.product, year) >= needed for year in years)
    return found


def imputed_quantities(flows: Flows) -> NDArray[np.bool_]:
    """Mark quantities that were filled in from an average price.

    When a register lacks a quantity, an average unit value stands in for it, so several rows of
    one importer, year and product share the same ``ln(value / quantity)``. Three rows that agree
    to `IMPUTED_DECIMALS` decimals are marked.

    Returns
    -------
    Boolean array, shape (rows,).
    """
    known = (flows.quantity > 0) & (flows.value_usd > 0)
    unit_value = np.zeros(len(flows))
    np.log(flows.value_usd / np.where(known, flows.quantity, 1.0), out=unit_value, where=known)
    steps = np.rint(unit_value * 10**IMPUTED_DECIMALS).astype(np.int64)
    steps -= steps.min(initial=0)
    key = flows.importer.codes.astype(np.int64)
    key = key * len(flows.period.labels) + flows.period.codes
    key = key * len(flows.product.labels) + flows.product.codes
    key = key * (int(steps.max(initial=0)) + 1) + steps
    key = np.where(known, key, -1)
    _, place, count = np.unique(key, return_inverse=True, return_counts=True)
    return np.asarray(known & (count[place] >= IMPUTED_ROWS), dtype=bool)


def absurd_unit_values(own: Flows, flows: Flows) -> NDArray[np.bool_]:
    """Mark rows whose unit value is ten times off the median of all rows of product and year.

    Returns
    -------
    Boolean array, shape (rows of `own`,).
    """
    marks = np.zeros(len(own), dtype=bool)
    company = flows.take(_same_product_and_year(flows, own))
    groups = company.product.codes.astype(np.int64) * len(flows.period.labels)
    groups += company.period.codes
    known = (company.quantity > 0) & (company.value_usd > 0)
    values = np.full(len(company), np.nan)
    np.divide(company.value_usd, company.quantity, out=values, where=known)
    medians = _medians(groups[known], values[known])
    own_groups = own.product.codes.astype(np.int64) * len(flows.period.labels) + own.period.codes
    for place, group in enumerate(own_groups.tolist()):
        quantity = own.quantity[place]
        typical = medians.get(group)
        if typical and quantity > 0 and own.value_usd[place] > 0:
            ratio = own.value_usd[place] / quantity / typical
            marks[place] = not 1 / ABSURD_RATIO <= ratio <= ABSURD_RATIO
    return marks


def reporting_stops(own: Flows, *, target: str) -> dict[str, str]:
    """Return partners of five years' standing whose trade with the target ends before the data."""
    newest = max((int(label[:4]) for label in own.coverage.periods), default=0)
    years: dict[str, set[int]] = {}
    for exporter, importer, period in own.by("exporter", "importer", "period").keys:
        partner = importer if exporter == target else exporter
        years.setdefault(partner, set()).add(int(period[:4]))
    stopped = {}
    for partner, found in sorted(years.items()):
        last = max(found)
        if last < newest and all(last - back in found for back in range(SIBLING_YEARS)):
            stopped[partner] = str(last)
    return stopped


def _same_product_and_year(flows: Flows, own: Flows) -> NDArray[np.bool_]:
    size = len(flows.period.labels)
    wanted = np.zeros(len(flows.product.labels) * size, dtype=bool)
    wanted[own.product.codes.astype(np.int64) * size + own.period.codes] = True
    return np.asarray(wanted[flows.product.codes.astype(np.int64) * size + flows.period.codes])


def _company(flows: Flows, own: Flows) -> Flows:
    """Return the rows by which the target's rows are judged: same importer, product and year."""
    return flows.take(_company_rows(flows, own))


def _company_rows(flows: Flows, own: Flows) -> NDArray[np.bool_]:
    importers = flows.importer.is_one_of(own.importer.present())
    return importers & _same_product_and_year(flows, own)


def _places(flows: Flows, own: Flows, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return where the target's rows stand among their company."""
    place = np.cumsum(_company_rows(flows, own)) - 1
    return np.asarray(place[rows], dtype=np.intp)


def _medians(groups: NDArray[np.int64], values: NDArray[np.float64]) -> dict[int, float]:
    order = np.lexsort((values, groups))
    sorted_groups, sorted_values = groups[order], values[order]
    distinct, first, count = np.unique(sorted_groups, return_index=True, return_counts=True)
    low = sorted_values[first + (count - 1) // 2]
    high = sorted_values[first + count // 2]
    return dict(zip(distinct.tolist(), ((low + high) / 2).tolist(), strict=True))
