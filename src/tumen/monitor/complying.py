"""Recorded trade around a ban: what registers show, what others estimate, what is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tumen.core.errors import DataError
from tumen.core.periods import Period
from tumen.monitor.windows import mean_musd, shown, windows
from tumen.trade import Fact, Facts, Flows


@dataclass(frozen=True)
class Residual:
    """Trade recorded in a whole year after the ban.

    Attributes
    ----------
    period
        Label of the year.
    value_musd
        Recorded value.
    """

    period: str
    value_musd: float


@dataclass(frozen=True)
class Compliance:
    """One sender's purchases of one product from the target, around a ban.

    The three columns are apart: what registers record (`before_musd`, `of_ban_musd`,
    `after_musd`), what others estimate (`estimates`), and what nobody has said (`unknown`). A
    recorded zero says that no register shows the trade; it does not say that there was none.

    Attributes
    ----------
    sender, target, product
        Who bought what from whom.
    banned_from
        Day from which the rules forbid it.
    years_before, years_after
        Whole years of the two means; years that no register shows are left out.
    before_musd
        Mean recorded value a year before the ban.
    of_ban_musd
        Recorded value in the ban's own year; None when it had not been released.
    after_musd
        Mean recorded value a year after the ban; None when no whole year had been released.
    residuals
        Years after the ban with a recorded value, each to be adjudicated.
    estimates
        Third parties' estimates of the same trade after the ban, with claimant.
    monthly
        Facts on single months around the ban, in order of time.
    """

    sender: str
    target: str
    product: str
    banned_from: date
    years_before: tuple[str, ...]
    years_after: tuple[str, ...]
    before_musd: float
    of_ban_musd: float | None
    after_musd: float | None
    residuals: tuple[Residual, ...]
    estimates: tuple[Fact, ...]
    monthly: tuple[Fact, ...]

    @property
    def recorded_fall(self) -> float | None:
        """Share of recorded trade that is gone after the ban; negative when it rose."""
        if self.after_musd is None or self.before_musd <= 0:
            return None
        return 1 - self.after_musd / self.before_musd

    @property
    def state(self) -> str:
        """What the record shows after the ban, in one word that never says "complied".

        ``unknown``, ``none_recorded``, ``residual_recorded`` or ``still_recorded``
        (more than a tenth of the trade before).
        """
        if self.after_musd is None:
            return "unknown"
        if self.after_musd == 0:
            return "none_recorded"
        return "residual_recorded" if self.after_musd < self.before_musd / 10 else "still_recorded"

    @property
    def unknown(self) -> str:
        """What neither a register nor an estimate covers, as one sentence."""
        if self.after_musd is None:
            return "No whole year after the ban is on record; later trade is unknown."
        if self.estimates:
            return "Outside the estimated periods the unrecorded part is unknown."
        return "The unrecorded part is unknown; no estimate is at hand."


def compliance(
    flows: Flows,
    facts: Facts | None = None,
    *,
    sender: str,
    target: str,
    product: str,
    banned_from: date,
    years: int = 2,
) -> Compliance:
    """Compare a sender's recorded purchases from the target before and after a ban.

    Parameters
    ----------
    flows
        Recorded trade, best after `check_quality(...).trusted()`.
    facts
        Facts on the target, for months and for estimates by others.
    banned_from
        Day from which the rules forbid the trade (`tumen.regime`).
    years
        Whole years before and after the ban's year whose means are compared.

    Raises
    ------
    DataError
        When the data would not show this trade: unknown is not zero.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen import monitor, trade
    >>> coal = monitor.compliance(trade.read_sample(), trade.read_facts("PRK"), sender="CHN",
    ...     target="PRK", product="2701", banned_from=date(2017, 8, 5))
    >>> round(coal.before_musd, 2), coal.after_musd, coal.state
    (1117.82, 0.0, 'none_recorded')
    >>> coal.estimates[0].claimant
    'UN Panel of Experts, citing a member state'
    """
    around = windows(flows, banned_from=banned_from, years=years)
    pair = flows.where(exporter=target, importer=sender, product=product)

    def seen(labels: tuple[str, ...]) -> tuple[str, ...]:
        return shown(flows, exporter=target, importer=sender, product=product, years=labels)

    before, after = seen(around.before), seen(around.after)
    before_musd = mean_musd(pair, years=before)
    if before_musd is None:
        raise DataError(
            f"the data do not show {target}'s sales of {product} to {sender}",
            flows.input.id,
            "import a data set that covers the product; a missing row there is not a zero",
        )
    of_ban = seen((around.of_ban,)) if around.of_ban else ()
    later = sorted(label for label in flows.coverage.periods if label[:4] > str(banned_from.year))
    by_year = pair.by("period")
    residuals = tuple(
        Residual(label, value)
        for label in later
        if (value := by_year.value(label, unit="MUSD")) > 0
    )
    return Compliance(
        sender=sender,
        target=target,
        product=product,
        banned_from=banned_from,
        years_before=before,
        years_after=after,
        before_musd=before_musd,
        of_ban_musd=mean_musd(pair, years=of_ban),
        after_musd=mean_musd(pair, years=after),
        residuals=residuals,
        estimates=_estimates(facts, sender, product, banned_from),
        monthly=_monthly(facts, sender, product),
    )


def _estimates(
    facts: Facts | None, sender: str, product: str, banned_from: date
) -> tuple[Fact, ...]:
    if facts is None:
        return ()
    found = facts.select(flow="exports", basis="estimated")
    return tuple(
        fact
        for fact in found
        if fact.product
        and (product.startswith(fact.product) or fact.product.startswith(product))
        and fact.partner in ("", sender)
        and fact.span.start >= banned_from
    )


def _monthly(facts: Facts | None, sender: str, product: str) -> tuple[Fact, ...]:
    if facts is None:
        return ()
    found = facts.select(partner=sender, flow="exports", product=product[:4], basis="recorded")
    return tuple(fact for fact in found if _is_month(fact.span))


def _is_month(span: Period) -> bool:
    return span.days <= 31
