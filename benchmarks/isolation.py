"""How many countries can be isolated: every country of a table, leaks of .1, .01 and .001.

    python benchmarks/isolation.py TABLE.npz            # an 80 x 12 table: Z, z, countries, sectors
    python benchmarks/isolation.py                      # the shipped economy

Deficits are balanced first. The long run solves the batch, the short run one isolation at a time;
each line says how many have an answer and how long that took, and names those that have none.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from tumen.core.errors import ModelError
from tumen.impact import balance, calibrate, isolate, solve_batch, solve_short
from tumen.impact.calibration import calibrate_table, impute_final
from tumen.impact.economy import Economy
from tumen.trade import read_world

LEAKS = (0.1, 0.01, 0.001)


def read(path: str) -> Economy:
    """Return the economy of a table of flows among sectors (Z) and of final sales by seller (z)."""
    with np.load(path, allow_pickle=False) as table:
        intermediate = table["Z"].astype(float)
        final, _ = impute_final(intermediate, table["z"].astype(float))
        return calibrate_table(
            [str(name) for name in table["countries"]],
            [str(name) for name in table["sectors"]],
            intermediate=intermediate,
            final=final,
        )


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", nargs="?")
    parser.add_argument("--span", default="short", help="medium, short or very_short")
    given = parser.parse_args()
    economy = balance(read(given.table) if given.table else calibrate(read_world()))
    names = economy.countries.labels
    for leak in LEAKS:
        shocks = [isolate(economy, name, leak=leak) for name in names]
        start = time.process_time()
        batch = solve_batch(economy, shocks)
        took = time.process_time() - start
        lost = [n for n, s in zip(names, batch.statuses, strict=True) if not s.has_converged]
        print(
            f"long, leak {leak:g}: {len(names) - len(lost)} of {len(names)}; {took:.1f} s CPU", lost
        )
    for leak in LEAKS:
        start, lost = time.process_time(), []
        for name in names:
            try:
                solve_short(economy, isolate(economy, name, leak=leak), given.span)
            except ModelError as error:
                lost.append(f"{name}: {error.status.message if error.status else error}")
        took = time.process_time() - start
        count = f"{len(names) - len(lost)} of {len(names)}"
        print(
            f"{given.span}, leak {leak:g}: {count}; {took:.0f} s CPU", *lost, sep="\n  ", flush=True
        )


if __name__ == "__main__":
    main()
