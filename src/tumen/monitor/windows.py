"""Which years stand before a ban and which after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tumen.core.errors import DataError
from tumen.trade import Flows


@dataclass(frozen=True)
class Windows:
    """Whole years before and after the year of a ban; that year itself belongs to neither.

    Goods rush through before a deadline, so the year of the ban says nothing about its effect.

    Attributes
    ----------
    before, after
        Labels of years in order; `after` is empty when no whole year had been released.
    of_ban
        Label of the ban's year; empty when the data do not hold it.
    """

    before: tuple[str, ...]
    of_ban: str
    after: tuple[str, ...]


def windows(flows: Flows, *, banned_from: date, years: int) -> Windows:
    """Return the whole years around a ban that the data hold.

    Parameters
    ----------
    years
        Length of either window.

    Raises
    ------
    DataError
        When the data hold no year before the ban.
    """
    held = sorted(label for label in flows.coverage.periods if len(label) == len("2017"))
    year = banned_from.year
    before = [label for label in held if year - years <= int(label) < year]
    after = [label for label in held if year < int(label) <= year + years]
    if not before:
        raise DataError(f"the data hold no whole year before {banned_from}", flows.input.id)
    return Windows(tuple(before), str(year) if str(year) in held else "", tuple(after))


def shown(
    flows: Flows, *, exporter: str, importer: str, product: str, years: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the years for which the data would show this trade; elsewhere it is unknown."""
    return tuple(
        year
        for year in years
        if flows.coverage.holds(exporter=exporter, importer=importer, prefix=product, period=year)
    )


def mean_musd(flows: Flows, *, years: tuple[str, ...]) -> float | None:
    """Return the mean of some years in million US dollars; None without years."""
    return flows.where(period=years).total(unit="MUSD") / len(years) if years else None
