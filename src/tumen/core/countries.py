"""Country codes (ISO 3166-1 alpha-3) and their names."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from tumen.core.errors import DataError
from tumen.core.nearest import nearest


@cache
def country_names() -> dict[str, str]:
    """Return English short names by alpha-3 code."""
    text = files("tumen.core").joinpath("countries.csv").read_text(encoding="utf-8")
    return {row["iso3"]: row["name"] for row in csv.DictReader(text.splitlines())}


@cache
def country_by_iso2() -> dict[str, str]:
    """Return alpha-3 by alpha-2 codes."""
    text = files("tumen.core").joinpath("countries.csv").read_text(encoding="utf-8")
    return {row["iso2"]: row["iso3"] for row in csv.DictReader(text.splitlines()) if row["iso2"]}


def country(code: str, *, where: str = "") -> str:
    """Return the alpha-3 code when it is one.

    Raises
    ------
    DataError
        When it is not; the hint names the nearest codes.

    Examples
    --------
    >>> country("PRK")
    'PRK'
    """
    if code in country_names():
        return code
    raise DataError(f"'{code}' is no country code", where, country_hint(code))


def country_hint(code: str) -> str:
    """Return a hint with the nearest codes and the countries' names, or an empty text."""
    names = country_names()
    by_name = {name.casefold(): iso3 for iso3, name in names.items()}
    if code.casefold() in by_name:
        return f"write {by_name[code.casefold()]}"
    if code.upper() in country_by_iso2():
        return f"write {country_by_iso2()[code.upper()]}"
    found = nearest(code.upper(), names)
    if not found:
        return "write an ISO 3166-1 alpha-3 code, for example PRK"
    return "did you mean " + " or ".join(f"{iso3} ({names[iso3]})" for iso3 in found) + "?"


def country_name(code: str) -> str:
    """Return the English short name; a code that is no country comes back as it is.

    Regions of a model, such as ``EU_other``, are no countries.
    """
    return country_names().get(code, code)
