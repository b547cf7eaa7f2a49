"""Time the games: sequential games, the tipping surface, roadmaps, a case's whole study.

python benchmarks/strategy.py [CASE]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tumen.case import load
from tumen.strategy.enforcement import EnforcementGame, Party, Weights, conducts, play
from tumen.strategy.enforcement_study import study
from tumen.strategy.equilibrium import solve
from tumen.strategy.game import Floats, Game, Payoffs, Player, moves_at
from tumen.strategy.payoffs import ReducedForm
from tumen.strategy.provide import outcomes_for
from tumen.strategy.roadmap import Roadmap, follow
from tumen.strategy.tipping import tipping
from tumen.trade import read_facts, read_world

GAMES = 100_000


def seconds(job: Callable[[], object], *, rounds: int = 5) -> tuple[float, float]:
    """Return the fastest and the median time of a job after one warm-up."""
    job()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return min(taken), statistics.median(taken)


def sequential_games() -> Game:
    """Games of 4 x 5 x 3 moves with random payoffs."""
    counts = (4, 5, 3)
    players = tuple(
        Player(f"P{k}", moves_at(range(count), listed_as="acts"), 4.0)
        for k, count in enumerate(counts)
    )
    values = np.random.default_rng(1).normal(size=(GAMES, 3, *counts))
    return Game(players, Payoffs(values))


def enforcement(draws: int) -> EnforcementGame:
    """Enforcement games of 5 x 3 moves with drawn weights; one draw has the middle weights."""
    random = np.random.default_rng(2)

    def pair(low: float, high: float) -> Floats:
        return random.uniform(low, high, (draws, 2))

    nothing = np.zeros(2)
    weights = Weights(
        security=pair(0.2, 3),
        instability=pair(0.2, 3),
        influence=pair(0.2, 3),
        public=pair(0, 0.4),
        detection=pair(0.1, 0.6),
        exclusion=pair(0.5, 10),
        precision=np.full(2, 4.0),
        compensation_price=nothing,
        compensation_capacity=nothing,
        pressing_cost=nothing,
        pressing_bite=nothing,
        pressure_half=random.uniform(0.6, 2.4, draws),
        pressure_width=random.uniform(0.15, 0.6, draws),
        instability_threshold=random.uniform(1.0, 2.5, draws),
    )
    provider = ReducedForm(
        np.array([2.0, 0.04]), np.array([3.0, 0.1]), nothing + 0.15, np.array(0.1)
    )
    parties = (
        Party("CHN", conducts([0, 0.25, 0.5, 0.75, 1])),
        Party("RUS", conducts([-1, 0, 1])),
    )
    return EnforcementGame(
        parties,
        weights,
        provider,
        random.uniform(0, 2, (draws, 2)),
        random.uniform(0, 1, (draws, 2)),
    )


def surface(game: EnforcementGame) -> None:
    """A 41 x 41 tipping surface with its payoffs."""
    tipping(
        game,
        enforcer="CHN",
        filler="RUS",
        capacities=np.linspace(0, 2, 41),
        strengths=np.linspace(0, 1, 41),
        level=0.75,
    )


def roadmaps() -> Roadmap:
    """Roadmaps of four steps and sixteen periods."""
    random = np.random.default_rng(3)
    return Roadmap(
        relief=np.full(4, 0.25),
        step_value_target=random.uniform(0.2, 2, (GAMES, 4)),
        step_value_sender=np.full(4, 0.25),
        step_detection=np.full(4, 0.8),
        intrusion=np.zeros(4),
        benefit=random.uniform(2, 8, GAMES),
        relief_cost=np.array(0.25),
        discount_target=np.array(0.95),
        discount_sender=np.array(0.95),
        breakdown=random.uniform(0.01, 0.15, GAMES),
        snapback=random.uniform(0.3, 0.9, GAMES),
        penalty_caught=np.array(6.0),
        cost_renege=random.uniform(0, 8, GAMES),
        cost_snapback=np.array(0.5),
        precision_target=np.array(1.0),
        precision_sender=np.array(3.0),
        horizon=16,
    )


def main() -> None:
    """Print the figures."""
    games, draws, single, paths = sequential_games(), enforcement(GAMES), enforcement(1), roadmaps()
    jobs: list[tuple[str, Callable[[], object]]] = [
        (f"{GAMES:,} sequential games of 4 x 5 x 3, payoffs given", lambda: solve(games)),
        (f"{GAMES:,} enforcement games of 5 x 3, payoffs too", lambda: play(draws)),
        ("tipping surface 41 x 41, payoffs too", lambda: surface(single)),
        (f"{GAMES:,} roadmaps of 4 steps and 16 periods", lambda: follow(paths)),
    ]
    if len(sys.argv) > 1:
        case = load(Path(sys.argv[1]))
        assert case.strategy is not None
        assert case.strategy.enforcement is not None
        spec = case.strategy.enforcement
        provider_at, _ = outcomes_for(
            spec, target=case.target, world=read_world(), facts=read_facts(case.target)
        )
        jobs.append(
            (
                f"whole study of {case.id}, {spec.draws} draws",
                lambda: study(spec, as_of=case.as_of, seed=1, provider_at=provider_at),
            )
        )
    for name, job in jobs:
        fastest, median = seconds(job)
        print(f"{name:<58} {fastest:8.4f} s fastest {median:8.4f} s median")


if __name__ == "__main__":
    main()
