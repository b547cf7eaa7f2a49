"""Who took a sender's place: third parties' rise over the sender's fall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tumen.monitor.diverting import Shift
from tumen.monitor.windows import shown, windows
from tumen.trade import Flows


@dataclass(frozen=True)
class Backfill:
    """How much of what a sender gave up third parties took over, on record.

    Attributes
    ----------
    sender, target, product
        Who gave up buying what from whom.
    fall_musd
        Mean yearly fall of the sender's recorded purchases; negative when they rose.
    changes_musd
        Change by watched rival, also below the noise floor; None where no register would show it.
    others_change_musd
        Change of all countries that are neither sender nor rival and whose purchases a register
        would show.
    rises
        Countries whose recorded purchases rose by more than the noise floor, largest first.
    noise_floor_musd
        Rises below it are not counted.
    years_before, years_after
        Whole years of the means; without a year after the ban every share is None.
    """

    sender: str
    target: str
    product: str
    fall_musd: float | None
    changes_musd: dict[str, float | None]
    others_change_musd: float | None
    rises: tuple[Shift, ...]
    noise_floor_musd: float
    years_before: tuple[str, ...]
    years_after: tuple[str, ...]

    def share(self, country: str) -> float | None:
        """Return the share of the fall that a country took over.

        None when there is no fall, or no register would show what the country bought.
        """
        if self.fall_musd is None or self.fall_musd <= self.noise_floor_musd:
            return None
        if self.changes_musd.get(country, 0.0) is None:
            return None
        taken = sum(rise.change_musd for rise in self.rises if rise.party == country)
        return taken / self.fall_musd

    @property
    def total_share(self) -> float | None:
        """Share of the fall that all third parties took over."""
        if self.fall_musd is None or self.fall_musd <= self.noise_floor_musd:
            return None
        return sum(rise.change_musd for rise in self.rises) / self.fall_musd


def backfill(
    flows: Flows,
    *,
    sender: str,
    target: str,
    product: str,
    banned_from: date,
    rivals: tuple[str, ...] = (),
    years: int = 2,
    noise_floor_musd: float = 1.0,
) -> Backfill:
    """Compare third parties' rise with the sender's fall around a ban.

    Means of whole years are compared and the ban's own year is left out, so a rush before the
    deadline counts neither as trade given up nor as backfill. The answer speaks of the products
    and channels that the data hold, and of recorded trade only.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen import monitor, trade
    >>> coal = monitor.backfill(trade.read_sample(), sender="CHN", target="PRK", product="2701",
    ...     banned_from=date(2017, 8, 5), rivals=("RUS",))
    >>> round(coal.fall_musd), coal.share("RUS")
    (1118, 0.0)
    """
    around = windows(flows, banned_from=banned_from, years=years)
    sold = flows.where(exporter=target, product=product)
    before = _means(sold, around.before)
    if not around.after:
        return Backfill(
            sender=sender,
            target=target,
            product=product,
            fall_musd=None,
            changes_musd={},
            others_change_musd=None,
            rises=(),
            noise_floor_musd=noise_floor_musd,
            years_before=around.before,
            years_after=(),
        )
    after = _means(sold, around.after)
    changes = {
        country: after.get(country, 0.0) - before.get(country, 0.0)
        for country in sorted({*before, *after, sender, *rivals})
    }
    rises = [
        Shift(country, product, before.get(country, 0.0), after.get(country, 0.0))
        for country, change in changes.items()
        if country != sender and change > noise_floor_musd
    ]
    all_years = (*around.before, *around.after)
    known = {
        country: change
        for country, change in changes.items()
        if shown(flows, exporter=target, importer=country, product=product, years=all_years)
        == all_years
    }
    watched = {sender, *rivals}
    return Backfill(
        sender=sender,
        target=target,
        product=product,
        fall_musd=-known[sender] if sender in known else None,
        changes_musd={rival: known.get(rival) for rival in rivals},
        others_change_musd=sum(
            change for country, change in known.items() if country not in watched
        ),
        rises=tuple(sorted(rises, key=lambda rise: (-rise.change_musd, rise.party))),
        noise_floor_musd=noise_floor_musd,
        years_before=around.before,
        years_after=around.after,
    )


def _means(sold: Flows, years: tuple[str, ...]) -> dict[str, float]:
    sums = sold.where(period=years).by("importer")
    return {key[0]: value / len(years) for key, value in sums.items(unit="MUSD")}
