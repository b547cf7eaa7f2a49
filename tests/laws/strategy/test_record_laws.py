"""Laws of a case's record, roadmap and coalition over the ranges of their inputs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.core.reading import read_yaml, validate
from tumen.numerics.tolerance import assert_close
from tumen.strategy.coalition_spec import CoalitionSpec
from tumen.strategy.coalition_study import coalition_ranges, coalitions_at
from tumen.strategy.roadmap import follow
from tumen.strategy.roadmap_spec import RoadmapSpec
from tumen.strategy.roadmap_study import roadmap_at, roadmap_ranges
from tumen.strategy.sampling import drawn
from tumen.strategy.sincerity_spec import Month, SinceritySpec
from tumen.strategy.sincerity_study import sincerity_draws, study_sincerity, types_at
from tumen.strategy.spec import Spec

SPEC = validate(read_yaml(Path(__file__).parents[3] / "cases/dprk-2018-relief/strategy.yaml"), Spec)
assert SPEC.sincerity is not None
assert SPEC.roadmap is not None
assert SPEC.coalition is not None
RECORD: SinceritySpec = SPEC.sincerity.model_copy(update={"draws": 100})
ROADMAP: RoadmapSpec = SPEC.roadmap.model_copy(update={"draws": 100})
COALITION: CoalitionSpec = SPEC.coalition.model_copy(update={"draws": 100})
LATER = date(2019, 12, 31)
seeds = st.integers(0, 2**31)


def few(spec: SinceritySpec) -> SinceritySpec:
    return spec.model_copy(update={"record": spec.record[:4]})


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_who_enforces_more_never_hides_more_in_any_draw(seed: int) -> None:
    values = sincerity_draws(RECORD, seed=seed)
    for place in range(0, RECORD.draws, 10):
        types = types_at(RECORD, values, place)
        effort = (types.deeds @ types.levels).mean(axis=1)
        assert (np.diff(effort) < 0).all()
        assert (np.diff(types.dark) >= 0).all()


@settings(deadline=None, max_examples=3)
@given(seeds)
def test_a_blackout_never_raises_the_chance_of_the_claim(seed: int) -> None:
    dark = Month(period="2018-06", circumstance="thaw", released=date(2018, 7, 23))
    known = few(RECORD)
    longer = known.model_copy(update={"record": (*known.record, dark)})
    before, after = (study_sincerity(each, as_of=LATER, seed=seed) for each in (known, longer))
    assert (after.claimed <= before.claimed + 1e-12).all()


@settings(deadline=None, max_examples=10)
@given(seeds)
def test_a_roadmap_ends_in_one_of_three_ways_and_nobody_gives_more_than_all(seed: int) -> None:
    values = drawn(roadmap_ranges(ROADMAP), draws=100, seed=seed)
    for name in ("phased", "max_pressure"):
        found = follow(roadmap_at(ROADMAP, values, name=name))  # type: ignore[arg-type]
        assert_close(found.completed + found.broken + found.frozen, np.ones(100), "identity")
        assert (found.dismantled_share + found.hidden_share <= 1 + 1e-12).all()


@settings(deadline=None, max_examples=10)
@given(seeds, st.floats(0.1, 10))
def test_the_pressure_of_a_coalition_scales_with_its_trade(seed: int, factor: float) -> None:
    values = drawn(coalition_ranges(COALITION), draws=100, seed=seed)
    scaled = {
        name: value if name.endswith("passive_backfill") else factor * value
        for name, value in values.items()
    }
    for one, other in zip(
        coalitions_at(COALITION, values)[:5], coalitions_at(COALITION, scaled)[:5], strict=True
    ):
        assert_close(factor * one.worth, other.worth, "identity")
