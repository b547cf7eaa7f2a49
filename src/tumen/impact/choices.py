"""What the senders can choose: whose leak undoes most, which bans are cheap, who must take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tumen.impact.block import LongRun
from tumen.impact.economy import Economy, Floats
from tumen.impact.horizon import horizon
from tumen.impact.long_run import solve_batch
from tumen.impact.policies import enforced, floored, goods_of, openness_of
from tumen.impact.response import Responses
from tumen.impact.shock import Shock
from tumen.impact.spec import Ban, Direction, Scenario
from tumen.impact.target_block import Targets, solve_target

LEAST_TRADE = 1.0
"""A flow below this, million USD a year, is no choice."""

BARGAIN_LEAK = 0.02
"""What passes of each ban that is compared: a full ban would leave goods without any supplier."""

LEAK_DRAWS = 32
"""Draws over the target's inputs behind the band of a leak."""


@dataclass(frozen=True, eq=False)
class Leak:
    """What one state undoes by letting everything pass, while the others enforce.

    Attributes
    ----------
    state
        Country or region of the model.
    regained
        Export revenue that the target gets back, million USD a year; (draw,), the central first.
    """

    state: str
    regained: Floats


@dataclass(frozen=True, eq=False)
class Bargain:
    """A ban of one sector by all states, in the order of what it costs the target per dollar.

    Attributes
    ----------
    ban
        Sector and direction.
    alone
        Loss of the target and of all others, million USD a year of real income, of this ban alone.
    target_loss, others_loss
        Losses of this and all better ban together; (draw,), the central one first.
    """

    ban: Ban
    alone: tuple[float, float]
    target_loss: Floats
    others_loss: Floats


@dataclass(frozen=True, eq=False)
class Coalition:
    """States that enforce the listed bans while all others let them pass.

    Attributes
    ----------
    kind
        ``alone``, ``without`` (all but this state), or ``all``.
    state
        Which one; empty for all.
    target_loss
        Million USD a year of real income; (draw,), the central one first.
    """

    kind: str
    state: str
    target_loss: Floats


@dataclass(frozen=True, eq=False)
class Choices:
    """Leaks, bargains and coalitions; the largest, the cheapest and the fullest first.

    `failed` counts the scenarios without an answer, which are left out.
    """

    leaks: tuple[Leak, ...]
    bargains: tuple[Bargain, ...]
    coalitions: tuple[Coalition, ...]
    failed: int


def leaks_of(
    world: Economy,
    targets: Targets,
    scenario: Scenario,
    bans: tuple[Ban, ...],
    run: str,
    *,
    floor: float | None = None,
) -> tuple[Leak, ...]:
    """Return each state's leak alone, by the export revenue that it gives back."""
    some = first_draws(targets, LEAK_DRAWS)
    opened = openness_of(world, scenario, bans, "exports")
    closed = floored(openness_of(world, scenario, bans, "imports"), some, floor)
    banned = (some.exports[0] * (1 - opened)).sum(axis=1)
    base = solve_target(some, exports_open=opened, imports_open=closed, horizon=horizon(run))
    found = []
    for place in np.flatnonzero(banned >= LEAST_TRADE):
        state = world.countries.labels[place]
        free = scenario.model_copy(update={"leak": {**scenario.leak, state: 1.0}})
        outcome = solve_target(
            some,
            exports_open=openness_of(world, free, bans, "exports"),
            imports_open=floored(openness_of(world, free, bans, "imports"), some, floor),
            horizon=horizon(run),
        )
        regained = (outcome.exports - base.exports).sum(axis=(1, 2))
        if np.isfinite(regained[0]):
            found.append(Leak(state, regained))
    return tuple(sorted(found, key=lambda leak: -leak.regained[0]))


def first_draws(targets: Targets, count: int) -> Targets:
    """Return a target's benchmark in the first draws only."""
    return replace(
        targets,
        output=targets.output[:count],
        home=targets.home[:count],
        exports=targets.exports[:count],
        imports=targets.imports[:count],
        input_share=targets.input_share[:count],
        trade_elasticity=targets.trade_elasticity[:count],
    )


def choose(
    economy: Economy,
    leaks: tuple[Leak, ...],
    *,
    target: str,
    bans: tuple[Ban, ...],
    elasticities: Floats,
    most: int,
    settings: LongRun,
) -> Choices:
    """Return the choices of the senders, solved in the full model in the long run.

    Parameters
    ----------
    elasticities
        Draws of trade elasticities, the central ones first; (draw, sector).
    most
        How many bargains and partners to keep.
    settings
        Of the solver, with the rule for purchases without a supplier.
    """
    single = _candidates(economy, target)
    shocks = [_by_all(economy, target, (ban,)) for ban in single]
    alone = solve_batch(economy, shocks, settings=settings)
    lost, paid = _losses(alone, target)
    order = sorted(
        (k for k in range(len(single)) if np.isfinite(lost[k]) and lost[k] > 0),
        key=lambda k: -lost[k] / max(paid[k], 1e-6 * lost[k]),
    )[:most]
    together = [
        _by_all(economy, target, tuple(single[k] for k in order[: place + 1]))
        for place in range(len(order))
    ]
    teams = _teams(economy, target, bans, most=max(1, most // 2))
    many = [*together, *(shock for _, _, shock in teams)]
    draws = len(elasticities)
    batch = solve_batch(
        economy,
        [shock for shock in many for _ in range(draws)],
        settings=settings,
        trade_elasticity=np.tile(elasticities, (len(many), 1)),
    )
    target_loss, others_loss = (part.reshape(len(many), draws) for part in _losses(batch, target))
    bargains = [
        Bargain(single[k], (float(lost[k]), float(paid[k])), target_loss[p], others_loss[p])
        for p, k in enumerate(order)
        if np.isfinite(target_loss[p, 0])
    ]
    coalitions = [
        Coalition(kind, state, target_loss[len(together) + place])
        for place, (kind, state, _) in enumerate(teams)
        if np.isfinite(target_loss[len(together) + place, 0])
    ]
    failed = sum(not status.has_converged for status in (*alone.statuses, *batch.statuses))
    return Choices(leaks, tuple(bargains), tuple(coalitions), failed)


def _candidates(economy: Economy, target: str) -> list[Ban]:
    """Return a ban for each sector of goods and direction in which there is trade."""
    place = economy.countries.place(target)
    sold, bought = economy.exports()[place], economy.imports()[place]
    flows: tuple[tuple[Direction, Floats], ...] = (("exports", sold), ("imports", bought))
    return [
        Ban(sector=sector, flow=flow)
        for flow, traded in flows
        for sector in goods_of(economy)
        if traded[economy.sectors.place(sector)] >= LEAST_TRADE
    ]


def _by_all(economy: Economy, target: str, bans: tuple[Ban, ...]) -> Shock:
    leaks = {name: BARGAIN_LEAK for name in economy.countries if name != target}
    return enforced(economy, target, bans, leaks=leaks, label="all states enforce")


def _teams(
    economy: Economy, target: str, bans: tuple[Ban, ...], *, most: int
) -> list[tuple[str, str, Shock]]:
    """Return all states, all but each of the largest partners in banned trade, and each alone."""
    place, sales = economy.countries.place(target), economy.sales()
    banned = np.zeros(len(economy.countries))
    for ban in bans:
        traded = sales[place] if ban.flow == "exports" else sales[:, place]
        banned += ban.share * traded[:, economy.sectors.place(ban.sector)]
    banned[place] = 0.0
    largest = [int(k) for k in np.argsort(-banned)[:most] if banned[k] >= LEAST_TRADE]
    partners = [economy.countries.labels[k] for k in largest]
    others = [name for name in economy.countries if name != target]

    def shock(members: Sequence[str]) -> Shock:
        leaks = {name: 0.0 if name in members else 1.0 for name in others}
        return enforced(economy, target, bans, leaks=leaks, label=", ".join(members))

    return [
        ("all", "", shock(others)),
        *(("without", name, shock([o for o in others if o != name])) for name in partners),
        *(("alone", name, shock([name])) for name in partners),
    ]


def _losses(batch: Responses, target: str) -> tuple[Floats, Floats]:
    """Return what the target and what all others lose of real income; (scenario,) each."""
    place = batch.economy.countries.place(target)
    lost = -batch.equivalent_variation
    return lost[:, place], lost.sum(axis=1) - lost[:, place]
