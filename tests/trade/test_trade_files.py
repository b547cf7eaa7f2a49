"""Files of others: the OECD's wide table and UN Comtrade's answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tumen import trade
from tumen.core.errors import DataError
from tumen.numerics.tolerance import assert_close

PLACES = ("AUS", "CN1", "CN2", "PRK", "ROW")
KINDS = ("B05", "C19")
FINALS = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")


def icio_text(*, seed: int = 1, places: tuple[str, ...] = PLACES) -> tuple[str, np.ndarray]:
    """A table of the OECD's layout whose final-use columns stand per country, with totals."""
    random = np.random.default_rng(seed)
    users = [f"{place}_{kind}" for place in places for kind in KINDS]
    finals = [
        f"{place}_{kind}" for place in places if place not in ("CN1", "CN2") for kind in FINALS
    ]
    finals += [f"CHN_{kind}" for kind in FINALS] if "CN1" in places else []
    cells = random.integers(0, 100, (len(users), len(users) + len(finals))).astype(float)
    inputs = cells[:, : len(users)].sum(axis=0)
    output = cells.sum(axis=1)
    lines = [",".join(["V1", *users, *finals, "OUT"])]
    for label, row, total in zip(users, cells, output, strict=True):
        lines.append(",".join([label, *map(repr, row.tolist()), repr(float(total))]))
    blank = ["0"] * len(finals)
    lines.append(",".join(["TLS", *["1"] * len(users), *blank, "0"]))
    lines.append(",".join(["VA", *map(repr, (output - inputs - 1).tolist()), *blank, "0"]))
    lines.append(",".join(["OUT", *map(repr, output.tolist()), *blank, "0"]))
    return "\n".join(lines) + "\n", cells


def write_icio(folder: Path, text: str, name: str = "2020_SML.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_icio_file_keeps_final_use_by_importer_and_sums_split_countries(
    tmp_path: Path,
) -> None:
    text, cells = icio_text()
    table = trade.read_icio(write_icio(tmp_path, text))
    assert table.year == 2020
    assert table.regions.labels[-1] == "ROW"
    assert set(table.regions) == {"AUS", "CHN", "PRK", "ROW"}
    # Rows 2 and 4 are the coal rows of CN1 and CN2; columns 0 and 1 the users of AUS.
    assert table.intermediate.at(
        exporter="CHN", input_sector="B05", importer="AUS", using_sector="C19"
    ) == pytest.approx(cells[2, 1] + cells[4, 1])
    assert table.intermediate.at(
        exporter="AUS", input_sector="B05", importer="CHN", using_sector="C19"
    ) == pytest.approx(cells[0, 3] + cells[0, 5])
    assert table.final_use_by_importer is not None
    assert_close(table.intermediate.values.sum() + table.final_use.values.sum(), cells.sum(),
                 "identity")  # fmt: skip
    assert max(table.gaps().values()) < 1e-12


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("PRK_B05", "PKR_B05"), "'PKR' is no country code"),
        (lambda text: text.replace("V1,AUS_B05", "V1,Australia"), "no label CCC_SSS"),
        (lambda text: "\n".join(text.split("\n")[:5]), "rows of"),
        (lambda text: text.replace("AUS_C19,", "AUS_C19,x", 1).replace("\nAUS_C19,", "\nAUS_C19,x"),
         "no label|no number"),
        (lambda text: text.replace("\nPRK_B05,", "\nPRK_B05,1.0,"), "cells, the head"),
        (lambda text: text.replace("\nROW_C19,", "\nROW_Z99,"), "no column of its own"),
        (lambda text: text.split("\n")[0].replace("HFCE", "XXXX"), "rows of"),
    ],
)  # fmt: skip
def test_a_broken_icio_file_is_refused_with_its_line(
    tmp_path: Path,
    change,
    message: str,  # type: ignore[no-untyped-def]
) -> None:
    text, _ = icio_text()
    with pytest.raises(DataError, match=message):
        trade.read_icio(write_icio(tmp_path, change(text)))


def test_an_icio_file_whose_output_is_not_the_sum_of_its_uses_is_refused(tmp_path: Path) -> None:
    text, _ = icio_text()
    lines = text.split("\n")
    lines[1] = lines[1].rpartition(",")[0] + ",1.0"
    with pytest.raises(DataError, match="differ from stated output"):
        trade.read_icio(write_icio(tmp_path, "\n".join(lines)))


def test_the_year_must_be_known(tmp_path: Path) -> None:
    text, _ = icio_text()
    path = write_icio(tmp_path, text, "table.csv")
    with pytest.raises(DataError, match="no year"):
        trade.read_icio(path)
    assert trade.read_icio(path, year=2018).year == 2018


def record(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "period": "2017", "reporterISO": "CHN", "flowCode": "M", "partnerISO": "PRK",
        "cmdCode": "270111", "primaryValue": 409468452.0, "netWgt": 4.8e9, "motCode": 0,
        "customsCode": "C00", "partner2Code": 0, "classificationCode": "H5",
        "isNetWgtEstimated": False,
    }  # fmt: skip
    return given | changes


def write_json(folder: Path, records: list[dict[str, object]]) -> Path:
    path = folder / "answer.json"
    path.write_text(json.dumps({"elapsedTime": "0.1", "count": 1, "data": records}))
    return path


def test_a_comtrade_answer_keeps_totals_of_single_countries(tmp_path: Path) -> None:
    kept = [
        record(),
        record(flowCode="X", partnerISO="KOR", netWgt=0),
        record(period="201708", isNetWgtEstimated=True),
        record(partnerISO="S19", cmdCode="260111"),
    ]
    dropped = [
        record(motCode=2100),
        record(customsCode="C01"),
        record(partner2Code=156),
        record(partnerISO="W00"),
        record(cmdCode="2701"),
        record(cmdCode="TOTAL"),
        record(flowCode="RX"),
    ]
    flows = trade.read_comtrade(write_json(tmp_path, kept + dropped))
    rows = {(row.exporter, row.importer, row.product, row.period): row for row in flows.rows()}
    assert set(rows) == {
        ("PRK", "CHN", "270111", "2017"),
        ("CHN", "KOR", "270111", "2017"),
        ("PRK", "CHN", "270111", "2017-08"),
        ("TWN", "CHN", "260111", "2017"),
    }
    coal = rows["PRK", "CHN", "270111", "2017"]
    assert (coal.quantity, coal.unit, coal.reporter) == (4.8e9, "kg", "CHN")
    assert rows["CHN", "KOR", "270111", "2017"].quantity is None
    assert rows["PRK", "CHN", "270111", "2017-08"].quantity is None
    assert flows.vintage == "HS2017"
    assert sum(" left out: " in caveat for caveat in flows.caveats) == 4
    headings = trade.read_comtrade(write_json(tmp_path, kept + dropped), digits=4)
    assert [row.product for row in headings.rows()] == ["2701"]


def test_a_missing_pair_of_an_answer_is_unknown_and_not_zero(tmp_path: Path) -> None:
    flows = trade.read_comtrade(write_json(tmp_path, [record(), record(partnerISO="RUS")]))
    ask = {"product": "2701", "period": "2017"}
    assert flows.recorded(exporter="PRK", importer="CHN", **ask) == 409468452.0
    assert flows.recorded(exporter="PRK", importer="RUS", **ask) is None


def test_a_comtrade_csv_gives_the_same_flows(tmp_path: Path) -> None:
    one = record()
    path = tmp_path / "answer.csv"
    path.write_text(
        ",".join(one) + "\n" + ",".join(str(value) for value in one.values()) + "\n",
        encoding="utf-8",
    )
    other = trade.read_comtrade(write_json(tmp_path, [one]))
    assert list(trade.read_comtrade(path).rows()) == list(other.rows())


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([record(partnerISO="QQQ")], "data.0: 'QQQ' is no country code"),
        ([record(), record()], "twice"),
        ([record(), record(classificationCode="H6", period="2018")], "mixes HS revisions"),
        ([record(primaryValue="many")], "'many' is no number"),
        ([record(primaryValue=-1)], "negative"),
        ([record(primaryValue=None)], "'primaryValue' is missing"),
        ([record(period="2017-08")], "is no period"),
        ([record(cmdCode="99999X")], "is no HS code"),
    ],
)
def test_a_broken_answer_names_the_record(
    tmp_path: Path, records: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        trade.read_comtrade(write_json(tmp_path, records))


@pytest.mark.parametrize("text", ["{", "{}", '{"data": 1}', '{"data": [1]}', "a,b\n1,2\n", "\xff"])
def test_what_is_no_answer_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DataError):
        trade.read_comtrade(path)
