"""tumen regime: rulings, changes, lags, caps, intervals and audits from a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tumen.cli.app import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["regime", *words])
    shown = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, shown.out, shown.err


COAL = ("--exporter", "PRK", "--importer", "CHN", "--product", "270112")


def test_rule_shows_verdict_paragraph_and_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "rule", *COAL, "--on", "2017-08-20")
    assert code == 0
    words = " ".join(out.split())  # lines break at the width of the terminal
    assert "prohibited by S/RES/2371 (2017), paragraph 8" in words
    assert "CHN Undetermined" in words
    assert "no other origin than PRK is stated" in words


def test_rule_as_json_is_the_ruling(capsys: pytest.CaptureFixture[str]) -> None:
    from tumen.regime import Ruling

    code, out, _ = run(capsys, "rule", *COAL, "--on", "2016-06-01", "--yes", "livelihood", "--json")
    assert code == 0
    ruling = Ruling.model_validate(json.loads(out))
    assert ruling.verdict == "undetermined"
    assert len(ruling.needs) == 1


def test_rule_takes_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source, out_path = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "exporter,importer,product,on\nPRK,CHN,270112,2017-09-05\nPRK,CHN,2,2017-09-05\n"
    )
    code, out, _ = run(capsys, "rule", "--file", str(source), "--out", str(out_path))
    assert code == 3
    assert "2 rows" in out
    assert "Line 3: " in out
    assert len(list(csv.reader(io.StringIO(out_path.read_text())))) == 3


def test_a_file_without_bad_rows_leaves_with_0(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = tmp_path / "in.csv"
    source.write_text("exporter,importer,product,on\nPRK,CHN,270112,2017-09-05\n")
    assert run(capsys, "rule", "--file", str(source))[0] == 0
    names = tmp_path / "names.csv"
    names.write_text("name\nFoo Bar\n")
    assert run(capsys, "screen", "--file", str(names), "--as-of", "2018-01-01")[0] == 0


def test_names_that_cannot_be_screened_leave_with_3(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    names, out_path = tmp_path / "names.csv", tmp_path / "out.csv"
    names.write_text("name\nFoo Bar\n???\n")
    words = ("screen", "--file", str(names), "--out", str(out_path), "--as-of", "2018-01-01")
    assert run(capsys, *words)[0] == 3
    assert len(out_path.read_text().splitlines()) == 3


def test_a_ruling_reads_as_sentences_without_raw_names() -> None:
    from tumen.regime import load, rule

    un = load("UN-1718")
    facts: dict[str, Any] = {
        "exporter": "PRK",
        "importer": "CHN",
        "product": "270112",
        "on": "2017-08-20",
    }
    text = rule(un, parties=["Somebody"], **facts).text(80)
    assert max(map(len, text.splitlines())) <= 80
    assert not [name for name, _, _ in un.measures() if name in text]
    starts = [line.strip()[0] for line in text.splitlines() if line[:6].strip()]
    assert "".join(starts).upper() == "".join(starts) or "'" in starts
    labour = rule(un, exporter="PRK", importer="RUS", service="labour_new", on="2017-10-01")
    assert "labour_new" not in labour.text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("rule", *COAL), 2, "--on is missing"),
        (("rule", *COAL, "--on", "2017-09-31"), 2, "is no day"),
        (("rule", *COAL, "--on", "2017-09-05", "--yes", "livelyhood"), 3, "livelihood"),
        (("rule", *COAL, "--on", "2017-09-05", "--regime", "UN-1781"), 2, "UN-1718"),
        (("caps", "--measure", "un.2397.refinde"), 3, "un.2397.refined"),
        (("diff", "2017-09-05", "2017-09-01"), 3, "earlier day first"),
        (("compile",), 2, "nothing to compile"),
        (("compile", "--codes", "no-such-file"), 2, "cannot be read"),
    ],
)
def test_a_wrong_call_says_what_to_do(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, message: str
) -> None:
    ended, _, err = run(capsys, *words)
    assert ended == code
    assert message in err


def test_diff_lag_caps_and_audit_print_their_tables(capsys: pytest.CaptureFixture[str]) -> None:
    _, changes, _ = run(capsys, "diff", "2017-08-04", "2017-08-05", "--line", "UN")
    assert "Lead and lead ore exports banned" in changes
    _, lags, _ = run(capsys, "lag")
    assert "303" in lags
    _, caps, _ = run(capsys, "caps", "--measure", "un.2397.refined", "--as-of", "2020-12-31")
    assert "320.0%" in caps
    assert "21.2%" in caps
    assert "2024" not in caps
    _, audit, _ = run(capsys, "audit", "--status", "recalled")
    assert "un.2371.lead" in audit
    assert "recalled" in audit.splitlines()[2]


def test_compile_prints_intervals_and_shares(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    codes = tmp_path / "codes.txt"
    codes.write_text("270112\n610910\n")
    _, out, _ = run(capsys, "compile", "--codes", str(codes))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows[-1] == {
        "hs6": "610910",
        "flow": "from_target",
        "from": "2017-09-11",
        "to": "",
        "kind": "ban",
        "measure": "un.2375.textiles",
        "line": "UN",
        "coverage": "full",
    }
    _, shares, _ = run(capsys, "compile", "--codes", str(codes), "--on", "2017-09-05")
    assert [row["banned"] for row in csv.DictReader(io.StringIO(shares))] == ["1.0", "0.0"]


PAGES = (
    "rule-a-transaction",
    "screen-names",
    "compare-days-and-states",
    "follow-a-cap",
    "compile-restrictions",
    "audit-the-library",
)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_run_in_an_empty_folder(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    project: Path,
    page: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (project / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")
    called = 0
    for head, body in re.findall(r"^```([^\n]*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        titled = re.search(r'title="([\w.-]+)"', head)
        if titled:
            Path(titled[1]).write_text(body, encoding="utf-8")
        for line in body.splitlines() if not head else []:
            words = shlex.split(line.partition(" > ")[0])
            assert words[:2] == ["tumen", "regime"], line
            code, out, err = run(capsys, *words[2:])
            assert (code, err) == (0, ""), line
            assert out
            called += 1
    assert called
