"""What recorded trade says about the rules, in words that never call a zero compliance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from tumen.core.countries import country_name
from tumen.core.finding import Cell, Column, Estimate, Figure, Finding, Grid, Input
from tumen.core.units import counted, quantity_text
from tumen.monitor.adjudicating import WORDS, Adjudication
from tumen.monitor.compensating import Compensation
from tumen.monitor.complying import Compliance
from tumen.monitor.diverting import Diversion
from tumen.monitor.quality import FLAG_TEXT, Quality
from tumen.monitor.spec import Spec
from tumen.monitor.watching import Watch, watch_all
from tumen.monitor.windows import mean_musd, shown
from tumen.monitor.wording import (
    estimates_words,
    fact_words,
    move_words,
    overview_words,
    shift_words,
    span_words,
    unseen,
    years_words,
)
from tumen.trade import Fact, Facts, Flows, product_name

if TYPE_CHECKING:
    from tumen.regime import Regime

ZERO_CAVEAT = (
    "A recorded zero is no proof of compliance: banned trade may go on without being recorded."
)
WINDOW_METHOD = (
    "Mean recorded value of whole years before and after the year of the ban; that year itself "
    "belongs to neither, since goods rush through before a deadline."
)


def find(
    spec: Spec,
    *,
    regime: Regime,
    flows: Flows,
    facts: Facts,
    target: str,
    as_of: date | None = None,
) -> tuple[Finding, ...]:
    """Return what recorded trade says about the rules.

    Parameters
    ----------
    spec
        Senders, rivals and products that the case watches.
    regime
        The rules; what was adopted after `as_of` is left out.
    flows, facts
        Recorded trade and facts on the target; what was released after `as_of` is left out.
    as_of
        None shows the whole record.

    Returns
    -------
    tuple of Finding
        For each sender ``monitor.compliance.<sender>`` (before and after, three columns; or that
        nothing is banned), one
        ``monitor.compliance.<sender>.<product>`` for each banned product, ``.backfill``,
        ``.diversion`` and ``.residuals`` where there is something to see, ``.compensation``; then
        ``monitor.quality``.

    Examples
    --------
    >>> from tumen import monitor, regime, trade
    >>> found = find(monitor.Spec(), regime=regime.load("UN-1718"), flows=trade.read_sample(),
    ...     facts=trade.read_facts("PRK"), target="PRK")
    >>> found[0].sentence[:70]
    'Before the bans China recorded USD 1,320 million a year of purchases o'
    """
    quality, watches = watch_all(
        spec, regime=regime, flows=flows, facts=facts, target=target, as_of=as_of
    )
    inputs = (regime.input, flows.input, facts.input)
    found: list[Finding] = []
    for watch in watches:
        found.extend(_compliance(watch, quality, inputs, as_of))
        found.extend(_backfill(watch, spec, quality, inputs, as_of))
        found.extend(_residuals(watch, quality, inputs))
        found.extend(_diversion(watch, quality, inputs))
        found.extend(_compensation(watch, target, facts.input))
    found.append(_quality(quality, flows.input, spec))
    return tuple(found)


def _compliance(
    watch: Watch, quality: Quality, inputs: tuple[Input, ...], as_of: date | None
) -> Iterator[Finding]:
    shown = [one for one in watch.compliances if one.before_musd > 0]
    sender, target = country_name(watch.sender), country_name(quality.target)
    if not any(one.banned_from for one in watch.watched):
        what = counted(len(watch.watched), "product")
        yield Finding(
            id=f"monitor.compliance.{watch.sender}",
            sentence=(
                f"No act bans {sender}'s purchases of the {what} watched from {target}"
                f"{f' by {as_of}' if as_of else ''}; recorded trade is held against nothing."
            ),
            method="Each product watched is ruled; a threat to outsiders and a cap are no ban.",
            inputs=inputs,
            caveats=("Only the acts in the library count.",),
            rank=5,
        )
    if not shown:
        return
    sentence, title = overview_words(watch, shown, sender, target, as_of)
    yield Finding(
        id=f"monitor.compliance.{watch.sender}",
        sentence=sentence,
        method=WINDOW_METHOD,
        inputs=inputs,
        caveats=(ZERO_CAVEAT, unseen(quality.flows), *quality.flows.caveats),
        grid=_three_columns(watch, shown),
        figure=Figure(
            kind="before_after",
            title=title,
            x="product",
            y="after",
            low="before",
            high="after",
            unit_note="Million US dollars a year, recorded; the year of the ban is left out.",
            source_note=f"{quality.flows.input.note or quality.flows.input.id}.",
            alt=sentence,
        )
        if any(one.after_musd is not None for one in shown)
        else None,
        rank=1,
    )
    for one in shown:
        yield _heading(watch, one, quality, inputs, as_of)


def _three_columns(watch: Watch, shown: list[Compliance]) -> Grid:
    rows: list[tuple[Cell, ...]] = [
        (
            watch.label(one.product),
            one.banned_from.isoformat(),
            one.before_musd,
            one.of_ban_musd,
            one.after_musd,
            estimates_words(one.estimates) or None,
            one.unknown,
        )
        for one in sorted(shown, key=lambda one: -one.before_musd)
    ]
    return Grid(
        columns=(
            Column(key="product", title="Product"),
            Column(key="banned_from", title="Banned from"),
            Column(key="before", title="Recorded before, a year", unit="MUSD"),
            Column(key="of_ban", title="Recorded in the ban's year", unit="MUSD"),
            Column(key="after", title="Recorded after, a year", unit="MUSD"),
            Column(key="estimated", title="Estimated by others"),
            Column(key="unknown", title="Unknown"),
        ),
        rows=tuple(rows),
    )


def _heading(
    watch: Watch,
    one: Compliance,
    quality: Quality,
    inputs: tuple[Input, ...],
    as_of: date | None,
) -> Finding:
    sender, target = country_name(one.sender), country_name(one.target)
    label = watch.label(one.product)
    before = quantity_text(one.before_musd, "MUSD")
    years = years_words(one.years_before)
    parts = [f"{sender} recorded {before} a year of {label} from {target} in {years}"]
    if one.after_musd is None:
        known = f" by {as_of}" if as_of else ""
        parts.append(f"no whole year after the ban of {one.banned_from} had been released{known}")
    else:
        after = "none" if one.after_musd == 0 else f"{quantity_text(one.after_musd, 'MUSD')} a year"
        parts.append(
            f"{after} in {years_words(one.years_after)}, after the ban of {one.banned_from}"
        )
    estimated = f" Estimated by others: {estimates_words(one.estimates)}." if one.estimates else ""
    sentence = f"{'; '.join(parts)}.{_monthly_words(one)}{estimated}"
    value = one.before_musd if one.after_musd is None else one.after_musd
    return Finding(
        id=f"monitor.compliance.{one.sender}.{one.product}",
        sentence=sentence,
        estimate=Estimate(value=value, unit="MUSD", basis="recorded"),
        method=WINDOW_METHOD,
        inputs=inputs,
        caveats=(ZERO_CAVEAT, one.unknown, *quality.flows.caveats),
        rank=5,
    )


def _monthly_words(one: Compliance) -> str:
    """Say the last recorded months of mass before the facts end."""
    months = [fact for fact in one.monthly if fact.unit == "kt"]
    zeros: list[Fact] = []
    for fact in reversed(months):
        if fact.value != 0:
            break
        zeros.insert(0, fact)
    if not months or not zeros or len(zeros) == len(months):
        return ""
    last = months[len(months) - len(zeros) - 1]
    recalled = " (in part recalled)" if any(f.status == "recalled" for f in zeros) else ""
    span = f"{zeros[0].period}/{zeros[-1].period}"
    return (
        f" Month by month: {fact_words(last)} in {span_words(last.period)}, then none recorded in "
        f"{span_words(span)}{recalled}."
    )


def _backfill(
    watch: Watch, spec: Spec, quality: Quality, inputs: tuple[Input, ...], as_of: date | None
) -> Iterator[Finding]:
    for rival in spec.rivals:
        rows: list[tuple[Cell, ...]] = []
        shares = []
        for one in watch.backfills:
            share = one.share(rival)
            if one.fall_musd is None or share is None:
                continue
            shares.append(share)
            rows.append(
                (
                    watch.label(one.product),
                    one.fall_musd,
                    one.changes_musd.get(rival),
                    share,
                    one.total_share,
                )
            )
        if rows:
            yield _backfill_finding(watch, rival, rows, shares, quality, inputs)
        elif watch.backfills:
            yield _no_backfill_yet(watch, rival, quality, inputs, as_of)


def _backfill_finding(
    watch: Watch,
    rival: str,
    rows: list[tuple[Cell, ...]],
    shares: list[float],
    quality: Quality,
    inputs: tuple[Input, ...],
) -> Finding:
    sender, name, target = map(country_name, (watch.sender, rival, quality.target))
    fall = sum(float(row[1] or 0.0) for row in rows)
    taken = sum(share * float(row[1] or 0.0) for share, row in zip(shares, rows, strict=True))
    share = taken / fall
    everywhere = " in every product" if len(shares) > 1 and max(shares) == min(shares) else ""
    sentence = (
        f"On record {name} took over {quantity_text(share, 'share')}{everywhere} of the "
        f"{quantity_text(fall, 'MUSD')} a year of banned goods that {sender} stopped buying from "
        f"{target}. {unseen(quality.flows)}"
    )
    return Finding(
        id=f"monitor.backfill.{watch.sender}.{rival}",
        sentence=sentence,
        estimate=Estimate(value=share, unit="share", basis="computed", digits=2),
        method=f"Rise of the rival's purchases over the fall of the sender's, by product. "
        f"{WINDOW_METHOD} Rises below the noise floor do not count.",
        inputs=inputs,
        caveats=(ZERO_CAVEAT, *quality.flows.caveats),
        grid=Grid(
            columns=(
                Column(key="product", title="Product"),
                Column(key="fall", title=f"{sender}: recorded fall a year", unit="MUSD"),
                Column(key="change", title=f"{name}: recorded change a year", unit="MUSD"),
                Column(key="share", title=f"Share taken over by {name}", unit="share"),
                Column(key="all", title="Share taken over by all", unit="share"),
            ),
            rows=tuple(rows),
        ),
        figure=Figure(
            kind="bars",
            title=f"{name} is on record for {quantity_text(share, 'share', digits=2)} of what "
            f"{sender} gave up",
            x="product",
            y="share",
            unit_note="Share of the sender's recorded fall, recorded minerals only.",
            source_note=f"{quality.flows.input.note or quality.flows.input.id}.",
            alt=sentence,
        ),
        rank=2,
    )


def _no_backfill_yet(
    watch: Watch, rival: str, quality: Quality, inputs: tuple[Input, ...], as_of: date | None
) -> Finding:
    name, target = country_name(rival), country_name(quality.target)
    products = tuple(one.product for one in watch.backfills)
    bought = quality.trusted().where(exporter=quality.target, importer=rival, product=products)
    years = shown(
        bought,
        exporter=quality.target,
        importer=rival,
        product=products[0],
        years=watch.backfills[0].years_before,
    )
    value = mean_musd(bought, years=years)
    known = f"by {as_of}" if as_of else "yet"
    before = f"No year before it had been released {known} either."
    if value is not None:
        amount = f"{quantity_text(value, 'MUSD')} a year" if value > 0 else "none"
        before = (
            f"Before, in {years_words(years)}, {name} recorded {amount} of these goods from "
            f"{target}."
        )
    return Finding(
        id=f"monitor.backfill.{watch.sender}.{rival}",
        sentence=(
            f"Whether {name} fills the gap cannot be read from trade released {known}: no whole "
            f"year after a ban is on record. {before} {unseen(quality.flows)}"
        ),
        estimate=None if value is None else Estimate(value=value, unit="MUSD", basis="recorded"),
        method=WINDOW_METHOD,
        inputs=inputs,
        caveats=(ZERO_CAVEAT, *quality.flows.caveats),
        rank=2,
    )


def _residuals(watch: Watch, quality: Quality, inputs: tuple[Input, ...]) -> Iterator[Finding]:
    if not watch.adjudications:
        return
    sender, target = country_name(watch.sender), country_name(quality.target)
    largest = max(watch.adjudications, key=lambda one: one.value_musd)
    total = sum(one.value_musd for one in watch.adjudications)
    yield Finding(
        id=f"monitor.residuals.{watch.sender}",
        sentence=(
            f"{sender} recorded {quantity_text(total, 'MUSD', digits=2)} of banned goods from "
            f"{target} in whole years after their bans. The largest entry is "
            f"{watch.label(largest.product)} in {largest.period}, "
            f"{quantity_text(largest.value_musd, 'MUSD', digits=2)}: {WORDS[largest.word]} "
            f"({largest.clause})."
        ),
        estimate=Estimate(value=total, unit="MUSD", basis="recorded", digits=2),
        method="Each residual's period is ruled on every day on which a verdict changes, for a "
        "shipment whose contract date is not known.",
        inputs=inputs,
        caveats=(
            "A register's period is a year, the rules know days: a finer record may decide.",
            *quality.flows.caveats,
        ),
        grid=Grid(
            columns=(
                Column(key="product", title="Product"),
                Column(key="period", title="Year"),
                Column(key="value", title="Recorded", unit="MUSD"),
                Column(key="word", title="What the rules say"),
                Column(key="clause", title="Clause"),
                Column(key="days", title="Day by day"),
            ),
            rows=tuple(_residual_row(watch, one) for one in watch.adjudications),
        ),
        rank=4,
    )


def _residual_row(watch: Watch, one: Adjudication) -> tuple[Cell, ...]:
    days = "; ".join(
        f"{spell.verdict.replace('_', '-')} until {spell.last}" for spell in one.spells
    )
    return (
        watch.label(one.product), one.period, one.value_musd, WORDS[one.word], one.clause, days
    )  # fmt: skip


def _diversion(watch: Watch, quality: Quality, inputs: tuple[Input, ...]) -> Iterator[Finding]:
    found = watch.diversion
    if found is None or not found.years_after:
        return
    sender, target = country_name(watch.sender), country_name(quality.target)
    parts = [
        shift_words(shifts, lead, sender=watch.sender)
        for shifts, lead in (
            (found.unlisted_goods, f"Goods that no list names, from {target} to {sender}"),
            (found.new_buyers, f"New buyers of banned goods from {target}"),
            (found.new_suppliers, f"Other suppliers of these goods to {sender}"),
        )
    ]
    if not any(parts):
        return
    yield Finding(
        id=f"monitor.diversion.{watch.sender}",
        sentence=" ".join(["On record these flows rose beside the bans.", *filter(None, parts)]),
        estimate=Estimate(
            value=found.unlisted_change_musd(), unit="MUSD", basis="computed", digits=2
        ),
        method=f"Recorded flows that rose by more than the noise floor. {WINDOW_METHOD}",
        inputs=inputs,
        caveats=(
            "A rise beside a ban does not show that the ban caused it; prices move too.",
            unseen(quality.flows),
            *quality.flows.caveats,
        ),
        grid=_shift_grid(found),
        rank=3,
    )


def _shift_grid(found: Diversion) -> Grid:
    kinds = (
        ("unlisted good", found.unlisted_goods),
        ("new buyer", found.new_buyers),
        ("other supplier", found.new_suppliers[:10]),
    )
    return Grid(
        columns=(
            Column(key="kind", title="Kind"),
            Column(key="party", title="Country"),
            Column(key="product", title="Product"),
            Column(key="before", title="Recorded before, a year", unit="MUSD"),
            Column(key="after", title="Recorded after, a year", unit="MUSD"),
        ),
        rows=tuple(
            (
                kind,
                country_name(shift.party),
                product_name(shift.product),
                shift.before_musd,
                shift.after_musd,
            )
            for kind, shifts in kinds
            for shift in shifts
        ),
    )


def _compensation(watch: Watch, target: str, facts_input: Input) -> Iterator[Finding]:
    shown = [one for one in watch.compensations if one.is_compensated] or list(watch.compensations)
    if not shown:
        return
    one = shown[-1]
    partner, name, label = country_name(one.partner), country_name(target), watch.label(one.product)
    total, part = one.total.relative, one.restricted.relative
    if total is None or part is None:
        return
    joint = "while" if one.is_compensated else "and"
    sentence = (
        f"In {span_words(one.period_after)} {partner}'s recorded trade with {name} "
        f"{move_words(total)} on the year to {fact_words(one.total.after)}, {joint} its recorded "
        f"purchases of {label} {move_words(part)} to {fact_words(one.restricted.after)}."
        f"{_both_ways(one, name)}"
    )
    in_tonnes = f"; {label} in tonnes" if one.restricted.after.unit != "MUSD" else ""
    yield Finding(
        id=f"monitor.compensation.{one.partner}.{one.product}",
        sentence=sentence,
        estimate=Estimate(
            value=total, unit="share", basis="recorded", claimant=one.total.after.series
        ),
        method="One series, the same months a year apart; the restricted part in value or, where "
        "no value is published, in tonnes.",
        inputs=(facts_input,),
        caveats=(
            "Rising total trade beside a falling part shows that the loss was made up in value, "
            "not that it was meant to be.",
            "A value computed from a published growth rate carries its rounding.",
        ),
        grid=_change_grid(one, name, label),
        figure=Figure(
            kind="bars",
            title=f"{partner}'s trade with {name} {move_words(total)}, {joint} {label} "
            f"{move_words(part)}",
            x="what",
            y="change",
            unit_note=f"Change from {span_words(one.period_before)} to "
            f"{span_words(one.period_after)}, recorded value{in_tonnes}.",
            source_note=f"{one.total.after.series}.",
            alt=sentence,
        ),
        rank=1,
    )


def _change_grid(one: Compensation, name: str, label: str) -> Grid:
    changes = (
        ("all trade", one.total),
        (f"{name}'s purchases", one.imports),
        (f"{name}'s sales", one.exports),
        (label, one.restricted),
    )
    return Grid(
        columns=(
            Column(key="what", title="What"),
            Column(key="change", title="Change on the year", unit="share"),
            Column(key="before", title=span_words(one.period_before)),
            Column(key="after", title=span_words(one.period_after)),
            Column(key="series", title="Series"),
        ),
        rows=tuple(
            (
                what,
                change.relative,
                fact_words(change.before),
                fact_words(change.after),
                change.after.series,
            )
            for what, change in changes
            if change is not None
        ),
    )


def _both_ways(one: Compensation, name: str) -> str:
    words = [
        f"{what} {move_words(change.relative)}"
        for what, change in ((f"{name}'s purchases", one.imports), ("its sales", one.exports))
        if change is not None and change.relative is not None
    ]
    return f" {' and '.join(words)}." if words else ""


def _quality(quality: Quality, flows_input: Input, spec: Spec) -> Finding:
    name = country_name(quality.target)
    rows_out, value_out = quality.left_out()
    swaps = quality.flows.take(quality.flags["sibling_swap"])
    partners = {*swaps.exporter.present(), *swaps.importer.present()} - {quality.target}
    watched = sorted({*spec.senders, *spec.rivals})
    hit = [country_name(code) for code in watched if code in partners]
    whose = f"among them rows of {', '.join(hit)}" if hit else (
        f"none of them a row of {' or '.join(map(country_name, watched))}"
    )  # fmt: skip
    share = quality.flagged_sales_to_target / max(1, quality.large_sales_to_target)
    counts = quality.counts()
    doubtful = (
        f"Of {counted(quality.large_sales_to_target, 'large sale')} to {name} on record, "
        f"{quality.flagged_sales_to_target} ({quantity_text(share, 'share', digits=2)}) were "
        f"probably meant for a country of a similar name; {counted(rows_out, 'row')} worth "
        f"{quantity_text(value_out / 1e6, 'MUSD', digits=2)} "
        f"{'is' if rows_out == 1 else 'are'} left out, {whose}."
    )
    if rows_out == 0:
        doubtful = f"No large trade with {name} on record looks meant for another country."
    imputed = counts["imputed_quantity"]
    were = f"{counted(imputed, 'quantity was', 'quantities were')}"
    used = "is" if imputed == 1 else "are"
    sentence = f"{doubtful} {were} filled in from average prices and {used} not used."
    return Finding(
        id="monitor.quality",
        sentence=sentence,
        estimate=Estimate(value=share, unit="share", basis="computed", digits=2),
        method="Rules on single rows: sales of bulk goods or of goods sold to the sibling at "
        "twenty times the value for five years; equal unit values in three rows; unit values ten "
        "times off the median.",
        inputs=(flows_input,),
        caveats=(
            "Marked rows are kept in the data and left out of the sums.",
            *(
                f"{country_name(partner)}: no row after {year}, though one stood in each of the "
                "five years before."
                for partner, year in quality.last_reported.items()
                if partner in watched
            ),
        ),
        grid=Grid(
            columns=(
                Column(key="flag", title="Mark"),
                Column(key="rows", title="Rows", unit="count"),
                Column(key="meaning", title="Meaning"),
            ),
            rows=tuple(
                (flag.replace("_", " "), float(counts[flag]), text)
                for flag, text in FLAG_TEXT.items()
            ),
        ),
        rank=8,
    )
