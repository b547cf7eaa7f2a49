"""Total trade that rises while its banned part falls."""

from __future__ import annotations

from dataclasses import dataclass

from tumen.core.periods import Period, period
from tumen.core.units import UNITS, Dimension
from tumen.trade import Fact, Facts


@dataclass(frozen=True)
class Change:
    """One quantity in two periods, from one series.

    Attributes
    ----------
    before, after
        The facts.
    """

    before: Fact
    after: Fact

    @property
    def relative(self) -> float | None:
        """Change over the earlier value; None when that is zero."""
        return None if self.before.value == 0 else self.after.value / self.before.value - 1


@dataclass(frozen=True)
class Compensation:
    """A partner's whole trade with the target beside the part that is banned or suspended.

    Attributes
    ----------
    partner, target, product
        Whose trade, and the restricted product.
    period_before, period_after
        Labels of two periods, a year apart.
    total
        Trade in both directions.
    imports, exports
        What the target bought from, and sold to, the partner; None when a series is silent.
    restricted
        The target's sales of the restricted product; in value or, failing that, in mass.
    """

    partner: str
    target: str
    product: str
    period_before: str
    period_after: str
    total: Change
    imports: Change | None
    exports: Change | None
    restricted: Change

    @property
    def is_compensated(self) -> bool:
        """Whether total trade rose while the restricted part fell."""
        total, part = self.total.relative, self.restricted.relative
        return total is not None and part is not None and total > 0 > part


def compensation(
    facts: Facts, *, partner: str, target: str, product: str
) -> tuple[Compensation, ...]:
    """Compare total trade with its restricted part, for every pair of periods a year apart.

    Parameters
    ----------
    facts
        Facts on the target; cut them by the as-of date first.
    product
        Restricted product as the facts name it, e.g. ``2701``.

    Returns
    -------
    One comparison for each pair of periods that both numbers are known for, in order of time.

    Examples
    --------
    >>> from tumen import monitor, trade
    >>> found = monitor.compensation(trade.read_facts("PRK"), partner="CHN", target="PRK",
    ...     product="2701")
    >>> [(one.period_after, one.is_compensated) for one in found]
    [('2017-01/2017-06', True)]
    """
    totals = facts.select(partner=partner, flow="total", product="", dimension="money")
    found = []
    for after in totals:
        before = _year_earlier(totals, after)
        part = _restricted(facts, partner, product, after.span)
        if before is not None and part is not None:
            found.append(
                Compensation(
                    partner=partner,
                    target=target,
                    product=product,
                    period_before=before.period,
                    period_after=after.period,
                    total=Change(before, after),
                    imports=_change(facts, partner, "imports", after),
                    exports=_change(facts, partner, "exports", after),
                    restricted=part,
                )
            )
    return tuple(found)


def _change(facts: Facts, partner: str, flow: str, after: Fact) -> Change | None:
    series = facts.select(partner=partner, product="", dimension="money", series=after.series)
    chosen = [fact for fact in series if fact.flow == flow]
    now = next((fact for fact in chosen if fact.span == after.span), None)
    before = None if now is None else _year_earlier(chosen, now)
    return None if now is None or before is None else Change(before, now)


def _restricted(facts: Facts, partner: str, product: str, span: Period) -> Change | None:
    """Return the restricted product's change over the same periods, value before mass."""
    dimensions: tuple[Dimension, ...] = ("money", "mass")
    for dimension in dimensions:
        series = facts.select(partner=partner, flow="exports", product=product, dimension=dimension)
        for after in series:
            before = _year_earlier(series, after) if after.span == span else None
            if before is not None:
                return Change(before, after)
    return None


def _year_earlier(facts: tuple[Fact, ...] | list[Fact], after: Fact) -> Fact | None:
    start = after.span.start.replace(year=after.span.start.year - 1, day=1)
    end = after.span.end.replace(year=after.span.end.year - 1, day=1)
    wanted = Period(start, end)
    same = [
        fact
        for fact in facts
        if fact.span == wanted
        and fact.series == after.series
        and UNITS[fact.unit].dimension == UNITS[after.unit].dimension
    ]
    return same[0] if same and period(same[0].period) == wanted else None
