"""All runs behind the findings: every scenario, over every draw, for the target and the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from tumen.core.errors import DataError, ModelError
from tumen.core.finding import Input
from tumen.core.nearest import did_you_mean
from tumen.core.progress import Progress, Step, silent
from tumen.core.status import Status
from tumen.impact.attachment import attach
from tumen.impact.block import LongRun
from tumen.impact.calibration import calibrate
from tumen.impact.choices import Choices, choose, first_draws, leaks_of
from tumen.impact.economy import Economy, Floats
from tumen.impact.horizon import horizon
from tumen.impact.long_run import solve_batch
from tumen.impact.missing import Floor
from tumen.impact.policies import floored, openness_of, shock_of
from tumen.impact.profile import Profile, ProfileRow, read_profile
from tumen.impact.response import Responses
from tumen.impact.spec import Ban, Scenario, Spec
from tumen.impact.target_block import TargetOutcomes, Targets, solve_target
from tumen.impact.uncertainty import draw_targets, elasticity_ranges, input_names, quantiles
from tumen.numerics.batches import map_blocks
from tumen.trade import Facts, InputOutput

FOREIGN_DRAWS = 32
"""Draws over elasticities for the effect on the others."""

CHOICE_DRAWS = 16
"""Draws over elasticities for bargains and coalitions."""

CHOICES = 8
"""Bans in the order of cheapness that are solved together; half as many partners."""


@dataclass(frozen=True)
class Floored:
    """A scenario in which goods have no supplier but for the floor.

    Attributes
    ----------
    scenario
        Its id.
    sectors
        Goods whose banned trade is kept at the floor.
    change, with_tenth
        Real spending of the target in the headline run, per cent, with the floor and with a tenth
        of it; None where that has no answer.
    """

    scenario: str
    sectors: tuple[str, ...]
    change: float
    with_tenth: float | None


@dataclass(frozen=True, eq=False)
class Study:
    """Everything the findings speak about.

    Attributes
    ----------
    target, as_of
        Whom and when.
    world, economy
        Without and with the target.
    profile
        Inputs as known on the as-of date.
    bans
        Trade under the measures.
    draws
        The target's benchmark in every draw; the first one takes all inputs at their central value.
    outcomes
        Target's outcomes by (scenario, run).
    others
        Effect on all countries in the long run: rows are scenario by scenario, in each the
        central elasticities first and then the draws.
    swings
        Input name to (low, high) of the headline when this input alone moves.
    choices
        What the senders can choose; leaks are those of the first scenario in the headline run.
    floors
        Scenarios in which the floor holds, with what a tenth of it would give.
    """

    target: str
    as_of: date
    world: Economy
    economy: Economy
    profile: Profile
    bans: tuple[Ban, ...]
    scenarios: tuple[Scenario, ...]
    draws: Targets
    outcomes: Mapping[tuple[str, str], TargetOutcomes]
    others: Responses
    swings: Mapping[str, tuple[float, float]]
    choices: Choices
    floors: tuple[Floored, ...]
    headline_run: str
    inputs: tuple[Input, ...]

    def before(self, flow: str) -> Floats:
        """Return the target's trade before the ban by draw; (draw, partner, sector)."""
        return self.draws.exports if flow == "exports" else self.draws.imports

    def listed(self) -> Floats:
        """Return export revenue under the bans before them, by draw; (draw,)."""
        total = np.zeros(len(self.draws.output))
        for ban in self.bans:
            if ban.flow == "exports":
                place = self.world.sectors.place(ban.sector)
                total = total + ban.share * self.draws.exports[:, :, place].sum(axis=1)
        return total

    def other_income(self) -> tuple[ProfileRow, ...]:
        """Return hard-currency income outside goods trade."""
        return self.profile.of("hard_currency")

    def ev_of(self, scenario: str) -> Floats:
        """Return the others' equivalent variation, million USD; (draw, country)."""
        place = [s.id for s in self.scenarios].index(scenario)
        size = len(self.others) // len(self.scenarios)
        return np.asarray(self.others.equivalent_variation[place * size : (place + 1) * size])


def study(
    spec: Spec,
    *,
    world: InputOutput,
    facts: Facts | None,
    target: str,
    as_of: date,
    seed: int,
    banned: tuple[Ban, ...] | None = None,
    profile: Profile | None = None,
    progress: Progress = silent,
) -> Study:
    """Run every scenario and draw of a case.

    Parameters
    ----------
    banned
        Bans that replace those of `spec`, e.g. compiled from the regime.

    Raises
    ------
    ModelError
        When a headline solve has no answer.
    DataError
        When a state or sector of the case is none of the world, or inputs were not known then.
    """
    bans = banned if banned is not None else spec.bans
    chosen = (profile if profile is not None else read_profile(target)).cut(as_of)
    if spec.gdp is not None:
        middle = float(np.sqrt(spec.gdp.low * spec.gdp.high))
        chosen = chosen.with_gdp(middle, low=spec.gdp.low, high=spec.gdp.high)
    bare = calibrate(world, elasticities=dict(spec.elasticities))
    _refuse_unknown(bare, spec, bans)
    progress(Step("impact", 0, 5, "attaching the target"))
    economy = attach(bare, target, facts=facts.cut(as_of) if facts else None, profile=chosen)
    progress(Step("impact", 1, 5, "solving for all states"))
    others = _others(economy, spec, bans, target, seed, progress)
    for number, scenario in enumerate(spec.scenarios):
        _refuse_unanswered(scenario, others.statuses[number * (1 + FOREIGN_DRAWS)])
    progress(Step("impact", 2, 5, "drawing the target's inputs"))
    targets = _drawn(bare, chosen, spec, seed)
    outcomes = _outcomes(bare, targets, spec, bans)
    progress(Step("impact", 3, 5, "finding what drives the number"))
    run = spec.runs[-1]
    swings = _swings(bare, chosen, spec, bans, run)
    progress(Step("impact", 4, 5, "comparing leaks, bans and coalitions"))
    choices = choose(
        economy,
        leaks_of(bare, targets, spec.scenarios[0], bans, run, floor=spec.floor),
        target=target,
        bans=bans,
        settings=_settings(spec),
        elasticities=_elasticities(economy, spec, seed, CHOICE_DRAWS, "choices"),
        most=CHOICES,
    )
    progress(Step("impact", 5, 5))
    return Study(
        target=target,
        as_of=as_of,
        world=bare,
        economy=economy,
        profile=chosen,
        bans=bans,
        scenarios=spec.scenarios,
        draws=targets,
        outcomes=outcomes,
        others=others,
        swings=swings,
        choices=choices,
        floors=_floors(bare, targets, spec, bans, outcomes),
        headline_run=run,
        inputs=economy.inputs,
    )


def _outcomes(
    world: Economy, targets: Targets, spec: Spec, bans: tuple[Ban, ...]
) -> dict[tuple[str, str], TargetOutcomes]:
    """Return the target's outcomes of every scenario and run."""

    def outcome(cell: tuple[Scenario, str]) -> TargetOutcomes:
        scenario, run = cell
        return solve_target(
            targets,
            exports_open=openness_of(world, scenario, bans, "exports"),
            imports_open=floored(
                openness_of(world, scenario, bans, "imports"), targets, spec.floor
            ),
            horizon=horizon(run),
        )

    cells = [(scenario, run) for scenario in spec.scenarios for run in spec.runs]
    found: dict[tuple[str, str], TargetOutcomes] = {}
    for (scenario, run), made in zip(cells, map_blocks(outcome, cells), strict=True):
        if not made.has_converged[0]:
            message = f"the target's own block does not settle in the {run} run"
            _refuse_unanswered(scenario, Status("not_converged", 0, message=message))
        found[scenario.id, run] = made
    return found


def _floors(
    world: Economy,
    targets: Targets,
    spec: Spec,
    bans: tuple[Ban, ...],
    outcomes: Mapping[tuple[str, str], TargetOutcomes],
) -> tuple[Floored, ...]:
    """Return where the floor holds, with the headline run of a tenth of it."""
    if spec.floor is None:
        return ()
    run, one = spec.runs[-1], first_draws(targets, 1)
    found = []
    for scenario in spec.scenarios:
        opened = openness_of(world, scenario, bans, "imports")
        held = floored(opened, targets, spec.floor)
        moved = (held != opened).any(axis=0)
        if not moved.any():
            continue
        outcome = solve_target(
            one,
            exports_open=openness_of(world, scenario, bans, "exports"),
            imports_open=floored(opened, targets, spec.floor / 10),
            horizon=horizon(run),
        )
        lower = float(100 * (outcome.welfare_hat[0] - 1)) if outcome.has_converged[0] else None
        sectors = tuple(np.array(world.sectors.labels)[moved])
        change = float(100 * (outcomes[scenario.id, run].welfare_hat[0] - 1))
        found.append(Floored(scenario.id, sectors, change, lower))
    return tuple(found)


def _refuse_unanswered(scenario: Scenario, status: Status) -> None:
    """Refuse a scenario without an answer at central inputs: a band around nothing says nothing."""
    if status.has_converged:
        return
    raise ModelError(
        f"scenario '{scenario.id}' has no answer: {status.message}",
        f"impact: scenarios: {scenario.id}",
        "let a small part leak, e.g. others_leak: 0.01, or write floor: 0.01",
        status=status,
    )


def _refuse_unknown(world: Economy, spec: Spec, bans: tuple[Ban, ...]) -> None:
    for scenario in spec.scenarios:
        for state in scenario.leak:
            if state not in world.countries.labels:
                hint = did_you_mean(state, world.countries)
                where = f"impact: scenarios: {scenario.id}: leak"
                raise DataError(f"'{state}' is no country of the world table", where, hint)
    for ban in bans:
        world.sectors.place(ban.sector)


def _others(
    economy: Economy,
    spec: Spec,
    bans: tuple[Ban, ...],
    target: str,
    seed: int,
    progress: Progress,
) -> Responses:
    theta = _elasticities(economy, spec, seed, FOREIGN_DRAWS, "others")
    shocks = [shock_of(economy, target, scenario, bans) for scenario in spec.scenarios]
    many = [shock for shock in shocks for _ in theta]
    return solve_batch(
        economy,
        many,
        settings=_settings(spec),
        trade_elasticity=np.tile(theta, (len(shocks), 1)),
        watch=(target,),
        progress=progress,
    )


def _settings(spec: Spec) -> LongRun:
    return LongRun() if spec.floor is None else LongRun(missing=Floor(spec.floor))


def _elasticities(economy: Economy, spec: Spec, seed: int, draws: int, name: str) -> Floats:
    """Return the central elasticities and draws of them; (1 + draws, sector)."""
    low, high = elasticity_ranges(economy.sectors.labels, dict(spec.elasticities))
    points = quantiles(
        len(low), draws, seed=seed, name=f"{spec.seed_name}.{name}", method=spec.sampling
    )
    return np.concatenate([economy.trade_elasticity[None], low * (high / low) ** points])


def _drawn(world: Economy, profile: Profile, spec: Spec, seed: int) -> Targets:
    names = input_names(world, profile)
    points = quantiles(len(names), spec.draws, seed=seed, name=spec.seed_name, method=spec.sampling)
    points[0] = _central(world, profile, spec)
    return draw_targets(world, profile, points, elasticities=dict(spec.elasticities))


def _central(world: Economy, profile: Profile, spec: Spec) -> Floats:
    """Return the quantiles at which every input has its central value."""
    places = [0.5] * len(world.sectors)
    for row in profile.uncertain:
        if row.low > 0:
            places.append(float(np.log(row.value / row.low) / np.log(row.high / row.low)))
        else:
            places.append((row.value - row.low) / (row.high - row.low))
    return np.asarray(np.clip(np.array(places), 0.0, 1.0))


def _swings(
    world: Economy, profile: Profile, spec: Spec, bans: tuple[Ban, ...], run: str
) -> dict[str, tuple[float, float]]:
    """Return the headline welfare change when one input alone goes to 5 and 95 % of its range."""
    names = input_names(world, profile)
    points = np.repeat(_central(world, profile, spec)[None], 2 * len(names), axis=0)
    for k in range(len(names)):
        points[2 * k, k], points[2 * k + 1, k] = 0.05, 0.95
    targets = draw_targets(world, profile, points, elasticities=dict(spec.elasticities))
    first = spec.scenarios[0]
    outcome = solve_target(
        targets,
        exports_open=openness_of(world, first, bans, "exports"),
        imports_open=floored(openness_of(world, first, bans, "imports"), targets, spec.floor),
        horizon=horizon(run),
    )
    change = 100 * (outcome.welfare_hat - 1)
    return {name: (float(change[2 * k]), float(change[2 * k + 1])) for k, name in enumerate(names)}
