"""Where trade went instead: new buyers, the sender's new suppliers, goods that no list names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tumen.monitor.windows import Windows, windows
from tumen.trade import Flows

DEPENDENCE = 0.1
"""Share of the sender's purchases of a subheading from which the target's loss is felt there."""


@dataclass(frozen=True)
class Shift:
    """A recorded flow that rose between the two windows.

    Attributes
    ----------
    party
        The new buyer, or the new supplier; for an unlisted good, the sender.
    product
        HS heading; of a supplier, the subheading.
    before_musd, after_musd
        Mean recorded value a year.
    """

    party: str
    product: str
    before_musd: float
    after_musd: float

    @property
    def change_musd(self) -> float:
        """Rise in million US dollars a year."""
        return self.after_musd - self.before_musd


@dataclass(frozen=True)
class Diversion:
    """Three ways in which trade goes on elsewhere, each largest first.

    Attributes
    ----------
    new_buyers
        Who buys more of the banned goods from the target.
    new_suppliers
        Who sells the sender more of the banned subheadings for which it depended on the target
        (at least `DEPENDENCE` of its recorded purchases before).
    unlisted_goods
        Goods that the rules do not name and of which the sender buys more from the target.
    years_before, years_after
        Whole years of the means; without a year after the ban all three are empty.
    """

    sender: str
    target: str
    new_buyers: tuple[Shift, ...]
    new_suppliers: tuple[Shift, ...]
    unlisted_goods: tuple[Shift, ...]
    years_before: tuple[str, ...]
    years_after: tuple[str, ...]

    def unlisted_change_musd(self) -> float:
        """Return the rise of all unlisted goods together."""
        return sum(shift.change_musd for shift in self.unlisted_goods)


def diversion(
    flows: Flows,
    purchases: Flows | None = None,
    *,
    sender: str,
    target: str,
    banned_from: Mapping[str, date],
    at: date,
    years: int = 2,
    noise_floor_musd: float = 1.0,
) -> Diversion:
    """Find the flows that rose when a sender gave up buying banned goods.

    Parameters
    ----------
    flows
        Recorded trade of the target, best after `check_quality(...).trusted()`.
    purchases
        What the sender buys from anyone; `flows` when left out.
    banned_from
        First day of the ban by HS heading; headings that are not named count as unlisted.
    at
        Day around whose year the windows lie, as a rule that of the main ban.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen import monitor, trade
    >>> found = monitor.diversion(trade.read_sample(), sender="CHN", target="PRK",
    ...     banned_from={"2701": date(2017, 8, 5)}, at=date(2017, 8, 5))
    >>> [shift.product for shift in found.unlisted_goods]
    ['2611', '2613']
    """
    around = windows(flows, banned_from=at, years=years)
    headings = tuple(sorted(banned_from))
    if not around.after:
        return Diversion(sender, target, (), (), (), around.before, ())
    sold = flows.where(exporter=target)
    banned = sold.where(product=headings) if headings else sold.where(period=())
    bought = (purchases or flows).where(importer=sender)
    supplies = _dependent(bought.where(product=headings), target, around) if headings else banned
    floor = noise_floor_musd
    return Diversion(
        sender=sender,
        target=target,
        new_buyers=_shifts(banned, "importer", around, floor, without=sender),
        new_suppliers=_shifts(supplies, "exporter", around, floor, without=target, digits=6),
        unlisted_goods=tuple(
            shift
            for shift in _shifts(sold.where(importer=sender), "importer", around, floor)
            if shift.product not in banned_from
        ),
        years_before=around.before,
        years_after=around.after,
    )


def _dependent(supplies: Flows, target: str, around: Windows) -> Flows:
    """Return the subheadings of which the target sold the sender a good part before."""
    before = supplies.where(period=around.before)
    whole, own = before.by("product"), before.where(exporter=target).by("product")
    codes = [
        code
        for (code,), value in own.items()
        if value > 0 and value >= DEPENDENCE * whole.value(code)
    ]
    return supplies.where(product=codes) if codes else supplies.where(period=())


def _shifts(
    flows: Flows,
    party: Literal["exporter", "importer"],
    around: Windows,
    floor: float,
    *,
    without: str = "",
    digits: int = 4,
) -> tuple[Shift, ...]:
    before, after = (
        flows.where(period=window).by(party, "product", digits=digits)
        for window in (around.before, around.after)
    )
    found = []
    for key in sorted(set(before.keys) | set(after.keys)):
        shift = Shift(
            party=key[0],
            product=key[1],
            before_musd=before.value(*key, unit="MUSD") / len(around.before),
            after_musd=after.value(*key, unit="MUSD") / len(around.after),
        )
        if shift.change_musd > floor and shift.party != without:
            found.append(shift)
    return tuple(sorted(found, key=lambda shift: (-shift.change_musd, shift.party, shift.product)))
