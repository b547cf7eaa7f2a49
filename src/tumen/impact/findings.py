"""What the trade model says, in sentences: the only place with result prose of this room."""

from __future__ import annotations

from datetime import date

import numpy as np

from tumen.core.countries import country_name
from tumen.core.finding import Cell, Column, Estimate, Figure, Finding, Grid
from tumen.core.progress import Progress, silent
from tumen.core.units import quantity_text
from tumen.impact.choice_findings import find_choices
from tumen.impact.restricted import banned_by
from tumen.impact.spec import Spec
from tumen.impact.study import Study, study
from tumen.impact.telling import (
    COVERAGE,
    METHOD,
    RUN_NAMES,
    SHORT_METHOD,
    caveats,
    estimate,
    interval_figure,
    plain,
    region_name,
    revenue_lost,
    sector_name,
    source_note,
)
from tumen.regime import Regime
from tumen.trade import Facts, Flows, InputOutput


def find(
    spec: Spec,
    *,
    world: InputOutput,
    facts: Facts | None = None,
    flows: Flows | None = None,
    regime: Regime | None = None,
    target: str,
    as_of: date,
    seed: int,
    progress: Progress = silent,
) -> tuple[Finding, ...]:
    """Return what the listed bans cost the target and the others, with intervals.

    Parameters
    ----------
    spec
        Section `impact` of the case.
    world
        Input-output table.
    facts
        Published numbers on the target.
    flows
        Recorded trade, which weighs the products of a sector when bans come from the regime.
    regime
        The case's regime; needed when ``bans_from`` is ``regime``.
    target
        Alpha-3 code of the sanctioned state.
    as_of
        Nothing published later enters, except the world table's vintage, with a caveat.
    seed
        Root of the random streams.

    Raises
    ------
    ModelError
        When a headline solve has no answer.
    DataError, CaseError
        When the case asks for what is not there.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen.impact import Spec, find
    >>> from tumen.trade import read_world
    >>> found = find(
    ...     Spec(), world=read_world(), target="PRK", as_of=date(2017, 8, 31), seed=1
    ... )
    >>> found[0].room
    'impact'
    """
    banned = None
    if spec.bans_from == "regime":
        banned = banned_by(regime, flows=flows, world=world, target=target, on=as_of)
    made = study(
        spec,
        world=world,
        facts=facts,
        target=target,
        as_of=as_of,
        seed=seed,
        banned=banned,
        progress=progress,
    )
    found = [
        _revenue(made, spec),
        _gap(made, spec),
        _cover(made, spec),
        _welfare(made, spec),
        _flows(made, spec),
        _others(made, spec),
        *find_choices(made, spec),
        _drivers(made, spec),
        _inputs(made),
    ]
    growth = _growth(made, spec, facts.cut(as_of) if facts else None)
    return tuple(found if growth is None else [*found, growth])


def _rows(made: Study, spec: Spec, values: dict[tuple[str, str], Estimate]) -> Grid:
    rows = []
    for scenario in spec.scenarios:
        for run in spec.runs:
            found = values[scenario.id, run]
            label = f"{scenario.label}, {RUN_NAMES[run]}"
            rows.append((label, found.value, found.low, found.high))
    unit = next(iter(values.values())).unit
    columns = (
        Column(key="scenario", title="Scenario"),
        Column(key="value", title="Modelled", unit=unit),
        Column(key="low", title="Low", unit=unit),
        Column(key="high", title="High", unit=unit),
    )
    return Grid(columns=columns, rows=tuple(rows))


def _listed_names(made: Study) -> str:
    names = [ban.label or ban.sector for ban in made.bans]
    if len(names) > 6:
        return f"{', '.join(names[:6])} and {len(names) - 6} more"
    return ", ".join(names)


def _revenue(made: Study, spec: Spec) -> Finding:
    head, run = spec.scenarios[0], spec.runs[-1]
    values: dict[tuple[str, str], Estimate] = {
        (s.id, r): estimate(revenue_lost(made, s.id, r), "MUSD")
        for s in spec.scenarios
        for r in spec.runs
    }
    found = values[head.id, run]
    before = made.draws.exports.sum(axis=(1, 2))
    listed = estimate(made.listed(), "MUSD")
    name = country_name(made.target)
    total = quantity_text(float(before[0]), "MUSD", digits=2)
    sentence = (
        f"If {head.label}, {name} loses {found.text()} of export revenue a year "
        f"{RUN_NAMES[run]}, of {total} before the ban (modelled)."
    )
    return Finding(
        id="impact.revenue",
        sentence=sentence,
        estimate=found,
        method=f"{METHOD} {SHORT_METHOD}",
        inputs=made.inputs,
        caveats=(
            f"Trade under the ban ({_listed_names(made)}) earned {listed.text()} before it; "
            "what is lost differs because costs fall and other goods are sold instead.",
            "Where a ban covers a part of a sector, the model lets the rest of that sector sell "
            "more; mines and plants that make only the banned part cannot, so more may be lost.",
            *_stuck(made, spec, values),
            *caveats(made),
        ),
        grid=_rows(made, spec, values),
        figure=interval_figure(
            f"{head.label[0].upper()}{head.label[1:]}: "
            f"{quantity_text(found.value, 'MUSD', digits=2)} of export revenue a year is lost",
            "million USD a year, modelled",
            made,
        ),
        rank=0,
    )


def _stuck(made: Study, spec: Spec, values: dict[tuple[str, str], Estimate]) -> tuple[str, ...]:
    """Explain where less revenue is lost at once than in the long run: factors cannot leave."""
    exported = [ban for ban in made.bans if ban.flow == "exports"]
    first, last = spec.runs[0], spec.runs[-1]
    for scenario in spec.scenarios:
        soon, late = values[scenario.id, last].value, values[scenario.id, first].value
        if first != "long" or last == "long" or not exported or soon >= 0.95 * late:
            continue
        places = [made.world.sectors.place(ban.sector) for ban in exported]
        place = max(places, key=lambda k: float(made.draws.exports[0, :, k].sum()))
        name = sector_name(made.world.sectors.labels[place])
        before = float(made.draws.exports[0, :, place].sum())
        kept, real = {}, {}
        for run in (first, last):
            outcome = made.outcomes[scenario.id, run]
            kept[run] = float(outcome.exports[0, :, place].sum()) / before
            real[run] = 1 - float(outcome.output_hat[0, place])
        return (
            f"If {scenario.label}, less export revenue is lost {RUN_NAMES[last]} "
            f"({quantity_text(soon, 'MUSD', digits=2)}) than {RUN_NAMES[first]} "
            f"({quantity_text(late, 'MUSD', digits=2)}): factors cannot leave the banned sectors "
            f"at once, real output of {name} falls by {100 * real[last]:.0f} % against "
            f"{100 * real[first]:.0f} %, and sellers cut prices to use what leaks. A leak is a "
            f"part of the trade at unchanged prices, so more than it passes: {100 * kept[last]:.0f}"
            f" % of {name} revenue stays {RUN_NAMES[last]}, {100 * kept[first]:.0f} % "
            f"{RUN_NAMES[first]}.",
        )
    return ()


def _other_income(made: Study) -> tuple[float, float, float]:
    rows = made.other_income()
    return (
        sum(row.value for row in rows),
        sum(row.low for row in rows),
        sum(row.high for row in rows),
    )


def _gap(made: Study, spec: Spec) -> Finding:
    head, run = spec.scenarios[0], spec.runs[-1]
    middle, least, most = _other_income(made)
    imports = made.draws.imports.sum(axis=(1, 2))
    values: dict[tuple[str, str], Estimate] = {}
    before = imports - made.draws.exports.sum(axis=(1, 2))
    spread = np.linspace(least, most, len(before))
    spread[0] = middle
    for s in spec.scenarios:
        for r in spec.runs:
            kept = made.outcomes[s.id, r].exports.sum(axis=(1, 2))
            values[s.id, r] = estimate(imports - kept - spread, "MUSD")
    found, now = values[head.id, run], estimate(before - spread, "MUSD")
    names = "; ".join(
        f"{row.label} {row.low:,.0f} to {row.high:,.0f} MUSD ({row.status}: {row.source})"
        for row in made.other_income()
    )
    sentence = (
        f"To keep its imports {country_name(made.target)} would have to find {found.text()} of "
        f"hard currency a year from reserves, credit or hidden income if {head.label}, against "
        f"{now.text()} before (modelled {RUN_NAMES[run]})."
    )
    return Finding(
        id="impact.hard_currency_gap",
        sentence=sentence,
        estimate=found,
        method="Imports before the ban less exports after it and less known other income.",
        inputs=made.inputs,
        caveats=(f"Other income, by claimant: {names}.", *caveats(made)),
        grid=_rows(made, spec, values),
        figure=interval_figure(
            "What imports cost and exports no longer earn",
            "million USD a year, modelled",
            made,
        ),
        rank=1,
    )


def _cover(made: Study, spec: Spec) -> Finding:
    head, run = spec.scenarios[0], spec.runs[-1]
    middle, least, most = _other_income(made)
    imports = made.draws.imports.sum(axis=(1, 2))
    spread = np.linspace(least, most, len(imports))
    spread[0] = middle
    values: dict[tuple[str, str], Estimate] = {}
    for s in spec.scenarios:
        for r in spec.runs:
            kept = made.outcomes[s.id, r].exports.sum(axis=(1, 2))
            values[s.id, r] = estimate((kept + spread) / imports, "share")
    before = estimate((made.draws.exports.sum(axis=(1, 2)) + spread) / imports, "share")
    found = values[head.id, run]
    return Finding(
        id="impact.import_cover",
        sentence=(
            f"Export revenue and known other income pay for {found.text()} of earlier imports if "
            f"{head.label}, against {before.text()} before (modelled {RUN_NAMES[run]})."
        ),
        estimate=found,
        method="Exports after the ban plus known other income, over imports before it.",
        inputs=made.inputs,
        caveats=caveats(made),
        grid=_rows(made, spec, values),
        rank=2,
    )


def _welfare(made: Study, spec: Spec) -> Finding:
    head = spec.scenarios[0]
    values: dict[tuple[str, str], Estimate] = {
        (s.id, r): estimate(100 * (made.outcomes[s.id, r].welfare_hat - 1), "percent")
        for s in spec.scenarios
        for r in spec.runs
    }
    first, last = values[head.id, spec.runs[0]], values[head.id, spec.runs[-1]]
    name = country_name(made.target)
    sentence = (
        f"Real spending of {name} changes by {first.text()} {RUN_NAMES[spec.runs[0]]}"
        + (f" and by {last.text()} {RUN_NAMES[spec.runs[-1]]}" if len(spec.runs) > 1 else "")
        + f" if {head.label} (modelled)."
    )
    worst = min(values.values(), key=lambda v: v.value)
    return Finding(
        id="impact.welfare",
        sentence=sentence,
        estimate=last,
        method=f"{METHOD} {SHORT_METHOD} Real spending is income over the price of final goods.",
        inputs=made.inputs,
        caveats=(
            "Real spending of the whole economy: it does not say whose spending falls.",
            *caveats(made),
        ),
        grid=_rows(made, spec, values),
        figure=interval_figure(
            f"The harshest scenario costs {name} "
            f"{quantity_text(-worst.value, 'percent', digits=2)} of real spending",
            "change of real spending, per cent, modelled",
            made,
        ),
        rank=3,
    )


def _flows(made: Study, spec: Spec) -> Finding:
    head, run = spec.scenarios[0], spec.runs[-1]
    outcome = made.outcomes[head.id, run]
    before, after = made.draws.exports[0].sum(axis=0), outcome.exports[0].sum(axis=0)
    bands = np.nanquantile(outcome.exports.sum(axis=1), [0.05, 0.95], axis=0)
    order = [k for k in np.argsort(-before) if before[k] >= 1.0][:10]
    rows = tuple(
        (
            sector_name(made.world.sectors.labels[k]),
            float(before[k]),
            float(after[k]),
            float(min(bands[0, k], after[k])),
            float(max(bands[1, k], after[k])),
        )
        for k in order
    )
    rest = [k for k in range(len(before)) if after[k] > before[k]]
    gained = float(sum(after[k] - before[k] for k in rest))
    lost = float(sum(max(0.0, before[k] - after[k]) for k in range(len(before))))
    made_up = gained / lost if lost > 0 else 0.0
    columns = (
        Column(key="item", title="Exports"),
        Column(key="before", title="Before", unit="MUSD"),
        Column(key="after", title="After (modelled)", unit="MUSD"),
        Column(key="low", title="Low", unit="MUSD"),
        Column(key="high", title="High", unit="MUSD"),
    )
    title = (
        f"Other exports make up {quantity_text(made_up, 'share', digits=1)} of what the ban takes"
    )
    return Finding(
        id="impact.flows",
        sentence=f"{title} {RUN_NAMES[run]} if {head.label} (modelled).",
        method=f"{METHOD} {SHORT_METHOD}",
        inputs=made.inputs,
        caveats=caveats(made),
        grid=Grid(columns=columns, rows=rows),
        figure=Figure(
            kind="before_after",
            title=title,
            x="item",
            y="after",
            low="before",
            high="after",
            unit_note="million USD a year; before: inputs of 2016, after: modelled",
            source_note=source_note(made),
            alt="Exports by sector before and after the ban",
        ),
        rank=2,
    )


def _others(made: Study, spec: Spec) -> Finding:
    head = spec.scenarios[0]
    labels = made.economy.countries.labels
    ev = made.ev_of(head.id)
    order = np.argsort(-np.abs(ev[0]))
    places = [int(k) for k in order if labels[k] != made.target][: spec.gainers]
    rows = []
    for k in places:
        found = estimate(ev[:, k], "MUSD")
        rows.append((region_name(labels[k]), found.value, found.low, found.high))
    first = estimate(ev[:, places[0]], "MUSD")
    verb = "loses" if first.value < 0 else "gains"
    size = Estimate(
        value=abs(first.value),
        low=min(abs(first.low or 0.0), abs(first.high or 0.0)),
        high=max(abs(first.low or 0.0), abs(first.high or 0.0)),
        coverage=COVERAGE,
        unit="MUSD",
        basis="modelled",
        digits=2,
    )
    sentence = (
        f"Among the others {region_name(labels[places[0]])} {verb} most: {size.text()} a year "
        f"in the long run if {head.label} (modelled)."
    )
    columns = (
        Column(key="country", title="Country or region"),
        Column(key="value", title="Equivalent variation", unit="MUSD"),
        Column(key="low", title="Low", unit="MUSD"),
        Column(key="high", title="High", unit="MUSD"),
    )
    return Finding(
        id="impact.others",
        sentence=sentence,
        estimate=first,
        method=f"{METHOD} Equivalent variation (W - 1) I, draws over trade elasticities.",
        inputs=made.inputs,
        caveats=caveats(made),
        grid=Grid(columns=columns, rows=tuple(rows)),
        figure=Figure(
            kind="interval",
            title=f"{region_name(labels[places[0]])} {verb} most among the others",
            x="country",
            y="value",
            low="low",
            high="high",
            unit_note="million USD a year, modelled; below 0 is a loss",
            source_note=source_note(made),
            alt="Gain or loss by country",
        ),
        rank=4,
    )


def _drivers(made: Study, spec: Spec) -> Finding:
    head, run = spec.scenarios[0], spec.runs[-1]
    ranked = sorted(made.swings.items(), key=lambda item: -abs(item[1][1] - item[1][0]))[:8]
    rows = tuple((plain(name), min(pair), max(pair)) for name, pair in ranked)
    columns = (
        Column(key="input", title="Input"),
        Column(key="low", title="Lowest", unit="percent"),
        Column(key="high", title="Highest", unit="percent"),
    )
    top = plain(ranked[0][0])
    return Finding(
        id="impact.drivers",
        sentence=(
            f"The welfare figure {RUN_NAMES[run]} is driven most by {top}: over its range the "
            f"figure goes from {quantity_text(rows[0][1], 'percent', digits=2)} to "
            f"{quantity_text(rows[0][2], 'percent', digits=2)}."
        ),
        method="One input at a time at 5 and 95 % of its range, the others at their middle.",
        inputs=made.inputs,
        caveats=caveats(made),
        grid=Grid(columns=columns, rows=rows),
        figure=Figure(
            kind="tornado",
            title=f"{top[0].upper()}{top[1:]} drives the welfare figure",
            x="input",
            y="low",
            low="low",
            high="high",
            unit_note=f"change of real spending, per cent, {RUN_NAMES[run]}, if {head.label}",
            source_note=source_note(made),
            alt="Swing of the welfare figure by input",
        ),
        rank=5,
    )


def _inputs(made: Study) -> Finding:
    rows = tuple(
        (row.name, row.value, row.low, row.high, row.unit, row.status, row.source, row.note)
        for row in made.profile.rows
    )
    keys = ("input", "value", "low", "high", "unit", "status", "source", "note")
    titles = ("Input", "Value", "Low", "High", "Unit", "Status", "Source", "Note")
    columns = tuple(Column(key=k, title=t) for k, t in zip(keys, titles, strict=True))
    count = sum(row.status == "assumed" for row in made.profile.rows)
    return Finding(
        id="impact.inputs",
        sentence=(
            f"The model of {country_name(made.target)} rests on {len(rows)} inputs, of which "
            f"{count} are the analyst's assumptions with a range."
        ),
        method="Each input with its range, its status and its source.",
        inputs=made.inputs,
        caveats=(*made.economy.notes,),
        grid=Grid(columns=columns, rows=rows),
        rank=9,
    )


def _growth(made: Study, spec: Spec, facts: Facts | None) -> Finding | None:
    """Compare with published growth, as far as it was known on the as-of date."""
    if facts is None:
        return None
    known = [f for f in facts.items if f.flow == "gdp_growth" and f.target == made.target][-4:]
    if not known:
        return None
    head, run = spec.scenarios[0], spec.runs[-1]
    outcome = made.outcomes[head.id, run]
    found = estimate(100 * (outcome.real_output_hat - 1), "percent", digits=1)
    rows: list[tuple[Cell, ...]] = [
        (f"{f.period} ({f.claimant or f.series})", f.value, None, None) for f in known
    ]
    rows.append((f"modelled, {RUN_NAMES[run]}", found.value, found.low, found.high))
    columns = (
        Column(key="item", title="Real output"),
        Column(key="value", title="Change", unit="percent"),
        Column(key="low", title="Low", unit="percent"),
        Column(key="high", title="High", unit="percent"),
    )
    last = known[-1]
    return Finding(
        id="impact.growth",
        sentence=(
            f"Real output changes by {found.text()} {RUN_NAMES[run]} if {head.label} (modelled); "
            f"{last.claimant or last.series} puts growth in {last.period} at "
            f"{quantity_text(last.value, 'percent', digits=2)}."
        ),
        estimate=found,
        method=f"{METHOD} {SHORT_METHOD}",
        inputs=made.inputs,
        caveats=(
            "The model gives the effect of the ban alone; published growth holds harvests, "
            "weather and everything else.",
            *caveats(made),
        ),
        grid=Grid(columns=columns, rows=tuple(rows)),
        rank=6,
    )
