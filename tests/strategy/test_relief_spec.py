"""Roadmap, record and coalition of a case: what is refused, and with which words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tumen.core.errors import CaseError, Problem
from tumen.core.reading import parse_yaml, validate
from tumen.strategy import Spec

TEXT = (Path(__file__).parents[2] / "cases/dprk-2018-relief/strategy.yaml").read_text(
    encoding="utf-8"
)


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        validate(parse_yaml(text, name="strategy.yaml"), Spec)
    return caught.value.problems


def test_the_section_of_the_case_is_read() -> None:
    spec = validate(parse_yaml(TEXT, name="strategy.yaml"), Spec)
    assert spec.enforcement is None
    assert spec.roadmap is not None
    assert [party.code for party in spec.roadmap.verifiers] == ["IAEA", "USA", "CHN", "RUS"]


def test_a_section_without_a_game_is_refused() -> None:
    (problem,) = problems("{}")
    assert "no game" in problem.what
    assert "roadmap:" in problem.hint


@pytest.mark.parametrize(
    ("old", "new", "what", "hint"),
    [
        # the roadmap
        ("proposal: phased", "proposal: phasd", "'phasd' is not one", "did you mean phased"),
        ("proposal: phased", "proposal: max_pressure", "the policy in force", "another"),
        ("horizon: 16", "horizon: 0", "greater than or equal to 1", ""),
        ("  horizon: 16", "  horizn: 16", "'horizn' is no key", "horizon"),
        ("  - id: yongbyon", "  - id: test-sites", "'test-sites' stands twice", ""),
        ("    breakdown: {", "    breakdwn: {", "'breakdwn' is no weight", "breakdown"),
        ("high: 0.2, unit: probability", "high: 1.2, unit: probability", "lies in [0, 1]", ""),
        ("high: 0.98, unit: share", "high: 1.0, unit: share", "count as much as today", ""),
        ("high: 5.0, unit: GUSD, ", "high: 5.0, unit: GUSD/year, ", "measured in", "GUSD"),
        ("worth_target: {low: 0.03,", "worth_target: {low: nan,", "finite", ""),
        ("    delivers: 1718 Committee, by", "    delivrs: 1718 Committee, by", "'delivrs'", "del"),
        ("  draws: 500", "  draws: 90000", "cells; at most", "write draws: "),
        # who verifies
        ("  - code: IAEA", "  - code: IAAE", "no country code", ""),
        ("  - code: IAEA", "  - code: KOR\n    takes_warheads: true", "cannot take", "CHN, FRA"),
        (
            "  - code: RUS\n    text: Russian",
            "  - code: CHN\n    text: Russian",
            "stands twice",
            "",
        ),
        ("collusion: {low: 0.05", "colusion: {low: 0.05", "'colusion' is no key", "collusion"),
        # the record
        ("  claim: keeps", "  claim: kepes", "'kepes' is no type", "keeps"),
        ("  - id: eases", "  - id: keeps", "'keeps' stands twice", ""),
        ("period: 2018-03", "period: 2018-13", "2018-13", ""),
        ("period: 2018-03", "period: 2018-02", "overlap or are out of order", "in order"),
        (
            "ratio: 0.058, circumstance: thaw",
            "ratio: 0.058, circumstance: thw",
            "no circum",
            "thaw",
        ),
        ("statement: commit, released", "statement: comit, released", "no statement", "commit"),
        ("ratio: 0.058", "ratio: -1", "greater than or equal to 0", ""),
        ("released: 2018-09-23, sources", "released: 2018-07-23, sources", "before its end", ""),
        ("levels: [0, 0.25", "levels: [0.25, 0", "must rise", "levels"),
        (
            "levels: [0, 0.25, 0.5, 0.75, 1]",
            f"levels: {[place / 1000 for place in range(1000)]}",
            "at most 50 items",
            "",
        ),
        ("banned_share: {low: 0.9", "banned_share: {low: 0.0", "reaches neither", ""),
        (
            "thaw: {low: 0.4, mode: 0.65, high: 0.85,",
            "thaw: {low: 0.4, mode: 0.96, high: 0.98,",
            "does not aim below 'keeps'",
            "enforces most",
        ),
        (
            "dark: {low: 0.01, mode: 0.03, high: 0.08",
            "dark: {low: 0.2, mode: 0.3, high: 0.4",
            "hides more often",
            "sign of sincerity",
        ),
        ("commit: {low: 0.4,", "commit: {low: 0.0,", "never said", ""),
        # the coalition
        ("  pair: [CHN, RUS]", "  pair: [CHN, JPN]", "is no member", ""),
        ("  pair: [CHN, RUS]", "  pair: [CHN, CHN]", "twice", ""),
        ("    passive_backfill: {", "    passive_bckfill: {", "is no weight", "passive_backfill"),
        ("  - code: IND", "  - code: KOR", "'KOR' stands twice", ""),
    ],
)
def test_nonsense_is_refused_with_what_where_and_hint(
    old: str, new: str, what: str, hint: str
) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    found = problems(text)
    hits = [problem for problem in found if what in problem.what]
    assert hits, found
    assert re.match(r"strategy\.yaml:\d+: ", hits[0].where)
    assert hint in hits[0].hint


def test_a_missing_weight_is_refused_with_its_starting_range() -> None:
    text = re.sub(r"    cost_renege: \{.*\n", "", TEXT)
    (problem,) = problems(text)
    assert "weight 'cost_renege' is missing" in problem.what
    assert "low: 0, mode: 2, high: 8, unit: GUSD," in problem.hint
