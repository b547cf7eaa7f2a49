"""Time the queries of the rooms trade and monitor, and the import of a yearly BACI file.

    python benchmarks/trade.py [--rows 2000000] [--years 3]

Prints the median of several runs in milliseconds, with processor time beside it. The generated
rows follow BACI's layout: 230 countries, about 5,000 products, skewed so that few pairs trade
most codes.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from tumen import monitor, regime, trade
from tumen.monitor import Spec
from tumen.trade import Store

DAY = date(2017, 8, 31)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows of one generated year")
    parser.add_argument("--years", type=int, default=3, help="generated years")
    chosen = parser.parse_args()
    sample_queries()
    whole_rooms()
    with tempfile.TemporaryDirectory() as folder:
        store_queries(Path(folder), rows=chosen.rows, years=chosen.years)


def sample_queries() -> None:
    """Time queries on the shipped data; each should take at most 50 ms."""
    start = time.perf_counter()
    flows = trade.read_sample()
    print(f"{'read the sample, first time':<46} {1e3 * (time.perf_counter() - start):9.1f} ms")
    facts = trade.read_facts("PRK")
    show("one pair, product and year", lambda: flows.recorded(
        exporter="PRK", importer="CHN", product="2701", period="2016"))  # fmt: skip
    show("one exporter by importer, heading, year", lambda: flows.where(exporter="PRK").by(
        "importer", "product", "period", digits=4))  # fmt: skip
    show("one importer's suppliers of a code", lambda: flows.where(
        importer="CHN", product="270111").by("exporter", "period"))  # fmt: skip
    show("all rows by year", lambda: flows.by("period"))
    show("cut by an as-of day", lambda: flows.cut(DAY))
    show("facts cut and selected", lambda: facts.cut(DAY).select(partner="CHN", flow="total"))
    show("quality marks of the DPRK", lambda: monitor.check_quality(flows, target="PRK"))
    show("read the world table", trade.read_world)


def whole_rooms() -> None:
    """Time the findings of both rooms for the case of August 2017."""
    flows, facts, rules = trade.read_sample(), trade.read_facts("PRK"), regime.load("UN-1718")
    data = {"flows": flows, "facts": facts, "target": "PRK", "as_of": DAY}
    show("trade.find", lambda: trade.find(trade.Spec(), **data))
    show("monitor.find", lambda: monitor.find(Spec(), regime=rules, **data))


def store_queries(folder: Path, *, rows: int, years: int) -> None:
    """Time import and queries of a store of generated years."""
    paths = [write_year(folder, 2000 + number, rows) for number in range(years)]
    size = sum(path.stat().st_size for path in paths) / 1e6
    print(f"\n{years} generated years of {rows:,} rows, {size:,.0f} MB of CSV")
    store = Store(folder / "store")
    start = time.perf_counter()
    store.import_baci(paths)
    took = time.perf_counter() - start
    print(f"{'import, per year':<46} {took / years:9.2f} s")
    print(f"{'import, per 10 million rows':<46} {took / (rows * years) * 1e7:9.2f} s")
    show("store: one exporter", lambda: store.read(exporter="PRK"), runs=5)
    show("store: one importer", lambda: store.read(importer="PRK"), runs=5)
    show("store: one pair and heading", lambda: store.read(
        exporter="PRK", importer="CHN", product="2701"), runs=5)  # fmt: skip
    show("store: one product, all countries", lambda: store.read(product="270111"), runs=5)


def write_year(folder: Path, year: int, rows: int) -> Path:
    """Write one year of generated trade in BACI's layout."""
    from tumen.trade.sources.sample import baci_countries

    random = np.random.default_rng(year)
    codes = np.array(sorted(baci_countries()))
    seller = random.choice(codes, rows, p=skewed(len(codes)))
    buyer = random.choice(codes, rows, p=skewed(len(codes)))
    heading = random.integers(1, 98, rows) * 10_000 + random.integers(1, 100, rows) * 100
    product = heading + random.integers(0, 6, rows) * 10
    value = np.round(random.lognormal(3, 2.5, rows), 3)
    mass = np.round(value / random.lognormal(1, 1, rows), 3)
    path = folder / f"BACI_HS92_Y{year}_V202401b.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("t", "i", "j", "k", "v", "q"))
        columns = (seller, buyer, product, value, mass)
        writer.writerows(
            (year, i, j, f"{k:06d}", v, q)
            for i, j, k, v, q in zip(*(column.tolist() for column in columns), strict=True)
        )
    return path


def skewed(count: int) -> np.ndarray:
    """Return shares that fall off like one over rank."""
    shares = 1 / np.arange(1, count + 1)
    return np.random.default_rng(0).permutation(shares / shares.sum())


def show(name: str, call: Callable[[], object], *, runs: int = 15) -> None:
    """Print the median of several runs."""
    call()
    walls, processor = [], []
    for _ in range(runs):
        start, used = time.perf_counter(), time.process_time()
        call()
        walls.append(1e3 * (time.perf_counter() - start))
        processor.append(1e3 * (time.process_time() - used))
    print(
        f"{name:<46} {statistics.median(walls):9.1f} ms"
        f"   (processor {statistics.median(processor):.1f} ms)"
    )


if __name__ == "__main__":
    main()
