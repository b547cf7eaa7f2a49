"""Codes of other HS revisions in the revision of the rules, where the difference decides."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

RULES_VINTAGE = "HS2017"
"""Revision in which the shipped rules are written."""


@cache
def moves() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return HS2017 codes by revision and code, for the codes whose identity would mislead.

    Every other code of another revision is reached by the same chapters and headings of the
    shipped rules as the HS2017 codes that it became. A test derives the list anew from the
    United Nations correspondence tables.
    """
    text = files("tumen.regime").joinpath("hs_moves.csv").read_text(encoding="utf-8")
    return {
        (row["vintage"], row["code"]): tuple(row["hs2017"].split())
        for row in csv.DictReader(text.splitlines())
    }


def codes_in_rules(code: str, vintage: str) -> tuple[str, ...]:
    """Return the HS2017 codes that a code of another revision stands for.

    Examples
    --------
    >>> codes_in_rules("271000", "HS1992")
    ('271012', '271019', '271020', '271091', '271099')
    >>> codes_in_rules("270112", "HS1992")
    ('270112',)
    """
    if vintage == RULES_VINTAGE:
        return (code,)
    return moves().get((vintage, code), (code,))
