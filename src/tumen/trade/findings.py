"""What recorded trade says: the partners, the watched series, what the data hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tumen.core.countries import country_name
from tumen.core.finding import Cell, Column, Estimate, EventRule, Figure, Finding, Grid
from tumen.core.periods import Period, between, period
from tumen.core.units import convert, counted, quantity_text
from tumen.trade.classify import product_name
from tumen.trade.facts import Fact, Facts
from tumen.trade.flows import Flows
from tumen.trade.spec import Series, Spec

RECALLED_CAVEAT = "Values marked recalled were not checked against a page."
SERIES_CAVEAT = (
    "Series differ in what they count: KOTRA adds estimated crude oil, ITC and Chinese customs do "
    "not; sums across series are not made."
)


TRANSIT: dict[tuple[str, str, str], str] = {
    ("RUS", "PRK", "2701"): "Russian coal recorded as sold to North Korea leaves again through the "
    "port of Rajin: it is transit, not supply (about USD 51 million in 2016).",
}
"""Recorded sales that only pass through, by seller, buyer and heading."""


@dataclass(frozen=True)
class Point:
    """One value of a series: its period, its value in the series' unit, who recorded it."""

    period: Period
    value: float
    series: str
    status: str


def find(
    spec: Spec, *, flows: Flows, facts: Facts, target: str, as_of: date | None = None
) -> tuple[Finding, ...]:
    """Return what recorded trade says.

    Parameters
    ----------
    spec
        Series and events of the case.
    flows, facts
        Recorded trade, and facts on the target.
    as_of
        Nothing released later enters; None shows the whole record.

    Returns
    -------
    tuple of Finding
        ``trade.partners`` (bars), ``trade.totals`` (series), one ``trade.series.<id>`` for each
        series with at least one value, and ``trade.coverage``.

    Examples
    --------
    >>> from tumen import trade
    >>> found = find(Spec(), flows=trade.read_sample(), facts=trade.read_facts("PRK"),
    ...     target="PRK", as_of=date(2017, 8, 31))
    >>> found[0].figure.title
    "China has 92 % of North Korea's recorded trade"
    """
    known_flows, known_facts = flows.cut(as_of), facts.cut(as_of)
    found = [
        *_partners(known_facts, target),
        *_totals(known_facts, target, spec, as_of),
    ]
    for series in spec.series:
        found.extend(_series(series, known_flows, known_facts, target, spec, as_of))
    found.append(_coverage(known_flows, known_facts, target, as_of))
    return tuple(found)


def _partners(facts: Facts, target: str) -> Iterator[Finding]:
    """Yield each partner's share of the target's trade in the newest year of one series."""
    world = facts.select(partner="", flow="total", product="", dimension="money")
    for total in sorted(world, key=lambda fact: fact.span, reverse=True):
        parts = [
            fact
            for fact in facts.select(flow="total", product="", series=total.series)
            if fact.partner and fact.span == total.span
        ]
        if len(parts) >= 2:
            yield _partner_finding(facts, target, total, parts)
            return


def _partner_finding(facts: Facts, target: str, total: Fact, parts: list[Fact]) -> Finding:
    whole = total.value_in("MUSD")
    ranked = sorted(parts, key=lambda fact: (-fact.value_in("MUSD"), fact.partner))
    largest = ranked[0]
    share = largest.value_in("MUSD") / whole
    rest = "; ".join(
        f"{country_name(fact.partner)} {quantity_text(fact.value, fact.unit, digits=2)}"
        for fact in ranked[1:]
    )
    name = country_name(target)
    rows: list[tuple[Cell, ...]] = [
        (
            country_name(fact.partner),
            fact.value_in("MUSD"),
            fact.value_in("MUSD") / whole,
            fact.status,
        )
        for fact in ranked
    ]
    others = whole - sum(fact.value_in("MUSD") for fact in ranked)
    if others > 0:
        rows.append(("all others", others, others / whole, "computed"))
    word = "recorded" if total.basis == "recorded" else "compiled"
    sentence = (
        f"In {total.period} {country_name(largest.partner)} took part in "
        f"{quantity_text(share, 'share')} of {name}'s {word} trade: "
        f"{quantity_text(largest.value, largest.unit)} of "
        f"{quantity_text(total.value, total.unit)} ({total.series}). Next: {rest}."
    )
    return Finding(
        id="trade.partners",
        sentence=sentence,
        estimate=Estimate(
            value=share, unit="share", basis=total.basis, claimant=total.claimant or total.series
        ),
        method=f"Trade in both directions by partner, series {total.series}, "
        "over its own world total.",
        inputs=(facts.input,),
        caveats=(SERIES_CAVEAT, *_caveats(facts, [total, *ranked])),
        grid=Grid(
            columns=(
                Column(key="partner", title="Partner"),
                Column(key="value", title="Recorded trade", unit="MUSD"),
                Column(key="share", title="Share", unit="share"),
                Column(key="status", title="How known"),
            ),
            rows=tuple(rows),
        ),
        figure=Figure(
            kind="bars",
            title=f"{country_name(largest.partner)} has "
            f"{quantity_text(share, 'share', digits=2)} of {name}'s {word} trade",
            x="partner",
            y="value",
            unit_note=f"Million US dollars, both directions, {total.period}.",
            source_note=f"{total.series}; {_origin(total)}",
            alt=sentence,
        ),
        rank=1,
    )


def _totals(facts: Facts, target: str, spec: Spec, as_of: date | None) -> Iterator[Finding]:
    """Yield the yearly total trade with each partner for which three years are known."""
    by_partner = _yearly_totals(facts)
    if not by_partner:
        return
    used = [fact for chosen in by_partner.values() for fact in chosen]
    last = {partner: chosen[-1] for partner, chosen in by_partner.items()}
    ranked = sorted(last.items(), key=lambda item: -item[1].value_in("MUSD"))
    parts = [
        f"{country_name(partner)} "
        f"{quantity_text(fact.value, fact.unit) if fact.value else 'none'} in {fact.period} "
        f"({fact.series})"
        for partner, fact in ranked
    ]
    name = country_name(target)
    first, fact = ranked[0]
    sentence = f"Recorded total trade with {name}: {'; '.join(parts)}."
    yield Finding(
        id="trade.totals",
        sentence=sentence,
        method="Yearly totals as published, one series a year: customs data before compilations.",
        inputs=(facts.input,),
        caveats=(SERIES_CAVEAT, *_caveats(facts, used)),
        grid=Grid(
            columns=(
                Column(key="period", title="Year"),
                Column(key="value", title="Recorded trade", unit="MUSD"),
                Column(key="partner", title="Partner"),
                Column(key="series", title="Series"),
                Column(key="status", title="How known"),
            ),
            rows=tuple(
                (
                    fact.period,
                    fact.value_in("MUSD"),
                    country_name(fact.partner),
                    fact.series,
                    fact.status,
                )
                for fact in used
            ),
        ),
        figure=Figure(
            kind="series",
            title=f"{country_name(first)} is {name}'s largest partner on record: "
            f"{quantity_text(fact.value, fact.unit, digits=2)} in {fact.period}",
            x="period",
            y="value",
            group="partner",
            unit_note=f"Million US dollars a year, both directions{_known(as_of)}.",
            source_note=f"{', '.join(sorted({fact.series for fact in used}))}.",
            rules=_rules(spec, [fact.span for fact in used]),
            alt=sentence,
        ),
        rank=4,
    )


def _yearly_totals(facts: Facts) -> dict[str, list[Fact]]:
    """Return one total a year for each partner for which three years are known."""
    found = {}
    for partner in sorted({fact.partner for fact in facts if fact.partner}):
        totals = facts.select(partner=partner, flow="total", product="", dimension="money")
        chosen = _one_per_period(fact for fact in totals if fact.span.days >= 365)
        if len(chosen) >= 3:
            found[partner] = chosen
    return found


def _series(
    series: Series, flows: Flows, facts: Facts, target: str, spec: Spec, as_of: date | None
) -> Iterator[Finding]:
    points = _points(series, flows, facts, target)
    if not points:
        return
    partner, thing = country_name(series.partner), _thing(series)
    shown = (
        f"{partner}'s recorded {_direction(series)} {thing} {_side(series)} {country_name(target)}"
    )
    title, sentence = _story(shown, points, series.unit)
    if as_of is not None:
        sentence += f" The data hold no later figure that was public by {as_of}."
    last = points[-1]
    recalled = [point for point in points if point.status == "recalled"]
    inputs = (flows.input, facts.input) if series.frequency == "annual" else (facts.input,)
    yield Finding(
        id=f"trade.series.{series.id}",
        sentence=sentence,
        estimate=Estimate(
            value=last.value, unit=series.unit, basis="recorded", claimant=last.series
        ),
        method="Values as recorded by the partner; periods without a published value are left "
        "out, not set to zero.",
        inputs=inputs,
        caveats=(
            *(flows.caveats if any(point.series == "BACI" for point in points) else ()),
            *((RECALLED_CAVEAT,) if recalled else ()),
            *_transit_note(series, target),
            "A recorded zero says that the register shows nothing, not that nothing was shipped.",
        ),
        grid=_series_grid(points, series),
        figure=Figure(
            kind="series",
            title=title,
            x="period",
            y="value",
            unit_note=f"{_unit_words(series)}, {_frequency(series)}{_known(as_of)}.",
            source_note=f"{', '.join(sorted({point.series for point in points}))}.",
            rules=_rules(spec, [point.period for point in points]),
            alt=sentence,
        ),
        rank=series.rank,
    )


def _transit_note(series: Series, target: str) -> tuple[str, ...]:
    note = TRANSIT.get((*_sides(series, target), series.product[:4]))
    return () if note is None else (note,)


def _series_grid(points: list[Point], series: Series) -> Grid:
    return Grid(
        columns=(
            Column(key="period", title="Period"),
            Column(key="value", title="Recorded", unit=series.unit),
            Column(key="series", title="Series"),
            Column(key="status", title="How known"),
        ),
        rows=tuple(
            (point.period.label, point.value, point.series, point.status) for point in points
        ),
    )


def _points(series: Series, flows: Flows, facts: Facts, target: str) -> list[Point]:
    wanted = between(series.since, series.until)
    points = list(_flow_points(series, flows, target)) if series.frequency == "annual" else []
    points = points or list(_fact_points(series, facts))
    inside = [
        one for one in points if wanted.start <= one.period.start and one.period.end <= wanted.end
    ]
    return sorted(inside, key=lambda one: (one.period, one.series))


def _flow_points(series: Series, flows: Flows, target: str) -> Iterator[Point]:
    if not series.product or series.flow == "total" or series.unit != "MUSD":
        return
    seller, buyer = _sides(series, target)
    for label in sorted(flows.coverage.periods):
        value = flows.recorded(
            exporter=seller, importer=buyer, product=series.product, period=label, unit="MUSD"
        )
        if value is not None:
            source = "BACI" if "BACI" in flows.source.labels else flows.input.id
            yield Point(period(label), value, source, "recorded")


def _fact_points(series: Series, facts: Facts) -> Iterator[Point]:
    dimension = "money" if series.unit == "MUSD" else "mass"
    recorded = facts.select(
        partner=series.partner,
        flow=series.flow,
        product=series.product,
        dimension=dimension,
        basis="recorded",
    )
    days = range(28, 32) if series.frequency == "monthly" else range(365, 367)
    for fact in _one_per_period(fact for fact in recorded if fact.span.days in days):
        value = convert(fact.value, from_unit=fact.unit, to_unit=series.unit)
        yield Point(fact.span, value, fact.series, fact.status)


def _story(shown: str, points: list[Point], unit: str) -> tuple[str, str]:
    """Return the chart's title and the finding's sentence: what the newest values say."""
    last = points[-1]
    zeros = _zero_tail(points)
    if zeros and len(zeros) < len(points):
        peak = points[len(points) - len(zeros) - 1]
        span = _span_words(zeros[0].period, last.period)
        amount = quantity_text(peak.value, unit)
        return (
            f"{shown}: nothing on record {span}",
            f"{shown} came to {amount} in {_when(peak.period)} and to nothing {span}, on record.",
        )
    if zeros:
        return f"{shown}: nothing on record", f"{shown} came to nothing in every published period."
    same = [point for point in points if point.series == last.series]
    newest = f"{quantity_text(last.value, unit)} in {_when(last.period)}"
    if len(same) == 1:
        return f"{shown}: {newest}", f"{shown} came to {newest} ({last.series})."
    before = same[-2]
    if last.value == before.value:
        return f"{shown} stayed at {newest}", f"{shown} stayed at {newest} ({last.series})."
    verb = "rose" if last.value > before.value else "fell"
    earlier = f"{quantity_text(before.value, unit)} in {_when(before.period)}"
    move = f"{verb} from {earlier} to {newest}"
    return f"{shown} {move}", f"{shown} {move} ({last.series})."


def _when(span: Period) -> str:
    """Return a period in words: ``2016`` or ``April 2017``."""
    return f"{span.start:%B %Y}" if span.days <= 31 else span.label


def _span_words(first: Period, last: Period) -> str:
    if first == last:
        return f"in {_when(first)}"
    return f"from {_when(first)} to {_when(last)}"


def _zero_tail(points: list[Point]) -> list[Point]:
    tail: list[Point] = []
    for point in reversed(points):
        if point.value != 0:
            break
        tail.insert(0, point)
    return tail


def _coverage(flows: Flows, facts: Facts, target: str, as_of: date | None) -> Finding:
    years = sorted(flows.coverage.periods)
    span = f"{years[0]} to {years[-1]}" if years else "no period"
    codes = len(flows.coverage.products)
    recalled = sum(fact.status == "recalled" for fact in facts)
    sentence = (
        f"The flows hold {counted(codes, 'product code')} ({flows.vintage}), {span}. Facts on "
        f"{country_name(target)}: {len(facts)}, {recalled} of them recalled and not checked "
        "against a page."
    )
    if as_of is not None:
        sentence += f" Everything released after {as_of} is left out."
    return Finding(
        id="trade.coverage",
        sentence=sentence,
        method="Counted. A flow counts from its period's first release, a fact from the day of its "
        "page or, where that is unknown, from the series' release rule.",
        inputs=(flows.input, facts.input),
        caveats=(*flows.caveats, *facts.caveats),
        rank=9,
    )


PREFERENCE = (
    "GAC",
    "GAC/CEIC",
    "RU customs",
    "ITC",
    "KR unification",
    "UN 1718",
    "KOTRA",
    "RU official",
)
"""Where several series know a period: customs before compilations before officials."""


def _one_per_period(facts: Iterable[Fact]) -> list[Fact]:
    """Return one fact for each period, by `PREFERENCE`, in order of time."""

    def rank(fact: Fact) -> int:
        known = fact.series in PREFERENCE
        return PREFERENCE.index(fact.series) if known else len(PREFERENCE)

    best: dict[Period, Fact] = {}
    for fact in facts:
        other = best.get(fact.span)
        if other is None or rank(fact) < rank(other):
            best[fact.span] = fact
    return [best[span] for span in sorted(best)]


def _caveats(facts: Facts, used: list[Fact]) -> tuple[str, ...]:
    recalled = (RECALLED_CAVEAT,) if any(fact.status == "recalled" for fact in used) else ()
    return (*facts.caveats, *recalled)


def _rules(spec: Spec, spans: list[Period]) -> tuple[EventRule, ...]:
    """Return the case's events that fall inside the drawn time."""
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    return tuple(
        EventRule(at=event.at, label=event.label)
        for event in spec.events
        if first <= period(event.at).start < last
    )


def _sides(series: Series, target: str) -> tuple[str, str]:
    return (target, series.partner) if series.flow == "exports" else (series.partner, target)


def _direction(series: Series) -> str:
    return {"exports": "purchases of", "imports": "sales of", "total": "trade in"}[series.flow]


def _side(series: Series) -> str:
    return {"exports": "from", "imports": "to", "total": "with"}[series.flow]


def _thing(series: Series) -> str:
    return product_name(series.product) if series.product else "all goods"


def _unit_words(series: Series) -> str:
    return "Million US dollars" if series.unit == "MUSD" else "Thousand tonnes"


def _frequency(series: Series) -> str:
    return "monthly" if series.frequency == "monthly" else "a year"


def _known(as_of: date | None) -> str:
    return f"; as released by {as_of}" if as_of is not None else ""


def _origin(fact: Fact) -> str:
    return fact.source.split(" (")[-1].rstrip(")") if " (" in fact.source else fact.source
