"""The commands of evidence and assess do what their Python calls do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from tumen.assess import Assessment
from tumen.cli.assess import assess
from tumen.cli.evidence import evidence
from tumen.core.record import canonical_json


@pytest.fixture
def case(project: Path) -> str:
    return str(project / "cases" / "dprk-2017-backfill")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A record with one judgment and nothing else."""
    chance = {"value": 0.7, "low": 0.6, "high": 0.75, "unit": "probability", "basis": "judged"}
    judgment = {
        "id": "J1",
        "statement": "coal is sold",
        "flow": "none",
        "probability": chance,
        "word": "likely",
        "confidence": {
            "level": "low",
            "reason": "one source",
            "components": [
                {"name": "x", "level": "low", "reason": "one source", "is_critical": True}
            ],
        },
        "resolution": {"quantity": "tonnes", "source": "customs", "by": "2018-12-31"},
        "hypotheses": "coal",
        "rests_on": [],
        "would_change": [],
    }
    empty = "weighings findings options rival_views assumptions gaps events sources caveats".split()
    data = {
        "case_id": "coal",
        "title": "Coal",
        "question": "Is coal sold?",
        "as_of": "2017-08-31",
        "horizon": "2018-12-31",
        "actors": {},
        "headline": "It is.",
        "judgments": [judgment],
        "manifest": {"case_sha256": "", "seed": 1, "inputs": [], "versions": {}},
        **{name: [] for name in empty},
    }
    path = tmp_path / "assessment.json"
    path.write_text(canonical_json(Assessment.model_validate(data)), encoding="utf-8")
    return path


def run(group, *words: str) -> str:
    result = CliRunner().invoke(group, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_weigh_prints_hypotheses_items_and_what_would_flip_them(case):
    text = run(evidence, "weigh", case)
    assert "hypothesis" in text
    assert "- watch:" in text
    sets = json.loads(run(evidence, "weigh", case, "--json"))
    for weighing in sets:
        total = sum(each["posterior"]["value"] for each in weighing["hypotheses"])
        assert total == pytest.approx(1, abs=1e-12)


def test_find_and_sources_print_the_same_things_as_json(case):
    findings = json.loads(run(evidence, "find", case, "--json"))
    assert findings[0]["sentence"] in run(evidence, "find", case)
    sources = json.loads(run(evidence, "sources", case, "--json"))
    assert len(run(evidence, "sources", case).splitlines()) == len(sources) + 1


def test_lint_prints_places_and_questions(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("Talks have stalled recently (Lee 2018).", encoding="utf-8")
    assert run(evidence, "lint", str(path)).startswith("28: orphan citation: ")
    assert len(json.loads(run(evidence, "lint", str(path), "--json"))) == 2


def test_judgments_and_confidence_of_a_record(record):
    assert "It is likely (60-75 %) that coal is sold." in run(assess, "judgments", str(record))
    assert "one source" in run(assess, "confidence", str(record))
    assert run(assess, "compare", str(record), str(record)) == "no difference\n"
    assert run(assess, "word", "0.48", "0.71") == "between roughly even chance and likely\n"


def test_a_forecast_is_kept_settled_and_scored(record, tmp_path):
    ledger = str(tmp_path / "forecasts.jsonl")
    run(assess, "forecast", ledger, str(record), "--on", "2017-09-01")
    run(assess, "settle", ledger, "coal.J1", "yes", "--source", "customs", "--on", "2019-01-23")
    found = json.loads(run(assess, "score", ledger, "--json"))
    assert found["brier"] == pytest.approx(0.09)
    assert "likely" in run(assess, "score", ledger)


def test_lint_reads_no_device_and_no_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in ("/dev/zero", str(tmp_path / "pipe"), str(tmp_path)):
        done = CliRunner().invoke(evidence, ["lint", path])
        assert "this is no file" in str(done.exception)
