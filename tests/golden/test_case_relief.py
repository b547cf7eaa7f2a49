"""The case on phased relief: runs, runs again alike, and knows nothing of later days."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tumen.case.running as running
from tumen.assess import Assessment
from tumen.case import Case, load, run, verify, write_record


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(__file__).resolve().parents[2] / "cases/dprk-2018-relief"


@pytest.fixture(scope="module")
def case(folder: Path) -> Case:
    return load(folder)


@pytest.fixture(scope="module")
def record(case: Case) -> Assessment:
    return run(case)


def test_the_case_answers_its_question(case: Case, record: Assessment) -> None:
    assert record.question == case.question
    assert 3 <= len(record.judgments) <= 8
    assert {"recorded", "real"} <= {judgment.flow for judgment in record.judgments}
    assert {each.set for each in case.assess.judgments} <= {each.id for each in case.evidence.sets}
    assert record.options
    assert record.rival_views
    assert record.gaps


def test_every_game_speaks_and_every_finding_can_be_defended(record: Assessment) -> None:
    ids = [finding.id for finding in record.findings]
    assert len(set(ids)) == len(ids)
    assert {"strategy.roadmap", "strategy.verification", "strategy.sincerity"} <= set(ids)
    assert {"strategy.coalition", "evidence.relations.rus-chn", "impact.revenue"} <= set(ids)
    for finding in record.findings:
        assert finding.method, finding.id
        assert finding.inputs, finding.id
        assert all(len(each.sha256) == 64 for each in finding.inputs), finding.id


def test_the_game_stays_out_of_the_weighing(case: Case) -> None:
    models = [item for item in case.evidence.items if item.kind == "model"]
    assert [item.finding for item in models] == ["strategy.roadmap"]
    assert not any(each.with_models for each in case.evidence.sets)


def test_verify_finds_no_difference_after_a_run(
    folder: Path, record: Assessment, tmp_path: Path
) -> None:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("out"))
    write_record(record, copy / "out")
    found = verify(copy)
    assert found.holds
    assert found.differences == ()


def test_nothing_later_changes_anything(
    case: Case, record: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later flows, later facts and later law, the relief draft of 2019 with them."""
    flows, facts, law = running.read_sample(), running.read_facts("PRK"), running.regime_of(case)
    years = np.array([int(label[:4]) for label in flows.period.words()])
    late = years >= case.as_of.year
    planted = tuple(
        fact if fact.available <= case.as_of else fact.model_copy(update={"value": 1e6})
        for fact in facts
    )
    kept = tuple(each for each in law.instruments if each.adopted <= case.as_of)
    assert late.any()
    assert planted != facts.items
    assert "relief.draft-2019" in {each.id for each in law.instruments} - {e.id for e in kept}
    value = np.where(late, 100 * flows.value_usd + 1e9, flows.value_usd)
    monkeypatch.setattr(running, "read_sample", lambda: replace(flows, value_usd=value))
    monkeypatch.setattr(running, "read_facts", lambda _: replace(facts, items=planted))
    monkeypatch.setattr(
        running, "regime_of", lambda _: law.model_copy(update={"instruments": kept})
    )
    assert without_inputs(run(case)) == without_inputs(record)


def without_inputs(record: Assessment) -> Any:
    """What a record says, without the hashes of what it was made from."""
    data = record.model_dump(mode="json")
    data["manifest"].pop("inputs")
    for finding in data["findings"]:
        finding.pop("inputs")
    return data


def test_nothing_in_the_record_is_dated_after_the_case(record: Assessment, case: Case) -> None:
    later = {source.id for source in record.sources if source.issued > case.as_of}
    assert later <= {source.id for source in case.evidence.sources if source.is_later_vintage}
    assert all(event.on <= case.as_of for event in record.events)
