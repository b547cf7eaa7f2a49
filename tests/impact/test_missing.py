"""Purchases that lose their last supplier: refused, floored, made at home; never ignored."""

from __future__ import annotations

import numpy as np
import pytest

from tumen.core.errors import DataError, ModelError
from tumen.impact import (
    Economy,
    LongRun,
    balance,
    embargo,
    isolate,
    solve,
    solve_batch,
    solve_short,
)
from tumen.impact.calibration import calibrate_table
from tumen.impact.missing import (
    REFUSE,
    Backstop,
    Drop,
    Essential,
    Floor,
    Missing,
    missing_rule,
)
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


def chain() -> Economy:
    """Make a world where BBB imports all ore, its steel needs ore for 40 %, its cars steel."""
    goods = ("ore", "steel", "cars", "rest")
    used = np.zeros((2, 4, 2, 4))  # seller, good, buyer, using
    used[0, 0, 0, 1], used[0, 0, 1, 1] = 4.0, 4.0
    used[0, 1, 0, 2], used[1, 1, 1, 2] = 3.0, 3.0
    used[0, 1, 1, 2] = 0.5
    used[0, 3, 0, 0], used[0, 3, 0, 1], used[1, 3, 1, 1] = 1.0, 2.0, 3.0
    final = np.zeros((2, 2, 4))
    final[0] = [[1.0, 3.0, 6.0, 20.0], [0.2, 1.0, 1.0, 2.0]]
    final[1] = [[0.0, 1.5, 2.0, 3.0], [0.0, 3.0, 5.0, 15.0]]
    return balance(
        calibrate_table(
            ("AAA", "BBB"),
            goods,
            intermediate=used,
            final=final,
            trade_elasticity=np.array([5.0, 4.0, 6.0, 5.0]),
        )
    )


def test_doing_without_in_autarky_has_a_closed_form(economy: Economy) -> None:
    """BBB spends all on its own goods; real income is its home share to the power 1 / theta."""
    level = balance(economy)
    found = solve(level, isolate(level, "BBB"), settings=LongRun(missing=Drop(), tolerance=1e-12))
    home = level.trade_share[1, 1, 1]
    assert found.welfare_hat[1] == pytest.approx(home ** (1 / 4.0), rel=1e-10)
    assert found.expenditure[1, 0] == 0.0
    assert "1 purchases without a supplier" in found.status.message
    assert "of that of BBB): done without" in found.status.message


@pytest.mark.parametrize("span", ["long", "short", "medium"])
@pytest.mark.parametrize("rule", [Drop(), Essential(0.9), Essential(0.05)])
def test_who_does_without_spends_all_on_the_rest_and_markets_clear(
    span: str, rule: Missing
) -> None:
    economy = chain()
    settings = LongRun(missing=rule, tolerance=1e-10)
    shock = isolate(economy, "BBB")
    found = (
        solve(economy, shock, settings=settings)
        if span == "long"
        else solve_short(economy, shock, span, settings=settings)
    )
    sales = found.sales()
    np.testing.assert_allclose(sales.sum(axis=1), found.output, atol=1e-6)
    assert found.expenditure[1, 0] == 0.0
    # Nothing crosses the border, so each country's spending on goods is its own output.
    np.testing.assert_allclose(found.expenditure, found.output, atol=1e-6)
    np.testing.assert_allclose(found.deficit, 0.0, atol=1e-6)
    assert found.welfare_hat[1] < 1


def test_what_is_essential_stops_its_users_and_theirs() -> None:
    """Ore is 40 % of the cost of steel in BBB, its own steel is what BBB's cars are made of."""
    economy = chain()
    shock = isolate(economy, "BBB")
    at = {
        share: solve_short(economy, shock, "short", settings=LongRun(missing=Essential(share)))
        for share in (0.9, 0.3)
    }
    names = {share: found.status.message for share, found in at.items()}
    assert "stopped" not in names[0.9]
    assert "stopped: BBB steel, BBB cars" in names[0.3]
    np.testing.assert_array_equal(at[0.3].output[1, 1:3], 0.0)
    assert at[0.3].welfare_hat[1] < at[0.9].welfare_hat[1] < 1


def test_what_no_factor_makes_is_not_made_at_once(economy: Economy) -> None:
    with pytest.raises(ModelError, match="no factor makes BBB oil"):
        solve_short(
            economy, isolate(economy, "BBB"), "short", settings=LongRun(missing=Backstop(3.0))
        )


def test_an_essential_share_of_one_is_doing_without() -> None:
    economy = chain()
    shock = isolate(economy, "BBB")
    one, two = (
        solve(economy, shock, settings=LongRun(missing=m)) for m in (Drop(), Essential(1.0))
    )
    np.testing.assert_array_equal(one.welfare_hat, two.welfare_hat)


@pytest.mark.parametrize("rule", [Drop(), Essential(0.3)])
def test_a_batch_does_without_as_a_single_solve_does(rule: Missing) -> None:
    economy = chain()
    settings = LongRun(missing=rule, tolerance=1e-11)
    shocks = [isolate(economy, "BBB", leak=leak) for leak in (0.0, 0.1, 0.0, 0.5)]
    batch = solve_batch(economy, shocks, settings=settings, watch=("BBB",))
    assert batch.has_converged
    for k, shock in enumerate(shocks):
        single = solve(economy, shock, settings=settings)
        np.testing.assert_allclose(batch.welfare_hat[k], single.welfare_hat, rtol=1e-9)
        assert batch.statuses[k].message == single.status.message
    np.testing.assert_array_equal(batch.exports_of("BBB")[0], 0.0)


@pytest.mark.parametrize("rule", [Drop(), Essential(0.1)])
def test_a_rule_that_is_not_needed_changes_nothing(rule: Missing) -> None:
    economy = chain()
    shock = isolate(economy, "BBB", leak=0.1)
    plain = solve(economy, shock)
    found = solve(economy, shock, settings=LongRun(missing=rule))
    np.testing.assert_array_equal(found.welfare_hat, plain.welfare_hat)
    assert found.status.message == ""


def test_a_country_without_anything_to_make_is_named() -> None:
    """All that BBB makes needs oil, which it must import."""
    used = np.zeros((2, 2, 2, 2))
    used[0, 0, 1, 1], used[0, 0, 0, 1] = 2.0, 1.0
    final = np.array([[[4.0, 5.0], [0.0, 1.0]], [[0.0, 3.0], [0.0, 6.0]]])
    economy = calibrate_table(
        ("AAA", "BBB"),
        ("oil", "rest"),
        intermediate=used,
        final=final,
        trade_elasticity=np.array([5.0, 4.0]),
    )
    economy = balance(economy)
    shock = isolate(economy, "BBB")
    with pytest.raises(ModelError, match="nothing is left to produce or to consume in BBB"):
        solve(economy, shock, settings=LongRun(missing=Essential(0.1)))
    batch = solve_batch(economy, [shock], settings=LongRun(missing=Essential(0.1)))
    assert batch.statuses[0].state == "infeasible"


@pytest.mark.parametrize("share", [0.0, -1.0, 1.5, float("nan")])
def test_an_essential_share_is_a_share(share: float) -> None:
    with pytest.raises(DataError, match="share"):
        Essential(share)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("floor:0.01", Floor(0.01)),
        ("backstop:3", Backstop(3.0)),
        ("drop", Drop()),
        (" essential:0.05 ", Essential(0.05)),
        ("raise", REFUSE),
    ],
)
def test_a_rule_is_written_as_a_word_and_a_number(text: str, rule: Missing) -> None:
    assert missing_rule(text) == rule


@pytest.mark.parametrize("text", ["", "floor", "flour:0.1", "floor:much", "drop:3", "backstop:0.5"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        missing_rule(text)
