"""What the enforcement game says of the worked case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tumen.core.finding import Finding
from tumen.core.progress import Step
from tumen.core.reading import read_yaml, validate
from tumen.strategy.enforcement_findings import tell_enforcement
from tumen.strategy.enforcement_spec import EnforcementSpec
from tumen.strategy.enforcement_study import Study, study
from tumen.strategy.provide import outcomes_for

CASE = Path(__file__).parent / "dprk_2017.yaml"
DAY = date(2017, 8, 31)


@pytest.fixture(scope="module")
def spec() -> EnforcementSpec:
    return validate(read_yaml(CASE), EnforcementSpec, at=["strategy", "enforcement"])


@pytest.fixture(scope="module")
def findings(spec: EnforcementSpec) -> dict[str, Finding]:
    return {item.id: item for item in tell_enforcement(spec, target="PRK", as_of=DAY, seed=1)}


def studied(spec: EnforcementSpec) -> Study:
    provider_at, _ = outcomes_for(spec, target="PRK")
    return study(spec, as_of=DAY, seed=1, provider_at=provider_at)


def test_all_parts_of_the_answer_are_there(findings: dict[str, Finding]) -> None:
    names = "enforcement tipping plans backfill tornado explain tipping-line views".split()
    names += ["precision", "timing", "weights"]
    assert set(findings) == {f"strategy.{name}" for name in names}


def test_no_probability_comes_without_its_band_and_its_drivers(
    findings: dict[str, Finding],
) -> None:
    for item in findings.values():
        assert any(caveat.startswith("Driven by:") for caveat in item.caveats)
        assert any("No source fixes the weights" in caveat for caveat in item.caveats)
        assert any("stays out of the weighing" in caveat for caveat in item.caveats)
        if item.estimate is not None:
            assert item.estimate.low is not None
            assert item.estimate.basis == "modelled"
    assert "driven by" in findings["strategy.enforcement"].sentence


def test_the_better_move_of_the_enforcer_is_named_first(
    spec: EnforcementSpec,
) -> None:
    """Trade counts for much and all else for nothing: standing aside is worth more."""
    nothing = {
        name: weight.model_copy(update={"low": 0.0, "mode": 0.0, "high": 0.0})
        for name, weight in spec.player("CHN").weights.items()
        if name in {"security", "instability", "influence", "public", "exclusion"}
    }
    china = spec.player("CHN").model_copy(
        update={"weights": dict(spec.player("CHN").weights) | nothing}
    )
    greedy = spec.model_copy(
        update={"players": tuple(china if p.code == "CHN" else p for p in spec.players)}
    )
    found = {item.id: item for item in tell_enforcement(greedy, target="PRK", as_of=DAY, seed=1)}
    item = found["strategy.explain"]
    assert item.estimate is not None
    assert item.estimate.value < 0
    assert "USD -" not in item.sentence
    assert "worth -" not in item.sentence
    assert "trade given up or won speaks" not in item.sentence
    assert "nothing speaks for" in item.sentence


def test_a_plan_without_authority_is_named_and_not_ranked(findings: dict[str, Finding]) -> None:
    grid = findings["strategy.plans"].grid
    assert grid is not None
    later = [row for row in grid.rows if "not before 2017-09-20" in str(row[-1])]
    assert [row[0] for row in later] == ["Cut off any bank that deals with the target"]
    assert later[0][1:8] == (None,) * 7


def test_the_plan_is_played_once_its_authority_exists(spec: EnforcementSpec) -> None:
    found = {
        item.id: item
        for item in tell_enforcement(spec, target="PRK", as_of=date(2017, 9, 20), seed=1)
    }
    grid = found["strategy.plans"].grid
    assert grid is not None
    assert all(row[1] is not None for row in grid.rows)


def test_the_tipping_chart_shows_the_sourced_range(
    findings: dict[str, Finding], spec: EnforcementSpec
) -> None:
    figure, grid = findings["strategy.tipping"].figure, findings["strategy.tipping"].grid
    assert figure is not None
    assert grid is not None
    assert figure.kind == "heatmap"
    assert figure.level == 0.5
    assert figure.span == pytest.approx((0.02, 0.73))
    assert max(float(row[0] or 0) for row in grid.rows) > figure.span[1]


def test_the_same_seed_gives_the_same_findings_and_another_seed_others(
    spec: EnforcementSpec,
) -> None:
    first, again = (tell_enforcement(spec, target="PRK", as_of=DAY, seed=7) for _ in range(2))
    other = tell_enforcement(spec, target="PRK", as_of=DAY, seed=8)
    assert first == again
    assert first[0].estimate != other[0].estimate


def test_every_finding_names_its_input_by_hash(
    findings: dict[str, Finding], spec: EnforcementSpec
) -> None:
    changed = spec.model_copy(update={"enforces_at": 0.5})
    other = tell_enforcement(changed, target="PRK", as_of=DAY, seed=1)
    for item in findings.values():
        assert item.inputs[0].id == "case.strategy.enforcement"
        assert len(item.inputs[0].sha256) == 64
    assert other[0].inputs[0].sha256 != findings["strategy.enforcement"].inputs[0].sha256


def test_the_precision_of_choice_is_no_part_of_the_band(spec: EnforcementSpec) -> None:
    numbers = studied(spec)
    precision = numbers.outlook.game.weights.precision
    assert (precision == precision[0]).all()
    assert set(numbers.by_precision) == {"low", "mode", "high"}
    assert not any(swing.name.endswith("precision") for swing in numbers.swings)


def test_a_strong_russia_lowers_chinese_enforcement_on_average(spec: EnforcementSpec) -> None:
    numbers = studied(spec)
    assert numbers.by_view["strong"].mean() < numbers.by_view["weak"].mean()


def test_terms_add_up_to_the_difference_between_two_moves(spec: EnforcementSpec) -> None:
    """Without beliefs the enforcer's own values are the sum of its terms."""
    knowing = spec.model_copy(
        update={
            "players": (spec.players[0].model_copy(update={"belief_strong": None}), spec.players[1])
        }
    )
    numbers = studied(knowing)
    why, outlook = numbers.explanation, numbers.outlook
    chance = np.log(outlook.marginal("CHN"))
    moves = outlook.game.parties[0].moves
    names = [move.name for move in moves]
    best, rest = names.index(why.enforcing), names.index(why.standing)
    width = np.log(moves[best].width / moves[rest].width)
    precision = outlook.game.weights.precision[:, 0]
    worth = (chance[:, best] - chance[:, rest] - width) / precision
    np.testing.assert_allclose(why.difference.sum(axis=0), worth, atol=1e-9)


def test_progress_is_reported(spec: EnforcementSpec) -> None:
    steps: list[Step] = []
    tell_enforcement(spec, target="PRK", as_of=DAY, seed=1, progress=steps.append)
    assert [step.done for step in steps] == list(range(len(steps)))
    assert {step.stage for step in steps} == {"strategy"}


def with_south_korea(spec: EnforcementSpec) -> EnforcementSpec:
    """South Korea as a third party that moves last and can neither compensate nor fill the gap."""
    russia = spec.players[1]
    korea = russia.model_copy(update={"code": "KOR", "channels": (), "levels": (0.0, 0.5, 1.0)})
    return EnforcementSpec.model_validate(
        spec.model_copy(update={"players": (*spec.players, korea)}).model_dump()
    )


def test_south_korea_can_be_a_player(spec: EnforcementSpec) -> None:
    found = {
        i.id: i for i in tell_enforcement(with_south_korea(spec), target="PRK", as_of=DAY, seed=1)
    }
    assert "then South Korea" in found["strategy.enforcement"].method
    two = studied(spec).enforces.mean()
    three = found["strategy.enforcement"].estimate
    assert three is not None
    assert three.value == pytest.approx(two, abs=0.1)


def test_a_finer_list_of_levels_describes_the_same_player(spec: EnforcementSpec) -> None:
    """Five levels, then seventeen: the answer moves by the width of a cell, not by its meaning."""

    def enforces(count: int) -> float:
        levels = tuple(k / (count - 1) for k in range(count))
        china = spec.players[0].model_copy(
            update={"levels": levels, "compensation": None, "presses": None}
        )
        return float(
            studied(spec.model_copy(update={"players": (china, spec.players[1])})).enforces.mean()
        )

    coarse, fine, finer = enforces(5), enforces(17), enforces(65)
    assert abs(coarse - finer) < 0.12
    assert abs(fine - finer) < abs(coarse - finer)
    assert abs(fine - finer) < 0.02
