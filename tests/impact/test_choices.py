"""What the senders can choose: each number is that of an exact solve, and the orders are right."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tumen.core.errors import ModelError
from tumen.impact import Economy, Spec, find, solve
from tumen.impact.choices import BARGAIN_LEAK
from tumen.impact.policies import enforced
from tumen.impact.spec import Ban, Scenario
from tumen.impact.study import Study, study
from tumen.trade import read_facts, read_world

TENTH = Scenario(id="tenth", label="China lets a tenth pass", leak={"CHN": 0.1})
SPEC = Spec(draws=32, scenarios=(*Spec().scenarios[:1], TENTH))
DAY = date(2017, 8, 31)


@pytest.fixture(scope="module")
def made() -> Study:
    return study(SPEC, world=read_world(), facts=read_facts("PRK"), target="PRK", as_of=DAY, seed=7)


def test_a_leak_gives_back_no_more_than_the_ban_takes(made: Study) -> None:
    leaks = made.choices.leaks
    regained = [leak.regained[0] for leak in leaks]
    assert leaks[0].state == "CHN"
    assert regained == sorted(regained, reverse=True)
    outcome = made.outcomes["full", made.headline_run]
    taken = (made.draws.exports - outcome.exports)[0].sum()
    assert 0 < regained[0] <= taken * 1.001


def loss(economy: Economy, bans: tuple[Ban, ...], leaks: dict[str, float]) -> tuple[float, float]:
    found = solve(economy, enforced(economy, "PRK", bans, leaks=leaks, label="x"))
    lost = -found.equivalent_variation
    place = economy.countries.place("PRK")
    return float(lost[place]), float(np.delete(lost, place).sum())


def test_bargains_are_exact_solves_in_the_order_of_their_worth(made: Study) -> None:
    bargains = made.choices.bargains
    economy = made.economy
    leaks = {name: BARGAIN_LEAK for name in economy.countries if name != "PRK"}
    alone = loss(economy, (bargains[2].ban,), leaks)
    np.testing.assert_allclose(bargains[2].alone, alone, rtol=1e-3, atol=0.05)
    together = loss(economy, tuple(b.ban for b in bargains[:3]), leaks)
    assert bargains[2].target_loss[0] == pytest.approx(together[0], rel=1e-3, abs=0.05)
    assert bargains[2].others_loss[0] == pytest.approx(together[1], rel=1e-3, abs=0.2)
    worth = [lost / max(paid, 1e-6 * lost) for lost, paid in (b.alone for b in bargains)]
    assert worth == sorted(worth, reverse=True)
    losses = [b.target_loss[0] for b in bargains]
    assert losses == sorted(losses)


def test_all_states_together_cost_the_target_most(made: Study) -> None:
    teams = {(one.kind, one.state): one.target_loss[0] for one in made.choices.coalitions}
    whole = teams["all", ""]
    for (kind, state), lost in teams.items():
        assert lost <= whole * 1.0001
        if kind == "alone":
            # Bans of different states overlap: no more is lost than by each part alone.
            assert lost + teams["without", state] <= whole * 1.2
    economy = made.economy
    leaks = {name: float(name != "CHN") for name in economy.countries if name != "PRK"}
    assert teams["alone", "CHN"] == pytest.approx(loss(economy, made.bans, leaks)[0], rel=1e-3)
    assert made.choices.failed == 0


def test_the_findings_say_it_with_bands_and_figures(made: Study) -> None:
    found = {
        finding.id: finding
        for finding in find(
            SPEC,
            world=read_world(),
            facts=read_facts("PRK"),
            target="PRK",
            as_of=DAY,
            seed=7,
        )
    }
    for name in ("leaks", "bargains", "coalition"):
        finding = found[f"impact.{name}"]
        assert finding.estimate is not None
        assert finding.estimate.low is not None
        assert finding.estimate.low <= finding.estimate.value <= (finding.estimate.high or 0)
        assert finding.figure is not None
        assert finding.grid is not None
        assert finding.figure.y in {column.key for column in finding.grid.columns}
        assert "modelled" in finding.sentence
    assert "that of China hurts the ban most" in found["impact.leaks"].sentence
    assert found["impact.coalition"].sentence.startswith("Without China")


def test_less_lost_at_once_than_later_is_explained_by_its_numbers(made: Study) -> None:
    """The case lets a tenth pass: mines go on and cut prices, so more than a tenth remains."""
    revenue = next(
        finding
        for finding in find(SPEC, world=read_world(), facts=None, target="PRK", as_of=DAY, seed=7)
        if finding.id == "impact.revenue"
    )
    said = [note for note in revenue.caveats if "factors cannot leave" in note]
    assert len(said) == 1
    coal = made.world.sectors.place("coal")
    before = made.draws.exports[0, :, coal].sum()
    for run in ("short", "long"):
        outcome = made.outcomes["tenth", run]
        kept = 100 * outcome.exports[0, :, coal].sum() / before
        assert f"{kept:.0f} %" in said[0]
        assert f"{100 * (1 - outcome.output_hat[0, coal]):.0f} %" in said[0]


def test_a_scenario_without_an_answer_is_named() -> None:
    sealed = Scenario(id="sealed", label="nothing passes", scope="all")
    with pytest.raises(ModelError, match="scenario 'sealed' has no answer: no supplier") as raised:
        find(
            Spec(draws=16, scenarios=(sealed,)),
            world=read_world(),
            target="PRK",
            as_of=DAY,
            seed=1,
        )
    assert "others_leak" in raised.value.problems[0].hint


def test_a_floor_of_the_case_holds_where_nobody_sells_and_is_varied() -> None:
    """Crude oil is not made at home: a ban on it leaves the floor, and says what hinges on it."""
    oil = Spec(
        draws=16,
        scenarios=(Scenario(id="full", label="all enforce"),),
        bans=(*Spec().bans, Ban(sector="oil_gas", flow="imports")),
        floor=0.05,
        runs=("short",),
    )
    found = find(oil, world=read_world(), target="PRK", as_of=DAY, seed=1)
    said = [note for note in found[0].caveats if "nobody is left who sells" in note]
    assert len(said) == 1
    assert "crude oil and gas" in said[0]
    assert "with a tenth of it" in said[0]
    welfare = next(f for f in found if f.id == "impact.welfare").estimate
    assert welfare is not None
    lower = find(
        oil.model_copy(update={"floor": 0.005}),
        world=read_world(),
        target="PRK",
        as_of=DAY,
        seed=1,
    )
    harsher = next(f for f in lower if f.id == "impact.welfare").estimate
    assert harsher is not None
    assert harsher.value < welfare.value < 0


def test_a_flow_is_banned_once_in_a_case() -> None:
    twice = (Ban(sector="coal", share=0.5), Ban(sector="coal", share=0.2))
    with pytest.raises(ValueError, match="exports of coal are banned twice"):
        Spec(bans=twice)
