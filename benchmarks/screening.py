"""Time screening on a million made-up names: index, size on disk, queries.

python benchmarks/screening.py [NAMES]
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from pathlib import Path

from tumen.regime.screening.index import build_index
from tumen.regime.screening.party import Listing, Party
from tumen.regime.screening.quality import PERTURBATIONS
from tumen.regime.screening.query import screen

AS_OF = date(2024, 6, 1)


def made_up_parties(number: int, seed: int = 1) -> Iterator[Party]:
    """Yield parties whose names follow the law of real lists: few tokens are common, most rare."""
    draw = random.Random(seed)
    syllables = [c + v for c in "bcdfghjklmnprstvz" for v in "aeiou"]
    syllables += [c + v + e for c in "kmnrst" for v in "aeiou" for e in "nrslk"]
    pool = [
        "".join(draw.choices(syllables, k=draw.choice((2, 2, 3, 3, 4)))) for _ in range(400_000)
    ]
    listing = (Listing("TEST", "", "TEST", date(2016, 3, 2)),)
    # Zipf's law with a flat head, as family names have it.
    heaviness = list(accumulate(1 / (rank + 50) for rank in range(len(pool))))
    for place in range(number):
        tokens = draw.choices(pool, cum_weights=heaviness, k=draw.choice((2, 3, 3, 4)))
        yield Party(f"T{place}", "person", (" ".join(tokens).title(),), listings=listing)


def main() -> None:
    """Print the figures."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    parties = list(made_up_parties(number))
    gc.freeze()  # a reader streams parties; the list here must not slow the collector down
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        index = build_index(parties, Path(folder) / "index")
        seconds = time.perf_counter() - start
        size = sum(file.stat().st_size for file in (Path(folder) / "index").iterdir())
        print(f"names {index.meta['names']:,}  tokens {index.meta['tokens']:,}")
        print(f"index {seconds:.1f} s  {size / 1e6:.0f} MB")
        draw = random.Random(2)
        times, found = [], 0
        kinds = list(PERTURBATIONS)
        screen("warm up", index=index, as_of=AS_OF)
        for place in range(300):
            party = parties[draw.randrange(number)]
            name = PERTURBATIONS[kinds[place % len(kinds)]](party.names[0], draw)
            start = time.perf_counter()
            hits = screen(name, index=index, as_of=AS_OF, most=50).hits
            times.append(1000 * (time.perf_counter() - start))
            found += any(hit.party.id == party.id for hit in hits)
        times.sort()
        print(
            f"query median {statistics.median(times):.1f} ms  90 % {times[269]:.1f} ms  "
            f"worst {times[-1]:.1f} ms  found {found}/300"
        )


if __name__ == "__main__":
    main()
