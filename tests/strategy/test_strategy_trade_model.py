"""The game on the trade model's outcomes, on the shipped world."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tumen import impact, trade
from tumen.core.errors import CaseError, DataError
from tumen.core.reading import read_yaml, validate
from tumen.numerics.tolerance import assert_close
from tumen.strategy import ReducedForm
from tumen.strategy.enforcement_findings import tell_enforcement
from tumen.strategy.enforcement_spec import EnforcementSpec
from tumen.strategy.payoffs import Profiles
from tumen.strategy.trade_model import (
    EnforcementTable,
    TradeModel,
    enforcement_table,
    listed_part,
)

CASE = Path(__file__).parent / "dprk_2017.yaml"
SECTORS = {"coal": 1.0, "fishing": 1.0, "metal_ores_other_mining": 0.6, "metals": 0.6}
LEVELS = ((0.0, 0.25, 0.5, 0.75, 1.0), (-1.0, 0.0, 1.0))


@pytest.fixture(scope="module")
def economy() -> impact.Economy:
    return impact.attach(impact.calibrate(trade.read_world()), "PRK", facts=trade.read_facts("PRK"))


@pytest.fixture(scope="module")
def table(economy: impact.Economy) -> EnforcementTable:
    return enforcement_table(
        economy, target="PRK", parties=["CHN", "RUS"], sectors=SECTORS, levels=LEVELS
    )


def test_without_enforcement_nothing_changes(table: EnforcementTable) -> None:
    assert (table.enforced[0] == 0).all()
    for values in (table.stopped, table.lost, table.welfare):
        assert_close(values[0], np.zeros_like(values[0]), "identity")
    assert_close(table.trade[0], np.ones(2), "identity")


def test_a_full_ban_stops_all_listed_trade_and_costs_the_enforcer(
    table: EnforcementTable,
) -> None:
    full = table.rows(np.array([[1.0, 0.0]]))[0]
    assert_close(table.stopped[full, 0], 1.0, "identity")
    assert table.lost[full] > 0.5
    assert table.welfare[full, 0] < 0


def test_more_enforcement_stops_more_and_the_realised_share_is_not_the_policy(
    table: EnforcementTable,
) -> None:
    rows = table.rows(np.array([[level, 0.0] for level in LEVELS[0]]))
    assert (np.diff(table.stopped[rows, 0]) > 0).all()
    assert (np.diff(table.lost[rows]) > 0).all()
    assert (np.diff(table.trade[rows, 0]) < 0).all()
    half = table.stopped[table.rows(np.array([[0.5, 0.0]]))[0], 0]
    assert abs(half - 0.5) > 1e-3


def test_the_table_agrees_with_a_single_solve(
    economy: impact.Economy, table: EnforcementTable
) -> None:
    banned = {
        ("PRK", buyer, sector): share
        for buyer in economy.countries
        if buyer != "PRK"
        for sector, share in SECTORS.items()
    }
    everyone = {buyer: 0.0 for buyer in economy.countries if buyer != "PRK"}

    def solved(china: float) -> impact.Response:
        enforcers = everyone | {"CHN": 1.0 - china, "RUS": 1.0}
        return impact.solve(
            economy, impact.shock_from_restrictions(economy, banned, enforcers=enforcers)
        )

    coal = [
        solved(level).trade(exporter="PRK", importer="CHN", sector="coal")[1] for level in (0, 1)
    ]
    worth = [solved(level).equivalent_variation[economy.countries.place("CHN")] for level in (0, 1)]
    full = table.rows(np.array([[1.0, 0.0]]))[0]
    assert coal[1] == 0
    assert table.welfare[full, 0] == pytest.approx((worth[1] - worth[0]) / 1000.0, abs=1e-6)


def test_outcomes_scale_with_drawn_trade(table: EnforcementTable) -> None:
    listed = np.array([[1.0, 0.0], [2.0, 0.0]])
    reduced = ReducedForm(listed, np.full((2, 2), 3.0), np.full((2, 2), 0.15), np.zeros(2))
    profiles = Profiles(np.array([[0.75, -1.0], [0.75, 0.0], [0.0, 0.0]]), np.zeros((3, 2)))
    outcomes = TradeModel(table, reduced).outcomes(
        profiles, capacity=np.array([0.0, 0.3]), relief=np.zeros(2)
    )
    assert_close(outcomes.stopped[1], 2.0 * outcomes.stopped[0], "identity")
    assert_close(outcomes.pressure[:, 2], 0.0, "identity")
    assert_close(outcomes.pressure[:, 1] - outcomes.pressure[:, 0], 0.3, "identity")


def test_the_listed_part_is_all_without_a_ban_and_nothing_under_a_full_one() -> None:
    share = np.array([1.0, 0.6])
    part = listed_part(share, np.array([[1.0, 0.5, 0.0]]))[0]
    assert_close(part[0], share, "identity")
    assert_close(part[1], [1.0, 0.3 / 0.7], "identity")
    assert_close(part[2], [0.0, 0.0], "identity")


def test_an_unsolved_level_is_refused(table: EnforcementTable) -> None:
    with pytest.raises(DataError, match="not solved"):
        table.rows(np.array([[0.33, 0.0]]))


@pytest.fixture(scope="module")
def spec() -> EnforcementSpec:
    plain = validate(read_yaml(CASE), EnforcementSpec, at=["strategy", "enforcement"])
    return plain.model_copy(update={"payoffs": "trade_model", "listed_sectors": SECTORS})


def test_the_case_can_ask_for_the_trade_model(spec: EnforcementSpec) -> None:
    world, facts = trade.read_world(), trade.read_facts("PRK")
    found = tell_enforcement(
        spec, target="PRK", as_of=date(2017, 8, 31), seed=1, world=world, facts=facts
    )
    first = found[0]
    assert "trade model" in first.method
    assert [item.id for item in first.inputs[1:]] == [world.input.id, facts.input.id]
    assert first.grid is not None
    policy, real = (row[1] for row in first.grid.rows[1:3])
    assert policy != real


def test_the_trade_model_without_its_data_is_refused(spec: EnforcementSpec) -> None:
    with pytest.raises(CaseError, match="world table"):
        tell_enforcement(spec, target="PRK", as_of=date(2017, 8, 31), seed=1)


def test_an_unknown_sector_is_refused_with_the_nearest(economy: impact.Economy) -> None:
    with pytest.raises(DataError, match="coals") as caught:
        enforcement_table(
            economy, target="PRK", parties=["CHN"], sectors={"coals": 1.0}, levels=[(0, 1)]
        )
    assert "coal" in str(caught.value)
