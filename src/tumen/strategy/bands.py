"""Bands over draws, as estimates and as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tumen.core.finding import Column, Estimate, Grid
from tumen.strategy.game import Floats


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
