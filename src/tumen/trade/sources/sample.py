"""The shipped trade flows: a subset of CEPII's BACI for the example cases."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import as_file

import duckdb
import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError
from tumen.trade.flows import Flows
from tumen.trade.shipped import read_shipped, shipped_folder, shipped_input
from tumen.trade.sources.columns import flows_of

FILE = "baci_sample.parquet"
COUNTRIES = "baci_countries.csv"
PARTIES = frozenset({"CHN", "KOR", "PRK", "RUS", "USA"})
"""The sample holds every row in which one of these sells or buys."""
CAVEATS = (
    "BACI reconciles both partners' reports and values trade free on board; it cannot be mirrored.",
    "Some quantities are filled in from average prices; the room monitor marks them.",
    "The sample holds 74 mineral and metal codes (HS 1992): no refined petroleum, textiles, "
    "seafood, labour, finance or arms.",
    "2024, the newest year of the release, is provisional.",
)


@cache
def read_sample() -> Flows:
    """Read the shipped trade flows: 74 mineral codes, 1995 to 2024.

    Every row in which China, South Korea, the DPRK, Russia or the United States sells or buys.
    Values are US dollars free on board, quantities tonnes; a quantity that nobody recorded is NaN.

    Raises
    ------
    DataError
        When the shipped file is missing or has changed.

    Examples
    --------
    >>> from tumen import trade
    >>> flows = trade.read_sample()
    >>> round(flows.where(exporter="PRK", importer="CHN", period="2016").total(unit="MUSD"))
    1417
    """
    read_shipped(FILE)  # checks its hash
    columns = _read_parquet()
    return flows_of(
        columns,
        names=baci_countries(),
        newest=int(columns["t"].max()),
        parties=PARTIES,
        input=shipped_input(FILE, id="trade.sample"),
        vintage="HS1992",
        caveats=CAVEATS,
    )


@cache
def baci_countries() -> dict[int, str]:
    """Return alpha-3 codes by BACI's numeric codes.

    BACI's numbers are those of UN Comtrade, not ISO 3166-1 numeric: 842 is the United States,
    490 is "Other Asia, not elsewhere specified", in which Taiwan's trade stands.
    """
    text = read_shipped(COUNTRIES).decode("utf-8")
    return {int(row["code"]): row["iso3"] for row in csv.DictReader(io.StringIO(text))}


def _read_parquet() -> dict[str, NDArray[np.generic]]:
    with as_file(shipped_folder().joinpath(FILE)) as path, duckdb.connect() as connection:
        found = connection.execute(
            "select t, i, j, k, v, coalesce(q / 1000.0, 'nan'::double) as q from read_parquet(?)",
            [str(path)],
        ).fetchnumpy()
    if not found or not len(found["t"]):
        raise DataError("the shipped file holds no rows", FILE)
    return {name: np.ma.getdata(column) for name, column in found.items()}
