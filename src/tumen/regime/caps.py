"""Ledger of caps: reported and estimated use kept apart, ratios, warnings, days of breach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tumen.core.errors import DataError
from tumen.core.periods import Period
from tumen.core.units import convert, quantity_text
from tumen.core.units import unit as unit_of
from tumen.regime.clauses import Cap, Limit
from tumen.regime.rules import Measure, Regime
from tumen.regime.uses import Use, UseBasis

__all__ = ["CapUse", "Ledger", "LimitUse", "Use", "cap_use", "ledger"]

FAR = date(9999, 1, 1)


@dataclass(frozen=True)
class Ledger:
    """Entries of cap use, in any order."""

    uses: tuple[Use, ...] = ()

    def with_uses(self, uses: Iterable[Use]) -> Ledger:
        """Return the ledger with more entries."""
        return Ledger((*self.uses, *uses))

    def known(self, as_of: date) -> Ledger:
        """Return the entries published by a day."""
        return Ledger(tuple(use for use in self.uses if use.published <= as_of))


@dataclass(frozen=True)
class LimitUse:
    """Use of one limit in one period.

    Attributes
    ----------
    limit
        The limit.
    used
        Quantity in the limit's unit, converted where the cap names a factor.
    ratio
        Used over the limit.
    breached_on
        Last day of the entry with which the sum passed the limit; None when it did not.
    stopped_on
        Last day of the entry with which the sum reached the share at which trade must stop.
    """

    limit: Limit
    used: float
    ratio: float
    breached_on: date | None
    stopped_on: date | None


@dataclass(frozen=True)
class CapUse:
    """Use of a cap in one period, by one kind of evidence.

    Attributes
    ----------
    basis
        ``reported``, ``mirror`` or ``estimate``; they are never added up.
    claimants
        Who estimates.
    limits
        One entry for each limit.
    ratio
        The ratio that binds: the largest of the limits.
    state
        ``within``, ``warning``, ``stop`` (trade must cease) or ``breach``.
    unmatched
        Entries whose unit no limit can take; they count for nothing and are listed.
    """

    measure: str
    period: Period
    basis: UseBasis
    claimants: tuple[str, ...]
    limits: tuple[LimitUse, ...]
    ratio: float
    state: str
    breached_on: date | None
    unmatched: tuple[Use, ...]
    sources: tuple[str, ...]

    def text(self) -> str:
        """Print the arithmetic, e.g. ``1,440,000 of 7,500,000 tonnes = 19 %``."""
        parts = [
            f"{quantity_text(each.used, each.limit.unit)} of "
            f"{quantity_text(each.limit.q, each.limit.unit, digits=4)} = {each.ratio:.1%}"
            for each in self.limits
            if each.used > 0 or each.ratio == self.ratio
        ]
        word = {"reported": "reported", "mirror": "mirror data", "estimate": "estimated"}[
            self.basis
        ]
        by = f" by {', '.join(self.claimants)}" if self.claimants else ""
        return f"{word}{by}, {self.period}: {'; '.join(parts)} ({self.state})"


def ledger(regime: Regime, *, as_of: date | None = None) -> Ledger:
    """Return the ledger that the library ships, cut to what was published by a day.

    Examples
    --------
    >>> from tumen import regime
    >>> len(regime.ledger(regime.load("UN-1718")).uses)
    10
    """
    whole = Ledger(regime.uses)
    return whole if as_of is None else whole.known(as_of)


def cap_use(regime: Regime, *, uses: Ledger, measure: str | None = None) -> tuple[CapUse, ...]:
    """Return the use of every cap, period and kind of evidence for which there are entries.

    Parameters
    ----------
    measure
        Full name of one cap; all caps when left out.

    Raises
    ------
    DataError
        When an entry names a cap that the regime lacks, or a period outside it.

    Examples
    --------
    >>> from tumen import regime
    >>> un = regime.load("UN-1718")
    >>> found = regime.cap_use(un, uses=regime.ledger(un), measure="un.2321.coal-cap16")
    >>> found[0].state, str(found[0].breached_on)
    ('breach', '2016-12-31')
    """
    groups: dict[tuple[str, Period, UseBasis], list[Use]] = {}
    for use in uses.uses:
        if measure is None or use.measure == measure:
            rule = _cap_measure(regime, use.measure)
            key = (use.measure, period_of(rule, use.span), use.basis)
            groups.setdefault(key, []).append(use)
    return tuple(
        _sum_up(name, _cap_measure(regime, name), span, basis, found)
        for (name, span, basis), found in sorted(groups.items(), key=lambda item: item[0])
    )


def period_of(measure: Measure, span: Period) -> Period:
    """Return the cap's period that holds a span.

    Raises
    ------
    DataError
        When the span crosses periods or lies outside the measure.
    """
    found = cap_period(measure, span.start)
    if span.end > found.end:
        raise DataError(
            f"the use in {span} crosses the cap's period {found}", hint="split the entry"
        )
    return found


def cap_period(measure: Measure, day: date) -> Period:
    """Return the cap's period in which a day lies."""
    cap = measure.cap
    assert cap is not None
    first = cap.periods[0].start if cap.periods else measure.start
    if day < first or (measure.end is not None and day >= measure.end):
        raise DataError(f"{day} lies outside the cap, which starts on {first}")
    if cap.recurrence == "calendar_year":
        return Period(max(first, date(day.year, 1, 1)), date(day.year + 1, 1, 1))
    if cap.recurrence == "twelve_months":
        years = day.year - first.year - ((day.month, day.day) < (first.month, first.day))
        start = _anniversary(first, years)
        return Period(start, _anniversary(first, years + 1))
    return Period(first, measure.end or FAR)


def limits_on(cap: Cap, day: date) -> tuple[Limit, ...]:
    """Return the limits that hold for the period of a day."""
    limits: tuple[Limit, ...] = ()
    for each in cap.periods:
        if each.start <= day:
            limits = each.limits
    return limits


def in_unit(cap: Cap, q: float, unit: str, to_unit: str) -> float | None:
    """Return a quantity in another unit, through the cap's own factors; None when none fits."""
    if unit_of(unit).dimension == unit_of(to_unit).dimension:
        return convert(q, from_unit=unit, to_unit=to_unit)
    for each in cap.conversions:
        same_from = unit_of(unit).dimension == unit_of(each.from_unit).dimension
        same_to = unit_of(to_unit).dimension == unit_of(each.to_unit).dimension
        if same_from and same_to:
            base = convert(q, from_unit=unit, to_unit=each.from_unit) * each.factor
            return convert(base, from_unit=each.to_unit, to_unit=to_unit)
        back_from = unit_of(unit).dimension == unit_of(each.to_unit).dimension
        back_to = unit_of(to_unit).dimension == unit_of(each.from_unit).dimension
        if back_from and back_to:
            base = convert(q, from_unit=unit, to_unit=each.to_unit) / each.factor
            return convert(base, from_unit=each.from_unit, to_unit=to_unit)
    return None


def _anniversary(first: date, years: int) -> date:
    try:
        return first.replace(year=first.year + years)
    except ValueError:  # 29 February
        return date(first.year + years, 3, 1)


def _cap_measure(regime: Regime, name: str) -> Measure:
    measure = regime.measure(name)
    if measure.cap is None or not measure.cap.periods:
        raise DataError(f"'{name}' has no limits to be used up")
    return measure


def _sum_up(name: str, measure: Measure, span: Period, basis: UseBasis, found: list[Use]) -> CapUse:
    cap = measure.cap
    assert cap is not None
    uses = sorted(found, key=lambda use: (use.span.end, use.span.start))
    limits = limits_on(cap, span.start)
    parts = tuple(_limit_use(cap, limit, uses) for limit in limits)
    ratio = max((part.ratio for part in parts), default=0.0)
    fits = [use for use in uses if any(_in(cap, use, limit.unit) is not None for limit in limits)]
    breached = [part.breached_on for part in parts if part.breached_on is not None]
    state = "within"
    if any(ratio >= share for share in cap.warn_at):
        state = "warning"
    if cap.stop_at < 1 and ratio >= cap.stop_at:
        state = "stop"
    if ratio > 1:
        state = "breach"
    return CapUse(
        measure=name,
        period=span,
        basis=basis,
        claimants=tuple(dict.fromkeys(use.claimant for use in uses if use.claimant)),
        limits=parts,
        ratio=ratio,
        state=state,
        breached_on=min(breached) if breached else None,
        unmatched=tuple(use for use in uses if use not in fits),
        sources=tuple(dict.fromkeys(use.source for use in uses if use.source)),
    )


def _in(cap: Cap, use: Use, unit: str) -> float | None:
    """Return an entry in a limit's unit; money never stands in for mass."""
    return in_unit(cap, use.q, use.unit, unit)


def _limit_use(cap: Cap, limit: Limit, uses: list[Use]) -> LimitUse:
    total, breached, stopped = 0.0, None, None
    for use in uses:
        amount = _in(cap, use, limit.unit)
        if amount is None:
            continue
        total += amount
        last = use.span.end - timedelta(days=1)
        if stopped is None and total >= cap.stop_at * limit.q:
            stopped = last
        if breached is None and total > limit.q:
            breached = last
    return LimitUse(limit, total, total / limit.q, breached, stopped)
