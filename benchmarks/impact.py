"""Solve times of the trade model, and the part of the machine's floor that they reach.

    python benchmarks/impact.py                        # the shipped economy
    python benchmarks/impact.py --wheel WHEEL          # and the 80 x 50 table in a wheel file
    python benchmarks/impact.py --wheel WHEEL --peer PYTHON   # and the peer, in turns with ours

Wall and processor time are both printed: on a shared machine only the second one speaks of tumen.
The floor is the time of the matrix products of all sweeps at the machine's measured rates, and of
reading and writing every unknown once a sweep at its rate of copying; one core.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tumen.impact import LongRun, attach, calibrate, embargo, solve, solve_batch
from tumen.impact.calibration import calibrate_table
from tumen.impact.economy import Economy
from tumen.impact.gradient import leak_values
from tumen.impact.kernel import LINKS, steering_of
from tumen.impact.optimal import candidate_cells, design
from tumen.impact.shock import Shock
from tumen.impact.tables import read_wheel_table
from tumen.numerics.batches import cores, one_blas_thread
from tumen.trade import read_world

TIGHT = LongRun(tolerance=1e-10)

FIRST = 2
"""Sweeps of most scenarios that are in single precision."""
ROUNDS = 3
"""Turns of ours and the peer's."""

SENDERS = ("USA", "DEU", "FRA")


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
    """Return operations a second of one core's matrix products, as a sweep shapes them."""
    a = np.random.default_rng(0).random((50, 80, 80)).astype(kind)
    b = np.random.default_rng(1).random((50, 80, 32)).astype(kind)
    out = np.empty_like(b)
    with one_blas_thread():
        _, cpu = measured(lambda: [np.matmul(a, b, out=out) for _ in range(10)], 9)
    return 10 * 2 * a.size * 32 / cpu


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


def copy_rate() -> float:
    """Return bytes read and written a second by one core, for arrays of a sweep's size."""
    values = np.random.default_rng(0).random((50, 80, 32))
    other = np.empty_like(values)
    _, cpu = measured(lambda: [np.copyto(other, values) for _ in range(200)], 7)
    return 200 * 2 * values.nbytes / cpu


@dataclass(frozen=True)
class Rates:
    """What one core does in a second: operations of a matrix product, and bytes of a copy."""

    double: float
    single: float
    copy: float


def floor_seconds(economy: Economy, sweeps: float, rates: Rates) -> float:
    """Return the seconds of one core that a scenario needs at least, with `sweeps` steps."""
    n, j = len(economy.countries), len(economy.sectors)
    trade, inputs = 2 * n * n * j, 2 * j * j * n
    exact = max(0.0, sweeps + 1 - FIRST) * 2 * (trade + inputs)
    steps = sweeps * (2 * len(LINKS) + 3) * (trade + inputs) + FIRST * 2 * (trade + inputs)
    moved = (sweeps + 1) * (2 * j + 1) * n * 2 * 8
    return exact / rates.double + steps / rates.single + moved / rates.copy


def grouped(economy: Economy, countries: int, sectors: int) -> Economy:
    """Return the economy of groups of neighbours in the lists of countries and sectors."""
    n, j = len(economy.countries), len(economy.sectors)
    c = np.eye(countries)[np.arange(n) * countries // n]
    s = np.eye(sectors)[np.arange(j) * sectors // j]
    used = economy.input_share * economy.output[:, None, :]
    final = economy.final_share * economy.income[:, None]
    share, chain = economy.trade_share, {"optimize": True}
    between = np.einsum("ink,nkj,ka,jb,ic,nd->cadb", share, used, s, s, c, c, **chain)
    bought = np.einsum("ink,nk,ka,ic,nd->cda", share, final, s, c, c, **chain)
    made = economy.output.sum(axis=0)
    return calibrate_table(
        [economy.countries.labels[k] for k in c.argmax(axis=0)],
        [f"group {k}" for k in range(sectors)],
        intermediate=between,
        final=bought,
        trade_elasticity=s.T @ (economy.trade_elasticity * made) / (s.T @ made),
    )


def report(name: str, economy: Economy, rates: Rates, batch: int) -> None:
    start = time.perf_counter()
    steering_of(economy)
    prepared = time.perf_counter() - start
    shocks = random_bans(economy, batch)
    first = shocks[0]
    response = solve(economy, first, settings=TIGHT)
    wanted = {first.label.split()[-1]: 1.0}
    wall, cpu = measured(lambda: solve(economy, first, settings=TIGHT), 15)
    _, loose = measured(lambda: solve(economy, first), 15)
    _, g_cpu = measured(lambda: leak_values(response, wanted), 15)
    answers = solve_batch(economy, shocks, settings=TIGHT)
    mean = statistics.mean(status.iterations for status in answers)
    b_wall, b_cpu = measured(lambda: solve_batch(economy, shocks, settings=TIGHT), 5)
    least = floor_seconds(economy, mean, rates)
    size = f"{len(economy.countries)} x {len(economy.sectors)}"
    lines = (
        ("prepared once", f"{1e3 * prepared:.1f} ms"),
        (
            "single",
            f"{1e3 * wall:.2f} ms wall, {1e3 * cpu:.2f} ms processor, "
            f"{response.status.iterations} sweeps; to 1e-8 {1e3 * loose:.2f} ms processor",
        ),
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


def report_designs(name: str, economy: Economy) -> None:
    """Print the time of a design at three prices of the senders' losses."""
    cells = candidate_cells(economy, senders=SENDERS, target="RUS")
    parts = []
    for price in (0.5, 2.0, 10.0):

        def work(price: float = price) -> object:
            return design(economy, cells, senders=SENDERS, target="RUS", price=price)

        count = design(economy, cells, senders=SENDERS, target="RUS", price=price).evaluations
        wall, cpu = measured(work, 3)
        parts.append(f"{1e3 * wall:.0f} ms ({1e3 * cpu:.0f} processor, {count} solves)")
    print(f"  design of {len(cells)} flows, {name}: {'; '.join(parts)}")


def report_growth(table: Economy) -> None:
    """Print how processor time grows with countries, sectors and the batch."""
    sizes = {
        "countries": [(n, 25, 64) for n in (20, 40, 80)],
        "sectors": [(40, j, 64) for j in (12, 25, 50)],
        "batch": [(40, 25, b) for b in (8, 32, 128)],
    }
    print("\ngrowth of processor time, exponents of a fitted power")
    for axis, (name, cases) in enumerate(sizes.items()):
        rows = []
        for n, j, batch in cases:
            economy = grouped(table, n, j)
            start = processor_seconds()
            steering_of(economy)
            prepared = processor_seconds() - start
            shocks = random_bans(economy, batch)
            _, single = measured(lambda e=economy, s=shocks: solve(e, s[0], settings=TIGHT), 9)
            _, many = measured(lambda e=economy, s=shocks: solve_batch(e, s, settings=TIGHT), 5)
            rows.append((prepared, single, many))
        steps = np.log([case[axis] for case in cases])
        slopes = [float(np.polyfit(steps, np.log(column), 1)[0]) for column in np.array(rows).T]
        what = zip(("prepared once", "single", "whole batch"), slopes, strict=True)
        told = ", ".join(f"{label} {slope:.2f}" for label, slope in what)
        pairs = zip(cases, rows, strict=True)
        shown = ", ".join(f"{case[axis]}: {1e3 * row[2]:.0f} ms" for case, row in pairs)
        print(
            f"  {name:<10} {told if name != 'batch' else f'whole batch {slopes[2]:.2f}'} ({shown})"
        )


def report_memory(wheel: Path) -> None:
    """Print the peak memory of a new process that solves 1,000 scenarios of the table."""
    script = Path(__file__).with_name("impact_memory.py")
    done = subprocess.run(
        [sys.executable, script, wheel], capture_output=True, text=True, check=True
    )
    print(f"\npeak memory, MB: {done.stdout.strip()}")


def report_peer(python: Path, economy: Economy, batch: int) -> None:
    """Time the peer's own solve on the same table, in turns with ours."""
    script = Path(__file__).with_name("impact_peer.py")
    shocks = random_bans(economy, batch)
    seconds: dict[str, list[tuple[float, float]]] = {"theirs": [], "single": [], "batch": []}
    for _ in range(ROUNDS):
        done = subprocess.run([python, script], capture_output=True, text=True, check=True)
        told = json.loads(done.stdout.splitlines()[-1])
        seconds["theirs"].append((told["wall"], told["cpu"]))
        seconds["single"].append(measured(lambda: solve(economy, shocks[0], settings=TIGHT), 15))
        wall, cpu = measured(lambda: solve_batch(economy, shocks, settings=TIGHT), 5)
        seconds["batch"].append((wall / batch, cpu / batch))
    print(f"\nsanction-simulator 0.1.4, another model of the same table; {ROUNDS} turns")
    times = {name: np.array(values) for name, values in seconds.items()}
    for k, kind in enumerate(("wall", "processor")):
        theirs = times["theirs"][:, k]
        parts = [f"theirs {np.median(theirs):.2f} s"]
        for name in ("single", "batch"):
            ratio = theirs / times[name][:, k]
            spread = f"{ratio.min():.0f} to {ratio.max():.0f}"
            parts.append(f"{name} {np.median(ratio):.0f} times ({spread})")
        print(f"  {kind}: {', '.join(parts)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, help="wheel file of sanction-simulator 0.1.4")
    parser.add_argument("--peer", type=Path, help="Python in which that wheel is installed")
    parser.add_argument("--batch", type=int, default=256)
    given = parser.parse_args()
    rates = Rates(rate(np.float64), rate(np.float32), copy_rate())
    print(
        f"one core: matrix products {rates.double / 1e9:.1f} GFlop/s double, "
        f"{rates.single / 1e9:.1f} single; copies {rates.copy / 1e9:.1f} GB/s"
    )
    world = attach(calibrate(read_world()), "PRK")
    report("shipped world with the DPRK", world, rates, given.batch)
    report_designs("33 x 17", world)
    if given.wheel is None:
        return
    start = time.perf_counter()
    large = read_wheel_table(given.wheel)
    print(f"\nread and imputed in {time.perf_counter() - start:.1f} s")
    report("OECD table of 2022", large, rates, given.batch)
    report_designs("80 x 12", grouped(large, 80, 12))
    report_designs("80 x 50", large)
    if given.peer is not None:
        report_peer(given.peer, large, given.batch)
    report_memory(given.wheel)
    report_growth(large)


if __name__ == "__main__":
    main()
