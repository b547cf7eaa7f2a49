"""A case file with a spoilt line gives findings or clear errors, never a crash or a warning."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tumen.core.errors import CaseError, DataError, ModelError, Problem
from tumen.core.reading import parse_yaml, validate
from tumen.strategy import Spec, find

LINES = (Path(__file__).parent / "dprk_2017.yaml").read_text(encoding="utf-8").splitlines()
SPOILS = ("nan", "-1", "0", "1e6", "[]", "{}", "~", "'text'", "1e999", "PRK", "2017-13-45")


def spoilt(random: np.random.Generator) -> str:
    """The case with one line dropped, doubled, or with another value."""
    lines = [line.replace("draws: 500", "draws: 100") for line in LINES]
    place = int(random.integers(1, len(lines)))
    how = random.integers(0, 4)
    if how == 0:
        del lines[place]
    elif how == 1:
        lines.insert(place, lines[place])
    elif how == 2 and ":" in lines[place]:
        head = lines[place].partition(":")[0]
        lines[place] = f"{head}: {random.choice(SPOILS)}"
    else:
        numbers = [
            word for word in lines[place].split() if word.rstrip(",").replace(".", "").isdigit()
        ]
        if numbers:
            old = str(random.choice(numbers)).rstrip(",")
            lines[place] = lines[place].replace(old, str(random.choice(SPOILS)), 1)
    return "\n".join(lines)


def read(text: str) -> tuple[Spec | None, tuple[Problem, ...]]:
    try:
        return validate(parse_yaml(text, name="case.yaml"), Spec, at=["strategy"]), ()
    except CaseError as error:
        return None, error.problems


@pytest.mark.parametrize("seed", range(120))
def test_a_spoilt_case_is_answered_or_refused(seed: int) -> None:
    text = spoilt(np.random.default_rng(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spec, problems = read(text)
        assert all(problem.what and "case.yaml" in problem.where for problem in problems)
        if spec is None or seed % 4:
            return
        try:
            found = find(spec, target="PRK", as_of=date(2017, 8, 31), seed=1)
        except (CaseError, DataError, ModelError):
            return
    for item in found:
        assert item.estimate is None or np.isfinite(item.estimate.value)
