"""Phrases of this room's findings: periods, amounts, moves, and what the data cannot see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tumen.core.countries import country_name
from tumen.core.units import counted, quantity_text
from tumen.monitor.complying import Compliance
from tumen.monitor.diverting import Shift
from tumen.monitor.watching import Watch
from tumen.trade import Fact, Flows, product_name

UNSEEN = {
    "2710": "refined petroleum",
    "61": "clothing",
    "03": "seafood",
    "84": "machinery",
}
"""Goods that matter in sanctions, by a code whose absence shows that data cannot see them."""
ALWAYS_UNSEEN = ("labour", "finance", "unrecorded shipments")
"""Channels that no customs register shows."""


def unseen(flows: Flows) -> str:
    """Return the sentence that says which channels these data cannot see."""
    goods = [name for code, name in UNSEEN.items() if not flows.coverage.codes(code)]
    channels = [*goods, *ALWAYS_UNSEEN]
    return (
        f"These data hold {counted(len(flows.coverage.products), 'product code')} and cannot see "
        f"{', '.join(channels[:-1])} or {channels[-1]}."
    )


def years_words(labels: tuple[str, ...]) -> str:
    """Return ``2015 to 2016``."""
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"


def span_words(label: str) -> str:
    """Return ``January to June 2017`` for ``2017-01/2017-06``; a year stays a year."""
    first, slash, last = label.partition("/")
    if len(first) != len("2017-01"):
        return label
    if not slash or first == last:
        return f"{month_name(first)} {first[:4]}"
    start = month_name(first) if first[:4] == last[:4] else f"{month_name(first)} {first[:4]}"
    return f"{start} to {month_name(last)} {last[:4]}"


def month_name(label: str) -> str:
    """Return ``August`` for ``2017-08``."""
    return f"{date(int(label[:4]), int(label[5:7]), 1):%B}"


def move_words(change: float) -> str:
    """Return ``rose by 10.5 %``."""
    if change == 0:
        return "did not change"
    return f"{'rose' if change > 0 else 'fell'} by {quantity_text(abs(change), 'share')}"


def went_words(before_musd: float, after_musd: float) -> str:
    """Return ``fell from USD 82 million to USD 5 million a year``, as far as digits tell."""
    before, after = (quantity_text(value, "MUSD") for value in (before_musd, after_musd))
    if before == after:
        return f"stayed at {after} a year"
    if after_musd == 0:
        return f"fell from {before} a year to none"
    return f"{'fell' if after_musd < before_musd else 'rose'} from {before} to {after} a year"


def fact_words(fact: Fact) -> str:
    """Return a fact's amount; a count is named by the fact's note."""
    if fact.unit == "count":
        return f"{fact.value:,.0f} {fact.note}"
    return quantity_text(fact.value, fact.unit)


def estimates_words(facts: Iterable[Fact]) -> str:
    """Return estimates with period and claimant; one claim in two units is one phrase."""
    claims: dict[tuple[str, str], list[str]] = {}
    for fact in facts:
        claims.setdefault((fact.period, fact.claimant), []).append(fact_words(fact))
    return "; ".join(
        f"{' or '.join(sorted(amounts, reverse=True))} in {span_words(period)} ({claimant})"
        for (period, claimant), amounts in claims.items()
    )


def shift_words(shifts: tuple[Shift, ...], lead: str, *, sender: str) -> str:
    """Return the two largest shifts and the number of the rest; empty without a shift."""
    if not shifts:
        return ""
    shown = "; ".join(
        f"{product_name(shift.product)}{_party_words(shift, sender)} from "
        f"{quantity_text(shift.before_musd, 'MUSD', digits=2)} to "
        f"{quantity_text(shift.after_musd, 'MUSD', digits=2)} a year"
        for shift in shifts[:2]
    )
    more = f"; {len(shifts) - 2} more" if len(shifts) > 2 else ""
    return f"{lead}: {shown}{more}."


def _party_words(shift: Shift, sender: str) -> str:
    return "" if shift.party == sender else f" ({country_name(shift.party)})"


def overview_words(
    watch: Watch, shown: list[Compliance], sender: str, target: str, as_of: date | None
) -> tuple[str, str]:
    """Return the sentence and the chart's title: sums before and after, of the same goods."""
    before = sum(one.before_musd for one in shown)
    ban = "ban" if len(shown) == 1 else "bans"
    lead = (
        f"Before the {ban} {sender} recorded {quantity_text(before, 'MUSD')} a year of purchases "
        f"of {_goods_words(watch, shown, before)} from {target}"
    )
    released = [one for one in shown if one.after_musd is not None]
    if not released:
        known = f"by {as_of}" if as_of else "yet"
        return (
            f"{lead}. No figures for a whole year after a ban had been released {known}.",
            f"{sender}'s banned purchases were worth {quantity_text(before, 'MUSD')} a year; what "
            "followed is not yet on record",
        )
    compared = sum(one.before_musd for one in released)
    after = sum(one.after_musd or 0.0 for one in released)
    found = f"Afterwards it recorded {_after_words(after, released)}"
    if len(released) < len(shown):
        found = (
            f"For {len(released)} of them a whole year after the ban had been released: "
            f"{quantity_text(compared, 'MUSD')} a year before, and after it "
            f"{_after_words(after, released)}"
        )
    return (
        f"{lead}. {found}. What was not recorded is unknown.",
        f"{sender}'s recorded purchases of banned goods {went_words(compared, after)}",
    )


def _goods_words(watch: Watch, shown: list[Compliance], before: float) -> str:
    largest = max(shown, key=lambda one: one.before_musd)
    label = watch.label(largest.product)
    if len(shown) == 1:
        return label
    part = "most of it" if largest.before_musd > before / 2 else "the largest of them"
    return f"{len(shown)} banned products, {part} {label},"


def _after_words(after: float, released: list[Compliance]) -> str:
    with_trade = sum(one.after_musd != 0 for one in released)
    if with_trade == 0:
        return "none"
    amount = f"{quantity_text(after, 'MUSD')} a year"
    if with_trade == len(released):
        return amount
    return f"{amount} (in {with_trade} of the {len(released)} products)"
