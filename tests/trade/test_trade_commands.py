"""The commands of the room: what they print is what the Python call returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tumen.cli.app import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    shown = capsys.readouterr()
    return int(left.value.code or 0), shown.out, shown.err


def test_show_prints_a_table_with_its_origin(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "trade", "show", "--exporter", "PRK", "--importer", "CHN", "--product", "2701",
        "--since", "2016", "--until", "2018",
    )  # fmt: skip
    assert code == 0
    assert "1,182,867,060" in out
    assert "CEPII BACI" in out


def test_show_as_json_and_as_csv_agree(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("trade", "show", "--exporter", "PRK", "--product", "27", "--by", "importer", "--by",
             "product", "--digits", "4", "--as-of", "2017-08-31")  # fmt: skip
    _, as_json, _ = run(capsys, *words, "--json")
    _, as_csv, _ = run(capsys, *words, "--csv")
    rows = json.loads(as_json)["rows"]
    lines = as_csv.splitlines()
    assert lines[0] == "importer,product,value_usd,quantity_t,rows"
    assert len(lines) == len(rows) + 1
    assert lines[1].startswith(f"{rows[0]['importer']},{rows[0]['product']},")
    assert any("later vintage" in caveat for caveat in json.loads(as_json)["caveats"])


def test_facts_cut_by_day(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("trade", "facts", "PRK", "--product", "2701", "--json")
    _, whole, _ = run(capsys, *words)
    _, known, _ = run(capsys, *words, "--as-of", "2017-08-31")
    assert len(json.loads(known)) < len(json.loads(whole))
    assert all(fact["period"] < "2017-08" for fact in json.loads(known))


def test_import_and_show_of_a_store(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS92_Y2016_V202401b.csv"
    path.write_text("t,i,j,k,v,q\n2016,408,156,270111,1.5,2\n", encoding="utf-8")
    store = str(tmp_path / "store")
    code, out, _ = run(capsys, "trade", "import", "baci", str(path), "--store", store)
    assert code == 0
    assert "1 year entered" in out
    _, shown, _ = run(capsys, "trade", "show", "--store", store, "--exporter", "PRK", "--csv")
    assert shown.splitlines()[1] == "2016,1500.0,2.0,1"


def test_the_world_table_says_how_well_it_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "trade", "world", "--json")
    world = json.loads(out)
    assert len(world["regions"]) == 32
    assert max(world["gaps"].values()) < 1e-12
    assert world["value_added_musd"]["USA"] > world["value_added_musd"]["CHN"] > 1e7


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("trade", "show", "--exporter", "PKR"), 2, "did you mean PRK"),
        (("trade", "show", "--since", "20x6"), 2, "no period"),
        (("trade", "facts", "PKR"), 2, "did you mean PRK"),
        (("trade", "import", "baci", "x.csv"), 3, "keep CEPII's name"),
        (("trade", "world", "--file", "absent.whl"), 3, "no such file"),
        (("trade", "show", "--imported", "--store", "nowhere"), 3, "tumen trade import"),
    ],
)
def test_errors_leave_with_their_code(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, message: str
) -> None:
    found, _, error = run(capsys, *words)
    assert found == code
    assert message in error


def test_a_customs_table_is_summed_by_its_layout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, layout = tmp_path / "imports.csv", tmp_path / "layout.yaml"
    table.write_text("Origin,HS,Month,USD\nPRK,270111,201708,5\nMNG,270112,201708,7\n")
    layout.write_text(
        "reporter: CHN\nvintage: HS2017\nalways: {flow: imports}\n"
        "columns: {partner: Origin, product: HS, period: Month, value: USD}\n"
    )
    ask = ("trade", "show", "--file", str(table), "--by", "exporter", "--csv")
    code, out, _ = run(capsys, *ask, "--layout", str(layout))
    assert code == 0
    assert out.splitlines()[1:] == ["MNG,7.0,0.0,1", "PRK,5.0,0.0,1"]
    code, _, error = run(capsys, *ask)
    assert code == 3
    assert "columns are missing" in error
    code, _, error = run(capsys, "trade", "show", "--layout", str(layout))
    assert code == 2
    assert "add --file" in error
