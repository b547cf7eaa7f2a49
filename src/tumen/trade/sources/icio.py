"""The OECD's inter-country input-output tables as they are published: one wide CSV for a year."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from tumen.core.countries import country_names
from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.trade.world import InputOutput, input_output

FINAL_USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
"""Households, non-profit bodies, government, fixed investment, inventories, purchases abroad."""
SPLIT = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}
"""Parts of a country that the table keeps apart; they are summed."""
TAX_ROWS = ("TLS", "TAXSUB")
VALUE_ADDED_ROWS = ("VA", "VALU")
OUTPUT_LABELS = ("OUT", "OUTPUT", "TOTAL")
LARGEST_GAP = 1e-4
"""Largest gap allowed between stated output and the sum of uses, relative to the largest output."""
MOST_COLUMNS = 20_000
_LABEL = re.compile(r"(?P<place>[A-Z][A-Z0-9]{2})_(?P<kind>\w+)")
_NAME = re.compile(r".*?(?P<year>(19|20)\d{2}).*")


@dataclass(frozen=True)
class Layout:
    """Where each column of the file goes.

    Attributes
    ----------
    regions, sectors
        Labels in the order of the file; ``ROW`` last.
    users
        Place of each intermediate column: column, region, sector; shape (columns, 3).
    finals
        Place of each final-use column: column, region; shape (columns, 2).
    output
        Place of the column of output, or -1.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    users: NDArray[np.intp]
    finals: NDArray[np.intp]
    output: int


def read_icio(path: Path | str, *, year: int | None = None) -> InputOutput:
    """Read a table of the OECD ICIO with final use by importer.

    Rows and columns are labelled ``CCC_SSS``; the parts of China and Mexico are summed; ``ROW``
    comes last; taxes less subsidies count as value added. Memory: the whole table as float64
    (about 120 MB for 77 countries and 45 sectors).

    Parameters
    ----------
    path
        A file such as ``2020_SML.csv``.
    year
        Year of the table; read from the file's name when left out.

    Raises
    ------
    DataError
        When a label is unknown, a row is short, a cell is no number, or the table does not add
        up; it names file and line.

    Examples
    --------
    >>> import tempfile
    >>> table = Path(tempfile.mkdtemp()) / "2020_SML.csv"
    >>> _ = table.write_text("V1,CHN_B05,PRK_B05,CHN_HFCE,PRK_HFCE,OUT\\n"
    ...     "CHN_B05,1,2,3,4,10\\nPRK_B05,5,0,1,2,8\\n")
    >>> read_icio(table).gross_domestic_product().at(exporter="PRK")
    6.0
    """
    place = Path(path)
    if not place.is_file():
        raise DataError("there is no such file", str(path))
    found = _NAME.fullmatch(place.stem)
    if year is None and found is None:
        raise DataError("the file's name holds no year", str(path), "pass year=2020")
    with _open(place) as (lines, digest):
        layout = _layout(next(lines, "").split(","), place)
        flows, finals, output = _read_rows(lines, layout, place)
        sha256 = digest.hexdigest()
    table = input_output(
        regions=layout.regions,
        sectors=layout.sectors,
        intermediate=flows,
        final_use=finals.sum(axis=2),
        final_use_by_importer=finals,
        year=year if year is not None else int(found["year"]) if found else 0,
        input=Input(id="trade.icio", sha256=sha256, note=f"OECD ICIO, {place.name}"),
        caveats=("Value added holds taxes less subsidies on products.",),
    )
    if output is not None:
        _check_output(table, output, str(path))
    return table


@contextmanager
def _open(path: Path) -> Iterator[tuple[Iterator[str], hashlib._Hash]]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        yield _lines(file, digest), digest


def _lines(file: IO[bytes], digest: hashlib._Hash) -> Iterator[str]:
    reader = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    for line in reader:
        digest.update(line.encode())
        yield line.rstrip("\r\n").replace('"', "")


def _layout(head: list[str], path: Path) -> Layout:
    if len(head) > MOST_COLUMNS:
        raise DataError(f"the table has {len(head):,} columns", f"{path}:1")
    regions: dict[str, int] = {}
    sectors: dict[str, int] = {}
    users: list[tuple[int, int, int]] = []
    finals: list[tuple[int, int]] = []
    output = -1
    for column, label in enumerate(head[1:]):
        if label in OUTPUT_LABELS:
            output = column
            continue
        region, kind = _parts(label, f"{path}:1")
        number = regions.setdefault(region, len(regions))
        if kind in FINAL_USES:
            finals.append((column, number))
        else:
            users.append((column, number, sectors.setdefault(kind, len(sectors))))
    if not users or not finals:
        raise DataError(
            "the first line holds no columns CCC_SSS and CCC_HFCE", f"{path}:1",
            "this reads the OECD's layout, e.g. 2020_SML.csv",
        )  # fmt: skip
    order = sorted(regions, key=lambda name: (name == "ROW", regions[name]))
    moved = {regions[name]: place for place, name in enumerate(order)}
    return Layout(
        regions=tuple(order),
        sectors=tuple(sectors),
        users=np.array([(c, moved[r], s) for c, r, s in users], dtype=np.intp),
        finals=np.array([(c, moved[r]) for c, r in finals], dtype=np.intp),
        output=output,
    )


def _parts(label: str, where: str) -> tuple[str, str]:
    match = _LABEL.fullmatch(label.strip())
    if match is None:
        raise DataError(f"'{label[:40]}' is no label CCC_SSS", where)
    region = SPLIT.get(match["place"], match["place"])
    if region != "ROW" and region not in country_names():
        raise DataError(f"'{region}' is no country code", where)
    return region, match["kind"]


def _read_rows(
    lines: Iterator[str], layout: Layout, path: Path
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]:
    n, s = len(layout.regions), len(layout.sectors)
    flows = np.zeros((n, s, n, s))
    finals = np.zeros((n, s, n))
    output = np.zeros((n, s)) if layout.output >= 0 else None
    places = {name: place for place, name in enumerate(layout.regions)}
    kinds = {name: place for place, name in enumerate(layout.sectors)}
    columns = 1 + len(layout.users) + len(layout.finals) + (layout.output >= 0)
    seen = 0
    for number, line in enumerate(lines, 2):
        label, _, rest = line.partition(",")
        if label in (*TAX_ROWS, *VALUE_ADDED_ROWS, *OUTPUT_LABELS) or _is_tax_row(label):
            continue
        where = f"{path}:{number}"
        region, kind = _parts(label, where)
        if region not in places or kind not in kinds:
            raise DataError(f"row '{label}' has no column of its own", where)
        cells = _numbers(rest, columns - 1, where)
        row = (places[region], kinds[kind])
        np.add.at(flows[row], (layout.users[:, 1], layout.users[:, 2]), cells[layout.users[:, 0]])
        np.add.at(finals[row], layout.finals[:, 1], cells[layout.finals[:, 0]])
        if output is not None:
            output[row] += cells[layout.output]
        seen += 1
    if seen < n * s:
        raise DataError(f"the table holds {seen} rows of {n * s}", str(path))
    return flows, finals, output


def _is_tax_row(label: str) -> bool:
    """Return whether a row holds one country's taxes (older editions: ``AUS_TAXSUB``)."""
    return label.partition("_")[2] in TAX_ROWS


def _numbers(text: str, count: int, where: str) -> NDArray[np.float64]:
    try:
        cells = np.array(text.split(","), dtype=np.float64)
    except ValueError as error:
        raise DataError(f"a cell is no number ({error})", where) from None
    if len(cells) != count:
        raise DataError(f"the row has {len(cells)} cells, the head {count}", where)
    return cells


def _check_output(table: InputOutput, stated: NDArray[np.float64], where: str) -> None:
    gap = float(np.abs(table.output.values - stated).max() / max(1.0, stated.max()))
    if not gap <= LARGEST_GAP:
        raise DataError(f"uses differ from stated output by {gap:.1e} of the largest", where)
