"""Files of transactions; what the law says in a case."""

from __future__ import annotations

import csv
import random
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from tumen import regime
from tumen.core.errors import CaseError, DataError
from tumen.regime import Regime, Spec
from tumen.regime.flags import FLAGS
from tumen.regime.rules import MeasureKind
from tumen.regime.services import SERVICES


@pytest.fixture(scope="module")
def un() -> Regime:
    return regime.load("UN-1718")


HEADER = "exporter,importer,product,on,contract_date,livelihood,parties\n"


def ruled(
    un: Regime, tmp_path: Path, text: str
) -> tuple[regime.batch.BatchResult, list[dict[str, str]]]:  # type: ignore[name-defined]
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(text.encode("utf-8", errors="surrogateescape"))
    result = regime.rule_csv(un, source, out)
    with out.open(encoding="utf-8", newline="") as file:
        return result, list(csv.DictReader(file))


def test_every_row_gets_verdict_reason_and_line(un: Regime, tmp_path: Path) -> None:
    result, rows = ruled(
        un,
        tmp_path,
        HEADER
        + "PRK,CHN,270112,2017-09-05,,,\n"
        + "PRK,CHN,260111,2017-08-20,2017-07-01,,\n"
        + "PRK,CHN,270112,2016-06-01,,no,\n"
        + "PRK,RUS,670420,2017-09-05,,,Foreign Trade Bank; Somebody\n",
    )
    assert [row["verdict"] for row in rows] == [
        "prohibited",
        "wind_down",
        "prohibited",
        "prohibited",
    ]
    assert [row["line"] for row in rows] == ["2", "3", "4", "5"]
    assert all(row["reason"] for row in rows)
    assert result.rows == sum(result.verdicts.values()) == 4


def test_bad_rows_keep_their_place_and_their_reason(un: Regime, tmp_path: Path) -> None:
    result, rows = ruled(
        un,
        tmp_path,
        HEADER
        + "PRK,CHN,270112,2017-09-05,,,\n"
        + "PKR,CHN,2701,2017-09-05,,,\n"
        + "PRK,CHN\n"
        + "PRK,CHN,270112,2017-02-30,,,\n"
        + "PRK,PRK,270112,2017-02-03,,,\n"
        + "PRK,CHN,270112,2017-09-05,,perhaps,\n"
        + 'PRK,CHN,"270112,2017-09-05,,,\n'
        + "PRK,CHN,610910,2017-10-05,,,\n",
    )
    assert result.rows == len(rows)
    assert {line for line, _ in result.bad} >= {3, 4, 5, 6, 7}
    assert "is no country code; hint: did you mean PRK" in rows[1]["error"]
    assert "cells instead of" in rows[2]["error"]
    assert "no day" in rows[3]["error"]
    assert rows[0]["verdict"] == "prohibited"
    assert rows[0]["error"] == ""


def test_an_unknown_column_is_named(un: Regime, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="did you mean importer"):
        ruled(un, tmp_path, "exporter,imporder,product,on\nPRK,CHN,270112,2017-09-05\n")
    with pytest.raises(DataError, match="'on' is missing"):
        ruled(un, tmp_path, "exporter,importer,product\nPRK,CHN,270112\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "this is no file"), ("", "the file is empty"), ("a" * 200_000, "is no CSV")],
)
def test_what_is_no_table_is_refused(
    un: Regime, tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "in.csv"
    if content is None:
        path.mkdir()
    else:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        regime.rule_csv(un, path, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_noise_is_never_lost_and_never_crashes(un: Regime, tmp_path: Path) -> None:
    rng = random.Random(3)
    good = b"PRK,CHN,270112,2017-09-05,,,"
    for _ in range(40):
        lines = [
            good,
            bytes(rng.randrange(32, 256) for _ in range(rng.randint(1, 60))).replace(b'"', b""),
        ]
        rng.shuffle(lines)
        source, out = tmp_path / "noise.csv", tmp_path / "noise-out.csv"
        source.write_bytes(HEADER.encode() + b"\n".join(lines) + b"\n")
        result = regime.rule_csv(un, source, out)
        assert result.verdicts.get("prohibited") == 1
        assert result.rows == 1 + len(result.bad)


def test_an_open_quote_is_reported_from_its_first_line(un: Regime, tmp_path: Path) -> None:
    good = "PRK,CHN,270112,2017-09-05,,,\n"
    result, rows = ruled(un, tmp_path, HEADER + good + 'PRK,CHN,"270112,2017-09-05,,,\n' + good * 3)
    assert result.rows == len(rows) == 2
    ((line, reason),) = result.bad
    assert line == 3
    assert "lines 3 to 6: is a quote left open?" in reason


def test_ruling_a_file_never_replaces_it_and_leaves_no_half_output(
    un: Regime, tmp_path: Path
) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    text = "exporter,importer,product,on\n" + "PRK,CHN,270112,2017-09-05\n" * 2000
    source.write_text(text)
    with pytest.raises(CaseError, match="would replace the input"):
        regime.rule_csv(un, source, tmp_path / "." / "in.csv")
    assert source.read_text() == text
    out.write_text("old")

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        regime.rule_csv(un, source, out, progress=stop)
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


# Findings -------------------------------------------------------------------------------------

SPEC = Spec.model_validate(
    {
        "checks": [
            {"label": "Coal to China", "exporter": "PRK", "importer": "CHN", "product": "270112"},
            {
                "label": "Iron ore to China",
                "exporter": "PRK",
                "importer": "CHN",
                "product": "260111",
            },
            {"label": "Shirts to China", "exporter": "PRK", "importer": "CHN", "product": "610910"},
            {"label": "New permits", "exporter": "PRK", "importer": "RUS", "service": "labour_new"},
        ]
    }
)
AS_OF = date(2017, 8, 31)


def test_findings_show_three_lines_of_law_side_by_side(un: Regime) -> None:
    found = {f.id: f for f in regime.find(SPEC, regime=un, target="PRK", as_of=AS_OF)}
    table = found["regime.prohibited-today"].grid
    assert table is not None
    assert found["regime.prohibited-today"].rank == 0
    assert table.column("UN") == [
        "prohibited",
        "undetermined",
        "permitted",
        "allowed under conditions",
    ]
    assert table.column("CHN")[:2] == ["undetermined", "undetermined"]
    assert table.column("USA")[0] == "exposed to designation"
    assert table.column("paragraph")[0] == "S/RES/2371 (2017), paragraph 8"


def test_findings_hold_nothing_that_came_later(un: Regime) -> None:
    later = ("2375", "2397", "13810", "52/2017", "4/2018", "2017-484", "14 October", "2018", "2019")
    for finding in regime.find(SPEC, regime=un, target="PRK", as_of=AS_OF):
        text = finding.model_dump_json(exclude={"inputs"})
        assert not [word for word in later if word in text], finding.id


def test_the_strip_has_a_verdict_for_every_row_and_month(un: Regime) -> None:
    found = {f.id: f for f in regime.find(SPEC, regime=un, target="PRK", as_of=AS_OF)}
    strip = found["regime.strip"]
    assert strip.grid is not None
    assert strip.figure is not None
    assert strip.figure.kind == "strip"
    cells = {(row[0], row[1]): row[2] for row in strip.grid.rows}
    assert len(cells) == len(strip.grid.rows) == 3 * 19
    assert cells["Coal to China", "2017-07"] == "allowed under conditions"
    assert cells["Coal to China", "2017-08"] == "prohibited"
    assert "Coal to China and Iron ore to China from August 2017" in strip.sentence


def test_lags_are_those_known_on_the_day(un: Regime) -> None:
    found = {f.id: f for f in regime.find(SPEC, regime=un, target="PRK", as_of=AS_OF)}
    table = found["regime.lag"].grid
    assert table is not None
    assert max(str(day) for day in table.column("issued")) <= "2017-08-31"
    assert 303.0 in table.column("days")
    assert 318.0 not in table.column("days")


def test_every_finding_defends_itself(un: Regime) -> None:
    for finding in regime.find(SPEC, regime=un, target="PRK", as_of=AS_OF):
        assert finding.method
        assert finding.caveats
        assert [source.sha256 for source in finding.inputs] == [un.sha256]


def test_a_line_that_the_regime_lacks_is_named(un: Regime) -> None:
    spec = SPEC.model_copy(update={"lines": ("UN", "CHM")})
    with pytest.raises(CaseError, match="did you mean CHN"):
        regime.find(spec, regime=un, target="PRK", as_of=AS_OF)


def test_a_check_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a product"):
        Spec.model_validate(
            {"checks": [{"label": "Nothing", "exporter": "PRK", "importer": "CHN"}]}
        )


def test_the_reference_page_lists_every_fact_service_and_kind(project: Path) -> None:
    text = (project / "docs" / "reference" / "regime-files.md").read_text(encoding="utf-8")
    for word in (*FLAGS, *SERVICES, *get_args(MeasureKind)):
        assert f"`{word}`" in text, word


def test_what_is_compiled_without_a_line_is_the_leading_one() -> None:
    cap = regime.load("RUS-OIL-CAP")
    assert {row.line for row in regime.compile_intervals(cap, codes=["270900"])} == {"EU"}
    assert regime.restrict(cap, on="2023-01-31", codes=["270900"]).banned.tolist() == [1.0]
