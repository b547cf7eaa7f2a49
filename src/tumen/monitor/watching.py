"""Everything the room computes for one case, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tumen.monitor.adjudicating import Adjudication, adjudicate, banned_from
from tumen.monitor.backfilling import Backfill, backfill
from tumen.monitor.compensating import Compensation, compensation
from tumen.monitor.complying import Compliance, compliance
from tumen.monitor.diverting import Diversion, diversion
from tumen.monitor.quality import Quality, check_quality
from tumen.monitor.spec import Spec
from tumen.trade import Facts, Flows, product_name

if TYPE_CHECKING:
    from tumen.regime import Regime


@dataclass(frozen=True)
class Watched:
    """One watched product: its name and the day from which it is banned, if it is."""

    product: str
    label: str
    banned_from: date | None


@dataclass(frozen=True)
class Watch:
    """What one sender's trade with the target shows.

    Attributes
    ----------
    sender
        Alpha-3 code.
    watched
        Products of the case, in its order; every traded heading when the case names none.
    compliances, backfills
        By banned product with a recorded value before the ban.
    adjudications
        Residuals after the ban with what the rules say about them.
    diversion
        Around the last ban with a whole year before it; None when nothing is banned.
    compensations
        Total trade beside each restricted product, where facts allow it.
    """

    sender: str
    watched: tuple[Watched, ...]
    compliances: tuple[Compliance, ...]
    backfills: tuple[Backfill, ...]
    adjudications: tuple[Adjudication, ...]
    diversion: Diversion | None
    compensations: tuple[Compensation, ...]

    def label(self, product: str) -> str:
        """Return the printed name of a product."""
        return next(
            (one.label for one in self.watched if one.product == product), product_name(product)
        )


def watch(
    spec: Spec, *, sender: str, regime: Regime, quality: Quality, flows: Flows, facts: Facts
) -> Watch:
    """Compute what one sender's recorded trade shows against the rules.

    Parameters
    ----------
    regime
        Rules as known on the as-of date.
    quality
        The target's rows, marked.
    flows
        All flows, cut by the as-of date.
    facts
        Facts on the target, cut by the as-of date.
    """
    target, trusted = quality.target, quality.trusted()
    watched = _watched(spec, regime, trusted, sender=sender, target=target)
    banned = [one for one in watched if one.banned_from is not None]
    compliances: list[Compliance] = []
    backfills: list[Backfill] = []
    adjudications: list[Adjudication] = []
    for one in banned:
        assert one.banned_from is not None
        around = compliance(
            trusted,
            facts,
            sender=sender,
            target=target,
            product=one.product,
            banned_from=one.banned_from,
            years=spec.years_before,
        )
        compliances.append(around)
        backfills.append(
            backfill(
                trusted,
                sender=sender,
                target=target,
                product=one.product,
                banned_from=one.banned_from,
                rivals=spec.rivals,
                years=spec.years_before,
                noise_floor_musd=spec.noise_floor_musd,
            )
        )
        adjudications.extend(
            adjudicate(
                regime,
                exporter=target,
                importer=sender,
                product=one.product,
                period=residual.period,
                value_musd=residual.value_musd,
                vintage=flows.vintage,
            )
            for residual in around.residuals
        )
    return Watch(
        sender=sender,
        watched=watched,
        compliances=tuple(compliances),
        backfills=tuple(backfills),
        adjudications=tuple(adjudications),
        diversion=_diversion(spec, regime, banned, quality, flows, sender),
        compensations=tuple(
            found
            for one in watched
            for found in compensation(facts, partner=sender, target=target, product=one.product)
        ),
    )


def watch_all(
    spec: Spec,
    *,
    regime: Regime,
    flows: Flows,
    facts: Facts,
    target: str,
    as_of: date | None = None,
) -> tuple[Quality, tuple[Watch, ...]]:
    """Mark the target's rows, then watch every sender, with nothing released after a day.

    Returns
    -------
    The marked rows, and one `Watch` for each of the spec's senders.
    """
    known_flows, known_facts = flows.cut(as_of), facts.cut(as_of)
    known_regime = regime if as_of is None else regime.known(as_of)
    quality = check_quality(known_flows, target=target)
    return quality, tuple(
        watch(
            spec,
            sender=sender,
            regime=known_regime,
            quality=quality,
            flows=known_flows,
            facts=known_facts,
        )
        for sender in spec.senders
    )


def _watched(
    spec: Spec, regime: Regime, trusted: Flows, *, sender: str, target: str
) -> tuple[Watched, ...]:
    """Return the products to watch; without a list, every heading the sender bought."""
    bought = trusted.where(exporter=target, importer=sender)
    floor = spec.noise_floor_musd
    named = [(one.product, one.label) for one in spec.headings] or [
        (key[0], "")
        for key, value in bought.by("product", digits=4).items(unit="MUSD")
        if value > floor
    ]
    found: list[Watched] = []
    for product, label in named:
        start = banned_from(
            regime, exporter=target, importer=sender, product=product, vintage=trusted.vintage
        )
        whole = Watched(product, label or product_name(product), start)
        parts = [] if start is not None else _banned_parts(regime, bought, product, sender, target)
        found += parts or [whole]
    return tuple(found)


def _banned_parts(
    regime: Regime, bought: Flows, heading: str, sender: str, target: str
) -> list[Watched]:
    """Return the banned subheadings of a heading that no single day bans as a whole.

    Precious-metal ores (2616) are one: gold ore was banned in March 2016, silver ore in November.
    """
    codes = sorted({key[0] for key in bought.by("product").keys if key[0].startswith(heading)})
    starts = {
        code: banned_from(
            regime, exporter=target, importer=sender, product=code, vintage=bought.vintage
        )
        for code in codes
        if code != heading
    }
    return [
        Watched(code, product_name(code), start)
        for code, start in starts.items()
        if start is not None
    ]


def _diversion(
    spec: Spec,
    regime: Regime,
    banned: list[Watched],
    quality: Quality,
    flows: Flows,
    sender: str,
) -> Diversion | None:
    watched = {one.product[:4]: one.banned_from for one in banned if one.banned_from is not None}
    if not watched:
        return None
    starts = _all_bans(regime, quality.trusted(), sender, quality.target) | watched
    # Look around the day that most watched headings share.
    days = sorted(watched.values())
    at = max(days, key=lambda day: (days.count(day), day))
    return diversion(
        quality.trusted(),
        flows.where(importer=sender),
        sender=sender,
        target=quality.target,
        banned_from=starts,
        at=at,
        years=spec.years_before,
        noise_floor_musd=spec.noise_floor_musd,
    )


def _all_bans(regime: Regime, trusted: Flows, sender: str, target: str) -> dict[str, date]:
    """Return the first day of the ban for every banned heading that the sender ever bought."""
    bought = trusted.where(exporter=target, importer=sender).by("product", digits=4)
    found = {}
    for (heading,) in bought.keys:
        start = banned_from(
            regime, exporter=target, importer=sender, product=heading, vintage=trusted.vintage
        )
        if start is not None:
            found[heading] = start
    return found
