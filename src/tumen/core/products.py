"""Harmonized System codes: what a code looks like, and when one holds another."""

from __future__ import annotations

import re
from typing import Literal, get_args

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean

Vintage = Literal["HS1992", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022"]
"""A revision of the Harmonized System."""

VINTAGES: tuple[str, ...] = get_args(Vintage)

_CODE = re.compile(r"\d{2}(\d{2}){0,2}", re.ASCII)


def product(code: str, *, where: str = "") -> str:
    """Return a chapter, heading or subheading (2, 4 or 6 digits) when it looks like one.

    Codes are texts: ``0303`` is frozen fish, 303 is nothing.

    Raises
    ------
    DataError
        When it is not.

    Examples
    --------
    >>> product("270112")
    '270112'
    """
    if _CODE.fullmatch(code) and "01" <= code[:2] <= "97" and code[:2] != "77":
        return code
    hint = "write 2, 4 or 6 digits as text, for example 2701 or 270112"
    if code.isascii() and code.isdigit() and len(code) in (1, 3, 5):
        hint = f"a leading zero may be missing: 0{code}"
    raise DataError(f"'{code}' is no HS code", where, hint)


def holds(prefix: str, code: str) -> bool:
    """Return whether a product code lies inside a chapter, heading or subheading."""
    return code.startswith(prefix)


def vintage(text: str, *, where: str = "") -> str:
    """Return the name of an HS revision; ``HS92`` and ``HS2017`` are both understood.

    Raises
    ------
    DataError
        When there is no such revision.
    """
    long = {"HS92": "HS1992", "HS96": "HS1996", "HS02": "HS2002", "HS07": "HS2007"}
    long |= {"HS12": "HS2012", "HS17": "HS2017", "HS22": "HS2022"}
    name = long.get(text, text)
    if name in VINTAGES:
        return name
    raise DataError(f"'{text}' is no HS revision", where, did_you_mean(text, VINTAGES))
