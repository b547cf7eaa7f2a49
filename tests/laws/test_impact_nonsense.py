"""Whatever is wrong with an economy, it is refused with what, where and hint, or it is harmless."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.core.errors import DataError
from tumen.impact import Economy, solve
from tumen.impact.calibration import calibrate_flows, calibrate_table
from tumen.impact.shock import no_shock

COUNTRIES, SECTORS = ("AAA", "BBB", "CCC"), ("ore", "cars")
NONSENSE = (np.nan, np.inf, -np.inf, -1.0, -1e-3, 0.0, 1e-3, 2.0, 1e6, 1e300)
ARRAYS = tuple(
    field.name
    for field in fields(Economy)
    if field.name not in ("countries", "sectors", "unit", "notes", "inputs", "_memory")
)


def flows(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "intermediate": rng.uniform(0.05, 0.4, (3, 2, 3, 2)),
        "final": rng.uniform(1.0, 3.0, (3, 3, 2)),
        "trade_elasticity": rng.uniform(2.0, 8.0, 2),
    }


def sales(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    rates = rng.uniform(0.0, 0.2, (3, 3, 2))
    rates[[0, 1, 2], [0, 1, 2]] = 0.0
    return {
        "sales": rng.uniform(1.0, 3.0, (3, 3, 2)),
        "input_share": rng.uniform(0.05, 0.2, (3, 2, 2)),
        "trade_elasticity": rng.uniform(2.0, 8.0, 2),
        "tariff": rates,
    }


@st.composite
def spoilt(draw: st.DrawFn, given: dict[str, Any]) -> dict[str, Any]:
    """Spoil one array: a cell, a row, the shape, the axes or the kind."""
    name = draw(st.sampled_from(sorted(given)))
    values = np.array(given[name], dtype=object if draw(st.integers(0, 9)) == 0 else float)
    how = draw(st.sampled_from(("cell", "row", "shorter", "longer", "turned", "word", "nothing")))
    if how == "cell":
        place = tuple(draw(st.integers(0, size - 1)) for size in values.shape)
        values[place] = draw(st.sampled_from(NONSENSE))
    elif how == "row":
        values[draw(st.integers(0, len(values) - 1))] = draw(st.sampled_from(NONSENSE))
    elif how == "shorter":
        values = values[:-1]
    elif how == "longer":
        values = np.concatenate([values, values[:1]])
    elif how == "turned":
        values = values.T
    elif how == "word":
        values = values.astype(object)
        values[(0,) * values.ndim] = "many"
    return given | {name: values}


def check(make: Callable[..., Economy], *args: Any, **kwargs: Any) -> None:
    """Check that what is refused is said, and that nothing happens to what is not."""
    try:
        economy = make(*args, **kwargs)
    except DataError as error:
        unsaid = [p for p in error.problems if not (p.what and p.where and p.hint)]
        if unsaid:
            raise AssertionError(f"{unsaid[0]!r} says not all") from error
        return
    still = solve(economy, no_shock(economy))
    assert np.abs(still.welfare_hat - 1).max() < 1e-7


@settings(max_examples=300)
@given(data=st.data(), seed=st.integers(0, 99))
def test_a_spoilt_table_is_refused_or_sound(data: st.DataObject, seed: int) -> None:
    content = data.draw(spoilt(flows(seed)))
    check(calibrate_table, COUNTRIES, SECTORS, **content)


@settings(max_examples=300)
@given(data=st.data(), seed=st.integers(0, 99))
def test_spoilt_flows_are_refused_or_sound(data: st.DataObject, seed: int) -> None:
    content = data.draw(spoilt(sales(seed)))
    check(calibrate_flows, COUNTRIES, SECTORS, **content)


@settings(max_examples=400)
@given(data=st.data(), seed=st.integers(0, 99))
def test_a_spoilt_economy_cannot_exist(data: st.DataObject, seed: int) -> None:
    economy = calibrate_flows(COUNTRIES, SECTORS, **sales(seed))
    arrays = {name: getattr(economy, name) for name in ARRAYS}
    content = data.draw(spoilt(arrays))
    check(replace, economy, **content, _memory={})


@pytest.mark.parametrize(
    ("countries", "sectors", "says"),
    [
        (("AAA", "BBB", ""), SECTORS, "a country has no name"),
        (COUNTRIES, ("ore", "  "), "a sector has no name"),
        (("AAA", "BBB", "AAA"), SECTORS, "names AAA twice"),
        (("AAA", "BBB"), SECTORS, "has shape"),
        ((), SECTORS, "has no labels"),
    ],
)
def test_labels_are_there_and_different(
    countries: tuple[str, ...], sectors: tuple[str, ...], says: str
) -> None:
    with pytest.raises(DataError, match=says) as raised:
        calibrate_table(countries, sectors, **flows(1))
    assert all(p.hint for p in raised.value.problems)
