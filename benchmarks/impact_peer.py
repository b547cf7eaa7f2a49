"""Seconds that sanction-simulator 0.1.4 takes for one scenario; run it with a Python that has it.

It is another model (a production network with proportional rationing, no prices), on the same
table: the comparison is of the time for one answer, not of the answers.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time

import sanction_simulator as peer
from sanction_simulator import power_trade_estimation as model


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    bench = model.Benchmark(peer.data_dir(), cache=peer.bench_cache())
    labels = [str(name) for name in bench.countries]
    wall, cpu = [], []
    pairs = [("USA", "CHN"), ("DEU", "RUS"), ("CHN", "VNM")][:rounds]
    for one, two in pairs:
        legs = model.bilateral_legs(labels.index(one), labels.index(two))
        start = time.perf_counter()
        used = resource.getrusage(resource.RUSAGE_SELF)
        model.run_scenarios(bench, [("ban", legs)], 0.3, -1.0, 0.1, log=lambda *_: None)
        after = resource.getrusage(resource.RUSAGE_SELF)
        wall.append(time.perf_counter() - start)
        cpu.append(after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime)
    print(json.dumps({"wall": statistics.median(wall), "cpu": statistics.median(cpu)}))


if __name__ == "__main__":
    main()
