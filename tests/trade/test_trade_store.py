"""BACI files and the store: right codes and units, atomic, resumable, never two releases."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tumen import trade
from tumen.core.errors import DataError
from tumen.core.progress import Step
from tumen.trade import Store

CODES = """country_code,country_name,country_iso2,country_iso3
56,Belgium,BE,BEL
58,Belgium-Luxembourg (...1998),BE,BEL
156,China,CN,CHN
251,France,FR,FRA
408,Dem. People's Rep. of Korea,KP,PRK
490,"Other Asia, nes",N/A,S19
516,Namibia,NA,NAM
697,"Europe EFTA, nes",,R20
711,Southern African Customs Union (...1999),N/A,ZA1
842,USA,US,USA
"""
ROWS = """t,i,j,k,v,q
2016,408,156,270111,1182762.524,7731693.325
2016,516,842,260700,5.125,NA
2016,251,842,10190,2.000,
2016,490,156,854231,7.5,          0.25
2016,56,58,270111,1.0,2.0
2016,58,156,270111,3.0,4.0
2016,711,156,270111,9.0,1.0
2016,697,156,270111,8.0,1.0
"""


def write(folder: Path, *, year: int = 2016, rows: str = ROWS, name: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "country_codes_V202401b.csv").write_text(CODES, encoding="utf-8")
    path = folder / (name or f"BACI_HS92_Y{year}_V202401b.csv")
    path.write_text(rows.replace("2016,", f"{year},"), encoding="utf-8")
    return path


def test_codes_and_units_are_what_baci_means(tmp_path: Path) -> None:
    flows = trade.read_baci(write(tmp_path))
    assert flows.vintage == "HS1992"
    rows = {(row.exporter, row.importer, row.product): row for row in flows.rows()}
    coal = rows["PRK", "CHN", "270111"]
    assert coal.value_usd == 1182762524.0
    assert coal.quantity == pytest.approx(7731693.325)
    assert coal.unit == "t"
    assert rows["NAM", "USA", "260700"].quantity is None  # NA is missing; Namibia is not
    assert rows["FRA", "USA", "010190"].quantity is None  # blank is missing; the zero comes back
    assert rows["TWN", "CHN", "854231"].quantity == 0.25
    assert ("BEL", "BEL", "270111") in rows
    assert ("ZAF", "CHN", "270111") in rows
    assert len(flows) == 7
    assert any("no country of today: 1 row." in caveat for caveat in flows.caveats)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("2016,999,156,270111,1.0,1.0", "'999' is no country number"),
        ("2016,408,156,27011,1.0,1.0", None),
        ("2016,408,156,2701,1.0,1.0", "'2701' is no HS code"),
        ("2016,408,156,270111,-1.0,1.0", "'-1.0' is negative"),
        ("2016,408,156,270111,1.0,abc", "'abc' is no number"),
        ("2015,408,156,270111,1.0,1.0", "the year is '2015'"),
        ("2016,408,156,270111,nan,1.0", "not finite"),
    ],
)
def test_a_bad_row_names_file_and_line(tmp_path: Path, bad: str, message: str | None) -> None:
    path = write(tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write(bad + "\n")
    if message is None:
        assert len(trade.read_baci(path)) == 8
        return
    with pytest.raises(DataError) as caught:
        trade.read_baci(path)
    assert message in str(caught.value)
    assert f"{path}:10" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("baci.csv", ROWS, "keep CEPII's name"),
        ("BACI_HS93_Y2016_V202401b.csv", ROWS, "no HS revision"),
        ("BACI_HS92_Y2016_V202401b.csv", "t,i,j,k,v\n", "the columns are"),
        ("BACI_HS92_Y2016_V202401b.csv", "t,i,j,k,v,q\n2016,x,156,270111,1,1\n", "cannot be read"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, name: str, rows: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        trade.read_baci(write(tmp_path, name=name, rows=rows))


def test_an_unknown_code_in_the_country_file_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path)
    codes = tmp_path / "country_codes_V202401b.csv"
    codes.write_text(CODES + "77,Nowhere,NW,NWH\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"csv:12: 'NWH' is no country code"):
        trade.read_baci(path)


def test_the_store_gives_back_what_the_files_hold(tmp_path: Path) -> None:
    paths = [write(tmp_path / "in", year=year) for year in (2015, 2016, 2017)]
    store = Store(tmp_path / "store")
    seen: list[Step] = []
    assert store.import_baci(paths, progress=seen.append) == (2015, 2016, 2017)
    assert seen[-1] == Step("trade", 3, 3, "done")
    assert store.years() == (2015, 2016, 2017)
    whole = store.read(since="2016", until="2016")
    alone = trade.read_baci(paths[1])
    assert sorted(map(str, whole.rows())) == sorted(map(str, alone.rows()))
    coal = store.read(exporter="PRK", product="2701")
    assert coal.by("period").keys == (("2015",), ("2016",), ("2017",))
    assert coal.basis.present() == ("provisional", "recorded")
    belgium = store.read(importer="BEL")
    assert belgium.total() == 3 * 1000.0


def test_a_query_covers_only_what_it_asked_for(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.import_baci([write(tmp_path / "in")])
    flows = store.read(exporter="PRK", product="2701")
    ask = {"product": "2701", "period": "2016"}
    assert flows.recorded(exporter="PRK", importer="USA", **ask) == 0.0
    assert flows.recorded(exporter="USA", importer="CHN", **ask) is None
    assert flows.recorded(exporter="PRK", importer="CHN", product="2607", period="2016") is None


def test_a_second_import_of_the_same_file_does_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "in")
    store = Store(tmp_path / "store")
    assert store.import_baci([path]) == (2016,)
    before = (tmp_path / "store" / "store.json").read_bytes()
    assert store.import_baci([path]) == ()
    assert (tmp_path / "store" / "store.json").read_bytes() == before
    path.write_text(path.read_text().replace("1182762.524", "1.0"), encoding="utf-8")
    assert store.import_baci([path]) == (2016,)
    assert store.read(exporter="PRK").total() == 1000.0


def test_two_releases_are_never_mixed(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.import_baci([write(tmp_path / "in")])
    for name in ("BACI_HS17_Y2017_V202401b.csv", "BACI_HS92_Y2017_V202501.csv"):
        other = write(tmp_path / "other", year=2017, name=name)
        with pytest.raises(DataError, match="never mixed"):
            store.import_baci([other])
    assert store.years() == (2016,)


@pytest.mark.parametrize("step", ["replace", "manifest"])
def test_a_crash_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    store = Store(tmp_path / "store")
    store.import_baci([write(tmp_path / "in", year=2016)])
    before = [str(row) for row in store.read().rows()]
    later = write(tmp_path / "in", year=2017)
    real = os.replace

    def crash(source: str, target: str) -> None:
        if (step == "manifest") == str(target).endswith("store.json"):
            raise KeyboardInterrupt
        real(source, target)

    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            store.import_baci([later])
    assert store.years() == (2016,)
    assert [str(row) for row in store.read().rows()] == before
    assert store.import_baci([later]) == (2017,)
    held = {path.name for path in (tmp_path / "store" / "by_exporter").iterdir()}
    assert len(held) == 2
    assert not (tmp_path / "store" / "staging").exists()


def test_a_bad_file_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.import_baci([write(tmp_path / "in", year=2016)])
    with pytest.raises(DataError):
        store.import_baci([write(tmp_path / "in", year=2017, rows=ROWS + "2016,999,156,1,1,1\n")])
    assert store.years() == (2016,)


def test_an_empty_or_broken_store_says_what_to_do(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with pytest.raises(DataError, match="tumen trade import"):
        store.read()
    store.import_baci([write(tmp_path / "in")])
    with pytest.raises(DataError, match="holds 2016 to 2016"):
        store.read(since="2018")
    (tmp_path / "store" / "store.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="broken"):
        store.read()


def test_a_full_disk_is_told_and_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "store")
    store.import_baci([write(tmp_path / "files", year=2016)])

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DataError, match="cannot be written: No space left") as caught:
        store.import_baci([write(tmp_path / "files", year=2017)])
    assert caught.value.problems[0].where == str(store.folder)
    assert store.years() == (2016,)
    assert not (store.folder / "staging").exists()


def test_a_store_that_is_no_folder_is_told(tmp_path: Path) -> None:
    place = tmp_path / "store"
    place.write_text("words", encoding="utf-8")
    with pytest.raises(DataError, match="the store cannot be written: Not a directory"):
        Store(place).import_baci([write(tmp_path / "files")])
