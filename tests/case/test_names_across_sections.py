"""A name that one section takes from another must exist, wherever it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tumen.case import check

RELIEF = Path(__file__).parents[2] / "cases" / "dprk-2018-relief"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RELIEF, tmp_path / "case", ignore=shutil.ignore_patterns("out")))


def spoil(folder: Path, name: str, before: str, after: str) -> list[str]:
    path = folder / name
    good = path.read_text(encoding="utf-8")
    assert before in good
    path.write_text(good.replace(before, after, 1), encoding="utf-8")
    return [str(problem).replace(f"{folder}/", "") for problem in check(folder)]


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("[bloomberg-iran, nknews-iran]", "[bloomberg-iran, nknews-irna]", "roadmap.weights"),
        ("[usun-report, ap-cheating]", "[usun-report, nknews-irna]", "roadmap.verifiers.3"),
        ("[reuters-june, yomiuri-june]", "[reuters-june, nknews-irna]", "sincerity.record.4"),
        ("sources: [dailynk-itc]", "sources: [nknews-irna]", "coalition.members.3"),
    ],
)
def test_a_number_of_a_game_names_sources_of_the_case(
    folder: Path, before: str, after: str, where: str
) -> None:
    (problem,) = spoil(folder, "strategy.yaml", before, after)
    assert problem.startswith("strategy.yaml:")
    assert where in problem
    assert "'nknews-irna' is no source" in problem
    assert "did you mean nknews-iran" in problem


def test_a_judgment_rests_on_assumptions_that_exist(folder: Path) -> None:
    (problem,) = spoil(folder, "assess.yaml", "[rivalry-lasts]", "[rivalry-last]")
    assert problem.startswith("assess.yaml:61: judgments.0.rests_on.0: 'rivalry-last' is no")
    assert "did you mean rivalry-lasts" in problem


def test_a_judgment_may_rest_on_a_finding(folder: Path) -> None:
    assert spoil(folder, "assess.yaml", "[rivalry-lasts]", "[strategy.roadmap]") == []


def test_a_mistake_in_the_evidence_does_not_hide_its_sources(folder: Path) -> None:
    (problem,) = spoil(
        folder,
        "sources/sources.yaml",
        "container_title: The Dong-A Ilbo, issued: 2018-04-03",
        "container_title: The Dong-A Ilbo, issued: 2018-10-15",
    )
    assert "after the as-of date 2018-10-14" in problem
