"""The shipped fact tables."""

from __future__ import annotations

from functools import cache

from tumen.core.countries import country
from tumen.core.finding import Input
from tumen.core.record import sha256_text
from tumen.trade.facts import Facts, parse_facts
from tumen.trade.shipped import read_shipped, shipped_input, shipped_manifest


@cache
def read_facts(target: str) -> Facts:
    """Read the shipped facts on a target's trade.

    Parameters
    ----------
    target
        Alpha-3 code. The package ships facts on PRK; for another country the answer is empty and
        says so in its caveats.

    Raises
    ------
    DataError
        When the code is unknown, or the shipped file has changed.

    Examples
    --------
    >>> from tumen import trade
    >>> len(trade.read_facts("PRK")), len(trade.read_facts("IRN"))
    (200, 0)
    """
    file = f"facts_{country(target)}.csv"
    held = [name for name in shipped_manifest().files if name.startswith("facts_")]
    if file not in held:
        shipped = ", ".join(name[len("facts_") : -len(".csv")] for name in held)
        return Facts(
            target=target,
            items=(),
            input=Input(id=f"trade.facts.{target}", sha256=sha256_text(""), note="no facts"),
            caveats=(f"No facts on {target} are shipped (shipped: {shipped}).",),
        )
    text = read_shipped(file).decode("utf-8")
    return parse_facts(
        text, name=file, target=target, input=shipped_input(file, id=f"trade.facts.{target}")
    )
