"""What a product code means: its name, and the sector that makes it."""

from __future__ import annotations

import csv
import io
from functools import cache

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean
from tumen.core.products import product as product_code
from tumen.trade.shipped import read_shipped


def product_name(code: str) -> str:
    """Return a short name of a heading or subheading; ``HS 6109`` when none is kept.

    Examples
    --------
    >>> product_name("2701")
    'coal'
    >>> product_name("6109")
    'HS 6109'
    """
    return _product_names().get(product_code(code), f"HS {code}")


def sector_of(code: str) -> str:
    """Return the shipped world table's sector that makes a product.

    The longest known prefix decides: crude oil (2709) is from ``oil_gas``, other mineral fuels
    (27) from ``refined_petroleum``.

    Raises
    ------
    DataError
        When the code is no HS code, or no rule holds it.

    Examples
    --------
    >>> sector_of("270112")
    'coal'
    """
    known = _sector_rules()
    wanted = product_code(code)
    for length in range(len(wanted), 1, -1):
        if wanted[:length] in known:
            return known[wanted[:length]]
    raise DataError(f"no sector is known for product {code}", hint=did_you_mean(code, known))


def region_of(country: str) -> str:
    """Return the region of the shipped world table that holds a country.

    A country that the OECD's table does not list stands in ``Other`` there.

    Examples
    --------
    >>> region_of("DNK")
    'EU_other'
    """
    return _regions().get(country, "Other")


def sector_names() -> dict[str, str]:
    """Return the printed names of the shipped world table's sectors, in its order."""
    return {row["sector"]: row["name"] for row in _rows("sectors.csv")}


@cache
def _product_names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in _rows("products.csv")}


@cache
def _sector_rules() -> dict[str, str]:
    return {row["prefix"]: row["sector"] for row in _rows("hs_sectors.csv")}


@cache
def _regions() -> dict[str, str]:
    return {row["iso3"]: row["region"] for row in _rows("regions.csv")}


def _rows(file: str) -> list[dict[str, str]]:
    text = read_shipped(file).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))
