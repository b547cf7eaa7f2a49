"""The shipped cases: honest ratings, settled terms, sources that say how they were checked."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tumen.case import Case, check, load, run

FOLDERS = sorted(path.parent for path in Path(__file__).parents[2].glob("cases/*/case.yaml"))


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda path: path.name)
def case(request: pytest.FixtureRequest) -> Case:
    return load(request.param)


def test_more_than_one_target_is_shipped() -> None:
    assert len({load(folder).target for folder in FOLDERS}) >= 2


def test_no_problem_is_listed(case: Case) -> None:
    assert check(case.folder) == ()


def test_every_answer_is_favoured_by_some_item(case: Case) -> None:
    """Evidence that all leans one way was picked, not found."""
    for each in case.evidence.sets:
        favoured = set()
        for item in case.evidence.items:
            ratings = item.ratings.get(each.id)
            if ratings:
                middle = {
                    name: (rating.likelihood.low + rating.likelihood.high) / 2
                    for name, rating in ratings.items()
                }
                favoured |= {
                    name for name, value in middle.items() if value == max(middle.values())
                }
        assert favoured == {hypothesis.id for hypothesis in each.hypotheses}, each.id


def test_no_rating_is_certain_and_each_has_a_reason(case: Case) -> None:
    for item in case.evidence.items:
        for ratings in item.ratings.values():
            for rating in ratings.values():
                assert 0.02 <= rating.likelihood.low < rating.likelihood.high <= 0.98, item.id
                assert rating.because or item.because, item.id


def test_every_source_says_how_it_was_checked_and_is_used(case: Case) -> None:
    used = {name for item in case.evidence.items for name in item.sources}
    assess = case.assess
    for group in (assess.options, assess.rival_views, assess.events, assess.assumptions):
        used |= {name for each in group for name in each.sources}
    used |= set(_names(case.strategy))
    used |= {name for channel in case.evidence.relations for name in channel.sources}
    for source in case.evidence.sources:
        assert source.note, source.id
        assert source.id in used, source.id


def _names(section: object) -> list[str]:
    """Sources that the game's section names, wherever they stand."""
    if section is None:
        return []
    data = section.model_dump(mode="json")  # type: ignore[attr-defined]
    names: list[str] = []
    stack = [data]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            names += [name for name in node.get("sources") or () if isinstance(name, str)]
            stack += list(node.values())
        elif isinstance(node, list):
            stack += node
    return names


def test_events_stand_in_order_and_before_the_as_of_date(case: Case) -> None:
    days = [event.on for event in case.assess.events]
    assert all(one <= two for one, two in pairwise(days))
    assert days[-1] <= case.as_of


def test_options_need_no_authority_of_a_later_year(case: Case) -> None:
    for option in case.assess.options:
        if option.available_from is not None:
            assert (option.available_from - case.as_of).days <= 31, option.id


def test_judgments_can_be_settled_and_are_argued(case: Case) -> None:
    for judgment in case.assess.judgments:
        assert judgment.because, judgment.id
        assert judgment.dissent, judgment.id
        assert case.as_of < judgment.resolution.by


def test_a_case_without_shipped_facts_runs() -> None:
    oil = next(folder for folder in FOLDERS if "oil" in folder.name)
    record = run(load(oil))
    assert len(record.judgments) == 3
    assert not any("North Korea" in finding.sentence for finding in record.findings)


def test_the_hash_seed_moves_nothing() -> None:
    folder = next(folder for folder in FOLDERS if "dprk" in folder.name)
    program = (
        "import sys; from pathlib import Path; from tumen.case import load;"
        "from tumen.evidence import find; case = load(Path(sys.argv[1]));"
        "print([f.model_dump_json() for f in find(case.evidence, as_of=case.as_of, seed=1)])"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program, str(folder)],
            env={**os.environ, "PYTHONHASHSEED": str(number)},
            capture_output=True,
            check=True,
        ).stdout
        for number in (1, 2, 3)
    }
    assert len(found) == 1
