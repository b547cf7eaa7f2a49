"""Nonsense economies are refused with what, where and hint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tumen.core.errors import DataError, ModelError
from tumen.impact import Economy, LongRun, embargo, solve
from tumen.impact.calibration import calibrate_table
from tumen.impact.shock import from_cells


def broken(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Economy], Economy]:
    def make(economy: Economy) -> Economy:
        return replace(economy, **{name: change(np.array(getattr(economy, name)))}, _memory={})

    return make


def put(value: float, *place: int) -> Callable[[np.ndarray], np.ndarray]:
    def change(values: np.ndarray) -> np.ndarray:
        values[place] = value
        return values

    return change


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (broken("trade_share", put(np.nan, 0, 0, 0)), "trade_share is not finite"),
        (broken("trade_share", put(-0.1, 0, 1, 0)), "trade_share is negative"),
        (broken("trade_share", put(0.9, 1, 0, 2)), "trade shares do not sum to 1"),
        (broken("final_share", put(0.9, 0, 0)), "final shares do not sum to 1"),
        (broken("value_added_share", put(0.99, 3, 3)), "inputs and value added do not sum to 1"),
        (broken("value_added", put(0.0, 0)), "value_added is zero"),
        (broken("value_added", put(-1.0, 0)), "value_added is negative"),
        (broken("trade_elasticity", put(0.0, 2)), "trade_elasticity is zero"),
        (broken("deficit", put(1e9, 0)), "deficits do not sum to 0"),
        (broken("output", put(1.0, 0, 0)), "output is not what buyers pay"),
        (broken("output", lambda v: v[:-1]), "output has shape"),
        (broken("expenditure", put(np.inf, 0, 0)), "expenditure is not finite"),
    ],
)
def test_a_broken_economy_cannot_exist(
    world: Economy, make: Callable[[Economy], Economy], says: str
) -> None:
    with pytest.raises(DataError, match=says) as caught:
        make(world)
    assert all(problem.where.startswith("economy") for problem in caught.value.problems)


def table(**changed: np.ndarray) -> Economy:
    given = {
        "intermediate": np.full((2, 1, 2, 1), 0.2),
        "final": np.ones((2, 2, 1)),
        "trade_elasticity": np.array([5.0]),
    }
    return calibrate_table(("AAA", "BBB"), ("good",), **(given | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"final": np.ones((2, 2, 2))}, "final has shape"),
        ({"final": np.full((2, 2, 1), np.nan)}, "final is not finite"),
        ({"final": -np.ones((2, 2, 1))}, "final is negative"),
        ({"final": np.zeros((2, 2, 1))}, "no value added or no final demand"),
        ({"intermediate": np.full((2, 1, 2, 1), -1.0)}, "intermediate is negative"),
    ],
)
def test_a_table_that_is_no_economy_is_refused(changed: dict[str, np.ndarray], says: str) -> None:
    with pytest.raises(DataError, match=says):
        table(**changed)


def test_a_label_stands_once() -> None:
    with pytest.raises(DataError, match="names AAA twice"):
        calibrate_table(
            ("AAA", "AAA"),
            ("good",),
            intermediate=np.full((2, 1, 2, 1), 0.2),
            final=np.ones((2, 2, 1)),
            trade_elasticity=np.array([5.0]),
        )


def test_an_unknown_country_names_the_nearest(world: Economy) -> None:
    with pytest.raises(DataError, match=r"'CNH' is no label.*\n.*CHN"):
        embargo(world, sender="CNH", target="RUS")


def test_an_unknown_sector_names_the_nearest(world: Economy) -> None:
    with pytest.raises(DataError, match=r"'coul' is no label.*\n.*coal"):
        from_cells(world, {("RUS", "CHN", "coul"): 0.0})


def test_an_unconverged_solve_raises_and_shows_no_number(world: Economy) -> None:
    shock = embargo(world, sender="CHN", target="RUS")
    with pytest.raises(ModelError, match="residual is") as caught:
        solve(world, shock, settings=LongRun(iterations=2))
    assert caught.value.status is not None
    assert not caught.value.status.has_converged
    assert set(caught.value.status.residuals) == {"price", "goods", "labour", "walras"}


def test_a_shock_of_another_economy_is_refused(world: Economy, with_target: Economy) -> None:
    shock = embargo(with_target, sender="CHN", target="PRK")
    with pytest.raises(ModelError, match="another economy"):
        solve(world, shock)


@pytest.mark.parametrize("value", [-0.5, np.nan, np.inf])
def test_an_openness_is_finite_and_not_negative(world: Economy, value: float) -> None:
    with pytest.raises(DataError, match="openness is negative or not finite"):
        from_cells(world, {("RUS", "CHN", "coal"): value})
