"""Purchases that lose their last supplier: refused, floored, made at home; never ignored."""

from __future__ import annotations

import numpy as np
import pytest

from tumen.core.errors import DataError, ModelError
from tumen.impact import Economy, LongRun, embargo, isolate, solve, solve_batch
from tumen.impact.calibration import calibrate_table
from tumen.impact.missing import Backstop, Floor
from tumen.impact.shock import no_shock


@pytest.fixture(scope="module")
def economy() -> Economy:
    """BBB makes no oil; trade is balanced."""
    final = np.zeros((2, 2, 2))
    final[0] = [[4.0, 5.0], [1.0, 1.0]]
    final[1] = [[0.0, 2.0], [0.0, 6.0]]
    return calibrate_table(
        ("AAA", "BBB"),
        ("oil", "rest"),
        intermediate=np.zeros((2, 2, 2, 2)),
        final=final,
        trade_elasticity=np.array([5.0, 4.0]),
    )


def test_the_error_names_buyer_and_good(economy: Economy) -> None:
    with pytest.raises(ModelError, match="no supplier is left for: BBB oil") as caught:
        solve(economy, isolate(economy, "BBB"))
    assert caught.value.status is not None
    assert caught.value.status.state == "infeasible"


def test_a_batch_holds_nan_and_says_why(economy: Economy) -> None:
    shocks = [no_shock(economy), isolate(economy, "BBB"), isolate(economy, "BBB", leak=0.1)]
    batch = solve_batch(economy, shocks, watch=("BBB",))
    assert [status.state for status in batch.statuses] == ["converged", "infeasible", "converged"]
    assert "BBB oil" in batch.statuses[1].message
    assert np.isnan(batch.welfare_hat[1]).all()
    assert np.isnan(batch.exports_of("BBB")[1]).all()
    assert np.isfinite(batch.welfare_hat[[0, 2]]).all()


def test_a_smaller_floor_costs_more_and_the_status_says_what_was_done(economy: Economy) -> None:
    shock = embargo(economy, sender="AAA", target="BBB", exports=False)
    found = [solve(economy, shock, settings=LongRun(missing=Floor(delta))) for delta in (0.1, 0.01)]
    assert found[1].welfare_hat[1] < found[0].welfare_hat[1] < 1
    assert "1 purchases without a supplier" in found[0].status.message
    assert "0.1 of the banned weight stays" in found[0].status.message


def test_who_must_buy_and_cannot_sell_gets_no_number(economy: Economy) -> None:
    """All exports of BBB are banned, its oil is not: no wage but zero balances its trade."""
    with pytest.raises(ModelError):
        solve(economy, isolate(economy, "BBB"), settings=LongRun(missing=Floor(0.1)))


def test_a_backstop_gives_its_price(economy: Economy) -> None:
    """In autarky BBB makes oil by labour alone at three times the price: p = 3 w."""
    found = solve(economy, isolate(economy, "BBB"), settings=LongRun(missing=Backstop(3.0)))
    assert found.price_hat[1, 0] / found.wage_hat[1] == pytest.approx(3.0, rel=1e-7)
    sales = found.sales()
    np.testing.assert_allclose(sales[0, 1] + sales[1, 0], 0.0, atol=1e-12)
    assert found.output[1, 0] > 0


@pytest.mark.parametrize("delta", [0.0, -1.0, 1.5, float("nan")])
def test_a_floor_is_a_share(delta: float) -> None:
    with pytest.raises(DataError, match="floor"):
        Floor(delta)


def test_a_backstop_is_not_cheaper_than_trade() -> None:
    with pytest.raises(DataError, match="markup"):
        Backstop(0.5)


def test_a_ban_on_exports_only_leaves_imports(economy: Economy) -> None:
    shock = embargo(economy, sender="AAA", target="BBB", sectors=["rest"], imports=False, leak=0.2)
    before, after = solve(economy, shock).trade(exporter="BBB", sector="rest")
    assert after < before
