"""Units of quantities, and how a quantity is printed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean

Dimension = Literal["money", "mass", "volume", "share", "time", "count", "energy"]


@dataclass(frozen=True)
class Unit:
    """A unit: its code, how it is printed, its dimension and its size in the base unit."""

    code: str
    label: str
    dimension: Dimension
    size: float


UNITS: dict[str, Unit] = {
    unit.code: unit
    for unit in (
        Unit("USD", "US dollars", "money", 1.0),
        Unit("kUSD", "thousand US dollars", "money", 1e3),
        Unit("MUSD", "million US dollars", "money", 1e6),
        Unit("GUSD", "billion US dollars", "money", 1e9),
        Unit("kg", "kg", "mass", 1e-3),
        Unit("t", "tonnes", "mass", 1.0),
        Unit("kt", "thousand tonnes", "mass", 1e3),
        Unit("Mt", "million tonnes", "mass", 1e6),
        Unit("bbl", "barrels", "volume", 1.0),
        Unit("Mbbl", "million barrels", "volume", 1e6),
        Unit("l", "litres", "volume", 1 / 158.987294928),
        Unit("m3", "cubic metres", "volume", 1000 / 158.987294928),
        Unit("share", "share", "share", 1.0),
        Unit("percent", "per cent", "share", 0.01),
        Unit("probability", "probability", "share", 1.0),
        Unit("ratio", "ratio", "share", 1.0),
        Unit("day", "days", "time", 1.0),
        Unit("month", "months", "time", 30.436875),
        Unit("year", "years", "time", 365.2425),
        Unit("count", "", "count", 1.0),
        Unit("index", "index", "count", 1.0),
        Unit("bit", "bits", "count", 1.0),
        Unit("nat", "nats", "count", 1.4426950408889634),
    )
}


def unit(code: str) -> Unit:
    """Return the unit with this code.

    Raises
    ------
    DataError
        When the code is unknown.

    Examples
    --------
    >>> unit("MUSD").label
    'million US dollars'
    """
    try:
        return UNITS[code]
    except KeyError:
        raise DataError(f"'{code}' is no unit", hint=did_you_mean(code, UNITS)) from None


def convert(value: float, *, from_unit: str, to_unit: str) -> float:
    """Convert a value between units of one dimension.

    Raises
    ------
    DataError
        When a unit is unknown or the dimensions differ (mass to volume needs a product).

    Examples
    --------
    >>> convert(22.49, from_unit="Mt", to_unit="t")
    22490000.0
    """
    source, target = unit(from_unit), unit(to_unit)
    if source.dimension != target.dimension:
        raise DataError(
            f"{from_unit} is a unit of {source.dimension}, {to_unit} of {target.dimension}",
            hint="a conversion between dimensions depends on the product; give it as data",
        )
    return value if source is target else value * source.size / target.size


def quantity_text(value: float, unit_code: str, *, digits: int = 3) -> str:
    """Print a quantity with as many significant digits as the inputs bear.

    Examples
    --------
    >>> quantity_text(1182.83, "MUSD")
    'USD 1,180 million'
    >>> quantity_text(0.137, "share", digits=2)
    '14 %'
    >>> quantity_text(7.5e6, "t", digits=2)
    '7.5 million tonnes'
    """
    if unit_code in ("share", "probability"):
        return f"{rounded_text(100 * value, digits)} %"
    if unit_code == "percent":
        return f"{rounded_text(value, digits)} %"
    if unit_code in ("USD", "kUSD", "MUSD", "GUSD"):
        scaled, word = _scale(convert(value, from_unit=unit_code, to_unit="USD"))
        return f"USD {rounded_text(scaled, digits)}{word}"
    known = unit(unit_code)
    if known.dimension in ("mass", "volume") and unit_code in ("t", "bbl", "kt", "Mt", "Mbbl"):
        base = "t" if known.dimension == "mass" else "bbl"
        scaled, word = _scale(convert(value, from_unit=unit_code, to_unit=base))
        return f"{rounded_text(scaled, digits)}{word} {UNITS[base].label}"
    return f"{rounded_text(value, digits)} {known.label}".strip()


def counted(count: int, one: str, many: str = "") -> str:
    """Print a count with its word in the right number; `many` is `one` with an s when left out.

    Examples
    --------
    >>> counted(1, "row"), counted(5900, "row"), counted(2, "country", "countries")
    ('1 row', '5,900 rows', '2 countries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def rounded_text(value: float, digits: int) -> str:
    """Round to significant digits and group thousands; minus zero prints as ``0``.

    Raises
    ------
    ValueError
        When the number is not finite: no such number is ever shown.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} is not finite")
    if value == 0 or abs(value) < 1e-300:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    decimals = max(0, digits - 1 - _magnitude(rounded))
    return f"{rounded:,.{decimals}f}"


def _magnitude(value: float) -> int:
    return int(f"{value:e}".split("e")[1])


def _scale(value: float) -> tuple[float, str]:
    for size, word in ((1e9, " billion"), (1e6, " million")):
        if abs(value) >= size * 0.9995:
            # Thousands of millions read better than a billion with lost digits.
            if size == 1e9 and abs(value) < 1e10:
                return value / 1e6, " million"
            return value / size, word
    return value, ""
