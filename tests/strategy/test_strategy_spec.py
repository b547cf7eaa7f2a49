"""A case's section `strategy` is refused with what, where and hint."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tumen.core.errors import CaseError, DataError, Problem
from tumen.core.reading import parse_yaml, validate
from tumen.strategy import Spec
from tumen.strategy.enforcement import Views, conducts
from tumen.strategy.parameters import PARAMETERS
from tumen.strategy.payoffs import ReducedForm
from tumen.strategy.plans import available

TEXT = (Path(__file__).parent / "dprk_2017.yaml").read_text(encoding="utf-8")


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        validate(parse_yaml(text, name="case.yaml"), Spec, at=["strategy"])
    return caught.value.problems


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def test_the_worked_case_is_read() -> None:
    spec = validate(parse_yaml(TEXT, name="case.yaml"), Spec, at=["strategy"])
    assert spec.enforcement is not None
    assert [player.code for player in spec.enforcement.players] == ["CHN", "RUS"]
    assert spec.enforcement.enforces_at == 0.75


SECURITY = 'security: {low: 0.2, mode: 1.2, high: 3, unit: GUSD/year, reason: "A target'


@pytest.mark.parametrize(
    ("old", "new", "what", "hint"),
    [
        (", mode: 1.2, high: 3,", ", high: 3,", "'mode' is missing", "add mode"),
        (", high: 3, unit: GUSD/year,", ", high: nan, unit: GUSD/year,", "finite", ""),
        (", high: 3, unit: GUSD/year,", ", high: inf, unit: GUSD/year,", "finite", ""),
        (
            "mode: 1.2, high: 3, unit: GUSD/year,",
            "mode: 9, high: 3, unit: GUSD/year,",
            "not in order",
            "low <= mode",
        ),
        (
            "{low: 0.2, mode: 1.2, high: 3, unit: GUSD/year,",
            "{low: -0.2, mode: 1.2, high: 3, unit: GUSD/year,",
            "below 0",
            "",
        ),
        (
            'high: 3, unit: GUSD/year, reason: "A target',
            'high: 3, unit: MUSD, reason: "A target',
            "measured in 'MUSD'",
            "GUSD/year",
        ),
        (
            "levels: [0, 0.25, 0.5, 0.75, 1]",
            "levels: [0, 0.25, 0.5, 0.75, 1.5]",
            "less than or equal to 1",
            "",
        ),
        ("levels: [0, 0.25, 0.5, 0.75, 1]", "levels: [-2, 1]", "greater than or equal to -1", ""),
        ("levels: [0, 0.25, 0.5, 0.75, 1]", "levels: []", "at least 1", ""),
        (
            "          security: {low: 0.2, mode: 1.2",
            "          securty: {low: 0.2, mode: 1.2",
            "'securty' is no weight",
            "security",
        ),
        ("penalties: {RUS: 1}", "penalties: {RUS: 1.5}", "less than or equal to 1", ""),
        ("penalties: {RUS: 1}", "penalties: {IND: 1}", "penalty_cost", "add"),
        ("penalties: {RUS: 1}", "penalties: {RUU: 1}", "no country code", "RUS"),
        ("enforcer: CHN", "enforcer: KOR", "is no player", "CHN"),
        ("filler: RUS", "filler: CHN", "same party", ""),
        ("current_plan: warn", "current_plan: wran", "'wran' is no plan", "warn"),
        ("code: USA\n", "code: CHN\n", "sender CHN stands among", ""),
        ("- id: both", "- id: warn", "'warn' stands twice", ""),
        ("          authority: Executive Order 13810\n", "", "legal authority", "available_from"),
        ("draws: 500", "draws: 5", "greater than or equal to 100", ""),
        ("draws: 500", "drows: 500", "'drows' is no key", "draws"),
        ("draws: 500", "draws: 100000", "cells; at most", "write draws: "),
        (
            "mode: 1.2, high: 3, unit: GUSD/year,",
            "mode: 1.2, high: 1e300, unit: GUSD/year,",
            "less than or equal to 1000000",
            "",
        ),
        ("enforces_at: 0.75", "enforces_at: 0", "greater than 0", ""),
        (
            "current_plan: warn",
            "current_plan: warn\n    timing: simultaneous",
            "belief_strong needs",
            "",
        ),
        ("          player: RUS", "          player: IND", "which is no player", "RUS"),
        (
            "high: 0.6, unit: probability",
            "high: 1.6, unit: probability",
            "detection reaches 1.6",
            "",
        ),
    ],
)
def test_nonsense_is_refused_with_what_where_and_hint(
    old: str, new: str, what: str, hint: str
) -> None:
    found = problems(changed(old, new))
    hits = [problem for problem in found if what in problem.what]
    assert hits, found
    assert re.match(r"case\.yaml:\d+: strategy", hits[0].where)
    assert hint in hits[0].hint


def test_a_weight_without_a_reason_is_refused() -> None:
    text = re.sub(r', reason: "A target that yields spares[^"]*"', "", TEXT)
    (problem,) = problems(text)
    assert problem.what == "'reason' is missing"
    assert problem.where.endswith("strategy.enforcement.players.0.weights.security.reason")


def test_a_missing_weight_is_refused_with_its_starting_range() -> None:
    text = re.sub(r"          security: \{low: 0\.2.*\n", "", TEXT)
    (problem,) = problems(text)
    assert "weight 'security' is missing for CHN" in problem.what
    assert "low: 0.2, mode: 1.2, high: 3, unit: GUSD/year" in problem.hint


def test_too_many_profiles_are_refused() -> None:
    levels = ", ".join(f"{k / 40}" for k in range(41))
    text = TEXT.replace("levels: [0, 0.25, 0.5, 0.75, 1]", f"levels: [{levels}]").replace(
        "levels: [-1, -0.5, 0, 0.5, 1]", f"levels: [-1, {levels.rpartition(',')[0]}]"
    )
    third = text.replace(
        "    sender:\n",
        text[text.index("      - code: RUS") : text.index("    sender:")].replace("RUS", "KOR")
        + "    sender:\n",
    )
    assert any("profiles" in problem.what for problem in problems(third))


def test_a_current_plan_without_authority_on_the_day_is_refused() -> None:
    text = changed("current_plan: warn", "current_plan: banks")
    spec = validate(parse_yaml(text, name="case.yaml"), Spec, at=["strategy"])
    assert spec.enforcement is not None
    with pytest.raises(CaseError, match="2017-09-20"):
        available(spec.enforcement, on=date(2017, 8, 31))


def test_a_level_outside_the_scale_is_refused_in_python_too() -> None:
    with pytest.raises(DataError, match=r"outside \[-1, 1\]"):
        conducts([0, 1.2])


def test_negative_trade_is_refused() -> None:
    import numpy as np

    with pytest.raises(DataError, match="listed"):
        ReducedForm(np.array([-1.0]), np.zeros(1), np.zeros(1), np.zeros(()))


def test_a_belief_that_does_not_sum_to_one_is_refused() -> None:
    import numpy as np

    with pytest.raises(DataError, match="belief"):
        Views(np.zeros((2, 1)), np.full((2, 1), 0.4))


def test_every_parameter_has_a_range_in_order_and_a_reason() -> None:
    assert {row.model for row in PARAMETERS} == {
        "enforcement", "sincerity", "roadmap", "verification", "coalition",
    }  # fmt: skip
    for row in PARAMETERS:
        assert 0 <= row.low <= row.mode <= row.high
        assert row.reason.endswith("No source fixes it.")
        assert row.unit
        assert row.label
