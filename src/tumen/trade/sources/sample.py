"""The shipped trade flows: a subset of CEPII's BACI for the example cases."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError
from tumen.trade.coded import Coded
from tumen.trade.flows import RECONCILED, Coverage, Flows
from tumen.trade.shipped import read_shipped, shipped_input

FILE = "baci_sample.parquet"
COUNTRIES = "baci_countries.csv"
PARTIES = frozenset({"CHN", "KOR", "PRK", "RUS", "USA"})
"""The sample holds every row in which one of these sells or buys."""
CAVEATS = (
    "BACI reconciles both partners' reports and values trade free on board; it cannot be mirrored.",
    "The sample holds 74 mineral and metal codes (HS 1992): no fuel products, textiles, seafood, "
    "labour, finance or arms.",
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
    columns = _read_parquet(read_shipped(FILE))
    years = columns["t"]
    newest = int(years.max())
    rows = len(years)
    products = _coded(columns["k"], lambda code: f"{code:06d}")
    periods = _coded(years, str)
    names = baci_countries()
    return Flows(
        exporter=_countries(columns["i"], names),
        importer=_countries(columns["j"], names),
        product=products,
        period=periods,
        value_usd=columns["v"].astype(np.float64),
        quantity=columns["q"].astype(np.float64),
        unit=Coded.constant("t", rows),
        reporter=Coded.constant(RECONCILED, rows),
        basis=Coded((years == newest).astype(np.int32), ("recorded", "provisional")),
        source=Coded.constant("BACI", rows),
        input=shipped_input(FILE, id="trade.sample"),
        vintage="HS1992",
        coverage=Coverage(frozenset(products.labels), frozenset(periods.labels), PARTIES),
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


def _read_parquet(content: bytes) -> dict[str, NDArray[np.generic]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_bytes(content)
        with duckdb.connect() as connection:
            found = connection.execute(
                "select t, i, j, k, v, coalesce(q / 1000.0, 'nan'::double) as q "
                "from read_parquet(?)",
                [str(path)],
            ).fetchnumpy()
    if not found or not len(found["t"]):
        raise DataError("the shipped file holds no rows", FILE)
    return {name: np.ma.getdata(column) for name, column in found.items()}


def _coded(column: NDArray[np.generic], word: Callable[[int], str]) -> Coded:
    distinct, codes = np.unique(column, return_inverse=True)
    return Coded(codes.astype(np.int32), tuple(word(int(value)) for value in distinct))


def _countries(column: NDArray[np.generic], names: dict[int, str]) -> Coded:
    distinct, codes = np.unique(column, return_inverse=True)
    # Two numbers may mean one country (58 and 56 are Belgium): words must stay distinct.
    words = Coded.of(names[int(number)] for number in distinct)
    return Coded(words.codes[codes], words.labels)
