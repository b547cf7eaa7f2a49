"""Bands over draws, as estimates and as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumen.core.finding import Column, Estimate, Grid
from tumen.core.units import quantity_text
from tumen.strategy.game import Floats
from tumen.strategy.plans import Plans


def band(values: Floats, unit: str) -> Estimate:
    """Return the mean over draws with the interval that holds 90 % of them."""
    mean, low, _, high = quantiles(values)
    return Estimate(
        value=mean, low=low, high=high, coverage=0.9, unit=unit, basis="modelled", digits=2
    )


def quantiles(values: Floats) -> tuple[float, float, float, float]:
    """Return mean, 5 %, median and 95 % over draws."""
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(np.mean(values)), float(low), float(median), float(high)


def chance_text(value: float) -> str:
    """Print a chance or share; near the ends no digit means anything.

    Examples
    --------
    >>> chance_text(0.214), chance_text(0.00004), chance_text(0.9999)
    ('21 %', 'under 1 %', 'over 99 %')
    """
    if value < 0.01:
        return "under 1 %" if value > -0.01 else quantity_text(value, "share", digits=2)
    return "over 99 %" if value > 0.99 else quantity_text(value, "share", digits=2)


def band_text(values: Floats) -> str:
    """Print the mean of a chance over draws, with the interval that holds 90 % of them.

    Examples
    --------
    >>> band_text(np.array([0.2, 0.3, 0.4])), band_text(np.array([0.0, 0.001]))
    ('30 % (21 % to 39 %)', 'under 1 %')
    """
    mean, low, _, high = quantiles(values)
    if low > 0.99 or -0.01 < low <= high < 0.01:
        return chance_text(mean)
    return f"{chance_text(mean)} ({chance_text(low)} to {chance_text(high)})"


def cells(values: Floats) -> tuple[float, float, float, float]:
    """Return mean, 5 %, median and 95 % of chances, to a tenth of a per cent, for a table."""
    mean, low, median, high = (round(value, 3) for value in quantiles(values))
    return mean, low, median, high


def band_columns(unit: str) -> tuple[tuple[str, str, str], ...]:
    """Return the columns of mean, 5 %, median and 95 %."""
    return (
        ("mean", "mean", unit),
        ("low", "5 %", unit),
        ("median", "50 %", unit),
        ("high", "95 %", unit),
    )


def grid_of(
    columns: Sequence[tuple[str, str, str]], rows: Sequence[tuple[str | float | None, ...]]
) -> Grid:
    """Return a table from (key, title, unit) and rows."""
    return Grid(
        columns=tuple(Column(key=key, title=title, unit=unit) for key, title, unit in columns),
        rows=tuple(rows),
    )


def plans_grid(
    plans: Plans, enforces: Floats, order: NDArray[np.intp], *, names: tuple[str, str]
) -> Grid:
    """Return the table of plans, best first, with those whose authority is younger at the end.

    Parameters
    ----------
    enforces
        Probability of enforcement, shape (plan, draw).
    order
        Places of the plans, best first.
    names
        The enforcer's and the sender's name.
    """
    rows: list[tuple[str | float | None, ...]] = []
    for place in order:
        plan = plans.plans[place]
        value, chance = quantiles(plans.value[place]), quantiles(enforces[place])
        rows.append(
            (
                plan.text,
                *(chance[0], chance[1], chance[3]),
                *(value[0], value[1], value[3]),
                float(plans.is_best[place]),
                plan.authority or "needs none",
            )
        )
    rows += [
        (plan.text, *(None,) * 7, f"{plan.authority}, not before {plan.available_from}")
        for plan in plans.later
    ]
    enforcer, sender = names
    return grid_of(
        (
            ("plan", "plan", ""),
            ("enforced", f"probability that {enforcer} enforces", "probability"),
            ("enforced_low", "5 %", "probability"),
            ("enforced_high", "95 %", "probability"),
            ("value", f"value to {sender} a year", "GUSD"),
            ("value_low", "5 %", "GUSD"),
            ("value_high", "95 %", "GUSD"),
            ("best", "share of draws in which it is worth most", "share"),
            ("authority", "legal authority", ""),
        ),
        rows,
    )
