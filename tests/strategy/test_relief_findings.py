"""What the roadmap, the record and the coalition of the shipped case say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tumen.core.errors import CaseError
from tumen.core.finding import Finding
from tumen.core.reading import read_yaml, validate
from tumen.strategy import Spec, find
from tumen.strategy.coalition_spec import CoalitionSpec
from tumen.strategy.coalition_study import study_coalition
from tumen.strategy.roadmap import follow, schedule
from tumen.strategy.roadmap_spec import RoadmapSpec
from tumen.strategy.roadmap_study import PERIOD, roadmap_at, roadmap_ranges, study_roadmap
from tumen.strategy.sampling import modes
from tumen.strategy.schedules import SCHEDULES
from tumen.strategy.sincerity_spec import SinceritySpec
from tumen.strategy.sincerity_study import study_sincerity

FILE = Path(__file__).parents[2] / "cases/dprk-2018-relief/strategy.yaml"
DAY = date(2018, 10, 14)


@pytest.fixture(scope="module")
def spec() -> Spec:
    return validate(read_yaml(FILE), Spec)


@pytest.fixture(scope="module")
def roadmap(spec: Spec) -> RoadmapSpec:
    assert spec.roadmap is not None
    return spec.roadmap.model_copy(update={"draws": 100})


@pytest.fixture(scope="module")
def sincerity(spec: Spec) -> SinceritySpec:
    assert spec.sincerity is not None
    return spec.sincerity.model_copy(update={"draws": 100})


@pytest.fixture(scope="module")
def coalition(spec: Spec) -> CoalitionSpec:
    assert spec.coalition is not None
    return spec.coalition.model_copy(update={"draws": 100})


@pytest.fixture(scope="module")
def small(roadmap: RoadmapSpec, sincerity: SinceritySpec, coalition: CoalitionSpec) -> Spec:
    return Spec(roadmap=roadmap, sincerity=sincerity, coalition=coalition)


@pytest.fixture(scope="module")
def findings(small: Spec) -> dict[str, Finding]:
    return {item.id: item for item in find(small, target="PRK", as_of=DAY, seed=1)}


def test_all_parts_of_the_answer_are_there(findings: dict[str, Finding]) -> None:
    names = "roadmap roadmap-promise roadmap-map roadmap-steps verification roadmap-tornado".split()
    names += "roadmap-precision roadmap-weights sincerity sincerity-readings sincerity-next".split()
    names += "sincerity-record sincerity-tornado sincerity-weights coalition".split()
    names += ["coalition-pairs", "coalition-weights"]
    assert set(findings) == {f"strategy.{name}" for name in names}


def test_every_finding_can_be_defended(findings: dict[str, Finding]) -> None:
    for item in findings.values():
        assert item.method
        assert item.inputs[0].id in {
            "case.strategy.roadmap", "case.strategy.sincerity", "case.strategy.coalition",
        }  # fmt: skip
        assert len(item.inputs[0].sha256) == 64
        assert any("No source fixes the weights" in caveat for caveat in item.caveats)
        assert any("stays out of the weighing" in caveat for caveat in item.caveats)
        assert any(caveat.startswith("Driven by:") for caveat in item.caveats)
        if item.estimate is not None:
            assert item.estimate.low is not None
            assert item.estimate.basis == "modelled"
        if item.figure is not None:
            assert item.grid is not None
            assert item.figure.title


def test_a_chance_near_its_end_is_not_given_in_digits(findings: dict[str, Finding]) -> None:
    assert "under 1 %" in findings["strategy.roadmap-steps"].sentence
    assert "its silence would put it at under 1 %" in (
        findings["strategy.sincerity-readings"].sentence
    )


def test_what_happens_between_the_ends_of_a_range_is_said(findings: dict[str, Finding]) -> None:
    """A costly broken promise helps phased relief in the middle of its range only."""
    tornado, shown = findings["strategy.roadmap-tornado"], findings["strategy.roadmap-map"]
    assert tornado.grid is not None
    assert shown.grid is not None
    (ends,) = (row for row in tornado.grid.rows if row[0] == "cost of a broken promise")
    gaps = [gap for leak, _, gap in shown.grid.rows if abs(leak - 0.2) < 1e-9]
    assert max(gaps) > 1.1 > 2 * max(ends[2:])
    assert any(
        "between its ends the cost of a broken promise takes it to USD 1,100 million" in caveat
        for caveat in tornado.caveats
    )


def test_silence_is_said_to_be_read(findings: dict[str, Finding]) -> None:
    """Without the record the chance is the one before it; a silent register is another thing."""
    readings = findings["strategy.sincerity-readings"]
    assert "had China published nothing in that time, its silence" in readings.sentence
    assert any("each silent month counts by itself" in caveat for caveat in readings.caveats)


def test_the_roadmap_speaks_in_conditions(findings: dict[str, Finding]) -> None:
    assert "only if breaking it costs more than" in findings["strategy.roadmap-promise"].sentence
    assert any("conditional" in caveat for caveat in findings["strategy.roadmap"].caveats)


def test_custody_of_warheads_follows_the_treaty(findings: dict[str, Finding]) -> None:
    grid = findings["strategy.verification"].grid
    assert grid is not None
    assert grid.column("custody") == ["material only", "may take them", *["may take them"] * 2]


def test_the_same_seed_gives_the_same_findings_and_another_seed_others(small: Spec) -> None:
    quick = small.model_copy(update={"sincerity": None})
    first, again = (find(quick, target="PRK", as_of=DAY, seed=7) for _ in range(2))
    other = find(quick, target="PRK", as_of=DAY, seed=8)
    assert first == again
    assert first[0].estimate != other[0].estimate


# ---- the roadmap ----


def test_flows_are_halved_and_single_sums_are_not(roadmap: RoadmapSpec) -> None:
    weights = roadmap.weights
    found = roadmap_at(roadmap, modes(roadmap_ranges(roadmap)), name="phased")
    relief = weights["pressure"].mode * (1 - weights["leak"].mode) + weights["gain"].mode
    assert found.benefit[0] == pytest.approx(PERIOD * relief)
    assert found.relief_cost[0] == pytest.approx(PERIOD * weights["relief_cost"].mode)
    assert found.step_value_target[0, 0] == pytest.approx(
        PERIOD * roadmap.steps[0].worth_target.mode
    )
    assert found.cost_renege[0] == weights["cost_renege"].mode
    assert found.penalty_caught[0] == weights["penalty_caught"].mode


def test_the_first_verifier_verifies(roadmap: RoadmapSpec) -> None:
    study = study_roadmap(roadmap, seed=1)
    one, other = study.outlooks[roadmap.proposal], study.verified[0].outlook
    np.testing.assert_array_equal(one.value_sender, other.value_sender)


def test_a_sender_that_is_believed_and_no_leak_favour_maximum_pressure(
    roadmap: RoadmapSpec,
) -> None:
    surface = study_roadmap(roadmap, seed=1).surface
    gap = (
        surface.outlooks["phased"].value_sender[0]
        - surface.outlooks["max_pressure"].value_sender[0]
    )
    assert gap[0] > 0 > gap[-1]


def test_no_named_schedule_is_worth_more_than_the_best(roadmap: RoadmapSpec) -> None:
    study = study_roadmap(roadmap, seed=1)
    assert study.best.relief.sum() == pytest.approx(1.0)
    for name in SCHEDULES:
        relief = schedule(name, step_value_target=study.central.step_value_target)
        named = follow(study.central.at(relief=relief)).value_sender
        assert study.best.outlook.value_sender >= named - 1e-12


# ---- the record ----


def test_a_month_that_was_not_yet_known_changes_nothing(sincerity: SinceritySpec) -> None:
    early = date(2018, 7, 31)
    known = tuple(month for month in sincerity.record if month.released <= early)
    assert 0 < len(known) < len(sincerity.record)
    cut = sincerity.model_copy(update={"record": known})
    one, other = (study_sincerity(each, as_of=early, seed=1) for each in (sincerity, cut))
    np.testing.assert_array_equal(one.path, other.path)


def test_a_day_before_the_record_is_refused(sincerity: SinceritySpec) -> None:
    with pytest.raises(CaseError, match="no month of the record was known"):
        study_sincerity(sincerity, as_of=date(2018, 1, 1), seed=1)


def test_deeds_alone_are_words_without_weight(sincerity: SinceritySpec) -> None:
    weight = sincerity.weights["talk_weight"].model_copy(update={"low": 0, "mode": 0, "high": 0})
    deaf = sincerity.model_copy(update={"weights": {**sincerity.weights, "talk_weight": weight}})
    one, other = (study_sincerity(each, as_of=DAY, seed=1) for each in (sincerity, deaf))
    np.testing.assert_allclose(one.readings["deeds alone"], other.claimed, atol=1e-12)


def test_the_next_month_is_worth_no_more_than_the_question(sincerity: SinceritySpec) -> None:
    study = study_sincerity(sincerity, as_of=DAY, seed=1)
    for values in study.information.values():
        assert (values > -1e-6).all()
        assert (values < np.log(len(sincerity.types))).all()


# ---- the coalition ----


def test_shares_add_up_and_all_together_stop_all_listed_trade(coalition: CoalitionSpec) -> None:
    study = study_coalition(coalition, seed=1)
    np.testing.assert_allclose(study.shares.sum(axis=1), 1.0, atol=1e-12)
    low = sum(member.listed_trade.low for member in coalition.members)
    high = sum(member.listed_trade.high for member in coalition.members)
    assert (study.everyone >= low - 1e-12).all()
    assert (study.everyone <= high + 1e-12).all()


def test_a_member_without_trade_and_capacity_adds_nothing(coalition: CoalitionSpec) -> None:
    nothing = {"low": 0.0, "mode": 0.0, "high": 0.0}
    idle = coalition.members[-1].model_copy(
        update={
            "listed_trade": coalition.members[-1].listed_trade.model_copy(update=nothing),
            "capacity": coalition.members[-1].capacity.model_copy(update=nothing),
        }
    )
    changed = coalition.model_copy(update={"members": (*coalition.members[:-1], idle)})
    study = study_coalition(changed, seed=1)
    np.testing.assert_allclose(study.shares[:, -1], 0.0, atol=1e-12)
    np.testing.assert_allclose(study.without[:, -1], 0.0, atol=1e-12)
