"""A spoilt line of the relief case gives findings or clear errors, never a crash or a warning."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tumen.core.errors import CaseError, DataError, ModelError, Problem
from tumen.core.reading import parse_yaml, validate
from tumen.strategy import Spec, find

FILE = Path(__file__).parents[2] / "cases/dprk-2018-relief/strategy.yaml"
LINES = [
    line.replace("draws: 500", "draws: 100").replace("draws: 300", "draws: 100")
    for line in FILE.read_text(encoding="utf-8").splitlines()
]
SPOILS = ("nan", "-1", "0", "1e6", "1e-9", "[]", "{}", "~", "'text'", "1e999", "PRK", "2017-13-45")
DAY = date(2018, 10, 14)


def spoilt(random: np.random.Generator) -> str:
    """The section with one line dropped, doubled, or with another value."""
    lines = list(LINES)
    place = int(random.integers(0, len(lines)))
    how = random.integers(0, 4)
    numbers = [w for w in lines[place].split() if w.rstrip(",").replace(".", "").isdigit()]
    if how == 0:
        del lines[place]
    elif how == 1:
        lines.insert(place, lines[place])
    elif numbers:
        old = str(random.choice(numbers)).rstrip(",")
        lines[place] = lines[place].replace(old, str(random.choice(SPOILS)), 1)
    elif ":" in lines[place]:
        head = lines[place].partition(":")[0]
        lines[place] = f"{head}: {random.choice(SPOILS)}"
    return "\n".join(lines)


def read(text: str) -> tuple[Spec | None, tuple[Problem, ...]]:
    try:
        return validate(parse_yaml(text, name="strategy.yaml"), Spec), ()
    except CaseError as error:
        return None, error.problems


@pytest.mark.parametrize("seed", range(80))
def test_a_spoilt_section_is_answered_or_refused(seed: int) -> None:
    text = spoilt(np.random.default_rng(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spec, problems = read(text)
        assert all(each.what and "strategy.yaml" in each.where for each in problems)
        if spec is None or seed % 16:
            return
        try:
            found = find(spec, target="PRK", as_of=DAY, seed=1)
        except (CaseError, DataError, ModelError):
            return
    assert all(item.sentence for item in found)


def test_inputs_that_are_known_have_no_swing() -> None:
    """Every range a point: no doubt is left, and nothing crashes."""
    spec = validate(parse_yaml("\n".join(LINES), name="strategy.yaml"), Spec)
    plain = spec.model_dump(mode="json")
    stack = [plain]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if {"low", "mode", "high"} <= set(node):
                node["low"] = node["high"] = node["mode"]
            stack += list(node.values())
        elif isinstance(node, list):
            stack += node
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        known = find(Spec.model_validate(plain), target="PRK", as_of=DAY, seed=1)
    found = {item.id: item for item in known}
    assert "strategy.roadmap-tornado" not in found
    assert "strategy.sincerity-tornado" not in found
    estimate = found["strategy.roadmap"].estimate
    assert estimate is not None
    assert estimate.low == pytest.approx(estimate.high)


@pytest.mark.parametrize(("name", "value"), [("aim_spread", 1e-9), ("observation_sd", 0.02)])
def test_a_record_that_no_type_explains_is_still_weighed(name: str, value: float) -> None:
    spec = validate(parse_yaml("\n".join(LINES), name="strategy.yaml"), Spec)
    assert spec.sincerity is not None
    narrow = spec.sincerity.weights[name].model_copy(
        update={"low": value, "mode": value, "high": value}
    )
    changed = spec.sincerity.model_copy(
        update={"weights": {**spec.sincerity.weights, name: narrow}}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = find(Spec(sincerity=changed), target="PRK", as_of=DAY, seed=1)
    assert found[0].estimate is not None
    assert 0 <= found[0].estimate.value <= 1
