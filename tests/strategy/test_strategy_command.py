"""The command group `tumen strategy`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tumen.cli.app import main
from tumen.strategy.parameters import PARAMETERS, parameters_table


def called(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(words)
    out, err = capsys.readouterr()
    code = left.value.code
    assert isinstance(code, int)
    return code, out, err


@pytest.fixture
def case(project: Path) -> str:
    return str(project / "cases" / "dprk-2017-backfill")


def test_the_outlook_prints_what_drives_it(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = called(["strategy", "outlook", case], capsys)
    assert code == 0
    assert "driven by" in out
    assert "No source fixes the weights" in out


def test_json_is_what_the_call_returns(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = called(["strategy", "outlook", case, "--json"], capsys)
    assert code == 0
    found = json.loads(out)
    assert found[0]["id"] == "strategy.enforcement"
    assert found[0]["estimate"]["low"] < found[0]["estimate"]["high"]


def test_another_day_opens_other_plans(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["strategy", "outlook", case, "--table", "plans", "--json", "--on"]
    early = json.loads(called([*words, "2017-08-01"], capsys)[1])
    late = json.loads(called([*words, "2017-08-02"], capsys)[1])
    played = [
        sum(row[1] is not None for row in found[0]["grid"]["rows"]) for found in (early, late)
    ]
    assert played[1] == played[0] + 1


def test_an_unknown_table_names_the_nearest(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = called(["strategy", "outlook", case, "--table", "plns"], capsys)
    assert code == 2
    assert "did you mean plans" in err


def test_the_parameters_are_listed_and_the_page_prints_the_same(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = called(["strategy", "parameters", "--json"], capsys)
    assert code == 0
    assert len(json.loads(out)) == len(PARAMETERS)
    page = (project / "docs/reference/strategy-parameters.md").read_text(encoding="utf-8")
    assert parameters_table() in page


def test_the_game_is_exported(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "game.efg"
    code, _, _ = called(["strategy", "export", case, str(path)], capsys)
    assert code == 0
    assert path.read_text().startswith("EFG 2 R")
    code, _, err = called(["strategy", "export", case, str(tmp_path / "game.txt")], capsys)
    assert code == 3
    assert ".nfg or .efg" in err
    code, _, err = called(["strategy", "export", case, str(path), "--plan", "bth"], capsys)
    assert code == 2
    assert "did you mean both" in err


@pytest.fixture
def relief(project: Path) -> str:
    return str(project / "cases" / "dprk-2018-relief")


def test_one_game_of_several_is_played(relief: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = called(["strategy", "outlook", relief, "--game", "coalition", "--json"], capsys)
    assert code == 0
    assert {item["id"].split("-")[0] for item in json.loads(out)} == {"strategy.coalition"}
    words = ["strategy", "outlook", relief, "--game", "roadmap", "--table", "verification"]
    code, out, _ = called(words, capsys)
    assert code == 0
    assert "The IAEA" in out


def test_a_game_that_the_case_has_not_is_refused(
    relief: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (
        ["strategy", "outlook", relief, "--game", "enforcement"],
        ["strategy", "export", relief, str(tmp_path / "game.efg")],
    ):
        code, _, err = called(words, capsys)
        assert code == 2
        assert "no game 'enforcement'" in err
        assert "roadmap, sincerity, coalition" in err
