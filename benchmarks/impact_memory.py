"""Peak memory of a process that reads the 80 x 50 table and solves 1,000 scenarios of it."""

from __future__ import annotations

import sys
from pathlib import Path

from impact import random_bans
from tumen.impact import solve_batch
from tumen.impact.tables import read_wheel_table


def peak() -> int:
    """Return the most memory that this process has held, MB."""
    # What getrusage says may be the peak of the process that started this one.
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    raise OSError("/proc/self/status names no peak")


def main() -> None:
    begun = peak()
    economy = read_wheel_table(Path(sys.argv[1]))
    read = peak()
    answers = solve_batch(economy, random_bans(economy, 1000))
    state = "all converged" if answers.has_converged else "not all converged"
    print(f"{begun} loaded, {read} with the table, {peak()} after 1,000 scenarios, {state}")


if __name__ == "__main__":
    main()
