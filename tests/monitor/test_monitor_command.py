"""The command of the room."""

from __future__ import annotations

import json

import pytest

from tumen.cli.app import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    shown = capsys.readouterr()
    return int(left.value.code or 0), shown.out, shown.err


def test_the_whole_record_is_shown_without_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "monitor", "--product", "2701")
    assert code == 0
    assert "Estimated by others" in out
    assert "no proof of compliance" in out


def test_a_day_cuts_what_came_later(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "monitor", "--product", "2701", "--as-of", "2017-08-31", "--json")
    found = {one["id"]: one["sentence"] for one in json.loads(out)}
    assert "had been released by 2017-08-31" in found["monitor.compliance.CHN.2701"]
    assert "Panel" not in out


def test_one_table_as_csv(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "monitor", "--table", "residuals.CHN", "--csv")
    lines = out.splitlines()
    assert lines[0] == "product,period,value_musd,word,clause,days"
    assert lines[1].startswith("graphite,2018,4.794393,")


@pytest.mark.parametrize(
    ("table", "head", "title"),
    [
        (
            "compliance.CHN",
            "product,banned_from,before_musd,of_ban_musd,after_musd,estimated,unknown",
            "Recorded after, a year (MUSD)",
        ),
        (
            "backfill.CHN.RUS",
            "product,fall_musd,change_musd,share,all_share",
            "Share taken over by all  ",
        ),
        (
            "compensation.CHN.2701",
            "what,change_share,before,after,series",
            "Change on the year (share)",
        ),
        ("quality", "flag,rows,meaning", "Rows"),
    ],
)
def test_the_head_of_a_number_names_its_unit(
    capsys: pytest.CaptureFixture[str], table: str, head: str, title: str
) -> None:
    _, out, _ = run(capsys, "monitor", "--table", table, "--csv")
    assert out.splitlines()[0] == head
    _, out, _ = run(capsys, "monitor", "--table", table)
    assert title in f"{out.splitlines()[2]}  "


def test_a_count_is_a_whole_number(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "monitor", "--table", "quality", "--csv")
    assert out.splitlines()[1].startswith("sibling swap,97,")


def test_a_case_brings_its_own_section_and_day(capsys: pytest.CaptureFixture[str], project) -> None:  # type: ignore[no-untyped-def]
    case = project / "cases" / "dprk-2017-backfill"
    if not (case / "case.yaml").is_file():
        pytest.skip("the example case is not here")
    code, out, _ = run(capsys, "monitor", str(case))
    assert code == 0
    assert "released by 2017-08-31" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--table", "residual.CHN"), "did you mean residuals.CHN"),
        (("--csv",), "--table compliance.CHN"),
        (("--sender", "CNH"), "CHN"),
    ],
)
def test_a_wrong_word_is_the_callers_error(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    code, _, error = run(capsys, "monitor", *words)
    assert code == 2
    assert message in error
