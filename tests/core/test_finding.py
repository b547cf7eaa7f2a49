"""Findings and estimates: a wrong one cannot exist."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.core.finding import Column, Estimate, Figure, Finding, Grid
from tumen.core.manifest import installed_versions
from tumen.core.record import canonical_json

FINITE = st.floats(-1e9, 1e9)


@given(FINITE, FINITE, FINITE)
def test_an_interval_is_ordered_or_refused(value: float, low: float, high: float) -> None:
    made: dict[str, Any] = {"value": value, "low": low, "high": high, "unit": "MUSD"}
    if low > high:
        with pytest.raises(ValueError, match="upside down"):
            Estimate(**made, basis="modelled")
    else:
        assert Estimate(**made, basis="modelled").low == low


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"basis": "modelled"}, "carries an interval"),
        ({"basis": "judged"}, "carries an interval"),
        ({"basis": "estimated"}, "names its claimant"),
        ({"basis": "recorded", "low": 1}, "both ends"),
        ({"basis": "recorded", "unit": "dollars"}, "no unit"),
        ({"basis": "recorded", "value": math.nan}, "finite"),
        ({"basis": "recorded", "low": -math.inf, "high": 1}, "finite"),
        ({"basis": "recorded", "coverage": 1.0}, "less than 1"),
        ({"basis": "guessed"}, "recorded"),
    ],
)
def test_an_estimate_that_cannot_be_defended_cannot_be_made(
    wrong: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        Estimate(**{"value": 1.0, "unit": "MUSD", **wrong})


def test_an_estimate_prints_its_interval() -> None:
    estimate = Estimate(value=0.7, low=0.55, high=0.8, unit="probability", basis="judged", digits=2)
    assert estimate.text() == "70 % (55 % to 80 %)"


def grid(**figure: Any) -> Finding:
    return Finding(
        id="trade.coal",
        sentence="Recorded coal fell.",
        grid=Grid(
            columns=(Column(key="year", title="Year"), Column(key="value", title="Value")),
            rows=(("2016", 1182.8), ("2017", None)),
        ),
        figure=Figure(
            **{"kind": "series", "title": "Coal fell", "x": "year", "y": "value"} | figure
        ),
    )


def test_a_finding_reads_back_from_its_record() -> None:
    finding = grid()
    assert Finding.model_validate_json(canonical_json(finding)) == finding
    assert finding.room == "trade"
    assert finding.grid is not None
    assert finding.grid.column("value") == [1182.8, None]


def test_a_figure_draws_only_columns_that_exist() -> None:
    with pytest.raises(ValueError, match="lacks: \\['price'\\]"):
        grid(y="price")
    with pytest.raises(ValueError, match="needs a grid"):
        Finding(
            id="trade.x",
            sentence="A.",
            figure=Figure(kind="bars", title="A", x="a", y="b"),
        )


@pytest.mark.parametrize("rows", [((1.0,),), ((1.0, math.nan),), (("a", "b", "c"),)])
def test_a_ragged_or_endless_table_is_refused(rows: Any) -> None:
    with pytest.raises(ValueError, match=r"row 0|finite"):
        Grid(columns=(Column(key="a", title="A"), Column(key="b", title="B")), rows=rows)


@pytest.mark.parametrize("name", ["", "trade", "Trade.x", "trade.", ".x", "trade.a b", "a.ü"])
def test_a_finding_is_named_by_its_room(name: str) -> None:
    with pytest.raises(ValueError, match="id"):
        Finding(id=name, sentence="A.")


def test_the_versions_that_may_change_a_number_are_known() -> None:
    assert {"python", "machine", "tumen", "numpy", "scipy"} <= set(installed_versions())
