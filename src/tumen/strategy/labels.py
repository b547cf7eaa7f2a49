"""Words for inputs, moves and charts of the games."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tumen.core.countries import country_name, country_names
from tumen.core.units import quantity_text
from tumen.strategy.game import Floats
from tumen.strategy.parameters import starting_range
from tumen.strategy.plans import Plans
from tumen.strategy.tipping import Tipping

TERM_LABELS = {
    "trade": "trade given up or won",
    "security": "the chance that the target yields",
    "instability": "fear of turmoil",
    "influence": "influence on the target",
    "public": "public expectation",
    "penalties": "secondary sanctions",
    "compensation": "the price of compensation",
    "pressing": "the cost of pressing",
}
NO_SOURCE = (
    "No source fixes the weights of the game: each is the analyst's judgment of a willingness to "
    "pay, with a range and a reason."
)
NO_EVIDENCE = (
    "The result stays out of the weighing of hypotheses: the analyst's own weights would come "
    "back as evidence."
)


def reasons_text(means: Mapping[str, float], *, move: str) -> str:
    """Say which term of a payoff speaks most for a move, and which most against it.

    Parameters
    ----------
    means
        By term: what the move is worth more than the other one.

    Examples
    --------
    >>> reasons_text({"public": 0.4, "trade": -0.1, "pressing": 0.0}, move="enforcing")
    'public expectation speaks most for enforcing, trade given up or won most against it'
    >>> reasons_text({"public": 0.4, "pressing": 0.0}, move="enforcing")
    'public expectation speaks most for enforcing, nothing against it'
    """
    best = max(means, key=lambda term: means[term])
    worst = min(means, key=lambda term: means[term])
    speaks = f"{TERM_LABELS[best]} speaks most" if means[best] > 0 else "nothing speaks"
    against = f"{TERM_LABELS[worst]} most" if means[worst] < 0 else "nothing"
    return f"{speaks} for {move}, {against} against it"


def input_label(name: str) -> str:
    """Return an input's name for a reader.

    Examples
    --------
    >>> input_label("CHN.security")
    'worth of a target that yields (China)'
    """
    head, _, rest = name.partition(".")
    if head not in country_names():
        row = starting_range(head)
        return row.label if row else head.replace("_", " ")
    key, _, tail = rest.partition(".")
    row = starting_range(key)
    if key == "channel":
        text = f"capacity of the channel '{tail}'"
    else:
        text = row.label if row else key.replace("_", " ")
    owner = country_name(tail) if tail in country_names() else country_name(head)
    return f"{text} ({owner})"


def move_text(name: str) -> str:
    """Return a move's name for a reader, e.g. ``enforcing 75 % with compensation``."""
    level, _, extras = name.partition(" ")
    number = float(level)
    share = f"{100 * abs(number):g} %"
    head = "standing aside"
    if number > 0:
        head = f"enforcing {share}"
    elif number < 0:
        head = f"filling {share} of its capacity"
    return f"{head} {extras}".strip()


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def plans_title(enforcer: str, plans: Plans, enforces: Floats) -> str:
    """Return the finding of the chart of plans."""
    means = enforces.mean(axis=-1)
    best, worst = float(means.max()), float(means.min())
    if best - worst < 0.02:
        return f"No plan moves {enforcer} much"
    text = plans.plans[int(means.argmax())].text
    low = quantity_text(worst, "probability", digits=2)
    high = quantity_text(best, "probability", digits=2)
    return f"'{text}' moves {enforcer} most: {high} against {low} under the weakest plan"


def tipping_sentence(
    enforcer: str, filler: str, surface: Tipping, span: tuple[float, float]
) -> str:
    """Return what the tipping line shows inside the sourced range of capacities."""
    needed = np.interp(span[1], surface.capacities, np.nan_to_num(surface.line[0], nan=np.inf))
    top = quantity_text(span[1], "GUSD", digits=2)
    if not np.isfinite(needed):
        return (
            f"If {filler} can carry {top} a year, no strength of secondary sanctions makes it as "
            f"likely as not that {enforcer} enforces."
        )
    first = capacity_at_tip(surface)
    if needed > 0:
        strength = quantity_text(float(needed), "share", digits=2)
        return (
            f"If {filler} can carry {top} a year, {enforcer} enforces as likely as not only when "
            f"secondary sanctions reach {strength} of their full strength."
        )
    if first is None:
        return (
            f"At every capacity of {filler} that is shown, {enforcer} enforces as likely as not "
            "without secondary sanctions."
        )
    return (
        f"{enforcer} stops enforcing as likely as not when it takes {filler} to carry "
        f"{quantity_text(first, 'GUSD', digits=2)} a year or more; the sourced range ends at {top}."
    )


def tipping_title(enforcer: str, surface: Tipping, span: tuple[float, float]) -> str:
    """Return the finding of the tipping chart."""
    first = capacity_at_tip(surface)
    if first is None:
        return f"No capacity shown tips {enforcer} out of enforcing"
    if np.isnan(surface.line[0, 0]) or first <= surface.capacities[0]:
        return (
            f"Without secondary sanctions {enforcer} is unlikely to enforce at any capacity shown"
        )
    place = "beyond" if first > span[1] else "inside"
    text = quantity_text(first, "GUSD", digits=2)
    return f"{enforcer} tips out of enforcing at {text} a year, {place} the sourced range"


def capacity_at_tip(surface: Tipping) -> float | None:
    """Return the lowest capacity at which enforcement is no longer as likely as not by itself."""
    tipped = ~(surface.line[0] == 0.0)
    return float(surface.capacities[int(tipped.argmax())]) if tipped.any() else None


OWN_LABELS = {
    "prior": "chance before the record",
    "aims": "how much each type enforces",
    "says": "chance of the statement",
    "dark": "chance of a month without record",
}
"""Inputs of a record that have no starting range."""


def with_article(code: str) -> str:
    """Return a country's name as it stands in a sentence.

    Examples
    --------
    >>> with_article("USA"), with_article("CHN")
    ('the United States', 'China')
    """
    name = country_name(code)
    return f"the {name}" if name.startswith("United ") else name


def game_input_label(name: str) -> str:
    """Return the name of an input of a roadmap, a record or a coalition for a reader.

    Examples
    --------
    >>> game_input_label("roadmap.cost_renege")
    'cost of a broken promise'
    >>> game_input_label("roadmap.test-halt.step_value_target")
    'worth of a step to the target (test halt)'
    >>> game_input_label("coalition.CHN.listed_trade")
    'listed trade (China)'
    """
    _, *middle, key = name.split(".")
    row = starting_range(key)
    text = OWN_LABELS.get(key) or (row.label if row else key.replace("_", " "))
    owners = [
        country_name(part) if part in country_names() else part.replace("-", " ") for part in middle
    ]
    return f"{text} ({', '.join(owners)})" if owners else text
