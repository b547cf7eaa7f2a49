"""What the senders can choose, in sentences: leaks, bargains and coalitions."""

from __future__ import annotations

from tumen.core.countries import country_name
from tumen.core.finding import Column, Estimate, Figure, Finding, Grid
from tumen.core.units import quantity_text
from tumen.impact.choices import BARGAIN_LEAK, Bargain, Coalition
from tumen.impact.spec import Ban, Spec
from tumen.impact.study import Study
from tumen.impact.telling import (
    METHOD,
    RUN_NAMES,
    SHORT_METHOD,
    caveats,
    estimate,
    interval_figure,
    region_name,
    sector_name,
    source_note,
)


def find_choices(made: Study, spec: Spec) -> tuple[Finding, ...]:
    """Return whose leak undoes most, which bans are cheap for the senders, and who must join."""
    found = (_leaks(made, spec), _bargains(made), _coalitions(made))
    return tuple(finding for finding in found if finding is not None)


def _notes(made: Study) -> tuple[str, ...]:
    failed = made.choices.failed
    left_out = (f"{failed} solves have no answer and are left out.",) if failed else ()
    return (*left_out, *caveats(made))


def _banded(title: str, rows: list[tuple[str, Estimate]], value: str) -> Grid:
    columns = (
        Column(key="item", title=title),
        Column(key="value", title=value, unit="MUSD"),
        Column(key="low", title="Low", unit="MUSD"),
        Column(key="high", title="High", unit="MUSD"),
    )
    return Grid(columns=columns, rows=tuple((name, e.value, e.low, e.high) for name, e in rows))


def _figure(title: str, unit_note: str, made: Study) -> Figure:
    return interval_figure(title, unit_note, made).model_copy(update={"x": "item"})


def _leaks(made: Study, spec: Spec) -> Finding | None:
    if not made.choices.leaks:
        return None
    head, run = spec.scenarios[0], made.headline_run
    rows = [(leak.state, estimate(leak.regained, "MUSD")) for leak in made.choices.leaks]
    state, most = region_name(rows[0][0]), rows[0][1]
    name = country_name(made.target)
    size = quantity_text(most.value, "MUSD", digits=2)
    return Finding(
        id="impact.leaks",
        sentence=(
            f"Of all leaks that of {state} hurts the ban most: if it alone lets the banned trade "
            f"pass, {name} earns {most.text()} a year more {RUN_NAMES[run]} than if {head.label} "
            "(modelled)."
        ),
        estimate=most,
        method=f"{METHOD} {SHORT_METHOD} One state lets everything pass, the others as before.",
        inputs=made.inputs,
        caveats=(
            "A state that lets everything pass also takes what others no longer buy.",
            *_notes(made),
        ),
        grid=_banded(
            "Lets all pass", [(region_name(place), e) for place, e in rows], "Revenue regained"
        ),
        figure=_figure(
            f"A leak of {state} alone gives back {size} of export revenue a year",
            f"million USD a year, modelled {RUN_NAMES[run]}",
            made,
        ),
        rank=4,
    )


def _ban_name(ban: Ban) -> str:
    return f"{ban.flow} of {sector_name(ban.sector)}"


def _frontier(found: tuple[Bargain, ...], name: str) -> Grid:
    rows = []
    for place, bargain in enumerate(found):
        lost, paid = bargain.alone
        total = estimate(bargain.target_loss, "MUSD")
        worth = lost / paid if paid > 0 else None
        item = ("+ " if place else "") + _ban_name(bargain.ban)
        others = float(bargain.others_loss[0])
        rows.append((item, lost, paid, worth, others, total.value, total.low, total.high))
    columns = (
        Column(key="item", title="Ban added"),
        Column(key="alone", title=f"{name} loses, this ban alone", unit="MUSD"),
        Column(key="paid", title="The others lose, this ban alone", unit="MUSD"),
        Column(key="worth", title=f"Loss of {name} for each dollar of the others", unit="ratio"),
        Column(key="others", title="The others lose, with all bans above", unit="MUSD"),
        Column(key="target", title=f"{name} loses, with all bans above", unit="MUSD"),
        Column(key="low", title="Low", unit="MUSD"),
        Column(key="high", title="High", unit="MUSD"),
    )
    return Grid(columns=columns, rows=tuple(rows))


def _bargains(made: Study) -> Finding | None:
    """State the frontier: bans in the order of the target's loss for each dollar of the others'."""
    found = made.choices.bargains
    if not found:
        return None
    name = country_name(made.target)
    first, (lost, paid) = _ban_name(found[0].ban), found[0].alone
    against = (
        f"while the others gain {quantity_text(-paid, 'MUSD', digits=2)}"
        if paid <= 0
        else f"against {quantity_text(paid, 'MUSD', digits=2)} for the others"
    )
    last = estimate(found[-1].target_loss, "MUSD")
    cost = quantity_text(float(found[-1].others_loss[0]), "MUSD", digits=2)
    share = f"{100 * BARGAIN_LEAK:.0f} %"
    return Finding(
        id="impact.bargains",
        sentence=(
            f"Cheapest for what it takes is a ban on {first}: {name} loses "
            f"{quantity_text(lost, 'MUSD', digits=2)} of real income a year {against}; the "
            f"{len(found)} best bans together cost {name} {last.text()} and the others {cost} "
            "(modelled in the long run)."
        ),
        estimate=last,
        method=(
            f"{METHOD} Each ban of a sector by all states, {share} leaking, is solved alone and "
            "ranked by the target's loss of real income over that of all others together; then "
            "the best are solved together, one more at a time."
        ),
        inputs=made.inputs,
        caveats=(
            "Real income of the whole economy, not export revenue: a ban on imports counts for "
            "what its goods are worth to their users.",
            "The order is that of single bans; together they overlap.",
            *_notes(made),
        ),
        grid=_frontier(found, name),
        figure=Figure(
            kind="before_after",
            title=_worth(name, len(found), last.value, float(found[-1].others_loss[0])),
            x="item",
            y="target",
            low="others",
            high="target",
            unit_note="million USD a year of real income lost, each row with all bans above it",
            source_note=source_note(made),
            alt=f"Loss of the others and of {name} as bans are added",
        ),
        rank=5,
    )


def _worth(name: str, count: int, lost: float, paid: float) -> str:
    bans = f"The {count} best bans" if count > 1 else "The best ban"
    if paid <= 0:
        return f"{bans} together cost {name} real income and the others nothing"
    return f"{bans} together cost {name} {lost / paid:.2g} times what they cost the others"


def _team(coalition: Coalition) -> str:
    if coalition.kind == "all":
        return "all states"
    name = region_name(coalition.state)
    return f"only {name}" if coalition.kind == "alone" else f"all but {name}"


def _coalitions(made: Study) -> Finding | None:
    found = made.choices.coalitions
    without = [one for one in found if one.kind == "without"]
    if not without or found[0].kind != "all":
        return None
    whole = estimate(found[0].target_loss, "MUSD")
    key = min(without, key=lambda one: float(one.target_loss[0]))
    rest = estimate(key.target_loss, "MUSD")
    name, state = country_name(made.target), region_name(key.state)
    rows = [(_team(one), estimate(one.target_loss, "MUSD")) for one in found]
    rows = [rows[0], *sorted(rows[1:], key=lambda row: -row[1].value)]
    return Finding(
        id="impact.coalition",
        sentence=(
            f"Without {state} the listed bans cost {name} {rest.text()} of real income a year, "
            f"with all states {whole.text()} (modelled in the long run)."
        ),
        estimate=rest,
        method=(
            f"{METHOD} The states named enforce the listed bans without leak, all others let the "
            "banned trade pass."
        ),
        inputs=made.inputs,
        caveats=_notes(made),
        grid=_banded("Who enforces", rows, f"{name} loses"),
        figure=_figure(
            f"Without {state} the bans cost {name} "
            f"{quantity_text(rest.value, 'MUSD', digits=2)} instead of "
            f"{quantity_text(whole.value, 'MUSD', digits=2)}",
            "million USD a year of real income, modelled in the long run",
            made,
        ),
        rank=5,
    )
