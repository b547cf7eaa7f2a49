"""Solve times of the trade model, and the part of the machine's floor that they reach.

    python benchmarks/impact.py                        # the shipped economy
    python benchmarks/impact.py --wheel WHEEL          # and the 80 x 50 table in a wheel file
    python benchmarks/impact.py --wheel WHEEL --peer PYTHON   # and the peer, interleaved

Wall and processor time are both printed: on a shared machine only the second one speaks of tumen.
The floor counts the floating-point operations of the matrix products of a sweep at the measured
rates of the machine's matrix product, one thread each core, and nothing else.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tumen.impact import LongRun, attach, calibrate, embargo, solve, solve_batch
from tumen.impact.economy import Economy
from tumen.impact.gradient import leak_values
from tumen.impact.kernel import steering_of
from tumen.impact.optimal import candidate_cells, design
from tumen.impact.shock import Shock
from tumen.impact.tables import read_wheel_table
from tumen.numerics.batches import cores, one_blas_thread
from tumen.trade import read_world

TIGHT = LongRun(tolerance=1e-10)
PEER = """
import json, sys, time
from sanction_simulator import power_trade_estimation as peer
print(json.dumps({"names": [name for name in dir(peer) if "solve" in name or "run" in name]}))
"""


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measured(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the median wall seconds and the median processor seconds of some rounds."""
    wall, cpu = [], []
    work()
    for _ in range(rounds):
        start, used = time.perf_counter(), processor_seconds()
        work()
        wall.append(time.perf_counter() - start)
        cpu.append(processor_seconds() - used)
    return statistics.median(wall), statistics.median(cpu)


def rate(kind: type) -> float:
    """Return operations a second of one core's matrix product, as a sweep shapes it."""
    a = np.random.default_rng(0).random((80, 80)).astype(kind)
    b = np.random.default_rng(1).random((80, 32)).astype(kind)
    with one_blas_thread():
        _, cpu = measured(lambda: [a @ b for _ in range(500)], 7)
    return 500 * 2 * 80 * 80 * 32 / cpu


def random_bans(economy: Economy, count: int) -> list[Shock]:
    """Return bans of a target by three states on ten sectors, with random leaks."""
    rng = np.random.default_rng(0)
    labels, sectors = economy.countries.labels, economy.sectors.labels
    found = []
    for _ in range(count):
        target, *senders = rng.choice(labels, 4, replace=False)
        chosen = rng.choice(sectors, min(10, len(sectors)), replace=False)
        found.append(
            embargo(
                economy,
                sender=[str(s) for s in senders],
                target=str(target),
                sectors=[str(s) for s in chosen],
                leak=float(rng.uniform(0, 0.5)),
            )
        )
    return found


def floor_seconds(economy: Economy, sweeps: float, double: float, single: float) -> float:
    """Return the seconds of one core that a scenario's matrix products need."""
    n, j = len(economy.countries), len(economy.sectors)
    trade, inputs = 2 * n * n * j, 2 * j * j * n
    return sweeps * ((2 * trade + 2 * inputs) / double + (2 * trade + 2 * inputs) / single)


def report(name: str, economy: Economy, rates: tuple[float, float], batch: int) -> dict[str, float]:
    start = time.perf_counter()
    steering_of(economy)
    prepared = time.perf_counter() - start
    shocks = random_bans(economy, batch)
    first = shocks[0]
    wall, cpu = measured(lambda: solve(economy, first, settings=TIGHT), 15)
    sweeps = solve(economy, first, settings=TIGHT).status.iterations
    answers = solve_batch(economy, shocks, settings=TIGHT)
    mean = statistics.mean(status.iterations for status in answers)
    b_wall, b_cpu = measured(lambda: solve_batch(economy, shocks, settings=TIGHT), 3)
    response = solve(economy, first, settings=TIGHT)
    _, g_cpu = measured(lambda: leak_values(response, {first.label.split()[-1]: 1.0}), 7)
    least = floor_seconds(economy, mean, *rates)
    size = f"{len(economy.countries)} x {len(economy.sectors)}"
    lines = (
        ("prepared once", f"{1e3 * prepared:.1f} ms"),
        ("single", f"{1e3 * wall:.2f} ms wall, {1e3 * cpu:.2f} ms processor, {sweeps} sweeps"),
        (f"batch of {batch}", f"{batch / b_wall:.0f} scenarios/s, {mean:.1f} sweeps"),
        ("  processor", f"{1e3 * b_cpu / batch:.2f} ms each"),
        ("  on idle cores", f"{cores() * batch / b_cpu:.0f} scenarios/s at most"),
        ("floor", f"{1e3 * least:.2f} ms each; reached {100 * least * batch / b_cpu:.0f} %"),
        ("gradient", f"{1e3 * g_cpu:.2f} ms processor, {g_cpu / cpu:.1f} solves"),
        ("not converged", f"{sum(not s.has_converged for s in answers)}"),
    )
    print(f"\n{name}: {size}, tolerance 1e-10")
    for label, text in lines:
        print(f"  {label:<16} {text}")
    return {"single": wall, "single_cpu": cpu, "batch": b_wall / batch, "batch_cpu": b_cpu / batch}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, help="wheel file of sanction-simulator 0.1.4")
    parser.add_argument("--peer", type=Path, help="Python in which that wheel is installed")
    parser.add_argument("--batch", type=int, default=256)
    given = parser.parse_args()
    rates = rate(np.float64), rate(np.float32)
    double, single = (value / 1e9 for value in rates)
    print(f"matrix product, one core: {double:.1f} GFlop/s double, {single:.1f} single")
    world = attach(calibrate(read_world()), "PRK")
    report("shipped world with the DPRK", world, rates, given.batch)
    cells = candidate_cells(world, senders=["USA", "DEU", "FRA"], target="RUS")
    wall, cpu = measured(
        lambda: design(world, cells, senders=["USA", "DEU", "FRA"], target="RUS", price=2.0), 1
    )
    print(f"  design of {len(cells)} flows     {wall:8.2f} s wall, {cpu:.2f} s processor")
    if given.wheel is None:
        return
    start = time.perf_counter()
    large = read_wheel_table(given.wheel)
    print(f"\nread and imputed in {time.perf_counter() - start:.1f} s")
    ours = report("OECD table of 2022", large, rates, given.batch)
    if given.peer is not None:
        peer_seconds(given.peer, ours)


def peer_seconds(python: Path, ours: dict[str, float]) -> None:
    """Time the peer's own solve on the same table, between two rounds of ours."""
    script = Path(__file__).with_name("impact_peer.py")
    done = subprocess.run([python, script], capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout.splitlines()[-1])
    for kind in ("wall", "cpu"):
        single = ours["single"] if kind == "wall" else ours["single_cpu"]
        batch = ours["batch"] if kind == "wall" else ours["batch_cpu"]
        print(
            f"  sanction-simulator 0.1.4 (another model): {theirs[kind]:.2f} s {kind}; "
            f"single {theirs[kind] / single:.0f} times, batch {theirs[kind] / batch:.0f} times"
        )


if __name__ == "__main__":
    main()
