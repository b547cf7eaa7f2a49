"""The DPRK, attached: its totals, its laws, and the block against the full model."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pytest

from tumen.core.errors import DataError
from tumen.impact import Economy, Spec, find, isolate, shock_from_restrictions, solve, solve_batch
from tumen.impact.attachment import attach, target_parts
from tumen.impact.horizon import HORIZONS, Horizon
from tumen.impact.profile import parse_profile, read_profile
from tumen.impact.target_block import Targets, solve_target
from tumen.numerics.tolerance import assert_close
from tumen.trade import read_facts, read_world

BANNED = ("coal", "fishing", "metal_ores_other_mining")


def targets(world: Economy) -> Targets:
    parts = target_parts(world, read_profile("PRK"))
    return Targets(
        output=parts.output[None],
        home=parts.home[None],
        exports=parts.exports[None],
        imports=parts.imports[None],
        input_share=parts.input_share[None],
        trade_elasticity=world.trade_elasticity[None],
        partner_spending=world.expenditure,
    )


def openness(world: Economy, sectors: tuple[str, ...], leak: float) -> np.ndarray:
    m = np.ones((len(world.countries), len(world.sectors)))
    m[:, world.sectors.places(sectors)] = leak
    return m


def test_the_attached_totals_are_those_of_the_inputs(with_target: Economy) -> None:
    place = with_target.countries.place("PRK")
    profile = read_profile("PRK")
    exports = sum(row.value for row in profile.of("exports"))
    imports = sum(row.value for row in profile.of("imports"))
    # Balancing the others moves the target's trade by a few per cent; its deficit is kept.
    assert with_target.exports()[place].sum() == pytest.approx(exports, rel=0.03)
    assert with_target.imports()[place].sum() == pytest.approx(imports, rel=0.03)
    assert with_target.deficit[place] == pytest.approx(imports - exports, rel=1e-9)
    assert np.abs(np.delete(with_target.deficit, place)).max() < 0.3 * (imports - exports)


def test_attaching_moves_the_others_by_little(world: Economy) -> None:
    wide = attach(world, "PRK", keep_deficit=False)
    change = wide.value_added[:-1] / world.value_added - 1
    assert np.abs(change).max() < 1e-3


@pytest.mark.parametrize(("leak", "sectors"), [(0.0, BANNED), (0.3, BANNED), (0.05, ("textiles",))])
def test_the_block_agrees_with_the_full_model(
    world: Economy, leak: float, sectors: tuple[str, ...]
) -> None:
    wide = attach(world, "PRK", keep_deficit=False)
    shares = {("PRK", name, s): 1.0 for name in world.countries for s in sectors}
    shock = shock_from_restrictions(wide, shares, enforcers=dict.fromkeys(world.countries, leak))
    full = solve(wide, shock)
    block = solve_target(
        targets(world),
        exports_open=openness(world, sectors, leak),
        imports_open=np.ones_like(openness(world, sectors, leak)),
        horizon=HORIZONS["long"],
    )
    assert block.welfare_hat[0] - 1 == pytest.approx(full.welfare_hat[-1] - 1, rel=0.01)
    after = full.trade(exporter="PRK")[1]
    assert block.exports[0].sum() == pytest.approx(after, rel=0.01)


def test_mobile_factors_and_unit_elasticities_are_the_long_run(world: Economy) -> None:
    m = openness(world, BANNED, 0.1)
    open_ = np.ones_like(m)
    near = Horizon("near", mobility=1000.0)
    one = solve_target(targets(world), exports_open=m, imports_open=open_, horizon=near)
    two = solve_target(targets(world), exports_open=m, imports_open=open_, horizon=HORIZONS["long"])
    assert 100 * abs(one.welfare_hat[0] - two.welfare_hat[0]) < 0.01


@pytest.mark.parametrize("name", list(HORIZONS))
def test_no_ban_changes_nothing(world: Economy, name: str) -> None:
    open_ = openness(world, (), 1.0)
    found = solve_target(
        targets(world), exports_open=open_, imports_open=open_, horizon=HORIZONS[name]
    )
    np.testing.assert_allclose(found.welfare_hat, 1.0, atol=1e-12)
    np.testing.assert_allclose(found.real_output_hat, 1.0, atol=1e-12)


def test_the_shorter_the_time_the_larger_the_loss(world: Economy) -> None:
    m = openness(world, BANNED, 0.0)
    losses = [
        solve_target(
            targets(world), exports_open=m, imports_open=np.ones_like(m), horizon=HORIZONS[name]
        ).welfare_hat[0]
        for name in ("long", "medium", "short", "very_short")
    ]
    assert losses == sorted(losses, reverse=True)


def test_the_expected_picture_of_the_target(with_target: Economy) -> None:
    """Signs, order and size of a prototype at a GDP of 16.8 bn; each within a factor of two."""
    states = [name for name in with_target.countries if name != "PRK"]
    shares = {("PRK", name, s): 1.0 for name in states for s in BANNED}
    full = dict.fromkeys(states, 0.0)
    shocks = [
        shock_from_restrictions(with_target, shares, enforcers=full),
        shock_from_restrictions(with_target, shares, enforcers=full | {"CHN": 0.5}),
        shock_from_restrictions(with_target, shares, enforcers=full | {"CHN": 1.0}),
        isolate(with_target, "PRK", leak=0.02),
    ]
    batch = solve_batch(with_target, shocks)
    assert batch.has_converged
    change = 100 * (batch.welfare("PRK") - 1) * 22.4 / 16.8
    for found, expected in zip(change, (-1.0, -0.35, -0.01, -4.9), strict=True):
        assert expected * 2.1 < found < expected / 2.1
    assert 20 < -batch.ev("CHN")[0] < -batch.ev("CHN")[3] < 700


@pytest.mark.parametrize("leak", [0.1, 0.01, 0.001])
def test_isolating_any_region_converges(with_target: Economy, leak: float) -> None:
    shocks = [isolate(with_target, name, leak=leak) for name in with_target.countries]
    batch = solve_batch(with_target, shocks)
    assert [s.message for s in batch.statuses if not s.has_converged] == []


def test_findings_lead_with_revenue_and_carry_intervals() -> None:
    found = find(
        Spec(draws=16),
        world=read_world(),
        facts=read_facts("PRK"),
        target="PRK",
        as_of=date(2017, 8, 31),
        seed=7,
    )
    ranked = sorted(found, key=lambda finding: finding.rank)
    assert [finding.id for finding in ranked[:2]] == [
        "impact.revenue",
        "impact.hard_currency_gap",
    ]
    for finding in found:
        if finding.estimate is not None:
            assert finding.estimate.basis == "modelled"
            assert finding.estimate.low is not None
            assert "modelled" in finding.sentence
    assert all(
        "2017" not in row[0] and "2018" not in row[0]
        for finding in found
        if finding.id == "impact.growth"
        for row in finding.grid.rows
    )


def test_the_same_seed_gives_the_same_findings() -> None:
    def run() -> tuple[object, ...]:
        return find(
            Spec(draws=16),
            world=read_world(),
            facts=None,
            target="PRK",
            as_of=date(2017, 8, 31),
            seed=7,
        )

    assert run() == run()


def test_inputs_published_later_do_not_enter() -> None:
    with pytest.raises(DataError, match="not known on 2016-06-01"):
        find(Spec(draws=16), world=read_world(), target="PRK", as_of=date(2016, 6, 1), seed=1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("gdp,,,5,6,7,MUSD,read,2017-01-01,x,", "outside its range"),
        ("gdp,,,nan,nan,nan,MUSD,read,2017-01-01,x,", "greater than or equal|finite"),
        ("gdp,,,5,4,7,furlongs,read,2017-01-01,x,", "MUSD"),
        ("gdp,,,5,4,7,MUSD,guessed,2017-01-01,x,", "assumed"),
        ("gdp,,,5,4,7,MUSD,read,2017-01-01,,", "at least 1 character"),
    ],
)
def test_an_input_without_range_or_source_is_refused(line: str, says: str) -> None:
    head = "key,partner,label,value,low,high,unit,status,released,source,note\n"
    with pytest.raises(DataError, match=says):
        parse_profile(head + line + "\n", target="PRK", name="x")


def test_a_draw_of_many_equals_the_same_draw_alone(world: Economy) -> None:
    profile = read_profile("PRK")
    points = np.random.default_rng(1).random((5, len(profile.uncertain)))
    many = target_parts(world, profile, quantiles=points)
    for draw in range(5):
        alone = target_parts(world, profile, quantiles=points[draw : draw + 1])
        assert_close(many.input_share[draw], alone.input_share[0], "identity")
        assert_close(many.output[draw], alone.output[0], "identity")


def test_a_source_that_appeared_later_than_its_number_is_called_a_relay() -> None:
    """A statistic counts from its first release; who reads it later in a relay says so."""
    for row in read_profile("PRK").rows:
        written = re.findall(r"\b(\d{1,2})\.(\d{1,2})\.(20\d\d)\b", row.source)
        written += [m[::-1] for m in re.findall(r"ud=(20\d\d)(\d\d)(\d\d)", row.source)]
        days = [date(int(year), int(month), int(day)) for day, month, year in written]
        if days and min(days) > row.released + timedelta(days=7):
            assert "relay" in row.note or row.status == "assumed", row.name
