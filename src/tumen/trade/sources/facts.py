"""The shipped fact tables."""

from __future__ import annotations

from functools import cache

from tumen.core.countries import country
from tumen.core.errors import DataError
from tumen.trade.facts import Facts, parse_facts
from tumen.trade.shipped import read_shipped, shipped_input, shipped_manifest


@cache
def read_facts(target: str) -> Facts:
    """Read the shipped facts on a target's trade.

    Parameters
    ----------
    target
        Alpha-3 code; the package ships facts on PRK.

    Raises
    ------
    DataError
        When the code is unknown or no facts on that country are shipped.

    Examples
    --------
    >>> from tumen import trade
    >>> trade.read_facts("PRK").target
    'PRK'
    """
    file = f"facts_{country(target)}.csv"
    if file not in shipped_manifest().files:
        held = [name[6:9] for name in shipped_manifest().files if name.startswith("facts_")]
        raise DataError(f"no facts on {target} are shipped", hint=f"shipped: {', '.join(held)}")
    text = read_shipped(file).decode("utf-8")
    return parse_facts(
        text, name=file, target=target, input=shipped_input(file, id=f"trade.facts.{target}")
    )
