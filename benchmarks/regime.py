"""Time the rules engine: load, one ruling, a compile of the whole regime, a file of rulings.

Run ``python benchmarks/regime.py``. Bars: compile 1 s, one warm ruling 1 ms, 100,000 rows 20 s.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tumen import regime
from tumen.regime.reading import _shipped

ROWS = 100_000
COUNTRIES = ("CHN", "RUS", "IND", "KOR")


def timed(label: str, bar_s: float, work: Callable[[], object], *, times: int = 1) -> None:
    """Print wall and processor time of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    wall, cpu = (time.perf_counter() - wall) / times, (time.process_time() - cpu) / times
    print(
        f"{label:<30}{1e3 * wall:>11.2f} ms wall{1e3 * cpu:>11.2f} ms cpu  bar {1e3 * bar_s:g} ms"
    )


def codes() -> list[str]:
    """Return as many six-digit texts as HS2022 has codes, spread over all chapters."""
    chapters = [f"{number:02d}" for number in range(1, 98) if number != 77]
    return [
        f"{chapter}{number:02d}{end:02d}"
        for chapter in chapters
        for number in range(1, 31)
        for end in (10, 90)
    ][:5612]


def shipments(path: Path) -> None:
    """Write random shipments."""
    rng = random.Random(1)
    products = codes()
    with path.open("w", encoding="utf-8") as file:
        file.write("exporter,importer,product,on,contract_date\n")
        for _ in range(ROWS):
            on = date(2015, 1, 1) + timedelta(days=rng.randrange(2500))
            pair = ["PRK", rng.choice(COUNTRIES)]
            rng.shuffle(pair)
            signed = on if rng.random() < 0.5 else ""
            file.write(f"{pair[0]},{pair[1]},{rng.choice(products)},{on},{signed}\n")


def main() -> None:
    """Run everything once; the room's files are imported first."""
    assert regime.restrict
    assert regime.rule_csv
    timed("load UN-1718", 1.0, lambda: (_shipped.cache_clear(), regime.load("UN-1718")))
    un = regime.load("UN-1718")
    timed("index", 1.0, lambda: un.index)
    products = codes()
    timed(
        f"compile {len(products)} products",
        1.0,
        lambda: regime.compile_intervals(un, codes=products),
    )
    timed("restrict on one day", 1.0, lambda: regime.restrict(un, on="2017-12-23", codes=products))
    coal = {"exporter": "PRK", "importer": "CHN", "product": "270112", "on": "2017-09-05"}
    un.rule(**coal)
    timed("one warm ruling", 1e-3, lambda: un.rule(**coal), times=2000)
    with TemporaryDirectory() as folder:
        source, out = Path(folder, "in.csv"), Path(folder, "out.csv")
        shipments(source)
        timed(f"{ROWS:,} rows of csv", 20.0, lambda: regime.rule_csv(un, source, out))


if __name__ == "__main__":
    main()
