"""The logit path of simultaneous games: followed safely, or refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tumen.core.errors import ModelError
from tumen.core.reading import read_yaml, validate
from tumen.numerics.tolerance import assert_close
from tumen.strategy import Game, Payoffs, Player, solve
from tumen.strategy.enforcement_findings import tell_enforcement
from tumen.strategy.enforcement_spec import EnforcementSpec
from tumen.strategy.game import moves_at
from tumen.strategy.logit_batch import trace_all
from tumen.strategy.logit_path import trace

CASE = Path(__file__).parent / "dprk_2017.yaml"


def widths(*counts: int) -> tuple[np.ndarray, ...]:
    return tuple(np.zeros(count) for count in counts)


def test_many_games_at_once_end_where_each_ends_alone() -> None:
    payoffs = np.random.default_rng(4).normal(size=(8, 3, 2, 3, 2))
    precision = np.full((8, 3), 1.0)
    traced = trace_all(payoffs, log_width=widths(2, 3, 2), precision=precision)
    assert traced.is_sure.sum() >= 6
    for place in np.flatnonzero(traced.is_sure):
        alone = trace(payoffs[place], log_width=widths(2, 3, 2), precision=precision[place])
        assert alone.status.has_converged
        for one, other in zip(traced.strategies, alone.strategies, strict=True):
            assert_close(one[place], other, "solver")


def test_a_symmetric_game_with_meeting_branches_is_refused_and_not_answered() -> None:
    """Two players who want to meet, in either place: beyond a precision there are three answers."""
    values = np.stack([np.eye(2), np.eye(2)])
    assert not trace_all(
        values[None], log_width=widths(2, 2), precision=np.full((1, 2), 5.0)
    ).is_sure
    path = trace(values, log_width=widths(2, 2), precision=np.full(2, 5.0))
    assert not path.status.has_converged
    assert "branches" in path.status.message
    players = tuple(Player(name, moves_at([0, 1], listed_as="acts"), 5.0) for name in "AB")
    with pytest.raises(ModelError, match="no answer to show"):
        solve(Game(players, Payoffs(values), "simultaneous"))


def test_below_the_meeting_point_the_symmetric_game_is_answered() -> None:
    values = np.stack([np.eye(2), np.eye(2)])
    path = trace(values, log_width=widths(2, 2), precision=np.full(2, 1.0))
    assert path.status.has_converged
    assert path.branch_check < 1e-9
    assert_close(path.strategies[0], [0.5, 0.5], "solver")


def test_a_nearly_symmetric_game_is_followed_to_the_better_place() -> None:
    values = np.stack([np.diag([1.05, 1.0]), np.diag([1.0, 1.02])])
    path = trace(values, log_width=widths(2, 2), precision=np.full(2, 8.0))
    assert path.status.has_converged
    first, second = path.strategies
    for own, value in ((first, values[0] @ second), (second, first @ values[1])):
        answer = np.exp(8.0 * (value - value.max()))
        assert_close(own, answer / answer.sum(), "solver")


def test_dominant_moves_are_found_at_high_precision() -> None:
    values = np.zeros((2, 2, 2))
    values[0, 1], values[1, :, 1] = 1.0, 1.0
    path = trace(values, log_width=widths(2, 2), precision=np.full(2, 40.0))
    assert path.status.has_converged
    assert min(path.strategies[0][1], path.strategies[1][1]) > 1 - 1e-9


def test_a_case_can_be_played_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tumen.strategy.enforcement_study.BAND_DRAWS", 3)
    spec = validate(read_yaml(CASE), EnforcementSpec, at=["strategy", "enforcement"])
    china = spec.players[0].model_copy(
        update={"belief_strong": None, "compensation": None, "presses": None, "levels": (0.0, 1.0)}
    )
    russia = spec.players[1].model_copy(update={"levels": (-1.0, 0.0)})
    small = spec.model_copy(
        update={"players": (china, russia), "timing": "simultaneous", "draws": 100}
    )
    found = tell_enforcement(small, target="PRK", as_of=date(2017, 8, 31), seed=1)
    assert "all move at once" in found[0].method
    assert found[0].estimate is not None
