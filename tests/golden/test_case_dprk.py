"""The shipped case: runs, runs again alike, is moved by its evidence and never by hindsight."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tumen.case.running as running
from tumen.assess import Assessment
from tumen.case import Case, load, run, verify, write_record
from tumen.core.errors import CaseError
from tumen.core.record import canonical_json


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(__file__).resolve().parents[2] / "cases/dprk-2017-backfill"


@pytest.fixture(scope="module")
def case(folder: Path) -> Case:
    return load(folder)


@pytest.fixture(scope="module")
def record(case: Case) -> Assessment:
    return run(case)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """The case in a folder of its own, without what a run has written."""
    target = tmp_path / folder.name
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("out"))
    return target


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) >= 1
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_case_answers_its_question(case: Case, record: Assessment) -> None:
    assert record.question == case.question
    assert 3 <= len(record.judgments) <= 8
    flows = {judgment.flow for judgment in record.judgments}
    assert {"recorded", "real"} <= flows
    for judgment in record.judgments:
        likelihood, confidence = judgment.sentences()
        assert "confidence" not in likelihood.lower()
        assert judgment.word not in confidence.split(":", maxsplit=1)[0]
        assert judgment.would_change
        assert judgment.resolution.by > case.as_of
    assert record.options
    assert record.rival_views
    assert record.gaps


def test_every_room_speaks_and_every_finding_can_be_defended(record: Assessment) -> None:
    rooms = {finding.room for finding in record.findings}
    assert {"regime", "trade", "monitor", "strategy", "evidence"} <= rooms
    ids = [finding.id for finding in record.findings]
    assert len(set(ids)) == len(ids)
    for finding in record.findings:
        assert finding.method, finding.id
        assert finding.inputs, finding.id
        assert all(len(each.sha256) == 64 for each in finding.inputs), finding.id


def test_evidence_is_broad_enough(case: Case) -> None:
    accepted = [item for item in case.evidence.items if item.status == "accepted"]
    assert len(accepted) >= 12
    assert any(
        "blackout" in hypothesis.id for each in case.evidence.sets for hypothesis in each.hypotheses
    )


def test_a_second_run_gives_the_same_bytes(case: Case, record: Assessment) -> None:
    assert canonical_json(run(case)) == canonical_json(record)


def test_another_seed_moves_no_judgment_by_more_than_its_draws(
    case: Case, record: Assessment
) -> None:
    other = run(case.model_copy(update={"seed": 7}))
    for one, two in zip(record.judgments, other.judgments, strict=True):
        assert one.probability.value == pytest.approx(two.probability.value, abs=0.02)


def test_comments_and_order_of_keys_change_nothing(copy: Path, case: Case) -> None:
    change(copy / "case.yaml", "target: PRK\n", "")
    change(copy / "case.yaml", "title: ", "# a comment\ntarget: PRK\ntitle: ")
    assert load(copy).sha256 == case.sha256


def test_verify_finds_no_difference_after_a_run(copy: Path, record: Assessment) -> None:
    write_record(record, copy / "out")
    found = verify(copy)
    assert found.holds
    assert found.differences == ()
    assert found.text().endswith("no difference")


def test_one_changed_item_moves_a_judgment_and_verify_names_it(
    copy: Path, record: Assessment
) -> None:
    write_record(record, copy / "out")
    path = copy / "evidence.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("- id: suspension")
    rating = "enforcement: {vigorous: [0.75, 0.90], compensated: [0.65, 0.85]"
    assert rating in text[start : start + 1000]
    changed = "enforcement: {vigorous: [0.05, 0.10], compensated: [0.05, 0.10]"
    path.write_text(text[:start] + text[start:].replace(rating, changed, 1), encoding="utf-8")
    found = verify(copy)
    parts = [each.part for each in found.differences]
    assert not found.holds
    assert parts[0] == "judgment"
    assert {"judgment", "weighing"} <= set(parts)
    assert "suspension" in found.text() or "suspended all coal" in found.text()


# ---- hindsight ----


def without_inputs(record: Assessment) -> Any:
    """What a record says, without the hashes of what it was made from."""
    data = record.model_dump(mode="json")
    data["manifest"].pop("inputs")
    for finding in data["findings"]:
        finding.pop("inputs")
    return data


def test_later_flows_change_nothing(
    case: Case, record: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = running.read_sample()
    years = np.array([int(label[:4]) for label in real.period.words()])
    late = years >= case.as_of.year
    assert late.any()
    planted = replace(real, value_usd=np.where(late, 100 * real.value_usd + 1e9, real.value_usd))
    monkeypatch.setattr(running, "read_sample", lambda: planted)
    assert without_inputs(run(case)) == without_inputs(record)


def test_later_facts_change_nothing(
    case: Case, record: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = running.read_facts(case.target)
    items = tuple(
        fact if fact.available <= case.as_of else fact.model_copy(update={"value": 1e6})
        for fact in real
    )
    assert items != real.items
    monkeypatch.setattr(running, "read_facts", lambda _: replace(real, items=items))
    assert without_inputs(run(case)) == without_inputs(record)


def test_later_law_changes_nothing(
    case: Case, record: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = running.regime_of(case)
    kept = tuple(each for each in real.instruments if each.adopted <= case.as_of)
    assert len(kept) < len(real.instruments)
    planted = real.model_copy(update={"instruments": kept})
    monkeypatch.setattr(running, "regime_of", lambda _: planted)
    assert without_inputs(run(case)) == without_inputs(record)


def test_a_later_document_is_refused(copy: Path) -> None:
    path = copy / "sources/sources.yaml"
    with path.open("a", encoding="utf-8") as file:
        file.write(
            "- id: hindsight\n  type: report\n  title: What happened next\n"
            "  issued: 2017-09-05\n  outlet: unsc\n"
        )
    with pytest.raises(CaseError, match=r"sources\.yaml:\d+: .*2017-09-05, after the as-of date"):
        load(copy)


def test_nothing_in_the_record_is_dated_after_the_case(record: Assessment, case: Case) -> None:
    later = [source.id for source in record.sources if source.issued > case.as_of]
    vintages = {source.id for source in case.evidence.sources if source.is_later_vintage}
    assert set(later) <= vintages
    assert all(event.on <= case.as_of for event in record.events)
    for room, period in _periods(record):
        assert period <= str(case.as_of), (room, period)


def _periods(record: Assessment) -> Iterator[tuple[str, str]]:
    """Years, months and days in the tables of what was traded."""
    for finding in record.findings:
        if finding.room != "trade" or finding.grid is None:
            continue
        for column in finding.grid.columns:
            if column.key in ("period", "year", "month"):
                yield from ((finding.id, str(cell)) for cell in finding.grid.column(column.key))
